"""Which full runs of drafts are under way, how far are they, and what happens to one whose process has gone?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from contingent.atomic import atomic_write
from contingent.errors import InputError
from contingent.scenario.model import Scenario
from contingent.study.question import Question
from contingent.study.study import Study
from contingent.workbench.job import ASKED, TOLD
from contingent.workbench.registry import Registry, now

ENDED = ("finished", "failed", "cancelled", "stopped")


@dataclass(frozen=True, slots=True)
class Jobs:
    """Full runs, each a process of its own that outlives the server; the store is where their results go."""

    registry: Registry
    store: Path
    workers: int = 2
    begun: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    """The processes that this one started, by number."""

    def start(self, draft: str, seq: int, scenario: Scenario, runs: int, seed: int, who: str) -> str:
        """Begin a run of a draft as it stands; its id.

        Raises:
            InputError: the number of runs is none; or a run of the same question is under way.
        """
        question = Study(scenario, seed=seed).question(runs)
        for name, each in self.all(draft).items():
            if each.get("run") == question.id and each["state"] not in ENDED:
                raise InputError(f"run {question.id} is under way already, as job {name}")
        job = uuid4().hex[:12]
        told = {"seq": seq, "runs": runs, "seed": seed, "who": who, "when": now(), "run": question.id}
        self._ask(job, question)
        self._spawn(job)
        self.registry.put_job(job, draft, told)
        return job

    def _ask(self, job: str, question: Question) -> None:
        folder = self.folder(job)
        folder.mkdir(parents=True)
        asked = {"question": question.content, "store": str(self.store.resolve()), "workers": self.workers}
        with atomic_write(folder / ASKED) as scratch:
            scratch.write_text(json.dumps(asked), "utf-8")

    def folder(self, job: str) -> Path:
        """Where a job is told what to do, and tells how far it is."""
        return self.registry.folder / "jobs" / job

    def _spawn(self, job: str) -> None:
        folder = self.folder(job)
        with (folder / "said.txt").open("ab") as said:
            made = subprocess.Popen(
                [sys.executable, "-m", "contingent.workbench.job", str(folder)], stdin=subprocess.DEVNULL, stdout=said,
                stderr=said, process_group=0,  # in a session of its own, niceness would count for nothing
            )  # fmt: skip
        self.begun[made.pid] = made
        with atomic_write(folder / TOLD) as scratch:
            scratch.write_text(json.dumps({"pid": made.pid, "state": "starts"}), "utf-8")

    def all(self, draft: str = "") -> dict[str, dict[str, Any]]:
        """Every job of a draft, or of all, newest first, with its state and how far it is."""
        known = self.registry.jobs(draft)
        found = {job: {**told, **self._told(job)} for job, told in known.items()}
        return dict(sorted(found.items(), key=lambda pair: pair[1]["when"], reverse=True))

    def one(self, job: str) -> dict[str, Any]:
        """One job.

        Raises:
            InputError: there is none of that name.
        """
        found = self.registry.jobs().get(job)
        if found is None:
            raise InputError(f"{job}: there is no such job; `Runs` lists those there are")
        return {**found, **self._told(job)}

    def _told(self, job: str) -> dict[str, Any]:
        try:
            told = json.loads((self.folder(job) / TOLD).read_text("utf-8"))
        except (OSError, ValueError):
            return {"state": "stopped", "why": "nothing is known of its process"}
        if told["state"] not in ENDED and not self._lives(told["pid"]):
            told |= {"state": "stopped", "why": "its process was ended from outside; what was finished is kept"}
        return told

    def cancel(self, job: str) -> None:
        """End a job; the parts of the run that are finished are kept."""
        told = self.one(job)
        if told["state"] in ENDED:
            raise InputError(f"{job}: has ended already ({told['state']})")
        with suppress(ProcessLookupError):
            os.kill(told["pid"], signal.SIGTERM)

    def resume(self, job: str) -> None:
        """Go on with a job that was cancelled, failed or whose process has gone; only what is missing is done."""
        told = self.one(job)
        if told["state"] not in ("failed", "cancelled", "stopped"):
            raise InputError(f"{job}: {told['state']}; only one that ended early goes on")
        self._spawn(job)

    def revive(self) -> list[str]:
        """Go on with every job whose process has gone; their ids. A server does so when it starts."""
        gone = [job for job, told in self.all().items() if told["state"] == "stopped" and self.folder(job).is_dir()]
        for job in gone:
            self._spawn(job)
        return gone

    def _lives(self, pid: int) -> bool:
        if own := self.begun.get(pid):
            return own.poll() is None
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
