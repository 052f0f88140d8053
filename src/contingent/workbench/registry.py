"""Where are drafts, their entries, jobs and the audit looked up, by several people at once?

SQLAlchemy Core on SQLite or PostgreSQL. An index: every draft is mirrored in files beside the runs, and `rebuild` makes
the tables anew from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, OperationalError

from contingent.atomic import atomic_write, canonical_json, sole_writer
from contingent.errors import BusyError, InputError
from contingent.workbench.draft import Entry

LATEST = -1  # in place of the last entry a writer has seen: whatever it is
TABLES = sa.MetaData()
DRAFTS = sa.Table(
    "drafts", TABLES, sa.Column("id", sa.String(16), primary_key=True), sa.Column("told", sa.Text, nullable=False)
)
ENTRIES = sa.Table(
    "entries", TABLES, sa.Column("draft", sa.String(16), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False), sa.Column("told", sa.Text, nullable=False),
)  # fmt: skip
JOBS = sa.Table(
    "jobs", TABLES, sa.Column("id", sa.String(16), primary_key=True), sa.Column("draft", sa.String(16), index=True),
    sa.Column("told", sa.Text, nullable=False),
)  # fmt: skip
AUDIT = sa.Table(
    "audit", TABLES, sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("told", sa.Text, nullable=False),
)  # fmt: skip


class ConflictError(BusyError):
    """Somebody else has changed the draft since; `since` are their entries."""

    def __init__(self, since: list[Entry]) -> None:
        self.since = since
        last = since[-1] if since else None
        who = f"{last.who} changed the draft at {last.when[11:16]} ({last})" if last else "somebody changed the draft"
        super().__init__(f"{who}; nothing of yours is lost: look at it, then send yours again")


def now() -> str:
    """The time as entries have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Registry:
    """The tables at an address of SQLAlchemy's, mirrored in a folder.

    Raises:
        InputError: nothing can be reached at the address.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self.engine = sa.create_engine(
                address, pool_pre_ping=True, pool_size=20
            )  # a connection for each of many at once
            if self.engine.dialect.name == "sqlite":
                event.listen(self.engine, "connect", _patient)
            TABLES.create_all(self.engine)
        except (ArgumentError, NoSuchModuleError, OperationalError, ImportError) as error:
            shown = str(error).splitlines()[0]
            raise InputError(
                f"--database {_hidden(address)}: {shown}; sqlite:///FILE or postgresql+psycopg://..."
            ) from None

    def add_draft(self, draft: str, told: Mapping[str, Any]) -> None:
        """A new draft, with what is to be known of it."""
        with self.engine.begin() as db:
            db.execute(DRAFTS.insert().values(id=draft, told=json.dumps(told)))
        self._mirror(draft)

    def drafts(self) -> dict[str, dict[str, Any]]:
        """What is known of every draft, by id."""
        with self.engine.connect() as db:
            return {row.id: json.loads(row.told) for row in db.execute(sa.select(DRAFTS).order_by(DRAFTS.c.id))}

    def draft(self, draft: str) -> dict[str, Any]:
        """What is known of a draft.

        Raises:
            InputError: there is none of that name.
        """
        with self.engine.connect() as db:
            row = db.execute(sa.select(DRAFTS.c.told).where(DRAFTS.c.id == draft)).scalar()
        if row is None:
            raise InputError(f"{draft}: there is no such draft; the first page lists those there are")
        return json.loads(row)

    def entries(self, draft: str, after: int = 0) -> list[Entry]:
        """Everything done to a draft after an entry, in order."""
        asked = sa.select(ENTRIES.c.told).where(ENTRIES.c.draft == draft, ENTRIES.c.seq > after).order_by(ENTRIES.c.seq)
        with self.engine.connect() as db:
            return [Entry.model_validate_json(told) for told in db.execute(asked).scalars()]

    def latest(self, draft: str) -> int:
        """The number of a draft's last entry; 0 if there is none."""
        with self.engine.connect() as db:
            return db.execute(sa.select(sa.func.max(ENTRIES.c.seq)).where(ENTRIES.c.draft == draft)).scalar() or 0

    def append(self, draft: str, seen: int, **told: Any) -> Entry:
        """One entry more, after the last one its writer has seen.

        Raises:
            ConflictError: somebody else was faster.
        """
        last = self.latest(draft) if seen == LATEST else seen
        entry = Entry(seq=last + 1, when=now(), **told)
        try:
            if last > self.latest(draft):
                raise InputError(f"entry {last} of draft {draft}: is not there yet; load the page again")
            with self.engine.begin() as db:
                db.execute(ENTRIES.insert().values(draft=draft, seq=entry.seq, told=entry.model_dump_json()))
        except IntegrityError:
            raise ConflictError(self.entries(draft, last)) from None
        self._mirror(draft)
        return entry

    def put_job(self, job: str, draft: str, told: Mapping[str, Any]) -> None:
        """What is to be known of a run under way, new or again."""
        with self.engine.begin() as db:
            changed = db.execute(JOBS.update().where(JOBS.c.id == job).values(told=json.dumps(told)))
            if not changed.rowcount:
                db.execute(JOBS.insert().values(id=job, draft=draft, told=json.dumps(told)))

    def jobs(self, draft: str = "") -> dict[str, dict[str, Any]]:
        """What is known of every run that was asked for, of one draft or of all."""
        asked = sa.select(JOBS) if not draft else sa.select(JOBS).where(JOBS.c.draft == draft)
        with self.engine.connect() as db:
            return {row.id: {"draft": row.draft, **json.loads(row.told)} for row in db.execute(asked)}

    def note(self, who: str, role: str, what: str, draft: str = "") -> None:
        """One line more of the audit; each carries the digest of the one before, and none is ever changed."""
        for _ in range(20):
            with self.engine.connect() as db:
                last = db.execute(sa.select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).first()
            before = sha256(last.told.encode()).hexdigest() if last else ""
            told = canonical_json({"when": now(), "who": who, "role": role, "what": what, "draft": draft,
                                   "before": before}).decode()  # fmt: skip
            try:
                with self.engine.begin() as db:
                    db.execute(AUDIT.insert().values(seq=last.seq + 1 if last else 1, told=told))
            except IntegrityError:
                continue
            file = self.folder / "audit.jsonl"
            with sole_writer(file), file.open("a", encoding="utf-8") as stream:
                stream.write(told + "\n")
            return
        raise BusyError("the audit is written by too many at once; nothing was done, send it again")

    def audit(self) -> list[dict[str, Any]]:
        """Who did what, first to last; a line that does not follow from the one before says so under `broken`."""
        with self.engine.connect() as db:
            lines = db.execute(sa.select(AUDIT.c.told).order_by(AUDIT.c.seq)).scalars().all()
        found, before = [], ""
        for line in lines:
            told = json.loads(line)
            found.append(told | ({"broken": True} if told["before"] != before else {}))
            before = sha256(line.encode()).hexdigest()
        return found

    def _mirror(self, draft: str) -> None:
        """The draft as files have it: what the tables are made anew from, and what is carried elsewhere."""
        file = self.folder / draft / "draft.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        with sole_writer(file):
            lines = [json.dumps(self.draft(draft)), *(entry.model_dump_json() for entry in self.entries(draft))]
            with atomic_write(file) as scratch:
                scratch.write_text("\n".join(lines) + "\n", "utf-8")

    def rebuild(self) -> int:
        """Take into the tables what stands in files and not in them, and the other way round; how many lines came.

        A last line that a killed process left half written is left out.
        """
        came = 0
        for file in sorted(self.folder.glob("*/draft.jsonl")):
            known, draft = self.drafts(), file.parent.name
            told, *lines = file.read_text("utf-8").splitlines() or [""]
            with self.engine.begin() as db:
                if draft not in known and told:
                    db.execute(DRAFTS.insert().values(id=draft, told=told))
                    came += 1
                last = db.execute(sa.select(sa.func.max(ENTRIES.c.seq)).where(ENTRIES.c.draft == draft)).scalar() or 0
                for entry in _sound(lines):
                    if entry.seq > last:
                        values = {"draft": draft, "seq": entry.seq, "told": entry.model_dump_json()}
                        db.execute(ENTRIES.insert().values(**values))
                        came += 1
        for draft in self.drafts():
            self._mirror(draft)
        came += self._audit_again()
        return came

    def _audit_again(self) -> int:
        file = self.folder / "audit.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.is_file() else []
        with self.engine.begin() as db:
            if db.execute(sa.select(sa.func.count()).select_from(AUDIT)).scalar() or not lines:
                return 0
            db.execute(AUDIT.insert(), [{"seq": n, "told": line} for n, line in enumerate(lines, 1)])
        return len(lines)


def _sound(lines: list[str]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield Entry.model_validate_json(line)
        except ValueError:
            return


def _hidden(address: str) -> str:
    """An address without its password."""
    try:
        return sa.make_url(address).render_as_string()
    except ArgumentError:
        return address


def _patient(connection: Any, _: Any) -> None:
    """SQLite as several threads and processes use it: readers wait for nobody, writers for each other."""
    for line in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {line}")
