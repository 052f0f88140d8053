"""Past decisions made up for tests: codes that say nothing unless told otherwise."""

import pytest

from contingent.precedents.cases import CODES, Case, Query


def _query(iso3="AAA", **codes):
    return Query(iso3=iso3, **{**dict.fromkeys(CODES, 0.0), **codes})


def _case(name="c", iso3="AAA", outcome="joined_limited", year=2000, deployed=True, month=None, op_key="op", **codes):
    return Case(
        case_id=name, country=iso3, operation=op_key, op_key=op_key, month=month or f"{year}-01", year=year,
        query=_query(iso3, operation=op_key, **codes), outcome=outcome, deployed=deployed, months=None,
        conditions="", source_url="", source_kind="press", confidence="high",
    )  # fmt: skip


@pytest.fixture
def query():
    return _query


@pytest.fixture
def case():
    return _case
