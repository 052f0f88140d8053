"""Who takes its troops home, and do own losses decide it?

    uv run python benchmarks/freeze_withdrawal.py ../shared/data

Prints what `mission/data/priors.csv` says of leaving. Two records: the *panel*, every contributor of 50 or more people
to a UN mission, by month to March 2014 and by year to 2021, with its hostile deaths since 1990; and the *bank*,
`mission/data/withdrawals.csv`, contributors chosen because they had losses. A contributor *leaves early* where it falls
to a tenth of its peak for good while the mission goes on above half its strength a year later; months in which the
mission does not are not counted. The chance of leaving within an interval is 1 - exp(-weeks w (1 + dead)**slope).
Contributors with much at stake are large, lose many and stay; the slope is therefore read beside others of the same
mission and size. Intervals are of 90 %, by resampling whole missions or forces.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln, ndtri

from contingent.mission.parameters import priors
from contingent.mission.tables import shipped
from contingent.quantities import Estimate, Unit

WEEKS = 52.1775  # a year
SAME = {"MONUC": "MONUSCO"}  # one mission, renamed
LEAST, LEFT, GOES_ON = 50, 0.1, 0.5  # people at the peak; share of the peak; share of the mission a year later
DRAWS = 400
SLOPES, LEVELS = 1.5, 1.0
"""Standard deviations of slopes and of the levels of missions (log): weak priors, judgement."""


def strengths(data: Path) -> pd.Series:
    """People by contributor, mission and time (in years): months to March 2014, then yearly means."""
    month = pd.read_csv(data / "tcc" / "ipi_contributor_mission_month_2009_2014.csv.gz")
    month["when"] = month["date"].str[:4].astype(int) + month["date"].str[5:7].astype(int) / 12
    year = pd.read_csv(data / "un_later" / "un_contributors_year_2011_2021.csv").query("year >= 2014")
    middle = {2014: 0.625, 2021: 1 / 12}  # what is left of 2014 after March; of 2021 only January is there
    year = year.assign(when=[y + middle.get(y, 0.5) for y in year["year"]])
    both = pd.concat([month.rename(columns={"total": "people"}), year])
    both["mission"] = both["mission"].replace(SAME)
    return both.groupby(["iso3", "mission", "when"])["people"].sum()


def panel(data: Path, *, least: float = LEAST, goes_on: float = GOES_ON) -> pd.DataFrame:
    """One row an interval in which a contributor could leave early: weeks, deaths until then, and whether it left."""
    people = strengths(data)
    missions = people.groupby(["mission", "when"]).sum()
    times = np.array(sorted(set(people.index.get_level_values("when"))))
    killed = pd.read_csv(data / "un_later" / "un_hostile_deaths_contingent_month.csv")
    killed["mission"] = killed["mission_acronym"].replace(SAME)
    killed["when"] = killed["month"].str[:4].astype(int) + killed["month"].str[5:7].astype(int) / 12
    by, none = dict(list(killed.groupby(["isocode3", "mission"]))), killed[:0]
    rows = []
    for (state, mission), own in people.groupby(level=[0, 1]):
        whole = missions[mission].reindex(times).fillna(0).to_numpy()
        here = own.droplevel([0, 1]).reindex(times).fillna(0).to_numpy()
        deaths, on = by.get((state, mission), none)[["deaths", "when"]].to_numpy().T
        for k in range(1, len(times) - 1):
            peak = here[:k].max()
            later = min(np.searchsorted(times, times[k] + 1 - 1e-6), len(times) - 1)
            if peak < least or here[k - 1] <= LEFT * peak or whole[later] <= goes_on * whole[k - 1]:
                continue
            until = times[k] - (1 / 12 if times[k] < 2014.3 else 0.5) + 1e-6
            dead, recent = deaths[on <= until].sum(), deaths[(on <= until) & (on > until - 0.5)].sum()
            gone = bool((here[k:] <= LEFT * peak).all())
            weeks = (times[k] - times[k - 1]) * WEEKS
            rows.append((state, mission, times[k], weeks, peak, dead, recent, gone))
    return pd.DataFrame(rows, columns=["state", "mission", "when", "weeks", "peak", "dead", "recent", "gone"])


def months(text: str) -> int:
    """Months since year 0."""
    return 12 * int(text[:4]) + int(text[5:7])


def bank() -> pd.DataFrame:
    """The same rows for the bank: month by month from the loss it is in for, deaths on a straight line in the log."""
    rows = []
    for one in shipped("withdrawals").itertuples():
        first, last = months(one.then), months(one.last)
        for at in range(first, max(last, first + 1)):
            share = (at + 1 - first) / max(1, last - first)
            dead = np.expm1((1 - share) * np.log1p(one.dead_then) + share * np.log1p(one.dead))
            gone = one.left == "early" and at + 1 >= last
            in_panel = "also in the panel" in str(one.note)
            rows.append(
                (one.contributor, one.force, at / 12, WEEKS / 12, one.strength, dead, gone, one.support, in_panel)
            )
    columns = ["state", "mission", "when", "weeks", "peak", "dead", "gone", "support", "in_panel"]
    return pd.DataFrame(rows, columns=columns)


def likeliest(rows: pd.DataFrame, columns: list[np.ndarray], *, levels: bool = False) -> tuple[np.ndarray, float]:
    """Log w, a slope for each column and the log score; with a level for every mission where `levels`."""
    known = [np.ones(len(rows)), *columns]
    if levels:
        known += [(rows["mission"] == name).to_numpy() for name in rows["mission"].unique()]
    x, weeks, gone = np.column_stack(known).astype(float), rows["weeks"].to_numpy(), rows["gone"].to_numpy()
    tight = np.array([0.0] + [SLOPES**-2] * len(columns) + [LEVELS**-2] * (len(known) - 1 - len(columns)))

    def total(at: np.ndarray) -> tuple[float, np.ndarray]:
        hazard = np.clip(np.exp(np.clip(x @ at, -30, 8)) * weeks, 1e-12, 50)
        score = np.where(gone, -np.log(-np.expm1(-hazard)), hazard).sum()
        slope = np.where(gone, -hazard / np.expm1(hazard), hazard)
        return score + 0.5 * (tight * at**2).sum(), x.T @ slope + tight * at

    start = np.zeros(len(known))
    start[0] = np.log(max(0.5, gone.sum()) / weeks.sum())
    found = minimize(total, start, jac=True, method="L-BFGS-B")
    return found.x[: 1 + len(columns)], found.fun


def lost(rows: pd.DataFrame) -> np.ndarray:
    """log(1 + own dead)."""
    return np.log1p(rows["dead"].to_numpy(float))


def size(rows: pd.DataFrame) -> np.ndarray:
    """Log of the peak, beside a battalion of 500."""
    return np.log(rows["peak"].to_numpy(float) / 500)


def alone(rows: pd.DataFrame) -> np.ndarray:
    """Log w and the slope on own dead, nothing else known."""
    return likeliest(rows, [lost(rows)])[0]


def alike(rows: pd.DataFrame) -> np.ndarray:
    """Log w at 500 people and the slope on own dead, beside others of the same mission and size."""
    return likeliest(rows, [lost(rows), size(rows)], levels=True)[0][:2]


def surprise(at: np.ndarray, rows: pd.DataFrame) -> float:
    """Minus the log score of rows under log w and, where `at` has it, a slope."""
    hazard = np.exp(at[0] + (at[1] * lost(rows) if len(at) > 1 else 0.0)) * rows["weeks"].to_numpy()
    return float(np.where(rows["gone"], -np.log(-np.expm1(-hazard)), hazard).sum())


def resampled(rows: pd.DataFrame, rng: np.random.Generator, fitting=alike) -> np.ndarray:
    """Fits on whole missions drawn with replacement; a mission drawn twice counts twice."""
    parts = [part for _, part in rows.groupby("mission")]
    drawn = rng.integers(len(parts), size=(DRAWS, len(parts)))
    return np.array([fitting(pd.concat([parts[i] for i in one])) for one in drawn])


def next_force(rows: pd.DataFrame) -> tuple[float, float]:
    """Mean w and the shape of its gamma spread between forces (leavings Poisson in a force's contributor-weeks)."""
    seen = rows.groupby("mission")[["weeks", "gone"]].sum()
    n, weeks = seen["gone"].to_numpy(float), seen["weeks"].to_numpy()

    def total(at: np.ndarray) -> float:
        k, e = np.exp(at[1]), np.exp(at[0]) * weeks
        return -(gammaln(k + n) - gammaln(k) + k * np.log(k / (k + e)) + n * np.log(e / (k + e))).sum()

    found = minimize(total, np.array([np.log(n.sum() / weeks.sum()), 0.0]), method="Nelder-Mead").x
    return float(np.exp(found[0])), float(np.exp(found[1]))


def left_out(rows: pd.DataFrame) -> dict[str, float]:
    """Minus the log score of missions left out, with own dead and without."""
    out = {"with own dead": 0.0, "constant": 0.0}
    for name in rows["mission"].unique():
        here, others = rows[rows["mission"] == name], rows[rows["mission"] != name]
        out["with own dead"] += surprise(alone(others), here)
        out["constant"] += surprise(likeliest(others, [])[0], here)
    return out


def later(rows: pd.DataFrame, year: float = 2014.3) -> dict[str, float]:
    """The same of the years after `year`, fitted on those before."""
    before, after = rows[rows["when"] < year], rows[rows["when"] >= year]
    return {"with own dead": surprise(alone(before), after), "constant": surprise(likeliest(before, [])[0], after)}


def together(slopes: list[np.ndarray]) -> np.ndarray:
    """Draws of one slope from those of both records, each weighed by its precision."""
    precision = np.array([1 / draws.var() for draws in slopes])
    return np.average(slopes, axis=0, weights=precision)


def polls() -> tuple[float, float, int]:
    """Mean, standard deviation and number of the shares for staying among the bank's polls."""
    found = shipped("withdrawals")["support"].dropna()
    return float(found.mean()), float(found.std()), len(found)


def as_shipped() -> np.ndarray:
    """Log w and slope that the shipped priors' medians stand for, at the support the bank's polls show."""
    best = {name: prior.estimate.best for name, prior in priors().items()}
    calm = np.log(best["leaving_rate"]) - best["leaving_slope"] * (polls()[0] - best["leaving_reference"])
    return np.array([calm, best["leaving_slope"] * best["home_sensitivity"]])


def slope_of_support(rows: pd.DataFrame) -> np.ndarray:
    """Quantiles 5, 50, 95 % of b: the judgement 4 (2 to 8), weighed by what the rows with a poll say."""
    asked = rows[rows["support"].notna()]
    grid = Estimate(4, 2, 8, unit=Unit("1", 0)).quantile((np.arange(2000) + 0.5) / 2000)
    below = polls()[0] - asked["support"].to_numpy()
    weeks, gone = asked["weeks"].to_numpy(), asked["gone"].to_numpy()
    score = []
    for b in grid:
        base = np.log(gone.sum() / (weeks * np.exp(b * below)).sum())
        hazard = np.exp(base + b * below) * weeks
        score.append(np.where(gone, np.log(-np.expm1(-hazard)), -hazard).sum())
    weight = np.exp(np.array(score) - max(score))
    order = np.argsort(grid)
    return np.interp([0.05, 0.5, 0.95], np.cumsum(weight[order]) / weight.sum(), grid[order])


def sensitivity(slopes: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Quantiles 5, 50, 95 % of psi with which psi b has the quantiles of `slopes`, b being independent of psi."""
    u = (np.arange(100) + 0.5) / 100
    by = Estimate(b[1], b[0], b[2], unit=Unit("1", 0)).quantile(u)
    wanted = np.quantile(slopes, [0.05, 0.5, 0.95])

    def off(psi: np.ndarray) -> float:
        low, best, high = psi
        z = ndtri(u)
        values = best + np.where(z < 0, best - low, high - best) / ndtri(0.95) * z
        return float(((np.quantile(np.outer(values, by), [0.05, 0.5, 0.95]) - wanted) ** 2).sum())

    return minimize(off, wanted / b[1], method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-9}).x


def told(values: np.ndarray) -> str:
    """Median and 90 % interval."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def records(data: Path) -> dict[str, pd.DataFrame]:
    """The panel, and the bank without the rows that the panel has too."""
    others = bank()
    return {"panel": panel(data), "bank": others[~others["in_panel"]]}


def main() -> None:
    """Print both fits, how they score on what they did not see, and what the priors become."""
    both, rng, slopes = records(Path(sys.argv[1])), np.random.Generator(np.random.Philox(7)), []
    for name, rows in both.items():
        spells = rows.groupby(["state", "mission"])
        years, left = rows["weeks"].sum() / WEEKS, int(rows["gone"].sum())
        print(f"{name}: {spells.ngroups} contributors of {rows['mission'].nunique()} forces, {years:.0f} years, "
              f"{int((spells['dead'].max() > 0).sum())} with own dead, "
              f"{left} left early ({left / years:.3f} a year)")  # fmt: skip
        draws = resampled(rows, rng)
        slopes.append(draws[:, 1])
        print(f"  slope alone {alone(rows)[1]:.2f}, {told(resampled(rows, rng, alone)[:, 1])}; "
              f"same mission and size {alike(rows)[1]:.2f}, {told(draws[:, 1])}")  # fmt: skip
        print("  missions left out, minus log score:", {k: round(v, 1) for k, v in left_out(rows).items()})
        print(f"  priors as shipped: {surprise(as_shipped(), rows):.1f}")
        mean, shape = next_force(rows)
        print(f"  rate of the next force: {told(rng.gamma(shape, mean / shape, 100_000))} a week, shape {shape:.2f}")
    for change in ({"goes_on": 0.8}, {"least": 150}):
        rows = panel(Path(sys.argv[1]), **change)
        gone, slope = int(rows["gone"].sum()), alone(rows)[1]
        print(f"panel with {change}: {gone} left, slope {slope:.2f}, alike {alike(rows)[1]:.2f}")
    print("years after March 2014, fitted before:", {k: round(v, 1) for k, v in later(both["panel"]).items()})
    mean, shape = next_force(pd.concat(both.values()))
    print(f"leaving_rate, both records: {told(rng.gamma(shape, mean / shape, 100_000))} a week, shape {shape:.2f}")
    print("leaving_reference: mean {:.2f}, standard deviation {:.2f} of {} polls".format(*polls()))
    b, slope = slope_of_support(both["bank"]), together(slopes)
    print(f"leaving_slope {b[1]:.2g} ({b[0]:.2g} to {b[2]:.2g}); slope on own dead, both records {told(slope)}")
    psi = sensitivity(slope, b)
    print(f"home_sensitivity {psi[1]:.3f} ({psi[0]:.3f} to {psi[2]:.3f})")


if __name__ == "__main__":
    main()
