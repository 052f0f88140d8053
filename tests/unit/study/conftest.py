"""One small study of the shipped case, run once for all tests here."""

from __future__ import annotations

import pytest

from contingent.ensemble.execute import PART
from contingent.scenario.model import Scenario
from contingent.scenario.read import read
from contingent.study.result import Result
from contingent.study.study import Study


@pytest.fixture(scope="session")
def gaza() -> Scenario:
    return read("isf_gaza")


@pytest.fixture(scope="session")
def study(gaza: Scenario) -> Study:
    return Study(gaza, options=["support_only", "un_mandate_full"], seed=7)


@pytest.fixture(scope="session")
def result(study: Study) -> Result:
    return study.run(PART + 100)  # two parts
