"""Which numbers a KTAB file may hold; every complaint names its cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from contingent.consultation.spatial.table import Table
from contingent.errors import Complaint, ScenarioError

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
