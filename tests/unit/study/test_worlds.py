"""An option stands in a world of events it does not decide; the usual world is that of the likelier events."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.read import read
from contingent.study.formulas import engine_faults
from contingent.study.study import Study
from contingent.study.worlds import happened, in_world, standing, usual, worlds


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


def two_events(gaza: Scenario) -> Scenario:
    """A second event that changes the scenario, and a third that does not."""
    first = gaza.process.events["unsc_resolution"]
    other = first.model_copy(update={"sets": {"mandate.command": "un"}, "otherwise": {}})
    idle = first.model_copy(update={"sets": {}, "otherwise": {}})
    events = {"unsc_resolution": first, "un_takes_over": other, "idle": idle}
    return gaza.model_copy(update={"process": gaza.process.model_copy(update={"events": events})})


def test_worlds_are_every_combination_of_the_events_that_change_something(gaza: Scenario) -> None:
    found = worlds(two_events(gaza))
    assert [*found] == [
        "unsc_resolution un_takes_over", "unsc_resolution no_un_takes_over",
        "no_unsc_resolution un_takes_over", "no_unsc_resolution no_un_takes_over",
    ]  # fmt: skip
    event = gaza.process.events["unsc_resolution"]
    assert found["unsc_resolution un_takes_over"] == {**event.sets, "mandate.command": "un"}
    assert found["no_unsc_resolution no_un_takes_over"] == event.otherwise


def test_an_event_happens_where_its_draw_lies_below_its_chance(gaza: Scenario) -> None:
    scenario, design = two_events(gaza), Design(5, 400)
    found = happened(scenario, design)
    path = "process.events.unsc_resolution"
    chance = design.sample(f"{path}.probability", scenario.process.events["unsc_resolution"].probability)
    comes = design.uniform(f"{path}.happens") < chance
    assert [name.startswith("unsc_resolution ") for name in found] == comes.tolist()
    assert set(found) == set(worlds(scenario))
    part = happened(scenario, design.chunk(100, 150))
    assert part.tolist() == found[100:150].tolist()
    sure = replace(scenario.process.events["unsc_resolution"].probability, best=1.0, low=1.0, high=1.0)
    event = scenario.process.events["unsc_resolution"].model_copy(update={"probability": sure})
    process = scenario.process.model_copy(update={"events": {"unsc_resolution": event}})
    assert set(happened(scenario.model_copy(update={"process": process}), design)) == {"unsc_resolution"}


def test_without_events_every_run_is_in_the_world_described() -> None:
    assert set(happened(read("unifil_2006"), Design(1, 5))) == {"as_described"}
    assert worlds(read("unifil_2006")) == {"as_described": {}}


TRUCE = {"label": "A truce comes", "probability": 0.5, "delay": 30}
HOPED = {"process.events.truce": TRUCE, "process.events.backstop": {**TRUCE, "label": "A backstop", "after": ["truce"]}}


def test_an_event_that_comes_after_another_is_in_no_world_without_it() -> None:
    said = {"sets": {"mandate.command": "un"}}
    events = {path: {**each, **said} for path, each in HOPED.items()}
    scenario = read("unifil_2006").with_(events)
    assert [*worlds(scenario)] == ["truce backstop", "truce no_backstop", "no_truce no_backstop"]
    assert set(happened(scenario, Design(3, 200))) == set(worlds(scenario))
    assert usual(scenario.with_({"process.events.backstop.probability": 0.9})) == "no_truce no_backstop"


def test_a_pledge_may_wait_for_an_event_by_name() -> None:
    base = read("unifil_2006")
    own = next(pledge.id for pledge in base.pledges if pledge.contributor == base.contributor)
    after = {"label": "Only in a truce", "requires": {"event.truce": True}, "assumption": "an example"}
    scenario = base.with_({**HOPED, "caveats.after_truce": after, f"pledges.{own}.caveats": ["after_truce"]})
    assert [*worlds(scenario)] == ["truce", "no_truce"]
    result = Study(scenario).run(60)
    come = result.tables["worlds"]["world"].to_numpy() == "truce"
    first = result.tables["weekly"]["troops"].sel(option="infantry")
    assert 10 < come.sum() < 50
    held = {world: result.plans["infantry", world].assigned.sel(pledge=own).sum().item() for world in worlds(scenario)}
    assert held["truce"] > 0 == held["no_truce"]
    assert first[come].max() > first[~come].max()


def test_an_option_that_takes_away_what_an_event_changes_or_every_pledge_is_run_as_it_is_checked() -> None:
    base = read("unifil_2006")
    taken = {f"pledges.{pledge.contributor}": "none" for pledge in base.pledges}
    truce = {**TRUCE, "sets": {"pledges.ITA.reliability": 0.9}}
    decider, first = base.process.decider[0], base.pledges[0].id
    gate = {"label": "Once it is agreed", "kind": "veto", "duration": 3, "members": {decider: {"seats": 1}},
            "applies_if": {f"pledges.{first}.readiness": "aligned"}}  # fmt: skip
    scenario = base.with_(
        {"options.decline.overrides": taken, "process.events.truce": truce, "process.gates.agreed": gate}
    )
    assert not [*engine_faults(scenario)]
    found = Study(scenario).run(20)
    assert float(found.tables["weekly"]["troops"].sel(option="decline").max()) == 0
    assert found.plans["decline", "truce"].solver.status == "optimal"
