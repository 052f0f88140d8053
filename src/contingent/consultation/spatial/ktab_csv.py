"""How is a table read from KTAB's CSV and written to it, and which numbers may a KTAB file hold?

KTAB's CSV format, and the checks it shares with the XML; every complaint names its cell. Row 1: title, description,
number of stakeholders, number of issues. Row 2: headings. Then one row a stakeholder: name, description, capability,
and a position and a salience for every issue.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from contingent.consultation.spatial.model import Table
from contingent.errors import Complaint, ScenarioError

LARGEST = 5_000_000  # characters; 250 stakeholders on 30 issues take a hundredth of it
FEWEST, MOST = 3, 250  # stakeholders KTAB takes
LONGEST = 25  # characters of a name KTAB keeps
SLACK = 0.005  # published files round saliences to two decimals


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

    def stop(self) -> None:
        """Raise if there is anything to complain about.

        Raises:
            ScenarioError: with all complaints.
        """
        if self.found:
            raise ScenarioError(self.found)

    def number(self, line: int, cell: str, text: str, least: float, most: float, *, above: bool = False) -> float:
        """A number within bounds; a complaint and nan otherwise."""
        try:
            value = float(text)
        except ValueError:
            self.add(line, cell, f"`{text}` is not a number" if text.strip() else "the cell is empty")
            return math.nan
        if not math.isfinite(value):
            self.add(line, cell, f"`{text}` is not a finite number")
            return math.nan
        if value > most or value < least or (above and value <= least):
            span = f"above {least:g}" if above and math.isinf(most) else f"{least:g} to {most:g}"
            self.add(line, cell, f"{value:g} is outside {span}")
            return math.nan
        return value


def table_from(rows: Sequence[Row], issues: Iterable[str], title: str, description: str, faults: Faults) -> Table:
    """The table of a file's rows, checked.

    Raises:
        ScenarioError: every cell that is not what it must be, duplicates, too few or too many stakeholders.
    """
    issues = tuple(issues)
    if len(set(issues)) < len(issues):
        faults.add(0, "issues", "two issues have the same name", "give each its own")
    if not FEWEST <= len(rows) <= MOST:
        faults.add(0, "stakeholders", f"there are {len(rows)}; the model takes {FEWEST} to {MOST}")
    first: dict[str, int] = {}
    capability, position, salience = [], [], []
    for row in rows:
        who = row.name or "?"
        if not row.name:
            faults.add(row.line, "name", "the stakeholder has no name")
        elif row.name in first:
            faults.add(row.line, "name", f"`{row.name}` stands on line {first[row.name]} already", "names must differ")
        if len(row.name) > LONGEST:
            faults.add(row.line, "name", f"`{row.name}` has {len(row.name)} characters; KTAB keeps {LONGEST}")
        first.setdefault(row.name, row.line)
        capability.append(faults.number(row.line, f"{who}, capability", row.capability, 0, math.inf, above=True))
        position.append(
            [
                faults.number(row.line, f"{who}, position on {i}", x, 0, 100)
                for i, x in zip(issues, row.position, strict=True)
            ]
        )
        cares = [
            faults.number(row.line, f"{who}, salience of {i}", x, 0, 100)
            for i, x in zip(issues, row.salience, strict=True)
        ]
        if sum(cares) > 100 + SLACK:
            faults.add(row.line, f"{who}, salience", f"the saliences sum to {sum(cares):g}; at most 100 in all")
        salience.append(cares)
    faults.stop()
    return Table(
        title,
        description,
        tuple(row.name for row in rows),
        tuple(row.description for row in rows),
        issues,
        np.array(capability, dtype=float),
        np.array(position, dtype=float),
        np.array(salience, dtype=float),
    )


def parse_csv(text: str, name: str) -> Table:
    """The table of a CSV; `name` is what complaints call the file.

    Raises:
        ScenarioError: everything wrong with it, each with its line and cell.
    """
    faults = Faults(name)
    if len(text) > LARGEST:
        faults.add(0, "", f"the file has {len(text):,} characters; a table has at most {LARGEST:,}")
        faults.stop()
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True))
    except csv.Error as reason:
        faults.add(0, "", f"this is not a CSV file: {reason}")
        faults.stop()
        raise AssertionError from reason
    rows = [
        (number, [cell.strip() for cell in cells])
        for number, cells in enumerate(lines, 1)
        if any(c.strip() for c in cells)
    ]
    if len(rows) < 2 or len(rows[0][1]) < 4:
        faults.add(1, "", "the first row must hold a title, a description and the numbers of stakeholders and issues")
        faults.stop()
    top = rows[0][1]
    count = _count(faults, rows[0][0], "number of stakeholders", top[2])
    issues = _count(faults, rows[0][0], "number of issues", top[3])
    faults.stop()
    width = 3 + 2 * issues
    heads = rows[1][1]
    if len(_filled(heads)) < width:
        missing = "salience" if len(_filled(heads)) % 2 == 0 else "position"
        faults.add(
            rows[1][0], f"column {len(_filled(heads)) + 1}", f"the heading for a {missing} is missing",
            f"{issues} issues need {width} columns",
        )  # fmt: skip
        faults.stop()
    names = [heads[3 + 2 * k] or "unnamed" for k in range(issues)]
    body = rows[2:]
    if len(body) != count:
        faults.add(rows[0][0], "number of stakeholders", f"says {count}, but {len(body)} rows follow")
    found = []
    for line, cells in body:
        if len(_filled(cells)) > width:
            faults.add(line, f"column {width + 1}", f"`{cells[width]}` stands beyond the last column")
        cells = [*cells, *[""] * (width - len(cells))]
        found.append(Row(line, cells[0], cells[1], cells[2], tuple(cells[3:width:2]), tuple(cells[4:width:2])))
    return table_from(found, names, top[0], top[1], faults)


def _count(faults: Faults, line: int, cell: str, text: str) -> int:
    if text.isdigit() and 0 < int(text) < 10_000:
        return int(text)
    faults.add(line, cell, f"`{text}` is not a whole number above 0")
    return 0


def _filled(cells: list[str]) -> list[str]:
    """The cells up to the last one that is not empty: KTAB's files end rows with a comma at will."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def write_csv(table: Table) -> str:
    """A CSV that KTAB reads, and that reads back as the same table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([table.title, table.description, len(table.names), len(table.issues)])
    heads = [part for issue in table.issues for part in (issue, f"{issue} Salience")]
    writer.writerow(["Actor", "Description", "Influence", *heads])
    for i, name in enumerate(table.names):
        stakes = [
            repr(float(x)) for k in range(len(table.issues)) for x in (table.position[i, k], table.salience[i, k])
        ]
        described = table.descriptions[i] if table.descriptions else ""
        writer.writerow([name, described, repr(float(table.capability[i])), *stakes])
    return out.getvalue()
