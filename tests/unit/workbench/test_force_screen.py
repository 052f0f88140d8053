"""The force: the grid adds up to the plan, pledges change by form, block and workbook in one step each, and what a
sheet would run as a formula is never one.
"""

import base64
import io
import re
import zipfile

import pytest
from xlsxwriter import Workbook

from contingent.grids import grids
from contingent.scenario.read import read
from contingent.study.planning import plan_all
from contingent.study.worlds import in_world, worlds

BLOCK = "7\t3\t11\r\n25\t10\t40\r\n"


@pytest.fixture(autouse=True)
def here(at_once):
    """Plans are made in this process."""


def sent(bench, draft, **block):
    return bench.post(f"/d/{draft}/sheet", block)


def test_the_grid_adds_up_to_the_plan_of_the_draft(bench, draft):
    found = bench.json(f"/d/{draft}/force.json?why=1&phase=main&option=small_team&world=joint_action")
    scenario = read("amm_aceh")
    under = in_world(scenario.under("small_team"), worlds(scenario)["joint_action"])
    plan = plan_all({("", ""): under})["", ""]
    assert found["total"]["sent"] == pytest.approx(float(plan.assigned.sel(phase="main").sum()))
    assert found["total"]["short"] == pytest.approx(float(plan.shortfall.sel(phase="main").sum()))
    for row in found["rows"]:
        assert sum(row["by"].values()) == pytest.approx(row["sent"], abs=0.5 * len(scenario.pledges))
        assert row["sent"] + row["short"] >= row["wanted"] - 1e-6
    own = next(each for each in found["pledges"] if each["id"] == "fin_monitors")
    assert own["altered"], "this option sends fewer"
    assert own["cells"]["strength"] == 20, "the draft's own number is what can be changed"
    entry = bench.json(f"/d/{draft}/force.json?why=1&phase=entry")
    below = {row["requirement"] for row in entry["rows"] if row["below"] >= 0.5}
    assert {each["requirement"] for each in entry["why"]["blocked"]} == below != set()
    assert {each["title"] for each in entry["why"]["eased"]} <= {"With one more unit", "If a rule or limit gave way",
                                                                 "If a caveat were lifted"}  # fmt: skip
    page = bench.get(f"/d/{draft}/force?why=1")[2].decode()
    assert "below the minimum" in page
    assert "data-more" not in page
    assert bench.get(f"/d/{draft}/force.json?phase=never")[0] == 404


def test_a_form_changes_a_pledge_in_one_step_and_says_on_whom_it_rests(bench, draft):
    before = bench.json(f"/d/{draft}/force.json")["pledges"][0]
    fields = {f"cells:{key}": value for key, value in before["cells"].items() if key != "caveats"}
    fields |= {"cells:strength": "30", "cells:strength_low": "20", "cells:strength_high": "44", "caveat:": "",
               "pledge": "fin_monitors", "why": "said on the telephone", "back": f"/d/{draft}/force#p"}  # fmt: skip
    status, told, _ = bench.form(f"/d/{draft}/pledge", fields)
    assert (status, told["location"]) == (303, f"/d/{draft}/force#p")
    sight = bench.desk.drafts.sight(draft)
    (entry,) = sight.stands.changes
    assert [each.path for each in entry.patches] == ["pledges.fin_monitors.strength", "pledges.fin_monitors.caveats"]
    number = sight.scenario.value("pledges.fin_monitors.strength")
    assert (number.best, number.low, number.high) == (30, 20, 44)
    assert number.assumption.startswith("said on the telephone (changed by amna on ")
    assert number.claims == (), "it no longer rests on what it rested on"
    assert next(p for p in sight.scenario.pledges if p.id == "fin_monitors").caveats == ()
    bench.desk.drafts.step(draft, "undo", "amna")
    assert bench.desk.drafts.sight(draft).scenario == read("amm_aceh")


@pytest.mark.parametrize(
    "block",
    [
        {"text": "fin_experts\t7\t3\t11\nswe_monitors\t25\t10\t40"},
        {"text": BLOCK, "pledge": "fin_experts", "column": "strength"},
        {"text": "Id\tStrength: best\tStrength: low\tStrength: high\nfin_experts\t7\t3\t11\nswe_monitors\t25\t10\t40"},
    ],
    ids=["names and numbers", "at a cell", "with headings"],
)
def test_a_pasted_block_is_shown_as_a_difference_and_made_in_one_step(bench, draft, block):
    status, _, told = sent(bench, draft, **block)
    assert status == 200, told
    paths = ["pledges.fin_experts.strength", "pledges.swe_monitors.strength"]
    assert told["differences"] == [
        {"path": paths[0], "before": "6 (3 to 10)", "after": "7 (3 to 11)"},
        {"path": paths[1], "before": "20 (8 to 40)", "after": "25 (10 to 40)"},
    ]
    assert bench.desk.registry.latest(draft) == 0, "nothing is changed yet"
    page = bench.get(told["back"].partition("#")[0])[2].decode()
    assert "Make these 2 changes in one step" in page
    status, _, made = bench.post(f"/d/{draft}/sheet/{told['name']}", {"why": "their list", "seen": 0})
    assert (status, made["seq"]) == (200, 1)
    assert list(bench.desk.drafts.sight(draft).stands.patched) == paths
    assert bench.post(f"/d/{draft}/sheet/{told['name']}", {})[0] == 400, "the draft says the same by now"


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"text": "fin_experts\t1.000\t3\t1.100"}, "`1.000` may be 1 or 1000"),
        ({"text": "fin_experts\t=1+1"}, "Pledges!B2  holds a formula"),
        ({"text": '=HYPERLINK("//x";"y")\t7'}, "Pledges!A2  holds a formula"),
        ({"text": "fin_experts\t@SUM(A1)"}, "holds a formula"),
        ({"text": "fin_experts\t+cmd|' /C calc'!A0"}, "holds a formula"),
        ({"text": "fin_experts\t-5"}, "at least 0"),
        ({"text": "fin_experts\t7\t3"}, "one end of the interval is empty"),
        ({"text": "fin_experts\t" * 40}, "there is room for"),
        ({"text": BLOCK * 20, "pledge": "fin_experts", "column": "strength"}, "there is room for"),
        ({"text": "nobody_new\t7"}, "nobody_new"),
        ({"text": " \t\n"}, "nothing was pasted"),
        ({"text": 'x\t"' + "y" * 200_000}, "no block of cells"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_cell_and_nothing_is_kept_of_it(bench, draft, block, says):
    status, _, told = sent(bench, draft, **block)
    assert status in (400, 422), told
    assert says in told["error"]["message"]
    assert bench.desk.registry.latest(draft) == 0
    for name in ("../../base/scenario.yaml", "0" * 16 + ".json", "x"):
        assert bench.get(f"/d/{draft}/force.json?sheet={name}")[0] == 404


def file(content):
    return {"name": "force.xlsx", "content": base64.b64encode(content).decode()}


def test_the_workbook_goes_out_with_the_plan_and_comes_back_with_what_was_changed(bench, draft, tmp_path):
    evil = '=HYPERLINK("https://x.example")'
    bench.desk.drafts.change(draft, {"pledges.fin_monitors.assumption": evil}, "amna")
    status, told, body = bench.get(f"/d/{draft}/force.xlsx?option=larger_team")
    assert (status, told["content-type"].rpartition(".")[2]) == (200, "sheet")
    (tmp_path / "force.xlsx").write_bytes(body)
    pages = {page.name: page for page in grids(tmp_path / "force.xlsx")}
    assert {"Pledges", "Requirements", "Plan", "Plan cost"} <= pages.keys()
    assert any(str(cell).startswith(evil) for row in pages["Pledges"].rows for cell in row), "as text"
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        formulas = re.findall(
            r"<f>(.*?)</f>", "".join(packed.read(n).decode() for n in packed.namelist() if "/sheet" in n)
        )
    assert not [each for each in formulas if not each.startswith("SUBTOTAL(109,")], "only sums of its own"
    assert bench.post(f"/d/{draft}/sheet", {"files": [file(body)]})[2]["differences"] == []

    other = bench.desk.drafts.branch(draft, "bilal", "in the sheet")
    bench.desk.drafts.change(
        other, {"pledges.fin_experts.strength": "8 (3 to 10)", "pledges.brn_monitors": "none"}, "bilal"
    )
    found = bench.post(f"/d/{draft}/sheet", {"files": [file(bench.get(f"/d/{other}/force.xlsx")[2])]})[2]
    paths = [each["path"] for each in found["differences"]]
    assert "pledges.fin_experts.strength" in paths
    assert {"path": "pledges.brn_monitors", "before": "brn_monitors", "after": ""} in found["differences"]
    assert bench.post(f"/d/{draft}/sheet/{found['name']}", {})[0] == 200
    scenario = bench.desk.drafts.sight(draft).scenario
    assert [p.id for p in scenario.pledges] == [p.id for p in bench.desk.drafts.sight(other).scenario.pledges]


def test_a_workbook_that_computes_or_is_damaged_is_refused(bench, draft):
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet("Pledges")
        page.write_row(0, 0, ["Id", "Strength: best"])
        page.write_row(1, 0, ["fin_experts"])
        page.write_formula(1, 1, "=1+1")
    status, _, told = bench.post(f"/d/{draft}/sheet", {"files": [file(made.getvalue())]})
    assert (status, "Pledges!B2  holds a formula" in told["error"]["message"]) == (422, True)
    status, _, told = bench.post(f"/d/{draft}/sheet", {"files": [file(b"PK\3\4no")]})
    assert status == 400
    assert told["error"]["message"].startswith("the sheet: is a damaged workbook"), "and no path of this machine"
