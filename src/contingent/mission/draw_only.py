"""What drawing the kernel's random numbers costs, without the model: the floor its speed is measured against."""

from __future__ import annotations

import numpy as np

from contingent.mission.block import LANES, Block
from contingent.mission.compiled import equation
from contingent.mission.draws import (
    U_ATTACKS,
    U_CIVILIANS,
    U_CROSSING,
    U_EVENTS,
    U_OUTSIDE,
    WHOLE,
    Z_INTENSITY,
    Z_LEGITIMACY,
    Z_PACE,
    negative_binomials,
    normals,
    poissons,
    rare_poissons,
    run_key,
    uniforms,
)  # fmt: skip
from contingent.mission.inputs import Inputs
from contingent.mission.simulate import Outputs


@equation
def draw_only(seed_key, first, last, weeks, sectors, crossings, history, key, rates):
    """Every number the kernel draws in these runs, at the given mean rates, and nothing else; their sum.

    rates: mean events, civilian deaths, outside deaths and attacks a week, and the two shapes.
    """
    h = history[0]
    total = 0.0
    for a in range(first, last, LANES):
        for i in range(LANES):
            key[i] = run_key(seed_key, a + i)
        for week in range(weeks):
            for d in range(sectors):
                normals(h.z, key, week, d, Z_INTENSITY, h.u)
                total += h.z[0]
                normals(h.z, key, week, d, Z_PACE, h.u)
                total += h.z[0]
                for i in range(LANES):
                    h.rate[i], h.odds[i] = rates[0], rates[4]
                uniforms(h.u, key, week, d, U_EVENTS)
                negative_binomials(h.used, h.u, h.rate, h.odds, h.p, h.so_far)
                for i in range(LANES):
                    h.rate[i] = rates[1]
                uniforms(h.u, key, week, d, U_CIVILIANS)
                poissons(h.passed, h.u, h.rate, h.p, h.so_far)
                total += h.used[0] + h.passed[0]
            for i in range(LANES):
                h.rate[i], h.odds[i] = rates[2], rates[5]
            uniforms(h.u, key, week, WHOLE, U_OUTSIDE)
            negative_binomials(h.used, h.u, h.rate, h.odds, h.p, h.so_far)
            for i in range(LANES):
                h.rate[i] = rates[3]
            uniforms(h.u, key, week, WHOLE, U_ATTACKS)
            rare_poissons(h.passed, h.u, h.rate, h.p)
            normals(h.z, key, week, WHOLE, Z_LEGITIMACY, h.u)
            total += h.used[0] + h.passed[0] + h.z[0]
            for j in range(2 + crossings):
                uniforms(h.u, key, week, j, U_CROSSING)
                total += h.u[0]
    return total


def draw_as_often(inputs: Inputs, outputs: Outputs) -> float:
    """Draw as many numbers, at the same mean rates, as the runs of a finished simulation did."""
    weekly, (_, weeks, runs) = outputs.weekly, outputs.weekly.shape
    sectors, crossings = inputs.serves.shape[1], len(inputs.serves)
    rates = np.array([
        weekly[0].mean() / sectors, weekly[1].mean() / sectors, weekly[2].mean(), weekly[3].mean() / 1.6, 2.0, 2.0,
    ], dtype=np.float64)  # fmt: skip
    room = Block.empty(inputs.parameters, 1, 1, 1, 1, 1)
    arguments = (inputs.seed_key, 0, runs, weeks, sectors, crossings, room.history, room.key, rates)
    return draw_only(*arguments)  # pyright: ignore[reportCallIssue]
