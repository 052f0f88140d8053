"""What does page one say now, what did it say before the changes, and what would flip it?"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from contingent.brief.document import Brief
from contingent.workbench.desk import Desk
from contingent.workbench.drafts import Sight
from contingent.workbench.page import awaited, frame, marked, sections_of
from contingent.workbench.previews import PATIENT, RUNS, key_of, learn, page_one, settled

FLIPS = ("watch",)
TITLES = {
    "outlook.reached": "At least this is decided in time", "consultation.passes": "Decided on its own terms",
    "consultation.other_terms": "Decided on other terms", "appraisal.first": "Best of all options",
    "force.coverage": "Wanted strength that is there", "force.cost": "Cost of the whole force, million",
    "mission.own_deaths": "Our own people killed", "mission.force_deaths": "Of the force killed",
    "mission.civilian_deaths": "Civilians killed", "mission.need": "People in need", "mission.ceasefire_falls":
    "The truce falls", "mission.home_support": "The public behind it",
}  # fmt: skip
"""What results are called on the panel."""


def panel(desk: Desk, sight: Sight, *, wait: bool = False, begun: Future[Any] | None = None) -> dict[str, Any]:
    """The preview of a draft: headlines before and after its changes, at once, or with `wait` in full; `begun` is what
    was asked already.
    """
    changes, folder, previews = sight.changes, desk.drafts.folder(sight.id), desk.previews
    if wait and changes:
        found, plans = previews.ask(settled, folder, key_of(changes), changes).result(PATIENT)
        previews.ask(learn, folder, changes, plans, pool="quick")
    else:
        found = (begun or previews.quick(folder, changes)).result(PATIENT)
    titles = {name: TITLES.get(name, name) for name in dict.fromkeys(row["result"] for row in found["rows"])}
    return {**found, "draft": sight.id, "seq": sight.seq, "changed": len(sight.stands.changes), "titles": titles}


def bottom_line(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """The brief's first page of the draft as it stands, by a preview's runs; what changed in it is marked.

    Where it is not reckoned yet, it says so at once, but with `wait`.
    """
    changes = sight.changes
    found = awaited(desk.previews.ask(page_one, desk.drafts.folder(sight.id), key_of(changes), changes), asked)
    if found is None:
        return {**frame(sight), "ready": False, "runs": RUNS, "text": [], "changed": []}
    before, after = found["before"], found["after"]
    first, flips = (_sections(sight.id, after, before, names) for names in (("bottom-line",), FLIPS))
    was = set(_sentences(before))
    return {
        **frame(sight), "ready": True, "runs": RUNS, "_first": first, "_flips": flips, "text": _sentences(after),
        "changed": [each for each in _sentences(after) if each not in was],
    }  # fmt: skip


def preview_brief(desk: Desk, sight: Sight) -> Brief:
    """The whole brief of the draft by a preview's runs, which says on top that it is one."""
    changes = sight.changes
    found = desk.previews.ask(page_one, desk.drafts.folder(sight.id), key_of(changes), changes).result(PATIENT)["after"]
    return replace(found, marking=" \u00b7 ".join(filter(None, (found.marking, f"Preview, {RUNS} runs"))))


def _sections(draft: str, after: Brief, before: Brief, names: tuple[str, ...]) -> Any:
    whole = f"/d/{draft}/preview.html"
    return marked(
        *(sections_of(each, tuple(s for s in each.sections if s.id in names), whole) for each in (before, after))
    )


def _sentences(brief: Brief) -> list[str]:
    from contingent.brief.document import record

    return next(part["text"] for part in record(brief)["sections"] if part["id"] == "bottom-line")
