"""Every executor gives the results in the order of the jobs, and the ensemble is cut the same for all."""

from __future__ import annotations

import numpy as np
import pytest

from contingent.ensemble.design import Design
from contingent.ensemble.execute import PART, Dask, Executor, Processes, Serial, parts
from contingent.ensemble.summary import influence, summarize
from contingent.errors import InputError


def first_run(design: Design) -> int:
    return int(design.index[0])


def test_the_cut_depends_on_the_ensemble_alone() -> None:
    cut = parts(Design(1, 2 * PART + 234))
    assert [first_run(part) for part in cut] == [0, PART, 2 * PART]
    assert sum(part.index.size for part in cut) == 2 * PART + 234


@pytest.mark.parametrize("executor", [Serial(), Processes(2)])
def test_results_come_in_order(executor: Executor) -> None:
    assert list(executor.map(first_run, parts(Design(1, 3 * PART)))) == [0, PART, 2 * PART]


def test_a_cluster_gives_the_same() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs=50
    ) as cluster:
        found = list(Dask(cluster.scheduler_address).map(first_run, parts(Design(1, 3 * PART))))
        with pytest.raises(AttributeError):
            list(Dask(cluster.scheduler_address).map(first_run, [None]))  # pyright: ignore[reportArgumentType]
        address = cluster.scheduler_address
    assert found == [0, PART, 2 * PART]
    for lost in (address, "nowhere"):
        with pytest.raises(InputError, match=r"was lost .* what was stored is kept"):
            list(Dask(lost).map(first_run, [Design(1, 10)]))
    assert list(Dask().map(first_run, [])) == []


class Counted:
    """What all jobs share; it counts how often it is sent."""

    sent = 0

    def __reduce__(self) -> tuple[type, tuple[()]]:
        Counted.sent += 1
        return Counted, ()

    def __call__(self, design: Design) -> int:
        return int(design.index[0])


def test_what_jobs_share_is_sent_to_a_worker_once() -> None:
    list(Processes(2).map(Counted(), parts(Design(1, 9 * PART))))
    assert 1 <= Counted.sent <= 2


@pytest.mark.parametrize("executor", [Serial(), Processes(2)])
def test_nothing_left_to_do_is_nothing_done(executor: Executor) -> None:
    assert list(executor.map(first_run, [])) == []


def test_a_failing_job_is_not_swallowed() -> None:
    with pytest.raises(AttributeError):
        list(Processes(2).map(first_run, [Design(1, 10), None]))  # pyright: ignore[reportArgumentType]


def test_a_summary_names_spread_and_monte_carlo_error() -> None:
    found = summarize([1.0, 2.0, 3.0, 4.0, float("nan")])
    assert (found.mean, found.median, found.runs) == (2.5, 2.5, 4)
    assert found.error == pytest.approx(1.2909944487 / 2)  # sample deviation of 1..4 over the root of 4
    assert summarize([]).runs == 0


def test_influence_is_the_share_of_the_spread_that_goes_with_an_input() -> None:
    design = Design(3, 5000)
    x, y = design.uniform("x"), design.uniform("y")
    found = influence({"x": x, "y": y, "fixed": x * 0}, 2 * x + y)
    assert found["x"] == pytest.approx(0.8, abs=0.05)  # variances 4 to 1
    assert found["y"] == pytest.approx(0.2, abs=0.05)
    assert found["fixed"] == 0
    assert influence({"x": x}, x * 0) == {"x": 0.0}


@pytest.mark.parametrize("runs", [40, 500])
def test_inputs_without_influence_are_called_so_in_99_of_100_ensembles(runs: int) -> None:
    random = np.random.default_rng(5)
    named = [
        any(influence({str(k): random.random(runs) for k in range(50)}, random.random(runs)).values())
        for _ in range(300)
    ]
    assert np.mean(named) < 0.03  # .01, and three standard errors
    some = random.random(runs)
    found = influence({"some": some, **{str(k): random.random(runs) for k in range(50)}}, some + random.random(runs))
    assert [name for name, share in found.items() if share] == ["some"]
