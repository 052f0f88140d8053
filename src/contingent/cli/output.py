"""Which flags does every verb understand, and how does the command line talk?

Output: results to standard output, the log to standard error, one bar for progress.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TextIO

from cyclopts import Parameter

from contingent.errors import ContingentError, InputError, ScenarioError, error_record

if TYPE_CHECKING:
    from contingent.ensemble.execute import Progress
    from contingent.study.store import Store

SEED = 20251028  # the shipped case's date; any other number is as good
SCREEN, WIDE = 40, 2000  # complaints that fit a screen (`check` lists all), and signs of one
Switch = Annotated[bool, Parameter(negative="")]
"""A flag that is given or not; it has no `--no-` form."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Flags:
    """How a verb reports."""

    json: Switch = False
    """Print one JSON value on standard output."""
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="")] = False
    """Say nothing but the answer."""
    no_progress: Switch = False
    """Show no progress bar."""

    def answer(self, value: Any, *words: str, beside: str = "") -> None:
        """The answer in the one shape asked for: a JSON value, or words, and what is said beside these."""
        if self.json:
            emit_json(value)
        self.tell(*words)
        if beside and not self.json:
            self.log(beside)

    def tell(self, *words: str) -> None:
        """Parts of the answer for people, on standard output; nothing where a program asks."""
        for each in () if self.json else words:
            _write(sys.stdout, each.rstrip("\n"))

    def log(self, words: str) -> None:
        """Something said beside the answer, on standard error."""
        if not self.quiet and sys.stderr is not None:
            sys.stderr.write(words.rstrip("\n") + "\n")

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """One progress bar on a terminal; with `--json` a line of JSON a tenth on standard error; nothing elsewhere."""
        if self.json and not (self.quiet or self.no_progress) and sys.stderr is not None:
            yield _lines(title)
            return
        if (
            self.quiet
            or self.no_progress
            or sys.stderr is None
            or not sys.stderr.isatty()
            or os.environ.get("TERM") == "dumb"
        ):
            from contingent.ensemble.execute import silent

            yield silent
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(title, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(title: str) -> Progress:
    """Progress for programs: one JSON object a line whenever another tenth is done."""
    told: list[int] = []

    def tell(done: int, total: int | None) -> None:
        tenth = 10 * done // (total or done or 1)
        if tenth not in told:
            told.append(tenth)
            sys.stderr.write(json.dumps({"progress": title, "done": done, "total": total}) + "\n")
            sys.stderr.flush()

    return tell


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Ensemble:
    """Which ensemble is run."""

    runs: int = 2000
    """Runs in the ensemble."""
    seed: int = SEED
    """Seed of every random number."""
    workers: int = 1
    """Processes to use; the result is the same for any number."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Sample:
    """A small ensemble, for questions asked of a scenario one after another; a finished run keeps its own."""

    runs: int = 500
    """Runs in the ensemble."""
    seed: int = SEED
    """Seed of every random number."""
    workers: ClassVar[int] = 1


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Place:
    """Where files go."""

    out: Path | None = None
    """Folder for what is written; `runs` in the current folder if not given."""

    @property
    def store(self) -> Store:
        """The folder of run folders."""
        from contingent.study.store import Store

        return Store(self.out or Path("runs"))


def certain(*, yes: bool, what: str) -> None:
    """That somebody wants what cannot be undone: by a flag, or by an answer on a terminal.

    Raises:
        InputError: nobody said so.
    """
    if not yes and sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None:
        sys.stderr.write("remove it for good? [y/N] ")
        sys.stderr.flush()
        yes = sys.stdin.readline().strip().lower() in ("y", "yes")
    if not yes:
        raise InputError(f"{what}: nothing was done; say --yes if you want it")


_answers: list[TextIO | None] = []
"""Where the JSON value goes while nothing else may be written there; empty: to standard output."""


@contextmanager
def only_json() -> Iterator[None]:
    """While this holds, standard output carries what `emit_json` writes and nothing else.

    Whatever a library prints meanwhile, from Python or from C, in this process or in one it starts, goes to standard
    error: file descriptor 1 points there, and the answer has a copy of it as it was.
    """
    out, elsewhere, kept = sys.stdout, sys.stderr, _duplicate(1)
    answer = out
    if kept is not None:
        if _descriptor(out) == 1:
            out.flush()
            answer = os.fdopen(os.dup(kept), "w", encoding=out.encoding, errors=out.errors)
        aside = _duplicate(2) or os.open(os.devnull, os.O_WRONLY)
        os.dup2(aside, 1)
        os.close(aside)
    _answers.append(answer)
    sys.stdout = elsewhere
    try:
        yield
        if answer is not None:
            answer.flush()
    finally:
        _answers.pop()
        sys.stdout = out
        if kept is not None:
            with suppress(Exception):  # no C library: nothing of its can be held back for standard output either
                from contingent.processes import flush_c

                flush_c()
            os.dup2(kept, 1)
            os.close(kept)
        if answer is not None and answer is not out:
            with suppress(OSError):
                answer.close()


def _duplicate(descriptor: int) -> int | None:
    """A second handle on an open file descriptor; None if it is closed."""
    try:
        return os.dup(descriptor)
    except OSError:
        return None


def _descriptor(stream: TextIO | None) -> int | None:
    """A stream's file descriptor; None if it is closed or stands in memory."""
    try:
        return stream.fileno() if stream is not None else None
    except (OSError, ValueError):
        return None


def emit_json(value: Any) -> None:
    """One JSON value on standard output, keys in the order given, numbers at full precision."""
    stream = _answers[-1] if _answers else sys.stdout
    other = not (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")
    _write(stream, json.dumps(value, ensure_ascii=other, indent=1, allow_nan=False, default=str))


def _write(stream: TextIO | None, words: str) -> None:
    if stream is None:
        raise InputError(
            "standard output is closed: there is nowhere to write the answer; leave it open, or name a file"
        )
    stream.write(words + "\n")
    stream.flush()  # who waits for the answer of a verb that goes on has it now


def coloured() -> bool:
    """Whether standard output is a terminal that shows emphasis (NO_COLOR and TERM=dumb say no)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout is not None and sys.stdout.isatty() and not plain)


def columns() -> int:
    """How wide the terminal is: between 40 and 100 columns, 100 where there is none to ask."""
    return min(100, max(40, shutil.get_terminal_size((100, 24)).columns))


AWAY = "name another place, or ask for the right to write there"
FULL = "make room, then give the same command again: what was finished is kept"
OTHER = "name another file or folder"
REFUSED = {
    errno.EACCES: AWAY, errno.EPERM: AWAY, errno.EROFS: AWAY, errno.ENOSPC: FULL, errno.EDQUOT: FULL,
    **dict.fromkeys((errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EEXIST, errno.ENOENT, errno.ELOOP), OTHER),
}  # fmt: skip
"""What the machine may refuse, and what a user can do about it."""


def fail(error: Exception, *, as_json: bool) -> int:
    """Tell the user what went wrong, in one shape for people and one for programs; the exit code."""
    ours = str(Path(__file__).parents[1])  # a file of this package that is missing is no fault of theirs
    if isinstance(error, OSError) and error.errno in REFUSED and not str(error.filename).startswith(ours):
        where = f"{error.filename}: " if error.filename else ""
        error = InputError(f"{where}{os.strerror(error.errno).lower()}; {REFUSED[error.errno]}")
    known = isinstance(error, ContingentError) or hasattr(error, "exit_code")
    code = getattr(error, "exit_code", 101)
    if as_json:
        with suppress(InputError, OSError):  # where nothing can be written, the exit code still tells
            emit_json({"error": error_record(error)})
    if not known:
        import traceback

        sys.stderr.write("".join(traceback.format_exception(error)[-12:]))
        sys.stderr.write("contingent: this is our fault, not yours; please report the lines above\n")
        return code
    lines = str(error).splitlines() or [type(error).__name__]
    if len(lines) > SCREEN:
        all_told = "; `contingent check` lists all" * isinstance(error, ScenarioError)
        lines = [*lines[:SCREEN], f"... and {len(lines) - SCREEN} more{all_told}"]
    sys.stderr.write("\n".join(line if len(line) <= WIDE else f"{line[:WIDE]} ..." for line in lines) + "\n")
    return code
