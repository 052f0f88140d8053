"""How far to trust this?"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import betaincinv

from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Answer, Block, Box, Bullets, Figure, Paragraph, Text, pictured
from contingent.brief.figures import chart
from contingent.precedents.backtest import joining, leaving_out
from contingent.precedents.cases import Query, asked, known, shipped_cases
from contingent.precedents.forecast import Forecast, forecast

GROUPS = 5  # of equal count, by what was forecast
Kind = Literal["warning", "dissent"]
SAID = {"unmodelled": 3, "dissent": 2}  # remarks in the brief proper, the largest first; the annex has them all


def trust(context: Context) -> Answer:
    """What past decisions say, what the model leaves out, and who disagrees."""
    c = context
    alike, score, scenario = classes(c, past(c)), calibrated(c), c.result.scenario
    more, boxes = list[Block]((alike, score)), list[Block]()
    remarks = {"unmodelled": scenario.unmodelled, "dissent": scenario.dissent}
    kinds: tuple[tuple[str, Kind], ...] = (("unmodelled", "warning"), ("dissent", "dissent"))
    for name, kind in kinds:
        items: list[Text] = [c.named(remark.says) for remark in remarks[name]]
        if not items:
            continue
        boxes.append(Box(kind, c.word(f"trust.{name}"), (Bullets(tuple(items[: SAID[name]])),)))
        if len(items) > SAID[name]:
            more.append(Box(kind, c.word(f"trust.{name}"), (Bullets(tuple(items[SAID[name] :])),)))
    half = scenario.theatre.carries_goods or any(each.need is not None for each in scenario.theatre.sectors.values())
    if half and "aid" not in scenario.parts:
        boxes.append(
            Paragraph(c.say("trust.no_need" if scenario.theatre.carries_goods else "trust.no_crossings"), "note")
        )
    said = (c.more(score.reading, "trust"), c.more(alike.reading, "trust"), c.say("trust.answer", error=_error(c)))
    return Answer((*boxes, *(Paragraph(text) for text in said)), tuple(more))


def past(c: Context) -> Forecast:
    """What the record of past decisions says about the option in focus."""
    scenario = c.result.scenarios[c.focus]
    codes = scenario.alike.model_dump(exclude={"claims", "assumption"})
    fields = {name: codes[name] for name in Query.__dataclass_fields__ if name in codes}
    query = Query(**{**fields, "iso3": scenario.contributor})
    return forecast(query, scenario.as_of)


def classes(c: Context, record: Forecast) -> Figure:
    """How often countries joined in cases of the same kind, from the widest class to the narrowest."""
    rows, cells = [], []
    for rate in record.classes:
        where = number.Trace("precedent", "precedents.rates", "share that joined", (("class", rate.label),))
        share = number.percent(rate.shrunk, where)
        low, high = number.percent(rate.low, where), number.percent(rate.high, where)
        count = number.exact(rate.n, where)
        rows.append({"row": f"{rate.label} (n={rate.n})", "value": rate.shrunk, "low": rate.low, "high": rate.high})
        cells.append(((rate.label,), (count,), (share,), c.say("words.to", low=low, high=high)))
    own = c.shares("consultation.passes", c.passes(c.focus), option=c.focus)[0]
    said = number.percent(
        record.probability, number.Trace("precedent", "precedents.forecast", "regression and classes")
    )
    return pictured(
        "record", c.word("trust.record"), c.say("trust.record_reading", said=said, own=own, option=c.option(c.focus)),
        c.say("trust.record_source", n=number.exact(record.n, number.Trace("precedent", "precedents.cases", "count"))),
        chart("interval", rows, x=c.word("trust.record_axis"), share=True),
        tuple(c.word(f"trust.{key}") for key in ("kind", "cases", "joined", "interval")), tuple(cells),
    )  # fmt: skip


def calibrated(c: Context) -> Figure:
    """How often it happened beside how likely it was said to be, on past decisions not seen before."""
    track = track_record(c.result.scenario.as_of)
    rows, cells = [], []
    for index, group in enumerate(track.groups):
        where = number.Trace("precedent", "precedents.calibration", "share", (("group", str(index + 1)),))
        said, happened, low, high = (
            number.percent(value, where) for value in (group.said, group.happened, group.low, group.high)
        )
        count = number.exact(group.cases, where)
        rows.append(
            {"said": group.said, "happened": group.happened, "low": group.low, "high": group.high,
             "cases": group.cases, "label": ""}
        )  # fmt: skip
        cells.append(((said,), (happened,), c.say("words.to", low=low, high=high), (count,)))
    score = number.Trace("precedent", "precedents.brier", "every country left out in turn")
    return pictured(
        "calibration", c.word("trust.calibration"),
        c.say("trust.calibration_reading", ours=number.decimal(track.brier, score),
              base=number.decimal(track.base_brier, score), n=number.exact(track.cases, score)),
        c.say("trust.record_source", n=number.exact(track.cases, score)),
        chart("calibration", rows, x=c.word("trust.said"), y=c.word("trust.happened")),
        tuple(c.word(f"trust.{key}") for key in ("said", "happened", "interval", "cases")), tuple(cells),
        numeric=(0, 1, 2, 3),
    )  # fmt: skip


def _error(c: Context) -> number.Number:
    """The Monte Carlo standard error of the headline, in percentage points."""
    values = c.passes(c.focus).to_numpy()
    error = float(values.std(ddof=1) / len(values) ** 0.5)
    return number.decimal(
        100 * error, "consultation.passes", "Monte Carlo standard error, points", option=c.focus, places=1
    )


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


@lru_cache(maxsize=4)
def track_record(as_of: date) -> Track:
    """The record of past decisions known on a day, every country forecast from all others."""
    cases = asked(known(shipped_cases(), as_of))
    joined = np.array([case.joined for case in cases], dtype=float)
    ours, theirs = joining(cases, leaving_out(cases, cases, lambda case: case.query.iso3))
    groups = []
    for part in np.array_split(np.argsort(ours, kind="stable"), GROUPS):
        k, n = float(joined[part].sum()), len(part)
        low, high = (float(q) for q in betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95]))
        groups.append(Group(float(ours[part].mean()), k / n, low, high, n))
    return Track(
        float(((ours - joined) ** 2).mean()), float(((theirs - joined) ** 2).mean()), len(cases), tuple(groups)
    )
