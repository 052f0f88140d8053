"""Counts and quantiles against scipy's, and the arithmetic under them against numpy's."""

import numpy as np
import pytest
from numba import njit
from scipy import special, stats

from contingent.mission import draws
from contingent.mission.compiled import exp, log
from contingent.mission.state import BATCH_WIDTH


@njit
def batch_poissons(count, u, mean):
    p, total = np.zeros(BATCH_WIDTH), np.zeros(BATCH_WIDTH)
    draws.poissons(count, u, mean, p, total)


@njit
def batch_negative_binomials(count, u, mean, shape):
    p, total = np.zeros(BATCH_WIDTH), np.zeros(BATCH_WIDTH)
    draws.negative_binomials(count, u, mean, shape, p, total)


@njit
def batch_normals(out, key):
    draws.normals(out, key, 3, 2, 1, np.zeros(BATCH_WIDTH))


def quantiles():
    rng = np.random.default_rng(5)
    return [rng.random(BATCH_WIDTH) for _ in range(20)]


@pytest.mark.parametrize("mean", [0.0, 0.01, 0.5, 3.0, 7.9, 40.0, 390.0])
def test_poissons_are_the_exact_quantile(mean):
    for u in quantiles():
        count = np.zeros(BATCH_WIDTH)
        batch_poissons(count, u, np.full(BATCH_WIDTH, mean))
        np.testing.assert_array_equal(count, stats.poisson.ppf(u, mean) if mean else np.zeros(BATCH_WIDTH))


def test_large_poissons_are_the_quantile_to_one_part_in_a_thousand():
    for u in quantiles():
        count = np.zeros(BATCH_WIDTH)
        batch_poissons(count, u, np.full(BATCH_WIDTH, 2000.0))
        np.testing.assert_allclose(count, stats.poisson.ppf(u, 2000.0), atol=1)


@pytest.mark.parametrize(("mean", "shape"), [(0.0, 2.0), (0.1, 2.0), (3.0, 0.7), (12.0, 2.0), (200.0, 3.3)])
def test_negative_binomials_are_the_exact_quantile(mean, shape):
    for u in quantiles():
        count = np.zeros(BATCH_WIDTH)
        batch_negative_binomials(count, u, np.full(BATCH_WIDTH, mean), np.full(BATCH_WIDTH, shape))
        wanted = stats.nbinom.ppf(u, shape, shape / (shape + mean)) if mean else np.zeros(BATCH_WIDTH)
        np.testing.assert_array_equal(count, wanted)


def test_normals_are_the_quantile_of_the_uniform_they_come_from():
    keys = np.array([draws.run_key(np.uint64(9), run) for run in range(BATCH_WIDTH)], dtype=np.uint64)
    z = np.zeros(BATCH_WIDTH)
    batch_normals(z, keys)
    u = [draws.uniform(key, 3, 2, 1) for key in keys]
    np.testing.assert_allclose(z, special.ndtri(u), atol=1e-6)
    for tail in (1e-16, 1e-9, 0.001, 0.05):
        assert draws.outer_normal(tail) == pytest.approx(special.ndtri(tail), rel=1e-12)


def test_uniforms_have_no_pattern_over_runs_weeks_sectors_and_processes():
    keys = [np.uint64(draws.run_key(np.uint64(1), run)) for run in range(40)]
    u = np.array([[draws.uniform(key, w, d, p) for w in range(10) for d in range(5) for p in range(5)] for key in keys])
    assert stats.kstest(u.ravel(), "uniform").pvalue > 0.001
    correlations = np.corrcoef(u)[np.triu_indices(40, 1)]
    assert np.abs(correlations).max() < 6 / np.sqrt(250)


def test_attack_sizes_have_the_power_tail_they_claim():
    u = (np.arange(20_000) + 0.5) / 20_000
    size = np.array([draws.power_tailed(x, 2.2, 60.0) for x in u])
    assert size.min() == 1
    assert size.max() == 60
    assert (size >= 5).mean() == pytest.approx(5**-2.2, abs=2e-4)


def test_exponential_and_logarithm_to_two_units_in_the_last_place():
    x = np.random.default_rng(2).uniform(-650, 650, 3000)
    assert max(abs(exp(v) / np.exp(v) - 1) for v in x) < 5e-16
    y = np.exp(np.random.default_rng(3).uniform(-40, 40, 3000))
    assert max(abs(log(v) - np.log(v)) / max(1, abs(np.log(v))) for v in y) < 1e-15
    assert exp(-1e9) < 1e-300
