"""Simple rules on a table of stakes: each at numbers worked by hand."""

from itertools import islice

import numpy as np
import pytest

from contingent.consultation.aggregators import (
    Contest,
    aggregate,
    election,
    moved,
    nash,
    spread,
    weighted_mean,
    weighted_median,
)
from contingent.consultation.spatial.model import Table


def table(*rows, issues=1):
    """Rows of capability, then positions, then saliences."""
    values = np.array(rows, dtype=float)
    names = tuple("abcdefgh"[: len(values)])
    return Table(
        "t", "", names, (), tuple(f"i{k}" for k in range(issues)),
        values[:, 0], values[:, 1 : 1 + issues], values[:, 1 + issues :],
    )  # fmt: skip


def test_the_weighted_mean_weighs_by_capability_and_salience():
    # weights 2 x 50 = 100 and 1 x 100 = 100 and 1 x 0: (100 x 10 + 100 x 50) / 200
    found = aggregate(table((2, 10, 50), (1, 50, 100), (1, 90, 0)))
    assert found["weighted_mean"][0] == pytest.approx(30)


def test_the_mean_is_unweighted_where_nobody_cares():
    assert weighted_mean(np.array([[10.0], [50.0]]), np.zeros((2, 1)))[0] == 30


@pytest.mark.parametrize(
    ("position", "weight", "median"),
    [
        ([0, 10, 50], [1, 5, 1], 10),
        ([50, 0, 10], [1, 1, 5], 10),  # in any order
        ([0, 10], [1, 1], 5),  # half on either side: the middle of the two
        ([0, 10, 50], [2, 1, 1], 5),
        ([0, 10, 50], [1, 1, 2], 30),
        ([0, 10, 50], [1, 1, 2.1], 50),
        ([0, 10, 50], [0, 0, 0], 10),  # nobody cares: all alike
    ],
)
def test_the_median_has_half_of_the_weight_on_either_side(position, weight, median):
    assert weighted_median(np.array(position, float), np.array(weight, float)) == pytest.approx(median)


def test_nash_bargaining_divides_a_line_by_weight():
    # a at 0 with weight 1, b at 100 with weight 3: log(1 - x) + 3 log(x) is greatest at 3/4
    assert nash(table((1, 0, 50), (3, 100, 50)))[0] == pytest.approx(75, abs=1e-3)
    assert nash(table((1, 0, 50), (1, 100, 50)))[0] == pytest.approx(50, abs=1e-3)


def test_nash_bargaining_weighs_by_salience_too():
    assert nash(table((3, 0, 20), (1, 100, 60)))[0] == pytest.approx(50, abs=1e-3)


def test_two_positions_are_elected_by_their_weighted_share():
    # weights 3 x .4 = 1.2 and 1 x .8 = .8: 60 % and 40 %
    t = table((3, 0, 40), (1, 100, 80))
    for variant in ("Conditional", "MarkovUniform"):
        assert election(t, variant) == pytest.approx([0.6, 0.4], abs=1e-6)
    found = aggregate(t)
    assert found["MarkovUniform"][0] == pytest.approx(40, abs=1e-4)
    assert found["Conditional"][0] == pytest.approx(40, abs=1e-4)


def test_those_who_share_a_position_share_its_probability_once():
    t = table((1, 0, 50), (2, 100, 50), (1, 0, 50))
    chance = election(t, "Conditional")
    assert chance == pytest.approx([0.5, 0.5, 0.5], abs=1e-6)
    assert spread(t, chance)[0] == pytest.approx(50, abs=1e-4)


def test_three_positions_in_the_markov_election_by_hand():
    # at 0, 40 and 100, alike in weight, utility 1 - distance / 100: first against second .4 to .4 + .4, second against
    # third .6 + .6 to .6, first against third 1 + .2 to 1
    ab, bc, ac = 1 / 3, 2 / 3, 6 / 11
    win = np.array([[0.5, ab, ac], [1 - ab, 0.5, bc], [1 - ac, 1 - bc, 0.5]])
    step = (np.diag(win.sum(1)) + win) / 3
    p = election(table((1, 0, 50), (1, 40, 50), (1, 100, 50)), "MarkovUniform")
    assert step @ p == pytest.approx(p, abs=1e-6)
    assert p[1] == p.max()


# The expected utility model on two stakeholders, at 0 and 1, capabilities 3 and 1, saliences .5 and 1, width 1.
TWO = Contest(np.array([3.0, 1.0]), np.array([0.5, 1.0]), 1.0)
X, FLAT = np.array([0.0, 1.0]), np.ones(2)


def test_votes_are_capability_times_salience_times_the_difference_of_distances():
    votes = TWO.preferences(X, FLAT)
    # a casts 1.5 for its own place over b's, b 1 for its own
    assert votes[0].tolist() == [[0, 1.5], [-1.5, 0]]
    assert votes[1].tolist() == [[0, -1], [1, 0]]
    # at exponent 2 and half the distance a quarter of it
    assert TWO.preferences(X / 2, 2 * FLAT)[0, 0, 1] == pytest.approx(1.5 / 4)


def test_the_expected_gain_of_a_challenge_by_hand():
    gain = TWO.gains(X, FLAT)
    # all votes on all pairs: 2 x (1.5 + 1) = 5, so the odds are 1.5 / 5 for a and 1 / 5 for b
    # half a width apart: won 2 - 4 x 0 = 2, lost 2 - 4 = -2, nothing done 2 - 4 x .5 = 0
    # a challenges b, who resists with 1: .3 x 2 + .7 x -2 = -.8; b challenges a: .5 (.2 x 2 - .8 x 2) + .5 x 2 = .4
    assert gain[0] == pytest.approx(np.array([[0, -0.8], [0.4, 0]]))
    assert gain[1] == pytest.approx(gain[0])
    # b at exponent 2, half a width from a: at home 2 - 4 x .25 is won and nothing done is worth as much
    assert TWO.gains(X, 2 * FLAT)[0, 0, 0] == pytest.approx(0)


def test_attitudes_to_risk_follow_the_danger_to_each_position():
    # dangers: the sum over challengers, so b's position (challenged by a: -.8) and a's (challenged by b: .4)
    found = TWO.attitude(X)
    # a's danger is the highest: risk 1, exponent (1 - 1/3) / (1 + 1/3) = 1/2; b's the lowest: risk -1, exponent 2
    assert found == pytest.approx([0.5, 2.0])
    assert Contest(np.ones(2), np.ones(2), 1.0).attitude(X).tolist() == [1, 1]


def test_who_is_challenged_gives_in_settles_or_is_confronted():
    x = np.array([0.0, 1.0])
    gain = lambda ours, theirs: np.array([[[0.0, ours], [theirs, 0.0]]] * 2)  # noqa: E731
    # gain[i, i, j] is i's own hope of challenging j, gain[i, j, i] what it thinks j hopes of challenging it
    assert moved(gain(0.2, 0.5), x)[0] == 1  # both hopeful, the other more: a lost confrontation
    assert moved(gain(-0.2, 0.5), x)[0] == pytest.approx(0.4)  # a compromise, .2/.5 of the way
    assert moved(gain(-0.5, 0.2), x)[0] == 1  # gives in
    assert moved(gain(0.5, 0.2), x)[0] == 0  # the stronger stays
    assert moved(gain(-0.5, -0.2), x)[0] == 0  # nobody challenges
    assert moved(gain(0.5, 0.2), x)[1] == 0  # ... and the weaker, who hopes too, goes over


def test_the_nearest_of_several_offers_is_taken():
    x = np.array([0.5, 0.0, 0.7])
    gain = np.zeros((3, 3, 3))
    gain[0, 0, 1:], gain[0, 1:, 0] = 0.1, 0.9
    assert moved(gain, x)[0] == 0.7


def test_the_condorcet_median_beats_every_other_position():
    # at 0, 1 and 10, weights 2, 1 and 2: 1 against 0: 1 + 2 x 1 - 2 x 1 > 0; 10 against 1: 2 x 9 - 9 - 2 x 9 < 0
    for capability, winner in (([2.0, 1, 2], 1), ([9.0, 1, 2], 0), ([1.0, 1, 9], 10)):
        assert Contest(np.array(capability), np.ones(3), 10.0).median(np.array([0.0, 1, 10])) == winner


def test_rounds_keep_the_input_first():
    (x, exponent), (after, attitudes) = islice(TWO.rounds(X), 2)
    assert x.tolist() == [0, 1]
    assert exponent.tolist() == [1, 1]
    assert attitudes.tolist() == TWO.attitude(X).tolist()
    assert after.tolist() == moved(TWO.gains(X, attitudes), X).tolist()
    assert TWO.median(x) == 0
    # without attitudes a fears a challenge worth .4 and hopes for -.8: it gives in; b, who hopes for .4, stays
    assert moved(TWO.gains(X, FLAT), X).tolist() == [1, 1]


def test_every_rule_stays_within_the_positions_held():
    rng = np.random.Generator(np.random.Philox(3))
    for _ in range(5):
        t = table(
            *(np.concatenate([rng.uniform(1, 9, 1), rng.uniform(20, 80, 2), rng.uniform(5, 50, 2)]) for _ in "abcde"),
            issues=2,
        )
        found = aggregate(t)
        for rule in found.values():
            assert (rule >= t.position.min(0) - 1e-6).all()
            assert (rule <= t.position.max(0) + 1e-6).all()
