"""Every equation at numbers worked out by hand (the arithmetic is in the comments)."""

from math import exp, log

import pytest

from contingent.mission.eq01_coverage import coverage, trained_next
from contingent.mission.eq02_violence import expected_events, expected_outside_deaths, intensity, regime_factor, toll
from contingent.mission.eq04_attacks import attackers_near, danger, expected_attacks, home_support, leaving_hazard
from contingent.mission.eq05_disarmament import consents, disarmed, lognormal_noise, recruits, willing
from contingent.mission.eq06_supply import closing_rate, convoy_loss, debris_work, homes_rebuilt, is_open, unmet_need
from contingent.mission.eq08_politics import (
    collapse_hazard,
    fallen_next,
    governing_capacity,
    legitimacy_log_odds,
    logistic,
    support,
)


def test_1_coverage_at_one_scale_is_63_percent():
    # 6,700 persons for a million people at 6.7 a thousand: 1 - 1/e
    assert coverage(6700.0, 1000.0, 6.7) == pytest.approx(0.632121, abs=1e-6)
    # Quinlivan's 20 a thousand covers 1 - exp(-20/6.7) = 94.9 %
    assert coverage(20_000.0, 1000.0, 6.7) == pytest.approx(0.949, abs=1e-3)
    assert coverage(0.0, 1000.0, 6.7) == 0.0


def test_1_coverage_where_nothing_is_in_dispute_is_whole_or_none():
    assert coverage(0.0, 0.0, 6.7) == 0.0
    assert coverage(10.0, 0.0, 6.7) == 1.0


def test_1b_local_forces_are_trained_up_to_a_ceiling_and_leave():
    # 1,000 x .99 + .25 x 400 trainers; room for 50 only: 990 + 50
    assert trained_next(1000.0, 400.0, 0.25, 6000.0, 0.01) == pytest.approx(1090.0)
    assert trained_next(1000.0, 400.0, 0.25, 1050.0, 0.01) == pytest.approx(1040.0)
    assert trained_next(1000.0, 0.0, 0.25, 6000.0, 0.01) == pytest.approx(990.0)


def test_2a_intensity_remembers_a_part_and_adds_noise():
    assert intensity(0.9, 0.33, 0.35, -1.0) == pytest.approx(0.33 * 0.9 - 0.35)


def test_2b_rates_are_those_of_the_first_days_war_or_peace():
    # peace then war: 1 + 4; war then peace: a fifth; no change: 1
    assert regime_factor(1.0, 0.0, 4.0) == 5.0
    assert regime_factor(0.0, 1.0, 4.0) == pytest.approx(0.2)
    assert regime_factor(1.0, 1.0, 4.0) == regime_factor(0.0, 0.0, 4.0) == 1.0


def test_2c_expected_events():
    # .5 a week per 1,000 armed, 2,000 armed: 1; two neighbours' 10 events at .09: .9; at most 2 x 100
    assert expected_events(2000.0, 0.5, 0.0, 1.0, 10.0, 0.09, 100.0) == pytest.approx(1.9 * 200 / 201.9)
    # war after peace: five times the own part; effects of -ln 2 halve it
    assert expected_events(2000.0, 0.5, -log(2), 5.0, 0.0, 0.09, 100.0) == pytest.approx(2.5 * 200 / 202.5)
    assert expected_events(2000.0, 1e9, 5.0, 5.0, 0.0, 0.0, 100.0) == pytest.approx(200.0)
    assert expected_events(0.0, 0.5, 0.0, 1.0, 10.0, 0.09, 100.0) == 0.0  # nobody armed, nothing echoes


def test_2c_the_ceiling_does_not_hang_on_how_the_ground_is_cut():
    whole = expected_events(9000.0, 40.0, 0.0, 1.0, 0.0, 0.0, 100.0)
    assert whole == pytest.approx(3 * expected_events(3000.0, 40.0, 0.0, 1.0, 0.0, 0.0, 100.0))


def test_2d_toll():
    # 8 killed of 400,000 are 2 per 100,000: ln 3
    assert toll(8.0, 400.0) == pytest.approx(log(3))
    assert toll(8.0, 0.0) == 0.0
    # the usual level, .5, is .65 a week per 100,000, some 34 a year
    assert toll(100.0 / 100 * (exp(0.5) - 1), 100.0) == pytest.approx(0.5)


def test_3_outside_deaths_fall_with_disarmament_age_and_deterrence():
    # 20.9 (1 - .5 x .4) = 16.72; war after peace: x 21
    assert expected_outside_deaths(20.9, 0.5, 0.4, 1.0, 0.0, 0.2, 0.0) == pytest.approx(16.72)
    assert expected_outside_deaths(20.9, 0.5, 0.4, 21.0, 0.0, 0.2, 0.0) == pytest.approx(351.12)
    # a cease-fire four times as old (with a week added): 4**-.2; deterrence .3 x .5 at half cover
    assert expected_outside_deaths(20.9, 0.5, 0.4, 1.0, log(4), 0.2, 0.15) == pytest.approx(
        16.72 * 4**-0.2 * exp(-0.15)
    )


def test_4a_the_level_is_that_of_a_year_and_tenfold_doubles_attacks():
    assert danger(0.0) == 0.0
    assert danger(288 * 7 / 365.25) == pytest.approx(log(289))
    # ten times 500 deaths a year: 5001/501 to the power of .3 is 1.99
    assert exp(0.3 * (danger(5000 * 7 / 365.25) - danger(500 * 7 / 365.25))) == pytest.approx(1.99, abs=0.01)


def test_4b_attacks():
    # 10,000 troops at .6 per 1,000 person-years: 6 deaths a year, at 1.5 deaths an attack 4 attacks, .07666 a week
    usual = 4 * 7 / 365.25
    assert expected_attacks(10_000.0, 0.6, 1.5, log(289), 0.3, 0.0) == pytest.approx(usual, rel=1e-6)
    # violence doubled: x 2**.3; support .2 above a half and consent: 1.5 x .2 + .7 x .5
    there = expected_attacks(10_000.0, 0.6, 1.5, log(578), 0.3, 0.65)
    assert there == pytest.approx(usual * 2**0.3 * exp(-0.65), rel=1e-6)


def test_4c_nobody_attacks_where_nobody_is_armed_and_nobody_fires():
    assert attackers_near(0.0, 100.0, 0.0) == 0.0
    assert attackers_near(300.0, 100.0, 0.0) == 0.75
    # .05 deaths a week expected by fire from outside: 1 - exp(-.5)
    assert attackers_near(0.0, 100.0, 0.05) == pytest.approx(1 - exp(-0.5))


def test_5a_consent_switches_at_its_two_rates():
    # won with .25/20 = .0125 a week, lost with .75/20 = .0375
    assert [consents(0.0, u, 0.25, 20.0) for u in (0.9876, 0.9874)] == [1.0, 0.0]
    assert [consents(1.0, u, 0.25, 20.0) for u in (0.0374, 0.0376)] == [0.0, 1.0]


def test_5b_tolls_and_war_take_consent():
    # odds .25/.75 = 1/3; a toll ln 2 beyond the usual at .3: x 2**-.3; war after peace: x exp(-1.5)
    assert willing(0.25, 0.3, 0.0, 1.5, 0.0) == pytest.approx(0.25)
    odds = 2**-0.3 / 3
    assert willing(0.25, 0.3, log(2), 1.5, 0.0) == pytest.approx(odds / (1 + odds))
    odds = exp(-1.5) / 3
    assert willing(0.25, 0.3, 0.0, 1.5, 1.0) == pytest.approx(odds / (1 + odds))
    odds = exp(1.5) / 3  # peace after war
    assert willing(0.25, 0.3, 0.0, 1.5, -1.0) == pytest.approx(odds / (1 + odds))
    assert [willing(share, 0.3, 2.0, 1.5, 1.0) for share in (0.0, 1.0)] == [0.0, 1.0]


def test_5c_disarmed_at_half_cover():
    # q = kappa = .3: 1.3 x .5 = .65; y = .04 x .5 x 1.5 x .65 = .0195; 1,000 x .0195/1.0195
    assert disarmed(1000.0, 0.04, 0.5, 0.3, 0.3, 1.0, 100.0) == pytest.approx(19.127, abs=1e-3)
    assert disarmed(1000.0, 0.04, 0.5, 0.0, 0.3, 1.0, 100.0) == 0.0
    assert disarmed(1000.0, 1.0, 1.0, 1.0, 0.3, 1e6, 1e9) < 1000.0
    # ten people on the task take 1.2 each through it in a week
    assert disarmed(1000.0, 0.04, 0.5, 0.3, 0.3, 1.0, 12.0) == 12.0


def test_5d_recruits_fill_the_room_that_is_left():
    # 100 deaths x .15 x (1 - 1,000/1,300) = 3.4615
    assert recruits(100.0, 0.15, 1000.0, 1300.0) == pytest.approx(3.4615, abs=1e-4)
    assert recruits(1e9, 0.15, 1000.0, 1300.0) == 300.0
    assert recruits(100.0, 0.15, 1400.0, 1300.0) == 0.0
    assert recruits(100.0, 0.15, 0.0, 0.0) == 0.0


def test_6a_a_crossing_opens_and_shuts():
    assert [is_open(1.0, u, 0.02, 0.1) for u in (0.019, 0.021)] == [0.0, 1.0]
    assert [is_open(0.0, u, 0.02, 0.1) for u in (0.901, 0.899)] == [1.0, 0.0]


def test_6b_closing_rate():
    # a toll ln 2 beyond the usual at .3: x 2**.3; war after peace: x 4; full presence: x exp(-.8)
    assert closing_rate(0.02, log(2), 0.3, 4.0, 0.0, 0.8) == pytest.approx(0.08 * 2**0.3)
    assert closing_rate(0.02, log(2), 0.3, 4.0, 1.0, 0.8) == pytest.approx(0.08 * 2**0.3 * exp(-0.8))
    assert closing_rate(0.02, 40.0, 0.3, 4.0, 0.0, 0.8) == 1.0


def test_6c_convoy_loss():
    # .05 + .77 x .5 x .8 x .25 = .127
    assert convoy_loss(0.05, 0.82, 0.5, 0.2, 0.5, 0.0, 0.15) == pytest.approx(0.127)
    assert convoy_loss(0.05, 0.82, 1.0, 0.0, 1.0, 0.0, 0.15) == pytest.approx(0.05)
    # a toll of ln 3: .05 + .77 x .4 x (1 - .75 x 3**-.15)
    there = convoy_loss(0.05, 0.82, 0.5, 0.2, 0.5, log(3), 0.15)
    assert there == pytest.approx(0.05 + 0.77 * 0.4 * (1 - 0.75 * 3**-0.15))


def test_7a_unmet_need_moves_towards_what_is_not_delivered():
    # .5 + .15 (.3 - .5) = .47; more than needed counts as all
    assert unmet_need(0.5, 0.7, 0.15) == pytest.approx(0.47)
    assert unmet_need(0.5, 2.0, 0.15) == pytest.approx(0.425)


def test_7b_debris_work():
    # (.3 + .7 x .5) x .8 x .5 x 1.3 = .338
    assert debris_work(0.3, 0.5, 0.8, 0.3) == pytest.approx(0.338)


def test_7c_homes_follow_cleared_ground():
    assert homes_rebuilt(1000.0, 200.0, 0.01, 0.5) == pytest.approx(4.0)
    assert homes_rebuilt(100.0, 200.0, 0.01, 0.5) == 0.0


def test_8a_capacity_moves_towards_what_support_and_legitimacy_allow():
    # aim .3 + .7 x .6 x .5 = .51; .3 + .03 x .21
    assert governing_capacity(0.3, 0.3, 0.6, 0.5, 0.03) == pytest.approx(0.3063)


def test_8b_legitimacy():
    # aim -1 + 2 x .1 + 1 x .5 - .5 x ln 2 (a toll ln 2 beyond the usual) = -.64657; -1 + .06 x .35343 + .02
    assert legitimacy_log_odds(
        -1.0, -1.0, 0.06, 0.1, 2.0, 0.5, 1.0, log(2), 0.5, 0.02
    ) == pytest.approx(-1 + 0.06 * (0.7 - 0.5 * log(2)) + 0.02)  # fmt: skip
    assert logistic(0.0) == 0.5


def test_9_support_moves_towards_its_target_within_bounds():
    assert support(0.5, 0.7, 0.1) == pytest.approx(0.52)
    assert support(0.5, 3.0, 0.1) == pytest.approx(0.55)
    assert support(0.5, -3.0, 0.1) == pytest.approx(0.45)


def test_10a_home_support_falls_with_a_shock_and_recovers_to_where_it_began():
    # first death: .25 ln 2 = .17329
    assert home_support(0.5, 0.5, 0.25 * log(2), 0.0) == pytest.approx(0.32671, abs=1e-5)
    assert home_support(0.499, 0.5, 0.0, 0.002) == 0.5
    assert home_support(0.1, 0.5, 0.9, 0.002) == 0.0


def test_10b_leaving():
    assert leaving_hazard(0.0004, 4.0, 0.3, 0.3) == pytest.approx(0.0004)
    assert leaving_hazard(0.0004, 4.0, 0.3, 0.05) == pytest.approx(0.0004 * exp(1))


def test_11_collapse():
    # age t_0: 2**-.15; 51 deaths a year beside 25: 2**.35; half the ground held, a quarter of monitoring
    there = collapse_hazard(0.0025, log(2), 0.15, log(52), 0.35, 1.2 * 0.5 + 0.5 * 0.25)
    assert there == pytest.approx(0.0025 * 2**0.2 * exp(-0.725))


def test_11b_a_ceasefire_falls_and_is_restored():
    assert [fallen_next(0.0, u, 0.02, 0.03) for u in (0.019, 0.021)] == [1.0, 0.0]
    assert [fallen_next(1.0, u, 0.02, 0.03) for u in (0.971, 0.969)] == [0.0, 1.0]


def test_noise_has_mean_one():
    assert lognormal_noise(0.0, 0.6) == pytest.approx(exp(-0.18))
