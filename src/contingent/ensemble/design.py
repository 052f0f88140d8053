"""Which value every uncertain number takes in every run, the same for all options.

A Latin hypercube whose columns are keyed by name: adding, removing or reordering numbers leaves
all other columns as they were (McKay, Beckman & Conover 1979, doi:10.2307/1268522). A large ensemble is several
hypercubes one after the other (replicated Latin hypercubes; Iman & Conover 1980, doi:10.1080/03610928008827996), so
that a run costs the same in an ensemble of any size, and its first `HYPERCUBE` runs are those of the smaller one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contingent.quantities import Estimate
from contingent.streams import Streams


@dataclass(frozen=True, slots=True)
class Design:
    """Runs `start` to `stop` (exclusive) of an ensemble of `runs` runs drawn from `seed`.

    `chosen` narrows it to the runs of those numbers, as bytes of int64: quickly read for every number drawn.
    """

    seed: int
    runs: int
    start: int = 0
    stop: int | None = None
    chosen: bytes | None = None

    @property
    def index(self) -> NDArray[np.int64]:
        """The numbers of the runs in this part of the ensemble; shape (run,)."""
        if self.chosen is not None:
            return np.frombuffer(self.chosen, np.int64)
        return np.arange(self.start, self.runs if self.stop is None else self.stop)

    def chunk(self, start: int, stop: int) -> Design:
        """A part of the same ensemble; its numbers are the same as in the whole."""
        return replace(self, start=start, stop=stop)

    def choose(self, mask: NDArray[Any]) -> Design:
        """The runs of this part for which `mask` (run) holds."""
        return replace(self, chosen=self.index[mask].tobytes())

    def uniform(self, name: str) -> NDArray[np.float64]:
        """One number in (0, 1) a run, stratified over its hypercube; shape (run,)."""
        index = self.index
        if self.runs <= HYPERCUBE:
            return remembered(self.seed, self.runs, name)[index]
        found, cubes = np.empty(index.size), index // HYPERCUBE
        for cube in np.unique(cubes).tolist():
            here, size = cubes == cube, min(HYPERCUBE, self.runs - cube * HYPERCUBE)
            named = f"{name}, hypercube {cube}" if cube else name
            found[here] = remembered(self.seed, size, named)[index[here] % HYPERCUBE]
        return found

    def ordered(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Levels of a run's inner draws, (run, draw): here, as they are."""
        return levels

    def sample(self, name: str, estimate: Estimate) -> NDArray[np.float64]:
        """The value of an estimate in every run; shape (run,)."""
        if self.runs <= FEW and type(self) is Design:
            return drawn(self.seed, self.runs, name, estimate)[self.index]
        return estimate.quantile(self.uniform(name))


@dataclass(frozen=True, slots=True)
class Redrawn(Design):
    """Runs drawn again from a larger ensemble by how well each agrees with what happened; each counts alike.

    Sampling importance resampling (Rubin 1988): run i has the inputs of run `points[i]` of `pool` runs of the seed, and
    its inner draws are those of that run in the `order` given. Both as bytes, (run,) int64 and (run, draw) uint8.
    """

    pool: int = 0
    points: bytes = b""
    order: bytes = b""

    def uniform(self, name: str) -> NDArray[np.float64]:
        """One number in (0, 1) a run; shape (run,)."""
        chosen = np.frombuffer(self.points, np.int64)[self.index]
        return Design(self.seed, self.pool, chosen=chosen.tobytes()).uniform(name)

    def ordered(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Levels of inner draws as they are drawn again; (run, draw)."""
        order = np.frombuffer(self.order, np.uint8).reshape(self.runs, -1)[self.index]
        return np.take_along_axis(levels, order.astype(np.int64), 1)


def stratified(seed: int, runs: int, name: str) -> NDArray[np.float64]:
    """A column of a hypercube: one number in each of `runs` equal strata, in random order."""
    rng = Streams(seed)(name)
    return (rng.permutation(runs) + rng.random(runs)) / runs


HYPERCUBE = 10_000  # runs; a column of that length has 80 kB
FEW = 1_000  # runs; where inputs are moved one by one, all others are asked for again and again


@lru_cache(maxsize=4096)
def drawn(seed: int, runs: int, name: str, estimate: Estimate) -> NDArray[np.float64]:
    """The values of an estimate in the whole of a small ensemble; not to be written to."""
    values = estimate.quantile(remembered(seed, runs, name))
    values.flags.writeable = False
    return values


@lru_cache(maxsize=2048)
def remembered(seed: int, runs: int, name: str) -> NDArray[np.float64]:
    """A column, which every option asks for again; not to be written to."""
    column = stratified(seed, runs, name)
    column.flags.writeable = False
    return column
