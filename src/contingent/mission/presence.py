"""How many of the planned troops are where, doing what: the mission's view of a deployed force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.errors import InputError
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK
from contingent.mission.eq01_coverage import ALL, CHANNELS
from contingent.scenario.model import Scenario

DIMS = {
    "planned": (PLEDGE, WEEK, SECTOR, TASK), "delivered": (RUN, PLEDGE), "delay": (RUN, PLEDGE),
    "contributor": (PLEDGE,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Presence:
    """A force plan with what became of it in each run.

    `planned` (pledge, week, sector, task): persons if everything comes as offered, on time.
    `delivered` (run, pledge): share of the offer that comes.
    `delay` (run, pledge): weeks by which it comes late, rounded to whole weeks.
    `contributor` (pledge): ISO 3166 alpha-3 code of who offers it.
    """

    planned: xr.DataArray
    delivered: xr.DataArray
    delay: xr.DataArray
    contributor: xr.DataArray

    def part(self, start: int, stop: int) -> Presence:
        """The same force in the runs from `start` to `stop` (exclusive), counted from the first run here."""
        here = {RUN: slice(start, stop)}
        return Presence(self.planned, self.delivered.isel(here), self.delay.isel(here), self.contributor)


def check_presence(presence: Presence, scenario: Scenario, runs: int) -> None:
    """Refuse (InputError) a force plan that does not fit the scenario, saying everything that is wrong with it."""
    if faults := [*_faults(presence, scenario, runs)]:
        raise InputError("the force plan does not fit the scenario:\n  " + "\n  ".join(faults))


def _faults(presence: Presence, scenario: Scenario, runs: int) -> Iterator[str]:
    planned, sizes = presence.planned, {RUN: runs, PLEDGE: presence.planned.sizes.get(PLEDGE)}
    for name, dims in DIMS.items():
        array = getattr(presence, name)
        if array.dims != dims:
            yield f"{name}: has dimensions {tuple(array.dims)}, needs {dims}"
        elif name != "planned":
            whose = {PLEDGE: "pledges where `planned`", RUN: "runs where the design"}
            for dim in (dim for dim in dims if array.sizes[dim] != sizes[dim]):
                yield f"{name}: has {array.sizes[dim]} {whose[dim]} has {sizes[dim]}"
    for dim, known in ((SECTOR, scenario.theatre.sectors), (TASK, scenario.mandate.tasks)):
        if dim in planned.dims and dim not in planned.coords:
            yield f"planned: the {dim}s are not named"
        elif dim in planned.dims:
            unknown = (label for label in map(str, planned[dim].values) if label not in known)
            yield from (f"planned: there is no {dim} `{label}` in the scenario" for label in unknown)
    if WEEK in planned.dims and planned.sizes[WEEK] < scenario.horizon:
        yield f"planned: ends after week {planned.sizes[WEEK]}, before the horizon of {scenario.horizon} weeks"
    for code in sorted({*map(str, presence.contributor.values)} - {*scenario.contributors}):
        yield f"contributor: `{code}` is not among the scenario's contributors"
    for name in ("planned", "delivered", "delay"):
        if not (getattr(presence, name).values >= 0).all():
            yield f"{name}: holds negative or missing numbers"
    if (presence.delivered > 1).any():
        yield "delivered: holds shares above 1"


def changes(planned: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A plan (pledge, channel, week, sector) as its changes.

    Returns the week (change) and the pledge (change) of each, and persons more or less (change, channel, sector).
    """
    steps = np.diff(planned, axis=2, prepend=0.0).transpose(0, 2, 1, 3)
    pledge, week = np.nonzero(steps.any(axis=(2, 3)))
    return week.astype(np.int64), pledge.astype(np.int64), np.ascontiguousarray(steps[pledge, week])


def sort_by_channel(presence: Presence, scenario: Scenario) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The planned persons by channel, over the scenario's own sectors and horizon.

    Returns persons (pledge, channel, week, sector), the position of each pledge's contributor (pledge), and the
    contributors' codes by name: whoever lists them otherwise gets the same numbers.
    """
    plan, sectors = presence.planned.transpose(PLEDGE, WEEK, SECTOR, TASK), sorted(scenario.theatre.sectors)
    persons = plan.values[:, : scenario.horizon]
    planned = np.zeros((len(persons), len(CHANNELS), scenario.horizon, len(sectors)))
    for j, sector in enumerate(map(str, plan[SECTOR].values)):
        for task, k in sorted((str(task), k) for k, task in enumerate(plan[TASK].values)):
            for channel in (ALL, CHANNELS.index(scenario.mandate.tasks[task].contributes_to)):
                planned[:, channel, :, sectors.index(sector)] += persons[:, :, j, k]
    owners = [str(code) for code in presence.contributor.values]
    contributors = tuple(sorted(set(owners)))
    owner = np.array([contributors.index(code) for code in owners], dtype=np.int64)
    return planned, owner, contributors
