"""What the promises in seconds are measured with, for every folder of tests."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def seconds():
    path = Path(__file__).parents[1] / "benchmarks" / "seconds.py"
    spec = importlib.util.spec_from_file_location("seconds", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
