"""On which terms would it pass: tasks, caveats, legal basis, and what does each combination bring and cost?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contingent.workbench.concessions import step
from contingent.workbench.desk import Desk
from contingent.workbench.drafts import Sight
from contingent.workbench.screens.frame import awaited, frame

FILTERS = {"task": "tasks", "caveat": "caveats", "basis": "legal_basis"}
"""What is asked for, and the part of a row in which it must stand."""


def terms(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """Options and combinations of their terms: as many as are `done` `of` all, one more each time it is asked.

    With `wait=1` it waits for one more, with `wait=all` for all. `task`, `caveat` and `basis` choose rows; `focus` is
    the option from which concessions are reckoned.
    """
    scenario, changes, folder = sight.scenario, sight.changes, desk.drafts.folder(sight.id)

    def ask() -> dict[str, Any] | None:
        return awaited(desk.slow.ask(step, folder, changes, asked.get("focus", "")), asked)

    found = ask()
    while found and asked.get("wait") == "all" and found["done"] < found["of"]:
        found = ask()
    bases = {row["legal_basis"] for row in found["rows"]} if found else set[str]()
    told = {
        **frame(sight), "asked": {name: asked.get(name, "") for name in (*FILTERS, "focus")},
        "words": {
            "task": {name: each.label for name, each in scenario.mandate.tasks.items()},
            "caveat": {name: each.label for name, each in scenario.caveats.items()},
            "basis": {name: name.replace("_", " ") for name in sorted(bases)},
            "focus": {name: each.label for name, each in scenario.options.items() if name != scenario.baseline},
        },
        "ready": found is not None,
    }  # fmt: skip
    if found is None:
        return {**told, "rows": [], "done": 0, "of": 0, "focus": "", "steps": [], "cheapest": None, "says": ""}
    rows = [row for row in found["rows"] if all(_fits(row[part], asked.get(name)) for name, part in FILTERS.items())]
    return {**told, **found, "rows": sorted(rows, key=lambda row: -row["accepted"]["mean"])}


def _fits(held: Any, wanted: str | None) -> bool:
    return not wanted or wanted == held or (isinstance(held, list) and wanted in held)
