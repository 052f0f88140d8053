"""What each dated entry did to the forecast, beside the same day without it."""

import json

import pytest

from contingent.cli import run
from contingent.consultation.consult import deliberate
from contingent.consultation.happened import design_of
from contingent.ensemble.design import Design
from contingent.errors import ScenarioError
from contingent.scenario.read import read, rewriting
from contingent.study.forecasts import forecasts
from contingent.study.history import steps
from contingent.study.study import Study
from contingent.study.worlds import happened, settled

TOLD = [
    {"on": "2023-10-02", "what": "unsc_resolution", "came": True, "says": "adopted", "source": "the Council"},
    {"on": "2023-10-09", "what": "court", "factor": 0.5},
    {"on": "2023-10-13", "what": "cabinet", "came": True},
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "k"
    assert run(["new", str(folder), "--like", "mss_haiti", "--quiet"]) == 0
    file = folder / "scenario.yaml"
    file.write_text(file.read_text() + f"\nhappened: {json.dumps(TOLD)}\n")
    return folder


def test_each_entry_is_told_with_what_it_moved_and_how_likely_it_had_been(case, capsys):
    capsys.readouterr()
    assert run(["history", str(case), "--runs", "300", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    one, two, three = found["steps"]
    assert (one["what"], one["source"], found["known_until"]) == ("unsc_resolution came", "the Council", "2023-10-13")
    assert 0.6 < one["expected"] < 0.95  # as adopted in that many of the runs left alone
    assert one["after"]["decided"] > one["before"]["decided"]
    odds = [each / (1 - each) for each in (two["before"]["decided"], two["after"]["decided"])]
    assert 0.5 * odds[0] < odds[1] < 0.8 * odds[0]  # halved, but for draws that never get to the court
    assert two["expected"] is None
    assert three["effective"] < 300
    assert run(["history", str(case), "--runs", "50", "--since", "2023-10-13"]) == 0
    assert capsys.readouterr().out.count("decided") == 1
    assert run(["history", "mss_haiti"]) == 0
    assert "nothing has happened" in capsys.readouterr().out


def test_every_run_of_the_ensemble_is_in_a_world_in_which_it_happened(case):
    scenario = read(case)
    design = design_of(scenario, 1, 400)
    assert all("no_unsc_resolution" not in world for world in happened(scenario, design))
    talks = deliberate(scenario, design)
    assert {*talks.outlook.paths["train"].day} > set()
    assert talks.outlook.paths["train"].day.min() > scenario.elapsed  # what is not listed has not come yet
    result = Study(scenario, options=["train", "lead"], seed=1).run(40)
    chances = {one.question.about: one.chances for one in forecasts(result) if one.chances}
    assert chances["event", "unsc_resolution"]["yes"] == 1


def test_a_deadline_stays_on_its_calendar_day_when_the_date_is_moved(case):
    was = read("mss_haiti").process
    moved = rewriting(case, {"as_of": "2023-09-11", "process.counted_from": "2023-09-01"})
    now = moved.scenario.counted().process
    assert (now.deadline.best, now.deadline.low, now.deadline.high) == (170, 110, 290)
    assert now.events["unsc_resolution"].delay.low == was.events["unsc_resolution"].delay.low - 10
    assert now.events["fund_pledged"].delay.best == was.events["fund_pledged"].delay.best  # counted from the resolution
    with pytest.raises(ScenarioError, match="counted_from: is after"):
        rewriting(case, {"process.counted_from": "2023-09-02"})


def test_steps_are_those_of_single_weighings_and_a_moved_date_is_refused(case):
    found = list(steps(read(case, as_written=True), Design(1, 100)))
    assert [str(one.on) for one in found] == [each["on"] for each in TOLD]
    with pytest.raises(ScenarioError, match="leave `as_of` on the day"):
        rewriting(case, {"as_of": "2023-10-05"})


def test_the_plan_of_the_force_knows_who_has_withdrawn_since_and_a_contributor_is_no_event(case):
    first = read(case).pledges[0]
    gone = f"pledges.{first.id}.status"
    leaves = {"label": "It withdraws", "probability": 0.1, "delay": 30, "sets": {gone: "withdrawn"},
              "assumption": "made up"}  # fmt: skip
    what = {"on": "2023-10-20", "what": "leaves", "came": True}
    told = rewriting(case, {"process.events.leaves": leaves, "happened": [what]}).scenario
    assert next(each for each in settled(told).pledges if each.id == first.id).status == "withdrawn"
    quiet = told.model_copy(update={"happened": ()})
    assert settled(quiet).pledges == quiet.pledges
    with pytest.raises(ScenarioError, match=r"is a contributor, and no event.*sets` what"):
        rewriting(case, {"happened": [{**what, "what": first.contributor}]})
