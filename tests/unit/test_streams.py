"""Random numbers depend on the seed, the name and the run, and on nothing else."""

from __future__ import annotations

import numpy as np

from contingent.ensemble.design import Design
from contingent.quantities import Estimate, Unit
from contingent.streams import Streams


def test_a_stream_is_the_same_whenever_it_is_opened() -> None:
    first = Streams(7)("mission.disarmament").random(5)
    Streams(7)("something.else").random(100)
    assert (Streams(7)("mission.disarmament").random(5) == first).all()


def test_names_runs_and_seeds_part_the_streams_and_seed_zero_is_a_seed() -> None:
    draws = [Streams(seed, run)(name).random() for seed in (0, 1) for run in (None, 0, 1) for name in ("a", "b")]
    assert len(set(draws)) == len(draws)
    assert Streams(0)("a").random() == Streams(0)("a").random()


def test_a_column_is_stratified_and_its_parts_are_those_of_the_whole() -> None:
    design = Design(seed=3, runs=1000)
    column = design.uniform("x")
    assert sorted((column * 1000).astype(int)) == list(range(1000))
    assert (design.chunk(400, 650).uniform("x") == column[400:650]).all()
    mask = np.arange(1000) % 3 == 0
    assert (design.choose(mask).uniform("x") == column[mask]).all()
    assert (design.choose(mask).index == np.arange(1000)[mask]).all()


def test_the_ensembles_mean_is_nearer_than_a_plain_sample_would_be() -> None:
    estimate = Estimate(100, 50, 200, unit=Unit("person", 0))
    means = [Design(seed, 200).sample("x", estimate).mean() for seed in range(50)]
    plain = [estimate.quantile(np.random.default_rng(seed).random(200)).mean() for seed in range(50)]
    assert np.std(means) < 0.3 * np.std(plain)
