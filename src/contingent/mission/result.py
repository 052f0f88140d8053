"""What a mission run gives back: weekly series, totals by sector, and what became of each contributor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

UNITS = {
    "events": "event", "civilian_deaths": "person", "outside_deaths": "person", "own_deaths": "person",
    "disarmed": "person", "registered": "person", "weapons": "weapon", "trucks_delivered": "truck",
    "trucks_lost": "truck", "trucks_turned_back": "truck", "need": "1", "debris_removed": "tonne",
    "homes_rebuilt": "home", "support": "1", "legitimacy": "1", "capacity": "1", "ceasefire": "1",
    "crossings_open": "1", "coverage": "1", "troops": "person", "consent": "1", "armed": "person", "queue": "truck",
    "recruited": "person", "weapons_left": "weapon", "unmet_need_weeks": "week", "withdrew": "1",
    "withdrawal_week": "week", "home_support": "1", "armed_at_start": "person", "weapons_at_start": "weapon",
    "contributor_own_deaths": "person",
}  # fmt: skip
SUMMED = (
    "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "registered", "weapons",
    "trucks_delivered", "trucks_lost", "trucks_turned_back", "debris_removed", "homes_rebuilt", "recruited",
    "unmet_need_weeks",
)  # fmt: skip
AT_THE_END = ("need", "support", "legitimacy", "capacity", "armed")


def attributes(name: str) -> dict[str, str | int]:
    """Unit of a result, and whether it is a count that adds up over the weeks (1) or a state (0)."""
    return {"units": UNITS[name], "sums": int(name in SUMMED)}


@dataclass(frozen=True, slots=True)
class Mission:
    """Simulated histories of one option.

    `weekly` (run, week): counts of each week, and states at its end. `sectors` (run, sector): sums over the
    horizon, and `armed`, `weapons_left`, `need`, `support` at its end. `contributors` (run, contributor): own
    deaths, whether and when it withdrew (not-a-number if it stays), home support at the end.
    All float32; units in the attributes.
    """

    weekly: xr.Dataset
    sectors: xr.Dataset
    contributors: xr.Dataset

    @property
    def headline(self) -> xr.Dataset:
        """One number a run for each outcome a reader asks about first; float64, shape (run)."""
        weekly, end = self.weekly, self.weekly.isel(week=-1)
        numbers = {
            str(name): series.sum("week", dtype=np.float64) for name, series in weekly.items() if series.attrs["sums"]
        }
        numbers |= {name: end[name].astype(np.float64) for name in AT_THE_END}
        numbers |= {name: weekly[name].mean("week", dtype=np.float64) for name in ("crossings_open", "coverage")}
        numbers["ceasefire_fell"] = (weekly["ceasefire"].min("week") < 1).astype(np.float64)
        numbers["contributors_left"] = self.contributors["withdrew"].sum("contributor", dtype=np.float64)
        named = {
            name: values.assign_attrs(units=UNITS.get(name, "1")).drop_vars("week", errors="ignore")
            for name, values in numbers.items()
        }
        return xr.Dataset(named)
