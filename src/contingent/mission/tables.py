"""How is a table read, the user's or a shipped one, and what is said when it is another table?"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contingent.errors import DataError


def table(data: Path, name: str, columns: tuple[str, ...]) -> tuple[Path, Any]:
    """The table at a path, or the file `name` (a pattern) in the folder there, with at least these columns.

    Raises:
        DataError: no such file, not a table, no rows, or a column is missing; names it.
    """
    path = data
    if data.is_dir():
        found = sorted(data.glob(name))
        if not found:
            raise DataError(f"{data}: there is no file {name} in this folder")
        path = found[0]
    try:
        frame: Any = pd.read_csv(path)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as reason:
        raise DataError(f"{path}: not a table that can be read: {reason}") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise DataError(f"{path}:1: there is no column {', '.join(missing)}; there are {', '.join(frame.columns)}")
    if frame.empty:
        raise DataError(f"{path}: the table has no rows")
    return path, frame


def numbers(path: Path, frame: Any, column: str) -> Any:
    """A column as numbers, empty cells as not-a-number.

    Raises:
        DataError: a cell that is not a number, or below 0; names line and column.
    """
    values: Any = pd.to_numeric(frame[column], errors="coerce")
    wrong = frame.index[(values.isna() & frame[column].notna()) | (values < 0)]
    if len(wrong):
        raise DataError(f"{path}:{int(wrong[0]) + 2}: column {column}: `{frame.loc[wrong[0], column]}` is not a count")
    return values.astype(float)


def dates(path: Path, frame: Any, column: str) -> Any:
    """A column as days.

    Raises:
        DataError: a cell that is not a date; names line and column.
    """
    days: Any = pd.to_datetime(frame[column], errors="coerce")
    if days.isna().any():
        line = int(days.isna().to_numpy().argmax()) + 2
        raise DataError(f"{path}:{line}: column {column}: not a date; write 2025-10-28")
    return days


@lru_cache(maxsize=3)
def shipped(name: str) -> Any:
    """A table that comes with the mission: `cases`, `retrodiction` or `violence_by_kind`."""
    text = files("contingent.mission").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return pd.read_csv(StringIO(text))


def mission_years(data: Path) -> tuple[Path, Any]:
    """A table of UN missions by year: mission, year, py (person-years) and dead (by malicious act).

    Raises:
        DataError: another layout, or a cell that is not a count.
    """
    path, frame = table(data, "uniformed_fatality_rates_mission_year*.csv", ("mission", "year", "py", "Malicious Act"))
    year, py, dead = (numbers(path, frame, column) for column in ("year", "py", "Malicious Act"))
    return path, pd.DataFrame({"mission": frame["mission"], "year": year, "py": py.fillna(0), "dead": dead.fillna(0)})


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
    path, frame = table(folder, name, ("iso3", "country", "year", "month", "all_early", "all_late"))
    early, late, year, month = (numbers(path, frame, column) for column in ("all_early", "all_late", "year", "month"))
    at, deaths = (12 * year + month).astype(int), early.fillna(late).fillna(0)
    named = [pd.Series(deaths.to_numpy(), [frame[name].astype(str), at]) for name in ("country", "iso3")]
    found = {str(name): part.droplevel(0).to_dict() for each in named for name, part in each.groupby(level=0)}
    return CountryMonths(found, int(at.min()), int(at.max()))


def after_the_end(data: Path, episodes: Any) -> NDArray:
    """Deaths a year by organised violence in the host states in the six months after an episode's end; (episode).

    Not-a-number where months are not given (in `data`, or in a folder `violence` beside it), the end lies before them,
    or another conflict of a host state went on.
    """
    found = np.full(len(episodes), np.nan)
    monthly = country_months(data)
    if monthly is None or not {"location", "conflict_id", "firstyear"} <= set(episodes.columns):
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
