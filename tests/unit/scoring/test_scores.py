"""Proper scores at numbers worked by hand and against scipy's, and what a cluster bootstrap's interval is."""

import numpy as np
import pytest
from scipy.stats import binom, energy_distance

from contingent.scoring import (
    brier,
    cluster_bootstrap,
    crps_grid,
    crps_sample,
    crps_weighted,
    log_score,
)
from contingent.scoring.scores import FLOOR


def test_the_brier_score_is_the_squared_error():
    assert brier([0.2, 0.2, 1.0], [0, 1, 1]) == pytest.approx([0.04, 0.64, 0])


def test_the_log_score_is_the_surprise_in_nats():
    assert log_score([0.2, 0.2, 0.5], [1, 0, 1]) == pytest.approx([np.log(5), np.log(1.25), np.log(2)])


def test_one_surprise_costs_at_most_what_the_floor_says():
    assert FLOOR == 1e-6
    assert log_score([0.0, 1.0], [1, 0]) == pytest.approx([6 * np.log(10)] * 2)
    assert log_score([0.0, 1.0], [0, 1]) == pytest.approx([1e-6] * 2, rel=1e-3)


def test_honesty_is_best_for_every_proper_score():
    truth, grid = 0.3, np.linspace(0.01, 0.99, 99)
    for score in (brier, log_score):
        expected = truth * score(grid, np.ones(99)) + (1 - truth) * score(grid, np.zeros(99))
        assert np.isclose(grid[expected.argmin()], truth)


def test_crps_of_a_point_is_its_absolute_error():
    assert crps_sample(np.full((1, 5), 3.0), np.array([7.5]))[0] == pytest.approx(4.5)
    assert crps_weighted([3.0], [2.0], 7.5) == pytest.approx(4.5)
    assert crps_grid([0.0, 3.0], [[0.0, 1.0]], [7.5])[0] == pytest.approx(4.5)


def test_crps_of_two_draws_by_hand():
    # 0 and 10 against 4: mean distance (4 + 6) / 2 = 5, half the mean distance of two draws (0 + 10 + 10 + 0) / 4 /
    # 2 = 2.5
    assert crps_sample([[10.0, 0.0]], [4.0])[0] == pytest.approx(2.5)
    # weights 1 and 3: (4 + 3 x 6) / 4 - 10 x 1/4 x 3/4 = 5.5 - 1.875
    assert crps_weighted([10.0, 0.0], [3.0, 1.0], 4.0) == pytest.approx(3.625)
    assert crps_grid([0.0, 10.0], [[1.0, 3.0], [1.0, 1.0]], [4.0, 4.0]) == pytest.approx([3.625, 2.5])


def test_every_form_of_crps_is_half_of_scipys_squared_energy_distance():
    rng = np.random.Generator(np.random.Philox(1))
    values, weights, seen = np.sort(rng.normal(size=7)), rng.uniform(0.1, 1, 7), rng.normal(size=4)
    draws = rng.normal(size=(4, 9))
    half = lambda *given: energy_distance(*given) ** 2 / 2  # noqa: E731
    sampled = [half(row, [y]) for row, y in zip(draws, seen, strict=True)]
    weighted = [half(values, [y], weights) for y in seen]
    assert crps_sample(draws, seen) == pytest.approx(sampled)
    assert [crps_weighted(values, weights, y) for y in seen] == pytest.approx(weighted)
    assert crps_grid(values, np.tile(weights, (4, 1)), seen) == pytest.approx(weighted)


def test_the_interval_of_a_share_is_the_ninety_per_cent_of_its_binomial():
    """200 clusters of one case each, half of them 1: a resampled mean is a Binomial(200, 1/2) over 200.

    Its 5 % and 95 % quantiles are 88 and 112, so .44 and .56. An interval of 50 % would be .475 to .525, of 80 %
    .455 to
    .545, of 95 % .43 to .57, and half of the clusters would give .415 to .585.
    """
    found = cluster_bootstrap(np.tile([0.0, 1.0], 100), np.arange(200))
    assert [binom(200, 0.5).ppf(q) / 200 for q in (0.05, 0.95)] == [0.44, 0.56]
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0.44, 0.56), abs=0.0051)


def test_whole_clusters_are_resampled_and_every_case_counts_alike():
    """100 clusters of three zeros and 100 of a single one: a resample with k ones has the mean k / (k + 3 (200 - k)).

    Its value is 100 / 400; with k at 88 and 112, 88 / 424 and 112 / 376.
    """
    scores = [0.0, 0.0, 0.0] * 100 + [1.0] * 100
    clusters = [f"three {k // 3}" for k in range(300)] + [f"one {k}" for k in range(100)]
    found = cluster_bootstrap(scores, clusters)
    assert found.value == pytest.approx(0.25)
    assert (found.low, found.high) == pytest.approx((88 / 424, 112 / 376), abs=0.006)


def test_two_clusters_have_three_means():
    # both twice or each once: 0, 1 or the mean of all; each end has a quarter of the resamples
    found = cluster_bootstrap([0.0, 0.0, 0.0, 1.0], ["a", "a", "a", "b"])
    assert (found.low, found.value, found.high) == (0, 0.25, 1)


def test_a_single_cluster_leaves_no_interval():
    found = cluster_bootstrap([1.0, 2.0, 6.0], [7, 7, 7])
    assert (found.low, found.value, found.high) == pytest.approx((3, 3, 3))


def test_the_order_of_cases_changes_nothing_and_the_seed_is_fixed():
    scores, clusters = np.arange(12.0), np.arange(12) // 3
    order = np.array([5, 0, 11, 3, 8, 1, 2, 10, 4, 9, 7, 6])
    assert cluster_bootstrap(scores, clusters) == cluster_bootstrap(scores[order], clusters[order])
    spread = np.arange(50.0) ** 2
    assert cluster_bootstrap(spread, spread, seed=2) != cluster_bootstrap(spread, spread)


def test_no_case_has_no_score():
    found = cluster_bootstrap([], [])
    assert np.isnan([found.value, found.low, found.high]).all()


def test_clusters_widen_the_interval_when_they_share_their_luck():
    rng = np.random.Generator(np.random.Philox(2))
    scores = np.repeat(rng.normal(size=20), 10)
    alone = cluster_bootstrap(scores, np.arange(200))
    together = cluster_bootstrap(scores, np.repeat(np.arange(20), 10))
    # ten alike count as one: sqrt(10) times as wide
    assert (together.high - together.low) / (alone.high - alone.low) == pytest.approx(np.sqrt(10), rel=0.1)
