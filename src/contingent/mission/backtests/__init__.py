"""How well does the mission model forecast what is known to have happened?

Backtests: the tasks `losses`, `missions`, `relapse` and `truce` of `contingent backtest`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from contingent.scoring import Scores, crps_sample, means


def judged(
    ours: Any, others: Mapping[str, Any], happened: float, scale: Callable[[Any], Any] = np.asarray
) -> dict[str, float]:
    """The CRPS on a scale of our draws and of others' (by name), and whether our 90 % interval `covered` the count."""
    truth = scale(np.array([happened]))
    row = {name: float(crps_sample(scale(each)[None], truth)[0]) for name, each in {"ours": ours, **others}.items()}
    low, high = np.quantile(ours, (0.05, 0.95))
    return row | {"covered": float(scale(low) <= truth[0] <= scale(high))}


def scored(
    part: object, rows: Sequence[Mapping[str, float]], clusters: Sequence[object], beside: dict[str, Scores]
) -> Scores:
    """Our mean scores over the forecasts of one part (a horizon, an outcome); those of others go into `beside`."""
    found = means({name: [row[name] for row in rows] for name in rows[0]}, np.array(clusters))
    ours = {f"crps_{part}": found.pop("ours"), f"coverage_90_{part}": found.pop("covered")}
    for name, score in found.items():
        beside.setdefault(name, {})[f"crps_{part}"] = score
    return ours
