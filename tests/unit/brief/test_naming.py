"""Numbers of the scenario have names that read as words."""

import pytest

import contingent as ct
from contingent.brief.parameter_labels import described, lowered, phrased


@pytest.fixture(scope="module")
def scenario():
    return ct.read("isf_gaza")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("stakeholders.army_leadership.capability", "Leadership of the Pakistan Army: weight"),
        (
            "stakeholders.army_leadership.stakes.participation.position",
            "Leadership of the Pakistan Army: position on “Taking part in the force”",
        ),
        ("stakeholders.army_leadership.stakes.legal_basis.salience",
         "Leadership of the Pakistan Army: attention to “Legal basis”"),
        ("theatre.armed_groups.hamas.sectors.north_gaza",
         "Gaza Strip, Hamas (Izz al-Din al-Qassam Brigades): share in North Gaza"),
        ("requirements.gaza_aid_hospital_main.minimum",
         "Gaza, Supporting humanitarian aid and reconstruction, Level 2 hospital, Main: minimum"),
    ],
)  # fmt: skip
def test_a_number_is_named_by_whose_it_is_and_what_it_says(scenario, path, name):
    assert described(scenario, path) == name


def test_an_event_is_named_by_a_phrase(scenario):
    event = next(iter(scenario.process.events))
    said = "the Security Council adopts a resolution for the force"
    assert phrased(scenario, f"process.events.{event}.probability") == f"Chance that {said}"
    assert phrased(scenario, f"process.events.{event}.delay") == f"Delay until {said}"
    assert phrased(scenario, "process.deadline") == "The decision process: deadline"


def test_every_number_of_the_shipped_cases_has_a_name():
    for case in ("isf_gaza", "unifil_2006"):
        scenario = ct.read(case)
        for path, _ in scenario.estimates():
            assert "_" not in phrased(scenario, path), path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("The Security Council votes", "the Security Council votes"),
        ("A vote is held", "a vote is held"),
        ("Hamas agrees", "Hamas agrees"),
        ("UN role", "UN role"),
    ],
)
def test_a_capital_that_only_begins_the_words_gives_way(words, said):
    assert lowered(words) == said
