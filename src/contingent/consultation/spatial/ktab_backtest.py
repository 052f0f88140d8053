"""Does the spatial model give KTAB's own answers, turn by turn?

Backtest against KTAB's published results. Reads any folder in the layout of the shared data: `inputs/*.csv|xml` beside
`reference/*.json`, and `options/*.xml` beside `options/*.json`, each JSON holding KTAB's positions by turn. A result
that exists only as `NAME_positions.csv` (turn, actor, dim, position), or as KTAB's own export `NAME_posLog.csv`,
counts as well. What cannot be scored is listed with its reason.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from contingent.consultation.spatial.model import CHOICES, Model, Table
from contingent.consultation.spatial.simulation import simulate
from contingent.consultation.spatial.table_file import read_table, text_of
from contingent.errors import DataError, InputError
from contingent.processes import content_of
from contingent.records import from_json
from contingent.scoring import Score, Scorecard, sha256_of
from contingent.scoring.tables import COUNT, TEXT, number, table

LISTED, LOG = "_positions.csv", "_posLog.csv"
LOOSE = "ASymProsp"  # KTAB's own results differ from run to run under this voting rule
EXACT = 1e-9
NOTES = {
    "loose": f"{{n}} scenarios with {LOOSE}, which KTAB does not reproduce itself: {{equal}} equal, not scored",
    "drawn": "{n} scenarios with Stochastic transitions, drawn by KTAB's own numbers: not scored",
    "log": "{n} logs (`log_`) as KTAB prints them, rounded: {equal} equal up to that",
    "failed": "{n} scenarios that KTAB fails on: {names}",
}
"""What is said of results by how they count; those that are `exact` need no note."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One result of KTAB's beside our run of its scenario: the largest difference in points, and whether both stop at
    the same turn and differ by no more than rounding to print explains.
    """

    name: str
    apart: float = 0.0
    same: bool = False
    equal: bool = False


def ktab(data: Path) -> Scorecard:
    """The backtest task `ktab`: the largest difference from KTAB's positions over every turn, 0 to 100.

    Raises:
        DataError: no results of KTAB in the folder, or none that can be scored.
    """
    found = [path for kind in ("*.json", f"*{LISTED}", f"*{LOG}") for path in sorted(data.rglob(kind))]
    found = [path for path in found if path.suffix == ".json" or not json_beside(path).exists()]
    if not found:
        raise DataError(f"{data}: no *.json with KTAB's results here; name the folder that holds them")
    kinds: dict[str, list[Compared]] = {kind: [] for kind in ("exact", *NOTES)}
    unscored = []
    for path in found:
        try:
            kind, result = compare(path)
            kinds[kind].append(result)
        except InputError as reason:
            unscored.append(str(reason))
    scored = {prefix: each for prefix, each in (("", kinds["exact"]), ("log_", kinds["log"])) if each}
    if not scored:
        raise DataError("\n".join([f"{data}: no reproducible scenario here", *unscored]))
    scores = {}
    for prefix, each in scored.items():
        scores[f"{prefix}max_abs_difference"] = max(one.apart for one in each)
        scores[f"{prefix}scenarios"] = float(len(each))
        scores[f"{prefix}stopped_same_turn"] = sum(one.same for one in each) / len(each)
    notes = [
        said.format(n=len(each), equal=sum(one.equal for one in each), names=", ".join(one.name for one in each))
        for kind, said in NOTES.items() if (each := kinds[kind])
    ]  # fmt: skip
    return Scorecard(
        task="ktab", data_sha256=sha256_of(data), cutoff="no fitting: the equations are run as they stand",
        n=sum(map(len, scored.values())), scores={name: Score.exactly(value) for name, value in scores.items()},
        notes=(*notes, *(f"not scored: {reason}" for reason in unscored)),
    )  # fmt: skip


def compare(path: Path) -> tuple[str, Compared]:
    """One result of KTAB's beside our run of its scenario: how it counts (`exact`, or a key of `NOTES`), how far apart.

    Raises:
        InputError: no scenario to it, or one of the two cannot be read, or they are of different size.
    """
    printed = path.name.endswith(LOG)
    published = _json(path) if path.suffix == ".json" else {"positions": None}
    if published.get("failed") or "positions" not in published:
        return "failed", Compared(path.stem)
    options = published.get("params") or (log_options(path) if printed else {})
    table, model = load(scenario_of(json_beside(path)), options)
    if printed:
        theirs, rounding = logged(path, table)
    else:
        stated = published["positions"]
        theirs, rounding = np.array(listed(path) if stated is None else stated, dtype=float), EXACT
    if model.StateTransitions == "Stochastic":
        return "drawn", Compared(path.stem)
    ours = simulate(table, model).position
    if theirs.shape[1:] != ours.shape[1:]:
        raise DataError(f"{path}: positions of shape {theirs.shape}, the scenario's are {ours.shape}")
    turns, same = min(len(theirs), len(ours)), len(theirs) == len(ours)
    apart = float(np.abs(theirs[:turns] - ours[:turns]).max())
    kind = "loose" if model.VotingRule == LOOSE else "log" if printed else "exact"
    return kind, Compared(path.stem, apart, same, same and apart <= rounding)


def log_options(path: Path) -> dict[str, str]:
    """The options that the first line of a KTAB log names; none where it has no such line."""
    first = _lines(path)[0]
    pairs = (part.partition(":") for part in first.split(";") if first.startswith("PRNG Seed:"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() in CHOICES}


def logged(path: Path, table: Table) -> tuple[np.ndarray, float]:
    """Positions (turn, stakeholder, issue) of a KTAB log, and half of its last decimal: what rounding explains.

    A line is a name and, issue after issue, the positions by turn. Names are written without quotes, so that each
    line is taken by the name the scenario has there.

    Raises:
        DataError: another layout, or other stakeholders.
    """
    lines = [line for line in _lines(path) if not line.startswith("PRNG Seed:")]
    if len(lines) != len(table.names):
        raise DataError(f"{path}: {len(lines)} stakeholders, the scenario has {len(table.names)}")
    found, decimals = [], 0
    for name, line in zip(table.names, lines, strict=True):
        who = name if line.startswith(f"{name},") else line.partition(",")[0]
        if who != name and not name.startswith(f"{who} ("):
            raise DataError(f"{path}: `{who}` stands where the scenario has `{name}`")
        cells = [cell.strip() for cell in line[len(who) + 1 :].rstrip(" ,").split(",")]
        try:
            found.append([float(cell) for cell in cells])
        except ValueError as reason:
            raise DataError(f"{path}: {name}: {reason}") from None
        decimals = max(decimals, *(len(cell.partition(".")[2]) for cell in cells))
    issues = len(table.issues)
    if len({len(row) for row in found}) != 1 or len(found[0]) % issues:
        raise DataError(f"{path}: lines of unequal length, or no multiple of the {issues} issues of the scenario")
    positions = np.array(found).reshape(len(found), issues, -1).transpose(2, 0, 1)
    return positions, 0.5 * 10.0**-decimals + EXACT


def _lines(path: Path) -> list[str]:
    return [line for line in text_of(path)[0].splitlines() if line.strip()] or [""]


def json_beside(path: Path) -> Path:
    """The full result a list or log of positions belongs to (`x.csv_posLog.csv` to `x`); a full result as it is."""
    if not path.name.endswith((LISTED, LOG)):
        return path
    bare = path.name.removesuffix(LISTED).removesuffix(LOG)
    return path.with_name(bare.removesuffix(".csv").removesuffix(".xml") + ".json")


def listed(path: Path) -> np.ndarray:
    """Positions (turn, stakeholder, issue) of a list with the columns turn, actor, dim, position.

    Raises:
        DataError: another layout.
    """
    axes = {"turn": COUNT, "actor": TEXT, "dim": TEXT}
    _, rows = table(path, "", axes | {"position": number(empty=None)})
    shape = [rows[axis].nunique() for axis in axes]
    cells = rows.set_index(list(axes))["position"]
    if cells.index.has_duplicates or len(cells) != np.prod(shape):
        many = "{} turns, {} actors and {} issues".format(*shape)
        raise DataError(f"{path}: not one position for each of {many}")
    return cells.reindex(pd.MultiIndex.from_product([rows[axis].unique() for axis in axes])).to_numpy().reshape(shape)


def _json(path: Path) -> dict[str, Any]:
    hint = "a mapping with `positions` is needed here"
    return from_json(content_of(path, hint=hint, error=DataError), dict[str, Any], path, hint, DataError)


def scenario_of(result: Path) -> Path:
    """The scenario a result belongs to: the same name beside it, or in `inputs` beside its folder.

    Raises:
        DataError: there is none.
    """
    for folder in (result.parent, result.parent.parent / "inputs", result.parent.parent / "options"):
        for ending in (".xml", ".csv"):
            if (found := folder / (result.stem + ending)).exists():
                # a result in `reference` belongs to the example input, which KTAB read as a CSV
                csv = folder / (result.stem + ".csv")
                return csv if csv.exists() and folder.name == "inputs" else found
    raise DataError(f"{result}: no scenario of that name beside it or in `inputs`")


def load(path: Path, options: dict[str, str]) -> tuple[Table, Model]:
    """A scenario's table and KTAB model; a CSV carries no options, so they come with the result."""
    table, model, _ = read_table(path, "ktab", Model(**options, compat="ktab"))
    return table, model
