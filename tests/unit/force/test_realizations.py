"""What realized supplies cover: all on time gives the plan back, nobody the minima; re-planning never hurts."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
import xarray as xr

from contingent.ensemble.design import Design
from contingent.force import deploy, plan
from contingent.force.deploy import Deployment, in_theatre, realizations
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def case():
    scenario = read("unifil_2006").under("support_only")
    return scenario, plan(scenario)


def supply(deployment: Deployment, share: float, weeks: float) -> Deployment:
    """A deployment in which every pledge brings the same share, as late."""
    return Deployment(
        deployment.planned,
        xr.full_like(deployment.delivered, share),
        xr.full_like(deployment.delay, weeks),
        deployment.contributor,
    )


def test_everybody_on_time_is_the_plan_and_nobody_leaves_all_minima_open(case) -> None:
    scenario, found = case
    drawn = deploy(found, scenario, Design(seed=1, runs=2))
    phases = scenario.mandate.phases
    weeks = {name: (phase.end - phase.start) / (found.end - found.start).sum() for name, phase in phases.items()}
    short = sum(float(found.critical.sel(phase=name).sum()) * share for name, share in weeks.items())
    full = realizations(scenario, found, supply(drawn, 1.0, 0.0))
    assert full.planned.sum(1) == pytest.approx(short, abs=1e-3)
    assert full.replanned.sum(1) == pytest.approx(short, abs=1)
    assert not full.broken.any()
    none = realizations(scenario, found, supply(drawn, 0.0, 0.0))
    needed = sum(row.minimum.best * weeks[row.phase] for row in scenario.requirements)
    assert none.planned.sum(1) == pytest.approx(needed)
    assert none.replanned.sum(1) == pytest.approx(needed)


def test_re_planning_never_hurts_where_no_rule_was_broken(case) -> None:
    scenario, found = case
    drawn = realizations(scenario, found, deploy(found, scenario, Design(seed=1, runs=40)))
    kept = ~drawn.broken
    assert kept.any()
    assert (drawn.replanned.sum(1)[kept] <= drawn.planned.sum(1)[kept] + 1e-3).all()
    assert drawn.planned.sum(1).std() > 0
    assert 0 <= drawn.met(drawn.planned) <= drawn.met(drawn.replanned) <= 1


def test_people_in_theatre_come_as_late_as_their_pledge(case) -> None:
    scenario, found = case
    drawn = supply(deploy(found, scenario, Design(seed=1, runs=1)), 0.5, 3.0)
    there = in_theatre(drawn).sum("pledge").values[0]
    planned = drawn.planned.sum(["pledge", "sector", "task"]).values
    assert there[3:] == pytest.approx(0.5 * planned[:-3])
    assert np.all(there[:3] == 0)


def test_half_of_a_pledge_is_re_planned_into_no_more_than_half_of_it() -> None:
    """One pledge that may serve many places: each could take it up to the share, all together not."""
    whole = read("isf_gaza").under("un_mandate_full")
    (alone,) = (pledge for pledge in whole.pledges if pledge.id == "pak_infantry")
    scenario = whole.model_copy(update={"pledges": (alone,), "composition": {}})
    found = plan(scenario)
    drawn = deploy(found, scenario, Design(seed=1, runs=1))
    all_, half, none = (
        realizations(scenario, found, supply(drawn, share, 0.0)).replanned.sum() for share in (1.0, 0.5, 0.0)
    )

    def of_use(persons: float) -> float:
        """As many as the minima of its unit leave room for in a phase, averaged over the weeks."""
        room = dict.fromkeys(scenario.mandate.phases, 0.0)
        for row in scenario.requirements:
            room[row.phase] += row.minimum.best if row.unit == alone.unit else 0.0
        phases, ready = scenario.mandate.phases, ceil(alone.notice.best / 7)
        there = {name: phase.end - max(phase.start, ready) for name, phase in phases.items()}
        weeks = sum(phase.end - phase.start for phase in phases.values())
        return sum(min(persons, room[name]) * there[name] for name in there) / weeks

    assert of_use(1.0) == (104 - 11) / 104  # it is there from the end of its notice on
    assert none - all_ == pytest.approx(of_use(alone.strength.best), abs=1)
    assert none - half == pytest.approx(of_use(alone.strength.best / 2), abs=1)
