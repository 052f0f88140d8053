"""Why are minima missed, what would help most, and whom can the force not lose?

Sensitivity and conflicts of one plan, as plain values, and in the scenario's words.
"""

from dataclasses import asdict
from typing import Any

from contingent.force.analysis import Analysis
from contingent.force.blockers import blockers
from contingent.force.plan import Plan
from contingent.scenario.model import Scenario

TITLES = {
    "one_more": "With one more unit",
    "without_caveat": "If a caveat were lifted",
    "without_rule": "If a rule or limit gave way",
    "withdrawal": "If a contributor withdrew (all others re-planned from the start)",
}


def reasons(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Which requirements are `blocked` and by what; changes in persons short by the keys of `TITLES`."""
    analysis = Analysis(scenario)
    lists = {"one_more": analysis.one_more(), "without_caveat": analysis.caveats(),
             "without_rule": analysis.rules(), "withdrawal": analysis.withdrawals()}  # fmt: skip
    return {"blocked": [asdict(b) for b in blockers(scenario, plan, analysis)]} | {
        name: [{"what": c.what, **short(c)} for c in found] for name, found in lists.items()
    }


def short(found: Any) -> dict[str, float]:
    """The persons short of minimum and wish, to a tenth."""
    return {name: round(getattr(found, name), 1) + 0.0 for name in ("critical", "short")}


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
