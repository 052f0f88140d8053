"""How good was a forecast: proper scores, their uncertainty, and the record of a backtest?

Forecast verification.
"""

from contingent.scoring.scores import (
    Score,
    Scores,
    auc,
    brier,
    calibration_error,
    cluster_bootstrap,
    crps_grid,
    crps_sample,
    crps_weighted,
    log_score,
    means,
    of_chances,
    resampled,
    sha256_of,
)
from contingent.scoring.tasks import Scorecard, backtest_task

__all__ = [
    "Score", "Scorecard", "Scores", "auc", "backtest_task", "brier", "calibration_error", "cluster_bootstrap",
    "crps_grid", "crps_sample", "crps_weighted", "log_score", "means", "of_chances", "resampled", "sha256_of",
]  # fmt: skip
