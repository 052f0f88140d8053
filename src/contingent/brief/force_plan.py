"""What does a force planner look at first, and what stands behind it?

One option's plan as a document of blocks, printed like the brief: the answer on one sheet, then the maps of what is
missing and what caveats bar, what would help, which pledge serves which requirement, and how each number is computed.
"""

from dataclasses import replace
from math import ceil
from typing import Any

from contingent.brief.document import Document, Reference, bare, numbers
from contingent.brief.document.blocks import (
    Block,
    Box,
    Bullets,
    Entries,
    Entry,
    Figure,
    Key,
    Keys,
    Paragraph,
    Section,
    Table,
    Text,
    joined,
    tabled,
)  # fmt: skip
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.force_plan_figures import (
    FORMULAS,
    arrivals,
    barred,
    change,
    costs,
    millions,
    peak,
    persons,
    shortfalls,
    terms,
)  # fmt: skip
from contingent.force import Deployment, Plan
from contingent.labels import PHASE, PLEDGE, SECTOR, TASK
from contingent.scenario.model import Scenario

TITLES = {
    "one_more": "With one more unit",
    "without_caveat": "If a caveat were lifted",
    "without_rule": "If a rule or limit gave way",
    "withdrawal": "If a contributor withdrew (all others re-planned from the start)",
}


def plan_page(scenario: Scenario, plan: Plan, deployment: Deployment, label: str, reasons: dict[str, Any]) -> Document:
    """The document of one option's plan; `reasons` are lists of changes by the keys of `TITLES`, or empty."""
    catalogue = Catalogue("en")
    when, pays, missing = arrivals(scenario, deployment), costs(scenario, plan), shortfalls(scenario, plan)
    shown = tuple(replace(each.table, id=f"t-{each.id}") for each in (when, pays))
    sections = [
        Section("bottom-line", "What does the plan deliver, and what is still missing?",
                (keys(scenario, plan, deployment), short(plan, missing), first(scenario, reasons))),
        Section("when", "When do they arrive?", (when,)),
        Section("pays", "Who pays?", (pays,)),
        Section("short", "What is missing, task by task", (missing,), annex=True),
        Section("bars", "What caveats bar", (barred(scenario), *terms(scenario, plan)), annex=True),
        Section("helps", "What would help, and whom it cannot lose", helps(scenario, reasons), annex=True),
        Section("served", "Who serves where", matched(scenario, plan), annex=True),
        Section("shown", "When they arrive and who pays: the numbers", shown, annex=True),
    ]  # fmt: skip
    traces = dict.fromkeys(bare(each.trace) for each in numbers(sections))
    found = tuple(Reference(f"n{i}", trace, FORMULAS[trace.name]) for i, trace in enumerate(traces))
    entries = Entries(tuple(Entry(each.anchor, (each.trace.name,), ((each.formula,),)) for each in found))
    sections.append(Section("numbers", catalogue.word("annex.numbers"), (entries,), annex=True))
    question = f"{scenario.title}. {label}: who brings what, and what is missing?"
    return Document(scenario.title, question, scenario.decider, scenario.as_of.isoformat(), scenario.marking, catalogue,
                    tuple(sections), found)  # fmt: skip


def keys(scenario: Scenario, plan: Plan, deployment: Deployment) -> Keys:
    """The three numbers at the top: how many come, how many the minimum lacks, what it costs."""
    week, planned, middle, low, high = peak(deployment)
    below = {str(phase): float(plan.critical.sel({PHASE: phase}).sum()) for phase in plan.critical[PHASE].values}
    worst = max(below, key=lambda phase: below[phase])
    total = {str(payer): float(plan.cost.sel(payer=payer).sum()) for payer in plan.cost["payer"].values}
    return Keys((
        Key((f"persons in theatre in week {week}, when most are planned",), planned,
            ("as pledges are kept: median ", middle, " (90 % of runs: ", low, " to ", high, ")")),
        Key(("persons below the minimum, in the worst phase",), persons("force.critical", below[worst]),
            (f"phase “{scenario.mandate.phases[worst].label}”" if below[worst] >= 1 else "every minimum is met",)),
        Key((f"million {scenario.money} over the operation, personnel only",), millions(scenario, sum(total.values())),
            (millions(scenario, total["fund"], payer="fund"), " reimbursed by a fund")),
    ))  # fmt: skip


def short(plan: Plan, missing: Figure) -> Box:
    """Where most is missing, and how far from the best plan this one can be."""
    gap = f"{max(ceil(plan.solver.gap * 1e4), 1) / 1e4:.2%}".replace("%", "\u00a0%")
    proved = (
        f"No plan could do better by more than {gap}, weighing persons below the minimum first, those below what is "
        "wanted next, then cost."
    )
    return Box("warning", "What is missing", (Paragraph(missing.reading[:-1]), Paragraph((proved,), "note")))


def first(scenario: Scenario, reasons: dict[str, Any]) -> Box:
    """What would help most and whose loss would hurt most, the first of every kind."""
    items: list[Text] = []
    for key, title in TITLES.items() if reasons else ():
        for what, critical, wanted in (told(scenario, item) for item in felt(reasons, key)[:1]):
            lacking = (*critical, " below the minimum, ", *wanted, " below what is wanted.")
            items.append((f"{title}: ", *what, ": ", *lacking))
    note = "Change in persons short, averaged over all weeks." if items else "Asked for with --why."
    listed = [Bullets(tuple(items))] if items else []
    return Box("advice", "What would change it most", (*listed, Paragraph((note,), "note")))


def helps(scenario: Scenario, reasons: dict[str, Any]) -> tuple[Block, ...]:
    """The change that each step makes, a table a kind of step."""
    if not reasons:
        return (Paragraph(("Not asked: --why gives it.",)),)
    note = "Change in persons short, averaged over all weeks: less is better. What is not listed changes nothing."
    blocks: list[Block] = [Paragraph((note,), "reading")]
    for key, title in TITLES.items():
        rows = [told(scenario, item) for item in felt(reasons, key)]
        columns = ("What", "Persons below the minimum", "Persons below what is wanted")
        empty = Paragraph((f"{title}: nothing would change.",))
        blocks.append(tabled(title, columns, rows, key) if rows else empty)
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
        code = what.split()[2]
        return what.replace(code, scenario.contributors[code].label, 1)
    return labels[name].label if name in labels else what


def matched(scenario: Scenario, plan: Plan) -> tuple[Block, ...]:
    """Every requirement with the pledges that serve it, a table a phase."""
    mandate, sectors = scenario.mandate, scenario.theatre.sectors
    blocks: list[Block] = []
    for phase, spec in mandate.phases.items():
        rows, met = [], 0
        for item in (r for r in scenario.requirements if r.phase == phase):
            at = {PHASE: phase, SECTOR: item.sector, TASK: item.task}
            mine = [pledge for pledge in scenario.pledges if pledge.unit == item.unit]
            sent = [(float(plan.assigned.sel({PLEDGE: pledge.id, **at})), pledge) for pledge in mine]
            total = sum(amount for amount, _ in sent)
            gap = round(max(0.0, item.minimum.best - total))
            met += not gap
            served = joined((
                (f"{scenario.contributors[pledge.contributor].label} ", persons("force.assigned", amount))
                for amount, pledge in sent if round(amount)
            ), ", ")  # fmt: skip
            told = {"minimum": item.minimum.best, "required": item.wanted.best, "assigned": total, "critical": gap}
            *numbers, lacking = (
                (persons(f"force.{name}", value, requirement=item.id),) for name, value in told.items()
            )
            rows.append((
                (f"{mandate.tasks[item.task].label}, {sectors[item.sector].label}",),
                (scenario.unit_types[item.unit].label,), served or ("nobody",), *numbers, lacking if gap else ("",),
            ))  # fmt: skip
        blocks += [
            Paragraph((f"{spec.label}: {met} of {len(rows)} requirements reach their minimum.",), "reading"),
            Table(f"Which pledge serves which requirement: {spec.label}, persons, averaged over the phase",
                  ("Requirement", "Unit", "Served by", "Minimum", "Wanted", "Sent", "Below the minimum"),
                  tuple(rows), (3, 4, 5, 6), f"matched_{phase}"),
        ]  # fmt: skip
    return tuple(blocks)
