"""What is a number of the scenario called, in words a reader knows?"""

from __future__ import annotations

from contingent.frozen import Frozen
from contingent.scenario.model import Scenario, child

FIELDS = {
    "position": "position",
    "salience": "attention",
    "capability": "weight",
    "probability": "chance",
    "delay": "delay",
    "duration": "duration",
    "quota": "quota",
    "whip": "party discipline",
    "seats": "seats",
    "reliability": "reliability",
    "strength": "strength",
    "notice": "notice",
    "home_support": "support at home",
    "casualty_sensitivity": "sensitivity to losses",
}


WHOLE = {
    "process.deadline": "The decision process: deadline",
    "process.noise": "The decision process: chance in a member's yes",
    "process.shared": "The decision process: share of that chance common to a gate",
    "process.bloc_correlation": "The decision process: correlation of errors within a bloc",
    "process.amendment": "The decision process: how often terms are amended",
    "process.pressure": "The decision process: pull of opposition at an advisory gate",
    "process.pool": "The forecast of a national yes",
    "process.pool.share": "Forecast of a national yes: weight of the share in favour",
    "process.pool.process": "Forecast of a national yes: weight of the gates",
    "process.pool.reference": "Forecast of a national yes: weight of past decisions",
    "reference_class.recorded_refusals": "Past decisions alike: recorded refusals",
    "reimbursement.rate": "Reimbursement: rate for a person and month",
    "reimbursement.paid": "Reimbursement: share that is paid",
}


def described(scenario: Scenario, path: str) -> str:
    """`Leadership of the Pakistan Army, taking part in the force: position` for a dotted path.

    Raises:
        KeyError: the path leads nowhere.
    """
    if path in WHOLE:
        return WHOLE[path]
    steps = path.split(".")
    labels: list[str] = []
    here: object = scenario
    for index, step in enumerate(steps):
        if steps[max(0, index - 1)] == "stakes" and index == 3 and step in scenario.issues:
            labels.append(scenario.issues[step].label)
        elif index > 1 and steps[index - 1] == "members" and step in scenario.stakeholders:
            labels.append(scenario.stakeholders[step].label)
        here = child(here, step)
        label = getattr(here, "label", "") if isinstance(here, Frozen) else ""
        if label:
            labels.append(label)
    if steps[0] == "pledges" and len(steps) > 1:
        pledge = next((p for p in scenario.pledges if p.id == steps[1]), None)
        if pledge:
            who = scenario.contributors[pledge.contributor].label
            labels.append(f"{who}, {scenario.unit_types[pledge.unit].label.lower()}")
    if steps[0] == "requirements" and len(steps) > 1:
        labels.append(steps[1].replace("_", " "))
    what = FIELDS.get(steps[-1], steps[-1].replace("_", " "))
    parts = list(dict.fromkeys(labels))
    if not parts:
        return ", ".join(step.replace("_", " ") for step in steps)
    return f"{', '.join(parts)}: {what}"
