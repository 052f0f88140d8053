"""What does one thing that happened do to the thresholds and the weight of every draw?

Bayesian conditioning within a draw: a step of the likelihood at a threshold of a normal shock.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from contingent.consultation.gates import CAN_STOP, Walk
from contingent.consultation.outcome import Path, height
from contingent.scenario.model import Scenario
from contingent.scenario.option import Happened

Array = NDArray[np.float64]
Walks = Mapping[str, Walk]
Paths = Mapping[str, Path]


def reweighted(threshold: Array, edge: Array, below: Array | float, above: Array | float) -> tuple[Array, Array]:
    """Where a threshold stands once the shock counts `below` under an edge and `above` from it on, and the mass of all.

    A normal shock passes the new threshold as often as the weighted one did the old; all shapes (draw, ...) alike.
    """
    at, up_to = ndtr(threshold), ndtr(edge)
    mass = below * up_to + above * (1 - up_to)
    found = below * np.minimum(at, up_to) + above * np.maximum(at - up_to, 0.0)
    return ndtri(np.clip(found / np.where(mass > 0, mass, 1.0), 0.0, 1.0)), mass


def conditioned(
    scenario: Scenario, one: Happened, walks: Walks, paths: Paths, weight: Array, last_day: Array
) -> tuple[dict[str, Walk], dict[str, Path], Array]:
    """Walks, paths and weights (draw,) of all options, given one thing more that happened; events change nothing here.

    After `last_day` (draw,) nothing is decided. Those of another state that decide apart err with the decider here, for
    want of their own shock.
    """
    walks, paths = dict(walks), dict(paths)
    if one.what in scenario.process.events or one.what == "nothing":
        return walks, paths, weight
    below, above = (1.0, one.factor) if one.factor else (0.0, 1.0) if one.came else (1.0, 0.0)
    about = [one.option] if one.option in paths else list(paths)
    if (gate := scenario.process.gates.get(one.what)) is not None:
        met = [walks[name] for name in about if one.what in walks[name].gates]
        if not met or gate.kind not in CAN_STOP:
            return walks, paths, weight
        edge = np.min([walk.threshold[:, list(walk.gates).index(one.what)] for walk in met], axis=0)
        return _step(walks, paths, weight, gate.stage, edge, below, above)
    arrival = one.what == "arrival"
    comes = [(paths[n].day <= last_day) & (np.isfinite(paths[n].there) | (not arrival)) for n in about]
    each = np.stack([np.where(come, paths[n].wanted, np.inf) for come, n in zip(comes, about, strict=True)])
    least, edge = each.argmin(0), each.min(0)
    if not arrival:
        found = _step(walks, paths, weight, "decision", edge, below, above)
        if one.came and one.option in paths:  # what reaches further was not decided that day
            reach, paths = height(scenario), found[1]
            more = [np.where(paths[n].day <= paths[one.option].day, paths[n].wanted, np.inf)
                    for n in paths if reach[n] > reach[one.option]]  # fmt: skip
            found = _step(*found, "decision", np.min(more, axis=0), 1.0, 0.0) if more else found
        return found
    there = np.take_along_axis(np.stack([paths[name].accepted for name in about]), least[None], 0)[0]
    accepts = ndtr(-there)
    found = _step(walks, paths, weight, "decision", edge, below, below * (1 - accepts) + above * accepts)
    after = _step(found[0], found[1], found[2], "acceptance", there, below, above)
    return after[0], after[1], found[2]  # both steps are one likelihood, weighed with the first


def _step(
    walks: Walks, paths: Paths, weight: Array, stage: str, edge: Array, below: Array | float, above: Array | float
) -> tuple[dict[str, Walk], dict[str, Path], Array]:
    """A step of the likelihood of one stage's shock, at an edge (draw,), for every threshold of that shock."""
    _, mass = reweighted(edge, edge, below, above)

    def moved(threshold: Array) -> Array:
        each = np.broadcast_arrays(edge, below, above)
        return reweighted(threshold, *(x[:, None] if threshold.ndim > 1 else x for x in each))[0]

    fields = ("gates", "proposed", "wanted") if stage == "decision" else ("accepted",)
    new_walks = {}
    for name, walk in walks.items():
        theirs = np.array([gate.stage == stage for gate in walk.gates.values()], dtype=bool)
        threshold = np.where(theirs, moved(walk.threshold), walk.threshold)
        own = moved(walk.own) if stage == "decision" else walk.own
        new_walks[name] = replace(walk, threshold=threshold, own=own)
    new_paths = {n: replace(path, **{f: moved(getattr(path, f)) for f in fields}) for n, path in paths.items()}
    return new_walks, new_paths, weight * mass
