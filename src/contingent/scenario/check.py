"""What is wrong with a scenario whose every part is well formed: names that lead nowhere, rules that cannot hold."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise, product

from contingent.countries import country, is_country
from contingent.errors import did_you_mean
from contingent.scenario.check_options import (
    choice_faults,
    fixed,
    happened_faults,
    put_in_place,
    second_judgements,
    signal_faults,
)
from contingent.scenario.check_process import Fault, condition, holding, process_faults, unknown
from contingent.scenario.check_sources import marking_faults, source_faults
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.paths import children, records, value_at
from contingent.scenario.pledge import Composition
from contingent.scenario.theatre import COMMANDS

RAPID = 60  # days from the request; PCRS rapid deployment level (DPO, Force Generation Manual, 2021.05)


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


def _force(s: ScenarioFields) -> Iterator[Fault]:
    for kind, items in (("requirement", s.requirements), ("pledge", s.pledges)):
        for name, count in Counter(item.id for item in items).items():
            if count > 1:
                yield f"{kind}s.{name}.id", f"{count} {kind}s are called `{name}`", "every id once"
    for item in s.requirements:
        if item.minimum.best > item.wanted.best:
            what = f"the minimum {item.minimum.best:g} is above what is wanted {item.wanted.best:g}"
            yield f"requirements.{item.id}.minimum", what, f"`minimum: {item.wanted.best:g}` or fewer, or more `wanted`"
    for item in s.pledges:
        path, fund = f"pledges.{item.id}", s.reimbursement
        owed, borne = fund.rate.high > 0 or bool(item.rates), sum(share.best for share in item.borne_by.values())
        yield from holding(
            (item.reimbursed and not owed, f"{path}.reimbursed", "is paid back, but nothing is owed",
             "add `reimbursement: {rate: 1428}`"),
            (borne > 1, f"{path}.borne_by", f"others bear {borne:.0%} of its cost", "shares that sum to 1 at most"),
            (item.strength.best <= 0, f"{path}.strength", "offers nobody", "how many people, or leave the pledge out"),
            (item.tour.low <= 0, f"{path}.tour", "a tour lasts longer than 0 months", "`tour: 12 months`"),
        )  # fmt: skip
    for name, caveat in s.caveats.items():
        for target, wanted in caveat.requires.items():
            yield from condition(s, f"caveats.{name}.requires", target, wanted)
    yield from unknown("reimbursement.budget", "phase", s.reimbursement.budget, s.mandate.phases)


def force_faults(scenario: ScenarioFields) -> Iterator[Fault]:
    """Pledges that come too late, minima above the ceiling, composition rules without anybody to meet them."""
    yield from _late(scenario)
    yield from _above_ceiling(scenario)
    for name, rule in scenario.composition.items():
        yield from _rule(scenario, name, rule)
    yield from _together(scenario)
    for name, lift in scenario.lift.items():
        yield from unknown(f"lift.{name}", "phase", [name], scenario.mandate.phases)
        yield from holding(
            (lift < 0, f"lift.{name}", f"{lift:g} is negative", "0 or more battalion equivalents a month")
        )


def _late(scenario: ScenarioFields) -> Iterator[Fault]:
    end = max((phase.end for phase in scenario.mandate.phases.values()), default=0)
    for pledge in scenario.pledges:
        if end and pledge.notice.low / 7 >= end:
            what = f"is ready after {pledge.notice.low / 7:.0f} weeks at the earliest; the operation ends in week {end}"
            yield f"pledges.{pledge.id}.notice", what, "a shorter notice, or leave the pledge out"
        if pledge.readiness == "rapid" and pledge.notice.best > RAPID:
            what = f"is {pledge.notice.best:.0f} days; who is at the rapid deployment level comes within {RAPID}"
            yield f"pledges.{pledge.id}.notice", what, "a shorter notice, or `readiness: aligned`"


def _above_ceiling(scenario: ScenarioFields) -> Iterator[Fault]:
    needed: dict[str, float] = defaultdict(float)
    for item in scenario.requirements:
        needed[item.phase] += item.minimum.best
    most = scenario.mandate.authorized_strength.high
    for phase, persons in needed.items():
        if persons > most:
            what = f"minima in phase `{phase}` sum to {persons:,.0f} people; {most:,.0f} may be authorized at most"
            yield "mandate.authorized_strength", what, "raise it, or lower some minima"


def _together(scenario: ScenarioFields) -> Iterator[Fault]:
    """Rules on who can share a sector that keep somebody out of every sector, or say nothing."""
    senders = dict.fromkeys(pledge.contributor for pledge in scenario.pledges)
    for name, rule in scenario.composition.items():
        path = f"composition.{name}"
        if rule.kind == "apart" and len(scenario.apart(rule)) < 2:
            some = ", ".join(list(scenario.contributors)[:2])
            yield path, "keeps nobody apart", f"add `contributors: [{some}]`, those who will not share a sector"
        elif rule.kind != "apart" and rule.contributors:
            yield f"{path}.contributors", f"say nothing to a rule of kind {rule.kind}", "drop them, or `kind: apart`"
        field = {"one_language": "languages", "one_command": "commands"}.get(rule.kind, "")
        without = [
            c for c in senders if field and c in scenario.contributors and not getattr(scenario.contributors[c], field)
        ]
        if without:
            what = f"lets nobody serve who has no {field}, and {', '.join(without)} have none"
            yield path, what, f"add `{field}: [...]` to contributors.{without[0]}, or drop the rule"
    for pledge in scenario.pledges:
        for name in pledge.caveats:
            others = scenario.caveats[name].excludes_contributors if name in scenario.caveats else ()
            if scenario.among(pledge.contributor, others):
                what = f"keeps {pledge.contributor} apart from itself ({pledge.id})"
                yield f"caveats.{name}", what, "name others only"


def _rule(scenario: ScenarioFields, name: str, rule: Composition) -> Iterator[Fault]:
    path, senders = f"composition.{name}", {pledge.contributor for pledge in scenario.pledges}
    groups = {group for who in scenario.contributors.values() for group in who.groups}
    regions = sorted({who.region for who in scenario.contributors.values()} - {""})
    if rule.group not in ("contributor", "region"):
        yield from unknown(f"{path}.group", "group", [rule.group], groups | {"contributor", "region"})
    elif rule.kind == "veto" and not (rule.contributor or rule.region):
        other = next((code for code in scenario.contributors if code != scenario.contributor), scenario.contributor)
        yield path, "is a veto on nobody", f"add `contributor: {other}`, or whoever is refused"
    mute, told = f"says nothing beside `group: {rule.group}`", rule.region is not None and rule.region not in regions
    counted, bare = rule.kind in ("ceiling", "floor"), rule.persons is None
    yield from holding(
        (rule.kind in ("least_share", "most_share") and rule.share is None, path, "has no share", "add `share: 50 %`"),
        (counted and bare, path, f"is a {rule.kind} without a number", "add `persons: 2000`"),
        (told, f"{path}.region", f"no contributor is of region `{rule.region}`", f"regions are {', '.join(regions)}"),
        *((getattr(rule, field) is not None and rule.group != field, f"{path}.{field}", mute,
           f"drop it, or `group: {field}`") for field in ("contributor", "region")),
    )  # fmt: skip
    if rule.kind == "floor" and rule.persons is not None:
        for who, codes in scenario.spoken_of(rule).items():
            offered = sum(pledge.strength.best for pledge in scenario.pledges if pledge.contributor in codes)
            if offered < rule.persons.best:
                what = f"asks for {rule.persons.best:,.0f} people of {who}, whose pledges hold {offered:,.0f}"
                yield f"{path}.persons", what, "a lower number, more pledges, or drop the rule"
    nowhere = [code for code in scenario.contributors if code in senders and not scenario.contributors[code].region]
    if rule.group == "region" and rule.region is None and nowhere:
        what = f"asks it of every region, but {', '.join(nowhere)} have none"
        yield path, what, f"add `region: ...` to contributors.{nowhere[0]}"
    if rule.kind != "least_share" or rule.share is None or rule.share.best <= 0 or not senders:
        return
    about = scenario.spoken_of(rule)
    if rule.group in ("contributor", "region") and not (rule.contributor or rule.region):
        what = f"asks a least share of every single {rule.group}, which nobody can meet"
        yield path, what, f"name one `{rule.group}`"
        return
    vetoes = (other for other in scenario.composition.values() if other.kind == "veto")
    refused = {code for veto in vetoes for codes in scenario.spoken_of(veto).values() for code in codes}
    for who, able in about.items():
        if not able & senders - refused:
            asks = f"asks {rule.share.best:.0%} of the force from {who}, but"
            yield path, f"{asks} none of them pledges anything that is accepted", "add a pledge of theirs, or drop it"


RULES = (fixed, source_faults, _names, _contributors, process_faults, _theatre, _mandate, _force, force_faults)
"""All that an option or an event may put wrong."""
