"""What would help most, whom can the force not lose, and which pledge serves which requirement?"""

from __future__ import annotations

from typing import Any

from contingent.brief.blocks import Block, Paragraph, Table, Text
from contingent.brief.plan_numbers import change, persons
from contingent.force import Plan
from contingent.labels import PHASE, PLEDGE, SECTOR, TASK
from contingent.scenario.model import Scenario

TITLES = {
    "one_more": "With one more unit",
    "without_caveat": "If a caveat were lifted",
    "without_rule": "If a rule or limit gave way",
    "withdrawal": "If a contributor withdrew (all others re-planned from the start)",
}
SHORT = ("persons below the minimum", "persons below what is wanted")


def helps(scenario: Scenario, reasons: dict[str, Any]) -> tuple[Block, ...]:
    """The change that each step makes, a table a kind of step."""
    if not reasons:
        return (Paragraph(("Not asked: --why gives it.",)),)
    note = "Change in persons short, averaged over all weeks: less is better. What is not listed changes nothing."
    blocks: list[Block] = [Paragraph((note,), "reading")]
    for key, title in TITLES.items():
        rows = tuple(told(scenario, item) for item in felt(reasons, key))
        columns = ("What", *(name.capitalize() for name in SHORT))
        empty = Paragraph((f"{title}: nothing would change.",))
        blocks.append(Table(title, columns, rows, (1, 2), key) if rows else empty)
    return tuple(blocks)


def felt(reasons: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The steps of one kind that change anything."""
    return [item for item in reasons[key] if round(item["critical"]) or round(item["short"])]


def told(scenario: Scenario, item: dict[str, Any]) -> tuple[Text, Text, Text]:
    """A step and what it changes: below the minimum, and below what is wanted."""
    return ((named(scenario, item["what"]),), (change(item["critical"]),), (change(item["short"]),))


def named(scenario: Scenario, what: str) -> str:
    """A change in the scenario's words, where it has some."""
    name, _, rest = what.removeprefix("without ").partition(", ")
    labels = {**scenario.unit_types, **scenario.caveats, **scenario.contributors, **scenario.composition}
    if rest:
        who = rest.removesuffix(" alone")
        return f"{scenario.contributors[who].label} alone: {labels[name].label}"
    if what.startswith("ceiling of"):
        return what.replace(what[11:14], scenario.contributors[what[11:14]].label, 1)
    return labels[name].label if name in labels else what


def matched(scenario: Scenario, plan: Plan) -> tuple[Block, ...]:
    """Every requirement with the pledges that serve it, a table a phase."""
    mandate, sectors = scenario.mandate, scenario.theatre.sectors
    blocks: list[Block] = []
    for phase, spec in mandate.phases.items():
        rows = []
        for item in (r for r in scenario.requirements if r.phase == phase):
            at = {PHASE: phase, SECTOR: item.sector, TASK: item.task}
            where = {"requirement": item.id}
            mine = [pledge for pledge in scenario.pledges if pledge.unit == item.unit]
            sent = [(float(plan.assigned.sel({PLEDGE: pledge.id, **at})), pledge) for pledge in mine]
            total = sum(number for number, _ in sent)
            gap = max(0.0, item.minimum.best - total)
            served: Text = ()
            for amount, pledge in sent:
                if round(amount):
                    who = scenario.contributors[pledge.contributor].label
                    served = (*served, f"{', ' if served else ''}{who} ", persons("force.assigned", amount))
            rows.append((
                (f"{mandate.tasks[item.task].label}, {sectors[item.sector].label}",),
                (scenario.unit_types[item.unit].label,),
                served or ("nobody",),
                (persons("force.minimum", item.minimum.best, **where),),
                (persons("force.required", item.wanted.best, **where),),
                (persons("force.assigned", total, **where),),
                (persons("force.critical", gap, **where),) if round(gap) else ("",),
            ))  # fmt: skip
        met = sum(row[6] == ("",) for row in rows)
        blocks += [
            Paragraph((f"{spec.label}: {met} of {len(rows)} requirements reach their minimum.",), "reading"),
            Table(f"Which pledge serves which requirement: {spec.label}, persons, averaged over the phase",
                  ("Requirement", "Unit", "Served by", "Minimum", "Wanted", "Sent", "Below the minimum"),
                  tuple(rows), (3, 4, 5, 6), f"matched_{phase}"),
        ]  # fmt: skip
    return tuple(blocks)
