"""What is wrong with what a force is made of: needs, offers, rules, lift and support that cannot be, or be met."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from contingent.scenario.check_process import Fault, condition, holding, unknown
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.pledge import Composition

RAPID = 60  # days from the request; PCRS rapid deployment level (DPO, Force Generation Manual, 2021.05)


def force_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Requirements, pledges and caveats, rules on composition, lift, routes and support that cannot be met or be so."""
    yield from _items(s)
    yield from _late(s)
    yield from _above_ceiling(s)
    for name, rule in s.composition.items():
        yield from _rule(s, name, rule)
    yield from _together(s)
    yield from _lift(s)
    yield from _support(s)


def _items(s: ScenarioFields) -> Iterator[Fault]:
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


def _lift(s: ScenarioFields) -> Iterator[Fault]:
    """Lift and routes: what is negative, or carries nobody."""
    for phase in s.lift:
        yield from unknown(f"lift.{phase}", "phase", [phase], s.mandate.phases)
    every = {"lift": s.lift} | {f"routes.{name}.capacity": route.capacity for name, route in s.routes.items()}
    yield from holding(
        *((each < 0, f"{path}.{phase}", f"{each:g} is negative", "0 or more battalion equivalents a month")
          for path, monthly in every.items() for phase, each in monthly.items())
    )  # fmt: skip
    for pledge in s.pledges:
        ways = s.routes.values()
        if ways and not any(way.carries(pledge) for way in ways):
            what = f"carry nobody of {pledge.contributor} in a {pledge.unit} (`{pledge.id}`), who so cannot come"
            yield "routes", what, f"name them under `units` and `contributors` of one: {', '.join(s.routes)}"


def _support(s: ScenarioFields) -> Iterator[Fault]:
    """Support without which nobody may come and that no unit can give, as nothing asks for one; or that none needs."""
    asked = {item.unit for item in s.requirements}
    for name, kind in s.support.items():
        one = kind.unit[0] if kind.unit else "level_two_hospital"
        yield from holding(
            (kind.required and not asked & {*kind.unit}, f"support.{name}.unit",
             "can be given by nobody, so nobody may come: no requirement asks for one",
             f"a requirement of `unit: {one}` where it would stand, `wanted: 0` if only this asks for it"),
            (bool(kind.of) and not {*kind.of} - {*kind.unit}, f"support.{name}.of",
             "names only units that give it, and they need none", "units that need it"),
        )  # fmt: skip


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
