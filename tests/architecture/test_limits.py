"""The page of limits says what the code holds, and names tests that exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "limits.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if re.match(r"\| .*`", line)]


def test_every_limit_is_the_one_in_the_code() -> None:
    named = [(row[1], row[2].strip("`")) for row in ROWS if len(row) == 5 and row[2].startswith("`")]
    assert len(named) > 15
    for said, constant in named:
        module, _, name = constant.rpartition(".")
        held = getattr(import_module(f"contingent.{module}"), name)
        assert float(said.split(" ")[0].replace(",", "")) == held, constant


def test_every_test_that_the_page_names_exists() -> None:
    files = {
        path.relative_to(ROOT / "tests").with_suffix("").as_posix() for path in (ROOT / "tests").rglob("test_*.py")
    }
    known = files | {name.removeprefix("unit/") for name in files} | {"benchmarks/fuzz.py"}
    named = {row[4].strip("`") for row in ROWS if len(row) == 5 and row[4].startswith("`")}
    assert named <= known, named - known
