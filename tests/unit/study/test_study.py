"""The whole way through all engines: labels, pairing, worlds, and what options may and may not change."""

from __future__ import annotations

import numpy as np
import pytest

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.scenario.model import Scenario
from contingent.study.insight import insight
from contingent.study.result import Result
from contingent.study.sampling import unsaid
from contingent.study.study import Study
from contingent.study.worlds import happened, worlds


def test_the_baseline_is_always_compared_with(result: Result) -> None:
    assert result.options == ("decline", "support_only", "un_mandate_full")
    assert result.performance.dims == ("option", "run", "criterion")
    assert not result.performance.isnull().any()


def test_acceptance_is_a_probability_by_option(result: Result) -> None:
    acceptance = result.consultation.acceptance
    assert acceptance.dims == ("option",)
    assert ((acceptance >= 0) & (acceptance <= 1)).all()


def test_nobody_dies_serving_an_option_that_sends_nobody(result: Result) -> None:
    own = result.performance.sel(criterion="own_risk")
    assert (own.sel(option="decline") == 0).all()
    assert float(own.sel(option="un_mandate_full").mean()) > 0


def test_an_option_that_waits_for_a_resolution_is_the_baseline_where_none_comes(result: Result) -> None:
    """The policy differs from declining only in the runs in which it sends somebody."""
    without = result.tables["worlds"]["world"] == "no_unsc_resolution"
    assert 0 < int(without.sum()) < without.size
    weekly = result.tables["weekly"]
    for series in ("events", "outside_deaths", "trucks_delivered", "need"):
        there, declined = (weekly[series].sel(option=o)[without] for o in ("un_mandate_full", "decline"))
        assert (there == declined).all(), series
    differs = weekly["troops"].sel(option="un_mandate_full") != weekly["troops"].sel(option="decline")
    assert differs[~without].any()


def test_worlds_are_the_same_for_every_option_and_as_likely_as_the_event(gaza: Scenario) -> None:
    assert list(worlds(gaza)) == ["unsc_resolution", "no_unsc_resolution"]
    share = (happened(gaza, Design(1, 4000)) == "unsc_resolution").mean()
    drawn = Design(1, 4000).sample(
        "process.events.unsc_resolution.probability", gaza.process.events["unsc_resolution"].probability
    )
    assert share == pytest.approx(drawn.mean(), abs=3 * np.sqrt(0.25 / 4000))


def test_the_same_question_gives_the_same_arrays_and_another_seed_does_not(study: Study, result: Result) -> None:
    again = study.run(result.question.runs)
    assert again.performance.identical(result.performance)
    assert all(again.tables[name].identical(table) for name, table in result.tables.items())
    other = Study(study.scenario, study.options, seed=8).run(result.question.runs)
    assert not other.performance.identical(result.performance)


def test_what_drives_the_headline_is_named_by_path(result: Result) -> None:
    assert set(result.influence) <= {path for path, _ in result.scenario.estimates()} | set(unsaid(result.scenario))
    assert "theatre.parameters.attack_risk" in result.influence  # the mission model's own count with the others
    assert max(result.influence.values()) > 0.02
    assert all(0 <= share <= 1 for share in result.influence.values())


def test_public_arrays_are_labelled(result: Result) -> None:
    shortfall = result.force.shortfall.sel(phase="entry", option="support_only", world="no_unsc_resolution")
    assert shortfall.dims == ("sector", "task")
    assert float(shortfall.sum()) >= 0
    assert result.mission.weapons_collected.quantile([0.05, 0.5, 0.95], "run").sizes["option"] == 3


def test_options_are_compared_run_by_run(result: Result) -> None:
    difference = result.compare("un_mandate_full", "decline")
    assert difference.dims == ("run", "criterion")
    without = result.tables["worlds"]["world"] == "no_unsc_resolution"
    assert (difference.sel(criterion=["moral_duty", "own_risk", "cost"])[without] == 0).all()
    with pytest.raises(InputError, match="un_mandate_full"):
        result.compare("un_mandate_ful", "decline")


@pytest.mark.parametrize(
    ("options", "seed", "runs", "says"),
    [(["un_mandat"], 1, 10, "un_mandate"), ([], -1, 10, "seed"), ([], 1, 1, "between 2")],
)
def test_a_study_that_cannot_be_is_refused(gaza: Scenario, options: list[str], seed: int, runs: int, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Study(gaza, options, seed).question(runs)


def test_only_what_chance_does_not_explain_is_worth_asking_about(result: Result) -> None:
    found = insight(result)
    assert all(each.value > 2 * each.error for each in found.information.values())
    regret = result.appraisal.regret.mean("run").min()
    assert found.both.value == pytest.approx(float(regret)), "what choosing now loses to knowing all"
    assert found.facts.value < found.both.value
    assert found.facts.value == pytest.approx(
        float(result.appraisal.score.max("option").mean() - result.appraisal.score.mean("run").max())
    )
