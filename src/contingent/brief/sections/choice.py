"""Which option, under which weights, and when does it fail?"""

import numpy as np

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, Context, happens
from contingent.brief.document.blocks import Answer, Block, Figure, Paragraph, Table, Text, pictured
from contingent.brief.figures import chart
from contingent.brief.sections.failing import conditions, holds, left_out, steps, twice
from contingent.brief.sections.weighing import hangs, views
from contingent.labels import CRITERION, OPTION, RANK


def choice(context: Context) -> Answer:
    """What is first, on what that hangs, criteria, ranks, and what is gained over doing nothing."""
    c = context
    beside, proceed, floors = difference(c), steps(c), _floors(c)
    decides, table = hangs(c)
    blocks: list[Block] = [
        Paragraph(c.more(beside.reading, "choice")),
        *(Paragraph(c.more(said, "choice")) for said in left_out(c)), Paragraph(c.more(decides, "choice")),
        *(Paragraph(c.more(said, "choice")) for said in holds(c)),
        *(Paragraph(c.more(way, "choice")) for way in proceed[:1]),
        *([] if isinstance(floors, Paragraph) else [Paragraph(c.more(c.say("choice.floor_stated"), "choice"))]),
    ]  # fmt: skip
    more: list[Block] = [
        Paragraph(_answer(c)), *views(c), table, criteria(c), *zeros(c), *unsent(c), ranks(c), weights(c), beside,
        *conditions(c), *(Paragraph(way) for way in proceed[1:]), floors,
        *(Paragraph(said, "note") for said in twice(c)),
    ]  # fmt: skip
    return Answer(tuple(blocks), tuple(more))


def _answer(c: Context) -> Text:
    appraisal = c.result.appraisal
    best = appraisal.best
    confidence = float(appraisal.confidence.sel({OPTION: best}))
    return c.say(
        "choice.answer_stated" if c.result.scenario.weights else "choice.answer",
        option=c.option(best),
        first=c.first(best),
        confidence=number.percent(confidence, "appraisal.confidence", "share of runs", option=best),
    )


def criteria(c: Context) -> Figure:
    """Every option on every criterion, in the criterion's own unit."""
    table, chosen = c.result.performance, c.result.scenario.criteria
    rows, cells, panels = [], [], []
    for name, criterion in chosen.items():
        chance = criterion.unit == "probability"
        share = chance or criterion.unit.startswith("share")
        unit = c.word("choice.chance") if chance else criterion.unit
        panel = f"{criterion.label} ({unit})" if unit else criterion.label
        panels.append(panel)
        shown = []
        for option in c.result.options:
            values = table.sel({OPTION: option, CRITERION: name})
            name_of, kind = f"performance.{name}", number.percent if share else number.count
            found = (
                c.shares(name_of, values, option=option) if chance else c.spread(name_of, values, kind, option=option)
            )
            middle, low, high = found if not (chance and happens(values)) else found[:1] * 3
            rows.append({
                "criterion": panel, "row": c.label(option), "value": middle.value, "low": low.value,
                "high": high.value, "share": share,
            })  # fmt: skip
            shown.append((middle,) if low is high else (middle, " (", *c.say("words.to", low=low, high=high), ")"))
        cells.append((c.named(panel), *shown))
    return pictured(
        "criteria", c.word("choice.criteria"), c.say("choice.criteria_reading"),
        c.source(number.result("performance", "")), chart("criteria", rows, panels=panels),
        (c.word("choice.criterion"), *(c.label(option) for option in c.result.options)), tuple(cells),
    )  # fmt: skip


def zeros(c: Context) -> list[Block]:
    """Where a median is 0 beside a bound above it: in what share of runs there is more."""
    found: list[Text] = []
    for name, criterion in c.result.scenario.criteria.items():
        table = c.result.performance.sel({CRITERION: name})
        said: list[Text] = []
        for option in c.result.options:
            values = table.sel({OPTION: option})
            middle, high = (float(values.quantile(at)) for at in (0.5, 0.95))
            if criterion.unit != "probability" and not middle and high > 0:
                said.append((*c.option(option), " ", c.above(f"performance.{name}", values, option=option)))
        if said:
            found.append(
                (*c.named(criterion.label), ": ", *tuple(part for each in said for part in (*each, ", "))[:-1])
            )
    parts = tuple(part for each in found for part in (*each, "; "))[:-1]
    return [Paragraph(c.say("choice.zeros", parts=parts), "note")] if parts else []


def unsent(c: Context) -> list[Block]:
    """In what share of runs each option sends somebody, where what it waits for may not come."""
    some = [option for option in c.result.options if 0 < float(c.sent(option).mean()) < 1]
    parts = tuple(part for option in some for part in (*c.option(option), " ", c.sending(option), ", "))[:-1]
    return [Paragraph(c.say("choice.unsent", parts=parts), "note")] if parts else []


def ranks(c: Context) -> Figure:
    """How often each option takes each rank, over all weights and runs."""
    found = c.result.appraisal.ranks
    rows, cells = [], []
    for option in c.result.ranked:
        shown = [
            number.percent(share, "appraisal.ranks", "share of weights and runs", option=option, rank=rank)
            for rank, share in zip(found[RANK].values, found.sel({OPTION: option}).values.tolist(), strict=True)
        ]
        rows += [
            {"row": c.label(option), "column": str(rank), "value": share.value, "label": share.text}
            for rank, share in zip(found[RANK].values, shown, strict=True)
        ]
        cells.append((c.option(option), *((share,) for share in shown)))
    best = c.result.appraisal.best
    worst = max(c.result.ranked, key=lambda name: float(found.sel({OPTION: name}).isel({RANK: -1})))
    score = c.result.appraisal.score.mean("run")
    highest = max(c.result.ranked, key=lambda name: float(score.sel({OPTION: name})))
    return pictured(
        "ranks", c.word("choice.ranks"),
        c.say("choice.ranks_reading", best=c.option(best), first=c.first(best), worst=c.option(worst),
              highest=c.option(highest)),
        c.source(number.result("appraisal.ranks", "")), chart("matrix", rows, x=c.word("choice.rank")),
        (c.word("choice.option"), *(c.word("choice.rank_n", n=str(rank)) for rank in found[RANK].values)),
        tuple(cells),
    )  # fmt: skip


def weights(c: Context) -> Figure:
    """The typical weights that put each option first."""
    central = c.result.appraisal.central
    rows, cells = [], []
    names = [str(name) for name in central[CRITERION].values]
    shown_options = [o for o in c.result.ranked if np.isfinite(central.sel({OPTION: o})).all()]
    for name in names:
        label = c.result.scenario.criteria[name].label
        shares = [
            number.percent(weight, "appraisal.central", "mean weight", option=option, criterion=name)
            for option, weight in zip(
                shown_options, central.sel({OPTION: shown_options, CRITERION: name}).values, strict=True
            )
        ]
        rows += [
            {"row": label, "column": c.label(option), "value": share.value, "label": share.text}
            for option, share in zip(shown_options, shares, strict=True)
        ]
        cells.append((c.named(label), *((share,) for share in shares)))
    return pictured(
        "weights", c.word("choice.weights"), c.say("choice.weights_reading"),
        c.source(number.result("appraisal.central", "")), chart("matrix", rows, x=None),
        (c.word("choice.criterion"), *(c.label(option) for option in shown_options)), tuple(cells),
    )  # fmt: skip


def difference(c: Context) -> Figure:
    """Every option beside doing nothing, in the same runs."""
    base, paired = c.result.scenario.baseline, c.result.appraisal.paired
    rows, cells = [], []
    for option in c.active:
        at, where = {OPTION: option, "other": base}, {"option": option, "beside": base}
        mean, low, high = (
            number.decimal(
                float(paired[part].sel(at)),
                number.result("appraisal.score", f"paired difference, {how}", **where),
                sign=True,
            )
            for part, how in (("mean", "mean"), ("low", LOW), ("high", HIGH))
        )
        above = float(paired["above"].sel(at))
        better = number.percent(above, "appraisal.score", "share of runs in which it is higher", **where)
        rows.append({"row": c.label(option), "value": mean.value, "low": low.value, "high": high.value})
        cells.append((c.option(option), (mean,), c.say("words.to", low=low, high=high), (better,)))
    best = max(range(len(c.active)), key=lambda index: rows[index]["value"])
    score, option = c.result.appraisal.score, c.active[best]
    lower = float((score.sel({OPTION: option}) < score.sel({OPTION: base})).mean())
    worse = number.percent(lower, "appraisal.score", "share of runs in which it is lower", option=option, beside=base)
    words = {"option": c.option(option), "base": c.option(base), "better": cells[best][3], "worse": worse}
    return pictured(
        "difference", c.word("choice.difference", base=c.label(base)), c.say("choice.difference_reading", **words),
        c.source(number.result("appraisal.score", "")), chart("difference", rows, x=c.word("choice.difference_axis")),
        tuple(c.word(f"choice.{key}") for key in ("option", "mean", "interval", "better")), tuple(cells),
    )  # fmt: skip


def _floors(c: Context) -> Paragraph | Table:
    """How often each option breaks a stated floor, or that none was stated."""
    stated = {name: each for name, each in c.result.scenario.criteria.items() if each.floor is not None}
    if not stated:
        return Paragraph(c.say("choice.no_floor"))
    rows = []
    for option in c.result.options:
        cells: list[Text] = []
        for name in stated:
            share = float(c.result.appraisal.broken.sel({OPTION: option, CRITERION: name}))
            where = number.result("appraisal.broken", "share of runs", option=option, criterion=name)
            cells.append((number.percent(share, where),))
        out = "choice.excluded" if option in c.result.appraisal.excluded else "choice.admitted"
        rows.append((c.option(option), *cells, (c.word(out),)))
    labels = (c.word("choice.breaks", criterion=stated[name].label) for name in stated)
    columns = (c.word("choice.option"), *labels, c.word("choice.state"))
    return Table(c.word("choice.floors"), columns, tuple(rows), numeric=tuple(range(1, len(stated) + 1)))
