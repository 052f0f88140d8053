"""What is wrong with how a decision is described, and what in it enters nothing?

Consistency of the decision process and of the choice: names that lead nowhere, rules that no body can follow, inert
inputs, what is counted twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from contingent.errors import did_you_mean
from contingent.quantities import WEEKS_A_MONTH, Estimate
from contingent.records import Record
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.paths import records
from contingent.scenario.process import Event, Gate
from contingent.scenario.theatre import COMMANDS

Fault = tuple[str, str, str]  # dotted path, what is wrong, how to mend it
BODIES = ("vote", "veto", "advisory", "bargain")
VOTES_ONLY = {
    "at_least": None, "of": "seats", "abstention": None, "quorum": None, "casting_vote": None, "people_at_least": None,
    "blocking_members": None, "permanent": (), "quota": None,
}  # fmt: skip


def unknown(path: str, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    """Names that are not among those known."""
    known = set(known)
    for name in names:
        if name not in known:
            several = [part.strip() for part in name.split(",")]
            fix = f"a list of them: [{', '.join(several)}]" if len(several) > 1 else did_you_mean(name, known)
            yield path, f"there is no {kind} `{name}`", fix


def holding(*rules: tuple[object, str, str, str]) -> Iterator[Fault]:
    """Of rules, each a condition with path, what is wrong and how to mend it, those that hold."""
    yield from ((path, what, fix) for holds, path, what, fix in rules if holds)


def process_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Everything wrong with stakeholders, gates and events."""
    process = s.process
    yield from unknown("process.decider", "stakeholder", process.decider, s.stakeholders)
    yield from unknown("process.proposers", "stakeholder", process.proposers, s.stakeholders)
    yield from unknown("process.status_quo", "issue", process.status_quo, s.issues)
    late = f"{process.asked} is after the scenario's date {s.as_of}"
    before = process.counted_from and process.counted_from > s.as_of
    yield from holding(
        (before, "process.counted_from", f"is after the scenario's date {s.as_of}", "that date or an earlier one"),
        (not process.decider, "process.decider", "names nobody", "a stakeholder without whom nothing is decided"),
        (not process.status_quo, "process.status_quo", "says nothing of any issue", "the value of one, 0 to 100"),
        (process.asked and process.asked > s.as_of, "process.asked", late, "the day on which it was first put"),
        *((not 0 <= value <= 100, f"process.status_quo.{name}", f"{value:g} is outside 0 to 100", "0 to 100")
          for name, value in process.status_quo.items()),
    )  # fmt: skip
    yield from _ladder(s)
    for count, (name, gate) in enumerate(process.gates.items()):
        yield from _gate(s, f"process.gates.{name}", gate, list(process.gates)[:count])
    for name, event in process.events.items():
        yield from _event(f"process.events.{name}", event)
    yield from _circles(process.events)


def _ladder(s: ScenarioFields) -> Iterator[Fault]:
    listed = s.process.ladder
    if not listed:
        return
    active = {name for name in s.options if name != s.baseline}
    yield from unknown("process.ladder", "option that does something", listed, active)
    missing, fix = sorted(active - set(listed)), "name every option but the baseline once, or leave it out"
    yield from holding(
        (missing, "process.ladder", f"leaves out {', '.join(missing)}", fix),
        *((times > 1, "process.ladder", f"`{name}` stands there {times} times", fix)
          for name, times in Counter(listed).items()),
    )  # fmt: skip


def _gate(s: ScenarioFields, path: str, gate: Gate, before: list[str]) -> Iterator[Fault]:
    yield from unknown(f"{path}.permanent", "member of this gate", gate.permanent, gate.members)
    casting = [gate.casting_vote] if gate.casting_vote else []
    yield from unknown(f"{path}.casting_vote", "member of this gate", casting, gate.members)
    yield from unknown(f"{path}.settles", "gate before this one", gate.settles, before)
    kind, number, mute = gate.kind, len(gate.members), f"says nothing to a gate of kind {gate.kind}"
    no_quota, both = gate.quota is None and gate.at_least is None, None not in (gate.quota, gate.at_least)
    nobody = kind in BODIES and not number and not (kind == "advisory" and gate.delay is None)
    many = f"is more than the {number} members there are"
    yield from holding(
        (kind == "vote" and no_quota, path, "is a vote without a quota", "`quota: 1/2` or `at_least: 2/3`"),
        (both, path, "has both `quota` (more than) and `at_least`", "keep the one that the law says"),
        (kind == "event" and not gate.event, path, "waits for an event but names none", "add `event: name`"),
        (kind != "event" and gate.event, f"{path}.event", mute, "drop it, or `kind: event`"),
        (kind == "chance" and gate.probability is None, path, "is a chance without a probability",
         "add `probability: 0.6 (0.4 to 0.8)`"),
        (nobody, path, "has no members", "name those who sit there under `members`"),
        *((kind != "vote" and getattr(gate, field) != absent, f"{path}.{field}", mute, "drop it, or `kind: vote`")
          for field, absent in VOTES_ONLY.items()),
        (len(gate.settles) == 1, f"{path}.settles", "names one gate, which cannot disagree with itself", "two or more"),
        (number and (gate.blocking_members or 0) > number, f"{path}.blocking_members", many, f"at most {number}"),
    )  # fmt: skip
    for target, wanted in gate.applies_if.items():
        yield from condition(s, f"{path}.applies_if", target, wanted)


def condition(s: ScenarioFields, path: str, target: str, wanted: object) -> Iterator[Fault]:
    """What keeps a condition on a dotted path, or on an event, from ever holding."""
    if target.startswith("event."):
        yield from unknown(path, "event", [target.removeprefix("event.")], s.process.events)
        if not isinstance(wanted, bool):
            yield path, f"`{target}` is true or false, never `{wanted}`", f"`{target}: true`"
        return
    try:
        value = s.value(target)
    except KeyError as missing:
        yield path, f"`{target}` leads nowhere: there is no {missing}", "a path such as `mandate.legal_basis`"
        return
    fix = "name a key that is a word, as `mandate.legal_basis` is, or an event: `event.NAME: true`"
    number = f"`{target}` is a number with an interval, which is never surely `{wanted}`"
    yield from holding(
        (isinstance(value, Record | dict), path, f"`{target}` is a whole record, which is never `{wanted}`", fix),
        (isinstance(value, Estimate), path, number, fix),
    )


def _event(path: str, event: Event) -> Iterator[Fault]:
    if (event.probability is None) == (event.council is None):
        both = event.probability is not None
        what = "has both a probability and a council" if both else "has neither a probability nor a council"
        yield path, what, "add `probability: 0.6 (0.4 to 0.8)`, or `council: {...}` for a vote of the Security Council"


def _circles(events: dict[str, Event]) -> Iterator[Fault]:
    for name in events:
        seen, row = set[str](), [name]
        while row:
            for other in (*events[here].after, *events[here].moved_by) if (here := row.pop()) in events else ():
                if other == name:
                    yield f"process.events.{name}", "waits for itself, by way of what it hangs on", "break the circle"
                    row.clear()
                    break
                if other not in seen:
                    seen.add(other)
                    row.append(other)


def inert(s: ScenarioFields) -> Iterator[Fault]:
    """What a scenario says about its decision that moves no number, so that nobody takes it for counted."""
    process = s.process
    sits = {name for gate in process.gates.values() for name in gate.members}
    heard = {name for gate in process.gates.values() if gate.kind == "bargain" for name in gate.members}
    for name, holder in s.stakeholders.items():
        path = f"stakeholders.{name}"
        counted = name in sits or name in process.decider or name in process.proposers
        if not holder.stakes:
            what = "is taken as the record of past decisions says" if name in process.decider else "enters nothing"
            yield path, f"has no stakes: it {what}", "say what it wants under `stakes`, or leave it out"
        elif not counted and process.pool is None:
            what = "sits at no gate and decides nothing: it enters nothing"
            yield path, what, "add it to a gate, or add `process.pool`"
        if process.pool is None and name not in heard and not holder.capability.certain:
            what = "enters nothing: only who bargains is weighed"
            yield f"{path}.capability", what, "add `process.pool`, or a bargain"
    blocs = Counter(holder.bloc for holder in s.stakeholders.values() if holder.bloc)
    for bloc, times in sorted(blocs.items()):
        if times == 1:
            name = next(n for n, holder in s.stakeholders.items() if holder.bloc == bloc)
            what = f"nobody else is of bloc `{bloc}`: it shares its error with nobody"
            yield f"stakeholders.{name}.bloc", what, "the bloc of another, or leave it out"
    awaited = {gate.event for gate in process.gates.values()}
    brought = {one.on for one in s.theatre.ceasefires}
    hung_on = {other for event in process.events.values() for other in (*event.after, *event.moved_by)}
    for name, event in process.events.items():
        if name not in awaited | hung_on | brought and not event.sets and not event.otherwise:
            what = "changes nothing, and nothing waits for it"
            yield f"process.events.{name}", what, "add `sets`, or a gate of kind event"
        elif name in awaited - brought - hung_on - s.conditions and not event.sets and not event.otherwise:
            fix = f"say what under `sets`, or let pledges wait for it: a caveat with `requires: {{event.{name}: true}}`"
            yield f"process.events.{name}", "is waited for but changes nothing on the ground", fix
    for name, gate in process.gates.items():
        yield from _inert_gate(f"process.gates.{name}", gate)
        yield from _settled(s, f"process.gates.{name}.applies_if", gate.applies_if)
    for name, caveat in s.caveats.items():
        yield from _settled(s, f"caveats.{name}.requires", caveat.requires)


def _settled(s: ScenarioFields, path: str, conditions: Mapping[str, object]) -> Iterator[Fault]:
    """Conditions that hold under every option and event, or under none."""
    said = s.said.values()
    for target, wanted in conditions.items():
        above = any(target.startswith(f"{path}.") for each in said for path in each)  # then it may stand in there
        if target.startswith("event.") or above:
            continue
        values = [s.value(target), *(each[target] for each in said if target in each)]
        met = {value in (wanted if isinstance(wanted, list) else [wanted]) for value in values}
        if len(met) == 1:
            told = " or ".join(map(str, dict.fromkeys(values)))
            holds = "always holds" if met == {True} else "never holds"
            what = f"`{target}: {wanted}` {holds}: it is {told} whatever is decided or happens"
            yield path, what, "drop it, or mend it"


def _inert_gate(path: str, gate: Gate) -> Iterator[Fault]:
    kind, members = gate.kind, gate.members.items()
    idle, delayed = f"enters nothing: a gate of kind {kind} counts no votes", kind in ("advisory", "bargain")
    yield from holding(
        (kind in ("event", "chance") and members, f"{path}.members",
         f"enter nothing: a gate of kind {kind} has no vote", "drop them"),
        (gate.delay is not None and not delayed, f"{path}.delay",
         "enters nothing: only advice and bargains are delayed", "add to `duration`, or drop it"),
        (gate.probability is not None and kind != "chance", f"{path}.probability",
         "enters nothing: only a gate of kind chance has one", "drop it"),
        *((kind in ("veto", "bargain") and getattr(member, field), f"{path}.members.{who}.{field}", idle,
           "drop it, or `kind: vote`") for who, member in members for field in ("present", "people", "divided")),
    )  # fmt: skip


def notes(s: ScenarioFields) -> Iterator[Fault]:
    """What can be run but may not be meant: claims for nothing, more wanted than is authorized, a rate of violence
    beside people counted, a contributor who offers nothing, phases that the mandate or the horizon cuts.
    """
    cited = {name for _, record in records(s) for name in _cited(record)} | {
        c for _, e in s.estimates() for c in e.claims
    }
    if idle := [name for name in s.claims if name not in cited]:
        told = ", ".join(idle[:8]) + (f" and {len(idle) - 8} more" if len(idle) > 8 else "")
        yield "claims", f"{told}: cited by no number", "cite them where they bear on a number, or leave them out"
    if s.theatre.observed and "event_rate" in s.theatre.parameters:
        what = "enters nothing: people killed are observed, and the rate follows from them"
        yield "theatre.parameters.event_rate", what, "leave one of the two out"
    offers = {name for pledge in s.pledges for name in (pledge.contributor, s.answering(pledge.contributor))}
    for code in s.contributors.keys() - offers - {s.contributor}:
        yield f"contributors.{code}", "offers nothing: no pledge is its own", "add a pledge, or leave it out"
    for code, who in s.contributors.items():
        if (state := s.answering(code)) != code and who.home_support is not None:
            yield f"contributors.{code}.home_support", f"enters nothing: {state} answers for it", "leave it out"
        for name in who.groups:
            if name in s.criteria or name in {criterion.group for criterion in s.criteria.values()}:
                yield f"contributors.{code}.groups", f"`{name}` is also what criteria are called", "another name"
    for name, rule in s.composition.items():
        if rule.kind in ("most_share", "ceiling", "veto") and not offers & set().union(*s.spoken_of(rule).values()):
            yield f"composition.{name}", "enters nothing: none of whom it is about offers anything", "drop it"
    command = s.mandate.command
    if s.mandate.like and command in COMMANDS and not any("mandate.command" in each for each in s.said.values()):
        yield "mandate.like", f"enters nothing: `{command}` is a command of its own", "drop it, or a name of yours"
    if not s.alike.country:
        what = "is no state: the record of past decisions holds none of its own, and those of all states count"
        yield "contributor", what, "`reference_class.country`, if the decisions of one state are like its own"
    if not s.mandate.phases:
        return
    wanted, most = defaultdict[str, float](float), s.mandate.authorized_strength.high
    for need in s.requirements:
        wanted[need.phase] += need.wanted.best
    for phase, people in wanted.items():
        if people > most:
            what = f"{people:,.0f} people are wanted, and at most {most:,.0f} are authorized"
            yield f"mandate.phases.{phase}", what, "fewer in `requirements`, or a higher `mandate.authorized_strength`"
    name, last = max(s.mandate.phases.items(), key=lambda item: item[1].end)
    lasts = s.mandate.duration.best * WEEKS_A_MONTH
    if last.end > lasts + 1:
        what = f"ends in week {last.end}; the mandate lasts {lasts:.0f} weeks (`mandate.duration`)"
        yield f"mandate.phases.{name}.end", what, "a longer mandate, or an earlier end"
    if last.end > s.horizon:
        what = f"ends in week {last.end} of the force; the scenario is cut in week {s.horizon} (`horizon`)"
        yield f"mandate.phases.{name}.end", what, f"an end by then, or `horizon: {last.end}` or more"


def _cited(record: object) -> tuple[str, ...]:
    found = getattr(record, "claims", ())
    return found if isinstance(found, tuple) else ()
