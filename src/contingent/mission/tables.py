"""What is on record of violence and losses, by mission, state and month, and what of it comes with the package?"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contingent.scoring.tables import COUNT, TEXT, YEAR, number, table


def _text(name: str) -> str:
    return files("contingent.mission").joinpath(f"data/{name}.csv").read_text("utf-8")


@cache
def rows(name: str) -> list[dict[str, str]]:
    """A table that comes with the mission (data/`name`.csv), a row a dict of its cells as they are written."""
    return list(csv.DictReader(_text(name).splitlines()))


@cache
def shipped(name: str) -> Any:
    """The same as a frame of numbers and texts."""
    return pd.read_csv(StringIO(_text(name)))


MISSION_YEARS = "uniformed_fatality_rates_mission_year*.csv"


def mission_years(data: Path) -> tuple[Path, Any]:
    """UN missions by year: mission, year, py (person-years), dead (by malicious act); DataError: another layout."""
    none = number(0, empty=0.0)
    columns = {"mission": TEXT, "year": number(0, 9999, empty=None), "py": none, "Malicious Act": none}
    path, frame = table(data, MISSION_YEARS, columns)
    return path, frame[list(columns)].rename(columns={"Malicious Act": "dead"})


OTHER_NAMES = {
    "Bosnia-Herzegovina": "Bosnia and Herzegovina", "DR Congo": "Congo, DRC", "Ivory Coast": "Cote d'Ivoire",
    "North Macedonia": "Macedonia", "Serbia": "Yugoslavia (Serbia and Montenegro incl. Kosovo)",
    "United States of America": "United States",
}  # fmt: skip
"""States that the table of episodes and that of country-months call by different names, former names left out."""


@dataclass(frozen=True, slots=True)
class CountryMonths:
    """Deaths by organised violence by month, counted as 12 x year + month: `by_state` by name and by ISO code."""

    by_state: dict[str, dict[int, float]]
    first: int
    last: int

    def deaths(self, state: str, months: np.ndarray) -> np.ndarray:
        """Those of a state in some months; 0 where none is listed; shape (month,)."""
        name = state.split(" (")[0]
        found = self.by_state.get(state) or self.by_state.get(OTHER_NAMES.get(name, name), {})
        return np.array([found.get(int(month), 0.0) for month in months])


def country_months(data: Path) -> CountryMonths | None:
    """The table of deaths by country and month in `data` or in a folder `violence` beside it; None where there is none.

    Deaths of all kinds of organised violence, those of `all_late` where `all_early` is empty.

    Raises:
        DataError: another layout, or a cell that is not a count.
    """
    name = "violence_country_month*.csv"
    folder = next((at for at in (data, data.parent / "violence") if at.is_dir() and list(at.glob(name))), None)
    if folder is None:
        return None
    counts = {"year": YEAR, "month": number(1, 12, empty=None), "all_early": COUNT, "all_late": COUNT}
    _, frame = table(folder, name, {"iso3": TEXT, "country": TEXT, **counts})
    at = (12 * frame["year"] + frame["month"]).astype(int)
    deaths = frame["all_early"].fillna(frame["all_late"]).fillna(0)
    named = [pd.Series(deaths.to_numpy(), [frame[name], at]) for name in ("country", "iso3")]
    found = {str(name): part.droplevel(0).to_dict() for each in named for name, part in each.groupby(level=0)}
    return CountryMonths(found, int(at.min()), int(at.max()))


def after_the_end(data: Path, episodes: Any) -> NDArray:
    """Deaths a year by organised violence in the host states in the six months after an episode's end; (episode).

    Not-a-number where months are not given (in `data`, or in a folder `violence` beside it), the end lies before them,
    or another conflict of a host state went on.
    """
    found = np.full(len(episodes), np.nan)
    monthly = country_months(data)
    if monthly is None or not {"location", "conflict_id"} <= {*episodes.columns} or episodes["firstyear"].isna().any():
        return found
    host = [set(place.split(", ")) for place in episodes["location"]]
    end = pd.to_datetime(episodes["end"]).dt
    year, month = end.year.to_numpy(), end.month.to_numpy()
    first, last, conflict = (episodes[name].to_numpy() for name in ("firstyear", "lastyear", "conflict_id"))
    for k in range(len(episodes)):
        beside = (conflict != conflict[k]) & (first <= last[k] + 1) & (last >= last[k])
        months = 12 * year[k] + month[k] + np.arange(1, 7)
        if months[0] > monthly.first and not any(host[k] & host[other] for other in np.flatnonzero(beside)):
            found[k] = 2 * sum(monthly.deaths(place, months).sum() for place in host[k])
    return found
