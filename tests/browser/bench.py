"""A workbench that runs as a user starts it, and browsers in front of it: Playwright drives Debian's chromium."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

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
