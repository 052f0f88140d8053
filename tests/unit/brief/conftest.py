"""One small run of the shipped case, stored, and its brief, for every test of this folder."""

import pytest

import contingent as ct
from contingent.brief import compose
from contingent.study.store import Store
from contingent.study.study import Study, run_or_load


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="session")
def result(store):
    return run_or_load(Study(ct.read("isf_gaza")), 60, store)


@pytest.fixture(scope="session")
def brief(result):
    return compose(result)


@pytest.fixture(scope="session")
def html(brief):
    return brief.render("html").decode()


@pytest.fixture(scope="session")
def pdf(brief):
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    return brief.render("pdf")


@pytest.fixture(scope="session")
def docx(brief):
    pytest.importorskip("docx", reason="the extra `word` is not installed")
    return brief.render("docx")


@pytest.fixture(scope="session")
def briefs(result, brief):
    """The brief in every language."""
    return {"en": brief, **{language: compose(result, language=language) for language in ("ur", "ar")}}
