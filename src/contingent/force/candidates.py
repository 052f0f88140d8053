"""What is known today of every state that might serve in a UN mission?

Features of candidate contributors, in the columns the propensity model was taught with.

Service in UN missions comes from maps of formed units by mission, year and place (Geo-PKO, Cil et al. 2020,
doi:10.1177/0022343319881175), memberships and regions from a table of states. The model was taught with personnel by
month (IPI); maps show formed units only and can count a unit at two places. So map totals are scaled by their median
ratio to the panel in the panel's last mission, over states that both show: a judgement, measured in
docs/methods/force.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, log1p, radians
from statistics import median

import numpy as np
import pandas as pd

from contingent.errors import DataError
from contingent.force.propensity import CLOSED, FEW, LABELS, Propensity, fit, rows
from contingent.force.states import states

PLATOON, FORMED = 35, 50  # persons: a unit of unknown size counts as a platoon; fewer than 50 are no formed contingent
RECENT, BEFORE = 2, 3  # years of service that count as recent, and those before them a trend is measured against
SHARED = ("oic", "au", "ecowas", "nato", "eu", "arab_league", "asean", "oas", "sadc", "eccas", "igad")
ALONE = ("nato", "oic", "g77", "oecd")
SIZED = ("l_tot24", "l_trp24", "l_trpmax24")
STATES = ("country", "country_id", "un_region", "continent", "loc.x", "loc.y", *dict.fromkeys(SHARED + ALONE))
MAPS = ("mission", "year", "latitude", "longitude", "year.overview")
KNOWN_AS = {
    "Cote d'Ivoire": "Cote d Ivoire", "UK": "United Kingdom", "USA": "United States of America",
    "South Korea": "Republic of Korea", "Korea": "Republic of Korea", "Russia": "Russian Federation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """Formed units of one state in one mission and year."""

    state: str
    mission: str
    year: int
    persons: int


def service(maps: pd.DataFrame) -> list[Service]:
    """Service by state, mission and year, from maps that say `Nepal (150), Ghana (size unknown)`."""
    total: dict[tuple[str, str, int], int] = defaultdict(int)
    for mission, year, text in zip(maps["mission"], maps["year"], maps["year.overview"], strict=True):
        for name, size in re.findall(r"([^,(]+?)\s*\(([^)]*)\)", str(text)):
            state = str(KNOWN_AS.get(name.strip(), name.strip()))
            total[state, str(mission), int(year)] += int(size) if size.strip().isdigit() else PLATOON
    return [Service(*key, persons) for key, persons in total.items()]


def hosts(maps: pd.DataFrame, groups: list[dict]) -> dict[str, str]:
    """The state each mission is in: the one whose capital lies nearest to the middle of its places."""
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for mission, north, east in zip(maps["mission"], maps["latitude"], maps["longitude"], strict=True):
        places[str(mission)].append((float(north), float(east)))
    capitals = [(s["country"], float(s["loc.y"]), float(s["loc.x"])) for s in groups if s["loc.x"] == s["loc.x"]]
    found = {}
    for mission, at in places.items():
        north, east = median(p[0] for p in at), median(p[1] for p in at)
        shrink = cos(radians(north))
        found[mission] = min(capitals, key=lambda c: (c[1] - north) ** 2 + ((c[2] - east) * shrink) ** 2)[0]
    return found


def features(panel: pd.DataFrame, maps: pd.DataFrame, groups: pd.DataFrame, host: str, year: int) -> pd.DataFrame:
    """One row a state of the panel: what is known at the end of `year` of a mission to `host` (an ISO 3166 code).

    Raises:
        DataError: the host is not among the states.
    """
    table = {str(row["country"]): row for row in groups.to_dict("records")}
    home = next((row for row in table.values() if row["country_id"] == host), None)
    if home is None:
        raise DataError(f"{host} is not among the states; they are told by ISO 3166 codes")
    place = hosts(maps, list(table.values()))
    where = {mission: table[state] for mission, state in place.items()}
    served: dict[str, list[Service]] = defaultdict(list)
    for row in service(maps):
        if row.year <= year:
            served[row.state].append(row)
    rows = []
    for name in sorted(set(panel["c"])):
        mine, known = served[name], table.get(name, {})
        formed = [s for s in mine if s.persons >= FORMED]
        recent = [s for s in formed if s.year > year - RECENT]
        yearly = [sum(s.persons for s in mine if s.year == year - back) for back in range(RECENT + BEFORE)]
        mean, before = sum(yearly[:RECENT]) / RECENT, sum(yearly[RECENT:]) / BEFORE
        row = {
            "c": name, "iso3": known.get("country_id", ""),
            "l_tot24": log1p(mean), "l_trp24": log1p(mean), "l_trpmax24": log1p(max(yearly[:RECENT])),
            "trend": log1p(mean) - log1p(before), "ever_t": float(bool(formed)), "nmis24": _missions(recent),
            "same_reg_ever": float(any(where[s.mission]["un_region"] == home["un_region"] for s in formed)),
            "same_cont_rec": _missions(s for s in recent if where[s.mission]["continent"] == home["continent"]),
            "same_host_rec": _missions(s for s in recent if place[s.mission] == home["country"]),
            "host_self": float(name == home["country"]),
            "same_un_region": float(known.get("un_region") == home["un_region"]),
            "same_continent": float(known.get("continent") == home["continent"]),
        }  # fmt: skip
        row |= {f"both_{group}": float(_in(known, group) and _in(home, group)) for group in SHARED}
        rows.append(row | {f"is_{group}": float(_in(known, group)) for group in ALONE})
    return pd.DataFrame(rows, columns=["c", "iso3", *(name for name in panel.columns if name not in LABELS)])


def scaled(found: pd.DataFrame, then: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    """The same with sizes on the panel's scale.

    Args:
        found: features of today.
        then: features from maps at the time of the panel's last mission.
        panel: the panel; its last mission's rows say what the features were then.
    """
    last = [row for row in panel.to_dict("records") if row["t0"] == panel["t0"].max()]
    seen = {row["c"]: row for row in then.to_dict("records")}
    columns = {}
    for name in SIZED:
        pairs = [(float(row[name]), float(seen[row["c"]][name])) for row in last if row["c"] in seen]
        shift = median([ours - map_ for ours, map_ in pairs if map_ >= log1p(FORMED)] or [0.0])
        values = found[name].to_numpy(float)
        columns[name] = np.where(values > 0, np.maximum(values + shift, 0.0), 0.0)
    return found.assign(**columns)


def _missions(rows: Iterable[Service]) -> float:
    return float(len({row.mission for row in rows}))


def _in(state: dict, group: str) -> bool:
    return str(state.get(group)).lower() == "true"


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of past missions and of states, as tables."""

    panel: pd.DataFrame
    """A row a state and mission: `propensity.LABELS` and features."""
    maps: pd.DataFrame
    """A row a mission, year and place: `MAPS`."""
    states: pd.DataFrame
    """A row a state: `STATES`."""
    fills: pd.DataFrame
    """A row a mission: share of its authorized strength by month (`delivery`)."""


def today(known: Records, host: str, year: int) -> pd.DataFrame:
    """Features of every state but the host at the end of a year, on the panel's scale.

    A state that the panel does not list has served in no mission and shares no group: all its features are 0.
    """
    panel = known.panel
    closing = int(panel["t0"].to_numpy(int).max()) // 12 - 1  # the last whole year before the panel's last mission
    then = features(panel, known.maps, known.states, host, closing)
    here = scaled(features(panel, known.maps, known.states, host, year), then, panel)
    here = rows(here, here["host_self"].to_numpy() == 0)
    listed = {*here["iso3"], host}
    others = [{"c": s.name, "iso3": code} for code, s in states().items() if code not in listed]
    return pd.concat([here, pd.DataFrame(others, columns=["c", "iso3"])], ignore_index=True).fillna(0.0)


def taught_by(known: Records, now: int) -> Propensity:
    """The model on missions closed by a month (years times twelve and months).

    Raises:
        DataError: there is none.
    """
    closed = (known.panel["t0"].to_numpy(int) <= now - CLOSED) & ~known.panel["m"].isin(FEW).to_numpy()
    if not closed.any():
        raise DataError(f"no mission of the record was closed by {now // 12}-{now % 12 + 1:02}")
    return fit(rows(known.panel, closed).drop(columns="m"))
