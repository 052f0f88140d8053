import json

import numpy as np
import pytest

from contingent.cli import run
from contingent.consultation.spatial.ktab_csv import parse_csv, write_csv
from contingent.consultation.spatial.ktab_xml import parse_xml, write_xml
from contingent.consultation.spatial.model import Model
from contingent.errors import ScenarioError

GOOD = """Reform,"A table",3,2,
Actor,Description,Influence,Scope Position,Scope Salience,Pace Position,Pace Salience,
Ann,"first, of three",100,20,30,80,40,
Ben,second,50,60,50,10,20,
Cas,third,75,90,10,50,90,
"""


def complaints(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_csv(text, "t.csv")
    return str(caught.value)


def test_a_table_reads_back_as_it_was_written():
    table = parse_csv(GOOD, "t.csv")
    assert table.names == ("Ann", "Ben", "Cas")
    assert table.issues == ("Scope Position", "Pace Position")
    again = parse_csv(write_csv(table), "t.csv")
    model = Model(PCEModel="MarkovUniform", BigRAdjust="None")
    from_xml, read, seed = parse_xml(write_xml(table, model, 7), "t.xml")
    assert (read, seed) == (model, 7)
    for other in (again, from_xml):
        assert other.names == table.names
        assert other.descriptions == table.descriptions
        for name in ("capability", "position", "salience", "accommodation"):
            assert np.array_equal(getattr(other, name), getattr(table, name))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("50,90,", "50,95,", "t.csv:5  Cas, salience: the saliences sum to 105"),
        ("100,20,30", "-4,20,30", "t.csv:3  Ann, capability: -4 is outside 0 or above"),
        ("100,20,30", "90%,20,30", "t.csv:3  Ann, capability: `90%` is not on a scale of 0 to 100"),
        ("Ben,second", ",second", "t.csv:4  name: the stakeholder has no name"),
        ("50,60,50", "50,160,50", "t.csv:4  Ben, position on Scope Position: 160 is outside 0 to 100"),
        ("50,60,50", "50,sixty,50", "t.csv:4  Ben, position on Scope Position: `sixty` is not a number"),
        (
            "50,60,50",
            "50,60,5,50",
            "t.csv:4  column 8: `20` stands beyond the last column; numbers with a decimal comma",
        ),
        ("50,60,50", "50,,50", "t.csv:4  Ben, position on Scope Position: the cell is empty"),
        ("50,60,50", "50,nan,50", "t.csv:4  Ben, position on Scope Position: `nan` is not a finite number"),
        (",Pace Salience,", ",", "t.csv:2  column 7: the heading for a salience is missing"),
        ('table",3,2', 'table",4,2', "t.csv:1  number of stakeholders: says 4, but 3 rows follow"),
        ('table",3,2', 'table",three,2', "t.csv:1  number of stakeholders: `three` is not a whole number"),
        ("Reform", "", "t.csv"),
    ],
)
def test_a_bad_cell_is_named(old, new, says):
    if not new and old == "Reform":
        assert "first row" in complaints("")
        return
    assert old in GOOD
    assert says in complaints(GOOD.replace(old, new, 1))


def test_all_complaints_come_at_once():
    text = complaints(GOOD.replace("100,20,30", "-1,120,30").replace("50,60,50", "x,60,50"))
    assert len(text.splitlines()) == 3


XML = write_xml(parse_csv(GOOD, "t.csv"), Model())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("</Actors>", "", "malformed XML"),
        ("<Scenario>", "<Szenario>", "malformed XML"),
        ("Conditional", "Random", "PCEModel: `Random` is none of"),
        ("<dCoord>20.0</dCoord>", "", "Ann, Position: has 1 numbers for 2 issues"),
        ("<dCoord>20.0</dCoord>", "<dCoord></dCoord>", "Ann, position on Scope Position: the cell is empty"),
        ("<referencePos>Ann", "<referencePos>Zoe", "`Zoe` is no stakeholder"),
        ("<adjust>1.0", "<adjust>1.5", "1.5 is outside 0 to 1"),
        (
            'encoding="UTF-8"?>',
            'encoding="UTF-8"?><!DOCTYPE a [<!ENTITY b "c">]>',
            "entity declaration is not read here",
        ),
    ],
)
def test_a_bad_element_is_named(old, new, says):
    assert old in XML
    with pytest.raises(ScenarioError) as caught:
        parse_xml(XML.replace(old, new, 1), "t.xml")
    assert says in str(caught.value)
    assert str(caught.value).startswith("t.xml")


def test_a_bad_file_ends_with_exit_code_2(tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_text(GOOD.replace("100,20,30", "-1,20,30"), encoding="utf-8")
    assert run(["consultation", str(path)]) == 2
    assert "bad.csv:3  Ann, capability" in capsys.readouterr().err
    assert run(["consultation", str(tmp_path / "none.xml")]) == 2
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x01")
    assert run(["consultation", str(tmp_path / "binary.csv")]) == 2


def test_nothing_is_written_over(tmp_path, capsys):
    good, kept = tmp_path / "good.csv", tmp_path / "kept.xml"
    good.write_text(GOOD, encoding="utf-8")
    assert run(["consultation", str(good), "--save", str(kept)]) == 0
    before = kept.read_text(encoding="utf-8")
    assert run(["consultation", str(good), "--save", str(kept)]) == 2
    assert kept.read_text(encoding="utf-8") == before
    assert run(["consultation", str(kept), "--compat", "ktab"]) == 0
    assert "Reform (ktab)" in capsys.readouterr().out


def test_draws_carry_the_models_own_uncertainty(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text(GOOD, encoding="utf-8")
    flags = ["--draws", "40", "--structures", "PCEModel", "--structures", "VotingRule", "--indices", "--json"]
    assert run(["consultation", str(path), *flags]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["draws"]["models"] == 18
    low, *_, high = found["draws"]["expected"]["Pace Position"]
    assert 0 <= low < high <= 100
    assert len(found["sobol"]["inputs"]) == 15
    assert {lever["issue"] for lever in found["model_levers"]} == {"Scope Position", "Pace Position"}
    assert run(["consultation", str(path), "--draws", "5", "--structures", "Mood"]) == 2
