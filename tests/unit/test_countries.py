"""Codes of states, what was meant by a wrong one, and states by their own names."""

from contingent.countries import ALPHA3, OWN_NAMES, suggestions


def test_every_state_that_is_named_has_a_code():
    assert set(OWN_NAMES) <= ALPHA3
    assert OWN_NAMES["TUR"] == "Türkiye"


def test_a_wrong_code_is_answered_with_those_that_begin_alike():
    assert suggestions("pax") == ["PAK", "PAN"]
    assert suggestions("") == []
