"""One small run of the shipped case, and its brief, for every test of this folder."""

import pytest

import contingent as ct
from contingent.brief import compose
from contingent.study.study import Study


@pytest.fixture(scope="session")
def result():
    return Study(ct.read("isf_gaza")).run(60)


@pytest.fixture(scope="session")
def brief(result):
    return compose(result)


@pytest.fixture(scope="session")
def html(brief):
    return brief.render("html").decode()
