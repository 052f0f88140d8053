"""How does a scenario's force stand in a planner's workbook?

Spreadsheet export. A pledge is spread over three sheets (what, when, for how much) by its id; requirements and caveats
have one each. Cells hold what a scenario file would hold: `3000`, `2000 to 6000`, names with commas between.
"""

import csv
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Caveat, Pledge
from contingent.scenario.theatre import Requirement


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it holds, its HXL hashtag, and the list of names it may take, if any."""

    field: str
    hxl: str
    choices: str = ""
    """`unit_types`, `sectors`, `tasks`, `phases`, `contributors`, `cards`, `answers` or `readiness`."""
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the part of the scenario it shows, and its columns, the id first."""

    name: str
    part: str
    columns: tuple[Column, ...]


def _sheets() -> tuple[Sheet, ...]:
    with (files("contingent.scenario") / "sheets.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[tuple[str, str], list[Column]] = {}
    for row in rows:
        column = Column(row["field"], row["hxl"], row["choices"], int(row["width"]))
        found.setdefault((row["sheet"], row["part"]), []).append(column)
    return tuple(Sheet(*place, tuple(columns)) for place, columns in found.items())


SHEETS = _sheets()
"""The workbook's sheets, from `sheets.csv`."""
MODELS: dict[str, type[Requirement] | type[Pledge] | type[Caveat]] = {
    "requirements": Requirement, "pledges": Pledge, "caveats": Caveat,
}  # fmt: skip
LISTS = (
    "claims", "caveats", "sectors", "self_sustains",
    *(f"excludes_{what}" for what in ("tasks", "sectors", "units", "contributors")),
)  # fmt: skip


def records(scenario: Scenario, part: str) -> dict[str, Requirement | Pledge | Caveat]:
    """The records of one part of a scenario by id, in its order."""
    items = getattr(scenario, part)
    return dict(items) if isinstance(items, dict) else {item.id: item for item in items}


def choices(scenario: Scenario) -> dict[str, list[str]]:
    """The names each drop-down offers."""
    return {
        "unit_types": list(scenario.unit_types), "sectors": list(scenario.theatre.sectors),
        "tasks": list(scenario.mandate.tasks), "phases": list(scenario.mandate.phases),
        "contributors": list(scenario.contributors), "cards": ["red", "yellow"], "answers": ["true", "false"],
        "readiness": ["registered", "assessed", "aligned", "rapid", "deployed"],
    }  # fmt: skip


def cell(record: Any, name: str, field: str) -> str | int | float:
    """What stands in a record's cell."""
    value = name if field == "id" else getattr(record, field)
    if isinstance(value, Estimate):
        value = write_estimate(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ", ".join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value


SPARE = 500  # rows below the last one that drop-downs still reach


def write(scenario: Scenario, file: Path, *, hxl: bool = False) -> None:
    """Write the workbook in one step: the file is whole or not there.

    Every text is written as text, never as a formula or a link, whatever it begins with.
    """
    with atomic_write(file) as scratch:
        _fill(scenario, scratch, hxl=hxl)


def _fill(scenario: Scenario, file: Path, *, hxl: bool) -> None:
    from xlsxwriter import Workbook

    book = Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    head = book.add_format({"bold": True, "bottom": 1})
    tag = book.add_format({"italic": True, "font_color": "#666666"})
    quoted = book.add_format({"quote_prefix": True})
    names = choices(scenario)
    pages = {sheet.name: book.add_worksheet(sheet.name) for sheet in SHEETS}
    lists = book.add_worksheet("Lists")
    for number, (kind, values) in enumerate(names.items()):
        lists.write_string(0, number, kind, head)
        lists.write_column(1, number, values)
    lists.hide()
    for sheet in SHEETS:
        page, found = pages[sheet.name], records(scenario, sheet.part)
        first = 2 if hxl else 1
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width)
            page.write_string(0, number, column.field, head)
            if hxl:
                page.write_string(1, number, column.hxl, tag)
            for line, (name, record) in enumerate(found.items(), first):
                _put(page, line, number, cell(record, name, column.field), quoted)
            _offer(page, column, number, first, first + len(found) + SPARE, names)
        page.freeze_panes(first, 1)
    book.close()


def _put(page: Any, line: int, number: int, value: str | int | float, quoted: Any) -> None:
    if isinstance(value, str) and value:
        page.write_string(line, number, value, quoted if value[0] in "=+-@\t\r" else None)
    elif value != "":
        page.write_number(line, number, value)


def _offer(page: Any, column: Column, number: int, first: int, last: int, names: dict[str, list[str]]) -> None:
    from xlsxwriter.utility import xl_col_to_name

    if column.choices and names[column.choices]:
        at = xl_col_to_name(list(names).index(column.choices))
        source = f"=Lists!${at}$2:${at}${len(names[column.choices]) + 1}"
        page.data_validation(first, number, last, number, {"validate": "list", "source": source})
