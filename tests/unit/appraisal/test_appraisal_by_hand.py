"""Values, floors, ranks, pairs, regret and weights at numbers worked out by hand."""

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal import appraise
from contingent.appraisal.appraise import compare, dominance, in_steps, pareto
from contingent.appraisal.smaa import BLOCK, accept, blocks, confidence, copies, ordering
from contingent.appraisal.value import breaches, curve, prices, value_of, with_tails, worth
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
    # legal: 80 / 100, 90 / 100, 20 / 100, beyond the anchor 1.1; cost: (50 - 40) / 50, (50 - 30) / 50, 1, beyond -.2
    assert found.to_numpy() == pytest.approx(np.array([[[0.8, 0.2], [0.9, 0.4]], [[0.2, 1.0], [1.1, -0.2]]]))
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


def test_a_cost_is_taken_off_whatever_the_weights():
    values = np.array([[[1.0], [0.6], [0.0]]])
    found = accept(values, np.ones((1, 1)), np.array([[0.5, 0.0, 0.25]]))
    assert found.ranks.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert found.regret[0] == pytest.approx([0.1, 0, 0.85])


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


def test_a_score_is_worth_at_the_mean_weights():
    criteria = {"legal": criterion(), "cost": criterion(better="lower", worst=50, best=0)}
    found = appraise(performance([[[80, 40], [90, 30]], [[20, 0], [60, 0]]]), criteria, seed=1, weights=500)
    w = found.weights.mean("weight").to_numpy()
    assert w.sum() == pytest.approx(1)
    expected = [[0.8 * w[0] + 0.2 * w[1], 0.9 * w[0] + 0.4 * w[1]], [0.2 * w[0] + w[1], 0.6 * w[0] + 1.0 * w[1]]]
    assert found.score.to_numpy() == pytest.approx(np.array(expected))
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


def test_criteria_that_order_the_options_alike_are_found_though_they_share_no_draw():
    rng = np.random.default_rng(3)
    means = np.array([[0.1, 0.2, 0.9], [0.5, 0.55, 0.1], [0.9, 0.8, 0.4]])
    table = means[:, None] + 0.05 * rng.standard_normal((3, 400, 3))
    values = performance(table, criteria=("legal", "plan", "cost"), options=("a", "b", "c"))
    assert ordering(values).to_numpy()[0, 1] == pytest.approx(np.corrcoef(means[:, 0], means[:, 1])[0, 1], abs=0.02)
    assert np.isnan(ordering(values.isel(option=[0, 0])).to_numpy()).all()


def test_options_that_come_to_the_same_are_copies_of_the_first_of_them():
    table = [[[0.5, 0.5]] * 2, [[0.505, 0.495]] * 2, [[0.5, 0.52]] * 2, [[0.513, 0.495]] * 2]
    assert copies(performance(table, options=("a", "b", "c", "d"))) == {"b": "a"}  # d is near b, and not near a


def test_the_tail_of_what_may_come_counts_as_said():
    # worth 0, .05, ... .95 over twenty runs: the worst twentieth is 0, the mean .475
    table = np.linspace(0, 95, 20)[None, :, None]
    cautious = {"x": criterion(tail=0.4)}
    plain = worth(performance(table, criteria=("x",), options=("go",)), cautious)
    found = with_tails(plain, plain, None, cautious)
    assert found.mean().item() == pytest.approx(0.6 * 0.475)
    # where the option is carried out with chance .5 and what stays is worth .2, the worst twentieth is what is below
    both = xr.concat([plain, plain.assign_coords(option=["stay"]) * 0 + 0.2], "option")
    leaves = xr.DataArray(
        np.tile([[[0.5, 0.5]], [[0.0, 1.0]]], (1, 20, 1)), dims=("option", "run", "leaf"),
        coords={"option": ["go", "stay"], "run": both["run"], "leaf": ["go", "stay"]},
    )  # fmt: skip
    rolled = with_tails(0.5 * both + 0.1, both, leaves, cautious)
    tail = (0.0 + 0.05) / 2  # two runs of chance a fortieth each
    mean = 0.5 * 0.475 + 0.1
    assert rolled.sel(option="go").mean().item() == pytest.approx(mean + 0.4 * (tail - mean))


def test_a_reply_is_chosen_at_the_node_and_by_each_weight():
    # the event comes in runs 0 and 1; there going is better on x and worse on y
    values = performance([[[0.5, 0.5]] * 4, [[0.6, 0.3]] * 4], criteria=("x", "y"), options=("stay", "go"))
    went = np.array([[0.9, 0.4], [0.7, 0.4], [0.2, 0.2], [0.2, 0.2]])
    weights = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = in_steps(values, weights, "stay", went, np.array([True, True, False, False]))
    assert found.goes == 0.5  # under x alone
    more = np.array([[0.4, 0.2, 0.0, 0.0], [0.0] * 4]).mean(axis=0)
    assert found.beside["stay"] == pytest.approx((more.mean(), more.std(ddof=1) / 2))
    over_go = np.array([[0.3, 0.1, -0.1, -0.1], [0.2] * 4]).mean(axis=0)
    assert found.beside["go"] == pytest.approx((over_go.mean(), over_go.std(ddof=1) / 2))
    # under x: first in two runs of four; under y: ties with staying, half the share
    assert found.first == pytest.approx((0.5 + 0.5) / 2)


def test_a_price_is_the_ratio_of_weights_to_swings():
    criteria = {"deaths": criterion(better="lower", worst=30, best=0), "cost": criterion(worst=400, best=0)}
    weights = xr.DataArray([[0.5, 0.5], [0.7, 0.3]], dims=("weight", "criterion"))
    assert prices(weights, criteria, "cost") == {"deaths": pytest.approx((0.6 / 30) / (0.4 / 400))}
    assert np.isnan(prices(weights * [1, 0], criteria, "cost")["deaths"])


def say(name, **rest):
    return WeightStatement(criterion=name, **rest)


def named(*names, **groups):
    return {name: criterion(group=groups.get(name, "")) for name in names}


def test_statements_are_half_spaces():
    said = [say("legal", than="cost", times=2), say("duty", at_least=0.2, at_most=0.4)]
    matrix, bound = half_spaces(named("legal", "cost", "duty"), said)
    assert matrix.tolist() == [[-1, 2, 0], [0, 0, -1], [0, 0, 1]]
    assert bound.tolist() == [0, -0.2, 0.4]
    assert half_spaces(named("legal"), [])[0].shape == (0, 1)


def test_exact_statements_orders_groups_and_amounts_are_half_spaces():
    criteria = {"deaths": criterion(worst=30, best=0, group="people"), "need": criterion(group="people"),
                "cost": criterion(worst=400, best=0)}  # fmt: skip
    exact = say("deaths", amount=3, than="cost", than_amount=200, exactly=True)
    order = WeightStatement(order=("people", "cost"))
    matrix, bound = half_spaces(criteria, [exact, order, say("need", equals=0.3)])
    assert matrix == pytest.approx(
        np.array([[-0.1, 0, 0.5], [0.1, 0, -0.5], [-1, -1, 1], [0, 1, 0], [0, -1, 0]], dtype=float)
    )
    assert bound.tolist() == [0, 0, 0, 0.3, -0.3]
    with pytest.raises(InputError, match="an amount of 'people', which is a group of criteria"):
        half_spaces(criteria, [say("people", amount=3, than="cost")])


def test_a_point_inside_the_directions_with_room_and_the_limits_that_can_be_met():
    # at least half on legal: a triangle with corners (1, 0, 0), (.5, .5, 0), (.5, 0, .5)
    said = [say("legal", at_least=0.5)]
    matrix, bound = half_spaces(named("legal", "cost", "duty"), said)
    centre, free, (rows, limits) = interior(matrix, bound, 3, said)
    assert centre.sum() == pytest.approx(1)
    assert (rows @ centre < limits - 0.01).all()
    assert free.shape == (2, 3)
    assert free.sum(axis=1) == pytest.approx(0)
    # exactly half on legal leaves one direction, from cost to duty
    said = [say("legal", equals=0.5)]
    centre, free, (rows, limits) = interior(*half_spaces(named("legal", "cost", "duty"), said), 3, said)
    assert centre[0] == pytest.approx(0.5)
    assert np.abs(free) == pytest.approx(np.array([[0, 1, 1]]) / np.sqrt(2))
    assert rows.tolist() == [[-1, 0, 0], [0, -1, 0], [0, 0, -1]]  # each can still be met with room


def test_statements_that_contradict_are_refused():
    said = [say("legal", at_least=0.6), say("legal", at_most=0.5)]
    with pytest.raises(InputError, match="no weights satisfy these statements together: legal weighs at least"):
        sample_weights(named("legal", "cost"), said, count=10, seed=1)


def test_a_step_of_the_walk():
    # from (.5, .5) along (1, -1) the chord runs from -.5 to .5; three quarters of it is a step of .25
    full, limits = -np.eye(2), np.zeros(2)
    directions = np.array([[1.0, -1.0], [2.0, -2.0]])
    alone, none, sure = np.arange(2), np.zeros(2), np.array([0.5, 0.5])

    def walked(rows, bounds, shares, steps, groups=alone, powers=none, levels=sure):
        start = np.array([0.5, 0.5])
        return walk(start, rows, bounds, directions, np.array(shares), levels, groups, powers, steps)

    assert walked(full, limits, [0.75, 0.0], 1) == pytest.approx(np.array([[0.75, 0.25], [0.0, 1.0]]))
    half = walked(np.vstack([full, [1.0, 0]]), np.array([0, 0, 0.6]), [1.0, 0.5], 2)
    assert half == pytest.approx(np.array([[0.3, 0.7]]))  # to the limit at .6, then to the middle of 0 to .6


def test_a_step_is_taken_as_often_as_the_density_says():
    # two of three criteria in a group: the density goes as one over the group's weight
    full, limits = -np.eye(3), np.zeros(3)
    groups, powers = np.array([0, 0, 1]), np.array([1.0, 0.0])
    here, along = np.array([0.25, 0.25, 0.5]), np.array([[0.0, 1.0, -1.0]])
    # the chord from -.25 to .5: nine tenths of it leads to a group of .5 + .425, density 1 / .925 beside 1 / .5
    for level, moves in ((0.53, True), (0.55, False)):
        found = walk(here, full, limits, along, np.array([0.9]), np.array([level]), groups, powers, 1)
        assert found[0] == pytest.approx([0.25, 0.675, 0.075] if moves else here)


def test_directions_are_as_long_as_the_cloud_is_wide():
    points = np.array([[1.0, 0, 0], [-1, 0, 0], [0, 0.5, 0], [0, -0.5, 0]])
    found = principal(points)
    assert found.shape == (2, 3)
    assert np.linalg.norm(found, axis=1) == pytest.approx([np.sqrt(2 / 4), np.sqrt(0.5 / 4)])


def test_weights_are_the_seeds_alone():
    first = sample_weights(named("a", "b"), [], count=5, seed=1)
    assert (first == sample_weights(named("a", "b"), [], count=5, seed=1)).all()
    assert not (first == sample_weights(named("a", "b"), [], count=5, seed=2)).any()
    assert simplex(np.random.default_rng(1), 7, 3).shape == (7, 3)
