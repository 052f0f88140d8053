"""How many seconds the promises in seconds take, each beside the same work done plainly in the same run.

    uv run python benchmarks/seconds.py

The page: opened by chromium, beside its bare words. Its PDF: beside Typst setting the same words. The shipped case's
force plans: beside HiGHS proving the first goals of the same programmes in one go. An appraisal at the leaves of an
outcome tree, every run under every weight: beside the bare scores of all pairs and the best of each. Least of several;
the suite holds the ratios (a machine changes seconds, not ratios), this file prints the seconds beside what was
promised.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import xarray as xr

import contingent as ct
from contingent.appraisal import appraise
from contingent.brief import Brief, compose
from contingent.force import plan
from contingent.force.build_instance import build_instance
from contingent.force.highs import to_highs
from contingent.force.model import build_model
from contingent.scenario.model import Scenario
from contingent.scenario.option import Criterion
from contingent.study.study import Study

TURNS = 6
HOST = """<!doctype html><pre id="took"></pre><script>
const pages = PAGES, took = pages.map(() => []);
let turn = 0;
function next() { // begun before the last frame goes: what is still loading keeps the window from being done
  if (turn === TURNS * pages.length) { document.getElementById("took").textContent = JSON.stringify(took); return; }
  const which = turn++ % pages.length, frame = document.createElement("iframe"), start = performance.now();
  frame.width = 1000; frame.height = 2000; frame.srcdoc = pages[which];
  frame.onload = () => {
    frame.contentDocument.body.offsetHeight;
    took[which].push((performance.now() - start) / 1000);
    next(); frame.remove();
  };
  document.body.append(frame);
}
next();
</script>"""


def bare(html: str) -> str:
    """The words of a page in one paragraph."""
    told = re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)[\s\S]*?</\1>", "", html))
    return f"<!doctype html><title>bare</title><body><p>{' '.join(told.split())}</p></body>"


def page(html: str) -> tuple[list[float], list[float]]:
    """Wall seconds until a page and its bare words are loaded and laid out, turn by turn in one window."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("no chromium on this machine")
    opened = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    pages = json.dumps([opened, bare(html)]).replace("</", "<\\/")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "host.html"
        file.write_text(HOST.replace("PAGES", pages).replace("TURNS", str(TURNS)), "utf-8")
        done = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={folder}/profile", "--window-size=1000,2000", "--dump-dom", file.as_uri()],
            capture_output=True, text=True, timeout=150, check=True,
        )  # fmt: skip
    found = re.search(r'<pre id="took">(.+?)</pre>', done.stdout) or sys.exit(done.stderr[-2000:])
    return tuple(json.loads(found[1]))


def pdf(brief: Brief) -> tuple[float, float]:
    """CPU seconds of a brief's PDF and of Typst setting the same words."""
    import typst  # the page and the plans are timed without the extra `pdf`

    told = " ".join(re.findall(r"[A-Za-z]+", brief.render("md").decode()))
    return (
        least(lambda turn: brief.render("pdf")),
        least(lambda turn: typst.compile(f"{told} {turn}".encode())),  # another word: nothing is remembered
    )


def plans(scenario: Scenario) -> tuple[float, float]:
    """CPU seconds of planning every option, last goal included, and of HiGHS alone on the first goals."""
    cases = [scenario.under(option) for option in scenario.options]

    def plainly(_turn: int) -> None:
        for case in cases:
            to_highs(build_model(build_instance(case), merged=True).matrices, whole=True).run()

    return least(lambda turn: [plan(case) for case in cases], 1), least(plainly, 1)


def appraisal(runs: int = 10_000, weights: int = 10_000) -> tuple[float, float]:
    """CPU seconds of appraising 5 options on 10 criteria in groups at what comes of them, and of the bare scores."""
    rng, names = np.random.default_rng(1), [f"o{k}" for k in range(5)]
    said = {"label": "x", "question": "?", "measure": "judged", "worst": 0, "best": 100}
    criteria = {f"c{k}": Criterion(**said, group=f"g{k // 2}", tail=0.3 * (k < 3)) for k in range(10)}
    by_run = {"option": names, "run": np.arange(runs)}
    performance = xr.DataArray(rng.uniform(0, 100, (5, runs, 10)), {**by_run, "criterion": list(criteria)})
    leaves = xr.DataArray(rng.dirichlet(np.ones(5), (5, runs)), {**by_run, "leaf": names})
    drawn, values = rng.dirichlet(np.ones(10), weights), performance.to_numpy().transpose(1, 0, 2) / 100

    def plainly(turn: int) -> None:
        for run in range(0, runs, 50):
            (values[run : run + 50] @ drawn.T).argmax(axis=1)

    appraise(performance[:, :50], criteria, seed=1, weights=50, leaves=leaves[:, :50])  # compiled before it is timed
    return (
        least(lambda turn: appraise(performance, criteria, seed=turn, weights=weights, leaves=leaves)),
        least(plainly),
    )


def least(work, turns: int = 3) -> float:
    """CPU seconds of the quickest of several turns."""
    took = []
    for turn in range(turns):
        start = time.process_time()
        work(turn)
        took.append(time.process_time() - start)
    return min(took)


def main() -> None:
    scenario = ct.read("isf_gaza")
    brief = compose(Study(scenario).run(60))
    opened, words = page(brief.render("html").decode())
    rows = [
        ("page, first opened", opened[0], words[0], 0.5), ("page, again", min(opened), min(words), 0.5),
        ("PDF", *pdf(brief), 1.0), ("plans of all options", *plans(scenario), 5.0 * len(scenario.options)),
        ("appraisal", *appraisal(), 5.0),
    ]  # fmt: skip
    print(f"{'':22}{'seconds':>9}{'promised':>9}{'plainly':>9}{'ratio':>7}")
    for name, seconds, plain, promised in rows:
        print(f"{name:22}{seconds:9.2f}{promised:9.1f}{plain:9.3f}{seconds / plain:7.1f}")


if __name__ == "__main__":
    main()
