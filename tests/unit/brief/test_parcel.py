"""What travels inside a brief: the question comes back, and any change is noticed."""

import pytest

from contingent.brief.embedded_run import Parcel, unseal
from contingent.brief.number import printed
from contingent.errors import RunError


def test_the_question_comes_back(brief):
    again = unseal(brief.parcel.sealed(), "brief.html").parcel("brief.html")
    assert again.question == brief.parcel.question
    assert again.question.id == brief.run
    assert again.numbers == brief.parcel.numbers
    assert again.numbers == printed(brief.numbers())


def test_damage_is_said_plainly(brief):
    sealed = brief.parcel.sealed()
    with pytest.raises(RunError, match=r"damaged|truncated"):
        unseal(sealed[: len(sealed) // 2], "cut.html")
    with pytest.raises(RunError, match="changed after it was written"):
        unseal("0" * 64 + sealed[64:], "other.html")
    with pytest.raises(RunError, match=r"damaged|truncated"):
        unseal("nonsense", "other.html")


def test_a_parcel_of_another_format_is_named(brief, monkeypatch):
    monkeypatch.setattr("contingent.brief.embedded_run.FORMAT", 99)
    sealed = Parcel(brief.parcel.question).sealed()
    monkeypatch.undo()
    with pytest.raises(RunError, match="format 99 by version"):
        unseal(sealed, "new.html")
