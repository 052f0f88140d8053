"""A file is written whole, or stays as it was, whatever happens meanwhile."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partialmethod
from pathlib import Path

import pytest

from contingent.atomic import atomic_write, replace_all, roll_forward, sweep
from contingent.errors import BusyError


def test_a_file_is_replaced_when_all_went_well_and_keeps_its_permissions(tmp_path):
    file = tmp_path / "brief.html"
    file.write_text("old")
    file.chmod(0o640)
    with atomic_write(file) as scratch:
        assert scratch.suffix == ".html"
        scratch.write_text("new")
        assert file.read_text() == "old"
        assert list(tmp_path.glob("*.html")) == [file]  # what is half written is no part of a scenario's folder
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_can_be_read_by_whom_the_folder_lets(tmp_path):
    plain, file = tmp_path / "plain", tmp_path / "plan.xlsx"
    plain.write_text("")
    with atomic_write(file) as scratch:
        scratch.write_text("new")
    assert file.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_goes_wrong_leaves_the_old_file_and_nothing_beside_it(tmp_path, error):
    file = tmp_path / "brief.html"
    file.write_text("old")

    def broken():
        with atomic_write(file) as scratch:
            scratch.write_text("ne")
            raise error

    with pytest.raises(error):
        broken()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link_and_a_device_is_written_to(tmp_path):
    file, link = tmp_path / "real", tmp_path / "link"
    file.write_text("old")
    link.symlink_to(file)
    with atomic_write(link) as scratch:
        scratch.write_text("new")
    assert link.is_symlink()
    assert file.read_text() == "new"
    with atomic_write(Path(os.devnull)) as scratch:
        assert scratch == Path(os.devnull)


class Killed(BaseException):
    pass


def test_several_files_change_together_or_not_at_all_wherever_it_is_killed(tmp_path, monkeypatch):
    """Killed at each step in turn: after the next read, every file is old or every file is new, and nothing is left."""
    seen = set()
    for killed_at in range(40):
        folder = tmp_path / str(killed_at)
        folder.mkdir()
        before = {folder / name: b"old " + name.encode() for name in ("a.yaml", "b.yaml")}
        for file, content in before.items():
            file.write_bytes(content)
        after = dict.fromkeys((*before, folder / "c.bak"), b"new")
        steps = iter(range(1000))

        def step(call, *args, steps=steps, killed_at=killed_at, **named):
            if next(steps) == killed_at:
                raise Killed
            return call(*args, **named)

        with monkeypatch.context() as patch:
            for owner, name in ((Path, "rename"), (Path, "replace"), (Path, "write_bytes"), (Path, "rmdir")):
                patch.setattr(owner, name, partialmethod(lambda self, *args, call: step(call, self, *args),
                                                         call=getattr(owner, name)))  # fmt: skip
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)  # a killed process cleans nothing up
            with suppress(Killed):
                replace_all(before, after)
        roll_forward(folder)
        assert sweep(folder) <= 1
        names = {file.name for file in folder.iterdir()}
        held = {name: (folder / name).read_bytes() for name in names}
        assert held in ({file.name: content for file, content in before.items()}, dict.fromkeys(names, b"new"))
        assert names <= {"a.yaml", "b.yaml", "c.bak"}
        seen.add(len(names))
    assert seen == {2, 3}


def test_a_file_that_somebody_else_changed_is_not_written_over(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"theirs")
    with pytest.raises(BusyError, match="was changed meanwhile; nothing is written"):
        replace_all({file: b"read"}, {file: b"mine", tmp_path / "b.yaml": b"mine"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
    assert file.read_bytes() == b"theirs"


def test_what_a_killed_process_left_goes_and_what_a_living_one_writes_stays(tmp_path):
    (tmp_path / ".old.html.new").mkdir()
    (tmp_path / ".gone.lock").write_text("process 1 on nowhere")
    with atomic_write(tmp_path / "brief.html") as scratch, ThreadPoolExecutor(1) as other:
        scratch.write_text("new")
        assert other.submit(sweep, tmp_path).result() == 1
        assert scratch.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["brief.html"]
