"""What is wrong with the options, with what they are judged by, and with what they and events change of the base?"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from math import inf
from typing import Any

from contingent.errors import ScenarioError, did_you_mean
from contingent.scenario.check_process import Fault, unknown
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.option import WeightStatement
from contingent.scenario.paths import changed, children

ALIKE = (
    "name", "title", "question", "marking", "markings", "as_of", "decider", "contributor", "baseline", "horizon",
    "price_year", "currency", "documents", "claims", "issues", "criteria", "options", "weights", "weight_sets",
    "adaptive", "happened", "signals", "unmodelled", "dissent",
)  # fmt: skip
WHOLE = ("stakeholders", "process.events", "theatre.sectors")
"""Parts whose entries are the same under every option and in every world; what stands in an entry may differ."""
OUTCOMES = ("decision", "arrival", "nothing")
"""What may have happened beside events and gates."""
DECIDING = ("stakeholders.", "process.")
"""Where the numbers stand by which it is decided."""
Rule = Callable[[ScenarioFields], Iterable[Fault]]


def put_in_place(s: ScenarioFields, rules: Iterable[Rule]) -> Iterator[Fault]:
    """What is wrong with the scenario once an option or an event has put something else in place, by all of `rules`."""
    rules = tuple(rules)
    for where, brings in s.said.items():
        fixed = [path for path in brings if path.partition(".")[0] in ALIKE or path.endswith(".id")
                 or (path.rpartition(".")[0] in WHOLE and isinstance(brings[path], Mapping | str | None))]  # fmt: skip
        for path in fixed:
            yield f"{where}.{path}", "is the same under every option and in every world", "leave it out here"
        yield from _with_it(s, where, brings, () if fixed else rules)


def _with_it(s: ScenarioFields, where: str, brings: Mapping[str, Any], rules: Iterable[Rule]) -> Iterator[Fault]:
    """What is wrong with what is put in place, or by `rules` with the scenario once it is and was not before."""
    touched = tuple(sorted({path.partition(".")[0] for path in brings} & type(s).model_fields.keys()))
    try:
        after = s.remembered(f"with {brings}", touched, lambda: changed(s, brings))
    except ScenarioError as error:
        yield from ((f"{where}.{each.path}", each.what, each.fix) for each in error.complaints)
        return
    after = after.model_copy(update={part: each for part, each in children(s) if part not in touched
                                     and each is not getattr(after, part)})  # fmt: skip
    for rule in rules:
        new = list(rule(after))
        known = {(at, what) for at, what, _ in rule(s)} if new else ()
        for at, what, fix in new:
            gone = at.endswith((".applies_if", ".requires")) and "leads nowhere" in what  # then it is not met
            if (at, what) not in known and not gone:
                yield f"{where}.{_nearest(brings, at)}", f"with it, {at}: {what}", fix


def _nearest(brings: Mapping[str, Any], at: str) -> str:
    """The path put in place that shares most steps with where a fault shows."""
    steps = set(at.split("."))
    return max(brings, key=lambda path: len(steps & set(path.split("."))))


def second_judgements(s: ScenarioFields, rule: Rule) -> Iterator[Fault]:
    """What is wrong with the numbers of a dissenting view, or by `rule` with the scenario once they stand in it."""
    alone = s.model_copy(update={"dissent": ()})
    for place, view in enumerate(s.dissent):
        if view.sets and not view.judged:
            yield (
                f"dissent.{place}.judged",
                "is not said, though `sets` has other numbers",
                "who judged, when, and on what",
            )
        yield from _with_it(alone, f"dissent.{place}.sets", view.sets, (rule,) if view.sets else ())


def choice_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Everything wrong with the options, with what they are judged by, and with what is said of weights."""
    yield from unknown("baseline", "option", [s.baseline], s.options)
    if not s.options.keys() - {s.baseline}:
        yield "options", "there is none but the baseline: nothing is to be decided", "add an option that does something"
    held = {issue for holder in s.stakeholders.values() for issue in holder.stakes}
    for issue in s.issues.keys() - held if s.stakeholders else ():
        yield (f"issues.{issue}", "nobody has a stake in it", "say under `stakes` who has, or leave it out")
    if not s.criteria:
        yield "criteria", "is empty: options are judged by something", "add one, such as `measure: mission.own_deaths`"
    for name, way in s.adaptive.items():
        for field, option in (("start", way.start), ("then", way.then)):
            yield from unknown(f"adaptive.{name}.{field}", "option", [option], s.options)
        event = way.trigger.removeprefix("event.")
        yield from unknown(f"adaptive.{name}.trigger", "event", [event], s.process.events)
    for name, criterion in s.criteria.items():
        if criterion.worst.best == criterion.best.best:
            yield f"criteria.{name}", "worst and best are the same performance", "two that options may lie between"
        told = set(re.findall(r"\b[A-Z]{3}\b", criterion.unit)) - {s.currency}
        if criterion.measure == "force.contributor_cost" and told:
            what = f"is told in {criterion.unit}, but amounts are in {s.currency} (`currency`)"
            yield f"criteria.{name}.unit", what, f"`unit: million {s.currency}`, or `currency: {told.pop()}`"
    known = {*s.criteria, *(criterion.group for criterion in s.criteria.values() if criterion.group)}
    for path, statements in said_of_weights(s).items():
        for place, said in enumerate(statements):
            named = [name for name in (said.criterion, said.than, *said.order) if name]
            yield from unknown(f"{path}.{place}", "criterion or group", named, known)
            for name, amount in ((said.criterion, said.amount), (said.than, said.than_amount)):
                if amount is not None and name in known - set(s.criteria):
                    yield f"{path}.{place}", f"gives an amount of `{name}`, a group of criteria", "name one of them"


def signal_faults(s: ScenarioFields) -> Iterator[Fault]:
    """Signals that are no event ahead, or that move no uncertain number by which it is decided."""
    numbers = dict(s.estimates()) if s.signals else {}
    for place, sign in enumerate(s.signals):
        where = f"signals.{place}"
        deciding = [path for path in numbers if path.startswith(DECIDING) and not numbers[path].certain]
        if sign.by and sign.by <= s.as_of:
            yield (
                f"{where}.by",
                f"is {sign.by}, not after the scenario's date {s.as_of}",
                "a day ahead, or leave it out",
            )
        if sign.moves not in deciding:
            what = (
                "is certain"
                if sign.moves in numbers and sign.moves.startswith(DECIDING)
                else "is no number that the decision reads"
            )
            yield f"{where}.moves", f"`{sign.moves}` {what}", did_you_mean(sign.moves, deciding)


def happened_faults(s: ScenarioFields) -> Iterator[Fault]:
    """What happened that is of no day after the scenario's, about nothing there is, or rests on what came later."""
    last = s.as_of + timedelta(weeks=s.horizon)
    known = {*s.process.events, *s.process.gates, *OUTCOMES}
    for place, one in enumerate(s.happened):
        where = f"happened.{place}"
        if one.on <= s.as_of:
            mend = "leave `as_of` on the day its numbers are of: the deadline and all delays are counted from it"
            yield f"{where}.on", f"is {one.on}, not after the scenario's date {s.as_of}", mend
        if one.on > last:
            yield f"{where}.on", f"is {one.on}, after the last day looked at, {last}", "a longer `horizon`"
        if one.what in s.contributors:
            mend = (
                f"an event of `process.events` that `sets` what {one.what} pledges (`pledges.NAME.status: withdrawn`)"
            )
            yield f"{where}.what", f"`{one.what}` is a contributor, and no event or gate", mend
        else:
            yield from unknown(f"{where}.what", "event or gate", [one.what], known)
        yield from unknown(f"{where}.option", "option", [one.option] if one.option else [], s.options)
        gate = s.process.gates.get(one.what)
        if gate and one.came is not True and gate.kind not in ("vote", "veto", "chance"):
            why = f"is about a gate of kind {gate.kind}, which cannot say no"
            yield f"{where}.what", why, f"the event it waits for: `{gate.event}`" if gate.event else "`came: true`"
        for name in one.claims:
            claim = s.claims.get(name)
            day = claim and (getattr(s.documents.get(claim.document), "published", None) or claim.date)
            if day and day > one.on:
                yield f"{where}.claims", f"{name} is of {day}, after it happened", "the day on which it was known"


def said_of_weights(s: ScenarioFields) -> dict[str, tuple[WeightStatement, ...]]:
    """All that is said of weights, by where it stands: `weights`, and the statements of every set."""
    return {"weights": s.weights} | {f"weight_sets.{n}.statements": w.statements for n, w in s.weight_sets.items()}


def counted_twice(s: ScenarioFields) -> Iterator[Fault]:
    """Criteria that say again what decides the passage."""
    process = s.process
    weighs = {*process.decider, *process.proposers, *(name for gate in process.gates.values() for name in gate.members)}
    for name, criterion in s.criteria.items():
        who = criterion.measure.removeprefix("consultation.nearness_")
        if who != criterion.measure and who in weighs:
            what = f"repeats the position of `{who}`, which already weighs in what passes"
            yield f"criteria.{name}.measure", what, "`measure: judged`, by what each option would come to"
        if criterion.measure == "consultation.passes":
            what = "is a chance and no value: options count by what happens, so it weighs nothing"
            fix = "leave it out, or `measure: attempt.fails` for what a failed attempt costs"
            yield f"criteria.{name}.measure", what, fix


FIXED = re.compile(r"(criteria|requirements|composition|support|routes|unit_types)\..*"
                   r"|pledges\.\w+\.(tour|borne_by\..*)|mandate\.(duration|troop_ceiling)"
                   r"|reimbursement\.(budget|rates)\..*")  # fmt: skip
"""Numbers that are what they are: needs, rules and anchors, from which nothing turns out differently."""
PARTS = ("criteria", "requirements", "composition", "support", "routes", "unit_types", "pledges", "mandate",
         "reimbursement", "process", "theatre")  # fmt: skip


CENTURY = {"day": 36_525, "week": 5_218, "month": 1_200}
"""As long as anything may take, by unit: a day beyond could not be named (our limit)."""


def fixed(s: ScenarioFields) -> Iterator[Fault]:
    """Intervals where one number stands, and times beyond any plan."""
    for path, number in s.estimates(*PARTS):
        if number.high > (most := CENTURY.get(number.unit.name, inf)):
            yield path, f"more than a hundred years ({number})", f"at most {most:,} {number.unit.name}s"
        if not number.certain and FIXED.fullmatch(path):
            yield path, f"nothing draws an interval here ({number})", f"{number.best:g} alone; try others by `what-if`"
