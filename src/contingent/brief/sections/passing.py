"""Will anything be decided, how much, which options can pass at what price, and what does saying no cost?"""

from functools import partial

import numpy as np

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, MEAN, MEDIAN, Context
from contingent.brief.document.blocks import Answer, Bullets, Figure, Paragraph, Table, Text, joined, pictured, tabled
from contingent.brief.figures import chart
from contingent.brief.number import Number
from contingent.brief.sections.drivers import moves_most, who_counts
from contingent.labels import CRITERION, GATE, OPTION
from contingent.study import measures

DOTS = 20
DRAWN = 5  # rungs in the chart, the lowest; the table has them all
TOLD = 0.03  # difference on a criterion, between its worst and its best, from which on it is told: a judgement
SMOOTH = 0.9  # chance from which on a gate is no obstacle worth a sentence: a judgement


def passing(context: Context) -> Answer:
    """Dots of twenty per rung, where it may stop and who counts; behind them, every option if proposed, and the gates.

    Of a gate that nearly always lets it through nothing is said.
    """
    c, stop = context, hardest(context)
    said = [c.say("passing.stops", gate=c.named(stop[0]), p=stop[1])] if stop and stop[1].value < SMOOTH else []
    said += [*who_counts(c), *moves_most(c)]
    shown, stops = (chances(c),) if c.rungs else (), gates(c)
    told = tuple(
        Paragraph(c.more(each, annex)) for each, annex in zip(said, ("passing", "movers", "movers"), strict=False)
    )
    rungs = tuple(
        c.say("bottom.also_passes", rung=c.named(rung.label),
              chance=c.chance("outlook.reached", c.reached(rung), rung=rung.name, stage="decided"))
        for rung in c.rungs
    )  # fmt: skip
    return Answer((*shown, *told), (*([Bullets(rungs)] if rungs else []), put_forward(c), *((stops,) if stops else ())))


def days(c: Context) -> tuple[Number, ...]:
    """Median, 5 % and 95 % of the days a decision takes if it passes: every run counts by its chance to pass."""
    table = c.result.tables["consultation"].sel({OPTION: c.focus})
    weights = table["passes"].to_numpy()
    if not weights.sum():
        return c.spread("consultation.days", table["days"], option=c.focus)
    found = np.quantile(table["days"].to_numpy(), [0.5, 0.05, 0.95], weights=weights, method="inverted_cdf")
    return tuple(
        number.count(float(value), "consultation.days", f"{how}, weighted by the chance to pass", option=c.focus)
        for value, how in zip(found, (MEDIAN, LOW, HIGH), strict=True)
    )


def accepted(c: Context) -> Text:
    """That these terms are agreed, and those whose consent is needed accept them: both in time."""
    gates = [gate.label for gate in c.scenario.process.gates.values() if gate.stage == "acceptance"]
    there = c.rung_share(c.rung, "delivered")
    if not gates:
        return c.say("passing.delivered", option=c.option(c.focus), delivered=there)
    said = c.say("passing.accepted", gate=c.named("; ".join(gates)))
    both = c.say("passing.both", option=c.option(c.focus), both=c.rung_share(c.rung, "accepted"), delivered=there)
    return (*said, " ", *both)


def chances(c: Context) -> Figure:
    """In how many of twenty runs each rung is reached: decided and accepted, decided only, or not."""
    outcomes = [c.word(f"passing.{key}") for key in ("these", "others", "nothing")]
    rows, cells = [], []
    for rung in c.rungs:
        p, both, there = (c.rung_share(rung, stage) for stage in ("decided", "accepted", "delivered"))
        filled, ringed = round(DOTS * both.value), round(DOTS * p.value)
        for dot in range(1, DOTS + 1):
            outcome = outcomes[0 if dot <= filled else 1 if dot <= ringed else 2]
            rows.append({"row": rung.label, "dot": dot, "outcome": outcome, "label": p.text})
        cells.append((c.named(rung.label), (p,), (both,), (there,)))
    lowest = c.rung_share(c.rungs[0])
    of_twenty = number.exact(round(DOTS * lowest.value), lowest.trace)
    return pictured(
        "chances", c.word("passing.chances"),
        c.say("passing.chances_reading", option=c.named(c.rungs[0].label), dots=of_twenty), c.say("figure.page"),
        chart("chance", rows[: DOTS * DRAWN], small=True, outcomes=outcomes),
        c.columns("passing", "rung", "decided", "accepted_too", "there"), cells,
        annex=c.see("passing"),
    )  # fmt: skip


def prices(c: Context) -> Table:
    """Every option's terms and their price: the chance that it is agreed if proposed, own people killed, and cost.

    A price that is next to nothing under every option is left out.
    """
    columns = [("mission.own_deaths", HIGH, 1.0), ("force.contributor_cost", MEAN, 0.1)]
    found = {name: measures.result(name, c.result.evidence) for name, *_ in columns}
    columns = [each for each in columns if float(found[each[0]].max()) >= each[2]]
    rows: list[tuple[Text, ...]] = []
    for option in c.active:
        row: list[Text] = [c.option(option), c.shares("consultation.passes", c.passes(option), option=option)[:1]]
        there = c.sent(option).to_numpy()
        for name, how, whole in columns:
            values = found[name].sel({OPTION: option}).to_numpy()[there]
            told = f"{how} where people go"
            value = (np.quantile(values, 0.95) if how == HIGH else values.mean()) if values.size else 0.0
            shown = number.rough(value, name, told, whole=whole == 1, option=option)
            row.append((shown,) if values.size else c.say("choice.nobody"))
        rows.append(tuple(row))
    heads = {
        "mission.own_deaths": c.word("choice.killed"),
        "force.contributor_cost": c.word("choice.paid", unit=c.millions),
    }
    names = (c.word("choice.option"), c.word("choice.agreed"), *(heads[name] for name, *_ in columns))
    return tabled(c.word("choice.prices"), names, rows)


def saying_no(c: Context) -> list[Text]:
    """On which criteria doing nothing is worse than the option in focus, the most first; and on which it is better."""
    base, there, apart = c.scenario.baseline, c.sent(c.focus).to_numpy(), {}
    for name, each in c.scenario.criteria.items():
        values = c.result.performance.sel({CRITERION: name}).sel({OPTION: [c.focus, base]}).to_numpy()
        ours, none = values[:, there].mean(1) if there.any() else values.mean(1)
        swing = each.best.best - each.worst.best
        apart[name] = ((ours - none) / swing, ours, none)
    said, worse = [], sorted((name for name in apart if apart[name][0] > TOLD), key=lambda name: -apart[name][0])
    for name in worse[:2]:
        each, (_, ours, none) = c.scenario.criteria[name], apart[name]
        share = each.unit == "probability" or each.unit.startswith("share")
        kind, how = number.percent if share else partial(number.rough, whole=False), f"{MEAN} where people go"
        told = {key: kind(value, f"performance.{name}", how, option=option)
                for key, value, option in (("ours", ours, c.focus), ("none", none, base))}  # fmt: skip
        unit = () if share else c.named(f" {each.unit.removesuffix(' of 100')}")
        said.append(c.say("choice.no_costs", criterion=c.named(each.label), unit=unit, **told))
    spared = [c.named(c.scenario.criteria[name].label) for name in apart if apart[name][0] < -TOLD]
    first = c.say("choice.no") if said else c.say("choice.no_nothing")
    rest = [c.say("choice.no_spares", criteria=joined(spared, ", "))] if spared else []
    return [joined([first, *said, *rest], " ")]


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


def gate_chances(c: Context) -> dict[str, tuple[Number, Number, Number]]:
    """The chance that each gate is passed once it is reached, for the option in focus; of those ever reached."""
    table = c.result.tables["consultation"].sel({OPTION: c.focus})["gate_passes"]
    return {
        gate: c.shares("consultation.gate_passes", reached.dropna("run"), option=c.focus, gate=gate)
        for gate in map(str, table[GATE].values)
        if (reached := table.sel({GATE: gate})).notnull().any()
    }


def hardest(c: Context) -> tuple[str, Number] | None:
    """The gate of the decision at which the option in focus most often stops, and the chance that it lets it through.

    Those of acceptance come after it, and count only where there is no other.
    """
    found, process = gate_chances(c), c.scenario.process.gates
    counted = [gate for gate in found if process[gate].stage == "decision"] or [*found]
    if not counted:
        return None
    gate = min(counted, key=lambda gate: found[gate][0].value)
    return process[gate].told, found[gate][0]


def gates(c: Context) -> Figure | None:
    """The chance that each gate is passed once it is reached, for the option in focus."""
    found, process, stop = gate_chances(c), c.scenario.process.gates, hardest(c)
    if stop is None:
        return None
    rows = [{"row": process[gate].told, "value": p.value, "label": p.text} for gate, (p, *_) in found.items()]
    return pictured(
        "gates", c.word("passing.gates"), c.say("passing.gates_reading", gate=c.named(stop[0]), p=stop[1]),
        c.source("consultation.gate_passes"), chart("process", rows, x=c.word("passing.gates_axis")),
        c.columns("passing", "gate", "once_reached", "interval"),
        tuple((c.named(process[gate].told), (p,), c.to(low, high)) for gate, (p, low, high) in found.items()),
    )  # fmt: skip
