"""What does a scenario, as it stands under an option, already say of a state that could be asked?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contingent.scenario.model import Scenario


def standing(scenario: Scenario, code: str, base: Scenario) -> str:
    """Whether a state is refused, counted on, held back, absent under this option, or not yet asked.

    Counted on is only what the force plan may use; `base` is the scenario as described, without an option.
    """
    from contingent.force.usable import holds

    vetoes = [rule for rule in scenario.composition.values() if rule.kind == "veto" and rule.contributor == code]
    if vetoes:
        return f"refused: {vetoes[0].label}"
    mine = [pledge for pledge in scenario.pledges if pledge.contributor == code]
    if not mine and any(pledge.contributor == code for pledge in base.pledges):
        return "declines under this option" if code == base.contributor else "left out under this option"
    if not mine:
        return "not asked"
    usable = [pledge for pledge in mine if holds(scenario, pledge)]
    counted = sum(pledge.strength.best for pledge in usable)
    held = sum(pledge.strength.best for pledge in mine) - counted
    if not usable:
        return f"offers {held:,.0f}, held back"
    spoken = sorted({claim for pledge in usable for claim in pledge.claims})
    said = f"counted on for {counted:,.0f}, {'named in ' + ', '.join(spoken) if spoken else 'by assumption only'}"
    return f"{said}; offers {held:,.0f} more, held back" if len(usable) < len(mine) else said
