"""How fast the spatial model is beside a plain reading of the same equations, timed in the same run.

    uv run python benchmarks/spatial.py [FOLDER WITH KTAB'S EXAMPLE INPUTS]

Prints CPU milliseconds (least of several) and the ratio to `spatial_reference.py`. Without a folder, random
tables of the same sizes stand in for KTAB's examples.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import spatial_reference

from contingent.consultation.spatial.ktab_csv import parse_csv
from contingent.consultation.spatial.model import Model, Table
from contingent.consultation.spatial.simulation import draw_inputs, simulate, simulate_many, sobol
from contingent.ensemble.design import Design

KTAB = Model(compat="ktab")
SIZES = {"dummyData-a040": (40, 1), "dummyData-a160": (160, 1), "SOE-Pol-Comp": (13, 2)}


def table(name: str, folder: Path | None) -> Table:
    if folder is not None:
        return parse_csv((folder / f"{name}.csv").read_text(encoding="utf-8-sig"), name)
    count, issues = SIZES[name]
    rng = np.random.Generator(np.random.Philox(7))
    names = tuple(f"s{i:03d}" for i in range(count))
    salience = rng.dirichlet(np.ones(issues + 1), count)[:, :issues] * 100
    return Table(
        name, "", names, (), tuple(f"i{k}" for k in range(issues)),
        rng.uniform(1, 100, count), rng.uniform(0, 100, (count, issues)), salience,
    )  # fmt: skip


def cpu(work, times: int) -> float:
    """Least CPU seconds of this process over some repetitions."""
    best = np.inf
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def beside(t: Table) -> tuple[float, float]:
    """CPU seconds of a table played by the model and by the plain reading."""
    simulate(t, KTAB)
    fast = cpu(lambda: simulate(t, KTAB), 5)
    if len(t.names) <= 100:
        return fast, cpu(lambda: spatial_reference.simulate({}, t.capability, t.salience / 100, t.position / 100), 1)
    start = t.position / 100  # the plain reading takes minutes here: a single turn, scaled to all of them
    one = cpu(lambda: spatial_reference.turn(
        spatial_reference.DEFAULTS, t.capability, t.salience / 100, start, start), 1)  # fmt: skip
    return fast, one * simulate(t, KTAB).turns


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for name in SIZES:
        fast, slow = beside(table(name, folder))
        print(f"{name:<16} {fast * 1e3:9.2f} ms   plain {slow * 1e3:10.0f} ms   ratio {slow / fast:7.0f}")
    t = table("SOE-Pol-Comp", folder)
    simulate_many(draw_inputs(t, Design(1, 4), models=(KTAB,)))  # compiled before it is timed
    plain = cpu(lambda: spatial_reference.simulate({}, t.capability, t.salience / 100, t.position / 100), 2)
    for label, runs, work in (
        ("10,000 draws", 10_000, lambda: simulate_many(draw_inputs(t, Design(1, 10_000), models=(KTAB,)), threads=2)),
        ("Sobol indices", 17_152, lambda: sobol(t, model=KTAB, threads=2)),
    ):
        wall, start = time.perf_counter(), time.process_time()
        work()
        used, wall = time.process_time() - start, time.perf_counter() - wall
        print(f"{label:<16} {used:6.2f} CPU s, {wall:6.2f} s on two threads; plain {plain * runs:7.0f} s; "
              f"ratio {plain * runs / used:6.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
