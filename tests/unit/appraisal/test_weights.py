"""Weights uniform on what the statements leave."""

from itertools import pairwise

import numpy as np
import pytest

from contingent.appraisal.weights import half_spaces, hit_and_run, interior, sample_weights
from contingent.errors import InputError
from contingent.scenario.option import WeightStatement

NAMES = ["legal", "cost", "duty"]


def say(criterion, **rest):
    return WeightStatement(criterion=criterion, **rest)


def test_uniform_on_the_simplex():
    weights = sample_weights(NAMES, [], count=40_000, seed=1)
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert weights.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.005)
    assert weights.var(axis=0) == pytest.approx([2 / 36] * 3, abs=0.002)  # Dirichlet(1, 1, 1)


def test_an_order_gives_the_rank_order_centroid():
    weights = sample_weights(NAMES, [say("legal", than="cost"), say("cost", than="duty")], count=20_000, seed=1)
    assert (np.diff(weights, axis=1) <= 1e-12).all()
    assert weights.mean(axis=0) == pytest.approx([11 / 18, 5 / 18, 2 / 18], abs=0.01)


def test_twice_and_intervals_hold():
    said = [say("legal", than="cost", times=2), say("duty", at_least=0.2, at_most=0.4)]
    weights = sample_weights(NAMES, said, count=2_000, seed=1)
    assert len(weights) == 2_000
    assert (weights[:, 0] >= 2 * weights[:, 1] - 1e-12).all()
    assert weights[:, 2].min() >= 0.2 - 1e-12
    assert weights[:, 2].max() <= 0.4 + 1e-12


def test_the_walk_is_uniform_where_rejection_can_check_it():
    said = [say("legal", than="cost", times=2), say("duty", at_most=0.4)]
    matrix, bound = half_spaces(NAMES, said)
    walked = hit_and_run(np.random.default_rng(2), matrix, bound, interior(matrix, bound, 3, said), 20_000)
    kept = sample_weights(NAMES, said, count=20_000, seed=3)
    assert walked.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.006)
    assert np.quantile(walked, [0.1, 0.5, 0.9], axis=0) == pytest.approx(
        np.quantile(kept, [0.1, 0.5, 0.9], axis=0), abs=0.012
    )


def test_a_full_order_of_ten_is_walked():
    names = [f"c{index}" for index in range(10)]
    said = [say(a, than=b) for a, b in pairwise(names)]
    weights = sample_weights(names, said, count=5_000, seed=4)
    assert (np.diff(weights, axis=1) <= 1e-9).all()
    centroid = [sum(1 / j for j in range(i, 11)) / 10 for i in range(1, 11)]  # Barron & Barrett 1996
    assert weights.mean(axis=0) == pytest.approx(centroid, abs=0.01)


def test_contradiction_names_the_statements():
    with pytest.raises(InputError, match=r"legal weighs at least 0\.7; cost weighs at least 0\.7"):
        sample_weights(NAMES, [say("legal", at_least=0.7), say("cost", at_least=0.7)], count=10, seed=1)


def test_unknown_criterion_is_named():
    with pytest.raises(InputError, match="'price'; there are: legal, cost, duty"):
        sample_weights(NAMES, [say("price", at_least=0.1)], count=10, seed=1)
