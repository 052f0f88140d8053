"""How well are weekly deaths by fire from outside forecast within a truce, beside simple forecasts?

Rolling origin. On every day on which a whole week of a truce begins, equation 3 is fitted to what was known on that day
(`calibration.ceasefires`), rounded and drawn as a theatre ships it, and the compiled function that the simulation calls
forecasts the weeks ahead. A week is scored if the truce still held and reports cover it all. Where the truces begin and
end is read from `ceasefires.csv` (start, fell) beside the daily file, or from the shipped case with truces in its time.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import nbinom, qmc

from contingent.errors import DataError
from contingent.mission.backtests import judged, scored
from contingent.mission.calibration.ceasefires import DAILY, HOURS, ONE_DAY, Truce, by_day, by_week, outside, spells
from contingent.mission.calibration.posterior import beliefs
from contingent.mission.eq02_violence import expected_outside_deaths
from contingent.quantities import Estimate
from contingent.scenario.read import read, shipped
from contingent.scenario.theatre import Ceasefire
from contingent.scoring import Scorecard, Scores, backtest_task, sha256_of
from contingent.scoring.tables import DAY, table

HORIZONS = (1, 4, 12, 26, 42)
FIRST = 3  # whole weeks of truces that must have been seen before a forecast is made
DRAWS = 512
LEVELS = (np.arange(200) + 0.5) / 200
LAST = 8  # weeks of conflictology: those just before, whatever they were
BLOCK = 4  # weeks resampled together in the intervals, because neighbouring forecasts share their luck


@backtest_task(data="gaza/deaths_daily*.csv")
def truce(data: Path) -> Scorecard:
    """The backtest task `truce` on a daily file with columns report_date, killed_truce_new and maybe report_period.

    Raises:
        DataError: another layout, a date or a count that is none, or no week of a truce to forecast.
    """
    path, frame = table(data, "deaths_daily*.csv", DAILY, HOURS)
    daily = by_day(frame)
    known = ceasefires(path, daily)
    cases: dict[int, list[dict[str, float]]] = {}
    for start, end, fighting in spells(known, daily.index[-1].date()):
        if not fighting:
            forecast(path, daily, known, start, end, cases)
    if not cases:
        raise DataError(f"{path}: no whole week of a truce with {FIRST} such weeks before it")
    scores: Scores = {}
    beside: dict[str, Scores] = {}
    for horizon, rows in sorted(cases.items()):
        scores |= scored(horizon, rows, [row.pop("week") // BLOCK for row in rows], beside)
    counts = ", ".join(f"{len(rows)} at {horizon}" for horizon, rows in sorted(cases.items()))
    note = f"new deaths a week, reports spread over their days, weeks in which the truce held; by weeks ahead: {counts}"
    return Scorecard(
        "truce", sha256_of(path), "each forecast sees only the days before it", sum(map(len, cases.values())), scores,
        beside, (note,),
    )  # fmt: skip


def forecast(
    path: Path, daily: Any, known: tuple[Ceasefire, ...], start: date, end: date, cases: dict[int, list[dict]]
) -> None:
    """Score every forecast made within one truce; adds to `cases`, by horizon."""
    weeks = by_week(daily, start, end)
    whole = {number: deaths for deaths, share, number in weeks if share == 1}
    for origin in range(max(whole, default=-1) + 1):
        day = start + timedelta(weeks=origin) - ONE_DAY  # the last day known
        seen = seen_on(path, daily, known, day)
        if seen is None or (seen.exposure == 1).sum() < FIRST:
            continue
        ahead = [h for h in HORIZONS if origin + h - 1 in whole]
        believed, others = (beliefs(seen), baselines(daily, known, seen, day)) if ahead else ({}, {})
        for h in ahead:
            row = judged(shipped_forecast(believed, origin, h), others, whole[origin + h - 1])
            since = (start - daily.index[0].date()).days // 7
            cases.setdefault(h, []).append(row | {"week": since + origin + h})


def seen_on(path: Path, daily: Any, known: tuple[Ceasefire, ...], day: date) -> Truce | None:
    """The truce weeks known on a day, as one who did not know when the truce would fall; None if there are none."""
    past = daily[: pd.Timestamp(day)]
    begun = [c for c in known if c.start is not None and c.start <= day]
    so_far = tuple(c.model_copy(update={"fell": c.fell if c.fell and c.fell <= day else None}) for c in begun)
    try:
        return outside(path, past, so_far, day)[0]
    except DataError:
        return None


def shipped_forecast(believed: dict[str, Estimate], age: float, ahead: int) -> NDArray[np.float64]:
    """Draws of the deaths `ahead` weeks from a day on which the truce is `age` weeks old: equation 3 as it is compiled.

    Parameters are drawn apart from their medians and intervals, and the count by inversion, as in the simulation.
    """
    u = qmc.Sobol(4, rng=1).random(DRAWS)
    names = ("outside_rate", "outside_decay", "outside_dispersion")
    rate, decay, shape = (believed[name].quantile(u[:, j]) for j, name in enumerate(names))
    log_age = float(np.log((age + ahead) / (1 + age)))  # of the week's first day, `ahead` - 1 weeks on
    each = zip(rate, decay, strict=True)
    mean = np.array([expected_outside_deaths(r, 0.0, 0.0, 1.0, log_age, d, 0.0) for r, d in each])
    return nbinom.ppf(u[:, 3], shape, shape / (shape + mean))


def baselines(daily: Any, known: tuple[Ceasefire, ...], seen: Truce, day: date) -> dict[str, NDArray[np.float64]]:
    """Simple forecasts from what was known on a day: draws by name."""
    first = daily.index[0].date()
    every = np.array([
        deaths / share for start, end, _ in spells(known, day) or [(first, day, False)]
        for deaths, share, _ in by_week(daily, start, min(end, day)) if share == 1
    ])  # fmt: skip
    held = (seen.deaths / seen.exposure)[seen.exposure == 1]
    return {
        "resampled_truce_weeks": held, "conflictology_8_weeks": last_weeks(daily, day), "last_value": last_value(held),
        "negative_binomial": fitted_negative_binomial(held), "climatology": every if len(every) else held,
    }  # fmt: skip


def last_weeks(daily: Any, day: date) -> NDArray[np.float64]:
    """The deaths of each of the LAST weeks up to a day, of whatever kind; days that no report covers count nothing."""
    past = daily[: pd.Timestamp(day)].fillna(0).to_numpy()[-7 * LAST :]
    return past[len(past) % 7 :].reshape(-1, 7).sum(axis=1)


def last_value(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Next will be as last, with the spread of past changes from week to week (on the log scale)."""
    steps = np.diff(np.log1p(seen))
    both = np.concatenate([steps, -steps])
    return np.expm1(np.log1p(seen[-1]) + np.quantile(both, LEVELS)).clip(0)


def fitted_negative_binomial(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of one negative binomial with the mean and variance of all weeks seen."""
    mean, variance = max(seen.mean(), 0.1), seen.var(ddof=1)
    shape = float(np.clip(mean**2 / max(variance - mean, 0.05 * mean), 0.1, 100))
    return nbinom.ppf(LEVELS, shape, shape / (shape + mean))


def ceasefires(path: Path, daily: Any) -> tuple[Ceasefire, ...]:
    """The truces of the place: `ceasefires.csv` beside the file, or of the shipped case with one in its time."""
    if (beside := path.parent / "ceasefires.csv").is_file():
        _, frame = table(beside, "", {"start": replace(DAY, empty=None), "fell": DAY})
        pairs = zip(frame["start"], frame["fell"], strict=True)
        return tuple(Ceasefire(start=a.date(), fell=None if pd.isna(b) else b.date()) for a, b in pairs)
    first, last = daily.index[0].date(), daily.index[-1].date()
    for name in sorted(shipped()):
        dated = tuple(c for c in read(name).theatre.ceasefires if c.start is not None and c.start <= last)
        if any(c.fell is None or c.fell >= first for c in dated):
            return dated
    raise DataError(f"{path}: no truce is known between {first} and {last}; put them in ceasefires.csv beside it")
