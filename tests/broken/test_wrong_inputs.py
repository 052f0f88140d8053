"""Sixty mistakes that people make: each found, with its line and with what to write; one hides no other."""

import re
import time
from pathlib import Path

import pytest
from wrong_inputs import FILES, WRONG

from contingent.errors import Complaint, ScenarioError
from contingent.scenario.read import locate, read
from contingent.study.formulas import engine_faults

CASE = (locate("mss_haiti") / "scenario.yaml").read_text("utf-8")


def complaints(folder: Path, text: str, extra: bytes | None = None) -> tuple[Complaint, ...]:
    (folder / "case").mkdir()
    (folder / "case" / "scenario.yaml").write_text(text, "utf-8")
    if extra is not None:
        (folder / "case" / "extra.yaml").write_bytes(extra)
    with pytest.raises(ScenarioError) as told:
        read(folder / "case", engine_faults)
    return told.value.complaints


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_with_its_line_and_what_to_write(name: str, tmp_path: Path) -> None:
    old, new, at, what, write = WRONG[name]
    text = CASE.replace(old, new, 1)
    assert text != CASE, "the case no longer holds it"
    line = text.count("\n", 0, text.index(at)) + 1
    told = complaints(tmp_path, text)
    hits = [c for c in told if c.line == line and re.search(what, f"{c.path}: {c.what}") and re.search(write, c.fix)]
    assert hits, "\n".join(map(str, told))
    assert all(c.line and c.fix for c in told), "\n".join(map(str, told))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_told_with_what_to_do(name: str, tmp_path: Path) -> None:
    content, what, write = FILES[name]
    told = complaints(tmp_path, CASE, content)
    assert [c for c in told if re.search(what, str(c)) and re.search(write, c.fix)], "\n".join(map(str, told))


def test_ten_mistakes_in_one_file_are_told_at_once_and_nothing_else(tmp_path: Path) -> None:
    chosen = [
        "key with a typo", "colon within a text", "colon missing", "percent in words", "day with the month first",
        "number where a record belongs", "claim that is not there", "measure that is not there", "word with a typo",
        "stakeholder at a gate who is not there",
    ]  # fmt: skip
    text = CASE
    for name in chosen:
        assert WRONG[name].old in text
        text = text.replace(WRONG[name].old, WRONG[name].new, 1)
    wanted = [text.count("\n", 0, text.index(WRONG[name].at)) + 1 for name in chosen]
    start = time.process_time()
    told = complaints(tmp_path, text)
    assert time.process_time() - start < 4, "two seconds of an idle machine"
    assert sorted(c.line for c in told) == sorted(wanted), "\n".join(map(str, told))
