"""Runs are kept whole, found again, resumed after a killed process, and never trusted when damaged."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from contingent.ensemble import execute
from contingent.ensemble.execute import PART, Processes
from contingent.errors import RunError
from contingent.scenario.read import read
from contingent.study.result import Result
from contingent.study.store import Store, question_of
from contingent.study.study import Study, load, read_back, run_or_load, verify


@pytest.fixture(scope="module")
def kept(study: Study, result: Result, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str]:
    store = Store(tmp_path_factory.mktemp("runs"))
    stored = run_or_load(study, result.question.runs, store)
    return store, stored.question.id


def test_a_stored_run_is_read_back_bit_by_bit(kept: tuple[Store, str], result: Result) -> None:
    store, run = kept
    again = load(run[:6], store)
    assert again.performance.identical(result.performance)
    assert again.appraisal.ranks.identical(result.appraisal.ranks)
    for key, plan in result.plans.items():
        assert again.plans[key].assigned.identical(plan.assigned)
        assert again.plans[key].solver == plan.solver or again.plans[key].solver.gap == plan.solver.gap
    verify(question_of(store.path(run)), store.path(run), result)


def test_the_same_question_is_the_same_folder(kept: tuple[Store, str], study: Study, result: Result) -> None:
    store, run = kept
    called = []
    left = store.path(run).with_name(f".{run}.lock")
    left.write_text("process 1 on a machine that was switched off")
    again = run_or_load(study, result.question.runs, store, progress=lambda done, total: called.append((done, total)))
    assert again.question.id == run
    assert not called, "it was run a second time"
    assert store.ids() == [run]
    assert not left.exists(), "what a killed process left"


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


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*"))
            if file.is_file()}  # fmt: skip


DAMAGE = {
    "a bit": lambda file: file.write_bytes(flipped(file.read_bytes())),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "empty": lambda file: file.write_bytes(b""),
    "zeroes": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "removed": lambda file: file.unlink(),
}


def flipped(content: bytes) -> bytes:
    at = len(content) // 3
    return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Result, Store]:
    """Three parts of a small case, and the folder they are kept in."""
    study, store = Study(read("amm_aceh"), options=["small_team"], seed=3), Store(tmp_path_factory.mktemp("small"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "PART", 20)
        return study, run_or_load(study, 60, store), store


@pytest.fixture
def copied(small: tuple[Study, Result, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, str]:
    monkeypatch.setattr(execute, "PART", 20)
    shutil.copytree(small[2].folder, tmp_path / "runs")
    return Store(tmp_path / "runs"), small[1].question.id


def test_whatever_is_damaged_is_named(copied: tuple[Store, str]) -> None:
    folder = copied[0].path(copied[1])
    for name, content in files_in(folder).items():
        for damage in DAMAGE.values():
            damage(folder / name)
            with pytest.raises(RunError, match=re.escape(f"{folder.name}/{name}: ")):
                read_back(folder)
            (folder / name).write_bytes(content)


def test_only_what_is_damaged_is_computed_again(copied: tuple[Store, str], small: tuple[Study, Result, Store]) -> None:
    store, run = copied
    before = files_in(store.path(run))
    for name, damage in zip(before, itertools.cycle(DAMAGE.values()), strict=False):
        damage(store.path(run) / name)
        (store.path(run) / "tables" / ".0000020.zip.new").mkdir()
        told: list[str] = []
        done: list[int] = []
        again = run_or_load(small[0], 60, store, progress=lambda now, _: done.append(now), tell=told.append)  # noqa: B023
        assert again.performance.identical(small[1].performance)
        assert f"{run}/{name}: " in told[0]
        assert done[0] == {"manifest.json": 0}.get(name, 40 if name.startswith("tables/") else 60)
        assert files_in(store.path(run)) == before
        assert [file.name for file in store.folder.rglob(".*")] == []


def test_every_field_of_the_manifest_that_is_edited_is_found(copied: tuple[Store, str]) -> None:
    store, run = copied
    file = store.path(run) / "manifest.json"
    whole = json.loads(file.read_text("utf-8"))
    changes: list[dict[str, object]] = [{name: other} for name in whole for other in ("x", 7, None, [], {}, 1e30)]
    changes += [{"digests": {**whole["digests"], name: "0" * 64}} for name in whole["digests"]]
    changes += [{"digests": {k: v for k, v in whole["digests"].items() if k != name}} for name in whole["digests"]]
    changes += [{"seed": whole["seed"] + 1}, {"runs": whole["runs"] + 1}, {"options": whole["options"][::-1]}]
    for change in (each for each in changes if {**whole, **each} != whole):
        file.write_text(json.dumps({**whole, **change}), "utf-8")
        with pytest.raises(RunError, match=r"manifest\.json: |json: is damaged|zip: is |under another name"):
            load(run, store)
    for text in ("[" * 100_000, "null", "[]", "{", "\x00", '{"format": NaN}', "1" * 5000):
        file.write_text(text, "utf-8")
        with pytest.raises(RunError, match=r"manifest\.json: "):
            load(run, store)
        assert [type(each) for each in store.manifests()] == [RunError]


def test_a_folder_under_another_name_says_whose_it_is(copied: tuple[Store, str]) -> None:
    store, run = copied
    store.path(run).rename(store.path("0123456789ab"))
    with pytest.raises(RunError, match=f"the folder of run {run} under another name"):
        load("0123456789ab", store)


def test_a_path_is_read_where_it_is(copied: tuple[Store, str], tmp_path: Path) -> None:
    store, run = copied
    assert load(str(store.path(run)), Store(tmp_path / "nowhere")).question.id == run


def test_no_clock_stands_in_a_run(small: tuple[Study, Result, Store]) -> None:
    """A plan ends by the work done, and how long that took is not kept."""
    text = b"".join(files_in(small[2].path(small[1].question.id)).values())
    assert b'"seconds"' not in text
    assert {plan.solver.status for plan in small[1].plans.values()} <= {"optimal", "work limit reached"}


def test_a_run_that_is_not_there_is_named(kept: tuple[Store, str]) -> None:
    with pytest.raises(RunError, match="no finished run"):
        load("nothing", kept[0])


def test_a_table_that_differs_is_found(kept: tuple[Store, str], result: Result) -> None:
    store, run = kept
    changed = {name: table.copy(deep=True) for name, table in result.tables.items()}
    changed["consultation"]["passes"][0, 0] += 1e-12
    with pytest.raises(RunError, match="consultation differs"):
        verify(question_of(store.path(run)), store.path(run), replace(result, tables=changed))
