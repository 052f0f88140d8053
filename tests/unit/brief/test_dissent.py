"""A dissenting view with numbers of its own: what it moves is told, beside what is told here."""

from dataclasses import replace

import numpy as np
import pytest

from contingent.brief.context import Context
from contingent.brief.document.blocks import Box, words
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.sections.trust import judged_otherwise, trust
from contingent.scenario.check import faults, faults_as_written
from contingent.scenario.option import Dissent
from contingent.scenario.paths import changed
from contingent.study.result import Result
from contingent.study.what_if import second_judgements, what_if

ARMY = "stakeholders.army_leadership.stakes.participation.position"


def view(sets, judged="by a second reader, on the same claims"):
    return Dissent(says="It may be otherwise.", judged=judged, sets=sets, assumption="for this test")


def seen(result, *views):
    """The run with other dissenting views; no engine reads them."""
    scenario = result.scenario.model_copy(update={"dissent": views})
    question = replace(result.question, scenario=scenario)
    return Result.of(question, result.scenarios, result.plans, result.tables)


def told(result, place=0):
    return words(judged_otherwise(Context(result, Catalogue("en")), place)).replace("\u00a0", " ")


def test_a_view_without_numbers_says_nothing_more(gaza_run):
    assert not judged_otherwise(Context(gaza_run, Catalogue("en")), 0)


def test_what_a_second_judgement_moves_is_what_the_same_change_moves(gaza_run):
    """Whoever is inclined less lowers the chance that anything passes: shown as `what-if` has it, to the last bit."""
    found = seen(gaza_run, view({ARMY: 25}))
    moved = {
        each.option: each for each in what_if(gaza_run, {ARMY: 25}).effects if each.measure == "consultation.passes"
    }
    same = {e.option: e for e in second_judgements(found)[0].effects if e.measure == "consultation.passes"}
    assert {name: each.mean for name, each in same.items()} == {name: each.mean for name, each in moved.items()}
    focus = Context(found, Catalogue("en")).focus
    assert moved[focus].mean < 0
    now, was = (f"{100 * side:.0f} %" for side in (moved[focus].second, moved[focus].first))
    assert f"would pass with a chance of {now} instead of {was}" in told(found)
    assert "25 instead of 66; judged by a second reader, on the same claims" in told(found)


def test_numbers_that_move_nothing_are_told_to_move_nothing(gaza_run):
    now = gaza_run.scenario.contributors["ITA"].casualty_sensitivity
    same = {"best": now.best, "low": now.low, "high": now.high}
    said = told(seen(gaza_run, view({"contributors.ITA.casualty_sensitivity": same})))
    assert "would pass about as often" in said
    assert "first is still" in said


def test_the_view_stands_in_the_brief_in_its_box(gaza_run):
    answer = trust(Context(seen(gaza_run, view({ARMY: 25})), Catalogue("en")))
    for blocks, sentence in ((answer.blocks, "It may be otherwise."), (answer.more, "With other numbers (")):
        box = next(each for each in blocks if isinstance(each, Box) and each.kind == "dissent")
        assert sentence in words(box.blocks[0].items[0])


@pytest.mark.parametrize(
    ("sets", "judged", "says"),
    [
        ({"stakeholders.army_leadership.capabilty": 3}, "x", "dissent.0.sets.stakeholders.army_leadership.capabilty"),
        ({ARMY: 300}, "x", f"dissent.0.sets.{ARMY}"),
        ({"process.decider": ["nobody"]}, "x", "dissent.0.sets.process.decider"),
        ({ARMY: 25}, "", "dissent.0.judged"),
    ],
)
def test_a_view_that_cannot_be_asked_is_refused_where_it_stands(gaza_run, sets, judged, says):
    case = changed(gaza_run.scenario, {"dissent": [view(sets, judged).model_dump()]})
    assert says in {path for path, _, _ in faults_as_written(case)}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"by": "2025-10-28"}, "by"), ({"by": "2025-10-29"}, ""), ({}, ""),
        ({"moves": "stakeholders.army_leadership.stakes.participation.positon"}, "moves"),
        ({"moves": "pledges.pak_infantry.strength"}, "moves"), ({"moves": "a draft resolution"}, "moves"),
    ],
)  # fmt: skip
def test_a_signal_lies_ahead_and_moves_a_number_by_which_it_is_decided(gaza_run, changes, says):
    sign = {"says": "It is seen.", "source": "the press", "moves": ARMY, "to": "up", "assumption": "x"} | changes
    case = changed(gaza_run.scenario, {"signals": [sign]})
    found = {path: fix for path, _, fix in faults_as_written(case) if path.startswith("signals")}
    assert set(found) == ({f"signals.0.{says}"} if says else set())
    assert not says or found[f"signals.0.{says}"]


def test_a_view_that_does_not_fit_a_variant_of_the_case_says_nothing_more(gaza_run):
    """Whoever asks what a council in place of a chance would do is not refused for a view about the chance."""
    assert not [*faults(changed(gaza_run.scenario, {"dissent": [view({"process.decider": ["nobody"]}).model_dump()]}))]
    assert not second_judgements(seen(gaza_run, view({"process.decider": ["nobody"]})))


def test_a_view_under_which_no_plan_keeps_its_floor_stops_no_brief(gaza_run):
    """Without lift nobody from Pakistan arrives: the scenario fits together, and only planning tells."""
    nobody_arrives = {f"lift.{phase}": 0 for phase in ("entry", "main", "handover")}
    assert not [*faults(changed(gaza_run.scenario, nobody_arrives))]
    assert not second_judgements(seen(gaza_run, view(nobody_arrives)))


def test_a_view_changes_no_number_of_the_run(gaza_run):
    assert np.array_equal(seen(gaza_run, view({ARMY: 25})).appraisal.score, gaza_run.appraisal.score)
