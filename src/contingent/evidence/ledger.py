"""What was found and what was decided, in order and for good: JSON lines, each sealed with the hash of all before.

Nothing is ever changed or taken out: an edit is another line. A line that was cut off while being written is
dropped when the ledger is opened again; any other damage is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contingent.canonical import canonical_json
from contingent.errors import LedgerError
from contingent.locks import sole_writer

FORMAT = "contingent-ledger/1"
GENESIS = hashlib.sha256(FORMAT.encode()).hexdigest()


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
