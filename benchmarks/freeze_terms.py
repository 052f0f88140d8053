"""Fit the coefficients that ship in consultation/data/terms.json on a folder of decided issues.

    uv run python benchmarks/freeze_terms.py FOLDER > src/contingent/consultation/data/terms.json

The file holds derived figures and fingerprints of proposals, none of the data.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from contingent.consultation.deu_backtest import fingerprint, out_of_fold, read_deu_issues
from contingent.consultation.terms import FEATURES, fit, information, reach_of, table

issues = read_deu_issues(Path(sys.argv[1]))
features, outcome = table(issues)
proposal = np.array([issue.proposal for issue in issues])
slope = fit(features, outcome)
reach = reach_of(out_of_fold(features, outcome, proposal, None), outcome)
frozen = {
    "source": "Fitted on 245 decided EU issues (Arregui & Perarnaud 2021, doi:10.34810/data53, CC BY 4.0)",
    "issues": len(issues),
    "slope": {name: round(float(value), 8) for name, value in zip(FEATURES, slope, strict=True)},
    "reach": round(reach, 6),
    "information": [[float(f"{x:.6g}") for x in row] for row in information(features, slope)],
    "fitted_on": sorted({fingerprint(name) for name in proposal}),
}
json.dump(frozen, sys.stdout, indent=1)
sys.stdout.write("\n")
