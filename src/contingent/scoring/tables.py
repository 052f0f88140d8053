"""What does a table of the user's hold, and what is wrong with it, cell by cell?

Comma-separated values. A column has a kind: how the text of a cell becomes a value, and what is wanted of a text that
does not. Everything that is wrong is told at once, each with file, line and column.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, nan
from pathlib import Path
from re import fullmatch
from typing import Any

import pandas as pd

from contingent.errors import Complaint, DataError

EMPTY = ("", "NA", "N/A", "<NA>", "NaN", "nan", "null", "NULL", "None")
"""What programs write where there is nothing."""
SHOWN = 20  # faults told of a file; who sees so many looks at the whole column


@dataclass(frozen=True, slots=True)
class Kind:
    """What the cells of a column are.

    `such` says it in words; `read` makes a value of a cell's text, or raises a ValueError; `empty` is the value where
    there is nothing, None where there must be something.
    """

    such: str
    read: Callable[[str], Any]
    empty: Any = None

    def value(self, cell: str) -> Any:
        """What a cell means.

        Raises:
            ValueError: it is not of this kind; says what is wanted.
        """
        if cell in EMPTY and self.empty is not None:
            return self.empty
        try:
            return self.read(cell)
        except (ValueError, LookupError):
            raise ValueError(f"`{cell}` is not {self.such}") from None


def number(least: float = -inf, most: float = inf, empty: float | None = nan) -> Kind:
    """A finite number within bounds."""
    bounds = "" if least == -inf else f" of at least {least:g}" if most == inf else f" from {least:g} to {most:g}"

    def read(cell: str) -> float:
        found = float(cell)
        if not max(least, -1e308) <= found <= min(most, 1e308):  # nan is in no range
            raise ValueError
        return found

    return Kind(f"a number{bounds}", read, empty)


def one_of(*words: str) -> Kind:
    """One of some words."""
    return Kind(f"one of {', '.join(words)}", {word: word for word in words}.__getitem__)


def like(pattern: str, such: str) -> Kind:
    """A text that a pattern matches."""
    return Kind(such, lambda cell: [cell][not fullmatch(pattern, cell)])


TEXT = Kind("a text", str, "")
WORD = Kind("a text", str, nan)  # not-a-number where there is none
DAY = Kind("a date such as 2025-10-28", pd.Timestamp, pd.NaT)
MONTH = like(r"\d{4}-(0[1-9]|1[0-2])(-\d\d)?", "a month such as 2006-08")
YEAR = Kind("a year such as 2006", lambda cell: int(like(r"\d{4}(\.0)?", "").value(cell)[:4]))
COUNT = number(0)
"""Not-a-number where there is none."""


def find(data: Path, name: str) -> Path | None:
    """The file of that name (a pattern) in a folder, or else in a folder in it; a file is what it is."""
    if not data.is_dir():
        return data
    return next((path for pattern in (name, f"*/{name}") for path in sorted(data.glob(pattern))), None)


def table(
    data: Path, name: str, columns: Mapping[str, Kind], maybe: Mapping[str, Kind] | None = None, others: Kind = TEXT
) -> tuple[Path, Any]:
    """The table at a path, or the file `name` (a pattern) in the folder there, as a frame of pandas; with its file.

    Args:
        data: a file or a folder.
        name: of the file, where `data` is a folder.
        columns: that must be there, with their kinds.
        maybe: that may be there; if not, all their cells are empty.
        others: the kind of every other column.

    Raises:
        DataError: no such file, no table, no rows, a column that is missing, or cells that are not of their kind.
    """
    path = find(data, name)
    if path is None:
        raise DataError(f"{data}: there is no file {name} in this folder")
    if not path.exists():
        raise DataError(f"{data}: cannot be read: there is no such file or folder{f', so no {name}' if name else ''}")
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), restval="")
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as reason:
        raise DataError(f"{path}: cannot be read as a table of comma-separated values: {reason}") from None
    heads = [head for head in reader.fieldnames or () if head]
    if missing := [column for column in columns if column not in heads]:
        raise DataError(f"{path}:1: there is no column {', '.join(missing)}; there are {', '.join(heads)}")
    if not rows:
        raise DataError(f"{path}:1: the table has no rows")
    wrong = [(line, "", f"{len(row[None])} cells beyond the last column") for line, row in rows if None in row]
    found: dict[str, list[Any]] = {}
    for column, kind in (dict.fromkeys(heads, others) | dict(maybe or {}) | dict(columns)).items():
        known: dict[str, Any] = {}
        found[column] = []
        for line, row in rows:
            cell = row.get(column, "").strip()
            try:
                if cell not in known:
                    known[cell] = kind.value(cell)
                found[column].append(known[cell])
            except ValueError as reason:
                wrong.append((line, column, str(reason)))
    if wrong:
        more = [f"and {len(wrong) - SHOWN} more like these"] * (len(wrong) > SHOWN)
        raise DataError("\n".join([*(str(Complaint(str(path), *fault)) for fault in sorted(wrong)[:SHOWN]), *more]))
    return path, pd.DataFrame(found)
