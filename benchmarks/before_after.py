"""Is any engine slower than in an earlier commit? Both trees are timed in turn, in the same run.

    git worktree add ../before COMMIT && (cd ../before && uv sync)
    uv run python benchmarks/before_after.py ../before [TURNS]

CPU seconds of each engine on the shipped case, warm, least and median of several turns (the order of the two trees
changes from turn to turn); *ratio* is now beside before, by the least. Each tree has one process with its own
environment; what the two call differently is looked up under both names. Numbers differ where results were moved.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

CASE, OPTION = "isf_gaza", "un_mandate_full"
SENTENCES = (
    "Foreign Minister Leena Aho said on Monday that the cabinet would decide on a mandate soon. ",
    "Two officials, who asked not to be named, told Radio Nord that 2,000 soldiers may go if the budget allows it. ",
    "“We will not disarm before the army withdraws,” a spokesman of the movement said, according to the agency. ",
    "The army denied reports that three of its posts had been attacked near the northern crossing. ",
)


def named(*homes: str) -> Callable:
    """The first of several `module:name` that there is."""
    for home in homes:
        module, _, name = home.partition(":")
        try:
            return getattr(importlib.import_module(f"contingent.{module}"), name)
        except (ImportError, AttributeError):
            continue
    raise SystemExit(f"none of {', '.join(homes)}")


def jobs() -> dict[str, Callable[[], object]]:
    """What is timed; everything that is not the engine's own work is made before."""
    import numpy as np

    import contingent
    from contingent import force
    from contingent.consultation.consult import consult
    from contingent.consultation.spatial.model import Model
    from contingent.ensemble.design import Design
    from contingent.evidence.article import Article
    from contingent.evidence.extract import extract
    from contingent.mission.inputs import prepare
    from contingent.mission.simulate import simulate
    from contingent.study import planning
    from contingent.study.study import Study

    presence = named("study.coupling:presence", "study.couple:presence")
    table = named("consultation.spatial.model:Table", "consultation.spatial.table:Table")
    spatial = named("consultation.spatial.simulation:simulate", "consultation.spatial.history:simulate")
    many = named("consultation.spatial.simulation:simulate_many", "consultation.spatial.batch:play_all")
    vary = named("consultation.spatial.simulation:draw_inputs", "consultation.spatial.vary:vary")

    scenario = contingent.read(CASE)
    cases = [scenario.under(name) for name in scenario.options]
    design = Design(3, 2000)
    case = planning.effective(scenario.under(OPTION))
    there = presence(force.deploy(force.plan(case), case, design))
    rng = np.random.Generator(np.random.Philox(7))
    names = tuple(f"s{i:03d}" for i in range(80))
    held = table(
        "drawn", "", names, (), ("i",), rng.uniform(1, 100, 80), rng.uniform(0, 100, (80, 1)), np.full((80, 1), 50.0)
    )
    ktab = Model(compat="ktab")
    few = table("few", "", names[:12], (), ("i",), held.capability[:12], held.position[:12], held.salience[:12])
    drawn = vary(few, Design(1, 4000), models=(ktab,))
    article = Article("a.txt", "".join(SENTENCES[i % 4] for i in range(400)))
    _, worlds = Study(scenario).branches()
    seeds = iter(range(10_000))
    return {
        "import and help": lambda: None,  # a process of its own
        "evidence": lambda: extract(article),
        "spatial, one table of 80": lambda: spatial(held, ktab),
        "spatial, 4,000 tables of 12": lambda: many(drawn),
        "consultation": lambda: [consult(scenario, name, design) for name in scenario.options],
        "force plans, each proved": lambda: [force.plan(each) for each in cases],
        "force plans of a study": lambda: (planning.KEPT.clear(), planning.plan_all(worlds)),
        "mission inputs": lambda: prepare(case, there, design),
        "mission": lambda: simulate(case, there, design),
        "study, 400 runs": lambda: Study(scenario, seed=next(seeds)).run(400),
        "brief, 400 runs": lambda: None,  # a process of its own
    }


COMMANDS = {"import and help": ("--help",), "brief, 400 runs": ("brief", CASE, "--runs", "400", "-q", "--out", ".")}


def serve() -> None:
    """Answer each name on standard input with the CPU seconds that job took."""
    work = jobs()
    print(*work, sep="\t", flush=True)
    for line in sys.stdin:
        start = time.process_time()
        work[line.strip()]()
        print(time.process_time() - start, flush=True)


def command(python: Path, words: tuple[str, ...]) -> float:
    """CPU seconds of a command in a process and folder of its own."""
    import resource

    def used() -> float:
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return spent.ru_utime + spent.ru_stime

    with TemporaryDirectory() as folder:
        before = used()
        subprocess.run([python, "-m", "contingent.cli", *words], cwd=folder, check=True, capture_output=True)
        return used() - before


def turns(trees: list[Path], count: int) -> Iterator[tuple[str, list[list[float]]]]:
    """Each job's CPU seconds by tree and turn."""
    pythons = [tree.resolve() / ".venv" / "bin" / "python" for tree in trees]
    servers = [
        subprocess.Popen([python, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for python in pythons
    ]
    offered = [server.stdout.readline().rstrip("\n").split("\t") for server in servers]

    def took(which: int, name: str) -> float:
        if name in COMMANDS:
            return command(pythons[which], COMMANDS[name])
        print(name, file=servers[which].stdin, flush=True)
        return float(servers[which].stdout.readline())

    for name in offered[0]:
        found: list[list[float]] = [[], []]
        for turn in range(count + 1):
            for which in (0, 1) if turn % 2 else (1, 0):
                found[which].append(took(which, name))
        yield name, [each[1:] for each in found]  # the first compiles what is not kept
    for server in servers:
        server.stdin.close()
        server.wait()


def main() -> None:
    if sys.argv[1:] == ["--serve"]:
        serve()
        return
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(f"{'CPU seconds':28}{'before':>8}{'median':>8}{'now':>8}{'median':>8}{'ratio':>7}")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for name, (before, now) in turns([Path(sys.argv[1]), Path(__file__).parents[1]], count):
        seconds = "".join(f"{least:8.3f}" for took in (before, now) for least in (min(took), median(took)))
        print(f"{name:28}{seconds}{min(now) / min(before):7.2f}", flush=True)


if __name__ == "__main__":
    main()
