"""Whether the record of past decisions forecasts decisions it has not seen better than the base rate does.

Backtest, in one of two ways. `folds`: every country left out in turn; every operation; the same on contested operations
(some joined, some declined); decisions from a year on from those before it; and every decision from those taken before
its month, as the product would have said it. The shipped table's rows train too. `shipped`: the file's rows are
forecast from the shipped table and nothing else; a decision that is in it is forecast without itself. What a yes is to,
and the time from ask to decision, are scored beside it, operations left out.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contingent.errors import DataError, InputError, did_you_mean
from contingent.precedents import forecast, waiting
from contingent.precedents.cases import Case, asked, read_cases, shipped_cases
from contingent.precedents.regression import fit, fit_mixed
from contingent.scoring import Score, Scorecard, means, of_chances, resampled, sha256_of

YEARS = (1995, 2003, 2010)  # the years of the project's study of the table; 2003 is the one that is headlined
HEADLINE = 2003
ENOUGH = 50  # decisions taken before one that is forecast from them alone; with fewer it is not scored (judgement)
FITS = ("folds", "shipped")
BEFORE = "{}_as_of"  # every decision from those taken before its month
Part = tuple[NDArray[np.intp], Sequence[Case]]
"""Rows of the tested cases, and the cases they are forecast from."""

Split = tuple[Sequence[Part], dict[str, tuple[NDArray, NDArray[np.bool_]]]]
"""A way to leave out, and what of it is scored: name (such as `{}_contested`) to clusters and rows, each (case,)."""


def precedents(data: Path, fit: str = "folds") -> Scorecard:
    """The backtest task `precedents` on a file with the layout of the shipped table; `fit` is one of `FITS`.

    Raises:
        InputError: no such `fit`.
        DataError: the file does not have that layout.
    """
    if fit not in FITS:
        raise InputError(f"--fit {fit}: {did_you_mean(fit, list(FITS))}")
    data = table_at(data)
    tested = asked(read_cases(data))
    if not tested:
        raise DataError(f"{data.name}: no decision to join or not; all its rows are withdrawals")
    y, (country, operation, _) = _joined(tested), _columns(tested)
    scores: dict[str, Score] = {}
    baselines: dict[str, dict[str, Score]] = {"base_rate": {}, "share_limited": {}, "empirical": {}}
    forecasts: dict[str, list] = {}
    splits, parts = (folds if fit == "folds" else what_ships)(tested, asked(shipped_cases()))
    for left_out, told in splits:
        found = joining(tested, left_out)
        for name, (clusters, rows) in told.items():
            for into, said in zip((scores, baselines["base_rate"]), found, strict=True):
                into |= of_chances(said, y, clusters, rows, name)
            if name == BEFORE:
                month = [case.month[:7] for case, known in zip(tested, rows, strict=True) if known]
                said, base = (np.round(each[rows], 4).tolist() for each in found)
                forecasts = {"month": month, "said": said, "base": base, "came": y[rows].astype(int).tolist()}
            if name == "{}":
                scores["calibration_slope"], scores["calibration_intercept"] = calibration(found[0], y, country)
    if fit == "folds":
        for into in (scores, baselines["base_rate"]):
            into |= {f"{kind}_time": into[f"{kind}_time_{HEADLINE}"] for kind in ("brier", "log_score")}
    limited = forecast.limited(tested)
    for into, said in zip((scores, baselines["share_limited"]), extents(tested, parts), strict=True):
        into |= of_chances(said, limited, operation, y == 1, "{}_limited")
    timed = np.array([case.months is not None for case in tested])
    for into, (surprise, crps) in zip((scores, baselines["empirical"]), months_taken(tested, parts), strict=True):
        into |= means({"log_score_months": surprise, "crps_months": crps}, operation, timed)
    return Scorecard(
        task="precedents", data_sha256=sha256_of(data),
        cutoff="each country, each operation, or all that came later, left out of the fit it is scored by"
        if fit == "folds" else "fitted on the shipped table alone, without the decision scored where that is in it",
        n=len(tested), scores=scores, baselines=baselines, forecasts=forecasts,
        notes=tuple(f"{key} is not below the {name.replace('_', ' ')}" for name, theirs in baselines.items()
                    for key in theirs if scores[key].value >= theirs[key].value),
    )  # fmt: skip


def folds(tested: Sequence[Case], shipped: Sequence[Case]) -> tuple[list[Split], Sequence[Part]]:
    """One part of everything left out at a time, and the parts by operation; the shipped rows train, too."""
    everything = [*tested, *(case for case in shipped if not any(same(case, other) for other in tested))]
    country, operation, year = _columns(tested)
    every, split = np.ones(len(tested), dtype=bool), contested(tested, everything)
    by_operation = leaving_out(tested, everything, lambda case: case.op_key)
    past = before_each(tested, everything)
    known = np.isin(np.arange(len(tested)), np.concatenate([rows for rows, _ in past] or [[]]))
    later = {cut: (year >= cut, [case for case in everything if case.year < cut]) for cut in YEARS}
    return [
        (leaving_out(tested, everything, lambda case: case.query.iso3), {"{}": (country, every)}),
        (by_operation, {"{}_operation": (operation, every), "{}_contested": (operation, split)}),
        *(([(np.flatnonzero(rows), early)], {f"{{}}_time_{cut}": (operation, rows)})
          for cut, (rows, early) in later.items()),
        (past, {BEFORE: (operation, known)}),
    ], by_operation  # fmt: skip


def what_ships(tested: Sequence[Case], shipped: Sequence[Case]) -> tuple[list[Split], Sequence[Part]]:
    """From the shipped table alone, and which rows of it each decision is forecast from."""
    _, operation, year = _columns(tested)
    parts = without_themselves(tested, shipped)
    rows = {
        "{}": np.ones(len(tested), dtype=bool), "{}_contested": contested(tested, [*tested, *shipped]),
        "{}_since_2010": year >= 2010,
        "{}_operation_not_on_record": ~np.isin(operation, [case.op_key for case in shipped]),
    }  # fmt: skip
    return [(parts, {name: (operation, which) for name, which in rows.items()})], parts


def _columns(cases: Sequence[Case]) -> tuple[NDArray, NDArray, NDArray]:
    country = np.array([case.query.iso3 for case in cases])
    return country, np.array([case.op_key for case in cases]), np.array([case.year for case in cases])


def _joined(cases: Sequence[Case]) -> NDArray[np.float64]:
    return np.array([case.joined for case in cases], dtype=float)


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


def same(one: Case, other: Case) -> bool:
    """Whether two rows are one decision: the same id, or the same country, force and month."""
    return one.case_id == other.case_id or (
        (one.query.iso3, one.op_key, one.month[:7]) == (other.query.iso3, other.op_key, other.month[:7])
    )


def contested(tested: Sequence[Case], everything: Sequence[Case]) -> NDArray[np.bool_]:
    """Which cases (case,) are about an operation that some joined and some declined."""
    joined, declined = ({case.op_key for case in everything if case.joined is said} for said in (True, False))
    return np.array([case.op_key in joined & declined for case in tested])


def leaving_out(tested: Sequence[Case], everything: Sequence[Case], key: Callable[[Case], str]) -> list[Part]:
    """Each group of the tested, forecast from all other groups."""
    groups: dict[str, list[int]] = {}
    for row, case in enumerate(tested):
        groups.setdefault(key(case), []).append(row)
    return [(np.array(rows), [case for case in everything if key(case) != name]) for name, rows in groups.items()]


def before_each(tested: Sequence[Case], everything: Sequence[Case]) -> list[Part]:
    """Each month's decisions, forecast from all taken before that month where these are at least `ENOUGH`."""
    months = np.array([case.month[:7] for case in tested])
    before = {month: [case for case in everything if case.month[:7] < month] for month in np.unique(months)}
    return [(np.flatnonzero(months == month), past) for month, past in before.items() if len(past) >= ENOUGH]


def without_themselves(tested: Sequence[Case], shipped: Sequence[Case]) -> list[Part]:
    """Every row forecast from the shipped table, less that row if it is there; those that are not, together."""
    others = [[case for case in shipped if not same(case, one)] for one in tested]
    new = np.array([len(rest) == len(shipped) for rest in others], dtype=bool)
    old = [(np.array([row]), others[row]) for row in np.flatnonzero(~new)]
    return [(np.flatnonzero(new), shipped)] * bool(new.any()) + old


def joining(tested: Sequence[Case], parts: Sequence[Part]) -> NDArray[np.float64]:
    """Probability of joining by our fit and by the base rate (2, case); one half without a past, nan if in no part."""
    return _both(tested, parts, lambda train, queries: fit_mixed(train).probability(queries), _joined)


def extents(tested: Sequence[Case], parts: Sequence[Part]) -> NDArray[np.float64]:
    """Probability that a yes is to a limited part: ours, and the share of all that train, (2, case)."""
    ours = lambda train, queries: forecast.share_limited(forecast.fit_extent(train), queries)  # noqa: E731
    return _both(tested, parts, ours, lambda train: forecast.limited(forecast.joiners(train)))


def _both(tested: Sequence[Case], parts: Sequence[Part], ours: Callable, base: Callable) -> NDArray[np.float64]:
    """What our fit on the cases of each part says of its rows, and the mean of what came of those cases; (2, case)."""
    found = np.full((2, len(tested)), np.nan)
    for rows, train in parts:
        found[0, rows] = ours(train, [tested[row].query for row in rows])
        came = base(train)
        found[1, rows] = came.mean() if len(came) else 0.5
    return found


def months_taken(tested: Sequence[Case], parts: Sequence[Part]) -> NDArray[np.float64]:
    """Log score and CRPS of the months from ask to decision: ours, and of the months of all that train as they are;
    (2, score, case), nan where they are not on record.
    """
    found = np.full((2, 2, len(tested)), np.nan)
    for rows, train in parts:
        timed = [row for row in rows if tested[row].months is not None]
        if timed:
            held, others = [tested[row] for row in timed], waiting.timed(train)
            found[0][:, timed] = waiting.surprise_and_crps(held, waiting.fit(others))
            found[1][:, timed] = waiting.surprise_and_crps_of_base(held, others)
    return found


def calibration(p: NDArray, y: NDArray, cluster: NDArray) -> tuple[Score, ...]:
    """Slope (1 is ideal) and intercept (0) of a logistic regression of what happened on the forecast's log odds.

    No number where all decided alike or all forecasts agree, nor from such a resample.
    """
    x = np.log(p / (1 - p))[:, None]

    def line(rows: NDArray) -> tuple[float, float]:
        if len(set(y[rows])) < 2 or np.ptp(x[rows]) == 0:
            return np.nan, np.nan
        model = fit(x[rows], y[rows], penalty=1e-6)
        return float(model.slope[0]), model.intercept

    return resampled(line, cluster)
