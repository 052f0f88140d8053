"""How the plan becomes troops: week by week, with pledges that may not come, and may come late.

One judgement a run and contributor: a capital that backs out backs out of all it offered, so one
uniform number decides all of a contributor's pledges against each one's own reliability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.force.plan import Plan
from contingent.labels import PLEDGE, RUN, WEEK
from contingent.notation import parse_estimate
from contingent.quantities import Unit
from contingent.scenario.model import Scenario

# Of those that came to UNIFIL in 2006, the share of the pledge present by December: France 90 %, Italy 94 %,
# Spain 106 %, Germany 90 %, Belgium 93 % or more (IPI against pledges in the press of August 2006).
COMPLETE = parse_estimate("0.93 (0.75 to 1)", Unit("1", 0, 1))
# Weeks behind the notice given. Judgement from formed units' months after the mandate: UNISFA 2; MINUSMA 4 to 10
# (new contributors); UNMISS 6 to 31 (IPI); notices already hold the usual two to four months.
LATE = parse_estimate("5 (1 to 26) weeks", Unit("week", 0))


@dataclass(frozen=True, slots=True)
class Deployment:
    """The force by week as planned, and which part of it comes, and when, in every run."""

    planned: xr.DataArray
    """(pledge, week, sector, task) persons"""
    delivered: xr.DataArray
    """(run, pledge) share of what was planned that comes"""
    delay: xr.DataArray
    """(run, pledge) weeks behind the plan"""
    contributor: xr.DataArray
    """(pledge) who sends it"""


def deploy(plan: Plan, scenario: Scenario, design: Design) -> Deployment:
    """The weekly force of a plan and its luck in every run of a design."""
    pledges = list(scenario.pledges)
    ids = [p.id for p in pledges]
    coords = {RUN: design.index, PLEDGE: ids}
    share, delay = np.zeros((len(design.index), len(ids))), np.zeros((len(design.index), len(ids)))
    for i, pledge in enumerate(pledges):
        backs = design.uniform(f"force.backing.{pledge.contributor}")
        reliable = design.sample(f"pledges.{pledge.id}.reliability", pledge.reliability)
        whole = design.sample(f"force.complete.{pledge.contributor}", COMPLETE)
        share[:, i] = np.where(backs < reliable, whole, 0.0)
        delay[:, i] = design.sample(f"force.delay.{pledge.contributor}", LATE)
    return Deployment(
        planned=weekly(plan, scenario),
        delivered=xr.DataArray(share, coords=coords, attrs={"units": "1"}),
        delay=xr.DataArray(delay, coords=coords, attrs={"units": "week"}),
        contributor=xr.DataArray([p.contributor for p in pledges], coords={PLEDGE: ids}),
    )


def in_theatre(deployment: Deployment) -> xr.DataArray:
    """Persons of every pledge there by week in every run, (run, week, pledge): what comes, as late as it comes."""
    planned = deployment.planned.sum([d for d in deployment.planned.dims if d not in (PLEDGE, WEEK)])
    planned = planned.transpose(WEEK, PLEDGE).values
    weeks, late = np.arange(len(planned)), np.rint(deployment.delay.values).astype(int)
    since = weeks[None, :, None] - late[:, None, :]
    each = np.arange(planned.shape[1])
    here = np.where(since >= 0, planned[np.maximum(since, 0), each], 0.0) * deployment.delivered.values[:, None, :]
    coords = {RUN: deployment.delivered[RUN], WEEK: weeks, PLEDGE: deployment.delivered[PLEDGE]}
    return xr.DataArray(here, coords=coords, dims=(RUN, WEEK, PLEDGE), attrs={"units": "person"})


def weekly(plan: Plan, scenario: Scenario) -> xr.DataArray:
    """Persons by (pledge, week, sector, task) over the scenario's horizon; nobody after the plan ends."""
    weeks = np.arange(scenario.horizon)
    return plan.weekly.reindex({WEEK: weeks}).fillna(0.0).assign_attrs(units="person")
