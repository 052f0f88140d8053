"""Which pledges hold under this option, and what each may be used for once caveats and vetoes are applied."""

from __future__ import annotations

from collections.abc import Iterator

from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies
from contingent.scenario.pledge import Caveat, Pledge


def holds(scenario: Scenario, pledge: Pledge) -> bool:
    """Whether a pledge exists at all: nobody refuses its contributor, it can be selected, its conditions are met."""
    if pledge.contributor in refused(scenario) or unassessed(scenario, pledge):
        return False
    return all(satisfies(scenario, caveat.requires) for caveat in caveats(scenario, pledge))


def refused(scenario: Scenario) -> frozenset[str]:
    """Contributors that a party's veto keeps out."""
    return frozenset(r.contributor for r in scenario.composition.values() if r.kind == "veto" and r.contributor)


def unassessed(scenario: Scenario, pledge: Pledge) -> bool:
    """Whether the United Nations, being in command, has yet to visit a unit before it can select it (level 1)."""
    return scenario.mandate.command == "un" and pledge.readiness == "registered"


def caveats(scenario: Scenario, pledge: Pledge) -> Iterator[Caveat]:
    """The national restrictions on one pledge."""
    return (scenario.caveats[name] for name in pledge.caveats)


def allowed(scenario: Scenario, pledge: Pledge, sector: str, task: str) -> str:
    """`yes`, `ask` (a yellow card: the capital decides) or `no` for one pledge in one sector on one task.

    A pledge made for some sectors alone is not for the others.
    """
    if pledge.sectors and sector not in pledge.sectors:
        return "no"
    answer = "yes"
    for caveat in caveats(scenario, pledge):
        if pledge.unit in caveat.excludes_units or task in caveat.excludes_tasks or sector in caveat.excludes_sectors:
            if caveat.card == "red":
                return "no"
            answer = "ask"
    return answer
