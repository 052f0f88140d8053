"""How fast is everything beside the same work done plainly, and how does it grow: one command, one JSON value.

    uv run python benchmarks/all.py [--million] [--quick] > benchmarks.json

`ratios`: CPU seconds of each engine, of a plain reading of the same equations in the same run, and the first by the
second, which no machine's speed changes. `growth`: CPU seconds by size, and the exponent of the power of the size that
they grow by (1: linear). Over runs and workers a whole `contingent run` in processes of its own, with the most memory
any of them took and what it left on disk; `--million` goes to 1,000,000 runs, `--quick` leaves out what takes minutes.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import psutil
import seconds
import spatial
from force_synthetic import Size, draw
from kernel_time import SEED, prepared, timed

import contingent as ct
from contingent.brief import compose
from contingent.consultation.consult import deliberate
from contingent.ensemble.design import Design
from contingent.force.solve import solve
from contingent.mission.outputs import Outputs
from contingent.mission.simulate import simulate_into
from contingent.scenario.model import Scenario
from contingent.study.study import Study

CASE = "amm_aceh"  # the smallest shipped case: its growth is that of what is done once a run


def ratios(*, quick: bool) -> dict[str, dict[str, float]]:
    """CPU seconds (of a page: seconds) here and plainly, and the first by the second."""
    gaza = ct.read("isf_gaza")
    inputs = prepared(gaza, 2000)
    told = timed(inputs, Outputs.empty(inputs))
    found = {
        "mission kernel beside drawing its numbers": tuple(told.values()),
        "force plans beside HiGHS on their first goals": seconds.plans(gaza),
        "appraisal beside the bare scores": seconds.appraisal(2000 if quick else 10_000),
    }
    if find_spec("typst"):
        found["PDF beside its bare words"] = seconds.pdf(compose(Study(gaza).run(60)))
    if not quick and (which("chromium") or which("chromium-browser")):
        opened, words = seconds.page(compose(Study(gaza).run(60)).render("html").decode())
        found["page beside its bare words"] = min(opened), min(words)
    for name in ("dummyData-a040",) if quick else spatial.SIZES:
        found[f"spatial model beside its plain reading, {name}"] = spatial.beside(spatial.table(name, None))
    return {name: {"seconds": a, "plainly": b, "ratio": a / b} for name, (a, b) in found.items()}


def grown(sizes: list[int], work: Callable[[int], Any]) -> dict[str, Any]:
    """CPU seconds of some work by its size, and the exponent between the smallest and the largest."""
    took = {}
    work(sizes[0])()  # compiled before it is timed
    for size in sizes:
        job = work(size)
        start = time.process_time()
        job()
        took[size] = time.process_time() - start
    first, last = sizes[0], sizes[-1]
    return {"cpu_seconds": took, "exponent": float(np.log(took[last] / took[first]) / np.log(last / first))}


def sectors(number: int) -> Callable[[], Any]:
    """The mission in a theatre of so many sectors: those of the case, and copies of its last."""
    base = ct.read("isf_gaza").under("decline")
    name, last = list(base.theatre.sectors.items())[-1]
    more = {f"{name}_{k}": last for k in range(number - len(base.theatre.sectors))}
    theatre = base.theatre.model_copy(update={"sectors": base.theatre.sectors | more})
    inputs = prepared(base.model_copy(update={"theatre": theatre, "pledges": ()}), 1000)
    outputs = Outputs.empty(inputs)
    return lambda: simulate_into(inputs, outputs)


def stakeholders(number: int) -> Callable[[], Any]:
    """The consultation with so many stakeholders: those of the case, and copies of its last."""
    base = ct.read(CASE)
    name, last = list(base.stakeholders.items())[-1]
    more = {f"{name}_{k}": last for k in range(number - len(base.stakeholders))}
    scenario: Scenario = base.model_copy(update={"stakeholders": base.stakeholders | more})
    return lambda: deliberate(scenario, Design(SEED, 500))


def pledges(number: int) -> Callable[[], Any]:
    """The force plan with so many pledged units, to five per cent: small questions are lumpy."""
    instance = draw(Size(max(3, round(number / 7)), number, 5, 12), SEED)
    return lambda: solve(instance, gap=0.05)


def whole(runs: int, workers: int = 1, *words: str) -> dict[str, float]:
    """A `contingent run` in processes of its own: CPU and wall seconds, the most memory of one, megabytes on disk."""
    peak: dict[int, float] = {}
    spent: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        asked = [CASE, "--runs", str(runs), "--workers", str(workers), "-q", "--out", folder, *words]
        done = subprocess.Popen([sys.executable, "-m", "contingent.cli", "run", *asked], stdout=subprocess.DEVNULL)
        main = psutil.Process(done.pid)
        while done.poll() is None:
            try:
                for each in (main, *main.children(recursive=True)):
                    peak[each.pid] = max(peak.get(each.pid, 0.0), each.memory_info().rss / 1e6)
                    spent[each.pid] = sum(each.cpu_times()[:2])
            except psutil.Error:  # one has ended meanwhile
                pass
            time.sleep(0.1)
        wall = time.perf_counter() - start
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6
    if done.returncode:
        raise SystemExit(f"contingent run {' '.join(asked)} ended with {done.returncode}")
    return {"cpu_seconds": sum(spent.values()), "wall_seconds": wall, "megabytes_of_a_process": max(peak.values()),
            "megabytes_on_disk": disk}  # fmt: skip


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--million", action="store_true")
    words.add_argument("--quick", action="store_true")
    asked = words.parse_args()
    runs = [1000, 10_000] if asked.quick else [1000, 10_000, 30_000, 100_000] + [1_000_000] * asked.million
    many = 2000 if asked.quick else 20_000
    whole(40)  # compiles what is not cached
    workers = {f"{n} processes": whole(many, n) for n in (1, 2) + (4, 8) * (not asked.quick)}
    if find_spec("distributed"):
        workers["dask, 2 workers"] = whole(many, 2, "--executor", "dask")
    print(json.dumps({
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": psutil.cpu_count()},
        "ratios": ratios(quick=asked.quick),
        "growth": {
            "runs": {n: whole(n, 2) for n in runs},
            "workers": workers,
            "sectors": grown([5, 20] if asked.quick else [5, 10, 20, 40], sectors),
            "stakeholders": grown([20, 80] if asked.quick else [20, 40, 80, 160, 320], stakeholders),
            "pledges": grown([50, 200] if asked.quick else [200, 1000, 2000, 5000], pledges),
        },
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
