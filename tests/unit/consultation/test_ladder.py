"""Which options commit to how much: rungs by terms, by a stated order, and those that stand on none."""

import pytest

from contingent.consultation.outcome import commitment, height, ladder

SCALES = {"troops": {"anchors": {0: "none", 40: "medics", 100: "all"}}, "law": {}}
OPTIONS = {
    "all_in": {"troops": 100, "law": 20}, "medics": {"troops": 40, "law": 90}, "doctors": {"troops": 40},
    "some": {"troops": 70}, "words": {"law": 50}, "less": {"troops": 5},
}  # fmt: skip


@pytest.fixture
def case(decision):
    def made(**process):
        return decision(issues=SCALES, options=OPTIONS, **{"status_quo": {"troops": 10, "law": 0}, **process})

    return made


def told(scenario):
    return [(rung.options, rung.label) for rung in ladder(scenario)]


def test_options_stand_in_the_order_of_their_terms_and_share_a_rung_where_these_are_equal(case):
    expected = [(("medics", "doctors"), "medics"), (("some",), "some"), (("all_in",), "all")]
    assert told(case(status_quo={"troops": 10})) == expected
    assert [rung.name for rung in ladder(case(status_quo={"troops": 10}))] == ["doctors_or_medics", "some", "all_in"]


def test_what_commits_to_no_more_than_the_status_quo_or_says_nothing_of_it_stands_on_no_rung(case):
    reached = {"nothing": 0, "less": 0, "words": 0, "medics": 1, "doctors": 1, "some": 2, "all_in": 3}
    assert height(case(status_quo={"troops": 10})) == reached


def test_the_issue_is_that_on_which_options_go_furthest_from_the_status_quo(case):
    assert commitment(case()) == "law"  # 90 above it, to 90 of troops: by name
    assert commitment(case(status_quo={"troops": 10, "law": 10})) == "troops"
    assert commitment(case(status_quo={})) == "troops"  # the first there is


def test_a_stated_ladder_goes_before_any_terms(case):
    listed = ["words", "all_in", "less"]
    assert told(case(ladder=[*listed, "nothing"])) == [((name,), name) for name in listed]
    assert height(case(ladder=listed))["medics"] == 0


def test_where_nothing_goes_further_there_is_no_ladder(case):
    assert ladder(case(status_quo={"troops": 100})) == ()
