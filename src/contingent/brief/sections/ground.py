"""What changes on the ground if our people go, and what does it mean for them?"""

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, MEAN, MEDIAN, Context
from contingent.brief.document.blocks import Answer, Block, Bullets, Figure, Paragraph, Text, joined, pictured
from contingent.brief.figures import chart
from contingent.brief.number import Number
from contingent.force.eligibility import permitted
from contingent.labels import CONTRIBUTOR, OPTION, RUN, SECTOR, WEEK
from contingent.mission.outputs import truce
from contingent.mission.report import branches
from contingent.study import measures

SERIES = (
    "events", "weapons_collected", "trucks_delivered", "own_deaths", "civilian_deaths", "outside_deaths", "troops",
)  # fmt: skip
"""Measures over time; the first `PANELS` of those that are there are shown."""
PANELS = 4
SO_FAR = ("weapons_collected", "civilian_deaths", "own_deaths", "outside_deaths")
"""Of them, those summed up so far; what is read off the figure is the first of them that is shown."""
KILLED = ("civilian_deaths", "outside_deaths", "own_deaths")
OTHERS = KILLED[:2]  # those who are not the force's own people
RANKS = ("", "no", "ask", "yes")  # what a caveat allows, from the least
OURS = ("force.contributor_cost", "mission.home_support", "mission.withdrawal")
SAME = 0.03  # share of the public below which its support is told to stay: a judgement
APART = 0.2  # more of the runs one way than the other, from which on a difference is told: a judgement
STEP = 8  # weeks between the points of a chart


def ground(context: Context) -> Answer:
    """The truce, people killed and basic needs, beside declining; behind it, by branch, by sector and over time."""
    c, table = context, context.result.tables
    states = _truce(c) if "ceasefire" in table["weekly"] else {}
    said = [*_states(c, states), *_killed(c), *_wrong(c, states), *_averted(c)]
    shown = [Paragraph(c.more(said[0], "ground")), *([Bullets(tuple(said[1:]))] if said[1:] else [])] if said else []
    need = (sectors(c),) if "need" in table["sectors"] else ()
    return Answer(tuple(shown), (*_harmed(c, states), Paragraph(_leaving(c)), *need, fans(c)))


def _truce(c: Context) -> dict[str, xr.DataArray]:
    """In which runs a cease-fire comes, falls at some time, and holds at the end under the option in focus; (run)."""
    series = c.result.tables["weekly"]["ceasefire"].sel({OPTION: c.focus}).transpose(WEEK, RUN)
    found = truce(series.to_numpy())
    last = series.isel({WEEK: -1}, drop=True)
    return {name: last.copy(data=runs.astype(float)) for name, runs in found.items()}


def _since(c: Context) -> str:
    """The day on which the cease-fire in force began; nothing if none is in force."""
    one = c.scenario.theatre.ceasefire
    return c.day(one.start) if one and one.start and one.start <= c.scenario.as_of else ""


def _states(c: Context, states: dict[str, xr.DataArray]) -> list[Text]:
    """What becomes of the cease-fire, as chances; nothing where there is none."""
    if not states:
        return []
    falls, holds = (
        number.chance(float(states[state].mean()), f"mission.ceasefire_{told}", MEAN, option=c.focus)
        for state, told in (("ceasefire_fell", "falls"), ("ceasefire_holds", "holds"))
    )
    if _since(c):
        return [c.say("ground.in_force", span=c.span, falls=c.odds(falls), holds=holds)]
    comes = number.chance(float(states["ceasefire_came"].mean()), "mission.ceasefire_comes", MEAN, option=c.focus)
    return [c.say("ground.hoped_for", span=c.span, comes=c.odds(comes), holds=holds)]


def _beside(c: Context, name: str, runs: np.ndarray, how: str = "") -> tuple[str, dict[str, Number]]:
    """A count of people killed with our people there and without them, in some runs; and how the two compare.

    `fewer` or `more` where that is so in a fifth more of the runs than the other; else `alike`.
    """
    weekly = c.result.tables["weekly"][name]
    ours, none = (weekly.sel({OPTION: o}).sum(WEEK).to_numpy()[runs] for o in (c.focus, c.scenario.baseline))
    apart = float((ours < none).mean() - (ours > none).mean())
    key = "fewer" if apart > APART else "more_killed" if apart < -APART else "alike"
    told = {
        side: number.rough(float(np.median(killed)), f"mission.{_told(name)}", f"{MEDIAN} {how}".strip(), option=option)
        for side, killed, option in (("ours", ours, c.focus), ("none", none, c.scenario.baseline))
    }
    same = told["ours"].text == told["none"].text
    return ("alike" if same else key), told


def _killed(c: Context) -> list[Text]:
    """People killed in incidents and by fire from outside where our people go, beside the same runs without them."""
    runs, weekly = c.sent(c.focus).to_numpy(), c.result.tables["weekly"]
    said = []
    for name in OTHERS if runs.any() else ():
        if name in weekly:
            key, told = _beside(c, name, runs, "where people go")
            if told["ours"].value or told["none"].value:
                said.append(c.say(f"ground.{key}", who=c.word(f"ground.{name}_who"), **told))
    return said


def _wrong(c: Context, states: dict[str, xr.DataArray]) -> list[Text]:
    """If the cease-fire falls: people killed with our people there, and without."""
    fell = states["ceasefire_fell"].to_numpy().astype(bool) if states else np.zeros(1, bool)
    name = next((name for name in reversed(OTHERS) if name in c.result.tables["weekly"]), "")
    if not name or not 0 < fell.mean() < 1:
        return []
    key, told = _beside(c, name, fell, "where the ceasefire falls")
    return [c.say("ground.wrong" if key != "alike" else "ground.wrong_alike", who=c.word(f"ground.{name}_who"), **told)]


def _averted(c: Context) -> list[Text]:
    """Whether more of people's basic needs are met where our people go than in the same runs without them."""
    runs = c.sent(c.focus).to_numpy()
    if "unmet_need_weeks" not in c.result.tables["sectors"] or not runs.any():
        return []
    change = measures.result("mission.need_averted", c.result.evidence).sel({OPTION: c.focus}).to_numpy()[runs]
    less, more = float((change > 0).mean()), float((change < 0).mean())
    key = "need_less" if less - more > APART else "need_more" if more - less > APART else "need_alike"
    told = {name: number.chance(share, "mission.need_averted", f"share of runs {name} where people go", option=c.focus)
            for name, share in (("less", less), ("more", more))}  # fmt: skip
    return [c.say(f"ground.{key}", **told)]


def going(c: Context, name: str) -> np.ndarray:
    """A result of the option in focus in those runs in which its people go; empty where they go in none."""
    found = measures.result(name, c.result.evidence).sel({OPTION: c.focus}).to_numpy()
    return found[c.sent(c.focus).to_numpy()]


def losses(c: Context) -> tuple[number.Number, ...]:
    """Own people killed if they go: as likely more as fewer, and what is exceeded once in twenty times; none else."""
    lost, told = going(c, "mission.own_deaths"), ((0.5, MEDIAN), (0.95, HIGH))
    return tuple(
        number.rough(np.quantile(lost, at), "mission.own_deaths", f"{how} where people go", option=c.focus)
        for at, how in told if lost.size
    )  # fmt: skip


def people(context: Context) -> Answer:
    """What our people may do and on which ground, what it may cost in lives and money, at home, and the way out."""
    c = context
    if not c.goes:
        return Answer((Paragraph(c.say("people.nobody", option=c.option(c.focus))),))
    mandate = c.result.scenarios[c.focus].mandate
    ground = {"basis": c.word(f"people.{mandate.legal_basis}"), "force": c.word(f"people.{mandate.use_of_force}")}
    asked = [*_tasks(c), c.say("people.law", **ground)]
    lost, paid, home, left = losses(c), *(going(c, name) for name in OURS)
    key = "killed" if lost[0].value >= 0.5 else "hardly_killed" if lost[1].value >= 0.5 else "none_killed"
    asked.append(c.say(f"people.{key}", span=c.span, middle=lost[0], high=lost[1]))
    if paid.max() > 0:
        amounts = ("amount", paid.mean(), MEAN), ("high", np.quantile(paid, 0.95), HIGH)
        told = {key: number.rough(value, OURS[0], f"{how} where people go", whole=False, option=c.focus)
                for key, value, how in amounts}  # fmt: skip
        asked.append(c.say("people.costs", span=c.span, unit=c.millions, **told))
    own = c.scenario.contributor
    start = c.result.scenarios[c.focus].contributors[own].home_support
    if start is not None:
        at = number.percent(start.best, number.parameter(f"contributors.{own}.home_support"))
        end = number.percent(home.mean(), OURS[1], f"{MEAN} where people go", option=c.focus)
        key = "people.home" if abs(end.value - at.value) > SAME else "people.home_same"
        asked.append(c.say(key, span=c.span, start=at, end=end))
    early = number.chance(left.mean(), OURS[2], "share of runs where people go", option=c.focus)
    months = number.count(c.scenario.mandate.duration.best, number.parameter("mandate.duration"))
    asked.append(c.say("people.exit", months=months, chance=c.odds(early)))
    return Answer((Bullets(tuple(asked)),))


def _tasks(c: Context) -> list[Text]:
    """What its own people may do under the option in focus, and what not, of the tasks that are asked of the force."""
    scenario, tasks, said = c.result.scenarios[c.focus], dict[str, set[str]](), list[Text]()
    for need in scenario.requirements:
        own = [(permitted(scenario, pledge, need.sector, need.task), pledge.unit) for pledge in scenario.own]
        barred = {"no"} if {answer for answer, _ in own} == {"no"} else set[str]()
        tasks.setdefault(need.task, set()).update({answer for answer, unit in own if unit == need.unit} or barred)
    for key, which in (("may", {"yes"}), ("asked", {"ask"}), ("may_not", {"no"})):  # the most that is allowed anywhere
        names = [task for task, answers in tasks.items() if {max(answers, key=RANKS.index, default="")} == which]
        if names:
            labels = joined((c.named(scenario.mandate.tasks[task].label) for task in names), "; ")
            said.append(c.say(f"people.{key}", tasks=labels))
    return said


def _harmed(c: Context, states: dict[str, xr.DataArray]) -> list[Block]:
    """People harmed are counts with ranges, by what becomes of a cease-fire; nothing is said of what they are worth."""
    weekly, words = c.result.tables["weekly"], {"option": c.option(c.focus)}
    totals = {n: weekly[n].sel({OPTION: c.focus}).sum(WEEK).transpose(RUN) for n in KILLED if n in weekly}

    def parts(at: np.ndarray, **where: str) -> Text:
        told = []
        for name, total in totals.items():
            n, interval = c.ranged(f"mission.{_told(name)}", total[at], option=c.focus, **where)
            told.append(c.say(f"ground.killed_{name}", n=n, range=interval))
        return joined(told, "; ")

    split = branches(states["ceasefire_came"].to_numpy(), states["ceasefire_fell"].to_numpy()) if states else {}
    if not split:
        every = parts(np.ones(c.result.question.sample, bool))
        return [Paragraph(c.more(c.say("ground.harmed", parts=every, **words), "ground"))]
    lines = []
    for name, runs in split.items():
        share = number.percent(float(runs.mean()), "mission.ceasefire_falls", f"share: {name}", option=c.focus)
        key = "ground.if_comes_and_holds" if name == "holds" and not _since(c) else f"ground.if_{name}"
        lines.append(c.say(key, share=share, parts=parts(runs, ceasefire=name)))
    return [Paragraph(c.more(c.say("ground.harmed_by_truce", **words), "ground")), Bullets(tuple(lines))]


def _leaving(c: Context) -> Text:
    """Who takes its people home before the end, as chances."""
    left = c.result.tables["contributors"]["withdrew"].sel({OPTION: c.focus}).fillna(0.0)
    anyone = c.chance("mission.any_withdrawal", (left > 0).any(CONTRIBUTOR).astype(float), option=c.focus)
    own = c.scenario.contributor
    if not (bool(c.sent(c.focus).any()) and own in left[CONTRIBUTOR].values):
        return c.say("ground.any_leaves", any=anyone)
    chance = c.chance("mission.withdrawal", left.sel({CONTRIBUTOR: own}), option=c.focus)
    return c.say("ground.leaves", who=c.named(c.scenario.contributors[own].label), chance=chance, any=anyone)


def points(c: Context, name: str, option: str) -> xr.DataArray:
    """A weekly series every `STEP` weeks and in the last, (run, week): states as they are, counts summed up so far."""
    series = c.result.tables["weekly"][name].sel({OPTION: option}).astype(float)
    if name in SO_FAR:
        series = series.cumsum(WEEK)
    elif name == "trucks_delivered":
        series = series / 7
    last = series.sizes[WEEK]
    return series.isel({WEEK: [week - 1 for week in sorted({*range(STEP, last, STEP), last})]})


def fans(c: Context) -> Figure:
    """Median and 90 % interval of up to four measures over time, of those that are there, beside doing nothing."""
    shown = (c.focus, c.scenario.baseline)
    series = [name for name in SERIES if name in c.result.tables["weekly"]][:PANELS]
    panels = [c.word(f"ground.{name}") for name in series]
    rows, table = [], []
    for name, panel in zip(series, panels, strict=True):
        found = {o: np.quantile(points(c, name, o).transpose(RUN, WEEK), [0.05, 0.5, 0.95], axis=0) for o in shown}
        weeks = points(c, name, c.focus)[WEEK].values.tolist()
        for option in shown:
            for week, quantiles in zip(weeks, found[option].T, strict=True):
                values = zip(("low", "median", "high"), (float(f"{value:.4g}") for value in quantiles), strict=True)
                rows.append({"measure": panel, "option": c.label(option), "week": week, **dict(values)})
        for point, week in enumerate(weeks):
            cells = [_fan_cell(c, name, option, week, found[option][:, point]) for option in shown]
            table.append((c.say("ground.at_week", measure=panel, week=str(week)), *cells))
    read = next(name for name in SO_FAR if name in series)
    last = {option: points(c, read, option).isel({WEEK: -1}) for option in shown}
    more = [number.count(float(last[o].median()), f"mission.{_told(read)}", MEDIAN, option=o) for o in shown]
    some = [c.above(f"mission.{_told(read)}", last[o], option=o) for o in shown]
    words = {"option": c.option(shown[0]), "base": c.option(shown[1])}
    seldom = not all(each.value for each in more) and any(each.value for each in some)
    zero = (" ", *c.say("ground.fans_zero", one=some[0], two=some[1], **words)) if seldom else ()
    measured = c.word(f"ground.{read}")
    return pictured(
        "fans", c.word("ground.fans"),
        (*c.say("ground.fans_reading", measure=measured, weeks=c.weeks, one=more[0], two=more[1], **words), *zero),
        c.source(*(f"mission.{_told(name)}" for name in series)),
        chart("fan", rows, x=c.word("ground.weeks", date=c.day(c.scenario.as_of)), options=list(map(c.label, shown)),
              panels=panels),
        (c.word("ground.measure"), *map(c.label, shown)), table,
    )  # fmt: skip


def _told(series: str) -> str:
    """The result that a weekly series is told as: whose deaths are meant is in its name."""
    return {"own_deaths": "force_deaths"}.get(series, series)


def _fan_cell(c: Context, name: str, option: str, week: int, quantiles: np.ndarray) -> Text:
    low, middle, high = (
        number.count(value, f"mission.{_told(name)}", how, option=option, week=week)
        for value, how in zip(quantiles, (LOW, MEDIAN, HIGH), strict=True)
    )
    return c.about(middle, low, high)


def sectors(c: Context) -> Figure:
    """Unmet need at the end of the horizon in every sector of which it is said for the start."""
    table = c.result.tables["sectors"]["need"].sel({OPTION: c.focus})
    rows, cells = [], []
    for name in map(str, table[SECTOR].values):
        sector, where = c.scenario.theatre.sectors[name], {"option": c.focus, "sector": name}
        if sector.need is None:
            continue
        middle, low, high = c.spread("mission.need", table.sel({SECTOR: name}), number.percent, **where)
        start = number.percent(sector.need.best, number.parameter(f"theatre.sectors.{name}.need"))
        at = {"value": middle.value, "low": low.value, "high": high.value, "start": start.value}
        rows.append({"row": sector.label, **at})
        cells.append((c.named(sector.label), (start,), (middle,), c.to(low, high)))
    worst = max(range(len(rows)), key=lambda index: rows[index]["value"])
    return pictured(
        "sectors", c.word("ground.sectors"),
        c.say("ground.sectors_reading", sector=cells[worst][0], need=cells[worst][2], start=cells[worst][1]),
        c.source("mission.need"),
        chart("interval", rows, x=c.word("ground.need_axis"), share=True,
              words=[c.word("ground.at_start"), c.word("ground.at_end")]),
        c.columns("ground", "sector", "at_start", "at_end", "interval"), cells,
    )  # fmt: skip
