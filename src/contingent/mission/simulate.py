"""What happens on the ground under one option, in every run of a design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.ensemble.design import Design
from contingent.labels import CONTRIBUTOR, RUN, SECTOR, WEEK
from contingent.mission import block
from contingent.mission.inputs import Inputs, prepare
from contingent.mission.kernel import run_blocks
from contingent.mission.presence import Presence
from contingent.mission.result import Mission, attributes
from contingent.scenario.model import Scenario

FINAL = (*block.PLACE, *(f"total_{name}" for name in block.TOTALS), *block.STATES)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the kernel fills: weekly (series, week, run), totals (field, sector, run) and shares.

    Shares are (field, contributor, run); the fields are FINAL and `block.CONTRIBUTOR`.
    """

    weekly: np.ndarray
    totals: np.ndarray
    shares: np.ndarray

    @classmethod
    def empty(cls, inputs: Inputs) -> Outputs:
        """Room for the runs of some inputs."""
        runs, sectors = len(inputs.runs), inputs.serves.shape[1]
        return cls(
            np.empty((len(block.SERIES), inputs.weeks, runs), np.float32),
            np.empty((len(FINAL), sectors, runs), np.float32),
            np.empty((len(block.CONTRIBUTOR), len(inputs.contributors), runs), np.float32),
        )


def simulate_into(
    inputs: Inputs, outputs: Outputs, first: int = 0, last: int | None = None, trace: np.ndarray | None = None
) -> None:
    """Run the kernel over some of the runs; `trace` (week, sector + 1, field) receives every state of the first.

    Its last row is the theatre as a whole. Releases the interpreter's lock, so threads may share the runs.
    """
    room = block.Block.empty(
        inputs.parameters, inputs.serves.shape[1], len(inputs.serves), len(inputs.contributors), inputs.weeks,
        len(inputs.when),
    )  # fmt: skip
    records = (room.parameters, room.history, room.sectors, room.crossings, room.contributors)
    arguments = (
        inputs.seed_key, inputs.runs, first, len(inputs.runs) if last is None else last,
        *records, *map(block.plain, records),
        room.key, room.here, room.force, room.touched, room.due, room.following, room.moved,
        inputs.theta, inputs.place, inputs.gates, inputs.people, inputs.neighbours, inputs.serves, inputs.scalars,
        inputs.who, inputs.when, inputs.pledge, inputs.change, inputs.delivered, inputs.delay, inputs.owner,
        outputs.weekly, outputs.totals, outputs.shares,
        np.empty((0, 0, 0)) if trace is None else trace,
    )  # fmt: skip
    run_blocks(*arguments)  # pyright: ignore[reportCallIssue]


def labelled(inputs: Inputs, outputs: Outputs, sectors: list[str]) -> Mission:
    """The kernel's arrays with their names, labels and units; views wherever nothing is computed."""
    weekly = {name: outputs.weekly[j].T for j, name in enumerate(block.SERIES)}
    inflation = inputs.theta[inputs.parameters.index("register_inflation")].astype(np.float32)
    weekly["registered"] = weekly["disarmed"] * inflation[:, None]
    end = {name: outputs.totals[j].T for j, name in enumerate(FINAL)}
    totals = {name: end[f"total_{name}"] for name in block.TOTALS}
    totals |= {
        "debris_removed": end["debris_start"] - end["debris"],
        "homes_rebuilt": end["rebuilt"],
        "armed": end["armed"],
        "armed_at_start": end["armed_start"],
        "weapons_left": end["weapons"],
        "weapons_at_start": end["weapons_start"],
        "need": end["need"],
        "support": end["support"],
    }
    last = {name: outputs.shares[j].T for j, name in enumerate(block.CONTRIBUTOR)}
    contributors = {
        "own_deaths": last["dead"],
        "withdrew": 1 - last["present"],
        "withdrawal_week": last["left"],
        "home_support": last["home"],
    }
    weeks = np.arange(1, inputs.weeks + 1)
    return Mission(
        dataset(weekly, {RUN: inputs.runs, WEEK: weeks}),
        dataset(totals, {RUN: inputs.runs, SECTOR: sectors}),
        dataset(contributors, {RUN: inputs.runs, CONTRIBUTOR: list(inputs.contributors)}),
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
