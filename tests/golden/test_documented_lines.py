"""What the documentation tells a reader to type works as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from contingent.cli import app, run
from contingent.scenario.start import PLEDGE

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINE = re.compile(r"^ {4}(?:.*&& )?(?:uv run )?contingent ([^#\n]*)", re.MULTILINE)
TYPED = [(page.name, found.strip()) for page in PAGES for found in LINE.findall(page.read_text("utf-8"))]


def test_there_is_something_to_type() -> None:
    assert len(TYPED) > 8


@pytest.mark.parametrize(("page", "line"), TYPED)
def test_every_command_line_in_the_documentation_is_understood(page: str, line: str) -> None:
    app().parse_args(shlex.split(line), exit_on_error=False, print_error=False)


def test_the_python_of_the_front_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert "runs=2_000" in block
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(block.replace("runs=2_000", "runs=40"), names)
    assert (tmp_path / "brief.html").stat().st_size > 100_000
    assert 0 <= names["result"].consultation.acceptance.min() <= 1


def test_the_tutorial_followed_word_by_word_gives_a_brief(tmp_path: Path, monkeypatch, capfd) -> None:
    """Its lines are typed over those of the new file that have blanks, from the top; nothing else is changed."""
    monkeypatch.chdir(tmp_path)
    assert run(["new", "island", "--kind", "policing"]) == 0
    file = tmp_path / "island" / "scenario.yaml"
    lines = file.read_text("utf-8").splitlines()
    blanks = [number for number, line in enumerate(lines) if "<" in line and not line.startswith("#")]
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    typed = [line for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(typed) == len(blanks) < 60, "one line for each with a blank"
    for number, line in zip(blanks, typed, strict=True):
        start = lines[number].partition("<")[0].partition("contributor: ")[0]
        assert line.startswith(start), (start, line)
        lines[number] = line.replace("PLEDGE", PLEDGE.partition(", cost")[0])
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert run(["check", "island"]) == 0
    assert "nothing to mend" in capfd.readouterr().out
    assert run(["brief", "island", "--runs", "60", "--to", "md"]) == 0
    (brief,) = (tmp_path / "runs").glob("*/brief.md")
    assert "Should Ireland send police and trainers" in brief.read_text("utf-8")
    assert not re.findall(r"Pakistan|Gaza|Hamas|cease-fire", brief.read_text("utf-8"))
