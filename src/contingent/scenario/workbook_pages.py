"""Which cells of a file hold which key of which record, and what does each say?

Reading of spreadsheets. Sheets and columns are found by name, by heading or by HXL hashtag, wherever they stand; the
older layout, of three sheets to a pledge and an interval in one cell, is read too.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from difflib import get_close_matches
from typing import Any

from contingent.countries import code_of, plain
from contingent.errors import Complaint, InputError
from contingent.grids import ERROR, FORMS, Grid
from contingent.notation import parse_estimate, write_estimate
from contingent.quantities import Estimate, Unit
from contingent.scenario.workbook import SHEETS, Column, Sheet

ALIASES = {"rotation": "Pledges", "cost": "Pledges"}
"""Sheets of the older layout, by the sheet that holds their columns today."""
TOTALS = set("total totals sum grandtotal subtotal summe somme suma totale toplam jumlah".split())
HEADED = 30  # rows in which headings are looked for
MOST = 5000  # rows of a sheet; the largest force we measured has 1,000 pledges
TRUE, FALSE = (
    set(words.split()) for words in ("true yes y 1 x ja oui si da evet ya", "false no n 0 nein non нет hayır")
)
SPACED = re.compile(r"[+-]?\d{1,3}(?:[ ']\d{3})+")
UNCLEAR = re.compile(r"[1-9]\d{0,2}\.\d{3}")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says: what names its record, and the cells of each column by part, with addresses."""

    names: dict[str, str]
    cells: dict[Column, dict[str, Any]]
    places: dict[Column, str]
    place: str
    """The address of what names it."""


@dataclass
class Page:
    """A page of a file, as the sheet it was found to be."""

    grid: Grid
    sheet: Sheet
    complaints: list[Complaint]
    notes: list[str]

    def rows(self) -> Iterator[Row]:
        """Its rows, without headings, hashtags, totals and what cannot be read, which becomes a complaint.

        Raises:
            InputError: it lacks the column that names its records, or has more rows than a force.
        """
        grid, notes = self.grid, self.notes
        if sum(any(cell != "" for cell in row) for row in grid.rows) > MOST:
            raise InputError(f"{grid.name}: has more than {MOST:,} rows that are filled; is it the sheet you mean?")
        head, columns, unknown = heads(grid, self.sheet)
        fields = {column.field for column, _ in columns.values()}
        known = {_word(column.heading(part)): column.heading(part) for column, part in self.sheet.heads}
        if lacking := [name for name in self.sheet.names if f"{{{name}}}" not in fields]:
            raise InputError(
                f"{grid.name}!A1: has no column `{lacking[0]}`; its columns are {', '.join(known.values())}"
            )
        missing = known.keys() - {_word(column.heading(part)) for column, part in columns.values()}
        for column, heading in unknown.items():
            if near := get_close_matches(_word(heading), missing, n=1, cutoff=0.75):
                self.complain(head, column, f"`{heading}` is no heading here", f"did you mean `{known[near[0]]}`?")
        if unknown:
            notes.append(f"{grid.name}: not read: {', '.join(unknown.values())}")
        for line in range(head + 1, len(grid.rows)):
            row = {i: grid.rows[line][i] if i < len(grid.rows[line]) else "" for i in columns}
            marked = {i: grid.marks[line, i] for i in columns if (line, i) in grid.marks}
            first = next((text for cell in row.values() if (text := str(cell).strip())), "")
            if not (first or any(marked.values())) or (first.startswith("#") and not ERROR.match(first)):
                continue
            if any(plain(str(row[i])) in TOTALS for i, (column, _) in columns.items() if column.field.startswith("{")):
                if not marked:
                    notes.append(f"{grid.name}: row {line + 1} is taken for a total, and is not read")
                continue
            if why := grid.aside.get(line):
                notes.append(f"{grid.name}: row {line + 1} {why}, and is read like any other")
            for i, text in row.items():
                if isinstance(text, str) and ERROR.fullmatch(text.strip()):
                    marked[i] = f"holds the error {text.strip()}"
            for i, mark in marked.items():
                if mark:
                    fix = "unmerge it, and write the value in every row"
                    self.complain(line, i, mark, fix if "merged" in mark else "write the value it should have")
            wrong, places = {columns[i][0] for i in marked}, dict[Column, str]()
            cells: dict[Column, dict[str, Any]] = {}
            for i, (column, part) in columns.items():
                places.setdefault(column, grid.place(line, i))
                if column not in wrong:
                    cells.setdefault(column, {})[part] = row[i]
            named = [column for column in places if column.field.startswith("{")]
            names = {c.field.strip("{}"): str(cells.pop(c)[""]).strip() for c in named if c in cells}
            yield Row(names, cells, places, places[named[0]] if named else grid.place(line, 0))

    def complain(self, line: int, column: int, what: str, fix: str) -> None:
        """Note what is wrong with a cell."""
        self.complaints.append(Complaint(self.grid.place(line, column), 0, "", what, fix))


def sheet_of(grid: Grid, named: set[str]) -> Sheet | None:
    """Which sheet a page is: by its name, else by its headings where no page has the name; None if it is none."""
    name = plain(grid.name)
    if by_name := next((s for s in SHEETS if s.name == ALIASES.get(name) or plain(s.name) == name), None):
        return by_name
    best, scored = None, 2
    for sheet in SHEETS:
        columns = heads(grid, sheet)[1].values() if plain(sheet.name) not in named else ()
        fields = {column.field for column, _ in columns}
        if len(fields) > scored and all(f"{{{each}}}" in fields for each in sheet.names):
            best, scored = sheet, len(fields)
    return best


def heads(grid: Grid, sheet: Sheet) -> tuple[int, dict[int, tuple[Column, str]], dict[int, str]]:
    """The last row of headings, which column of the page holds what, and the headings of those that hold nothing."""
    known: dict[str, tuple[Column, str]] = {}
    for column, part in sheet.heads:
        for each in {part, part.removeprefix("best")}:
            ends = f"+{each}" if each else ""
            words = (column.field.strip("{}"), column.heading(""))
            known |= {_word(word) + each: (column, part) for word in words} | {_tag(column.hxl + ends): (column, part)}
    row, found, unknown = 0, dict[int, tuple[Column, str]](), dict[int, str]()
    for line, cells in enumerate(grid.rows[:HEADED]):
        words = {i: str(cell).strip() for i, cell in enumerate(cells) if str(cell).strip()}
        if sum(word.startswith("#") for word in words.values()) >= 2:
            tagged = {i: known[_tag(word)] for i, word in words.items() if _tag(word) in known}
            found = tagged | {i: each for i, each in found.items() if i not in tagged and each not in tagged.values()}
            row = max(row, line)
        elif len(here := {i: known[_word(word)] for i, word in words.items() if _word(word) in known}) > len(found):
            row, found, unknown = line, here, {i: word for i, word in words.items() if i not in here}
    return row, found, {i: word for i, word in unknown.items() if i not in found}


def _word(heading: Any) -> str:
    """A heading without case, unit and signs."""
    return plain(re.sub(r",[^:]*|\([^)]*\)", "", str(heading)))


def _tag(word: str) -> str:
    """A hashtag with its attributes in order."""
    base, *more = re.sub(r"\s", "", word).lower().split("+")
    return "+".join([base, *sorted(more)]) if base.startswith("#") else "#"


def value_of(cells: dict[str, Any], column: Column, offered: dict[str, str], now: Any) -> Any:
    """What a scenario file would hold for the cells of one column; None where they are empty.

    Args:
        cells: best value, low and high, where the file has them; else the one cell.
        column: which it is.
        offered: the names that may stand there, with what each is called.
        now: what the scenario holds; an estimate keeps its sources.

    Raises:
        ValueError: it cannot be read; says why, and after `; ` what to write.
    """
    if column.kind == "number" and column.key:
        return _estimate(cells, column.key.shape.unit, now)
    cell = cells[""]
    if isinstance(cell, date | time | timedelta):
        raise ValueError(f"`{cell}` is a date; write it as text")
    text = " ".join(str(cell).split(" ")).strip()
    if text == "":
        return None
    if column.kind == "whole":
        number = (
            cell if isinstance(cell, int | float) else parse_estimate(_unmistakable(text, Unit("1")), Unit("1")).best
        )
        return int(number) if number == int(number) else number
    if column.kind == "flag":
        word = text.casefold().removesuffix(".0")
        if word not in TRUE | FALSE:
            raise ValueError(f"`{text}` is neither yes nor no; write yes or no")
        return word in TRUE
    if column.kind == "entries":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(f'`{text}` cannot be read; write it as {{"mandate.command": "un"}}') from None
    if column.kind == "names":
        return [_meant(each.strip(), offered) for each in re.split(r"[,;\n]", text) if each.strip()]
    if column.kind == "country":
        return _meant(text, offered) if _meant(text, offered) in offered else code_of(text) or text
    return _meant(text, offered) if column.kind in ("choice", "name") or offered else text


def _meant(text: str, offered: dict[str, str]) -> str:
    """The name that a text stands for: itself, in other letters, what it is called, or the state it names."""
    if text in offered:
        return text
    alike = {name for name, label in offered.items() if plain(text) in (plain(name), plain(label))}
    return alike.pop() if len(alike) == 1 else code if (code := code_of(text)) in offered else text


def _estimate(cells: dict[str, Any], unit: Unit, now: Any) -> Any:
    best, low, high = (_number(cells.get(part, ""), unit, now, part) for part in ("best", "low", "high"))
    if best is None and low is None and high is None:
        return None
    if (low is None) != (high is None):
        raise ValueError("one end of the interval is empty; write both ends, or neither")
    if low is None or high is None:
        found = best
    elif best is None:
        found = parse_estimate(f"{low.best!r} to {high.best!r}", unit)
    elif not (best.certain and low.certain and high.certain):
        raise ValueError("an interval stands beside its own ends; write one number in each cell")
    else:
        found = parse_estimate({"best": best.best, "low": low.best, "high": high.best}, unit)
    assert found is not None
    kept = (now.claims, now.assumption) if isinstance(now, Estimate) else ((), "")
    return write_estimate(replace(found, claims=kept[0], assumption=kept[1]))


def _number(cell: Any, unit: Unit, now: Any, part: str) -> Estimate | None:
    """The number in a cell, or the interval in the older notation; None where it is empty."""
    if isinstance(cell, bool | date | time | timedelta):
        raise ValueError(f"`{cell}` is {'no number' if isinstance(cell, bool) else 'a date'}; write a plain number")
    if isinstance(cell, str):
        cell = _unmistakable(cell.strip().translate(FORMS), unit)
    if cell == "":
        return None
    found = parse_estimate(cell, unit)
    ends = [getattr(now, part)] if isinstance(now, Estimate) and found.certain else []
    if unit.name == "person" and [x for x in (found.low, found.best, found.high) if x != int(x) and x not in ends]:
        raise ValueError(f"`{cell}` is no number of people; write a whole number, without a mark for thousands")
    return found


def _unmistakable(text: str, unit: Unit) -> str:
    """A text whose numbers can be read in one way only, as plain numbers."""
    if SPACED.fullmatch(text):
        return re.sub(r"[ ']", "", text)
    for number in re.findall(r"\d[\d.,]*", text):
        if UNCLEAR.fullmatch(number) and unit.at_most > 100:
            plainly = number.replace(".", "")
            raise ValueError(f"`{text}` may be {float(number):g} or {plainly}; write {plainly}, or {float(number):g}")
        if "," in number and not GROUPED.fullmatch(number.rstrip(",.")):
            raise ValueError(f"`{text}` has a comma that groups no thousands; write {number.replace(',', '.')}")
    return text
