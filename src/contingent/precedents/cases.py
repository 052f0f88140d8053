"""Which past decisions on contributing troops are on record, which are closest to this one, and how many joined?

Case base, nearest analogues and reference classes. The table is `data/precedents.csv`, each row with its source;
`data/codebook.md` says what every column means. Classes are nested: all asks; led by the UN or not; the kind of task;
the mandate. A class's rate is pulled towards its parent's as if the parent had been observed `WEIGHT` more times.
"""

import csv
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from re import fullmatch

from scipy.special import betaincinv

from contingent.errors import DataError

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
HINDSIGHT = (
    "domestic_support", "domestic_poll_share", "domestic_basis", "parliament_vote", "recent_casualties_in_similar_op",
    "cost_borne_by", "conditions_stated", "outcome", "joined", "deployed", "pledged_not_delivered", "strength_sent",
    "source_url", "source_kind", "confidence", "notes",
)  # fmt: skip
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


def shipped_cases() -> tuple[Case, ...]:
    """The table that comes with the package, in its own order."""
    path = files("contingent.precedents") / "data" / "precedents.csv"
    return parse_cases(path.read_text(encoding="utf-8").splitlines(), "precedents.csv")


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file with the layout of the shipped table.

    Raises:
        DataError: a missing file or column, or a cell that is not what its column holds; all of them, with their lines.
    """
    return parse_cases(lines_of(path), path.name)


def lines_of(path: Path) -> list[str]:
    """The lines of a text file.

    Raises:
        DataError: it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        raise DataError(f"{path}: cannot be read as text: {reason}") from None


def reader_of(lines: Iterable[str], name: str, wanted: set[str]) -> csv.DictReader:
    """The rows of a CSV with at least these columns; `name` is what errors call the file.

    Raises:
        DataError: a column is missing.
    """
    reader = csv.DictReader(lines)
    if missing := sorted(wanted - set(reader.fieldnames or ())):
        raise DataError(f"{name}:1  the table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}")
    return reader


def parse_cases(lines: Iterable[str], name: str) -> tuple[Case, ...]:
    """Cases from the lines of a CSV; `name` is what errors call the file."""
    wanted = {"case_id", "country", "iso3", "operation", "op_key", "decision_date", "year", "outcome", *CODES}
    reader = reader_of(lines, name, wanted)
    found: list[Case] = []
    wrong: list[str] = []
    for row in reader:
        try:
            found.append(_case(row))
        except _CellError as fault:
            wrong.append(f"{name}:{reader.line_num}  {fault.column}: {fault}")
    if wrong:
        raise DataError("\n".join(wrong))
    if not found:
        raise DataError(f"{name}:1  the table has no rows")
    return tuple(found)


class _CellError(ValueError):
    def __init__(self, column: str, what: str):
        self.column = column
        super().__init__(what)


def _number(row: dict[str, str], column: str, low: float, high: float) -> float:
    try:
        found = float(row[column])
    except (TypeError, ValueError):
        raise _CellError(column, f"`{row[column]}` is not a number") from None
    if not low <= found <= high:  # nan is in no range
        raise _CellError(column, f"`{row[column]}` is not from {low:g} to {high:g}")
    return found


def _text(row: dict[str, str], column: str, pattern: str, such: str) -> str:
    if not fullmatch(pattern, row[column] or ""):
        raise _CellError(column, f"`{row[column] or ''}` is not {such}")
    return row[column]


def _case(row: dict[str, str]) -> Case:
    if row["outcome"] not in OUTCOMES:
        raise _CellError("outcome", f"`{row['outcome']}` is none of {', '.join(OUTCOMES)}")
    codes = {column: _number(row, column, 0, max(map(float, MEANINGS[column]["words"]))) for column in CODES}
    return Case(
        case_id=row["case_id"], country=row["country"], operation=row["operation"], op_key=row["op_key"],
        month=_text(row, "decision_date", r"\d{4}-(0[1-9]|1[0-2])(-\d\d)?", "a month such as 2006-08"),
        year=int(_number(row, "year", 1800, 9999)),
        query=Query(
            iso3=_text(row, "iso3", "[A-Z]{3}", "a three-letter code such as PAK"), operation=row["op_key"],
            force_type=row.get("force_type") or "", **codes,
        ),
        outcome=row["outcome"], deployed=row.get("deployed", "1") not in ("0", "0.0"),
        months=_number(row, "months_ask_to_decision", 0, 1200) if row.get("months_ask_to_decision") else None,
        conditions=row.get("conditions_stated") or "", source_url=row.get("source_url") or "",
        source_kind=row.get("source_kind") or "", confidence=row.get("confidence") or "",
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
    led = "led by the UN" if query.un_led else "not led by the UN"
    if query.coerce_kin:
        task = "the task may coerce kin"
    elif query.kin_or_religious_tie_with_host:
        task = "kin to protect"
    else:
        task = "no kin concerned"
    if query.un_led:
        return ("all asks", led, f"{led}, {task}")
    explicit = "explicit UN mandate" if query.un_mandate >= 1 else "no or ambiguous UN mandate"
    asked_by = "US-led or asked by the US" if query.us_request_or_lead else "without the US"
    return ("all asks", led, f"{led}, {task}", f"{led}, {task}, {explicit}", f"{led}, {task}, {explicit}, {asked_by}")


def rates(query: Query, cases: Sequence[Case]) -> tuple[Rate, ...]:
    """The rates of a decision's classes, widest first; the last one's `shrunk` is the class forecast."""
    parent, out = 0.5, []
    lines = [lineage(case.query) for case in cases]
    for label in lineage(query):
        members = [case.joined for case, line in zip(cases, lines, strict=True) if label in line]
        k, n = sum(members), len(members)
        low, high = betaincinv(k + 0.5, n - k + 0.5, [0.05, 0.95])
        weight = WEIGHT if out else 1.0
        parent = (k + weight * parent) / (n + weight)
        out.append(Rate(label, k, n, float(low), float(high), parent))
    return tuple(out)
