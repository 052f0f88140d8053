"""What a library says past Python as a solver is made reaches no answer, and what was said before and after does."""

from __future__ import annotations

import ctypes
import os

import highspy
import pytest

from contingent.force.solve import solve
from contingent.processes import muted

from tiny_force import tiny  # isort: skip


def greet() -> None:
    """As a release of HiGHS does: through C's own buffer, and past it."""
    ctypes.CDLL(None).printf(b"greeting in C\n")
    os.write(1, b"greeting\n")
    os.write(2, b"warning\n")


def test_nothing_said_while_muted_is_heard_and_all_else_is(capfd) -> None:
    ctypes.CDLL(None).printf(b"before, ")
    with muted():
        greet()
    os.write(1, b"after")
    os.write(2, b"fault")
    assert tuple(capfd.readouterr()) == ("before, after", "fault")


def test_descriptors_are_given_back_after_an_error(capfd) -> None:
    with pytest.raises(ValueError, match="no licence"), muted():
        raise ValueError("no licence")
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"


@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_descriptor_stays_closed_and_the_other_hears_nothing(capfd, closed: int) -> None:
    kept = os.dup(closed)
    os.close(closed)
    try:
        with muted():
            os.write(3 - closed, b"greeting")
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(closed)
    finally:
        os.dup2(kept, closed)
        os.close(kept)
    assert "".join(capfd.readouterr()) == ""


def test_no_descriptor_is_left_open() -> None:
    with muted():
        pass
    free = os.dup(0)
    os.close(free)
    for _ in range(20):
        with muted():
            pass
    again = os.dup(0)
    os.close(again)
    assert again == free


def test_a_solver_that_greets_as_it_is_made_is_not_heard(capfd, monkeypatch) -> None:
    real = highspy.Highs

    def loud() -> highspy.Highs:
        greet()
        return real()

    monkeypatch.setattr(highspy, "Highs", loud)
    assert solve(tiny(periods=1)).solver.status == "optimal"
    assert tuple(capfd.readouterr()) == ("", "")
