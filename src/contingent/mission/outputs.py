"""What does a mission run give back: weekly series, totals by sector, contributors, headline outcomes of every run?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import xarray as xr

from contingent.labels import CONTRIBUTOR, RUN, SECTOR, WEEK
from contingent.mission import state
from contingent.mission.inputs import Inputs

WORKED_OUT = {
    "registered": "person", "debris_removed": "tonne", "withdrew": "1", "contributors_left": "1",
    "contributor_own_deaths": "person",
}  # fmt: skip
"""Results that are no field of the state but follow from one, with their units."""
YES_OR_NO = ("ceasefire_came", "ceasefire_fell", "ceasefire_holds", "contributor_withdrew")
"""Results that happen in a run or do not (1 or 0): told as chances, never as quantiles."""
FIELDS = [field for kind in state.TYPES.values() for field in kind.fields if field.output]
UNITS = {field.output: field.unit for field in FIELDS} | WORKED_OUT | dict.fromkeys(YES_OR_NO, "1")
SUMMED = {field.output for field in FIELDS if field.sums} | {"registered"}
AT_THE_END = ("need", "support", "legitimacy", "capacity", "armed")
AVERAGED = ("crossings_open", "coverage")


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the kernel fills, float32: weekly (series, week, run), sectors (output, sector, run) and contributors.

    Names along the first axis of sectors and contributors are the `outputs` of the record types of `state`, in their
    order; those of weekly, by name with the field that each is, are the results of the `parts` that the theatre has.
    """

    names: dict[str, int]
    parts: frozenset[str]
    weekly: np.ndarray
    sectors: np.ndarray
    contributors: np.ndarray

    @classmethod
    def empty(cls, inputs: Inputs) -> Outputs:
        """Room for the runs of some inputs."""
        runs, sectors = len(inputs.runs), len(inputs.sector_names)
        names = state.THEATRE.told(inputs.parts)
        ends = (len(state.SECTOR.outputs), sectors), (len(state.CONTRIBUTOR.outputs), len(inputs.contributors))
        shapes = (len(names), inputs.weeks), *ends
        return cls(names, inputs.parts, *(np.empty((*shape, runs), np.float32) for shape in shapes))

    @property
    def series(self) -> dict[str, np.ndarray]:
        """Every weekly series by name; (week, run)."""
        return dict(zip(self.names, self.weekly, strict=True))

    @property
    def by_sector(self) -> dict[str, np.ndarray]:
        """What each sector has come to, by name; (sector, run)."""
        rows = dict(zip(state.SECTOR.outputs, self.sectors, strict=True))
        return {name: rows[name] for name in state.SECTOR.told(self.parts)}

    @property
    def by_contributor(self) -> dict[str, np.ndarray]:
        """What each contributor has come to, by name; (contributor, run)."""
        return dict(zip(state.CONTRIBUTOR.outputs, self.contributors, strict=True))


@dataclass(frozen=True, slots=True)
class Mission:
    """Simulated histories of one option.

    `weekly` (run, week): counts of each week, and states at its end, but `ceasefire` as the week begins. `sectors`
    (run, sector): sums over the horizon, and `armed`, `weapons_left`, `need`, `support` at its end. `contributors`
    (run, contributor): own deaths, whether and when it withdrew (not-a-number if it stays), home support at the end.
    All float32; units in the attributes.
    """

    weekly: xr.Dataset
    sectors: xr.Dataset
    contributors: xr.Dataset

    @property
    def headline(self) -> xr.Dataset:
        """One number a run for each outcome a reader asks about first; float64, shape (run)."""
        weekly = {str(name): series.to_numpy().T for name, series in self.weekly.items()}
        rows = headline_rows(weekly, self.contributors["withdrew"].to_numpy().T)
        return headline_dataset(rows, self.weekly[RUN].to_numpy())


def labelled(inputs: Inputs, outputs: Outputs, sectors: list[str]) -> Mission:
    """The kernel's arrays with their names, labels and units, sectors in the order asked for; views where it can be."""
    weekly = {name: values.T for name, values in outputs.series.items()}
    if "disarmed" in weekly:
        weekly["registered"] = weekly["disarmed"] * inputs.parameter("register_inflation").astype(np.float32)[:, None]
    order = [inputs.sector_names.index(name) for name in sectors]
    totals = {name: values[order].T for name, values in outputs.by_sector.items()}
    if "debris_left" in totals:
        totals["debris_removed"] = totals.pop("debris_at_start") - totals.pop("debris_left")
    contributors = {name: values.T for name, values in outputs.by_contributor.items()}
    contributors["withdrew"] = 1 - contributors.pop("present")
    weeks = np.arange(1, inputs.weeks + 1)
    return Mission(
        dataset(weekly, {RUN: inputs.runs, WEEK: weeks}),
        dataset(totals, {RUN: inputs.runs, SECTOR: sectors}),
        dataset(contributors, {RUN: inputs.runs, CONTRIBUTOR: list(inputs.contributors)}),
    )


def dataset(variables: dict[str, np.ndarray], coords: dict) -> xr.Dataset:
    """Arrays over two dimensions as a dataset, each with its unit and whether it adds up over weeks (1) or not (0)."""
    said = {name: {"units": UNITS[name], "sums": int(name in SUMMED)} for name in variables}
    return xr.Dataset({name: (tuple(coords), values, said[name]) for name, values in variables.items()}, coords=coords)


def truce(ceasefire: np.ndarray) -> dict[str, np.ndarray]:
    """Whether a cease-fire was ever in force, fell at some time, and holds at the end; (run) each.

    `ceasefire` (week, run) is the state in which each week begins, the first day's first.
    """
    fell = np.diff(ceasefire, axis=0).min(axis=0, initial=0) < 0
    return {"ceasefire_came": ceasefire.max(axis=0) > 0, "ceasefire_fell": fell, "ceasefire_holds": ceasefire[-1] > 0}


def headline_rows(weekly: dict[str, np.ndarray], withdrew: np.ndarray) -> dict[str, np.ndarray]:
    """Sums over the weeks, states at the end, means over the weeks; float64, shape (run) each.

    `weekly` (week, run) by name; `withdrew` (contributor, run), 1 for those that left.
    """
    found = {name: values.sum(axis=0, dtype=np.float64) for name, values in weekly.items() if name in SUMMED}
    found |= {name: weekly[name][-1] for name in AT_THE_END if name in weekly}
    found |= {name: weekly[name].mean(axis=0, dtype=np.float64) for name in AVERAGED if name in weekly}
    if "ceasefire" in weekly:
        found |= truce(weekly["ceasefire"])
        if weekly["ceasefire"][0].all():
            del found["ceasefire_came"]  # one that is in force need not come
    found["contributors_left"] = withdrew.sum(axis=0, dtype=np.float64)
    return {name: values.astype(np.float64) for name, values in found.items()}


def headline_arrays(inputs: Inputs, outputs: Outputs) -> dict[str, np.ndarray]:
    """The headline straight from the kernel's arrays: for the many simulations of a split, and for very many runs."""
    found = headline_rows(outputs.series, 1 - outputs.by_contributor["present"])
    if "disarmed" in found:
        found["registered"] = found["disarmed"] * inputs.parameter("register_inflation")
    return found


def contributor_rows(inputs: Inputs, outputs: Outputs, contributor: str) -> dict[str, np.ndarray]:
    """Own deaths of one contributor, none where it sends nobody, and whether it withdrew if it sends anybody; (run)."""
    if contributor not in inputs.contributors:
        return {"contributor_own_deaths": np.zeros(outputs.weekly.shape[-1])}
    of = {name: each[inputs.contributors.index(contributor)] for name, each in outputs.by_contributor.items()}
    rows = {"contributor_own_deaths": of["own_deaths"], "contributor_withdrew": 1 - of["present"]}
    return {name: values.astype(np.float64) for name, values in rows.items()}


def headline_dataset(rows: dict[str, np.ndarray], runs: np.ndarray) -> xr.Dataset:
    """The headline with units, over (run)."""
    return xr.Dataset({name: ((RUN,), values, {"units": UNITS[name]}) for name, values in rows.items()}, {RUN: runs})


def dated(weekly: xr.Dataset, as_of: date) -> xr.Dataset:
    """Weekly series with the coordinate `date`: the first day of each week, the first of which begins on `as_of`."""
    days = np.datetime64(as_of) + 7 * (weekly[WEEK].to_numpy() - 1).astype("timedelta64[D]")
    return weekly.assign_coords(date=(WEEK, days.astype("datetime64[ns]")))
