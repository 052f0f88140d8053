"""What would change the choice, at numbers worked out by hand: information, tipping points, boxes."""

import numpy as np
import pytest
from scipy.stats import binom, ttest_1samp, ttest_ind

from contingent.appraisal import discovery
from contingent.appraisal.discovery import (
    Box,
    described,
    discover,
    holds,
    outside_of,
    peel,
    pruned,
    quasi_p,
)
from contingent.appraisal.sensitivity import (
    ALONE,
    Gain,
    crossings,
    exceeds,
    gained,
    information,
    joint,
    known_weights,
    perfect_information,
    ridge,
    smooth,
    tipping_points,
)


def test_knowing_everything_is_worth_the_mean_best_less_the_best_mean():
    # (1 + 2) / 2 less max(1 / 2, 2 / 2); gains 1 and 0: error sqrt(1 / 2) / sqrt(2)
    assert perfect_information(np.array([[1.0, 0.0], [0.0, 2.0]])) == Gain(0.5, pytest.approx(0.5))
    assert perfect_information(np.array([[1.0, 1.0], [0.0, 0.5]])) == Gain(0, 0)


def test_weights_are_chosen_by_one_half_and_valued_by_the_other():
    # even runs put the first option ahead on the second criterion, odd runs do not: under weight 1 on it each half
    # takes what the other says is worse by .4, and under weight 1 on the first both take the first, worth 1 against 0
    values = np.array([[[1.0, 0.4], [1.0, 0.0]] * 2, [[0.0, 0.0], [0.0, 0.4]] * 2])
    found = known_weights(values, np.eye(2))
    # at the mean both halves take the first option: worth .7 in even and .5 in odd runs. Chosen by even runs it is
    # first under both weights, no gain in odd runs; chosen by odd runs second under the second: (1 + 0) / 2 - .7
    assert found.value == pytest.approx((0 - 0.2) / 2)


def test_a_regression_with_no_penalty_to_speak_of_is_the_line():
    x = np.linspace(-1, 1, 200)[:, None]
    constant, slope = ridge(x, np.column_stack([2 + 3 * x[:, 0], np.ones(200)]))
    assert constant == pytest.approx([2, 1])
    assert slope[0] == pytest.approx([3, 0], abs=0.02)


def test_a_regression_of_noise_is_its_mean():
    rng = np.random.default_rng(0)
    flat = 0
    for _ in range(20):
        y = rng.standard_normal((200, 1))
        constant, slope = ridge(rng.standard_normal((200, 5)), y)
        flat += bool((slope == 0).all() and constant == pytest.approx(y.mean()))
        assert np.abs(slope).max() < 0.3
    assert flat >= 8


def test_more_columns_than_runs_leave_the_fit_free():
    rng = np.random.default_rng(0)
    constant, slope = ridge(rng.standard_normal((10, 30)), rng.standard_normal((10, 2)))
    assert np.isfinite(constant).all()
    assert np.isfinite(slope).all()


def test_what_is_gained_is_scored_on_runs_held_back():
    # seen: act where x is 1 gains 1, else loses 3, so not to act is best on average; held back the same with 2 and 5
    x = np.tile([1.0, -1.0], 20)
    held = np.arange(40) >= 20
    act = np.where(x > 0, np.where(held, 2.0, 1.0), np.where(held, -5.0, -3.0))
    assert gained(x[:, None], np.array([np.zeros(40), act]), held).tolist() == [2.0, 0.0] * 10


def test_columns_are_polynomials_of_ranks_alone_and_in_twos():
    values = np.array([10.0, -3.0, 7.0, 8.0, 100.0])  # ranks 3, 0, 1, 2, 4 of five
    v = 2 * np.array([0.7, 0.1, 0.3, 0.5, 0.9]) - 1
    found = joint([values])
    assert found.shape == (5, ALONE)
    assert found[:, 0] == pytest.approx(np.sqrt(3) * v)
    assert found[:, 1] == pytest.approx(np.sqrt(5) * (3 * v**2 - 1) / 2)
    assert (joint([np.exp(values / 50), np.ones(5)]) == found).all(), "what never moves has no column"
    assert joint([np.ones(4)]).shape == (4, 0)
    both = joint([values, -values])
    assert both.shape == (5, 2 * ALONE + 6)  # degrees 11 12 13 21 22 31
    assert both[:, 2 * ALONE] == pytest.approx(-3 * v**2)
    assert joint([np.array([1.0, 1.0, 2.0, 2.0])])[:, 0] == pytest.approx(np.sqrt(3) * np.array([-0.5, -0.5, 0.5, 0.5]))


def test_knowing_a_number_is_worth_what_the_other_choice_gains_where_it_is_better():
    # go is worth u - 1/2 for u even on (0, 1), stay nothing: E max(u - 1/2, 0) = 1/8, and nothing without knowing
    rng = np.random.default_rng(1)
    u, idle = (rng.permutation((np.arange(2_000) + 0.5) / 2_000) for _ in range(2))
    worth = np.array([u - 0.5, np.zeros(2_000)])
    found = information(worth, {"u": u, "idle": idle}, {"asked": ["u"], "both": ["u", "idle"], "vain": ["idle"]})
    unseen = u[1::2]  # of the half that values: either the gain over going, or that over staying
    exact = min((np.maximum(0.5 - unseen, 0).mean(), np.maximum(unseen - 0.5, 0).mean()),
                key=lambda gain: abs(gain - found["asked"].value))  # fmt: skip
    assert found["asked"].value == pytest.approx(exact, abs=0.001)
    assert found["both"].value == pytest.approx(exact, abs=0.002)
    assert "vain" not in found
    # stay is worth a tenth: choosing go where u > .6 gains .4 x .2 over staying
    better = information(np.array([u - 0.5, np.full(2_000, 0.1)]), {"u": u}, {"asked": ["u"]})["asked"]
    assert better.value == pytest.approx(np.maximum(unseen - 0.6, 0).mean(), abs=0.001)
    assert abs(better.value - 0.4 * 0.2) < 3 * better.error


def test_a_mean_is_above_another_by_students_t():
    a, b = np.array([0.1, 0.5, 0.2, 0.9, 0.4]), np.array([0.3, -0.2, 0.1, 0.0, 0.5, -0.4])
    assert exceeds(a) == pytest.approx(ttest_1samp(a, 0, alternative="greater").pvalue)
    assert exceeds(a, b) == pytest.approx(ttest_ind(a, b, equal_var=False, alternative="greater").pvalue)
    assert exceeds(a[:3]) == 1
    assert exceeds(np.zeros(9)) == 1
    assert exceeds(np.ones(9)) == 0


def gap(*, within: float, below: float = -0.01, runs: int = 400) -> np.ndarray:
    """A lead of .1 in the first fifteen of twenty bins, `below` in the rest, spread by `within` in each."""
    level = np.where(np.arange(runs) < runs * 15 // 20, 0.1, below)
    return level + within * np.where(np.arange(runs) % 2, 1, -1)


VALUES = np.arange(400.0)


def test_a_crossing_is_where_the_running_mean_crosses():
    # running means of bins 15 and 16: (.1 - .01 - .01) / 3 and -.01; their middles 309.5 and 329.5
    at = 309.5 + 20 * (0.08 / 3) / (0.08 / 3 + 0.01)
    ((chance, point),) = crossings({"x": VALUES}, np.array([gap(within=0.0), np.zeros(400)]), ("go", "stay"))
    assert chance < 1e-100
    assert (point.name, point.to, point.above) == ("x", "stay", True)
    assert point.at == pytest.approx(at)
    assert point.share == pytest.approx(75 / 400)  # 325 to 399
    ((_, falling),) = crossings({"x": 399 - VALUES}, np.array([gap(within=0.0), np.zeros(400)]), ("go", "stay"))
    assert not falling.above
    assert falling.at == pytest.approx(399 - at)
    assert falling.share == pytest.approx(75 / 400)


@pytest.mark.parametrize(("within", "told"), [(0.0, True), (0.04, True), (0.05, False), (0.5, False)])
def test_a_dip_that_chance_explains_is_no_crossing(within, told):
    # a bin of twenty has standard error within x sqrt(20 / 19) / sqrt(20) = within / sqrt(19): .01 at .0436
    found = crossings({"x": VALUES}, np.array([gap(within=within), np.zeros(400)]), ("go", "stay"))
    assert bool(found) == told
    if told and within:  # 75 runs beyond, 325 on this side
        lead = -gap(within=within)
        assert found[0][0] == pytest.approx(
            max(exceeds(lead[325:]), exceeds(lead[325:], lead[:325]))
        )  # fmt: skip


def test_the_rival_is_the_one_that_takes_over_nearest_to_the_median():
    far, near = gap(within=0.0), np.where(VALUES < 220, 0.1, -0.1)
    worth = np.array([np.full(400, 0.5), 0.5 - far, 0.5 - near])
    ((_, point),) = crossings({"x": VALUES}, worth, ("best", "far", "near"))
    assert point.to == "near"
    assert 200 < point.at < 240


def test_tipping_points_come_by_the_share_that_lies_beyond_then_by_name():
    leads = np.array([gap(within=0.0, below=-0.05), np.zeros(400)])
    found = tipping_points({"b": VALUES, "same": np.ones(400), "a": 2 * VALUES}, leads, ("go", "s"))
    assert [point.name for point in found] == ["a", "b"]
    assert all(point.set_to is None for point in found)
    wider = np.array([np.where(VALUES < 250, 0.1, -0.05), np.zeros(400)])
    assert tipping_points({"b": VALUES}, wider, ("go", "s"))[0].share > found[0].share


def test_a_tipping_point_that_unseen_runs_do_not_bear_out_is_not_told():
    seen = gap(within=0.0, below=-0.05)
    unseen = np.where(np.arange(400) % 2 == 0, seen, 0.1)
    assert crossings({"x": VALUES[::2]}, np.array([unseen[::2], np.zeros(200)]), ("go", "stay"))
    assert not tipping_points({"x": VALUES}, np.array([unseen, np.zeros(400)]), ("go", "stay"))
    # nor where beyond it the other is ahead by as much as on this side of it
    ahead = np.where(np.arange(400) % 2 == 0, seen, -0.05)
    assert not tipping_points({"x": VALUES}, np.array([ahead, np.zeros(400)]), ("go", "stay"))


def test_a_running_mean_of_three_repeats_its_ends():
    assert smooth(np.array([3.0, 0.0, 6.0])) == pytest.approx([2, 3, 4])


TABLE = np.column_stack([np.arange(20.0), np.tile([0.0, 1.0], 10)])
CASES = np.arange(20) >= 12  # eight cases
LIMITS = np.array([[10.0, np.inf], [-np.inf, 0.0]])  # ten runs at 10 or more, five of them even


def test_a_box_holds_its_edges():
    assert np.flatnonzero(holds(TABLE, LIMITS)).tolist() == [10, 12, 14, 16, 18]
    assert outside_of(TABLE, LIMITS, np.array([0, 3])).sum(axis=1).tolist() == [10, 10]


def test_the_measures_of_a_box():
    found = described(["time", "odd"], TABLE, CASES, LIMITS)
    # five runs inside, four of them cases; without "time" ten even runs, four of them cases: P(4 or more of 5 at .4);
    # without "odd" ten runs, eight of them cases: P(4 or more of 5 at .8)
    assert (found.coverage, found.density, found.base, found.mass) == (4 / 8, 4 / 5, 8 / 20, 5 / 20)
    assert found.p == pytest.approx((70 * 12 + 56) / 15_504)  # C(8,4) C(12,1) + C(8,5) of C(20,5) ways
    assert [limit.name for limit in found.limits] == ["time", "odd"]
    assert found.limits[0].p == pytest.approx(binom.sf(3, 5, 0.4))
    assert found.limits[0].p == pytest.approx(5 * 0.4**4 * 0.6 + 0.4**5)
    assert found.limits[1].p == pytest.approx(5 * 0.8**4 * 0.2 + 0.8**5)
    assert (found.limits[0].low, found.limits[0].high) == (10, np.inf)
    assert (found.limits[1].low, found.limits[1].high) == (-np.inf, 0)


def test_the_chance_of_as_many_cases_if_a_condition_did_not_matter():
    outside = outside_of(TABLE, LIMITS, np.array([0, 3]))
    assert quasi_p(CASES, outside) == pytest.approx([binom.sf(3, 5, 0.4), binom.sf(3, 5, 0.8)])


def test_conditions_that_do_not_matter_are_dropped(monkeypatch):
    # P(all 8 cases among 8 at 8 / 20) is .4^8 for time alone; "odd" goes, time stays
    limits = np.array([[12.0, np.inf], [-np.inf, 0.0]])
    found = pruned(TABLE, CASES, limits)
    assert found.tolist() == [[12.0, np.inf], [-np.inf, np.inf]]
    assert limits[1, 1] == 0  # what was given is left as it was
    monkeypatch.setattr(discovery, "MOST", 0)
    assert not np.isfinite(pruned(TABLE, CASES, limits)).any()


def test_peeling_takes_the_slice_whose_loss_leaves_most(monkeypatch):
    # a tenth of twenty runs a step from below, until all inside are cases
    monkeypatch.setattr(discovery, "PEEL", 0.1)
    found = peel(TABLE[:, :1], CASES)
    assert found[0].tolist() == [[-np.inf, np.inf]]
    # quantile .1 of 0 to 19 is 1.9; of 2 to 19 it is 2 + 1.7, of 4 to 19 it is 4 + 1.5
    assert [box[0, 0] for box in found[1:4]] == pytest.approx([1.9, 3.7, 5.5])
    assert all(box[0, 1] == np.inf for box in found)
    assert CASES[holds(TABLE[:, :1], found[-1])].all()
    assert not CASES[holds(TABLE[:, :1], found[-2])].all()


def test_peeling_stops_at_the_least_share(monkeypatch):
    monkeypatch.setattr(discovery, "LEAST", 0.5)
    noise = np.arange(100) % 2 == 0
    found = peel(np.arange(100.0)[:, None], noise)
    sizes = [int(holds(np.arange(100.0)[:, None], box).sum()) for box in found]
    assert sizes[0] == 100
    assert sizes == sorted(sizes, reverse=True)
    assert 50 <= sizes[-1] < 55


def test_a_side_that_does_not_matter_is_dropped_alone():
    # a floor at 100 makes the cases, the ceiling at 190 excludes ten of them for nothing
    table, cases = np.arange(200.0)[:, None], np.arange(200) >= 100
    assert pruned(table, cases, np.array([[100.0, 190.0]])).tolist() == [[100.0, np.inf]]


def test_the_box_of_a_threshold():
    table = np.column_stack([np.arange(400.0), np.tile([0.0, 0.0, 1.0, 1.0], 100)])
    cases = table[:, 0] >= 240
    found = discover({"odd": table[:, 1], "time": table[:, 0]}, cases)
    assert isinstance(found, Box)
    (limit,) = found.limits
    assert limit.name == "time"
    assert 232 < limit.low <= 240  # the peeling stops where all that is left are cases
    inside = (table[1::2, 0] >= limit.low).sum()
    assert (found.coverage, found.density, found.mass) == (1, 80 / inside, inside / 200)
    assert limit.p == pytest.approx(binom.sf(79, inside, 0.4))
