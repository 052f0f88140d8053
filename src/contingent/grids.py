"""What stands in the cells of a table, whatever program saved it, and which number does a cell mean?

Workbooks (.xlsx, .xlsm, .ods) and delimited text. Values are read by calamine; formulas, errors, merged cells, hidden
and struck rows, which it does not tell, from the file's own XML. Number formats of a locale: decimal marks and
thousands separators. What a single cell leaves open (`1.000`) the other cells of the file decide, and what they leave
open too is refused: a number is never guessed.
"""

import csv
import functools
import io
import itertools
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from contingent.errors import InputError
from contingent.processes import contained, content_of

LARGEST = 50_000_000  # bytes, packed or unpacked: a workbook of 600 rows takes 60,000
COLUMNS = 16_384  # of a table, as in Excel
CELLS = 1_000_000  # from the first of a sheet to its last, empty ones included: so many take shape when it is read
ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|Err:\d+")
OTHERS = {b"\xd0\xcf\x11\xe0": "a workbook of before 2007, or one locked with a password", b"%PDF": "a PDF"}
AGAIN = "save it as .xlsx, .ods or .csv"


@dataclass
class Grid:
    """One sheet, or a text file: its rows of values, what is wrong with cells, and what is odd about whole rows."""

    name: str
    rows: list[list[Any]]
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column), both from 0, to what stands there instead of a value; empty text where a merged cell covers it."""
    aside: dict[int, str] = field(default_factory=dict)
    """Row to why a reader may not have seen it as one that counts."""

    def place(self, row: int, column: int) -> str:
        """A cell's address, as `Pledges!B4`."""
        return f"{self.name}!{letters(column)}{row + 1}"


def letters(index: int) -> str:
    """A column's letters, from 0."""
    return ("" if index < 26 else letters(index // 26 - 1)) + chr(65 + index % 26)


def grids(file: Path, *, cached: bool = False) -> list[Grid]:
    """Every sheet of a workbook (.xlsx, .xlsm, .ods), or the one table of comma-, semicolon- or tab-separated text.

    With `cached`, what formulas last showed is taken; else each is a mark.

    Raises:
        InputError: it cannot be read as a table; says as what it may be saved.
    """
    data = content_of(file, LARGEST, AGAIN)
    if kind := next((kind for start, kind in OTHERS.items() if data.startswith(start)), ""):
        raise InputError(f"{file}: is {kind}; {AGAIN}")
    try:
        return contained(str(file), _workbook if data.startswith(b"PK") else _text, file, data, cached)
    except ValueError as error:
        raise InputError(f"{file}: is a damaged workbook, or none ({error}); open it, and {AGAIN}") from None


def _workbook(file: Path, data: bytes, cached: bool) -> list[Grid]:  # noqa: FBT001
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if (size := sum(item.file_size for item in packed.infolist())) > LARGEST:
            raise InputError(f"{file}: too large for a workbook ({size:,} bytes unpacked, at most {LARGEST:,})")
        names = set(packed.namelist())
        if not names & {"xl/workbook.xml", "content.xml"}:
            raise InputError(f"{file}: is not a workbook that is read here; {AGAIN}")
        marked = dict(_ods(packed, cached) if "content.xml" in names else _xlsx(packed, cached))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [
        Grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), *marked[name])
        for name in book.sheet_names
        if name in marked
    ]


Marks = tuple[dict[tuple[int, int], str], dict[int, str]]


def _parsed(packed: zipfile.ZipFile, part: str, *wanted: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """Elements of some names in a part of a workbook, whatever their namespace; each is forgotten once seen."""
    with packed.open(part) as stream:
        if b"<!DOCTYPE" in stream.read(1000):
            raise ValueError("its XML declares entities")
    with packed.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            name = element.tag.rpartition("}")[2]
            if name in wanted:
                yield name, element
                element.clear()


def _of(element: ElementTree.Element, name: str, default: str = "") -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), default)


def _xlsx(packed: zipfile.ZipFile, cached: bool) -> Iterator[tuple[str, Marks]]:  # noqa: FBT001
    links = "xl/_rels/workbook.xml.rels"
    targets = {_of(link, "Id"): _of(link, "Target") for _, link in _parsed(packed, links, "Relationship")}
    sheets = [(_of(sheet, "name"), _of(sheet, "id")) for _, sheet in _parsed(packed, "xl/workbook.xml", "sheet")]
    struck = _struck(packed)
    for name, link in sheets:
        part = "xl/" + targets[link].removeprefix("/").removeprefix("xl/")
        if "worksheets/" in part:
            yield name, _xlsx_marks(packed, part, struck, cached)


def _struck(packed: zipfile.ZipFile) -> set[int]:
    """Cell formats whose font is struck through."""
    if "xl/styles.xml" not in packed.namelist():
        return set()
    root = ElementTree.fromstring(packed.read("xl/styles.xml"))
    fonts = [any(each.tag.endswith("}strike") for each in font) for font in root.findall("{*}fonts/{*}font")]
    formats = enumerate(root.findall("{*}cellXfs/{*}xf"))
    return {i for i, each in formats if int(each.get("fontId", 0)) < len(fonts) and fonts[int(each.get("fontId", 0))]}


def _xlsx_marks(packed: zipfile.ZipFile, part: str, struck: set[int], cached: bool) -> Marks:  # noqa: FBT001
    marks, aside = dict[tuple[int, int], str](), dict[int, str]()
    row, column, far, wide = -1, -1, 0, 0
    for name, element in _parsed(packed, part, "c", "row", "mergeCell"):
        if name == "row":
            if element.get("hidden") in ("1", "true"):
                aside[int(element.get("r", row + 2)) - 1] = "is hidden"
            continue
        if name == "mergeCell":
            (top, left), (bottom, right) = map(_indices, element.get("ref", "A1:A1").split(":"))
            _merge(marks, top, left, bottom, right)
            continue
        row, column = _indices(element.get("r", f"{letters(column + 1)}{row + 1}"))
        far, wide = max(far, row + 1), max(wide, column + 1)
        if far * wide > CELLS:
            raise ValueError(
                f"{letters(wide - 1)}{far} is too far off, as all cells before it count; delete what is there"
            )
        told = {each.tag.rpartition("}")[2]: each.text or "" for each in element}
        if element.get("t") == "e":
            marks[row, column] = f"holds the error {told.get('v', '')}"
        elif "f" in told and not (cached and told.get("v")):
            marks[row, column] = "holds a formula" + (" that never was computed" if cached else "")
        if int(element.get("s", 0)) in struck and told:
            aside.setdefault(row, "is struck through")
    return marks, aside


def _indices(address: str) -> tuple[int, int]:
    """Row and column, from 0, of an address such as `AB12`."""
    name = address.rstrip("0123456789")
    column = functools.reduce(lambda found, letter: 26 * found + ord(letter) - 64, name, 0)
    return int(address[len(name) :]) - 1, column - 1


def _merge(marks: dict[tuple[int, int], str], top: int, left: int, bottom: int, right: int) -> None:
    """Mark a merged area once, at its first cell; areas beyond any table are cut."""
    area = itertools.product(range(top, min(bottom, top + 5000) + 1), range(left, min(right, left + 500) + 1))
    marks |= dict.fromkeys(area, "")
    marks[top, left] = f"is merged as {letters(left)}{top + 1}:{letters(right)}{bottom + 1}"


def _ods(packed: zipfile.ZipFile, cached: bool) -> Iterator[tuple[str, Marks]]:  # noqa: FBT001
    for _, table in _parsed(packed, "content.xml", "table"):
        marks, aside = dict[tuple[int, int], str](), dict[int, str]()
        row = 0
        for line in (each for each in table.iter() if each.tag.endswith("}table-row")):
            column = 0
            if _of(line, "visibility") in ("collapse", "filter"):
                aside[row] = "is hidden"
            for cell in line:
                text = "".join(cell.itertext())
                right, bottom = (int(_of(cell, f"number-{way}-spanned", "1")) - 1 for way in ("columns", "rows"))
                if ERROR.fullmatch(text) and _of(cell, "formula"):
                    marks[row, column] = f"holds the error {text}"
                elif _of(cell, "formula") and not (cached and text):
                    marks[row, column] = "holds a formula" + (" that never was computed" if cached else "")
                if right or bottom:
                    _merge(marks, row, column, row + bottom, column + right)
                column += int(_of(cell, "number-columns-repeated", "1"))
            row += int(_of(line, "number-rows-repeated", "1"))
        yield _of(table, "name"), (marks, aside)


def _text(file: Path, data: bytes, _cached: bool) -> list[Grid]:  # noqa: FBT001
    """A text file as the one grid it is, named as the file is."""
    start = data[:500].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        raise InputError(f"{file}: is empty")
    if start.startswith((b"<", b"{", b"[")):
        what = "a web page" if b"<html" in start or b"<table" in start else "no table, but XML or JSON"
        raise InputError(f"{file}: is {what}, whatever its name says; open it, and {AGAIN}")
    if file.suffix.lower() in (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb"):
        raise InputError(f"{file}: is not a workbook, but text; name it .csv if it is a table")
    text = decoded(data)
    if text is None or "\0" in text:
        raise InputError(f"{file}: is neither a workbook nor text; {AGAIN}")
    lines = text.splitlines()
    mark = max(",;\t|", key=lambda each: max((line.count(each) for line in lines[:10]), default=0))
    stream = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    rows = list(csv.reader(stream, delimiter=mark))
    if (wide := max(map(len, rows), default=0)) > COLUMNS:
        raise InputError(
            f"{file}: has {wide:,} columns, of which a sheet has {COLUMNS:,} at most; delete the empty ones"
        )
    return [Grid(file.stem, rows)]


def decoded(data: bytes) -> str | None:
    """Text from bytes: UTF-8 or UTF-16 as marked, else the code page of Windows; None if it is none of them."""
    marked = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for encoding in (marked, "cp1252", "mac_roman"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return None


FORMS = str.maketrans(
    {"\u2212": "-", "\u066b": ".", "\u066c": "'", "\u2019": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)
"""Minus signs, marks and spaces that stand for another."""
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)")
UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ '.,])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
OTHER = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class Notation:
    """What separates a file's cells, and which decimal marks its unmistakable numbers use."""

    delimiter: str = ","
    marks: frozenset[str] = field(default_factory=frozenset)

    def number(self, text: str, most: float = math.inf) -> float:
        """The number a cell means; on a scale up to `most` nothing is counted in thousands, and `%` may stand.

        Raises:
            ValueError: none, or more than one; the message says what to write.
        """
        body = text.strip().translate(FORMS)
        if not body:
            raise ValueError("the cell is empty")
        if body.endswith("%"):
            body = body[:-1].rstrip()
            if most != 100:
                raise ValueError(f"`{text}` is not on a scale of 0 to 100; write the number without %")
        if body.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            raise ValueError(f"`{text}` is not a finite number")
        if unclear := UNCLEAR.fullmatch(body):
            return self._unclear(body, unclear[1], most)
        match = GROUPED.fullmatch(body)
        if PLAIN.fullmatch(body) or COMMA.fullmatch(body):
            value = float(body.replace(",", "."))
        elif match and match[1] != match[2]:
            value = float(body.replace(match[1], "").replace(",", "."))
        else:
            raise ValueError(f"`{text}` is not a number")
        if not math.isfinite(value):
            raise ValueError(f"`{text}` is not a finite number")
        return value

    def _unclear(self, body: str, mark: str, most: float) -> float:
        small, large = float(body.replace(mark, ".")), float(body.replace(mark, ""))
        if most < 1000 or self.marks == {mark}:
            return small
        if self.marks == {OTHER[mark]}:
            return large
        if not self.marks and self.delimiter == ",":
            return small if mark == "." else large
        raise ValueError(f"`{body}` may be {small:g} or {large:g}; write {large:.0f}, or {small:.4f}")


def notation_of(delimiter: str, cells: Iterable[tuple[str, float]]) -> Notation:
    """How a file writes its numbers, from its cells and the most that each may be."""
    return Notation(delimiter, frozenset(filter(None, (_mark(text, most) for text, most in cells))))


def _mark(text: str, most: float) -> str:
    """The decimal mark that a cell proves, or nothing."""
    body = text.strip().translate(FORMS).rstrip("%").rstrip()
    if unclear := UNCLEAR.fullmatch(body):
        return unclear[1] if most < 1000 else ""
    if PLAIN.fullmatch(body) or COMMA.fullmatch(body):
        return "." if "." in body else "," if "," in body else ""
    if (match := GROUPED.fullmatch(body)) and match[1] != match[2]:
        return match[2] or OTHER.get(match[1], "")
    return ""
