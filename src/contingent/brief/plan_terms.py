"""On which terms do they come: what caveats say, who shares a sector with whom, where support is missing?"""

from __future__ import annotations

from itertools import product

from contingent.brief.document.blocks import Block, Table, Text
from contingent.brief.force_plan_figures import persons
from contingent.force import Plan
from contingent.force.plan import sharing_in_words
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies


def terms(scenario: Scenario, plan: Plan) -> tuple[Block, ...]:
    """The caveats that pledges carry; the rest where the scenario has it."""
    blocks: list[Block] = [caveats(scenario)]
    together = sharing_in_words(scenario, plan)
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
