"""What is still covered once it is known who comes: the plan as it was made, and re-planned with those who are there.

In every run each pledge keeps the share and comes with the delay that `deploy` drew. *As planned*: those who come stand
where the plan put them and the other posts stay empty, even where that breaks a rule on the force's composition.
*Re-planned*: all who come are dealt out anew from the start within every rule, with perfect knowledge and units that
may be split (`trials`): no re-planning on the way can do better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contingent.force.deploy import Deployment
from contingent.force.instance import Instance
from contingent.force.plan import Plan
from contingent.force.pose import HALF_YEAR, first_period, pose
from contingent.force.trials import Move, Trials
from contingent.labels import PLEDGE
from contingent.scenario.model import Scenario

MET = 0.5  # persons below all minima together that still count as met


@dataclass(frozen=True, slots=True)
class Realizations:
    """Persons below the minimum by run and task, averaged over weeks; every array has shape (run, task)."""

    tasks: tuple[str, ...]
    planned: np.ndarray
    replanned: np.ndarray
    broken: np.ndarray
    """Whether those who come break a rule on composition if all stay where the plan put them; (run,)."""

    def met(self, which: np.ndarray) -> float:
        """Share of runs in which every minimum is met."""
        return float((which.sum(1) < MET).mean())


def realizations(scenario: Scenario, plan: Plan, deployment: Deployment, period: int = HALF_YEAR) -> Realizations:
    """What every run of a deployment covers.

    Args:
        scenario: as it stands under one option.
        plan: of that option, made in steps of `period` weeks.
        deployment: the plan's luck in every run.
        period: weeks in one step of the plan.
    """
    instance = pose(scenario, period)
    groups, cells, demand, calendar = instance.groups, instance.cells, instance.demand, instance.calendar
    trials, none = Trials(instance), np.zeros(0, int)
    share = deployment.delivered.sel({PLEDGE: list(groups.name)}).values
    late = deployment.delay.sel({PLEDGE: list(groups.name)}).values
    serving = _serving(instance, plan)
    columns, high = trials.posed.columns, trials.matrices.high
    drawn = np.concatenate([columns["x"].ravel(), columns["use"].ravel()])
    steps, weeks = np.arange(len(calendar)), calendar.weeks / calendar.weeks.sum()
    of_task = (demand.task[:, None] == np.arange(len(instance.tasks))).astype(float)
    broken = np.zeros(len(share), bool)
    planned, replanned = np.zeros((2, len(share), len(instance.tasks)))
    for run in range(len(share)):
        there = steps[None, :] >= first_period(groups.notice + late[run], calendar)[:, None]
        come = there * share[run][:, None]
        kept = come[cells.group]
        covered = np.zeros_like(demand.minimum)
        np.add.at(covered, cells.row, serving * kept)
        broken[run] = _breaks(instance, serving * kept)
        planned[run] = np.maximum(demand.minimum - covered, 0) @ weeks @ of_task
        # the pledge as a whole too: else each of its places could be filled up to the share, and all of them serve
        most = high[drawn] * np.concatenate([kept.ravel(), come.ravel()])
        bounds = dict(zip(drawn.tolist(), most.tolist(), strict=True))
        replanned[run] = trials.outcome(Move(none, high=bounds)).by_row @ weeks @ of_task
    return Realizations(instance.tasks, planned, replanned, broken)


def _breaks(instance: Instance, people: np.ndarray) -> bool:
    """Whether persons by cell and period break a rule on shares in any period."""
    sender, total = instance.groups.contributor[instance.cells.group], people.sum(0)
    for rule in instance.limits.shares:
        held = people[rule.members[sender]].sum(0)
        over = rule.share * total - held if rule.least else held - rule.share * total
        if (over > MET).any():
            return True
    return False


def _serving(instance: Instance, plan: Plan) -> np.ndarray:
    """Persons at work by cell and period, as the plan has them; a pledge has one cell in a sector and task."""
    demand, cells = instance.demand, instance.cells
    found = np.zeros((len(cells.group), len(instance.calendar)))
    for cell, (group, row) in enumerate(zip(cells.group.tolist(), cells.row.tolist(), strict=True)):
        place = {"sector": instance.sectors[demand.sector[row]], "task": instance.tasks[demand.task[row]]}
        found[cell] = plan.serving.sel({PLEDGE: instance.groups.name[group], **place}).values
    return found
