"""How does a scenario's force stand in a planner's workbook?

Spreadsheet export. One row is one record (a pledge, a requirement, a stakeholder's position). Numbers are numbers: best
value, low and high in columns of their own. `sheets.csv` says which columns there are, the models what stands there.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from contingent.atomic import atomic_write
from contingent.notation import write_estimate
from contingent.quantities import Estimate, Unit
from contingent.scenario.keys import ANY_MONEY, PLURAL, Key, found
from contingent.scenario.model import Scenario
from contingent.scenario.paths import matching, value_at

SPARE = 500  # rows below the last one that drop-downs still reach
FLAG = ("yes", "no")
ABOUT = (
    "One row is one record. Change, add and delete: `contingent sheet import` then says what would change.",
    "Numbers: the best value, and the low and high ends of a 90 % interval, or both ends empty where it is certain.",
    "Lists have commas between. Columns and sheets of your own are left alone; a formula is refused unless you ask for",
    "what it last showed (--cached). The sheets that begin with Plan hold results: what is changed there is not read.",
)


@dataclass(frozen=True)
class Column:
    """One column of a sheet, or three, where it holds a number with its interval."""

    record: str
    """The dotted path of the records its sheet shows, with `{id}` where their names stand."""
    field: str
    """The key below the record; a whole path where it has names itself; `{id}` for a name."""
    hxl: str
    choices: str
    """The dotted path of the mapping whose names may stand here, if any."""
    width: int
    unit: str
    """In words, where the models do not say it."""

    @property
    def path(self) -> str:
        """The dotted path of its cells, with `{id}` where names stand."""
        return self.field if "." in self.field else f"{self.record}.{self.field}"

    @cached_property
    def key(self) -> Key | None:
        """The scenario's key it holds; none where it names the record."""
        return None if self.field.startswith("{") else found(re.sub(r"\.\{\w+\}", ".x", self.path))

    @property
    def kind(self) -> str:
        """`number`, `names`, `choice` and so on; `name` where it names the record."""
        return self.key.shape.kind if self.key else "name"

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands side by side for one value."""
        return ("best", "low", "high") if self.kind == "number" else ("",)

    def heading(self, part: str) -> str:
        """What stands above it: its name in words, its unit, and which part of the number."""
        words = re.sub(r"\.?\{\w+\}$", "", self.field).rpartition(".")[2] or self.field.strip("{}")
        unit = self.key.shape.unit if self.key else Unit("1")
        named = self.unit or PLURAL.get(unit.name, unit.name) or unit.range.removeprefix("it must be ")
        words = words.replace("_", " ").capitalize() + f", {named}" * (
            unit.at_most <= 100 or unit.name != "1" or bool(self.unit)
        )
        words = words.replace(ANY_MONEY, "money")
        return f"{words}: {part}" if part else words


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the dotted path of the records it shows, and its columns."""

    name: str
    record: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """What its records are named by: `["id"]`."""
        return re.findall(r"\{(\w+)\}", self.record)

    @property
    def heads(self) -> list[tuple[Column, str]]:
        """Its columns as they stand side by side, each with which part of a number it is."""
        return [(column, part) for column in self.columns for part in column.parts]

    def records(self, scenario: Scenario) -> Iterator[tuple[str, dict[str, str]]]:
        """The path of every record of a scenario, and what names it."""
        pattern = re.sub(r"\{\w+\}", "*", self.record).split(".")
        for path in matching(scenario, ".".join(pattern)):
            steps = zip(path.split("."), pattern, strict=True)
            yield path, dict(zip(self.names, (step for step, mark in steps if mark == "*"), strict=True))

    def cells(self, scenario: Scenario, path: str, names: dict[str, str]) -> list[Any]:
        """What stands in the cells of a record, in the order of `heads`; empty text where nothing does."""
        record, row = value_at(scenario, path), []
        for column in self.columns:
            if column.field.startswith("{"):
                row.append(names[column.field.strip("{}")])
                continue
            try:
                held = value_at(scenario, column.path.format(**names)) if "." in column.field else None
            except KeyError:
                held = ""
            row += written(getattr(record, column.field) if held is None else held, column)
        return row


def _sheets() -> tuple[Sheet, ...]:
    with (files("contingent.scenario") / "sheets.csv").open(encoding="utf-8") as lines:
        rows = [
            (
                row["sheet"],
                Column(row["record"], row["field"], row["hxl"], row["choices"], int(row["width"]), row["unit"]),
            )
            for row in csv.DictReader(lines)
        ]
    grouped = ((name, tuple(column for _, column in each)) for name, each in groupby(rows, itemgetter(0)))
    return tuple(Sheet(name, columns[0].record, columns) for name, columns in grouped)


SHEETS = _sheets()
"""The workbook's sheets, from `sheets.csv`."""


TEXT = Column("", "{id}", "", "", 0, "")


def written(value: Any, column: Column) -> list[str | int | float]:
    """What stands in the cells of a column for a value; of a number its best value, low and high."""
    if isinstance(value, Estimate):
        ends = ("", "") if value.certain else (value.low, value.high)
        return [int(x) if x != "" and x == int(x) else x for x in (value.best, *ends)]
    if value is None or value == "":
        return [""] * len(column.parts)
    if isinstance(value, bool):
        return [FLAG[not value]]
    if isinstance(value, tuple | list):
        return [", ".join(value)]
    if isinstance(value, dict):
        return [json.dumps(value, ensure_ascii=False) if value else ""]
    return [value]


def shown(value: Any) -> str:
    """A value of a scenario, or what a file would hold for it, in one line."""
    if isinstance(value, Estimate):
        value = write_estimate(replace(value, claims=(), assumption=""))
    if isinstance(value, dict) and "best" in value:
        value = value["best"]
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return (
        str(written(value, TEXT)[0])
        if isinstance(value, bool | tuple | list | dict)
        else str("" if value is None else value)
    )


def choices(scenario: Scenario, column: Column) -> dict[str, str]:
    """The names that may stand in a column, each with what it is called; none where anything may."""
    if column.choices:
        held = value_at(scenario, column.choices)
        return {str(name): getattr(each, "label", "") for name, each in held.items()}
    words = (
        FLAG if column.kind == "flag" else column.key.shape.choices if column.key and column.kind == "choice" else ()
    )
    return {str(word): "" for word in words}


@dataclass(frozen=True, slots=True)
class Results:
    """A sheet of results: headings with their width and whether the column is summed, and rows."""

    name: str
    heads: Sequence[tuple[str, int, bool]]
    rows: list[list[Any]]

    @classmethod
    def wide_enough(cls, name: str, heads: Sequence[str], rows: list[list[Any]]) -> Self:
        """A sheet whose columns are as wide as what stands in them; those whose heading begins with `+` are summed."""
        longest = [max((len(str(row[i])) for row in rows), default=0) for i in range(len(heads))]
        widths = [min(max(each + 2, 11), 40) for each in longest]
        return cls(name, [(h.lstrip("+"), w, h.startswith("+")) for h, w in zip(heads, widths, strict=True)], rows)


def write(scenario: Scenario, file: Path, results: Sequence[Results] = (), *, hxl: bool = False) -> None:
    """Write the workbook in one step: the file is whole or not there."""
    content = workbook(scenario, results, hxl=hxl)  # xlsxwriter tells of a full disk in its own way
    with atomic_write(file) as scratch:
        scratch.write_bytes(content)


def workbook(scenario: Scenario, results: Sequence[Results] = (), *, hxl: bool = False) -> bytes:
    """The workbook as a file has it.

    Every text is written as text, never as a formula or a link, whatever it begins with.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.utility import xl_range_abs

    file = BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = Workbook(file, {"in_memory": True, **plain})
    book.add_worksheet("Read me").write_column(0, 0, list(filter(None, [scenario.marking, scenario.title, "", *ABOUT])))
    wide = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    quoted = book.add_format({"quote_prefix": True})
    lists: dict[tuple[str, ...], int] = {}
    for sheet in SHEETS:
        tags = [[f"{column.hxl}+{part}" if part else column.hxl for column, part in sheet.heads]] if hxl else []
        rows = [sheet.cells(scenario, *record) for record in sheet.records(scenario)]
        summed = {c for c in sheet.columns if sheet.names and c.key and c.key.shape.unit.name in ("person", "USD")}
        heads = [(c.heading(part), c.width, part == "best" and c in summed) for c, part in sheet.heads]
        page = _page(book, Results(sheet.name, heads, tags + rows), wide, quoted)
        for number, (column, _) in enumerate(sheet.heads):
            if (offered := tuple(choices(scenario, column))) and column.kind != "names":
                at = lists.setdefault(offered, len(lists))
                source = f"=Lists!{xl_range_abs(0, at, len(offered) - 1, at)}"
                page.data_validation(1, number, len(rows) + SPARE, number, {"validate": "list", "source": source})
    for each in results:
        _page(book, each, wide, quoted)
    page = book.add_worksheet("Lists")
    for offered, at in lists.items():
        page.write_column(0, at, offered)
    page.hide()
    for each in book.worksheets() if scenario.marking else ():
        each.set_header("&C" + scenario.marking.replace("&", "&&"))
        each.set_footer("&C" + scenario.marking.replace("&", "&&"))
    book.close()
    return file.getvalue()


def _page(book: Any, results: Results, wide: Any, quoted: Any) -> Any:
    """One sheet with its headings, rows, filters and totals."""
    page, rows = book.add_worksheet(results.name), results.rows
    columns: list[dict[str, Any]] = [{"header": head, "header_format": wide} for head, _, _ in results.heads]
    for number, (_, width, summed) in enumerate(results.heads):
        page.set_column(number, number, width)
        if summed:
            values = [row[number] for row in rows if isinstance(row[number], int | float)]
            columns[number] |= {"total_function": "sum", "total_value": sum(values)}
    totals = any(summed for _, _, summed in results.heads)
    if totals:
        columns[0]["total_string"] = "Total"
    last, style = max(len(rows), 1) + totals, "Table Style Light 1"
    page.add_table(0, 0, last, len(columns) - 1, {"columns": columns, "total_row": totals, "style": style})
    for line, row in enumerate(rows, 1):
        for number, value in enumerate(row):
            if isinstance(value, str) and value:
                page.write_string(line, number, value, quoted if value[0] in "=+-@\t\r" else None)
            elif value != "":
                page.write_number(line, number, value)
    page.freeze_panes(1, 1)
    return page
