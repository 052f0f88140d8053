"""Weights uniform on what the statements leave."""

from itertools import pairwise

import numpy as np
import pytest

from contingent.appraisal.weights import group_of, grouped, half_spaces, hit_and_run, interior, sample_weights
from contingent.errors import InputError
from contingent.scenario.option import Criterion, WeightStatement


def named(names, groups=None):
    said = {"label": "x", "question": "?", "measure": "judged", "worst": 0, "best": 100}
    return {name: Criterion(**said, group=(groups or {}).get(name, "")) for name in names}


NAMES = named(["legal", "cost", "duty"])
TREE = named(["legal", "plan", "duty", "cost"], {"legal": "law", "plan": "law", "duty": "people"})


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
    centre, free, limits = interior(matrix, bound, 3, said)
    walked = hit_and_run(np.random.default_rng(2), limits, centre, free, np.arange(3), 20_000)
    kept = sample_weights(NAMES, said, count=20_000, seed=3)
    assert walked.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.006)
    assert np.quantile(walked, [0.1, 0.5, 0.9], axis=0) == pytest.approx(
        np.quantile(kept, [0.1, 0.5, 0.9], axis=0), abs=0.012
    )


def test_a_full_order_of_ten_is_walked():
    names = [f"c{index}" for index in range(10)]
    said = [say(a, than=b) for a, b in pairwise(names)]
    weights = sample_weights(named(names), said, count=5_000, seed=4)
    assert (np.diff(weights, axis=1) <= 1e-9).all()
    centroid = [sum(1 / j for j in range(i, 11)) / 10 for i in range(1, 11)]  # Barron & Barrett 1996
    assert weights.mean(axis=0) == pytest.approx(centroid, abs=0.01)


def test_contradiction_names_the_statements():
    with pytest.raises(InputError, match=r"legal weighs at least 0\.7; cost weighs at least 0\.7"):
        sample_weights(NAMES, [say("legal", at_least=0.7), say("cost", at_least=0.7)], count=10, seed=1)


def test_unknown_criterion_is_named():
    with pytest.raises(InputError, match="'price'; there are: legal, cost, duty"):
        sample_weights(NAMES, [say("price", at_least=0.1)], count=10, seed=1)


def test_groups_weigh_alike_and_so_do_criteria_within():
    weights = sample_weights(TREE, [], count=40_000, seed=1)
    assert weights.sum(axis=1) == pytest.approx(1.0)
    law = weights[:, :2].sum(axis=1)
    assert law.mean() == pytest.approx(1 / 3, abs=0.005)
    assert law.var() == pytest.approx(2 / 36, abs=0.002)  # Dirichlet(1, 1, 1) over law, people and cost
    share = weights[:, 0] / law
    assert np.quantile(share, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.01)
    assert abs(np.corrcoef(share, law)[0, 1]) < 0.02


def test_a_criterion_split_within_its_group_leaves_the_others_as_they_were():
    split = named(["legal", "plan", "plan_b", "duty", "cost"], {"legal": "law", "plan": "law", "plan_b": "law"})
    one, two = (sample_weights(each, [], count=40_000, seed=1) for each in (TREE, split))
    for column in (-1, -2):
        levels = [0.1, 0.5, 0.9]
        assert np.quantile(one[:, column], levels) == pytest.approx(np.quantile(two[:, column], levels), abs=0.01)


def test_the_walk_keeps_groups_uniform_where_rejection_can_check_it():
    said = [say("law", than="cost", times=1.5), say("duty", at_most=0.4), say("plan", than="legal")]
    matrix, bound = half_spaces(TREE, said)
    centre, free, limits = interior(matrix, bound, 4, said)
    walked = hit_and_run(np.random.default_rng(2), limits, centre, free, group_of(TREE), 20_000)
    every = grouped(np.random.default_rng(9), 400_000, group_of(TREE))
    kept = every[(every @ matrix.T <= bound).all(axis=1)]
    assert walked.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.008)
    assert np.quantile(walked, [0.1, 0.5, 0.9], axis=0) == pytest.approx(
        np.quantile(kept, [0.1, 0.5, 0.9], axis=0), abs=0.015
    )


def test_an_exact_weight_is_a_slice_and_all_exact_are_a_point():
    slice_ = sample_weights(NAMES, [say("legal", equals=0.4)], count=20_000, seed=1)
    assert slice_[:, 0] == pytest.approx(0.4, abs=1e-12)
    assert slice_.sum(axis=1) == pytest.approx(1.0)
    assert np.quantile(slice_[:, 1], [0.1, 0.5, 0.9]) == pytest.approx([0.06, 0.3, 0.54], abs=0.01)  # uniform, 0 to .6
    point = sample_weights(NAMES, [say("legal", equals=0.4), say("cost", equals=0.35)], count=7, seed=1)
    assert point == pytest.approx(np.tile([0.4, 0.35, 0.25], (7, 1)), abs=1e-12)
    whole = sample_weights(NAMES, [say("legal", at_least=1)], count=7, seed=1)
    assert whole == pytest.approx(np.tile([1.0, 0.0, 0.0], (7, 1)), abs=1e-9)


def test_a_slice_of_a_tree_keeps_groups_uniform_on_it():
    # law weighs exactly half: within it the share of legal stays uniform, and people takes 0 to all of the other half
    weights = sample_weights(TREE, [say("law", equals=0.5)], count=20_000, seed=1)
    assert weights[:, :2].sum(axis=1) == pytest.approx(0.5, abs=1e-9)
    assert np.quantile(weights[:, 0], [0.1, 0.5, 0.9]) == pytest.approx([0.05, 0.25, 0.45], abs=0.012)
    assert np.quantile(weights[:, 2], [0.1, 0.5, 0.9]) == pytest.approx([0.05, 0.25, 0.45], abs=0.012)


def test_no_weight_at_all_is_a_statement():
    weights = sample_weights(NAMES, [say("cost", equals=0)], count=5_000, seed=1)
    assert weights[:, 1] == pytest.approx(0, abs=1e-12)
    assert weights[:, 0].mean() == pytest.approx(0.5, abs=0.02)
    nothing = sample_weights(TREE, [say("law", equals=0)], count=5_000, seed=1)
    assert np.abs(nothing[:, :2]).max() < 1e-9
    assert nothing[:, 2].mean() == pytest.approx(0.5, abs=0.02)


def test_a_ratio_in_the_cases_own_units_is_exact():
    base = {"label": "x", "question": "?", "measure": "judged"}
    criteria = {"deaths": Criterion(**base, worst=30, best=0), "cost": Criterion(**base, worst=400, best=0),
                "law": Criterion(**base, worst=0, best=100)}  # fmt: skip
    said = [say("deaths", amount=1, than="cost", than_amount=10, exactly=True)]
    weights = sample_weights(criteria, said, count=2_000, seed=1)
    # one death as ten million: the swing of thirty deaths as three hundred million, three quarters of the swing of cost
    assert weights[:, 0] == pytest.approx(0.75 * weights[:, 1], abs=1e-9)
    assert weights[:, 2].min() < 0.05 < 0.9 < weights[:, 2].max()


def test_kinds_of_statements_may_be_mixed():
    said = [WeightStatement(order=("legal", "cost", "duty")), say("duty", equals=0.1), say("legal", at_most=0.6)]
    weights = sample_weights(NAMES, said, count=4_000, seed=2)
    assert weights[:, 2] == pytest.approx(0.1, abs=1e-9)
    assert weights[:, 0].min() == pytest.approx(0.45, abs=0.005)
    assert weights[:, 0].max() == pytest.approx(0.6, abs=0.005)
    assert weights[:, 0].mean() == pytest.approx(0.525, abs=0.005)


@pytest.mark.parametrize(
    "said",
    [
        [say("legal", equals=0.7), say("cost", equals=0.7)],
        [say("legal", equals=0.3), say("legal", equals=0.31)],
        [say("legal", than="cost", times=2, exactly=True), say("cost", than="legal"), say("duty", at_most=0.9)],
        [WeightStatement(order=("legal", "cost")), say("cost", than="legal", times=3), say("cost", at_least=0.01)],
    ],
)
def test_contradictions_are_refused(said):
    with pytest.raises(InputError, match="no weights satisfy these statements together"):
        sample_weights(NAMES, said, count=10, seed=1)
