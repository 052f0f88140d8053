"""Posteriors against exact ones; ranks that are uniform where they must be, and uneven where a likelihood is wrong."""

import json
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats

from contingent.cli import main
from contingent.errors import DataError
from contingent.mission.calibration import ceasefires, earlier_missions, posterior
from contingent.mission.tables import shipped
from contingent.quantities import Estimate, Unit
from contingent.scenario.theatre import Ceasefire
from contingent.scoring.tables import table

RATE = Estimate(3.0, 0.5, 18.0, unit=Unit("1", 0))


@dataclass(frozen=True, slots=True)
class Counts:
    """Poisson counts of one rate."""

    seen: np.ndarray
    points: int = 40

    @property
    def priors(self):
        return {"rate": RATE}

    def log_likelihood(self, values):
        return stats.poisson.logpmf(self.seen, values).sum(axis=1)


def test_the_grid_gives_the_exact_posterior():
    draws = posterior.posterior(Counts(np.array([4, 9, 7, 6, 8]))).draws(20_000, np.random.default_rng(1))[:, 0]
    spread = np.log(6.0) / 1.6448536269514722

    def density(x):
        return stats.norm.pdf(np.log(x), np.log(3.0), spread) / x * np.prod(stats.poisson.pmf([4, 9, 7, 6, 8], x))

    whole = integrate.quad(density, 0.01, 60, limit=200)[0]
    for level in (0.05, 0.5, 0.95):
        at = np.quantile(draws, level)
        assert integrate.quad(density, 0.01, at, limit=200)[0] / whole == pytest.approx(level, abs=0.006)


def test_no_data_leave_the_prior_as_it_was():
    draws = posterior.posterior(Counts(np.empty(0))).draws(20_000, np.random.default_rng(1))[:, 0]
    np.testing.assert_allclose(np.quantile(draws, (0.05, 0.5, 0.95)), (0.5, 3.0, 18.0), rtol=0.01)


WEEKS = ceasefires.Truce(np.ones(8), np.ones(8), np.tile([0.0, 1, 4, 9], 2), np.repeat([0, 2], 4), now=10.0, points=8)
NEXT = replace(WEEKS, now=np.nan)
FIGHTING = ceasefires.War(np.ones(6), np.ones(6), np.arange(6.0), np.ones(6), now=np.nan, points=12, beside=20.0)
MISSIONS = earlier_missions.Risk(np.ones(12), np.geomspace(1, 60, 12), 12)
EPISODES = earlier_missions.Collapse(
    np.repeat([70.0, 0.0], [18, 2]), np.full(20, 200.0), np.ones(20), np.repeat([260.0, 40.0], [18, 2]),
    np.tile([-3.0, 0.0, 2.0, 4.0], 5), own=2, points=6,
)  # fmt: skip
PACE = earlier_missions.Cases("pace_consented", np.zeros(4), 16)
ROUNDS = 100


@pytest.mark.parametrize(
    "question", [WEEKS, NEXT, FIGHTING, MISSIONS, EPISODES, PACE],
    ids=["truce", "next truce", "fighting", "missions", "episodes", "pace"],
)  # fmt: skip
def test_the_truth_ranks_anywhere_among_posterior_draws(question):
    table = posterior.rank_histograms(question, ROUNDS, seed=5)
    assert set(question.priors) <= set(table)
    assert {row.counts.sum() for row in table.values()} == {ROUNDS}
    assert min(row.p for row in table.values()) > 0.01 / len(table), table


class TwiceCounted(earlier_missions.Cases):
    """As if every case had been seen twice: too sure of itself."""

    __slots__ = ()

    def log_likelihood(self, values):
        return 2 * super().log_likelihood(values)


class NoLink(earlier_missions.Risk):
    """What is counted taken for the risk itself: too low by the link."""

    __slots__ = ()

    def log_likelihood(self, values):
        return super().log_likelihood(values * np.array([np.exp(-earlier_missions.LINK) * 2, 1.0]))


class PoissonWeeks(ceasefires.Truce):
    """Weeks without more spread than Poisson's."""

    __slots__ = ()

    def log_likelihood(self, values):
        return super().log_likelihood(values * np.array([1.0, 1.0, 50.0]))


class AgelessTruce(ceasefires.Truce):
    """As if every week of a truce were of the age that it has on the date."""

    __slots__ = ()

    def log_likelihood(self, values):
        aged = ceasefires.Truce(self.deaths, self.exposure, self.age * 0 + self.now, self.spell, self.now, self.points)
        return aged.log_likelihood(values)


class NoLateEntry(earlier_missions.Collapse):
    """As if episodes that had to stay calm to be listed had been watched from their first day."""

    __slots__ = ()

    def log_likelihood(self, values):
        blind = earlier_missions.Collapse(
            self.entered * 0, self.left, self.fell, self.limit, self.level, self.own, self.points
        )
        return blind.log_likelihood(values)


@pytest.mark.parametrize(
    "question",
    [
        TwiceCounted("pace_consented", np.zeros(10), 16),
        NoLink(MISSIONS.deaths, MISSIONS.exposure, 12),
        PoissonWeeks(WEEKS.deaths, WEEKS.exposure, WEEKS.age, WEEKS.spell, 10.0, 8),
        AgelessTruce(WEEKS.deaths, WEEKS.exposure, WEEKS.age, WEEKS.spell, 2000.0, 8),
        NoLateEntry(EPISODES.entered * 4, EPISODES.left, EPISODES.fell, EPISODES.limit * 4, EPISODES.level, 2, 6),
    ],
    ids=lambda q: type(q).__name__,
)
def test_a_wrong_likelihood_is_found_out(question):
    table = posterior.rank_histograms(question, ROUNDS, seed=5)
    assert min(row.p for row in table.values()) < 1e-4, table


def test_ceasefires_cut_the_calendar_into_spells():
    first = Ceasefire(start=date(2025, 1, 19), fell=date(2025, 3, 18))
    second = Ceasefire(start=date(2025, 10, 10))
    # a report covers the hours before it: that of a truce's first day tells of the fighting
    assert ceasefires.spells((second, first), date(2025, 10, 28)) == [
        (date(2025, 1, 20), date(2025, 3, 17), False),
        (date(2025, 3, 18), date(2025, 10, 10), True),
        (date(2025, 10, 11), date(2025, 10, 28), False),
    ]
    assert ceasefires.spells((first, second), date(2025, 2, 1)) == [(date(2025, 1, 20), date(2025, 2, 1), False)]
    assert ceasefires.spells((first, second), date(2025, 10, 10))[-1] == (date(2025, 3, 18), date(2025, 10, 10), True)
    with pytest.raises(ValueError, match="before it began"):
        Ceasefire(start=date(2025, 3, 18), fell=date(2025, 1, 19))


def daily(tmp_path, rows, columns="report_date,killed,killed_truce_new"):
    """Deaths by day of a file with these rows."""
    path = tmp_path / "deaths_daily.csv"
    path.write_text("\n".join([columns, *rows]) + "\n")
    return ceasefires.by_day(table(tmp_path, "deaths_daily*.csv", ceasefires.DAILY, ceasefires.HOURS)[1])


def test_reports_of_48_and_72_hours_are_spread_over_their_days(tmp_path):
    # no report on the 21st: that of the 22nd covers both days; none from the 23rd to the 25th: the 26th covers three
    found = daily(tmp_path, ["2025-01-20,9,3", "2025-01-21,0,", "2025-01-22,8,8", "2025-01-26,90,9"])
    assert_allclose(found.to_numpy(), [3, 4, 4, np.nan, 3, 3, 3])
    # bodies recovered are told apart from new deaths, or no report of new deaths it is
    found = daily(tmp_path, ["2025-01-20,500,3", "2025-01-21,70,", "2025-01-22,5,2"])
    assert_allclose(found.to_numpy(), [3, 1, 1])
    # the file says how many hours a report covers, whatever came before it
    said = daily(
        tmp_path, ["2025-01-20,9,3,24", "2025-01-23,8,8,48", "2025-01-26,9,9,72"],
        "report_date,killed,killed_truce_new,report_period",
    )  # fmt: skip
    assert_allclose(said.to_numpy(), [3, np.nan, 4, 4, 3, 3, 3])
    with pytest.raises(DataError, match=r":3  report_period: `36` is not a whole number of days"):
        daily(tmp_path, ["2025-01-20,9,3,24", "2025-01-23,8,8,36"], "report_date,killed,killed_truce_new,report_period")


def test_days_are_counted_by_week_and_spell_and_fighting_apart(tmp_path):
    days = [f"2025-01-{day:02},{killed},{new}" for day, killed, new in (
        (19, 9, 50), (21, 5, 4), (22, 7, 3), (27, 4, 4), (28, 30, 30), (29, 40, 40),
    )]  # fmt: skip
    daily(tmp_path, days)
    kept = (Ceasefire(start=date(2025, 1, 19), fell=date(2025, 1, 28)),)
    truce, war = ceasefires.read_outside(tmp_path, kept, date(2025, 1, 29))
    # the truce from the 20th: 4 over the 20th and 21st, 3 on the 22nd, a third of 4 on each of the 25th, 26th, 27th
    assert_allclose(truce.deaths, [7 + 4 * 2 / 3, 4 / 3])
    assert_allclose(truce.exposure * 7, [5, 1])
    assert_allclose(truce.age, [0, 1])
    assert_allclose((war.deaths, war.exposure * 7), ([70], [2]))
    assert np.isnan(truce.now)  # it fell; the fighting in force is two days old
    assert war.now == pytest.approx(2 / 7)
    held, none = ceasefires.read_outside(tmp_path, kept, date(2025, 1, 27))
    assert held.now == pytest.approx(8 / 7)  # days since the 19th
    assert len(none.deaths) == 0
    assert_allclose(held.levels(kept, date(2025, 1, 27)), [(7 + 4) / 6 * 365.25])
    earlier = (Ceasefire(start=date(2023, 11, 24), fell=date(2023, 12, 1)), *kept)  # before the daily file begins
    both, _ = ceasefires.read_outside(tmp_path, earlier, date(2025, 1, 27))
    assert_allclose(both.levels(earlier, date(2025, 1, 27)), [np.nan, (7 + 4) / 6 * 365.25])
    with pytest.raises(DataError, match="within a cease-fire"):
        ceasefires.read_outside(
            tmp_path, (Ceasefire(start=date(2024, 1, 1), fell=date(2024, 1, 2)),), date(2025, 1, 27)
        )


def test_the_summed_hazard_and_the_week_it_is_reached_are_inverse():
    weeks = np.array([1.0, 26.0, 104.0, 260.0])
    for decay in (0.15, 1.0, 1.6):
        np.testing.assert_allclose(
            earlier_missions.reached(earlier_missions.summed(weeks, 0.004, decay), 0.004, decay), weeks, rtol=1e-4
        )
    # theta = 0: a plain .4 % a week; theta = 1: .004 x 26 x ln(1 + 104/26)
    assert earlier_missions.summed(weeks, 0.004, 0.0)[2] == pytest.approx(0.416)
    assert earlier_missions.summed(weeks, 0.004, 1.0)[2] == pytest.approx(0.004 * 26 * np.log(5), rel=1e-5)
    assert earlier_missions.reached(np.array([9.0]), 0.004, 1.6)[0] == np.inf


def test_an_own_collapse_raises_the_own_hazard_and_a_long_calm_lowers_it():
    calm = replace(EPISODES, fell=np.r_[np.ones(18), 0, 0], left=np.r_[np.full(18, 200.0), 300, 300])
    broke = replace(EPISODES, fell=np.ones(20), left=np.r_[np.full(18, 200.0), 8, 8])

    def middle(question):
        values = posterior.posterior(question).draws(2000, np.random.default_rng(1))
        return np.median(question.told(values, np.random.default_rng(2).random(2000))["collapse_rate"])

    assert middle(broke) > 3 * middle(calm)


def test_nothing_after_the_scenarios_date_is_used(gaza):
    early = earlier_missions.known_cases("pace_consented", date(2004, 1, 1))
    assert len(early.logs) == 1
    assert len(earlier_missions.known_cases("pace_consented", gaza.as_of).logs) == 4
    # 1 - .665**(1/13.7) = .02935; odds .03023
    assert np.exp(early.logs[0]) == pytest.approx(0.03023, abs=1e-4)


def test_without_data_only_the_shipped_cases_are_learnt_from_and_the_rest_is_judgement(capsys, tmp_path):
    with pytest.raises(SystemExit) as done:
        main(["calibrate", "isf_gaza", "--data", str(tmp_path), "--check", "20", "--json"])
    assert not done.value.code
    found = json.loads(capsys.readouterr().out)
    status = {row["parameter"]: row["status"] for row in found["parameters"]}
    assert {name for name, said in status.items() if said == "posterior"} == set(earlier_missions.BEFORE)
    assert status["coverage_scale"] == "judgement"
    assert status["command_un"] == "definition"
    assert all(row["source"] for row in found["parameters"])
    assert len(found["ranks"]) == len(earlier_missions.BEFORE)
    with pytest.raises(SystemExit) as done:
        main(["calibrate", "isf_gaza", "--data", str(tmp_path / "nowhere")])
    assert done.value.code == 2
    assert "no such folder" in capsys.readouterr().err


def test_every_shipped_case_has_its_source():
    assert shipped("cases")["source"].str.startswith("http").all()
    assert shipped("cases")["says"].str.len().min() > 10
