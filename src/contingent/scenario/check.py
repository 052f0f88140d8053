"""What is wrong with a scenario whose every part is well formed: names that lead nowhere, rules that cannot hold."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise, product

from contingent.countries import country, is_country
from contingent.errors import did_you_mean
from contingent.scenario.check_force import force_faults
from contingent.scenario.check_options import (
    choice_faults,
    fixed,
    happened_faults,
    put_in_place,
    second_judgements,
    signal_faults,
)
from contingent.scenario.check_process import Fault, holding, process_faults, unknown
from contingent.scenario.check_sources import marking_faults, source_faults
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.paths import children, records, value_at
from contingent.scenario.theatre import COMMANDS

NAMES = tomllib.loads((files("contingent.scenario") / "data" / "names.toml").read_text("utf-8"))
CALLED = NAMES.pop("called")


def _names(s: ScenarioFields) -> Iterator[Fault]:
    """Entries that name others which are not there, by `data/names.toml`."""
    for part, keys in NAMES.items():
        for (name, record), (key, among) in product(children(value_at(s, part)), keys.items()):
            said = getattr(record, key)
            names = (said,) if isinstance(said, str) else said or ()
            yield from unknown(f"{part}.{name}.{key}", CALLED[among], names, value_at(s, among))


def faults(scenario: ScenarioFields) -> Iterator[Fault]:
    """Everything wrong with how the parts of a scenario fit together that engines read."""
    yield from _apart(scenario)
    yield from put_in_place(scenario, RULES)


def faults_as_written(scenario: ScenarioFields) -> Iterator[Fault]:
    """The same, and what is wrong with dissenting views, signals and what happened, which need not fit a variant."""
    yield from faults(scenario)
    yield from second_judgements(scenario, _apart)
    yield from signal_faults(scenario)
    yield from happened_faults(scenario)


def _apart(scenario: ScenarioFields) -> Iterator[Fault]:
    for rule in (_claims, marking_faults, *RULES, choice_faults):
        yield from rule(scenario)


def _claims(s: ScenarioFields) -> Iterator[Fault]:
    cited = [(f"{path}.claims", getattr(record, "claims", ())) for path, record in records(s) if path]
    for path, names in (*cited, *((path, estimate.claims) for path, estimate in s.estimates())):
        if isinstance(names, tuple) and not s.claims.keys() >= set(names):
            yield from unknown(path, "claim", names, s.claims)


def _contributors(s: ScenarioFields) -> Iterator[Fault]:
    """Who contributes: states by their codes, organizations and services by their names, and whom each belongs to."""
    if s.alike.country and not is_country(s.alike.country):
        yield "reference_class.country", *country(s.alike.country)
    places = [("contributor", s.contributor), *((f"pledges.{p.id}.contributor", p.contributor) for p in s.pledges)]
    for path, code in ((path, code) for path, code in places if code not in s.contributors):
        near = did_you_mean(code, s.contributors)
        known = is_country(code) or "did you mean" in near
        yield path, *((f"there is no contributor `{code}`", near) if known else country(code))
    if (state := s.answering(s.contributor)) != s.contributor:
        yield "contributor", f"is a service of {state}, which decides over it", f"`contributor: {state}`"
    ids, regions = {pledge.id for pledge in s.pledges}, {who.region for who in s.contributors.values()}
    for code, who in s.contributors.items():
        path = f"contributors.{code}"
        if who.kind == "state" and not is_country(code):
            what, fix = country(code)
            yield path, what, f"{fix}; or say what it is: `kind: organization`, or `kind: service`"
        yield from holding(
            (code in ids, path, "is named like a pledge: what is changed at one would change the other", "another"),
            (who.home_support is None and s.answering(code) == code, f"{path}.home_support", "is missing",
             "a share such as 0.5 (0.3 to 0.7)"),
        )  # fmt: skip
        if who.of is not None and who.kind != "service":
            yield f"{path}.of", f"says nothing of a contributor of kind {who.kind}", "drop it, or `kind: service`"
        elif who.of is not None and s.answering(who.of) != who.of:
            yield f"{path}.of", f"`{who.of}` is itself a service", f"`of: {s.answering(who.of)}`"
        elif who.of is not None and not is_country(who.of):
            yield from unknown(f"{path}.of", "contributor", [who.of], s.contributors)
        for name in who.groups:
            fix = f"in a composition rule `{name}` would mean something else; another name for the group"
            if name in ("contributor", "region"):
                yield f"{path}.groups", f"`{name}` is a word of composition rules", fix
            elif name in s.contributors or name in regions:
                yield f"{path}.groups", f"`{name}` is a {'contributor' if name in s.contributors else 'region'}", fix


def _theatre(s: ScenarioFields) -> Iterator[Fault]:
    seen, groups = s.theatre.observed, s.theatre.armed_groups
    armed = any(group.strength.high > 0 for group in groups.values())
    yield from holding(
        (not s.theatre.sectors, "theatre.sectors", "is empty: a theatre has at least one sector",
         "`all: {label: ..., population: ..., area: ...}`"),
        *((not any(share.high > 0 for share in group.sectors.values()), f"theatre.armed_groups.{name}.sectors",
           "are nowhere", "the share in each, such as {north: 0.7}") for name, group in groups.items()),
        (seen and seen.weeks.low <= 0, "theatre.observed.weeks", "a period of 0 weeks: nothing can be counted in it",
         "its length in weeks"),
        (seen and not armed, "theatre.observed", "people were killed, but nobody is armed",
         "add `armed_groups`, or leave `observed` out and give `parameters.outside_rate`"),
    )  # fmt: skip
    yield from _ceasefires(s)


def _mandate(s: ScenarioFields) -> Iterator[Fault]:
    command = s.mandate.command
    if s.mandate.likes == (command,) and command not in COMMANDS:
        near, question, _ = did_you_mean(command, COMMANDS).partition("?")
        fix = f"{near}, or " * bool(question) + f"say what it is like: `like: [{', '.join(COMMANDS[:2])}]`"
        yield "mandate.command", f"`{command}` is a name of your own, and nothing says what it does", fix
    if not s.mandate.phases:
        yield "mandate.phases", "is empty: a mission has at least one", "`main: {label: Main, start: 0, end: 52}`"
    for name, unit in s.unit_types.items():
        if unit.strength <= 0:
            yield f"unit_types.{name}.strength", f"{unit.strength:g} people are no unit", "how many people one has"
    in_order = sorted(s.mandate.phases.items(), key=lambda item: (item[1].start, item[1].end))
    for name, phase in in_order:
        if not 0 <= phase.start < phase.end:
            yield f"mandate.phases.{name}", f"runs from week {phase.start} to week {phase.end}", "start below end"
        if (
            phase.start >= s.horizon
        ):  # nobody would ever see it: the force begins on the scenario's date at the earliest
            what = f"begins in week {phase.start}, the scenario ends in week {s.horizon} (`horizon`)"
            yield f"mandate.phases.{name}.start", what, f"an earlier start, or `horizon: {phase.end}` or more"
    for (before, one), (name, two) in pairwise(in_order):
        if two.start < one.end:
            what = f"begins in week {two.start}, while phase `{before}` lasts until week {one.end}"
            yield f"mandate.phases.{name}.start", what, f"phases follow one another: `start: {one.end}`"
        elif two.start > one.end:
            what = f"begins in week {two.start}, but phase `{before}` ends in week {one.end}: nobody is planned between"
            yield f"mandate.phases.{name}.start", what, f"`start: {one.end}`, or a phase for these weeks"


def _ceasefires(s: ScenarioFields) -> Iterator[Fault]:
    """Cease-fires that cannot all be: two in force, one in force and one hoped for, or one that nothing brings."""
    now = [n for n, c in enumerate(s.theatre.ceasefires) if c.holds or c.start is None]
    for n in now[1:]:
        what = f"is in force or hoped for, as no. {now[0]} is; a theatre has one at a time"
        yield f"theatre.ceasefires.{n}", what, "`fell: DAY` where it fell, or leave one out"
    for n, one in enumerate(s.theatre.ceasefires):
        path = f"theatre.ceasefires.{n}"
        fell, by = (
            f"{day} is {word} the scenario's date {s.as_of}"
            for day, word in ((one.fell, "after"), (one.by, "not after"))
        )
        yield from holding(
            (one.fell and one.fell > s.as_of, f"{path}.fell", fell, "leave it out: it holds so far"),
            (one.by and one.by <= s.as_of, f"{path}.by", by, "a later day"),
        )
        waiting = {name for name, gate in s.process.gates.items() if gate.event}
        if one.on and one.on not in {*s.process.events, *waiting}:
            yield f"{path}.on", f"there is no event `{one.on}`", f"events are {', '.join(s.process.events) or 'none'}"


RULES = (fixed, source_faults, _names, _contributors, process_faults, _theatre, _mandate, force_faults)
"""All that an option or an event may put wrong."""
