"""Who does the work is what was asked for, and what the machine refuses is told as such."""

import errno
import os

import pytest

from contingent.cli import output, run
from contingent.cli.load import executor_of
from contingent.ensemble.execute import Dask, Processes, Serial
from contingent.errors import InputError


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("processes", 2, None), Processes(2)),
        (("processes", 1, None), Serial()),
        (("serial", 2, None), Serial()),
        (("dask", 1, "tcp://here:8786"), Dask("tcp://here:8786")),
    ],
)
def test_the_work_is_done_by_who_was_asked(asked, found):
    assert executor_of(*asked) == found


@pytest.mark.parametrize(
    ("asked", "says"),
    [(("serial", 1, "tcp://a:1"), "--scheduler"), (("cloud", 1, None), "cloud"), (("serial", 0, None), "at least 1")],
)
def test_what_cannot_be_done_is_said(asked, says):
    with pytest.raises(InputError, match=says):
        executor_of(*asked)


@pytest.mark.parametrize("refused", sorted(output.REFUSED))
def test_what_the_machine_refuses_is_no_fault_of_ours(refused, capsys):
    assert output.fail(OSError(refused, os.strerror(refused), "/there/brief.html"), as_json=False) == 2
    said = capsys.readouterr().err
    assert said.startswith("/there/brief.html: ")
    assert len(said.splitlines()) == 1
    assert output.fail(OSError(errno.EBADF, "bad"), as_json=False) == 101


def test_a_folder_that_is_a_file_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert (
        run(["brief", "isf_gaza", "--runs", "40", "-q", "--to", "md", "--out", str(tmp_path / "file" / "deeper")]) == 2
    )
    assert "file" in capsys.readouterr().err
