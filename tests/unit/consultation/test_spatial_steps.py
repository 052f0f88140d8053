"""The compiled steps of the spatial model, each at numbers worked by hand (steps as in
docs/methods/consultation.md)."""

import numpy as np
import pytest

from contingent.consultation.spatial.challenges import (
    BELIEVED,
    TINY,
    bargain_positions,
    bargain_utilities,
    challenge_gains,
    choose_bargain,
    counted_uniform,
    distances,
    perceived_utilities,
    risk_attitudes,
    risk_utility,
    rounded,
)
from contingent.consultation.spatial.model import CHOICES, Model
from contingent.consultation.spatial.pce import RULES, elect, victory_probability, vote
from contingent.consultation.spatial.state_transitions import MOST_TURNS, run_turns


def codes(compat="corrected", **options):
    return Model(**options, compat=compat).codes


def rule(name):
    return RULES[CHOICES["VotingRule"].index(name)]


@pytest.mark.parametrize(
    ("name", "gain", "cast"),
    [
        ("Prop", 0.5, 1.0),
        ("Prop", -0.5, -1.0),
        ("Binary", 0.5, 2.0),
        ("Binary", -0.001, -2.0),
        ("Binary", 5e-9, 1.0),  # half of what counts as a full difference
        ("Binary", 0.0, 0.0),
        ("PropBin", 0.5, 2 * (0.8 * 0.5 + 0.2)),
        ("PropCbc", 0.5, 2 * (0.5 * 0.5 + 0.5 * 0.125)),
        ("Cubic", 0.5, 0.25),
        ("Cubic", -0.5, -0.25),
        ("ASymProsp", 0.5, 2 / 3),  # a gain counts two thirds of a loss
        ("ASymProsp", -0.5, -1.0),
    ],
)
def test_a_vote_of_weight_two(name, gain, cast):
    assert vote(rule(name), 2.0, gain) == pytest.approx(cast)


@pytest.mark.parametrize(
    ("name", "wins"),
    [
        ("Linear", 0.75),
        ("Square", 9 / 10),
        ("Quartic", 81 / 82),
        ("Octic", 6561 / 6562),
        ("Binary", 1 / (1 + 1e-6)),
    ],
)
def test_strength_three_against_one(name, wins):
    code = CHOICES["VictoryProbModel"].index(name)
    assert victory_probability(code, 3.0, 1.0) == pytest.approx(wins, abs=1e-12)
    assert victory_probability(code, 1.0, 3.0) == pytest.approx(1 - wins, abs=1e-12)
    assert victory_probability(code, 2.0, 2.0) == pytest.approx(0.5)


def test_a_threshold_contest_is_open_within_a_tenth():
    # 1.05 against 1: (2.1 x 1.05 / 2.05 - 1) / .1 = .756098
    assert victory_probability(4, 1.05, 1.0) == pytest.approx(0.756098, abs=1e-6)


# Two voters of weight 3 and 1, utilities (1, .2, 0) and (0, .5, 1) of three alternatives:
# first over second 3 x .8 : 1 x .5, first over third 3 : 1, second over third 3 x .2 : 1 x .5
WEIGHT, UTILITY = np.array([3.0, 1.0]), np.array([[1.0, 0.2, 0.0], [0.0, 0.5, 1.0]])
V12, V13, V23 = 2.4 / 2.9, 0.75, 0.6 / 1.1


def elected(**options):
    p = np.empty(3)
    elect(codes(**options), WEIGHT, UTILITY, 3, p)
    return p


def test_the_conditional_election_multiplies_the_duels():
    # a factor 1/2 for each against itself falls out
    raw = np.array([V12 * V13, (1 - V12) * V23, (1 - V13) * (1 - V23)])
    assert elected() == pytest.approx(raw / raw.sum(), abs=1e-6)
    square = lambda v: v**2 / (v**2 + (1 - v) ** 2)  # noqa: E731
    a, b, c = square(V12), square(V13), square(V23)
    raw = np.array([a * b, (1 - a) * c, (1 - b) * (1 - c)])
    assert elected(VictoryProbModel="Square") == pytest.approx(raw / raw.sum(), abs=1e-6)


WIN = np.array([[0.5, V12, V13], [1 - V12, 0.5, V23], [1 - V13, 1 - V23, 0.5]])


@pytest.mark.parametrize(("compat", "close"), [("corrected", 1e-7), ("ktab", 1e-4)])
def test_the_uniform_markov_election_rests_where_challenges_leave_it(compat, close):
    p = elected(PCEModel="MarkovUniform", compat=compat)
    step = (np.diag(WIN.sum(1)) + WIN) / 3
    assert p.sum() == pytest.approx(1)
    assert step @ p == pytest.approx(p, abs=close)


def test_the_incentive_markov_election_challenges_in_proportion_to_what_is_won():
    p = elected(PCEModel="MarkovIncentive")
    won = np.array([[0, 2.4, 3.0], [0.5, 0, 0.6], [1.0, 0.5, 0]])  # support for the row over the column
    pull = won * WIN
    pull = pull / pull.sum(0)
    step = WIN * pull
    step[np.diag_indices(3)] += (WIN * pull.T).sum(1)  # who holds the place stays when the challenger loses
    assert step.sum(0) == pytest.approx([1, 1, 1])
    assert step @ p == pytest.approx(p, abs=1e-6)


def test_losses_and_gains_count_alike_from_both_sides_in_the_corrected_election():
    assert elected(VotingRule="ASymProsp") == pytest.approx(elected())
    # KTAB takes two thirds of the gains of the later of each pair
    quirk = elected(VotingRule="ASymProsp", compat="ktab")
    a, b, c = (1 - 2 / 3 * n / (2 / 3 * n + m) for n, m in ((0.5, 2.4), (1.0, 3.0), (0.5, 0.6)))
    raw = np.array([a * b, (1 - a) * c, (1 - b) * (1 - c)])
    assert quirk == pytest.approx(raw / raw.sum(), abs=1e-6)


def test_many_alternatives_do_not_underflow():
    p = np.empty(400)
    elect(codes(VictoryProbModel="Octic"), np.ones(2), np.linspace([0, 1], [1, 0], 400).T.copy(), 400, p)
    assert p.sum() == pytest.approx(1)
    assert p == pytest.approx(p[::-1], abs=1e-9)


def test_distances_are_in_ones_own_weights():
    out = np.empty((2, 2))
    distances(
        np.array([[0.6, 0.8], [0.0, 0.0]]), np.array([[0.2, 0.9], [0.5, 0.5]]), np.array([[0.7, 0.9], [0.7, 0.65]]), out
    )
    # .6 x .5 and with .8 x .25, over the length 1; to one who cares for nothing all is near
    assert out[0] == pytest.approx([0.3, np.sqrt(0.13)])
    assert out[1].tolist() == [0, 0]


def test_utility_under_an_attitude_to_risk():
    assert risk_utility(0.4, 0.0) == pytest.approx(0.6)
    assert risk_utility(0.4, 0.5) == pytest.approx(0.6 * 1.2)
    assert risk_utility(0.4, -0.5) == pytest.approx(0.6 * 0.8)
    assert risk_utility(1.2, 0.5) == pytest.approx(-0.2 * 1.5)  # beyond the scale the line goes on


def test_the_better_ones_position_fares_the_less_one_risks():
    # by step 1 the three are as far from each other as from the ends: the middle one fares best
    weight, distance = np.ones(3), np.abs(np.subtract.outer(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0])))
    p, ranges = np.empty(3), {"Mid": (-0.5, 1.0), "Min": (0.0, 1.0), "Max": (-1.0, 1.0)}
    for name, (low, high) in ranges.items():
        risk = np.empty(3)
        risk_attitudes(codes(BigRRange=name), weight, distance, risk, p)
        assert risk == pytest.approx([low, high, low])
    uneven = np.array([1.0, 2.0, 4.0])
    risk_attitudes(codes(BigRRange="Max"), uneven, distance, risk, p)
    assert risk == pytest.approx((2 * p - p.max() - p.min()) / (p.max() - p.min()))
    risk_attitudes(codes(), weight, np.zeros((3, 3)), risk, p)
    assert risk.tolist() == [0, 0, 0]


def test_how_much_of_anothers_attitude_is_believed():
    shares = {"OneThird": 1 / 3, "None": 0.0, "Half": 0.5, "TwoThirds": 2 / 3, "Full": 1.0}
    assert {name: BELIEVED[CHOICES["BigRAdjust"].index(name)] for name in shares} == pytest.approx(shares)
    risk, distance, out = np.array([0.6, -0.3]), np.array([[0.0, 0.5], [0.5, 0.0]]), np.empty((2, 2))
    perceived_utilities(0, 1 / 3, risk, distance, out)
    # of itself the observer knows .6; of the other it believes 2/3 x .6 - 1/3 x .3 = .3
    assert out == pytest.approx(np.array([[1, 0.5 * 1.3], [0.5 * 1.15, 1]]))


# What 0 believes of three at 0, 1 and .5: utilities 1 - distance; weights 3, 1, 2; total saliences 1, .5, 1.
SEEN = 1 - np.abs(np.subtract.outer(np.array([0.0, 1.0, 0.5]), np.array([0.0, 1.0, 0.5])))
POWER, TOTAL = np.array([3.0, 1.0, 2.0]), np.array([1.0, 0.5, 1.0])


def challenged(**options):
    odds, gain = np.zeros(3), np.zeros(3)
    challenge_gains(codes(**options), POWER, TOTAL, 0, SEEN, 0, 3, np.empty((4, 3)), odds, gain)
    return odds, gain


def test_a_challenge_without_third_parties_is_decided_by_the_two():
    odds, gain = challenged(ThirdPartyCommit="NoCommit")
    # against 1: 3 x 1 to 1 x 1; against 2: 3 x .5 to 2 x .5
    assert odds[1:] == pytest.approx([0.75, 0.6])
    # resisted with .5: .5 x 2 + .5 (.75 x 2 + .25 x 0) - (1 + 0) = .75; with 1: .6 x 2 + .4 x 1 - 1.5 = .1
    assert gain[1:] == pytest.approx([0.75, 0.1])


def test_third_parties_commit_what_they_expect_to_gain():
    odds, _ = challenged(ThirdPartyCommit="SemiCommit")
    # 0 against 1, 2 in the middle: indifferent, commits pi x .5 - (1 - pi) x .5 with pi = .75, 2 x .25 = .5 for 0
    assert odds[1] == pytest.approx(3.5 / 4.5)
    # 0 against 2: to 1 the first is worth 0, the other .5: x = -.5, pi = 1.5 / 3; 1 x (.5 x 1 - .5 x .5) = .25 for 0
    assert odds[2] == pytest.approx(1.75 / 2.75)


@pytest.mark.parametrize(("kind", "powers"), [("S1P1", 1), ("S2P2", 2)])
def test_a_bargain_is_the_mean_by_salience_and_odds(kind, powers):
    salience, position = np.array([[0.5], [0.25]]), np.array([[0.2], [0.8]])
    to_i, to_j = np.empty(1), np.empty(1)
    bargain_positions(CHOICES["InterVecBrgn"].index(kind), salience, position, 0, 1, 0.6, to_i, to_j)
    # weights .5 x .6 = .3 and .25 x .4 = .1
    mine, theirs = 0.3**powers, 0.1**powers
    assert to_i[0] == pytest.approx((mine * 0.2 + theirs * 0.8) / (mine + theirs), abs=1e-4)
    assert to_j[0] == pytest.approx(to_i[0], abs=1e-4)
    assert to_i[0] == round(to_i[0], 4)


def test_in_a_bargain_by_the_greater_odds_only_the_weaker_moves():
    salience, position = np.array([[0.5], [0.25]]), np.array([[0.2], [0.8]])
    to_i, to_j = np.empty(1), np.empty(1)
    bargain_positions(CHOICES["InterVecBrgn"].index("S2PMax"), salience, position, 0, 1, 0.6, to_i, to_j)
    # j is behind by .2: f = .2 x .25 / (.2 x .25 + tiny + .8 x .0625)
    share = 0.05 / (0.05 + TINY + 0.05)
    assert to_i[0] == 0.2
    assert to_j[0] == pytest.approx(0.8 - share * 0.6)


def test_positions_are_kept_to_four_decimals():
    assert [rounded(x) for x in (0.12345, 0.12344, 0.1)] == pytest.approx([0.1235, 0.1234, 0.1])


def test_a_bargain_is_worth_the_mean_over_all_positions_after_it():
    salience, ideal, risk = np.ones((3, 1)), np.array([[0.0], [1.0], [0.5]]), np.zeros(3)
    here, out = 1 - np.abs(ideal - ideal.T), np.empty(3)
    bargain_utilities(salience, np.ones(3), ideal, risk, here, 0, 0, ideal[0], ideal[0], out)
    assert out == pytest.approx([0.5, 0.5, 2 / 3])  # nobody moves
    bargain_utilities(salience, np.ones(3), ideal, risk, here, 0, 1, np.array([0.5]), np.array([0.75]), out)
    # positions .5, .75 and .5: to 0 (.5 + .25 + .5) / 3, to 1 (.5 + .75 + .5) / 3, to 2 (1 + .75 + 1) / 3
    assert out == pytest.approx([1.25 / 3, 1.75 / 3, 2.75 / 3])


def test_the_likeliest_bargain_is_kept_or_one_is_drawn():
    utility, p = np.array([[1.0, 0.0]]), np.empty(2)
    two = np.array([[0.0, 0.0], [0.0, 0.0]])
    assert choose_bargain(codes(), np.ones(1), utility, 2, p, 0.99) == 0
    assert choose_bargain(codes(), np.ones(2), two, 2, p, 0.99) == 0  # the first on ties
    chance = codes(StateTransitions="Stochastic")
    assert choose_bargain(chance, np.ones(2), two, 2, p, 0.49) == 0
    assert choose_bargain(chance, np.ones(2), two, 2, p, 0.51) == 1


def test_luck_depends_on_its_labels_and_is_even():
    draws = np.array([counted_uniform(seed, turn, k) for seed in range(20) for turn in range(10) for k in range(20)])
    assert len(set(draws)) == len(draws)
    assert 0 <= draws.min() < draws.max() < 1
    assert draws.mean() == pytest.approx(0.5, abs=0.02)
    assert draws.std() == pytest.approx(np.sqrt(1 / 12), abs=0.01)
    assert counted_uniform(3, 4, 5) == counted_uniform(3, 4, 5)


def history(start, pull=None, **options):
    """States, ideals, logs and the number of turns of three of capability 3, 1 and 2 who all care fully for one
    issue."""
    start = np.array(start, float)[:, None]
    states, ideals = np.empty((2, MOST_TURNS + 1, 3, 1))
    logs = np.empty((MOST_TURNS, 3, 6))
    pull, moving = (np.eye(3), False) if pull is None else (np.array(pull), True)
    turns = run_turns(codes(**options), POWER, np.ones((3, 1)), start, pull, moving, 0, states, ideals, logs)
    return states[: turns + 1, :, 0], ideals[: turns + 1, :, 0], logs[:turns], turns


def test_a_history_stops_when_a_turn_moves_less_than_a_fiftieth_of_the_first():
    states, ideals, _, turns = history([0.0, 1.0, 0.5])
    steps = np.abs(np.diff(states, axis=0)).sum(1)
    assert turns >= 2
    assert all(step >= 0.02 * (steps[0] + 1e-4) for step in steps[1:-1])
    assert steps[-1] < 0.02 * (steps[0] + 1e-4) or turns == MOST_TURNS
    assert np.array_equal(ideals, states)


def test_ideals_follow_by_the_accommodation_matrix():
    # 0 keeps .25 of its ideal and takes .25 from its own place and .5 from 1's; the others keep their ideals
    pull = [[0.25, 0.5, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    states, ideals, _, turns = history([0.0, 1.0, 0.5], pull)
    assert np.array_equal(ideals[:, 1:], np.tile([1.0, 0.5], (turns + 1, 1)))
    for turn in range(1, turns + 1):
        expected = 0.25 * ideals[turn - 1, 0] + 0.25 * states[turn, 0] + 0.5 * states[turn, 1]
        assert ideals[turn, 0] == pytest.approx(expected)


def test_the_log_names_whom_each_challenges_and_the_bargain_it_keeps():
    states, _, logs, _ = history([0.0, 1.0, 0.5])
    for turn, log in enumerate(logs):
        for who in range(3):
            first, second = log[who, 3], log[who, 4]
            assert who in (first, second)
            moved = states[turn + 1, who] != states[turn, who]
            assert not moved or first != second
        challenged = log[:, 0]
        assert all(-1 <= j < 3 and j != who for who, j in enumerate(challenged))
