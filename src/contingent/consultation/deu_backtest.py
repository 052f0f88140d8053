"""Does the distribution over terms forecast decided EU issues better than simple rules do?

Backtest on Decision-making in the EU (DEU III; Arregui & Perarnaud 2021, doi:10.34810/data53): a folder with
`issues.csv` (issue_id, proposal_id, outcome ...) and `cases_with_capability.csv` (issue_id, actor, position, salience,
capability), all numbers 0 to 100. Ten folds of whole proposals: every issue is forecast by coefficients fitted on the
other folds, which update the shipped ones where those saw no proposal of the file. docs/methods/consultation.md.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.terms import GRID, ShippedFit, fit, interval, masses, reach_of, shipped_fit, term_features
from contingent.errors import DataError
from contingent.scoring import Scorecard, brier, cluster_bootstrap, crps_grid, crps_weighted, sha256_of

FOLDS = 10
HIT = 10.0
FEWEST = 3  # stakeholders an issue must have to be scored


@dataclass(frozen=True, slots=True)
class DecidedIssue:
    """One decided issue: `position`, `salience`, `capability` (actor,), and the outcome, 0 to 100."""

    issue: str
    proposal: str
    outcome: float
    position: NDArray[np.float64]
    salience: NDArray[np.float64]
    capability: NDArray[np.float64]

    @property
    def weight(self) -> NDArray[np.float64]:
        """Capability x salience, summing to 1; equal where nobody cares."""
        product = self.capability * self.salience
        return product / product.sum() if product.sum() > 0 else np.full(len(product), 1 / len(product))


def read_deu_issues(folder: Path) -> tuple[DecidedIssue, ...]:
    """The scoreable issues of a folder: with an outcome and at least three actors.

    Raises:
        DataError: a missing file or column, or cells that are not numbers from 0 to 100, with their lines.
    """
    wrong: list[str] = []
    stakes: dict[str, list[tuple[float, float, float]]] = {}
    columns = ("position", "salience", "capability")
    for line, row in _rows(folder / "cases_with_capability.csv", {"issue_id", *columns}):
        if any(not (row[column] or "").strip() for column in columns):
            continue  # a stakeholder without a stake on this issue
        values = [_number(row, column, f"cases_with_capability.csv:{line}", wrong) for column in columns]
        stakes.setdefault(row["issue_id"], []).append((values[0], values[1], values[2]))
    found = []
    for line, row in _rows(folder / "issues.csv", {"issue_id", "proposal_id", "outcome"}):
        actors = stakes.get(row["issue_id"], [])
        if not (row["outcome"] or "").strip() or len(actors) < FEWEST:
            continue
        outcome = _number(row, "outcome", f"issues.csv:{line}", wrong)
        x, s, c = np.array(actors).T
        found.append(DecidedIssue(row["issue_id"], row["proposal_id"], outcome, x, s, c))
    if wrong:
        raise DataError("\n".join(wrong))
    if not found:
        raise DataError(f"{folder}: no issue with an outcome and at least {FEWEST} actors")
    return tuple(found)


def _rows(path: Path, wanted: set[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        raise DataError(f"{path}: cannot be read as text: {reason}") from None
    reader = csv.DictReader(lines)
    if missing := sorted(wanted - set(reader.fieldnames or ())):
        raise DataError(f"{path.name}:1  the table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}")
    return [(reader.line_num, row) for row in reader]


def _number(row: dict[str, str], column: str, where: str, wrong: list[str]) -> float:
    text = row[column]
    try:
        value = float(text)
    except (TypeError, ValueError):
        wrong.append(f"{where}  {column}: `{text}` is not a number")
        return math.nan
    if not 0 <= value <= (math.inf if column == "capability" else 100):
        wrong.append(f"{where}  {column}: {value:g} is outside 0 to 100")
    return value


def design_matrix(issues: tuple[DecidedIssue, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Features (issue, point, feature) and outcomes (issue,) of decided issues."""
    return np.array([term_features(i.position, i.weight) for i in issues]), np.array([i.outcome for i in issues])


def deu(data: Path) -> Scorecard:
    """The backtest task `deu` on a folder with `issues.csv` and `cases_with_capability.csv`.

    Raises:
        DataError: the folder does not have that layout.
    """
    issues = read_deu_issues(data)
    features, outcome = design_matrix(issues)
    proposal = np.array([issue.proposal for issue in issues])
    shipped, seen = shipped_fit()
    fresh = not {fingerprint(name) for name in proposal} & seen
    mass = out_of_fold(features, outcome, proposal, shipped if fresh else None)
    low, high = intervals(mass, outcome, proposal, shipped.reach if fresh else None)
    median = GRID[(np.cumsum(mass, 1) >= 0.5).argmax(1)]
    mode = GRID[mass.argmax(1)]
    mean = np.array([float(i.weight @ i.position) for i in issues])
    middle = np.array([weighted_quantile(i, 0.5) for i in issues])
    ends = np.array([[weighted_quantile(i, q) for q in (0.1, 0.9)] for i in issues])
    yes_no = np.array([set(i.position) <= {0.0, 100.0} and i.outcome != 50.0 for i in issues])
    # nothing tried beat the weighted share at yes or no, so the share is the forecast (methods page)
    share = mean / 100

    def scores(point: NDArray, crps: NDArray, hit: NDArray) -> dict[str, NDArray]:
        return {
            "mae": np.abs(point - outcome),
            "crps": crps,
            "hit10": (np.abs(hit - outcome) <= HIT).astype(float),
        }

    ours = scores(median, crps_grid(GRID, mass, outcome), mode)
    ours["coverage80"] = ((low <= outcome) & (outcome <= high)).astype(float)
    ours["width80"] = high - low
    empirical = np.array([crps_weighted(i.position, i.weight, i.outcome) for i in issues])
    others = {
        "weighted_mean": scores(mean, np.abs(mean - outcome), mean),
        "weighted_empirical": {
            **scores(middle, empirical, middle),
            "coverage80": ((ends[:, 0] <= outcome) & (outcome <= ends[:, 1])).astype(float),
        },
        "median": scores(middle, np.abs(middle - outcome), middle),
    }
    summed = {name: cluster_bootstrap(values, proposal) for name, values in ours.items()}
    summed["crps_difference"] = cluster_bootstrap(ours["crps"] - empirical, proposal)
    happened = (outcome > 50)[yes_no]
    summed["brier_yes_no"] = cluster_bootstrap(brier(share[yes_no], happened), proposal[yes_no])
    baselines = {
        name: {key: cluster_bootstrap(values, proposal) for key, values in scored.items()}
        for name, scored in others.items()
    }
    baselines["weighted_mean"]["brier_yes_no"] = summed["brier_yes_no"]
    grid_yes = mass[:, GRID > 50].sum(1) + mass[:, GRID == 50].sum(1) / 2
    baselines["terms_distribution"] = {
        "brier_yes_no": cluster_bootstrap(brier(grid_yes[yes_no], happened), proposal[yes_no])
    }
    return Scorecard(
        task="deu",
        data_sha256=sha256_of(data / "issues.csv", data / "cases_with_capability.csv"),
        cutoff=f"{FOLDS} folds of whole proposals; every issue forecast from the other folds"
        + (" and the shipped coefficients, fitted on other proposals" if fresh else ""),
        n=len(issues),
        scores=summed,
        baselines=baselines,
        notes=(
            f"yes or no: {int(yes_no.sum())} issues with positions at the ends only; "
            "the forecast is the weighted share itself, which nothing tried beat",
        ),
    )


def fingerprint(proposal: str) -> str:
    """What stands for a proposal in the shipped file, which holds none of the data."""
    return blake2b(proposal.encode(), digest_size=6).hexdigest()


def fold_of(proposal: NDArray) -> NDArray[np.int64]:
    """The fold of every issue: whole proposals, dealt out in the order of their fingerprints."""
    names = sorted(set(map(str, proposal)), key=fingerprint)
    deal = {name: number % FOLDS for number, name in enumerate(names)}
    return np.array([deal[str(name)] for name in proposal])


def out_of_fold(
    features: NDArray[np.float64], outcome: NDArray[np.float64], proposal: NDArray, prior: ShippedFit | None
) -> NDArray[np.float64]:
    """Every issue's distribution from the other folds, and from what shipped where that saw other issues.

    Shape (issue, point).
    """
    fold = fold_of(proposal)
    mass = np.empty(features.shape[:2])
    for number in np.unique(fold):
        test = fold == number
        if test.all():
            slope = np.zeros(features.shape[2]) if prior is None else prior.slope
        else:
            slope = fit(features[~test], outcome[~test], prior)
        mass[test] = masses(features[test], slope)
    return mass


def intervals(
    mass: NDArray[np.float64], outcome: NDArray[np.float64], proposal: NDArray, shipped: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Every issue's 80 % interval, calibrated on the other folds, or as shipped where there are none."""
    fold = fold_of(proposal)
    ends = np.empty((len(outcome), 2))
    for number in np.unique(fold):
        test = fold == number
        rest = ~test
        reach = reach_of(mass[rest], outcome[rest]) if rest.any() else (shipped or 0.4)
        ends[test] = [interval(row, reach) for row in mass[test]]
    return ends[:, 0], ends[:, 1]


def weighted_quantile(issue: DecidedIssue, q: float) -> float:
    """The quantile of the positions weighted by capability x salience."""
    order = np.argsort(issue.position, kind="stable")
    below = np.cumsum(issue.weight[order])
    return float(issue.position[order][min(int(np.searchsorted(below, q - 1e-12)), len(order) - 1)])
