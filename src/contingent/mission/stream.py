"""What very many runs say, without keeping their weeks: batches one after another, only headlines kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.mission.headline import contributor_deaths, headline_arrays, headline_dataset
from contingent.mission.inputs import prepare
from contingent.mission.presence import Presence
from contingent.mission.simulate import Outputs, simulate_into
from contingent.scenario.model import Scenario
from contingent.streams import Streams

BATCH = 10_000


def batches(seed: int, runs: int) -> list[Design]:
    """The designs of a stack of Latin hypercubes with `runs` runs in all; the first is that of the seed itself."""
    sizes = [min(BATCH, runs - start) for start in range(0, runs, BATCH)]
    seeds = [seed, *(int(Streams(seed).counter_key(f"mission.batch.{b}")) for b in range(1, len(sizes)))]
    return [Design(*pair) for pair in zip(seeds, sizes, strict=True)]


def headlines(
    scenario: Scenario, presence: Callable[[Design], Presence], *, seed: int, runs: int, workers: int = 1
) -> xr.Dataset:
    """The headline outcomes of every run, and the deciding contributor's deaths; float32, for any number of workers.

    `presence` gives the force that comes in the runs of a design. Memory grows by about 100 bytes a run,
    and by 100 MB a worker.
    """

    def one(design: Design) -> dict[str, np.ndarray]:
        inputs = prepare(scenario, presence(design), design)
        outputs = Outputs.empty(inputs)
        simulate_into(inputs, outputs)
        rows = headline_arrays(inputs, outputs)
        rows["contributor_own_deaths"] = contributor_deaths(inputs, outputs, scenario.contributor)
        return {name: values.astype(np.float32) for name, values in rows.items()}

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(one, batches(seed, runs)))
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return headline_dataset(whole, np.arange(runs))
