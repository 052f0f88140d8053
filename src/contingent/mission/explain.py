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
from contingent.mission.inputs import RECORDS, Inputs, luck
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

    Both must be prepared for the same runs, weeks and seed (else InputError). The sum over channels is the difference.
    """
    if before.seed_key != after.seed_key or not np.array_equal(before.runs, after.runs) or before.weeks != after.weeks:
        raise InputError("options are compared on the same runs, weeks and seed")
    both = together(before, after)
    result = cache(lambda switched: outcome(both, before, after, switched))
    carried = shapley(
        [name for name in PLAYERS if differs(name, both, before, after)],
        lambda switched: np.stack(list(result(switched).values())),
    )
    whole = result(frozenset())
    none = np.zeros((len(whole), len(before.runs)))  # what both have in common has no share
    shares = np.stack([carried.get(name, none) for name in PLAYERS])
    data = {name: ((CHANNEL, RUN), shares[:, k], {"units": UNITS[name]}) for k, name in enumerate(whole)}
    return xr.Dataset(data, coords={CHANNEL: list(PLAYERS), RUN: before.runs})


def differs(name: str, both: Inputs, before: Inputs, after: Inputs) -> bool:
    """Whether a channel is not the same under both options, in plan or in parameters."""

    def alike(*fields: str) -> bool:
        return all(np.array_equal(getattr(before, field), getattr(after, field)) for field in fields)

    if name not in TROOPS:
        rows = numbers(name, before)
        return not (np.array_equal(before.theta[rows], after.theta[rows]) and (name != THEATRE or alike(*GROUND)))
    here, there = np.split(both.planned[:, list(TROOPS[name])], [len(before.planned)])
    if not np.array_equal(here, there):
        return bool(here.any() or there.any())
    plans = zip(before.layout[-3:], after.layout[-3:], strict=True)  # whose each pledge is, what comes of it, and when
    return not (alike("contributors") and all(np.array_equal(one, two) for one, two in plans))


GROUND = ("theatre", "sectors", "crossings")
"""The inputs that hold what is drawn of the theatre."""


def numbers(name: str, inputs: Inputs) -> list[int]:
    """The rows of the parameters that go with a part of the mandate, or with the theatre."""
    if name in MANDATE:
        return [inputs.parameters.index(parameter) for parameter in MANDATE[name]]
    return [row for row, parameter in enumerate(inputs.parameters) if parameter not in sum(MANDATE.values(), ())]


def together(before: Inputs, after: Inputs) -> Inputs:
    """One set of inputs with the pledges of both options side by side, and the contributors of either."""
    codes = tuple(sorted({*before.contributors, *after.contributors}))
    publics = np.zeros((len(before.runs), len(codes)), before.publics.dtype)
    for inputs in (before, after):
        publics[:, [codes.index(code) for code in inputs.contributors]] = inputs.publics
    owners = [codes.index(inputs.contributors[c]) for inputs in (before, after) for c in inputs.layout.owner]
    layout = before.layout._replace(
        luck=luck(codes), owner=np.array(owners, dtype=np.int64),
        delivered=np.concatenate([before.layout.delivered, after.layout.delivered], axis=1),
        delay=np.concatenate([before.layout.delay, after.layout.delay], axis=1),
    )  # fmt: skip
    planned = np.concatenate([before.planned, after.planned])
    return replace(before, contributors=codes, publics=publics, planned=planned, layout=layout)


def outcome(both: Inputs, before: Inputs, after: Inputs, switched: frozenset[str]) -> dict[str, np.ndarray]:
    """Headline outcomes with the channels named taken from `after` and the others from `before`."""
    planned, theta, first = both.planned.copy(), before.theta.copy(), len(before.planned)
    for name, rows in TROOPS.items():
        planned[slice(first) if name in switched else slice(first, None), list(rows)] = 0.0
    when, pledge, change = changes(planned)
    for name in (name for name in switched if name not in TROOPS):
        theta[numbers(name, before)] = after.theta[numbers(name, before)]
    ground = after if THEATRE in switched else before
    layout = both.layout._replace(when=when, pledge=pledge, change=change)
    drawn = {name: getattr(ground, name) for name in GROUND}
    return simulated(replace(both, planned=planned, layout=layout, theta=theta, **drawn))


def simulated(inputs: Inputs) -> dict[str, np.ndarray]:
    """The headline outcomes of some inputs; shape (run) each."""
    simulate_into(inputs, outputs := Outputs.empty(inputs))
    return headline_arrays(inputs, outputs)


def shares(difference: xr.Dataset) -> dict[str, dict[str, float]]:
    """Mean share of each channel in the difference, by outcome; the outcome's unit."""
    channels = difference[CHANNEL].to_numpy().tolist()
    return {
        str(name): dict(zip(channels, values.to_numpy().tolist(), strict=True))
        for name, values in difference.mean(RUN).items()
    }


FORCE = "force"


def groups(inputs: Inputs) -> dict[str, list[int]]:
    """The rows of the parameters by the first equation they stand in; `mandate` for those it sets."""
    table = priors()
    found: dict[str, list[int]] = {}
    for row, name in enumerate(inputs.parameters):
        key = f"equation {table[name].equation.split(',')[0]}" if name in table else "mandate"
        found.setdefault(key, []).append(row)
    return found


def sobol(first: Inputs, second: Inputs) -> dict[str, dict[str, dict[str, float]]]:
    """First-order and total indices, by outcome and group; from two samples of the same option with different seeds.

    Runs of the two samples are paired by position. Returns {outcome: {group: {"first": ..., "total": ...}}}, groups in
    the order of the equations; outcomes that do not vary are left out.
    """
    rows = groups(first) | {THEATRE: [], FORCE: []}
    mixed = {name: swapped_in(first, second, name, rows[name]) for name in sorted(rows, key=_place)}
    layout = first.layout._replace(delivered=second.layout.delivered, delay=second.layout.delay)
    mixed[FORCE] = replace(mixed[FORCE], layout=layout)
    base, other, *swapped = map(simulated, (first, second, *mixed.values()))
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, values in base.items():
        indices = sobol_indices(values, other[name], np.stack([each[name] for each in swapped]), first="jansen")
        if indices.variance > 0:
            told = zip(mixed, indices.first.tolist(), indices.total.tolist(), strict=True)
            found[name] = {group: {"first": alone, "total": total} for group, alone, total in told}
    return found


def _place(group: str) -> tuple[int, str]:
    return int(group.removeprefix("equation ")) if group.startswith("equation ") else 99, group


def swapped_in(first: Inputs, second: Inputs, group: str, rows: list[int]) -> Inputs:
    """The first sample with the parameters of some rows, and the given fields of a group, from the second."""
    theta = first.theta.copy()
    theta[rows] = second.theta[rows]
    arrays = {}
    for record, field in state.groups().get(group, ()):
        name = RECORDS[record]
        arrays.setdefault(name, getattr(first, name).copy())[field] = getattr(second, name)[field]
    return replace(first, theta=theta, **arrays)
