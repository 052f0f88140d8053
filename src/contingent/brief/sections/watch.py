"""What would change our mind?"""

from __future__ import annotations

from contingent.brief import number
from contingent.brief.blocks import Paragraph, Section, Table, Text
from contingent.brief.context import Context
from contingent.brief.naming import described
from contingent.brief.sections.movers import tails

SIGNALS = 8


def watch(context: Context) -> Section:
    """Signals, with the value at which they count and the chance of passing beyond it."""
    c = context
    return Section("watch", c.word("watch.heading"), (Paragraph(c.say("watch.answer")), signals(c)))


def signals(c: Context) -> Table:
    """For the strongest drivers: beyond which value the chance of passing is what."""
    outcome = c.passes(c.focus).to_numpy()
    found = []
    for path, estimate in c.result.scenario.estimates():
        if estimate.certain or not path.startswith(("stakeholders.", "process.")):
            continue
        drawn = c.result.design.sample(path, estimate)
        low, high = tails(drawn)
        found.append((abs(float(outcome[high].mean() - outcome[low].mean())), path, drawn, low, high))
    found.sort(key=lambda item: (-item[0], item[1]))
    rows: list[tuple[Text, ...]] = []
    for _, path, drawn, low, high in found[:SIGNALS]:
        rising = outcome[high].mean() > outcome[low].mean()
        row: list[Text] = [c.named(described(c.result.scenario, path))]
        for up in (True, False):
            side = high if up == rising else low
            edge = float(drawn[side].min() if up == rising else drawn[side].max())
            sign = "\u2265" if up == rising else "\u2264"
            threshold = number.count(edge, number.parameter(path, "edge of the outer tenth of its draws"))
            where = number.result(
                "consultation.passes", f"mean beyond {sign} {threshold.text} of {path}", option=c.focus
            )
            row.append(
                c.say(
                    "watch.beyond", sign=sign, threshold=threshold, p=number.percent(float(outcome[side].mean()), where)
                )
            )
        rows.append(tuple(row))
    return Table(
        c.word("watch.table", option=c.label(c.focus)),
        tuple(c.word(f"watch.{key}") for key in ("signal", "up", "down")),
        tuple(rows),
    )
