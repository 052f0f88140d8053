"""Every kind of bad scenario: a one-screen error with file and line, exit code 2, and nothing written over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from random import Random

import pytest

from contingent.cli import run
from contingent.errors import ScenarioError
from contingent.scenario.keys import found
from contingent.scenario.read import gather, validated
from contingent.scenario.source import Source

CASES = {
    "unknown key": ("scenario.yaml", "decider:", "decidder:", r"scenario.yaml:\d+  decidder: .*did you mean `decider`"),
    "key given twice": ("scenario.yaml", "horizon: 104", "horizon: 104\nhorizon: 52", r"scenario.yaml:\d+  horizon: is given twice"),
    "wrong unit": ("scenario.yaml", "best: 24 months", "best: 24 persons", r"scenario.yaml:\d+  mandate.duration: .*persons.*month"),
    "NO as a country": ("scenario.yaml", "contributor: PAK", "contributor: NO", r"scenario.yaml:\d+  contributor: `NO` is not an ISO 3166.*NOR"),
    "negative strength": ("force.yaml", "strength: 2550 (1700 to 4250)", "strength: -100", r"force.yaml:\d+  pledges.*strength: -100 is not allowed: it must be at least 0 person"),
    "position off the scale": ("stakeholders.yaml", "legal_basis: {position: 72 (40 to 93)", "legal_basis: {position: 130", r"stakeholders.yaml:\d+  stakeholders"),
    "claim that does not exist": ("scenario.yaml", "[C15, C16]", "[C15, C61]", r"scenario.yaml:\d+  mandate.claims: there is no claim `C61`.*did you mean"),
    "pledge for a sector that does not exist": (
        "force.yaml", "contributor: PAK,", "contributor: PAK, sectors: [raffah],",
        r"force.yaml:\d+  pledges.*sectors: there is no sector `raffah`.*did you mean `rafah`",
    ),
    "tour of nothing": ("force.yaml", "tour: 12 months", "tour: 0 months", r"force.yaml:\d+  pledges.*tour: .*longer than 0 months"),
    "negative cost": ("force.yaml", "cost: 2500 (1900 to 3500)", "cost: -2500", r"force.yaml:\d+  pledges.*cost: -2,500 is not allowed: it must be at least 0"),
    "unknown unit type": ("force.yaml", "PAK, unit: infantry_battalion", "PAK, unit: infantry_batallion", r"force.yaml:\d+  pledges.*no unit type `infantry_batallion`.*did you mean `infantry_battalion`"),
    "pledge ready after the end": ("force.yaml", "notice: 90 (60 to 180) days", "notice: 900 (800 to 1000) days", r"force.yaml:\d+  pledges.*notice: is ready after 114 weeks.*ends in week 104"),
    "phase after the horizon": ("scenario.yaml", "horizon: 104", "horizon: 12", r"scenario.yaml:\d+  mandate.phases.main.start: begins in week 26, the scenario ends in week 12.*`horizon: 78` or more"),
    "phases overlap": ("scenario.yaml", "label: Main, start: 26", "label: Main, start: 20", r"scenario.yaml:\d+  mandate.phases.main.start: begins in week 20, while phase `entry` lasts until week 26.*`start: 26`"),
    "phases leave a gap": ("scenario.yaml", "label: Main, start: 26", "label: Main, start: 30", r"scenario.yaml:\d+  mandate.phases.main.start: begins in week 30, but phase `entry` ends in week 26.*`start: 26`"),
    "phase ends before it starts": ("scenario.yaml", "start: 0, end: 26", "start: 30, end: 26", r"scenario.yaml:\d+  mandate.phases.entry: runs from week 30 to week 26; start below end"),
    "requirement in no phase": ("force.yaml", "phase: entry, minimum: 170, wanted: 170, weight: 3", "phase: entri, minimum: 170, wanted: 170, weight: 3", r"force.yaml:\d+  requirements.*phase: there is no phase `entri`.*did you mean `entry`"),
    "rule nobody can meet": ("force.yaml", "group: muslim_majority", "contributor: TUR", r"force.yaml:\d+  composition.mainly_muslim: .*none of them pledges anything that is accepted; add a pledge"),
    "apart from someone unknown": ("force.yaml", "kind: veto, contributor: TUR", "kind: apart, contributors: [IDN, TZA]", r"force.yaml:\d+  composition.*contributors: there is no contributor `TZA`"),
    "caveat against itself": ("force.yaml", "excludes_sectors: [north_gaza, gaza]", "excludes_contributors: EGY", r"force.yaml:\d+  caveats.egypt_near_border: keeps EGY apart from itself.*name others only"),
    "language nobody has": ("force.yaml", "kind: veto, contributor: TUR", "kind: one_language", r"force.yaml:\d+  composition.*lets nobody serve who has no languages.*contributors.PAK, or drop the rule"),
    "support by a unit that does not exist": ("force.yaml", "composition:\n", "support:\n  medical: {label: Hospitals, unit: level_9_hospital, covers: 1500, beyond: 500, assumption: judged}\ncomposition:\n", r"force.yaml:\d+  support.medical.unit: there is no unit type `level_9_hospital`"),
    "rapid but slow": ("force.yaml", "tour: 12 months", "tour: 12 months, readiness: rapid", r"force.yaml:\d+  pledges.*notice: is 75 days; who is at the rapid deployment level comes within 60"),
    "budget of no phase": ("scenario.yaml", "reimbursement:\n", "reimbursement:\n  budget: {entri: 1000000}\n", r"scenario.yaml:\d+  reimbursement.budget: there is no phase `entri`; did you mean `entry`"),
    "minima above the ceiling": ("scenario.yaml", "6000 (4000 to 20000)", "3000 (2000 to 4000)", r"scenario.yaml:\d+  mandate.authorized_strength: "),
    "upside-down interval": ("scenario.yaml", "(4000 to 20000)", "(20000 to 4000)", r"scenario.yaml:\d+  mandate.authorized_strength: .*upside down"),
    "override that leads nowhere": ("options.yaml", "pledges.pak_infantry: none", "pledges.pak_infantri: none", r"options.yaml:\d+  options.support_only.*pak_infantri"),
    "unknown option as baseline": ("scenario.yaml", "baseline: decline", "baseline: declin", r"scenario.yaml:\d+  baseline: there is no option `declin`.*`decline`"),
    "claim after the scenario's date": ("scenario.yaml", "as_of: 2025-10-28", "as_of: 2025-10-26", r"is after the scenario's date 2025-10-26"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_broken_scenario_is_explained(
    case: str, broken: Callable[[str, str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file, old, new, says = CASES[case]
    folder = broken(file, old, new)
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    assert run(["check", str(folder)]) == 2
    out = capsys.readouterr().out
    assert re.search(says, out), out
    assert len(out.splitlines()) <= 40, "more than a screen"
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == before


def test_all_complaints_come_at_once(
    broken: Callable[[str, str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    broken("scenario.yaml", "decider:", "decidder:")
    folder = broken("criteria.yaml", "better: lower", "better: lowest")
    assert run(["check", str(folder)]) == 2
    out = capsys.readouterr().out
    assert "decidder" in out
    assert "lowest" in out
    assert "did you mean `lower`" in out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "case/extra.yaml:1  is empty"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "aliases"),
        (b"[" * 50_000, "nested more than"),
        (b"a: [" + b"1," * 200_000 + b"1]", "case/extra.yaml:1  is past value 150,000"),
    ],
)
def test_an_unreadable_file_is_named(
    content: bytes, says: str, broken: Callable[[str, str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = broken("scenario.yaml", "horizon: 104", "horizon: 104")
    (folder / "extra.yaml").write_bytes(content)
    assert run(["check", str(folder)]) == 2
    assert says in capsys.readouterr().out


def test_a_file_of_a_hundred_megabytes_is_refused_unread(
    broken: Callable[[str, str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = broken("scenario.yaml", "horizon: 104", "horizon: 104")
    with (folder / "extra.yaml").open("wb") as out:
        out.truncate(100_000_000)
    assert run(["check", str(folder)]) == 2
    assert "has 100 MB" in capsys.readouterr().out


def test_a_scenario_that_is_not_there_is_named_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "isf_gazza"]) == 2
    assert "shipped are amm_aceh, isf_gaza" in capsys.readouterr().err


def test_new_writes_nothing_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("precious")
    assert run(["new", str(mine)]) == 2
    assert "nothing is written over" in capsys.readouterr().err
    assert [f.name for f in mine.iterdir()] == ["notes.txt"]
    assert run(["new", str(tmp_path / "fresh" / "case"), "--like", "isf_gaza"]) == 0
    assert run(["check", str(tmp_path / "fresh" / "case")]) == 0


SHAPES = (0, -1, 2.5, 10**400, float("inf"), "", "x", "5 %", True, None, [], [1], ["x"], [[1]], [{}], {}, {"x": 1},
          {1: 2}, {"best": 1, "claims": 1}, {"best": 1, "claims": {"a": 1}}, {"best": 1, "claims": ["a", [2]]},
          {"best": 1, "assumption": ["a"]}, {"best": {"best": 1}}, {"low": 1, "high": [2]})  # fmt: skip


def places(node: object, path: tuple = ()) -> Iterator[tuple]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def kind(path: tuple) -> object:
    """The key of the format at a place; else the key above it, with the step from there if that is no name or item."""
    key, above = (found(".".join(map(str, steps))) for steps in (path, path[:-1]))
    if key or not above:
        return key.path if key else path[-2:]
    return above.path, "" if above.shape.of or isinstance(path[-1], int) else path[-1]


@pytest.mark.parametrize("each", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_a_value_of_whatever_shape_is_read_or_explained(each: int) -> None:
    """Every kind of place, or every second, holds something else: no error but one that says where."""
    source, draw, read = gather("unifil_2006"), Random(20061), 0
    kinds = dict(list({kind(path): path for path in places(source.data)}.items())[::each])
    assert len(kinds) > 250 / each
    for *above, last in kinds.values():
        data, told = deepcopy(source.data), ""
        reduce(getitem, above, data)[last] = draw.choice(SHAPES)
        try:
            validated(Source(data, source.places))
            read += 1
        except ScenarioError as error:
            told = str(error)
        assert not told or "unifil_2006/scenario.yaml:" in told, (*above, last)
    assert 0 < read < len(kinds) / 2
