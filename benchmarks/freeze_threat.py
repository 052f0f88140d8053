"""How does the rate at which a force is killed rise with the violence around it?

    uv run python benchmarks/freeze_threat.py ../shared/data

Prints what `mission/data/priors.csv` says of `threat_elasticity`: the slope of log hostile deaths a person-year on
log(1 + deaths by organised violence in the host state that year), negative binomial, and its interval by resampling
whole missions; beside it the fit without violence, on the same missions and on missions left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln

DRAWS = 400


def joined(data: Path) -> pd.DataFrame:
    """Mission-years with person-years, hostile deaths and the deaths by violence in their host states."""
    deaths = pd.read_csv(data / "peacekeeper_fatalities" / "uniformed_fatality_rates_mission_year_1990_2017.csv")
    hosts = pd.read_csv(data / "violence" / "violence_missions.csv")
    month = pd.read_csv(data / "violence" / "violence_country_month_nonzero_1989_2024.csv")
    month["all"] = month["all_early"].fillna(month["all_late"])
    yearly = month.groupby(["iso3", "year"])["all"].sum()
    where = dict(zip(hosts["mission"], hosts["iso3"], strict=True))
    rows = deaths[deaths["mission"].isin(where) & (deaths["py"] > 0)].copy()
    rows["around"] = [
        sum(float(yearly.get((state, year), 0.0)) for state in where[mission].split(","))
        for mission, year in zip(rows["mission"], rows["year"], strict=True)
    ]
    return rows.rename(columns={"Malicious Act": "killed"})[["mission", "year", "py", "killed", "around"]]


def surprise(at: np.ndarray, rows: pd.DataFrame, *, violence: bool = True) -> np.ndarray:
    """Negative log likelihood of each row; `at` is intercept, slope and log dispersion."""
    slope = at[1] if violence else 0.0
    mean = np.exp(at[0] + slope * np.log1p(rows["around"].to_numpy())) * rows["py"].to_numpy()
    size, y = np.exp(-at[2]), rows["killed"].to_numpy()
    return -(gammaln(y + size) - gammaln(size) - gammaln(y + 1)
             + size * np.log(size / (size + mean)) + y * np.log(mean / (size + mean)))  # fmt: skip


def fit(rows: pd.DataFrame, *, violence: bool = True) -> np.ndarray:
    """Intercept, slope and log dispersion at their likeliest."""
    start = np.array([-8.0, 0.2, 1.0])
    return minimize(lambda at: surprise(at, rows, violence=violence).sum(), start, method="Nelder-Mead",
                    options={"maxiter": 4000, "xatol": 1e-5, "fatol": 1e-6}).x  # fmt: skip


def main() -> None:
    """Print the fit, its interval, and its score on missions left out."""
    rows = joined(Path(sys.argv[1]))
    names = rows["mission"].unique()
    best, plain = fit(rows), fit(rows, violence=False)
    rng = np.random.Generator(np.random.Philox(7))
    by = {name: rows[rows["mission"] == name] for name in names}
    slopes = [fit(pd.concat([by[n] for n in rng.choice(names, len(names))]))[1] for _ in range(DRAWS)]
    low, high = np.quantile(slopes, [0.05, 0.95])
    print(f"{len(rows)} mission-years, {len(names)} missions, {rows['killed'].sum():.0f} hostile deaths")
    print(f"log rate = {best[0]:.2f} + {best[1]:.3f} ({low:.3f} to {high:.3f}) log(1 + deaths), "
          f"dispersion {np.exp(best[2]):.2f}")  # fmt: skip
    print(f"log likelihood {-surprise(best, rows).sum():.1f}; without violence "
          f"{-surprise(plain, rows, violence=False).sum():.1f}")  # fmt: skip
    mean = rows["killed"].sum() / rows["py"].sum()
    print(f"the mean rate {1000 * mean:.3f} per 1,000 person-years is met at "
          f"{np.exp((np.log(mean) - best[0]) / best[1]) - 1:.0f} deaths a year")  # fmt: skip
    out = {True: 0.0, False: 0.0}
    for name in names:
        for violence in out:
            others = fit(rows[rows["mission"] != name], violence=violence)
            out[violence] += surprise(others, by[name], violence=violence).sum()
    print(f"missions left out: log score {out[True]:.1f} with violence, {out[False]:.1f} without (less is better)")


if __name__ == "__main__":
    main()
