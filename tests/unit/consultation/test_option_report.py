"""What a consultation tells: one answer, a ladder, outcomes that sum to 1, why, and dates of what passes."""

import json

import numpy as np
import pytest

import contingent as ct
from contingent.cli import run
from contingent.consultation.consult import deliberate
from contingent.consultation.option_report import days_report, option_reports, options_text
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

CHANGED = "un_mandate_full"


@pytest.fixture(scope="module")
def changed() -> Scenario:
    """The shipped case with two options, one of which changes what a stakeholder wants, and can no longer pass."""
    raw = ct.read("isf_gaza").model_dump(mode="json")
    raw["options"] = {name: raw["options"][name] for name in ("decline", "agreement_only_full", CHANGED)}
    raw["adaptive"] = {}
    army = {"stakeholders.army_leadership.stakes.participation.position": 0}
    raw["options"][CHANGED]["overrides"] |= army
    raw["process"]["gates"]["resolution"]["applies_if"] = {}
    raw["process"]["events"]["unsc_resolution"] |= {"probability": {"best": 0.5}, "delay": {"best": 60}}
    return Scenario.model_validate(raw)


@pytest.fixture(scope="module")
def report(changed):
    return option_reports(changed, runs=40, seed=1)


def test_days_count_runs_by_their_chance_to_pass():
    found = deliberate(ct.read("isf_gaza"), Design(1, 400)).consultation(CHANGED)
    days, passes = found.days.values, found.passes.values
    for level, day in days_report(found).items():
        assert passes[days < day].sum() <= float(level) * passes.sum() + 1e-9 <= passes[days <= day].sum() + 2e-9
    assert days_report(found)["0.95"] < np.quantile(days, 0.95)


def test_an_option_that_never_passes_has_no_day(changed):
    late = changed.with_({"process.deadline": 1})
    assert set(days_report(deliberate(late, Design(1, 20)).consultation(CHANGED)).values()) == {None}


def test_the_answer_is_the_lowest_rung_and_outcomes_sum_to_one(report):
    assert report["answer"]["probability"] == report["ladder"][0]["decided"]
    assert report["answer"]["question"].endswith("troops for all tasks of the force")
    for outcomes in (report["outcomes"], *report["outcomes_by_day"].values()):
        assert sum(outcomes.values()) == pytest.approx(1)
    rung = report["ladder"][0]
    assert rung["decided"] >= rung["accepted"] >= rung["delivered"] > 0
    assert list(rung["by_day"]["decided"]) == list(report["outcomes_by_day"])
    assert rung["interval90"][0] <= rung["decided"] <= rung["interval90"][1]
    assert set(report["means"]) == set(report["outcomes"])


def test_both_options_of_one_rung_share_what_is_decided(report):
    decided = sum(report["outcomes"][name] for name in report["ladder"][0]["options"])
    assert decided == pytest.approx(report["ladder"][0]["decided"])
    assert report["outcomes"][CHANGED] < 0.01  # its army wants nothing


def test_every_option_is_told_as_if_put_forward_alone(report, changed):
    told = report["options"]["agreement_only_full"]
    assert told["passes"] + told["other_terms"] + told["refused_or_late"] == pytest.approx(1)
    assert set(told["gates"]) == {"resolution", "security_leadership", "cabinet", "parties"}
    assert told["gates"]["resolution"] == pytest.approx(0.5, abs=0.01)
    assert told["gains"]["army_leadership"] > report["options"][CHANGED]["gains"]["army_leadership"]
    assert "record" not in report["options"]["decline"]
    assert told["record"]["as_of"] == "2025-10-28"


def test_why_names_the_army_first_and_what_the_resolution_would_change(report, changed):
    why = next(iter(report["why"]["rungs"].values()))
    assert why["stakeholders"][0]["who"] in changed.process.decider
    assert why["stakeholders"][0]["wholly_against"] == pytest.approx(0, abs=0.01)
    (event,) = why["events"]
    assert (event["who"], event["wholly_against"]) == ("unsc_resolution", 0)
    assert event["wholly_in_favour"] > event["now"]
    assert {row["gate"] for row in why["gates"]} == {"security_leadership", "cabinet"}
    assert sum(row["share_of_spread"] for row in why["claims"]) <= 1.2


def test_a_screen_has_one_headline(report):
    text = options_text(report)
    assert sum(line.startswith("The chance that at least this is decided") for line in text.splitlines()) == 1
    assert f"{report['answer']['probability']:.0%}" in text.splitlines()[1]


def test_where_no_option_goes_further_there_is_no_chance_to_tell(changed):
    bare = changed.with_({"process.status_quo": {"participation": 100}})
    report = option_reports(bare, runs=8, seed=1)
    assert (report["ladder"], report["answer"]["probability"]) == ([], 0)
    assert "no option goes further than the status quo" in options_text(report)


def test_the_command_gives_the_same_as_plain_values(capsys):
    assert run(["consultation", "isf_gaza", "--runs", "60", "--seed", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"as_of", "answer", "ladder", "outcomes", "outcomes_by_day", "put_forward", "why", "options"} <= set(told)
    talks = deliberate(ct.read("isf_gaza"), Design(3, 60))
    assert told["answer"]["probability"] == pytest.approx(talks.outlook.rung(1, talks.deadline).mean())
