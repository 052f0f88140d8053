"""What is a number of the scenario called, in words a reader knows?"""

import tomllib
from importlib.resources import files

from contingent.mission.parameters import priors
from contingent.records import Record
from contingent.scenario.model import Scenario
from contingent.scenario.paths import child

WORDS = tomllib.loads(files("contingent.brief").joinpath("parameter_labels.toml").read_text("utf-8"))
FIELDS, STAKES, EVENTS, UNITS, WHOLE = (WORDS[key] for key in ("fields", "stakes", "events", "units", "whole"))


def described(scenario: Scenario, path: str) -> str:
    """`Leadership of the Pakistan Army: position on taking part in the force` for a dotted path.

    Raises:
        KeyError: the path leads nowhere.
    """
    if path in WHOLE:
        return WHOLE[path]
    steps = path.split(".")
    if steps[:2] == ["theatre", "parameters"]:  # a scenario need not say them
        prior = priors().get(steps[2])
        return f"Mission model: {prior.label if prior else steps[2].replace('_', ' ')}"
    labels: list[str] = []
    here: object = scenario
    for index, step in enumerate(steps):
        if index > 1 and steps[index - 1] == "members" and step in scenario.stakeholders:
            labels.append(scenario.stakeholders[step].label)
        here = child(here, step)
        label = getattr(here, "label", "") if isinstance(here, Record) else ""
        if label:
            labels.append(label)
    if steps[0] == "pledges" and len(steps) > 1:
        pledge = next((p for p in scenario.pledges if p.id == steps[1]), None)
        if pledge:
            who = scenario.contributors[pledge.contributor].label
            labels.append(f"{who}, {scenario.unit_types[pledge.unit].label.lower()}")
    if steps[0] == "requirements" and len(steps) > 1:
        need = next((r for r in scenario.requirements if r.id == steps[1]), None)
        if need:
            tasks, phases = scenario.mandate.tasks, scenario.mandate.phases
            labels += [scenario.theatre.sectors[need.sector].label, tasks[need.task].label]
            labels += [scenario.unit_types[need.unit].label, phases[need.phase].label]
    what = FIELDS.get(steps[-1], steps[-1].replace("_", " "))
    if steps[2:3] == ["stakes"] and steps[-1] in STAKES:
        issue = scenario.issues[steps[3]].label
        what = f"{STAKES[steps[-1]]} “{issue}”"
    elif steps[1:2] == ["armed_groups"] and steps[-1] in scenario.theatre.sectors:
        what = f"share in {scenario.theatre.sectors[steps[-1]].label}"
    parts = list(dict.fromkeys(labels))
    if not parts:
        return ", ".join(step.replace("_", " ") for step in steps)
    return f"{', '.join(parts)}: {what}"


def phrased(scenario: Scenario, path: str) -> str:
    """The same as a phrase for a sentence: `Delay until the Security Council adopts a resolution for the force`."""
    name, steps = described(scenario, path), path.split(".")
    if steps[:2] == ["process", "events"] and steps[-1] in EVENTS:
        return f"{EVENTS[steps[-1]]} {lowered(name.rpartition(': ')[0])}"
    return name


def lowered(words: str) -> str:
    """A clause within a sentence: the capital of an article gives way, that of any other first word may be a name's."""
    first, gap, rest = words.partition(" ")
    return f"{first.lower()}{gap}{rest}" if first in ("The", "A", "An") else words


def common(names: list[str]) -> str:
    """What the names of numbers that belong together begin with."""
    first = names[0].partition(":")[0]
    while first and not all(name.startswith(first) for name in names):
        first = first.rpartition(", ")[0]
    return first or names[0].partition(":")[0]
