"""Decided issues with everyone's stakes and the outcome: the layout forecasts of terms are scored on.

A folder with `issues.csv` (issue_id, proposal_id, outcome ...) and `cases_with_capability.csv` (issue_id,
actor, position, salience, capability), all numbers 0 to 100 (Arregui & Perarnaud 2021, doi:10.34810/data53).
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contingent.errors import DataError

FEWEST = 3  # stakeholders an issue must have to be scored


@dataclass(frozen=True, slots=True)
class Issue:
    """One decided issue: `position`, `salience`, `capability` (actor,), and the outcome, 0 to 100."""

    issue: str
    proposal: str
    outcome: float
    position: NDArray[np.float64]
    salience: NDArray[np.float64]
    capability: NDArray[np.float64]

    @property
    def weight(self) -> NDArray[np.float64]:
        """Capability x salience, summing to 1; equal where nobody cares."""
        product = self.capability * self.salience
        return product / product.sum() if product.sum() > 0 else np.full(len(product), 1 / len(product))


def read_issues(folder: Path) -> tuple[Issue, ...]:
    """The scoreable issues of a folder: with an outcome and at least three actors.

    Raises:
        DataError: a missing file or column, or cells that are not numbers from 0 to 100, with their lines.
    """
    wrong: list[str] = []
    stakes: dict[str, list[tuple[float, float, float]]] = {}
    columns = ("position", "salience", "capability")
    for line, row in _rows(folder / "cases_with_capability.csv", {"issue_id", *columns}):
        if any(not (row[column] or "").strip() for column in columns):
            continue  # a stakeholder without a stake on this issue
        values = [_number(row, column, f"cases_with_capability.csv:{line}", wrong) for column in columns]
        stakes.setdefault(row["issue_id"], []).append((values[0], values[1], values[2]))
    found = []
    for line, row in _rows(folder / "issues.csv", {"issue_id", "proposal_id", "outcome"}):
        actors = stakes.get(row["issue_id"], [])
        if not (row["outcome"] or "").strip() or len(actors) < FEWEST:
            continue
        outcome = _number(row, "outcome", f"issues.csv:{line}", wrong)
        x, s, c = np.array(actors).T
        found.append(Issue(row["issue_id"], row["proposal_id"], outcome, x, s, c))
    if wrong:
        raise DataError("\n".join(wrong))
    if not found:
        raise DataError(f"{folder}: no issue with an outcome and at least {FEWEST} actors")
    return tuple(found)


def _rows(path: Path, wanted: set[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        raise DataError(f"{path}: cannot be read as text: {reason}") from None
    reader = csv.DictReader(lines)
    if missing := sorted(wanted - set(reader.fieldnames or ())):
        raise DataError(f"{path.name}:1  the table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}")
    return [(reader.line_num, row) for row in reader]


def _number(row: dict[str, str], column: str, where: str, wrong: list[str]) -> float:
    text = row[column]
    try:
        value = float(text)
    except (TypeError, ValueError):
        wrong.append(f"{where}  {column}: `{text}` is not a number")
        return math.nan
    if not 0 <= value <= (math.inf if column == "capability" else 100):
        wrong.append(f"{where}  {column}: {value:g} is outside 0 to 100")
    return value
