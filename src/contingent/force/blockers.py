"""Why each requirement below its minimum cannot be met: the offers there are, and what keeps each from serving."""

from __future__ import annotations

from dataclasses import dataclass

from contingent.force.plan import Plan
from contingent.force.usable import caveats, holds, met, refused
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Pledge


@dataclass(frozen=True, slots=True)
class Blocker:
    """One requirement below its minimum, by name, and what stands in its way."""

    requirement: str
    short: float
    """Persons below the minimum, averaged over the phase."""
    offered: int
    """Pledges of that unit type."""
    why: tuple[str, ...]
    """One reason a pledge, as `pledge: reason`; limits of the whole force last."""


def blockers(scenario: Scenario, plan: Plan) -> list[Blocker]:
    """Every requirement the plan leaves below its minimum, the largest gap first."""
    found = []
    for item in scenario.requirements:
        place = {"unit_type": item.unit, "sector": item.sector, "task": item.task, "phase": item.phase}
        short = float(plan.critical.sel(place))
        if short < 0.5:
            continue
        offers = [pledge for pledge in scenario.pledges if pledge.unit == item.unit]
        why = [f"{pledge.id}: {_reason(scenario, pledge, item.sector, item.task)}" for pledge in offers]
        if not offers:
            why = [f"nobody offers a unit of type {item.unit}"]
        found.append(Blocker(item.id, short, len(offers), tuple(why)))
    return sorted(found, key=lambda blocker: (-blocker.short, blocker.requirement))


def _reason(scenario: Scenario, pledge: Pledge, sector: str, task: str) -> str:
    if pledge.contributor in refused(scenario):
        rules = [n for n, r in scenario.composition.items() if r.kind == "veto" and r.contributor == pledge.contributor]
        return f"its contributor is refused ({', '.join(rules)})"
    if not holds(scenario, pledge):
        unmet = [n for n in pledge.caveats if not met(scenario, scenario.caveats[n])]
        return f"holds only under other terms ({', '.join(unmet)})"
    barred = [
        name
        for name, caveat in zip(pledge.caveats, caveats(scenario, pledge), strict=True)
        if caveat.card == "red"
        and (task in caveat.excludes_tasks or sector in caveat.excludes_sectors or pledge.unit in caveat.excludes_units)
    ]
    if barred:
        return f"barred by its caveats ({', '.join(barred)})"
    return "serves where it counts more, or is held back by lift, the ceiling or a share of the force"
