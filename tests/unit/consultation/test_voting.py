"""How likely a body says yes: every way to vote counted, and the shared part of the noise exact."""

from itertools import product

import numpy as np
import pytest
from scipy.special import ndtr

from contingent.consultation.voting import pass_probability


def one(wish, seats, quota, shared=0.0):
    return pass_probability(np.array([wish], float), np.array([seats], float), np.array([shared]), np.array([quota]))[0]


def by_hand(wish, seats, quota):
    """All 2^n ways to vote, members independent."""
    yes = ndtr(wish)
    need = np.floor(quota * sum(seats) + 1e-9) + 1
    return sum(
        np.prod([p if v else 1 - p for p, v in zip(yes, votes, strict=True)])
        for votes in product([0, 1], repeat=len(seats))
        if np.dot(votes, seats) >= need
    )


def test_a_vote_without_shared_shock_is_the_sum_over_all_ways_to_vote():
    wish, seats = np.array([0.3, -0.2, 1.0, -1.5]), np.array([120, 100, 60, 56])
    for quota in (0.5, 2 / 3):
        assert one(wish, seats, quota) == pytest.approx(by_hand(wish, seats, quota), abs=1e-12)


@pytest.mark.parametrize(
    ("seats", "quota", "passes"),
    [
        ([1, 1], 0.5, 1 / 4),  # half is not more than half: both are needed
        ([1, 1, 1], 0.5, 1 / 2),
        ([1, 1, 1], 2 / 3, 1 / 8),  # two of three are not more than two thirds
        ([1, 1, 1], 0.66, 1 / 2),
        ([1, 1, 1], 1.0, 1 / 8),
        ([1, 1, 1], 0.0, 7 / 8),
        ([3, 1, 1], 0.5, 1 / 2),  # the first decides alone
        ([2, 1, 1], 0.5, 3 / 8),  # 3 of 4 seats: the first and either other
        ([1.4, 0.6, 1.2], 0.5, 1 / 2),  # rounded to a seat each
        ([0, 0], 0.5, 1.0),  # nobody to say no
        ([0, 1], 0.5, 1 / 2),
    ],
)
def test_more_than_the_quota_of_whole_seats_is_needed(seats, quota, passes):
    assert one([0] * len(seats), seats, quota) == pytest.approx(passes)


@pytest.mark.parametrize("shared", [0.0, 0.3, 0.7])
def test_a_shared_shock_leaves_one_voters_probability(shared):
    assert one([0.4], [10], 0.5, shared) == pytest.approx(ndtr(0.4), abs=1e-6)


@pytest.mark.parametrize("shared", [0.0, 0.25, 0.5, 0.75])
def test_two_who_are_indifferent_agree_by_the_orthant_probability(shared):
    # P(both normals of correlation r positive) = 1/4 + asin(r) / (2 pi) (Sheppard 1899)
    both = 1 / 4 + np.arcsin(shared) / (2 * np.pi)
    assert one([0, 0], [1, 1], 1.0, shared) == pytest.approx(both, abs=1e-4)
    # either is enough: what is left when both say no
    assert one([0, 0], [1, 1], 0.0, shared) == pytest.approx(1 - both, abs=1e-4)


def test_a_shared_shock_makes_unanimity_likelier():
    wish, seats = [0.5] * 3, [1] * 3
    assert one(wish, seats, 1.0) == pytest.approx(ndtr(0.5) ** 3)
    assert ndtr(0.5) ** 3 < one(wish, seats, 1.0, 0.6) < ndtr(0.5)


def test_a_shared_shock_agrees_with_simulation():
    rng = np.random.Generator(np.random.Philox(1))
    wish, seats, shared = np.array([0.2, -0.4, 0.6]), np.array([3, 4, 2]), 0.4
    common, own = rng.standard_normal((400_000, 1)), rng.standard_normal((400_000, 3))
    yes = wish + np.sqrt(shared) * common + np.sqrt(1 - shared) * own > 0
    simulated = ((yes * seats).sum(1) >= 5).mean()
    assert abs(one(wish, seats, 0.5, shared) - simulated) < 4 * np.sqrt(0.25 / 400_000)


def test_runs_are_apart():
    wish, seats = np.array([[0.0, 0.0], [9.0, 9.0], [-9.0, 9.0]]), np.ones((3, 2))
    found = pass_probability(wish, seats, np.zeros(3), np.array([0.5, 0.5, 0.5]))
    assert found == pytest.approx([0.25, 1.0, 0.0], abs=1e-12)
