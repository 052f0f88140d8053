"""Which past decisions on contributing troops are on record, which are closest to this one, and how many joined?

Case base, nearest analogues and reference classes. The table is `data/precedents.csv`, each row with its source;
`data/codebook.md` says what every column means. Classes are nested: all asks; led by the UN or not; the kind of task;
the mandate. A class's rate is pulled towards its parent's as if the parent had been observed `WEIGHT` more times.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from itertools import accumulate
from math import isnan
from pathlib import Path

from scipy.special import betaincinv

from contingent.scoring.tables import MONTH, TEXT, YEAR, like, number, one_of, table

MEANINGS = tomllib.loads((files("contingent.precedents") / "data" / "codes.toml").read_text("utf-8"))
SAME_COUNTRY = 2.5
"""What another country costs, on the same footing: a country's own record comes first. A judgement."""
AGE = 0.025
"""What a year between two decisions costs: those of forty years before are a whole code apart. A judgement."""
WEIGHT = 6.0  # cases' worth of the parent's rate; a judgement
OUTCOMES = ("joined_combat", "joined_limited", "declined", "withdrew")


@dataclass(frozen=True, slots=True)
class Query:
    """What is known beforehand of a decision: the codes of the codebook that forecasts may use.

    `domestic_support` is not among them: it was coded knowing the outcomes. `operation` names a force on record (the
    codebook's `op_key`), "" one that is not; `force_type` is one of `FORCE_TYPES`, "" if not said.
    """

    iso3: str
    un_led: float
    un_mandate: float
    us_request_or_lead: float
    coerce_kin: float
    kin_or_religious_tie_with_host: float
    host_consent: float
    combat_expected: float
    material_benefit: float
    regional_neighbour: float
    operation: str = ""
    force_type: str = ""


NAMES = ("iso3", "operation", "force_type")
CODES = tuple(field.name for field in fields(Query) if field.name not in NAMES)
HINDSIGHT = tuple(MEANINGS["hindsight"])
"""Columns that could only be set knowing what was decided, or later: no forecast uses them of what it forecasts, nor of
past decisions any but what was decided, how fast, and whether people came."""
FORCE_TYPES = ("land", "air", "naval", "police", "observers")


@dataclass(frozen=True, slots=True)
class Case:
    """One national decision about one force."""

    case_id: str
    country: str
    operation: str
    op_key: str
    month: str
    year: int
    query: Query
    outcome: str
    deployed: bool
    months: float | None
    conditions: str
    source_url: str
    source_kind: str
    confidence: str

    @property
    def joined(self) -> bool:
        """Whether the national decision was yes."""
        return self.outcome.startswith("joined")


CODED = {code: number(0, max(map(float, MEANINGS[code]["words"])), empty=None) for code in CODES}
COLUMNS = dict.fromkeys(("case_id", "country", "operation", "op_key"), TEXT) | CODED | {
    "iso3": like("[A-Z]{3}", "a three-letter code such as PAK"), "decision_date": MONTH, "year": YEAR,
    "outcome": one_of(*OUTCOMES),
}  # fmt: skip
MAYBE = {
    **dict.fromkeys(("force_type", "conditions_stated", "source_url", "source_kind", "confidence"), TEXT),
    "deployed": number(0, 1, empty=1.0), "months_ask_to_decision": number(0, 1200),
}  # fmt: skip


def shipped_cases() -> tuple[Case, ...]:
    """The table that comes with the package, in its own order."""
    return read_cases(Path(str(files("contingent.precedents") / "data" / "precedents.csv")))


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file with the layout of the shipped table.

    Raises:
        DataError: a missing file or column, or a cell that is not what its column holds; all of them, with their lines.
    """
    return tuple(
        Case(
            row["case_id"], row["country"], row["operation"], row["op_key"], row["decision_date"], row["year"],
            Query(row["iso3"], **{code: row[code] for code in CODES}, operation=row["op_key"],
                  force_type=row["force_type"]),
            row["outcome"], row["deployed"] != 0,
            None if isnan(row["months_ask_to_decision"]) else row["months_ask_to_decision"],
            row["conditions_stated"], row["source_url"], row["source_kind"], row["confidence"],
        )
        for row in table(path, "*.csv", COLUMNS, MAYBE)[1].to_dict("records")
    )  # fmt: skip


def known(cases: Iterable[Case], as_of: date) -> tuple[Case, ...]:
    """The decisions taken before a day's month: what a forecast made on that day may use."""
    return tuple(case for case in cases if case.month[:7] < as_of.strftime("%Y-%m"))


def asked(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Decisions to join or not; withdrawals are left out, for those who stayed are not on record."""
    return tuple(case for case in cases if case.outcome != "withdrew")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A past decision beside the one at hand; `distance` 0 means the same codes, country and year."""

    case: Case
    distance: float
    alike: tuple[str, ...]
    unlike: tuple[str, ...]


def word(code: str, value: float) -> str:
    """What a code's value means."""
    return MEANINGS[code]["words"].get(f"{value:g}", f"{code} {value:g}")


def nearest(query: Query, cases: Sequence[Case], year: int, count: int = 8) -> tuple[Precedent, ...]:
    """The decisions closest to one of a year, nearest first; among equals the latest first."""
    found = [compared(query, case, year) for case in cases]
    return tuple(sorted(found, key=lambda p: (p.distance, -p.case.year, p.case.case_id))[:count])


def compared(query: Query, case: Case, year: int) -> Precedent:
    """One past decision beside the one at hand."""
    distance, alike, unlike = AGE * abs(year - case.year), [], []
    for code in CODES:
        ours, theirs = getattr(query, code), getattr(case.query, code)
        gap = abs(ours - theirs) / MEANINGS[code].get("span", 1.0)
        distance += MEANINGS[code]["importance"] * gap
        if gap == 0:
            alike.append(word(code, theirs))
        else:
            unlike.append(f"{word(code, theirs)} (here: {word(code, ours)})")
    if case.query.iso3 == query.iso3:
        alike.insert(0, "the same country")
    else:
        distance += SAME_COUNTRY
    return Precedent(case, distance, tuple(alike), tuple(unlike))


@dataclass(frozen=True, slots=True)
class Rate:
    """One reference class: how many of `n` joined, the 90 % Jeffreys interval of that rate, and the shrunk rate."""

    label: str
    joined: int
    n: int
    low: float
    high: float
    shrunk: float


def lineage(query: Query) -> tuple[str, ...]:
    """The classes a decision belongs to, widest first."""
    kin = "kin to protect" if query.kin_or_religious_tie_with_host else "no kin concerned"
    narrower = ["led by the UN" if query.un_led else "not led by the UN"]
    narrower.append("the task may coerce kin" if query.coerce_kin else kin)
    if not query.un_led:
        narrower.append("explicit UN mandate" if query.un_mandate >= 1 else "no or ambiguous UN mandate")
        narrower.append("US-led or asked by the US" if query.us_request_or_lead else "without the US")
    return ("all asks", *accumulate(narrower, "{}, {}".format))


def rate(label: str, cases: Sequence[Case], parent: float, weight: float = WEIGHT) -> Rate:
    """The rate of the cases of a class, pulled towards its parent's as if that had been seen `weight` times more."""
    k, n = sum(case.joined for case in cases), len(cases)
    low, high = betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95])
    return Rate(label, k, n, float(low), float(high), (k + weight * parent) / (n + weight))


def rates(query: Query, cases: Sequence[Case]) -> tuple[Rate, ...]:
    """The rates of a decision's classes, widest first; the last one's `shrunk` is the class forecast."""
    found: list[Rate] = []
    lines = [(case, lineage(case.query)) for case in cases]
    for label in lineage(query):
        members = [case for case, line in lines if label in line]
        found.append(rate(label, members, found[-1].shrunk) if found else rate(label, members, 0.5, 1.0))
    return tuple(found)
