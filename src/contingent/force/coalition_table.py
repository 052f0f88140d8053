"""What do tables of past forces and states say, and what was known of each row before the force started?

Reading, features and labels of forces outside the UN. A folder holds `force_state_task.csv` (a row a force and state:
`FEATURES`, `is_lead`, `status`, and `y`, 1 where at least ten people came within two years) and `forces.csv` (force,
start, host, lead, command, predecessor).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contingent.errors import DataError
from contingent.force.coalition import COUNTED, FLAGS, RANKED, coded, facts, force
from contingent.force.propensity import Propensity, fit, rows
from contingent.precedents.cases import Query
from contingent.precedents.forecast import forecast
from contingent.scoring import sha256_of
from contingent.scoring.tables import COUNT, MONTH, TEXT, WORD, number, one_of, table

TASK, FORCES = "force_state_task.csv", "forces.csv"
FEATURES = ("org", "in_org", *FLAGS, *RANKED, *COUNTED)
FORCE = ("force", "start", "host", "lead", "command", "predecessor")
STATUSES = ("deployed", "token", "offered_not_deployed", "asked_declined", "noted_absent", "excluded_by_host",
            "silent", "uncertain")  # fmt: skip
LEFT_OUT = ("EUBAM_RAFAH",)  # its table names the lead state only


@dataclass(frozen=True, slots=True)
class Forces:
    """Rows of forces and states, and a row a force with what it was; index of `about`: force."""

    rows: pd.DataFrame
    about: pd.DataFrame
    sha256: str
    """Fingerprint of the table's file."""

    def keep(self, chosen: NDArray[np.bool_]) -> Forces:
        """The same forces with some of the rows."""
        return Forces(rows(self.rows, chosen), self.about, self.sha256)

    def column(self, name: str) -> NDArray:
        """A column's values."""
        return self.rows[name].to_numpy()


def read_forces(data: Path, name: str = TASK, *, about: pd.DataFrame | None = None) -> Forces:
    """The two tables of a folder; or of a file, and of the folder it lies in.

    With `about`, what is known of forces, the file needs no answers and no folder.

    Raises:
        DataError: a table, a column, a number or a date is missing or is none; all cells that are wrong, by line.
    """
    answers = {"status": one_of(*STATUSES), "y": number()} if about is None else {}
    numbers = dict.fromkeys(("is_lead", *FEATURES), number())
    file, found = table(
        data, name, {"force": TEXT, "start": MONTH, "iso3": TEXT, **numbers, "org": WORD, **answers}, {"people": COUNT}
    )
    if about is None:
        path, named = table(file.parent, FORCES, dict.fromkeys(FORCE, TEXT) | {"start": MONTH})
        about = named.set_index("force")
        if missing := sorted({*found["force"]} - {*about.index}):
            raise DataError(f"{path}: has no row for {', '.join(missing)}")
    return Forces(found, about, sha256_of(file))


def scored(forces: Forces) -> NDArray[np.bool_]:
    """Which rows are forecast and taught with; (row,)."""
    new = forces.about["predecessor"].astype(str).str.startswith("none")
    fresh = {name for name, none in new.items() if none and name not in LEFT_OUT}
    inside = np.array([name in fresh for name in forces.column("force")])
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
    led = {str(name) for name, command in forces.about["command"].items() if str(command) == "un"}
    near = np.nan_to_num(np.fmax(forces.column("neighbour"), forces.column("shares_subregion_org"))) > 0
    columns = (forces.column(name) for name in ("start", "force", "iso3"))
    keys = [
        (int(start[:4]) - 1, name in led, bool(beside), code if mine else "")
        for start, name, code, beside, mine in zip(*columns, near, own, strict=True)
    ]
    found = {
        key: forecast(generic(key[3], un_led=key[1], neighbour=key[2]), date(key[0], 1, 1)).probability
        for key in sorted(set(keys))
    }
    return np.array([found[key] for key in keys])


def generic(code: str, *, un_led: bool, neighbour: bool = False) -> Query:
    """A decision of which no more is known: a mandate and consent, no kin, combat possible."""
    return Query(
        iso3=code, un_led=float(un_led), un_mandate=1.0, us_request_or_lead=0.0, coerce_kin=0.0,
        kin_or_religious_tie_with_host=0.0, host_consent=1.0, combat_expected=1.0, material_benefit=0.0,
        regional_neighbour=float(neighbour),
    )  # fmt: skip


def from_table(forces: Forces) -> pd.DataFrame:
    """Features from the table's columns."""
    return coded(forces.rows)


def from_facts(forces: Forces) -> pd.DataFrame:
    """Features from what comes with the package: all that `ask` needs."""
    parts = []
    for name, group in forces.rows.groupby("force", sort=False):
        about = forces.about.loc[str(name)]
        sent = group["org"].iloc[0]
        start = date(int(str(about["start"])[:4]), int(str(about["start"])[5:7]), 1)
        what = force(str(about["host"]), str(about["lead"]), sent if isinstance(sent, str) else None, start)
        here = facts(what).reindex(group["iso3"])
        parts.append(here.set_index(group.index))
    return pd.concat(parts).loc[forces.rows.index]


def learn(x: pd.DataFrame, forces: Forces) -> Propensity:
    """The model of being in play on features (row, feature), with the sizes that contributors sent."""
    people = forces.rows["people"].where(forces.rows["y"] == 1)
    return fit(x.assign(y=heard_of(forces).astype(int), size=people))
