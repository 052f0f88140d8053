"""Which past decisions on contributing troops are on record, each with its source.

The table is `data/precedents.csv`; `data/codebook.md` says what every column means.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path

from contingent.errors import DataError

OUTCOMES = ("joined_combat", "joined_limited", "declined", "withdrew")


@dataclass(frozen=True, slots=True)
class Query:
    """What is known beforehand of a decision: the codes of the codebook that forecasts may use.

    `domestic_support` is not among them: it was coded knowing the outcomes.
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


CODES = tuple(field.name for field in fields(Query) if field.name != "iso3")


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
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        raise DataError(f"{path}: cannot be read as text: {reason}") from None
    return parse_cases(lines, path.name)


def parse_cases(lines: Iterable[str], name: str) -> tuple[Case, ...]:
    """Cases from the lines of a CSV; `name` is what errors call the file."""
    reader = csv.DictReader(lines)
    wanted = {"case_id", "country", "iso3", "operation", "op_key", "decision_date", "year", "outcome", *CODES}
    missing = sorted(wanted - set(reader.fieldnames or ()))
    if missing:
        raise DataError(f"{name}:1  the table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}")
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


def _number(row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except (TypeError, ValueError):
        raise _CellError(column, f"`{row[column]}` is not a number") from None


def _case(row: dict[str, str]) -> Case:
    if row["outcome"] not in OUTCOMES:
        raise _CellError("outcome", f"`{row['outcome']}` is none of {', '.join(OUTCOMES)}")
    codes = {column: _number(row, column) for column in CODES}
    months = row.get("months_ask_to_decision") or ""
    return Case(
        case_id=row["case_id"],
        country=row["country"],
        operation=row["operation"],
        op_key=row["op_key"],
        month=row["decision_date"],
        year=int(_number(row, "year")),
        query=Query(iso3=row["iso3"], **codes),
        outcome=row["outcome"],
        deployed=row.get("deployed", "1") not in ("0", "0.0"),
        months=float(months) if months else None,
        conditions=row.get("conditions_stated") or "",
        source_url=row.get("source_url") or "",
        source_kind=row.get("source_kind") or "",
        confidence=row.get("confidence") or "",
    )


def known(cases: Iterable[Case], as_of: date) -> tuple[Case, ...]:
    """The decisions taken before a day's month: what a forecast made on that day may use."""
    return tuple(case for case in cases if case.month[:7] < as_of.strftime("%Y-%m"))


def asked(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Decisions to join or not; withdrawals are left out, for those who stayed are not on record."""
    return tuple(case for case in cases if case.outcome != "withdrew")
