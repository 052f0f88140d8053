"""Columns of the Latin hypercube: one draw in every stratum, keyed by name, the same in every part."""

import numpy as np
import pytest

from contingent.ensemble.design import HYPERCUBE, Design, remembered, stratified
from contingent.quantities import Estimate, Unit
from contingent.streams import Streams, key


@pytest.mark.parametrize("runs", [1, 2, 7, 1000])
def test_every_stratum_has_one_draw(runs):
    column = Design(11, runs).uniform("a")
    assert sorted(np.floor(column * runs).astype(int)) == list(range(runs))
    assert ((column > 0) & (column < 1)).all()
    assert len(set(column * runs % 1)) == runs  # anywhere in its stratum, not at its edge


def test_columns_are_apart_by_name_and_seed_and_independent():
    design = Design(2, 2000)
    a, b, again = design.uniform("a"), design.uniform("b"), Design(2, 2000).uniform("a")
    assert (a == again).all()
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / 2000**0.5
    assert (Design(3, 2000).uniform("a") != a).mean() > 0.99


def test_the_index_names_the_runs_of_a_part():
    whole = Design(1, 10)
    assert whole.index.tolist() == list(range(10))
    assert whole.chunk(3, 6).index.tolist() == [3, 4, 5]
    assert whole.chunk(3, 6).choose(np.array([True, False, True])).index.tolist() == [3, 5]
    assert Design(1, 10, start=8).index.tolist() == [8, 9]
    chosen = whole.choose(np.arange(10) % 4 == 0)
    assert chosen.index.tolist() == [0, 4, 8]
    assert chosen.uniform("x").tolist() == whole.uniform("x")[[0, 4, 8]].tolist()


def test_a_sample_is_the_estimate_at_the_columns_levels():
    design, estimate = Design(4, 50), Estimate(100, 50, 300, unit=Unit("person", 0))
    assert design.sample("x", estimate).tolist() == estimate.quantile(design.uniform("x")).tolist()
    assert set(design.sample("x", Estimate(5, 5, 5))) == {5.0}
    many = Design(4, 10_000).sample("x", estimate)
    assert np.quantile(many, [0.05, 0.5, 0.95]) == pytest.approx([50, 100, 300], rel=0.01)


def test_what_is_remembered_is_what_would_be_drawn_and_cannot_be_written_to():
    column = remembered(5, 30, "x")
    assert column.tolist() == stratified(5, 30, "x").tolist()
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 1


def test_a_name_is_the_same_key_on_every_machine():
    assert key("mission.disarmament") == 0x0 + key("mission.disarmament") < 2**64
    assert key("") == int.from_bytes(bytes.fromhex("e4a6a0577479b2b4"), "little")  # BLAKE2b-64 of nothing
    assert key("a") != key("b")


def test_a_runs_streams_are_its_own_and_run_zero_is_not_the_ensembles():
    draws = {run: Streams(1, run)("x").random() for run in (None, 0, 1)}
    assert len(set(draws.values())) == 3
    assert Streams(1).counter_key("x") == Streams(1).counter_key("x") != Streams(1).counter_key("y")
    assert Streams(1).counter_key("x").dtype == np.uint64


def test_a_large_ensemble_is_hypercubes_one_after_the_other_and_begins_as_the_smaller_one():
    large, small = Design(7, 2 * HYPERCUBE + 500), Design(7, HYPERCUBE)
    column = large.uniform("x")
    assert (column[:HYPERCUBE] == small.uniform("x")).all()
    for start, size in ((0, HYPERCUBE), (HYPERCUBE, HYPERCUBE), (2 * HYPERCUBE, 500)):
        strata = np.floor(column[start : start + size] * size)
        assert sorted(strata.astype(int)) == list(range(size))
    assert abs(np.corrcoef(column[:HYPERCUBE], column[HYPERCUBE : 2 * HYPERCUBE])[0, 1]) < 4 / HYPERCUBE**0.5
    part = large.chunk(HYPERCUBE - 3, HYPERCUBE + 4)
    assert (part.uniform("x") == column[part.index]).all()
