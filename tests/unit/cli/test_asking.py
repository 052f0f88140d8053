"""Who does the work is what was asked for."""

import pytest

from contingent.cli.asking import executor_of
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
    [(("dask", 1, None), "--scheduler"), (("cloud", 1, None), "cloud"), (("serial", 0, None), "at least 1")],
)
def test_what_cannot_be_done_is_said(asked, says):
    with pytest.raises(InputError, match=says):
        executor_of(*asked)
