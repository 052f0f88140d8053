"""The shipped scenario and a small design, shared by the mission's tests."""

import pytest

import contingent
from contingent.ensemble.design import Design


@pytest.fixture(scope="session")
def gaza():
    return contingent.read("isf_gaza")


@pytest.fixture(scope="session")
def design():
    return Design(seed=20251028, runs=400)
