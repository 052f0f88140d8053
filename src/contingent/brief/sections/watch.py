"""What would change our mind?"""

import numpy as np

from contingent.appraisal.sensitivity import Tipping
from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Answer, Block, Bullets, Figure, Paragraph, Table, Text, pictured
from contingent.brief.figures import chart
from contingent.brief.parameter_labels import described
from contingent.brief.sections.drivers import strongest

SIGNALS = 8
FIRST = 3  # of those, in the brief proper
CLEAR = 2  # standard errors above nothing from which a worth is printed as a number
LEAST_WORTH = 1e-4  # on the scale from 0 to 1: below it, a question is not worth its telephone call


def watch(context: Context) -> Answer:
    """Signals, with the value at which they count and the chance of passing beyond it."""
    c = context
    table, tips, asked = signals(c), tipping(c), calls(c)
    first = tuple(c.say("watch.signal_line", signal=row[0], up=row[1], down=row[2]) for row in table.rows[:FIRST])
    answer = Paragraph(c.more(c.say("watch.answer", option=c.option(c.focus)), "watch"))
    blocks: list[Block] = [answer, Bullets(first)] if first else []
    blocks.append(tips if isinstance(tips, Paragraph) else Paragraph(c.more(_soonest(c, tips), "watch")))
    blocks.append(Paragraph(c.more(asked.reading, "watch") if isinstance(asked, Figure) else asked))
    more = (table if first else None, tips, asked)
    return Answer(tuple(blocks), tuple(each for each in more if isinstance(each, Table | Figure)))


def _soonest(c: Context, tips: Table) -> Text:
    """The number that puts another option first in most of its draws."""
    row = max(tips.rows, key=lambda row: float(row[3][0].value))  # pyright: ignore[reportAttributeAccessIssue]
    return c.say("watch.soonest", signal=row[0], tips=row[1], option=row[2], share=row[3], seen=row[4])


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
    whole = c.say("watch.whole", **parts, same=() if found else c.as_much_as(c.insight.facts.value))
    if not found:
        return c.say("watch.calls_none", whole=whole, runs=c.runs)
    rows, cells = [], []
    for group, gain in found:
        worth = number.decimal(gain.value, "insight.information", record=group, places=4)
        error = number.decimal(gain.error, "insight.information", "standard error", record=group, places=4)
        rows.append({"row": record(c, group), "value": gain.value, "label": worth.text})
        cells.append((c.named(record(c, group)), (worth,), (error,)))
    first, same = dict(zip(("record", "worth", "error"), cells[0], strict=True)), c.as_much_as(found[0][1].value)
    reading = c.say("watch.calls_reading", **first, same=same, whole=whole)
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
