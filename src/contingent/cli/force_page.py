"""A force plan as one page: what arrives when, where people are missing, who pays, whose caveats bar what.

Every figure answers the question in its title, says what it shows in a line, names its source and has its numbers in a
table; nothing is told by colour alone. The page needs no network and no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from contingent.brief.chart import chart, svg
from contingent.labels import CONTRIBUTOR, PHASE, PLEDGE, SECTOR, TASK, UNIT_TYPE, WEEK

if TYPE_CHECKING:
    import xarray as xr

    from contingent.force import Deployment, Plan
    from contingent.scenario.model import Scenario

RUNS = 400  # realized supplies behind the arrival curve
STEP = 4  # weeks between two rows of its table
PLANNED, REAL = "as planned", "as pledges are kept: median and 90 %"
WORDS = {"yes": "all", "no": "none"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column heads its row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    id: str = ""
    reading: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that answers a question, and its numbers."""

    id: str
    question: str
    reading: str
    source: str
    picture: Any
    table: Table


def page(scenario: Scenario, plan: Plan, deployment: Deployment, title: str, reasons: dict[str, Any]) -> str:
    """The page of one option's plan; `reasons` as `force_reasons.reasons` gives them, or empty."""
    from importlib.resources import files

    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    source = f"Source: force plan of {scenario.title}; requirements, pledges and caveats of the scenario as of "
    source += f"{scenario.as_of}, on the claims and assumptions each of them names."
    style = files("contingent.brief").joinpath("page", "brief.css").read_text(encoding="utf-8").strip()
    loader = PackageLoader("contingent.cli", "pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    figures = [
        arrivals(scenario, plan, deployment, source),
        shortfalls(scenario, plan, source),
        costs(scenario, plan, source),
        barred(scenario, source),
    ]
    return environment.get_template("force.html.j2").render(
        title=title, style=Markup(style), meta=(f"as of {scenario.as_of}", "force plan"),
        lead=f"No plan can be better than this one by more than {plan.solver.gap:.2%} of its goals: people below "
        "the minimum first, below what is wanted next, then cost.",
        figures=[figure for figure in figures if figure.table.rows],
        tables=[*helps(scenario, reasons, source), *matched(scenario, plan, source)],
    )  # fmt: skip


def _picture(question: str, name: str, rows: list[dict[str, Any]], /, **words: Any):
    from markupsafe import Markup

    return Markup(svg(chart(name, rows, **words), label=question))


def arrivals(scenario: Scenario, plan: Plan, deployment: Deployment, source: str) -> Figure:
    """People in theatre by week, as planned and as pledges are kept."""
    from contingent.force.deploy import in_theatre

    question = "How many people are there, week by week?"
    here = in_theatre(deployment)
    units = used_units(scenario, deployment)
    parts: dict[str, list[str]] = {"All units": [str(p) for p in here[PLEDGE].values]}
    largest = sorted(units, key=lambda unit: -float(deployment.planned.sel({PLEDGE: units[unit]}).sum()))
    parts |= {scenario.unit_types[unit].label: units[unit] for unit in largest[:3]}
    rows: list[dict[str, Any]] = []
    cells: list[tuple[str, ...]] = []
    reading = ""
    for measure, pledges in parts.items():
        planned = deployment.planned.sel({PLEDGE: pledges}).sum([PLEDGE, SECTOR, TASK]).values
        low, median, high = np.quantile(here.sel({PLEDGE: pledges}).sum(PLEDGE).values, [0.05, 0.5, 0.95], axis=0)
        for week in range(len(planned)):
            at = {"measure": measure, "week": week}
            flat = float(planned[week])
            rows.append({**at, "option": PLANNED, "low": flat, "median": flat, "high": flat})
            rows.append({**at, "option": REAL, "low": float(low[week]), "median": float(median[week]),
                         "high": float(high[week])})  # fmt: skip
            if not week % STEP:
                numbers = (planned[week], median[week], low[week], high[week])
                cells.append((f"{measure}, week {week}", *(f"{n:,.0f}" for n in numbers)))
        if not reading:
            peak = int(np.argmax(planned))
            reading = (
                f"The plan reaches {planned[peak]:,.0f} people in week {peak}; as pledges are kept and arrive late, "
                f"{median[peak]:,.0f} are there then (90 % of runs: {low[peak]:,.0f} to {high[peak]:,.0f})."
            )
    columns = ("Week", "As planned", "Median", "5 %", "95 %")
    drawn = _picture(question, "fan", rows, panels=list(parts), options=[PLANNED, REAL], x="weeks after the decision")
    return Figure("arrivals", question, reading, f"{source} {RUNS} realized supplies.", drawn,
                  Table(question, columns, tuple(cells)))  # fmt: skip


def used_units(scenario: Scenario, deployment: Deployment) -> dict[str, list[str]]:
    """The pledges of every unit type, as far as the plan uses them."""
    used = deployment.planned.sum([WEEK, SECTOR, TASK])
    found: dict[str, list[str]] = {}
    for pledge in scenario.pledges:
        if float(used.sel({PLEDGE: pledge.id})) > 0:
            found.setdefault(pledge.unit, []).append(pledge.id)
    return found


def shortfalls(scenario: Scenario, plan: Plan, source: str) -> Figure:
    """Persons missing by sector, task and phase."""
    question = "Where, and on what, are people missing?"
    mandate, sectors = scenario.mandate, scenario.theatre.sectors
    wanted, short, critical = (a.sum(UNIT_TYPE) for a in (plan.required, plan.shortfall, plan.critical))
    phases = [str(phase) for phase in wanted[PHASE].values]
    labels = [mandate.phases[phase].label for phase in phases]
    rows, cells, worst = [], [], (0.0, "")
    for sector in sectors:
        for task in mandate.tasks:
            here = {SECTOR: sector, TASK: task}
            if not float(wanted.sel(here).sum()):
                continue
            name, told = f"{sectors[sector].label}: {mandate.tasks[task].label}", []
            for phase in phases:
                asked, missing, below = (float(a.sel({**here, PHASE: phase})) for a in (wanted, short, critical))
                text = "-" if not asked else f"{missing:,.0f}" + (f" !{below:,.0f}" if below >= 1 else "")
                told.append(text)
                worst = max(worst, (missing, f"{name}, {mandate.phases[phase].label}"))
                rows.append({"row": name, "column": mandate.phases[phase].label, "label": text,
                             "value": missing / asked if asked else 0.0})  # fmt: skip
            cells.append((name, *told))
    reading = f"Most are missing in {worst[1]}: {worst[0]:,.0f}." if worst[0] >= 1 else "Nobody is missing."
    reading += " Discs show the share of what is wanted; numbers are persons, ! those below the minimum."
    drawn = _picture(question, "matrix", rows, x=None)
    return Figure(
        "missing", question, reading, source, drawn, Table(question, ("Sector and task", *labels), tuple(cells))
    )


def costs(scenario: Scenario, plan: Plan, source: str) -> Figure:
    """What keeping the force costs, by who sends it and who pays."""
    question = "What does keeping the force cost, and who pays?"
    total = {payer: float(plan.cost.sel(payer=payer).sum()) for payer in plan.cost["payer"].values}
    paid = {"fund": "reimbursed by a fund", "contributor": "paid by itself"}
    found = [
        (float(plan.cost.sel({CONTRIBUTOR: code, "payer": payer})), who.label, str(payer))
        for code, who in scenario.contributors.items()
        for payer in plan.cost["payer"].values
    ]
    found = sorted((item for item in found if item[0] > 0), reverse=True)
    rows = [
        {"row": f"{who}, {paid[payer]}", "value": usd / 1e6, "label": f"{usd / 1e6:,.1f}"} for usd, who, payer in found
    ]
    cells = tuple((who, paid[payer], f"{usd / 1e6:,.1f}") for usd, who, payer in found)
    reading = " and ".join(
        f"{total[payer] / 1e6:,.0f} million US dollars {words}" for payer, words in
        (("fund", "are reimbursed by a fund"), ("contributor", "are paid by contributors themselves"))
    )  # fmt: skip
    reading = f"Over the whole operation {reading}; personnel in theatre only.{_paid_by_the_un(scenario)}"
    drawn = _picture(question, "bars", rows, x="million US dollars over the operation")
    return Figure(
        "cost", question, reading, source, drawn, Table(question, ("Contributor", "Who pays", "US$ million"), cells)
    )


def _paid_by_the_un(scenario: Scenario) -> str:
    """What the United Nations paid for a person at the scenario's date, beside what the offers cost."""
    from contingent.errors import InputError
    from contingent.force.reimbursement import personnel_rate

    try:
        rate = personnel_rate(scenario.as_of)
    except InputError:
        return ""
    costs = [pledge.cost.best for pledge in scenario.pledges]
    offers = f"the offers here cost {min(costs):,.0f} to {max(costs):,.0f}" if costs else "nothing is offered here"
    return f" The United Nations paid {rate.dollars:,.0f} US dollars a person a month from {rate.since}; {offers}."


def barred(scenario: Scenario, source: str) -> Figure:
    """What each contributor's pledges may be used for, as its caveats stand."""
    from contingent.force.usable import allowed, holds

    question = "Which offers do caveats, conditions and vetoes keep from which tasks?"
    tasks = scenario.mandate.tasks
    rows, cells, out = [], [], []
    for pledge in scenario.pledges:
        held = holds(scenario, pledge)
        name = f"{scenario.contributors[pledge.contributor].label}: {scenario.unit_types[pledge.unit].label}"
        told = []
        for task, spec in tasks.items():
            asked = [r for r in scenario.requirements if r.unit == pledge.unit and r.task == task]
            places = list(dict.fromkeys(r.sector for r in asked))
            answers = [allowed(scenario, pledge, place, task) if held else "no" for place in places]
            open_, ask = sum(a != "no" for a in answers), sum(a == "ask" for a in answers)
            text = "-" if not places else WORDS["no"] if not open_ else f"{open_} of {len(places)}"
            if places and open_ == len(places):
                text = WORDS["yes"]
            text += " (ask)" if ask else ""
            told.append(text)
            rows.append({"row": name, "column": spec.label, "label": text, "value": open_ / max(len(places), 1)})
        out += [] if held else [name]
        cells.append((name, *told))
    reading = (
        "Discs show the share of the sectors that want such a unit in which it may serve; - no such unit is wanted."
    )
    if out:
        reading += f" Out altogether under these terms: {', '.join(out)}."
    drawn = _picture(question, "matrix", rows, x=None)
    columns = ("Offer", *(task.label for task in tasks.values()))
    return Figure("caveats", question, reading, source, drawn, Table(question, columns, tuple(cells)))


def helps(scenario: Scenario, reasons: dict[str, Any], source: str) -> list[Table]:
    """What would help most and whom the force cannot lose, a table a question."""
    from contingent.cli.force_reasons import TITLES, named

    columns = ("What", "Below the minimum", "Below what is wanted")
    found = []
    for key, title in TITLES.items() if reasons else ():
        felt = [c for c in reasons[key] if c["critical"] or c["short"]]
        rows = tuple((named(scenario, c["what"]), f"{c['critical']:+,.0f}", f"{c['short']:+,.0f}") for c in felt)
        reading = "Change in persons short, averaged over all weeks; what is not listed has no effect."
        found.append(Table(title, columns, rows, key, reading, source))
    return found


def matched(scenario: Scenario, plan: Plan, source: str) -> list[Table]:
    """Requirements against the pledges that serve them, a table a phase."""
    mandate, sectors, unit_of = scenario.mandate, scenario.theatre.sectors, {p.id: p.unit for p in scenario.pledges}
    found = []
    for phase in mandate.phases:
        assigned: xr.DataArray = plan.assigned.sel({PHASE: phase})
        pledges = [str(p) for p in assigned[PLEDGE].values if float(assigned.sel({PLEDGE: p}).sum()) >= 1]
        rows = []
        for item in (r for r in scenario.requirements if r.phase == phase):
            here = {SECTOR: item.sector, TASK: item.task}
            sent = {p: float(assigned.sel({PLEDGE: p, **here})) if unit_of[p] == item.unit else 0.0 for p in pledges}
            total = sum(sent.values())
            gap = max(0.0, item.minimum.best - total)
            name = f"{sectors[item.sector].label}, {mandate.tasks[item.task].label}: "
            name += scenario.unit_types[item.unit].label
            state = f"!{gap:,.0f}" if gap >= 1 else ""
            numbers = (f"{item.minimum.best:,.0f}", f"{item.wanted.best:,.0f}", f"{total:,.0f}", state)
            rows.append((name, *numbers, *(f"{sent[p]:,.0f}" if sent[p] >= 1 else "" for p in pledges)))
        label = mandate.phases[phase].label
        met = sum(not row[4] for row in rows)
        found.append(
            Table(
                f"Which pledge serves which requirement: {label}",
                ("Requirement", "Minimum", "Wanted", "Sent", "Missing", *pledges), tuple(rows), f"matched_{phase}",
                f"{met} of {len(rows)} requirements have their minimum; persons, averaged over the phase.", source,
            )
        )  # fmt: skip
    return found
