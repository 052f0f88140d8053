"""What does a force planner look at first, and what stands behind it?

One option's plan as a document of blocks, printed like the brief: the answer on one sheet, then the maps of what is
missing and what caveats bar, what would help, which pledge serves which requirement, and how each number is computed.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Any

from contingent.brief.blocks import Box, Bullets, Entries, Entry, Figure, Key, Keys, Paragraph, Section, Text
from contingent.brief.catalogue import Catalogue
from contingent.brief.document import Document, Reference, bare, numbers
from contingent.brief.plan_figures import arrivals, barred, costs, peak, shortfalls
from contingent.brief.plan_numbers import FORMULAS, millions, persons
from contingent.brief.plan_tables import TITLES, felt, helps, matched, told
from contingent.brief.plan_terms import terms
from contingent.force import Deployment, Plan
from contingent.labels import PHASE
from contingent.scenario.model import Scenario


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
        Key(("million US dollars over the operation, personnel only",), millions(sum(total.values())),
            (millions(total["fund"], payer="fund"), " reimbursed by a fund")),
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
        for what, critical, wanted in [told(scenario, item) for item in felt(reasons, key)[:1]]:
            change: Text = (*critical, " below the minimum, ", *wanted, " below what is wanted.")
            items.append((f"{title}: ", *what, ": ", *change))
    note = "Change in persons short, averaged over all weeks." if items else "Asked for with --why."
    listed = (Bullets(tuple(items)),) if items else ()
    return Box("advice", "What would change it most", (*listed, Paragraph((note,), "note")))
