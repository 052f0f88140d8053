"""Numbers: their notation, their quantiles, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contingent.notation import Days, Months, Persons, Scale, Share, write_estimate
from contingent.quantities import Estimate, Unit

PERSONS, SHARE, SCALE, DAYS = map(TypeAdapter, (Persons, Share, Scale, Days))


@pytest.mark.parametrize(
    ("written", "best", "low", "high"),
    [
        (3000, 3000, 3000, 3000),
        ("2000 to 4500", 3000, 2000, 4500),  # geometric middle: sqrt(2000 * 4500)
        ("3000 (2000 to 6000)", 3000, 2000, 6000),
        ("3,000 (2_000 to 6000) persons", 3000, 2000, 6000),
        ({"best": 5, "low": 4, "high": 8}, 5, 4, 8),
        ({"low": 0, "high": 8}, 4, 0, 8),
    ],
)
def test_persons_are_read_in_every_notation(written: object, best: float, low: float, high: float) -> None:
    estimate = PERSONS.validate_python(written)
    assert (estimate.best, estimate.low, estimate.high) == pytest.approx((best, low, high))


def test_units_are_converted_where_they_are_of_one_kind() -> None:
    assert DAYS.validate_python("2 weeks").best == 14
    assert DAYS.validate_python("1 month").best == pytest.approx(365.25 / 12)
    assert TypeAdapter(Months).validate_python("2 years").best == pytest.approx(24)
    assert SHARE.validate_python("55 %").best == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("adapter", "written", "says"),
    [
        (PERSONS, "2000 to 600", "upside down"),
        (PERSONS, "20 days", "is in days"),
        (PERSONS, -5, "must be at least 0"),
        (PERSONS, True, "a number is needed"),
        (PERSONS, None, "a number is needed"),
        (PERSONS, "many", "is not a number"),
        (PERSONS, {"best": 3, "lo": 2}, "unknown key lo"),
        (PERSONS, {"low": 3}, "both `low` and `high`"),
        (PERSONS, float("nan"), "finite"),
        (SCALE, 130, "must be 0 to 100"),
        (SHARE, 1.2, "must be 0 to 1"),
    ],
)
def test_what_is_no_number_is_refused_in_words(adapter: TypeAdapter, written: object, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        adapter.validate_python(written)


def test_quantiles_meet_median_and_interval_on_every_scale() -> None:
    for unit in (Unit("1"), Unit("person", 0), Unit("1", 0, 1)):
        estimate = Estimate(0.3, 0.1, 0.8, unit=unit)
        assert estimate.quantile([0.05, 0.5, 0.95]) == pytest.approx([0.1, 0.3, 0.8])


AMOUNT = st.just(0.0) | st.floats(1e-3, 1e6)


@given(
    st.tuples(AMOUNT, AMOUNT, AMOUNT).map(sorted),
    st.lists(st.floats(1e-6, 1 - 1e-6), min_size=2, max_size=20).map(sorted),
)
def test_quantiles_rise_and_stay_inside_their_range(parts: list[float], u: list[float]) -> None:
    low, best, high = parts
    values = Estimate(best, low, high, unit=Unit("person", 0)).quantile(u)
    assert (np.diff(values) >= -1e-9 * max(1.0, high)).all()
    assert (values >= 0).all()


@given(st.tuples(*[st.floats(0, 1e9)] * 3).map(sorted), st.booleans())
def test_written_numbers_read_back_the_same(parts: list[float], cited: bool) -> None:
    low, best, high = parts
    estimate = Estimate(best, low, high, ("C07",) if cited else (), "a guess" if cited else "", Unit("person", 0))
    assert PERSONS.validate_python(write_estimate(estimate)) == estimate
