"""A file is written whole, or stays as it was, whatever happens meanwhile."""

import os
from pathlib import Path

import pytest

from contingent.atomic import atomic_write


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
