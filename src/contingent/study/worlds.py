"""Which world each run is in: events that no option decides, the same for every option.

In every run an event happens or not, alike for all options, so that what an option gains is never confounded with
what the event brings. An event that changes the scenario says so in `sets` and `otherwise`.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.paths import changed


def worlds(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Every combination of the events that change the scenario, by name, with the overrides it brings."""
    events = {name: event for name, event in scenario.process.events.items() if event.sets or event.otherwise}
    found: dict[str, dict[str, Any]] = {}
    for happened in product((True, False), repeat=len(events)):
        name = " ".join(e if yes else f"no_{e}" for e, yes in zip(events, happened, strict=True)) or "as_described"
        overrides: dict[str, Any] = {}
        for event, yes in zip(events.values(), happened, strict=True):
            overrides |= event.sets if yes else event.otherwise
        found[name] = overrides
    return found


def usual(scenario: Scenario) -> str:
    """The name of the world most runs would be in, by the best values of the events' probabilities."""
    events = {name: event for name, event in scenario.process.events.items() if event.sets or event.otherwise}
    names = (name if event.expected > 0.5 else f"no_{name}" for name, event in events.items())
    return " ".join(names) or "as_described"


def standing(scenario: Scenario) -> str | None:
    """The name of the world that a scenario, already under an option, stands in as it is; none if in none of them."""
    return next((name for name, brings in worlds(scenario).items() if in_world(scenario, brings) == scenario), None)


def in_world(scenario: Scenario, overrides: dict[str, Any]) -> Scenario:
    """A scenario, already under an option, as it stands in a world."""
    return changed(scenario, overrides)


def happened(scenario: Scenario, design: Design) -> NDArray[np.str_]:
    """The name of the world each run of the design is in; shape (run,)."""
    events = [name for name, event in scenario.process.events.items() if event.sets or event.otherwise]
    came = {name: np.isfinite(days[::INNER]) for name, days in happening(scenario, design).items()}
    if not events:
        return np.full(design.index.size, "as_described")
    words = [np.where(came[name], name, f"no_{name}").astype(object) for name in events]
    return np.array([" ".join(each) for each in zip(*words, strict=True)], dtype=str)
