"""Which world each run is in, and from when on a force may begin there: events that no option decides.

In every run an event happens or not, alike for all options, so that what an option gains is never confounded with
what the event brings. An event that changes the scenario says so in `sets` and `otherwise`; a pledge may wait for one.
"""

from collections.abc import Container, Iterable, Mapping
from functools import reduce
from itertools import combinations, product
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.design import Design
from contingent.errors import ScenarioError
from contingent.force.deploy import Start
from contingent.force.eligibility import is_valid
from contingent.labels import PLEDGE, RUN
from contingent.scenario.model import Scenario
from contingent.scenario.paths import changed, of_event, satisfies
from contingent.scenario.pledge import Pledge
from contingent.scenario.process import Event


def worlds(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Every combination of the events that change the scenario, by name, with the overrides it brings.

    An event that comes after others is in no world without them.
    """
    found: dict[str, dict[str, Any]] = {}
    events, names = scenario.process.events, scenario.changing
    for happened in product((True, False), repeat=len(names)):
        came = {name for name, yes in zip(names, happened, strict=True) if yes}
        if any(earlier(events, name) & set(names) - came for name in came):
            continue
        overrides: dict[str, Any] = {}
        for name, yes in zip(names, happened, strict=True):
            overrides |= events[name].sets if yes else events[name].otherwise
            if yes and name in scenario.conditions:
                overrides[of_event(f"event.{name}")] = True
        found[world_of(names, came)] = overrides
    return found


def world_of(names: Iterable[str], came: Container[str]) -> str:
    """The name of the world in which, of some events, those came."""
    return " ".join(name if name in came else f"no_{name}" for name in names) or "as_described"


def earlier(events: Mapping[str, Event], name: str) -> set[str]:
    """The events without which one cannot have come, those before them included."""
    before = set(events[name].after)
    return before.union(*(earlier(events, other) for other in before))


def usual(scenario: Scenario) -> str:
    """The name of the world most runs would be in, by the best values of the events' probabilities."""
    events = scenario.process.events
    told = {one.what: one.came for one in scenario.happened if one.came is not None}
    likely = {name for name in events if told.get(name, events[name].expected > 0.5)}
    came = {name for name in likely if earlier(events, name) <= likely}
    return world_of(scenario.changing, came)


def settled(scenario: Scenario) -> Scenario:
    """A scenario as the events that came, or are ruled out, leave it; what nobody knows yet stands as it is written."""
    told = {one.what: one.came for one in scenario.happened if one.came is not None}
    sides = ((event.sets if told[name] else event.otherwise) for name, event in scenario.process.events.items()
             if name in told)  # fmt: skip
    return in_world(scenario, {path: value for side in sides for path, value in side.items()})


def standing(scenario: Scenario) -> str | None:
    """The name of the world that a scenario, already under an option, stands in as it is; none if in none of them."""
    return next((name for name, brings in worlds(scenario).items() if in_world(scenario, brings) == scenario), None)


def in_world(scenario: Scenario, overrides: dict[str, Any]) -> Scenario:
    """A scenario, already under an option, as it stands in a world; what the option took away stays away."""
    try:
        return changed(scenario, overrides)
    except ScenarioError as error:
        gone = {complaint.path for complaint in error.complaints}
        return changed(scenario, {path: value for path, value in overrides.items() if path not in gone})


def happened(scenario: Scenario, design: Design) -> NDArray[np.str_]:
    """The name of the world each run of the design is in; shape (run,)."""
    names = scenario.changing
    days = happening(scenario, design)
    came = np.array([np.isfinite(days[name][::INNER]) for name in names]).reshape(len(names), design.index.size)
    kinds, at = np.unique(came, axis=1, return_inverse=True)
    words = [world_of(names, {n for n, yes in zip(names, kind, strict=True) if yes}) for kind in kinds.T]
    return np.array(words, dtype=str)[at.ravel()]


Days = dict[str, NDArray[np.float64]]


def start_of(branches: Mapping[str, Scenario], world: str, design: Design, decided: NDArray[np.float64]) -> Start:
    """From when on every pledge's people can come, in runs of a design that are all in one world.

    A pledge waits for the events without which it would not hold, then for what the host's acceptance takes. The
    contributor whose decision it is also waits for that decision, and gives its notice from then on; others' notice is
    in the plan's first week.

    Args:
        branches: the scenario under one option in every world, by name.
        world: the world the runs are in.
        design: the runs.
        decided: the day on which the contributor has decided and been accepted; shape (run,).
    """
    scenario = branches[world]
    days = event_days(scenario, design)
    own = [scenario.answering(pledge.contributor) == scenario.contributor for pledge in scenario.pledges]
    mandate = np.zeros((len(design.index), len(own)))
    ready = np.zeros_like(mandate)
    for i, pledge in enumerate(scenario.pledges):
        mandate[:, i] = holds_from(pledge, branches, world, days)
        if own[i]:
            ready[:, i] = decided + design.sample(f"pledges.{pledge.id}.notice", pledge.notice)
    there = [pledge.readiness == "deployed" for pledge in scenario.pledges]
    begins = np.where(there, mandate, accepted_by_host(scenario, mandate, days, design))
    coords = {RUN: design.index, PLEDGE: [pledge.id for pledge in scenario.pledges]}
    weeks = (xr.DataArray(each / 7, coords, attrs={"units": "week"}) for each in (mandate, begins, ready))
    return Start(*weeks)


def event_days(scenario: Scenario, design: Design) -> Days:
    """The day of every event in the draw of each run's world; the day it would come on where it does not; (run,)."""
    came, surely = happening(scenario, design), happening(scenario, design, surely=True)
    return {name: np.where(np.isfinite(day), day, surely[name])[::INNER] for name, day in came.items()}


def days_in(world: str, scenario: Scenario, design: Design) -> Days:
    """When every event happens in the runs of a world, days from the scenario's date, inf where it does not; (run,).

    What changes nothing in the scenario is in no world's name, and happens as it is drawn.
    """
    surely, words, never = event_days(scenario, design), world.split(), np.full(len(design.index), np.inf)
    return {
        name: surely[name] if name in words else never if f"no_{name}" in words else days[::INNER]
        for name, days in happening(scenario, design).items()
    }


def holds_from(pledge: Pledge, branches: Mapping[str, Scenario], world: str, days: Days) -> NDArray[np.float64]:
    """The first day from which on a pledge holds, whatever of a world is yet to come; (run,), or (1,) for all alike.

    Where a world has no legal basis until an event brings one, everybody waits for it who is not there already.
    """
    came = [name for name in world.split() if name in days]
    events = branches[world].process.events
    basis = branches[world].mandate.legal_basis

    def holds(events: tuple[str, ...]) -> bool:
        branch = branches[" ".join(e if e in events or e not in came else f"no_{e}" for e in world.split())]
        made = next((each for each in branch.pledges if each.id == pledge.id), None)
        alone = branch.mandate.legal_basis == "none" != basis and pledge.readiness != "deployed"
        return made is not None and not alone and is_valid(branch, made)

    each = [
        subset
        for size in range(len(came) + 1)
        for subset in combinations(came, size)
        if all(earlier(events, name) & set(came) <= set(subset) for name in subset)
    ]
    good = {subset for subset in each if holds(subset)}
    enough = [  # by then the pledge holds, and goes on holding
        reduce(np.maximum, (days[name] for name in subset), np.zeros(1))
        for subset in good
        if all(more in good for more in each if set(subset) <= set(more))
    ]
    return reduce(np.minimum, enough) if enough else np.zeros(1)


def accepted_by_host(
    scenario: Scenario, mandate: NDArray[np.float64], days: Days, design: Design
) -> NDArray[np.float64]:
    """The day on which those who must accept a force have done so, where a scenario has such gates; as `mandate`."""
    clocks = {"": mandate}
    for name, gate in scenario.process.gates.items():
        if gate.stage == "acceptance" and satisfies(scenario, gate.applies_if):
            clock = clocks.get(gate.whose, mandate)
            if gate.event is not None:
                clock = np.maximum(clock, days[gate.event][:, None])
            clocks[gate.whose] = clock + design.sample(f"process.gates.{name}.duration", gate.duration)[:, None]
    return np.max([*clocks.values()], axis=0)
