"""How a force plan is told: what is needed, sent and short, by task and phase, and who sends it."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from contingent.force.plan import largest_phase, sharing, sharing_in_words
from contingent.labels import CONTRIBUTOR, PHASE, PLEDGE, SECTOR, TASK, UNIT_TYPE

TASKS = 40  # characters of a task's name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contingent.force import Plan, Solver
    from contingent.scenario.model import Scenario
    from contingent.scenario.theatre import Requirement


def plan_record(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """A plan as plain values; persons are averages over the weeks of a phase."""
    assigned = plan.assigned.sum([SECTOR, TASK])
    return {
        "solver": solver_record(plan.solver), "required": nested(plan.required.sum(UNIT_TYPE)),
        "assigned": nested(plan.assigned.sum(PLEDGE)), "shortfall": nested(plan.shortfall.sum(UNIT_TYPE)),
        "critical": nested(plan.critical.sum(UNIT_TYPE)),
        "pledges": {
            pledge.id: {"contributor": pledge.contributor, "unit": pledge.unit, **row(assigned.sel(pledge=pledge.id))}
            for pledge in scenario.pledges
        },
        "unsupported": {
            str(kind): {
                str(phase): row(plan.unsupported.sel(support=kind, phase=phase))
                for phase in plan.unsupported[PHASE].values
            }
            for kind in plan.unsupported["support"].values
        },
        "shared": sharing(plan), "withheld": list(plan.withheld),
        "cost": {
            str(c): {str(p): round(float(plan.cost.sel(contributor=c, payer=p))) for p in plan.cost["payer"].values}
            for c in plan.cost[CONTRIBUTOR].values
        },
    }  # fmt: skip


def shared_text(scenario: Scenario, plan: Plan) -> list[str]:
    """Who shares a sector with whom, a line a rule."""
    return [
        f"  {rule}: " + "; ".join(f"{sector} {', '.join(told)}" for _, sector, told in places)
        for rule, places in groupby(sharing_in_words(scenario, plan), key=itemgetter(0))
    ]


def row(array) -> dict[str, float]:
    """One dimension as a mapping of label to persons."""
    return {str(k): round(float(v), 1) for k, v in zip(array[array.dims[0]].values, array.values, strict=True)}


def nested(array) -> dict[str, Any]:
    """(phase, sector, task) as nested mappings."""
    return {
        str(p): {str(s): row(array.sel(phase=p, sector=s)) for s in array[SECTOR].values} for p in array[PHASE].values
    }


def plan_text(scenario: Scenario, plan: Plan) -> str:
    """The plan for people: per phase and task what is wanted, sent and below the minimum; then who sends it."""
    wanted, sent = plan.required.sum([UNIT_TYPE, SECTOR]), plan.assigned.sum([PLEDGE, SECTOR])
    critical = plan.critical.sum([UNIT_TYPE, SECTOR])
    phases = [str(p) for p in wanted[PHASE].values]
    lines = [solver_line(solver_record(plan.solver)), "  sent of wanted (! below the minimum), persons"]
    lines.append("  " + " " * TASKS + "".join(f"{scenario.mandate.phases[p].label:>24}" for p in phases))
    for task in wanted[TASK].values:
        cells = []
        for phase in phases:
            short = float(critical.sel(phase=phase, task=task))
            text = f"{float(sent.sel(phase=phase, task=task)):,.0f} of {float(wanted.sel(phase=phase, task=task)):,.0f}"
            cells.append(f"{text + (f' !{short:,.0f}' if short >= 0.5 else ''):>24}")
        label = shorten(scenario.mandate.tasks[str(task)].label, TASKS)
        lines.append(f"  {label:{TASKS}}" + "".join(cells))
    peak = largest_phase(plan.assigned)
    for code, who in scenario.contributors.items():
        mine: dict[str, float] = {}
        for pledge in scenario.pledges:
            if pledge.contributor == code:
                label = scenario.unit_types[pledge.unit].label
                mine[label] = mine.get(label, 0.0) + float(peak.sel(pledge=pledge.id))
        told = ", ".join(f"{unit} {persons:,.0f}" for unit, persons in mine.items() if persons >= 0.5)
        if told:
            lines.append(f"  {who.label:24} {told}")
    for name, kind in scenario.support.items():
        beyond = [
            f"{scenario.theatre.sectors[str(place)].label} in {phase.label} {persons:,.0f}"
            for key, phase in scenario.mandate.phases.items()
            for place in plan.unsupported[SECTOR].values
            if (persons := float(plan.unsupported.sel(support=name, phase=key, sector=place))) >= 0.5
        ]
        lines.append(f"  {kind.label}, people not covered: {'; '.join(beyond) or 'none'}")
    lines += shared_text(scenario, plan)
    if plan.withheld:
        lines.append(f"  withheld by a condition or a veto: {', '.join(plan.withheld)}")
    return "\n".join(lines)


def proposals(found: Sequence[Requirement]) -> list[dict[str, Any]]:
    """Proposed requirements as a scenario file would hold them."""
    return [
        {
            "id": r.id, "unit": r.unit, "sector": r.sector, "task": r.task, "phase": r.phase,
            "minimum": round(r.minimum.best), "wanted": round(r.wanted.best), "weight": r.weight.best,
            "assumption": r.assumption,
        }
        for r in found
    ]  # fmt: skip


def solver_record(solver: Solver) -> dict:
    """How good a plan is known to be, as plain values."""
    return {
        "status": solver.status, "gap": solver.gap, "bound": solver.bound,
        "objective": solver.objective, "seconds": solver.seconds,
    }  # fmt: skip


def solver_line(solver: dict) -> str:
    """The same for people."""
    return f"{solver['status']}: gap {solver['gap']:.4%} to the proven bound, {solver['seconds']:.1f} s"
