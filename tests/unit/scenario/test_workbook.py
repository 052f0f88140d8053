"""A workbook gives back what was put in, names bad cells, and changes files whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from contingent.errors import InputError, ScenarioError
from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.scenario.pledge import Caveat, Composition, Contributor, Pledge, Route, Support
from contingent.scenario.process import Stakeholder
from contingent.scenario.read import read, shipped
from contingent.scenario.theatre import Phase, Requirement, UnitType
from contingent.scenario.workbook import SHEETS, write
from contingent.scenario.workbook_import import amend, read_workbook
from contingent.study.question import hash_of


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


@pytest.fixture
def many(gaza):
    """600 pledges, among them awkward texts."""
    first = gaza.pledges[0]
    texts = ["=1+1", "+cmd", "-5 is a note", "@SUM(A1)", "plain", "Ünïcode — “quoted”", "a\nb"]
    pledges = tuple(
        first.model_copy(
            update={
                "id": f"p_{i}",
                "assumption": texts[i % len(texts)],
                "claims": (),
                "sectors": ("rafah", "gaza") if i % 3 else (),
                "strength": Estimate(100 + i, 50 + i, 200 + i, unit=first.strength.unit),
            }
        )
        for i in range(600)
    )
    return gaza.model_copy(update={"pledges": pledges, "options": {}})


@pytest.mark.parametrize("hxl", [False, True])
def test_600_rows_come_back_without_loss(many, tmp_path: Path, hxl: bool) -> None:
    write(many, tmp_path / "a.xlsx", hxl=hxl)
    reading = read_workbook(many, tmp_path / "a.xlsx")
    assert reading.differences == ()
    assert reading.scenario.pledges == many.pledges
    assert reading.scenario.requirements == many.requirements
    assert reading.scenario.caveats == many.caveats
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if n.startswith("xl/worksheets/")]
    formulas = [each for sheet in sheets for each in re.findall(r"<f>([^<]*)</f>", sheet)]
    assert formulas
    assert all(each.startswith("SUBTOTAL(109,") for each in formulas)  # totals, and no text that looks like one


@pytest.mark.parametrize(
    "model", [Requirement, Pledge, Contributor, Caveat, Composition, UnitType, Support, Route, Phase, Stakeholder]
)
def test_every_field_has_a_column(model) -> None:
    """A field without one could not be seen or changed."""
    columns = {c.field for sheet in SHEETS for c in sheet.columns if c.key and c.key.record is model}
    assert set(model.model_fields) - {"id", "stakes"} <= columns


def test_numbers_are_numbers_with_totals_and_a_pledge_is_one_row(gaza, tmp_path: Path) -> None:
    write(gaza, tmp_path / "a.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert {"Pledges", "Requirements", "Contributors", "Positions", "Force", "Phases"} <= set(book.sheet_names)
    head, *rows, total = book.get_sheet_by_name("Pledges").to_python()
    assert [row[0] for row in rows] == [pledge.id for pledge in gaza.pledges]
    at = head.index("Strength, people: best")
    assert total[at] == sum(pledge.strength.best for pledge in gaza.pledges) == sum(row[at] for row in rows)
    ends = [tuple(row[at] if end == "" else end for end in row[at + 1 : at + 3]) for row in rows]
    assert ends == [(pledge.strength.low, pledge.strength.high) for pledge in gaza.pledges]


OLDER = {
    "Requirements": (
        "requirements",
        ("id", "unit", "sector", "task", "phase", "minimum", "wanted", "weight", "claims"),
    ),
    "Pledges": ("pledges", ("id", "contributor", "unit", "strength", "caveats", "sectors", "reliability", "claims")),
    "Rotation": ("pledges", ("id", "notice", "tour", "rotations", "readiness")),
    "Cost": ("pledges", ("id", "cost", "reimbursed", "self_sustains")),
    "Caveats": ("caveats", ("id", "label", "card", "excludes_tasks", "excludes_sectors", "excludes_units", "requires")),
}


def edited(file: Path, changes: dict[tuple[str, str, str], object], scenario) -> None:
    """A workbook in the older layout, three sheets to a pledge and intervals in a cell, some cells changed."""
    book = Workbook(str(file))
    for name, (part, fields) in OLDER.items():
        page = book.add_worksheet(name)
        held = getattr(scenario, part)
        for number, column in enumerate(fields):
            page.write_string(0, number, column)
            for line, each in enumerate(held, 1):
                record, key = (held[each], each) if isinstance(held, dict) else (each, each.id)
                value = key if column == "id" else getattr(record, column)
                if isinstance(value, Estimate):
                    value = write_estimate(replace(value, claims=(), assumption=""))
                elif isinstance(value, tuple):
                    value = ", ".join(value)
                elif isinstance(value, bool):
                    value = str(value).lower()
                elif isinstance(value, dict):
                    value = json.dumps(value) if value else ""
                page.write(line, number, changes.get((name, key, column), value))
    book.close()


def test_a_change_is_shown_then_written_with_comments_kept(gaza, tmp_path: Path) -> None:
    shutil.copytree(shipped()["isf_gaza"], tmp_path / "case")
    file = tmp_path / "a.xlsx"
    edited(
        file,
        {("Pledges", "pak_infantry", "strength"): "3000 (2000 to 4000)", ("Cost", "pak_infantry", "cost"): 2600},
        gaza,
    )
    reading = read_workbook(gaza, file)
    assert [str(d) for d in reading.differences] == [
        "pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 3000 (2000 to 4000)",
        "pledges.pak_infantry.cost: 2500 (1900 to 3500) -> 2600",
    ]
    amend(tmp_path / "case", reading)
    again = read(tmp_path / "case")
    mine = next(p for p in again.pledges if p.id == "pak_infantry")
    assert (mine.strength.best, mine.cost.best) == (3000, 2600)
    before, after = (
        (folder / "force.yaml").read_text("utf-8").splitlines() for folder in (shipped()["isf_gaza"], tmp_path / "case")
    )
    assert [a for a, b in zip(after, before, strict=True) if a != b] == [
        line.replace("2550 (1700 to 4250)", "3000 (2000 to 4000)").replace("2500 (1900 to 3500)", "2600")
        for line in before
        if "id: pak_infantry," in line
    ]
    assert read_workbook(again, file).differences == ()
    assert not list((tmp_path / "case").glob(".*"))


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        (("Pledges", "pak_infantry", "strength"), "1.200", r"Pledges!D2.*may be 1\.2 or 1200"),
        (("Pledges", "pak_infantry", "strength"), "#REF!", r"Pledges!D2.*error #REF!"),
        (("Pledges", "pak_infantry", "strength"), -5, r"Pledges!D2.*not allowed"),
        (("Pledges", "pak_infantry", "unit"), "dragoons", r"Pledges!C2.*no unit type `dragoons`"),
        (("Rotation", "pak_infantry", "tour"), 0, r"Rotation!C2.*longer than 0 months"),
        (("Rotation", "pak_infantry", "rotations"), 0, r"Rotation!D2"),
        (("Cost", "pak_infantry", "cost"), -1, r"Cost!B2.*not allowed"),
        (("Cost", "pak_infantry", "reimbursed"), "perhaps", r"Cost!C2"),
        (("Caveats", "no_disarmament", "excludes_tasks"), "dancing", r"Caveats!D3.*no task `dancing`"),
        (("Pledges", "pak_engineers", "id"), "pak_infantry", r"Pledges!A3.*stands twice"),
        (("Pledges", "pak_infantry", "strength"), "=1+1", r"Pledges!D2.*holds a formula"),
    ],
)
def test_a_bad_cell_is_named(gaza, tmp_path: Path, where, value, says: str) -> None:
    edited(tmp_path / "a.xlsx", {where: value}, gaza)
    with pytest.raises(ScenarioError, match=says):
        read_workbook(gaza, tmp_path / "a.xlsx")


def test_a_formula_is_named_by_its_sheet_when_sheets_stand_in_another_order(gaza, tmp_path: Path) -> None:
    book = Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("Notes").write_formula("A1", "=1+1")  # not ours: left alone
    for name, (_, fields) in reversed(OLDER.items()):
        page = book.add_worksheet(name)
        page.write_row(0, 0, fields)
        if name == "Pledges":
            page.write_string("A17", "x")
            page.write_formula("H17", "=1+1")
    book.close()
    with pytest.raises(ScenarioError, match=r"Pledges!H17.*holds a formula") as found:
        read_workbook(gaza, tmp_path / "a.xlsx")
    assert "Notes" not in str(found.value)


def test_what_a_formula_last_showed_is_taken_if_asked_for(gaza, tmp_path: Path) -> None:
    write(gaza, tmp_path / "good.xlsx")
    grid = CalamineWorkbook.from_path(str(tmp_path / "good.xlsx")).get_sheet_by_name("Pledges").to_python()
    book = Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet("Pledges")
    for line, row in enumerate(grid[:-1]):
        page.write_row(line, 0, row)
    page.write_formula(1, grid[0].index("Strength, people: best"), "=850*3-50", None, 2500)
    book.close()
    with pytest.raises(ScenarioError, match=r"Pledges!D2.*holds a formula"):
        read_workbook(gaza, tmp_path / "a.xlsx")
    reading = read_workbook(gaza, tmp_path / "a.xlsx", cached=True)
    assert [str(each) for each in reading.differences] == [
        "pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 2500 (1700 to 4250)"
    ]


def test_a_row_in_one_of_the_older_sheets_alone_is_named(gaza, tmp_path: Path) -> None:
    edited(tmp_path / "a.xlsx", {("Pledges", "pak_infantry", "id"): "pak_guards"}, gaza)
    with pytest.raises(ScenarioError) as found:
        read_workbook(gaza, tmp_path / "a.xlsx")
    assert "`pak_guards` has no row in Rotation, Cost" in str(found.value)
    assert "Rotation!A2  pledges.pak_infantry: `pak_infantry` has no row in Pledges" in str(found.value)


def test_no_workbook_and_no_sheet(gaza, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no")
    with pytest.raises(InputError, match="is not a workbook, but text"):
        read_workbook(gaza, tmp_path / "a.xlsx")
    book = Workbook(str(tmp_path / "b.xlsx"))
    book.add_worksheet("Other")
    book.close()
    with pytest.raises(InputError, match="has no sheet that is read"):
        read_workbook(gaza, tmp_path / "b.xlsx")


def test_a_failed_export_leaves_nothing_behind(gaza, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("contingent.scenario.workbook.workbook", broken)
    with pytest.raises(OSError, match="disk full"):
        write(gaza, tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_sorted_another_way_asks_the_same_question(gaza, tmp_path: Path) -> None:
    turned = gaza.model_copy(update={"pledges": gaza.pledges[::-1], "requirements": gaza.requirements[::-1]})
    write(turned, tmp_path / "a.xlsx")
    reading = read_workbook(gaza, tmp_path / "a.xlsx")
    assert reading.differences == ()
    assert hash_of(reading.scenario) == hash_of(gaza)
    added = next(pledge for pledge in gaza.pledges if pledge.contributor not in ("PAK", "NPL"))
    fewer = gaza.model_copy(update={"pledges": tuple(pledge for pledge in gaza.pledges if pledge != added)})
    assert read_workbook(fewer, tmp_path / "a.xlsx").scenario.pledges == (*fewer.pledges, added)


def test_text_of_other_programs_and_what_is_no_table(gaza, tmp_path: Path) -> None:
    write(gaza, tmp_path / "good.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "good.xlsx")).get_sheet_by_name("Pledges").to_python()[:-1]
    lines = [";".join(str(cell).replace(";", ",") if cell != "" else "" for cell in row[:23]) for row in rows]
    (tmp_path / "offers.csv").write_bytes("\r\n".join(lines).encode("utf-16"))
    assert read_workbook(gaza, tmp_path / "offers.csv").differences == ()
    tags = ["#meta+id;#country+code;#capacity+num+best", *(f"{row[0]};{row[1]};{row[3]:.0f}" for row in rows[1:])]
    (tmp_path / "tagged.csv").write_text("who;whence;how many\n" + "\n".join(tags).replace("TUR", "Turquie"), "utf-8")
    assert {each.field for each in read_workbook(gaza, tmp_path / "tagged.csv").differences} <= {"strength"}
    for content, says in {
        b"": "is empty", b"<html><table>": "is a web page", b"\xd0\xcf\x11\xe0": "before 2007", b"%PDF": "is a PDF",
        b"PK\x03\x04": "damaged workbook",
    }.items():  # fmt: skip
        (tmp_path / "a.xlsx").write_bytes(content)
        with pytest.raises(InputError, match=says):
            read_workbook(gaza, tmp_path / "a.xlsx")


def test_merged_hidden_huge_and_far_too_long(gaza, tmp_path: Path) -> None:
    write(gaza, tmp_path / "good.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "good.xlsx")).get_sheet_by_name("Pledges").to_python()[:-1]

    def made(more: int = 0):
        book = Workbook(str(tmp_path / "a.xlsx"))
        page = book.add_worksheet("Pledges")
        for line, row in enumerate([*rows, *[["x", *rows[1][1:]]] * more]):
            page.write_row(line, 0, row)
        return book, page

    book, page = made()
    page.merge_range("B2:B4", "PAK")
    book.close()
    with pytest.raises(ScenarioError, match=r"Pledges!B2  is merged as B2:B4; unmerge it"):
        read_workbook(gaza, tmp_path / "a.xlsx")
    book, page = made()
    page.set_row(2, None, None, {"hidden": True})
    page.write(3, 0, rows[3][0], book.add_format({"font_strikeout": True}))
    page.write(1, 3, 1e12)
    page.write(1, 5, 1e13)
    book.close()
    notes = read_workbook(gaza, tmp_path / "a.xlsx").notes
    assert "Pledges: row 3 is hidden, and is read like any other" in notes
    assert "Pledges: row 4 is struck through, and is read like any other" in notes
    assert any("Pledges!D2: more people than PAK can keep there" in note for note in notes)
    made(6000)[0].close()
    with pytest.raises(InputError, match="more than 5,000 rows"):
        read_workbook(gaza, tmp_path / "a.xlsx")
