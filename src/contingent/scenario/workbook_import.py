"""What did a planner change in a workbook, and how does it get into the scenario's own files?

Spreadsheet import. Cells that cannot be read are told by their address; cells that hold a formula are refused, as what
they show depends on the program that opened the file last. Files keep their comments, and change whole or not at all.
"""

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contingent.atomic import atomic_write
from contingent.errors import Complaint, InputError, ScenarioError
from contingent.records import explain
from contingent.scenario.check import faults
from contingent.scenario.model import Scenario
from contingent.scenario.workbook import LISTS, MODELS, SHEETS, Sheet, cell, records

LARGEST = 50_000_000  # bytes, packed or unpacked: a workbook of 600 rows takes 60,000


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the workbook and the scenario do not share; empty where one of them has no such record."""

    part: str
    id: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.field == "":
            return f"{self.part}.{self.id}: {'added' if self.after else 'removed'}"
        return f"{self.part}.{self.id}.{self.field}: {self.before or '(empty)'} -> {self.after or '(empty)'}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook read against a scenario."""

    scenario: Scenario
    """As the workbook says it should be."""
    values: dict[str, dict[str, dict[str, Any]]]
    """part -> id -> field -> what a scenario file would hold."""
    differences: tuple[Difference, ...]


def read_workbook(scenario: Scenario, file: Path) -> Reading:
    """What a workbook says, beside the scenario it was exported from.

    Raises:
        InputError: no workbook, or a sheet or column is missing.
        ScenarioError: with every cell that cannot be read, as `Pledges!H17`.
    """
    grids, complaints = _grids(file), list(_formulas(file))
    values: dict[str, dict[str, dict[str, Any]]] = {part: {} for part in MODELS}
    places: dict[tuple[str, str, str], str] = {}
    for sheet in SHEETS:
        complaints += _gather(sheet, grids[sheet.name], values[sheet.part], places)
    if complaints:
        raise ScenarioError(complaints)
    built = {part: _build(part, rows, places, complaints) for part, rows in values.items()}
    if complaints:
        raise ScenarioError(complaints)
    built = {part: _in_order(rows, records(scenario, part)) for part, rows in built.items()}
    changed = {"requirements": tuple(built["requirements"].values()), "pledges": tuple(built["pledges"].values())}
    after = scenario.model_copy(update={**changed, "caveats": built["caveats"]})
    known = set(faults(scenario))
    for path, what, fix in faults(after):
        if (path, what, fix) not in known:
            complaints.append(Complaint(_place(path, places), 0, path, what, fix))
    if complaints:
        raise ScenarioError(complaints)
    return Reading(after, values, tuple(_differences(scenario, after)))


def _in_order(rows: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Records in the scenario's order, new ones last: sorting a sheet asks no other question."""
    return {name: rows[name] for name in dict.fromkeys((*before, *rows)) if name in rows}


def _grids(file: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(item.file_size for item in packed.infolist())
        if max(size, file.stat().st_size) > LARGEST:
            raise InputError(f"{file}: too large for a workbook ({size:,} bytes unpacked, at most {LARGEST:,})")
        book = CalamineWorkbook.from_path(str(file))
        names = book.sheet_names
        missing = [sheet.name for sheet in SHEETS if sheet.name not in names]
        if missing:
            raise InputError(f"{file}: has no sheet `{missing[0]}`; start from `contingent sheet export`")
        return {sheet.name: book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False) for sheet in SHEETS}
    except (OSError, zipfile.BadZipFile, CalamineError) as error:
        raise InputError(f"{file}: is not a workbook ({error})") from None


def _formulas(file: Path) -> list[Complaint]:
    """Every cell that holds a formula, from the sheets' own XML."""
    found = []
    with zipfile.ZipFile(file) as packed:
        for name, part in _parts(packed).items():
            text = packed.read(part).decode("utf-8", "replace") if part in packed.namelist() else ""
            found += [
                Complaint(f"{name}!{at}", 0, "", "holds a formula", "write the value it should have")
                for at in re.findall(r'<c r="([A-Z]+\d+)"[^>]*>\s*<f[ >/]', text)
            ]
    return found


def _parts(packed: zipfile.ZipFile) -> dict[str, str]:
    """The file inside the workbook that holds each sheet we read, whatever order its sheets stand in."""
    book, links = (
        packed.read(name).decode("utf-8", "replace") for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    )
    targets = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        known = dict(re.findall(r'(\w+)="([^"]*)"', link))
        targets[known.get("Id", "")] = known.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
    wanted, found = {sheet.name for sheet in SHEETS}, {}
    for sheet in re.findall(r"<sheet [^>]*>", book):
        known = dict(re.findall(r'([\w:]+)="([^"]*)"', sheet))
        if known.get("name") in wanted:
            found[known["name"]] = f"xl/{targets.get(known.get('r:id', ''), '')}"
    return found


def _gather(sheet: Sheet, grid: list[list[Any]], rows: dict[str, Any], places: dict) -> list[Complaint]:
    """Put a sheet's rows into `rows` by id, and each field's address into `places`."""
    head = [str(value).strip() for value in grid[0]] if grid else []
    fields = [column.field for column in sheet.columns]
    if missing := [field for field in fields if field not in head]:
        raise InputError(f"{sheet.name}!A1: has no column `{missing[0]}`; its columns are {', '.join(fields)}")
    complaints, seen = [], set()
    for line, row in enumerate(grid[1:], 2):
        filled = {f: row[head.index(f)] for f in fields if head.index(f) < len(row)}
        if not any(str(value).strip() for value in filled.values()) or str(filled["id"]).startswith("#"):
            continue
        address = {field: f"{sheet.name}!{_letters(head.index(field))}{line}" for field in fields}
        name = str(filled["id"]).strip()
        if not name or name in seen:
            what = f"`{name}` stands twice" if name else "is empty"
            complaints.append(Complaint(address["id"], 0, "id", what, "every row has an id of its own"))
            continue
        seen.add(name)
        for field in fields:
            places[sheet.part, name, field] = address[field]
        rows.setdefault(name, {}).update({f: _plain(f, filled.get(f, "")) for f in fields if f != "id"})
    return complaints


def _letters(index: int) -> str:
    return ("" if index < 26 else _letters(index // 26 - 1)) + chr(65 + index % 26)


def _plain(field: str, value: Any) -> Any:
    """What a scenario file would hold for a cell; None where the cell is empty."""
    if isinstance(value, float) and value == int(value):
        return int(value)
    if not isinstance(value, str):
        return value
    text = value.strip()
    if field in LISTS:
        return [name.strip() for name in text.split(",") if name.strip()]
    if field == "requires" or text.startswith("{"):
        try:
            return json.loads(text) if text else {}
        except ValueError:
            return text
    if field == "reimbursed":
        return {"true": True, "false": False, "yes": True, "no": False}.get(text.lower(), text)
    return text or None


def _build(part: str, rows: dict[str, Any], places: dict, complaints: list[Complaint]) -> dict[str, Any]:
    model, built = MODELS[part], {}
    for name, fields in rows.items():
        data = {key: value for key, value in fields.items() if value not in (None, "", [], {})}
        if part != "caveats":
            data["id"] = name
        try:
            built[name] = model.model_validate(data)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                path, what, fix = explain(problem, data)
                field = str(path[0] if path else problem["loc"][0] if problem["loc"] else "id")
                at = places.get((part, name, field), places.get((part, name, "id"), part))
                complaints.append(Complaint(at, 0, f"{name}.{field}", what, fix))
    return built


def _place(path: str, places: dict) -> str:
    part, _, rest = path.partition(".")
    name, _, field = rest.partition(".")
    return places.get((part, name, field.split(".")[0]), places.get((part, name, "id"), path))


def _differences(before: Scenario, after: Scenario) -> list[Difference]:
    found, told = [], set()
    for sheet in SHEETS:
        old, new = records(before, sheet.part), records(after, sheet.part)
        for name in [*old, *(n for n in new if n not in old)]:
            if name not in old or name not in new:
                if (sheet.part, name) not in told:
                    told.add((sheet.part, name))
                    found.append(
                        Difference(sheet.part, name, "", name if name in old else "", name if name in new else "")
                    )
                continue
            for column in sheet.columns[1:]:
                was, now = (str(cell(r[name], name, column.field)) for r in (old, new))
                if was != now:
                    found.append(Difference(sheet.part, name, column.field, was, now))
    return found


def amend(folder: Path, reading: Reading) -> list[Path]:
    """Write what differs into the YAML files of a scenario's folder; the files that changed.

    Each file is replaced in one step. Files are read and written with their comments and order.

    Raises:
        InputError: the folder has no file that holds a part which changed.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    wanted = sorted({difference.part for difference in reading.differences})
    written = []
    for file in sorted(folder.glob("*.y*ml")):
        document = yaml.load(file.read_text("utf-8"))
        mine = [part for part in wanted if isinstance(document, dict) and part in document]
        for part in mine:
            _amend_part(document[part], part, reading)
        wanted = [part for part in wanted if part not in mine]
        if mine:
            with atomic_write(file) as scratch, scratch.open("w", encoding="utf-8") as out:
                yaml.dump(document, out)
            written.append(file)
    if wanted:
        raise InputError(f"{folder}: no file holds `{wanted[0]}`")
    return written


def _amend_part(node: Any, part: str, reading: Reading) -> None:
    changed = [d for d in reading.differences if d.part == part]
    values = reading.values[part]
    keyed = node if isinstance(node, dict) else {item["id"]: item for item in node}
    for difference in changed:
        fields = {k: v for k, v in values.get(difference.id, {}).items() if v not in (None, "", [], {})}
        if difference.field:
            keyed[difference.id].pop(difference.field, None)
            if difference.field in fields:
                keyed[difference.id][difference.field] = fields[difference.field]
        elif not difference.after:
            if isinstance(node, dict):
                del node[difference.id]
            else:
                node.remove(keyed[difference.id])
        elif isinstance(node, dict):
            node[difference.id] = fields
        else:
            node.append({"id": difference.id, **fields})
