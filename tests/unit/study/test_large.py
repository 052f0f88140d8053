"""An ensemble too large for memory: its first runs are the smaller ensemble, and its spreads are those of all runs."""

import json

import numpy as np
import pytest

import contingent as ct
from contingent.ensemble import design, execute
from contingent.ensemble.execute import Processes
from contingent.ensemble.summary import summarize
from contingent.errors import RunError
from contingent.study import coupling, measures, question
from contingent.study.coupling import COLUMNS
from contingent.study.result import headline
from contingent.study.run_files import RunFiles, part, unzipped
from contingent.study.store import Store, manifest_of, question_of
from contingent.study.study import Study, load, run_or_load, verify

FEW, PART, MANY = 20, 10, 50


@pytest.fixture(scope="module")
def small():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "PART", PART)
        patch.setattr(design, "FEW", PART)  # as is, smaller than a hypercube
        for module in (design, question, coupling):
            patch.setattr(module, "HYPERCUBE", FEW)
        patch.setattr(measures, "ROOM", 1)  # one option at a time
        yield Study(ct.read("amm_aceh"), seed=3)


@pytest.fixture(scope="module")
def stored(small, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("runs"))
    return store, run_or_load(small, MANY, store)


def test_the_first_runs_are_those_of_the_smaller_ensemble(small, stored):
    _, large = stored
    whole = small.run(FEW)
    assert np.array_equal(large.design.uniform("any"), whole.design.uniform("any"))
    for name, table in whole.tables.items():
        assert table.broadcast_equals(large.tables[name]), name
    assert large.performance.identical(whole.performance)
    assert large.appraisal.shares == whole.appraisal.shares
    assert not whole.spreads
    assert "sample" not in headline(whole)
    assert headline(large)["sample"] == FEW


def test_the_spreads_are_those_of_all_runs_and_stored_as_they_were_told(small, stored):
    store, large = stored
    columns = large_columns(store, large.question.id)
    assert columns.sizes["run"] == MANY
    for option in large.options:
        at = columns.sel(option=option)
        assert large.spreads[option]["passes"]["mean"] == pytest.approx(np.mean(at["passes"].to_numpy()))
        for name, told in large.spreads[option]["criteria"].items():
            expected = summarize(at["performance"].sel(criterion=name))
            assert (told["median"], told["high"], told["runs"]) == (expected.median, expected.high, MANY)
    again = load(large.question.id, store)
    assert again.spreads == large.spreads == small.run(MANY).spreads
    assert headline(again) == headline(large)
    assert manifest_of(store.path(large.question.id)).sample == FEW


def large_columns(store, run):
    return RunFiles.noted(store.path(run)).columns(list(question_of(store.path(run)).options))


def test_of_runs_beyond_the_first_only_the_columns_are_kept(stored):
    store, large = stored
    files = RunFiles.noted(store.path(large.question.id))
    assert files.done == set(range(0, MANY, PART))
    assert unzipped(files.content(part(FEW))).keys() == {COLUMNS}
    assert unzipped(files.content(part(0))).keys() > {COLUMNS, "weekly"}
    assert unzipped(files.content(part(0)), COLUMNS).keys() == {COLUMNS}


def test_a_new_run_is_the_same_and_a_summary_that_is_not_is_found(small, stored):
    store, large = stored
    folder, again = store.path(large.question.id), small.run(MANY)
    verify(large.question, folder, again)
    files = RunFiles.noted(folder)
    kept = files.content("summary.json")
    told = json.loads(kept)
    told["decline"]["passes"]["mean"] += 1e-12
    files.digests["summary.json"] = "0"
    (folder / "summary.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(RunError, match=r"summary.json: is damaged"):
        load(large.question.id, store)
    (folder / "summary.json").write_bytes(kept)
    again.spreads["decline"]["passes"]["mean"] += 1e-12
    with pytest.raises(RunError, match="summary differs"):
        verify(large.question, folder, again)


def test_a_worker_that_does_not_see_the_folder_says_so(small, tmp_path):
    files = RunFiles(tmp_path / "here", {})

    class Elsewhere(Processes):
        def map(self, work, jobs):
            (tmp_path / "here" / "tables").rmdir()
            return map(work, jobs)

    files.folder.mkdir()
    with pytest.raises(RunError, match=r"is not there on .* every worker must see the folder"):
        small.run(FEW, files=files, executor=Elsewhere(1))
