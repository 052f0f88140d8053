"""Can the force be filled, and with what?"""

from itertools import product

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Answer, Block, Figure, Paragraph, Table, Text, joined, pictured
from contingent.brief.figures import chart
from contingent.force.eligibility import offer
from contingent.force.plan import largest_phase
from contingent.labels import OPTION, PHASE, PLEDGE, SECTOR, TASK

SHORT = 6  # shortfalls listed by name
WORLDS = 3  # of what no option decides, told one by one


def force_generation(context: Context) -> Answer:
    """Coverage by task and phase, pledged against usable strength, and the largest shortfalls."""
    c = context
    plan = c.result.force.sel({OPTION: c.focus, "world": c.world})
    coverage = c.result.tables["deployment"]["coverage"].sel({OPTION: c.focus})
    middle, low, high = c.spread("force.coverage", coverage, number.percent, option=c.focus)
    asked = float((plan["required"].sum([SECTOR, TASK])).max())
    wanted = number.count(asked, "force.required", "largest phase", option=c.focus)
    answer = c.say("generation.answer", option=c.option(c.focus), middle=middle, low=low, high=high, wanted=wanted)
    if not c.result.scenarios[c.focus].pledges:
        return Answer((Paragraph(answer),), ())
    use, missing, worlds = offered(c, plan), shortfalls(c, plan), _by_world(c, coverage)
    none: Block = Paragraph(c.say("generation.none_short"))
    blocks = (
        Paragraph(c.more((*answer, *worlds), "generation")),
        filled(c, plan, worlds=bool(worlds)),
        Paragraph(c.more(use.reading, "generation")),
    )
    world = Paragraph(c.say("generation.world", world=c.world_words(c.world)), "note")
    return Answer(blocks, (world, use, missing if missing.rows else none))


def _by_world(c: Context, coverage: xr.DataArray) -> Text:
    """The median coverage in each world of what no option decides, where there is more than one."""
    of_run = c.result.tables["worlds"]["world"].to_numpy().astype(str)
    names, counts = np.unique(of_run, return_counts=True)
    if len(names) < 2:
        return ()
    said: list[Text] = []
    for index in np.argsort(-counts, kind="stable")[:WORLDS]:
        name, share = str(names[index]), counts[index] / counts.sum()
        middle = np.median(coverage.to_numpy()[of_run == name])
        said.append(c.say(
            "generation.in_world", world=c.world_words(name),
            middle=number.percent(middle, "force.coverage", "median", option=c.focus, world=name),
            share=number.percent(share, "force.coverage", "share of runs", world=name),
        ))  # fmt: skip
    return (" ", *c.say("generation.by_world", parts=joined(said, "; ")))


def filled(c: Context, plan: xr.Dataset, *, worlds: bool) -> Figure:
    """Share of the wanted strength that the plan covers, by task and phase."""
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
        (*c.say("generation.filled_reading", task=c.named(worst[1]), phase=c.named(worst[2]), share=least),
         *((" ", *c.say("generation.shown_world")) if worlds else ())),
        c.source("force.shortfall", planned=True), chart("coverage", rows, small=True, columns=[*columns.values()]),
        (c.word("generation.task"), *columns.values()), cells, annex=c.see("generation"),
    )  # fmt: skip


def offered(c: Context, plan: xr.Dataset) -> Figure:
    """What every contributor offers, and what of it the plan can use under its caveats."""
    scenario = c.result.scenarios[c.focus]
    used = largest_phase(plan["assigned"])
    found = []
    for code, contributor in scenario.contributors.items():
        made = offer(scenario, code)
        if mine := made.pledges:
            usable = sum(float(used.sel({PLEDGE: pledge.id})) for pledge in mine if pledge.id in used[PLEDGE].values)
            found.append((contributor.label, made.persons, usable, mine[0].id))
    found.sort(key=lambda item: -item[1])
    rows = [{"row": label, "pledged": pledged, "usable": usable} for label, pledged, usable, _ in found]
    cells = []
    for label, pledged, usable, first in found:
        at = number.parameter(f"pledges.{first}.strength", "summed over the contributor's pledges")
        most = number.count(usable, "force.assigned", "largest phase", option=c.focus, contributor=label)
        cells.append((c.named(label), (number.count(pledged, at),), (most,)))
    lost = max(range(len(found)), key=lambda index: found[index][1] - found[index][2])
    parts = {"who": c.named(found[lost][0]), "pledged": cells[lost][1], "usable": cells[lost][2]}
    whole = found[lost][1] - found[lost][2] < 1
    reading = c.say("generation.offered_all") if whole else c.say("generation.offered_reading", **parts)
    marks = [c.word("generation.pledged"), c.word("generation.usable")]
    return pictured(
        "offered", c.word("generation.offered"), reading, c.source("force.assigned", planned=True),
        chart("dumbbell", rows, x=c.word("generation.persons"), words=marks),
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
