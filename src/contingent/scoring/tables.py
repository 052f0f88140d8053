"""What does a table of the user's hold, whose is it, and what is wrong with it, cell by cell?

Comma-separated values, and the files that publishers of data offer, as they offer them (`publishers.toml`). A column
has a kind: how the text of a cell becomes a value, and what is wanted of a text that does not. Everything that is wrong
is told at once, each with file, line and column.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from math import inf, nan
from pathlib import Path
from re import fullmatch
from typing import Any

import pandas as pd

from contingent.countries import code_of, plain
from contingent.errors import Complaint, DataError
from contingent.grids import Grid, grids, notation_of
from contingent.processes import content_of

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
    content = content_of(path, 1_000_000_000, "name a table of comma-separated values, or its folder", DataError)
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), restval="")
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as reason:
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


PUBLISHED: dict[str, dict[str, Any]] = tomllib.loads(
    (files("contingent.scoring") / "publishers.toml").read_text("utf-8")
)
"""Files that publishers offer: whose, what a row is, headings by which each is known, and what stands in which."""
DAYS = ("%Y-%m-%d", "%d-%b-%y", "%d %B %Y", "%d-%b-%Y", "%Ym%m", "%Y%m%d", "%Y")
NOTHING = {*EMPTY, "n/a", "...", ". .", "..", "xxx", "-9", "-8", "Unknown", "-"}
SUMS = {plain(word) for word in ("total", "grand total", "sum", "all")}


def published(file: Path, state: str = "") -> tuple[dict[str, Any], pd.DataFrame]:
    """What a publisher's file is, and its rows with days, numbers and states (`iso3`) in one form.

    Args:
        file: as it was published.
        state: whose rows they are, where only the file's name says so; else taken from the name.

    Raises:
        DataError: nobody's that is known, or cells that are not what their column holds; says which.
    """
    pages = [(grid, *_known(grid)) for grid in grids(file)]
    grid, head, name = max(pages, key=lambda page: len(PUBLISHED.get(page[2], {}).get("needs", ())))
    if not name:
        known = "; ".join(dict.fromkeys(each["publisher"] for each in PUBLISHED.values()))
        raise DataError(f"{file}: has the headings of no file that is known; files are known of {known}")
    spec, heads = PUBLISHED[name], [_heading(cell) or f"column {i + 1}" for i, cell in enumerate(grid.rows[head])]
    tagged = next((i for i, row in enumerate(grid.rows[:15]) if _tags(row)), head)
    body = [(i, row) for i, row in enumerate(grid.rows) if i > max(head, tagged) and any(str(c).strip() for c in row)]
    wrong, told, columns = list[str](), set[str](), dict[str, list[Any]]()
    kept = [(i, row) for i, row in body if not any(plain(str(cell)) in SUMS for cell in row[:4])]
    for at, heading in enumerate(heads):
        is_day, is_number = (re.fullmatch(spec.get(kind, "-"), plain(heading)) for kind in ("days", "numbers"))
        cells = [row[at] if at < len(row) else "" for _, row in kept]
        notation = notation_of(",", [(str(cell), inf) for cell in cells] if is_number else [])
        values = columns.setdefault(heading, [])
        for (line, _), cell in zip(kept, cells, strict=True):
            try:
                values.append(_one_form(cell, bool(is_day), notation.number if is_number else None))
            except ValueError as reason:
                wrong.append(f"{grid.place(line, at)}  {heading}: {reason}")
    if wrong:
        more = [f"and {len(wrong) - SHOWN} more like these"] * (len(wrong) > SHOWN)
        raise DataError("\n".join([f"{file}: {name}", *wrong[:SHOWN], *more]))
    frame = pd.DataFrame(columns)
    who = next((heading for heading in heads if plain(heading) == spec.get("state")), "")
    named = frame[who].astype(str) if who else pd.Series([state or file.stem] * len(frame) * ("state" in spec))
    if len(named):
        codes = {each: code_of(re.sub(r"\W+$", "", each)) for each in named.unique()}
        told = {each for each, code in codes.items() if not code and each not in NOTHING}
        frame["iso3"] = [codes[each] for each in named]
    days = [
        str(day)
        for heading in heads
        if re.fullmatch(spec.get("days", "-"), plain(heading))
        for day in frame[heading]
        if day
    ]
    found = {
        "dataset": name, "publisher": spec["publisher"], "what": spec["what"],
        "sheet": grid.name, "headings_in_row": head + 1, "rows": len(frame), "sums_left_out": len(body) - len(kept),
        "from": min(days, default=""), "until": max(days, default=""),
        "states": len({*frame["iso3"]} - {""}) if "iso3" in frame else 0, "no_states": sorted(told),
    }  # fmt: skip
    return found, frame


def _heading(cell: Any) -> str:
    return re.sub(r"\.0$", "", str(cell).strip())


def _tags(row: list[Any]) -> bool:
    """Whether a row holds HXL hashtags."""
    return sum(str(cell).strip().startswith("#") for cell in row) >= 2


def _known(grid: Grid) -> tuple[int, str]:
    """The row of a sheet's headings, and the dataset they are of; empty if none."""
    best = (0, "")
    for line, row in enumerate(grid.rows[:15]):
        words = {plain(_heading(cell)) for cell in row} | {"#" * _tags(row)}
        for name, spec in PUBLISHED.items():
            needs = PUBLISHED.get(best[1], {}).get("needs", ())
            if set(spec["needs"]) <= words and len(spec["needs"]) > len(needs):
                best = (max(line - 1, 0) if _tags(row) else line, name)
    return best


def _one_form(cell: Any, is_day: bool, number: Callable[[str], float] | None) -> Any:  # noqa: FBT001
    """A cell's value: a day as ISO text, a number, or its text; None, or empty text, where there is nothing."""
    text = str(cell).strip()
    if text in NOTHING or (not is_day and number is None):
        return (None if number else "") if text in NOTHING else text
    if number is not None:
        return cell if isinstance(cell, int | float) else number(text)
    for form in DAYS:
        try:
            return pd.Timestamp(datetime.strptime(text.removesuffix(".0")[:20], form)).date().isoformat()
        except ValueError:
            continue
    raise ValueError(f"`{text}` is not a day that can be read in one way only")
