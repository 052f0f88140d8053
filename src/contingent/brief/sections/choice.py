"""Which option, under which weights, and when does it fail?"""

import numpy as np

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, Context, happens
from contingent.brief.document.blocks import Answer, Block, Figure, Paragraph, Table, Text, joined, matrix, pictured
from contingent.brief.figures import chart
from contingent.brief.sections import weighing
from contingent.brief.sections.passing import prices, saying_no
from contingent.brief.sections.weighing import conditions, hangs, steps, twice, views
from contingent.labels import CRITERION, OPTION, RANK


def choice(context: Context) -> Answer:
    """What each option brings and at what price, and what saying no costs; behind it, criteria, ranks and weights."""
    c = context
    proceed, floors = steps(c), _floors(c)
    decides, table = hangs(c)
    stated = [] if isinstance(floors, Paragraph) else [Paragraph(c.say("choice.floor_stated"))]
    more: list[Block] = [
        Paragraph(_answer(c)), Paragraph(decides), *views(c), table, criteria(c), *zeros(c), *unsent(c), ranks(c),
        weights(c), difference(c), *conditions(c), *map(Paragraph, proceed), *stated, floors,
        *(Paragraph(each, "note") for each in twice(c)),
    ]  # fmt: skip
    said = (*saying_no(c), *(c.more(each, "choice") for each in (*weighing.otherwise(c), *weighing.going_in_steps(c))))
    return Answer((prices(c), *map(Paragraph, said)), tuple(more))


def _answer(c: Context) -> Text:
    best = c.result.appraisal.best
    sure = c.result.appraisal.confidence.sel({OPTION: best})
    return c.say(
        "choice.answer_stated" if c.scenario.weights else "choice.answer", option=c.option(best), first=c.first(best),
        confidence=number.percent(sure, "appraisal.confidence", "share of runs", option=best),
    )  # fmt: skip


def criteria(c: Context) -> Figure:
    """Every option on every criterion, in the criterion's own unit."""
    rows, cells, panels = [], [], []
    for name, criterion in c.scenario.criteria.items():
        chance = criterion.unit == "probability"
        share = chance or criterion.unit.startswith("share")
        unit = c.word("choice.chance") if chance else criterion.unit
        panel = f"{criterion.label} ({unit})" if unit else criterion.label
        panels.append(panel)
        shown = []
        for option in c.result.options:
            values = c.result.performance.sel({OPTION: option, CRITERION: name})
            of, kind = f"performance.{name}", number.percent if share else number.count
            found = c.shares(of, values, option=option) if chance else c.spread(of, values, kind, option=option)
            alone = chance and happens(values)
            middle, low, high = found[:1] * 3 if alone else found
            at = {"value": middle.value, "low": low.value, "high": high.value}
            rows.append({"criterion": panel, "row": c.label(option), **at, "share": share})
            shown.append((middle,) if alone else c.about(middle, low, high))
        cells.append((c.named(panel), *shown))
    return pictured(
        "criteria", c.word("choice.criteria"), c.say("choice.criteria_reading"), c.source("performance"),
        chart("criteria", rows, panels=panels),
        (c.word("choice.criterion"), *(c.label(option) for option in c.result.options)), cells,
    )  # fmt: skip


def zeros(c: Context) -> list[Block]:
    """Where a median is 0 beside a bound above it: in what share of runs there is more."""
    found: list[Text] = []
    for name, criterion in c.scenario.criteria.items():
        table = c.result.performance.sel({CRITERION: name})
        said: list[Text] = []
        for option in c.result.options:
            values = table.sel({OPTION: option})
            middle, high = (float(values.quantile(at)) for at in (0.5, 0.95))
            if criterion.unit != "probability" and not middle and high > 0:
                said.append((*c.option(option), " ", c.above(f"performance.{name}", values, option=option)))
        if said:
            found.append((*c.named(criterion.label), ": ", *joined(said, ", ")))
    return [Paragraph(c.say("choice.zeros", parts=joined(found, "; ")), "note")] if found else []


def unsent(c: Context) -> list[Block]:
    """In what share of runs each option sends somebody, where what it waits for may not come."""
    shares = {option: float(c.sent(option).mean()) for option in c.result.options}
    told = "share of runs in which anybody is sent"
    parts = joined(((*c.option(option), " ", number.percent(share, "force.coverage", told, option=option))
                    for option, share in shares.items() if 0 < share < 1), ", ")  # fmt: skip
    return [Paragraph(c.say("choice.unsent", parts=parts), "note")] if parts else []


def ranks(c: Context) -> Figure:
    """How often each option takes each rank, over all weights and runs."""
    found, how = c.result.appraisal.ranks, "share of weights and runs"
    places = found[RANK].values.tolist()
    told = [
        (c.option(option), [
            number.percent(found.sel({OPTION: option, RANK: rank}), "appraisal.ranks", how, option=option, rank=rank)
            for rank in places
        ])
        for option in c.result.ranked
    ]  # fmt: skip
    best = c.result.appraisal.best
    worst = max(c.result.ranked, key=lambda name: float(found.sel({OPTION: name}).isel({RANK: -1})))
    score = c.result.appraisal.score.mean("run")
    highest = max(c.result.ranked, key=lambda name: float(score.sel({OPTION: name})))
    words = {"best": c.option(best), "first": c.first(best), "worst": c.option(worst), "highest": c.option(highest)}
    return matrix(
        "ranks", c.word("choice.ranks"), c.say("choice.ranks_reading", **words), c.source("appraisal.ranks"),
        (c.word("choice.option"), *(c.word("choice.rank_n", n=str(rank)) for rank in places)), told,
        x=c.word("choice.rank"), columns=[*map(str, places)],
    )  # fmt: skip


def weights(c: Context) -> Figure:
    """The typical weights that put each option first."""
    central = c.result.appraisal.central
    options = [o for o in c.result.ranked if np.isfinite(central.sel({OPTION: o})).all()]
    told = [
        (c.named(c.scenario.criteria[name].label), [
            number.percent(central.sel({OPTION: option, CRITERION: name}), "appraisal.central", "mean weight",
                           option=option, criterion=name) for option in options
        ])
        for name in map(str, central[CRITERION].values)
    ]  # fmt: skip
    said = c.word("choice.weights"), c.say("choice.weights_reading"), c.source("appraisal.central")
    return matrix("weights", *said, (c.word("choice.criterion"), *map(c.label, options)), told)


def difference(c: Context) -> Figure:
    """Every option beside doing nothing, in the same runs."""
    base, paired = c.scenario.baseline, c.result.appraisal.paired
    rows, cells = [], []
    for option in c.active:
        at, where = {OPTION: option, "other": base}, {"option": option, "beside": base}
        told = {part: number.result("appraisal.score", f"paired difference, {how}", **where)
                for part, how in (("mean", "mean"), ("low", LOW), ("high", HIGH))}  # fmt: skip
        mean, low, high = (number.decimal(paired[part].sel(at), trace, sign=True) for part, trace in told.items())
        better = number.percent(
            paired["above"].sel(at), "appraisal.score", "share of runs in which it is higher", **where
        )
        rows.append({"row": c.label(option), "value": mean.value, "low": low.value, "high": high.value})
        cells.append((c.option(option), (mean,), c.to(low, high), (better,)))
    best = max(range(len(c.active)), key=lambda index: rows[index]["value"])
    score, option = c.result.appraisal.score, c.active[best]
    lower = float((score.sel({OPTION: option}) < score.sel({OPTION: base})).mean())
    worse = number.percent(lower, "appraisal.score", "share of runs in which it is lower", option=option, beside=base)
    words = {"option": c.option(option), "base": c.option(base), "better": cells[best][3], "worse": worse}
    return pictured(
        "difference", c.word("choice.difference", base=c.label(base)), c.say("choice.difference_reading", **words),
        c.source("appraisal.score"), chart("difference", rows, x=c.word("choice.difference_axis")),
        c.columns("choice", "option", "mean", "interval", "better"), cells,
    )  # fmt: skip


def _floors(c: Context) -> Paragraph | Table:
    """How often each option breaks a stated floor, or that none was stated."""
    stated = {name: each for name, each in c.scenario.criteria.items() if each.floor is not None}
    if not stated:
        return Paragraph(c.say("choice.no_floor"))
    rows = []
    for option in c.result.options:
        cells: list[Text] = []
        for name in stated:
            share = c.result.appraisal.broken.sel({OPTION: option, CRITERION: name})
            cells.append((number.percent(share, "appraisal.broken", "share of runs", option=option, criterion=name),))
        out = "choice.excluded" if option in c.result.appraisal.excluded else "choice.admitted"
        rows.append((c.option(option), *cells, (c.word(out),)))
    labels = (c.word("choice.breaks", criterion=stated[name].label) for name in stated)
    columns = (c.word("choice.option"), *labels, c.word("choice.state"))
    return Table(c.word("choice.floors"), columns, tuple(rows), numeric=tuple(range(1, len(stated) + 1)))
