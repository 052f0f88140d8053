"""What is wrong with a scenario whose every part is well formed: names that lead nowhere, rules that cannot hold."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from contingent.countries import country, is_country
from contingent.scenario.check_options import choice_faults, put_in_place
from contingent.scenario.check_process import Fault, condition, process_faults, unknown
from contingent.scenario.check_sources import source_faults
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.paths import records
from contingent.scenario.pledge import Composition

RAPID = 60  # days from the request; PCRS rapid deployment level (DPO, Force Generation Manual, 2021.05)


def faults(scenario: ScenarioFields) -> Iterator[Fault]:
    """Everything wrong with how the parts of a scenario fit together."""
    rules = (source_faults, _countries, process_faults, _theatre, _phases, _force, force_faults)
    for rule in (_claims, *rules, choice_faults):
        yield from rule(scenario)
    yield from put_in_place(scenario, rules)


def _claims(s: ScenarioFields) -> Iterator[Fault]:
    for path, record in records(s):
        cited = getattr(record, "claims", ())
        if path and isinstance(cited, tuple):
            yield from unknown(f"{path}.claims", "claim", cited, s.claims)
    for path, estimate in s.estimates():
        yield from unknown(path, "claim", set(estimate.claims) - set(s.claims), s.claims)
    for name, claim in s.claims.items():
        yield from unknown(f"claims.{name}.document", "document", [claim.document], s.documents)


def _countries(s: ScenarioFields) -> Iterator[Fault]:
    places = [(f"contributors.{code}", code) for code in s.contributors]
    places += [(f"pledges.{pledge.id}.contributor", pledge.contributor) for pledge in s.pledges]
    places += [(f"theatre.crossings.{name}.across", c.across) for name, c in s.theatre.crossings.items()]
    places += [("reference_class.country", s.alike.country)]
    yield from unknown("contributor", "contributor", [s.contributor] * is_country(s.contributor), s.contributors)
    for path, code in [*places, ("contributor", s.contributor)]:
        if not is_country(code):
            yield path, *country(code)


def _theatre(s: ScenarioFields) -> Iterator[Fault]:
    sectors = s.theatre.sectors
    if not sectors:
        yield "theatre.sectors", "is empty: a theatre has at least one sector", ""
    for name, sector in sectors.items():
        yield from unknown(f"theatre.sectors.{name}.neighbours", "sector", sector.neighbours, sectors)
    for name, crossing in s.theatre.crossings.items():
        yield from unknown(f"theatre.crossings.{name}.serves", "sector", crossing.serves, sectors)
    for name, group in s.theatre.armed_groups.items():
        yield from unknown(f"theatre.armed_groups.{name}.sectors", "sector", group.sectors, sectors)
        if not any(share.high > 0 for share in group.sectors.values()):
            yield (
                f"theatre.armed_groups.{name}.sectors",
                "are nowhere",
                "the share in each, such as {north: 0.7}",
            )
    yield from _ceasefires(s)
    if seen := s.theatre.observed:
        if seen.weeks.low <= 0:
            yield "theatre.observed.weeks", "a period of 0 weeks: nothing can be counted in it", "its length in weeks"
        if not any(group.strength.high > 0 for group in s.theatre.armed_groups.values()):
            what = "people were killed, but nobody is armed"
            yield (
                "theatre.observed",
                what,
                "add `armed_groups`, or leave `observed` out and give `parameters.outside_rate`",
            )


def _phases(s: ScenarioFields) -> Iterator[Fault]:
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
        if one.fell and one.fell > s.as_of:
            yield f"{path}.fell", f"{one.fell} is after the scenario's date {s.as_of}", "leave it out: it holds so far"
        if one.by and one.by <= s.as_of:
            yield f"{path}.by", f"{one.by} is not after the scenario's date {s.as_of}", "a later day"
        if one.on:
            gate = s.process.gates.get(one.on)
            if one.on not in s.process.events and not (gate and gate.event):
                yield (
                    f"{path}.on",
                    f"there is no event `{one.on}`",
                    f"events are {', '.join(s.process.events) or 'none'}",
                )


def _force(s: ScenarioFields) -> Iterator[Fault]:
    for kind, items in (("requirement", s.requirements), ("pledge", s.pledges)):
        for name, count in Counter(item.id for item in items).items():
            if count > 1:
                yield f"{kind}s.{name}.id", f"{count} {kind}s are called `{name}`", "every id once"
    sectors, tasks = s.theatre.sectors, s.mandate.tasks
    for item in s.requirements:
        path = f"requirements.{item.id}"
        yield from unknown(f"{path}.unit", "unit type", [item.unit], s.unit_types)
        yield from unknown(f"{path}.sector", "sector", [item.sector], sectors)
        yield from unknown(f"{path}.task", "task", [item.task], tasks)
        yield from unknown(f"{path}.phase", "phase", [item.phase], s.mandate.phases)
        if item.minimum.best > item.wanted.best:
            yield path, f"the minimum {item.minimum.best:g} is above what is wanted {item.wanted.best:g}", ""
    for item in s.pledges:
        path = f"pledges.{item.id}"
        if is_country(item.contributor):
            yield from unknown(f"{path}.contributor", "contributor", [item.contributor], s.contributors)
        yield from unknown(f"{path}.unit", "unit type", [item.unit], s.unit_types)
        yield from unknown(f"{path}.caveats", "caveat", item.caveats, s.caveats)
        yield from unknown(f"{path}.sectors", "sector", getattr(item, "sectors", ()), sectors)
        yield from unknown(f"{path}.self_sustains", "kind of support", item.self_sustains, s.support)
        if item.reimbursed and s.reimbursement.rate.high <= 0:
            yield (f"{path}.reimbursed", "is paid back, but nothing is owed", "add `reimbursement: {rate: 1428}`")
        if item.strength.best <= 0:
            yield f"{path}.strength", "offers nobody", "how many people, or leave the pledge out"
        if item.tour.low <= 0:
            yield f"{path}.tour", "a tour lasts longer than 0 months", ""
    for name, caveat in s.caveats.items():
        path = f"caveats.{name}"
        yield from unknown(f"{path}.excludes_tasks", "task", caveat.excludes_tasks, tasks)
        yield from unknown(f"{path}.excludes_sectors", "sector", caveat.excludes_sectors, sectors)
        yield from unknown(f"{path}.excludes_units", "unit type", caveat.excludes_units, s.unit_types)
        yield from unknown(f"{path}.excludes_contributors", "contributor", caveat.excludes_contributors, s.contributors)
        for target, wanted in caveat.requires.items():
            yield from condition(s, f"{path}.requires", target, wanted)
    for name, kind in s.support.items():
        yield from unknown(f"support.{name}.unit", "unit type", [kind.unit], s.unit_types)
    yield from unknown("reimbursement.budget", "phase", s.reimbursement.budget, s.mandate.phases)
    for name, rule in s.composition.items():
        yield from unknown(
            f"composition.{name}.contributor", "contributor", [rule.contributor] if rule.contributor else [],
            s.contributors,
        )  # fmt: skip
        yield from unknown(f"composition.{name}.contributors", "contributor", rule.contributors, s.contributors)


def force_faults(scenario: ScenarioFields) -> Iterator[Fault]:
    """Pledges that come too late, minima above the ceiling, composition rules without anybody to meet them."""
    yield from _late(scenario)
    yield from _above_ceiling(scenario)
    for name, rule in scenario.composition.items():
        yield from _rule(scenario, name, rule)
    yield from _together(scenario)
    for name in scenario.lift:
        if name not in scenario.mandate.phases:
            yield f"lift.{name}", f"there is no phase `{name}`", f"phases are {', '.join(scenario.mandate.phases)}"
        elif scenario.lift[name] < 0:
            yield f"lift.{name}", f"{scenario.lift[name]:g} is negative", "0 or more battalion equivalents a month"


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
        if rule.kind == "apart" and len(set(rule.contributors)) < 2:
            yield path, "keeps nobody apart", "add `contributors: [IND, PAK]`, those who will not share a sector"
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
            if name in scenario.caveats and pledge.contributor in scenario.caveats[name].excludes_contributors:
                yield (
                    f"caveats.{name}",
                    f"keeps {pledge.contributor} apart from itself ({pledge.id})",
                    "name others only",
                )


def _rule(scenario: ScenarioFields, name: str, rule: Composition) -> Iterator[Fault]:
    path, senders = f"composition.{name}", {pledge.contributor for pledge in scenario.pledges}
    if rule.kind in ("veto", "ceiling") and rule.contributor is None:
        yield path, f"is a {rule.kind} on nobody", "add `contributor: TUR`, or whoever is refused"
    if rule.kind in ("least_share", "most_share") and rule.share is None:
        yield path, "has no share", "add `share: 50 %`"
    if rule.kind == "ceiling" and rule.persons is None:
        yield path, "is a ceiling without a number", "add `persons: 2000`"
    regions = sorted({who.region for who in scenario.contributors.values()} - {""})
    if rule.region is not None and rule.region not in regions:
        yield f"{path}.region", f"no contributor is of region `{rule.region}`", f"regions are {', '.join(regions)}"
        return
    nowhere = [code for code in scenario.contributors if code in senders and not scenario.contributors[code].region]
    if rule.group == "region" and rule.region is None and nowhere:
        what = f"asks it of every region, but {', '.join(nowhere)} have none"
        yield path, what, f"add `region: ...` to contributors.{nowhere[0]}"
    if rule.kind != "least_share" or rule.share is None or rule.share.best <= 0 or not senders:
        return
    refused = {r.contributor for r in scenario.composition.values() if r.kind == "veto"}
    if rule.group == "muslim_majority":
        able = {code for code, who in scenario.contributors.items() if who.muslim_majority}
        who = "contributors with a Muslim majority"
    elif rule.group == "region" and rule.region is not None:
        able = {code for code, who in scenario.contributors.items() if who.region == rule.region}
        who = f"contributors of region {rule.region}"
    elif rule.contributor is None:
        each = "region" if rule.group == "region" else "contributor"
        yield path, f"asks a least share of every single {each}, which nobody can meet", f"name one `{each}`"
        return
    else:
        able, who = {rule.contributor}, rule.contributor
    if not able & senders - refused:
        what = f"asks {rule.share.best:.0%} of the force from {who}, but none of them pledges anything that is accepted"
        yield path, what, "add a pledge of theirs, or drop the rule"
