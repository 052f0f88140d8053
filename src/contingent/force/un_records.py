"""A contributor's record in UN missions beside a claim about it: what the panel confirms, and what it cannot know.

Service records and reimbursement rates of the United Nations.

Figures of every state were derived once from the IPI Peacekeeping Database (personnel by contributor and month,
November 1990 to March 2014; by mission, November 2009 to 2014) and the UN's fatalities by contingent (1948 to 2015),
by `benchmarks/freeze_un_records.py`.
What the United Nations pays a contributor for each person a month, by date.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from contingent.force.states import DATA

PANEL = "IPI Peacekeeping Database, 1990-11 to 2014-03 (https://www.ipinst.org/providing-for-peacekeeping-database)"
TOUR = 12  # months: the usual tour of a contingent since General Assembly resolution 67/261 (2013)


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What the panel holds of one contributor."""

    peak_month: str
    person_months: int
    """Uniformed people in UN missions, month by month, summed."""
    troop_months: int
    police_months: int
    expert_months: int
    peak: int
    missions: int
    """Missions with its uniformed people in 2009 to 2014: a lower bound for all time."""
    months: int
    """Months with people there."""
    deaths: int
    """Of its uniformed people in UN missions, 1948 to 2015, all causes."""


@lru_cache(maxsize=1)
def records() -> dict[str, ServiceRecord]:
    """The record of every state that ever had people in the panel, by code."""
    lines = (DATA / "un_records.csv").read_text("utf-8").splitlines()
    return {
        row.pop("iso3"): ServiceRecord(row.pop("peak_month"), **{name: int(value) for name, value in row.items()})
        for row in csv.DictReader(lines)
    }


MORE = tomllib.loads((DATA / "un_figures.toml").read_text("utf-8"))
"""By contributor: missions in more than the panel, troop-years after it ends, what official series said over time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of a claim beside the data."""

    what: str
    claimed: float
    found: float
    verdict: str
    """`plausible`, `not confirmed` or `contradicted`."""
    why: str


def people(code: str) -> float:
    """People sent, if each stayed one tour: person-months over months a tour, with later years where known."""
    record = records().get(code)
    if record is None:
        return 0.0
    return record.person_months / TOUR + MORE.get(code, {}).get("later_troop_years", 0) * 12 / TOUR


def check(code: str, people_claimed: float, missions_claimed: float) -> tuple[Finding, ...]:
    """A claim "so many people in so many missions" beside the record; empty for a contributor not in the table."""
    if code not in records():
        return ()
    sent, missions = people(code), float(MORE.get(code, {}).get("missions", records()[code].missions))
    near = 0.85 * people_claimed <= sent
    far = sent * 12 / 6 < 0.85 * people_claimed  # even with half-year tours there were not that many
    findings = [
        Finding(
            "people", people_claimed, round(sent),
            "plausible" if near else "contradicted" if far else "not confirmed",
            f"people at {TOUR}-month tours from person-months in the panel"
            + (" and estimated later years" if code in MORE else "")
            + "; the panel counts posts, not distinct people",
        ),
        Finding(
            "missions", missions_claimed, missions,
            "plausible" if missions >= missions_claimed else "not confirmed",
            "visible in the data, a lower bound: observers and police before 2009 and all before 1990 are missing",
        ),
    ]  # fmt: skip
    return (*findings, *_series(code))


def _series(code: str) -> tuple[Finding, ...]:
    """Whether the claims made over time can follow from one another."""
    said, most = MORE.get(code, {}).get("said", ()), records()[code].peak
    why = "people a year between two official totals, beside its peak in the field: too many for 12-month tours"
    found = []
    for early, late in pairwise(said):
        rate = (late["people"] - early["people"]) / max(1, int(late["when"][:4]) - int(early["when"][:4]))
        if rate > most:
            found.append(
                Finding(f"claims of {early['when']} to {late['when']}", round(rate), most, "contradicted", why)
            )
    return tuple(found)
