"""What happens on the ground under one option, in every run of a design."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy.special import zeta

from contingent.ensemble.design import Design
from contingent.labels import CONTRIBUTOR, RUN, SECTOR, WEEK
from contingent.mission.authority import authorized
from contingent.mission.channels import Channels, channels
from contingent.mission.ground import Ground, check_theatre, survey
from contingent.mission.kernel import SERIES, TOTALS, TRACED, run_block
from contingent.mission.parameters import draw
from contingent.mission.presence import Presence, check_presence
from contingent.mission.result import Mission, attributes
from contingent.scenario.model import Scenario
from contingent.streams import Streams


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the kernel needs for the runs of a design; all arrays have the runs first, but for the plan's."""

    seed_key: np.uint64
    runs: np.ndarray
    theta: np.ndarray
    ground: Ground
    plan: Channels
    delivered: np.ndarray
    delay: np.ndarray
    home: np.ndarray
    sensitivity: np.ndarray

    def part(self, start: int, stop: int) -> Inputs:
        """Some of the runs."""
        here = slice(start, stop)
        return replace(
            self,
            runs=self.runs[here],
            theta=self.theta[here],
            ground=self.ground.part(start, stop),
            delivered=self.delivered[here],
            delay=self.delay[here],
            home=self.home[here],
            sensitivity=self.sensitivity[here],
        )


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the kernel fills: weekly (run, week, series), totals (run, sector, total), the rest (run, contributor)."""

    weekly: np.ndarray
    totals: np.ndarray
    deaths: np.ndarray
    left: np.ndarray
    home: np.ndarray

    @classmethod
    def empty(cls, inputs: Inputs) -> Outputs:
        """Room for the runs of some inputs."""
        runs, weeks, sectors = len(inputs.runs), inputs.plan.planned.shape[2], inputs.plan.planned.shape[3]
        return cls(
            np.empty((runs, weeks, len(SERIES)), np.float32),
            np.empty((runs, sectors, len(TOTALS)), np.float32),
            *(np.empty(inputs.home.shape, np.float32) for _ in range(3)),
        )


def prepare(scenario: Scenario, presence: Presence, design: Design) -> Inputs:
    """Check what is given and draw every uncertain number of the mission.

    Raises:
        InputError: the theatre or the force plan cannot be simulated; says everything that is wrong.
    """
    check_theatre(scenario.theatre)
    check_presence(presence, scenario, len(design.index))
    theta = authorized(draw(scenario, design), scenario.mandate)
    plan = channels(presence, scenario)
    home = np.empty((len(design.index), len(plan.contributors)))
    sensitivity = np.empty_like(home)
    for c, code in enumerate(plan.contributors):
        contributor, path = scenario.contributors[code], f"contributors.{code}"
        home[:, c] = design.sample(f"{path}.home_support", contributor.home_support)
        sensitivity[:, c] = theta["home_sensitivity"] * design.sample(
            f"{path}.casualty_sensitivity", contributor.casualty_sensitivity
        )
    return Inputs(
        Streams(design.seed).counter_key("mission"),
        design.index.astype(np.int64),
        theta,
        survey(scenario, design),
        plan,
        np.ascontiguousarray(presence.delivered.values, np.float64),
        np.rint(presence.delay.values).astype(np.int64),
        home,
        sensitivity,
    )


def mean_attack_size(tail: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Mean deaths an attack of the cut discrete Pareto, sum of n**-tail up to the largest; shape (run,)."""
    return zeta(tail, 1) - zeta(tail, np.floor(largest) + 1)


def simulate_into(inputs: Inputs, outputs: Outputs, trace: np.ndarray | None = None) -> None:
    """Run the kernel over the inputs; `trace` (week, sector, traced) receives the first run's sector states."""
    ground, plan = inputs.ground, inputs.plan
    run_block(
        inputs.seed_key, inputs.runs, inputs.theta, ground.place, ground.neighbours, ground.capacity,
        ground.serves, ground.opened, ground.arrivals,
        mean_attack_size(inputs.theta["attack_tail"], inputs.theta["attack_largest"]),
        plan.when, plan.pledge, plan.change, inputs.delivered, inputs.delay, plan.owner,
        inputs.home, inputs.sensitivity,
        outputs.weekly, outputs.totals, outputs.deaths, outputs.left, outputs.home,
        np.empty((0, 0, len(TRACED)), np.float32) if trace is None else trace,
    )  # fmt: skip


def labelled(inputs: Inputs, outputs: Outputs, sectors: list[str]) -> Mission:
    """The kernel's arrays with their names, labels and units."""
    runs, weeks, codes = inputs.runs, np.arange(1, outputs.weekly.shape[1] + 1), list(inputs.plan.contributors)
    weekly = {name: outputs.weekly[..., j] for j, name in enumerate(SERIES)}
    weekly["registered"] = weekly["disarmed"] * inputs.theta["register_inflation"].astype(np.float32)[:, None]
    totals = {name: outputs.totals[..., j] for j, name in enumerate(TOTALS)}
    contributors = {
        "own_deaths": outputs.deaths,
        "withdrew": (~np.isnan(outputs.left)).astype(np.float32),
        "withdrawal_week": outputs.left,
        "home_support": outputs.home,
    }
    return Mission(
        dataset(weekly, {RUN: runs, WEEK: weeks}),
        dataset(totals, {RUN: runs, SECTOR: sectors}),
        dataset(contributors, {RUN: runs, CONTRIBUTOR: codes}),
    )


def dataset(variables: dict[str, np.ndarray], coords: dict) -> xr.Dataset:
    """Arrays over two dimensions as a dataset, each with its unit and whether it adds up over time."""
    return xr.Dataset(
        {name: (tuple(coords), values, attributes(name)) for name, values in variables.items()}, coords=coords
    )


def simulate(scenario: Scenario, presence: Presence, design: Design) -> Mission:
    """Simulate the mission of one option (`scenario.under(option)`) with the force that comes.

    The same seed meets the same luck under every option, whatever part of the design is asked for.

    Raises:
        InputError: the theatre or the force plan cannot be simulated; says everything that is wrong.
    """
    inputs = prepare(scenario, presence, design)
    outputs = Outputs.empty(inputs)
    simulate_into(inputs, outputs)
    return labelled(inputs, outputs, list(scenario.theatre.sectors))
