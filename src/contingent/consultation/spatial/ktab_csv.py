"""How is a table read from KTAB's CSV and written to it, and which numbers may a KTAB file hold?

KTAB's CSV format, and the checks it shares with the XML; every complaint names its cell. Row 1: title, description,
number of stakeholders, number of issues. Row 2: headings. Then one row a stakeholder: name, description, capability,
and a position and a salience for every issue. Cells may be separated by `,`, `;` or a tab.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np

from contingent.consultation.spatial.model import Table
from contingent.errors import Complaint, ScenarioError
from contingent.grids import Notation, notation_of

FEWEST, MOST = 3, 250  # stakeholders KTAB takes
LONGEST = 25  # characters of a name KTAB keeps
SLACK = 0.005  # published files round saliences to two decimals
DELIMITERS = ",;\t"
COUNT = re.compile(r"(\d{1,4})([.,]0*)?")
FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet takes for a formula, behind any number of our own marks
LOG = (
    "this looks like KTAB's own log of positions (or powers) by turn, which holds no table",
    "give the table it was made from, or score it: contingent backtest ktab --data FOLDER",
)

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One stakeholder as written: the texts of its cells, and the line and names of the cells."""

    line: int
    name: str
    description: str
    capability: str
    position: tuple[str, ...]
    salience: tuple[str, ...]


@dataclass(slots=True)
class Faults:
    """Collects everything wrong with one file, to be raised at once."""

    file: str
    found: list[Complaint] = field(default_factory=list)

    def add(self, line: int, cell: str, what: str, fix: str = "") -> None:
        """One more complaint."""
        self.found.append(Complaint(self.file, line, cell, what, fix))

    def refuse(self, line: int, cell: str, what: str, fix: str = "") -> NoReturn:
        """One more complaint, and the last, as nothing can be read beyond it: raises all as a ScenarioError."""
        self.add(line, cell, what, fix)
        raise ScenarioError(self.found)

    def stop(self) -> None:
        """Raise all complaints as a ScenarioError, if there are any."""
        if self.found:
            raise ScenarioError(self.found)

    def number(self, line: int, cell: str, text: str, notation: Notation, most: float) -> float:
        """A number from 0 to `most`; a complaint and nan otherwise."""
        try:
            value = notation.number(text, most)
        except ValueError as reason:
            self.add(line, cell, str(reason))
            return math.nan
        if not 0 <= value <= most:
            self.add(line, cell, f"{value:g} is outside " + ("0 or above" if math.isinf(most) else f"0 to {most:g}"))
            return math.nan
        return value


def table_from(
    rows: Sequence[Row], issues: Iterable[str], title: str, description: str, faults: Faults, delimiter: str = ","
) -> Table:
    """The table of a file's rows, checked; those of one name are told apart as `A` and `A (2)`, and it is noted.

    Raises:
        ScenarioError: every cell that is not what it must be, too few or too many stakeholders.
    """
    notes: list[str] = []
    issues = told_apart(issues, "issues", notes)
    if not FEWEST <= len(rows) <= MOST:
        faults.add(0, "stakeholders", f"there are {len(rows)}; the model takes {FEWEST} to {MOST}")
    if len(rows) > MOST:
        faults.stop()
    cells = [(x, 100.0) for row in rows for x in (*row.position, *row.salience)]
    notation = notation_of(delimiter, [*cells, *((row.capability, math.inf) for row in rows)])
    capability, position, salience = [], [], []
    for row in rows:
        who = row.name or "?"
        if not row.name:
            faults.add(row.line, "name", "the stakeholder has no name")
        if len(row.name) > LONGEST:
            faults.add(row.line, "name", f"`{row.name}` has {len(row.name)} characters; KTAB keeps {LONGEST}")
        capability.append(faults.number(row.line, f"{who}, capability", row.capability, notation, math.inf))
        for what, texts, into in (("position on", row.position, position), ("salience of", row.salience, salience)):
            named = ((f"{who}, {what} {issue}", text) for issue, text in zip(issues, texts, strict=True))
            into.append([faults.number(row.line, cell, text, notation, 100) for cell, text in named])
        if (cares := sum(salience[-1])) > 100 + SLACK:
            faults.add(row.line, f"{who}, salience", f"the saliences sum to {cares:g}; at most 100 in all")
    faults.stop()
    names = told_apart((row.name for row in rows), "stakeholders", notes)
    c, x, s = (np.array(values, dtype=float) for values in (capability, position, salience))
    if idle := [name for name, weight in zip(names, c * s.sum(1), strict=True) if not weight > 0]:
        why = "no weight, for want of capability or of salience on any issue, only a position"
        notes.append(f"{why}: {', '.join(idle)}")
    if mute := [issue for issue, total in zip(issues, c @ s, strict=True) if not total > 0]:
        notes.append(f"nobody with weight cares about {', '.join(mute)}: what is said of it is no forecast")
    described = tuple(row.description for row in rows)
    return Table(title, description, names, described, issues, c, x, s, notes=tuple(notes))


def told_apart(names: Iterable[str], what: str, notes: list[str]) -> tuple[str, ...]:
    """The names, the second of one name with ` (2)` behind it; whom that befell is added to the notes."""
    given = tuple(names)
    taken, numbers = set(given), dict.fromkeys(given, 1)
    found: list[str] = []
    for name in given:
        own = name
        while numbers[name] > 1 and own in taken:
            mark = f" ({numbers[name]})"
            own = name[: LONGEST - len(mark)] + mark if len(name) <= LONGEST else name + mark
            numbers[name] += own in taken
        numbers[name] += 1
        taken.add(own)
        found.append(own)
    if apart := [own for own, name in zip(found, given, strict=True) if own != name]:
        notes.append(f"{what} of the same name are told apart as {', '.join(apart)}")
    return tuple(found)


def parse_csv(text: str, name: str) -> Table:
    """The table of a CSV; `name` is what complaints call the file.

    Raises:
        ScenarioError: everything wrong with it, each with its line and cell.
    """
    faults = Faults(name)
    if _is_log(_split(text, ",", 0, [])):
        faults.refuse(0, "", *LOG)
    delimiter, rows = _rows(text, faults)
    if len(rows) < 2 or len(rows[0][1]) < 4:
        what = "the first row must hold a title, a description and the numbers of stakeholders and issues"
        faults.refuse(1, "", what, "cells may be separated by , or ; or tabs")
    (first, top), (second, heads), *body = rows
    count, issues = (int(match[1]) if (match := COUNT.fullmatch(cell)) else 0 for cell in top[2:4])
    for what, cell, number in (("stakeholders", top[2], count), ("issues", top[3], issues)):
        if number < 1:
            faults.add(first, f"number of {what}", f"`{cell}` is not a whole number above 0")
    faults.stop()
    width, headed = 3 + 2 * issues, len(_filled(heads))
    if headed < width:
        what = f"the heading for a {'position' if headed % 2 else 'salience'} is missing"
        faults.refuse(second, f"column {headed + 1}", what, f"{issues} issues need {width} columns")
    names = [_unescaped(head) or "unnamed" for head in heads[3:width:2]]
    if len(body) != count:
        faults.add(first, "number of stakeholders", f"says {count}, but {len(body)} rows follow")
    found = []
    for line, cells in body:
        if len(_filled(cells)) > width:
            fix = "numbers with a decimal comma stand in quotes, or cells are separated by ;"
            faults.add(line, f"column {width + 1}", f"`{cells[width]}` stands beyond the last column", fix)
        cells = [*cells, *[""] * (width - len(cells))]
        who, described = _unescaped(cells[0]), _unescaped(cells[1])
        found.append(Row(line, who, described, cells[2], tuple(cells[3:width:2]), tuple(cells[4:width:2])))
    table = table_from(found, names, _unescaped(top[0]), _unescaped(top[1]), faults, delimiter)
    spoken = {";": "`;`", "\t": "tabs"}.get(delimiter)
    return table.noting(f"cells separated by {spoken}") if spoken else table


def _rows(text: str, faults: Faults) -> tuple[str, Rows]:
    """What separates the cells, and the rows that are not empty, each with its line.

    Excel's first line `sep=;` decides; else the first of `,`, `;` and tab by which the first row holds two counts and
    the most rows are as long as these say.
    """
    before, broken = 0, []
    if told := re.match(r"sep=([,;\t])\r?\n", text):
        text, before = text[told.end() :], 1
    splits = {delimiter: _split(text, delimiter, before, broken) for delimiter in (told[1] if told else DELIMITERS)}

    def score(delimiter: str) -> tuple[int, int]:
        rows, fits = splits[delimiter], -1
        top = rows[0][1] if rows else []
        if len(top) >= 4 and all(COUNT.fullmatch(cell) for cell in top[2:4]):
            width = 3 + 2 * int(float(top[3].replace(",", ".")))
            fits = sum(len(_filled(cells)) == width for _, cells in rows)
        return fits, len(top)

    best = max(splits, key=score)
    if broken and not splits[best]:
        faults.refuse(broken[0][0], "", f"this is not a CSV file: {broken[0][1]}")
    return best, splits[best]


def _split(text: str, delimiter: str, before: int, broken: list[tuple[int, str]]) -> Rows:
    """The rows that are not empty, each with its line; none of a file that breaks off, with the reason in `broken`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: Rows = []
    line = 1 + before
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1 + before
    except csv.Error as reason:
        broken.append((line, str(reason)))
        return []
    return rows


def _is_log(rows: Rows) -> bool:
    """Whether these are KTAB's positions or powers: a line of options or none, then names and nothing but numbers."""
    cells = [_filled(row) for _, row in rows if not row[0].startswith("PRNG Seed:")]
    figure = Notation()
    try:
        return bool(cells) and all(len(row) > 1 and [figure.number(x) for x in row[1:]] for row in cells)
    except ValueError:
        return False


def _filled(cells: list[str]) -> list[str]:
    """The cells up to the last one that is not empty: KTAB's files end rows with a comma at will."""
    return cells[: max((place for place, cell in enumerate(cells, 1) if cell), default=0)]


def write_csv(table: Table) -> str:
    """A CSV that KTAB reads, and that reads back as the same table."""
    heads = [part for issue in table.issues for part in (issue, f"{issue} Salience")]
    rows = [[table.title, table.description, len(table.names), len(table.issues)]]
    rows.append(["Actor", "Description", "Influence", *heads])
    stakes = np.stack([table.position, table.salience], 2).reshape(len(table.names), -1).tolist()
    described = table.descriptions or [""] * len(table.names)
    for *who, numbers in zip(table.names, described, table.capability.tolist(), stakes, strict=True):
        rows.append([*who, *numbers])
    return "".join(",".join(_cell(value) for value in row) + "\n" for row in rows)


def _cell(value: str | float) -> str:
    """A cell as written: a text that a spreadsheet would take for a formula stands behind ', in quotes if needed."""
    if not isinstance(value, str):
        return repr(value)
    text = f"'{value}" if FORMULA.match(value) else value
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',;\t"\r\n') else text


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
