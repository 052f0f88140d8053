"""A state is counted on for what the force plan may use under the option asked about, and for no more."""

import pytest

from contingent.force.eligibility import contributor_status, is_valid
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def base():
    return read("isf_gaza")


def test_a_pledge_whose_conditions_are_not_met_is_held_back(base):
    assert contributor_status(base.under("support_only"), "IDN", base) == "offers 8,035, held back"
    assert contributor_status(base.under("un_mandate_full"), "IDN", base).startswith("counted on for ")


def test_the_country_that_decides_declines_where_the_option_leaves_it_out(base):
    assert contributor_status(base.under("decline"), "PAK", base) == "declines under this option"
    assert contributor_status(base.under("support_only"), "PAK", base).startswith("counted on for 920, ")
    assert contributor_status(base, "URY", base) == "not asked"
    assert contributor_status(base, "TUR", base).startswith("refused: ")


@pytest.mark.parametrize("option", ["decline", "support_only", "un_mandate_full"])
def test_nobody_is_counted_on_for_more_than_the_plan_may_use(base, option):
    case = base.under(option)
    for code in {pledge.contributor for pledge in base.pledges}:
        usable = sum(p.strength.best for p in case.pledges if p.contributor == code and is_valid(case, p))
        assert (f"counted on for {usable:,.0f}, " in contributor_status(case, code, base)) == (usable > 0)
