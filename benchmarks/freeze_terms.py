"""Fit the coefficients that ship in consultation/data/terms.json on a folder of decided issues; about a minute.

    uv run python benchmarks/freeze_terms.py FOLDER > src/contingent/consultation/data/terms.json

The file holds derived figures and fingerprints of proposals, none of the data. The interval is calibrated on forecasts
of every issue by coefficients that never saw its proposal; so is the interval of each fit without one proposal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from contingent.consultation.deu_backtest import design_matrix, fingerprint, read_deu_issues
from contingent.consultation.terms import FEATURES, masses, nearest_point, ranks

PENALTY = 0.03  # on standardized coefficients, per issue; fixed before the design was frozen
COVERAGE = 0.80
SOURCE = "EU issues (Arregui & Perarnaud 2021, doi:10.34810/data53, CC BY 4.0)"


def fit(features: NDArray[np.float64], outcome: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients (feature,) on the raw features by penalized likelihood.

    Args:
        features: (issue, point, feature).
        outcome: (issue,), 0 to 100; counted at the nearest point of the grid.
    """
    scale = scale_of(features)
    z = features / scale
    at = nearest_point(outcome)
    rows = np.arange(len(z))

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = masses(z, theta)
        error = p.copy()
        error[rows, at] -= 1
        value = -np.log(p[rows, at] + 1e-300).mean() + PENALTY * theta @ theta / 2
        return float(value), np.einsum("nk,nkd->d", error, z) / len(z) + PENALTY * theta

    found = minimize(loss, np.zeros(z.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return found.x / scale


def scale_of(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spread of every feature over issues and points; 1 where there is none."""
    spread = features.std((0, 1))
    return np.where(spread > 0, spread, 1.0)


def reach_of(mass: NDArray[np.float64], outcome: NDArray[np.float64], coverage: float = COVERAGE) -> float:
    """How far from 1/2 the ranks of that share of the outcomes lie: the interval's recalibration."""
    rank = ranks(mass)[np.arange(len(outcome)), nearest_point(outcome)]
    return float(np.quantile(np.abs(rank - 0.5), coverage))


def frozen_fit(folder: Path) -> str:
    issues = read_deu_issues(folder)
    features, outcome = design_matrix(issues)
    proposal = np.array([issue.proposal for issue in issues])
    mass = np.empty(features.shape[:2])
    slopes = {}
    for name in np.unique(proposal):
        left_out = proposal == name
        slopes[name] = fit(features[~left_out], outcome[~left_out])
        mass[left_out] = masses(features[left_out], slopes[name])

    def reach_without(name: str) -> float:
        rest = proposal != name
        return round(reach_of(mass[rest], outcome[rest]), 6)

    frozen = {
        "source": f"Fitted on {len(issues)} decided {SOURCE}",
        "issues": len(issues),
        "slope": {k: round(float(v), 8) for k, v in zip(FEATURES, fit(features, outcome), strict=True)},
        "reach": round(reach_of(mass, outcome), 6),
        "fitted_on": {
            mark: [reach_without(name), *(round(float(x), 6) for x in slopes[name])]
            for mark, name in sorted((fingerprint(name), name) for name in slopes)
        },
    }
    text = json.dumps({key: value for key, value in frozen.items() if key != "fitted_on"}, indent=1)
    rows = ",\n".join(f"  {json.dumps(mark)}: {json.dumps(row)}" for mark, row in frozen["fitted_on"].items())
    return text.removesuffix("\n}") + ',\n "fitted_on": {\n' + rows + "\n }\n}\n"


if __name__ == "__main__":
    sys.stdout.write(frozen_fit(Path(sys.argv[1])))
