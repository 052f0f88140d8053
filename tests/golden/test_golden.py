"""Pinned pages and numbers; they change by a deliberate command, with the reason in the commit."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("refresh", Path(__file__).with_name("refresh.py"))
assert spec is not None
assert spec.loader is not None
refresh = importlib.util.module_from_spec(spec)
spec.loader.exec_module(refresh)


def test_the_reference_of_the_command_line_is_what_the_program_says() -> None:
    assert refresh.CLI.read_text("utf-8") == refresh.cli_page(), "uv run python tests/golden/refresh.py"


def test_the_reference_of_keys_is_what_the_program_says() -> None:
    assert refresh.KEYS.read_text("utf-8") == refresh.keys_page(), "uv run python tests/golden/refresh.py keys"


def test_headline_numbers_of_the_shipped_case_have_not_moved() -> None:
    pinned = json.loads(refresh.HEADLINE.read_text("utf-8"))
    now = refresh.headline()
    assert set(now) == set(pinned)
    for option, row in pinned.items():
        assert now[option] == pytest.approx(row, rel=0.02, abs=0.01), f"{option}: refresh deliberately, and say why"
