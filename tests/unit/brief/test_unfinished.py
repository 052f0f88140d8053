"""A run some parts of which failed says so and gives no brief; nothing is invented for what is missing."""

import os
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO

import pytest

import contingent as ct
from contingent.cli import run
from contingent.ensemble import execute
from contingent.ensemble.execute import Processes
from contingent.errors import RunError
from contingent.study import study as studies
from contingent.study.store import Store
from contingent.study.study import Study, load, run_or_load


def unless(first, work, part):
    """The part, unless it is the one that begins at a run: there, what a worker does when memory ends."""
    if int(part.index[0]) == first:
        job, *rest = work.args
        work = partial(work.func, replace(job, worlds={}), *rest)  # no worlds: a KeyError inside the engines' work
    return work(part)


def killed(job):
    os._exit(9)


class Failing(Processes):
    """A real process, in which one part fails."""

    def map(self, work, jobs):
        yield from super().map(partial(unless, 20, work), jobs)


class Killed(Processes):
    """A real process that is ended from outside."""

    def map(self, work, jobs):
        yield from super().map(killed, jobs)


@pytest.fixture(scope="module")
def study():
    return Study(ct.read("isf_gaza"), seed=7)


def typed(*words):
    with redirect_stdout(StringIO()) as out:
        code = run([str(word) for word in words])
    return code, out.getvalue()


@pytest.fixture(autouse=True)
def planned(result, monkeypatch):
    """The plans are solved once; what is tested here comes after them."""
    monkeypatch.setattr(studies, "plan_all", lambda worlds, *_: result.plans)


def test_a_failed_part_is_named_and_no_brief_is_written(study, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(execute, "PART", 20)
    store = Store(tmp_path / "runs")
    with pytest.raises(RunError, match=r"40 of 60 runs are done.*\nruns 20 to 39 failed \(KeyError") as told:
        run_or_load(study, 60, store, executor=Failing(1))
    assert "only the missing ones" in str(told.value)
    name = study.question(60).id
    assert store.ids() == []
    with pytest.raises(RunError, match="2 parts are stored"):
        load(name, store)
    code, printed = typed("brief", name, "--out", store.folder, "--to", "html,terminal")
    assert code == 1
    assert printed == ""
    assert "is not finished" in capsys.readouterr().err
    assert not list(store.folder.rglob("brief.*"))
    done = []
    again = run_or_load(study, 60, store, progress=lambda finished, runs: done.append(finished))
    assert done == [40, 60]
    assert again.performance.notnull().all()
    assert store.ids() == [name]


def test_a_killed_worker_is_said_plainly(study, tmp_path):
    with pytest.raises(RunError, match="ended from outside"):
        run_or_load(study, 60, Store(tmp_path / "runs"), executor=Killed(1))
