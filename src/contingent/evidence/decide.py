"""What people decided about claims: accept, edit or reject, each decision a line in the ledger with its reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

from contingent.errors import InputError
from contingent.evidence.claim import Attribution, Form, Modality, OnRecord
from contingent.evidence.ledger import Ledger

VERDICTS = ("accept", "edit", "reject")
EDITABLE: dict[str, Any] = {
    "attribution": Attribution,
    "record": OnRecord,
    "form": Form,
    "modality": Modality,
    "polarity": Literal[-1, 0, 1],
    "letter": Literal["A", "B", "C", "D", "E", "F"],
    "number": Literal[1, 2, 3, 4, 5, 6],
    "factors": None,
    "speaker": None,
    "says": None,
    "condition": None,
    "group": None,
}
"""What an edit may change: never the places in the text, which are facts about it."""


def claims_now(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """Every claim by id as the decisions so far leave it; a rejected one has `verdict` reject."""
    now: dict[str, dict[str, Any]] = {}
    for entry in ledger.entries:
        if entry.kind == "claim":
            now[entry.body["id"]] = {**entry.body, "verdict": ""}
        elif entry.kind == "decision" and entry.body["claim"] in now:
            one = now[entry.body["claim"]]
            changes = dict(entry.body["changes"])
            halves = {half: changes.pop(half) for half in ("letter", "number") if half in changes}
            if halves:
                reasons = {f"{half}_reason": entry.body["reason"] for half in halves}
                one = {**one, "proposal": {**one["proposal"], **halves, **reasons}}
            now[entry.body["claim"]] = {**one, **changes, "verdict": entry.body["verdict"]}
    return now


def decisions_from(file: Path) -> list[dict[str, Any]]:
    """The decisions in a file that the review page saved.

    Raises:
        InputError: not such a file; every complaint at once.

    """
    try:
        data = json.loads(file.read_text("utf-8"))
        rows = data["decisions"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file}: not a file of decisions ({error}); save one from the review page") from None
    complaints = [f"{file}: decision {i + 1}: {what}" for i, row in enumerate(rows) for what in _faults(row)]
    if complaints:
        raise InputError("\n".join(complaints))
    return [
        {
            "claim": row["claim"],
            "verdict": row["verdict"],
            "changes": row.get("changes", {}),
            "reason": row["reason"],
            "by": row["by"],
            "at": row["at"],
        }
        for row in rows
    ]


def _faults(row: Any) -> list[str]:
    if not isinstance(row, dict):
        return ["not a record"]
    found = [f"`{key}` is missing" for key in ("claim", "verdict", "reason", "by", "at") if not row.get(key)]
    if row.get("verdict") not in VERDICTS:
        found.append(f"verdict `{row.get('verdict')}` is none of {', '.join(VERDICTS)}")
    for key, value in (row.get("changes") or {}).items():
        if key not in EDITABLE:
            found.append(f"`{key}` cannot be edited; these can: {', '.join(EDITABLE)}")
        elif EDITABLE[key] is not None and value not in get_args(EDITABLE[key]):
            found.append(f"{key} `{value}` is none of {', '.join(map(str, get_args(EDITABLE[key])))}")
    return found


def record(ledger: Ledger, decisions: Iterable[dict[str, Any]]) -> int:
    """Writes decisions into the ledger; how many were new. A decision that is already there is not repeated.

    Raises:
        InputError: a decision about a claim the ledger does not hold.

    """
    decisions = list(decisions)
    known = {body["id"] for body in ledger.of("claim")}
    strangers = [one["claim"] for one in decisions if one["claim"] not in known]
    if strangers:
        raise InputError(
            f"{ledger.path}: holds no claim {', '.join(strangers)}; were these decisions made on another ledger?"
        )
    there = list(ledger.of("decision"))
    new = [one for one in decisions if one not in there]
    ledger.append(("decision", one) for one in new)
    return len(new)
