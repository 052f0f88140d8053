"""Write `constraints.txt`, the tested versions as pip reads them, from the list that uv reads in `pyproject.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "constraints.txt"
HEADING = """\
# The versions everything was tested with: pip install -c constraints.txt .
# Written by tests/packaging/constraints.py from pyproject.toml ([tool.uv] constraint-dependencies); edit it there.
"""


def text() -> str:
    """The file's content."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return HEADING + "\n".join(project["tool"]["uv"]["constraint-dependencies"]) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
