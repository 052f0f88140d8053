"""Who goes, and can the force be filled?"""

from itertools import product

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Answer, Block, Figure, Paragraph, Table, Text, joined, pictured
from contingent.brief.figures import chart
from contingent.brief.parameter_labels import lowered
from contingent.force.eligibility import offer
from contingent.force.plan import largest_phase
from contingent.labels import OPTION, PHASE, PLEDGE, SECTOR, TASK
from contingent.study.trace import usual_world

SHORT = 6  # shortfalls listed by name
APART = 0.03  # share of the force below which the options are told to bring as much of it: a judgement
OTHERS = 3  # other contributors told by name


def force_generation(context: Context) -> Answer:
    """How much of the force comes under every option, who else goes; behind it, tasks, offers and shortfalls."""
    c = context
    if not c.result.scenarios[c.focus].pledges:
        return Answer(())
    plan = c.result.force.sel({OPTION: c.focus, "world": c.world})
    missing, parts = shortfalls(c, plan), (_others(c, plan), _by_world(c))
    none: Block = Paragraph(c.say("generation.none_short"))
    said = tuple(Paragraph(c.more(each, "generation")) for each in parts if each)
    world = Paragraph(c.say("generation.world", world=c.world_words(c.world)), "note")
    more = world, filled(c, plan), offered(c, plan), missing if missing.rows else none
    return Answer((comes(c), *said), more)


def comes(c: Context) -> Figure | Paragraph:
    """Of the strength wanted, what is likely to come under every option, within what comes if every pledge is kept.

    In a sentence where the options hardly differ.
    """
    rows, cells, told = [], [], {}
    for option in c.result.options:
        plan = c.result.force.sel({OPTION: option, "world": usual_world(c.result, option)})
        coverage = c.result.tables["deployment"]["coverage"].sel({OPTION: option})
        share = number.percent(float(coverage.mean()), "force.coverage", MEAN, option=option)
        wanted = float(plan["required"].sum())
        kept = 1 - float(plan["shortfall"].sum()) / wanted if wanted else 1.0
        most = number.percent(max(kept, share.value), "force.shortfall", "1 less shortfall over wanted", option=option)
        rows.append({"row": c.label(option), "value": share.value, "most": most.value, "label": share.text})
        cells.append((c.option(option), (share,), (most,)))
        told[option] = share
    if max(share.value for share in told.values()) - min(share.value for share in told.values()) < APART:
        return Paragraph(c.more(c.say("generation.alike", ours=told[c.focus]), "generation"))
    words = {"option": c.option(c.focus), "ours": told[c.focus]}
    parts = [c.word("generation.likely"), c.word("generation.kept")]
    return pictured(
        "comes", c.word("generation.comes"),
        c.say("generation.comes_reading", none=told.get(c.scenario.baseline, told[c.focus]), **words),
        c.say("figure.page"), chart("bars", rows, small=True, x=None, share=True, parts=parts),
        c.columns("generation", "option", "likely", "kept"), cells, annex=c.see("generation"),
    )  # fmt: skip


def _by_world(c: Context) -> Text:
    """What comes with and without the event that matters most to it, of those that no option decides."""
    of_run = c.result.tables["worlds"]["world"].to_numpy().astype(str)
    coverage = c.result.tables["deployment"]["coverage"].sel({OPTION: c.focus}).to_numpy()
    split = {}
    for name in c.scenario.changing:
        came = np.array([name in world.split() for world in of_run])
        if 0 < came.sum() < came.size:
            split[name] = coverage[came].mean(), coverage[~came].mean()
    if not split:
        return ()
    name = max(split, key=lambda each: abs(split[each][0] - split[each][1]))
    told = {key: number.percent(value, "force.coverage", f"{MEAN} {key} {name}", option=c.focus)
            for key, value in zip(("came", "not_come"), split[name], strict=True)}  # fmt: skip
    event = c.named(lowered(c.scenario.process.events[name].label))
    return () if told["came"].text == told["not_come"].text else c.say("generation.hangs_on", event=event, **told)


def _others(c: Context, plan: xr.Dataset) -> Text:
    """Who else serves, the largest first."""
    others = [each for each in serving(c, plan) if each[0] != c.scenario.contributor and each[3] >= 1]
    others.sort(key=lambda each: -each[3])
    if not others:
        return c.say("generation.alone")
    told: list[Text] = []
    for code, label, _, usable in others[:OTHERS]:
        where = number.result("force.assigned", "largest phase", option=c.focus, contributor=code)
        told.append((*c.named(label), " (", number.rough(usable, where), ")"))
    return c.say("generation.others" if len(others) > OTHERS else "generation.all_others", parts=joined(told, ", "))


def filled(c: Context, plan: xr.Dataset) -> Figure:
    """Share of the wanted strength that the plan covers if every pledge is kept, by task and phase."""
    mandate = c.scenario.mandate
    required, short = plan["required"].sum(SECTOR), plan["shortfall"].sum(SECTOR)
    columns = {str(phase): mandate.phases[str(phase)].label for phase in required[PHASE].values}
    rows, cells, worst, how = [], [], (1.1, "", ""), "1 less shortfall over wanted"
    for task in map(str, required[TASK].values):
        if not float(required.sel({TASK: task}).sum()):
            continue
        row, shown = mandate.tasks[task].label, []
        for phase, column in columns.items():
            wanted, missing = (float(each.sel({TASK: task, PHASE: phase})) for each in (required, short))
            if not wanted:
                shown.append(c.say("generation.not_wanted"))
                continue
            share = number.percent(1 - missing / wanted, "force.shortfall", how, option=c.focus, phase=phase, task=task)
            shown.append((share,))
            worst = min(worst, (share.value, row, column))
            rows.append({"row": row, "column": column, "value": share.value, "label": share.text})
        cells.append((c.named(row), *shown))
    least = number.percent(worst[0], "force.shortfall", how, option=c.focus)
    return pictured(
        "filled", c.word("generation.filled"),
        c.say("generation.filled_reading", task=c.named(worst[1]), phase=c.named(worst[2]), share=least),
        c.source("force.shortfall", planned=True), chart("matrix", rows, x=None),
        (c.word("generation.task"), *columns.values()), cells,
    )  # fmt: skip


def serving(c: Context, plan: xr.Dataset) -> list[tuple[str, str, float, float]]:
    """Every contributor that offers something: its code, its name, and the people it offers and the plan uses."""
    scenario, used, found = c.result.scenarios[c.focus], largest_phase(plan["assigned"]), []
    for code, contributor in scenario.contributors.items():
        made = offer(scenario, code)
        if made.pledges:
            usable = sum(float(used.sel({PLEDGE: p.id})) for p in made.pledges if p.id in used[PLEDGE].values)
            found.append((code, contributor.label, made.persons, usable))
    return sorted(found, key=lambda item: -item[2])


def offered(c: Context, plan: xr.Dataset) -> Figure:
    """What every contributor offers, and what of it the plan can use under its caveats."""
    rows, cells, found = [], [], serving(c, plan)
    for code, label, pledged, usable in found:
        first = offer(c.result.scenarios[c.focus], code).pledges[0].id
        at = number.parameter(f"pledges.{first}.strength", "summed over the contributor's pledges")
        most = number.count(usable, "force.assigned", "largest phase", option=c.focus, contributor=label)
        rows.append({"row": label, "value": usable, "most": max(pledged, usable), "label": most.text})
        cells.append((c.named(label), (number.count(pledged, at),), (most,)))
    lost = max(range(len(found)), key=lambda index: found[index][2] - found[index][3])
    parts = {"who": c.named(found[lost][1]), "pledged": cells[lost][1], "usable": cells[lost][2]}
    whole = found[lost][2] - found[lost][3] < 1
    reading = c.say("generation.offered_all") if whole else c.say("generation.offered_reading", **parts)
    marks = [c.word("generation.usable"), c.word("generation.pledged")]
    return pictured(
        "offered", c.word("generation.offered"), reading, c.source("force.assigned", planned=True),
        chart("bars", rows, x=c.word("generation.persons"), parts=marks),
        c.columns("generation", "contributor", "pledged", "usable"), cells,
    )  # fmt: skip


def shortfalls(c: Context, plan: xr.Dataset) -> Table:
    """The largest shortfalls by phase, sector and task, in persons."""
    mandate, sectors = c.scenario.mandate, c.scenario.theatre.sectors
    found = []
    for place in product(plan[PHASE].values, plan[SECTOR].values, plan[TASK].values):
        at = dict(zip((PHASE, SECTOR, TASK), map(str, place), strict=True))
        short = float(plan["shortfall"].sel(at))
        if short >= 1:
            found.append((short, *at.values(), float(plan["required"].sel(at))))
    found.sort(key=lambda item: (-item[0], item[1:4]))
    rows = []
    for short, phase, sector, task, wanted in found[:SHORT]:
        where = {"option": c.focus, "phase": phase, "sector": sector, "task": task}
        rows.append((
            c.named(f"{mandate.phases[phase].label}, {sectors[sector].label}"), c.named(mandate.tasks[task].label),
            (number.count(short, "force.shortfall", **where),), (number.count(wanted, "force.required", **where),),
        ))  # fmt: skip
    columns = c.columns("generation", "place", "task", "short", "wanted")
    return Table(c.word("generation.shortfalls"), columns, tuple(rows), numeric=(2, 3))
