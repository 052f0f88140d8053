"""When is what decided, and what would change our mind?"""

import numpy as np

from contingent.appraisal.sensitivity import Tipping
from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Answer, Block, Bullets, Figure, Paragraph, Table, Text, pictured, words
from contingent.brief.figures import chart
from contingent.brief.parameter_labels import described
from contingent.brief.sections.passing import days as days_to_decide
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.design import Design
from contingent.ensemble.summary import gap_threshold
from contingent.study.history import RUNS, STAGE, steps
from contingent.study.sampling import streams

SIGNALS = 8
CLEAR = 2  # standard errors above nothing from which a worth is printed as a number
LEAST_WORTH = 1e-4  # on the scale from 0 to 1: below it, a question is not worth its telephone call


def watch(context: Context) -> Answer:
    """When what is decided, and which events to look out for; behind it, thresholds and questions worth asking."""
    c, asked = context, calls(context)
    seen, option = events_to_watch(c), c.option(c.focus)
    signs = (Paragraph(c.say("watch.signs", option=option)), Bullets(tuple(seen))) if seen else (
        Paragraph(c.say("watch.no_signs"), "note"),)  # fmt: skip
    past, moved = history(c)
    return Answer(
        (*past, calendar(c), *signs), (*moved, tipping(c), asked if isinstance(asked, Figure) else Paragraph(asked))
    )


def history(c: Context) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What happened last and what it did, and the figure of all that did; nothing where nothing has happened."""
    told = sorted(c.scenario.happened, key=lambda one: one.on)
    design = Design(c.result.question.seed, min(RUNS, c.result.question.runs))
    rows, cells = [], []
    for place, (one, step) in enumerate(zip(told, steps(c.scenario, design) if told else (), strict=True)):
        parts = {**c.scenario.process.gates, **c.scenario.process.events}
        about = parts[one.what].label if one.what in parts else c.word(f"history.{one.what}")
        how = "sign" if one.factor else {True: "came", False: "not", None: "passed"}[one.came]
        what = c.named(one.says) if one.says else c.say(f"history.{how}", what=c.named(about))
        was, now = (
            number.chance(chances[STAGE], "history.delivered", side, entry=place + 1)
            for side, chances in (("before", step.before), ("after", step.after))
        )
        ends = sorted((was.value, now.value))
        rows.append({"row": f"{c.day(one.on)}: {words(what)}", "value": now.value, "start": was.value,
                     "low": ends[0], "high": ends[1]})  # fmt: skip
        cells.append(((c.day(one.on),), what, (was,), (now,)))
    if not cells:
        return (), ()
    last = dict(zip(("day", "what", "was", "now"), cells[-1], strict=True))
    n = number.exact(design.runs, number.on_card("runs"))
    sides = c.columns("history", "before", "after")
    return (Paragraph(c.more(c.say("history.last", **last), "watch")),), (pictured(
        "history", c.word("history.question"), c.say("history.reading"), c.say("history.source", n=n),
        chart("interval", rows, x=c.word("history.axis"), share=True, words=sides),
        (*c.columns("watch", "when", "what"), *sides), cells, numeric=(2, 3),
    ),)  # fmt: skip


def calendar(c: Context) -> Table:
    """The points at which something is decided, with when that is likely to be and how likely it is."""
    process, own = c.scenario.process, c.result.scenarios[c.focus].own
    found: list[tuple[float, number.Trace, Text, Text]] = []
    for name, days in happening(c.scenario, c.result.design).items():
        came = days[::INNER][np.isfinite(days[::INNER])]
        if came.size:
            told = number.parameter(f"process.events.{name}.delay", "in the runs in which it happens")
            share = number.chance(came.size / days[::INNER].size, told)
            found.append((float(np.median(came)), told, c.named(process.events[name].label), (share,)))
    usual, option = days_to_decide(c)[0], c.option(c.focus)
    if c.rungs:
        found.append((usual.value, usual.trace, c.say("watch.decision", option=option), (c.rung_share(c.rung),)))
    found.append((process.deadline.best, number.parameter("process.deadline"), c.say("watch.deadline"), ()))
    for soonest in sorted(own, key=lambda pledge: pledge.notice.best)[:1]:
        told = number.parameter(f"pledges.{soonest.id}.notice", "after the decision")
        found.append((usual.value + soonest.notice.best, told, c.say("watch.arrival"), ()))
    found.sort(key=lambda each: each[0])
    rows = tuple((c.around(day, told), what, share) for day, told, what, share in found)
    return Table(c.word("watch.calendar"), c.columns("watch", "when", "what", "chance_of"), rows, numeric=(2,))


def events_to_watch(c: Context) -> list[Text]:
    """The signals that the scenario names, with the day, the source to watch, and the chance after each."""
    outcome, drawn_by, numbers = c.passes(c.focus).to_numpy(), streams(c.scenario), dict(c.scenario.estimates())
    now, said = number.chance(outcome.mean(), "consultation.passes", MEAN, option=c.focus), list[Text]()
    for sign in (each for each in c.scenario.signals[:SIGNALS] if each.moves in drawn_by):
        drawn = numbers[sign.moves].quantile(drawn_by[sign.moves].level(c.result.design))
        side = drawn >= np.quantile(drawn, 0.9) if sign.to == "up" else drawn <= np.quantile(drawn, 0.1)
        how = f"mean in the outer tenth of {sign.moves}"
        then = number.chance(outcome[side].mean(), "consultation.passes", how, option=c.focus)
        sure = abs(then.value - now.value) > gap_threshold(1, outcome, int(side.sum()), int((~side).sum()))
        key = "alike" if not sure or then.text == now.text else "raises" if then.value > now.value else "lowers"
        by = c.say("watch.by", day=c.day(sign.by)) if sign.by else ()
        seen = c.say("watch.sign", event=c.named(sign.says), source=c.named(sign.source), by=by)
        said.append((*seen, " ", *c.say(f"watch.{key}", now=now, then=then)))
    return said


def tipping(c: Context) -> Paragraph | Table:
    """How far each number must move before another option comes first."""
    rows = []
    for point in c.insight.tipping[:SIGNALS]:
        at = number.count(point.at, number.parameter(point.name, "tipping point"))
        share = number.percent(point.share, "insight.tipping", "share of draws beyond it", parameter=point.name)
        rows.append((
            c.signal(point.name), c.say("watch.tips_above" if point.above else "watch.tips_below", at=at),
            c.option(point.to), (share,), _seen(c, point),
        ))  # fmt: skip
    if not rows:
        return Paragraph(c.say("watch.no_tipping"))
    columns = c.columns("watch", "signal", "tips", "then_first", "beyond_it", "seen")
    return Table(c.word("watch.tipping"), columns, tuple(rows), numeric=(3,))


def _seen(c: Context, point: Tipping) -> Text:
    """Where a tipping point was seen: in new runs with the number set to a value, or in runs kept apart."""
    if point.set_to is None:
        return c.say("watch.unseen")
    return c.say("watch.tried", value=number.count(point.set_to, number.parameter(point.name, "value tried")))


def calls(c: Context) -> Figure | Text:
    """What knowing each record's numbers would be worth: which phone call to make; in a sentence if none is."""
    found = [item for item in c.insight.information.items() if item[1].value >= LEAST_WORTH][:SIGNALS]
    parts = {}
    for name in ("facts", "weights", "both"):
        each = getattr(c.insight, name)
        worth = number.decimal(each.value, f"insight.{name}", places=4)
        parts[name] = worth if each.value > CLEAR * each.error else c.say("watch.chance")
    whole = c.say("watch.whole", **parts)
    if not found:
        return c.say("watch.calls_none", whole=whole, runs=c.runs)
    rows, cells = [], []
    for group, gain in found:
        worth = number.decimal(gain.value, "insight.information", record=group, places=4)
        error = number.decimal(gain.error, "insight.information", "standard error", record=group, places=4)
        rows.append({"row": record(c, group), "value": gain.value, "label": worth.text})
        cells.append((c.named(record(c, group)), (worth,), (error,)))
    first = dict(zip(("record", "worth", "error"), cells[0], strict=True))
    reading = c.say("watch.calls_reading", **first, whole=whole)
    if len(cells) < 2:
        return reading
    return pictured(
        "calls", c.word("watch.calls"), reading, c.source("insight.information"),
        chart("bars", rows, x=c.word("watch.calls_axis")), c.columns("watch", "about", "worth", "error"), cells,
    )  # fmt: skip


def record(c: Context, group: str) -> str:
    """A record of the scenario in words."""
    try:
        return described(c.scenario, group).rpartition(": ")[0] or described(c.scenario, group)
    except KeyError:
        return group
