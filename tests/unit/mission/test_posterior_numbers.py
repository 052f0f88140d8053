"""Likelihoods, links and posteriors of the calibration at numbers worked out by hand."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.special import gammaln

from contingent.errors import DataError
from contingent.mission.calibration import ceasefires, earlier_missions, posterior
from contingent.mission.calibration.posterior import Learned, rows, to_text
from contingent.mission.tables import shipped
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire
from contingent.scoring.tables import find

POSITIVE = Unit("1", 0)


def test_cases_are_normal_on_the_log_scale_around_the_middle_and_its_link():
    logs = np.log([0.03, 0.05])
    question = earlier_missions.Cases("pace_consented", logs)
    found = question.log_likelihood(np.array([[0.04, 0.6], [0.08, 0.6], [0.04, 0.3]]))
    spread = np.hypot([0.6, 0.6, 0.3], 0.2)
    middle = np.log([0.04, 0.08, 0.04]) + np.log(0.66)
    wanted = [stats.norm.logpdf(logs, m, s).sum() + np.log(2 * np.pi) for m, s in zip(middle, spread, strict=True)]
    assert_allclose(found, wanted)
    # the next case: middle x exp(spread z); z of .95 is 1.645
    told = question.told(np.array([[0.04, 0.6]]), np.array([0.95]))["pace_consented"]
    assert told == pytest.approx(0.04 * np.exp(0.6 * 1.6448536))
    assert question.told(np.array([[0.04, 0.6]]), np.array([0.5]))["pace_consented"] == pytest.approx(0.04)


def test_risk_sums_out_each_missions_own_rate():
    question = earlier_missions.Risk(np.array([3.0]), np.array([2.0]))
    phi = earlier_missions.clustering()
    # the same by plain integration over the mission's log rate
    rate = np.linspace(np.log(1e-4), np.log(60), 20_001)
    for middle, spread in ((0.5, 1.0), (2.0, 0.5)):
        mean = np.exp(rate) * 2.0
        seen = stats.nbinom.pmf(3, mean / (phi - 1), 1 / phi)
        density = stats.norm.pdf(
            rate, np.log(middle) + earlier_missions.LINK, np.hypot(spread, earlier_missions.LINK_SPREAD)
        )
        wanted = np.log((seen * density).sum() / density.sum())
        assert question.log_likelihood(np.array([[middle, spread]]))[0] == pytest.approx(wanted, abs=1e-3)
    assert question.told(np.array([[0.5, 1.0]]), np.array([0.5]))["attack_risk"] == pytest.approx(0.5)


def test_clustering_is_the_mean_square_of_a_size_beside_its_mean():
    from contingent.mission.parameters import priors

    tail, largest = priors()["attack_tail"].estimate.best, int(priors()["attack_largest"].estimate.best)
    n = np.arange(1, largest + 1)
    chance = n**-tail - np.append(n[1:] ** -tail, 0.0)  # of exactly n
    assert earlier_missions.clustering() == pytest.approx((n**2 * chance).sum() / (n * chance).sum())


def test_risk_is_read_by_mission_and_only_from_years_that_were_over(tmp_path: Path):
    rows = [f"m{k},{year},{1000 * (k + 1)},{k}" for k in range(5) for year in (2000, 2001, 2002)]
    path = tmp_path / "uniformed_fatality_rates_mission_year.csv"
    path.write_text("mission,year,py,Malicious Act\n" + "\n".join([*rows, "m9,2000,0,4"]))
    found = earlier_missions.read_risk(tmp_path, date(2002, 6, 1))
    assert found.deaths.tolist() == [0, 2, 4, 6, 8]  # two years each; 2002 is not over, m9 had nobody there
    assert found.exposure.tolist() == [2, 4, 6, 8, 10]
    with pytest.raises(DataError, match="0 missions before 2000; at least 5"):
        earlier_missions.read_risk(tmp_path, date(2000, 6, 1))


def test_a_share_disarmed_over_weeks_becomes_weekly_odds():
    table = shipped("cases")
    rows = table[table["parameter"] == "pace_consented"]
    found = earlier_missions.known_cases("pace_consented", date(2030, 1, 1)).logs
    weekly = 1 - (1 - rows["value"].to_numpy()) ** (1 / rows["weeks"].to_numpy())
    assert_allclose(np.exp(found), weekly / (1 - weekly))
    left = earlier_missions.known_cases("pace_consented", date(2030, 1, 1), without="Liberia").logs
    assert_allclose(left, np.delete(found, list(rows["case"]).index("Liberia")))
    other = table[table["parameter"] == "weapons_per_disarmed"]["value"].to_numpy()
    assert_allclose(np.exp(earlier_missions.known_cases("weapons_per_disarmed", date(2030, 1, 1)).logs), other)


def by_integration(of_level):
    """A spell's level summed out: lognormal with the spread between spells, cut at three of them."""
    level = np.linspace(-4, 4, 4001)
    density = stats.norm.pdf(level)
    return np.log((of_level(np.exp(ceasefires.BETWEEN * level)) * density).sum() / density.sum())


def test_a_truce_is_negative_binomial_with_a_level_for_each_spell_and_falls_with_its_age():
    # two weeks of an old truce of age 0 and 4, and three days of one that is 8 weeks old on the date
    weeks = ceasefires.Truce(
        np.array([4.0, 9.0, 10.0]), np.array([1.0, 1.0, 3 / 7]), np.array([0.0, 4, 7]), np.array([0, 0, 2]), now=8.0
    )
    rate, decay, shape = 6.0, 0.5, 2.0

    def seen(deaths, mean):
        return stats.nbinom.pmf(deaths, shape, shape / (shape + mean))

    # ages in 1 + weeks beside 9: 1/9, 5/9, 8/9
    wanted = by_integration(lambda up: seen(4, rate * up * 9**0.5) * seen(9, rate * up * (9 / 5) ** 0.5))
    wanted += by_integration(lambda up: seen(10, rate * up * (9 / 8) ** 0.5 * 3 / 7))
    values = np.array([[rate, decay, shape]])
    # what is left out of the likelihood: the factorials
    assert weeks.log_likelihood(values)[0] == pytest.approx(wanted + gammaln([5, 10, 11]).sum(), abs=2e-3)
    # the level told is that of the truce in force, given its ten deaths in three days: above the common one of 6
    low, high = (weeks.told(values, np.array([u]))["outside_rate"][0] for u in (0.05, 0.95))
    fine = np.linspace(-4, 4, 4001)
    share = np.cumsum(
        stats.norm.pdf(fine) * seen(10, rate * np.exp(ceasefires.BETWEEN * fine) * (9 / 8) ** 0.5 * 3 / 7)
    )
    ends = rate * np.exp(ceasefires.BETWEEN * np.interp((0.05, 0.95), share / share[-1], fine))
    assert (low, high) == pytest.approx(tuple(ends), rel=0.03)
    assert np.sqrt(low * high) > 1.5 * rate
    told = weeks.told(values, np.array([0.5]))
    assert (told["outside_decay"][0], told["outside_dispersion"][0]) == (decay, shape)


def test_without_a_truce_in_force_the_next_one_is_told_and_ages_count_from_its_first_day():
    weeks = ceasefires.Truce(np.array([4.0]), np.ones(1), np.array([3.0]), np.zeros(1), now=np.nan)
    assert weeks.mean(np.array([[6.0, 0.5, 2.0]]))[0, 0] == pytest.approx(6 * 4**-0.5)
    told = weeks.told(np.array([[6.0, 0.5, 2.0]]), np.array([0.95]))["outside_rate"][0]
    assert told == pytest.approx(6 * np.exp(ceasefires.BETWEEN * 1.6448536))


def test_fighting_is_told_beside_the_truce_and_knows_no_age():
    weeks = ceasefires.War(
        np.array([200.0, 300.0]), np.ones(2), np.array([0.0, 30]), np.ones(2), now=np.nan, beside=20.0
    )
    values = np.array([[220.0, 5.0]])
    assert weeks.mean(values)[0].tolist() == [220, 220]
    assert weeks.told(values, np.array([0.5]))["fallen_outside"][0] == pytest.approx(220 / 20 - 1)
    assert weeks.told(values, np.array([0.5]))["war_dispersion"][0] == 5
    assert weeks.priors["war_rate"].best == 200  # ten times the truce's
    # less than a truce's is no rise at all, never a fall
    assert weeks.told(np.array([[5.0, 5.0]]), np.array([0.5]))["fallen_outside"][0] == 0


def test_collapse_is_survival_with_frailty_and_late_entry_by_the_level_of_violence():
    # one episode entered at week 50 and collapsed at 80, one stayed to 100; of the own two one fell at 10
    level = np.array([0.0, 1.2, 2.0, 2.0])
    question = earlier_missions.Collapse(
        np.array([50.0, 50, 0, 0]), np.array([80.0, 100, 10, 20]), np.array([1.0, 0, 1, 0]), np.full(4, 260.0),
        level, own=2,
    )  # fmt: skip
    rate, decay, shape, threat = 0.004, 0.5, 2.0, 0.3
    high, own = np.exp(threat * 1.2), np.exp(threat * 2.0)

    def hazard(week):
        return rate * (1 + week / 26) ** -decay

    def summed(week):
        return rate * 26 / (1 - decay) * ((1 + week / 26) ** (1 - decay) - 1)

    z = np.linspace(1e-6, 40, 400_001)
    frailty = stats.gamma.pdf(z, shape, scale=1 / shape)

    def mean(values):
        return (values * frailty).sum() / frailty.sum()

    wanted = np.log(mean(z * hazard(80) * np.exp(-z * summed(80))) / mean(np.exp(-z * summed(50))))
    wanted += np.log(mean(np.exp(-z * high * summed(100))) / mean(np.exp(-z * high * summed(50))))
    # the own ones share one z
    wanted += np.log(mean(z * own * hazard(10) * np.exp(-z * own * (summed(10) + summed(20)))))
    values = np.array([[rate, decay, shape, threat]])
    assert question.log_likelihood(values)[0] == pytest.approx(wanted, abs=1e-4)
    # the own z given one collapse: gamma of shape 3, rate 2 + what was seen at its level; told at 25 deaths a year
    told = question.told(values, np.array([0.3]))["collapse_rate"][0]
    seen = own * (summed(10) + summed(20))
    assert told == pytest.approx(rate * stats.gamma.ppf(0.3, 3, scale=1 / (2 + seen)))


def test_episodes_and_ceasefires_are_read_as_known_on_a_date(tmp_path: Path):
    (tmp_path / "episode_recurrence.csv").write_text(
        "end,lastyear,next_start,outcome_label\n"
        "1999-06-30,1999,2003-07-02,ceasefire\n"  # seen from 2001-01-01, back after 1,463 days
        "1999-06-30,1999,,peace agreement\n"  # never back
        "1999-06-30,1999,2000-03-01,ceasefire\n"  # back before it counted as ended
        "1999-06-30,1999,,gov/side A victory\n"  # another ending
        "1985-06-30,1985,,ceasefire\n"  # before 1990
        "2009-12-01,2009,,low activity\n"
    )
    own = (Ceasefire(start=date(2004, 1, 1), fell=date(2004, 2, 5)), Ceasefire(start=date(2004, 3, 4)))
    found = earlier_missions.read_collapse(tmp_path, own, date(2004, 4, 1))
    assert found.own == 2
    assert found.fell.tolist() == [1, 0, 1, 0]
    # 2001-01-01 is 551 days after the end; 2004-04-01 is 1,737
    assert_allclose(found.entered * 7, [551, 551, 0, 0])
    assert_allclose(found.left * 7, [1463, 1737, 35, 28])
    assert_allclose(found.limit * 7, [1737, 1737, 91, 28])
    assert found.level.tolist() == [0, 0, 0, 0]  # no deaths are given: the threshold's
    later = earlier_missions.read_collapse(tmp_path, own, date(2008, 1, 1))
    assert later.limit[0] == 260  # followed for five years at most
    with pytest.raises(DataError, match="no episode since 1990"):
        earlier_missions.read_collapse(tmp_path, own, date(2000, 6, 1))


EPISODE_ROWS = (
    "end,lastyear,firstyear,next_start,outcome_label,location,conflict_id\n"
    "1999-06-30,1999,1998,,ceasefire,Mali,1\n"
    "1999-06-30,1999,1990,,ceasefire,DR Congo (Zaire),2\n"
    "1999-06-30,1999,1990,,ceasefire,Chad,3\n"
    "1998-01-01,2001,1990,,low activity,Chad,4\n"
)


def test_the_level_of_an_episode_is_the_deaths_of_the_half_year_after_it(tmp_path: Path):
    (tmp_path / "recurrence").mkdir()
    (tmp_path / "violence").mkdir()
    (tmp_path / "recurrence" / "episode_recurrence.csv").write_text(EPISODE_ROWS)
    (tmp_path / "violence" / "violence_country_month.csv").write_text(
        "iso3,country,year,month,all_early,all_late\n"
        "MLI,Mali,1989,1,1,\n"
        "MLI,Mali,1999,6,500,\n"  # the month of the end itself does not count
        "MLI,Mali,1999,7,40,\nMLI,Mali,1999,12,,11\nMLI,Mali,2000,1,900,\n"
        'COD,"Congo, DRC",1999,8,3,\n'
        "TCD,Chad,1999,8,7,\n"
    )
    found = earlier_missions.read_collapse(tmp_path / "recurrence", (), date(2004, 4, 1))
    # 51 in half a year; 3 under another name; in Chad another conflict went on, so its level is not known
    assert_allclose(found.level, np.log(np.array([103, 7, 26]) / 26))
    own = (Ceasefire(start=date(2004, 1, 1)),)
    levels = earlier_missions.read_collapse(tmp_path / "recurrence", own, date(2004, 4, 1), np.array([1299.0])).level
    assert levels[-1] == pytest.approx(np.log(50))


class Line:
    """A likelihood that keeps only values between two bounds."""

    points = 10

    def __init__(self, low, high):
        self.low, self.high = low, high

    @property
    def priors(self):
        return {"x": Estimate(1.0, 0.1, 10.0, unit=POSITIVE)}

    def log_likelihood(self, values):
        return np.where((values[:, 0] > self.low) & (values[:, 0] < self.high), 0.0, -1e9)


def test_the_grid_draws_in_on_where_the_data_leave_weight():
    prior = Line(0, 0).priors["x"]
    found = posterior.posterior(Line(prior.quantile(0.42), prior.quantile(0.48)))
    # ten cells of .1, of which .4 to .5 stays with a cell on either side; ten of .03, .42 to .48 likewise; then .012
    assert found.width[0] == pytest.approx(0.012)
    draws = found.draws(1000, np.random.default_rng(1))[:, 0]
    at = prior.quantile(np.array([0.41, 0.49]))
    assert at[0] < draws.min()
    assert draws.max() < at[1]
    assert found.weight.sum() == pytest.approx(1)


def test_a_grid_holds_every_cell_once_in_the_priors_quantiles():
    found = posterior.weighted(Line(0, 1e9), np.array([0.2]), np.array([0.7]))
    assert_allclose(found.low[:, 0], 0.2 + 0.05 * np.arange(10))
    assert_allclose(found.weight, 0.1)


def test_posteriors_stand_first_and_all_else_is_judgement_or_definition(gaza):
    learned = {"attack_risk": Learned(Estimate(0.4, 0.1, 2.0), "missions", 53)}
    found = {row["parameter"]: row for row in rows(gaza, learned)}
    assert found["attack_risk"]["status"] == "posterior"
    assert found["attack_risk"]["posterior"] == {"best": 0.4, "low": 0.1, "high": 2.0}
    assert found["attack_risk"]["data"] == "missions (53)"
    assert found["coverage_scale"]["status"] == "judgement"
    assert found["coverage_scale"]["prior"] == {"best": 6.7, "low": 4.1, "high": 11}
    assert found["command_un"]["status"] == "definition"
    assert found["need_effect"]["posterior"] is None
    text = to_text(list(found.values())).splitlines()
    assert text[1].startswith("attack_risk ")
    assert text[1].endswith("missions (53)")
    assert text[2] == ""


def test_files_lie_flat_or_by_folder(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "deaths_daily.csv").write_text("x")
    assert find(tmp_path, "deaths_daily*.csv") == tmp_path / "deep" / "deaths_daily.csv"
    assert find(tmp_path / "deep", "deaths_daily*.csv") == tmp_path / "deep" / "deaths_daily.csv"
    assert find(tmp_path, "other*.csv") is None
