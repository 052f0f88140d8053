"""How long until a change is painted, with and without a full run at work; how long do twenty readers wait?

`python benchmarks/workbench.py [CASE] [FOLDER]`: a real server and a real browser, as JSON: milliseconds from the key
that sends a number to the painted panel (p50, p95, over numbers of every kind), the same while a run of 10,000 works,
the seconds to the first word of that run, p95 of reads by twenty analysts at once, and the largest process in MB.
"""

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
from bench import Server, browser, opened

SOUGHT = ("position", "strength", "theatre", "process", "judgement")
TIMES, READS = 5, 25


def painted(page, root, draft, sought):
    """Milliseconds from the key to the panel, for some numbers that a search finds."""
    page.goto(f"{root}/d/{draft}/assumptions?q={sought}")
    page.wait_for_selector("#panel table", timeout=300_000)
    page.wait_for_timeout(2500)  # what was put off before is worked out
    took = []
    for n in range(min(TIMES, page.locator("form.number").count())):
        form = page.locator("form.number").nth(n)
        low, best = (form.locator(f"[name={name}]").input_value() for name in ("low", "value"))
        if not low:
            continue
        form.locator("[name=value]").fill(f"{(float(low) + 3 * float(best)) / 4:.5g}")
        took += page.evaluate(
            """async (form) => {
            const panel = document.getElementById('panel'), started = performance.now();
            form.requestSubmit();
            await new Promise((done) => new MutationObserver((_, watch) => {
                if (!panel.classList.contains('stale')) { watch.disconnect(); done(); }
            }).observe(panel, {attributes: true, childList: true}));
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            return [performance.now() - started];
        }""",
            form.element_handle(),
        )
    return took


def quantiles(values):
    return {
        "n": len(values),
        "p50": round(float(np.quantile(values, 0.5))),
        "p95": round(float(np.quantile(values, 0.95))),
    }


def reads(root, cookie, draft):
    """Milliseconds of what one analyst reads, page after page."""
    host, took = root.removeprefix("http://"), []
    for n in range(READS):
        started, path = time.perf_counter(), ("assumptions.json", "runs", "assumptions?only=judged", "runs.json")[n % 4]
        ask = HTTPConnection(host, timeout=60)
        ask.request("GET", f"/d/{draft}/{path}", headers={"cookie": cookie, "accept": "text/html,application/json"})
        assert ask.getresponse().read()
        took.append(1000 * (time.perf_counter() - started))
        time.sleep(0.5)
    return took


def largest(pid):
    """MB of the largest process of a server."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "--pid", str(pid), "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return max(int(each) for each in told.stdout.split()) // 1000


def main(case="isf_gaza", folder=""):
    server = Server(Path(folder or tempfile.mkdtemp()), case).start()
    try:
        with browser() as made:
            page = opened(made, server)
            page.set_default_timeout(300_000)
            page.click(f"main a >> text={case}")
            page.wait_for_selector("#panel table")
            draft = page.url.split("/d/")[1].split("/")[0]
            cookie = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
            told = {"case": case, "quiet": {}, "beside_a_run": {}}
            for sought in SOUGHT:
                if took := painted(page, server.root, draft, sought):
                    told["quiet"][sought] = took
            with ThreadPoolExecutor(20) as pool:
                found = list(pool.map(lambda _: reads(server.root, cookie, draft), range(20)))
            told["reads"] = quantiles([each for one in found for each in one])
            page.goto(f"{server.root}/d/{draft}/runs")
            page.fill("[name=runs]", "10000")
            started = time.perf_counter()
            page.click("text=Run the draft as it stands")
            page.wait_for_selector("[data-job] .state")
            told["first_word_s"] = round(time.perf_counter() - started, 2)
            page.wait_for_timeout(8000)
            for sought in SOUGHT[:3]:
                if took := painted(page, server.root, draft, sought):
                    told["beside_a_run"][sought] = took
            told["largest_mb"] = largest(server.process.pid)
            jobs = page.request.get(f"{server.root}/d/{draft}/runs.json").json()["jobs"]
            told["run_was_still_at_work"] = jobs[0]["state"] not in ("finished", "failed")
            page.request.post(f"{server.root}/jobs/{jobs[0]['job']}/cancel", data={}, headers={
                "x-contingent-token": page.get_attribute("meta[name=contingent-token]", "content")})  # fmt: skip
    finally:
        server.stop()
    for part in ("quiet", "beside_a_run"):
        told[part] = {"all": quantiles([t for each in told[part].values() for t in each]),
                      **{name: quantiles(each) for name, each in told[part].items()}}  # fmt: skip
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
