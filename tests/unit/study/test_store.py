"""Runs are kept whole, found again, resumed after a killed process, and never trusted when damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from contingent.ensemble.execute import PART, Processes
from contingent.errors import RunError
from contingent.study.result import Result
from contingent.study.run_files import Tables
from contingent.study.store import FORMAT, Store
from contingent.study.study import Study, load, run_or_load, verify


@pytest.fixture(scope="module")
def kept(study: Study, result: Result, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str]:
    store = Store(tmp_path_factory.mktemp("runs"))
    stored = run_or_load(study, result.question.runs, store)
    return store, stored.question.id


@pytest.fixture
def copy(kept: tuple[Store, str], tmp_path: Path) -> tuple[Store, str]:
    shutil.copytree(kept[0].folder, tmp_path / "runs")
    return Store(tmp_path / "runs"), kept[1]


def test_a_stored_run_is_read_back_bit_by_bit(kept: tuple[Store, str], result: Result) -> None:
    store, run = kept
    again = load(run[:5], store)
    assert again.performance.identical(result.performance)
    assert again.appraisal.ranks.identical(result.appraisal.ranks)
    for key, plan in result.plans.items():
        assert again.plans[key].assigned.identical(plan.assigned)
        assert again.plans[key].solver == plan.solver or again.plans[key].solver.gap == plan.solver.gap
    verify(store.question(run), store.path(run), result)


def test_the_same_question_is_the_same_folder(kept: tuple[Store, str], study: Study, result: Result) -> None:
    store, run = kept
    called = []
    again = run_or_load(study, result.question.runs, store, progress=lambda done, total: called.append((done, total)))
    assert again.question.id == run
    assert not called, "it was run a second time"
    assert store.ids() == [run]


def test_processes_give_the_same_bytes(study: Study, result: Result) -> None:
    parallel = study.run(result.question.runs, executor=Processes(2))
    assert parallel.performance.identical(result.performance)
    assert all(parallel.tables[name].identical(table) for name, table in result.tables.items())


class KilledError(Exception):
    """Stands for a process that ends after its first part."""


def test_an_interrupted_run_goes_on_where_it_stopped(study: Study, result: Result, tmp_path: Path) -> None:
    store = Store(tmp_path)

    def kill(done: int, total: int) -> None:
        if 0 < done < total:
            raise KilledError

    with pytest.raises(KilledError):
        run_or_load(study, result.question.runs, store, progress=kill)
    assert store.ids() == []
    told: list[int] = []
    finished = run_or_load(study, result.question.runs, store, progress=lambda done, _: told.append(done))
    assert told[0] == PART, "the first part was done twice"
    assert finished.performance.identical(result.performance)
    assert store.sweep() == 0


def test_a_run_interrupted_after_its_last_part_is_finished_by_several_processes(
    study: Study, result: Result, tmp_path: Path
) -> None:
    store, runs = Store(tmp_path), result.question.runs

    def kill(done: int, total: int) -> None:
        if done == total:
            raise KilledError

    with pytest.raises(KilledError):
        run_or_load(study, runs, store, progress=kill)
    assert store.ids() == []
    finished = run_or_load(study, runs, store, executor=Processes(2))
    assert finished.performance.identical(result.performance)


def test_a_changed_scenario_is_noticed(copy: tuple[Store, str]) -> None:
    store, run = copy
    file = store.path(run) / "scenario.json"
    data = json.loads(file.read_text("utf-8"))
    data["title"] = "Something else"
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(RunError, match="hash differs"):
        load(run, store)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda f: (f / "manifest.json").write_text("{"), "is damaged"),
        (lambda f: shutil.rmtree(f / "tables"), "holds no tables"),
        (lambda f: (f / "plans.json").unlink(), "force plans are damaged"),
        (
            lambda f: (f / "manifest.json").write_text(
                (f / "manifest.json").read_text().replace(f'"format": {FORMAT}', '"format": 99')
            ),
            "format 99",
        ),
    ],
)
def test_a_damaged_run_is_not_read(copy: tuple[Store, str], damage, says: str) -> None:
    store, run = copy
    damage(store.path(run))
    with pytest.raises(RunError, match=says):
        load(run, store)


def test_a_run_that_is_not_there_is_named(kept: tuple[Store, str]) -> None:
    with pytest.raises(RunError, match="no finished run"):
        load("nothing", kept[0])


def test_a_table_that_differs_is_found(copy: tuple[Store, str], result: Result) -> None:
    store, run = copy
    tables = Tables(store.path(run) / "tables")
    changed = {name: table.copy(deep=True) for name, table in tables.read().items()}
    changed["consultation"]["passes"][0, 0] += 1e-12
    shutil.rmtree(tables.folder)
    tables.write({n: t.isel(run=slice(0, PART)) for n, t in changed.items()}, 0, result.question.runs)
    tables.write(
        {n: t.isel(run=slice(PART, result.question.runs)) for n, t in changed.items()}, PART, result.question.runs
    )
    with pytest.raises(RunError, match="consultation differs"):
        verify(store.question(run), store.path(run), result)
