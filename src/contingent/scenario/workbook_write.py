"""A scenario's requirements, pledges and caveats as a workbook with drop-downs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.scenario.model import Scenario
from contingent.scenario.workbook import SHEETS, Column, cell, choices, records

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
        for line, value in enumerate(values, 1):
            lists.write_string(line, number, value)
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
    if isinstance(value, str):
        if value:
            page.write_string(line, number, value, quoted if value[0] in "=+-@\t\r" else None)
    else:
        page.write_number(line, number, value)


def _offer(page: Any, column: Column, number: int, first: int, last: int, names: dict[str, list[str]]) -> None:
    from xlsxwriter.utility import xl_col_to_name

    if column.choices and names[column.choices]:
        at = xl_col_to_name(list(names).index(column.choices))
        source = f"=Lists!${at}$2:${at}${len(names[column.choices]) + 1}"
        page.data_validation(first, number, last, number, {"validate": "list", "source": source})
