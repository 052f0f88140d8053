"""For every folder of tests: which tests share a worker, in which order, and what is made once for all of them.

A file's tests stay together, so that its fixtures are made once. Kernels are compiled at their first call and kept on
disk, so the two families that take longest start first, one on each worker, and neither is compiled twice.
"""

import importlib.util
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from filelock import FileLock

# Two workers on two cores: more threads for products of small matrices only wait for each other. Before numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

KERNELS = {"spatial": ("test_spatial", "test_ktab"), "study": ("test_api", "test_golden", "test_documented_lines")}
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
FIRST = ("spatial", "study", "brief", "property", "browser", "reference", "force", "mission", "cli")  # the longest


def group(nodeid):
    """What shares a worker with a test: its file, or all that needs the same kernels or the same study."""
    file = Path(nodeid.partition("::")[0])
    for name, files in KERNELS.items():
        if file.stem.startswith(files) or file.parent.name == name:
            return name
    return str(file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """xdist's own groups are lost where pytest keeps a test's name apart (from 9.2 on): a file ran on both workers."""
    from xdist.scheduler import LoadScopeScheduling

    class Grouped(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid)

    return Grouped(config, log)


def this_machine_alone(event, arguments):
    """Refuses every connection to another machine, whatever asks for it: the suite passes without a network."""
    if event == "socket.connect" and arguments[0].type == socket.SOCK_STREAM and isinstance(arguments[1], tuple):
        host = arguments[1][0]
        if host not in ("localhost", "::1") and not host.startswith("127."):
            raise RuntimeError(f"a test reaches for {host}: tests reach for no other machine")


def pytest_configure(config):
    """Workers, and programs that tests start, share compiled modules also where Python is told to write none.

    Otherwise each of them compiles some fifteen hundred modules anew, three seconds of work. Not without workers:
    a mutation run rewrites modules faster than their times tell.
    """
    sys.addaudithook(this_machine_alone)
    if sys.dont_write_bytecode and getattr(config.option, "numprocesses", None):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".cache" / "modules")


def pytest_collection_modifyitems(items):
    def rank(item):
        name = group(item.nodeid)
        family = name if name in FIRST else Path(name).parent.name
        return FIRST.index(family) if family in FIRST else len(FIRST)

    items.sort(key=rank)


def benchmark(name):
    path = Path(__file__).parents[1] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def seconds():
    return benchmark("seconds")


@pytest.fixture(scope="session")
def who_left():
    return benchmark("freeze_withdrawal")


@pytest.fixture(scope="session")
def robust_tables():
    return benchmark("spatial_robust")


@pytest.fixture(scope="session")
def comprehension():
    return benchmark("comprehension")


@pytest.fixture(scope="session")
def plain():
    return benchmark("spatial_reference")


@pytest.fixture(scope="session")
def seen_by_all(tmp_path_factory, worker_id):
    """A folder that all workers of this run of the suite see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def once(seen_by_all):
    """`once(name, make)`: what `make` gives, made by the first worker that asks and read by all others."""

    def found(name, make):
        file = seen_by_all / name
        with FileLock(seen_by_all / f"{name}.lock"):
            if not file.exists():
                content = pickle.dumps(make())
                file.write_bytes(content)
        return pickle.loads(file.read_bytes())

    return found


class Plans(dict):
    """Plans by problem, as `planning` keeps them in one process, for all workers of this run of the suite."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def at(self, problem):
        return self.folder / f"plan-{sha256(problem).hexdigest()}"

    def __contains__(self, problem):
        if not super().__contains__(problem) and self.at(problem).exists():
            super().__setitem__(problem, pickle.loads(self.at(problem).read_bytes()))
        return super().__contains__(problem)

    def __setitem__(self, problem, plan):
        super().__setitem__(problem, plan)
        fresh = self.at(problem).with_suffix(f".{os.getpid()}")
        fresh.write_bytes(pickle.dumps(plan))
        fresh.replace(self.at(problem))


@pytest.fixture(scope="session", autouse=True)
def plans_once(seen_by_all):
    """A problem of force generation that one worker solved for a study is not solved again by the other."""
    from contingent.study import planning

    planning.KEPT = Plans(seen_by_all)


@pytest.fixture(scope="session")
def gaza_plans(plans_once):
    """The shipped case's plan under every option, as its study makes it."""
    from contingent.scenario.read import read
    from contingent.study.planning import plan_all

    gaza = read("isf_gaza")
    found = plan_all({(name, ""): gaza.under(name) for name in gaza.options})
    return {name: plan for (name, _), plan in found.items()}


@pytest.fixture(scope="session")
def gaza_store(seen_by_all):
    from contingent.study.store import Store

    return Store(seen_by_all / "runs")


@pytest.fixture(scope="session")
def gaza_run(gaza_store, once):
    """The shipped case under every option, sixty runs."""
    from contingent.scenario.read import read
    from contingent.study.study import Study, load, run_or_load

    name = once("result", lambda: run_or_load(Study(read("isf_gaza")), 60, gaza_store).question.id)
    return load(name, gaza_store)


@pytest.fixture(scope="session")
def gaza_insight(gaza_run, once):
    """What would change the choice of that run, looked for once by all workers."""
    from contingent.study.insight import insight

    vars(gaza_run)["insight"] = found = once("insight", lambda: insight(gaza_run))
    return found


@pytest.fixture
def asked_once(gaza_run, gaza_insight, monkeypatch):
    """Verbs that read that run back from its folder take what would change its choice as it was found."""
    from contingent.study import insight

    find = insight._found
    run = gaza_run.question.id
    monkeypatch.setattr(insight, "_found", lambda result: gaza_insight if result.question.id == run else find(result))


@pytest.fixture(scope="session")
def gaza_briefs(gaza_run, gaza_insight, once):
    """The brief of that run in every language."""
    from contingent.brief import compose

    return once("briefs", lambda: {language: compose(gaza_run, language=language) for language in ("en", "ur", "ar")})


@pytest.fixture(scope="session")
def briefs_of(gaza_briefs, once):
    """`briefs_of(case)`: the brief of a shipped case in every language, composed once for all workers, forty runs."""
    from contingent.brief import compose
    from contingent.scenario.read import read
    from contingent.study.study import Study

    def composed(case):
        result = Study(read(case), seed=3).run(40)
        return {language: compose(result, language=language) for language in gaza_briefs}

    return lambda case: gaza_briefs if case == "isf_gaza" else once(f"briefs-{case}", lambda: composed(case))


@pytest.fixture(scope="session")
def postgres():
    """A server in a folder of its own, reached by a socket there; gone afterwards."""
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")

    def run(program, *arguments):
        subprocess.run([str(PROGRAMS[-1] / program), *arguments], check=True, capture_output=True, cwd=folder, **user)

    run("initdb", "-D", str(folder / "data"), "-A", "trust", "--no-sync")
    said = f"-k {folder} -c listen_addresses= -c fsync=off"
    run("pg_ctl", "-D", str(folder / "data"), "-o", said, "-w", "-l", str(folder / "log"), "start")
    try:
        role = "postgres" if user else os.environ.get("USER", "postgres")
        yield f"postgresql+psycopg://{role}@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
