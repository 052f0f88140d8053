"""The number that a trace prints is the one its words and its unit say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import xarray as xr

from contingent.study.result import Result
from contingent.study.trace import trace

OPTION = "un_mandate_full"


@pytest.fixture(scope="module")
def weekly(result: Result) -> Callable[[str], xr.DataArray]:
    return lambda name: result.tables["weekly"][name].sel(option=OPTION)


def test_trucks_are_those_of_a_day(result: Result, weekly: Callable[[str], xr.DataArray]) -> None:
    found = trace(result, "mission.trucks_delivered", option=OPTION)
    assert found.unit == "truck/day"
    assert found.mean == pytest.approx(float(weekly("trucks_delivered").mean()) / 7)
    in_week = trace(result, "mission.trucks_delivered", option=OPTION, week="24")
    assert in_week.mean == pytest.approx(float(weekly("trucks_delivered").sel(week=24).mean()) / 7)


def test_incidents_are_those_of_a_week(result: Result, weekly: Callable[[str], xr.DataArray]) -> None:
    found = trace(result, "mission.events", option=OPTION)
    assert found.unit == "event/week"
    assert found.mean == pytest.approx(float(weekly("events").mean()))


@pytest.mark.parametrize("name", ["weapons_collected", "force_deaths", "civilian_deaths", "outside_deaths"])
def test_what_is_summed_up_to_a_week_is_not_that_of_the_week(
    result: Result, weekly: Callable[[str], xr.DataArray], name: str
) -> None:
    so_far = weekly({"force_deaths": "own_deaths"}.get(name, name)).cumsum("week")
    found = trace(result, f"mission.{name}", option=OPTION, week="60")
    assert found.mean == pytest.approx(float(so_far.isel(week=59).mean()))
    assert trace(result, f"mission.{name}", option=OPTION).mean == pytest.approx(float(so_far.isel(week=-1).mean()))


@pytest.mark.parametrize("name", ["required", "assigned", "shortfall"])
def test_persons_of_one_phase_are_not_counted_again_in_the_next(result: Result, name: str) -> None:
    found = trace(result, f"force.{name}", option=OPTION, world="unsc_resolution")
    plan = result.force[name].sel(option=OPTION, world="unsc_resolution")
    by_phase = plan.sum([dim for dim in plan.dims if dim != "phase"])
    assert found.mean == pytest.approx(float(by_phase.max()))
    assert 0 < found.mean < 0.9 * float(plan.sum())


def test_a_rank_acceptability_without_a_rank_is_that_of_the_first(result: Result) -> None:
    found = trace(result, "appraisal.ranks", option=OPTION)
    assert found.mean == pytest.approx(float(result.appraisal.ranks.sel(option=OPTION, rank=1)))


@pytest.mark.parametrize(
    "name", ["force.coverage", "mission.weapons_collected", "mission.own_deaths", "mission.need_averted"]
)
def test_what_hangs_on_troops_hangs_on_the_resolution(result: Result, name: str) -> None:
    found = trace(result, name, option=OPTION)
    assert "process.events.unsc_resolution.delay" in {each.path for each in found.inputs}
    assert "process.deadline" not in {each.path for each in found.inputs}


def test_the_delay_of_the_resolution_moves_what_troops_do(result: Result) -> None:
    found = trace(result, "mission.weapons_collected", option=OPTION)
    assert [each.path for each in found.inputs if each.share and each.path.startswith("process.events")]
