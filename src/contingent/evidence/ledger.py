"""What was found and what was decided, in order and for good: JSON lines, each sealed with the hash of all before.

Append-only hash chain, decisions of reviewers included. A line that was cut off while being written is dropped when the
ledger is opened again; any other damage is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from contingent.atomic import canonical_json, sole_writer
from contingent.errors import InputError, LedgerError
from contingent.evidence.claim import Attribution, Form, LedgerClaim, Modality, OnRecord
from contingent.records import from_json

FORMAT = "contingent-ledger/1"
GENESIS = hashlib.sha256(FORMAT.encode()).hexdigest()
VERDICTS = ("accept", "edit", "reject")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
NEEDED = ("claim", "verdict", "reason", "by", "at")  # of a decision
EDITABLE: dict[str, Any] = {
    "attribution": Attribution, "record": OnRecord, "form": Form, "modality": Modality, "polarity": Literal[-1, 0, 1],
    "letter": Literal["A", "B", "C", "D", "E", "F"], "number": Literal[1, 2, 3, 4, 5, 6],
    **dict.fromkeys(("factors", "speaker", "says", "condition", "group")),
}  # fmt: skip
"""What an edit may change: never the places in the text, which are facts about it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what kind of thing it records, its content, and the seal over everything up to it."""

    number: int
    kind: str
    body: dict[str, Any]
    seal: str


def sealed(number: int, kind: str, body: dict[str, Any], previous: str) -> Entry:
    """The entry that follows one whose seal is `previous`."""
    content = canonical_json([number, kind, body])
    return Entry(number, kind, body, hashlib.sha256(previous.encode() + content).hexdigest())


def line_of(entry: Entry) -> bytes:
    """The entry as it is written."""
    record = {"n": entry.number, "kind": entry.kind, "body": entry.body, "seal": entry.seal}
    return canonical_json(record) + b"\n"


@dataclass(slots=True)
class Ledger:
    """A ledger file that can be read and added to."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _bytes: int = 0
    _seen: int = 0

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """The ledger at a path, checked from its first line to its last; a new one if there is no file.

        Raises:
            LedgerError: a line is damaged or was changed; names the line.
        """
        ledger = cls(path)
        if not path.exists():
            return ledger
        raw = path.read_bytes()
        whole = raw.rfind(b"\n") + 1
        if whole < len(raw):
            ledger.warnings.append(f"{path.name}: the last line was cut off while being written and is dropped")
        for number, line in enumerate(raw[:whole].split(b"\n")[:-1]):
            ledger.entries.append(_checked(path, number, line, ledger.seal))
        ledger._bytes, ledger._seen = whole, len(raw)
        return ledger

    @property
    def seal(self) -> str:
        """The hash over everything so far."""
        return self.entries[-1].seal if self.entries else GENESIS

    def append(self, records: Iterable[tuple[str, dict[str, Any]]]) -> list[Entry]:
        """Adds lines for good: they are on the disk when this returns, all of them or, if cut off, a whole number."""
        added: list[Entry] = []
        for kind, body in records:
            added.append(sealed(len(self.entries), kind, body, self.seal))
            self.entries.append(added[-1])
        if not added:
            return added
        block = b"".join(map(line_of, added))
        with sole_writer(self.path), self.path.open("r+b" if self.path.exists() else "w+b") as file:
            self._unchanged(file.seek(0, os.SEEK_END))
            file.seek(self._bytes)
            file.truncate()
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        self._bytes = self._seen = self._bytes + len(block)
        return added

    def _unchanged(self, size: int) -> None:
        """That nobody else added to the file since it was opened: their lines would be written over.

        Raises:
            LedgerError: somebody did; nothing is written.
        """
        if size != self._seen:
            raise LedgerError(
                f"{self.path}: another process wrote to it since it was opened ({size:,} bytes where {self._seen:,} "
                "were); nothing was written, run the command again"
            )

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        """The content of every entry of a kind, in order."""
        return (entry.body for entry in self.entries if entry.kind == kind)


def _checked(path: Path, number: int, line: bytes, previous: str) -> Entry:
    try:
        record = json.loads(line.decode("utf-8", "surrogatepass"))
        entry = sealed(number, record["kind"], record["body"], previous)
        good = record["n"] == number and record["seal"] == entry.seal
    except (ValueError, KeyError, TypeError):
        raise LedgerError(f"{path}:{number + 1}: not a line of a ledger; restore the file from a copy") from None
    if not good:
        raise LedgerError(
            f"{path}:{number + 1}: was changed, moved or taken out after it was written (its seal does not hold); "
            "restore the file from a copy, and record changes as decisions"
        )
    return entry


def claims_now(ledger: Ledger) -> dict[str, LedgerClaim]:
    """Every claim by its key as the decisions so far leave it; a rejected one has `verdict` reject.

    Raises:
        LedgerError: a claim, or what a decision made of it, is none.
    """
    now: dict[str, LedgerClaim] = {}
    for entry in ledger.entries:
        if entry.kind == "claim":
            now[entry.body["id"]] = LedgerClaim.from_row(entry.body)
        elif entry.kind == "decision" and entry.body["claim"] in now:
            now[entry.body["claim"]] = decided(now[entry.body["claim"]], entry.body)
    return now


def decided(claim: LedgerClaim, decision: Mapping[str, Any]) -> LedgerClaim:
    """A claim as a decision leaves it; a changed half of the grade has the decision's reason.

    Raises:
        LedgerError: what the decision makes of it is no claim.
    """
    changes = dict(decision["changes"])
    row = claim.to_row()
    halves = {half: changes.pop(half) for half in ("letter", "number") if half in changes}
    reasons = {f"{half}_reason": decision["reason"] for half in halves}
    if isinstance(changes.get("speaker"), str):
        changes["speaker"] = {**row["speaker"], "name": changes["speaker"]}
    proposal = {**row["proposal"], **halves, **reasons}
    review = {key: decision[key] for key in ("by", "at", "reason")}
    told = {"proposal": proposal, "verdict": decision["verdict"], "review": review}
    return LedgerClaim.from_row({**row, **changes, **told})


def decisions_from(file: Path) -> list[dict[str, Any]]:
    """The decisions in a file that the review page saved.

    Raises:
        InputError: not such a file; every complaint at once.
    """
    hint = "not a file of decisions; save one from the review page"
    try:
        rows = from_json(file.read_bytes(), dict[Literal["decisions"], list[Any]], file, hint).get("decisions", ())
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    complaints = [f"{file}: decision {i + 1}: {what}" for i, row in enumerate(rows) for what in _faults(row)]
    if complaints:
        raise InputError("\n".join(complaints))
    return [{**{key: row[key] for key in NEEDED}, "changes": row.get("changes") or {}} for row in rows]


def _faults(row: Any) -> list[str]:
    if not isinstance(row, dict):
        return ["not a record"]
    found = [f"`{key}` is missing" for key in NEEDED if not row.get(key)]
    found += [f"`{key}` is no text" for key in NEEDED if row.get(key) and not isinstance(row[key], str)]
    if isinstance(row.get("at"), str) and not _DAY.fullmatch(row["at"]):
        found.append(f"at `{row['at']}` is no day; write it as 2025-10-28")
    if not isinstance(row.get("changes") or {}, dict):
        return [*found, "`changes` is not a record"]
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
        InputError: a decision about a claim the ledger does not hold, or one that would leave no claim.
    """
    decisions = list(decisions)
    known = claims_now(ledger)
    strangers = [one["claim"] for one in decisions if one["claim"] not in known]
    if strangers:
        raise InputError(
            f"{ledger.path}: holds no claim {', '.join(strangers)}; were these decisions made on another ledger?"
        )
    for one in decisions:
        known[one["claim"]] = decided(known[one["claim"]], one)
    there = list(ledger.of("decision"))
    new = [one for one in decisions if one not in there]
    ledger.append(("decision", one) for one in new)
    return len(new)
