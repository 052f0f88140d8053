"""Why two options differ on the ground: the difference of any outcome, split over what the options change.

Shapley values (Shapley 1953; Owen 2014, doi:10.1137/130936233) over the channels through which an option
acts, on paired runs: each channel's share is its mean added effect over all orders in which the channels
could be switched from one option to the other, and the shares add up to the difference exactly.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
import xarray as xr

from contingent.errors import InputError
from contingent.labels import RUN
from contingent.mission.deployment import AID, ALL, CROSS, DISARM, GOVERN, PATROL, changes
from contingent.mission.inputs import Inputs
from contingent.mission.simulate import Outputs, labelled, simulate_into

CHANNEL = "channel"
PLAYERS = {
    "security": (ALL, PATROL),  # equations 1, 2, 4, 9, 11: who is there, and who can be hit
    "disarmament": (DISARM,),  # equation 5
    "crossings": (CROSS,),  # equation 6
    "aid": (AID,),  # equations 6c and 7
    "governance": (GOVERN,),  # equation 8
    "mandate": (),  # legal basis, command and use of force, through the parameters they set
}


def split(before: Inputs, after: Inputs, sectors: list[str]) -> xr.Dataset:
    """The difference `after - before` of every headline outcome, over (channel, run), units as the outcome's.

    Both must be prepared for the same runs of the same seed. The sum over channels is the difference itself.

    Raises:
        InputError: the two are of different runs, weeks or seeds.
    """
    if before.seed_key != after.seed_key or not np.array_equal(before.runs, after.runs) or before.weeks != after.weeks:
        raise InputError("options are compared on the same runs, weeks and seed")
    both = together(before, after)
    names = list(PLAYERS)
    worth = {
        coalition: outcome(both, before, after, coalition, sectors)
        for size in range(len(names) + 1)
        for coalition in combinations(names, size)
    }
    parts: list[xr.Dataset] = []
    for name in names:
        share = worth[()] * 0.0
        for coalition, without in worth.items():
            if name in coalition:
                continue
            joined = tuple(other for other in names if other in (*coalition, name))
            weight = factorial(len(coalition)) * factorial(len(names) - len(coalition) - 1) / factorial(len(names))
            share = share + (worth[joined] - without) * weight
        parts.append(share)
    whole: xr.Dataset = xr.concat(parts, xr.Variable(CHANNEL, names))
    empty = worth[()]
    for name in whole:
        whole[name].attrs.update(empty[name].attrs)
    return whole


def together(before: Inputs, after: Inputs) -> Inputs:
    """One set of inputs with the pledges of both options side by side, and the contributors of either."""
    order = sorted(
        {*zip(before.who, before.contributors, strict=True), *zip(after.who, after.contributors, strict=True)}
    )
    codes = tuple(code for _, code in order)
    people = np.zeros((len(before.runs), len(codes), 2))
    for inputs in (before, after):
        for c, code in enumerate(inputs.contributors):
            people[:, codes.index(code)] = inputs.people[:, c]
    owners = [codes.index(inputs.contributors[c]) for inputs in (before, after) for c in inputs.owner]
    return replace(
        before,
        contributors=codes,
        who=np.array([number for number, _ in order], dtype=np.int64),
        people=people,
        planned=np.concatenate([before.planned, after.planned]),
        owner=np.array(owners, dtype=np.int64),
        delivered=np.concatenate([before.delivered, after.delivered], axis=1),
        delay=np.concatenate([before.delay, after.delay], axis=1),
    )


def outcome(both: Inputs, before: Inputs, after: Inputs, switched: tuple[str, ...], sectors: list[str]) -> xr.Dataset:
    """Headline outcomes with the channels named taken from `after` and the others from `before`."""
    planned = both.planned.copy()
    first = len(before.planned)
    for name, rows in PLAYERS.items():
        for channel in rows:
            if name in switched:
                planned[:first, channel] = 0.0
            else:
                planned[first:, channel] = 0.0
    when, pledge, change = changes(planned)
    acting = after if "mandate" in switched else before
    inputs = replace(
        both, planned=planned, when=when, pledge=pledge, change=change, theta=acting.theta, scalars=acting.scalars
    )
    outputs = Outputs.empty(inputs)
    simulate_into(inputs, outputs)
    return labelled(inputs, outputs, sectors).headline


def shares(difference: xr.Dataset) -> dict[str, dict[str, float]]:
    """Mean share of each channel in the difference, by outcome; the outcome's unit."""
    means = difference.mean(RUN)
    return {
        str(name): {str(channel): float(values.sel({CHANNEL: channel})) for channel in means[CHANNEL].to_numpy()}
        for name, values in means.items()
    }
