"""Thirty readers of foreign input, a few inputs each; two minutes each by `python benchmarks/fuzz.py`."""

from __future__ import annotations

import fuzz
import pytest

from contingent import processes


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_foreign_input_is_read_or_refused_in_a_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_inside", True)
    assert fuzz.tried(name, 8) == []


def test_every_kept_input_belongs_to_a_target() -> None:
    assert {folder.name for folder in fuzz.CORPUS.iterdir()} <= set(fuzz.TARGETS)
    assert len(fuzz.TARGETS) >= 30
