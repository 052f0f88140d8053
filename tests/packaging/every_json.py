"""Run every verb that has `--json` as an installed command, and refuse any answer that is not one JSON value.

    python tests/packaging/every_json.py         # with the Python whose `contingent` is to be tried

Each verb is asked something small in a folder of its own. A verb without a line in `ASKED` fails: a new one cannot be
forgotten. Nothing is read but what the package ships and what is made here.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

ENSEMBLE = ("--runs", "40", "--out", "runs")
BRIEF = "the brief that was written"  # stands for the path, whose name holds the run's id
PRECEDENTS = files("contingent.precedents").joinpath("data/precedents.csv")
# In the order of asking: a later verb may stand on what an earlier one wrote.
ASKED: dict[str, tuple[str, ...]] = {
    "new": ("my_case", "--like", "isf_gaza"),
    "check": ("my_case",),
    "migrate": ("my_case",),
    "explain": ("theatre.observed.deaths",),
    "schema": (),
    "run": ("isf_gaza", *ENSEMBLE, "--executor", "serial"),
    "brief": ("isf_gaza", *ENSEMBLE, "--to", "html"),
    "open": (BRIEF, "--out", "runs"),
    "compare": ("un_mandate_full", "decline", "--out", "runs"),
    "what-if": ("unifil_2006", "process.deadline=60", *ENSEMBLE),
    "sweep": ("unifil_2006", "--over", "designs.yaml", *ENSEMBLE),
    "options": ("unifil_2006", *ENSEMBLE),
    "weights": ("isf_gaza",),
    "trace": ("isf_gaza", "force.shortfall", "--option", "decline", *ENSEMBLE),
    "force": ("isf_gaza", "--option", "decline", "--gap", "0.05"),
    "ask": ("isf_gaza", "--host", "PSE"),
    "record": ("PAK", "--people", "230000", "--data", "PAK.csv"),
    "runs": ("--out", "runs"),
    "evidence": ("article.txt", "--out", "ledger"),
    "ledger": ("verify", "ledger"),
    "questions": ("mss_haiti", *ENSEMBLE),
    "forecast": ("seal", "mss_haiti", *ENSEMBLE),
    "history": ("mss_haiti", "--runs", "40"),
    "serve": ("amm_aceh", "--get", "/index.json", "--out", "runs"),
    "consultation": ("isf_gaza", "--runs", "40"),
    "mission": ("isf_gaza", "--runs", "40"),
    "calibrate": ("isf_gaza", "--data", "nothing"),
    "sheet": ("export", "isf_gaza", "force.xlsx"),
    "data": ("months.csv",),
    "backtest": ("precedents", "--data", str(PRECEDENTS)),
}
ARTICLE = """\
Minister doubts mission
By A Reporter
28 October 2025

The defence minister said on Monday that the cabinet would not send soldiers without a Security Council resolution.
"""


def verbs() -> list[str]:
    """The verbs whose answer may be asked for as JSON."""
    from contingent.cli import VERBS, app

    command = app()
    arguments = {verb: command[verb].assemble_argument_collection() for verb in VERBS}
    return [verb for verb, known in arguments.items() if any("--json" in argument.names for argument in known)]


def prepare(folder: Path) -> None:
    """What the verbs read: an article, a folder without data, and made-up tables of who served when."""
    (folder / "article.txt").write_text(ARTICLE, "utf-8")
    (folder / "designs.yaml").write_text("process.deadline: [30, 60]\n", "utf-8")
    (folder / "nothing").mkdir()
    heading = ["Date", "Number of Contributors", "Troop Contributions", "Police Contributions"]
    table(folder / "months.csv", heading, [["2025-09-30", 120, 45000, 5000]])
    table(folder / "PAK.csv", ["Date", "Troops", "Police", "Experts"], [["2014-03-31", 7000, 300, 50]])


def table(file: Path, heading: list[str], rows: list[list[object]]) -> None:
    """Write a table as CSV."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([heading, *rows])


def answer(verb: str, folder: Path) -> str:
    """What is wrong with a verb's answer; empty if it is one JSON value and the verb ended well."""
    given = [str(next(folder.rglob("*.html"), "")) if word == BRIEF else word for word in ASKED[verb]]
    words = [sys.executable, "-m", "contingent.cli", verb, *given, "--json"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
                          env={**os.environ, "PYTHONUTF8": "1"})  # fmt: skip
    if done.returncode and (done.returncode, verb) != (3, "serve"):  # its extra is not installed here
        return f"ended with {done.returncode}: {(done.stdout + done.stderr)[-800:]}"
    try:
        json.loads(done.stdout, parse_constant=lambda word: refuse(f"{word} is not JSON"))
    except ValueError as error:
        return f"{error}; its answer begins {done.stdout[:200]!r}"
    return ""


def refuse(why: str) -> None:
    """Stop reading."""
    raise ValueError(why)


def main() -> int:
    """Ask every verb; 1 if one failed."""
    there = verbs()
    failed = [f"{verb}: nothing is asked of it in {Path(__file__).name}" for verb in there if verb not in ASKED]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for verb in (verb for verb in ASKED if verb in there):
            start = time.monotonic()
            wrong = answer(verb, folder)
            print(
                f"  {verb:14}{time.monotonic() - start:6.1f} s  {'FAILED' if wrong else 'one JSON value'}", flush=True
            )
            failed += [f"{verb}: {wrong}"] if wrong else []
    print("\n".join(failed) or f"Python {sys.version.split()[0]}: {len(there)} verbs answer in JSON")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
