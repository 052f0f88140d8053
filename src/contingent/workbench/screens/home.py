"""Which drafts are there, which questions are being answered, and what can one begin with?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contingent.scenario.source import shipped
from contingent.scenario.start import KINDS
from contingent.workbench.desk import Desk
from contingent.workbench.screens.question import BEGUN


def home(desk: Desk, asked: Mapping[str, str]) -> dict[str, Any]:
    """The drafts, the latest first, the cases, and the questions that are being answered."""
    drafts = [{"draft": name, **told} for name, told in desk.registry.drafts().items()]
    return {
        "drafts": sorted(drafts, key=lambda each: each["when"], reverse=True), "cases": list(shipped()),
        "kinds": list(KINDS), "case": asked.get("case", ""),
        "questions": sorted(file.parent.name for file in (desk.store.folder / "cases").glob(f"*/{BEGUN}")),
    }  # fmt: skip
