"""Whether an ended conflict is back within two years: the hazard of equation 11, beside a regression and the base rate.

The forecast is made when an episode counts as ended: after a whole calm calendar year. The compiled hazard that the
simulation calls is summed from then to the end of the two years, with its priors as they ship (`brier`: those rest on
the same family of data, so this is no unseen score), and with its rate estimated anew from the episodes that were
decided before the decade (`brier_before`). The level of violence is the host states' deaths in the six months after the
end, and the threshold's where it is not known.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from contingent.errors import DataError
from contingent.mission.eq04_attacks import WEEKS_A_YEAR, danger
from contingent.mission.eq08_politics import ENDED_DEATHS, collapse_hazard
from contingent.mission.parameters import priors
from contingent.mission.tables import after_the_end
from contingent.precedents.regression import fit_as_they_are
from contingent.scoring import Score, Scorecard, backtest_task, of_chances, sha256_of
from contingent.scoring.tables import COUNT, DAY, TEXT, YEAR, table

COLUMNS = {"conflict_id": TEXT, "outcome_label": TEXT, "firstyear": YEAR, "lastyear": YEAR, "epi": COUNT,
           "maxint": COUNT, "type": COUNT, "gap_years": COUNT}  # fmt: skip
ENDINGS = ("low activity", "ceasefire", "peace agreement", "gov/side A victory", "rebel/side B victory")
WINDOW = 2  # years
CALM = 1.2  # years from an end to the first of January by which a whole calendar year was calm, where no day is given
FIRST, STEP = 1980, 10  # the first decade forecast, and the width of each test (years)
PENALTY = 0.3  # inverse strength of the ridge on standardized covariates (judgement)
DRAWS = 256


@backtest_task(data="recurrence")
def relapse(data: Path) -> Scorecard:
    """The backtest task `relapse` on a table with the layout of `episode_recurrence.csv`.

    An episode counts if its two years lie within the years the table covers.

    Raises:
        DataError: another layout, or too few episodes to learn from.
    """
    path, frame = table(data, "episode_recurrence*.csv", COLUMNS, {"end": DAY})
    known = frame[frame["lastyear"] + WINDOW <= frame["lastyear"].max()].reset_index(drop=True)
    back = (known["gap_years"].fillna(np.inf) <= WINDOW).to_numpy(float)
    last = known["lastyear"].to_numpy()
    x = covariates(known)
    hazard = summed_hazards(after_the_end(path.parent, known), calm_years(known))
    found: dict[str, list[NDArray]] = {}
    tested = []
    for start in range(FIRST, int(last.max()) + 1, STEP):
        past = np.flatnonzero(last + WINDOW < start)
        now = np.flatnonzero((last >= start) & (last < start + STEP))
        if len(now) and len(past) >= 30 and 0 < back[past].sum() < len(past):
            for name, said in {
                "ours": chance(hazard[now]), "before": chance(hazard[now] * rate_of(hazard[past], back[past])),
                "regression": fit_as_they_are(x[past], back[past], 1 / PENALTY).probability(x[now]),
                "base_rate": np.full(len(now), back[past].mean()),
            }.items():  # fmt: skip
                found.setdefault(name, []).append(said)
            tested.append(now)
    if not tested:
        raise DataError(f"{path}: no decade has 30 episodes before it to learn from")
    rows = np.concatenate(tested)
    clusters = known["conflict_id"].to_numpy()[rows]

    def of(name: str, *told: str) -> dict[str, Score]:
        scored = [of_chances(np.concatenate(found[name]), back[rows], clusters, name=each) for each in told]
        return {key: score for each in scored for key, score in each.items()}

    return Scorecard(
        "relapse", sha256_of(path), "each decade is forecast from episodes decided before it; `brier` by the shipped "
        "priors, which have seen them all", len(rows), of("ours", "{}") | of("before", "{}_before"),
        {name: of(name, "{}", "{}_before") for name in ("regression", "base_rate")},
    )  # fmt: skip


def calm_years(frame: Any) -> NDArray[np.float64]:
    """Years from each end to the day on which the episode counted as ended; (episode)."""
    counted = pd.to_datetime((frame["lastyear"] + 2).astype(str) + "-01-01")
    return ((counted - pd.to_datetime(frame["end"])).dt.days / 365.25).clip(0, WINDOW).fillna(CALM).to_numpy()


def summed_hazards(deaths: NDArray, calm: NDArray) -> NDArray[np.float64]:
    """The hazard of equation 11 without a force, from the end of `calm` years to that of the window; (episode, draw).

    `deaths` a year after the end by episode, not-a-number where not known.
    """
    u = qmc.Sobol(4, rng=1).random(DRAWS)
    names = ("collapse_rate", "collapse_decay", "collapse_age", "collapse_threat")
    drawn = [priors()[name].estimate.quantile(u[:, j]) for j, name in enumerate(names)]
    level = [danger(d / WEEKS_A_YEAR) for d in np.where(np.isfinite(deaths), deaths, ENDED_DEATHS)]
    weeks = (calm + WINDOW) / 2 * WEEKS_A_YEAR
    each = [
        [collapse_hazard(r, float(np.log1p(w / t)), d, v, c, 0.0) for r, d, t, c in zip(*drawn, strict=True)]
        for v, w in zip(level, weeks, strict=True)
    ]
    return np.array(each) * (WINDOW - calm)[:, None] * WEEKS_A_YEAR


def chance(hazard: NDArray) -> NDArray[np.float64]:
    """Of being back, by episode, over the draws."""
    return 1 - np.exp(-hazard).mean(axis=1)


def rate_of(hazard: NDArray, back: NDArray) -> float:
    """What to multiply the hazard by so that as many episodes were back as were; by bisection on its logarithm."""
    low, high = -8.0, 8.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(hazard * np.exp(middle)).sum() < back.sum() else (low, middle)
    return float(np.exp((low + high) / 2))


def covariates(frame: Any) -> NDArray[np.float64]:
    """What is known when the episode ends, standardized over the table's fixed scales; (episode, covariate)."""
    columns = [frame["outcome_label"] == ending for ending in ENDINGS]
    columns += [frame["maxint"] == 2, np.log1p(frame["lastyear"] - frame["firstyear"]), np.log(frame["epi"].clip(1))]
    return np.stack([*columns, frame["type"] == 3], axis=1).astype(float)
