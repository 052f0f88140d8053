"""How well weekly deaths are forecast 1, 4 and 12 weeks ahead, beside three simple forecasts.

Rolling origin: each forecast sees only the weeks before it. Ours pools discounted climatologies, whose
weights fall by half every 2 to 32 weeks, with a drifting negative binomial, by how each has done
so far in the same series (exponential weights: Cesa-Bianchi & Lugosi 2006, ch. 2); how fast memory fades
is what a cease-fire changes, and is learned rather than set.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

from contingent.errors import DataError
from contingent.mission.tables import dates, numbers, table
from contingent.scoring import Score, Scorecard, backtest_task, cluster_bootstrap, crps_sample, sha256_of

HORIZONS = (1, 4, 12)
HALF_LIVES = (2.0, 4.0, 8.0, 16.0, 32.0)  # weeks
LEARNING = 2.0  # how sharply the pool prefers what has done well, per mean loss (judgement)
SEEN = 3  # weeks an expert must have seen to have an opinion
FIRST = 6  # weeks that must have been seen before a forecast is made
LEVELS = (np.arange(200) + 0.5) / 200
BLOCK = 4  # weeks resampled together in the intervals, because neighbouring forecasts share their luck
COLUMN = "killed"


@backtest_task(data="gaza/deaths_daily*.csv")
def truce(data: Path) -> Scorecard:
    """The backtest task `truce` on a daily file with columns report_date and killed.

    Raises:
        DataError: another layout, a date or a count that is none, or too few weeks.
    """
    path, frame = table(data, "deaths_daily*.csv", ("report_date", COLUMN))
    weekly = by_week(path, frame)
    if len(weekly) < FIRST + 2:
        raise DataError(f"{path}: {len(weekly)} whole weeks; at least {FIRST + 2} are needed")
    scores: dict[str, Score] = {}
    baselines: dict[str, dict[str, Score]] = {"last_value": {}, "climatology": {}, "negative_binomial": {}}
    count = 0
    opinions = [np.stack(experts(weekly[:t])) if t >= SEEN else np.empty((0, 0)) for t in range(len(weekly) + 1)]
    for horizon in HORIZONS:
        origins = range(FIRST, len(weekly) - horizon + 1)
        if not len(origins):
            continue
        count += len(origins)
        observed = np.array([weekly[t + horizon - 1] for t in origins])
        blocks = np.arange(len(origins)) // BLOCK
        rows = {
            "ours": np.stack([pooled(weekly, opinions, t, horizon) for t in origins]),
            "last_value": np.stack([last_value(weekly[:t]) for t in origins]),
            "climatology": np.stack([np.quantile(weekly[:t], LEVELS) for t in origins]),
            "negative_binomial": np.stack([fitted_negative_binomial(weekly[:t]) for t in origins]),
        }
        for name, draws in rows.items():
            score = cluster_bootstrap(crps_sample(draws, observed), blocks)
            (scores if name == "ours" else baselines[name])[f"crps_{horizon}"] = score
    return Scorecard(
        "truce", sha256_of(path), "each forecast sees only the weeks before it", count, scores, baselines,
        (f"deaths reported a week ({COLUMN}), late additions included in the week they are reported",),
    )  # fmt: skip


def by_week(path: Path, frame: Any) -> NDArray[np.float64]:
    """Deaths by whole weeks from the first day on; days without a report count nothing.

    Raises:
        DataError: a date that is none, or a count that is none.
    """
    day = dates(path, frame, "report_date")
    killed = numbers(path, frame, COLUMN).fillna(0.0).to_numpy()
    since = (day - day.min()).dt.days.to_numpy()
    weeks = (since.max() + 1) // 7
    return np.bincount(since // 7, weights=killed, minlength=weeks)[:weeks].astype(float)


def last_value(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Next will be as last, with the spread of past changes from week to week (on the log scale)."""
    steps = np.diff(np.log1p(seen))
    both = np.concatenate([steps, -steps])
    return np.expm1(np.log1p(seen[-1]) + np.quantile(both, LEVELS)).clip(0)


def fitted_negative_binomial(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """One negative binomial with the mean and variance of all weeks seen."""
    mean, variance = max(seen.mean(), 0.1), seen.var(ddof=1)
    return negative_binomial(mean, mean**2 / max(variance - mean, 0.05 * mean))


def negative_binomial(mean: float, shape: float) -> NDArray[np.float64]:
    """Its quantiles at LEVELS."""
    shape = float(np.clip(shape, 0.1, 100))
    return nbinom.ppf(LEVELS, shape, shape / (shape + mean))


def experts(seen: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Every forecast in the pool, as quantiles at LEVELS."""
    age = np.arange(len(seen))[::-1]
    order = np.argsort(seen)
    found = []
    for half_life in HALF_LIVES:
        weight = 0.5 ** (age / half_life)
        at = np.cumsum(weight[order]) - weight[order] / 2
        found.append(np.interp(LEVELS, at / weight.sum(), seen[order]))
        mean = float((weight * seen).sum() / weight.sum())
        variance = float((weight * (seen - mean) ** 2).sum() / weight.sum())
        found.append(negative_binomial(max(mean, 0.1), mean**2 / max(variance - mean, 0.05 * mean + 1e-9)))
    return found


def pooled(weekly: NDArray, opinions: list[NDArray], now: int, horizon: int) -> NDArray[np.float64]:
    """Our forecast `horizon` weeks ahead of week `now`: quantiles of the experts, averaged by their record so far.

    `opinions[t]` (expert, level) saw the weeks before t only, and so does this forecast those before `now`.
    """
    losses, rounds = np.zeros(2 * len(HALF_LIVES)), 0
    for t in range(SEEN, now - horizon + 1):
        losses += crps_sample(opinions[t], np.full(len(losses), weekly[t + horizon - 1]))
        rounds += 1
    mean = losses / max(rounds, 1)
    weight = np.exp(-LEARNING * np.sqrt(max(rounds, 1)) * (mean - mean.min()) / max(mean.mean(), 1e-9))
    return np.average(opinions[now], axis=0, weights=weight)
