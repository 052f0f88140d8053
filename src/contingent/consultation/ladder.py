"""Which options commit to how much: the rungs from doing nothing to doing everything that is on the table.

An ordinal scale of commitment: options tied on it share a rung, and a decision for one of them reaches every rung
below.
"""

from dataclasses import dataclass

from contingent.scenario.fields import ScenarioFields


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: the options that reach no further than it, and what it is called."""

    name: str
    options: tuple[str, ...]
    label: str


def ladder(scenario: ScenarioFields) -> tuple[Rung, ...]:
    """The rungs above the status quo, from the lowest on; options that commit to no more than it stand on none.

    As the scenario's `process.ladder` orders them, or by their terms on the issue of `commitment`.
    """
    active = [name for name in scenario.options if name != scenario.baseline]
    if scenario.process.ladder:
        listed = [name for name in scenario.process.ladder if name in active]
        return tuple(Rung(name, (name,), scenario.options[name].label) for name in listed)
    issue = commitment(scenario)
    before = scenario.process.status_quo.get(issue, 0.0)
    at = {name: scenario.options[name].terms[issue].best for name in active if issue in scenario.options[name].terms}
    found = []
    for value in sorted({value for value in at.values() if value > before}):
        options = tuple(name for name in active if at.get(name) == value)
        anchor = scenario.issues[issue].anchors.get(round(value)) if value == round(value) else None
        found.append(Rung("_or_".join(sorted(options)), options, anchor or scenario.options[options[0]].label))
    return tuple(found)


def commitment(scenario: ScenarioFields) -> str:
    """The issue by which options are ordered: that on which they go furthest from the status quo."""
    stated = [option.terms for name, option in scenario.options.items() if name != scenario.baseline]

    def furthest(issue: str) -> float:
        before = scenario.process.status_quo[issue]
        return max((terms[issue].best - before for terms in stated if issue in terms), default=0.0)

    known = sorted(issue for issue in scenario.process.status_quo if issue in scenario.issues)
    return max(known, key=furthest) if known else next(iter(scenario.issues))


def height(scenario: ScenarioFields) -> dict[str, int]:
    """How many rungs each option reaches; 0 for those that commit to no more than the status quo."""
    reached = {name: step + 1 for step, rung in enumerate(ladder(scenario)) for name in rung.options}
    return {name: reached.get(name, 0) for name in scenario.options}
