"""Does the distribution over terms forecast decided EU issues better than simple rules do?

Backtest on Decision-making in the EU (DEU III; Arregui & Perarnaud 2021, doi:10.34810/data53): a folder with
`issues.csv` (issue_id, proposal_id, outcome ...) and `cases_with_capability.csv` (issue_id, actor, position, salience,
capability), all numbers 0 to 100. What ships is scored issue by issue: as it is where it never saw the proposal, else
as it is without that proposal. docs/methods/consultation.md.
"""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.terms import (
    GRID,
    fits_without,
    interval,
    kernel,
    masses,
    nearest_point,
    shipped_fit,
    term_features,
)
from contingent.errors import DataError
from contingent.scoring import Score, Scorecard, brier, cluster_bootstrap, crps_grid, crps_weighted, sha256_of
from contingent.scoring.tables import COUNT, TEXT, number, table

HIT = 10.0
FEWEST = 3  # stakeholders an issue must have to be scored
SMOOTH, CLIMATE = 18.0, 0.1
"""Of the plain baseline: width of its kernels in points, weight of what other proposals ended at; tuned by others."""


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
    share = number(0, 100)
    columns = {"position": share, "salience": share, "capability": COUNT}
    stakes, enough = table(folder, "cases_with_capability.csv", {"issue_id": TEXT, **columns})[1].dropna(), {}
    for issue, rows in stakes.groupby("issue_id", sort=False):
        if len(rows) >= FEWEST:
            enough[issue] = np.array(rows[list(columns)].to_numpy(), order="C").T
    issues = table(folder, "issues.csv", {"issue_id": TEXT, "proposal_id": TEXT, "outcome": share})[1]
    named = issues[["issue_id", "proposal_id", "outcome"]].dropna().itertuples(index=False, name=None)
    found = [DecidedIssue(*row, *enough[row[0]]) for row in named if row[0] in enough]
    if not found:
        raise DataError(f"{folder}: no issue with an outcome and at least {FEWEST} actors")
    return tuple(found)


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
    mass, low, high, seen = forecast(features, proposal)
    plain = smoothed(issues)
    median = GRID[(np.cumsum(mass, 1) >= 0.5).argmax(1)]
    mode = GRID[mass.argmax(1)]
    mean = np.array([float(i.weight @ i.position) for i in issues])
    middle = np.array([weighted_quantile(i, 0.5) for i in issues])
    ends = np.array([[weighted_quantile(i, q) for q in (0.1, 0.9)] for i in issues])
    yes_no = np.array([set(i.position) <= {0.0, 100.0} and i.outcome != 50.0 for i in issues])
    # nothing tried beat the weighted share at yes or no, so the share is the forecast (methods page)
    share = mean / 100

    def scores(point: NDArray, crps: NDArray, hit: NDArray) -> dict[str, NDArray]:
        return {"mae": np.abs(point - outcome), "crps": crps, "hit10": (np.abs(hit - outcome) <= HIT).astype(float)}

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
        "smoothed_weights": scores(
            GRID[(np.cumsum(plain, 1) >= 0.5).argmax(1)], crps_grid(GRID, plain, outcome), GRID[plain.argmax(1)]
        ),
    }
    summed = {name: cluster_bootstrap(values, proposal) for name, values in ours.items()}
    summed["crps_difference"] = cluster_bootstrap(ours["crps"] - empirical, proposal)
    summed["crps_difference_to_smoothed"] = cluster_bootstrap(
        ours["crps"] - others["smoothed_weights"]["crps"], proposal
    )
    happened = (outcome > 50)[yes_no]
    summed["brier_yes_no"] = cluster_bootstrap(brier(share[yes_no], happened), proposal[yes_no])
    baselines = {
        name: {key: cluster_bootstrap(values, proposal) for key, values in scored.items()}
        for name, scored in others.items()
    }
    for part, where in (("unseen", ~seen), ("left_out", seen)):
        if where.any():
            count = float(where.sum())
            summed[f"{part}_issues"] = Score(count, count, count)
            for name in ("crps", "mae", "coverage80", "width80"):
                summed[f"{part}_{name}"] = cluster_bootstrap(ours[name][where], proposal[where])
                for rule, scored in others.items():
                    if name in scored:
                        baselines[rule][f"{part}_{name}"] = cluster_bootstrap(scored[name][where], proposal[where])
    baselines["weighted_mean"]["brier_yes_no"] = summed["brier_yes_no"]
    grid_yes = mass[:, GRID > 50].sum(1) + mass[:, GRID == 50].sum(1) / 2
    baselines["terms_distribution"] = {
        "brier_yes_no": cluster_bootstrap(brier(grid_yes[yes_no], happened), proposal[yes_no])
    }
    return Scorecard(
        task="deu", data_sha256=sha256_of(data / "issues.csv", data / "cases_with_capability.csv"),
        cutoff="what ships, without an issue's proposal where it was fitted on it", n=len(issues), scores=summed,
        baselines=baselines,
        notes=(
            f"yes or no: {int(yes_no.sum())} issues with positions at the ends only; "
            "the forecast is the weighted share itself, which nothing tried beat",
            f"unseen: {int((~seen).sum())} issues of proposals that what ships was not fitted on; left out: "
            f"{int(seen.sum())} issues forecast by the same fit without their proposal, coefficients and interval",
        ),
    )  # fmt: skip


def fingerprint(proposal: str) -> str:
    """What stands for a proposal in the shipped file, which holds none of the data."""
    return blake2b(proposal.encode(), digest_size=6).hexdigest()


def forecast(
    features: NDArray[np.float64], proposal: NDArray
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """By what never saw the proposal: masses (issue, point), ends of the 80 % interval, and where a fit had to leave
    it out.
    """
    apart = fits_without()
    marks = [fingerprint(str(name)) for name in proposal]
    fits = [apart.get(mark, shipped_fit()[0]) for mark in marks]
    mass = np.array([masses(rows, fit.slope) for rows, fit in zip(features, fits, strict=True)])
    ends = np.array([interval(row, fit.reach) for row, fit in zip(mass, fits, strict=True)])
    return mass, ends[:, 0], ends[:, 1], np.array([mark in apart for mark in marks])


def smoothed(issues: tuple[DecidedIssue, ...]) -> NDArray[np.float64]:
    """A baseline of two numbers, (issue, point): the weights spread by a kernel, and outcomes of other proposals."""
    at = nearest_point(np.array([issue.outcome for issue in issues]))
    proposal = np.array([issue.proposal for issue in issues])
    found = []
    for issue in issues:
        spread = kernel(GRID[:, None] - issue.position[None], SMOOTH) @ issue.weight
        ended = np.bincount(at[proposal != issue.proposal], minlength=len(GRID)) + 1e-9
        found.append((1 - CLIMATE) * spread / spread.sum() + CLIMATE * ended / ended.sum())
    return np.array(found)


def weighted_quantile(issue: DecidedIssue, q: float) -> float:
    """The quantile of the positions weighted by capability x salience."""
    order = np.argsort(issue.position, kind="stable")
    below = np.cumsum(issue.weight[order])
    return float(issue.position[order][min(int(np.searchsorted(below, q - 1e-12)), len(order) - 1)])
