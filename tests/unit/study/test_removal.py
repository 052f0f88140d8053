"""Is the run that is removed the run that was named?"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest

from contingent import cli
from contingent.atomic import sole_writer
from contingent.errors import BusyError, RunError
from contingent.study.store import Store

IDS = ("abcdef012345", "abcdef999999", "0123456789ab")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    for place in ("runs", "backup"):
        for name in IDS:
            (tmp_path / place / name).mkdir(parents=True)
            (tmp_path / place / name / "manifest.json").write_text("{}", "utf-8")
    return Store(tmp_path / "runs")


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("run", ["", "0", "01234", "abcdef", "ffffff", "."])
def test_what_does_not_name_one_run_surely_removes_none(store: Store, run: str) -> None:
    with pytest.raises(RunError):
        store.remove(run)
    assert left(store.folder) == set(IDS)


@pytest.mark.parametrize("run", ["0123456789ab", "012345"])
def test_an_id_or_six_digits_of_it_name_a_run(store: Store, run: str) -> None:
    assert store.remove(run) == store.folder / "0123456789ab"
    assert left(store.folder) == set(IDS[:2])


def test_a_path_means_that_folder_and_no_other(store: Store) -> None:
    backup = store.folder.parent / "backup"
    for stranger in (backup, store.folder / IDS[0] / "..", backup / "no", store.folder.parent):
        with pytest.raises(RunError, match="is not the folder of a finished run"):
            store.remove(str(stranger))
    assert left(store.folder) == left(backup) == set(IDS)
    assert store.remove(str(backup / IDS[0])) == backup / IDS[0]
    assert left(store.folder) == set(IDS)
    assert left(backup) == set(IDS[1:])


@pytest.mark.parametrize(("run", "says"), [("01234", "name it by 6 letters"), ("abcdef", "2 runs"), ("", "nothing")])
def test_every_verb_that_takes_a_run_wants_it_named_surely(store: Store, run: str, says: str) -> None:
    with pytest.raises(RunError, match=says):
        store.find(run)
    assert store.find("abcdef01") == store.folder / IDS[0]
    assert store.find(f"{store.folder.parent}/backup/{IDS[0]}") == store.folder.parent / "backup" / IDS[0]


def test_the_verb_shows_what_would_go_and_wants_a_yes(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["runs", "rm", IDS[2], "--out", str(store.folder)]
    assert cli.run(words) == 2
    said = capsys.readouterr().err
    assert f"{store.folder / IDS[2]}: a damaged run; manifest.json" in said
    assert "say --yes" in said
    assert left(store.folder) == set(IDS)
    assert cli.run([*words, "--yes"]) == 0
    assert left(store.folder) == set(IDS[:2])


def test_a_run_that_another_process_writes_is_not_removed(store: Store) -> None:
    with sole_writer(store.path(IDS[2])), ThreadPoolExecutor(1) as other, pytest.raises(BusyError):
        other.submit(store.remove, IDS[2]).result()
    assert left(store.folder) == set(IDS)


def test_what_is_killed_while_it_removes_is_swept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.remove(IDS[2])
    assert store.ids() == sorted(IDS[:2])
    assert store.sweep() == 1
    assert left(store.folder) == set(IDS[:2])


def test_a_link_is_left_alone(store: Store, tmp_path: Path) -> None:
    (store.folder / "fedcba987654").symlink_to(tmp_path / "backup" / IDS[0])
    with pytest.raises(RunError, match="is a link"):
        store.remove("fedcba987654")
    assert (tmp_path / "backup" / IDS[0]).is_dir()
