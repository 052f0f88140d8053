"""Publishers' files are read as they are offered, or refused with the reason; rows here are made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from xlsxwriter import Workbook

from contingent.cli import run
from contingent.errors import DataError, InputError
from contingent.scoring.tables import published


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


IPI = "Date,Contributor,Contributor_ISO-3,Mission,Mission_Country,Experts_on_Mission,Troops,Total\n"
UN = (
    "\ufeffISOCode3,M49_Code,Contributing_Country,Personnel_Contribution_Rank,Total_Uniformed_Personnel,"
    "Last_Reporting_Date\r\n"
)
HISTORY = (
    "contribution_id,contributing_country,isocode3,m49_code,mission_acronym,personnel_type,female_personnel,"
    "male_personnel,last_reporting_date\n"
)
GEO = "mission,year,location,latitude,longitude,No.TCC,year.overview\n"


@pytest.mark.parametrize(
    ("text", "dataset", "told"),
    [
        (IPI + "2014-03-31,Cote d Ivoire,CIV,XMIS,Somewhere,1,NA,1\n2014-03-31,DR Congo,COD,XMIS,Somewhere,NA,20,20\n",
         "ipi_contributors", {"rows": 2, "states": 2, "until": "2014-03-31"}),
        ('"Date","Troops","Police","Experts"\n1998-04-30,233,NA,NA\n', "ipi_country", {"rows": 1, "states": 1}),
        (UN + "CIV,384,Côte dIvoire,1,250.0,31-Jan-21\r\nTUR,792,Türkiye,2,\"1,020\",31-Jan-21\r\nTotal,,,,1270,\r\n",
         "un_contributors", {"rows": 2, "states": 2, "sums_left_out": 1, "from": "2021-01-31"}),
        (HISTORY + "1,Turkey,TUR,792,XMIS,Troops,1,2,2020-05-31\n2,Atlantis,,,XMIS,Troops,1,2,2020-06-30\n",
         "un_contributors_by_month", {"states": 1, "no_states": ["Atlantis"], "until": "2020-06-30"}),
        (GEO.replace(",", ";") + 'XMIS;2017;Town;1,5;2,5;1;"Nepal (150), Drc (20)"\n',
         "geopko_contributors", {"rows": 1}),
        ("Who,Where\n#org,#adm1\nX,Coast\n", "hxl", {"rows": 1, "headings_in_row": 1}),
        ("Junk,Junk\nOrg,Province\n#org,#adm1\nX,Coast\nY,Hills\n", "hxl", {"rows": 2, "headings_in_row": 2}),
    ],
)  # fmt: skip
def test_what_a_file_is(tmp_path: Path, text: str, dataset: str, told) -> None:
    found, rows = published(table(tmp_path / "Cote d Ivoire.csv", text))
    assert found["dataset"] == dataset
    assert {key: found[key] for key in told} == told
    assert len(rows) == found["rows"]


def test_numbers_days_and_states_have_one_form(tmp_path: Path) -> None:
    _, rows = published(table(tmp_path / "a.csv", UN + 'CIV,384,Côte dIvoire,1,"1,020",31-Jan-21\r\n'))
    assert rows.iloc[0][["iso3", "Total_Uniformed_Personnel", "Last_Reporting_Date"]].tolist() == [
        "CIV",
        1020,
        "2021-01-31",
    ]


def test_a_workbook_with_a_front_page_and_title_rows(tmp_path: Path) -> None:
    book = Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("Front page").write(0, 0, "terms")
    page = book.add_worksheet("Current US$")
    rows = [["Military expenditure"], ["Figures in blue are estimates"], [], ["Country", "Notes", 2000, 2010], [],
            ["Africa"], ["Kenya", "", 1.5, ". ."], ["Côte d'Ivoire", "§4", "xxx", 2]]  # fmt: skip
    for line, row in enumerate(rows):
        page.write_row(line, 0, row)
    book.close()
    found, frame = published(tmp_path / "a.xlsx")
    assert (found["dataset"], found["sheet"], found["headings_in_row"]) == ("sipri_spending", "Current US$", 4)
    assert found["no_states"] == ["Africa"]
    assert frame[frame["iso3"] == "KEN"]["2000"].item() == 1.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (IPI + "31/03/14,Kenya,KEN,XMIS,Somewhere,1,1,1\n", r"a!A2  Date: `31/03/14` is not a day"),
        (IPI + "2014-03-31,Kenya,KEN,XMIS,Somewhere,1,many,1\n", r"a!G2  Troops: `many` is not a number"),
        ("name,colour\nx,red\n", "has the headings of no file that is known"),
        ("", "is empty"),
        ('{"a": 1}', "is no table, but XML or JSON"),
    ],
)
def test_refused_with_the_reason(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises((DataError, InputError), match=says):
        published(table(tmp_path / "a.csv", text))


def test_the_verb_says_what_it_is_and_saves_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path / "a.csv", IPI + "2014-03-31,Kenya,KEN,XMIS,Somewhere,1,5,6\n")
    assert run(["data", str(file), "--save", str(tmp_path / "b.csv")]) == 0
    assert "uniformed people by contributor, mission and month" in capsys.readouterr().out
    assert "KEN" in (tmp_path / "b.csv").read_text("utf-8")
    assert run(["data", str(tmp_path / "none.csv")]) == 2
