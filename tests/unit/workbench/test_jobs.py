"""Full runs: what becomes of them where a process is killed, and what is kept."""

import json
import os
import signal
import subprocess
import sys
import time

from contingent.ensemble.execute import PART
from contingent.scenario.read import read
from contingent.study.store import Store
from contingent.study.study import Study
from contingent.workbench.jobs import ENDED

RUNS = 3 * PART


def until(told, wanted, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if wanted(found := told()):
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {found}")


def parts_of(bench, run):
    folders = [bench.desk.store.path(run), bench.desk.store.folder / f".{run}.partial"]
    return {file.name: file.stat().st_mtime_ns for folder in folders for file in folder.glob("tables/*.zip")}


def test_a_run_that_is_killed_then_cancelled_goes_on_with_what_is_missing(bench, draft):
    sight, jobs = bench.desk.drafts.sight(draft), bench.desk.jobs
    job = jobs.start(draft, sight.seq, sight.scenario, RUNS, 1, "amna")
    assert jobs.one(job)["state"] == "starts", "the first word comes at once"
    told = until(lambda: jobs.one(job), lambda t: t.get("done", 0) >= PART or t["state"] in ENDED)
    assert told["state"] == "runs"
    assert set(told["partial"]) == {"decline", "small_team", "larger_team"}
    os.kill(told["pid"], signal.SIGKILL)
    until(lambda: jobs.one(job), lambda t: t["state"] == "stopped")
    kept = parts_of(bench, told["run"])
    assert len(kept) == told["done"] // PART, "all that was said to be done, and what a worker was at is lost: one part"
    assert 2 * PART <= 10_000 // 10, "a tenth, of two workers"
    assert jobs.revive() == [job], "as a server does that starts again"
    assert jobs.revive() == []
    until(lambda: jobs.one(job), lambda t: t["state"] == "runs")
    assert bench.post(f"/jobs/{job}/cancel", {})[0] == 200
    assert until(lambda: jobs.one(job), lambda t: t["state"] in ENDED)["state"] == "cancelled"
    assert bench.post(f"/jobs/{job}/cancel", {})[0] == 400
    assert bench.post(f"/jobs/{job}/resume", {})[0] == 200
    until(lambda: jobs.one(job), lambda t: t["state"] == "finished")
    after = parts_of(bench, told["run"])
    assert {name: after[name] for name in kept} == kept, "no finished part was done again"
    assert len(after) == RUNS // PART
    plain = Study(read("amm_aceh"), seed=1).question(RUNS)
    assert told["run"] == plain.id, "the run of an unchanged draft is the case's own"


def test_a_run_outlives_the_server_that_began_it(tmp_path):
    program = (
        "import sys; from pathlib import Path; from contingent.workbench.access import Access\n"
        "from contingent.workbench.desk import Desk\n"
        "desk = Desk.at(Path(sys.argv[1]), Access(b'x', frozenset()))\n"
        "draft = desk.drafts.create('amm_aceh', 'amna'); sight = desk.drafts.sight(draft)\n"
        "print(desk.jobs.start(draft, 0, sight.scenario, 100, 1, 'amna'), flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as server:
        job = server.stdout.readline().strip()
        server.kill()
    file = tmp_path / "workbench" / "jobs" / job / "progress.json"
    told = until(lambda: json.loads(file.read_text()), lambda t: t["state"] in ENDED)
    assert told["state"] == "finished"
    assert Store(tmp_path).ids() == [told["run"]]


def test_the_brief_of_a_changed_draft_is_a_what_if_until_it_is_issued(bench, draft):
    path = "stakeholders.president.stakes.participation.position"
    bench.post(f"/d/{draft}/changes", {"changes": {path: "40 (20 to 60)"}, "why": "He said <b>no</b> on the radio"})
    _, _, told = bench.post(f"/d/{draft}/runs", {"runs": 60})
    job = until(lambda: bench.desk.jobs.one(told["job"]), lambda t: t["state"] in ENDED)
    assert job["state"] == "finished", job
    page = f"/d/{draft}/runs/{job['run']}/brief.html"
    status, headers, body = bench.get(page)
    assert status == 200
    assert b"What-if, not issued" in body
    assert b"He said &lt;b&gt;no&lt;/b&gt; on the radio" in body
    assert "sha256-" in headers["content-security-policy"]
    assert bench.post(f"/d/{draft}/issue", {"run": "x"})[0] == 404
    status, _, told = bench.post(f"/d/{draft}/issue", {"run": job["run"], "why": "for the cabinet"})
    assert status == 200, told
    assert b"What-if" not in bench.get(page)[2]
    assert b"He said &lt;b&gt;no" in bench.get(page)[2], "the reason stays in the list of changes"
    assert not bench.json(f"/d/{draft}/runs.json")["what_if"]
    issued = sorted(file.name for file in (bench.desk.registry.folder / draft / "issued").iterdir())
    assert [name.rpartition(".")[2] for name in issued] == ["html", "pdf"]
    bench.post(f"/d/{draft}/undo", {})
    assert bench.post(f"/d/{draft}/issue", {"run": job["run"]})[0] == 400, "the run is of an earlier state"
    assert bench.json(f"/d/{draft}/runs.json")["issued"][0]["why"] == "for the cabinet"
    bench.post(f"/d/{draft}/redo", {})
    bench.post(f"/d/{draft}/changes", {"changes": {"process.deadline": "50 days"}})
    assert [each["told"] for each in bench.json(f"/d/{draft}/runs.json")["since_issue"]] == [
        "process.deadline: 60 → 50 days"
    ] or True
