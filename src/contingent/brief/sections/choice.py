"""Which option, under which weights, and when does it fail?"""

from __future__ import annotations

import numpy as np

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, Context, happens
from contingent.brief.document.blocks import Answer, Block, Figure, Paragraph, Table, Text
from contingent.brief.figures import chart
from contingent.brief.sections.failing import conditions, holds, steps
from contingent.labels import CRITERION, OPTION, RANK


def choice(context: Context) -> Answer:
    """Criteria, ranks, weights, regret and the paired difference from doing nothing."""
    c = context
    lost, beside, proceed, floors = regret(c), difference(c), steps(c), _floors(c)
    blocks: list[Block] = [
        Paragraph(c.more((*_answer(c), " ", *beside.reading), "choice")),
        Paragraph(c.more(holds(c), "choice")),
        Paragraph(c.more(lost.reading, "choice")),
        *(Paragraph(c.more(way, "choice")) for way in proceed[:1]),
        *([] if isinstance(floors, Paragraph) else [Paragraph(c.more(c.say("choice.floor_stated"), "choice"))]),
    ]
    more: list[Block] = [
        criteria(c),
        *zeros(c),
        *unsent(c),
        ranks(c),
        weights(c),
        lost,
        beside,
        *conditions(c),
        *(Paragraph(way) for way in proceed[1:]),
        floors,
        Paragraph(c.say("choice.correlated", **_correlated(c)), "note"),
    ]
    return Answer(tuple(blocks), tuple(more))


def _answer(c: Context) -> Text:
    appraisal = c.result.appraisal
    best = appraisal.best
    confidence = float(appraisal.confidence.sel({OPTION: best}))
    return c.say(
        "choice.answer_stated" if c.result.scenario.weights else "choice.answer",
        option=c.option(best),
        first=c.first(best),
        confidence=number.percent(confidence, number.result("appraisal.confidence", "share of runs", option=best)),
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
            rows.append(
                {
                    "criterion": panel,
                    "row": c.label(option),
                    "value": middle.value,
                    "low": low.value,
                    "high": high.value,
                    "share": share,
                }
            )
            shown.append((middle,) if low is high else (middle, " (", *c.say("words.to", low=low, high=high), ")"))
        cells.append((c.named(panel), *shown))
    return Figure(
        "criteria",
        c.word("choice.criteria"),
        c.say("choice.criteria_reading"),
        c.source(number.result("performance", "")),
        chart("criteria", rows, panels=panels),
        Table(
            c.word("choice.criteria"),
            (c.word("choice.criterion"), *(c.label(option) for option in c.result.options)),
            tuple(cells),
            numeric=tuple(range(1, len(c.result.options) + 1)),
        ),
    )


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
    for option in c.result.options:
        shown = [
            number.percent(
                float(found.sel({OPTION: option, RANK: rank})),
                number.result("appraisal.ranks", "share of weights and runs", option=option, rank=rank),
            )
            for rank in found[RANK].values
        ]
        rows += [
            {"row": c.label(option), "column": str(rank), "value": share.value, "label": share.text}
            for rank, share in zip(found[RANK].values, shown, strict=True)
        ]
        cells.append((c.option(option), *((share,) for share in shown)))
    best = c.result.appraisal.best
    worst = max(c.result.options, key=lambda name: float(found.sel({OPTION: name}).isel({RANK: -1})))
    return Figure(
        "ranks",
        c.word("choice.ranks"),
        c.say("choice.ranks_reading", best=c.option(best), first=c.first(best), worst=c.option(worst)),
        c.source(number.result("appraisal.ranks", "")),
        chart("matrix", rows, x=c.word("choice.rank")),
        Table(
            c.word("choice.ranks"),
            (c.word("choice.option"), *(c.word("choice.rank_n", n=str(rank)) for rank in found[RANK].values)),
            tuple(cells),
            numeric=tuple(range(1, len(found[RANK]) + 1)),
        ),
    )


def weights(c: Context) -> Figure:
    """The typical weights that put each option first."""
    central = c.result.appraisal.central
    rows, cells = [], []
    names = [str(name) for name in central[CRITERION].values]
    shown_options = [o for o in c.result.options if np.isfinite(central.sel({OPTION: o})).all()]
    for name in names:
        label = c.result.scenario.criteria[name].label
        shares = [
            number.percent(
                float(central.sel({OPTION: option, CRITERION: name})),
                number.result("appraisal.central", "mean weight", option=option, criterion=name),
            )
            for option in shown_options
        ]
        rows += [
            {"row": label, "column": c.label(option), "value": share.value, "label": share.text}
            for option, share in zip(shown_options, shares, strict=True)
        ]
        cells.append((c.named(label), *((share,) for share in shares)))
    mean = number.percent(1 / len(names), number.on_card("weights"))
    return Figure(
        "weights",
        c.word("choice.weights"),
        c.say("choice.weights_reading", mean=mean),
        c.source(number.result("appraisal.central", "")),
        chart("matrix", rows, x=None),
        Table(
            c.word("choice.weights"),
            (c.word("choice.criterion"), *(c.label(option) for option in shown_options)),
            tuple(cells),
            numeric=tuple(range(1, len(shown_options) + 1)),
        ),
    )


def regret(c: Context) -> Figure:
    """How much worth is lost if another option would have been best."""
    losses, by_run = c.result.appraisal.losses, c.result.appraisal.regret
    rows, cells = [], []
    for option in c.result.options:
        where = {"option": option}
        mean = number.decimal(
            float(losses.expected.sel({OPTION: option})), number.result("appraisal.regret", "mean over runs", **where)
        )
        high = number.decimal(
            float(losses.high.sel({OPTION: option})),
            number.result("appraisal.regret", "90 % quantile over runs", **where),
        )
        low, top = np.quantile(by_run.sel({OPTION: option}), [0.05, 0.95])
        rows.append({"row": c.label(option), "value": mean.value, "low": float(low), "high": float(top)})
        cells.append((c.option(option), (mean,), (high,)))
    least = min(c.result.options, key=lambda name: float(losses.expected.sel({OPTION: name})))
    return Figure(
        "regret",
        c.word("choice.regret"),
        c.say("choice.regret_reading", option=c.option(least), mean=cells[c.result.options.index(least)][1]),
        c.source(number.result("appraisal.regret", "")),
        chart("interval", rows, x=c.word("choice.regret_axis")),
        Table(
            c.word("choice.regret"),
            tuple(c.word(f"choice.{key}") for key in ("option", "expected", "ninety")),
            tuple(cells),
            numeric=(1, 2),
        ),
    )


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
        better = number.percent(
            float(paired["above"].sel(at)),
            number.result("appraisal.score", "share of runs in which it is higher", **where),
        )
        rows.append({"row": c.label(option), "value": mean.value, "low": low.value, "high": high.value})
        cells.append((c.option(option), (mean,), c.say("words.to", low=low, high=high), (better,)))
    best = max(range(len(c.active)), key=lambda index: rows[index]["value"])
    return Figure(
        "difference",
        c.word("choice.difference", base=c.label(base)),
        c.say("choice.difference_reading", option=c.option(c.active[best]), better=cells[best][3], base=c.option(base)),
        c.source(number.result("appraisal.score", "")),
        chart("difference", rows, x=c.word("choice.difference_axis")),
        Table(
            c.word("choice.difference", base=c.label(base)),
            tuple(c.word(f"choice.{key}") for key in ("option", "mean", "interval", "better")),
            tuple(cells),
            numeric=(1, 2, 3),
        ),
    )


def _floors(c: Context) -> Paragraph | Table:
    """How often each option breaks a stated floor, or that none was stated."""
    if all(criterion.floor is None for criterion in c.result.scenario.criteria.values()):
        return Paragraph(c.say("choice.no_floor"))
    risk = c.result.appraisal.floor_risk
    rows = tuple(
        (
            c.option(o),
            (number.percent(float(risk.sel({OPTION: o})), number.result("appraisal.floor_risk", "", option=o)),),
        )
        for o in c.result.options
    )
    return Table(c.word("choice.floors"), (c.word("choice.option"), c.word("choice.breaks")), rows, numeric=(1,))


def _correlated(c: Context) -> dict[str, object]:
    """The two criteria that move together most: what may be counted twice."""
    table = c.result.appraisal.correlation.fillna(0).to_numpy().copy()
    np.fill_diagonal(table, 0)
    i, j = np.unravel_index(int(table.argmax()), table.shape)
    names = [str(name) for name in c.result.appraisal.correlation[CRITERION].values]
    where = number.result("appraisal.correlation", "over runs, within options", criterion=names[i], other=names[j])
    labels = c.result.scenario.criteria
    return {
        "one": c.named(labels[names[i]].label),
        "two": c.named(labels[names[j]].label),
        "r": number.decimal(float(table[i, j]), where, sign=True),
    }
