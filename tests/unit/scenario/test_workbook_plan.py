"""The plan goes into the workbook as rows that add up to it, with the status of every pledge."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from contingent.force import plan
from contingent.force.plan import plan_sheets
from contingent.scenario.read import read
from contingent.scenario.workbook import write
from contingent.scenario.workbook_import import read_workbook


@pytest.fixture(scope="module")
def told():
    haiti = read("mss_haiti").under("lead")
    first, second = haiti.pledges[0].id, haiti.pledges[1].id
    haiti = haiti.with_({f"pledges.{first}.status": "confirmed", f"pledges.{second}.status": "withdrawn"})
    found = plan(haiti)
    return haiti, found, {each.name: each for each in plan_sheets(haiti, found)}


def test_rows_add_up_to_the_plan(told) -> None:
    haiti, found, sheets = told
    people = [(row[6], row[7], row[8]) for row in sheets["Plan"].rows if row[8]]
    weekly = found.weekly.sum(["pledge", "sector", "task"]).round().values
    for week in range(1, len(weekly) + 1):
        assert sum(n for first, last, n in people if first <= week <= last) == pytest.approx(weekly[week - 1], abs=3)
    assert {row[0] for row in sheets["Plan"].rows} == {pledge.id for pledge in haiti.pledges}
    lines = sheets["Plan lines"].rows
    assert [row[0] for row in lines] == [each.id for each in haiti.requirements]
    assert sum(row[7] + row[8] for row in lines) == pytest.approx(float(found.assigned.sum()), abs=len(lines))
    assert sum(row[9] for row in lines) == pytest.approx(float(found.shortfall.sum()), abs=len(lines))
    assert sum(row[3] for row in sheets["Plan cost"].rows) == pytest.approx(float(found.cost.sum()), abs=10)


def test_status_is_told_line_by_line(told) -> None:
    haiti, found, sheets = told
    confirmed, withdrawn = haiti.pledges[0].id, haiti.pledges[1].id
    assert withdrawn in found.withheld
    status = {row[0]: (row[3], row[4]) for row in sheets["Plan"].rows}
    assert status[confirmed][0] == "confirmed"
    assert status[withdrawn] == ("withdrawn", "withheld")
    assert sum(row[8] for row in sheets["Plan lines"].rows) > 0


def test_results_do_not_come_back_as_changes(told, tmp_path: Path) -> None:
    haiti, _, sheets = told
    write(haiti, tmp_path / "a.xlsx", list(sheets.values()))
    assert read_workbook(haiti, tmp_path / "a.xlsx").differences == ()
    grid = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_name("Plan cost").to_python()
    assert grid[-1][3] == sum(row[3] for row in grid[1:-1])
