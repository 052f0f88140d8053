"""What the how-to pages show works: every block added to the shipped case, every command typed in turn."""

from __future__ import annotations

import re
import shlex
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contingent.cli import run
from contingent.scenario.read import shipped

PLAIN = YAML(typ="safe")  # of YAML 1.2, as scenarios are: `on` is a word
PAGES = Path(__file__).parents[2] / "docs" / "how-to"
NAMES = ["decision", "force", "ground", "criteria", "evidence", "brief"]
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
CASE = (shipped()["mss_haiti"] / "scenario.yaml").read_text("utf-8")
ENSEMBLES = {"brief", "run", "what-if", "consultation", "mission"}


def added(base: Any, more: Any) -> Any:
    """A part of a file with more in it: maps key by key, lists one behind the other."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {key: added(base.get(key), more.get(key)) for key in {**base, **more}}
    if isinstance(base, list) and isinstance(more, list) and base and isinstance(base[0], dict):
        return [*base, *more]
    return base if more is None else more


@pytest.mark.parametrize("name", [name for name in NAMES if name != "brief"])
def test_every_block_can_be_added_to_the_shipped_case(name: str, tmp_path: Path, capfd) -> None:
    whole = PLAIN.load(CASE)
    blocks = BLOCK.findall((PAGES / f"{name}.md").read_text("utf-8"))
    assert blocks
    for block in blocks:
        whole = added(whole, PLAIN.load(block))
        PLAIN.dump(whole, tmp_path / "scenario.yaml")
        assert run(["check", str(tmp_path), "--out", str(tmp_path / "runs")]) == 0, capfd.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_every_command_on_a_page_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    monkeypatch.chdir(tmp_path)
    Path("FOLDER").mkdir()
    text = "Kenya will send 1,000 police to Haiti, Foreign Minister Alfred Mutua said on 29 July 2023.\n\n"
    text += "The Bahamas offered 150 people for the multinational force in Haiti, its foreign ministry said."
    for file in (Path("ARTICLE"), Path("FOLDER", "article.txt")):
        file.write_text(text, "utf-8")
    page = (PAGES / f"{name}.md").read_text("utf-8")
    for decisions in re.findall(r'`({"decisions".*?)`', page, re.DOTALL):
        read = sha256(text.encode()).hexdigest()[:12]
        Path("FILE").write_text(re.sub(r"[0-9a-f]{12}(?=/c01)", read, decisions), "utf-8")
    lines = re.findall(r"^ {4}contingent (.*)$", page, re.MULTILINE)
    assert lines
    for line in lines:
        words = shlex.split(line)
        few = ["--runs", "40"] if words[0] in ENSEMBLES and "--runs" not in words else []
        assert run([*words, *few, "--quiet"]) == 0, (line, capfd.readouterr())
