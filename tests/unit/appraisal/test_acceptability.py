"""Rank acceptability against answers worked out by hand."""

import numpy as np
import pytest

from contingent.appraisal.smaa import accept
from contingent.appraisal.weights import simplex

WEIGHTS = simplex(np.random.default_rng(7), 40_000, 2)
WEIGHTS3 = simplex(np.random.default_rng(8), 40_000, 3)


def test_two_criteria_is_a_length():
    # a = (1, 0.2) beats b = (0, 0.8) where w1 > 0.6 (1 - w1), so w1 > 0.375
    found = accept(np.array([[[1.0, 0.2], [0.0, 0.8]]]), WEIGHTS)
    assert found.ranks[0, 0] == pytest.approx(0.625, abs=0.008)
    assert found.central[0] == pytest.approx([(1 + 0.375) / 2, (1 - 0.375) / 2], abs=0.005)
    assert found.central[1] == pytest.approx([0.375 / 2, 1 - 0.375 / 2], abs=0.005)
    assert found.confidence.tolist() == [1.0, 1.0]


def test_three_criteria_is_a_polygon():
    # each option is best on its own criterion only: a third of the triangle each; the centroid of
    # {w1 >= w2, w1 >= w3} is (11, 3.5, 3.5) / 18
    found = accept(np.eye(3)[None], WEIGHTS3)
    assert found.ranks == pytest.approx(np.full((3, 3), 1 / 3), abs=0.01)
    assert found.central[0] == pytest.approx([11 / 18, 7 / 36, 7 / 36], abs=0.006)


def test_polygon_area_of_a_compromise():
    # a compromise worth 0.45 everywhere beats both extremes where max(w1, w2) < 0.45; for weights uniform on the
    # triangle P(w1 >= .45) = .55^2, the same for w2, and P(both) = .1^2
    values = np.array([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.45, 0.45, 0.45]]])
    found = accept(values, WEIGHTS3)
    assert found.ranks[2, 0] == pytest.approx(1 - 2 * 0.55**2 + 0.1**2, abs=0.008)


def test_ties_share_their_ranks():
    values = np.array([[[0.5, 0.5], [0.5, 0.5], [0.1, 0.1]]])
    found = accept(values, WEIGHTS)
    assert found.ranks.tolist() == [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    assert found.pairwise[0, 1] == 0.5
    assert found.confidence.tolist()[:2] == [0.5, 0.5]
    assert np.isnan(found.confidence[2])
    assert np.isnan(found.central[2]).all()


def test_regret_by_hand():
    # E max(w, 1 - w) = 3/4 for w uniform on [0, 1]
    found = accept(np.array([[[1.0, 0.0], [0.0, 1.0]]]), WEIGHTS)
    assert found.regret[0] == pytest.approx([0.25, 0.25], abs=0.005)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 1000])
def test_any_number_of_weights(count):
    values = np.random.default_rng(3).random((20, 4, 2))
    found = accept(values, WEIGHTS[:count])
    score = values @ WEIGHTS[:count].T  # (run, option, weight)
    behind = (score[:, None] > score[:, :, None]).sum(axis=2)
    expected = np.array([[(behind[:, a] == k).mean() for k in range(4)] for a in range(4)])
    assert found.ranks == pytest.approx(expected, abs=1e-12)
    assert found.regret == pytest.approx((score.max(axis=1, keepdims=True) - score).mean(axis=2), abs=1e-12)


def test_error_covers_what_a_repeat_shows():
    rng = np.random.default_rng(5)
    firsts, errors = [], []
    for _ in range(60):
        values = rng.random((60, 2, 2)) + np.array([[0.1], [0.0]])
        found = accept(values, simplex(rng, 80, 2))
        firsts.append(found.ranks[0, 0])
        errors.append(found.error[0])
    assert np.std(firsts) == pytest.approx(np.mean(errors), rel=0.35)


def test_an_appraisal_takes_a_few_times_what_the_bare_scores_take(seconds):
    took, plainly = seconds.appraisal(runs=2000, weights=2000)
    assert took < 3 * plainly, (took, plainly)
