"""How well contributors and fill-up are forecast: `contingent backtest contributors` and `fill_up`.

`contributors`: missions since 2000, each forecast from missions closed 24 months before its mandate; `--data` is
`contributors_task.csv` or a folder with it. `fill_up`: every mission forecast from all others; `--data` is
`derived_fillup_since_mandate.csv` or a folder with it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from contingent import scoring
from contingent.errors import DataError
from contingent.force.delivery import MONTHS, forecast, pooled, traits
from contingent.force.propensity import LABELS, rolling, rows
from contingent.scoring import Score, Scorecard, backtest_task, crps_weighted
from contingent.scoring.tables import COUNT, MONTH, TEXT, number, table

PLAIN = ("l_tot24",)  # earlier contribution alone: the baseline of the literature
SURE = number(empty=None)
PANEL = dict.fromkeys(("c", "m"), TEXT) | dict.fromkeys(("t0", *PLAIN), SURE) | {
    "y": number(0, 1, empty=None), "size": COUNT,
}  # fmt: skip
FILLS = {"mission": TEXT, "mandate": MONTH, **{f"m{month}": COUNT for month in MONTHS}}


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
        notes=("which mandates were contested is coded by judgement (contingent.force.delivery)",),
    )  # fmt: skip
