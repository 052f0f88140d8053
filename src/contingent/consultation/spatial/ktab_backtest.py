"""Does the spatial model give KTAB's own answers, turn by turn?

Backtest against KTAB's published results. Reads any folder in the layout of the shared data: `inputs/*.csv|xml` beside
`reference/*.json`, and `options/*.xml` beside `options/*.json`, each JSON holding KTAB's positions by turn. A result
that exists only as `NAME_positions.csv` (turn, actor, dim, position) counts as well.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from contingent.consultation.spatial.ktab_csv import parse_csv
from contingent.consultation.spatial.ktab_xml import parse_xml
from contingent.consultation.spatial.model import Model, Table
from contingent.consultation.spatial.simulation import simulate
from contingent.errors import DataError
from contingent.scoring import Score, Scorecard, sha256_of

LISTED = "_positions.csv"
LOOSE = "ASymProsp"  # KTAB's own results differ from run to run under this voting rule


def ktab(data: Path) -> Scorecard:
    """The backtest task `ktab`: the largest difference from KTAB's positions over every turn, 0 to 100.

    Raises:
        DataError: no results of KTAB in the folder, or one without the scenario it belongs to.
    """
    found = sorted(data.rglob("*.json"))
    found += [path for path in sorted(data.rglob(f"*{LISTED}")) if not json_beside(path).exists()]
    pairs = [(path, scenario_of(json_beside(path))) for path in found]
    if not pairs:
        raise DataError(f"{data}: no *.json with KTAB's results here; name the folder that holds them")
    strict: list[tuple[float, bool]] = []
    loose: list[tuple[float, bool]] = []
    skipped = []
    for path, scenario in pairs:
        published: dict[str, Any] = _json(path) if path.suffix == ".json" else {"positions": listed(path)}
        if published.get("failed") or "positions" not in published:
            skipped.append(path.stem)
            continue
        table, model = load(scenario, published.get("params") or {})
        history = simulate(table, model)
        theirs = np.array(published["positions"], dtype=float)
        shared = min(len(theirs), len(history.position))
        if theirs.shape[1:] != history.position.shape[1:]:
            raise DataError(f"{path}: positions of shape {theirs.shape}, the scenario's are {history.position.shape}")
        apart = float(np.abs(theirs[:shared] - history.position[:shared]).max())
        (loose if model.VotingRule == LOOSE else strict).append((apart, len(theirs) == len(history.position)))
    if not strict:
        raise DataError(f"{data}: no reproducible scenario here")
    worst = max(apart for apart, _ in strict)
    stops = sum(same for _, same in strict) / len(strict)
    notes = []
    if loose:
        equal = sum(apart <= 1e-9 and same for apart, same in loose)
        notes.append(
            f"{len(loose)} scenarios with {LOOSE}, which KTAB does not reproduce itself: {equal} equal, not scored"
        )
    if skipped:
        notes.append(f"{len(skipped)} scenarios that KTAB fails on: {', '.join(skipped)}")
    return Scorecard(
        task="ktab",
        data_sha256=sha256_of(data),
        cutoff="no fitting: the equations are run as they stand",
        n=len(strict),
        scores={
            "max_abs_difference": _exact(worst),
            "scenarios": _exact(float(len(strict))),
            "stopped_same_turn": _exact(stops),
        },
        notes=tuple(notes),
    )


def json_beside(path: Path) -> Path:
    """The full result a list of positions belongs to; a full result itself as it is."""
    return path.with_name(path.name.removesuffix(LISTED) + ".json") if path.name.endswith(LISTED) else path


def listed(path: Path) -> list[list[list[float]]]:
    """Positions (turn, stakeholder, issue) of a list with the columns turn, actor, dim, position.

    Raises:
        DataError: another layout.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        actors = list(dict.fromkeys(row["actor"] for row in rows))
        issues = list(dict.fromkeys(row["dim"] for row in rows))
        cells = {(int(row["turn"]), row["actor"], row["dim"]): float(row["position"]) for row in rows}
        turns = 1 + max(turn for turn, _, _ in cells)
        return [[[cells[turn, who, issue] for issue in issues] for who in actors] for turn in range(turns)]
    except (KeyError, ValueError, OSError) as reason:
        raise DataError(f"{path}: columns turn, actor, dim, position are needed: {reason}") from None


def _exact(value: float) -> Score:
    return Score(value, value, value)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise DataError(f"{path}: not JSON: {reason}") from None
    if not isinstance(found, dict):
        raise DataError(f"{path}: a mapping with `positions` is needed here")
    return found


def scenario_of(result: Path) -> Path:
    """The scenario a result belongs to: the same name beside it, or in `inputs` beside its folder.

    Raises:
        DataError: there is none.
    """
    for folder in (result.parent, result.parent.parent / "inputs", result.parent.parent / "options"):
        for ending in (".xml", ".csv"):
            if (found := folder / (result.stem + ending)).exists():
                # a result in `reference` belongs to the example input, which KTAB read as a CSV
                csv = folder / (result.stem + ".csv")
                return csv if csv.exists() and folder.name == "inputs" else found
    raise DataError(f"{result}: no scenario of that name beside it or in `inputs`")


def load(path: Path, options: dict[str, str]) -> tuple[Table, Model]:
    """A scenario's table and KTAB model; a CSV carries no options, so they come with the result."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".xml":
        table, model, _ = parse_xml(text, path.name, "ktab")
        return table, model
    return parse_csv(text, path.name), Model(**options, compat="ktab")
