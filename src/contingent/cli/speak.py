"""How the command line talks: data to standard output, talk to standard error, one bar for progress."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from contingent.cli.flags import Flags
from contingent.errors import ContingentError, InputError, ScenarioError

if TYPE_CHECKING:
    from contingent.ensemble.execute import Progress

SCREEN = 40  # complaints that fit a screen; `check` lists all


def data(value: Any) -> None:
    """One JSON value on standard output, keys in the order given, numbers at full precision."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n")


def text(words: str) -> None:
    """Part of the answer, on standard output."""
    sys.stdout.write(words.rstrip("\n") + "\n")


def talk(words: str, flags: Flags) -> None:
    """Something said beside the answer, on standard error."""
    if not flags.quiet:
        sys.stderr.write(words.rstrip("\n") + "\n")


def coloured() -> bool:
    """Whether standard output is a terminal that shows emphasis (NO_COLOR and TERM=dumb say no)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and not plain)


AWAY = "name another place, or ask for the right to write there"
FULL = "make room, then give the same command again: what was finished is kept"
OTHER = "name another file or folder"
REFUSED = {
    errno.EACCES: AWAY, errno.EPERM: AWAY, errno.EROFS: AWAY, errno.ENOSPC: FULL, errno.EDQUOT: FULL,
    errno.ENOTDIR: OTHER, errno.EISDIR: OTHER, errno.ENAMETOOLONG: OTHER,
}  # fmt: skip
"""What the machine may refuse, and what a user can do about it."""


def fail(error: Exception, *, as_json: bool) -> int:
    """Tell the user what went wrong, in one shape for people and one for programs; the exit code."""
    if isinstance(error, OSError) and error.errno in REFUSED:
        where = f"{error.filename}: " if error.filename else ""
        error = InputError(f"{where}{os.strerror(error.errno).lower()}; {REFUSED[error.errno]}")
    known = isinstance(error, ContingentError) or hasattr(error, "exit_code")
    code = getattr(error, "exit_code", 101)
    if as_json:
        data({"error": error_record(error)})
    if not known:
        sys.stderr.write("".join(traceback.format_exception(error)[-12:]))
        sys.stderr.write("contingent: this is our fault, not yours; please report the lines above\n")
        return code
    lines = str(error).splitlines() or [type(error).__name__]
    if len(lines) > SCREEN:
        lines = [*lines[:SCREEN], f"... and {len(lines) - SCREEN} more; `contingent check` lists all"]
    sys.stderr.write("\n".join(lines) + "\n")
    return code


def error_record(error: Exception) -> dict[str, Any]:
    """The one shape of an error for programs."""
    record: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, ScenarioError):
        record["complaints"] = [
            {"file": c.file, "line": c.line, "path": c.path, "what": c.what, "fix": c.fix} for c in error.complaints
        ]
    return record


@contextmanager
def progress(title: str, flags: Flags) -> Iterator[Progress]:
    """One progress bar on a terminal, nothing elsewhere."""
    if flags.quiet or flags.no_progress or flags.json or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        from contingent.ensemble.execute import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
