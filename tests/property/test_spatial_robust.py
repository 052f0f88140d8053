"""Random tables of every kind; the full ten thousand run by `python benchmarks/spatial_robust.py`."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def robust():
    path = Path(__file__).parents[2] / "benchmarks" / "spatial_robust.py"
    spec = importlib.util.spec_from_file_location("spatial_robust", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_fails_and_order_changes_nothing(robust):
    assert [said for number in range(120) if (said := robust.fault(number))] == []


def test_the_check_can_fail(robust, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr(robust, "simulate", broken)
    assert "broken on purpose" in robust.fault(1)
