"""How long the main job takes, warm, and how much of it is the fixed cost of starting.

    uv run python benchmarks/main_job.py [RUNS]

The reference, timed in the same session, is the same command with forty runs: imports, force plans and
the page itself. What is left is the cost of histories; its inverse is histories a second.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time


def timed(runs: int) -> tuple[float, float]:
    """Wall and CPU seconds of one brief in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "contingent.cli", "brief", "isf_gaza", "--runs", str(runs), "-q", "--out", folder],
            check=True, capture_output=True,
        )  # fmt: skip
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    timed(40)  # compiles what is not cached
    fixed_wall, fixed_cpu = timed(40)
    wall, cpu = timed(runs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    histories = 5 * runs
    print(json.dumps({
        "runs": runs, "wall_seconds": round(wall, 2), "cpu_seconds": round(cpu, 2),
        "fixed_wall_seconds": round(fixed_wall, 2), "fixed_cpu_seconds": round(fixed_cpu, 2),
        "ratio_to_fixed": round(wall / fixed_wall, 2), "peak_megabytes": round(peak),
        "two_year_histories_a_second": round(histories / max(wall - fixed_wall, 1e-9)),
    }, indent=1))  # fmt: skip


main()
