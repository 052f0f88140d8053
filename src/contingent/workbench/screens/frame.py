"""What every screen of a draft tells: which draft, what stands, what can be undone, and how it is to be handled."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from contingent.workbench.drafts import Sight
from contingent.workbench.page import history
from contingent.workbench.previews import PATIENT, SOON


def awaited(told: Future[Any], asked: Mapping[str, str]) -> Any:
    """What a process finds out; None if it is not ready and `wait` was not asked for."""
    with suppress(TimeoutError):
        return told.result(PATIENT if asked.get("wait", "0") != "0" else SOON)
    return None


def frame(sight: Sight) -> dict[str, Any]:
    """The head of a screen."""
    stands = sight.stands
    return {
        "draft": sight.id, "name": sight.told["name"], "question": sight.scenario.question, "seq": sight.seq,
        "marking": sight.scenario.marking, "as_of": sight.scenario.as_of.isoformat(), "history": history(stands),
        "undo": str(stands.undo or ""), "redo": str(stands.redo or ""),
        "what_if": bool(stands.changes) and not stands.fresh,
    }  # fmt: skip
