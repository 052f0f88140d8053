"""What can go wrong that a user can act on.

    ContingentError
    ├── InputError             exit 2: a file, an argument or a workbook is not what it must be
    │   ├── ScenarioError      ... with every complaint about the scenario at once
    │   ├── LedgerError        ... the ledger of claims is broken or was tampered with
    │   ├── DataError          ... a data file given to a backtest has another layout
    │   ├── LanguageError      exit 3: a text is in a language that is not read
    │   └── BusyError          ... another process is writing to the same file
    ├── LabelError             two arrays do not share their labels
    ├── ExtraError             exit 3: an optional package is not installed
    └── RunError               a stored run is missing, damaged or of another version

Messages say what is wrong, where, and how to mend it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any


class ContingentError(Exception):
    """The root of every error this package raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class InputError(ContingentError):
    """Something the user gave is not what it must be."""

    exit_code = 2


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing wrong with an input: `file:line  path: what`, and how to mend it.

    `line` is 1-based; 0 when the file as a whole is meant.
    """

    file: str
    line: int
    path: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"  {self.path}: " if self.path else "  "
        return f"{where}{subject}{self.what}" + (f"; {self.fix}" if self.fix else "")


class ScenarioError(InputError):
    """A scenario that cannot be read; `complaints` holds everything wrong with it, in file order."""

    def __init__(self, complaints: Iterable[Complaint]):
        self.complaints = tuple(sorted(complaints))
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))


class LedgerError(InputError):
    """The ledger of claims is broken, of another version, or its hash chain does not hold."""


class DataError(InputError):
    """A data file does not have the layout its task documents; names file, line and column."""


class LanguageError(InputError):
    """A text is in a language that is not read; names it, and those that are."""

    exit_code = 3


class BusyError(InputError):
    """Another process is writing to the same file; the message says which."""


class LabelError(ContingentError):
    """Two arrays that must share a dimension's labels do not; names the dimension and the labels."""


class ExtraError(ContingentError):
    """What was asked needs an optional package that is not installed; the message says how to install it."""

    exit_code = 3


class RunError(ContingentError):
    """A stored run is missing, damaged, incomplete or of another version."""


def error_record(error: Exception) -> dict[str, Any]:
    """The one shape of an error for programs."""
    record: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, ScenarioError):
        record["complaints"] = [asdict(complaint) for complaint in error.complaints]
    return record


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion from the words that would have been right."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"known are {', '.join(names[:20])}" if names else ""
