"""What is not there is not told: police without crossings, cease-fire or outside party; a line where nobody lives."""

import json
import re
from pathlib import Path

import pytest

from contingent.brief.composition import compose
from contingent.brief.document.blocks import words
from contingent.cli import run
from contingent.mission.parameters import priors
from contingent.scenario.read import read
from contingent.study.insight import insight
from contingent.study.sampling import SAID, unsaid
from contingent.study.study import Study

CASES = Path(__file__).parents[2] / "cases"
ABSENT = {
    "police": r"cease-?fire|truce|truck|crossing|by fire from|weapon|disarm|debris|rebuil|convoy|queue|governing body",
    "buffer_line": r"truck|civilian|weapon|disarm|debris|rebuil|convoy|queue|governing body|incident|local support",
}
"""What must not be spoken of; what the case itself calls by such a word is taken out first."""
OWN = ("Clearing mines from the crossings of the line", "the scenario names no crossings for goods")

BARE = str.maketrans("", "", "()")


@pytest.fixture(scope="module", params=list(ABSENT))
def made(request):
    scenario = read(CASES / f"{request.param}.yaml")
    result = Study(scenario).run(60)
    return request.param, result, compose(result)


def without_own_words(text):
    for own in OWN:
        text = re.sub(re.escape(own), "", text, flags=re.IGNORECASE)
    return text


def test_the_brief_with_its_annexes_has_no_word_of_what_is_not_there(made):
    name, _, brief = made
    text = without_own_words(brief.render("md").decode())
    assert re.findall(ABSENT[name], text, re.IGNORECASE) == []
    assert "not modelled here" not in text  # the case says nothing of goods or need either


def test_the_page_shows_the_measures_that_are_there(made):
    name, _, brief = made
    page = brief.render("html").decode()
    assert 'id="sectors"' not in page
    blocks = [block for section in brief.sections for block in section.blocks]
    (fans,) = (block for block in blocks if getattr(block, "id", "") == "fans")
    measures = list(dict.fromkeys(words(row[0]).partition(", week")[0] for row in fans.table.rows))
    shown = {"police": ["Security incidents a week", "Force members killed so far", "Civilians killed so far",
                        "Strength of the force"],
             "buffer_line": ["Force members killed so far", "Strength of the force"]}  # fmt: skip
    assert measures == shown[name]
    assert all(measure in page for measure in measures)


def test_the_verb_tells_the_same(made, capsys):
    name, _, _ = made
    assert run(["mission", str(CASES / f"{name}.yaml"), "--runs", "60"]) == 0
    assert re.findall(ABSENT[name], without_own_words(capsys.readouterr().out), re.IGNORECASE) == []
    assert run(["mission", str(CASES / f"{name}.yaml"), "--runs", "60", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    told = {*found["headline"], *found["weekly"], *(each for row in found["sectors"].values() for each in row)}
    assert re.findall(ABSENT[name], " ".join(told)) == []
    assert bool(found["branches"]) == (name == "buffer_line")


def test_check_passes_and_counts_what_the_mission_model_rests_on(made, capsys):
    name, result, _ = made
    assert run(["check", str(CASES / f"{name}.yaml")]) == 0
    out = capsys.readouterr().out
    counts = re.search(
        r"of the mission model's (\d+) numbers, (\d+) rest on data or literature, (\d+) are judgements, (\d+) the", out
    )
    total, *kinds = map(int, counts.groups())
    assert total == sum(kinds)
    assert kinds[2] == len(result.scenario.theatre.parameters)


def test_every_number_of_the_mission_model_that_acts_is_in_the_annex_with_what_it_rests_on(made):
    _, result, brief = made
    text = brief.render("md").decode()
    for path in unsaid(result.scenario):
        prior = priors()[path.removeprefix(SAID)]
        assert prior.label in text
        basis = {"judgement": "", "data": "Data: ", "literature": "Literature: "}.get(
            prior.basis, "Unit of comparison: "
        )
        rests = f"{basis}{prior.source[:30]}"
        assert rests.translate(BARE) in text.translate(BARE)
    assert "The mission model, judgements" in text
    assert set(unsaid(result.scenario)) & set(result.influence)


def test_what_would_change_the_choice_is_found(made):
    assert insight(made[1]).facts.value >= 0


def test_deaths_are_told_by_what_becomes_of_the_ceasefire_and_only_then(made):
    name, _, brief = made
    text = brief.render("md").decode().replace("\u00a0", " ")
    assert ("by what becomes of the ceasefire" in text) == (name == "buffer_line")
    if name == "buffer_line":
        shares = [
            int(n)
            for n in re.findall(r"(?:comes and holds|If none comes|falls at some time) \((\d+) % of runs\)", text)
        ]
        assert len(shares) >= 2
        assert 90 <= sum(shares) <= 101
