"""What the priors of leaving say is what the record of who went home says (benchmarks/freeze_withdrawal.py)."""

from pathlib import Path

import numpy as np
import pytest

from contingent.mission.parameters import priors

DATA = Path(__file__).parents[2] / "../shared/data"
pytestmark = pytest.mark.skipif(not (DATA / "tcc").exists(), reason="the reference data are not here (../shared/data)")


@pytest.fixture(scope="module")
def records(who_left):
    return who_left.records(DATA)


def test_the_prior_covers_the_fit_of_both_records(who_left, records):
    psi, b = (priors()[name].estimate for name in ("home_sensitivity", "leaving_slope"))
    u = (np.arange(200) + 0.5) / 200
    low, high = np.quantile(np.outer(psi.quantile(u), b.quantile(u)), [0.05, 0.95])
    rate = priors()["leaving_rate"].estimate
    for rows in records.values():
        assert who_left.alike(rows)[1] < high
        assert rate.low < np.exp(who_left.likeliest(rows, [])[0][0]) < rate.high
    assert -0.05 < low < 0.05  # own dead hardly move leaving, and do not hold anybody


def test_the_prior_is_what_the_benchmark_prints(who_left, records, monkeypatch):
    b = who_left.slope_of_support(records["bank"])
    shipped = priors()["leaving_slope"].estimate
    assert b == pytest.approx([shipped.low, shipped.best, shipped.high], abs=0.05)
    monkeypatch.setattr(who_left, "DRAWS", 80)
    rng = np.random.Generator(np.random.Philox(8))
    slopes = [who_left.resampled(rows, rng)[:, 1] for rows in records.values()]
    psi = who_left.sensitivity(who_left.together(slopes), b)
    shipped = priors()["home_sensitivity"].estimate  # the fit, cut at nought
    assert psi[0] < 0 <= shipped.low
    assert psi[0] < shipped.best < psi[2] < shipped.high


def test_forces_left_out_are_foretold_no_better_with_own_dead_in_the_panel(who_left, records):
    score = who_left.left_out(records["panel"])
    assert score["with own dead"] == pytest.approx(score["constant"], abs=2)


def test_the_shipped_prior_beats_the_judgement_it_replaced(who_left, records):
    before = np.array([np.log(0.0004) - 4 * (who_left.polls()[0] - 0.3), 4 * 0.25])
    for rows in records.values():
        now = who_left.surprise(who_left.as_shipped(), rows)
        assert now < who_left.surprise(before, rows) - 20


def test_early_leavings_are_counted_as_defined(who_left, records):
    panel = records["panel"]
    left = panel[panel["gone"]].groupby(["state", "mission"]).size()
    assert (left == 1).all()  # nobody leaves twice
    assert ("AUT", "UNDOF") in left.index  # Austria, June 2013
    assert ("HRV", "UNDOF") in left.index  # Croatia, March 2013
    assert ("KEN", "UNMISS") in left.index  # Kenya, November 2016
    assert ("FJI", "UNDOF") not in left.index  # stayed after 45 were taken
