"""How do the engines work on one part of the ensemble, each one's result the next one's input?

Model coupling: terms to pledges to troops to presence on the ground. A step whose inputs are those of an earlier study
is not done again (incremental computation).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from contingent import force
from contingent.consultation.consult import Deliberation, deliberate
from contingent.ensemble.design import HYPERCUBE, Design
from contingent.errors import ContingentError
from contingent.force import Deployment, Plan
from contingent.force.deploy import in_theatre
from contingent.labels import OPTION, PHASE, PLEDGE, RUN, SECTOR, TASK, UNIT_TYPE, WEEK
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.model import Scenario
from contingent.study.measures import Evidence, Part, join, performance, stack
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
        "contributor_cost": contributor_cost(here, scenario, design),
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


def contributor_cost(here: np.ndarray, scenario: Scenario, design: Design) -> np.ndarray:
    """What the contributor whose decision it is bears over the horizon, in the case's currency; shape (run,).

    Of its own pledges what nobody else bears or pays back, of others' what it bears. `here` (run, week, pledge):
    persons in theatre.
    """
    fund, me = scenario.reimbursement, scenario.contributor
    rate, share = design.sample("reimbursement.rate", fund.rate), design.sample("reimbursement.paid", fund.paid)
    months = here.sum(axis=1) / WEEKS_A_MONTH
    total = np.zeros(design.index.size)
    for position, pledge in enumerate(scenario.pledges):
        mine, borne = pledge.contributor == me, pledge.borne_by.get(me)
        if mine or borne:
            cost = design.sample(f"pledges.{pledge.id}.cost", pledge.cost)
            back = (rate + fund.beside(pledge)) * share if pledge.reimbursed else 0.0
            each = np.maximum(cost * pledge.left - back, 0.0) if mine else 0.0
            total += months[:, position] * (each + (cost * borne.best if borne else 0.0))
    return total


@dataclass(frozen=True)
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
    shown: Collection[str] | None = None
    """The options looked at, if not all are: others are left out unless their ground is as it was earlier."""
    nearer: Earlier | None = None
    """What was asked last, of the options looked at then: most of it may be as it is now where `earlier` is not."""

    @cached_property
    def talks(self) -> Deliberation:
        """The deliberation; that of then where all it depends on is as it was."""
        alike = next((each for each in (self.earlier, self.nearer) if each and heard(self) == heard(each.job)), None)
        return alike.talks if alike else deliberate(self.base, self.design, self.options)

    def branches(self, option: str) -> dict[str, Scenario]:
        """The scenario under an option in every world, by world."""
        return {where: scenario for (under, where), scenario in self.worlds.items() if under == option}


@dataclass(frozen=True)
class Earlier:
    """The same ensemble, or part of it, as it was done for an earlier question: its tables over (option, run)."""

    job: Job
    tables: Mapping[str, xr.Dataset]
    forces: dict[tuple[str, str], tuple[Presence, xr.Dataset]] = field(default_factory=dict)

    @property
    def talks(self) -> Deliberation:
        """The deliberation of then, on the same draws."""
        return self.job.talks

    @property
    def planned(self) -> dict[tuple[str, str], tuple[Scenario, Plan]]:
        """The scenario under each option in each world, and the plan made for it."""
        return {key: (scenario, self.job.plans[key]) for key, scenario in self.job.worlds.items()}

    @cached_property
    def world(self) -> np.ndarray:
        """The world each run was in; (run,)."""
        return happened(self.job.base, self.job.design)

    def part(self, design: Design) -> Earlier:
        """Of these runs alone."""
        if np.array_equal(design.index, self.job.design.index):
            return self
        rows = {name: table.isel({RUN: design.index}) for name, table in self.tables.items() if RUN in table.dims}
        return Earlier(replace(self.job, design=design), rows)


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
    talks = job.talks
    kept = {option: tables for then in (job.nearer, job.earlier) if then
            for option, tables in taken_over(job, then, world, talks)}  # fmt: skip
    shown = list(job.options) if job.shown is None or job.options.keys() <= {*job.shown, *kept} else list(job.shown)

    def of(option: str) -> Part:
        ground = kept.get(option) or ground_tables(option, job, world, talks.carried_out_from(option))
        return {"consultation": talks.consultation(option)} | ground

    with ThreadPoolExecutor(1 if job.shown is None else 2) as pool:  # the kernel lets others work meanwhile
        by_option = [*pool.map(of, shown)]
    tables = {name: stack([found[name] for found in by_option], OPTION, shown) for name in by_option[0]}
    tables["outlook"] = talks.table if job.shown is None else talks.in_time
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
    by_world = []
    for name in sorted({str(w) for w in world}):
        scenario, design = job.worlds[option, name], job.design.choose(world == name)
        people, supplied = arrived(option, name, job, world, decided)
        ground = simulate(scenario, people, design, job.base.parts, days_in(name, scenario, design))
        by_world.append({
            "deployment": supplied, "weekly": ground.weekly, "sectors": ground.sectors,
            "contributors": ground.contributors,
        })  # fmt: skip
    joined = join(by_world)
    order = np.argsort(joined["deployment"][RUN].to_numpy(), kind="stable")
    return {name: table.isel({RUN: order}) for name, table in joined.items()}


def arrived(option: str, name: str, job: Job, world: np.ndarray, decided: np.ndarray) -> tuple[Presence, xr.Dataset]:
    """Who comes under an option in a world's runs, and what of the plan; kept where but the theatre is as it was."""
    then, key, branches = job.earlier, (option, name), job.branches(option)
    alike = then is not None and then.job.plans.get(key) is job.plans[key] and np.array_equal(then.world, world) and (
        np.array_equal(decided, then.talks.carried_out_from(option)) and all(
            on_the_ground(now, {"theatre"}) == on_the_ground(then.job.worlds[option, w], {"theatre"})
            for w, now in branches.items()
        )
    )  # fmt: skip
    known = then.forces if then and alike else {}
    if key not in known:
        scenario, plan, design = job.worlds[key], job.plans[key], job.design.choose(world == name)
        deployment = force.deploy(plan, scenario, design, start_of(branches, name, design, decided[world == name]))
        known[key] = presence(deployment), supply(plan, deployment, scenario, design)
    return known[key]


UNHEARD = {"theatre", "requirements", "unit_types", "composition", "support", "reimbursement", "lift", "routes",
           "learned"}  # fmt: skip
HEARD = {"issues", "stakeholders", "process", "reference_class"}


def heard(job: Job) -> list[Any]:
    """All that a deliberation depends on: quickly told to be the same where a scenario is a copy with other parts."""
    base = job.base
    asked = [gate.applies_if for each in (base, *job.options.values()) for gate in each.process.gates.values()]
    asked += (caveat.requires for caveat in base.caveats.values())
    named = {path.partition(".")[0] for conditions in asked for path in conditions}
    parts = type(base).model_fields.keys() - ((UNHEARD | DELIBERATED - HEARD) - named) - {"options"}
    said = [(name, each.label, each.terms, each.overrides) for name, each in base.options.items()]
    return [said, *(getattr(base, name) for name in sorted(parts))]


DELIBERATED = frozenset({
    "name", "title", "question", "marking", "markings", "decider", "price_year", "currency", "signals",
    "documents", "claims", "issues", "stakeholders",
    "process", "reference_class", "criteria", "options", "weights", "weight_sets", "adaptive", "unmodelled", "dissent",
})  # fmt: skip
"""Parts of a scenario that neither the force nor the ground reads; of the process, they read what they wait for."""


def on_the_ground(scenario: Scenario, but: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """What of a scenario, under an option and in a world, the force and the mission can read; or all but some parts."""
    gates = {name: gate for name, gate in scenario.process.gates.items() if gate.stage == "acceptance"}
    asked = (*(gate.applies_if for gate in gates.values()), *(caveat.requires for caveat in scenario.caveats.values()))
    named = {path.partition(".")[0] for conditions in asked for path in conditions}
    fields = type(scenario).model_fields.keys() - ((DELIBERATED | but) - named)
    waited = {"process.events": scenario.process.events, "process.gates": gates}
    return waited | {name: getattr(scenario, name) for name in fields}


def taken_over(
    job: Job, then: Earlier, world: np.ndarray, talks: Deliberation
) -> Iterator[tuple[str, dict[str, xr.Dataset]]]:
    """The options whose force and ground have the inputs that they had then, with the tables found then."""
    tables = then.tables
    if then.job.base.parts != job.base.parts or not np.array_equal(then.world, world):
        return
    for option in job.options.keys() & {*map(str, tables["deployment"][OPTION].values)}:
        now, was = job.branches(option), then.job.branches(option)
        if now.keys() != was.keys() or any(on_the_ground(now[w]) != on_the_ground(was[w]) for w in now):
            continue
        if then is job.nearer and any(job.plans[option, w] is not then.job.plans[option, w] for w in now):
            continue  # what was told last may have been told with a plan of before
        own = any(each.own for each in now.values())
        if own and not np.array_equal(talks.carried_out_from(option), then.talks.carried_out_from(option)):
            continue
        yield option, {name: tables[name].sel({OPTION: option}, drop=True)
                       for name in ("deployment", "weekly", "sectors", "contributors")}  # fmt: skip
