"""Will the decision pass, and on which terms?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, MEAN, MEDIAN, Context
from contingent.brief.document.blocks import Answer, Figure, Paragraph, Table, Text
from contingent.brief.figures import chart
from contingent.brief.number import Number
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
    days = _days(c, table)
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


def _days(c: Context, table: xr.Dataset) -> tuple[Number, ...]:
    """Median, 5 % and 95 % of the days a decision takes if it passes: every run counts by its chance to pass."""
    weights = table["passes"].to_numpy()
    if not weights.sum():
        return c.spread("consultation.days", table["days"], option=c.focus)
    found = np.quantile(table["days"].to_numpy(), [0.5, 0.05, 0.95], weights=weights, method="inverted_cdf")
    return tuple(
        number.count(
            float(value), number.result("consultation.days", f"{how}, weighted by the chance to pass", option=c.focus)
        )
        for value, how in zip(found, (MEDIAN, LOW, HIGH), strict=True)
    )


def acceptance(c: Context, likeliest: str) -> Text:
    """What the chance to pass leaves out: whether the parties whose consent is needed accept; nothing if none is."""
    gates = [gate for gate in c.result.scenario.process.gates.values() if gate.stage == "acceptance"]
    table = c.result.tables["consultation"]
    if not gates or float(table["accepted"].sel({OPTION: likeliest}).min()) == 1:
        return ()
    both = (table["passes"] * table["accepted"]).mean("run")

    def chance(option: str) -> Number:
        how = "mean of its product with the chance to pass"
        return number.percent(
            float(both.sel({OPTION: option})), number.result("consultation.accepted", how, option=option)
        )

    mean = float(table["accepted"].sel({OPTION: likeliest}).mean())
    said = c.say(
        "passing.acceptance",
        gate=c.named("; ".join(gate.label for gate in gates)),
        p=number.percent(mean, number.result("consultation.accepted", MEAN, option=likeliest)),
        option=c.option(likeliest),
        both=chance(likeliest),
    )
    best = max(c.active, key=lambda option: float(both.sel({OPTION: option})))
    if best == likeliest:
        return said
    return (*said, " ", *c.say("passing.accepted_best", option=c.option(best), both=chance(best)))


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
    counted = [gate for gate in found if process[gate].stage == "decision"]  # the others are not in the chance to pass
    hardest = min(counted or found, key=lambda gate: found[gate][0].value)
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
