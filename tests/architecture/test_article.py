"""The text of the article is its publisher's: the repository holds offsets and short quotes only."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT.parent / "shared" / "data" / "article" / "article.txt"
LONGEST = 14  # words in a row that count as a short quote


def test_no_long_passage_of_the_article_is_in_the_repository() -> None:
    if not ARTICLE.exists():
        pytest.skip("the article is not here: ../shared/data/article/article.txt")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    words = re.findall(r"\w+", ARTICLE.read_text("utf-8").lower())
    passages = {tuple(words[i : i + LONGEST]) for i in range(len(words) - LONGEST + 1)}
    for name in tracked:
        file = ROOT / name
        if not file.is_file() or file.suffix in {".png", ".csv"}:
            continue
        there = re.findall(r"\w+", file.read_text("utf-8", "replace").lower())
        found = next(
            (there[i : i + LONGEST] for i in range(len(there)) if tuple(there[i : i + LONGEST]) in passages), None
        )
        assert not found, f"{name}: {' '.join(found or [])}"
