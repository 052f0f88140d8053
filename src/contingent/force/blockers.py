"""Why a requirement is below its minimum: what keeps each offer away, and which requirement is served instead.

A requirement short *even alone* is short for want of offers; one that could be met alone is in conflict with others,
and those are named: the requirements that fall below their own minimum once it is met.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from contingent.force import eligibility
from contingent.force.analysis import Analysis, Move
from contingent.force.plan import Plan
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies
from contingent.scenario.pledge import Pledge
from contingent.scenario.theatre import Requirement

NOBODY = 0.5  # persons: less is nobody
TITLES = {
    "one_more": "With one more unit",
    "without_caveat": "If a caveat were lifted",
    "without_rule": "If a rule or limit gave way",
    "withdrawal": "If a contributor withdrew (all others re-planned from the start)",
}
SERVES = "serves where it counts more, or is held back by lift, the ceiling or a share of the force"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One requirement below its minimum, by name, and what stands in its way; persons averaged over its phase."""

    requirement: str
    short: float
    """Below the minimum."""
    alone: float
    """Below the minimum still, if nothing but this requirement counted."""
    instead: tuple[tuple[str, float], ...]
    """Requirements that would fall (further) below their own minimum if this one were met, and by how much."""
    why: tuple[tuple[str, tuple[str, ...]], ...]
    """Every reason, with the pledges of that unit type it keeps away."""


def blockers(scenario: Scenario, plan: Plan, analysis: Analysis) -> list[Blocker]:
    """Every requirement the plan leaves below its minimum, the largest gap first."""
    found, planned = [], _planned(scenario, plan, analysis)
    for item in scenario.requirements:
        place = {"unit_type": item.unit, "sector": item.sector, "task": item.task, "phase": item.phase}
        short = float(plan.critical.sel(place))
        if short < NOBODY:
            continue
        reasons: dict[str, list[str]] = {}
        for pledge in scenario.pledges:
            if pledge.unit == item.unit:
                reason = _reason(scenario, pledge, item) or _apart(plan, analysis, pledge, item) or SERVES
                reasons.setdefault(reason, []).append(pledge.id)
        why = tuple((reason, tuple(pledges)) for reason, pledges in reasons.items())
        why = why or ((f"nobody offers a unit of type {item.unit}", ()),)
        found.append(Blocker(item.id, short, *_conflict(scenario, analysis, planned, item), why))
    return sorted(found, key=lambda blocker: (-blocker.short, blocker.requirement))


def _planned(scenario: Scenario, plan: Plan, analysis: Analysis) -> np.ndarray:
    """Persons below the minimum by row and period in the plan itself: of plans that tie, the one that is told."""
    base, demand, of = analysis.base, analysis.base.demand, {p.id: p.unit for p in scenario.pledges}
    short = np.zeros_like(demand.minimum)
    for row in range(len(demand.unit)):
        mine = [p for p in plan.serving["pledge"].values if of[str(p)] == base.units[demand.unit[row]]]
        place = {"sector": base.sectors[demand.sector[row]], "task": base.tasks[demand.task[row]]}
        sent = plan.serving.sel(pledge=mine, **place).sum("pledge").values
        short[row] = np.maximum(demand.minimum[row] - sent, 0.0)
    return short


def _conflict(
    scenario: Scenario, analysis: Analysis, planned: np.ndarray, item: Requirement
) -> tuple[float, tuple[tuple[str, float], ...]]:
    """How much is missing if one requirement alone counts, and who pays if it is met."""
    trials, here = analysis.trials, _place(scenario, analysis, item)
    own = trials.posed.columns["critical"][here]
    cost = np.zeros(len(trials.matrices.cost))
    cost[own] = np.broadcast_to(analysis.base.calendar.weeks[here[1]], own.shape)
    alone = _short(scenario, analysis, item, trials.outcome(Move(analysis.closed, cost=cost)).by_row)
    if alone >= NOBODY:
        return alone, ()
    everywhere = trials.posed.columns["critical"]
    as_now = dict(zip(everywhere.ravel().tolist(), planned.ravel().tolist(), strict=True))
    met = dict.fromkeys(own.tolist(), 0.0)  # nobody may gain by it, or shifts between equals would be told as losses
    met_first = trials.outcome(Move(analysis.closed, high=met, low=as_now | met)).by_row
    paid = [
        (other.id, _short(scenario, analysis, other, met_first) - _short(scenario, analysis, other, planned))
        for other in scenario.requirements
    ]
    return alone, tuple((name, more) for name, more in sorted(paid, key=lambda p: (-p[1], p[0])) if more >= NOBODY)


def _place(scenario: Scenario, analysis: Analysis, item: Requirement) -> tuple[int, np.ndarray]:
    """Row and periods of a requirement in the programme."""
    demand, base = analysis.base.demand, analysis.base
    is_ours = (demand.unit == base.units.index(item.unit)) & (demand.sector == base.sectors.index(item.sector))
    phase, calendar = scenario.mandate.phases[item.phase], base.calendar
    row = int(np.flatnonzero(is_ours & (demand.task == base.tasks.index(item.task)))[0])
    return row, np.flatnonzero(calendar.within(phase.start, phase.end))


def _short(scenario: Scenario, analysis: Analysis, item: Requirement, by_row: np.ndarray) -> float:
    """Persons below a requirement's minimum, averaged over its phase."""
    row, periods = _place(scenario, analysis, item)
    weeks = analysis.base.calendar.weeks[periods]
    return float(by_row[row, periods] @ weeks / weeks.sum())


def _reason(scenario: Scenario, pledge: Pledge, item: Requirement) -> str:
    """What in its own terms keeps a pledge from a requirement, if anything does."""
    if rules := eligibility.vetoes(scenario).get(pledge.contributor):
        return f"its contributor is refused ({', '.join(rules)})"
    if pledge.status == "withdrawn":
        return "is withdrawn"
    if eligibility.unassessed(scenario, pledge):
        return "is registered only; the United Nations selects units it has assessed"
    if not eligibility.is_valid(scenario, pledge):
        unmet = [n for n in pledge.caveats if not satisfies(scenario, scenario.caveats[n].requires)]
        return f"holds only under other terms ({', '.join(unmet)})"
    if pledge.sectors and item.sector not in pledge.sectors:
        return "is offered for other sectors"
    red = (name for name in pledge.caveats if scenario.caveats[name].card == "red")
    barred = [n for n in red if eligibility.restricts(scenario.caveats[n], pledge, item.sector, item.task)]
    return f"barred by its caveats ({', '.join(barred)})" if barred else ""


def _apart(plan: Plan, analysis: Analysis, pledge: Pledge, item: Requirement) -> str:
    """The rules by which a pledge does not share this sector with those who serve there in the phase."""
    base, (_, periods) = analysis.base, _place(analysis.scenario, analysis, item)
    group, found = base.groups.name.index(pledge.id), []
    for rule in base.limits.compatible:
        if rule.by_leave:
            continue
        unsuited = [
            f"{rule.name}: {one}" for one, suits in zip(rule.choices, rule.suits[:, group], strict=True) if not suits
        ]
        if bool(plan.common.sel(choice=unsuited, sector=item.sector, period=periods).any("choice").all()):
            found.append(rule.name.split(".")[1])
    return f"does not share the sector with those who serve there ({', '.join(found)})" if found else ""


def reasons(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Which requirements are `blocked` and by what; changes in persons short by the keys of `TITLES`."""
    analysis = Analysis(scenario)
    lists = {"one_more": analysis.one_more(), "without_caveat": analysis.caveats(),
             "without_rule": analysis.rules(), "withdrawal": analysis.withdrawals()}  # fmt: skip
    return {"blocked": [asdict(b) for b in blockers(scenario, plan, analysis)]} | {
        name: [{"what": c.what, **short(c)} for c in found] for name, found in lists.items()
    }


def short(found: Any) -> dict[str, float]:
    """The persons short of minimum and wish, to a tenth."""
    return {name: round(getattr(found, name), 1) + 0.0 for name in ("critical", "short")}


def named(scenario: Scenario, what: str) -> str:
    """A change in the scenario's words, where it has some."""
    name, _, rest = what.removeprefix("without ").partition(", ")
    labels = {**scenario.unit_types, **scenario.caveats, **scenario.contributors, **scenario.composition}
    if rest:
        who = rest.removesuffix(" alone")
        return f"{scenario.contributors[who].label} alone: {labels[name].label}"
    if what.startswith("ceiling of"):
        code = what.split()[2]
        return what.replace(code, scenario.contributors[code].label, 1)
    return labels[name].label if name in labels else what
