"""Means, quantiles and ranks of an ensemble, and how much of them is chance, worked out by hand."""

from statistics import NormalDist

import numpy as np
import pytest

from contingent.ensemble.summary import (
    FAMILYWISE_ALPHA,
    centred_ranks,
    gap_threshold,
    influence,
    noise_threshold,
    summarize,
)  # fmt: skip


def test_quantiles_are_5_50_and_95_per_cent():
    found = summarize(np.arange(101.0))
    assert (found.low, found.median, found.high, found.mean, found.runs) == (5, 50, 95, 50, 101)
    assert found.error == pytest.approx(np.sqrt(101 * 102 / 12) / np.sqrt(101))  # deviation of 0..100 over the root
    one = summarize([4.0])
    assert (one.mean, one.low, one.high, one.runs) == (4, 4, 4, 1)
    assert np.isnan(one.error)
    assert np.isnan(summarize([np.nan]).mean)


def test_ranks_are_centred_of_unit_length_and_ties_share():
    # ranks 1, 2.5, 2.5, 4 less their mean 2.5: -1.5, 0, 0, 1.5; length sqrt(4.5)
    found = centred_ranks(np.array([3.0, 7.0, 7.0, 9.0]))
    assert found == pytest.approx(np.array([-1.5, 0, 0, 1.5]) / 4.5**0.5)
    assert centred_ranks(np.array([2.0, 2.0])) is None


def test_influence_is_spearmans_coefficient_squared():
    """Ranks 1..5 against 2 1 4 3 5: rho = 1 - 6 x 4 / (5 x 24) = .8."""
    x, y = np.arange(5.0), np.array([2.0, 1, 4, 3, 5])
    assert float(centred_ranks(x) @ centred_ranks(y)) == pytest.approx(0.8)
    runs = np.arange(400.0)
    found = influence({"up": runs, "down": -runs, "flat": runs * 0}, runs**3)
    assert found == pytest.approx({"up": 1.0, "down": 1.0, "flat": 0.0})


@pytest.mark.parametrize(("inputs", "runs"), [(1, 2), (1, 101), (50, 101), (50, 2001)])
def test_chance_gives_any_of_so_many_inputs_that_much(inputs, runs):
    z = NormalDist().inv_cdf(1 - 0.01 / (2 * inputs))  # both signs, shared out over the inputs
    assert FAMILYWISE_ALPHA == 0.01
    assert noise_threshold(inputs, runs) == pytest.approx(z**2 / (runs - 1))


def test_an_influence_below_the_threshold_is_called_nought():
    """Of 26 runs and one input the threshold is 2.5758 squared over 25: .2654, a rank correlation of .5152."""
    y = np.arange(26.0)
    assert noise_threshold(1, 26) == pytest.approx(0.2654, abs=1e-4)
    turned = {k: np.concatenate([y[k:], y[:k]]) for k in (2, 3)}  # rho = 1 - 6 k (26 - k) / (26 squared - 1)
    assert influence({"weak": turned[3]}, y)["weak"] == 0.0  # .3867 squared is .1495
    assert influence({"strong": turned[2]}, y)["strong"] == pytest.approx((1 - 6 * 2 * 24 / 675) ** 2)  # .3287
    beside = influence({"strong": turned[2], **{str(k): turned[3] for k in range(9)}}, y)
    assert beside["strong"] == 0.0  # one of ten must be over 3.2905 squared / 25: .4331


def test_a_gap_of_means_by_chance_is_so_many_standard_errors():
    outcome = np.array([0.0, 1.0] * 50)  # sample variance .25 x 100 / 99
    z = NormalDist().inv_cdf(1 - 0.01 / 20)
    expected = z * (0.25 * 100 / 99) ** 0.5 * (1 / 30 + 1 / 70) ** 0.5
    assert gap_threshold(10, outcome, 30, 70) == pytest.approx(expected)
    assert gap_threshold(10, outcome, 0, 70) > gap_threshold(10, outcome, 1, 70) - 1e-12
