"""Which equations' unknown numbers does the spread of an outcome come from?

Sobol indices by group of parameters (`ensemble.sobol`, both of Jansen's estimators): groups are the equations, the
theatre and the force that comes. The luck of a run goes with its first sample, so it is one more, unlisted, group.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from contingent.ensemble.sobol import sobol_indices
from contingent.mission import state
from contingent.mission.inputs import Inputs
from contingent.mission.outputs import Outputs, headline_arrays
from contingent.mission.parameters import priors
from contingent.mission.simulate import simulate_into

RECORDS = {"theatre": "theatre", "sector": "sectors", "crossing": "crossings", "contributor": "publics"}
"""Where the inputs hold the given fields of each record."""
THEATRE, FORCE = "theatre", "force"


def groups(inputs: Inputs) -> dict[str, list[int]]:
    """The rows of the parameters by the first equation they stand in; `mandate` for those it sets."""
    table = priors()
    found: dict[str, list[int]] = {}
    for row, name in enumerate(inputs.parameters):
        key = f"equation {table[name].equation.split(',')[0]}" if name in table else "mandate"
        found.setdefault(key, []).append(row)
    return found


def sobol(first: Inputs, second: Inputs) -> dict[str, dict[str, tuple[float, float]]]:
    """First-order and total indices, by outcome and group; from two samples of the same option with different seeds.

    Runs of the two samples are paired by position. Returns {outcome: {group: (first order, total)}}; outcomes
    that do not vary are left out.
    """

    def run(inputs: Inputs) -> dict[str, np.ndarray]:
        outputs = Outputs.empty(inputs)
        simulate_into(inputs, outputs)
        return headline_arrays(inputs, outputs)

    mixed = {name: swapped_in(first, second, name, rows) for name, rows in groups(first).items()}
    mixed[THEATRE] = swapped_in(first, second, THEATRE, [])
    force = swapped_in(first, second, FORCE, [])
    mixed[FORCE] = replace(force, delivered=second.delivered, delay=second.delay)
    base, other = run(first), run(second)
    swapped = {group: run(inputs) for group, inputs in mixed.items()}
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for name, values in base.items():
        rows = np.stack([outcomes[name] for outcomes in swapped.values()])
        indices = sobol_indices(values, other[name], rows, first="jansen")
        if indices.variance > 0:
            pairs = zip(indices.first.tolist(), indices.total.tolist(), strict=True)
            found[name] = dict(zip(swapped, pairs, strict=True))
    return found


def swapped_in(first: Inputs, second: Inputs, group: str, rows: list[int]) -> Inputs:
    """The first sample with the parameters of some rows, and the given fields of a group, from the second."""
    theta = first.theta.copy()
    theta[rows] = second.theta[rows]
    arrays = {}
    for record, field in state.groups().get(group, ()):
        name = RECORDS[record]
        arrays.setdefault(name, getattr(first, name).copy())[field] = getattr(second, name)[field]
    return replace(first, theta=theta, **arrays)


def as_rows(found: dict[str, dict[str, tuple[float, float]]]) -> dict[str, dict[str, dict[str, float]]]:
    """The indices with their names, groups in the order of the equations, as plain values."""
    return {
        outcome: {group: {"first": pair[0], "total": pair[1]} for group, pair in sorted(row.items(), key=_number)}
        for outcome, row in found.items()
    }


def _number(item: tuple[str, tuple[float, float]]) -> tuple[int, str]:
    """Equations by number, then the rest."""
    digits = "".join(letter for letter in item[0] if letter.isdigit())
    return (int(digits) if digits else 99), item[0]
