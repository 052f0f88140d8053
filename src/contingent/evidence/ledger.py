"""What was found and what was decided, in order and for good: JSON lines, each sealed with the hash of all before.

Append-only hash chain, decisions of reviewers included. Nothing is written that could not be read again, and whatever
happened to the file, it can be read: a line that does not hold is named and kept aside, the others live. A line that
was cut off while being written is dropped when the ledger is opened again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError, create_model

from contingent.atomic import atomic_write, canonical_json, sole_writer
from contingent.errors import InputError, LedgerError
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.export import EDITABLE, faults_of
from contingent.processes import content_of

FORMAT = "contingent-ledger/1"
GENESIS = hashlib.sha256(FORMAT.encode()).hexdigest()
_KEYS: dict[str, dict[str, Any]] = {
    "document": {"id": str, "sha256": str, "name": str, "bytes": str, "title": str, "published": str | None,
                 "sketch": list[int], "warnings": list[str]},
    "skipped": {"name": str, "bytes": str, "reason": str},
    "flag": {"kind": str, "claims": list[str], "reason": str},
    "suggestion": {"document": str, "claim": str, "disagrees": list[str], "method": dict[str, str]},
    "assistance": {"document": str, "method": dict[str, str], "kept": int, "dropped": int},
}  # fmt: skip
_SHAPES = {kind: create_model(kind, __base__=BaseModel, **keys) for kind, keys in _KEYS.items()}
"""What is read of a line, by its kind; claims and decisions have models of their own."""

WORDS = ("quote", "speaker", "office", "channel", "date_expression", "actor_state", "condition", "letter_reason",
         "number_reason", "group")  # fmt: skip
"""Of a claim: what its model takes as it stands, since an article may hold any character."""


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
    """The lines that hold."""
    faults: dict[int, str] = field(default_factory=dict)
    """What is wrong with others, by the line, from 1."""
    warnings: list[str] = field(default_factory=list)
    claims: dict[str, LedgerClaim] = field(default_factory=dict)
    """Every claim by its key as the decisions so far leave it; a rejected one has `verdict` reject."""
    seal: str = GENESIS
    """The hash over everything so far."""
    _next: int = 0
    _bytes: int = 0
    _end: bytes = b""
    """How the file ends, by which it is known whether somebody else has written to it."""

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """The ledger at a path, checked from its first line to its last; a new one if there is no file.

        Raises:
            LedgerError: it is no ledger at all.
        """
        ledger = cls(path)
        if not path.exists():
            return ledger
        raw = content_of(path, 1_000_000_000, "name the file of a ledger, or its folder", LedgerError)
        lines = raw.split(b"\n")
        chain = _Chain(ledger)
        for number, line in enumerate(lines[:-1], 1):
            chain.take(number, line)
        ledger._bytes, ledger._end = len(raw) - len(lines[-1]), raw[-END:]
        if lines[-1] and chain.whole(lines[-1]):  # an editor took the end of the line away
            chain.take(len(lines), lines[-1])
            ledger._bytes = len(raw)
        elif lines[-1]:
            ledger.warnings.append(f"{path.name}: the last line was cut off while being written and is dropped")
        if ledger.faults and not ledger.entries:
            raise LedgerError(f"{path}:{min(ledger.faults)}: not a line of a ledger, nor is any other; is it one?")
        told = [f"{path}:{line}: {why}" for line, why in ledger.faults.items()]
        ledger.warnings += [*told, f"all other lines are read; `contingent ledger repair {path}`"] if told else []
        return ledger

    def append(self, records: Iterable[tuple[str, dict[str, Any]]]) -> list[Entry]:
        """Adds lines for good: they are on the disk when this returns, all of them or, if cut off, a whole number.

        Raises:
            LedgerError: a record could not be read again, or another process wrote meanwhile; nothing is written.
        """
        added: list[Entry] = []
        claims, seal = dict(self.claims), self.seal
        for kind, body in records:
            try:
                fault = _read(kind, body, claims)
                added.append(sealed(self._next + len(added), kind, body, seal))
            except ValueError as error:  # a number that JSON does not have
                fault = str(error)
            if fault:
                raise LedgerError(f"{self.path}: {fault}; nothing was written")
            seal = added[-1].seal
        if not added:
            return added
        block = b"".join(map(line_of, added))
        with sole_writer(self.path), self.path.open("r+b" if self.path.exists() else "w+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - END))
            if file.read() != self._end:
                raise LedgerError(
                    f"{self.path}: another process wrote to it since it was opened; nothing was written, run the "
                    "command again"
                )
            file.seek(max(0, self._bytes - 1))
            if file.read(1) not in (b"\n", b""):
                block = b"\n" + block
            file.seek(self._bytes)
            file.truncate()
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        self.entries += added
        self.claims, self.seal, self._next = claims, seal, self._next + len(added)
        self._end = (self._end[: len(self._end) - (size - self._bytes)] + block)[-END:]
        self._bytes += len(block)
        return added

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        """The content of every entry of a kind, in order."""
        return (entry.body for entry in self.entries if entry.kind == kind)

    def repair(self) -> Path:
        """Seal the lines that hold anew, and a line that says so; the file as it was lies beside, where that says."""
        with sole_writer(self.path):
            before = self.path.read_bytes()
            kept = (self.path.with_name(f"{self.path.name}.damaged{n or ''}") for n in range(1000))
            aside = next(file for file in kept if not file.exists())
            with atomic_write(aside) as scratch:
                scratch.write_bytes(before)
            told = {"as_it_was": aside.name, "sha256": hashlib.sha256(before).hexdigest(), "seal": self.seal,
                    "lines": {str(line): why for line, why in self.faults.items()}}  # fmt: skip
            seal, lines = GENESIS, []
            for kind, body in [*((entry.kind, entry.body) for entry in self.entries), ("repair", told)]:
                lines.append(sealed(len(lines), kind, body, seal))
                seal = lines[-1].seal
            with atomic_write(self.path) as scratch:
                scratch.write_bytes(b"".join(map(line_of, lines)))
        return aside


END = 4096  # bytes of a file's end that are compared before anything is added to it


class _Chain:
    """The lines of a ledger, one after the other, each checked against the seal of the one before."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.last, self.gap = ledger, {GENESIS}, False

    def whole(self, line: bytes) -> Entry | None:
        """What a line says, if it follows those before."""
        said = _said(line)
        entry = said and sealed(said.number, said.kind, said.body, self.ledger.seal)
        return entry if said and entry and entry.seal == said.seal else None

    def take(self, number: int, line: bytes) -> None:
        """One more line: it lives, or what is wrong with it is noted. Where those before it are gone, both."""
        ledger, said = self.ledger, _said(line)
        if said is None:
            ledger.faults[number] = "not a line of a ledger, or a damaged one"
            self.gap = True
            return
        follows = {sealed(said.number, said.kind, said.body, seal).seal for seal in {ledger.seal, *self.last}}
        self.last = {said.seal, *follows}  # of this line, as it says or as it should
        if said.seal not in follows:
            if not self.gap and said.number < ledger._next:
                ledger.faults[number] = "was moved here, or stands here twice"
                return
            if not self.gap and said.number == ledger._next:
                ledger.faults[number] = "was changed after it was written (its seal does not hold)"
                ledger.seal, ledger._next = said.seal, said.number + 1
                return
            ledger.faults[number] = "what stood before it is gone, or its number was changed; it is read all the same"
        ledger.seal, ledger._next, self.gap = said.seal, said.number + 1, False
        if fault := _read(said.kind, said.body, ledger.claims):
            ledger.faults[number] = f"holds what cannot be read: {fault}"
        else:
            ledger.entries.append(said)


def _said(line: bytes) -> Entry | None:
    """What a line says of itself; None if it is no line of a ledger."""
    try:
        record = json.loads(line.decode("utf-8", "surrogatepass"))
        found = Entry(record["n"], record["kind"], record["body"], record["seal"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    types = (found.number, int), (found.kind, str), (found.body, dict), (found.seal, str)
    return found if len(record) == 4 and all(type(value) is wanted for value, wanted in types) else None


def _read(kind: str, body: dict[str, Any], claims: dict[str, LedgerClaim]) -> str:
    """Take a record over as its reader would; what is wrong with it, or nothing."""
    try:
        if kind in ("claim", "decision"):
            of, known = (body["id"], None) if kind == "claim" else (body["claim"], claims.get(body["claim"]))
            found = LedgerClaim.from_row(body) if kind == "claim" else known and decided(known, body)
            if found and (wrong := [key for key in WORDS if not isinstance(getattr(found, key), str)]):
                return f"claim {of}: {', '.join(wrong)}: no text"
            if (found and not found.spans) or (kind == "decision" and body["changes"].keys() - EDITABLE.keys()):
                return f"claim {of}: its places in the text are facts about it"
            claims |= {of: found} if found else {}
        elif kind in _SHAPES:
            _SHAPES[kind].model_validate(body)
    except ValidationError as error:
        return f"{kind}: " + "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    except LedgerError as error:
        return str(error)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"{kind}: {error!r}"
    return ""


def claims_now(ledger: Ledger) -> dict[str, LedgerClaim]:
    """Every claim by its key as the decisions so far leave it; a rejected one has `verdict` reject."""
    return dict(ledger.claims)


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


def record(ledger: Ledger, decisions: Iterable[dict[str, Any]]) -> int:
    """Writes decisions into the ledger; how many were new. A decision that is already there is not repeated.

    Raises:
        InputError: a decision about a claim the ledger does not hold, or one that would leave no claim.
    """
    decisions = list(decisions)
    known = claims_now(ledger)
    if wrong := [f"claim {one.get('claim')}: {what}" for one in decisions for what in faults_of(one)]:
        raise LedgerError("\n".join(wrong))
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
