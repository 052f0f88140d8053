"""Where does each number come from, by which run, and from which publications?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from contingent.brief import number
from contingent.brief.blocks import Entries, Entry, Paragraph, Section, Table, Text
from contingent.brief.context import Context
from contingent.brief.document import Reference, bare
from contingent.brief.number import Number, Trace
from contingent.brief.sections.annexes import cited, parameter_anchors
from contingent.labels import OPTION
from contingent.study.formulas import formula_of
from contingent.study.trace import rests_on

SHOWN = 3  # inputs named under a result


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
            found[trace] = _reference(c, f"n{len(found) + 1}", trace)
    return tuple(found.values())


def _reference(c: Context, anchor: str, trace: Trace) -> Reference:
    formula = formula_of(trace.name)
    inputs = rests_on(c.result, trace.name, c.focus)[:SHOWN] if trace.kind == "result" else ()
    claims = tuple(dict.fromkeys(claim for _, estimate in inputs for claim in estimate.claims))
    return Reference(anchor, trace, formula, tuple(path for path, _ in inputs), claims)


def numbers(c: Context, found: tuple[Reference, ...]) -> Section:
    """One entry for every kind of number."""
    entries = tuple(_entry(c, reference) for reference in found if reference.anchor.startswith("n"))
    return Section("numbers", c.word("annex.numbers"), (Entries(entries),), annex=True)


def _entry(c: Context, reference: Reference) -> Entry:
    trace = reference.trace
    lines: list[Text] = []
    if reference.formula:
        lines.append(c.say("annex.formula", formula=c.named(reference.formula)))
    if reference.parameters:
        from contingent.brief.naming import phrased

        names = "; ".join(phrased(c.result.scenario, path) for path in reference.parameters)
        lines.append(c.say("annex.inputs", inputs=c.named(names)))
    if reference.claims:
        lines.append(c.say("annex.rests_on", claims=cited(reference.claims)))
    return Entry(reference.anchor, (trace.name,), tuple(lines))


def card(c: Context) -> Section:
    """What was run, so that anyone can run it again."""
    q = c.result.question
    rows: list[tuple[str, Text]] = [
        ("run", (q.id,)),
        ("scenario", (q.scenario_hash,)),
        ("version", (", ".join([q.version, *(f"{name} {release}" for name, release in q.libraries.items())]),)),
        ("seed", (Number(q.seed, str(q.seed), number.on_card("seed")),)),
        ("runs", (number.exact(q.runs, number.on_card("runs")),)),
        ("horizon", (c.weeks,)),
        ("weights", (number.exact(c.result.appraisal.weights.sizes["weight"], number.on_card("weights")),)),
        *_asked(c),
    ]
    values = c.passes(c.focus).to_numpy()
    error = number.decimal(float(values.std(ddof=1) / len(values) ** 0.5), number.on_card("error"), 4)
    rows.append(("error", c.say("card.error", error=error)))
    first = number.decimal(float(c.result.appraisal.error.sel({OPTION: c.focus})), number.on_card("error"), 4)
    rows.append(("rank_error", c.say("card.rank_error", error=first)))
    for (option, world), plan in c.result.plans.items():
        gap = number.decimal(plan.solver.gap, number.on_card("solver"), 4)
        where = (" (", *c.world_words(world), ")")
        rows.append(
            ("solver", (*c.option(option), *where, *c.say("card.solver", status=str(plan.solver.status), gap=gap)))
        )
    entries = tuple(
        Entry(
            f"card-{key}" if index == _first(rows, key) else f"card-{key}-{index}",
            (c.word(f"card.{key}_name"),),
            (text,),
        )
        for index, (key, text) in enumerate(rows)
    )
    methods = Paragraph(c.say("card.methods"))
    return Section("card", c.word("annex.card"), (methods, Entries(entries)), annex=True)


def _asked(c: Context) -> list[tuple[str, Text]]:
    """What the scenario says of its prices, options, tasks and sectors that no engine reads."""
    s = c.result.scenario
    rows: list[tuple[str, Text]] = [("prices", (Number(s.price_year, str(s.price_year), number.on_card("prices")),))]
    rows += [("option", (*c.option(name), ": ", *c.named(s.options[name].summary))) for name in c.result.options]
    for task in s.mandate.tasks.values():
        told = (": ", *c.named(task.description)) if task.description else ()
        rows.append(("task", (*c.named(task.label), *(c.say("card.coercive") if task.coercive else ()), *told)))
    for name, sector in s.theatre.sectors.items():
        area = number.count(sector.area.best, number.parameter(f"theatre.sectors.{name}.area"))
        rows.append(("sector", (*c.named(sector.label), ": ", area, " km\u00b2")))
    return rows


def _first(rows: list[tuple[str, Text]], key: str) -> int:
    return next(index for index, (known, _) in enumerate(rows) if known == key)


@cache
def works() -> tuple[tuple[str, str], ...]:
    """The works the methods come from, each with the part that uses it."""
    text = files("contingent.brief").joinpath("works.toml").read_text(encoding="utf-8")
    return tuple((work["text"], work["part"]) for work in tomllib.loads(text)["work"])


def bibliography(c: Context) -> Section:
    """The documents the claims come from, and the works the methods come from."""
    scenario = c.result.scenario
    used = {claim.document for claim in scenario.claims.values()}
    documents = [
        Entry(
            f"d-{name}",
            c.named(document.title),
            (
                c.named(", ".join(filter(None, (
                    document.publisher, document.published.isoformat() if document.published else "", document.url,
                    document.extracted,
                )))),
            ),
        )
        for name, document in scenario.documents.items()
        if name in used
    ]  # fmt: skip
    methods = Table(c.word("card.works"), (c.word("card.work"), c.word("card.used_in")),
                  tuple((c.named(work), c.named(part)) for work, part in works()))  # fmt: skip
    return Section("bibliography", c.word("annex.bibliography"), (Entries(tuple(documents)), methods), annex=True)
