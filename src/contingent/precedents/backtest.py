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
from contingent.scoring import Score, Scorecard, brier, cluster_bootstrap, log_score, sha256_of

YEARS = (1995, 2003, 2010)  # the years of the project's study of the table; 2003 is the one that is headlined
HEADLINE = 2003
ENOUGH = 50  # decisions taken before one that is forecast from them alone; with fewer it is not scored (judgement)
FITS = ("folds", "shipped")
Part = tuple[NDArray[np.intp], Sequence[Case]]
"""Rows of the tested cases, and the cases they are forecast from."""
Pair = tuple[Score, Score]
"""Our score and the baseline's."""


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
    shipped = asked(shipped_cases())
    scores, base, parts = (by_folds if fit == "folds" else by_what_ships)(tested, shipped)
    baselines = {"base_rate": base}
    for name, pairs in (("share_limited", extents(tested, parts)), ("empirical", months_taken(tested, parts))):
        scores |= {key: ours for key, (ours, _) in pairs.items()}
        baselines[name] = {key: theirs for key, (_, theirs) in pairs.items()}
    return Scorecard(
        task="precedents",
        data_sha256=sha256_of(data),
        cutoff="each country, each operation, or all that came later, left out of the fit it is scored by"
        if fit == "folds"
        else "fitted on the shipped table alone, without the decision scored where that is in it",
        n=len(tested),
        scores=scores,
        baselines=baselines,
        notes=tuple(
            f"{key} is not below the {name.replace('_', ' ')}"
            for name, theirs in baselines.items()
            for key in theirs
            if scores[key].value >= theirs[key].value
        ),
    )


def by_folds(tested: Sequence[Case], shipped: Sequence[Case]) -> tuple[dict[str, Score], dict[str, Score], list[Part]]:
    """Scores and the base rate's with one part of everything left out at a time, and the parts by operation."""
    everything = [*tested, *(case for case in shipped if not any(same(case, other) for other in tested))]
    country, operation, year = _columns(tested)
    scores: dict[str, Score] = {}
    base: dict[str, Score] = {}
    found = joining(tested, leaving_out(tested, everything, lambda case: case.query.iso3))
    _report(scores, base, "", tested, found, country)
    scores["calibration_slope"], scores["calibration_intercept"] = calibration(found[0], _joined(tested), country)
    parts = leaving_out(tested, everything, lambda case: case.op_key)
    found = joining(tested, parts)
    _report(scores, base, "_operation", tested, found, operation)
    _report(scores, base, "_contested", tested, found, operation, contested(tested, everything))
    for cut in YEARS:
        early = [case for case in everything if case.year < cut]
        found = joining(tested, [(np.flatnonzero(year >= cut), early)])
        _report(scores, base, f"_time_{cut}", tested, found, operation, year >= cut)
    past = before_each(tested, everything)
    scored = np.isin(np.arange(len(tested)), np.concatenate([rows for rows, _ in past] or [[]]))
    _report(scores, base, "_as_of", tested, joining(tested, past), operation, scored)
    for kind in ("brier", "log_score"):
        scores[f"{kind}_time"], base[f"{kind}_time"] = (
            scores[f"{kind}_time_{HEADLINE}"],
            base[f"{kind}_time_{HEADLINE}"],
        )
    return scores, base, parts


def by_what_ships(
    tested: Sequence[Case], shipped: Sequence[Case]
) -> tuple[dict[str, Score], dict[str, Score], list[Part]]:
    """Scores and the base rate's from the shipped table alone, and which rows of it each decision is forecast from."""
    country, operation, year = _columns(tested)
    parts = without_themselves(tested, shipped)
    found = joining(tested, parts)
    scores: dict[str, Score] = {}
    base: dict[str, Score] = {}
    _report(scores, base, "", tested, found, operation)
    scores["calibration_slope"], scores["calibration_intercept"] = calibration(found[0], _joined(tested), country)
    _report(scores, base, "_contested", tested, found, operation, contested(tested, [*tested, *shipped]))
    _report(scores, base, "_since_2010", tested, found, operation, year >= 2010)
    new = ~np.isin(operation, [case.op_key for case in shipped])
    _report(scores, base, "_operation_not_on_record", tested, found, operation, new)
    return scores, base, parts


def _columns(cases: Sequence[Case]) -> tuple[NDArray, NDArray, NDArray]:
    country = np.array([case.query.iso3 for case in cases])
    return country, np.array([case.op_key for case in cases]), np.array([case.year for case in cases])


def _joined(cases: Sequence[Case]) -> NDArray[np.float64]:
    return np.array([case.joined for case in cases], dtype=float)


def _report(
    scores: dict[str, Score],
    base: dict[str, Score],
    name: str,
    tested: Sequence[Case],
    found: NDArray[np.float64],
    cluster: NDArray,
    rows: NDArray | None = None,
) -> None:
    rows = np.ones(len(tested), dtype=bool) if rows is None else rows
    for rule, kind in ((brier, "brier"), (log_score, "log_score")):
        scores[kind + name], base[kind + name] = (
            cluster_bootstrap(rule(said[rows], _joined(tested)[rows]), cluster[rows]) for said in found
        )


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
    parts = []
    for month in sorted({case.month[:7] for case in tested}):
        earlier = [case for case in everything if case.month[:7] < month]
        if len(earlier) >= ENOUGH:
            parts.append((np.flatnonzero([case.month[:7] == month for case in tested]), earlier))
    return parts


def left_out(cases: Sequence[Case], key: Callable[[Case], str]) -> NDArray[np.float64]:
    """Probability of joining by our fit and by the base rate (2, case), every group forecast from the others."""
    return joining(cases, leaving_out(cases, cases, key))


def without_themselves(tested: Sequence[Case], shipped: Sequence[Case]) -> list[Part]:
    """Every row forecast from the shipped table, less that row if it is there; those that are not, together."""
    there = [[case for case in shipped if same(case, one)] for one in tested]
    new = np.flatnonzero([not found for found in there])
    old = [
        (np.array([row]), [case for case in shipped if case not in found]) for row, found in enumerate(there) if found
    ]
    return [(new, shipped)] * bool(len(new)) + old


def joining(tested: Sequence[Case], parts: Sequence[Part]) -> NDArray[np.float64]:
    """Probability of joining by our fit and by the base rate (2, case); one half without a past, nan if in no part."""
    found = np.full((2, len(tested)), np.nan)
    for rows, train in parts:
        found[0, rows] = fit_mixed(train).probability([tested[row].query for row in rows])
        found[1, rows] = _joined(train).mean() if train else 0.5
    return found


def extents(tested: Sequence[Case], parts: Sequence[Part]) -> dict[str, Pair]:
    """Scores of a yes being to a limited part, among those who joined: ours, and the share of all that train."""
    found = np.full((2, len(tested)), np.nan)
    for rows, train in parts:
        found[0, rows] = forecast.share_limited(forecast.fit_extent(train), [tested[row].query for row in rows])
        there = forecast.joiners(train)
        found[1, rows] = forecast.limited(there).mean() if there else 0.5
    rows = np.array([case.joined for case in tested])
    said, happened, operation = found[:, rows], forecast.limited(forecast.joiners(tested)), _columns(tested)[1][rows]
    return {
        f"{kind}_limited": tuple(cluster_bootstrap(rule(p, happened), operation) for p in said)
        for rule, kind in ((brier, "brier"), (log_score, "log_score"))
    }  # pyright: ignore[reportReturnType]


def months_taken(tested: Sequence[Case], parts: Sequence[Part]) -> dict[str, Pair]:
    """Scores of the months from ask to decision: ours, and those of the months of all that train as they are."""
    found = np.full((2, 2, len(tested)), np.nan)
    for rows, train in parts:
        timed = [row for row in rows if tested[row].months is not None]
        if timed:
            held, others = [tested[row] for row in timed], waiting.timed(train)
            found[0][:, timed] = waiting.surprise_and_crps(held, waiting.fit(others))
            found[1][:, timed] = waiting.surprise_and_crps_of_base(held, others)
    rows = np.array([case.months is not None for case in tested])
    operation = _columns(tested)[1][rows]
    return {
        key: (cluster_bootstrap(found[0, which, rows], operation), cluster_bootstrap(found[1, which, rows], operation))
        for which, key in enumerate(("log_score_months", "crps_months"))
    }


def calibration(p: NDArray, y: NDArray, cluster: NDArray) -> Pair:
    """Slope (1 is ideal) and intercept (0) of a logistic regression of what happened on the forecast's log odds.

    No number where all decided alike or all forecasts agree, nor from such a resample.
    """
    x = np.log(p / (1 - p))[:, None]
    nothing = Score(np.nan, np.nan, np.nan)

    def line(rows: NDArray) -> tuple[float, float]:
        if len(set(y[rows])) < 2 or np.ptp(x[rows]) == 0:
            return np.nan, np.nan
        model = fit(x[rows], y[rows], penalty=1e-6)
        return float(model.slope[0]), model.intercept

    slope, intercept = line(np.arange(len(y)))
    if np.isnan(slope):
        return nothing, nothing
    names, member = np.unique(cluster, return_inverse=True)
    rng = np.random.Generator(np.random.Philox(3))
    rows = [np.flatnonzero(member == i) for i in range(len(names))]
    draws = [line(np.concatenate([rows[i] for i in rng.integers(0, len(names), len(names))])) for _ in range(200)]
    low, high = np.nanquantile(np.array(draws), [0.05, 0.95], axis=0)
    return Score(slope, float(low[0]), float(high[0])), Score(intercept, float(low[1]), float(high[1]))
