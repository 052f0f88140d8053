"""How does a draft's full run go on by itself, whatever becomes of the page, the server or one of its workers?

A process of its own: it reads what is asked from a folder, tells there how far it is, and ends. The run's finished
parts are in the store, so that the same job started again does only what is missing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.errors import ContingentError, RunError
from contingent.processes import end_when_asked

ASKED, TOLD = "asked.json", "progress.json"
AGAIN = 2  # times that a job goes on by itself where a worker was ended from outside


def teller(folder: Path) -> Callable[..., None]:
    """Who writes down how far a job is: its `state`, and whatever else is known."""
    known: dict[str, Any] = {"pid": os.getpid(), "state": "starts"}

    def tell(**more: Any) -> None:
        known.update(more, at=time.time())
        with atomic_write(folder / TOLD) as scratch:
            scratch.write_text(json.dumps(known), "utf-8")

    return tell


def work(folder: Path) -> None:
    """Do what a folder asks for: `asked.json` has a question's content, the folder of runs, and how many workers."""
    tell = teller(folder)
    tell()
    from contingent.ensemble.execute import Processes, Serial
    from contingent.study.question import Question
    from contingent.study.store import Store
    from contingent.study.study import Study, run_or_load

    asked = json.loads((folder / ASKED).read_text("utf-8"))
    question, store = Question.from_content(asked["question"]), Store(Path(asked["store"]))
    study = Study(question.scenario, question.options, question.seed)
    run = study.question(question.runs).id
    tell(state="plans the force", run=run, of=question.runs)
    workers = Processes(asked["workers"]) if asked["workers"] > 1 else Serial()

    def progress(done: int, of: int) -> None:
        tell(state="runs", done=done, of=of, partial=so_far(store.folder / f".{run}.partial"))

    for left in range(AGAIN, -1, -1):
        try:
            run_or_load(study, question.runs, store, executor=workers, progress=progress)
            break
        except RunError as error:
            if not left or "ended from outside" not in str(error):
                raise
            tell(state="goes on after a worker was ended")
    tell(state="finished", done=question.runs)


def so_far(folder: Path) -> dict[str, Any]:
    """Of a run under way, by its finished parts: how likely each option is decided on its own terms, with its error."""
    import numpy as np

    from contingent.labels import OPTION, RUN
    from contingent.study.run_files import RunFiles, part, unzipped

    files, found = RunFiles.noted(folder), list[Any]()
    for start in sorted(files.done):
        table = unzipped(files.content(part(start)), "consultation").get("consultation")
        found += [table["passes"]] if table is not None else []
    if not found:
        return {}
    values = np.concatenate([each.transpose(RUN, OPTION).to_numpy() for each in found])
    error = values.std(axis=0) / np.sqrt(len(values))
    return {str(name): [float(mean), float(by)]
            for name, mean, by in zip(found[0][OPTION].values, values.mean(axis=0), error, strict=True)}  # fmt: skip


def main(folder: Path) -> int:
    """The job in a folder, to its end; 0 done, 1 refused or failed, 143 asked to end."""
    end_when_asked()
    with suppress(OSError):
        os.nice(10)  # the page comes first
    tell = teller(folder)
    try:
        work(folder)
    except KeyboardInterrupt:
        tell(state="cancelled", run=_run(folder))
        return 143
    except (ContingentError, OSError, ValueError) as error:
        tell(state="failed", why=str(error), run=_run(folder))
        return 1
    return 0


def _run(folder: Path) -> str:
    with suppress(OSError, ValueError):
        return json.loads((folder / TOLD).read_text("utf-8")).get("run", "")
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
