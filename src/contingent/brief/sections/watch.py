"""When is what decided, and what would change our mind?"""

import numpy as np

from contingent.appraisal.sensitivity import Tipping
from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Answer, Bullets, Figure, Paragraph, Table, Text, pictured
from contingent.brief.figures import chart
from contingent.brief.parameter_labels import described
from contingent.brief.sections.drivers import strongest
from contingent.brief.sections.passing import days as days_to_decide
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.summary import gap_threshold
from contingent.labels import CRITERION
from contingent.study.sampling import streams

SIGNALS = 8
CLEAR = 2  # standard errors above nothing from which a worth is printed as a number
LEAST_WORTH = 1e-4  # on the scale from 0 to 1: below it, a question is not worth its telephone call


def watch(context: Context) -> Answer:
    """When what is decided, and which events to look out for; behind it, thresholds and questions worth asking."""
    c = context
    table, tips, asked = signals(c), tipping(c), calls(c)
    seen = events_to_watch(c)
    signs = (
        [Paragraph(c.say("watch.signs", option=c.option(c.focus))), Bullets(tuple(seen))]
        if seen
        else [Paragraph(c.say("watch.no_signs"), "note")]
    )
    more = (table if table.rows else None, tips, asked if isinstance(asked, Figure) else Paragraph(asked))
    return Answer((calendar(c), *signs), tuple(each for each in more if each is not None))


def calendar(c: Context) -> Table:
    """The points at which something is decided, with when that is likely to be and how likely it is."""
    process, scenario = c.scenario.process, c.result.scenarios[c.focus]
    found: list[tuple[float, Text, Text, Text]] = []
    for name, days in happening(c.scenario, c.result.design).items():
        came = days[::INNER][np.isfinite(days[::INNER])]
        if came.size:
            event, day = process.events[name], float(np.median(came))
            share = number.chance(
                came.size / c.result.question.runs,
                number.parameter(f"process.events.{name}.delay", "share of runs in which it happens"),
            )
            when = c.around(
                day, number.parameter(f"process.events.{name}.delay", "median over runs in which it happens")
            )
            found.append((day, when, c.named(event.label), (share,)))
    usual = days_to_decide(c)[0]
    if c.rungs:
        found.append(
            (
                usual.value,
                c.around(usual.value, usual.trace),
                c.say("watch.decision", option=c.option(c.focus)),
                (c.rung_share(c.rung),),
            )
        )
    last = process.deadline
    found.append((last.best, c.around(last.best, number.parameter("process.deadline")), c.say("watch.deadline"), ()))
    if scenario.own:
        soonest = min(scenario.own, key=lambda pledge: pledge.notice.best)
        day = usual.value + soonest.notice.best
        where = number.parameter(f"pledges.{soonest.id}.notice", "after the decision")
        found.append((day, c.around(day, where), c.say("watch.arrival"), ()))
    rows = tuple(row for _, *row in sorted(found, key=lambda each: each[0]))
    return Table(
        c.word("watch.calendar"), c.columns("watch", "when", "what", "chance_of"), tuple(map(tuple, rows)), numeric=(2,)
    )


def events_to_watch(c: Context) -> list[Text]:
    """The signals that the scenario names, with the day, the source to watch, and the chance after each."""
    outcome, drawn_by, numbers = c.passes(c.focus).to_numpy(), streams(c.scenario), dict(c.scenario.estimates())
    now = number.chance(outcome.mean(), "consultation.passes", MEAN, option=c.focus)
    said = []
    for sign in c.scenario.signals[:SIGNALS]:
        by = c.say("watch.by", day=c.day(sign.by)) if sign.by else ()
        where = {"event": c.named(sign.says), "source": c.named(sign.source), "by": by}
        stream = drawn_by.get(sign.moves)
        if stream is None:
            continue
        drawn = numbers[sign.moves].quantile(stream.level(c.result.design))
        side = drawn >= np.quantile(drawn, 0.9) if sign.to == "up" else drawn <= np.quantile(drawn, 0.1)
        then = number.chance(
            outcome[side].mean(), "consultation.passes", f"mean in the outer tenth of {sign.moves}", option=c.focus
        )
        sure = abs(then.value - now.value) > gap_threshold(1, outcome, int(side.sum()), int((~side).sum()))
        key = "alike" if not sure or then.text == now.text else "raises" if then.value > now.value else "lowers"
        said.append((*c.say("watch.sign", **where), " ", *c.say(f"watch.{key}", now=now, then=then)))
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
    whole = c.say("watch.whole", **parts, same=() if found else as_much_as(c, c.insight.facts.value))
    if not found:
        return c.say("watch.calls_none", whole=whole, runs=c.runs)
    rows, cells = [], []
    for group, gain in found:
        worth = number.decimal(gain.value, "insight.information", record=group, places=4)
        error = number.decimal(gain.error, "insight.information", "standard error", record=group, places=4)
        rows.append({"row": record(c, group), "value": gain.value, "label": worth.text})
        cells.append((c.named(record(c, group)), (worth,), (error,)))
    first, same = dict(zip(("record", "worth", "error"), cells[0], strict=True)), as_much_as(c, found[0][1].value)
    reading = c.say("watch.calls_reading", **first, same=same, whole=whole)
    if len(cells) < 2:
        return reading
    return pictured(
        "calls", c.word("watch.calls"), reading, c.source("insight.information"),
        chart("bars", rows, x=c.word("watch.calls_axis")), c.columns("watch", "about", "worth", "error"), cells,
    )  # fmt: skip


def as_much_as(c: Context, worth: float) -> Text:
    """What is worth as much at the mean weights, in units of one or two criteria that are counted; else nothing.

    Never in lives: harm to people is counted and has no price. Along the straight line between a criterion's
    anchors, its corners left aside.
    """
    weights = c.result.appraisal.weights.mean("weight")
    counted = [
        (name, each, abs(each.best.best - each.worst.best))
        for name, each in c.scenario.criteria.items()
        if each.measure.startswith(("mission.", "force."))
        and "deaths" not in each.measure
        and float(weights.sel({CRITERION: name})) > 0
    ]
    counted = sorted((item for item in counted if item[2] > 1), key=lambda item: item[1].better != "lower")[:2]
    said: list[Text] = []
    for name, each, swing in counted:
        amount = worth * swing / float(weights.sel({CRITERION: name}))
        where = number.result("insight.information", "as much at the mean weights", criterion=name)
        said.append((number.count(amount, where), " ", *c.named(each.unit), " (", *c.named(each.label), ")"))
    if not said:
        return ()
    return c.say("watch.same", amounts=said[0] if len(said) == 1 else c.say("watch.either", one=said[0], two=said[1]))


def record(c: Context, group: str) -> str:
    """A record of the scenario in words."""
    try:
        return described(c.scenario, group).rpartition(": ")[0] or described(c.scenario, group)
    except KeyError:
        return group


def signals(c: Context) -> Table:
    """For the strongest drivers: beyond which value the chance of passing is what."""
    outcome = c.passes(c.focus).to_numpy()
    rows: list[tuple[Text, ...]] = []
    for each in strongest(c)[:SIGNALS]:
        path, drawn, (low, high) = each.path, each.drawn, each.tails
        rising = outcome[high].mean() > outcome[low].mean()
        row: list[Text] = [c.signal(path)]
        for up in (True, False):
            side, edge, sign = (high, np.min, "\u2265") if up == rising else (low, np.max, "\u2264")
            threshold = number.count(edge(drawn[side]), number.parameter(path, "edge of the outer tenth of its draws"))
            how = f"mean beyond {sign} {threshold.text} of {path}"
            p = number.percent(outcome[side].mean(), "consultation.passes", how, option=c.focus)
            row.append(c.say("watch.beyond", sign=sign, threshold=threshold, p=p))
        rows.append(tuple(row))
    return Table(
        c.word("watch.table", option=c.label(c.focus)), c.columns("watch", "signal", "up", "down"), tuple(rows)
    )
