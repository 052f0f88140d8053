"""How the force optimiser grows from 50 to 5,000 pledged units, and what 200 realized supplies cost.

    python benchmarks/force_growth.py [--units 50 200 1000 5000] [--gap 0.01] [--seconds S] [--full]

Every row is a drawn question (force_synthetic.py) with 7 units a contributor, 5 sectors, 6 tasks and
12 quarters, as the reference size has them. Processor seconds, not wall clock; *beside linear* divides the seconds a
unit by those of the first row, so that a machine's speed cancels out: 1 is linear growth. Small questions are lumpy
and may need branching where large ones do not. A row stopped by its time limit says so.
"""

from __future__ import annotations

import argparse
from time import process_time

from force_synthetic import Size, draw
from force_verify import verify

from contingent.ensemble.design import Design
from contingent.force import deploy, plan
from contingent.force.deploy import realizations
from contingent.force.solve import solve
from contingent.scenario.read import read

SEED = 20251028


def growth(units: list[int], gap: float, seconds: float | None, *, full: bool) -> None:
    """Print one line a size."""
    print(f"{'units':>6} {'groups':>7} {'cells':>7} {'cpu s':>8} {'beside linear':>14} {'gap':>8}  status, faults")
    solve(draw(Size(7, 50, 5, 12), SEED), gap=0.05, seconds=10)  # the first call imports and compiles
    first = None
    for count in units:
        instance = draw(Size(max(3, round(count / 7)), count, 5, 12), SEED, full=full)
        before = process_time()
        found = solve(instance, gap=gap, seconds=seconds)
        spent = process_time() - before
        first = first or spent / count
        faults = len(list(verify(instance, found)))
        size = f"{count:>6,} {len(instance.groups.name):>7,} {len(instance.cells.group):>7,}"
        reached = f"{found.solver.gap:>8.3%}  {found.solver.status}, {faults} faults"
        print(f"{size} {spent:>8.1f} {spent / count / first:>14.2f} {reached}", flush=True)


def supplies(runs: int) -> None:
    """Print what re-planning the shipped case in every realized supply costs."""
    scenario = read("isf_gaza").under("un_mandate_full")
    made = plan(scenario)
    before = process_time()
    found = realizations(scenario, made, deploy(made, scenario, Design(seed=SEED, runs=runs)))
    spent = process_time() - before
    print(f"{runs} realized supplies of isf_gaza re-planned: {spent:.1f} cpu s, "
          f"median {sorted(found.replanned.sum(1))[runs // 2]:,.0f} people below the minimum")  # fmt: skip


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--units", type=int, nargs="+", default=[50, 100, 200, 400, 1000, 2000, 5000])
    words.add_argument("--gap", type=float, default=0.01)
    words.add_argument("--seconds", type=float, default=None)
    words.add_argument("--full", action="store_true")
    words.add_argument("--supplies", type=int, default=200)
    asked = words.parse_args()
    supplies(asked.supplies)
    growth(asked.units, asked.gap, asked.seconds, full=asked.full)
