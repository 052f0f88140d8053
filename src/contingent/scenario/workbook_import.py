"""What did a planner change in a workbook, and what does the scenario become?

Spreadsheet import. A cell that holds what an export would write says nothing; of all others, everything that cannot be
read is told at once, by its address.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contingent.countries import code_of, plain
from contingent.errors import Complaint, InputError, ScenarioError
from contingent.grids import Grid, grids
from contingent.records import explain
from contingent.scenario.check import faults_as_written
from contingent.scenario.keys import found
from contingent.scenario.model import Scenario
from contingent.scenario.paths import changed, value_at
from contingent.scenario.read import rewriting
from contingent.scenario.workbook import SHEETS, Column, Sheet, choices, shown
from contingent.scenario.workbook_pages import Page, Row, sheet_of, value_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the workbook and the scenario do not share, or a whole record."""

    part: str
    id: str
    field: str
    before: str
    after: str
    whole: bool = False

    def __str__(self) -> str:
        path = ".".join(filter(None, (self.part, self.id, self.field)))
        if self.whole:
            return f"{path}: {'added' if self.after else 'removed'}"
        return f"{path}: {self.before or '(empty)'} -> {self.after or '(empty)'}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook read against a scenario."""

    scenario: Scenario
    """As the workbook says it should be."""
    changes: dict[str, Any]
    """Dotted path to what a scenario file would hold there; None where it would hold nothing."""
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    """What was read in a way that a planner may not expect, or was left alone."""


@dataclass
class _Said:
    """What the pages say, before any of it is applied."""

    scenario: Scenario
    whole: bool
    """Whether a record without a row is gone."""
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """Sheet -> record -> path -> value, where it is not what the scenario says."""
    pages: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """Sheet -> page -> its records."""
    places: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def complain(self, path: str, what: str, fix: str = "", at: str = "") -> None:
        """Note what is wrong at a path, or in the cell it stands in."""
        steps = path.split(".")
        above = [".".join(steps[:n]) for n in range(len(steps), 0, -1)]
        below = [each for each in self.changes if each.startswith(f"{path}.")]
        at = at or next((self.places[each] for each in (path, *below, *above) if each in self.places), path)
        self.complaints.append(Complaint(at, 0, path, what, fix))

    def stop(self) -> None:
        """Tell everything that is wrong.

        Raises:
            ScenarioError: there is something.
        """
        if self.complaints:
            raise ScenarioError(set(self.complaints))


def read_workbook(scenario: Scenario, file: Path, *, cached: bool = False) -> Reading:
    """What a workbook says, beside the scenario it was exported from.

    Args:
        scenario: what it is compared with; what the file has no sheet or column for stays as it is.
        file: .xlsx, .xlsm, .ods, or a .csv file of one sheet.
        cached: take what formulas last showed.

    Raises:
        InputError: no workbook, or none of its sheets is one that is read.
        ScenarioError: with every cell that cannot be read, as `Pledges!H17`.
    """
    return reading_of(scenario, grids(file, cached=cached), str(file))


def reading_of(scenario: Scenario, pages: Sequence[Grid], source: str, *, whole: bool = True) -> Reading:
    """What the pages of a `source` say, as `read_workbook`; if they are not `whole`, what has no row in them stays.

    Raises:
        InputError: none of the pages is a sheet that is read.
        ScenarioError: with every cell that cannot be read.
    """
    said, named = _Said(scenario, whole), {plain(page.name) for page in pages}
    for page in pages:
        if sheet := sheet_of(page, named):
            _gather(Page(page, sheet, said.complaints, said.notes), said)
    if not said.pages:
        wanted = ", ".join(sheet.name for sheet in SHEETS)
        fix = "start from `contingent sheet export`"
        raise InputError(f"{source}: has no sheet that is read (they are {wanted}); {fix}")
    for held in said.pages.values():  # in the older layout a record stands in several pages, or in none
        for path in set().union(*held.values()):
            if lacking := [name for name in held if path not in held[name]]:
                what = f"`{path.rpartition('.')[2]}` has no row in {', '.join(lacking)}"
                said.complain(path, what, "add it there, or delete it here too")
    said.stop()
    changes = said.changes = _changes(said)
    said.stop()
    try:
        after = changed(scenario, changes)
    except ScenarioError as error:
        for each in error.complaints:
            said.complain(each.path, each.what, each.fix)
        said.stop()
        raise
    for path, what, fix in set(faults_as_written(after)) - set(faults_as_written(scenario)):
        said.complain(path, what, fix)
    said.stop()
    for each in after.pledges:
        most = after.contributors[each.contributor].ceiling.high
        if f"pledges.{each.id}.strength" in said.places and each.strength.best > most:
            where = said.places[f"pledges.{each.id}.strength"]
            said.notes.append(f"{where}: more people than {each.contributor} can keep there at most ({most:,.0f})")
    return Reading(after, changes, tuple(_differences(scenario, after, changes)), tuple(dict.fromkeys(said.notes)))


def _gather(page: Page, said: _Said) -> None:
    """What one page says of the records of its sheet."""
    sheet = page.sheet
    known = dict(sheet.records(said.scenario))
    folded = {path.casefold(): path for path in known}
    taken = said.pages.setdefault(sheet.name, {}).setdefault(page.grid.name, set())
    told = said.rows.setdefault(sheet.name, {})
    offered = {column: choices(said.scenario, column) for column in sheet.columns}
    for row in page.rows():
        if len(row.names) < len(sheet.names):
            continue  # its cell is told already
        names = {name: _named(text, name, sheet, known, offered) for name, text in row.names.items()}
        path, called = sheet.record.format(**names), ", ".join(names.values()) or sheet.name
        alike = folded.get(path.casefold(), path)
        if bad := [name for name in names.values() if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)]:
            what, fix = (
                f"`{bad[0]}` is no name" if bad[0] else "is empty",
                "every row has a name; notes stand elsewhere",
            )
        elif path in taken:
            what, fix = f"`{called}` stands twice", "delete one of the rows"
        elif alike != path:
            what, fix = f"`{called}` is written otherwise", f"write {alike.rpartition('.')[2]}"
        else:
            taken.add(path)
            said.places.setdefault(path, row.place)
            told.setdefault(path, {}).update(_told(row, names, path in known, offered, said))
            continue
        said.complain("id", what, fix, row.place)


Offered = dict[Column, dict[str, str]]
"""The names that may stand in a column, each with what it is called."""


def _named(written: str, name: str, sheet: Sheet, known: dict[str, dict[str, str]], offered: Offered) -> str:
    """The name of a record as its cell means it: a state by its name, a stakeholder by what it is called."""
    if any(written == names[name] for names in known.values()):
        return written
    column = next(column for column in sheet.columns if column.field == f"{{{name}}}")
    labels = {plain(label): each for each, label in offered[column].items() if label}
    return (code_of(written) if sheet.record.startswith("contributors.") else "") or labels.get(plain(written), written)


def _told(
    row: Row, names: dict[str, str], is_known: bool, offered: Offered, said: _Said  # noqa: FBT001
) -> Iterator[tuple[str, Any]]:  # fmt: skip
    """What a row says that the scenario does not, by path."""
    for column, cells in row.cells.items():
        where = column.path.format(**names)
        said.places.setdefault(where, row.places[column])
        now = _at(said.scenario, where) if is_known or "." in column.field else None
        try:
            value = value_of(cells, column, offered[column], now)
        except ValueError as reason:
            (what, _, fix), more = str(reason).partition("; "), getattr(reason, "context", None) or {}
            said.complain(where, what, fix or more.get("fix", ""), row.places[column])
            continue
        if not is_known or shown(value) != shown(now):
            yield where, value


def _changes(said: _Said) -> dict[str, Any]:
    """What changes, by path: records that are gone, single values, and records that are new."""
    changes: dict[str, Any] = {}
    new: dict[str, dict[str, Any]] = {}
    for sheet in (each for each in SHEETS if each.name in said.pages):
        known = {path for path, _ in sheet.records(said.scenario)}
        rows = said.rows[sheet.name]
        gone = sorted(known - set(rows)) if sheet.names and said.whole else []
        changes |= {path: None for path in gone if not _inside(path, changes)}
        for path, told in rows.items():
            if path not in known:
                new[path] = {where: value for where, value in told.items() if value is not None}
            for where, value in told.items():
                if path in known or (value is not None and not _inside(where, (path,))):
                    changes[where] = _or_usual(where, value, said)
    for path in sorted(new, key=lambda path: path.count(".")):
        data = {where.removeprefix(f"{path}."): new[path][where] for where in new[path] if _inside(where, (path,))}
        outer = next((each for each in new if path.startswith(f"{each}.")), "")
        if outer:  # a stakeholder's positions
            key, name = path.removeprefix(f"{outer}.").split(".")
            changes[outer].setdefault(key, {})[name] = data
        else:
            changes[path] = data
    for path in new:
        if path in changes:
            _check(path, changes[path], said)
    return changes


def _inside(path: str, records: Collection[str]) -> bool:
    return any(path == each or path.startswith(f"{each}.") for each in records)


def _or_usual(where: str, value: Any, said: _Said) -> Any:
    """A value, or what is taken where a cell was emptied."""
    key = found(where)
    if value is not None or key is None or key.field not in key.path.split(".")[-1:]:
        return value
    info = key.record.model_fields[key.field]
    if info.is_required():
        said.complain(where, "is empty", f"write {key.words}")
        return None
    return info.get_default(call_default_factory=True, validated_data={})


def _check(path: str, data: dict[str, Any], said: _Said) -> None:
    """Complain, cell by cell, of a new record."""
    key = found(path.rpartition(".")[0])
    model = key.shape.of.record if key and key.shape.of else None
    assert model is not None  # every sheet shows records
    if "stakes" in model.model_fields:
        data.setdefault("stakes", {})
    try:
        model.model_validate({"id": path.rpartition(".")[2], **data} if "id" in model.model_fields else data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            loc, what, fix = explain(problem, data)
            said.complain(".".join([path, *map(str, loc)]), what, fix)


def _differences(before: Scenario, after: Scenario, changes: dict[str, Any]) -> Iterator[Difference]:
    """What changes, as a planner reads it."""
    records = {path for sheet in SHEETS for one in (before, after) for path, _ in sheet.records(one)}
    for path in changes:
        part, name, rest = ([*path.split(".", 2), "", ""])[:3]
        was, now = (_at(one, path) for one in (before, after))
        if path in records:
            yield Difference(part, name, rest, name * (was is not None), name * (now is not None), whole=True)
        elif shown(was) != shown(now):
            yield Difference(part, name, rest, shown(was), shown(now))


def _at(scenario: Scenario, path: str) -> Any:
    try:
        return value_at(scenario, path)
    except KeyError:
        return None


def amend(folder: Path, reading: Reading) -> list[Path]:
    """Write what changes into the YAML files of a scenario's folder, and no other line; the files that changed.

    Raises:
        InputError: a place cannot be found, or what would be written would not read back as the workbook says.
    """
    found = rewriting(folder, reading.changes)
    if found.scenario != reading.scenario:
        raise InputError(f"{folder}: cannot be changed line by line as the workbook says; nothing is written")
    return found.write()
