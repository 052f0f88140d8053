"""For every folder of tests: the benchmarks that tests hold as well, and which tests share a worker, in which order.

A file's tests stay together, so that its fixtures are made once. Kernels are compiled at their first call and kept on
disk, so the two families that take longest start first, one on each worker, and neither is compiled twice.
"""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

SPATIAL = {"test_spatial", "test_spatial_steps", "test_ktab_files", "test_ktab", "test_spatial_robust"}
FIRST = (
    "spatial",
    "study",
    "brief",
    "test_mission",
    "cli",
    "browser",
    "test_command",
)  # the longest, so that none is last


def pytest_configure(config):
    """Workers, and programs that tests start, share compiled modules also where Python is told to write none.

    Otherwise each of them compiles some fifteen hundred modules anew, three seconds of work. Not without workers:
    a mutation run rewrites modules faster than their times tell.
    """
    if sys.dont_write_bytecode and getattr(config.option, "numprocesses", None):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".cache" / "modules")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    def group(item):
        marked = item.get_closest_marker("xdist_group")
        return marked.args[0] if marked else "spatial" if item.path.stem in SPATIAL else item.path.stem

    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(key=lambda item: FIRST.index(group(item)) if group(item) in FIRST else len(FIRST))


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
