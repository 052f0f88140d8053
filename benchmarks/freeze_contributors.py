"""Fit the coefficients that ship in force/data/contributors.json on a folder of forces outside the UN.

    uv run python benchmarks/freeze_contributors.py FOLDER > src/contingent/force/data/contributors.json
    uv run python benchmarks/freeze_contributors.py TCC un > src/contingent/force/data/un_contributors.json

The file holds derived figures, none of the data: coefficients on facts that come with the package, their covariance
from leaving each force out in turn (jackknife; of UN missions, from the curvature), equally likely sizes, and the score
on forces left out (of UN missions since 2000, on those closed before each).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from contingent.force.backtest import read_panel
from contingent.force.coalition import un_facts
from contingent.force.coalition_backtest import agreement, from_facts, heard_of, learn, left_out, read_forces, scored
from contingent.force.propensity import FEW, LABELS, Propensity, fit, rolling, rows
from contingent.force.states import states
from contingent.scoring import auc, log_score


def outside(folder: Path) -> tuple[Propensity, np.ndarray, str, str]:
    """Of being in play for a force outside the UN."""
    forces = read_forces(folder)
    forces = forces.keep(scored(forces))
    facts, names, came = from_facts(forces), forces.column("force"), (forces.column("y") == 1).astype(int)
    model = learn(facts, forces)
    drawn = []
    for name in dict.fromkeys(names):
        part = learn(rows(facts, names != name), forces.keep(names != name))
        slope = part.weight / part.scale * model.scale  # on the features as the whole is standardized
        drawn.append([part.intercept + (part.weight / part.scale) @ (model.mean - part.mean), *slope])
    spread = np.array(drawn) - np.mean(drawn, axis=0)
    covariance = (len(drawn) - 1) / len(drawn) * spread.T @ spread
    ours, _, base = left_out(forces, from_facts, agreement(forces, np.zeros(len(came), bool)))
    score = (
        f"on {len(drawn)} forces outside the UN, each left out in turn: AUC {auc(ours, came):.2f}, log score "
        f"{log_score(ours, came).mean():.3f} where the base rate has {log_score(base, came).mean():.3f}"
    )
    taught = f"Fitted on {heard_of(forces).sum()} states heard of in {len(drawn)} forces outside the UN, 1982 to 2023"
    return model, covariance, score, taught


def un(folder: Path) -> tuple[Propensity, np.ndarray, str, str]:
    """Of contributing to a UN mission."""
    _, panel = read_panel(folder)
    host = next(iter(states().values()))
    panel = panel[[*LABELS, *un_facts(host, 2014, {})]]
    found = rolling(panel, predecessors=False)
    came, said, base = (found[name].to_numpy(float) for name in ("y", "probability", "base"))
    score = (
        f"on {found['m'].nunique()} UN missions since 2000, each from those closed before it: AUC "
        f"{auc(said, came):.2f}, log score {log_score(said, came).mean():.3f} where the base rate has "
        f"{log_score(base, came).mean():.3f}"
    )
    usable = panel[~panel["m"].isin(FEW)]
    model = fit(usable.drop(columns="m"))
    taught = f"Fitted on {len(usable):,} rows of {usable['m'].nunique()} UN missions, 1994 to 2014"
    return model, model.covariance, score, taught


model, covariance, score, taught = (un if "un" in sys.argv else outside)(Path(sys.argv[1]))
columns = {"mean": model.mean, "scale": model.scale, "weight": model.weight}
frozen = {
    "source": f"{taught} (benchmarks/freeze_contributors.py)",
    "score": score,
    "intercept": round(model.intercept, 6),
    "features": {
        name: {key: round(float(values[i]), 6) for key, values in columns.items()}
        for i, name in enumerate(model.features)
    },
    "covariance": [[float(f"{x:.5g}") for x in row] for row in covariance],
    "sizes": [round(float(x)) for x in np.quantile(model.sizes, np.arange(1, 40, 2) / 40)],
}
json.dump(frozen, sys.stdout, indent=1)
sys.stdout.write("\n")
