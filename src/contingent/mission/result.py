"""What a mission run gives back: weekly series, totals by sector, and what became of each contributor."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

UNITS = {
    "events": "event", "civilian_deaths": "person", "outside_deaths": "person", "own_deaths": "person",
    "disarmed": "person", "registered": "person", "weapons": "weapon", "trucks_delivered": "truck",
    "trucks_lost": "truck", "need": "1", "debris_removed": "tonne", "homes_rebuilt": "home", "support": "1",
    "legitimacy": "1", "capacity": "1", "cease_fire": "1", "crossings_open": "1", "coverage": "1",
    "troops": "person", "consent": "1", "armed": "person", "queue": "truck", "recruited": "person",
    "weapons_left": "weapon", "withdrawal_week": "week", "home_support": "1",
}  # fmt: skip
SUMMED = (
    "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "registered", "weapons",
    "trucks_delivered", "trucks_lost", "debris_removed", "homes_rebuilt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mission:
    """Simulated histories of one option.

    `weekly` (run, week): per-week counts, and states at the end of the week. `totals` (run, sector): sums over
    the horizon, and `armed`, `weapons_left`, `need`, `support` at its end. `by_contributor` (run, contributor): own
    deaths, week of withdrawal (infinite if it stays), home support at the end. All float32; units in the attributes.
    """

    weekly: xr.Dataset
    totals: xr.Dataset
    by_contributor: xr.Dataset

    @property
    def headline(self) -> xr.Dataset:
        """One number a run for each outcome a reader asks about first; shape (run)."""
        end = self.weekly.isel(week=-1)
        numbers = {name: self.weekly[name].sum("week", dtype="float64") for name in SUMMED}
        numbers |= {name: end[name].astype("float64") for name in ("need", "support", "legitimacy", "capacity", "armed")}
        numbers["cease_fire_fell"] = (self.weekly["cease_fire"].min("week") < 1).astype("float64")
        numbers["crossings_open"] = self.weekly["crossings_open"].mean("week", dtype="float64")
        numbers["coverage"] = self.weekly["coverage"].mean("week", dtype="float64")
        numbers["contributor_left"] = (self.by_contributor["withdrawal_week"] < float("inf")).any("contributor").astype("float64")
        return xr.Dataset(numbers)
