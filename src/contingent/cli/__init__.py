"""What does a user type, and how does a command end? Verbs, and nothing that thinks.

Entry point and exit codes: 0 done, 1 the answer is no, 2 bad input, 3 an extra is missing, 101 our fault,
130 or 143 interrupted and resumable. Verbs, and what reads their flags, are imported only when they are used.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contingent.errors import InputError, did_you_mean
from contingent.processes import Terminated, end_when_asked

if TYPE_CHECKING:
    from cyclopts import App

VERBS: dict[str, tuple[str, str]] = {
    "new": ("scenario:new", "Start a scenario folder: a kind of mission to fill in, a copy, or a draft."),
    "check": ("scenario:check", "List everything wrong with a scenario, then its unsourced numbers."),
    "migrate": ("scenario:migrate", "Show how an older file is written today; with --write, write it so."),
    "explain": ("reference:explain", "Say what a key, a measure, a number or a word means."),
    "schema": ("reference:schema", "Print the JSON Schema of a scenario, for editors."),
    "run": ("runs:run", "Run a scenario's options through all engines into a run folder."),
    "brief": ("brief:brief", "Write the decision brief of a scenario or of a finished run."),
    "open": ("brief:open_file", "Turn a brief (.html, .pdf) back into the run it was written from."),
    "compare": ("compare:compare", "Compare two runs, or two options of a run, pairwise by run."),
    "what-if": ("compare:what_if", "Change anything in a scenario, and see every result before and after."),
    "sweep": ("compare:sweep", "Try a whole table of changes, and write what each comes to."),
    "options": ("scenario:options", "Make up options beside those stated, and show the few that nobody rules out."),
    "weights": ("scenario:weights", "Ask about weights in a case's own units, and say what its sets of weights imply."),
    "trace": ("brief:trace", "Follow a number to its formula, its inputs, and their claims."),
    "force": ("force:force", "Plan the force: who brings what, where and when, and what is missing."),
    "ask": ("contributors:ask", "List whom to ask next: who is in play, would agree, and so contributes."),
    "record": (
        "contributors:record",
        "Show a state's UN service, its past decisions, and whether it would agree if asked.",
    ),
    "data": ("contributors:data", "Say what a publisher's file of data is, and check its cells."),
    "runs": ("runs:runs", "List, show, remove or re-index finished runs."),
    "evidence": ("evidence:evidence", "Turn an article, or a folder of them, into graded claims."),
    "ledger": ("runs:ledger", "Check a ledger of claims line by line, or repair a damaged one."),
    "consultation": (
        "engines:consultation",
        "Will an option pass, on which terms, by when; or KTAB's spatial model on a table.",
    ),
    "mission": ("engines:mission", "Simulate what happens on the ground under an option, week by week."),
    "calibrate": ("runs:calibrate", "Say which of the mission's numbers data inform, and what they say."),
    "sheet": ("force:sheet", "Export a scenario's force and its plan to a workbook, or import one."),
    "questions": ("forecasts:questions", "List what a case can be scored on, each with its rule, and what it says."),
    "forecast": ("forecasts:forecast", "Seal forecasts before, answer and score them after, verify that none changed."),
    "serve": ("serve:serve", "Open the workbench: change assumptions, see what they do, run and issue the brief."),
    "history": ("forecasts:history", "Show how each thing learnt or happened moved a case's forecast, and why."),
    "backtest": ("runs:backtest", "Score a forecasting task against its baselines on data."),
}
"""By verb: `module:function` in this package, and a sentence."""
LIBRARY = Path(__file__).parents[1] / "scenario" / "library"

FIRST_STEPS = """\
Should we send troops, and on which terms? Contingent turns articles into a two-page decision brief
in which every number can be questioned.

Try first:  contingent brief isf_gaza               the shipped case, end to end
            contingent new my_case --kind policing   a question of your own, to fill in
            contingent check my_case                everything wrong with it, with file and line
"""


EXIT_CODES = """\
0    done
1    the answer is no: `check` found faults, a plan is infeasible, `compare --exit-code` found a difference
2    what was given cannot be used: a name, a file, a number
3    an extra that is not installed is needed, or a text is in a language that is not read
101  our fault: the lines before it are what we need to know
130  interrupted: what is finished is kept, and the same command goes on (143 where it was ended from outside)
"""


def overview() -> str:
    """What `contingent --help` prints: the first steps, and every verb with what it says."""
    rows = [f"  {verb:14}{says}" for verb, (_, says) in sorted(VERBS.items())]
    more = ["", "contingent help VERB explains a verb, contingent help exit-codes how commands end;",
            "--install-completion teaches your shell the verbs, --version says which version this is."]  # fmt: skip
    return "\n".join(["Usage: contingent VERB ...", "", FIRST_STEPS, "Verbs:", *rows, *more])


def app() -> App:
    """The command line, with every verb registered by the path of its function."""
    from cyclopts import App

    from contingent._version import __version__

    root = App(name="contingent", help=FIRST_STEPS, version=__version__, result_action="return_value",
               help_format="plaintext", suppress_keyboard_interrupt=False)  # fmt: skip
    for verb, (target, says) in VERBS.items():
        root.command(f"contingent.cli.{target}", name=verb, help=says)
    root.register_install_completion_command()
    return root


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    end_when_asked()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show a sign shows another
    code = run(sys.argv[1:] if arguments is None else list(arguments))
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader has left; what is still held must not be tried again on the way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """One command's exit code; every error a user can act on becomes one screen of text."""
    try:
        if "--json" not in arguments or not {"--help", "-h"}.isdisjoint(arguments):
            return _code(arguments)
        from contingent.cli.output import only_json

        with only_json():
            return _code(arguments)
    except BrokenPipeError:
        return 0
    except OSError as error:
        return failed(error, arguments)


def _code(arguments: list[str]) -> int:
    """The exit code of a command that may write to standard output."""
    first, *rest = arguments or ["help"]
    about = rest[0] if first == "help" and rest else ""
    if first in ("help", "--help", "-h") and about in ("", "exit-codes"):
        print(EXIT_CODES if about else overview())  # noqa: T201
        return 0
    first = about or first
    known = (*VERBS, "help", "exit-codes", "--help", "--version", "--install-completion")
    if first not in known and not about and Path(first).is_dir():  # a case's folder alone: the workbench of it
        first, arguments = "serve", ["serve", *arguments]
    if first not in known:
        what = "flag" if first.startswith("-") else "verb"
        return failed(InputError(f"{first}: there is no such {what}; {did_you_mean(first, known)}"), arguments)
    if about:
        arguments = [about, "--help"]
    for word in rest if first != "new" else ():
        if word.isidentifier() and Path(word).is_dir() and (LIBRARY / word).is_dir() and sys.stderr is not None:
            shadow = f"{word}: your folder {Path(word).resolve()} is meant, not the shipped case of that name"
            print(shadow, file=sys.stderr)  # noqa: T201
    from cyclopts import CycloptsError

    try:
        code = app()(arguments, exit_on_error=False, print_error=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except CycloptsError as error:
        return failed(InputError(str(error)), arguments)
    except KeyboardInterrupt as stop:
        print("interrupted; what is finished is kept; the same command goes on", file=sys.stderr)  # noqa: T201
        return 143 if isinstance(stop, Terminated) else 130
    except BrokenPipeError:
        raise
    except Exception as error:
        return failed(error, arguments)
    return code if isinstance(code, int) else 0


def failed(error: Exception, arguments: list[str]) -> int:
    """The exit code of an error, after telling the user."""
    from contingent.cli.output import fail  # heavy: only who meets an error pays for it

    return fail(error, as_json="--json" in arguments)
