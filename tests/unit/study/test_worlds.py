"""An option stands in a world of events it does not decide; the usual world is that of the likelier events."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contingent.scenario.model import Scenario
from contingent.scenario.read import read
from contingent.study.worlds import in_world, standing, usual, worlds


@pytest.mark.parametrize(
    ("option", "world"), [("decline", "no_unsc_resolution"), ("un_mandate_full", "unsc_resolution")]
)
def test_an_option_stands_in_the_world_it_describes(gaza: Scenario, option: str, world: str) -> None:
    under = gaza.under(option)
    assert standing(under) == world
    for name, brings in worlds(gaza).items():
        assert standing(in_world(under, brings)) == name


def test_the_usual_world_follows_the_events_probability(gaza: Scenario) -> None:
    assert usual(gaza) == "unsc_resolution"
    event = gaza.process.events["unsc_resolution"]
    rare = event.model_copy(update={"probability": replace(event.probability, best=0.4)})
    process = gaza.process.model_copy(update={"events": {"unsc_resolution": rare}})
    assert usual(gaza.model_copy(update={"process": process})) == "no_unsc_resolution"


def test_without_events_there_is_one_world() -> None:
    scenario = read("unifil_2006")
    assert usual(scenario) == standing(scenario) == "as_described"
