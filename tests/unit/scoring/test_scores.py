import numpy as np

from contingent.scoring import (
    Score,
    Scorecard,
    brier,
    cluster_bootstrap,
    crps_grid,
    crps_sample,
    crps_weighted,
    log_score,
)


def test_honesty_is_best_for_every_proper_score():
    truth, grid = 0.3, np.linspace(0.01, 0.99, 99)
    for score in (brier, log_score):
        expected = truth * score(grid, np.ones(99)) + (1 - truth) * score(grid, np.zeros(99))
        assert np.isclose(grid[expected.argmin()], truth)


def test_crps_of_a_point_is_its_absolute_error():
    assert np.isclose(crps_sample(np.full((1, 5), 3.0), np.array([7.5]))[0], 4.5)
    assert np.isclose(crps_weighted([3.0], [2.0], 7.5), 4.5)


def test_the_three_forms_of_crps_agree():
    values, weights, y = np.array([0.0, 10.0, 40.0]), np.array([1.0, 2.0, 1.0]), 12.0
    draws = np.repeat(values, weights.astype(int))
    expected = crps_weighted(values, weights, y)
    assert np.isclose(crps_sample(draws[None], np.array([y]))[0], expected)
    assert np.isclose(crps_grid(values, weights[None], np.array([y]))[0], expected)


def test_crps_is_the_integral_of_the_squared_gap():
    values, weights, y = np.array([1.0, 4.0, 6.0]), np.array([0.2, 0.5, 0.3]), 3.0
    x = np.linspace(0, 8, 800_001)
    below = ((values[:, None] <= x) * weights[:, None]).sum(0)
    integral = ((below - (x >= y)) ** 2).sum() * (x[1] - x[0])
    assert np.isclose(crps_weighted(values, weights, y), integral, atol=1e-4)


def test_clusters_widen_the_interval_when_they_share_their_luck():
    rng = np.random.Generator(np.random.Philox(2))
    scores = np.repeat(rng.normal(size=20), 10)
    alone = cluster_bootstrap(scores, np.arange(200))
    together = cluster_bootstrap(scores, np.repeat(np.arange(20), 10))
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_a_record_prints_null_for_what_does_not_exist():
    record = Scorecard("t", "0" * 64, "none", 0, {"brier": Score(float("nan"), 0.0, 1.0)})
    assert record.to_dict()["scores"] == {"brier": {"value": None, "low": 0.0, "high": 1.0}}
