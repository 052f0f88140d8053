"""Workbooks as people hand them back: read as they are meant, or refused by cell; none misread."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from contingent.errors import InputError, ScenarioError
from contingent.scenario.read import read
from contingent.scenario.workbook import write
from contingent.scenario.workbook_import import read_workbook

Book = dict[str, list[list[Any]]]


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


@pytest.fixture(scope="module")
def good(gaza, tmp_path_factory: pytest.TempPathFactory) -> Book:
    file = tmp_path_factory.mktemp("good") / "good.xlsx"
    write(gaza, file)
    book = CalamineWorkbook.from_path(str(file))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def save(book: Book, file: Path) -> Path:
    """What a spreadsheet program saves: dates as dates, `=...` as a formula with what it last showed."""
    out = Workbook(str(file))
    day = out.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in book.items():
        page = out.add_worksheet(name)
        for line, row in enumerate(rows):
            for number, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(line, number, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    page.write_formula(line, number, cell, None, 1700)
                elif cell != "":
                    page.write(line, number, cell)
    out.close()
    return file


def put(where: str, value: Any):
    """An edit of one cell, named as `Sheet/record/heading`."""
    sheet, record, heading = where.split("/")

    def edit(book: Book) -> None:
        rows = book[sheet]
        column = rows[0].index(heading)
        line = next(i for i, row in enumerate(rows) if row[0] == record)
        rows[line][column] = value

    return edit


STRENGTH = "Pledges/pak_infantry/Strength, people: best"
FIRST, ISF = "north_gaza_peace_infantry_entry", "International Stabilisation Force"
WHO = "Pledges/tur_infantry/Contributor"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (put(STRENGTH, "1.200"), r"Pledges!D2.*may be 1\.2 or 1200"),
        (put(STRENGTH, "12.500"), r"Pledges!D2.*may be 12\.5 or 12500"),
        (put(STRENGTH, 1.2), r"Pledges!D2.*no number of people"),
        (put(STRENGTH, "2,5"), r"Pledges!D2.*groups no thousands"),
        (put(STRENGTH, "ca. 800"), r"Pledges!D2.*`ca\. 800` is not a number"),
        (put(STRENGTH, "800-1000"), r"Pledges!D2.*is not a number"),
        (put(STRENGTH, "TBD"), r"Pledges!D2.*`TBD` is not a number"),
        (put(STRENGTH, "2 bn"), r"Pledges!D2.*`2 bn` is in bn"),
        (put(STRENGTH, "(850)"), r"Pledges!D2.*is not a number"),
        (put(STRENGTH, -850), r"Pledges!D2.*not allowed"),
        (put(STRENGTH, "#REF!"), r"Pledges!D2.*error #REF!"),
        (put(STRENGTH, "#N/A"), r"Pledges!D2.*error #N/A"),
        (put(STRENGTH, True), r"Pledges!D2.*no number"),
        (put(STRENGTH, 5000), r"Pledges!D2.*upside down"),
        (put("Pledges/pak_infantry/Strength, people: low", ""), r"Pledges!D2.*one end of the interval is empty"),
        (put("Pledges/pak_infantry/Strength, people: high", "4250 (4000 to 5000)"), r"Pledges!D2.*stands beside"),
        (put("Pledges/pak_infantry/Notice, days: best", date(2026, 1, 15)), r"Pledges!G2.*is a date"),
        (put("Pledges/pak_infantry/Notice, days: best", "15/01/2026"), r"Pledges!G2.*is not a number"),
        (put("Pledges/pak_infantry/Tour, months: best", 0), r"Pledges!J2.*longer than 0 months"),
        (put("Pledges/pak_infantry/Rotations, tours", 2.5), r"Pledges!M2"),
        (put("Pledges/pak_infantry/Rotations, tours", ""), r"Pledges!M2.*is empty"),
        (put("Pledges/pak_infantry/Reliability, 0 to 1: best", 75), r"Pledges!N2.*75 %"),
        (put("Pledges/pak_infantry/Reliability, 0 to 1: best", "High"), r"Pledges!N2.*is not a number"),
        (put("Pledges/pak_infantry/Cost, money a person and month: best", "$2,500"), r"Pledges!Q2.*not a number"),
        (put("Pledges/pak_infantry/Reimbursed", "perhaps"), r"Pledges!T2.*neither yes nor no"),
        (put("Pledges/pak_infantry/Readiness", "Level 2"), r"Pledges!W2.*not one of"),
        (put("Pledges/pak_infantry/Unit", "dragoons"), r"Pledges!C2.*no unit type `dragoons`"),
        (put("Pledges/pak_infantry/Caveats", "No offensive ops; daylight only"), r"Pledges!Z2.*No offensive ops"),
        (put("Pledges/pak_infantry/Contributor", "GHA"), r"Pledges!B2.*no contributor `GHA`"),
        (put("Pledges/pak_infantry/Contributor", "Atlantis"), r"Pledges!B2"),
        (put("Pledges/pak_engineers/Id", "pak_infantry"), r"Pledges!A3.*stands twice"),
        (put("Pledges/pak_infantry/Id", "PAK_infantry"), r"Pledges!A2.*write pak_infantry"),
        (put("Pledges/pak_infantry/Id", ""), r"Pledges!A2.*is empty"),
        (put("Pledges/pak_infantry/Id", "note: as of 1 Nov"), r"Pledges!A2.*is no name"),
        (put(STRENGTH, "=850*2"), r"Pledges!D2.*holds a formula"),
        (put(f"Requirements/{FIRST}/Minimum, people: best", 2000), r"Requirements!F2.*2000 is above"),
        (put("Caveats/un_mandate_only/Requires", "UN mandate"), r"Caveats!H2.*cannot be read"),
        (put("Composition/mainly_muslim/Kind", "quota"), r"Composition!C2.*not one of"),
        (put("Phases/main/Lift, battalion equivalents a month", -1), r"Phases!E3"),
        (put("Phases/main/Start, week", 3), r"Phases!C3"),
        (put(f"Force/{ISF}/Duration, months: best", "two years"), r"Force!E2"),
        (put("Positions/army_leadership/Position, 0 to 100: best", 140), r"Positions!C2.*not allowed"),
        (put("Positions/army_leadership/Issue", "weather"), r"Positions!A2.*no issue `weather`"),
        (put("Contributors/PAK/Ceiling, people: best", "5.000"), r"Contributors!G2.*may be 5 or 5000"),
        (put("Unit types/infantry_battalion/Divisible", "partly"), r"Unit types!D2"),
        (put("Pledges/Id/Strength, people: best", "Strenght, people: best"), r"Pledges!D1.*did you mean `Stre"),
        (lambda book: book["Pledges"][0].__setitem__(0, "Name"), r"Pledges!A1.*no column `id`"),
        (lambda book: book["Pledges"].append(["", "", "", 24000]), r"Pledges!A32.*is empty"),
        (lambda book: book["Contributors"].pop(1), r"Pledges!B2.*no contributor `PAK`"),
    ],
)  # fmt: skip
def test_refused_by_cell(gaza, good: Book, tmp_path: Path, edit, says: str) -> None:
    book = {name: [list(row) for row in rows] for name, rows in good.items()}
    edit(book)
    with pytest.raises((ScenarioError, InputError), match=says):
        read_workbook(gaza, save(book, tmp_path / "a.xlsx"))


GHANA = ["GHA", "Ghana", "state", "", "", "Africa", 900, "", "", 0.5, 0.3, 0.7, "", "", "", "", "", "", "An example."]
ELDERS = ["elders", "Council of elders", "domestic", "", 5, "", "", "", "Ex."]
WISH = ["elders", "participation", 20, 10, 40, 30, "", "", "", "Ex."]
OFFER = ["gha_infantry", "Ghana", "Infantry battalion", 850, "", "", 90, 60, 120, 12, "", "", 3, "50 %", "", "", 2500,
         "", "", "Y", "", "", "", "", "", "", "", "", "An example."]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "differences"),
    [
        (put(STRENGTH, ""), ["pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 2687.936011143123 (1700 to 4250)"]),
        (put(STRENGTH, "1,700"), ["pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 1700 (1700 to 4250)"]),
        (put(STRENGTH, "1 800"), ["pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 1800 (1700 to 4250)"]),
        (put(STRENGTH, "1\u202f800"), ["pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 1800 (1700 to 4250)"]),
        (put(STRENGTH, "٢٠٠٠"), ["pledges.pak_infantry.strength: 2550 (1700 to 4250) -> 2000 (1700 to 4250)"]),
        (put(STRENGTH, " 2550 "), []),
        (put(WHO, "Türkiye"), []),
        (put(WHO, "turkey"), []),
        (put(WHO, "TURQUIE"), []),
        (put(WHO, "تركيا"), []),
        (put(WHO, "tur "), []),
        (put(WHO, "Pakistan"), ["pledges.tur_infantry.contributor: TUR -> PAK"]),
        (put("Pledges/pak_infantry/Unit", "Infantry Battalion"), []),
        (put("Pledges/pak_infantry/Reimbursed", "Y"), []),
        (put("Pledges/pak_infantry/Reimbursed", 1), []),
        (put("Pledges/pak_infantry/Reliability, 0 to 1: best", "75 %"), []),
        (put("Pledges/pak_infantry/Notice, days: best", "3 months"),
         ["pledges.pak_infantry.notice: 75 (50 to 120) -> 91.3125 (50 to 120)"]),
        (put("Pledges/idn_infantry/Caveats", "un_mandate_only\nno_disarmament"), []),
        (put("Pledges/idn_infantry/Caveats", "un_mandate_only; no_disarmament"), []),
        (put(f"Force/{ISF}/Label", "ISF"), [f"mandate.label: {ISF} -> ISF"]),
        (put("Phases/main/Lift, battalion equivalents a month", ""), ["lift.main: 2.75 -> (empty)"]),
        (put("Positions/army_leadership/Position, 0 to 100: best", 70),
         ["stakeholders.army_leadership.stakes.participation.position: 66 (38 to 88) -> 70 (38 to 88)"]),
        (lambda book: book["Pledges"].sort(key=lambda row: (row[0] != "Id", row[0] == "Total", row[1])), []),
        (lambda book: book["Pledges"].insert(0, ["ISF pledging conference, draft 3"]), []),
        (lambda book: book["Pledges"].insert(5, []), []),
        (lambda book: [row.insert(2, "POC" if row is book["Pledges"][0] else "x") for row in book["Pledges"]], []),
        (lambda book: book.update({"Summary": [["=COUNTA(Pledges!A2:A38)"]]}), []),
        (lambda book: book["Pledges"][0].extend(["", "", "=SUM(D2:D38)"]), []),
        (lambda book: book.update({"pledges ": book.pop("Pledges")}), []),
        (lambda book: book.update({"Offers (2)": book.pop("Pledges")}), []),
        (lambda book: book.pop("Caveats"), []),
        (lambda book: book["Pledges"].pop(-2), ["pledges.ita_ordnance: removed"]),
        (lambda book: [book["Contributors"].append(GHANA), book["Pledges"].append(OFFER)],
         ["contributors.GHA: added", "pledges.gha_infantry: added"]),
        (lambda book: [book["Stakeholders"].append(ELDERS), book["Positions"].append(WISH)],
         ["stakeholders.elders: added"]),
    ],
)  # fmt: skip
def test_read_as_it_is_meant(gaza, good: Book, tmp_path: Path, edit, differences: list[str]) -> None:
    book = {name: [list(row) for row in rows] for name, rows in good.items()}
    edit(book)
    reading = read_workbook(gaza, save(book, tmp_path / "a.xlsx"))
    assert sorted(str(each) for each in reading.differences) == sorted(differences)
