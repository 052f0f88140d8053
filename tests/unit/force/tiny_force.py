"""Planning questions small enough to solve in the head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from contingent.force.instance import Calendar, Cells, Demand, Groups, Instance, Limits


def tiny(*, groups: int = 1, sectors: int = 1, periods: int = 2, **changes) -> Instance:
    """`groups` contributors with two battalions of 100 each, `sectors` rows wanting 150 (at least 100) each."""
    g = Groups(
        name=tuple(f"G{i}" for i in range(groups)),
        contributor=np.arange(groups), unit=np.zeros(groups, int), count=np.full(groups, 2),
        persons=np.full(groups, 100.0), divisible=np.zeros(groups, bool), notice=np.zeros(groups),
        earliest=np.zeros(groups, int), tour=np.full(groups, 1), tours=np.full(groups, 10),
        lift=np.full(groups, 1.0), cost=np.full(groups, 100_000.0), reliability=np.full(groups, 0.5),
    )  # fmt: skip
    demand = Demand(
        unit=np.zeros(sectors, int), sector=np.arange(sectors), task=np.zeros(sectors, int),
        minimum=np.full((sectors, periods), 100.0), wanted=np.full((sectors, periods), 150.0), weight=np.ones(sectors),
    )  # fmt: skip
    pairs = [(i, j) for i in range(groups) for j in range(sectors)]
    cells = Cells(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]), np.zeros(len(pairs), bool))
    limits = Limits(
        strength=np.full(periods, np.inf), lift=np.full(periods, np.inf), outbound=False, budget=np.full(0, np.inf),
        contributor=np.full(groups, np.inf), cohesion=False,
    )  # fmt: skip
    start = np.arange(periods) * 13
    base = Instance(
        Calendar(start, start + 13), tuple(f"C{i}" for i in range(groups)), ("battalion",),
        tuple(f"S{i}" for i in range(sectors)), ("task",), g, demand, cells, limits,
    )  # fmt: skip
    for part, values in changes.items():
        base = replace(base, **{part: replace(getattr(base, part), **values)})
    return base


def rows(model, name: str) -> list[str]:
    """A constraint's rows as text: `+100 x[0,0] +1 short[0,0] >= 150`, columns in the order of their labels."""
    titles = {}
    for title in model.variables:
        labels = model.variables[title].labels.values
        for index in np.ndindex(labels.shape):
            titles[int(labels[index])] = f"{title}[{','.join(map(str, index))}]"
    matrices = model.matrices
    matrix = matrices.A.tocsr()
    told = []
    for label in model.constraints[name].labels.values.ravel():
        at = int(np.searchsorted(matrices.clabels, label))
        row = matrix[at].tocoo()
        terms = sorted((int(matrices.vlabels[c]), v) for c, v in zip(row.coords[-1], row.data, strict=True) if v)
        left = " ".join(f"{v:+g} {titles[c]}" for c, v in terms)
        told.append(f"{left} {matrices.sense[at]}= {matrices.b[at] + 0.0:g}".replace("==", "="))
    return told
