"""Who does the work: this process, several of them, or a Dask cluster, always with the same bytes as the result.

The ensemble is cut into parts of a fixed size, whoever does them; so the same arithmetic is done
on the same arrays whatever the number of workers.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

from contingent.ensemble.design import Design
from contingent.errors import ExtraError, RunError

PART = 1000  # runs; large enough that arithmetic, not bookkeeping, takes the time, small enough for progress and memory

Job = TypeVar("Job")
Part = TypeVar("Part")


class Executor(Protocol):
    """Something that applies a function to jobs and yields the results in the order of the jobs."""

    def map(self, work: Callable[[Job], Part], jobs: Sequence[Job]) -> Iterator[Part]:
        """The results, in order; an exception in any job is raised here."""
        ...


Progress = Callable[[int, int], None]
"""Told after every part how many runs are done, of how many."""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Serial:
    """One job after the other, in this process."""

    def map(self, work: Callable[[Job], Part], jobs: Sequence[Job]) -> Iterator[Part]:
        """The results, in order."""
        yield from map(work, jobs)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several processes on this machine."""

    workers: int

    def map(self, work: Callable[[Job], Part], jobs: Sequence[Job]) -> Iterator[Part]:
        """The results, in order."""
        if not jobs:  # all done before, by a run that was interrupted
            return
        able = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in able else "spawn")
        with ProcessPoolExecutor(min(self.workers, len(jobs)), mp_context=context) as pool:
            try:
                yield from pool.map(work, jobs)
            except BrokenExecutor:
                raise RunError(
                    "a worker process was ended from outside, most often for lack of memory; what was finished is "
                    "kept: the same command with fewer --workers goes on"
                ) from None


@dataclass(frozen=True, slots=True)
class Dask:
    """A Dask cluster, by its scheduler's address; the cluster must have this package installed."""

    scheduler: str

    def map(self, work: Callable[[Job], Part], jobs: Sequence[Job]) -> Iterator[Part]:
        """The results, in order."""
        try:
            from distributed import Client
        except ImportError:
            raise ExtraError("a Dask cluster needs the extra `cluster`: pip install 'contingent[cluster]'") from None

        with Client(self.scheduler) as client:
            for future in client.map(work, jobs, pure=False):
                yield future.result()


def parts(design: Design) -> list[Design]:
    """The design cut into parts of `PART` runs, the same cut for every executor."""
    index = design.index
    first, last = int(index[0]), int(index[-1]) + 1
    return [design.chunk(start, min(start + PART, last)) for start in range(first, last, PART)]
