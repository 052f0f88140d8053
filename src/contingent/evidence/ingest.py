"""How one article, or thousands, become a ledger: in the order of their names, whatever the number of workers.

Ingestion: one document record, its claims with proposed grades, and the flags; worked out in parallel, written in
order. A run that was interrupted goes on where it stopped.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from contingent import processes
from contingent.errors import InputError, LanguageError
from contingent.evidence.article import SUFFIXES, Article, article_from, heavy, read_article, read_bytes
from contingent.evidence.checks import Flag, check
from contingent.evidence.claim import QUOTE, LedgerClaim, Passage
from contingent.evidence.corroborate import group_of, sketch
from contingent.evidence.extract import extract
from contingent.evidence.grade import graded
from contingent.evidence.ledger import Ledger
from contingent.evidence.occasion import resolved
from contingent.evidence.pack import Pack, pack_for

BATCH = 32  # articles written at a time: large enough to be quick, small enough to lose little
_ADDRESS = re.compile(r"([a-z]{2,8}):/+(?=\w)")
CONTEXT = 32  # characters of prefix and suffix in a W3C text-quote selector
Record = tuple[str, dict[str, Any]]
"""Kind and content of a line of the ledger."""


def day_of(words: str, flag: str) -> str:
    """A day as the ledger writes it.

    Raises:
        InputError: it is none.
    """
    try:
        return str(dt.date.fromisoformat(words)) if words else ""
    except ValueError:
        raise InputError(f"{flag} {words}: not a day; write it as 2025-10-28") from None


@dataclass(frozen=True, slots=True)
class Settings:
    """How every article of a run is read."""

    pack: Pack | None = None
    """The question's pack; without one, each text's own theatre says which."""
    offsets_only: bool = False
    url: str = ""
    published: str = ""
    marking: str = ""

    def __post_init__(self) -> None:
        """Refuse a day that is none before any work is done."""
        day_of(self.published, "--published")


def articles_in(place: Path) -> list[Path]:
    """The article at a path, or those under a folder, in the order of their names.

    Raises:
        InputError: nothing to read there.
    """
    if _ADDRESS.match(str(place)):
        address = _ADDRESS.sub(r"\1://", str(place))  # a path has lost a slash
        raise InputError(f"{address}: nothing is fetched; save the page and give its file, with --url for its address")
    if not place.exists():
        raise InputError(f"{place}: there is nothing there")
    if not place.is_dir():
        return [place]
    found = sorted(path for path in place.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
    if not found:
        raise InputError(f"{place}: holds no article ({', '.join(sorted(SUFFIXES))})")
    return found


def first_readable(place: Path) -> Article:
    """The first article at a place that can be read.

    Raises:
        InputError: none can be; a line on each. It is a LanguageError where all are in languages that are not read.
    """
    wrong: list[InputError] = []
    for file in articles_in(place):
        try:
            return read_article(file)
        except InputError as error:
            wrong.append(error)
    kind = LanguageError if all(isinstance(error, LanguageError) for error in wrong) else InputError
    raise kind("\n".join(map(str, wrong)))


def read_one(root: Path, settings: Settings, file: Path) -> list[Record]:
    """The records of one file; a file that cannot be read becomes one record that says why."""
    name, digest = name_in(root, file), ""
    try:
        raw = read_bytes(file, name)
        digest = hashlib.sha256(raw).hexdigest()
        found = (
            processes.contained(name, _read, raw, name, settings) if heavy(raw, name) else _read(raw, name, settings)
        )
    except InputError as error:
        return [("skipped", {"name": name, "bytes": digest, "reason": str(error)})]
    marked = {"marking": settings.marking} if settings.marking else {}
    return [("document", {**found[0][1], "bytes": digest, **marked}), *found[1:]]


def _read(raw: bytes, name: str, settings: Settings) -> list[Record]:
    article = _dated(article_from(raw, name), settings)
    return list(records(article, settings.pack or pack_for(article.text), offsets_only=settings.offsets_only))


def _dated(article: Article, settings: Settings) -> Article:
    if settings.published and article.published is None:
        article = replace(article, published=dt.date.fromisoformat(settings.published))
    return replace(article, url=settings.url) if settings.url and not article.url else article


def read_all(
    place: Path,
    ledger: Ledger,
    settings: Settings,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Adds every article at a place that the ledger does not hold yet; how many were added."""
    root = place
    done: dict[str, set[str]] = {}
    for body in (*ledger.of("document"), *ledger.of("skipped")):
        done.setdefault(body["name"], set()).add(body["bytes"])
    files = [file for file in articles_in(place) if not _there(root, file, done)]
    texts = {body["sha256"] for body in ledger.of("document")}
    count = 0
    batch: list[Record] = []
    for found in _results(partial(read_one, root, settings), files, workers):
        batch.extend(_once(found, texts))
        count += 1
        if count % BATCH == 0 or count == len(files):
            ledger.append(batch)
            batch = []
            progress(count, len(files))
    return count


def name_in(root: Path, file: Path) -> str:
    """What the ledger calls a file: its path below the folder that was asked for, or its name alone."""
    return file.relative_to(root).as_posix() if file != root else file.name


def _there(root: Path, file: Path, done: dict[str, set[str]]) -> bool:
    name = name_in(root, file)
    return name in done and hashlib.sha256(file.read_bytes()).hexdigest() in done[name]


def _once(found: list[Record], texts: set[str]) -> list[Record]:
    """An exact copy of a text already read is recorded as one and its claims are not repeated."""
    kind, body = found[0]
    if kind == "document" and body["sha256"] in texts:
        return [("document", {**body, "copy_of": body["id"], "sketch": []})]
    if kind == "document":
        texts.add(body["sha256"])
    return found


def _results(read: Callable[[Path], list[Record]], files: Sequence[Path], workers: int) -> Iterator[list[Record]]:
    if workers <= 1 or len(files) < 2:
        yield from map(read, files)
        return
    with processes.workers(min(workers, len(files))) as pool:
        yield from pool.map(read, files, chunksize=max(1, min(BATCH, len(files) // (4 * workers))))


def records(article: Article, pack: Pack, *, offsets_only: bool = False) -> Iterator[Record]:
    """The ledger's records for one article; with `offsets_only` the publisher's words stay out of it."""
    claims = extract(article, pack)
    flags = check(article, claims, pack)
    origin = article.sha256[:12]
    yield "document", document(article, offsets_only=offsets_only)
    for one in judged(article, claims, flags):
        yield "claim", recorded(one, article, offsets_only=offsets_only).to_row()
    for flag in flags:
        yield "flag", replace(flag, claims=tuple(f"{origin}/{name}" for name in flag.claims)).to_row()


def judged(article: Article, claims: Sequence[LedgerClaim], flags: Sequence[Flag]) -> list[LedgerClaim]:
    """The claims of one article with their independence groups and proposed grades."""
    origin, published = article.sha256[:12], str(article.published or "")
    grouped = [
        one.model_copy(
            update={"group": group_of(one, origin, str(resolved(one.date_expression, article.published) or published))}
        )
        for one in claims
    ]
    return graded(grouped, flags, article.text)


def document(article: Article, *, offsets_only: bool) -> dict[str, Any]:
    """The record of a document: its hash and what it says of itself, never its text."""
    return {
        "id": article.sha256[:12], "sha256": article.sha256, "characters": len(article.text), "name": article.name,
        "title": article.title, "byline": article.byline, "publisher": article.publisher, "url": article.url,
        "published": str(article.published) if article.published else None,
        "language": article.language, "rights": "offsets-only" if offsets_only else "short quotations",
        "sketch": list(sketch(article.text)), "warnings": list(article.warnings),
    }  # fmt: skip


def recorded(one: LedgerClaim, article: Article, *, offsets_only: bool) -> LedgerClaim:
    """A claim with its text's name, its day, through whom it came, and its words where rights allow."""
    text = article.text
    passages = () if offsets_only else tuple(
        Passage(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])
        for start, end in one.spans
    )  # fmt: skip
    known = {
        "document": article.sha256[:12], "passages": passages,
        "quote": "" if offsets_only else " ".join(one.said(text).split()[:QUOTE]),
        "day": one.day or str(resolved(one.date_expression, article.published) or ""),
        "condition": "" if offsets_only else one.condition, "conditional": bool(one.condition),
        "relay": tuple(name for name in (*one.relay, one.speaker, one.channel, article.publisher) if name),
    }  # fmt: skip
    return one.model_copy(update=known)
