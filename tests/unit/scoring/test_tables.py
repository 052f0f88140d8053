"""How a table of the user's is read, and what is said of every cell that is not what its column holds."""

import pandas as pd
import pytest

from contingent.errors import DataError
from contingent.scoring.tables import COUNT, DAY, MONTH, SHOWN, TEXT, WORD, YEAR, Kind, find, number, one_of, table


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (number(), {"-2.5": -2.5, "1e3": 1000.0}, ["x", "inf", "nan1", "1,5"]),
        (number(0, 1), {"0": 0.0, "1.0": 1.0}, ["-0.1", "1.01"]),
        (number(1, empty=None), {"7": 7.0}, ["", "NA", "0"]),
        (number(empty=3.0), {"": 3.0, "NA": 3.0}, ["-"]),
        (YEAR, {"2006": 2006, "2006.0": 2006}, ["", "206", "2006.5", "2006-01"]),
        (MONTH, {"2006-08": "2006-08", "2006-08-31": "2006-08-31"}, ["2006", "2006-13", "August 2006", ""]),
        (DAY, {"2025-10-28": pd.Timestamp(2025, 10, 28)}, ["2025-13-01", "soon"]),
        (one_of("a", "b"), {"b": "b"}, ["c", "", "A"]),
        (TEXT, {"a b": "a b", "": "", "NA": ""}, []),
    ],
)
def test_a_cell_is_of_its_kind_or_it_is_said_what_is_wanted(kind: Kind, good, bad):
    for cell, value in good.items():
        assert kind.value(cell) == value
        assert type(kind.value(cell)) is type(value)
    for cell in bad:
        with pytest.raises(ValueError, match=f"is not {kind.such}"):
            kind.value(cell)


def test_what_is_empty_has_a_value_of_its_own():
    assert pd.isna(COUNT.value("NaN"))
    assert pd.isna(WORD.value(""))
    assert DAY.value("") is pd.NaT


def test_a_table_is_read_by_its_columns(tmp_path):
    path = tmp_path / "deep" / "b_1.csv"
    path.parent.mkdir()
    path.write_text('\ufeffx,y,note\n1, 2 ,"two\nlines"\n\n3,,\n', encoding="utf-8")
    (tmp_path / "deep" / "b_2.csv").write_text("x\n", encoding="utf-8")
    found, frame = table(tmp_path, "b_*.csv", {"x": number()}, {"y": COUNT, "z": number(empty=9.0)})
    assert found == path == find(tmp_path, "b_*.csv") == find(path, "anything")
    assert frame["x"].tolist() == [1.0, 3.0]
    assert frame["y"].fillna(-1).tolist() == [2.0, -1.0]
    assert frame["z"].tolist() == [9.0, 9.0]
    assert frame["note"].tolist() == ["two\nlines", ""]
    assert find(tmp_path, "c_*.csv") is None


def test_everything_that_is_wrong_is_told_at_once_by_line(tmp_path):
    path = tmp_path / "b.csv"

    def refused(text: str, others: Kind = TEXT) -> str:
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(DataError) as caught:
            table(tmp_path, "b.csv", {"x": number(), "y": COUNT}, others=others)
        return str(caught.value)

    said = refused("x,y\n1,-3\n2,4\nten,5\n6,7,8\n").splitlines()
    assert said == [
        f"{path}:2  y: `-3` is not a number of at least 0",
        f"{path}:4  x: `ten` is not a number",
        f"{path}:5  1 cells beyond the last column",
    ]
    assert "there is no column y; there are x, z" in refused("x,z\n1,2\n")
    assert "b.csv:1: the table has no rows" in refused("x,y\n")
    assert "there is no column x, y" in refused("")
    assert "cannot be read as a table" in refused("x,y\n\xff\xfe,1\n")
    assert "z: `far` is not a number" in refused("x,y,z\n1,2,far\n", others=number())
    many = refused("x,y\n" + "a,1\n" * (SHOWN + 5)).splitlines()
    assert (len(many), many[-1]) == (SHOWN + 1, "and 5 more like these")
    with pytest.raises(DataError, match=r"no file c\.csv in this folder"):
        table(tmp_path, "c.csv", {})
    with pytest.raises(DataError, match=r"nowhere: cannot be read: there is no such file or folder, so no c\.csv$"):
        table(tmp_path / "nowhere", "c.csv", {})
    with pytest.raises(DataError, match=r"no such file or folder$"):
        table(tmp_path / "nowhere.csv", "", {})
