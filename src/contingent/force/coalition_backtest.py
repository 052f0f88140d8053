"""How well is it forecast who contributes to a force outside the UN? `contingent backtest coalitions`.

Leave-one-force-out validation. A folder holds `force_state_task.csv` (a row a force and state: `FEATURES`, `is_lead`,
`status`, and `y`, 1 where at least ten people came within two years) and `forces.csv` (force, start, host, lead,
command, predecessor). Left out are lead states, rows of uncertain outcome, forces that took over from another of the
same states, and forces whose contributors by state were not found. A state is *asked* where the table says that it
came, sent a few, offered, refused, was noted to stay away or was kept out by the host.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contingent import scoring
from contingent.errors import DataError, InputError
from contingent.force.coalition import COUNTED, FLAGS, RANKED, coded, facts, force, generic, shipped
from contingent.force.propensity import Propensity, fit, rows
from contingent.precedents.forecast import forecast
from contingent.scoring import Score, Scorecard, auc, backtest_task, log_score
from contingent.scoring.tables import COUNT, MONTH, TEXT, WORD, number, one_of, table

TASK, FORCES = "force_state_task.csv", "forces.csv"
FEATURES = ("org", "in_org", *FLAGS, *RANKED, *COUNTED)
STATUSES = ("deployed", "token", "offered_not_deployed", "asked_declined", "noted_absent", "excluded_by_host",
            "silent", "uncertain")  # fmt: skip
COLUMNS = dict.fromkeys(("is_lead", *FEATURES), number()) | {"force": TEXT, "start": MONTH, "iso3": TEXT, "org": WORD}
ANSWERS = {"status": one_of(*STATUSES), "y": number()}
FORCE = dict.fromkeys(("force", "host", "lead", "command", "predecessor"), TEXT) | {"start": MONTH}
LEFT_OUT = ("EUBAM_RAFAH",)  # its table names the lead state only


@dataclass(frozen=True, slots=True)
class Forces:
    """Rows of forces and states, and a row a force with what it was; index of `about`: force."""

    rows: pd.DataFrame
    about: Any  # a frame of pandas, whose stubs know no row by name
    sha256: str
    """Fingerprint of the table's file."""

    def keep(self, chosen: NDArray[np.bool_]) -> Forces:
        """The same forces with some of the rows."""
        return replace(self, rows=rows(self.rows, chosen))

    def column(self, name: str) -> NDArray:
        """A column's values."""
        return self.rows[name].to_numpy()


Design = Callable[[Forces], pd.DataFrame]


def read_forces(data: Path, *, about: Any = None) -> Forces:
    """The two tables of a folder; or of a file, and of the folder it lies in.

    With `about`, what is known of forces, the file needs no answers and no folder.

    Raises:
        DataError: a table, a column, a number or a date is missing or is none; all cells that are wrong, by line.
    """
    file, found = table(data, TASK, COLUMNS | (ANSWERS if about is None else {}), {"people": COUNT})
    if about is None:
        path, named = table(file.parent, FORCES, FORCE)
        about = named.set_index("force")
        if missing := sorted({*found["force"]} - {*about.index}):
            raise DataError(f"{path}: has no row for {', '.join(missing)}")
    return Forces(found, about, scoring.sha256_of(file))


def scored(forces: Forces) -> NDArray[np.bool_]:
    """Which rows are forecast and taught with; (row,)."""
    new = forces.about.index[forces.about["predecessor"].str.startswith("none")].difference(LEFT_OUT)
    inside = np.isin(forces.column("force"), new)
    return inside & (forces.column("is_lead") == 0) & (forces.column("status") != "uncertain")


def heard_of(forces: Forces) -> NDArray[np.bool_]:
    """Which states were asked or spoke; (row,)."""
    return forces.column("status") != "silent"


def agreement(forces: Forces, own: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The record's probability that each state agrees if asked, as known a year or more before the start; (row,).

    One coding for all: the UN leads or not, a neighbour or not, combat possible, consent given; what only those in the
    room know is 0. With the state's `own` record or without it. From the year before, for what was decided about the
    force itself is not to count.
    """
    led = {*forces.about.index[forces.about["command"] == "un"]}
    near = np.nan_to_num(np.fmax(forces.column("neighbour"), forces.column("shares_subregion_org"))) > 0
    columns = (forces.column(name) for name in ("start", "force", "iso3"))
    keys = [
        (int(start[:4]) - 1, name in led, bool(beside), code if mine else "")
        for start, name, code, beside, mine in zip(*columns, near, own, strict=True)
    ]
    found = {
        (year, un, beside, code): forecast(generic(code, un_led=un, neighbour=beside), date(year, 1, 1)).probability
        for year, un, beside, code in sorted(set(keys))
    }
    return np.array([found[key] for key in keys])


def from_table(forces: Forces) -> pd.DataFrame:
    """Features from the table's columns."""
    return coded(forces.rows)


def from_facts(forces: Forces) -> pd.DataFrame:
    """Features from what comes with the package: all that `ask` needs."""
    parts = []
    for name, group in forces.rows.groupby("force", sort=False):
        about, sent = forces.about.loc[str(name)], group["org"].iloc[0]
        start = date.fromisoformat(f"{about['start'][:7]}-01")
        what = force(about["host"], about["lead"], sent if isinstance(sent, str) else None, start)
        parts.append(facts(what).reindex(group["iso3"]).set_index(group.index))
    return pd.concat(parts).loc[forces.rows.index]


def near_and_member(forces: Forces) -> pd.DataFrame:
    """Distance and membership alone."""
    return from_table(forces).filter(items=["member", "outsider", "distance"])


def learn(x: pd.DataFrame, forces: Forces) -> Propensity:
    """The model of being in play on features (row, feature), with the sizes that contributors sent."""
    people = forces.rows["people"].where(forces.rows["y"] == 1)
    return fit(x.assign(y=heard_of(forces).astype(int), size=people))


def left_out(
    forces: Forces, design: Design, agrees: NDArray[np.float64], *, group: str = "force"
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """P(contributes), P(in play) and the base rate of every row, each from forces left out; (row,), nan where none.

    Args:
        forces: only rows that are `scored`.
        design: where features come from.
        agrees: the record's P(agrees | asked).
        group: `force`; `sender`, all forces of an organisation, or all of lead states, at once; `later`, each force
            from those that had started before it, once there are four.
    """
    x = design(forces)
    names, came, start = forces.column("force"), forces.column("y") == 1, forces.column("start").astype(str)
    sender = np.array([org if isinstance(org, str) else "a lead state" for org in forces.column("org")])
    in_play, base = np.full(len(names), np.nan), np.full(len(names), np.nan)
    for name in dict.fromkeys(names):
        here = names == name
        past = {"force": ~here, "sender": sender != sender[here][0], "later": start < start[here][0]}[group]
        if len(set(names[past])) < 4:
            continue
        model = learn(rows(x, past), forces.keep(past))
        in_play[here], base[here] = model.probability(rows(x, here)), came[past].mean()
    return in_play * agrees, in_play, base


def predict(data: Path, file: Path) -> pd.DataFrame:
    """Every state of the forces in a file without answers, from the labelled forces of a folder, never from itself.

    Columns force, iso3, in_play, agrees, contributes; a row of a lead state is certain and left empty.

    Raises:
        DataError: a table does not have its layout.
    """
    taught = read_forces(data)
    taught = taught.keep(scored(taught))
    asked = read_forces(file, about=taught.about)
    x, mine, names = from_table(asked), taught.column("force"), asked.column("force")
    agrees = agreement(asked, np.zeros(len(names), bool))
    in_play = np.full(len(names), np.nan)
    for known in {*mine} & {*names} | {""}:
        others = taught.keep(mine != known)
        here = (names == known) if known else ~np.isin(names, mine)
        if here.any():
            in_play[here] = learn(from_table(others), others).probability(rows(x, here))
    leads = asked.column("is_lead") == 1
    said = {"in_play": in_play, "agrees": agrees, "contributes": in_play * agrees}
    columns = {name: np.where(leads, np.nan, values) for name, values in said.items()}
    return pd.DataFrame({"force": names, "iso3": asked.column("iso3"), **columns})


@backtest_task(data="coalitions", predict=predict)
def coalitions(data: Path, fit: str = "") -> Scorecard:
    """The record of the task `coalitions`; `fit="shipped"` scores what ships as it is, on whatever forces are there.

    Raises:
        DataError: the tables do not have the layout above, or hold fewer than five forces to score.
        InputError: another way to fit.
    """
    if fit not in ("", "folds", "shipped"):
        raise InputError(
            f"--fit {fit}: the task coalitions takes `folds` (each force left out in turn; its own way) or `shipped`"
        )
    forces = read_forces(data)
    forces = forces.keep(scored(forces))
    came, name = (forces.column("y") == 1).astype(int), forces.column("force")
    if fit != "shipped" and len(set(name)) < 5:
        raise DataError(f"{data}: {len(set(name))} forces to score; at least 5 are needed to leave one out")
    asked, agrees = heard_of(forces), agreement(forces, np.zeros(len(came), bool))
    scores: dict[str, Score] = {}
    baselines: dict[str, dict[str, Score]] = {"base rate": {}}

    def ranked(p: NDArray, keep: NDArray[np.bool_], rule: Callable[[NDArray, NDArray], float] = auc) -> Score:
        return scoring.resampled(lambda rows: rule(p[keep][rows], came[keep][rows]), name[keep])[0]

    def report(suffix: str, p: NDArray, usual: NDArray, keep: NDArray[np.bool_]) -> None:
        keep = keep & ~np.isnan(p)
        for into, said in ((scores, p), (baselines["base rate"], usual)):
            into |= scoring.of_chances(said, came, name, keep, f"{{}}{suffix}")
        scores[f"auc{suffix}"], baselines["base rate"][f"auc{suffix}"] = ranked(p, keep), Score.exactly(0.5)

    everywhere = np.ones(len(came), bool)
    ours, in_play, base = left_out(forces, from_table, agrees)
    if fit == "shipped":
        in_play = shipped().model.probability(from_facts(forces))
        ours = in_play * agrees
    else:
        for what, design in (("shipped facts", from_facts), ("membership and distance", near_and_member)):
            p = left_out(forces, design, agrees)[0]
            beside = {"auc": ranked(p, everywhere), **scoring.means({"log_score": log_score(p, came)}, name)}
            baselines[f"{what} alone"] = beside
    report("", ours, base, everywhere)
    scores["calibration_error"] = ranked(ours, everywhere, scoring.calibration_error)
    report("_lead_state", ours, base, forces.rows["org"].isna().to_numpy())
    for group in () if fit == "shipped" else ("sender", "later"):
        p, _, usual = left_out(forces, from_table, agrees, group=group)
        report(f"_{group}", p, usual, everywhere)
    usual = np.array([came[asked & (name != n)].mean() for n in name])
    report("_asked", agreement(forces, asked), usual, asked)
    scores["auc_asked_in_play"] = ranked(in_play, asked)
    return Scorecard(
        task="coalitions", data_sha256=forces.sha256,
        cutoff="the coefficients that ship, taught on the forces of their own table" if fit == "shipped"
        else "each force from all others; _sender: from forces of other senders; _later: from forces before it",
        n=len(came), scores=scores, baselines=baselines,
        notes=(
            "silence counts as no, which flatters; _asked is P(agrees | asked) over the states that came or spoke",
            "kinds of contribution are not told apart by this table", *by_force(name, ours, base, came),
        ),
    )  # fmt: skip


def by_force(name: NDArray, ours: NDArray, base: NDArray, came: NDArray) -> list[str]:
    """A line a force: how well its contributors were forecast."""
    lines = []
    for one in dict.fromkeys(name):
        here = name == one
        lines.append(
            f"{one}: {came[here].sum()} came, {ours[here].sum():.1f} forecast; auc {auc(ours[here], came[here]):.3f}, "
            f"log score {log_score(ours[here], came[here]).mean():.3f} "
            f"(base {log_score(base[here], came[here]).mean():.3f})"
        )
    return lines
