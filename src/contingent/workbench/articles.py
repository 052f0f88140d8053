"""Which articles does a draft have, what do they claim, and which of its positions would that move?

Each is kept as it came beside the draft's entries, never in a repository, with what was read of it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write, sole_writer
from contingent.errors import InputError
from contingent.evidence.article import SUFFIXES, article_from
from contingent.evidence.claim import Document
from contingent.evidence.ingest import Settings, read_all
from contingent.evidence.ledger import Ledger
from contingent.evidence.ledger_view import ledger_view
from contingent.notation import legible
from contingent.scenario.draft import evidence
from contingent.workbench.drafts import Sight

FOLDER = "articles"


def take(folder: Path, sight: Sight, name: str, raw: bytes, settings: Settings) -> str:
    """Keeps an article in a draft's folder, with its claims and what they would move there; its id.

    Claims that tell one story in several articles count once. An article that is there already changes nothing.

    Raises:
        InputError: it cannot be read, takes too long to read, or no day of publication is known.
    """
    article = article_from(raw, name)
    if not (article.published or settings.published):
        raise InputError(f"{name}: no day of publication was found in it; write it beside the file, as 2025-10-28")
    folder = folder / FOLDER
    folder.mkdir(exist_ok=True)
    suffix = Path(name).suffix.lower()
    file = folder / f"{sha256(raw).hexdigest()[:16]}{suffix if suffix in SUFFIXES else '.txt'}"
    with sole_writer(folder / "ledger.jsonl"):
        with atomic_write(file) as scratch:
            scratch.write_bytes(raw)
        ledger = Ledger.open(folder / "ledger.jsonl")
        read_all(file, ledger, settings)
        told = folder / f"{article.sha256[:12]}.json"
        if not told.exists():
            view = ledger_view(ledger, folder, known=sight.scenario.movers)
            body = next(each for each in view.documents if each["id"] == told.stem)
            claims = tuple(one for one in view.claims if one.document == told.stem)
            found = evidence(sight.scenario, view.known, replace(view, files=(file,), documents=(body,), claims=claims))
            day = dt.date.fromisoformat(body["published"])
            same = (key for key, each in sight.scenario.documents.items() if each.sha256 == article.sha256)
            document = next(same, f"article_{told.stem[:8]}")
            row = {key: value for key, value in body.items() if value and key in Document.model_fields}
            rows = {f"{document}_{one.id}": legible(one.cited(document, article.text, day)) for one in claims}
            with atomic_write(told) as scratch:
                scratch.write_text(json.dumps({
                    "article": told.stem, "name": name, "title": article.title or name, "text": legible(article.text),
                    "language": article.language, "document": document, "row": legible({"title": name, **row}),
                    "claims": rows, "moves": found.moves, "left": found.left}, default=str), "utf-8")  # fmt: skip
    return told.stem


def kept(folder: Path) -> list[dict[str, Any]]:
    """The articles in a draft's folder, with all that was read of them."""
    return [json.loads(file.read_text("utf-8")) for file in sorted((folder / FOLDER).glob("*.json"))]


def placed(text: str, quote: str, start: str = "", end: str = "") -> tuple[int, int]:
    """Where a quotation stands in an article: at the offsets given if it does, else where its words first stand.

    Raises:
        InputError: nowhere.
    """
    words = quote.split()
    told = (int(start), int(end)) if start.isdecimal() and end.isdecimal() else (0, 0)
    if text[slice(*told)].split() == words:
        return told
    if found := re.search(r"\s+".join(map(re.escape, words)), text):
        return found.span()
    raise InputError(f"“{quote[:80]}” does not stand in the article; copy the words as they stand there")
