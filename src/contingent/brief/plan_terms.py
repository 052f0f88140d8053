"""On which terms do they come: what caveats say, who shares a sector with whom, where support is missing?"""

from __future__ import annotations

from itertools import product
from typing import Any

from contingent.brief.document.blocks import Block, Table, Text
from contingent.brief.force_plan_figures import persons
from contingent.force import Plan
from contingent.labels import SECTOR
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies


def terms(scenario: Scenario, plan: Plan) -> tuple[Block, ...]:
    """The caveats that pledges carry; the rest where the scenario has it."""
    blocks: list[Block] = [caveats(scenario)]
    together = shared_words(scenario, plan)
    if together:
        rows = tuple(((rule,), (f"{place}: {', '.join(told)}",)) for rule, place, told in together)
        blocks.append(Table("Who shares a sector with whom", ("Rule", "What holds"), rows, id="shared"))
    if scenario.support:
        blocks.append(unsupported(scenario, plan))
    return tuple(blocks)


def caveats(scenario: Scenario) -> Table:
    """What each caveat restricts, whether it prohibits or asks, who carries it, and whether its condition is met."""
    rows: list[tuple[Text, ...]] = []
    for name, caveat in scenario.caveats.items():
        carried = dict.fromkeys(p.contributor for p in scenario.pledges if name in p.caveats)
        who = ", ".join(scenario.contributors[code].label for code in carried)
        card = "red: prohibited" if caveat.card == "red" else "yellow: its capital decides"
        held = (
            ("met" if satisfies(scenario, caveat.requires) else "not met: they do not come") if caveat.requires else "–"
        )
        rows.append(((caveat.label,), (", ".join(caveat.restricts),), (card,), (held,), (who or "nobody",)))
    columns = ("Caveat", "Restricts", "Card", "Its condition", "Carried by")
    return Table("What the caveats say", columns, tuple(rows), id="caveats_said")


def unsupported(scenario: Scenario, plan: Plan) -> Table:
    """People that units of support do not cover, by kind, phase and sector."""
    sectors, phases = scenario.theatre.sectors, scenario.mandate.phases
    rows = tuple(
        (
            (f"{kind.label}, {phase.label}",),
            *(
                (persons("force.unsupported", float(plan.unsupported.sel(support=name, phase=key, sector=sector))),)
                for sector in sectors
            ),
        )
        for (name, kind), (key, phase) in product(scenario.support.items(), phases.items())
    )
    columns = ("Support, phase", *(sector.label for sector in sectors.values()))
    return Table(
        "People beyond what units of support cover", columns, rows, tuple(range(1, len(columns))), "unsupported"
    )


def shared(plan: Plan) -> list[dict[str, Any]]:
    """What those in a sector have in common, or which side serves there, by rule, sector and stretch of weeks."""
    found: list[dict[str, Any]] = []
    for sector, choice in product(plan.common[SECTOR].values, plan.common["choice"].values):
        rule, _, what = str(choice).partition(": ")
        for period in plan.common.sel(choice=choice, sector=sector).values.nonzero()[0].tolist():
            start, end = int(plan.start[period]), int(plan.end[period])
            same = {"rule": rule, "sector": str(sector), "choice": what}
            if found and found[-1].items() >= same.items() and found[-1]["end"] == start:
                found[-1]["end"] = end
            else:
                found.append({**same, "start": start, "end": end})
    return found


def shared_words(scenario: Scenario, plan: Plan) -> list[tuple[str, str, list[str]]]:
    """The same in words: rule, sector, and who or what holds there in which weeks."""
    parts = {"caveats": scenario.caveats, "composition": scenario.composition}
    named = {f"{part}.{name}": spec.label for part, specs in parts.items() for name, spec in specs.items()}
    found: dict[tuple[str, str], list[str]] = {}
    for item in sorted(shared(plan), key=lambda item: (item["rule"], item["start"])):
        who = ", ".join(
            scenario.contributors[name].label if name in scenario.contributors else name
            for name in item["choice"].split(", ")
        )
        place = named[item["rule"]], scenario.theatre.sectors[item["sector"]].label
        found.setdefault(place, []).append(f"{who} (weeks {item['start']} to {item['end']})")
    return [(rule, sector, told) for (rule, sector), told in found.items()]
