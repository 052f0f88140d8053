"""Which numbers does an ensemble draw, and from which column?

Most are drawn under their path. A position in a bloc shares a part of its error with the bloc; a parameter of the
mission model is one stream whether the scenario says it or not, and a judgement one for all options. What the force
plan takes at its best value (strengths, others' notices, ceilings, requirements) is not drawn: what comes of a pledge
is, and when the contributor's own people could first be there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.stakes import bloc_of, correlated_level
from contingent.ensemble.design import Design
from contingent.mission.parameters import acting
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario

SAID = "theatre.parameters."
"""Where a scenario says a number of the mission model."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a number's draws come from: the column of a `name`, mixed with a bloc's by `together` if it is of one."""

    name: str
    bloc: str = ""
    together: Estimate | None = None

    def level(self, design: Design) -> NDArray[np.float64]:
        """The share of its distribution below which the number lies in every run; shape (run,)."""
        if self.together is None:
            return design.uniform(self.name)
        return correlated_level(design, self.name, self.bloc, design.sample("process.bloc_correlation", self.together))


def streams(scenario: Scenario) -> dict[str, Stream]:
    """How each uncertain number of a scenario is drawn, by path, in the scenario's order."""
    bears = {pledge.id for pledge in scenario.pledges if pledge.contributor == scenario.contributor}
    together = scenario.process.bloc_correlation
    found: dict[str, Stream] = {}
    for path, estimate in scenario.estimates():
        if estimate.certain:
            continue
        match path.split("."):
            case ["theatre", "parameters", name]:
                found[path] = Stream(f"mission.{name}")
            case ["options", _, "judgements", name]:
                found[path] = Stream(f"judgements.{name}")
            case ["stakeholders", *_] if bloc := bloc_of(scenario, path):
                found[path] = Stream(path, bloc, together)
            case ["pledges", name, "cost" | "notice"] if name in bears:
                found[path] = Stream(path)
            case ["pledges", _, "reliability"]:
                found[path] = Stream(path)
            case ["theatre", "crossings", name, _] if not scenario.theatre.crossings[name].goods:
                pass
            case ["pledges", *_] | ["contributors", _, "ceiling"] | ["reimbursement", "budget", *_]:
                pass
            case ["criteria" | "mandate" | "requirements" | "lift" | "composition" | "support" | "unit_types", *_]:
                pass
            case _:
                found[path] = Stream(path)
    return found


def unsaid(scenario: Scenario) -> dict[str, Estimate]:
    """The mission model's parameters that act here and are left as they are, by the path where to say otherwise."""
    return {
        f"{SAID}{name}": prior.estimate
        for name, prior in acting(scenario).items()
        if name not in scenario.theatre.parameters
    }


def drawn_streams(scenario: Scenario) -> dict[str, Stream]:
    """How each uncertain number is drawn, by path: those of the scenario, and those of the mission model that act."""
    left = unsaid(scenario)
    return streams(scenario) | {
        path: Stream(path.replace(SAID, "mission.")) for path, each in left.items() if not each.certain
    }
