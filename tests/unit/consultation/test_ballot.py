from itertools import product

import numpy as np
from scipy.special import ndtr

from contingent.consultation.ballot import carried, unanimous


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
    wish, seats = np.array([0.3, -0.2, 1.0, -1.5]), np.array([120.0, 100.0, 60.0, 56.0])
    for quota in (0.5, 2 / 3):
        got = carried(wish[None], seats[None], np.zeros(1), np.array([quota]))
        assert np.isclose(got[0], by_hand(wish, seats.astype(int), quota), atol=1e-12)


def test_a_shared_shock_leaves_one_voters_probability():
    for shared in (0.0, 0.3, 0.7):
        got = carried(np.array([[0.4]]), np.array([[10.0]]), np.array([shared]), np.array([0.5]))
        assert np.isclose(got[0], ndtr(0.4), atol=1e-6)


def test_a_shared_shock_makes_unanimity_likelier():
    wish = np.array([[0.5, 0.5, 0.5]])
    apart, together = unanimous(wish, np.array([0.0])), unanimous(wish, np.array([0.6]))
    assert np.isclose(apart[0], ndtr(0.5) ** 3)
    assert apart[0] < together[0] < ndtr(0.5)


def test_a_shared_shock_agrees_with_simulation():
    rng = np.random.Generator(np.random.Philox(1))
    wish, seats, shared = np.array([0.2, -0.4, 0.6]), np.array([3, 4, 2]), 0.4
    common, own = rng.standard_normal((400_000, 1)), rng.standard_normal((400_000, 3))
    yes = wish + np.sqrt(shared) * common + np.sqrt(1 - shared) * own > 0
    simulated = ((yes * seats).sum(1) >= 5).mean()
    exact = carried(wish[None], seats[None].astype(float), np.array([shared]), np.array([0.5]))[0]
    assert abs(exact - simulated) < 4 * np.sqrt(0.25 / 400_000)
