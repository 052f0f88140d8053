"""Codes of states, what was meant by a wrong one, and states by their own names."""

from contingent.countries import ALPHA3, FORMER, OWN_NAMES, is_country, suggestions
from contingent.precedents.cases import shipped_cases


def test_every_state_that_is_named_has_a_code():
    assert set(OWN_NAMES) <= ALPHA3
    assert OWN_NAMES["TUR"] == "Türkiye"


def test_a_wrong_code_is_answered_with_those_that_begin_alike():
    assert suggestions("pax") == ["PAK", "PAN"]
    assert suggestions("") == []


def test_states_outside_the_uns_lists_and_former_ones_are_countries():
    for code in ("XKX", "TWN", "PSE", "VAT", "ESH", "CSK", "SUN", "YUG", "DDR", "SCG"):
        assert is_country(code)
    assert not FORMER & ALPHA3
    assert not any(is_country(code) for code in ("XYZ", "pak", "PA", ""))


def test_every_country_of_the_record_can_be_asked_about():
    assert {case.query.iso3 for case in shipped_cases() if not is_country(case.query.iso3)} == set()
