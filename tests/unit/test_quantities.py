"""Numbers: their notation, their quantiles, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contingent.notation import Days, Months, Persons, Real, Scale, Share, write_estimate
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


@pytest.mark.parametrize(
    ("unit", "low", "best", "high", "u", "value"),
    [
        # linear: a two-piece normal; z(.95) = 1.6449 is the interval's end, z(.84134) = 1 is 1 / 1.6449 of the way
        (Unit("1"), -10, 0, 40, 0.8413447461, 40 / 1.6448536270),
        (Unit("1"), -10, 0, 40, 0.1586552539, -10 / 1.6448536270),
        # logarithmic for what is positive: 100 x (400 / 100) ** (1 / 1.6449)
        (Unit("person", 0), 50, 100, 400, 0.8413447461, 100 * 4 ** (1 / 1.6448536270)),
        (Unit("person", 0), 50, 100, 400, 0.1586552539, 100 * 0.5 ** (1 / 1.6448536270)),
        # logit between two bounds: odds of .2 are 1/4, of .5 are 1; odds 1/4 x 4 ** (1 / 1.6449)
        (Unit("1", 0, 1), 0.1, 0.2, 0.5, 0.8413447461, 1 / (1 + 4 / 4 ** (1 / 1.6448536270))),
        (Unit("1", 0, 100), 10, 20, 50, 0.8413447461, 100 / (1 + 4 / 4 ** (1 / 1.6448536270))),
        # an interval that touches its bound is linear, and stays inside
        (Unit("person", 0), 0, 100, 400, 0.001, 0.0),
        (Unit("1", 0, 1), 0.0, 0.2, 0.5, 0.001, 0.0),
        (Unit("1", 0, 1), 0.5, 0.9, 1.0, 0.999, 1.0),
        (Unit("1", 0, 1), 0.0, 0.2, 0.5, 0.8413447461, 0.2 + 0.3 / 1.6448536270),
    ],
)
def test_quantiles_between_and_beyond_by_hand(unit, low, best, high, u, value) -> None:
    assert float(Estimate(best, low, high, unit=unit).quantile(u)) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    ("unit", "low", "high", "middle"),
    [
        (Unit("1"), -10, 30, 10),  # linear
        (Unit("person", 0), 10, 1000, 100),  # geometric
        (Unit("person", 0), 0, 1000, 500),  # linear where nought is in it
        (Unit("1", 0, 1), 0.1, 0.9, 0.5),
        (Unit("1", 0, 1), 0.2, 0.5, 1 / 3),  # odds 1/4 and 1: their geometric mean is 1/2
        (Unit("person", 0), 7, 7, 7),
    ],
)
def test_the_middle_of_an_interval_is_that_of_its_own_scale(unit, low, high, middle) -> None:
    found = Estimate.between(low, high, unit)
    assert (found.best, found.low, found.high, found.unit) == (pytest.approx(middle), low, high, unit)


@pytest.mark.parametrize(
    ("unit", "says"),
    [
        (Unit("1", 0, 1), "it must be 0 to 1"), (Unit("1", 0), "it must be at least 0"),
        (Unit("1", at_most=3), "it must be at most 3"), (Unit("1"), "any number is"),
    ],
)  # fmt: skip
def test_a_range_in_words(unit, says) -> None:
    assert unit.range == says


@pytest.mark.parametrize(
    ("unit", "written", "factor"),
    [
        ("day", "days", 1), ("day", "week", 7), ("day", "Weeks", 7), ("day", "month", 30.4375), ("day", "year", 365.25),
        ("week", "days", 1 / 7), ("month", "years", 12), ("month", "day", 1 / 30.4375), ("1", "%", 0.01),
        ("person", "people", 1), ("person", "%", None), ("day", "people", None), ("USD", "usd", 1), ("1", "days", None),
        ("USD/person/month", "USD/person/month", 1), ("truck/day", "trucks", None),
    ],
)  # fmt: skip
def test_units_by_their_factor(unit, written, factor) -> None:
    found = Unit(unit).factor(written)
    assert found is None if factor is None else found == pytest.approx(factor)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (7, (7, 7, 7)), (7.5, (7.5, 7.5, 7.5)), ("7", (7, 7, 7)), ("1e3", (1000, 1000, 1000)), (".5", (0.5, 0.5, 0.5)),
        ("12,000", (12000, 12000, 12000)), ("-3 (-5 to 2)", (-3, -5, 2)), ("5 to 9", (7, 5, 9)), ("+2", (2, 2, 2)),
        ("  4( 1 to 6 ) ", (4, 1, 6)), ({"best": "4 (1 to 6)"}, (4, 1, 6)), ({"best": 4, "low": 1}, (4, 1, 4)),
        ({"best": "4 (1 to 6)", "high": 9}, (4, 1, 9)), ({"low": 2, "high": "8"}, (5, 2, 8)), ("50 %", (0.5, 0.5, 0.5)),
        ("20 to 40 %", (0.3, 0.2, 0.4)), ("30 (20 to 40) %", (0.3, 0.2, 0.4)),
        ("2/3", (2 / 3, 2 / 3, 2 / 3)), ("1/2 (1/3 to 2/3)", (1 / 2, 1 / 3, 2 / 3)), ("-1/4", (-0.25, -0.25, -0.25)),
    ],
)  # fmt: skip
def test_the_notation_as_a_table(written, parts) -> None:
    found = TypeAdapter(Real).validate_python(written)
    assert (found.best, found.low, found.high) == pytest.approx(parts)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("3 (5 to 9)", "low 5, best 3, high 9 must rise"), ("9 (5 to 8)", "must rise"), ("5 to", "is in to, but"),
        ("2/0", "is not a number"), ("2/", "is not a number"),
        ("1.2.3", "is not a number"), ("", "is not a number"), ("5 (6)", "is not a number"), ([1], "is not a number"),
        ({"low": 9, "high": 3}, "9 is above 3"), ({"claims": "C1"}, "needs `best`"), (float("inf"), "finite"),
        ("5 days", "is in days, but this number is in a plain share"), (10**400, "finite"), (-(10**400), "finite"),
        *(({"best": 1, "claims": wrong}, "must be names") for wrong in (1, True, 2.5, {"C1": 1}, ["C1", [2]], [1])),
        *(({"best": 1, "assumption": wrong}, "`assumption` must be a sentence") for wrong in (1, ["why"], {}, False)),
        ({"best": {"best": 1, "claims": "C1"}}, "`best` must be a number; claims and assumption stand beside it"),
        ({"best": 5, "low": "1 to 3"}, "`low` must be one number, found 1 to 3"), ({"best": [1]}, "is not a number"),
    ],
)  # fmt: skip
def test_what_the_notation_does_not_know(written, says) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        TypeAdapter(Real).validate_python(written)


def test_sources_are_read_with_a_number_and_written_back() -> None:
    found = PERSONS.validate_python({"best": "3 (1 to 9)", "claims": "C07", "assumption": "why"})
    assert (found.claims, found.assumption) == (("C07",), "why")
    assert write_estimate(found) == {"best": "3 (1 to 9)", "claims": ["C07"], "assumption": "why"}
    assert write_estimate(Estimate(2.5, 2.5, 2.5)) == 2.5
    assert write_estimate(Estimate(2.0, 2.0, 2.0)) == 2
    assert isinstance(write_estimate(Estimate(2.0, 2.0, 2.0)), int)
    assert write_estimate(Estimate(2.0, 1.0, 2.0, ("C1",))) == {"best": "2 (1 to 2)", "claims": ["C1"]}
    assert str(Estimate(123456.78, 1000, 200000)) == "123,457 (1,000 to 200,000)"
    assert str(Estimate(3, 3, 3)) == "3"
