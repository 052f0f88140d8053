"""Features and the distribution over an issue's outcomes, at points worked by hand."""

import numpy as np
import pytest
from freeze_terms import COVERAGE, fit, reach_of, scale_of

from contingent.consultation.terms import (
    FEATURES,
    GRID,
    SHIPPED,
    Distribution,
    Fit,
    interval,
    masses,
    nearest_point,
    ranks,
    term_features,
)

POSITION, WEIGHT = np.array([0.0, 100.0]), np.array([0.25, 0.75])
# mean 75, spread sqrt(.25 x 75^2 + .75 x 25^2) = 43.30127; the median is 100; two positions are elected by their
# weights
SPREAD = 43.30127
EXPECTED = {
    100.0: {
        "support near": 0.75,
        "log support near": np.log(0.77),
        "support around": 0.75,  # and .25 exp(-(100/15)^2 / 2) = .25 x 2.2e-10
        "log support around": np.log(0.80),
        "heads near": 0.5,
        "election near": 0.75,
        "log election around": np.log(0.80),
        "distance from mean": 0.25,
        "distance from median": 0.0,
        "squared distance from mean": 0.0625,
        "distance from mean in spreads": 25 / (SPREAD + 10),
        "a multiple of ten": 1,
        "an end": 1,
        "the middle": 0,
        "a supported end": 1,
        "outside all positions": 0,
    },
    97.5: {
        "support near": 0.75 * np.exp(-0.78125),  # 2.5 away at width 2
        "support around": 0.75 * np.exp(-0.5 / 36),  # ... at width 15
        "heads near": 0.5 * np.exp(-0.78125),
        "election near": 0.75 * np.exp(-0.78125),
        "log election around": np.log(0.75 * np.exp(-0.5 * (2.5 / 8) ** 2) + 0.05),
        "distance from mean": 0.225,
        "distance from median": 0.025,
        "a multiple of ten": 0,
        "an end": 0,
        "a supported end": 0,
    },
    50.0: {
        "support near": 0.0,
        "log support near": np.log(0.02),
        "support around": np.exp(-0.5 * (50 / 15) ** 2),
        "distance from mean": 0.25,
        "distance from median": 0.5,
        "a multiple of ten": 1,
        "the middle": 1,
        "an end": 0,
    },
    0.0: {"support near": 0.25, "distance from mean in spreads": 75 / (SPREAD + 10), "a supported end": 1},
}


@pytest.mark.parametrize(
    ("point", "name", "value"), [(p, name, value) for p, row in EXPECTED.items() for name, value in row.items()]
)
def test_a_feature_at_a_point(point, name, value):
    found = term_features(POSITION, WEIGHT)[list(GRID).index(point), FEATURES.index(name)]
    assert found == pytest.approx(value, abs=1e-6)


def test_points_beyond_all_positions_are_outside():
    outside = term_features(np.array([40.0, 60.0]), np.array([0.5, 0.5]))[:, FEATURES.index("outside all positions")]
    assert [GRID[k] for k in np.flatnonzero(outside == 0)] == [p for p in GRID if 40 <= p <= 60]


def test_an_end_without_support_is_no_supported_end():
    found = term_features(np.array([0.0, 60.0]), np.array([0.5, 0.5]))
    end, supported = FEATURES.index("an end"), FEATURES.index("a supported end")
    assert found[[0, -1], end].tolist() == [1, 1]
    assert found[[0, -1], supported].tolist() == [1, 0]


def test_the_median_of_the_features_is_where_half_of_the_weight_is_reached():
    found = term_features(np.array([80.0, 20.0, 50.0]), np.array([0.3, 0.5, 0.2]))[
        :, FEATURES.index("distance from median")
    ]
    assert GRID[found.argmin()] == 20


def test_masses_are_the_softmax_of_the_scores():
    features = np.array([[[0.0, 1.0], [np.log(3.0), 1.0], [0.0, 1.0]]])
    assert masses(features, np.array([1.0, 7.0]))[0] == pytest.approx([0.2, 0.6, 0.2])
    assert masses(features, np.array([-1.0, 0.0]))[0] == pytest.approx([3 / 7, 1 / 7, 3 / 7])


def on_grid(**mass):
    """A distribution with mass at a few points: `at_50=.6`."""
    out = np.zeros(len(GRID))
    for name, value in mass.items():
        out[list(GRID).index(float(name.removeprefix("at_").replace("_", ".")))] = value
    return out


def test_ranks_are_the_middles_of_the_steps():
    assert ranks(np.array([0.2, 0.5, 0.3])) == pytest.approx([0.1, 0.45, 0.85])


def test_the_reach_is_the_quantile_of_how_far_outcomes_lie_from_the_middle():
    mass = np.tile(on_grid(at_0=0.2, at_50=0.6, at_100=0.2), (5, 1))
    # ranks .1, .5, .9: .4 from the middle at the ends
    outcome = np.array([50.0, 50.0, 50.0, 0.0, 100.0])
    assert reach_of(mass, outcome, 0.5) == pytest.approx(0.0)
    assert reach_of(mass, outcome, 0.75) == pytest.approx(0.4)
    assert reach_of(mass, outcome, 0.625) == pytest.approx(0.2)  # half way between the third and the fourth of five
    assert reach_of(mass[:3], np.array([0.0, 50.0, 50.0])) == pytest.approx(0.6 * 0.4)  # .8 of the way along 0, 0, .4
    assert COVERAGE == 0.8


def test_the_interval_holds_the_ranks_within_reach_and_half_a_step_beyond():
    mass = on_grid(at_10=0.2, at_50=0.5, at_80=0.2, at_100=0.1)  # ranks .1, .45, .8, .95
    assert interval(mass, 0.30) == (11.25, 81.25)  # ranks .20 to .80: empty points have the rank reached before them
    assert interval(mass, 0.29) == (48.75, 78.75)  # 80 is out, the empty points between have rank .7
    assert interval(mass, 0.4) == (8.75, 98.75)  # from 10 (rank .1) up to the last empty point, 97.5, at .9
    assert interval(mass, 0.5) == (0.0, 100.0)
    assert interval(mass, 0.0) == (48.75, 51.25)  # at least the median's own step


def test_a_distribution_in_numbers():
    mass = on_grid(at_10=0.2, at_50=0.3, at_60=0.1, at_100=0.4)
    found = Distribution(mass, 0, 100)
    assert found.median == 50
    assert found.mode == 100
    assert found.near(50) == pytest.approx(0.4)  # ten points away still counts
    assert found.near(0) == pytest.approx(0.2)


def test_outcomes_count_at_the_nearest_point():
    assert GRID[nearest_point(np.array([0.0, 33.0, 98.9, 100.0]))].tolist() == [0, 32.5, 100, 100]


def test_what_is_shipped_makes_the_distribution():
    slope = np.zeros(len(FEATURES))
    slope[FEATURES.index("distance from mean")] = -np.log(2.0) * 40  # half as likely every 2.5 points from 75
    found = Fit(0.25, slope).over(term_features(POSITION, WEIGHT))
    steps = np.abs(GRID - 75) / 2.5
    assert found.mass == pytest.approx(0.5**steps / (0.5**steps).sum())
    assert (found.median, found.mode) == (75, 75)
    # ranks at 72.5, 75 and 77.5 are about 1/4, 1/2 and 3/4: 1/6 + 1/12 below, the tail at 100 cut off
    assert (found.low, found.high) == interval(found.mass, 0.25)


def simple(count=200):
    """One feature that is 1 at the point 100 and 0 elsewhere."""
    features = np.zeros((count, len(GRID), 1))
    features[:, -1, 0] = 1.0
    return features


def test_a_fit_is_the_penalized_optimum():
    # 120 of 200 outcomes at 100: with z = x / scale, mean over issues of (p - y) z + .03 theta = 0
    features, outcome = simple(), np.repeat([100.0, 0.0], [120, 80])
    slope = fit(features, outcome)
    scale = scale_of(features)[0]
    assert scale == pytest.approx(np.sqrt(1 / 41 - 1 / 41**2))
    share = masses(features, slope)[0, -1]
    assert (share - 0.6) / scale + 0.03 * slope[0] * scale == pytest.approx(0, abs=1e-4)
    assert share == pytest.approx(0.6, abs=0.01)


def test_a_feature_without_spread_has_scale_one():
    assert scale_of(np.ones((3, 4, 2))).tolist() == [1, 1]


def test_every_shipped_coefficient_belongs_to_a_feature():
    assert SHIPPED.slope.shape == (len(FEATURES),)
    assert 0.3 < SHIPPED.reach < 0.5
