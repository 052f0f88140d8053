"""Which numbers does an ensemble draw, and under which name?

Most are drawn under their path. A parameter of the mission model is one stream whether the scenario says it or not,
and a judgement one for all options, so that options differ by what was judged and not by luck. What the force plan
takes at its best value (strengths, notices, ceilings, requirements) is not drawn: what comes of a pledge, and how
late, is drawn from past missions instead.
"""

from __future__ import annotations

from contingent.mission.parameters import estimates
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario


def streams(scenario: Scenario) -> dict[str, str]:
    """The name under which each uncertain number of a scenario is drawn, by path, in the scenario's order."""
    bears = {pledge.id for pledge in scenario.pledges if pledge.contributor == scenario.contributor}
    found = {}
    for path, estimate in scenario.estimates():
        if estimate.certain:
            continue
        match path.split("."):
            case ["theatre", "parameters", name]:
                found[path] = f"mission.{name}"
            case ["options", _, "judgements", name]:
                found[path] = f"judgements.{name}"
            case ["pledges", name, "cost"] if name in bears:
                found[path] = path
            case ["pledges", _, "reliability"]:
                found[path] = path
            case ["pledges", *_] | ["contributors", _, "ceiling"] | ["reimbursement", "budget", *_]:
                pass
            case ["criteria" | "mandate" | "requirements" | "lift" | "composition" | "support" | "unit_types", *_]:
                pass
            case _:
                found[path] = path
    return found


def unsaid(scenario: Scenario) -> dict[str, Estimate]:
    """The mission model's parameters that a scenario leaves as they are, by the path where it could say otherwise."""
    return {
        f"theatre.parameters.{name}": estimate
        for name, estimate in estimates(scenario).items()
        if name not in scenario.theatre.parameters
    }
