"""How one engine's result becomes the next one's input: terms to pledges to troops to presence on the ground."""

from __future__ import annotations

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.force import Deployment, Plan
from contingent.labels import PHASE, PLEDGE, RUN, SECTOR, TASK, UNIT_TYPE, WEEK
from contingent.mission.presence import Presence
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.model import Scenario


def presence(deployment: Deployment) -> Presence:
    """A deployment as the mission sees it: who is planned where, and what comes of it in each run.

    Pledges that serve nowhere are left out, so that an option that sends nobody is the baseline to the last bit.
    """
    serves = deployment.planned.any([WEEK, SECTOR, TASK])
    arrays = (deployment.planned, deployment.delivered, deployment.delay, deployment.contributor)
    return Presence(*(array.isel({PLEDGE: serves.to_numpy()}) for array in arrays))


def supply(plan: Plan, deployment: Deployment, scenario: Scenario, design: Design) -> xr.Dataset:
    """What comes of a plan in each run, over (run).

    `coverage`: share of wanted strength that is covered, all phases; late arrival counts in the mission, not here.
    `troops`: persons of the plan's largest week that come. `contributor_troops`: of the contributor whose decision it
    is. `contributor_cost`: USD over the horizon that this contributor bears, net of what a fund pays back.
    """
    delivered = deployment.delivered.transpose(RUN, PLEDGE).to_numpy()
    own = deployment.contributor.to_numpy() == scenario.contributor
    peak = deployment.planned.sum([SECTOR, TASK]).transpose(PLEDGE, WEEK).to_numpy()
    rows = {
        "coverage": coverage(plan, scenario, delivered),
        "troops": (delivered @ peak).max(axis=1),
        "contributor_troops": (delivered[:, own] @ peak[own]).max(axis=1) if own.any() else np.zeros(len(delivered)),
        "contributor_cost": contributor_cost(deployment, scenario, design, own),
    }
    units = {"coverage": "1", "troops": "person", "contributor_troops": "person", "contributor_cost": "USD"}
    data = {name: (RUN, values, {"units": units[name]}) for name, values in rows.items()}
    return xr.Dataset(data, coords={RUN: design.index})


def coverage(plan: Plan, scenario: Scenario, delivered: np.ndarray) -> np.ndarray:
    """Share of wanted strength covered; shape (run,). Troops beyond what is wanted in one place cover no other."""
    required = plan.required.transpose(UNIT_TYPE, PHASE, SECTOR, TASK)
    assigned = plan.assigned.transpose(PLEDGE, PHASE, SECTOR, TASK).to_numpy().reshape(len(scenario.pledges), -1)
    units = np.array([pledge.unit for pledge in scenario.pledges])
    covered = np.zeros(len(delivered))
    for unit in required[UNIT_TYPE].to_numpy():
        wanted = required.sel({UNIT_TYPE: unit}).to_numpy().ravel()
        covered += np.minimum(delivered[:, units == unit] @ assigned[units == unit], wanted).sum(axis=1)
    total = float(required.sum())
    return covered / total if total > 0 else np.ones(len(delivered))


def contributor_cost(deployment: Deployment, scenario: Scenario, design: Design, own: np.ndarray) -> np.ndarray:
    """USD that the contributor whose decision it is bears over the horizon; shape (run,)."""
    weeks = deployment.planned.sum([SECTOR, TASK]).transpose(PLEDGE, WEEK).to_numpy()
    paid = design.sample("reimbursement.rate", scenario.reimbursement.rate) * design.sample(
        "reimbursement.paid", scenario.reimbursement.paid
    )
    total = np.zeros(design.index.size)
    for position in np.flatnonzero(own):
        pledge = scenario.pledges[position]
        there = np.count_nonzero(weeks[position])
        late = np.minimum(deployment.delay.isel({PLEDGE: position}).to_numpy(), there) / max(there, 1)
        months = weeks[position].sum() / WEEKS_A_MONTH * deployment.delivered.isel({PLEDGE: position}).to_numpy()
        each = design.sample(f"pledges.{pledge.id}.cost", pledge.cost) - (paid if pledge.reimbursed else 0.0)
        total += months * (1 - late) * np.maximum(each, 0.0)
    return total
