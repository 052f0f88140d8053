"""Who serves in UN missions, and since when, as a file has it that a publisher offers?

Service of states from published tables of personnel, and from maps of formed units by year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from contingent.countries import code_of, plain
from contingent.errors import DataError
from contingent.scoring.tables import PUBLISHED, published

PLATOON = 35  # persons: a unit of unknown size on a map
LATELY = 2  # years that count as recent service


class Served(NamedTuple):
    """Uniformed people of one state in one mission (empty if not told), in a month (2014-03), or a year of maps."""

    iso3: str
    when: str
    mission: str
    people: float


@dataclass(frozen=True, slots=True)
class Service:
    """Who served, as a file has it."""

    rows: tuple[Served, ...]
    source: str
    lacks: str
    """What the file cannot tell."""

    @property
    def times(self) -> list[str]:
        """Every month, or year of maps, that it holds, in order."""
        return sorted({row.when for row in self.rows})

    def before(self, month: str) -> Service:
        """What it holds of the time before a month such as 2025-10; of maps, before its year.

        Raises:
            DataError: nothing.
        """
        kept = tuple(row for row in self.rows if row.when < month[: len(row.when)])
        if not kept:
            raise DataError(f"{self.source}: holds nothing from before {month}")
        return replace(self, rows=kept)

    def of(self, code: str) -> dict[str, Any]:
        """What a state had there; person-months, a month's people added up, only where the file goes by months."""
        people, times = defaultdict[str, float](float), self.times
        for row in self.rows:
            people[row.when] += row.people * (row.iso3 == code)
        most = max(people, key=lambda when: people[when])
        told, months = any(row.mission for row in self.rows), len(times) > 1 and len(times[0]) > len("2014")
        return {
            "source": self.source, "from": times[0], "until": times[-1], "lacks": self.lacks,
            "peak": round(people[most]), "peak_when": most if people[most] else "",
            "person_months": round(sum(people.values())) if months else None,
            "missions": sorted({row.mission for row in self.rows if row.iso3 == code}) if told else None,
        }  # fmt: skip

    def lately(self) -> dict[str, float]:
        """People of every state in the file's last two years, a month's (of maps, a year's) on average."""
        last = self.times[-1]
        first = f"{int(last[:4]) - LATELY}{last[4:]}"
        recent, found = [when for when in self.times if when > first], defaultdict[str, float](float)
        for row in self.rows:
            found[row.iso3] += row.people / len(recent) * (row.when > first)
        return dict(found)


def read_service(file: Path, state: str = "") -> Service:
    """The service that a file of `contingent data` tells of.

    Args:
        file: as its publisher offers it.
        state: whose rows they are, where only the file's name says so.

    Raises:
        DataError: it is none that is known, or tells of no state's people in UN missions.
    """
    found, table = published(file, state)
    spec = PUBLISHED[found["dataset"]]
    if "lacks" not in spec:
        able = sorted({each["publisher"] for each in PUBLISHED.values() if "lacks" in each})
        raise DataError(f"{file}: {found['what']}: says nothing of states' people in missions; files of these do: "
                        + ", ".join(able))  # fmt: skip
    heads = [plain(heading) for heading in table]
    table.columns = heads
    rows: list[dict[str, Any]] = table.to_dict("records")
    people = _posts(rows, heads, spec) if "people" in spec else _of_maps(rows, heads, spec)
    kept = tuple(sorted(Served(*key, number) for key, number in people.items() if key[0] and key[1] and number > 0))
    if not kept:
        raise DataError(f"{file}: holds no people of any state")
    return Service(kept, f"{file.name} ({found['publisher']}: {found['what']})", spec["lacks"])


def _posts(rows: list[dict[str, Any]], heads: list[str], spec: dict[str, Any]) -> dict[tuple[str, str, str], float]:
    """People by state, month and mission of a table."""
    counted, total = [head for head in heads if re.fullmatch(spec["people"], head)], defaultdict[Any, float](float)
    day = next(head for head in heads if re.fullmatch(spec["days"], head))
    for row in rows:
        posts = [float(row[head]) for head in counted if row[head] not in (None, "")]
        total[row["iso3"], str(row[day])[:7], str(row.get(spec.get("mission", ""), ""))] += sum(
            each for each in posts if each == each
        )
    return total


def _of_maps(rows: list[dict[str, Any]], heads: list[str], spec: dict[str, Any]) -> dict[tuple[str, str, str], float]:
    """People by state, year and mission: of the maps of one year, the one that shows most."""
    shown, most = defaultdict[Any, float](float), defaultdict[Any, float](float)
    for row in rows:
        for who, size in _units(row, heads, spec):
            people = float(size) if re.fullmatch(r"\d+(\.0)?", size) else PLATOON
            shown[code_of(who), str(int(row["year"])), str(row["mission"]), str(row.get("month"))] += people
    for (*key, _), people in shown.items():
        most[tuple(key)] = max(most[tuple(key)], people)
    return most


def _units(row: dict[str, Any], heads: list[str], spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Whose units a row of a map shows, and their sizes."""
    for name, size in zip(heads, [*heads[1:], ""], strict=True):
        if re.fullmatch(spec.get("lists", "-"), name):
            yield from re.findall(r"([^,(]+?)\s*\(([^)]*)\)", str(row[name]))
        elif re.fullmatch(spec.get("pairs", "-"), name) and row[name]:
            yield str(row[name]), str(row[size])
