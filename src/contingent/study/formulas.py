"""By which formula is each result computed, and from which parts of the scenario?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Over = Literal["mean", "last", "lowest", "so_far", "phase"]
DECIDING = ("stakeholders", "process", "reference_class", "options.*.terms")
# Whether and when an event comes decides which pledges hold, so all that hangs on troops hangs on it.
GENERATING = ("pledges", "requirements", "contributors", "composition", "mandate", "process.events")
ON_THE_GROUND = (*GENERATING, "theatre")
JUDGING = ("criteria", "options")


@dataclass(frozen=True, slots=True)
class Formula:
    """How a result is computed: where its array is, in words, its unit, what it reads, where that is documented.

    `over` says how its parts are taken together: rates and shares are averaged, counts add up `so_far`,
    to the week named, states are taken at the end or at their lowest; persons add up within a phase, and the largest
    phase counts (`phase`), as the same persons serve in the next.
    `per` divides the array to get the unit; a `complement` is one less it.
    """

    array: str
    says: str
    unit: str
    inputs: tuple[str, ...]
    page: str
    over: Over = "mean"
    per: float = 1.0
    complement: bool = False


def consultation(variable: str, says: str, unit: str = "1") -> Formula:
    """A result of the consultation engine."""
    return Formula(f"consultation.{variable}", says, unit, DECIDING, "docs/methods/consultation.md")


def force(array: str, says: str, unit: str, *, over: Over = "mean") -> Formula:
    """A result of the force engine."""
    return Formula(array, says, unit, GENERATING, "docs/methods/force.md", over)


def mission(
    array: str, says: str, unit: str, *, over: Over = "mean", per: float = 1.0, complement: bool = False
) -> Formula:
    """A result of the mission engine."""
    return Formula(array, says, unit, ON_THE_GROUND, "docs/methods/mission.md", over, per, complement)


def appraisal(variable: str, says: str) -> Formula:
    """A result of the appraisal."""
    inputs = (*JUDGING, *DECIDING, *ON_THE_GROUND)
    return Formula(f"appraisal.{variable}", says, "1", inputs, "docs/methods/appraisal.md")


@lru_cache
def reads(inputs: tuple[str, ...]) -> re.Pattern[str]:
    """The dotted paths at and below a formula's inputs; `*` stands for any one step."""
    steps = "|".join(re.escape(path).replace(r"\*", "[^.]+") for path in inputs)
    return re.compile(rf"(?:{steps})(?:\.|$)")


SO_FAR = "summed up to the week named, or to the last"

FORMULAS: dict[str, Formula] = {
    "consultation.passes": consultation(
        "passes", "the probability of a national yes, pooled from the gates' votes, the weighted share in favour and "
        "past decisions alike, times the chance that the terms are kept, that what it waits for happens, and in time",
    ),
    "consultation.other_terms": consultation(
        "other_terms", "the probability that something is decided in time, but on terms other than the option's own"
    ),
    "consultation.accepted": consultation(
        "accepted", "the probability that the parties whose consent is needed accept the contributor"
    ),
    "consultation.gate_passes": consultation(
        "gate_passes", "the probability that a gate lets the option through once it is reached; the mean over gates "
        "where none is named",
    ),
    "consultation.days": consultation("days", "days from the scenario's date to the decision, if it passes", "day"),
    "force.shortfall": force(
        "force.shortfall", "persons wanted less persons assigned by the plan that leaves the least weighted shortfall "
        "under caveats, notice, rotation and ceilings; in the phase with most where none is named", "person",
        over="phase",
    ),
    "force.coverage": force("deployment.coverage", "persons delivered over persons wanted on the tasks taken on", "1"),
    "force.contributor_cost": force(
        "deployment.contributor_cost", "over the horizon, person-months in theatre times cost per person-month, less "
        "what is reimbursed", "USD",
    ),
    "force.required": force(
        "force.required", "persons wanted by the statement of requirements, in the phase with most where none is named",
        "person", over="phase",
    ),
    "force.assigned": force(
        "force.assigned", "persons the plan assigns, in the phase with most where none is named", "person", over="phase"
    ),
    "mission.ceasefire_falls": mission(
        "weekly.ceasefire", "one less the lowest state of the ceasefire in any week of the run, or in the week named",
        "1", over="lowest", complement=True,
    ),
    "mission.events": mission(
        "weekly.events", "security incidents in a week, over all sectors; the mean over weeks where none is named",
        "event/week",
    ),
    "mission.weapons_collected": mission(
        "weekly.weapons_collected", f"weapons collected, {SO_FAR}", "weapon", over="so_far"
    ),
    "mission.trucks_delivered": mission(
        "weekly.trucks_delivered", "trucks delivered in a week over its seven days; the mean over weeks where none is "
        "named", "truck/day", per=7,
    ),
    "mission.civilian_deaths": mission(
        "weekly.civilian_deaths", f"civilians killed, {SO_FAR}", "person", over="so_far"
    ),
    "mission.outside_deaths": mission(
        "weekly.outside_deaths", f"people killed by fire from outside, {SO_FAR}", "person", over="so_far"
    ),
    "mission.own_deaths": mission(
        "weekly.own_deaths", f"members of the force killed by hostile acts, {SO_FAR}", "person", over="so_far"
    ),
    "mission.need": mission(
        "sectors.need", "share of a sector's basic needs unmet at the end of the horizon; the mean over sectors where "
        "none is named", "1",
    ),
    "mission.need_averted": mission(
        "measure.mission.need_averted", "unmet need times people, over all weeks and sectors, under the baseline less "
        "under the option, in the same run", "million person-weeks",
    ),
    "mission.withdrawal": mission(
        "measure.mission.withdrawal", "the probability that the contributor whose decision it is leaves before the end",
        "1",
    ),
    "mission.home_support": mission(
        "measure.mission.home_support", "share of the contributor's public behind the decision at the end of the "
        "horizon", "1",
    ),
    "mission.ceasefire_holds": mission(
        "weekly.ceasefire", "whether the ceasefire holds in the last week, or in the week named", "1", over="last"
    ),
    "appraisal.first": appraisal(
        "first", "the share of weights under which the option is worth most (first-rank acceptability, SMAA-2)"
    ),
    "appraisal.ranks": appraisal(
        "ranks", "the share of weights and runs under which the option takes a rank (rank acceptability, SMAA-2); the "
        "first rank where none is named",
    ),
    "appraisal.central": appraisal(
        "central", "the mean of the weights that put the option first (central weight); the mean over criteria where "
        "none is named",
    ),
    "appraisal.confidence": appraisal(
        "confidence", "the share of runs in which the option is first under its own central weights"
    ),
    "appraisal.regret": appraisal(
        "regret", "the worth of the best admissible option less this one's, mean over the weights, run by run"
    ),
    "appraisal.score": appraisal("score", "the worth of the option at the mean of all allowed weights"),
}  # fmt: skip


def formula_of(name: str) -> str:
    """How a result is computed, in words; of a criterion's performance, what every performance is."""
    if name in FORMULAS:
        return FORMULAS[name].says
    return next((says for prefix, says in FAMILIES.items() if name.startswith(prefix)), "")


FAMILIES = {
    "performance.": "the option's performance on that criterion in every run, in the criterion's own unit",
    "appraisal.correlation": "the correlation of two criteria's worth over runs, within options",
    "appraisal.floor_risk": "the share of runs in which the option is below a stated floor",
    "run.unsourced": "the influence of all numbers without a claim over that of all numbers, where influence is "
    "the squared rank correlation with the headline",
    "run.influence": "the squared rank correlation of a number with the headline, largest of its two headlines",
    "insight.coverage": "the share of the runs in which the option is worth most that lie in the box (PRIM)",
    "insight.density": "the share of the runs in the box in which the option is worth most (PRIM)",
    "insight.adaptive": "the performance of the first option until the event, of the second from then on, appraised "
    "beside all options",
    "insight.tipping": "the point at which the regression of the gap between two options' worth on the number is zero",
    "insight.information": "the worth of choosing by the record's numbers less that of the best option now, on runs "
    "the regression has not seen; told only where it is more than two standard errors",
    "insight.perfect": "the mean of the best option's worth in every run less the worth of the option best on average",
    "since.passes": "the probability of passing in the run named, beside this one's",
    "since.changes": "the number of places at which the two scenarios differ",
    "since.attribution": "the Shapley value of a group of changed assumptions for the chance of passing, each step run "
    "with the same seed",
    "precedents.rates": "the share that joined in a class of past decisions, pulled towards the wider class's share "
    "as if that had been observed six more times; the interval is Jeffreys' for the class alone",
    "precedents.forecast": "a logistic regression on past decisions with the country's own effect",
    "precedents.calibration": "past decisions in five groups by what was forecast, every country from all others",
    "precedents.brier": "the mean squared difference of forecast and outcome, every country forecast from all others",
    "precedents.cases": "the past decisions on record before the scenario's date",
}
