"""What one part of the ensemble is: its jobs, done anywhere, and how their results fit together."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from contingent import force, mission
from contingent.consultation import consult
from contingent.ensemble.design import Design
from contingent.force import Plan
from contingent.labels import OPTION, RUN
from contingent.scenario.model import Scenario
from contingent.study.couple import presence


@dataclass(frozen=True, slots=True)
class Job:
    """One part of the ensemble, for every option: all that a worker needs."""

    scenarios: dict[str, Scenario]
    plans: dict[str, Plan]
    design: Design


@dataclass(frozen=True, slots=True)
class Part:
    """The engines' results over (option, run), by engine and table."""

    tables: dict[str, xr.Dataset]


def work(job: Job) -> Part:
    """The engines' results for one part of the ensemble; a pure function of the job."""
    by_option = [option_tables(name, job) for name in job.scenarios]
    names = by_option[0]
    index = list(job.scenarios)
    return Part({name: stack([tables[name] for tables in by_option], OPTION, index) for name in names})


def option_tables(option: str, job: Job) -> dict[str, xr.Dataset]:
    """Every table of one option."""
    scenario, plan, design = job.scenarios[option], job.plans[option], job.design
    decision = consult(scenario, option, design)
    deployment = force.deploy(plan, scenario, design)
    ground = mission.simulate(scenario, presence(scenario, deployment), design)
    return {
        "consultation": decision.data,
        "deployment": deployment.summary,
        "weekly": ground.weekly,
        "sectors": ground.sectors,
        "contributors": ground.contributors,
    }


def join(parts: list[Part]) -> dict[str, xr.Dataset]:
    """The parts of one ensemble as whole tables, along the runs."""
    return {
        name: xr.concat(
            [part.tables[name] for part in parts], RUN, join="exact", data_vars="minimal", coords="minimal",
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
