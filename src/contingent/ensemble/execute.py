"""Who does the work: this process, several of them, or a Dask cluster, always with the same bytes as the result.

The ensemble is cut into parts of a fixed size, whoever does them; so the same arithmetic is done
on the same arrays whatever the number of workers. What all parts share is sent to a worker once.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from contingent.ensemble.design import Design
from contingent.errors import ExtraError, InputError
from contingent.processes import workers

PART = 500  # runs; large enough that arithmetic takes the time, so small that two of 10,000 runs are a tenth of them
PATIENCE = 10  # seconds in which a scheduler answers, wherever it is

Job = TypeVar("Job")
Part = TypeVar("Part")


class Executor(Protocol):
    """Something that applies a function to jobs and yields the results in the order of the jobs.

    What the function carries (`functools.partial`) is sent to every worker once, a job whenever it is done.
    """

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
        with workers(min(self.workers, len(jobs)), _carry, work) as pool:
            yield from pool.map(_carried, jobs)


_work: list[Callable[[Any], Any]] = []
"""What this process does with the jobs it is sent."""


def _carry(work: Callable[[Any], Any]) -> None:
    _work[:] = [work]


def _carried(job: Any) -> Any:
    return _work[0](job)


@dataclass(frozen=True, slots=True)
class Dask:
    """A Dask cluster, by its scheduler's address, or one of so many workers on this machine.

    Its workers must have this package installed. One that is lost is nothing: its parts are done by others.
    """

    scheduler: str | None = None
    workers: int = 1

    def map(self, work: Callable[[Job], Part], jobs: Sequence[Job]) -> Iterator[Part]:
        """The results, in order.

        Raises:
            ExtraError: Dask is not installed.
            InputError: the scheduler cannot be reached, or was lost.
        """
        if not jobs:
            return
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise ExtraError("a Dask cluster needs the extra `cluster`: pip install 'contingent[cluster]'") from None
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what is wrong is said below, in one line
        failed: Any = None
        try:
            with ExitStack() as stack:
                here: dict[str, Any] = {"n_workers": self.workers, "threads_per_worker": 1, "dashboard_address": None}
                quiet: dict[str, Any] = {"silence_logs": logging.CRITICAL}
                cluster = self.scheduler or stack.enter_context(LocalCluster(**here, **quiet))
                client = stack.enter_context(Client(cluster, timeout=PATIENCE, set_as_default=False))
                sent = client.scatter(work, broadcast=True)
                futures: list[Any] = client.map(_apply, jobs, work=sent, pure=False)
                for place, future in enumerate(futures):
                    if failed := future.exception():
                        break
                    yield future.result()
                    futures[place] = None  # the cluster need not keep it
        except (OSError, ValueError, CancelledError) as error:
            raise InputError(
                f"the Dask scheduler {self.scheduler or 'on this machine'} cannot be reached, or was lost "
                f"({type(error).__name__}); what was stored is kept: give the same command again once it is there"
            ) from None
        if failed:
            raise failed


def _apply(job: Any, work: Callable[[Any], Any]) -> Any:
    return work(job)


def parts(design: Design) -> list[Design]:
    """The design cut into parts of `PART` runs, the same cut for every executor."""
    index = design.index
    first, last = int(index[0]), int(index[-1]) + 1
    return [design.chunk(start, min(start + PART, last)) for start in range(first, last, PART)]
