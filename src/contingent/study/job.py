"""What one part of the ensemble is: its jobs, done anywhere, and how their results fit together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent import force, mission
from contingent.consultation.consult import consult
from contingent.ensemble.design import Design
from contingent.errors import ContingentError
from contingent.force import Plan
from contingent.labels import OPTION, RUN
from contingent.scenario.model import Scenario
from contingent.study.couple import presence, supply
from contingent.study.worlds import happened


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


@dataclass(frozen=True, slots=True)
class Part:
    """The engines' results over (option, run), by table."""

    tables: dict[str, xr.Dataset]


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
    by_option = [option_tables(option, job, world) for option in job.options]
    tables = {name: stack([found[name] for found in by_option], OPTION, list(job.options)) for name in by_option[0]}
    tables["worlds"] = xr.Dataset({"world": (RUN, world)}, coords={RUN: job.design.index})
    return Part(tables)


def option_tables(option: str, job: Job, world: np.ndarray) -> dict[str, xr.Dataset]:
    """Every table of one option, each run in the world it is in."""
    by_world = []
    for name in sorted({str(w) for w in world}):
        scenario, plan = job.worlds[option, name], job.plans[option, name]
        design = job.design.choose(world == name)
        deployment = force.deploy(plan, scenario, design)
        ground = mission.simulate(scenario, presence(deployment), design)
        by_world.append(
            {
                "deployment": supply(plan, deployment, scenario, design),
                "weekly": ground.weekly,
                "sectors": ground.sectors,
                "contributors": ground.contributors,
            }
        )
    joined = join([Part(tables) for tables in by_world])
    ordered = {name: table.sortby(RUN) for name, table in joined.items()}
    return {"consultation": consult(job.options[option], option, job.design).data, **ordered}


def join(parts: list[Part]) -> dict[str, xr.Dataset]:
    """Parts of one ensemble as whole tables, along the runs.

    A contributor that only some worlds have is not-a-number in the others.
    """
    return {
        name: xr.concat(
            [part.tables[name] for part in parts], RUN, join="outer", data_vars="minimal", coords="minimal",
            compat="override", combine_attrs="override",
        )
        for name in parts[0].tables
    }  # fmt: skip


def stack(tables: list[xr.Dataset], dimension: str, labels: list[str]) -> xr.Dataset:
    """Tables of several options as one, with a new first dimension.

    Labels that only some options have (a contributor that is not there) are filled with not-a-number.
    """
    return xr.concat(
        tables, xr.Variable(dimension, labels), join="outer", coords="minimal", compat="override",
        combine_attrs="override", data_vars="all",
    )  # fmt: skip
