"""A workbook gives back what was put in, names bad cells, and changes files whole or not at all."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from contingent.errors import InputError, ScenarioError
from contingent.quantities import Estimate
from contingent.scenario.read import read, shipped
from contingent.scenario.workbook import MODELS, SHEETS, write
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
        sheets = [packed.read(n) for n in packed.namelist() if n.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_every_field_has_a_column() -> None:
    """A field without one would be lost by an export and import."""
    for part, model in MODELS.items():
        columns = {column.field for sheet in SHEETS if sheet.part == part for column in sheet.columns}
        assert set(model.model_fields) <= columns, part


def edited(file: Path, changes: dict[tuple[str, str, str], object], scenario) -> None:
    """A workbook as a planner would save it: the exported cells, some of them changed, written anew."""
    from contingent.scenario.workbook import cell, records

    book = Workbook(str(file))
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.name)
        for number, column in enumerate(sheet.columns):
            page.write_string(0, number, column.field)
            for line, (name, record) in enumerate(records(scenario, sheet.part).items(), 1):
                page.write(
                    line, number, changes.get((sheet.name, name, column.field), cell(record, name, column.field))
                )
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
    assert "# What the force needs" in (tmp_path / "case" / "force.yaml").read_text("utf-8")
    assert read_workbook(again, file).differences == ()
    assert not list((tmp_path / "case").glob(".*"))


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
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
    for sheet in reversed(SHEETS):
        page = book.add_worksheet(sheet.name)
        for number, column in enumerate(sheet.columns):
            page.write_string(0, number, column.field)
        if sheet.name == "Pledges":
            page.write_string("A17", "x")
            page.write_formula("H17", "=1+1")
    book.close()
    with pytest.raises(ScenarioError, match=r"Pledges!H17.*holds a formula") as found:
        read_workbook(gaza, tmp_path / "a.xlsx")
    assert "Notes" not in str(found.value)


def test_no_workbook_and_no_sheet(gaza, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no")
    with pytest.raises(InputError, match="is not a workbook"):
        read_workbook(gaza, tmp_path / "a.xlsx")
    book = Workbook(str(tmp_path / "b.xlsx"))
    book.add_worksheet("Other")
    book.close()
    with pytest.raises(InputError, match="has no sheet `Requirements`"):
        read_workbook(gaza, tmp_path / "b.xlsx")


def test_a_failed_export_leaves_nothing_behind(gaza, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("contingent.scenario.workbook._fill", broken)
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
