"""Sobol' indices against their closed forms."""

import numpy as np
import pytest
from scipy.stats import qmc

from contingent.ensemble.summary import pick_and_freeze, sobol_indices

# Ishigami & Homma 1990, doi:10.1109/ISUMA.1990.151285: sin x1 + 7 sin(x2)**2 + .1 x3**4 sin x1 on (-pi, pi)
A, B = 7.0, 0.1
V1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
V2 = A**2 / 8
V13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
WHOLE = V1 + V2 + V13
FIRST = np.array([V1, V2, 0.0]) / WHOLE  # .3139, .4424, 0
TOTAL = np.array([V1 + V13, V2, V13]) / WHOLE  # .5576, .4424, .2437


def ishigami(u):
    x1, x2, x3 = np.moveaxis((2 * u - 1) * np.pi, -1, 0)
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)


@pytest.mark.parametrize("first", ["saltelli", "jansen"])
def test_ishigamis_indices_are_the_analytic_ones(first):
    points = qmc.Sobol(6, scramble=True, rng=1).random(2**14)
    base, other, *mixed = ishigami(pick_and_freeze(points[:, :3], points[:, 3:]))
    found = sobol_indices(base, other, np.array(mixed), first=first)
    np.testing.assert_allclose(found.first, FIRST, atol=0.015)
    np.testing.assert_allclose(found.total, TOTAL, atol=0.015)
    assert found.variance == pytest.approx(WHOLE, rel=0.01)


def test_by_hand():
    # base 0, 2; other 4, 2: mean 2, variance (4 + 0 + 4 + 0)/4 = 2; an input that does nothing, all, and half
    base, other = np.array([0.0, 2.0]), np.array([4.0, 2.0])
    mixed = np.array([[0.0, 2.0], [4.0, 2.0], [2.0, 2.0]])
    # saltelli: mean((other - 2)(mixed - base))/2: (2 x 2 + 0)/2/2 = 1 for the third
    found = sobol_indices(base, other, mixed)
    assert found.variance == 2.0
    np.testing.assert_allclose(found.first, [0.0, 2.0, 1.0])
    # total: mean((base - mixed)**2)/4: 0; 16/2/4 = 2; 4/2/4 = .5
    np.testing.assert_allclose(found.total, [0.0, 2.0, 0.5])
    # jansen: 1 - mean((other - mixed)**2)/4: 1 - 8/4 = -1; 1; 1 - 2/4
    np.testing.assert_allclose(sobol_indices(base, other, mixed, first="jansen").first, [-1.0, 1.0, 0.5])


def test_the_zero_of_an_outcome_does_not_matter_and_a_still_one_has_no_indices():
    rng = np.random.default_rng(3)
    base, other, mixed = rng.normal(size=(50, 2)), rng.normal(size=(50, 2)), rng.normal(size=(3, 50, 2))
    base[:, 1], other[:, 1], mixed[:, :, 1] = 5.0, 5.0, 5.0
    for first in ("saltelli", "jansen"):
        found = sobol_indices(base, other, mixed, first=first)
        moved = sobol_indices(base + 1e3, other + 1e3, mixed + 1e3, first=first)
        np.testing.assert_allclose(moved.first, found.first, atol=1e-9)
        assert (found.first[:, 1] == 0).all()
        assert (found.total[:, 1] == 0).all()


def test_each_input_in_turn_comes_from_the_second_sample():
    points = pick_and_freeze(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]))
    assert points.tolist() == [[[1, 2]], [[3, 4]], [[3, 2]], [[1, 4]]]
