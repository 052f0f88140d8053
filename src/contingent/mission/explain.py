"""Why do outcomes differ, between two options and from run to run?

Shapley values and Sobol indices.

The difference of two options: Shapley values (Shapley 1953; Owen 2014, doi:10.1137/130936233) over the channels
through which an option acts, on paired runs; they add up to it exactly. The spread of one option's outcomes: Sobol
indices (`ensemble.summary`, both of Jansen's estimators) by equation, theatre and force. The luck of a run goes with
its first sample, so it is one more, unlisted, group.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import xarray as xr

from contingent.ensemble.summary import shapley, sobol_indices
from contingent.errors import InputError
from contingent.labels import RUN
from contingent.mission import state
from contingent.mission.eq01_coverage import ALL, CHANNELS, PATROL
from contingent.mission.inputs import Inputs, luck
from contingent.mission.outputs import UNITS, Outputs, headline_arrays
from contingent.mission.parameters import priors
from contingent.mission.presence import changes
from contingent.mission.simulate import simulate_into

CHANNEL = "channel"
TROOPS = {"security": (ALL, PATROL)} | {name: (row,) for row, name in enumerate(CHANNELS) if row not in (ALL, PATROL)}
"""Through which people an option acts: the channels of the force. Security is who is there, and who can be hit."""
MANDATE = {
    "legal_basis": ("consent_share", "support_at_start"),  # equations 5a and 9
    "command": ("force_share",),  # equations 2 and 11: what cover does about violence, under this command and rules
    "use_of_force": ("coercion", "attack_risk"),  # equations 2, 5 and 9; 4
}
"""Through which parameters an option's mandate acts, and the equations they enter."""
THEATRE = "theatre"
"""Everything else that an option may override: the other parameters, the people, crossings and needs."""
PLAYERS = (*TROOPS, *MANDATE, THEATRE)


def split(before: Inputs, after: Inputs) -> xr.Dataset:
    """The difference `after - before` of every headline outcome, over (channel, run), units as the outcome's.

    Both must be prepared for the same runs of the same seed. The sum over channels is the difference itself.

    Raises:
        InputError: the two are of different runs, weeks or seeds.
    """
    if before.seed_key != after.seed_key or not np.array_equal(before.runs, after.runs) or before.weeks != after.weeks:
        raise InputError("options are compared on the same runs, weeks and seed")
    both = together(before, after)
    names = [name for name in PLAYERS if differs(name, both, before, after)]
    outcomes: list[str] = []

    @cache
    def worth(switched: frozenset[str]) -> np.ndarray:
        row = outcome(both, before, after, switched)
        outcomes[:] = row
        return np.stack(list(row.values()))

    carried, none = shapley(names, worth), np.zeros_like(worth(frozenset()))  # what both have in common has no share
    shares = np.stack([carried.get(name, none) for name in PLAYERS])
    units = {name: {"units": UNITS[name]} for name in outcomes}
    data = {name: ((CHANNEL, RUN), shares[:, k], units[name]) for k, name in enumerate(outcomes)}
    return xr.Dataset(data, coords={CHANNEL: list(PLAYERS), RUN: before.runs})


def differs(name: str, both: Inputs, before: Inputs, after: Inputs) -> bool:
    """Whether a channel is not the same under both options, in plan or in parameters."""
    if name not in TROOPS:
        arrays = [(before.theta[numbers(name, before)], after.theta[numbers(name, before)])]
        if name == THEATRE:
            arrays += [(getattr(before, field), getattr(after, field)) for field in GROUND]
        return not all(np.array_equal(one, other) for one, other in arrays)
    here, there = both.planned[: len(before.planned)], both.planned[len(before.planned) :]
    rows = list(TROOPS[name])
    if here.shape != there.shape or not np.array_equal(here[:, rows], there[:, rows]):
        return bool(here[:, rows].any() or there[:, rows].any())
    kept = before.owner.tolist() == after.owner.tolist() and before.contributors == after.contributors
    same = np.array_equal(before.delivered, after.delivered) and np.array_equal(before.delay, after.delay)
    return not (kept and same)


GROUND = ("theatre", "sectors", "crossings")
"""The inputs that hold what is drawn of the theatre."""


def numbers(name: str, inputs: Inputs) -> list[int]:
    """The rows of the parameters that go with a part of the mandate, or with the theatre."""
    if name in MANDATE:
        return [inputs.parameters.index(parameter) for parameter in MANDATE[name]]
    set_by_mandate = {parameter for parameters in MANDATE.values() for parameter in parameters}
    return [row for row, parameter in enumerate(inputs.parameters) if parameter not in set_by_mandate]


def together(before: Inputs, after: Inputs) -> Inputs:
    """One set of inputs with the pledges of both options side by side, and the contributors of either."""
    codes = tuple(sorted({*before.contributors, *after.contributors}))
    publics = np.zeros((len(before.runs), len(codes)), before.publics.dtype)
    for inputs in (before, after):
        for c, code in enumerate(inputs.contributors):
            publics[:, codes.index(code)] = inputs.publics[:, c]
    owners = [codes.index(inputs.contributors[c]) for inputs in (before, after) for c in inputs.owner]
    return replace(
        before, contributors=codes, luck=luck(codes), publics=publics,
        planned=np.concatenate([before.planned, after.planned]), owner=np.array(owners, dtype=np.int64),
        delivered=np.concatenate([before.delivered, after.delivered], axis=1),
        delay=np.concatenate([before.delay, after.delay], axis=1),
    )  # fmt: skip


def outcome(both: Inputs, before: Inputs, after: Inputs, switched: frozenset[str]) -> dict[str, np.ndarray]:
    """Headline outcomes with the channels named taken from `after` and the others from `before`."""
    planned, theta, first = both.planned.copy(), before.theta.copy(), len(before.planned)
    for name, rows in TROOPS.items():
        planned[slice(first) if name in switched else slice(first, None), list(rows)] = 0.0
    when, pledge, change = changes(planned)
    for name in (name for name in switched if name not in TROOPS):
        theta[numbers(name, before)] = after.theta[numbers(name, before)]
    ground = after if THEATRE in switched else before
    return simulated(replace(
        both, planned=planned, when=when, pledge=pledge, change=change, theta=theta,
        **{name: getattr(ground, name) for name in GROUND},
    ))  # fmt: skip


def simulated(inputs: Inputs) -> dict[str, np.ndarray]:
    """The headline outcomes of some inputs; shape (run) each."""
    outputs = Outputs.empty(inputs)
    simulate_into(inputs, outputs)
    return headline_arrays(inputs, outputs)


def shares(difference: xr.Dataset) -> dict[str, dict[str, float]]:
    """Mean share of each channel in the difference, by outcome; the outcome's unit."""
    means = difference.mean(RUN)
    return {
        str(name): {str(channel): float(values.sel({CHANNEL: channel})) for channel in means[CHANNEL].to_numpy()}
        for name, values in means.items()
    }


RECORDS = {"theatre": "theatre", "sector": "sectors", "crossing": "crossings", "contributor": "publics"}
"""Where the inputs hold the given fields of each record."""
FORCE = "force"


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
    mixed = {name: swapped_in(first, second, name, rows) for name, rows in groups(first).items()}
    mixed[THEATRE] = swapped_in(first, second, THEATRE, [])
    force = swapped_in(first, second, FORCE, [])
    mixed[FORCE] = replace(force, delivered=second.delivered, delay=second.delay)
    base, other = simulated(first), simulated(second)
    swapped = {group: simulated(inputs) for group, inputs in mixed.items()}
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
