"""Will the decision pass, and on which terms?"""

from __future__ import annotations

from contingent.brief import number
from contingent.brief.blocks import Answer, Figure, Paragraph, Table, Text
from contingent.brief.chart import chart
from contingent.brief.context import MEAN, Context
from contingent.labels import GATE, OPTION

DOTS = 20
DRAWN = 5  # options in the chart, the likeliest; the table has them all


def passing(context: Context) -> Answer:
    """Dots of twenty per option; behind them, the gates of the option in focus."""
    c = context
    stops = gates(c)
    blocks = (Paragraph(c.more(_answer(c), "passing")), chances(c), Paragraph(c.more(stops.reading, "passing")))
    return Answer(blocks, (stops,))


def _answer(c: Context) -> Text:
    table = c.result.tables["consultation"].sel({OPTION: c.focus})
    days = c.spread("consultation.days", table["days"], option=c.focus)
    likeliest = max(c.active, key=lambda name: float(c.passes(name).mean()))
    chance = c.chance("consultation.passes", table["passes"], option=c.focus)
    said = c.say("passing.own", option=c.option(c.focus), chance=chance) if c.focus != likeliest else ()
    rest = c.say(
        "passing.rest",
        option=c.option(c.focus),
        other=c.chance("consultation.other_terms", table["other_terms"], option=c.focus),
        days=days[0],
        low=days[1],
        high=days[2],
    )
    return (*said, " ", *rest) if said else rest


def chances(c: Context) -> Figure:
    """In how many of twenty runs each option passes, on these or on other terms."""
    outcomes = [c.word(f"passing.{key}") for key in ("these", "others", "nothing")]
    rows, cells = [], []
    likeliest = sorted(c.active, key=lambda name: -float(c.passes(name).mean()))[:DRAWN]
    for name in c.active:
        table = c.result.tables["consultation"].sel({OPTION: name})
        own, other = float(table["passes"].mean()), float(table["other_terms"].mean())
        filled = round(DOTS * own)
        ringed = filled + round(DOTS * other)
        p = c.shares("consultation.passes", table["passes"], option=name)
        q = c.shares("consultation.other_terms", table["other_terms"], option=name)
        rows += (
            []
            if name not in likeliest
            else [
                {
                    "row": c.label(name),
                    "dot": dot,
                    "outcome": outcomes[0 if dot <= filled else 1 if dot <= ringed else 2],
                    "label": p[0].text,
                }
                for dot in range(1, DOTS + 1)
            ]
        )
        cells.append((c.option(name), (p[0],), c.say("words.to", low=p[1], high=p[2]), (q[0],)))
    best = max(c.active, key=lambda name: float(c.passes(name).mean()))
    p = c.shares("consultation.passes", c.passes(best), option=best)[0]
    of_twenty = number.exact(round(DOTS * p.value), p.trace)
    return Figure(
        "chances",
        c.word("passing.chances"),
        c.say("passing.chances_reading", option=c.option(best), dots=of_twenty),
        c.source(p.trace),
        chart("chance", rows, small=True, outcomes=outcomes),
        Table(
            c.word("passing.chances"),
            tuple(c.head(f"passing.{key}") for key in ("option", "these", "interval", "others")),
            tuple(cells),
            numeric=(1, 2, 3),
        ),
        annex=c.see("passing"),
    )


def gates(c: Context) -> Figure:
    """The chance that each gate is passed once it is reached, for the option in focus."""
    table = c.result.tables["consultation"].sel({OPTION: c.focus})["gate_passes"]
    process = c.result.scenario.process.gates
    applies = [str(gate) for gate in table[GATE].values if table.sel({GATE: gate}).notnull().any()]
    found = {
        gate: c.shares("consultation.gate_passes", table.sel({GATE: gate}).dropna("run"), option=c.focus, gate=gate)
        for gate in applies
    }
    rows = [
        {"row": process[gate].label, "value": p[0].value, "order": index, "label": p[0].text}
        for index, (gate, p) in enumerate(found.items())
    ]
    hardest = min(found, key=lambda gate: found[gate][0].value)
    return Figure(
        "gates",
        c.word("passing.gates"),
        c.say("passing.gates_reading", gate=c.named(process[hardest].label), p=found[hardest][0]),
        c.source(number.result("consultation.gate_passes", MEAN)),
        chart("process", rows, x=c.word("passing.gates_axis")),
        Table(
            c.word("passing.gates"),
            (c.word("passing.gate"), c.word("passing.once_reached"), c.word("passing.interval")),
            tuple(
                (c.named(process[gate].label), (p[0],), c.say("words.to", low=p[1], high=p[2]))
                for gate, p in found.items()
            ),
            numeric=(1, 2),
        ),
    )
