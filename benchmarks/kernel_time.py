"""What does the kernel cost, and what would drawing its random numbers alone?

    uv run python benchmarks/kernel_time.py [SCENARIO] [RUNS]

Processor time of one simulation of the scenario as described; the draws alone are the floor it is measured against.
"""

import sys
from time import process_time

import numpy as np

from contingent import force
from contingent.ensemble.design import Design
from contingent.mission import draws
from contingent.mission.compiled import jit
from contingent.mission.inputs import Inputs, prepare
from contingent.mission.kernel import Memory
from contingent.mission.outputs import Outputs
from contingent.mission.simulate import simulate_into
from contingent.mission.state import BATCH_WIDTH
from contingent.scenario.model import Scenario
from contingent.scenario.read import read
from contingent.study.coupling import presence

SEED = 20251028


@jit
def draw_only(seed_key, first, last, weeks, sectors, crossings, theatre, key, rates):
    """Every number the kernel draws in these runs, at the given mean rates, and nothing else; their sum.

    rates: mean events, civilian deaths, outside deaths and attacks a week, and the two shapes.
    """
    h = theatre[0]
    total = 0.0
    for a in range(first, last, BATCH_WIDTH):
        for i in range(BATCH_WIDTH):
            key[i] = draws.run_key(seed_key, a + i)
        for week in range(weeks):
            for d in range(sectors):
                draws.normals(h.z, key, week, d, draws.Z_INTENSITY, h.u)
                total += h.z[0]
                draws.normals(h.z, key, week, d, draws.Z_PACE, h.u)
                total += h.z[0]
                for i in range(BATCH_WIDTH):
                    h.rate[i], h.odds[i] = rates[0], rates[4]
                draws.uniforms(h.u, key, week, d, draws.U_EVENTS)
                draws.negative_binomials(h.used, h.u, h.rate, h.odds, h.p, h.so_far)
                for i in range(BATCH_WIDTH):
                    h.rate[i] = rates[1]
                draws.uniforms(h.u, key, week, d, draws.U_CIVILIANS)
                draws.poissons(h.passed, h.u, h.rate, h.p, h.so_far)
                total += h.used[0] + h.passed[0]
            for i in range(BATCH_WIDTH):
                h.rate[i], h.odds[i] = rates[2], rates[5]
            draws.uniforms(h.u, key, week, draws.WHOLE, draws.U_OUTSIDE)
            draws.negative_binomials(h.used, h.u, h.rate, h.odds, h.p, h.so_far)
            for i in range(BATCH_WIDTH):
                h.rate[i] = rates[3]
            draws.uniforms(h.u, key, week, draws.WHOLE, draws.U_ATTACKS)
            draws.poissons(h.passed, h.u, h.rate, h.p, h.so_far)
            draws.normals(h.z, key, week, draws.WHOLE, draws.Z_LEGITIMACY, h.u)
            total += h.used[0] + h.passed[0] + h.z[0]
            for j in range(2 + crossings):
                draws.uniforms(h.u, key, week, j, draws.U_CROSSING)
                total += h.u[0]
    return total


def draw_as_often(inputs: Inputs, outputs: Outputs) -> float:
    """Draw as many numbers, at the same mean rates, as the runs of a finished simulation did."""
    series, (_, weeks, runs) = outputs.series, outputs.weekly.shape
    sectors, crossings = inputs.layout.serves.shape[1], len(inputs.layout.serves)
    rates = np.array([
        series["events"].mean() / sectors, series["civilian_deaths"].mean() / sectors, series["outside_deaths"].mean(),
        series["own_deaths"].mean() / 1.6, 2.0, 2.0,
    ], dtype=np.float64)  # fmt: skip
    room = Memory.empty(inputs.parameters, 1, 1, 1, 1, 1)
    arguments = (inputs.seed_key, 0, runs, weeks, sectors, crossings, room.records.theatre, room.key, rates)
    return draw_only(*arguments)  # pyright: ignore[reportCallIssue]


def timed(inputs: Inputs, outputs: Outputs) -> dict[str, float]:
    """Processor seconds of the kernel and of its draws alone, both after warming up; fills `outputs`."""
    simulate_into(inputs, outputs)  # compiles, or loads what was compiled, and touches the memory
    start = process_time()
    simulate_into(inputs, outputs)
    kernel = process_time() - start
    draw_as_often(inputs, outputs)
    start = process_time()
    draw_as_often(inputs, outputs)
    return {"kernel_cpu_seconds": kernel, "draws_only_cpu_seconds": process_time() - start}


def prepared(scenario: Scenario, runs: int) -> Inputs:
    """What a scenario as described gives the kernel."""
    design = Design(SEED, runs)
    return prepare(scenario, presence(force.deploy(force.plan(scenario), scenario, design)), design)


def main(name: str = "isf_gaza", runs: str = "2000") -> None:
    inputs = prepared(read(name), int(runs))
    for what, seconds in timed(inputs, Outputs.empty(inputs)).items():
        print(f"{what} {seconds:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
