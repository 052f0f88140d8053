"""Which numbers does the answer rest on, what does each rest on, and which of them matter?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from contingent.brief.parameter_labels import described
from contingent.quantities import Estimate
from contingent.scenario.model import GROUNDS, Scenario, sourcing
from contingent.workbench.desk import Desk
from contingent.workbench.draft import standing_at
from contingent.workbench.drafts import Sight
from contingent.workbench.page import frame
from contingent.workbench.previews import influence, kept

PAGE = 40  # rows
_kept = OrderedDict[tuple[str, int, bool], list[dict[str, Any]]]()
"""Tables of drafts as they stood, those asked for last."""
_ranked = OrderedDict[Path, Future[dict[str, float]]]()
"""What the preview process was asked to find out of drafts, by the folder of their case."""
FILTERS = {"": "all", "changed": "changed", "unsourced": "unsourced", "top": "the ten that matter most",
           **{kind: kind for kind in GROUNDS if kind != "unsourced"}}  # fmt: skip


def assumptions(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """The numbers of the draft: value, interval, unit, class of source, influence, and what the case has there.

    `q` finds words, `only` is one of `FILTERS`, `page` counts from 1.
    """
    moved = _influence(desk, sight)
    key = (sight.id, sight.seq, bool(moved))
    rows = _kept.get(key) or kept(_kept, key, table(sight, moved))
    only, words = asked.get("only", ""), asked.get("q", "").lower().split()
    chosen = [
        row for row in rows if _fits(row, only) and all(w in f"{row['label']} {row['path']}".lower() for w in words)
    ]
    if only == "top":
        chosen = chosen[:10]
    pages = max(1, -(-len(chosen) // PAGE))
    with suppress(ValueError):
        asked = {**asked, "page": str(min(max(int(asked.get("page", "1")), 1), pages))}
    here = int(asked["page"]) if asked.get("page", "1").isdigit() and asked.get("page") else 1
    return {
        **frame(sight), "filters": FILTERS, "only": only, "q": asked.get("q", ""), "page": here, "pages": pages,
        "found": len(chosen), "of": len(rows), "ranked": bool(moved),
        "rows": chosen[(here - 1) * PAGE : here * PAGE],
    }  # fmt: skip


def _influence(desk: Desk, sight: Sight) -> dict[str, float]:
    """How much each number moves the headline, if the preview process has found out already."""
    folder, wait = desk.drafts.folder(sight.id), 0.0
    if (asked := _ranked.get(folder)) is None or (asked.done() and asked.exception()):
        asked, wait = kept(_ranked, folder, desk.previews.ask(influence, folder)), 0.05
    with suppress(TimeoutError):
        return asked.result(wait)
    return {}


def table(sight: Sight, influence: Mapping[str, float]) -> list[dict[str, Any]]:
    """A row for every number of the draft, those that move the headline most first."""
    grounds = sourcing(sight.scenario).grounds
    changed = sight.stands.patched
    rows = [
        row(sight.scenario, sight.base, path, number, grounds[path]) | {
            "influence": influence.get(path, 0.0), "changed": path in changed}
        for path, number in sight.scenario.estimates()
    ]  # fmt: skip
    order = sorted(range(len(rows)), key=lambda i: (not rows[i]["changed"], -rows[i]["influence"], i))
    return [rows[i] for i in order]


def row(scenario: Scenario, base: Scenario, path: str, number: Estimate, ground: str) -> dict[str, Any]:
    """One number; `was` is what the case has there, if it is another."""
    was = standing_at(base, path)
    lower, upper = number.unit.at_least, number.unit.at_most
    ghost = isinstance(was, Estimate) and (was.best, was.low, was.high) != (number.best, number.low, number.high)
    low, high = (number.low, number.high) if not number.certain else (number.best / 2, number.best * 2 or 1.0)
    return {
        "path": path, "label": label(scenario, path), "best": number.best, "low": number.low, "high": number.high,
        "certain": number.certain, "unit": number.unit.name, "ground": ground, "claims": list(number.claims),
        "assumption": number.assumption, "was": str(was) if ghost else "",
        "from": lower if abs(lower) < 1e300 else min(low, number.best), "to": upper if upper < 1e300 else high,
    }  # fmt: skip


def label(scenario: Scenario, path: str) -> str:
    """What a number is called; its path if nothing is."""
    with suppress(KeyError):
        return described(scenario, path)
    return path


def _fits(row: Mapping[str, Any], only: str) -> bool:
    return only in ("", "top") or row["ground"] == only or (only == "changed" and row["changed"])
