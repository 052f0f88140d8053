"""How is a table read, the user's or a shipped one, and what is said when it is another table?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

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


@lru_cache(maxsize=2)
def shipped(name: str) -> Any:
    """A table that comes with the mission: `cases` or `retrodiction`."""
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
