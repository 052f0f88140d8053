"""What happens on the ground?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.context import HIGH, LOW, MEDIAN, Context
from contingent.brief.document.blocks import Answer, Figure, Paragraph, Table, Text
from contingent.brief.figures import chart
from contingent.labels import CRITERION, OPTION, RUN, SECTOR, WEEK

SERIES = ("events", "weapons_collected", "trucks_delivered", "own_deaths")
STEP = 8  # weeks between the points of a chart
EVERY = 3  # points between the rows of the data table; the download has every point


def ground(context: Context) -> Answer:
    """The truce, people harmed as counts, unmet need by sector; behind them, four measures over time."""
    c = context
    said = (Paragraph(c.more(_answer(c), "ground")), Paragraph(c.more(_harmed(c), "ground")))
    return Answer((*said, sectors(c)), (fans(c),))


def _answer(c: Context) -> Text:
    averted = [
        name for name, criterion in c.result.scenario.criteria.items() if criterion.measure == "mission.need_averted"
    ]
    falls = 1 - c.result.tables["weekly"]["ceasefire"].sel({OPTION: c.focus}).min(WEEK)
    chance = c.chance("mission.ceasefire_falls", falls, option=c.focus)
    words = {"option": c.option(c.focus), "chance": chance, "weeks": c.weeks}
    if not averted:
        return c.say("ground.ceasefire", **words)
    change = c.result.performance.sel({OPTION: c.focus, CRITERION: averted[0]})
    need = c.spread("mission.need_averted", change, option=c.focus)
    said = c.say(
        "ground.answer", **words, need=need[0], low=need[1], high=need[2],
        base=c.option(c.result.scenario.baseline),
    )  # fmt: skip
    return said if need[0].value or need[1].value == need[2].value else (*said, " ", *_unchanged(c, change))


def _unchanged(c: Context, change: xr.DataArray) -> Text:
    """Why the median of need averted is 0: in how many runs it falls, rises or stays, and nobody is there."""
    shares = {
        "less": ("above 0", change > 0), "more": ("below 0", change < 0), "none": ("at 0", change == 0),
        "unsent": ("at 0 in which nobody is sent", (change == 0) & ~c.sent(c.focus)),
    }  # fmt: skip
    return c.say("ground.need_zero", **{
        key: number.percent(
            float(runs.mean()), number.result("mission.need_averted", f"share of runs {how}", option=c.focus)
        )
        for key, (how, runs) in shares.items()
    })  # fmt: skip


def _harmed(c: Context) -> Text:
    """People harmed are counts with ranges; nothing is said of what they are worth."""
    parts = {}
    for name in ("civilian_deaths", "outside_deaths", "own_deaths"):
        total = c.result.tables["weekly"][name].sel({OPTION: c.focus}).sum(WEEK)
        parts[name], parts[f"{name}_range"] = c.ranged(f"mission.{name}", total, option=c.focus)
    return c.say("ground.harmed", option=c.option(c.focus), **parts)


def points(c: Context, name: str, option: str) -> xr.DataArray:
    """A weekly series every `STEP` weeks and in the last, (run, week): states as they are, counts summed up so far."""
    series = c.result.tables["weekly"][name].sel({OPTION: option}).astype(float)
    if name in ("weapons_collected", "own_deaths"):
        series = series.cumsum(WEEK)
    elif name == "trucks_delivered":
        series = series / 7
    last = series.sizes[WEEK]
    return series.isel({WEEK: [week - 1 for week in sorted({*range(STEP, last, STEP), last})]})


def fans(c: Context) -> Figure:
    """Median and 90 % interval of four measures over time, beside doing nothing."""
    shown = (c.focus, c.result.scenario.baseline)
    panels = [c.word(f"ground.{name}") for name in SERIES]
    rows, table = [], []
    for name, panel in zip(SERIES, panels, strict=True):
        found = {o: np.quantile(points(c, name, o).transpose(RUN, WEEK), [0.05, 0.5, 0.95], axis=0) for o in shown}
        weeks = points(c, name, c.focus)[WEEK].values.tolist()
        for option in shown:
            for week, (low, median, high) in zip(weeks, found[option].T, strict=True):
                rows.append(
                    {"measure": panel, "option": c.label(option), "week": week, "low": _short(low),
                     "median": _short(median), "high": _short(high)}
                )  # fmt: skip
        for point, week in enumerate(weeks):
            if (point + 1) % EVERY == 0:
                cells = [_fan_cell(c, name, option, week, found[option][:, point]) for option in shown]
                table.append((c.say("ground.at_week", measure=panel, week=str(week)), *cells))
    last = {option: points(c, "weapons_collected", option).isel({WEEK: -1}) for option in shown}
    more = [
        number.count(float(last[o].median()), number.result("mission.weapons_collected", MEDIAN, option=o))
        for o in shown
    ]
    some = [c.above("mission.weapons_collected", last[o], option=o) for o in shown]
    words = {"option": c.option(shown[0]), "base": c.option(shown[1])}
    seldom = not all(each.value for each in more) and any(each.value for each in some)
    zero = (" ", *c.say("ground.weapons_zero", one=some[0], two=some[1], **words)) if seldom else ()
    return Figure(
        "fans",
        c.word("ground.fans"),
        (*c.say("ground.fans_reading", weeks=c.weeks, one=more[0], two=more[1], **words), *zero),
        c.source(*(number.result(f"mission.{name}", "") for name in SERIES)),
        chart("fan", rows, x=c.word("ground.weeks", date=c.first_day), options=[*map(c.label, shown)], panels=panels),
        Table(c.word("ground.fans"), (c.word("ground.measure"), *(c.label(option) for option in shown)), tuple(table),
              numeric=(1, 2)),
        series=True,
    )  # fmt: skip


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _fan_cell(c: Context, name: str, option: str, week: int, quantiles: np.ndarray) -> Text:
    low, middle, high = (
        number.count(float(value), number.result(f"mission.{name}", how, option=option, week=week))
        for value, how in zip(quantiles, (LOW, MEDIAN, HIGH), strict=True)
    )
    return (middle, " (", *c.say("words.to", low=low, high=high), ")")


def sectors(c: Context) -> Figure:
    """Unmet need in every sector at the end of the horizon."""
    table, theatre = c.result.tables["sectors"]["need"].sel({OPTION: c.focus}), c.result.scenario.theatre.sectors
    rows, cells = [], []
    for sector in (str(name) for name in table[SECTOR].values):
        middle, low, high = c.spread(
            "mission.need", table.sel({SECTOR: sector}), number.percent, option=c.focus, sector=sector
        )
        start = number.percent(theatre[sector].need.best, number.parameter(f"theatre.sectors.{sector}.need"))
        rows.append(
            {"row": theatre[sector].label, "value": middle.value, "low": low.value, "high": high.value,
             "start": start.value, "start_word": c.word("ground.at_start"), "end_word": c.word("ground.at_end")}
        )  # fmt: skip
        cells.append((c.named(theatre[sector].label), (start,), (middle,), c.say("words.to", low=low, high=high)))
    worst = max(range(len(rows)), key=lambda index: rows[index]["value"])
    return Figure(
        "sectors",
        c.word("ground.sectors"),
        c.say("ground.sectors_reading", sector=cells[worst][0], need=cells[worst][2], start=cells[worst][1]),
        c.source(number.result("mission.need", "")),
        chart("interval", rows, small=True, x=c.word("ground.need_axis"), share=True),
        Table(
            c.word("ground.sectors"),
            tuple(c.word(f"ground.{key}") for key in ("sector", "at_start", "at_end", "interval")),
            tuple(cells),
            numeric=(1, 2, 3),
        ),
        annex=c.see("ground"),
    )
