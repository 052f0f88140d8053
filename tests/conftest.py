"""The benchmarks that tests hold as well, for every folder of tests."""

import importlib.util
from pathlib import Path

import pytest


def benchmark(name):
    path = Path(__file__).parents[1] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def seconds():
    return benchmark("seconds")


@pytest.fixture(scope="session")
def robust_tables():
    return benchmark("spatial_robust")


@pytest.fixture(scope="session")
def plain():
    return benchmark("spatial_reference")
