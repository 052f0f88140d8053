"""How the plan becomes troops: week by week, with pledges that may not come, and may come late.

Realized supply and its coverage.

One judgement a run and contributor: a capital that backs out backs out of all it offered, so one
uniform number decides all of a contributor's pledges against each one's own reliability. The plan is made with what
pledges hold at best; what they hold, how many a contributor can keep there, how many are authorized and how long a
pledge's notice is turn out in each run, and who comes is cut down to it, in proportion (`held`). Nobody sends more than
the plan asks for.

People come once the latest of three clocks has run out: the plan's, counted from the day on which the force may begin;
the build-up of past missions, counted from the mandate, in which all of a mission are early or late together; and the
pledge's own, its decision and its notice. They run at the same time, so nothing is counted twice.

What is still covered once it is known who comes: the plan as it was made, and re-planned with those who are there.

In every run each pledge keeps the share and comes with the delay that `deploy` drew. *As planned*: those who come stand
where the plan put them and the other posts stay empty, even where that breaks a rule on the force's composition.
*Re-planned*: all who come are dealt out anew from the start within every rule, with perfect knowledge and units that
may be split (`analysis`): no re-planning on the way can do better.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.force.analysis import Move, Trials
from contingent.force.build_instance import HALF_YEAR, build_instance, first_period
from contingent.force.instance import Instance
from contingent.force.plan import Plan
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK
from contingent.notation import parse_estimate
from contingent.precedents.waiting import build_up
from contingent.quantities import Unit
from contingent.scenario.model import Scenario

# Of those that came to UNIFIL in 2006, the share of the pledge present by December: France 90 %, Italy 94 %,
# Spain 106 %, Germany 90 %, Belgium 93 % or more (IPI against pledges in the press of August 2006).
COMPLETE = parse_estimate("0.93 (0.75 to 1)", Unit("1", 0, 1))


@dataclass(frozen=True, slots=True)
class Start:
    """From when on a pledge's people can come, in weeks from the scenario's date; each over (run, pledge)."""

    mandate: xr.DataArray
    """What the pledge rests on is there, such as a resolution: the day from which a build-up is counted."""
    begins: xr.DataArray
    """The force may begin: the host has accepted it too. The plan's weeks are counted from here."""
    ready: xr.DataArray
    """Its own decision and notice are over."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The force by week as planned, and which part of it comes, and when, in every run."""

    planned: xr.DataArray
    """(pledge, week, sector, task) persons"""
    delivered: xr.DataArray
    """(run, pledge) share of what was planned that comes"""
    delay: xr.DataArray
    """(run, pledge) weeks from the scenario's date to the plan's first week, or later than that as people are late"""
    contributor: xr.DataArray
    """(pledge) who answers for it"""


def deploy(plan: Plan, scenario: Scenario, design: Design, start: Start | None = None) -> Deployment:
    """The weekly force of a plan and its luck in every run of a design.

    Without a `start` the mandate is there on the scenario's date, and nothing else is waited for.
    """
    pledges, planned = list(scenario.pledges), weekly(plan, scenario)
    ids = [p.id for p in pledges]
    coords = {RUN: design.index, PLEDGE: ids}
    share, built = np.zeros((len(design.index), len(ids))), np.zeros((len(design.index), len(ids)))
    notice = np.zeros_like(share)
    together = design.uniform("force.build_up")
    for i, pledge in enumerate(pledges):
        notice[:, i] = design.sample(f"pledges.{pledge.id}.notice", pledge.notice) / 7
        capital = scenario.answering(pledge.contributor)
        backs = design.uniform(f"force.backing.{capital}")
        reliable = design.sample(f"pledges.{pledge.id}.reliability", pledge.reliability)
        whole = design.sample(f"force.complete.{capital}", COMPLETE)
        share[:, i] = np.where(backs < reliable, whole, 0.0)
        if pledge.readiness != "deployed":
            built[:, i] = build_up(together, design.uniform(f"force.delay.{capital}"))
    share = held(planned, scenario, design, share)
    first = first_weeks(planned, ids)
    delay = np.max([built - first, notice - first, np.zeros_like(share)], axis=0)
    if start is not None:
        mandate, begins, ready = (
            at.sel({PLEDGE: ids}).transpose(RUN, PLEDGE).to_numpy() for at in (start.mandate, start.begins, start.ready)
        )
        delay = np.max([mandate + built - first, begins, begins + notice - first, ready - first], axis=0)
    return Deployment(
        planned=planned,
        delivered=xr.DataArray(share, coords=coords, attrs={"units": "1"}),
        delay=xr.DataArray(delay, coords=coords, attrs={"units": "week"}),
        contributor=xr.DataArray([scenario.answering(p.contributor) for p in pledges], coords={PLEDGE: ids}),
    )


def held(planned: xr.DataArray, scenario: Scenario, design: Design, share: np.ndarray) -> np.ndarray:
    """The shares of pledges that come, cut down to what turns out in each run; all (run, pledge).

    To each pledge's strength, then to each contributor's ceiling, then to the authorized strength, in the week in which
    most are planned to be there.
    """
    people = planned.sum([SECTOR, TASK]).transpose(PLEDGE, WEEK).to_numpy()
    most, share = people.max(axis=1), share.copy()
    senders = np.array([pledge.contributor for pledge in scenario.pledges])
    for i, pledge in enumerate(scenario.pledges):
        strength = design.sample(f"pledges.{pledge.id}.strength", pledge.strength)
        share[:, i] *= np.minimum(1.0, strength / max(most[i], 1.0))
    limits = {f"contributors.{code}.ceiling": (who.ceiling, senders == code)
              for code, who in scenario.contributors.items()}  # fmt: skip
    limits["mandate.authorized_strength"] = (scenario.mandate.authorized_strength, np.ones(len(senders), bool))
    for path, (limit, whose) in limits.items():
        peak = (share[:, whose] @ people[whose]).max(axis=1, initial=1.0)
        share[:, whose] *= np.minimum(1.0, design.sample(path, limit) / peak)[:, None]
    return share


def first_weeks(planned: xr.DataArray, pledges: list[str]) -> np.ndarray:
    """The first week of the plan in which each pledge has people there; (pledge,)."""
    return planned.any([SECTOR, TASK]).transpose(PLEDGE, WEEK).sel({PLEDGE: pledges}).to_numpy().argmax(1)


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
    instance = build_instance(scenario, period)
    groups, cells, demand, calendar = instance.groups, instance.cells, instance.demand, instance.calendar
    trials, none = Trials(instance), np.zeros(0, int)
    ours = list(groups.name)
    share, late = (each.sel({PLEDGE: ours}).values for each in (deployment.delivered, deployment.delay))
    first = first_weeks(deployment.planned, ours)
    serving = _serving(instance, plan)
    columns, high = trials.posed.columns, trials.matrices.high
    drawn = np.concatenate([columns["x"].ravel(), columns["there"].ravel()])
    steps, weeks = np.arange(len(calendar)), calendar.weeks / calendar.weeks.sum()
    of_task = (demand.task[:, None] == np.arange(len(instance.tasks))).astype(float)
    broken = np.zeros(len(share), bool)
    planned, replanned = np.zeros((2, len(share), len(instance.tasks)))
    for run in range(len(share)):
        ready = np.where(late[run] > 0, first + late[run], groups.notice)
        there = steps[None, :] >= first_period(ready, calendar)[:, None]
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
    held = ((rule, people[rule.members[sender]].sum(0)) for rule in instance.limits.shares)
    over = ((mine - rule.share * total - rule.persons, rule.least) for rule, mine in held)
    return any(((-held if least else held) > MET).any() for held, least in over)


def _serving(instance: Instance, plan: Plan) -> np.ndarray:
    """Persons at work by cell and period, as the plan has them; a pledge has one cell in a sector and task."""
    demand, cells = instance.demand, instance.cells
    found = np.zeros((len(cells.group), len(instance.calendar)))
    for cell, (group, row) in enumerate(zip(cells.group.tolist(), cells.row.tolist(), strict=True)):
        place = {"sector": instance.sectors[demand.sector[row]], "task": instance.tasks[demand.task[row]]}
        found[cell] = plan.serving.sel({PLEDGE: instance.groups.name[group], **place}).values
    return found
