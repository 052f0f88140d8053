"""The backtests' forecasts at numbers worked out by hand (the arithmetic is in the comments)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from contingent.errors import DataError
from contingent.mission.backtests import losses, missions, relapse, truce
from contingent.mission.tables import numbers, table


def test_losses_the_own_record_updates_the_pooled_rate_and_fades():
    # shape between 2, fade 1 (a year weighs 1/2), spread within 4; 3 deaths in 2 thousand person-years a year ago
    # shape 2 + 3/2 = 3.5; scale 2/.5 + 2/2 = 5; 10 thousand ahead: mean 3.5/5 x 10 = 7
    fitted = np.log([2.0, 1.0, 4.0])
    mean, shape = losses.predict(fitted, np.array([2000.0]), np.array([2.0]), np.array([3.0]), 2001, 10, 0.5)
    assert mean == pytest.approx(7.0)
    # 1/(1/3.5 + 1/4) = 1.8667
    assert shape == pytest.approx(14 / 7.5)
    # two years ago it weighs 1/4: (2 + .75)/(4 + .5) x 10
    mean, _ = losses.predict(fitted, np.array([1999.0]), np.array([2.0]), np.array([3.0]), 2001, 10, 0.5)
    assert mean == pytest.approx(27.5 / 4.5)
    # no record at all: the pooled rate
    none = np.empty(0)
    assert losses.predict(fitted, none, none, none, 2001, 10, 0.5)[0] == pytest.approx(5.0)


def test_losses_the_score_is_minus_the_log_of_the_probability():
    # shape 1 and mean 1 is geometric: P(2) = 1/8
    assert losses.loss(1.0, 1.0, 2) == pytest.approx(np.log(8))
    assert losses.loss(1.0, 1.0, 0) == pytest.approx(np.log(2))


def deaths(rows) -> str:
    return "mission,year,py,Malicious Act\n" + "\n".join(",".join(map(str, row)) for row in rows)


def test_losses_score_the_baselines_on_the_same_years(tmp_path: Path):
    # ten missions a year from 1994, 1,000 person-years and one death each: the rate is 1 a thousand throughout
    rows = [(f"m{m}", year, 1000, 1) for year in range(1994, 1999) for m in range(10)]
    rows += [("none", 1998, 0, 5)]  # nobody there: does not count
    path = tmp_path / "uniformed_fatality_rates_mission_year.csv"
    path.write_text(deaths(rows))
    record = losses.losses(tmp_path)
    assert record.n == 30  # 1996, 1997, 1998
    # Poisson of mean 1 at 1: -ln(e**-1); last year (1 + 1)/(1 + 1) is the same
    assert record.baselines["pooled_rate"]["log_score"].value == pytest.approx(1.0)
    assert record.baselines["last_year"]["log_score"].value == pytest.approx(1.0)
    path.write_text(deaths(rows[:10]))
    with pytest.raises(DataError, match="no year after 1996 has 20 mission-years before it"):
        losses.losses(tmp_path)


def test_relapse_covariates_in_their_columns():
    frame = pd.DataFrame({
        "outcome_label": ["ceasefire", "rebel/side B victory"], "maxint": [2, 1], "firstyear": [1990, 1995],
        "lastyear": [1993, 1995], "epi": [3, 0], "type": [3, 2],
    })  # fmt: skip
    # five endings, war, ln(1 + years), ln(episode) of at least 1, internal conflict
    assert_allclose(
        relapse.covariates(frame),
        [[0, 1, 0, 0, 0, 1, np.log(4), np.log(3), 1], [0, 0, 0, 0, 1, 0, 0, 0, 0]],
    )


def test_relapse_is_judged_by_what_was_decided_before_the_decade(tmp_path: Path):
    rows = []
    for k, year in enumerate(range(1950, 1996)):
        back = k % 2  # every other episode is back after a year
        rows.append((k, 1, year - 1, year, "ceasefire" if back else "low activity", 1, 3, 1 if back else 9, year + 1))
    rows.append((99, 1, 1998, 1999, "ceasefire", 1, 3, 1, 2000))  # its two years are not over: does not count
    frame = pd.DataFrame(rows, columns=list(relapse.COLUMNS))
    frame.to_csv(tmp_path / "episode_recurrence.csv", index=False)
    record = relapse.relapse(tmp_path)
    # 30 episodes before 1980 less those of 1978 and 1979, whose two years were not over: 28, too few; then 1990 to 1995
    assert record.n == 6
    # half came back: the base rate is .5 (38 of 1950 to 1987), Brier .25
    assert record.baselines["base_rate"]["brier"].value == pytest.approx(0.25)
    assert record.scores["brier"].value < 0.05  # how it ended tells all here


def test_truce_weeks_are_counted_from_the_first_day():
    frame = pd.DataFrame(
        {"report_date": ["2025-01-01", "2025-01-07", "2025-01-08", "2025-01-14"], "killed": [1, 2, 4, 8]}
    )
    assert truce.by_week(Path("x.csv"), frame).tolist() == [3.0, 12.0]


def test_truce_last_value_has_the_spread_of_past_steps_both_ways():
    seen = np.expm1(np.array([1.0, 2.0, 2.0]))
    draws = truce.last_value(seen)
    # steps 1 and 0, and their mirror images: -1, -0, 0, 1 around ln(1 + x) = 2
    assert np.log1p(draws[0]) == pytest.approx(2 + np.quantile([-1, 0, 0, 1], 0.0025))
    assert np.log1p(draws).mean() == pytest.approx(2.0)
    assert (truce.last_value(np.array([5.0, 0.0, 0.0])) >= 0).all()


def test_truce_negative_binomial_has_the_mean_and_variance_seen():
    seen = np.array([10.0, 30.0, 20.0, 40.0])
    # mean 25, variance 500/3; shape 625/(500/3 - 25) = 4.4118
    shape = 625 / (500 / 3 - 25)
    assert_allclose(truce.fitted_negative_binomial(seen), stats.nbinom.ppf(truce.LEVELS, shape, shape / (shape + 25)))
    # no more spread than Poisson: variance taken as 1.05 x the mean, shape 20/.05 = 400, of which 100 count
    assert_allclose(truce.fitted_negative_binomial(np.full(4, 20.0)), stats.nbinom.ppf(truce.LEVELS, 100, 100 / 120))
    assert_allclose(truce.negative_binomial(10, 1e9), stats.nbinom.ppf(truce.LEVELS, 100, 100 / 110))


def test_truce_experts_weigh_what_is_recent():
    found = truce.experts(np.array([0.0, 0.0, 0.0, 0.0, 100.0, 100.0]))
    assert len(found) == 2 * len(truce.HALF_LIVES)
    means = [quantiles.mean() for quantiles in found]
    assert means[0] > means[2] > means[4] > means[6] > means[8]  # climatologies, by half-life
    # half-life 2: weights .5**(age/2), ages 0 and 1 of six: (1 + .7071)/(1 + .7071 + .5 + .3536 + .25 + .1768)
    w = 0.5 ** (np.arange(6) / 2)
    assert means[1] == pytest.approx(100 * w[:2].sum() / w.sum(), rel=0.1)


def test_truce_the_pool_prefers_who_did_well_and_looks_as_far_as_the_horizon():
    weekly = np.array([10.0] * 9)
    good, bad = np.full(200, 10.0), np.full(200, 90.0)
    opinions = [np.stack([good] + [bad] * 9)] * 10
    # losses 0 against 80 over rounds t = 3 .. 9 - horizon
    one = truce.pooled(weekly, opinions, 9, 1)
    rounds, mean = 6, 72.0
    weight = np.exp(-2 * np.sqrt(rounds) * 80 / mean)
    assert_allclose(one, (10 + 9 * weight * 90) / (1 + 9 * weight))
    weight = np.exp(-2 * np.sqrt(3) * 80 / mean)  # four weeks ahead: three rounds are decided
    assert_allclose(truce.pooled(weekly, opinions, 9, 4), (10 + 9 * weight * 90) / (1 + 9 * weight))


ROW = {"mission": "m", "weeks": 52, "population": 400_000, "armed": 8000, "troops": 1000, "command": "un",
       "use_of_force": "protection", "consent": "partial", "disarms": 1}  # fmt: skip


def test_missions_are_small_theatres_of_what_was_known():
    scenario, presence = missions.small_scenario(ROW)
    armed = scenario.theatre.armed_groups["armed"].strength
    assert (armed.best, armed.low, armed.high) == pytest.approx((8000, 5000, 12_800))
    share = scenario.theatre.parameters["consent_share"]
    assert (share.best, share.low, share.high) == (0.4, 0.15, 0.7)
    assert scenario.horizon == 52
    # 80 % on patrol, 20 % on disarmament
    assert presence.planned.sel(sector="area").isel(pledge=0, week=5).to_numpy().tolist() == pytest.approx([800, 200])
    assert presence.planned.sizes["week"] == 52
    patrol = missions.small_scenario({**ROW, "disarms": 0})[1]
    assert patrol.planned.isel(pledge=0, week=0).to_numpy().ravel().tolist() == [1000]


def test_missions_shift_and_widen_by_what_the_others_showed():
    raw = np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    truth = np.array([9.0, 4.0, 7.0])
    # the others' errors are +2 and +2: shift 2 x 2/(2 + 4) = .667; they do not vary: width 1 + 1/3 (0 - 1) = 2/3
    found = missions.recalibrated(raw, truth, 0, [1, 2])
    assert_allclose(found, 1 + 2 / 3 + 2 / 3 * np.array([-1.0, 0.0, 1.0]))
    # errors 1 and 3: mean 2, spread 1 beside sqrt(2/3): width 1 + 1/3 (1.2247 - 1)
    found = missions.recalibrated(raw, np.array([9.0, 3.0, 8.0]), 0, [1, 2])
    wider = 1 + (np.sqrt(1.5) - 1) / 3
    assert_allclose(found, np.maximum(0, 1 + 2 / 3 + wider * np.array([-1.0, 0.0, 1.0])))


def test_missions_by_size_scale_deaths_by_person_weeks_and_registered_by_armed_people():
    bank = pd.DataFrame({
        "troops": [100, 200, 300], "weeks": [10, 10, 10], "armed": [50, 60, 70], "hostile_deaths": [1.0, 2.0, 9.0],
        "registered": [5.0, 12.0, 7.0],
    })  # fmt: skip
    # the others' deaths are .001 and .003 a person-week: between 1 and 3 in 1,000 person-weeks
    found = np.expm1(missions.by_size(bank, "hostile_deaths", 0, [1, 2]))
    assert found.min() == pytest.approx(1000 * (0.001 + 0.002 * missions.LEVELS[0]))
    assert found.max() == pytest.approx(1000 * (0.001 + 0.002 * missions.LEVELS[-1]))
    # registered .2 and .1 of the armed: 5 to 10 of 50
    assert np.expm1(np.median(missions.by_size(bank, "registered", 0, [1, 2]))) == pytest.approx(7.5)


def test_a_table_is_read_by_pattern_and_its_faults_are_placed(tmp_path: Path):
    (tmp_path / "b_2.csv").write_text("x,y\n1,\n2,-3\n")
    (tmp_path / "b_1.csv").write_text("x,y\n1,\n2,3\n")
    path, frame = table(tmp_path, "b_*.csv", ("x", "y"))
    assert path.name == "b_1.csv"
    assert numbers(path, frame, "y").isna().tolist() == [True, False]
    path, frame = table(tmp_path / "b_2.csv", "c*.csv", ("x",))
    with pytest.raises(DataError, match=r"b_2.csv:3: column y: `-3(\.0)?` is not a count"):
        numbers(path, frame, "y")
    with pytest.raises(DataError, match="there is no column z; there are x, y"):
        table(path, "", ("z",))
    (tmp_path / "b_0.csv").write_text("x,y\n")
    with pytest.raises(DataError, match="has no rows"):
        table(tmp_path, "b_*.csv", ("x",))
