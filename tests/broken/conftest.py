"""A copy of the shipped case that each test breaks in one place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contingent.scenario.read import locate


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Replace one text in one file of a copy of the shipped case; the folder."""

    def break_(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "case"
        if not folder.exists():
            shutil.copytree(locate("isf_gaza"), folder)
        target = folder / file
        text = target.read_text("utf-8")
        assert old in text, f"{file} no longer holds {old!r}: the test would break nothing"
        target.write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return break_
