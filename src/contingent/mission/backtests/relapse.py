"""Whether an ended conflict is back within two years: a small regression beside the base rate.

Each decade is forecast from the episodes whose two years were over before it began. Covariates are
known when the episode ends: how it ended, whether it reached war, how long it lasted, how often it came
back before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from contingent.errors import DataError
from contingent.mission.tables import table
from contingent.scoring import Scorecard, backtest_task, brier, cluster_bootstrap, log_score, sha256_of

COLUMNS = ("conflict_id", "epi", "firstyear", "lastyear", "outcome_label", "maxint", "type", "gap_years", "next_year")
ENDINGS = ("low activity", "ceasefire", "peace agreement", "gov/side A victory", "rebel/side B victory")
WINDOW = 2  # years
FIRST, STEP = 1980, 10  # the first decade forecast, and the width of each test (years)
PENALTY = 0.3  # inverse strength of the ridge on standardized covariates (judgement)


@backtest_task(data="recurrence")
def relapse(data: Path) -> Scorecard:
    """The backtest task `relapse` on a table with the layout of `episode_recurrence.csv`.

    An episode counts if its two years lie within the years the table covers.

    Raises:
        DataError: another layout, or too few episodes to learn from.
    """
    path, frame = table(data, "episode_recurrence.csv", COLUMNS)
    known = frame[frame["lastyear"] + WINDOW <= frame["lastyear"].max()].reset_index(drop=True)
    back = (known["gap_years"].fillna(np.inf) <= WINDOW).to_numpy(float)
    last = known["lastyear"].to_numpy()
    x = covariates(known)
    ours, base, tested = [], [], []
    for start in range(FIRST, int(last.max()) + 1, STEP):
        past = np.flatnonzero(last + WINDOW < start)
        now = np.flatnonzero((last >= start) & (last < start + STEP))
        if len(now) and len(past) >= 30 and 0 < back[past].sum() < len(past):
            ours.append(forecast(x[past], back[past], x[now]))
            base.append(np.full(len(now), back[past].mean()))
            tested.append(now)
    if not tested:
        raise DataError(f"{path}: no decade has 30 episodes before it to learn from")
    rows = np.concatenate(tested)
    clusters = known["conflict_id"].to_numpy()[rows]
    scored = {name: np.concatenate(p) for name, p in (("ours", ours), ("base", base))}
    rules = {"brier": brier, "log_score": log_score}

    def of(name: str) -> dict:
        return {key: cluster_bootstrap(rule(scored[name], back[rows]), clusters) for key, rule in rules.items()}

    return Scorecard(
        "relapse", sha256_of(path), "each decade is forecast from episodes decided before it", len(rows),
        of("ours"), {"base_rate": of("base")},
    )  # fmt: skip


def covariates(frame: Any) -> NDArray[np.float64]:
    """What is known when the episode ends, standardized over the table's fixed scales; (episode, covariate)."""
    columns = [(frame["outcome_label"] == ending).to_numpy(float) for ending in ENDINGS]
    columns.append((frame["maxint"] == 2).to_numpy(float))
    columns.append(np.log1p(frame["lastyear"] - frame["firstyear"]).to_numpy(float))
    columns.append(np.log(frame["epi"].clip(1)).to_numpy(float))
    columns.append((frame["type"] == 3).to_numpy(float))
    return np.stack(columns, axis=1)


def forecast(past: NDArray, back: NDArray, now: NDArray) -> NDArray[np.float64]:
    """Probabilities of relapse from a ridge logistic regression."""
    return LogisticRegression(C=PENALTY, max_iter=500).fit(past, back).predict_proba(now)[:, 1]
