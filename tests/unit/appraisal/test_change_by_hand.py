"""What would change the choice, at numbers worked out by hand: information, indices, tipping points, boxes."""

import numpy as np
import pytest
from scipy.stats import binom

from contingent.appraisal.discovery import Box, described, discover, holds, outside_of, peel, pruned, quasi_p
from contingent.appraisal.sensitivity import (
    CLEAR,
    clear,
    crossfit,
    information,
    perfect_information,
    sensitivities,
    smooth,
    spline,
    tipping_points,
)


def test_knowing_everything_is_worth_the_mean_best_less_the_best_mean():
    # (1 + 2) / 2 less max(1 / 2, 2 / 2)
    assert perfect_information(np.array([[1.0, 0.0], [0.0, 2.0]])) == 0.5
    assert perfect_information(np.array([[1.0, 1.0], [0.0, 0.5]])) == 0


def test_a_worth_is_told_from_two_of_its_standard_errors_on():
    # (0, 2): mean 1, standard error sqrt(2) / sqrt(2) = 1; (1, 3): mean 2, the same error
    assert CLEAR == 2
    assert clear(np.array([0.0, 2.0])) == 0
    assert clear(np.array([1.0, 3.0])) == 0  # not above two of them
    assert clear(np.array([1.1, 3.1])) == pytest.approx(2.1)
    assert clear(np.array([-1.1, -3.1])) == 0


def test_a_regression_shrinks_by_its_ridge_and_does_not_see_what_it_predicts():
    # columns of unit spread that balance in every fold: slope 3 n / (n + n / 1000)
    x = np.where(np.arange(10) < 5, 1.0, -1.0)
    outcome = np.array([2 + 3 * x, -x])
    found = crossfit(x[:, None], outcome)
    assert found[0] == pytest.approx(2 + 3 * x / 1.001)
    assert found[1] == pytest.approx(-x / 1.001)
    changed = outcome.copy()
    changed[0, 3] += 100
    again = crossfit(x[:, None], changed)
    assert again[0, [3, 8]] == pytest.approx(found[0, [3, 8]])  # its own fold
    assert abs(again[0, 4] - found[0, 4]) > 1


def test_a_spline_is_of_ranks():
    values = np.array([10.0, -3.0, 7.0, 8.0, 100.0])  # ranks 3, 0, 1, 2, 4
    found = spline(values)
    assert found.shape == (5, 7)
    u = np.array([0.7, 0.1, 0.3, 0.5, 0.9])
    for column, raw in {0: u, 1: u**2, 2: u**3, 3: np.maximum(u - 0.2, 0) ** 3, 6: np.maximum(u - 0.8, 0) ** 3}.items():
        assert found[:, column] == pytest.approx((raw - raw.mean()) / raw.std()), column
    assert (spline(np.exp(values / 50)) == found).all()
    assert spline(np.ones(4)).tolist() == [[0], [0], [0], [0]]


def test_knowing_a_number_is_worth_what_the_other_choice_gains_where_it_is_better():
    # go is worth u - 1/2 for u even on (0, 1), stay nothing: E max(u - 1/2, 0) = 1/8, and nothing without knowing
    rng = np.random.default_rng(1)
    u, idle = (rng.permutation((np.arange(2_000) + 0.5) / 2_000) for _ in range(2))
    worth = np.array([u - 0.5, np.zeros(2_000)])
    found = information(worth, {"u": u, "idle": idle}, {"asked": ["u"], "both": ["u", "idle"], "vain": ["idle"]})
    assert found["asked"] == pytest.approx(1 / 8, abs=0.001)
    assert found["both"] == pytest.approx(1 / 8, abs=0.002)
    assert found["vain"] == 0
    # stay is worth a tenth: choosing go where u > .6 gains .4 x .2 over staying
    better = information(np.array([u - 0.5, np.full(2_000, 0.1)]), {"u": u}, {"asked": ["u"]})
    assert better["asked"] == pytest.approx(0.4 * 0.2, abs=0.001)


@pytest.mark.parametrize(
    ("outcome", "first"),
    [
        # bins of two: means 1 and 5 about 3, between 4; within 2 in each, noise 2 x (2 - 1) / 4; variance 5
        ([0.0, 2, 4, 6], (4 - 0.5) / 5),
        ([0.0, 2, 1, 3], 0.0),  # between .25 is less than what noise would show
        ([1.0, 1, 5, 5], 1.0),
        ([3.0, 3, 3, 3], 0.0),
    ],
)
def test_a_first_order_index_is_what_bins_show_less_their_noise(outcome, first):
    found = sensitivities({"x": np.arange(4.0)}, np.array(outcome), bins=2)
    assert found["x"].first == pytest.approx(first)


def test_pawn_is_the_median_of_the_bins_greatest_distances():
    # in bin k of 15 both outcomes lie at (k + 1) / 15 of all: the distance is the larger side of that,
    # 8, 8, 9, 9, 10, 10, 11, [11], 12 ... 15 fifteenths
    found = sensitivities({"x": np.arange(30.0)}, np.repeat(np.arange(15.0), 2))
    assert found["x"].pawn == pytest.approx(11 / 15)
    assert found["x"].first == pytest.approx(1)
    order = np.random.default_rng(1).permutation(30)
    shuffled = sensitivities({"x": np.arange(30.0)[order]}, np.repeat(np.arange(15.0), 2)[order])
    assert shuffled["x"] == found["x"]


def gap(*, within: float, below: float = -0.01, runs: int = 400) -> np.ndarray:
    """A lead of .1 in the first fifteen of twenty bins, `below` in the rest, spread by `within` in each."""
    level = np.where(np.arange(runs) < runs * 15 // 20, 0.1, below)
    return level + within * np.where(np.arange(runs) % 2, 1, -1)


VALUES = np.arange(400.0)


def test_a_tipping_point_is_where_the_running_mean_crosses():
    # running means of bins 15 and 16: (.1 - .01 - .01) / 3 and -.01; their middles 309.5 and 329.5
    at = 309.5 + 20 * (0.08 / 3) / (0.08 / 3 + 0.01)
    (point,) = tipping_points({"x": VALUES}, np.array([gap(within=0.0), np.zeros(400)]), ("go", "stay"))
    assert (point.name, point.to, point.above) == ("x", "stay", True)
    assert point.at == pytest.approx(at)
    assert point.share == pytest.approx(75 / 400)  # 325 to 399
    (falling,) = tipping_points({"x": 399 - VALUES}, np.array([gap(within=0.0), np.zeros(400)]), ("go", "stay"))
    assert not falling.above
    assert falling.at == pytest.approx(399 - at)
    assert falling.share == pytest.approx(75 / 400)


@pytest.mark.parametrize(("within", "told"), [(0.0, True), (0.04, True), (0.05, False), (0.5, False)])
def test_a_crossing_that_chance_explains_is_no_tipping_point(within, told):
    # a bin of twenty has standard error within x sqrt(20 / 19) / sqrt(20) = within / sqrt(19): .01 at .0436
    found = tipping_points({"x": VALUES}, np.array([gap(within=within), np.zeros(400)]), ("go", "stay"))
    assert bool(found) == told


def test_the_rival_is_the_one_that_takes_over_nearest_to_the_median():
    far, near = gap(within=0.0), np.where(VALUES < 220, 0.1, -0.1)
    worth = np.array([np.full(400, 0.5), 0.5 - far, 0.5 - near])
    (point,) = tipping_points({"x": VALUES}, worth, ("best", "far", "near"))
    assert point.to == "near"
    assert 200 < point.at < 240


def test_tipping_points_come_by_the_share_that_lies_beyond_then_by_name():
    leads = np.array([gap(within=0.0, below=-0.05), np.zeros(400)])
    found = tipping_points({"b": VALUES, "same": np.ones(400), "a": 2 * VALUES}, leads, ("go", "s"))
    assert [point.name for point in found] == ["a", "b"]
    assert found[1].at == pytest.approx(309.5)  # the running mean is (.1 - .05 - .05) / 3 there: nothing at all
    assert found[0].at == pytest.approx(619)


def test_a_running_mean_of_three_repeats_its_ends():
    assert smooth(np.array([3.0, 0.0, 6.0])) == pytest.approx([2, 3, 4])


TABLE = np.column_stack([np.arange(20.0), np.tile([0.0, 1.0], 10)])
CASES = np.arange(20) >= 12  # eight cases
LIMITS = np.array([[10.0, np.inf], [-np.inf, 0.0]])  # ten runs at 10 or more, five of them even


def test_a_box_holds_its_edges():
    assert np.flatnonzero(holds(TABLE, LIMITS)).tolist() == [10, 12, 14, 16, 18]
    assert outside_of(TABLE, LIMITS, np.array([0, 1])).sum(axis=1).tolist() == [10, 10]


def test_the_measures_of_a_box():
    found = described(["time", "odd"], TABLE, CASES, LIMITS)
    # five runs inside, four of them cases; without "time" ten even runs, four of them cases: P(4 or more of 5 at .4);
    # without "odd" ten runs, eight of them cases: P(4 or more of 5 at .8)
    assert (found.coverage, found.density, found.mass) == (4 / 8, 4 / 5, 5 / 20)
    assert [limit.name for limit in found.limits] == ["time", "odd"]
    assert found.limits[0].p == pytest.approx(binom.sf(3, 5, 0.4))
    assert found.limits[0].p == pytest.approx(5 * 0.4**4 * 0.6 + 0.4**5)
    assert found.limits[1].p == pytest.approx(5 * 0.8**4 * 0.2 + 0.8**5)
    assert (found.limits[0].low, found.limits[0].high) == (10, np.inf)
    assert (found.limits[1].low, found.limits[1].high) == (-np.inf, 0)


def test_the_chance_of_as_many_cases_if_a_condition_did_not_matter():
    outside = outside_of(TABLE, LIMITS, np.array([0, 1]))
    assert quasi_p(CASES, outside) == pytest.approx([binom.sf(3, 5, 0.4), binom.sf(3, 5, 0.8)])


def test_conditions_that_do_not_matter_are_dropped():
    # P(all 8 cases among 8 at 8 / 20) is .4^8 for time alone; "odd" goes, time stays
    limits = np.array([[12.0, np.inf], [-np.inf, 0.0]])
    found = pruned(TABLE, CASES, limits, 3)
    assert found.tolist() == [[12.0, np.inf], [-np.inf, np.inf]]
    assert limits[1, 1] == 0  # what was given is left as it was
    assert not np.isfinite(pruned(TABLE, CASES, limits, 0)).any()


def test_peeling_takes_the_slice_whose_loss_leaves_most():
    # a tenth of twenty runs a step from below, until all inside are cases
    found = peel(TABLE[:, :1], CASES, share=0.1, least=0.05)
    assert found[0].tolist() == [[-np.inf, np.inf]]
    # quantile .1 of 0 to 19 is 1.9; of 2 to 19 it is 2 + 1.7, of 4 to 19 it is 4 + 1.5
    assert [box[0, 0] for box in found[1:4]] == pytest.approx([1.9, 3.7, 5.5])
    assert all(box[0, 1] == np.inf for box in found)
    assert CASES[holds(TABLE[:, :1], found[-1])].all()
    assert not CASES[holds(TABLE[:, :1], found[-2])].all()


def test_peeling_stops_at_the_least_share():
    noise = np.arange(100) % 2 == 0
    found = peel(np.arange(100.0)[:, None], noise, share=0.05, least=0.5)
    sizes = [int(holds(np.arange(100.0)[:, None], box).sum()) for box in found]
    assert sizes[0] == 100
    assert sizes == sorted(sizes, reverse=True)
    assert 50 <= sizes[-1] < 55


def test_the_box_of_a_threshold():
    found = discover({"odd": TABLE[:, 1], "time": TABLE[:, 0]}, CASES)
    assert isinstance(found, Box)
    (limit,) = found.limits
    assert limit.name == "time"
    assert (found.coverage, found.density, found.mass) == (1, 1, 8 / 20)
    assert 11 < limit.low <= 12
    assert limit.p == pytest.approx(0.4**8)
