"""Which drafts are there, which cases can one begin with, and how does a new question start?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contingent.scenario.source import shipped
from contingent.scenario.start import KINDS
from contingent.workbench.desk import Desk


def home(desk: Desk, asked: Mapping[str, str]) -> dict[str, Any]:
    """The drafts, the latest first, and the cases."""
    drafts = [{"draft": name, **told} for name, told in desk.registry.drafts().items()]
    return {
        "drafts": sorted(drafts, key=lambda each: each["when"], reverse=True), "cases": list(shipped()),
        "kinds": list(KINDS), "case": asked.get("case", ""),
    }  # fmt: skip
