"""What does each number and statement rest on, by which run, and from which publications?"""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import groupby
from typing import Literal

from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document import Reference, bare
from contingent.brief.document.blocks import (
    Block,
    Entries,
    Entry,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
    joined,
    words,
)
from contingent.brief.document.catalogue import merged
from contingent.brief.number import Number, Trace
from contingent.brief.parameter_labels import common, described, phrased
from contingent.brief.sections.drivers import LEAST, MODEL, grounded, moved_by, value_of
from contingent.brief.sections.trust import track_record
from contingent.labels import OPTION
from contingent.mission.parameters import acting, priors
from contingent.quantities import Estimate
from contingent.scenario.model import GROUNDS, Scenario, ground
from contingent.study.formulas import formula_of
from contingent.study.sampling import SAID, unsaid
from contingent.study.trace import rests_on

SHOWN = 2  # inputs named under a result
NOT_ON_RECORD = ("judged", "inferred", "unsourced")  # classes of numbers that nothing states
WORKS = tomllib.loads(files("contingent.brief.sections").joinpath("works.toml").read_text("utf-8"))["work"]
"""The works the methods come from, each with the part that uses it."""


def evidence(c: Context) -> Section:
    """Every claim with its speaker, channel, day, grade and quote."""
    return _annex(c, "evidence", tuple(_claim(c, name) for name in c.scenario.claims))


def _claim(c: Context, name: str) -> Entry:
    claim = c.scenario.claims[name]
    document = c.scenario.documents[claim.document]
    day = claim.date.isoformat() if claim.date else ""
    where = document.publisher or claim.document.replace("_", " ")
    said = ", ".join(filter(None, (claim.speaker, claim.channel, day, where)))
    kind = ", ".join(filter(None, (claim.attribution, claim.record, claim.modality))).replace("-", " ")
    spoken = c.english.say("annex.spoken", said=said, kind=kind, grade=claim.grade, reason=claim.reason)
    return Entry(name, (f"{name}  ", *c.named(claim.says)), (c.in_english(spoken),), quote=claim.quote)


def assumptions(c: Context) -> Section:
    """Every number, grouped by what it rests on; unsourced first, then by influence; the mission model's own too."""
    influence = c.result.influence
    found: list[tuple[int, float, Entry]] = []
    for order, (record, members) in enumerate(groups(c.scenario)):
        share, estimate = sum(influence.get(path, 0.0) for path, _ in members), members[0][1]
        rank = len(GROUNDS) - GROUNDS.index(ground(estimate, c.scenario.claims)[0])
        found.append((rank, share, _parameters(c, f"p{order}", record, members, share)))
    for rank, judged in ((len(GROUNDS) - GROUNDS.index("judged"), True), (len(GROUNDS), False)):
        found += [(rank, share, entry) for share, entry in model_numbers(c, judged=judged)]
    found.sort(key=lambda item: (item[0], -round(item[1], 4)))
    return _annex(c, "assumptions", tuple(entry for _, _, entry in found))


def groups(scenario: Scenario) -> list[tuple[str, list[tuple[str, Estimate]]]]:
    """The scenario's numbers, those of one kind of record that rest on the same in the same way together."""
    found: dict[tuple[object, ...], list[tuple[str, Estimate]]] = {}
    for path, estimate in scenario.estimates():
        way = ground(estimate, scenario.claims)
        found.setdefault((path.partition(".")[0], estimate.claims, estimate.assumption, way), []).append(
            (path, estimate)
        )
    return [(str(top), members) for (top, *_), members in found.items()]


def _parameters(c: Context, anchor: str, record: str, members: list[tuple[str, Estimate]], share: float) -> Entry:
    estimate = members[0][1]
    moved = [moved_by(c, share, record)] if share >= LEAST else []
    told = (_record(c, list(records)) for _, records in groupby(members, key=lambda item: _whose(c, item[0])))
    lines = [grounded(c, members[0][0], estimate), *moved, *told]  # a card beside a number shows the first few
    flag = "" if estimate.claims or estimate.assumption else "unsourced"
    return Entry(anchor, (c.word(f"record.{record}"),), tuple(lines), flag=flag)


def _whose(c: Context, path: str) -> str:
    """The record a number belongs to; of a requirement, the place, task and unit whatever the phase."""
    if path.startswith("requirements."):
        return described(c.scenario, path).rpartition(", ")[0]
    return ".".join(path.split(".")[:2])


def _record(c: Context, members: list[tuple[str, Estimate]]) -> Text:
    """The numbers of one record on one line, all in one language."""
    names = [described(c.scenario, path) for path, _ in members]
    title = common(names)
    told: dict[str, dict[str, Text]] = {}
    for name, member in zip(names, members, strict=True):
        part, _, what = name.removeprefix(f"{title}: ").removeprefix(f"{title}, ").rpartition(": ")
        amount = value_of(c.english, *member)
        shown = told.setdefault(f"{what}:" if part else what, {})
        if before := shown.get(words(amount)):  # an amount that several parts have, such as phases, is told once
            amount, part = before[1:], f"{str(before[0]).rstrip()}, {part}"
        shown[words(amount)] = (f"{part} ".lstrip(), *amount)
    parts = ((f"{what} ", *joined(shown.values(), ", ")) for what, shown in told.items())
    return (Strong(c.named(title)), ": ", *c.in_english(merged(joined(parts, "; "))))


def parameter_anchors(c: Context) -> dict[str, str]:
    """Where each parameter is printed, by path."""
    scenario, table = c.scenario, priors()
    said = {path: f"p{order}" for order, (_, members) in enumerate(groups(scenario)) for path, _ in members}
    return said | {path: f"model-{MODEL[table[path.removeprefix(SAID)].judged]}" for path in unsaid(scenario)}


def _annex(c: Context, name: str, entries: tuple[Entry, ...]) -> Section:
    blocks: tuple[Block, ...] = (Paragraph(c.say(f"annex.{name}_answer"), "note"), Entries(entries))
    return Section(name, c.word(f"annex.{name}"), blocks, annex=True)


def references(c: Context, numbers: Iterable[Number]) -> tuple[Reference, ...]:
    """What every printed number's trace leads to, in the order of first mention."""
    anchors = parameter_anchors(c)
    found: dict[Trace, Reference] = {}
    for trace in dict.fromkeys(bare(each.trace) for each in numbers):
        if trace.kind == "parameter":
            found[trace] = Reference(anchors[trace.name], trace)
        elif trace.kind == "run":
            found[trace] = Reference(f"card-{trace.name}", trace)
        else:
            found[trace] = Reference(f"n{len(found) + 1}", trace, formula_of(trace.name), _rests(c, trace))
    return tuple(found.values())


def _rests(c: Context, trace: Trace) -> tuple[Text, ...]:
    """What a result moves with most, each with what that rests on."""
    if trace.kind == "precedent":
        return (c.say("rests.past"),)
    told, anchors = [], parameter_anchors(c)
    for path, estimate in rests_on(c.result, trace.name, c.focus)[:SHOWN] if trace.kind == "result" else ():
        said = c.see("assumptions", anchors[path])
        what, value = c.named(phrased(c.scenario, path)), value_of(c, path, estimate)
        told.append(c.say("annex.input", what=what, value=value, ground=grounded(c, path, estimate, said=(said,))))
    return tuple(told) or (c.say("annex.no_input", annex=c.see("assumptions").words),)


def numbers(c: Context, found: tuple[Reference, ...]) -> Section:
    """One entry for every kind of number."""
    entries = tuple(_entry(c, reference) for reference in found if reference.anchor.startswith("n"))
    return Section("numbers", c.word("annex.numbers"), (Entries(entries),), annex=True)


def _entry(c: Context, reference: Reference) -> Entry:
    trace = reference.trace
    lines: list[Text] = []
    if reference.formula:
        lines.append(c.say("annex.formula", formula=c.named(reference.formula)))
    lines += reference.rests
    return Entry(reference.anchor, (trace.name,), tuple(lines))


def level(
    *, judged: float | None, single: float, spread: float, tested: bool
) -> tuple[Literal["low", "moderate", "high"], str]:
    """How much confidence a judgement deserves, and the message that says why.

    Of what moves the forecast, `judged` is the share that is somebody's judgement (None: nothing can be told from
    chance) and `single` the share that rests on one document alone; `spread` is the width of the 90 % interval of the
    probability (0 to 1), `tested` whether the record of past decisions beat its base rate. The thresholds are a
    judgement: half of it judged is low, so is half from single documents, and an interval that spans three likelihood
    words. None is high: a decision as a whole was never scored.
    """
    if judged is None:
        return "low", "few"
    for share, reason in ((judged, "judged"), (single, "single")):
        if share > 0.5:
            return "low", reason
    if spread > 0.6:
        return "low", "spread"
    if judged > 0.2:
        return "moderate", "some_judged"
    return "moderate", "spread" if spread > 0.35 else "sound" if tested else "untested"


def confidence(c: Context) -> Text:
    """How much confidence the forecast deserves, and why."""
    influence, numbers = c.result.influence, dict(c.scenario.estimates())
    total = sum(influence.values())
    model = {path for path in unsaid(c.scenario) if priors()[path.removeprefix(SAID)].judged}
    claims = c.scenario.claims
    judged = model | {path for path, each in numbers.items() if ground(each, claims)[0] in NOT_ON_RECORD}
    single = {path for path, each in numbers.items() if len({claims[name].document for name in each.claims}) == 1}

    def carried(paths: set[str]) -> float:
        return sum(share for path, share in influence.items() if path in paths) / total if total else 0.0

    _, low, high = c.shares("outlook.reached", c.reached(c.rungs[0]), rung=c.rungs[0].name, stage="decided")
    track = track_record(c.scenario.as_of)
    degree, reason = level(
        judged=carried(judged) if total else None, single=carried(single - judged), spread=high.value - low.value,
        tested=track.brier < track.base_brier,
    )  # fmt: skip
    at = carried(single - judged) if reason == "single" else carried(judged)
    share = number.chance(at, "run.unsourced", "share of the influence of all numbers")
    said = c.say(
        "confidence.sentence", level=c.word(f"confidence.{degree}"), reason=c.say(f"confidence.{reason}", share=share)
    )
    strongest = max(influence, key=lambda path: influence[path], default="")
    if reason not in ("judged", "some_judged") or strongest not in numbers:
        return said
    return (*said, " ", *c.say("confidence.strongest", number=c.named(phrased(c.scenario, strongest))))


def model_numbers(c: Context, *, judged: bool) -> Iterator[tuple[float, Entry]]:
    """The numbers of the mission model that act here and that the scenario leaves as they are, by influence."""
    scenario, influence, left = c.scenario, c.result.influence, unsaid(c.scenario)
    mine = [path for path in left if priors()[path.removeprefix(SAID)].judged == judged]
    if not mine:
        return
    table, lines = acting(scenario), []
    for path in sorted(mine, key=lambda path: -influence.get(path, 0.0)):
        prior, share = table[path.removeprefix(SAID)], influence.get(path, 0.0)
        rests = (
            (f"{prior.source}.",)
            if prior.basis == "judgement"
            else c.english.say(f"annex.basis_{prior.basis}", words=prior.source)
        )
        told = c.in_english(merged((" ", *value_of(c.english, path, left[path]), ". ", *rests)))
        moved = (" ", *moved_by(c, share, path)) if share >= LEAST else ()
        lines.append((Strong(c.named(prior.label)), *told, *moved))
    if judged and (idle := len(priors()) - len(table)):
        how = "count of those that act on nothing here"
        lines.append(c.say("annex.model_idle", n=number.exact(idle, "mission.parameters", how)))
    title = (c.word(f"annex.model_{MODEL[judged]}"),)
    yield sum(influence.get(path, 0.0) for path in mine), Entry(f"model-{MODEL[judged]}", title, tuple(lines))


def card(c: Context) -> Section:
    """What was run, so that anyone can run it again."""
    q = c.result.question
    rows: list[tuple[str, Text]] = [
        ("run", (q.id,)), ("scenario", (q.scenario_hash,)),
        ("version", (", ".join([q.version, *(f"{name} {release}" for name, release in q.libraries.items())]),)),
        ("seed", (Number(q.seed, str(q.seed), number.on_card("seed")),)),
        ("runs", (c.runs,)), ("horizon", (c.weeks,)),
        ("weights", (number.exact(c.result.appraisal.weights.sizes["weight"], number.on_card("weights")),)), *_asked(c),
    ]  # fmt: skip
    if q.runs > q.sample:
        rows.append(("sample", c.say("card.sample", sample=c.runs, runs=number.exact(q.runs, number.on_card("runs")))))
    ranked = float(c.result.appraisal.error.sel({OPTION: c.focus}))
    for name, value in (("error", c.error), ("rank_error", ranked)):
        rows.append((name, c.say(f"card.{name}", error=number.decimal(value, number.on_card("error"), places=4))))
    for (option, world), plan in c.result.plans.items():
        gap = number.decimal(plan.solver.gap, number.on_card("solver"), places=4)
        said = c.say("card.solver", status=str(plan.solver.status), gap=gap)
        rows.append(("solver", (*c.option(option), " (", *c.world_words(world), ")", *said)))
    first = {key: index for index, (key, _) in reversed(list(enumerate(rows)))}
    anchors = (f"card-{key}" if index == first[key] else f"card-{key}-{index}" for index, (key, _) in enumerate(rows))
    named = zip(anchors, rows, strict=True)
    entries = tuple(Entry(anchor, (c.word(f"card.{key}_name"),), (text,)) for anchor, (key, text) in named)
    return Section("card", c.word("annex.card"), (Paragraph(c.say("card.methods")), Entries(entries)), annex=True)


def _asked(c: Context) -> list[tuple[str, Text]]:
    """What the scenario says of its prices, options, tasks and sectors that no engine reads."""
    s = c.scenario
    year, other = Number(s.price_year, str(s.price_year), number.on_card("prices")), s.currency != "USD"
    rows: list[tuple[str, Text]] = [("prices", (year, *((f", {s.currency}",) if other else ())))]
    rows += [("option", (*c.option(name), ": ", *c.named(s.options[name].summary))) for name in c.result.options]
    for task in s.mandate.tasks.values():
        told = (": ", *c.named(task.description)) if task.description else ()
        rows.append(("task", (*c.named(task.label), *(c.say("card.coercive") if task.coercive else ()), *told)))
    for name, sector in s.theatre.sectors.items():
        area = number.count(sector.area.best, number.parameter(f"theatre.sectors.{name}.area"))
        rows.append(("sector", (*c.named(sector.label), ": ", area, " km\u00b2")))
    return rows


def bibliography(c: Context) -> Section:
    """The documents the claims come from, and the works the methods come from."""
    used = {claim.document for claim in c.scenario.claims.values()}
    documents = []
    for name, document in c.scenario.documents.items():
        if name in used:
            day = document.published.isoformat() if document.published else ""
            told = filter(None, (document.publisher, day, document.url, document.extracted))
            documents.append(Entry(f"d-{name}", c.named(document.title), (c.named(", ".join(told)),)))
    rows = tuple((c.named(work["text"]), c.named(work["part"])) for work in WORKS)
    methods = Table(c.word("card.works"), c.columns("card", "work", "used_in"), rows)
    return Section("bibliography", c.word("annex.bibliography"), (Entries(tuple(documents)), methods), annex=True)
