"""What one change does to the least shortfall: the same programme solved again with some bounds moved.

Sensitivity by re-optimization.

The programme is posed once, with every offer and every cell that some change might open; what the question at hand does
not allow is held at zero. Changes are judged by the relaxation, in which units may be split, solved from the last one's
basis: a few milliseconds each, and no rounding of one plan is taken for an effect of the change. What a sector has in
common (a language, a command, a side) stays whole: half a language would say nothing. Minima are met or
missed alike in whole units wherever that was compared; what is wanted beyond them can differ by tens of persons.
"""

from dataclasses import dataclass, field

import numpy as np

from contingent.force.highs import set_integrality, to_highs
from contingent.force.instance import Instance
from contingent.force.model import build_model, unsuited

SURE = 1e-5  # gap at which a trial in whole choices counts as solved


@dataclass(frozen=True, slots=True)
class Outcome:
    """Persons short on average over the weeks of the operation."""

    critical: float
    """Below the minimum."""
    short: float
    """Below what is wanted, those below the minimum included."""
    by_row: np.ndarray
    """Persons below the minimum; (row, period)."""


@dataclass(frozen=True, slots=True)
class Move:
    """What differs from the widest question: columns held at zero, and bounds of columns and rows."""

    closed: np.ndarray
    high: dict[int, float] = field(default_factory=dict)
    low: dict[int, float] = field(default_factory=dict)
    upper: dict[int, float] = field(default_factory=dict)
    freed: tuple[int, ...] = ()
    """Rows that bind no more."""
    cost: np.ndarray | None = None
    """Another objective than the plan's."""


class Trials:
    """The widest question, and the answers to narrower ones."""

    def __init__(self, widest: Instance):
        self.widest, self.posed = widest, build_model(widest)
        self.highs, self.matrices = to_highs(self.posed.matrices), self.posed.matrices
        if self.posed.columns["common"].size:
            set_integrality(self.highs, self.posed.columns["common"].ravel())
            self.highs.setOptionValue("mip_rel_gap", SURE)
        self.columns = np.arange(len(self.matrices.cost), dtype=np.int32)
        self.moved = [
            int(row)
            for name in ("shares", "lift", "budget", "ceiling", "compatible")
            for row in self.posed.rows.get(name, ())
        ]
        weeks = widest.calendar.weeks
        self.share = weeks / weeks.sum()
        names, rows = [widest.groups.name[g] for g in widest.cells.group], widest.cells.row.tolist()
        self.place = {key: cell for cell, key in enumerate(zip(names, rows, strict=True))}

    def closed(self, instance: Instance) -> np.ndarray:
        """Which of the widest question's columns a narrower one does not have."""
        open_ = np.zeros(len(self.widest.cells.group), bool)
        for group, row in zip(instance.cells.group.tolist(), instance.cells.row.tolist(), strict=True):
            open_[self.place[instance.groups.name[group], row]] = True
        idle = np.setdiff1d(np.arange(len(self.widest.groups.name)), self.widest.cells.group[open_])
        at = self.posed.columns
        return np.concatenate([at["x"][~open_].ravel(), at["a"][idle].ravel()])

    def freed(self, instance: Instance) -> tuple[int, ...]:
        """Which of the widest question's rows on who can share a sector a narrower one does not have."""
        rules, ours = {rule.name: rule for rule in instance.limits.compatible}, self.widest.limits.compatible
        rows = self.posed.rows.get("compatible", np.zeros(0, int)).reshape(-1, len(self.widest.calendar))
        found: list[int] = []
        for (number, pool, _), mine in zip(unsuited(self.widest, self.posed.pools).tolist(), rows, strict=True):
            name = self.widest.groups.name[int(self.posed.pools.first[pool])]
            rule = rules.get(ours[number].name)
            if name in instance.groups.name and (rule is None or rule.suits[:, instance.groups.name.index(name)].all()):
                found += mine.tolist()
        return tuple(found)

    def sent_by(self, contributor: int) -> np.ndarray:
        """The columns that hold one contributor's units."""
        return np.flatnonzero(self.posed.sender == contributor)

    def outcome(self, move: Move) -> Outcome:
        """The least shortfall under a change."""
        matrices, low, high = self.matrices, self.matrices.low.copy(), self.matrices.high.copy()
        low[list(move.low)] = list(move.low.values())
        high[list(move.high)] = list(move.high.values())
        high[move.closed] = 0.0
        self.highs.changeColsBounds(len(high), self.columns, low, high)
        cost = matrices.cost if move.cost is None else move.cost
        self.highs.changeColsCost(len(cost), self.columns, cost)
        for row in self.moved:
            bound = row not in move.freed
            lower = float(matrices.lower[row]) if bound else -np.inf
            upper = (move.upper[row] if row in move.upper else float(matrices.upper[row])) if bound else np.inf
            self.highs.changeRowBounds(row, lower, upper)
        self.highs.run()
        values, at = np.asarray(self.highs.getSolution().col_value), self.posed.columns
        by_row = np.round(values[at["critical"]], 6)
        return Outcome(float(by_row.sum(0) @ self.share), float(values[at["short"]].sum(0) @ self.share), by_row)
