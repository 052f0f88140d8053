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

from contingent.consultation.deu_backtest import design_matrix, fingerprint, read_deu_issues
from contingent.consultation.terms import FEATURES, fit, masses, reach_of

issues = read_deu_issues(Path(sys.argv[1]))
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
    "source": f"Fitted on {len(issues)} decided EU issues (Arregui & Perarnaud 2021, doi:10.34810/data53, CC BY 4.0)",
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
sys.stdout.write(text.removesuffix("\n}") + ',\n "fitted_on": {\n' + rows + "\n }\n}\n")
