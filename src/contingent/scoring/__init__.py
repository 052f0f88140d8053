"""How good a forecast was: proper scores, their uncertainty, and the record of a backtest."""

from contingent.scoring.bootstrap import Score, cluster_bootstrap, paired_difference
from contingent.scoring.proper import brier, crps_grid, crps_sample, crps_weighted, log_score
from contingent.scoring.scorecard import Scorecard, sha256_of

__all__ = [
    "Score",
    "Scorecard",
    "brier",
    "cluster_bootstrap",
    "crps_grid",
    "crps_sample",
    "crps_weighted",
    "log_score",
    "paired_difference",
    "sha256_of",
]
