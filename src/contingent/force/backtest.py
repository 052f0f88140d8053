"""How well contributors and fill-up are forecast: `contingent backtest contributors` and `fill_up`.

`contributors`: missions since 2000, each forecast from missions closed 24 months before its mandate; `--data` is
`contributors_task.csv` or a folder with it. `fill_up`: every mission forecast from all others; `--data` is
`derived_fillup_since_mandate.csv` or a folder with it.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from contingent.errors import DataError
from contingent.force.candidates import MAPS, STATES, Records
from contingent.force.delivery import MONTHS, forecast, pooled, traits
from contingent.force.propensity import LABELS, rolling, rows
from contingent.scoring import Score, Scorecard, backtest_task, cluster_bootstrap, crps_weighted, log_score, sha256_of
from contingent.scoring.tables import COUNT, MONTH, TEXT, WORD, YEAR, number, table

PLAIN = ("l_tot24",)  # earlier contribution alone: the baseline of the literature
SURE = number(empty=None)
PANEL = dict.fromkeys(("c", "m"), TEXT) | {
    "t0": SURE,
    "y": number(0, 1, empty=None),
    "size": COUNT,
    **dict.fromkeys(PLAIN, SURE),
}
FILLS = {"mission": TEXT, "mandate": MONTH, **{f"m{month}": COUNT for month in MONTHS}}


def read_panel(data: Path) -> tuple[Path, pd.DataFrame]:
    """States and missions: `propensity.LABELS`, and every other column a feature.

    Raises:
        DataError: it has another layout.
    """
    return table(data, "contributors_task.csv", PANEL, others=number())


def read_fills(data: Path) -> tuple[Path, pd.DataFrame]:
    """Missions, and the share of their authorized strength that was there so many months after the mandate.

    Raises:
        DataError: it has another layout.
    """
    return table(data, "derived_fillup_since_mandate.csv", FILLS)


def read_records(data: Path) -> Records:
    """What `whom_to_ask` needs, from a folder of the four tables.

    Raises:
        DataError: a table or a column is missing.
    """
    maps = dict.fromkeys(MAPS, TEXT) | {"year": YEAR, "latitude": SURE, "longitude": SURE}
    places = dict.fromkeys(STATES, WORD) | {"loc.x": number(), "loc.y": number()}
    return Records(
        panel=read_panel(data)[1], maps=table(data, "geopko_v23_tccmap_year.csv", maps)[1],
        states=table(data, "ipi_countries_groups.csv", places)[1], fills=read_fills(data)[1],
    )  # fmt: skip


@backtest_task(data="tcc")
def contributors(data: Path) -> Scorecard:
    """The record of the task `contributors`."""
    file, panel = read_panel(data)
    out = rolling(panel)
    happened, mission = out["y"].to_numpy(int), out["m"].to_numpy()
    alone = rolling(panel.filter(items=[*LABELS, *PLAIN]), predecessors=False)["probability"].to_numpy()
    plain = rolling(panel, predecessors=False)["probability"].to_numpy()
    base = out["base"].to_numpy(float)
    ours = out["probability"].to_numpy(float)

    def scored(probability: np.ndarray) -> dict[str, Score]:
        return {
            "auc": resampled(auc, probability, happened, mission),
            "log_score": cluster_bootstrap(log_score(probability, happened), mission),
            "calibration_error": resampled(calibration, probability, happened, mission),
        }

    return Scorecard(
        task="contributors", data_sha256=sha256_of(file),
        cutoff="each mission since 2000 from missions closed 24 months before its mandate", n=len(out),
        scores=scored(ours),
        baselines={
            "without predecessor forces": scored(plain), "earlier contribution alone": scored(alone),
            "base rate": scored(base) | {"auc": Score(0.5, 0.5, 0.5)},
        },
        notes=("each predecessor force rests on the pages named in contingent.force.propensity",),
    )  # fmt: skip


def auc(probability: np.ndarray, happened: np.ndarray) -> float:
    """Chance that one who came was ranked above one who did not (doi:10.1148/radiology.143.1.7063747)."""
    from scipy.stats import rankdata

    came = happened == 1
    n, m = came.sum(), (~came).sum()
    return float((rankdata(probability)[came].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def calibration(probability: np.ndarray, happened: np.ndarray) -> float:
    """Mean distance between what was said and what happened, over ten groups of equal size."""
    groups = np.array_split(np.argsort(probability, kind="stable"), 10)
    return float(
        sum(abs(probability[g].mean() - happened[g].mean()) * len(g) for g in groups if len(g)) / len(happened)
    )


def resampled(
    score: Callable[[np.ndarray, np.ndarray], float], probability: np.ndarray, happened: np.ndarray, mission: np.ndarray
) -> Score:
    """A score that is no mean of cases, with its 90 % interval from resampled missions."""
    rng = np.random.Generator(np.random.Philox(1))
    members = [np.flatnonzero(mission == name) for name in np.unique(mission)]
    draws = []
    for _ in range(300):
        chosen = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        draws.append(score(probability[chosen], happened[chosen]))
    low, high = np.nanquantile(draws, [0.05, 0.95])
    return Score(score(probability, happened), float(low), float(high))


@backtest_task(data="tcc")
def fill_up(data: Path) -> Scorecard:
    """The record of the task `fill_up`."""
    file, past = read_fills(data)
    ours, alike, held, clusters = [], [], [], []
    like = traits(past)
    for i, mission in enumerate(past["mission"]):
        others = rows(past, past["mission"].to_numpy() != mission)
        for month in MONTHS:
            value = past[f"m{month}"].to_numpy(float)[i]
            if np.isnan(value) or np.isnan(others[f"m{month}"].to_numpy(float)).all():
                continue
            seen = float(np.clip(value, 0, 1))
            mine, all_alike = forecast(others, month, like[i]), pooled(others, month)
            ours.append(crps_weighted(mine.value, mine.weight, seen))
            alike.append(crps_weighted(all_alike.value, all_alike.weight, seen))
            held.append(float(mine.quantile(0.1) <= seen <= mine.quantile(0.9)))
            clusters.append(mission)
    if not ours:
        raise DataError(f"{file}: fewer than two missions with values")
    return Scorecard(
        task="fill_up", data_sha256=sha256_of(file),
        cutoff="each mission from all others (leave one mission out); fills above one count as one", n=len(ours),
        scores={"crps": cluster_bootstrap(ours, clusters), "coverage80": cluster_bootstrap(held, clusters)},
        baselines={"pooled record": {"crps": cluster_bootstrap(alike, clusters)}},
        notes=("which mandates were contested is coded by judgement (contingent.force.delivery)",),
    )  # fmt: skip
