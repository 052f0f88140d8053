"""Values, floors, ranks, pairs, regret and weights at numbers worked out by hand."""

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal import appraise
from contingent.appraisal.appraise import adapt, compare, correlation, dominance, pareto, regret_summary
from contingent.appraisal.smaa import BARRED, BLOCK, accept, blocks, confidence
from contingent.appraisal.value import breaches, curve, outside, value_of, worth
from contingent.appraisal.weights import half_spaces, interior, principal, sample_weights, simplex, walk
from contingent.errors import InputError, LabelError
from contingent.scenario.option import Criterion, WeightStatement


def criterion(**change):
    return Criterion(**{"label": "x", "question": "?", "measure": "judged", "worst": 0, "best": 100, **change})


def performance(table, criteria=("legal", "cost"), options=("go", "stay")):
    array = np.asarray(table, dtype=float)
    coords = {"option": list(options), "run": np.arange(array.shape[1]), "criterion": list(criteria)}
    return xr.DataArray(array, dims=("option", "run", "criterion"), coords=coords)


@pytest.mark.parametrize(
    ("change", "x", "y"),
    [
        ({}, [0, 100], [0, 1]),
        ({"worst": 50, "best": -50}, [-50, 50], [1, 0]),
        ({"points": ((75, 0.25), (25, 0.1))}, [0, 25, 75, 100], [0, 0.1, 0.25, 1]),
        ({"worst": 10, "best": 0, "points": ((4, 0.9),)}, [0, 4, 10], [1, 0.9, 0]),
        ({"points": ((50, 0.0), (60, 1.0))}, [0, 50, 60, 100], [0, 0, 1, 1]),  # flat ends are no fall
    ],
)
def test_the_corners_of_a_value_function(change, x, y):
    found = curve(criterion(**change))
    assert [side.tolist() for side in found] == [x, y]


def test_worth_is_each_criterions_own_value():
    criteria = {"legal": criterion(), "cost": criterion(better="lower", worst=50, best=0)}
    found = worth(performance([[[80, 40], [90, 30]], [[20, 0], [110, 60]]]), criteria)
    # legal: 80 / 100, 90 / 100, 20 / 100, beyond the anchor 1; cost: (50 - 40) / 50, (50 - 30) / 50, 1, beyond 0
    assert found.to_numpy() == pytest.approx(np.array([[[0.8, 0.2], [0.9, 0.4]], [[0.2, 1.0], [1.0, 0.0]]]))
    assert found.attrs["units"] == "1"


@pytest.mark.parametrize("points", [((50, -0.1),), ((50, 1.1),), ((-1, 0.5),), ((101, 0.5),), ((40, 0.6), (60, 0.5))])
def test_points_that_leave_the_anchors_or_fall_are_refused(points):
    with pytest.raises(InputError, match="must lie between worst 0"):
        value_of(np.array([1.0]), criterion(points=points))


def test_nothing_to_judge_by_is_refused():
    with pytest.raises(InputError, match="at least one criterion"):
        worth(performance(np.zeros((2, 1, 0)), criteria=()), {})
    with pytest.raises(LabelError, match="duty, legal"):
        worth(performance([[[1.0]], [[1.0]]], criteria=("legal",)), {"duty": criterion()})


def test_a_floor_is_broken_below_it_and_not_at_it():
    criteria = {
        "legal": criterion(floor=50),
        "cost": criterion(better="lower", worst=50, best=0, floor=35),
        "free": criterion(),
    }
    table = performance([[[50, 35, -9], [49.9, 34.9, 0]], [[50.1, 35.1, 0], [0, 50, 0]]], criteria=tuple(criteria))
    found = breaches(table, criteria)
    assert found.dims == ("option", "run", "criterion")
    assert found.to_numpy().tolist() == [
        [[False, False, False], [True, False, False]],
        [[False, True, False], [True, True, False]],
    ]


def test_the_share_beyond_the_anchors_counts_both_ends_and_no_anchor():
    criteria = {"legal": criterion(), "cost": criterion(better="lower", worst=50, best=10)}
    table = performance([[[100, 10], [101, 9]], [[0, 50], [-1, 51]]])
    assert outside(table, criteria).to_numpy().tolist() == [0.5, 0.5]


def test_two_weights_and_one_run():
    # under (1, 0) a has 1 and b 0; under (0, 1) a has 0 and b .5
    found = accept(np.array([[[1.0, 0.0], [0.0, 0.5]]]), np.eye(2))
    assert found.ranks.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert found.central.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert found.confidence.tolist() == [1.0, 1.0]
    assert found.pairwise.tolist() == [[0.0, 0.5], [0.5, 0.0]]
    assert found.first.tolist() == [[0.5, 0.5]]
    # the best has (1 + .5) / 2 on average; at the mean weights a has .5 and b .25
    assert found.regret.tolist() == [[0.25, 0.5]]
    # one run: none of its spread; a is first in (1, 0) of the two weights, variance .5, over 2 weights
    assert found.error == pytest.approx([0.5, 0.5])


def test_two_runs_and_one_weight():
    # a is first in one run, b in the other: the share first has variance .5 over runs, and none over weights
    found = accept(np.array([[[1.0], [0.0]], [[0.0], [0.5]]]), np.ones((1, 1)))
    assert found.ranks.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert found.first.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert found.regret.tolist() == [[0.0, 1.0], [0.5, 0.0]]
    assert found.error == pytest.approx([0.5, 0.5])
    assert found.confidence.tolist() == [0.5, 0.5]


def test_two_that_tie_behind_a_third():
    found = accept(np.array([[[0.9], [0.5], [0.5], [0.1]]]), np.ones((3, 1)))
    assert found.ranks.tolist() == [[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 1]]
    assert found.pairwise.tolist() == [[0, 1, 1, 1], [0, 0, 0.5, 1], [0, 0.5, 0, 1], [0, 0, 0, 0]]
    assert found.first.tolist() == [[1, 0, 0, 0]]


def test_three_that_tie_share_three_ranks():
    found = accept(np.full((1, 3, 1), 0.5), np.ones((1, 1)))
    assert found.ranks == pytest.approx(np.full((3, 3), 1 / 3))
    assert found.first[0] == pytest.approx([1 / 3] * 3)


def test_of_barred_options_the_better_is_ahead_and_all_are_behind_the_rest():
    values = np.array([[[1.0], [0.6], [0.0]]])
    found = accept(values, np.ones((1, 1)), np.array([[True, True, False]]))
    assert found.ranks.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert found.regret.tolist() == [[0, 0, 0]]  # the admissible one is worth nothing, and a barred one counts as that
    assert BARRED > 1


def test_confidence_is_of_the_runs_under_the_options_own_weights():
    values = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.2, 0.0], [0.4, 0.0]], [[0.3, 0.0], [0.3, 0.0]]])
    central = np.array([[1.0, 0.0], [np.nan, np.nan]])
    # under (1, 0) the first is ahead in run 0, behind in run 1, level in run 2
    assert confidence(values, np.zeros((3, 2)), central)[0] == pytest.approx((1 + 0 + 0.5) / 3)
    assert np.isnan(confidence(values, np.zeros((3, 2)), central)[1])
    assert confidence(values, np.array([[2.0, 0.0]] * 3), central)[0] == 0


def test_weights_are_cut_into_blocks_that_are_filled_up():
    weights = np.arange(2.0 * (BLOCK + 1)).reshape(-1, 2)
    found = blocks(weights)
    assert found.shape == (2, 2, BLOCK)
    assert found[0, 1, 5] == weights[5, 1]
    assert found[1, :, 0].tolist() == weights[BLOCK].tolist()
    assert not found[1, :, 1:].any()


def test_differences_of_two_scores():
    rows = [np.arange(11) / 10, np.full(11, 0.5)]
    score = xr.DataArray(rows, dims=("option", "run"), coords={"option": ["a", "b"]})
    pair = compare(score).sel(option="a", other="b")
    assert (pair.above.item(), pair.same.item()) == (pytest.approx(5 / 11), pytest.approx(1 / 11))
    assert pair.better.item() == pytest.approx(5.5 / 11)
    assert pair["mean"].item() == pytest.approx(0)
    # differences -.5 to .5 in steps of .1: the 5 % quantile lies half a step from the least
    assert (pair.low.item(), pair.high.item()) == (pytest.approx(-0.45), pytest.approx(0.45))
    back = compare(score).sel(option="b", other="a")
    assert (back.low.item(), back.above.item()) == (pytest.approx(-0.45), pytest.approx(5 / 11))
    assert (pair.dominates.item(), back.dominates.item()) == (0, 2)  # b has the same mean and no spread


@pytest.mark.parametrize(
    ("one", "two", "order"),
    [
        ([1, 2, 3], [0, 2, 3], 1),
        ([3, 1, 2], [2, 3, 0], 1),  # the order of runs does not matter
        ([1, 2], [1, 2], 0),
        ([0, 2], [1, 1], 0),
        ([1, 1], [0, 2], 2),
        ([1, 1], [0, 2.1], 0),  # a higher mean is not dominated
        ([1, 1], [0, 3], 0),
        ([1, 1.5], [0, 2], 2),
    ],
)
def test_the_order_of_dominance(one, two, order):
    assert dominance(np.array(one, float), np.array(two, float)) == order


def test_pareto_asks_for_no_worse_on_all_and_better_on_one():
    table = [[[0.5, 0.5], [0.5, 0.5], [0.6, 0.5], [0.9, 0.4]], [[0.5, 0.5], [0.5, 0.4], [0.5, 0.5], [0.5, 0.5]]]
    values = xr.DataArray(table, dims=("option", "run", "criterion"), coords={"option": ["a", "b"]})
    assert pareto(values).to_numpy().tolist() == [[0, 0.5], [0, 0]]


def test_high_regret_is_exceeded_in_one_run_of_ten():
    # a: 0, .1, ... 1 over eleven runs; mean .5, 90 % quantile .9, variance .11, error sqrt(.11 / 11)
    regret = xr.DataArray(
        np.column_stack([np.arange(11) / 10, np.zeros(11)]), dims=("run", "option"), coords={"option": ["a", "b"]}
    )
    found = regret_summary(regret)
    assert found.expected.to_numpy() == pytest.approx([0.5, 0])
    assert found.high.to_numpy() == pytest.approx([0.9, 0])
    assert found.error.to_numpy() == pytest.approx([0.1, 0])
    assert set(found.coords) == {"option"}
    alone = regret_summary(regret.isel(run=[3]))
    assert (alone.expected.item(0), alone.high.item(0), alone.error.item(0)) == (
        pytest.approx(0.3),
        pytest.approx(0.3),
        0,
    )

    assert (alone.expected.item(0), alone.high.item(0)) == pytest.approx((0.3, 0.3))
    assert alone.error.item(0) == 0


def test_a_score_is_worth_at_the_mean_weights_and_nothing_below_a_floor():
    criteria = {"legal": criterion(floor=50), "cost": criterion(better="lower", worst=50, best=0)}
    found = appraise(performance([[[80, 40], [90, 30]], [[20, 0], [60, 0]]]), criteria, seed=1, weights=500)
    w = found.weights.mean("weight").to_numpy()
    assert w.sum() == pytest.approx(1)
    expected = [[0.8 * w[0] + 0.2 * w[1], 0.9 * w[0] + 0.4 * w[1]], [0, 0.6 * w[0] + 1.0 * w[1]]]
    assert found.score.to_numpy() == pytest.approx(np.array(expected))
    assert found.floor_risk.to_numpy().tolist() == [0, 0.5]
    assert found.losses.expected.to_numpy() == pytest.approx(found.regret.mean("run").to_numpy())
    assert found.paired["mean"].sel(option="go", other="stay").item() == pytest.approx(
        np.subtract(*map(np.mean, expected))
    )


def test_every_array_of_an_appraisal_has_its_name_and_unit():
    found = appraise(performance([[[80, 40]], [[20, 0]]]), {"legal": criterion(), "cost": criterion()}, seed=1)
    for name in ("values", "weights", "ranks", "central", "confidence", "error", "beats", "first", "score", "regret"):
        assert getattr(found, name).name == name
        assert getattr(found, name).attrs["units"] == "1"
    assert found.weights.sizes["weight"] == 10_000
    assert found.ranks["rank"].to_numpy().tolist() == [1, 2]
    assert repr(found).startswith("Appraisal over 1 runs, 10,000 weights; first: go ")


def test_of_options_equally_often_first_the_one_named_first_is_best():
    found = appraise(performance([[[50, 50]], [[50, 50]]]), {"legal": criterion(), "cost": criterion()}, seed=1)
    assert found.ranks.sel(rank=1).to_numpy().tolist() == [0.5, 0.5]
    assert found.best == "go"


def test_criteria_that_move_together_are_counted_twice():
    # legal and cost rise together under go and against each other, half as far, under stay; duty never moves:
    # covariance (2 x .25 - 2 x .0625) / 4, both variances (2 x .25 + 2 x .0625) / 4, so .375 / .625
    table = [[[0, 0, 1], [1, 1, 1]], [[0.25, 0.75, 1], [0.75, 0.25, 1]]]
    found = correlation(performance(table, criteria=("legal", "cost", "duty")))
    assert found.to_numpy()[:2, :2] == pytest.approx(np.array([[1, 0.6], [0.6, 1]]))
    assert np.isnan(found.to_numpy()[2]).all()


def test_going_over_counts_each_option_for_its_share_of_the_horizon():
    table = performance([[[10.0]] * 4, [[30.0]] * 4], criteria=("x",))
    comes, before = np.array([True, True, False, True]), np.array([0.25, 1.5, 0.25, -0.5])
    # a quarter of 10 and three quarters of 30; after the horizon; never; before it began
    assert adapt(table, "go", "stay", comes, before).to_numpy().ravel().tolist() == [25, 10, 10, 30]


def say(name, **rest):
    return WeightStatement(criterion=name, **rest)


def test_statements_are_half_spaces():
    said = [say("legal", than="cost", times=2), say("duty", at_least=0.2, at_most=0.4)]
    matrix, bound = half_spaces(["legal", "cost", "duty"], said)
    assert matrix.tolist() == [[-1, 2, 0], [0, 0, -1], [0, 0, 1]]
    assert bound.tolist() == [0, -0.2, 0.4]
    assert half_spaces(["legal"], [])[0].shape == (0, 1)


def test_the_centre_of_what_is_left():
    # at least half on legal: an equilateral triangle with corners (1, 0, 0), (.5, .5, 0), (.5, 0, .5)
    said = [say("legal", at_least=0.5)]
    matrix, bound = half_spaces(["legal", "cost", "duty"], said)
    assert interior(matrix, bound, 3, said) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@pytest.mark.parametrize("said", [[say("legal", at_least=0.5), say("legal", at_most=0.5)], [say("legal", at_least=1)]])
def test_statements_that_leave_no_room_are_refused(said):
    with pytest.raises(InputError, match="no weights satisfy these statements together: legal weighs at least"):
        sample_weights(["legal", "cost"], said, count=10, seed=1)


def test_a_step_of_the_walk():
    # from (.5, .5) along (1, -1) the chord runs from -.5 to .5; three quarters of it is a step of .25
    full, limits = -np.eye(2), np.zeros(2)
    directions = np.array([[1.0, -1.0], [2.0, -2.0]])
    found = walk(np.array([0.5, 0.5]), full, limits, directions, np.array([0.75, 0.0]), 1)
    assert found == pytest.approx(np.array([[0.75, 0.25], [0.0, 1.0]]))
    half = walk(np.array([0.5, 0.5]), np.array([[-1.0, 0], [0, -1.0], [1.0, 0]]), np.array([0, 0, 0.6]), directions,
                np.array([1.0, 0.5]), 2)  # fmt: skip
    assert half == pytest.approx(np.array([[0.3, 0.7]]))  # to the limit at .6, then to the middle of 0 to .6


def test_directions_are_as_long_as_the_cloud_is_wide():
    points = np.array([[1.0, 0, 0], [-1, 0, 0], [0, 0.5, 0], [0, -0.5, 0]])
    found = principal(points)
    assert found.shape == (2, 3)
    assert np.linalg.norm(found, axis=1) == pytest.approx([np.sqrt(2 / 4), np.sqrt(0.5 / 4)])


def test_weights_are_the_seeds_alone():
    first = sample_weights(["a", "b"], [], count=5, seed=1)
    assert (first == sample_weights(["a", "b"], [], count=5, seed=1)).all()
    assert not (first == sample_weights(["a", "b"], [], count=5, seed=2)).any()
    assert simplex(np.random.default_rng(1), 7, 3).shape == (7, 3)
