"""Which pledges hold under this option, and what each may be used for once caveats and vetoes are applied.

Eligibility under caveats, vetoes and conditions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies
from contingent.scenario.pledge import Caveat, Pledge


def is_valid(scenario: Scenario, pledge: Pledge) -> bool:
    """Whether a pledge exists at all: it stands, nobody refuses its contributor, it can be selected, its conditions are
    met.
    """
    if pledge.status == "withdrawn" or pledge.contributor in refused(scenario) or unassessed(scenario, pledge):
        return False
    return all(satisfies(scenario, caveat.requires) for caveat in caveats(scenario, pledge))


def refused(scenario: Scenario) -> frozenset[str]:
    """Contributors that a party's veto keeps out."""
    return frozenset(vetoes(scenario))


def vetoes(scenario: Scenario) -> dict[str, list[str]]:
    """The rules by which a party keeps a contributor out, by contributor."""
    found: dict[str, list[str]] = {}
    for name, rule in scenario.composition.items():
        for code in frozenset().union(*scenario.spoken_of(rule).values()) if rule.kind == "veto" else ():
            found.setdefault(code, []).append(name)
    return found


def unassessed(scenario: Scenario, pledge: Pledge) -> bool:
    """Whether the United Nations, being in command, has yet to visit a unit before it can select it (level 1)."""
    return "un" in scenario.mandate.likes and pledge.readiness == "registered"


def caveats(scenario: Scenario, pledge: Pledge) -> Iterator[Caveat]:
    """The national restrictions on one pledge."""
    return (scenario.caveats[name] for name in pledge.caveats)


def restricts(caveat: Caveat, pledge: Pledge, sector: str, task: str) -> bool:
    """Whether a caveat speaks of a pledge's unit, of a sector or of a task."""
    return pledge.unit in caveat.excludes_units or task in caveat.excludes_tasks or sector in caveat.excludes_sectors


def permitted(scenario: Scenario, pledge: Pledge, sector: str, task: str) -> str:
    """`yes`, `ask` (a yellow card: the capital decides) or `no` for one pledge in one sector on one task.

    A pledge made for some sectors alone is not for the others.
    """
    if pledge.sectors and sector not in pledge.sectors:
        return "no"
    answer = "yes"
    for caveat in caveats(scenario, pledge):
        if restricts(caveat, pledge, sector, task):
            if caveat.card == "red":
                return "no"
            answer = "ask"
    return answer


@dataclass(frozen=True, slots=True)
class Offer:
    """What a contributor offers, in persons, and who of them may serve at all."""

    pledges: tuple[Pledge, ...]
    """All it makes."""
    valid: tuple[Pledge, ...]
    """Those a plan may count on."""

    @property
    def persons(self) -> float:
        """On offer."""
        return sum(pledge.strength.best for pledge in self.pledges)

    @property
    def counted_on(self) -> float:
        """Of them, those of valid pledges."""
        return sum(pledge.strength.best for pledge in self.valid)


def names_of(scenario: Scenario, code: str) -> set[str]:
    """By which names a contributor is asked for: its own, that of who answers for it, that of its state."""
    return {code, scenario.answering(code), scenario.state_of(code)}


def offer(scenario: Scenario, contributor: str) -> Offer:
    """The offer of one contributor under the option a scenario stands for."""
    mine = tuple(p for p in scenario.pledges if contributor in names_of(scenario, p.contributor))
    return Offer(mine, tuple(pledge for pledge in mine if is_valid(scenario, pledge)))


def contributor_status(scenario: Scenario, code: str, base: Scenario) -> str:
    """Whether a state is refused, counted on, held back, absent under this option, or not yet asked.

    Counted on is only what the force plan may use; `base` is the scenario as described, without an option.
    """
    if code in (barred := vetoes(scenario)):
        return f"refused: {scenario.composition[barred[code][0]].label}"
    made = offer(scenario, code)
    if not made.pledges and any(code in names_of(base, pledge.contributor) for pledge in base.pledges):
        return "declines under this option" if code == base.contributor else "left out under this option"
    if not made.pledges:
        return "not asked"
    held = made.persons - made.counted_on
    if not made.valid:
        return f"offers {held:,.0f}, held back"
    spoken = sorted({claim for pledge in made.valid for claim in pledge.claims})
    named = f"named in {', '.join(spoken)}" if spoken else "by assumption only"
    said = f"counted on for {made.counted_on:,.0f}, {named}"
    return f"{said}; offers {held:,.0f} more, held back" if len(made.valid) < len(made.pledges) else said
