"""How do the engines work on one part of the ensemble, each one's result the next one's input?

Model coupling: terms to pledges to troops to presence on the ground. A step whose inputs are those of an earlier study
is not done again (incremental computation).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from contingent import force
from contingent.consultation.consult import Deliberation, deliberate
from contingent.ensemble.design import HYPERCUBE, Design
from contingent.ensemble.summary import summarize
from contingent.errors import ContingentError
from contingent.force import Deployment, Plan
from contingent.force.deploy import in_theatre
from contingent.labels import CRITERION, OPTION, PHASE, PLEDGE, RUN, SECTOR, TASK, UNIT_TYPE, WEEK
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.model import Scenario
from contingent.study.measures import Evidence, performance
from contingent.study.worlds import days_in, happened, start_of


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
    `troops`: persons in theatre in the week in which most are, within the horizon. `contributor_troops`: of the
    contributor whose decision it is. `contributor_cost`: USD over the horizon that this contributor bears, net of what
    a fund pays back. `cost`: USD over the horizon for everybody who is there, whoever bears it.
    """
    delivered = deployment.delivered.transpose(RUN, PLEDGE).to_numpy()
    own = deployment.contributor.to_numpy() == scenario.contributor
    here = in_theatre(deployment).transpose(RUN, WEEK, PLEDGE).to_numpy()
    rows = {
        "coverage": coverage(plan, scenario, delivered),
        "troops": here.sum(2).max(axis=1),
        "contributor_troops": here[:, :, own].sum(2).max(axis=1),
        "contributor_cost": contributor_cost(here, scenario, design, own),
        "cost": np.sum([
            here[:, :, i].sum(axis=1) / WEEKS_A_MONTH * design.sample(f"pledges.{pledge.id}.cost", pledge.cost)
            for i, pledge in enumerate(scenario.pledges)
        ], axis=0) if scenario.pledges else np.zeros(design.index.size),
    }  # fmt: skip
    units = {"coverage": "1", **dict.fromkeys(("troops", "contributor_troops"), "person"),
             **dict.fromkeys(("contributor_cost", "cost"), "USD")}  # fmt: skip
    data = {name: (RUN, values, {"units": units[name]}) for name, values in rows.items()}
    return xr.Dataset(data, coords={RUN: design.index})


def coverage(plan: Plan, scenario: Scenario, delivered: np.ndarray) -> np.ndarray:
    """Share of wanted strength covered; shape (run,). Troops beyond what is wanted in one place cover no other."""
    required = plan.required.transpose(UNIT_TYPE, PHASE, SECTOR, TASK)
    assigned = plan.assigned.transpose(PLEDGE, PHASE, SECTOR, TASK).to_numpy()
    assigned = assigned.reshape(len(assigned), math.prod(assigned.shape[1:]))
    units = np.array([pledge.unit for pledge in scenario.pledges])
    covered = np.zeros(len(delivered))
    for unit in required[UNIT_TYPE].to_numpy():
        wanted = required.sel({UNIT_TYPE: unit}).to_numpy().ravel()
        covered += np.minimum(delivered[:, units == unit] @ assigned[units == unit], wanted).sum(axis=1)
    total = float(required.sum())
    return covered / total if total > 0 else np.ones(len(delivered))


def contributor_cost(here: np.ndarray, scenario: Scenario, design: Design, own: np.ndarray) -> np.ndarray:
    """USD that the contributor whose decision it is bears over the horizon; shape (run,).

    `here` (run, week, pledge): persons in theatre. `own` (pledge): whether it is that contributor's.
    """
    paid = design.sample("reimbursement.rate", scenario.reimbursement.rate) * design.sample(
        "reimbursement.paid", scenario.reimbursement.paid
    )
    months = here.sum(axis=1) / WEEKS_A_MONTH
    total = np.zeros(design.index.size)
    for position in np.flatnonzero(own):
        pledge = scenario.pledges[position]
        each = design.sample(f"pledges.{pledge.id}.cost", pledge.cost) - (paid if pledge.reimbursed else 0.0)
        total += months[:, position] * np.maximum(each, 0.0)
    return total


@dataclass(frozen=True, slots=True)
class Job:
    """One part of the ensemble, for every option: all that a worker needs."""

    base: Scenario
    options: Mapping[str, Scenario]
    """The scenario under each option."""
    worlds: Mapping[tuple[str, str], Scenario]
    """The scenario under each option in each world, by (option, world)."""
    plans: Mapping[tuple[str, str], Plan]
    design: Design
    earlier: Earlier | None = None

    def branches(self, option: str) -> dict[str, Scenario]:
        """The scenario under an option in every world, by world."""
        return {where: scenario for (under, where), scenario in self.worlds.items() if under == option}


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same ensemble, or part of it, as it was done for an earlier question: its tables over (option, run)."""

    job: Job
    tables: Mapping[str, xr.Dataset]

    def part(self, design: Design) -> Earlier:
        """Of these runs alone."""
        rows = {name: table.isel({RUN: design.index}) for name, table in self.tables.items() if RUN in table.dims}
        return Earlier(replace(self.job, design=design), rows)


Part = dict[str, xr.Dataset]
"""The engines' results over (option, run), by table."""
COLUMNS = "columns"  # the table of what is kept of every run of an ensemble too large for all the others


@dataclass(frozen=True, slots=True)
class Failure:
    """A part that could not be done: its first and last run, and why."""

    first: int
    last: int
    why: str


def attempt(job: Job) -> Part | Failure:
    """The part, or why there is none; what a user can mend is raised at once, for it would stop every part."""
    try:
        return work(job)
    except ContingentError:
        raise
    except Exception as error:
        index = job.design.index
        return Failure(int(index[0]), int(index[-1]), f"{type(error).__name__}: {error}")


def work(job: Job) -> Part:
    """The engines' results for one part of the ensemble; a pure function of the job."""
    world = happened(job.base, job.design)
    talks = deliberate(job.base, job.design)
    kept = dict(taken_over(job, world, talks))
    by_option = [
        {"consultation": talks.consultation(option).data}
        | (kept.get(option) or ground_tables(option, job, world, talks.carried_out_from(option)))
        for option in job.options
    ]
    tables = {name: stack([found[name] for found in by_option], OPTION, list(job.options)) for name in by_option[0]}
    tables["outlook"] = talks.table
    tables["worlds"] = xr.Dataset({"world": (RUN, world)}, coords={RUN: job.design.index})
    if job.design.runs <= HYPERCUBE:
        return tables
    judged = performance(Evidence(job.base, job.options, job.design, tables))
    columns = tables["consultation"][["passes", "other_terms"]].assign(performance=judged)
    return ({} if job.design.index[0] >= HYPERCUBE else tables) | {COLUMNS: columns}


def ground_tables(option: str, job: Job, world: np.ndarray, decided: np.ndarray) -> dict[str, xr.Dataset]:
    """The force and what happens on the ground under an option, each run in the world it is in.

    `decided` (run): the day on which the contributor has decided and been accepted.
    """
    by_world, parts, branches = [], job.base.parts, job.branches(option)
    for name in sorted({str(w) for w in world}):
        scenario, plan = job.worlds[option, name], job.plans[option, name]
        design = job.design.choose(world == name)
        start = start_of(branches, name, design, decided[world == name])
        deployment = force.deploy(plan, scenario, design, start)
        days = days_in(name, scenario, design)
        ground = simulate(scenario, presence(deployment), design, parts, days)
        by_world.append({
            "deployment": supply(plan, deployment, scenario, design), "weekly": ground.weekly,
            "sectors": ground.sectors, "contributors": ground.contributors,
        })  # fmt: skip
    joined = join(by_world)
    return {name: table.sortby(RUN) for name, table in joined.items()}


DELIBERATED = frozenset({
    "name", "title", "question", "marking", "markings", "decider", "price_year", "currency", "signals",
    "documents", "claims", "issues", "stakeholders",
    "process", "reference_class", "criteria", "options", "weights", "weight_sets", "adaptive", "unmodelled", "dissent",
})  # fmt: skip
"""Parts of a scenario that neither the force nor the ground reads; of the process, they read what they wait for."""


def on_the_ground(scenario: Scenario) -> dict[str, Any]:
    """What of a scenario, under an option and in a world, the force and the mission can read."""
    gates = {name: gate for name, gate in scenario.process.gates.items() if gate.stage == "acceptance"}
    asked = (*(gate.applies_if for gate in gates.values()), *(caveat.requires for caveat in scenario.caveats.values()))
    named = {path.partition(".")[0] for conditions in asked for path in conditions}
    fields = type(scenario).model_fields.keys() - (DELIBERATED - named)
    waited = {"process.events": scenario.process.events, "process.gates": gates}
    return waited | {name: getattr(scenario, name) for name in fields}


def taken_over(job: Job, world: np.ndarray, talks: Deliberation) -> Iterator[tuple[str, dict[str, xr.Dataset]]]:
    """The options whose force and ground have the inputs that they had earlier, with the tables found then."""
    if job.earlier is None or job.earlier.job.base.parts != job.base.parts:
        return
    then, tables = job.earlier.job, job.earlier.tables
    if not np.array_equal(happened(then.base, then.design), world):
        return
    talked = deliberate(then.base, then.design)
    for option in job.options.keys() & then.options.keys():
        now, was = job.branches(option), then.branches(option)
        if now.keys() != was.keys() or any(on_the_ground(now[w]) != on_the_ground(was[w]) for w in now):
            continue
        own = any(each.own for each in now.values())
        if own and not np.array_equal(talks.carried_out_from(option), talked.carried_out_from(option)):
            continue
        yield option, {name: tables[name].sel({OPTION: option}, drop=True)
                       for name in ("deployment", "weekly", "sectors", "contributors")}  # fmt: skip


def join(parts: list[Part]) -> dict[str, xr.Dataset]:
    """Parts of one ensemble as whole tables, along the runs.

    A contributor that only some worlds have is not-a-number in the others.
    """
    return {
        name: xr.concat(
            [part[name] for part in parts if name in part], RUN, join="outer", data_vars="minimal", coords="minimal",
            compat="override", combine_attrs="override",
        )
        for name in parts[0]
    }  # fmt: skip


def gather(parts: Iterable[Part], runs: int) -> dict[str, xr.Dataset]:
    """The same of so many runs in little more memory: the weekly series, most of it, go to their place part by part."""
    rest, whole = [], xr.Dataset()
    for part in parts:
        series = part.get("weekly", xr.Dataset())  # of runs beyond the first there is none
        if not rest:
            whole = series.isel({RUN: np.zeros(runs, int)}).assign_coords({RUN: np.arange(runs)})
        for name, values in series.data_vars.items():
            start = int(values[RUN][0])
            at = tuple(slice(start, start + n) if dim == RUN else slice(None) for dim, n in values.sizes.items())
            whole[name].to_numpy()[at] = values.to_numpy()
        rest.append({name: table for name, table in part.items() if name != "weekly"})
        del part, series  # before the next one is read
    return {**join(rest), "weekly": whole}


def stack(tables: list[xr.Dataset], dimension: str, labels: list[str]) -> xr.Dataset:
    """Tables of several options as one, with a new first dimension.

    Labels that only some options have (a contributor that is not there) are filled with not-a-number.
    """
    return xr.concat(
        tables, xr.Variable(dimension, labels), join="outer", coords="minimal", compat="override",
        combine_attrs="override", data_vars="all",
    )  # fmt: skip


ROOM = 100_000_000  # bytes of columns that are held at once
Spreads = dict[str, dict[str, Any]]
"""By option, how its chances and its performance are spread over runs: see `spread_of`."""


def spreads(columns: Callable[[list[str]], xr.Dataset], options: list[str], criteria: int, runs: int) -> Spreads:
    """How every option's chances and performance are spread over so many runs.

    `columns` gives those of some options over (option, run): of as many at a time as there is room for in memory.
    """
    step = max(1, ROOM // (8 * runs * (criteria + 2)))
    found: Spreads = {}
    for start in range(0, len(options), step):
        names = options[start : start + step]
        table = columns(names)
        found |= {name: spread_of(table, name) for name in names}
    return found


def spread_of(columns: xr.Dataset, option: str) -> dict[str, Any]:
    """Mean, quantiles and Monte Carlo error of an option's chances and of its performance on each criterion."""
    at = columns.sel({OPTION: option})
    chances = {name: asdict(summarize(at[name])) for name in ("passes", "other_terms")}
    judged = {str(name): asdict(summarize(at["performance"].sel({CRITERION: name}))) for name in at[CRITERION].values}
    return {**chances, "criteria": judged}
