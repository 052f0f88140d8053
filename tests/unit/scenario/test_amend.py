"""A change of a value in a scenario's files is a change of its lines and of no other, and reads back as what it is."""

from __future__ import annotations

import shutil
from difflib import unified_diff
from pathlib import Path

import pytest

from contingent.errors import InputError
from contingent.scenario.migrate import amended
from contingent.scenario.paths import changed
from contingent.scenario.read import read, shipped

GHANA = {"label": "Ghana: west", "ceiling": 900, "home_support": 0.5, "assumption": "An #example, [of] {many}: signs"}
OFFER = {
    "contributor": "GHA", "unit": "infantry_battalion", "strength": "850 (400 to 900)", "notice": 90, "tour": 12,
    "rotations": 3, "reliability": 0.5, "cost": 2500, "claims": ["C05"],
}  # fmt: skip
SUPPORT = {"label": "Level 2", "unit": "level_two_hospital", "covers": 1500, "beyond": 500, "assumption": "An example."}


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"pledges.pak_infantry.strength": 3000}, 1),
        ({"pledges.pak_infantry.readiness": "assessed"}, 1),
        ({"pledges.ita_ordnance": None}, 1),
        ({"pledges.pak_infantry.strength": 3000, "pledges.tur_infantry.notice": "45 (30 to 60)"}, 2),
        ({"stakeholders.army_leadership.stakes.participation.position": "70 (40 to 90)"}, 1),
        ({"stakeholders.army_leadership.stakes.legal_basis": None}, 1),
        ({"stakeholders.army_leadership.assumption": "Another: reason"}, 5),
        ({"lift.main": None}, 1),
        ({"lift.main": 3.5, "reimbursement.budget.entry": 40000000}, 2),
        ({"support.medical": SUPPORT}, 1),
        ({"contributors.GHA": GHANA, "pledges.gha_infantry": OFFER}, 2),
        ({"mandate.authorized_strength": "12000 (10000 to 15000)"}, 3),
        ({"reimbursement.paid": {"best": "0.4 (0.1 to 0.9)", "claims": ["F_french"], "assumption": "An example."}}, 3),
    ],
)  # fmt: skip
def test_only_the_lines_of_a_change_change(tmp_path: Path, changes, lines: int) -> None:
    case = tmp_path / "case"
    shutil.copytree(shipped()["isf_gaza"], case)
    before = {file: file.read_text("utf-8") for file in case.glob("*.yaml")}
    after = amended(before, changes)
    touched = 0
    for file, text in after.items():
        file.write_text(text, "utf-8")
        told = [line[0] for line in list(unified_diff(before[file].splitlines(), text.splitlines(), n=0))[2:]]
        touched += max(told.count("+"), told.count("-"))
    assert touched == lines
    assert read(case) == changed(read("isf_gaza"), changes)


BLOCK = """\
# kept
lift:
  entry: 2  # kept too
pledges:
  - id: a
    cost: 1   # and this

  - id: b
    cost: 2
support: {}
caveats:
  one: {label: x}
"""


@pytest.mark.parametrize(
    ("path", "value", "becomes"),
    [
        ("lift.entry", 3, BLOCK.replace("entry: 2 ", "entry: 3 ")),
        ("lift.main", 3, BLOCK.replace("# kept too\n", "# kept too\n  main: 3\n")),
        ("lift.entry", None, BLOCK.replace("  entry: 2  # kept too\n", "  {}  # kept too\n")),
        ("pledges.a.cost", 5, BLOCK.replace("cost: 1 ", "cost: 5 ")),
        ("pledges.a", None, BLOCK.replace("  - id: a\n    cost: 1   # and this\n", "")),
        ("pledges.b", None, BLOCK.replace("  - id: b\n    cost: 2\n", "")),
        ("pledges.c", {"cost": 3}, BLOCK.replace("cost: 2\n", "cost: 2\n  - {id: c, cost: 3}\n")),
        ("pledges.b.tour", 6, BLOCK.replace("cost: 2\n", "cost: 2\n    tour: 6\n")),
        ("support.medical", {"label": "y"}, BLOCK.replace("{}", "{medical: {label: y}}")),
        ("caveats.one", None, BLOCK.replace("  one: {label: x}\n", "  {}\n")),
        ("reimbursement.paid", 0.5, BLOCK + "reimbursement: {paid: 0.5}\n"),
    ],
)
def test_block_style_and_comments_are_kept(path: str, value, becomes: str) -> None:
    assert amended({Path("x"): BLOCK}, {path: value})[Path("x")] == becomes


def test_what_stands_nowhere_cannot_be_taken_away() -> None:
    with pytest.raises(InputError, match=r"pledges\.z: stands in no file"):
        amended({Path("x"): BLOCK}, {"pledges.z": None})
