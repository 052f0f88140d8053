"""How well contributors and fill-up are forecast: `contingent backtest contributors` and `fill_up`.

`contributors`: missions since 2000, each forecast from missions closed 24 months before its mandate; `--data` is
`contributors_task.csv` or a folder with it. `fill_up`: every mission forecast from all others; `--data` is
`derived_fillup_since_mandate.csv` or a folder with it.

The forecast of a fill-up is the record of past missions, those like this one weighing more. Alike means: was there
fighting or an objecting host when the mandate was given, and was a UN mission there to take over from. Both are known
at the mandate; the coding is a judgement, listed below. Fills above one count as one: the ceiling was raised
afterwards.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from contingent import scoring
from contingent.errors import DataError
from contingent.force.propensity import LABELS, rolling, rows
from contingent.scoring import Score, Scorecard, backtest_task, crps_weighted
from contingent.scoring.tables import COUNT, MONTH, TEXT, number, table

MONTHS = (1, 2, 3, 6, 9, 12, 18, 24)
# How much an unlike mission loses; the weight every mission keeps. Round numbers inside a range that was scanned on the
# same missions the backtest scores: see docs/methods/force.md, section 7.
CONTRAST, SHARED = 2.0, 0.1
# At the mandate, (fighting went on, or the host objected to who comes): a judgement by one who knew how it went.
CONTESTED = {
    ("MONUC", 2000), ("UNAMID", 2007), ("MINURCAT", 2009), ("MINUSMA", 2013), ("UNMISS", 2013), ("MINUSCA", 2014),
}  # fmt: skip
# A UN force already stood in the same place.
STANDING = {("UNIFIL", 2006), ("UNMISS", 2011), ("UNMISS", 2013)}
PLAIN = ("l_tot24",)  # earlier contribution alone: the baseline of the literature
SURE = number(empty=None)
PANEL = dict.fromkeys(("c", "m"), TEXT) | dict.fromkeys(("t0", *PLAIN), SURE) | {
    "y": number(0, 1, empty=None), "size": COUNT,
}  # fmt: skip
FILLS = {"mission": TEXT, "mandate": MONTH, **{f"m{month}": COUNT for month in MONTHS}}


@dataclass(frozen=True, slots=True)
class FillUp:
    """A discrete distribution of fill at one month: `value` (k,) in 0..1 and `weight` (k,)."""

    value: np.ndarray
    weight: np.ndarray

    def quantile(self, share: float) -> float:
        """The fill that a share of the weight lies at or below."""
        order = np.argsort(self.value, kind="stable")
        below = np.cumsum(self.weight[order]) / self.weight.sum()
        return float(self.value[order][min(np.searchsorted(below, share - 1e-9), len(order) - 1)])


def traits(past: pd.DataFrame) -> np.ndarray:
    """What is known of each mission at its mandate; shape (mission, 2)."""
    keys = list(zip(past["mission"], past["mandate"].astype(str).str[:4].astype(int), strict=True))
    return np.array([[float(k in CONTESTED), float(k in STANDING)] for k in keys]).reshape(-1, 2)


def forecast(past: pd.DataFrame, month: int, like: np.ndarray) -> FillUp:
    """The fill `month` months after the mandate of a mission with traits `like`, from past missions.

    Raises:
        DataError: no past mission has a value for that month.
    """
    known = past.iloc[np.flatnonzero(past[f"m{month}"].notna().to_numpy())]
    if not len(known):
        raise DataError(f"fill_up: column m{month} is empty")
    distance = ((traits(known) - like) ** 2).sum(1)
    value = np.clip(known[f"m{month}"].to_numpy(float), 0, 1)
    return FillUp(value, np.exp(-CONTRAST * distance) + SHARED)


def pooled(past: pd.DataFrame, month: int) -> FillUp:
    """The same from all past missions alike: the baseline."""
    known = past[f"m{month}"].dropna().to_numpy(float)
    return FillUp(np.clip(known, 0, 1), np.ones(len(known)))


def read_panel(data: Path) -> tuple[Path, pd.DataFrame]:
    """States and missions: `propensity.LABELS`, and every other column a feature."""
    return table(data, "contributors_task.csv", PANEL, others=number())


def read_fills(data: Path) -> tuple[Path, pd.DataFrame]:
    """Missions, and the share of their authorized strength that was there so many months after the mandate."""
    return table(data, "derived_fillup_since_mandate.csv", FILLS)


@backtest_task(data="tcc")
def contributors(data: Path) -> Scorecard:
    """The record of the task `contributors`."""
    file, panel = read_panel(data)
    out = rolling(panel)
    happened, mission = out["y"].to_numpy(int), out["m"].to_numpy()
    alone = panel.filter(items=[*LABELS, *PLAIN])
    plain, alone = (rolling(known, predecessors=False)["probability"].to_numpy() for known in (panel, alone))

    def scored(said: np.ndarray) -> dict[str, Score]:
        auc_of, calibration = scoring.resampled(
            lambda rows: tuple(rule(said[rows], happened[rows]) for rule in (scoring.auc, scoring.calibration_error)),
            mission,
        )
        log = scoring.means({"log_score": scoring.log_score(said, happened)}, mission)
        return {"auc": auc_of, **log, "calibration_error": calibration}

    return Scorecard(
        task="contributors", data_sha256=scoring.sha256_of(file),
        cutoff="each mission since 2000 from missions closed 24 months before its mandate", n=len(out),
        scores=scored(out["probability"].to_numpy(float)),
        baselines={
            "without predecessor forces": scored(plain), "earlier contribution alone": scored(alone),
            "base rate": scored(out["base"].to_numpy(float)) | {"auc": Score.exactly(0.5)},
        },
        notes=("each predecessor force rests on the pages named in contingent.force.propensity",),
    )  # fmt: skip


@backtest_task(data="tcc")
def fill_up(data: Path) -> Scorecard:
    """The record of the task `fill_up`."""
    file, past = read_fills(data)
    like, losses, clusters = traits(past), {"crps": [], "coverage80": [], "pooled": []}, []
    for i, mission in enumerate(past["mission"]):
        others = rows(past, past["mission"].to_numpy() != mission)
        for month in MONTHS:
            value = past[f"m{month}"].to_numpy(float)[i]
            if np.isnan(value) or np.isnan(others[f"m{month}"].to_numpy(float)).all():
                continue
            seen = float(np.clip(value, 0, 1))
            mine, alike = forecast(others, month, like[i]), pooled(others, month)
            losses["crps"].append(crps_weighted(mine.value, mine.weight, seen))
            losses["coverage80"].append(float(mine.quantile(0.1) <= seen <= mine.quantile(0.9)))
            losses["pooled"].append(crps_weighted(alike.value, alike.weight, seen))
            clusters.append(mission)
    if not clusters:
        raise DataError(f"{file}: fewer than two missions with values")
    scores = scoring.means(losses, np.array(clusters))
    return Scorecard(
        task="fill_up", data_sha256=scoring.sha256_of(file),
        cutoff="each mission from all others (leave one mission out); fills above one count as one", n=len(clusters),
        scores={name: scores[name] for name in ("crps", "coverage80")},
        baselines={"pooled record": {"crps": scores["pooled"]}},
        notes=("which mandates were contested is coded by judgement (contingent.force.backtest)",),
    )  # fmt: skip
