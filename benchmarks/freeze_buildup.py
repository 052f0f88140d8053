"""How long after the mandate do the people of a mission come, and how alike are those of one mission?

    uv run python benchmarks/freeze_buildup.py ../shared/data/tcc

Prints what `precedents/waiting.py` says of `BUILD_UP`, `TOGETHER` and `APART`. A contributor's share comes T
weeks after the mandate,

    log T = mu + mission + own,   mission ~ N(0, between^2),   own ~ N(0, within^2)

so that by week t the mission has filled Phi((log t - mu - mission) / within) of what comes at all (`COMPLETE` of the
authorized strength), beside an error of `rough` for the lumps in which units come. Where a tenth or more was there on
the day of the mandate (a force to take over from), what is filled is the gap. Fitted by likelihood on UN missions since
1999 (`derived_fillup_since_mandate.csv`), the mission's effect integrated out.

Scored on missions left out, on all months of the record, beside the record of the others itself and the rule before it
(5 (1 to 26) weeks beyond a usual notice of two to four months, each contributor on its own); then, with the fit as it
is, on missions of 1992 to 1998 that it never saw (`derived_fillup_by_mission.csv`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import norm

from contingent.force.deploy import COMPLETE
from contingent.notation import parse_estimate
from contingent.quantities import WEEKS_A_MONTH, Unit

MONTHS = (1, 2, 3, 6, 9, 12, 18, 24, 36)
WEEKS = Unit("week", 0)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
LATE, NOTICE = parse_estimate("5 (1 to 26) weeks", WEEKS), parse_estimate("13 (9 to 17) weeks", WEEKS)
CONTRIBUTORS = 12  # with formed units of about one size: a judgement, for the rule before
DRAWS = 4000
# Record from within two months of the mandate on, at least 500 authorized by then (resolutions 743, 751, 745, 872, 940,
# 1037, 1159); nobody's record above begins before 1999.
UNSEEN = ("UNPROFOR", "UNOSOM", "UNTAC", "UNAMIR", "UNMIH", "UNTAES", "MINURCA")
Months = tuple[int, ...]


def filled(rows: pd.DataFrame, months: Months) -> np.ndarray:
    """Share of the gap to what comes at all that is filled by each month, (mission, month); nan where not known."""
    fill = rows[[f"m{month}" for month in months]].to_numpy(float) / COMPLETE.best
    there = rows["m0"].fillna(0.0).to_numpy() if "m0" in rows else np.zeros(len(rows))
    there = np.where(there >= 0.1, there / COMPLETE.best, 0.0)[:, None]
    return np.clip((fill - there) / (1 - there), 0.0, 1.0)


def surprise(at: np.ndarray, fill: np.ndarray, months: Months) -> np.ndarray:
    """Negative log likelihood of each mission; `at` is mu, and the logs of within, between and rough."""
    weeks, (within, between, rough) = np.log(np.array(months) * WEEKS_A_MONTH), np.exp(at[1:])
    mean = norm.cdf((weeks - at[0] - between * NODES[:, None]) / within)
    each = np.nan_to_num(norm.logpdf(fill[:, None, :], mean, rough)).sum(2)
    return -np.logaddexp.reduce(each + np.log(WEIGHTS / WEIGHTS.sum()), axis=1)


def fit(fill: np.ndarray, months: Months = MONTHS) -> np.ndarray:
    """Mu and the logs of within, between and rough at their likeliest."""
    start = np.array([2.9, 0.0, 0.0, -2.0])
    return minimize(lambda at: surprise(at, fill, months).sum(), start, method="Nelder-Mead",
                    options={"maxiter": 4000, "xatol": 1e-5, "fatol": 1e-6}).x  # fmt: skip


def forecast(at: np.ndarray, months: Months, rng: np.random.Generator) -> np.ndarray:
    """What the fit expects of a new mission, (draw, month)."""
    weeks, (within, between, rough) = np.log(np.array(months) * WEEKS_A_MONTH), np.exp(at[1:])
    mean = norm.cdf((weeks - at[0] - between * rng.standard_normal((DRAWS, 1))) / within)
    return np.clip(mean + rough * rng.standard_normal((DRAWS, 1)), 0.0, 1.0)


def rule_before(months: Months, rng: np.random.Generator) -> np.ndarray:
    """What the rule before expects of a mission, (draw, month)."""
    notice, late = (each.quantile(rng.random((DRAWS, CONTRIBUTORS))) for each in (NOTICE, LATE))
    return (((notice + late)[:, :, None]) <= np.array(months) * WEEKS_A_MONTH).mean(1)


def score(draws: np.ndarray, fill: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Continuous ranked probability score of each month known, and whether the 80 % interval holds it."""
    known = ~np.isnan(fill)
    draws, fill = np.sort(draws[:, known], axis=0), fill[known]
    rank = 2 * np.arange(1, len(draws) + 1) - len(draws) - 1
    apart = (rank[:, None] * draws).sum(0) / len(draws) ** 2
    low, high = np.quantile(draws, [0.1, 0.9], axis=0)
    return np.abs(draws - fill).mean(0) - apart, (low <= fill) & (fill <= high)


def told(name: str, scores: list[tuple[np.ndarray, np.ndarray]]) -> str:
    """One line: the mean score, and how often the interval held."""
    return f"  {name:24} CRPS {np.concatenate([s for s, _ in scores]).mean():.3f}, 80 % interval holds " + (
        f"{np.concatenate([h for _, h in scores]).mean():.0%}"
    )


def main() -> None:
    """Print the fit, its interval, and its scores on missions left out and never seen."""
    folder, rng = Path(sys.argv[1]), np.random.Generator(np.random.Philox(7))
    past = pd.read_csv(folder / "derived_fillup_since_mandate.csv")
    fill = filled(past, MONTHS)
    best = fit(fill)
    again = np.array([fit(fill[rng.integers(0, len(fill), len(fill))]) for _ in range(200)])
    for name, value, spread in zip(
        ("median", "within", "between", "rough"), np.exp(best), np.exp(again.T), strict=True
    ):
        low, high = np.quantile(spread, [0.05, 0.95])
        print(f"{name:8} {value:.3f} ({low:.3f} to {high:.3f})")
    for share in (0.1, 0.5, 0.9):
        middle, spread = best[0] + np.exp(best[1]) * norm.ppf(share), np.exp(best[2]) * norm.ppf(0.95)
        print(f"weeks to {share:.0%} of what comes: " + ", ".join(
            f"{np.exp(middle + at):.0f}" for at in (0.0, -spread, spread)) + " (median, 90 % of missions)")  # fmt: skip
    names = ("fit", "record of the others", "rule before")
    scores = {name: [] for name in names}
    for mission in range(len(past)):
        others = np.delete(fill, mission, axis=0)
        record = np.concatenate([others[:, [m]][~np.isnan(others[:, m])][rng.integers(0, 10**6, DRAWS) % np.sum(
            ~np.isnan(others[:, m]))] for m in range(len(MONTHS))], axis=1)  # fmt: skip
        for name, draws in zip(
            names, (forecast(fit(others), MONTHS, rng), record, rule_before(MONTHS, rng)), strict=True
        ):
            scores[name].append(score(draws, fill[mission]))
    print(f"each of {len(past)} missions left out")
    print("\n".join(told(name, found) for name, found in scores.items()))
    months = (3, 6, 12, 18, 24)
    early = pd.read_csv(folder / "derived_fillup_by_mission.csv").set_index("mission").loc[list(UNSEEN)]
    unseen = filled(early, months)
    print(f"{len(early)} missions never seen")
    for name, draws in (("fit", forecast(best, months, rng)), ("rule before", rule_before(months, rng))):
        print(told(name, [score(draws, row) for row in unseen]))


if __name__ == "__main__":
    main()
