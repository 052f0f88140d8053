"""Tables as people have them: saved by other programs, in other countries, with names alike, or no tables at all."""

import json
import math
import re
import xml.etree.ElementTree as ET
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contingent.cli import run
from contingent.consultation.aggregators import weighted_mean
from contingent.consultation.spatial.ktab_csv import parse_csv, write_csv
from contingent.consultation.spatial.ktab_xml import parse_xml, write_xml
from contingent.consultation.spatial.model import CHOICES, Model, Table
from contingent.consultation.spatial.simulation import simulate
from contingent.consultation.spatial.table_file import decoded, read_table
from contingent.errors import InputError, ScenarioError
from contingent.grids import Notation, notation_of

GOOD = """Reform,a table,3,1
Actor,Description,Power,Pos,Sal
Ann,first,100,10,50
Ben,second,50,90,60
Cas,third,80,40,70
"""


def read(folder, raw, name="t.csv"):
    path = folder / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return read_table(path)[0]


def refusal(folder, raw, name="t.csv"):
    with pytest.raises(ScenarioError) as caught:
        read(folder, raw, name)
    return str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        b"\xfe\xff" + GOOD.encode("utf-16-be"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        ("sep=;\r\n" + GOOD.replace(",", ";")).encode(),
        GOOD.replace("3,1\n", "3.0,1.0\n").encode(),
        GOOD.replace(",", ";").replace("3;1\n", "3,0;1\n").encode(),
        GOOD.replace("90,60", "90%,60 %").encode(),
        GOOD.replace("Reform,a table", "Reform; scen 1,a; table; of").replace("\n", ",,\n").encode(),
    ],
)
def test_one_table_in_many_files(tmp_path, raw):
    found, plain = read(tmp_path, raw), parse_csv(GOOD, "t")
    assert (found.names, found.issues) == (plain.names, plain.issues)
    for part in ("capability", "position", "salience"):
        assert np.array_equal(getattr(found, part), getattr(plain, part))


def test_cells_apart_by_other_signs_are_told(tmp_path):
    assert read(tmp_path, GOOD).notes == ()
    assert read(tmp_path, GOOD.replace(",", ";")).notes == ("cells separated by `;`",)
    assert read(tmp_path, GOOD.replace(",", "\t")).notes == ("cells separated by tabs",)


def test_a_windows_code_page_is_read_and_told(tmp_path, capsys):
    raw = GOOD.replace("Ann", "Türkiye").replace("first", "première – “’ œuvre”").encode("cp1252")
    found = read(tmp_path, raw)
    assert found.names[0] == "Türkiye"
    assert found.descriptions[0] == "première – “’ œuvre”"
    assert "windows-1252" in found.notes[0]
    assert "CSV UTF-8" in found.notes[0]
    assert run(["consultation", str(tmp_path / "t.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == list(found.notes)
    assert run(["consultation", str(tmp_path / "t.csv")]) == 0
    assert f"note: {found.notes[0]}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (GOOD.replace("Ben", "Путин").encode("cp1251"), "t.csv:4  not UTF-8, and read as windows-1252 it says"),
        (GOOD.replace("second", "مصر").encode("cp1256"), "t.csv:4  not UTF-8, and read as windows-1252 it says"),
        (GOOD.replace("third", "première").encode("cp850"), "t.csv:5  not UTF-8, and read as windows-1252 it says"),
        (GOOD.replace("Cas", "Tür").encode("cp850"), "t.csv:5  byte 0x81 is neither UTF-8 nor"),
        (GOOD.replace("Ann", "é").encode().replace(b"Ben", b"\xfc"), "t.csv:3  this line is UTF-8 and others are not"),
        (GOOD.replace("Ann", "A\0").encode(), "t.csv:3  holds a null character"),
        (GOOD.replace("Ben", "B\x07").encode(), "t.csv:4  holds a control character (U+0007)"),
        (GOOD.encode("utf-16-le"), "holds null characters, as in UTF-16 without its mark"),
        (b"\xff\xfe" + GOOD.encode("utf-16-le")[:-1], "not text in UTF-16"),
        (b"PK\x03\x04abc", "this is an Excel or OpenDocument workbook"),
        (b"\xd0\xcf\x11\xe0abc", "an old Excel workbook"),
    ],
)
def test_bytes_that_nothing_explains_are_refused_with_their_line(tmp_path, raw, says):
    found = refusal(tmp_path, raw)
    assert says in found
    assert "CSV UTF-8" in found
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "delimiter", "marks", "most", "value"),
    [
        ("10.5", ",", "", 100, 10.5),
        ("10,5", ";", "", 100, 10.5),
        (",5", ";", "", 100, 0.5),
        ("90 %", ",", "", 100, 90),
        ("1,000", ",", "", math.inf, 1000),
        ("1,000", ";", ",", math.inf, 1),
        ("1,000", ";", ".", math.inf, 1000),
        ("1.000", ",", "", math.inf, 1),
        ("1.000", ";", ",", math.inf, 1000),
        ("1.000", ";", ".", math.inf, 1),
        ("10,500", ";", "", 100, 10.5),
        ("33.333", ";", "", 100, 33.333),
        ("1 000", ",", "", math.inf, 1000),
        ("1\u00a0000,5", ";", "", math.inf, 1000.5),
        ("1'000.5", ";", "", math.inf, 1000.5),
        ("1,000,000", ";", "", math.inf, 1e6),
        ("1.000,25", ";", "", math.inf, 1000.25),
        ("1,000.25", ";", "", math.inf, 1000.25),
        ("0.125", ";", "", math.inf, 0.125),
        ("1234,567", ";", "", math.inf, 1234.567),
        ("1e9", ",", "", math.inf, 1e9),
        ("٣٤٫٥", ",", "", 100, 34.5),
        ("+7", ",", "", 100, 7),
        ("−7", ",", "", 100, -7),
    ],
)
def test_a_number_as_it_is_written_elsewhere(text, delimiter, marks, most, value):
    assert Notation(delimiter, frozenset(marks)).number(text, most) == value


@pytest.mark.parametrize(
    ("text", "delimiter", "marks", "says"),
    [
        ("1.000", ";", "", "`1.000` may be 1 or 1000; write 1000, or 1.0000"),
        ("1,000", "\t", "", "may be 1 or 1000"),
        ("102.543", ";", ".,", "may be 102.543 or 102543; write 102543, or 102.5430"),
        ("90%", ",", "", "not on a scale of 0 to 100"),
        ("1,00,000", ",", "", "is not a number"),
        ("1.000.5", ",", "", "is not a number"),
        ("1_000", ",", "", "is not a number"),
        ("1e999", ",", "", "is not a finite number"),
        ("-Infinity", ",", "", "is not a finite number"),
        (" ", ",", "", "the cell is empty"),
    ],
)
def test_a_number_that_may_be_two_is_refused(text, delimiter, marks, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        Notation(delimiter, frozenset(marks)).number(text)


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        ([("10,5", 100), ("1.000", math.inf)], ","),
        ([("10,500", 100)], ","),
        ([("33.333", 100)], "."),
        ([("1.000", math.inf), ("1,000", math.inf), ("7", 100), ("x", 100)], ""),
        ([("1.000.000", math.inf)], ","),
        ([("1,000.5", math.inf)], "."),
        ([("1 000,5", math.inf), ("0.5", math.inf)], ",."),
        ([("1 000", math.inf)], ""),
    ],
)
def test_clear_numbers_show_the_decimal_mark(cells, marks):
    assert notation_of(";", cells) == Notation(";", frozenset(marks))


def test_a_files_clear_numbers_settle_the_others(tmp_path):
    comma = GOOD.replace(",", ";")
    assert read(tmp_path, comma.replace("100;10;50", "1.000;10,5;50")).capability[0] == 1000
    assert read(tmp_path, comma.replace("100;10;50", "1.000;10.5;50")).capability[0] == 1
    assert "t.csv:3  Ann, capability: `1.000` may be 1 or 1000" in refusal(tmp_path, comma.replace("100;", "1.000;"))
    assert read(tmp_path, GOOD.replace("100,10", '"1,000",10')).capability[0] == 1000


def test_those_of_one_name_are_told_apart_and_it_is_said(tmp_path, capsys):
    text = GOOD.replace("Ben", "Ann").replace("3,1\n", "4,1\n") + "Ann (2),x,1,2,3\n"
    found = read(tmp_path, text)
    assert found.names == ("Ann", "Ann (3)", "Cas", "Ann (2)")
    assert found.notes == ("stakeholders of the same name are told apart as Ann (3)",)
    assert parse_csv(write_csv(found), "t").names == found.names
    long = "x" * 25
    apart = parse_csv(GOOD.replace("Ann", long).replace("Ben", long), "t").names
    assert apart[1] == "x" * 21 + " (2)"
    issues = GOOD.replace("3,1\n", "3,2\n").replace("Sal\n", "Sal,Pos,Sal\n").replace("0\n", "0,1,2\n")
    assert parse_csv(issues, "t").issues == ("Pos", "Pos (2)")
    many = "T,d,300,1\nA,D,P,p,s\n" + "A,d,x,2,3\n" * 300
    with pytest.raises(ScenarioError, match="there are 300; the model takes 3 to 250") as caught:
        parse_csv(many, "t")
    assert len(caught.value.complaints) == 1
    assert run(["consultation", str(tmp_path / "t.csv"), "--compat", "ktab"]) == 0
    assert "Ann (3)" in capsys.readouterr().out


def test_who_has_no_weight_is_named_and_changes_nothing_else(tmp_path):
    found = read(tmp_path, GOOD.replace("50,90,60", "50,90,0").replace("80,40,70", "0,40,70"))
    assert found.capability.tolist() == [100, 50, 0]
    assert found.notes == ("no weight, for want of capability or of salience on any issue, only a position: Ben, Cas",)
    nobody = read(tmp_path, GOOD.replace(",50\n", ",0\n").replace(",60\n", ",0\n").replace(",70\n", ",0\n"))
    assert nobody.notes[1] == "nobody with weight cares about Pos: what is said of it is no forecast"
    ends = weighted_mean(simulate(nobody).position[-1], nobody.capability[:, None] * nobody.salience)
    assert ends[0] == pytest.approx(140 / 3)  # unweighted, not 0
    for compat in ("ktab", "corrected"):
        for bargain in CHOICES["BargnModel"]:
            assert np.isfinite(simulate(found, Model(BargnModel=bargain, compat=compat)).position).all()


@pytest.mark.parametrize("head", ["", "PRNG Seed: 0123;VictoryProbModel:Linear;VotingRule:Prop\n"])
def test_ktabs_own_logs_are_told_from_tables(tmp_path, head):
    found = refusal(tmp_path, head + "XJ, 30.0, 55.0, 55.0\nLK, 45.0, 51.5, 64.2\n", "x_posLog.csv")
    assert found.startswith("x_posLog.csv  this looks like KTAB's own log")
    assert "backtest ktab" in found
    assert len(found.splitlines()) == 1


ROOT = ET.fromstring(write_xml(parse_csv(GOOD, "t"), Model(), 7))
REFORM = "<Scenario><Actors><Actor><name>A</name><ItemValues/></Actor></Actors><Items><Item/></Items></Scenario>"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<Workbook/>", "an Excel workbook as XML"),
        ("<html><body/></html>", "a web page"),
        ("<PMatrix/>", "the outermost element is PMatrix"),
        ("<Scenario/>", "it has no Actors with an Actor inside"),
        ("<Scenario><Actors/></Scenario>", "it has no Actors with an Actor inside"),
        (
            "<Scenario><Actors><Actor/></Actors></Scenario>",
            "its Actors have no Position with dCoord and no Salience with dSal",
        ),
        (REFORM, "a scenario of KTAB's reform priorities"),
    ],
)
def test_what_is_no_scenario_of_the_spatial_model_is_named_in_a_line(tmp_path, text, says):
    found = refusal(tmp_path, text, "t.xml")
    assert f"t.xml:1  no scenario of KTAB's spatial model: {says}" in found
    assert found.endswith("a Scenario with Dimensions is needed, and Actors with capability, Position and Salience")
    assert len(found.splitlines()) == 1


def test_a_declared_encoding_is_kept(tmp_path):
    text = write_xml(parse_csv(GOOD.replace("Ann", "Zoë"), "t"), Model()).replace("UTF-8", "ISO-8859-1")
    assert read(tmp_path, text.encode("latin-1"), "t.xml").names[0] == "Zoë"
    utf16 = text.replace("ISO-8859-1", "UTF-16").encode("utf-16")
    assert read(tmp_path, utf16, "t.xml").names[0] == "Zoë"


TEXTS = ["", "²", "nan", "-1", "1e999", "9" * 5000, "0", "1,5", "Ann", "x" * 30, "٠", "1_0"]


@given(st.integers(1, len(list(ROOT.iter())) - 1), st.sampled_from(["cut", "empty", "twice", "name", *TEXTS]))
@settings(max_examples=300, deadline=None)
def test_a_scenario_with_any_part_missing_or_changed_is_read_or_refused(at, what):
    root = deepcopy(ROOT)
    item = list(root.iter())[at]
    parent = next(element for element in root.iter() if item in list(element))
    if what == "cut":
        parent.remove(item)
    elif what == "empty":
        item[:] = []
    elif what == "twice":
        parent.append(deepcopy(item))
    elif what == "name":
        item.tag = "other"
    else:
        item.text = what
    try:
        table, model, _ = parse_xml(ET.tostring(root, encoding="unicode"), "t.xml")
    except InputError as reason:
        assert str(reason).startswith("t.xml")  # noqa: PT017 - either outcome is right
        return
    assert len(table.names) >= 3
    assert np.isfinite(table.position).all()
    assert model.compat == "corrected"


@given(st.binary(max_size=80), st.integers(0, len(GOOD)))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(raw, at):
    whole = GOOD.encode()
    try:
        text, _ = decoded(whole[:at] + raw + whole[at:], "t.csv")
        table = parse_csv(text, "t.csv")
    except InputError as reason:
        assert str(reason).startswith("t.csv")  # noqa: PT017 - either outcome is right
        return
    assert parse_csv(write_csv(table), "t").names == table.names


WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=25),
    st.text(st.sampled_from("'=+-@\t\n\r;,\"\\aé“<&"), min_size=1, max_size=25),
    st.sampled_from(
        ["=1+1", "'=1", "''@x", "'a", '"', "a\nb", "a\rb", "a\r\nb", "sep=;", "1,000", ";3;1;", "\t3\t1\t"]
    ),
).filter(lambda word: word == word.strip() and not any(c in word for c in "\ufffe\uffff"))


@st.composite
def tables(draw):
    count, issues = draw(st.integers(3, 6)), draw(st.integers(1, 3))
    names = tuple(draw(st.lists(WORDS, min_size=count, max_size=count, unique=True)))
    texts = draw(st.lists(WORDS, min_size=count + 2, max_size=count + 2))
    heads = tuple(draw(st.lists(WORDS, min_size=issues, max_size=issues, unique=True)))
    amounts = st.floats(0, 100 / issues)
    grid = st.lists(st.lists(amounts, min_size=issues, max_size=issues), min_size=count, max_size=count)
    power = draw(st.lists(st.floats(0, 1e12), min_size=count, max_size=count))
    return Table(
        texts[0], texts[1], names, tuple(texts[2:]), heads, np.array(power), np.array(draw(grid)), np.array(draw(grid))
    )


@given(tables())
@settings(max_examples=150, deadline=None)
def test_what_is_saved_reads_back_as_the_same_table(table):
    from_csv = parse_csv(decoded(write_csv(table).encode(), "t.csv")[0], "t.csv")
    from_xml, _, _ = parse_xml(decoded(write_xml(table, Model()).encode(), "t.xml")[0], "t.xml")
    for found in (from_csv, from_xml):
        for part in ("title", "description", "names", "descriptions", "issues"):
            assert getattr(found, part) == getattr(table, part)
        for part in ("capability", "position", "salience"):
            assert np.array_equal(getattr(found, part), getattr(table, part))


def test_no_cell_saved_is_a_formula(tmp_path, capsys):
    text = GOOD.replace("Ann", "=1+1").replace("first", "@SUM(A1)").replace("Reform", "-1").replace("Pos", "+x")
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert run(["consultation", str(tmp_path / "t.csv"), "--save", str(tmp_path / "kept.csv")]) == 0
    kept = (tmp_path / "kept.csv").read_text(encoding="utf-8")
    assert "'=1+1,'@SUM(A1)" in kept
    assert not any(cell[:1] in "=+-@" for line in kept.splitlines() for cell in line.split(",") if cell)
    assert read_table(tmp_path / "kept.csv")[0].names[0] == "=1+1"
    assert run(["consultation", str(tmp_path / "kept.csv"), "--save", str(tmp_path / "none/kept.csv")]) == 2
    assert "none" in capsys.readouterr().err
