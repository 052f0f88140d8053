"""What arrives when, who pays, where are people missing, and whose caveats bar what? A figure each."""

import tomllib
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np

from contingent.brief import number
from contingent.brief.document.blocks import Block, Figure, See, Table, Text, pictured, tabled
from contingent.brief.figures import chart
from contingent.brief.figures.canvas import WIDE
from contingent.brief.number import Number
from contingent.errors import InputError
from contingent.force import Deployment, Plan
from contingent.force.deploy import in_theatre
from contingent.force.eligibility import is_valid, permitted
from contingent.force.plan import sharing_in_words
from contingent.force.un_records import personnel_rate
from contingent.labels import CONTRIBUTOR, PHASE, PLEDGE, SECTOR, TASK, UNIT_TYPE, WEEK
from contingent.scenario.model import Scenario
from contingent.scenario.paths import satisfies
from contingent.study.formulas import formula_of

RUNS = 400  # realized supplies behind the arrival curve
_OWN = tomllib.loads(files("contingent.brief").joinpath("force_plan_formulas.toml").read_text("utf-8"))
FORMULAS = {name: formula_of(name) for name in ("force.assigned", "force.required", "force.shortfall")}
FORMULAS |= {name: said.replace("{runs}", str(RUNS)) for name, said in _OWN.items()}
STEP, PANELS = 4, 3  # weeks between two rows of the table of arrivals; unit types with a panel of their own
PLANNED, REAL = "as planned", "as pledges are kept: median, 90 % of runs"
PAID = {"fund": "reimbursed by a fund", "contributor": "borne by the contributor"}
NOT_WANTED = "\u2013"


def persons(name: str, value: float, how: str = "", /, **where: str) -> Number:
    """A number of persons of a result named in `FORMULAS`."""
    return number.exact(round(float(value)), name, how, **where)


def change(value: float, /, **where: str) -> Number:
    """A change in persons short, with its sign."""
    trace = number.result("force.change", "", **where)
    return Number(value, number.signed(f"{round(value):+,}".replace(",", "\u202f")) if round(value) else "0", trace)


def millions(scenario: Scenario, amount: float, /, **where: str) -> Number:
    """Millions of the scenario's currency, to a tenth."""
    return number.decimal(amount / 1e6, number.result("force.cost", f"million {scenario.money}", **where), places=1)


def source(scenario: Scenario, *rests: str) -> Text:
    """The source line: the plan, and what in the scenario it rests on."""
    parts = f"the scenario's {' and '.join(rests)} as of {scenario.as_of}"
    return (f"Source: force plan; {parts}, by the claims and assumptions of each.",)


def arrivals(scenario: Scenario, deployment: Deployment) -> Figure:
    """People in theatre by week, as planned and as pledges are kept."""
    here, planned_by = in_theatre(deployment), deployment.planned.sum([SECTOR, TASK])
    used = {p.id: float(planned_by.sel({PLEDGE: p.id}).sum()) for p in scenario.pledges}
    units: dict[str, list[str]] = {}
    for pledge in scenario.pledges:
        if used[pledge.id] > 0:
            units.setdefault(pledge.unit, []).append(pledge.id)
    largest = sorted(units, key=lambda unit: -sum(used[p] for p in units[unit]))[:PANELS]
    parts = {"All units": list(used)} | {scenario.unit_types[unit].label: units[unit] for unit in largest}
    rows: list[dict[str, Any]] = []
    cells: list[tuple[Text, ...]] = []
    for part, pledges in parts.items():
        planned = planned_by.sel({PLEDGE: pledges}).sum(PLEDGE).values
        spread = np.quantile(here.sel({PLEDGE: pledges}).sum(PLEDGE).values, [0.05, 0.5, 0.95], axis=0)
        for week, (flat, low, middle, high) in enumerate(zip(planned, *spread, strict=True)):
            at = {"measure": f"{part}, persons", "week": week}
            rows.append({**at, "option": PLANNED, "low": flat, "median": flat, "high": flat})
            rows.append({**at, "option": REAL, "low": low, "median": middle, "high": high})
            if not week % STEP:
                told = ((flat, "force.planned"), *((value, "force.arrivals") for value in (middle, low, high)))
                cells.append(((f"{part}, week {week}",), *((persons(name, value),) for value, name in told)))
    week, planned, middle, low, high = peak(deployment)
    return pictured(
        "arrivals", "How many persons are there, week by week?",
        ("The plan reaches ", planned, f" persons in week {week}. Pledges are kept in part and late: then there are ",
         middle, " (90 % of runs: ", low, " to ", high, ")."),
        source(scenario, "pledges", "their reliability"),
        chart("fan", rows, small=True, panels=[f"{part}, persons" for part in parts], options=[PLANNED, REAL],
              x="weeks from the day on which the force may begin"),
        ("Persons", "As planned", "Median", "5 %", "95 %"), cells, series=True, annex=See("shown", "Numbers"),
    )  # fmt: skip


def peak(deployment: Deployment) -> tuple[int, Number, Number, Number, Number]:
    """The week in which most are planned; how many; and how many come: median, 5 % and 95 %."""
    planned = deployment.planned.sum([PLEDGE, SECTOR, TASK]).values
    week = int(np.argmax(planned))
    low, middle, high = np.quantile(in_theatre(deployment).sel({WEEK: week}).sum(PLEDGE).values, [0.05, 0.5, 0.95])
    low, middle, high = (persons("force.arrivals", value, f"week {week}") for value in (low, middle, high))
    return week, persons("force.planned", planned[week], f"week {week}"), middle, low, high


def shortfalls(scenario: Scenario, plan: Plan) -> Figure:
    """Persons missing by task, sector and phase."""
    mandate, sectors = scenario.mandate, scenario.theatre.sectors
    wanted, short, critical = (a.sum(UNIT_TYPE) for a in (plan.required, plan.shortfall, plan.critical))
    phases = {str(phase): mandate.phases[str(phase)].label for phase in wanted[PHASE].values}
    rows, cells, worst, most = [], [], 0.0, ("Nobody is missing.",)
    for task, sector in product(mandate.tasks, sectors):
        if not float(wanted.sel({SECTOR: sector, TASK: task}).sum()):
            continue
        place, told = (mandate.tasks[task].label, sectors[sector].label), list[Text]()
        for phase, column in phases.items():
            at = {SECTOR: sector, TASK: task, PHASE: phase}
            asked, missing, below = (float(a.sel(at)) for a in (wanted, short, critical))
            said = {"phase": phase, "sector": sector, "task": task}
            amount, least = persons("force.shortfall", missing, **said), persons("force.critical", below, **said)
            text: Text = (NOT_WANTED,) if not asked else (amount, " !", least) if round(below) else (amount,)
            told.append(text)
            if missing > max(worst, 0.5):
                here = f"{', '.join(place)}, phase “{column}”"
                worst, most = missing, (f"Most are missing here: {here}: ", amount, " persons below what is wanted, ",
                                        least, " of them below the minimum.")  # fmt: skip
            share, mark = missing / asked if asked else 0.0, "red" if round(below) else ""
            rows.append({"group": place[0], "row": place[1], "column": column, "label": "".join(map(str, text)),
                         "value": share, "mark": mark})  # fmt: skip
        cells.append(((", ".join(place),), *told))
    signs = (
        f" Persons below what is wanted, averaged over the phase; after ! and with an orange disc, how many of them "
        f"are below the minimum. A disc is as large as the share that is missing; {NOT_WANTED}: nobody is wanted."
    )
    return pictured(
        "missing", "Where, and on what, are people missing?", (*most, signs),
        source(scenario, "requirements", "pledges"), chart("matrix", rows, x=None),
        ("Task and sector", *phases.values()), cells,
    )  # fmt: skip


def costs(scenario: Scenario, plan: Plan) -> Figure:
    """What keeping the force costs, by who sends it and who pays."""
    rows, cells = [], []
    found = {
        each.label: [float(plan.cost.sel({CONTRIBUTOR: code, "payer": payer})) for payer in PAID]
        for code, each in scenario.contributors.items()
    }
    for who, borne in sorted(found.items(), key=lambda item: -sum(item[1])):
        if total := sum(borne):
            paid = [
                millions(scenario, each, contributor=who, payer=payer) for each, payer in zip(borne, PAID, strict=True)
            ]
            label = f"{paid[0].text} + {paid[1].text}"
            rows.append({"row": who, "value": total / 1e6, "part": paid[0].value, "label": label})
            cells.append(((who,), *((amount,) for amount in paid), (millions(scenario, total, contributor=who),)))
    return pictured(
        "cost", "What does keeping the force cost, and who bears it?",
        ("Pay and keep of personnel in theatre over the whole operation.", *_beside_the_un(scenario)),
        source(scenario, "costs"),
        chart("bars", rows, small=True, x=f"million {scenario.money} over the operation", parts=list(PAID.values())),
        (f"Million {scenario.money}", *(words.capitalize() for words in PAID.values()), "Total"), cells,
        annex=See("shown", "Numbers"),
    )  # fmt: skip


def _beside_the_un(scenario: Scenario) -> Text:
    """What the United Nations paid for a person at the scenario's date, beside what the offers cost."""
    costs = [pledge.cost.best for pledge in scenario.pledges]
    try:
        rate = personnel_rate(scenario.as_of)
    except InputError:
        return ()
    known = number.exact(rate.dollars, "force.rate")
    said: Text = (" The United Nations pays ", known, f" US dollars a person and month since {rate.since}")
    if not costs or scenario.currency != "USD":
        return (*said, ".")
    least, most = (number.exact(value, "force.rate") for value in (min(costs), max(costs)))
    return (*said, "; the offers here cost ", least, " to ", most, ".")


def barred(scenario: Scenario) -> Figure:
    """What each contributor's pledges may be used for, as its caveats stand."""
    wanted: dict[tuple[str, str], dict[str, None]] = {}
    for item in scenario.requirements:
        wanted.setdefault((item.unit, item.task), {})[item.sector] = None
    tasks = {name: task.label for name, task in scenario.mandate.tasks.items() if any(t == name for _, t in wanted)}
    rows, cells, out = [], [], []
    order = list(scenario.contributors)
    for pledge in sorted(scenario.pledges, key=lambda pledge: order.index(pledge.contributor)):
        who, unit = scenario.contributors[pledge.contributor].label, scenario.unit_types[pledge.unit].label
        here, told = is_valid(scenario, pledge), []
        for task, column in tasks.items():
            places = wanted.get((pledge.unit, task), ())
            answers = [permitted(scenario, pledge, place, task) if here else "no" for place in places]
            may = sum(answer != "no" for answer in answers)
            text = NOT_WANTED if not places else "none" if not may else f"{may} of {len(places)}"
            text = ("all" if places and may == len(places) else text) + (" (ask)" if "ask" in answers else "")
            told.append((text,))
            rows.append({"group": who, "row": unit, "column": column, "label": text, "value": may / max(len(places), 1),
                         "mark": "cross" if places and not may else ""})  # fmt: skip
        if not here:
            out.append(f"{who} ({unit.lower()})")
        cells.append(((f"{who}: {unit}",), (pledge.id,), *told, (persons("force.pledged", pledge.strength.best),)))
    reading = (
        "In how many of the sectors that want such a unit it may serve: a disc as large as that share, a cross for "
        f"none, {NOT_WANTED} where no such unit is wanted; (ask) means that its capital decides each time."
    )
    if out:
        reading += f" Out altogether under these terms: {', '.join(out)}."
    return pictured(
        "caveats", "Which offers do caveats, conditions and vetoes keep from which tasks?", (reading,),
        source(scenario, "caveats", "conditions"), chart("matrix", rows, width=WIDE, x=None),
        ("Offer", "Pledge", *tasks.values(), "Persons"), cells, numeric=(len(tasks) + 2,),
    )  # fmt: skip


def terms(scenario: Scenario, plan: Plan) -> tuple[Block, ...]:
    """The caveats that pledges carry; the rest where the scenario has it."""
    blocks: list[Block] = [caveats(scenario)]
    if together := sharing_in_words(scenario, plan):
        rows = tuple(((rule,), (f"{place}: {', '.join(told)}",)) for rule, place, told in together)
        blocks.append(Table("Who shares a sector with whom", ("Rule", "What holds"), rows, id="shared"))
    if scenario.support:
        blocks.append(unsupported(scenario, plan))
    return tuple(blocks)


def caveats(scenario: Scenario) -> Table:
    """What each caveat restricts, whether it prohibits or asks, who carries it, and whether its condition is met."""
    rows: list[tuple[Text, ...]] = []
    for name, caveat in scenario.caveats.items():
        carried = dict.fromkeys(p.contributor for p in scenario.pledges if name in p.caveats)
        who = ", ".join(scenario.contributors[code].label for code in carried)
        card = "red: prohibited" if caveat.card == "red" else "yellow: its capital decides"
        held = "met" if satisfies(scenario, caveat.requires) else "not met: they do not come"
        held = held if caveat.requires else "–"
        rows.append(((caveat.label,), (", ".join(caveat.restricts),), (card,), (held,), (who or "nobody",)))
    columns = ("Caveat", "Restricts", "Card", "Its condition", "Carried by")
    return Table("What the caveats say", columns, tuple(rows), id="caveats_said")


def unsupported(scenario: Scenario, plan: Plan) -> Table:
    """People that units of support do not cover, by kind, phase and sector."""
    sectors, phases = scenario.theatre.sectors, scenario.mandate.phases
    rows = []
    for (name, kind), (key, phase) in product(scenario.support.items(), phases.items()):
        people = plan.unsupported.sel(support=name, phase=key, sector=list(sectors)).values
        rows.append(((f"{kind.label}, {phase.label}",), *((persons("force.unsupported", each),) for each in people)))
    columns = ("Support, phase", *(sector.label for sector in sectors.values()))
    return tabled("People beyond what units of support cover", columns, rows, "unsupported")
