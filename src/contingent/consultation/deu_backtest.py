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

from contingent.consultation.terms import GRID, SHIPPED, WITHOUT, Distribution, kernel, nearest_point, term_features
from contingent.errors import DataError
from contingent.scoring import Score, Scorecard, brier, crps_grid, crps_weighted, means, sha256_of
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
    found, seen = forecast(features, proposal)
    mass, low, high = (np.array([getattr(each, name) for each in found]) for name in ("mass", "low", "high"))
    # nothing tried beat the weighted share at yes or no, so the share is the forecast (methods page)
    mean = np.array([float(i.weight @ i.position) for i in issues])
    lower, middle, upper = (np.array([weighted_quantile(i, q) for i in issues]) for q in (0.1, 0.5, 0.9))
    empirical = np.array([crps_weighted(i.position, i.weight, i.outcome) for i in issues])

    def losses(point: NDArray, crps: NDArray | None = None, hit: NDArray | None = None) -> dict[str, NDArray]:
        away = np.abs(point - outcome)
        near = np.abs((point if hit is None else hit) - outcome) <= HIT
        return {"mae": away, "crps": away if crps is None else crps, "hit10": near.astype(float)}

    def of_masses(mass: NDArray) -> dict[str, NDArray]:
        return losses(GRID[(np.cumsum(mass, 1) >= 0.5).argmax(1)], crps_grid(GRID, mass, outcome), GRID[mass.argmax(1)])

    inside = lambda low, high: ((low <= outcome) & (outcome <= high)).astype(float)  # noqa: E731
    ours = of_masses(mass) | {"coverage80": inside(low, high), "width80": high - low}
    others = {
        "weighted_mean": losses(mean),
        "weighted_empirical": losses(middle, empirical) | {"coverage80": inside(lower, upper)},
        "median": losses(middle), "smoothed_weights": of_masses(smoothed(issues)),
    }  # fmt: skip
    rivals = {"crps_difference": empirical, "crps_difference_to_smoothed": others["smoothed_weights"]["crps"]}
    summed = means(ours | {name: ours["crps"] - theirs for name, theirs in rivals.items()}, proposal)
    baselines = {rule: means(each, proposal) for rule, each in others.items()}
    for part, where in (("unseen", ~seen), ("left_out", seen)):
        if where.any():
            summed[f"{part}_issues"] = Score.exactly(float(where.sum()))
            for into, each in zip((summed, *baselines.values()), (ours, *others.values()), strict=True):
                told = {name: each[name] for name in ("crps", "mae", "coverage80", "width80") if name in each}
                into |= means(told, proposal, where, part + "_{}")
    yes_no = np.array([set(i.position) <= {0.0, 100.0} and i.outcome != 50.0 for i in issues])
    grid_yes = mass[:, GRID > 50].sum(1) + mass[:, GRID == 50].sum(1) / 2
    share, of_grid = (
        means({"brier_yes_no": brier(said, outcome > 50)}, proposal, yes_no) for said in (mean / 100, grid_yes)
    )
    summed |= share
    baselines["weighted_mean"] |= share
    baselines["terms_distribution"] = of_grid
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


def forecast(features: NDArray[np.float64], proposal: NDArray) -> tuple[list[Distribution], NDArray[np.bool_]]:
    """Each issue's distribution by what never saw the proposal, and where a fit had to leave it out (issue,)."""
    marks = [fingerprint(str(name)) for name in proposal]
    found = [WITHOUT.get(mark, SHIPPED).over(rows) for mark, rows in zip(marks, features, strict=True)]
    return found, np.array([mark in WITHOUT for mark in marks])


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
