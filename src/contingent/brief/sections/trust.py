"""How far to trust this?"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy.special import betaincinv

from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Answer, Block, Box, Bullets, Figure, Paragraph, Text, joined, pictured
from contingent.brief.figures import chart
from contingent.consultation.track_record import looked_up
from contingent.precedents.forecast import Forecast
from contingent.scenario.model import Scenario
from contingent.scenario.paths import value_at
from contingent.scoring import brier
from contingent.scoring.tasks import kept
from contingent.study.what_if import second_judgements

GROUPS, FEWEST = 5, 2  # groups of equal count, by what was forecast; cases in each, at least
Kind = Literal["warning", "dissent"]
SAID = {"unmodelled": 2, "dissent": 2}  # remarks in the brief proper, the largest first; the annex has them all


def trust(context: Context) -> Answer:
    """What the model leaves out, who disagrees, and what past decisions say; behind it, their record in numbers."""
    c, scenario = context, context.scenario
    record = looked_up(c.result.scenarios[c.focus])
    alike, score, theatre = classes(c, record), calibrated(c), scenario.theatre
    more, boxes = [alike, *score], list[Block]()
    kinds: tuple[tuple[str, Kind], ...] = (("unmodelled", "warning"), ("dissent", "dissent"))
    for name, kind in kinds:
        items: list[Text] = [c.named(remark.says) for remark in getattr(scenario, name)]
        if some := items[: SAID[name]]:
            boxes.append(Box(kind, c.word(f"trust.{name}"), (Bullets(tuple(some)),)))
        judged = [
            (*said, *other)
            for place, said in enumerate(items)
            if name == "dissent" and (other := judged_otherwise(c, place))
        ]
        rest = [*judged, *items[SAID[name] :]]
        if rest:
            more.append(Box(kind, c.word(f"trust.{name}"), (Bullets(tuple(rest)),)))
    half = theatre.carries_goods or any(each.need is not None for each in theatre.sectors.values())
    if half and "aid" not in c.scenario.parts:
        boxes.append(Paragraph(c.say("trust.no_need" if theatre.carries_goods else "trust.no_crossings"), "note"))
    tested = any("brier beside base_rate" in one["clearly_won"] for one in kept() if one["task"] == "precedents")
    by = number.Trace("precedent", "precedents.forecast", "regression and classes")
    said = [
        c.more(c.say("trust.tested" if tested else "trust.not_tested"), "trust"),
        c.say("trust.past", said=number.chance(record.probability, by)),
    ]
    if not scenario.alike.country:
        said.append(c.say("trust.no_state", who=c.named(scenario.contributors[scenario.contributor].label)))
    more += [Paragraph(c.say("trust.unscored")), Paragraph(c.say("trust.answer", error=_error(c)), "note")]
    return Answer((*boxes, *(Paragraph(text) for text in said), Paragraph(c.say("trust.guide"), "note")), tuple(more))


def judged_otherwise(c: Context, place: int) -> Text:
    """What the second judgement of a dissenting view moves: what is first, how sure to pass; else nothing."""
    found = second_judgements(c.result).get(place)
    if found is None:
        return ()
    moved = {each.option: each for each in found.effects if each.measure == "consultation.passes"}[c.focus]
    ranks = {each.option: each for each in found.effects if each.measure == "appraisal.first"}
    before, after = (max(ranks, key=lambda name: getattr(ranks[name], side)) for side in ("first", "second"))
    where = {"view": str(place + 1)}
    parts = {
        name: number.percent(value, f"dissent.{of}", MEAN, option=option, **where)
        for name, of, option, value in (
            ("now", "passes", c.focus, moved.second), ("first", "first", after, ranks[after].second),
            ("then", "first", before, ranks[before].second),
        )
    }  # fmt: skip
    low, high = moved.interval
    own = c.shares("consultation.passes", c.passes(c.focus), option=c.focus)[0]
    passing = c.say("trust.read_alike" if low <= 0 <= high else "trust.read_passes", was=own, **parts)
    first = c.say(
        "trust.read_first" if before == after else "trust.read_other",
        option=c.option(before), other=c.option(after), was=c.first(before), **parts,
    )  # fmt: skip
    names = joined((_put(c, found.after.scenario, path) for path in found.changes), "; ")
    judged = c.named(c.scenario.dissent[place].judged)
    return (
        " ",
        *c.say("trust.read_so", names=names, judged=judged, option=c.option(c.focus), passing=passing, first=first),
    )


def _put(c: Context, there: Scenario, path: str) -> Text:
    """What a view puts at a path: a number beside the one that stands there, anything else by its name."""
    if path not in c.units:
        return c.named(path)
    values = [number.count(value_at(s, path).best, number.parameter(path, how))
              for s, how in ((there, "in the dissenting view"), (c.scenario, ""))]  # fmt: skip
    return c.say("trust.read_put", what=c.signal(path), value=values[0], was=values[1])


def classes(c: Context, record: Forecast) -> Figure:
    """How often countries joined in cases of the same kind, from the widest class to the narrowest."""
    rows, cells = [], []
    for rate in record.classes:
        where = number.Trace("precedent", "precedents.rates", "share that joined", (("class", rate.label),))
        share, low, high = (number.percent(value, where) for value in (rate.shrunk, rate.low, rate.high))
        rows.append({"row": f"{rate.label} (n={rate.n})", "value": rate.shrunk, "low": rate.low, "high": rate.high})
        cells.append(((rate.label,), (number.exact(rate.n, where),), (share,), c.to(low, high)))
    own = c.shares("consultation.passes", c.passes(c.focus), option=c.focus)[0]
    by = number.Trace("precedent", "precedents.forecast", "regression and classes")
    said = number.percent(record.probability, by)
    return pictured(
        "record", c.word("trust.record"), c.say("trust.record_reading", said=said, own=own, option=c.option(c.focus)),
        c.say("trust.record_source", n=number.exact(record.n, number.Trace("precedent", "precedents.cases", "count"))),
        chart("interval", rows, x=c.word("trust.record_axis"), share=True),
        c.columns("trust", "kind", "cases", "joined", "interval"), cells,
    )  # fmt: skip


def calibrated(c: Context) -> tuple[Block, ...]:
    """How often it happened beside how likely it was said to be, on past decisions; nothing where these are too few."""
    track = track_record(c.scenario.as_of)
    if not track.groups:
        return ()
    rows, cells = [], []
    for index, group in enumerate(track.groups):
        where = number.Trace("precedent", "precedents.calibration", "share", (("group", str(index + 1)),))
        row = {name: getattr(group, name) for name in ("said", "happened", "low", "high")}
        said, happened, low, high = (number.percent(value, where) for value in row.values())
        rows.append(row)
        cells.append(((said,), (happened,), c.to(low, high), (number.exact(group.cases, where),)))
    score = number.Trace("precedent", "precedents.brier", "each from the decisions before it")
    return (pictured(
        "calibration", c.word("trust.calibration"),
        c.say("trust.calibration_reading", ours=number.decimal(track.brier, score),
              base=number.decimal(track.base_brier, score), n=number.exact(track.cases, score)),
        c.say("trust.record_source", n=number.exact(track.cases, score)),
        chart("calibration", rows, x=c.word("trust.said"), y=c.word("trust.happened")),
        c.columns("trust", "said", "happened", "interval", "cases"), cells, numeric=(0, 1, 2, 3),
    ),)  # fmt: skip


def _error(c: Context) -> number.Number:
    """The Monte Carlo standard error of the headline, in percentage points."""
    how = "Monte Carlo standard error, points"
    return number.decimal(100 * c.error, "consultation.passes", how, option=c.focus, places=1)


@dataclass(frozen=True, slots=True)
class Group:
    """Cases forecast alike: the mean of what was said, the share that happened, its 90 % Jeffreys interval."""

    said: float
    happened: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class Track:
    """Brier scores of the forecasts and of the base rate on the same cases, and the groups of a calibration plot."""

    brier: float
    base_brier: float
    cases: int
    groups: tuple[Group, ...]


def track_record(as_of: date) -> Track:
    """The kept record of past decisions up to a day, each forecast from those before it alone; no groups if too few."""
    said = next(one["forecasts"] for one in kept() if one["task"] == "precedents" and "forecasts" in one)
    rows = np.array(said["month"]) < f"{as_of:%Y-%m}"
    ours, theirs, came = (np.array(said[name], float)[rows] for name in ("said", "base", "came"))
    groups = []
    for part in np.array_split(np.argsort(ours, kind="stable"), GROUPS) if len(ours) >= GROUPS * FEWEST else ():
        k, n = float(came[part].sum()), len(part)
        low, high = (float(q) for q in betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95]))
        groups.append(Group(float(ours[part].mean()), k / n, low, high, n))
    mine, base = (float(brier(each, came).sum()) / max(len(came), 1) for each in (ours, theirs))
    return Track(mine, base, len(came), tuple(groups))
