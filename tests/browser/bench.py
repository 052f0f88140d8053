"""Workbenches, and browsers in front of them: Playwright drives Debian's chromium.

`Server` runs as a user starts it; `served` is one in this process, which has everything loaded already.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import RLock, Thread
from types import SimpleNamespace

import pytest
import uvicorn

from contingent.workbench.access import Access, secret_of
from contingent.workbench.app import application
from contingent.workbench.desk import FOLDER, Desk
from contingent.workbench.previews import Previews

AXE = Path(__file__).parents[2] / ".cache" / "axe.min.js"
SCREENS = ("assumptions", "bottom-line", "compare", "terms", "evidence", "force", "runs")
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


class Server:
    """`contingent serve` in a folder; `kill` is what a power cut would be, `start` begins it again."""

    def __init__(self, folder, *arguments):
        self.folder, self.arguments, self.process = folder, arguments, None

    def start(self):
        command = [sys.executable, "-m", "contingent.cli", "serve", *self.arguments, "--no-open", "--json", "--workers",
                   "1", "--out", str(self.folder)]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = ""
        while not told.endswith("}\n"):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            told += line
        self.link = json.loads(told)["link"]
        self.root = self.link.partition("/enter")[0]
        return self

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self._ended()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self._ended()

    def _ended(self):
        self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()


class AtOnce(Previews):
    """What a process would be asked is worked out here, one thing after another."""

    one = RLock()

    def ask(self, work, folder, *given, pool=""):
        told = Future()
        try:
            with self.one:
                told.set_result(work(str(folder), str(self.store), *given))
        except Exception as error:
            told.set_exception(error)
        return told


@contextmanager
def served(folder, database="", header="", people=()):
    """A workbench of this process: its `desk`, its `root`, and the `link` by which a browser comes in."""
    access = Access(secret_of(folder / FOLDER), frozenset({"127.0.0.1"}), "amna", header, dict(people))
    desk = Desk.at(folder, access, database, workers=1)
    object.__setattr__(desk, "previews", AtOnce(desk.previews.store))
    listener = socket.create_server(("127.0.0.1", 0))
    root = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(application(desk), log_level="error", timeout_graceful_shutdown=1))
    serving = Thread(target=server.run, args=([listener],))
    serving.start()
    try:
        yield SimpleNamespace(desk=desk, root=root, link=root if header else f"{root}/enter?token={access.once}")
    finally:
        server.should_exit = True
        serving.join()
        desk.registry.engine.dispose()


@contextmanager
def browser():
    """Chromium; a page that asks anything of another machine fails the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def until(page, expression, seconds=60):
    """Wait for what a page says of itself; Playwright's own way evaluates text, which the page's policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def opened(made, server, **settings):
    """A page of a new browser context that followed the link, or has the cookie of one that did (`storage_state`)."""
    context = made.new_context(viewport={"width": 1300, "height": 900}, **settings)
    context.set_default_timeout(60_000)
    faults = []
    context.route("**/*", lambda route: route.continue_() if route.request.url.startswith((server.root, "data:"))
                  else (faults.append(route.request.url), route.abort()))  # fmt: skip
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.faults = faults
    page.goto(server.root if "storage_state" in settings else server.link)
    return page


def sound(page, where):
    """That the screen a page is at breaks no rule of accessibility, light or dark, nor has to be moved sideways."""
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, where
    page.set_viewport_size({"width": 1300, "height": 900})
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    page.evaluate(AXE.read_text("utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        told = [(each["id"], [node["html"][:120] for node in each["nodes"]][:3])
                for each in page.evaluate(RULES)["violations"]]  # fmt: skip
        assert not told, (where, scheme, json.dumps(told, indent=1))
