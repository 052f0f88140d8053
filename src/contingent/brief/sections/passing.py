"""Will anything be decided, how much, and which options can pass?"""

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, MEDIAN, Context
from contingent.brief.document.blocks import Answer, Figure, Paragraph, Table, Text, pictured, tabled
from contingent.brief.figures import chart
from contingent.brief.number import Number
from contingent.labels import GATE, OPTION

DOTS = 20
DRAWN = 5  # rungs in the chart, the lowest; the table has them all


def passing(context: Context) -> Answer:
    """Dots of twenty per rung; behind them, every option were it put forward, and the gates of the option in focus."""
    c = context
    stops, shown = gates(c), (chances(c),) if c.rungs else ()
    hardest = stops.reading if stops else c.say("passing.no_gate")
    blocks = (Paragraph(c.more(_answer(c), "passing")), *shown, Paragraph(c.more(hardest, "passing")))
    return Answer(blocks, (put_forward(c), *((stops,) if stops else ())))


def _answer(c: Context) -> Text:
    table = c.result.tables["consultation"].sel({OPTION: c.focus})
    days = _days(c, table)
    return c.say(
        "passing.own", option=c.option(c.focus),
        chance=c.chance("consultation.passes", table["passes"], option=c.focus),
        other=c.shares("consultation.other_terms", table["other_terms"], option=c.focus)[0], days=days[0], low=days[1],
        high=days[2],
    )  # fmt: skip


def _days(c: Context, table: xr.Dataset) -> tuple[Number, ...]:
    """Median, 5 % and 95 % of the days a decision takes if it passes: every run counts by its chance to pass."""
    weights = table["passes"].to_numpy()
    if not weights.sum():
        return c.spread("consultation.days", table["days"], option=c.focus)
    found = np.quantile(table["days"].to_numpy(), [0.5, 0.05, 0.95], weights=weights, method="inverted_cdf")
    return tuple(
        number.count(float(value), "consultation.days", f"{how}, weighted by the chance to pass", option=c.focus)
        for value, how in zip(found, (MEDIAN, LOW, HIGH), strict=True)
    )


def accepted(c: Context) -> Text:
    """Beside the chance of a decision at all: that the parties whose consent is needed accept it, and people come."""
    gates = [gate for gate in c.scenario.process.gates.values() if gate.stage == "acceptance"]
    lowest = c.rungs[0]
    if not gates:
        return c.say("passing.delivered", delivered=c.rung_share(lowest, "delivered"))
    said = c.say(
        "passing.accepted", gate=c.named("; ".join(gate.told for gate in gates)),
        both=c.rung_share(lowest, "accepted"), delivered=c.rung_share(lowest, "delivered"),
    )  # fmt: skip
    theirs = "; ".join(dict.fromkeys(gate.whose for gate in gates if gate.whose))
    ours = c.named(c.result.scenario.decider)
    return (*said, " ", *c.say("passing.whose", ours=ours, theirs=c.named(theirs))) if theirs else said


def chances(c: Context) -> Figure:
    """In how many of twenty runs each rung is reached: decided and accepted, decided only, or not."""
    outcomes = [c.word(f"passing.{key}") for key in ("these", "others", "nothing")]
    rows, cells = [], []
    for rung in c.rungs:
        p, low, high = c.shares("outlook.reached", c.reached(rung), rung=rung.name, stage="decided")
        both, there = c.rung_share(rung, "accepted"), c.rung_share(rung, "delivered")
        filled, ringed = round(DOTS * both.value), round(DOTS * p.value)
        for dot in range(1, DOTS + 1):
            outcome = outcomes[0 if dot <= filled else 1 if dot <= ringed else 2]
            rows.append({"row": rung.label, "dot": dot, "outcome": outcome, "label": p.text})
        cells.append((c.named(rung.label), (p,), c.to(low, high), (both,), (there,)))
    lowest = c.rung_share(c.rungs[0])
    of_twenty = number.exact(round(DOTS * lowest.value), lowest.trace)
    return pictured(
        "chances", c.word("passing.chances"),
        c.say("passing.chances_reading", option=c.named(c.rungs[0].label), dots=of_twenty), c.source("outlook.reached"),
        chart("chance", rows[: DOTS * DRAWN], small=True, outcomes=outcomes),
        c.columns("passing", "rung", "decided", "interval", "accepted_too", "there"), cells,
        annex=c.see("passing"),
    )  # fmt: skip


def put_forward(c: Context) -> Table:
    """Every option, were it the one put forward: its own terms in time, other terms, agreed but waiting."""
    cells = []
    for name in c.active:
        table = c.result.tables["consultation"].sel({OPTION: name})
        p, low, high = c.shares("consultation.passes", table["passes"], option=name)
        rest = [c.shares(f"consultation.{key}", table[key], option=name)[0] for key in ("other_terms", "waits")]
        cells.append((c.option(name), (p,), c.to(low, high), *((n,) for n in rest)))
    columns = c.columns("passing", "option", "own_terms", "interval", "other_terms", "waits")
    return tabled(c.word("passing.put_forward"), columns, cells)


def gates(c: Context) -> Figure | None:
    """The chance that each gate is passed once it is reached, for the option in focus."""
    table, process = c.result.tables["consultation"].sel({OPTION: c.focus})["gate_passes"], c.scenario.process.gates
    found = {
        gate: c.shares("consultation.gate_passes", reached.dropna("run"), option=c.focus, gate=gate)
        for gate in map(str, table[GATE].values)
        if (reached := table.sel({GATE: gate})).notnull().any()
    }
    if not found:
        return None
    counted = [gate for gate in found if process[gate].stage == "decision"]  # the others are not in the chance to pass
    hardest = min(counted or found, key=lambda gate: found[gate][0].value)
    rows = [{"row": process[gate].told, "value": p.value, "label": p.text} for gate, (p, *_) in found.items()]
    return pictured(
        "gates", c.word("passing.gates"),
        c.say("passing.gates_reading", gate=c.named(process[hardest].told), p=found[hardest][0]),
        c.source("consultation.gate_passes"), chart("process", rows, x=c.word("passing.gates_axis")),
        c.columns("passing", "gate", "once_reached", "interval"),
        tuple((c.named(process[gate].told), (p,), c.to(low, high)) for gate, (p, low, high) in found.items()),
    )  # fmt: skip
