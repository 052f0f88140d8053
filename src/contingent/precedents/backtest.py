"""Whether the record of past decisions forecasts decisions it has not seen better than the base rate does.

Four splits: every country left out in turn; every operation left out; the same on contested operations only (some
joined, some declined); and decisions from a year on forecast from those before it. The shipped table's rows train too,
unless they fall in the part left out; the country effect is used wherever its other decisions may be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from contingent.errors import DataError
from contingent.precedents import waiting
from contingent.precedents.cases import Case, asked, read_cases, shipped_cases
from contingent.precedents.forecast import country_effect, fit, matrix
from contingent.scoring import Score, Scorecard, brier, cluster_bootstrap, log_score, sha256_of

YEARS = (1995, 2003, 2010)  # the years of the project's study of the table; 2003 is the one that is headlined
HEADLINE = 2003


def precedents(data: Path) -> Scorecard:
    """The backtest task `precedents` on a file with the layout of the shipped table.

    Raises:
        DataError: the file does not have that layout.
    """
    data = table_at(data)
    tested = asked(read_cases(data))
    ids = {case.case_id for case in tested}
    everything = (*tested, *(case for case in asked(shipped_cases()) if case.case_id not in ids))
    country = np.array([case.query.iso3 for case in everything])
    operation = np.array([case.op_key for case in everything])
    count = len(tested)
    y = np.array([case.joined for case in everything], dtype=float)
    scores: dict[str, Score] = {}
    base: dict[str, Score] = {}

    def report(name: str, ours: NDArray, theirs: NDArray, rows: NDArray, cluster: NDArray) -> None:
        for rule, kind in ((brier, "brier"), (log_score, "log_score")):
            key = kind + name
            scores[key] = cluster_bootstrap(rule(ours[rows], y[rows]), cluster[rows])
            base[key] = cluster_bootstrap(rule(theirs[rows], y[rows]), cluster[rows])

    mine = np.arange(len(everything)) < count
    ours, theirs = left_out(everything, country, mine, own_record=False)
    report("", ours, theirs, mine, country)
    scores["calibration_slope"], scores["calibration_intercept"] = calibration(ours[mine], y[mine], country[mine])
    ours, theirs = left_out(everything, operation, mine, own_record=True)
    report("_operation", ours, theirs, mine, operation)
    contested = np.array([len(set(y[operation == key])) == 2 for key in operation])
    report("_contested", ours, theirs, mine & contested, operation)
    year = np.array([case.year for case in everything])
    for cut in YEARS:
        late = mine & (year >= cut)
        ours, theirs = later(everything, year < cut)
        report(f"_time_{cut}", ours, theirs, late, operation)
    for kind in ("brier", "log_score"):
        scores[f"{kind}_time"], base[f"{kind}_time"] = (
            scores[f"{kind}_time_{HEADLINE}"],
            base[f"{kind}_time_{HEADLINE}"],
        )
    took = months_taken(tested, everything)
    scores |= {key: ours for key, (ours, _) in took.items()}
    baselines = {"base_rate": base, "empirical": {key: theirs for key, (_, theirs) in took.items()}}
    return Scorecard(
        task="precedents",
        data_sha256=sha256_of(data),
        cutoff="each country, each operation, or every decision from a year on, left out of the fit it is scored by",
        n=count,
        scores=scores,
        baselines=baselines,
        notes=tuple(
            f"{key} is not below the {name.replace('_', ' ')}"
            for name, theirs in baselines.items()
            for key in theirs
            if scores[key].value >= theirs[key].value
        ),
    )


def months_taken(tested: Sequence[Case], everything: Sequence[Case]) -> dict[str, tuple[Score, Score]]:
    """Scores of the months from ask to decision, each operation left out: ours, and those of all others as they are."""
    mine, train = waiting.timed(tested), waiting.timed(everything)
    ours, theirs = np.zeros((2, len(mine))), np.zeros((2, len(mine)))
    operation = np.array([case.op_key for case in mine])
    for name in np.unique(operation):
        out, others = operation == name, [case for case in train if case.op_key != name]
        held = [case for case in mine if case.op_key == name]
        ours[:, out] = waiting.surprise_and_crps(held, waiting.fit(others))
        theirs[:, out] = waiting.surprise_and_crps_of_base(held, others)
    return {
        key: (cluster_bootstrap(ours[row], operation), cluster_bootstrap(theirs[row], operation))
        for row, key in enumerate(("log_score_months", "crps_months"))
    }


def table_at(data: Path) -> Path:
    """The file meant: itself, or the only CSV of a folder.

    Raises:
        DataError: a folder with no CSV, or with several.
    """
    if not data.is_dir():
        return data
    found = sorted(data.glob("*.csv"))
    if len(found) != 1:
        raise DataError(f"{data}: one CSV of decisions is needed here, found {len(found)}; name the file itself")
    return found[0]


def left_out(
    cases: Sequence[Case], group: NDArray, scored: NDArray, *, own_record: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probability of joining for every scored case from all other groups, and their base rate; nan elsewhere."""
    x, y = matrix(cases)
    country = np.array([case.query.iso3 for case in cases])
    ours, theirs = np.full(len(y), np.nan), np.full(len(y), np.nan)
    for name in np.unique(group[scored]):
        out = group == name
        ours[out] = predicted(x, y, country, ~out, out, own_record=own_record)
        theirs[out] = y[~out].mean() if (~out).any() else 0.5
    return ours, theirs


def later(cases: Sequence[Case], early: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probability of joining for the cases that are not `early`, from those that are, and the early base rate."""
    x, y = matrix(cases)
    country = np.array([case.query.iso3 for case in cases])
    ours = np.full(len(y), np.nan)
    ours[~early] = predicted(x, y, country, early, ~early, own_record=True)
    return ours, np.full(len(y), y[early].mean() if early.any() else 0.5)


def predicted(
    x: NDArray, y: NDArray, country: NDArray, train: NDArray, test: NDArray, *, own_record: bool
) -> NDArray[np.float64]:
    """Probability of joining for the rows in `test` from the rows in `train`; one half where there are none."""
    if not train.any():
        return np.full(int(test.sum()), 0.5)
    model = fit(x[train], y[train])
    logit = model.logit(x[test])
    if own_record:
        for name in np.unique(country[test]):
            own = train & (country == name)
            logit[country[test] == name] += country_effect(model, x[own], y[own])
    return expit(logit)


def calibration(p: NDArray, y: NDArray, cluster: NDArray) -> tuple[Score, Score]:
    """Slope (1 is ideal) and intercept (0) of a logistic regression of what happened on the forecast's log odds."""
    x = np.log(p / (1 - p))[:, None]

    def line(rows: NDArray) -> tuple[float, float]:
        model = fit(x[rows], y[rows], penalty=1e-6)
        return float(model.slope[0]), model.intercept

    slope, intercept = line(np.arange(len(y)))
    names, member = np.unique(cluster, return_inverse=True)
    rng = np.random.Generator(np.random.Philox(3))
    rows = [np.flatnonzero(member == i) for i in range(len(names))]
    draws = [line(np.concatenate([rows[i] for i in rng.integers(0, len(names), len(names))])) for _ in range(200)]
    (low, high) = np.quantile(np.array(draws), [0.05, 0.95], axis=0)
    return Score(slope, float(low[0]), float(high[0])), Score(intercept, float(low[1]), float(high[1]))
