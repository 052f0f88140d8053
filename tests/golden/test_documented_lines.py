"""What the documentation tells a reader to type works as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from contingent.cli import app

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
