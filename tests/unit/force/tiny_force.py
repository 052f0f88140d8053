"""Planning questions small enough to solve in the head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from contingent.force.instance import Calendar, Cells, Demand, Groups, Instance, Limits
from contingent.force.model import Model


def tiny(*, groups: int = 1, sectors: int = 1, periods: int = 2, **changes) -> Instance:
    """`groups` contributors with two battalions of 100 each, `sectors` rows wanting 150 (at least 100) each."""
    g = Groups(
        name=tuple(f"G{i}" for i in range(groups)),
        contributor=np.arange(groups), unit=np.zeros(groups, int), count=np.full(groups, 2),
        persons=np.full(groups, 100.0), divisible=np.zeros(groups, bool), notice=np.zeros(groups),
        tour=np.full(groups, 13.0), tours=np.full(groups, 10),
        lift=np.full(groups, 1.0), cost=np.full(groups, 100_000.0),
        billed=np.full(groups, 100_000.0), reliability=np.full(groups, 0.5),
    )  # fmt: skip
    demand = Demand(
        unit=np.zeros(sectors, int), sector=np.arange(sectors), task=np.zeros(sectors, int),
        minimum=np.full((sectors, periods), 100.0), wanted=np.full((sectors, periods), 150.0),
        weight=np.ones((sectors, periods)),
    )  # fmt: skip
    pairs = [(i, j) for i in range(groups) for j in range(sectors)]
    cells = Cells(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]), np.zeros(len(pairs), bool))
    limits = Limits(
        strength=np.full(periods, np.inf), lift=np.full(periods, np.inf), outbound=False, budget=np.full(0, np.inf),
        stretch=np.zeros(periods, int), contributor=np.full(groups, np.inf),
    )  # fmt: skip
    start = np.arange(periods) * 13
    base = Instance(
        Calendar(start, start + 13), tuple(f"C{i}" for i in range(groups)), ("battalion",),
        tuple(f"S{i}" for i in range(sectors)), ("task",), g, demand, cells, limits,
    )  # fmt: skip
    for part, values in changes.items():
        base = replace(base, **{part: replace(getattr(base, part), **values)})
    return base


def rows(programme: Model, name: str) -> list[str]:
    """A constraint's rows as text: `+100 x[0,0] +1 short[0,0] >= 150`, columns in the order they were written down."""
    titles = {
        int(at[index]): f"{title}[{','.join(map(str, index))}]"
        for title, at in programme.columns.items()
        for index in np.ndindex(at.shape)
    }
    found, told = programme.matrices, []
    for row in programme.rows[name].tolist():
        terms = zip(*(part.tolist() for part in (found.matrix[[row]].indices, found.matrix[[row]].data)), strict=True)
        left = " ".join(f"{value:+g} {titles[column]}" for column, value in sorted(terms) if value)
        low, high = found.lower[row] + 0.0, found.upper[row] + 0.0
        told.append(
            f"{left} = {low:g}" if low == high else f"{left} >= {low:g}" if high == np.inf else f"{left} <= {high:g}"
        )
    return told
