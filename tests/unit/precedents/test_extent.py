"""What a yes is to, and which kinds of contribution were agreed to, at numbers worked by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import beta

from contingent.precedents.backtest import extents, leaving_out
from contingent.precedents.cases import asked, known, shipped_cases
from contingent.precedents.forecast import fit_extent, forecast, kinds, share_limited
from contingent.scoring import brier, log_score


def test_only_those_who_joined_tell_what_a_yes_is_to(case, query):
    joined = [
        case(f"j{k}", outcome=("joined_limited", "joined_combat")[k % 4 == 0], un_led=float(k % 3 == 0))
        for k in range(40)
    ]
    declined = [case(f"d{k}", outcome="declined", un_led=1.0) for k in range(40)]
    alone, both = fit_extent(joined), fit_extent([*joined, *declined])
    assert alone.intercept == both.intercept
    assert share_limited(alone, [query()])[0] == pytest.approx(0.75, abs=0.05)
    assert share_limited(fit_extent(declined), [query()]).tolist() == [0.5]


def test_the_record_has_more_limited_parts_where_the_us_asks_and_no_combat_is_expected(query):
    at = date(2025, 10, 28)
    base, us, calm, un = (
        forecast(query(**codes), at).limited
        for codes in ({"combat_expected": 1.0}, {"combat_expected": 1.0, "us_request_or_lead": 1.0}, {},
                      {"combat_expected": 1.0, "un_led": 1.0})
    )  # fmt: skip
    assert us > base
    assert calm > base
    assert un < base


def test_each_operation_is_told_from_the_others_alone(case):
    cases = [
        case(f"c{k}", op_key="AB"[k // 8], us_request_or_lead=float(k % 2),
             outcome=("joined_limited", "joined_combat", "declined")[k % 3])
        for k in range(16)
    ]  # fmt: skip
    joined = np.array([c.joined for c in cases])
    found = extents(cases, leaving_out(cases, cases, lambda c: c.op_key))[:, joined]
    limited = np.array([c.outcome == "joined_limited" for c in cases])[joined]
    errors, base = [], []
    for mine, others in ((cases[:8], cases[8:]), (cases[8:], cases[:8])):
        yes = [c for c in mine if c.joined]
        happened = np.array([c.outcome == "joined_limited" for c in yes])
        errors.extend((share_limited(fit_extent(others), [c.query for c in yes]) - happened) ** 2)
        base.extend((np.mean([c.outcome == "joined_limited" for c in others if c.joined]) - happened) ** 2)
    assert ((found - limited) ** 2).mean(1) == pytest.approx([np.mean(errors), np.mean(base)])


def test_what_a_yes_is_to_is_forecast_better_than_by_its_share_on_operations_left_out():
    cases = asked(shipped_cases())
    joined = np.array([c.joined for c in cases])
    found = extents(cases, leaving_out(cases, cases, lambda c: c.op_key))[:, joined]
    limited = np.array([c.outcome == "joined_limited" for c in cases])[joined]
    for rule in (brier, log_score):
        ours, theirs = (rule(said, limited).mean() for said in found)
        assert ours < theirs


def test_kinds_of_contribution_are_counted_as_known_on_the_day(case):
    made = [case(f"c{k}", outcome="declined" if k < 3 else "joined_combat") for k in range(10)]
    made = [replace(c, query=replace(c.query, force_type="police" if k % 2 else "land")) for k, c in enumerate(made)]
    land, police = kinds(made)
    assert (land.label, land.joined, land.n) == ("land", 3, 5)
    assert (police.label, police.joined, police.n) == ("police", 4, 5)
    assert (police.low, police.high) == pytest.approx(tuple(beta(4.5, 1.5).ppf([0.05, 0.95])))
    assert police.shrunk == pytest.approx((4 + 6 * 7.5 / 11) / 11)
    day = date(2006, 8, 1)
    found = forecast(shipped_cases()[0].query, day).kinds
    assert sum(rate.n for rate in found) == len(asked(known(shipped_cases(), day)))
