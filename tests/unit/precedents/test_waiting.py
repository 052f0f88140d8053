"""Months from ask to decision at numbers worked by hand, and two decisions of other files replayed."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import lognorm

from contingent.precedents import waiting as module
from contingent.precedents.backtest import leaving_out, months_taken
from contingent.precedents.cases import known, shipped_cases
from contingent.precedents.waiting import DAYS_A_MONTH, Waiting, fit, surprise_and_crps, timed, waiting

TIMELINES = Path(__file__).parents[3] / "../shared/data/timelines"
LEVELS = np.array([0.001, 0.05, 0.3, 0.5, 0.8, 0.99])


def timed_case(case, months, **codes):
    return replace(case(**codes), months=months)


def test_without_time_gone_by_days_are_quantiles_of_a_lognormal():
    found = Waiting(0.3, 0.8)
    law = lognorm(s=0.8, scale=np.exp(0.3) * DAYS_A_MONTH)
    assert found.days(LEVELS) == pytest.approx(law.ppf(LEVELS))


@pytest.mark.parametrize("elapsed", [1.0, 60.0, 400.0, 20_000.0])
def test_after_some_days_without_a_decision_only_longer_waits_are_left(elapsed):
    found = Waiting(0.3, 0.8)
    law = lognorm(s=0.8, scale=np.exp(0.3) * DAYS_A_MONTH)
    more = found.days(LEVELS, elapsed)
    gone = [log_ndtr((0.3 - np.log(days / DAYS_A_MONTH)) / 0.8) for days in (elapsed, elapsed + more)]
    assert -np.expm1(gone[1] - gone[0]) == pytest.approx(LEVELS, rel=1e-6)
    if elapsed < 1000:
        assert more == pytest.approx(law.isf(law.sf(elapsed) * (1 - LEVELS)) - elapsed)
    assert (np.diff(more) > 0).all()
    assert np.isfinite(more).all()


def test_whoever_has_waited_long_waits_longer():
    found = waiting(shipped_cases()[0].query, date(2025, 10, 28))
    half = [found.days(np.array([0.5]), elapsed)[0] for elapsed in (30.0, 90.0, 180.0, 365.0)]
    assert half == sorted(half)


def test_the_fit_finds_the_law_that_months_were_drawn_from(case):
    rng = np.random.Generator(np.random.Philox(4))
    cases = []
    for k in range(3000):
        un, afar = float(k % 2), k % 3 == 0
        months = np.round(np.exp(0.2 + 0.9 * un - 1.1 * afar + 0.7 * rng.standard_normal()))
        made = timed_case(case, float(months), un_led=un)
        cases.append(replace(made, query=replace(made.query, force_type="naval" if afar else "police")))
    assert fit(cases) == pytest.approx([0.2, 0.9, -1.1, np.log(0.7)], abs=0.07)


def test_with_nothing_known_a_month_give_or_take_an_e_fold_is_thought(case):
    assert fit([]) == pytest.approx([0, 0, 0, 0], abs=1e-5)
    found = waiting(case().query, date(1930, 1, 1))
    assert (found.mean, found.sd) == pytest.approx((0, 1), abs=1e-5)


def test_only_decisions_known_on_the_day_teach():
    cases = timed(known(shipped_cases(), date(2006, 8, 1)))
    assert 0 < len(cases) < len(timed(shipped_cases()))
    found = waiting(cases[0].query, date(2006, 8, 1))
    assert found.sd == np.exp(fit(cases)[3]) != np.exp(fit(timed(shipped_cases()))[3])
    assert all(case.outcome != "withdrew" for case in cases)


def test_scores_are_those_of_the_months_recorded(case):
    law = np.array([np.log(2.0), 0.0, 0.0, np.log(0.5)])
    surprise, crps = surprise_and_crps([timed_case(case, 0.0), timed_case(case, 3.0)], law)
    by = lognorm(s=0.5, scale=2.0).cdf
    assert surprise == pytest.approx(-np.log([by(0.5), by(3.5) - by(2.5)]))
    edges = np.arange(0, 120) + 0.5
    assert crps == pytest.approx([((by(edges) - 1) ** 2).sum(), ((by(edges) - (edges > 3)) ** 2).sum()])


def test_the_base_is_what_others_took_with_one_more_spread_thin(case):
    others = [timed_case(case, m) for m in (0.0, 0.0, 1.0)]
    surprise, crps = module.surprise_and_crps_of_base([timed_case(case, 1.0), timed_case(case, 30.0)], others)
    assert surprise[0] == pytest.approx(-np.log((1 + 1 / 24) / 4))
    assert surprise[1] == pytest.approx(-np.log(1e-6))
    assert crps[1] > crps[0] > 0


def test_each_operation_is_timed_from_the_others_alone(case):
    cases = [timed_case(case, float(k % 3), name=f"c{k}", op_key="ABC"[k // 8]) for k in range(24)]
    found = months_taken(cases[:16], leaving_out(cases[:16], cases, lambda case: case.op_key))
    fitted = fit(cases[8:])
    a = surprise_and_crps(cases[:8], fitted)[0]
    b = surprise_and_crps(cases[8:16], fit([*cases[:8], *cases[16:]]))[0]
    assert found[0, 0] == pytest.approx(np.r_[a, b])


def test_shipped_months_are_forecast_better_than_by_their_own_shares():
    cases = shipped_cases()
    found = months_taken(cases, leaving_out(cases, cases, lambda case: case.op_key))
    for ours, theirs in np.nanmean(found, axis=2).T:
        assert ours < theirs


@pytest.mark.skipif(not TIMELINES.is_dir(), reason="dated events of other decisions are not part of the project")
@pytest.mark.parametrize(
    ("file", "asked_on", "decision", "un_led", "kind"),
    [
        ("A_kenya_mss_haiti.csv", "2023-07-29", "Cabinet, Kenya", 0.0, "police"),
        ("A_kenya_mss_haiti.csv", "2023-07-29", "National Assembly, Kenya", 0.0, "police"),
        ("B_italy_unifil2006.csv", "2006-07-17", "Cabinet, then foreign", 1.0, "land"),
        ("B_italy_unifil2006.csv", "2006-07-17", "Chamber of Deputies, Italy", 1.0, "land"),
    ],
)
def test_decisions_of_other_files_fall_where_nine_in_ten_should(query, file, asked_on, decision, un_led, kind):
    with (TIMELINES / file).open(encoding="utf-8") as lines:
        day = next(r["date"] for r in csv.DictReader(lines) if r["kind"] == "vote" and r["actor"].startswith(decision))
    start = date.fromisoformat(asked_on)
    found = waiting(replace(query(un_led=un_led), force_type=kind), start)
    days = (date.fromisoformat(day) - start).days
    low, high = found.days(np.array([0.05, 0.95]))
    assert low < days < high
