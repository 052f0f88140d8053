"""The shipped case is dated 28 October 2025: nothing later is stored in the package's data."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "contingent"
AS_OF = "2025-10-28"
DATED = re.compile(r"\b(20\d\d)-(0[1-9]|1[0-2])(?:-([0-2]\d|3[01]))?\b")
# The resolution adopted after that day would be known by its number; it is spelt apart so that it is not here either.
LATER = ["28" + "03"]


def test_no_date_in_the_data_is_later_than_the_case() -> None:
    for file in PACKAGE.rglob("*"):
        if file.suffix not in {".yaml", ".csv", ".md", ".txt", ".toml", ".json"}:
            continue
        text = file.read_text("utf-8")
        for match in DATED.finditer(text):
            day = match.group(0) if match[3] else f"{match.group(0)}-01"
            assert day <= AS_OF, f"{file.relative_to(PACKAGE)}: {match.group(0)}"
        for number in LATER:
            assert not re.search(rf"(resolution|UNSCR|SCR|authori[sz]ed \()\s*{number}", text, re.IGNORECASE), file
