"""Given a yes, is it to all tasks or to a limited part; and how often was each kind of contribution agreed to?

Second stage of a hurdle model: ridge logistic regression among those who joined. Limited means support, ships,
training, a token, or a strictly defensive part (`joined_limited`). Three things known beforehand move it, as the
project's study of the table found: the US asks or leads and nobody expects combat (more limited), the UN commands
(less). Words of the ask would tell more, but some were written down knowing what was sent. No ask for training, money,
bases or transit alone is on record: of those the record says nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from contingent.precedents.cases import FORCE_TYPES, WEIGHT, Case, Query, Rate
from contingent.precedents.regression import PENALTY, Regression, fit


def _matrix(queries: Sequence[Query]) -> NDArray[np.float64]:
    rows = [(q.us_request_or_lead, q.un_led, float(q.combat_expected == 0)) for q in queries]
    return np.array(rows, dtype=float).reshape(-1, 3)


def joiners(cases: Sequence[Case]) -> tuple[Case, ...]:
    """The decisions to join."""
    return tuple(case for case in cases if case.joined)


def limited(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Whether each decision (case,) was to join in a limited part: 1 or 0."""
    return np.array([case.outcome == "joined_limited" for case in cases], dtype=float)


def fit_extent(cases: Sequence[Case]) -> Regression:
    """What moves a yes to a limited part, among those of `cases` that joined; even odds where none did."""
    there = joiners(cases)
    if not there:
        return Regression(0.0, np.zeros(3))
    return fit(_matrix([case.query for case in there]), limited(there), PENALTY)


def share_limited(model: Regression, queries: Sequence[Query]) -> NDArray[np.float64]:
    """Probability (case,) that a yes is to a limited part."""
    return model.probability(_matrix(queries))


def kinds(cases: Sequence[Case]) -> tuple[Rate, ...]:
    """How often each kind of contribution on record was agreed to, pulled to the rate of all asks; by `FORCE_TYPES`."""
    everyone = (sum(case.joined for case in cases) + 0.5) / (len(cases) + 1)
    found = []
    for kind in FORCE_TYPES:
        asks = [case.joined for case in cases if case.query.force_type == kind]
        if asks:
            k, n = sum(asks), len(asks)
            low, high = betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95])
            found.append(Rate(kind, k, n, float(low), float(high), (k + WEIGHT * everyone) / (n + WEIGHT)))
    return tuple(found)
