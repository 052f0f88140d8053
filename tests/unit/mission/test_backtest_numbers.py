"""The backtests' forecasts at numbers worked out by hand (the arithmetic is in the comments)."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from contingent.errors import DataError
from contingent.mission.backtests import losses, missions, relapse, truce
from contingent.mission.calibration import ceasefires
from contingent.mission.calibration.earlier_missions import clustering, known_cases
from contingent.mission.calibration.posterior import beliefs
from contingent.mission.eq04_attacks import USUAL_DEATHS
from contingent.mission.parameters import priors
from contingent.mission.tables import shipped
from contingent.quantities import Estimate
from contingent.scenario.theatre import Ceasefire
from contingent.scoring.tables import table


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


def test_losses_are_expected_by_the_equation_that_the_simulation_calls():
    # 2 thousand person-years at a risk of .5 a thousand and the usual violence: one death
    assert losses.expected(2.0, np.array([0.5, 1.0]), USUAL_DEATHS) == pytest.approx([1.0, 2.0], rel=1e-4)
    assert losses.expected(2.0, np.array([0.5]), np.nan)[0] == pytest.approx(1.0, rel=1e-4)
    slope = priors()["threat_elasticity"].estimate.best
    quiet = losses.expected(2.0, np.array([0.5]), 0.0)[0]
    assert quiet == pytest.approx((1 + USUAL_DEATHS) ** -slope, rel=1e-3)


def test_losses_a_record_of_its_own_weighs_the_risks_by_how_likely_they_made_it():
    mean, phi = np.array([1.0, 4.0]), clustering()
    chance = stats.nbinom.pmf(3, mean / (phi - 1), 1 / phi)
    assert losses.surprise(mean, 3) == pytest.approx(-np.log(chance.mean()))
    weight = np.log([0.2, 0.8])
    assert losses.surprise(mean, 3, weight) == pytest.approx(-np.log((chance * [0.2, 0.8]).sum()))
    assert losses.surprise(np.array([1e-9]), 60) == pytest.approx(-np.log(1e-6))  # one surprise costs no more


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
    assert set(record.scores) == {"log_score", "log_score_own", "log_score_shipped"}
    # what a mission had before tells of it where all are alike: better than the next mission's spread
    assert record.scores["log_score_own"].value < record.scores["log_score"].value
    assert "known for 0%" in record.notes[0]
    path.write_text(deaths(rows[:10]))
    with pytest.raises(DataError, match="no year after 1996 has 20 mission-years before it"):
        losses.losses(tmp_path)


def test_losses_violence_is_that_of_the_host_states_in_the_year_before(tmp_path: Path):
    (tmp_path / "violence").mkdir()
    (tmp_path / "violence" / "violence_missions.csv").write_text('mission,iso3\nUNX_2006,"AAA,BBB"\nUNY,CCC\n')
    (tmp_path / "violence" / "violence_country_month.csv").write_text(
        "iso3,country,year,month,all_early,all_late\nAAA,A,1999,1,1,\nAAA,A,2000,1,5,\nBBB,B,2000,12,7,\nCCC,C,2001,12,9,\n"
    )
    path = tmp_path / "fatalities" / "x.csv"
    found = losses.violence_around(
        path, np.array(["UNX", "UNY", "UNY", "UNZ", "UNX"]), np.array([2000, 2000, 2001, 2000, 2002])
    )
    np.testing.assert_array_equal(found, [12, 0, 9, np.nan, np.nan])  # unknown hosts; a year after the table's last


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
    columns = [
        "conflict_id",
        "epi",
        "firstyear",
        "lastyear",
        "outcome_label",
        "maxint",
        "type",
        "gap_years",
        "next_year",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    frame.to_csv(tmp_path / "episode_recurrence.csv", index=False)
    record = relapse.relapse(tmp_path)
    # 30 episodes before 1980 less those of 1978 and 1979, whose two years were not over: 28, too few; then 1990 to 1995
    assert record.n == 6
    # half came back: the base rate is .5 (38 of 1950 to 1987), Brier .25; so is the hazard fitted to them
    assert record.baselines["base_rate"]["brier"].value == pytest.approx(0.25)
    assert record.scores["brier_before"].value == pytest.approx(0.25, abs=1e-3)
    assert record.baselines["regression"]["brier"].value < 0.05  # how it ended tells all here
    # the shipped hazard is far too low for such a world, and says so
    assert record.scores["brier"].value > 0.3


def test_relapse_the_hazard_is_that_of_the_simulation_summed_from_the_calm_year_on():
    with_deaths = relapse.summed_hazards(np.array([np.nan, 25.0, 2500.0]), np.array([1.0, 1.0, 1.0]))
    assert_allclose(with_deaths[0], with_deaths[1])  # not known: the threshold's
    at = {
        name: priors()[name].estimate for name in ("collapse_rate", "collapse_decay", "collapse_age", "collapse_threat")
    }
    u = stats.qmc.Sobol(4, rng=1).random(relapse.DRAWS)[7]
    rate, decay, age, threat = (float(estimate.quantile(x)) for estimate, x in zip(at.values(), u, strict=True))
    # 52.18 weeks around the middle one, 78.3 weeks after the end
    wanted = rate * (1 + 78.27 / age) ** -decay * 52.18
    assert with_deaths[1, 7] == pytest.approx(wanted, rel=1e-3)
    assert with_deaths[2, 7] == pytest.approx(wanted * (2501 / 26) ** threat, rel=1e-3)
    shorter = relapse.summed_hazards(np.array([25.0]), np.array([1.5]))
    assert shorter[0, 7] < with_deaths[1, 7] / 1.9
    assert relapse.rate_of(np.full((4, 3), 0.1), np.array([1.0, 0, 0, 0])) == pytest.approx(-np.log(0.75) / 0.1)


def test_relapse_an_episode_counts_as_ended_after_a_whole_calm_calendar_year(tmp_path: Path):
    frame = pd.DataFrame({"end": ["1999-12-31", "1999-01-01", "1990-05-05"], "lastyear": [1999, 1999, 1999]})
    found = relapse.calm_years(frame)
    assert_allclose(found, [367 / 365.25, 731 / 365.25 if 731 / 365.25 < 2 else 2, 2], rtol=1e-6)
    assert_allclose(relapse.calm_years(frame.assign(end=pd.NaT)), relapse.CALM)


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


def truce_file(folder: Path, days: int = 90, later: float = 1.0) -> Path:
    """Deaths a day from 1 January on, in a truce from the tenth; from the sixtieth day on times `later`."""
    rng = np.random.default_rng(3)
    count = rng.poisson(3, days) * np.where(np.arange(days) < 60, 1, later)
    day = pd.date_range("2025-01-01", periods=days).strftime("%Y-%m-%d")
    pd.DataFrame({"report_date": day, "killed_truce_new": count}).to_csv(folder / "deaths_daily.csv", index=False)
    (folder / "ceasefires.csv").write_text("start,fell\n2025-01-10,\n")
    return folder / "deaths_daily.csv"


def test_truce_a_forecast_sees_only_what_came_before(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    kept = (Ceasefire(start=date(2025, 1, 10)), Ceasefire(start=date(2025, 3, 20), fell=date(2025, 3, 25)))
    found = []
    for name, later in (("a", 1.0), ("b", 50.0)):
        path, frame = table(truce_file(tmp_path / name, later=later), "", ceasefires.DAILY, ceasefires.HOURS)
        daily = ceasefires.by_day(frame)
        seen = truce.seen_on(path, daily, kept, date(2025, 2, 25))
        assert seen is not None
        others = truce.baselines(daily, kept, seen, date(2025, 2, 25))
        found.append([truce.shipped_forecast(beliefs(seen), 6.0, 4), *others.values()])
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    # of a truce that fell later nobody knew: it is in force on the day
    assert seen.now == pytest.approx(46 / 7)


def test_truce_the_forecast_is_equation_three_as_it_is_compiled():
    sure = {"outside_rate": 20.0, "outside_decay": 0.5, "outside_dispersion": 4.0}
    believed = {name: Estimate(best, best, best) for name, best in sure.items()}
    draws = truce.shipped_forecast(believed, 3.0, 13)
    # the thirteenth week ahead begins at an age of 15: 20 x (16/4)**-.5
    assert draws.mean() == pytest.approx(10.0, rel=0.02)
    assert draws.var() == pytest.approx(10 + 100 / 4, rel=0.05)
    assert (np.sort(draws) == draws.astype(int)[np.argsort(draws)]).all()


def test_truce_scores_whole_weeks_in_which_the_truce_held(tmp_path: Path):
    record = truce.truce(truce_file(tmp_path))
    # eleven whole weeks from 11 January on; forecasts from the fourth week's first day on: 8 one week ahead, 5 four
    assert record.n == 13
    assert {"crps_1", "crps_4", "coverage_90_1", "coverage_90_4"} == set(record.scores)
    assert set(record.baselines) == {
        "resampled_truce_weeks", "conflictology_8_weeks", "last_value", "negative_binomial", "climatology"
    }  # fmt: skip
    (tmp_path / "ceasefires.csv").write_text("start,fell\n2025-01-10,2025-03-01\n")
    assert truce.truce(tmp_path).n == 4 + 1  # seven weeks; those of fighting are not scored
    (tmp_path / "ceasefires.csv").unlink()
    assert truce.truce(tmp_path).n > 5  # the shipped case has a truce in these months
    # a file that begins within a truce knows its age
    late = pd.read_csv(tmp_path / "deaths_daily.csv")
    late["report_date"] = pd.date_range("2025-11-01", periods=len(late)).strftime("%Y-%m-%d")
    late.to_csv(tmp_path / "deaths_daily.csv", index=False)
    assert truce.truce(tmp_path).n > 5
    truce_file(tmp_path)
    (tmp_path / "ceasefires.csv").write_text("start,fell\n2025-03-20,\n")
    with pytest.raises(DataError, match="no whole week of a truce with 3 such weeks before it"):
        truce.truce(tmp_path)


def test_truce_the_last_eight_weeks_are_counted_back_from_the_day():
    daily = pd.Series(np.r_[np.full(40, 9.0), np.arange(56.0), [1e9]], index=pd.date_range("2025-01-01", periods=97))
    found = truce.last_weeks(daily, date(2025, 1, 1) + timedelta(days=95))
    assert_allclose(found, np.arange(56).reshape(8, 7).sum(axis=1))


ROW = {"mission": "m", "weeks": 52, "population": 400_000, "armed": 8000, "troops": 1000, "command": "un",
       "use_of_force": "protection", "consent": "partial", "on_disarmament": 0.2}  # fmt: skip


def test_missions_are_small_theatres_of_what_was_known():
    scenario, presence = missions.small_scenario(ROW)
    armed = scenario.theatre.armed_groups["armed"].strength
    assert (armed.best, armed.low, armed.high) == pytest.approx((8000, 5000, 12_800))
    share = scenario.theatre.parameters["consent_share"]
    assert (share.best, share.low, share.high) == (0.4, 0.15, 0.7)
    assert scenario.horizon == 52
    # 80 % on patrol, 20 % on disarmament; of the thousand planned 80 % are there after half a year
    there = presence.planned.sel(sector="area").isel(pledge=0)
    assert there.isel(week=26).to_numpy().tolist() == pytest.approx([640, 160])
    assert there.isel(week=0).to_numpy().sum() == pytest.approx(30)
    assert presence.planned.sizes["week"] == 52
    patrol = missions.small_scenario({**ROW, "on_disarmament": 0.0}, arrived=((0,), (1.0,)))[1]
    assert patrol.planned.isel(pledge=0, week=0).to_numpy().ravel().tolist() == [1000]


def test_missions_take_last_years_deaths_where_the_fighting_goes_on_and_the_kind_where_it_does_not():
    level = {"deaths": Estimate(0.5, 0.1, 3.0)}
    war = missions.small_scenario({**ROW, "conflict": "war", "deaths_1": 100.0}, level)[0].theatre
    assert (war.observed.deaths.best, war.observed.deaths.low, war.observed.deaths.high) == pytest.approx((87, 8, 400))
    assert war.observed.weeks.best == 52
    assert "event_rate" not in war.parameters
    assert war.ceasefire is None
    truced = missions.small_scenario({**ROW, "conflict": "truce", "deaths_1": 100.0}, level)[0].theatre
    assert truced.observed is None
    assert truced.parameters["event_rate"].best == 0.5
    assert truced.ceasefire is not None


def test_missions_by_size_scale_deaths_by_person_weeks_and_registered_by_armed_people():
    bank = pd.DataFrame({
        "troops": [100, 200, 300], "weeks": [10, 10, 10], "armed": [50, 60, 70], "hostile_deaths": [1.0, 2.0, 9.0],
        "registered": [5.0, 12.0, 7.0],
    })  # fmt: skip
    # the others' deaths are .001 and .003 a person-week: between 1 and 3 in 1,000 person-weeks
    found = missions.baselines(bank, "hostile_deaths", 0)["by_size"]
    assert found.min() == pytest.approx(1000 * (0.001 + 0.002 * missions.LEVELS[0]))
    assert found.max() == pytest.approx(1000 * (0.001 + 0.002 * missions.LEVELS[-1]))
    # registered .2 and .1 of the armed: 5 to 10 of 50
    assert np.median(missions.baselines(bank, "registered", 0)["by_size"]) == pytest.approx(7.5)


def test_missions_deaths_are_beside_the_last_year_the_others_change_and_three_years():
    bank = pd.DataFrame({"deaths": [90.0, 200.0, 50.0], "deaths_1": [60.0, 100.0, 100.0],
                         "deaths_2": [30.0, 1, 1], "deaths_3": [np.nan, 1, 1]})  # fmt: skip
    found = missions.baselines(bank, "deaths", 0)
    assert next(iter(found)) == "own_last_year"
    assert found["own_last_year"].tolist() == [60]
    assert found["conflictology"].tolist() == [60, 30]
    # the others changed by ln(201/101) and ln(51/101)
    changed = found["last_year_as_others_changed"]
    assert np.median(np.log1p(changed)) == pytest.approx(np.log(61) + np.log(201 * 51 / 101**2) / 2)
    # below the source's threshold all counts are alike
    assert missions.scale("deaths", 3) == missions.scale("deaths", 24) == np.log(26)
    assert missions.scale("hostile_deaths", 3) == np.log(4)


def test_missions_no_mission_forecasts_itself():
    bank = shipped("retrodiction").copy()
    k = list(bank["mission"]).index("UNAMSIL")
    before = missions.learned(bank, k)
    other = list(bank["mission"]).index("UNMIL")
    beside = missions.learned(bank, other)
    for outcome, planted in (("hostile_deaths", 900.0), ("registered", 5.0), ("deaths", 90_000.0), ("civilians", 9.0)):
        bank.loc[k, outcome] = planted
    assert missions.learned(bank, k) == before
    again = missions.learned(bank, other)
    assert again["deaths"].best > 1.05 * beside["deaths"].best  # others learn from it
    assert again["attack_risk"].high > beside["attack_risk"].high
    # its case in data/cases.csv is left out as well
    assert before["pace_consented"].best != beside["pace_consented"].best
    whole = beliefs(known_cases("register_inflation", date.max))["register_inflation"]
    assert before["register_inflation"] != whole


def test_missions_deaths_by_kind_are_pooled_and_a_count_below_the_threshold_is_known_only_as_such():
    bank = pd.DataFrame({**ROW, "conflict": ["war"] * 12 + ["truce"], "deaths": [4000.0] * 12 + [3.0]})
    war, calm, none = (missions.killed_by_kind(bank, kind) for kind in ("war", "truce", "insurgency"))
    # 4,000 of 8,000 armed in 52 weeks are 9.6 a week per 1,000, and somewhat more without the force
    assert 9.6 < war.best < 12
    assert calm.best < war.best / 5
    assert none.low < calm.best < war.best < none.high  # of a kind never seen: anywhere between
    assert none.high / none.low > 3 * war.high / war.low
    zero = bank.assign(deaths=bank["deaths"].replace(3.0, 0.0))
    assert missions.killed_by_kind(zero, "truce") == calm
