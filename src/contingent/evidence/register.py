"""What an article puts into the ledger: one document, its claims with proposed grades, and the flags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contingent.evidence.article import Article
from contingent.evidence.checks import check
from contingent.evidence.corroborate import group_of, sketch
from contingent.evidence.extract import extract
from contingent.evidence.finding import Finding
from contingent.evidence.grade import Proposal
from contingent.evidence.pack import Pack
from contingent.evidence.relate import proposals
from contingent.evidence.said import Span
from contingent.evidence.setting import resolved

METHOD = {"name": "grammar", "version": "1"}
CONTEXT = 32  # characters of prefix and suffix in a W3C text-quote selector
QUOTE = 10  # words of a short quotation
Record = tuple[str, dict[str, Any]]


def records(article: Article, pack: Pack, *, offsets_only: bool = False) -> Iterator[Record]:
    """The ledger's records for one article; with `offsets_only` the publisher's words stay out of it."""
    findings = extract(article, pack)
    flags = check(article, findings, pack)
    origin = article.sha256[:12]
    said = {one.id: one.said(article.text) for one in findings}
    published = str(article.published or "")
    group = {one.id: group_of(one, origin, published) for one in findings}
    grades = proposals(findings, said, group, flags)
    yield "document", document(article, offsets_only=offsets_only)
    for one in findings:
        yield "claim", claim(one, article, group[one.id], grades[one.id], offsets_only=offsets_only)
    for flag in flags:
        yield "flag", {"kind": flag.kind, "claims": [f"{origin}/{name}" for name in flag.claims], "reason": flag.reason}


def document(article: Article, *, offsets_only: bool) -> dict[str, Any]:
    """The record of a document: its hash and what it says of itself, never its text."""
    return {
        "id": article.sha256[:12],
        "sha256": article.sha256,
        "characters": len(article.text),
        "name": article.name,
        "title": article.title,
        "byline": article.byline,
        "publisher": article.publisher,
        "url": article.url,
        "published": str(article.published) if article.published else None,
        "rights": "offsets-only" if offsets_only else "short quotations",
        "sketch": list(sketch(article.text)),
        "warnings": list(article.warnings),
    }


def claim(one: Finding, article: Article, group: str, grade: Proposal, *, offsets_only: bool) -> dict[str, Any]:
    """The record of a claim with its selectors, status, mood, matter and proposed grade."""
    text, origin = article.text, article.sha256[:12]
    return {
        "id": f"{origin}/{one.id}",
        "document": origin,
        "spans": [selector(text, span, offsets_only=offsets_only) for span in one.spans],
        "quote": "" if offsets_only else " ".join(one.said(text).split()[:QUOTE]),
        "speaker": {"name": one.speaker.name, "kind": one.speaker.kind, "office": one.speaker.office},
        "speaker_span": list(one.speaker_span) if one.speaker_span else None,
        "cue": list(one.cue) if one.cue else None,
        "attribution": one.attribution,
        "record": one.record,
        "form": one.form,
        "modality": one.modality,
        "channel": one.channel,
        "date": one.date_expression,
        "day": str(resolved(one.date_expression, article.published) or ""),
        "negated": one.negated,
        "condition": "" if offsets_only else one.condition,
        "conditional": bool(one.condition),
        "hedges": list(one.hedges),
        "quantities": [{"value": q.value, "op": q.op, "unit": q.unit} for q in one.quantities],
        "factors": list(one.factors),
        "polarity": one.polarity,
        "about": f"{origin}/{one.about}" if one.about else "",
        "relay": [name for name in (one.relayed, one.speaker.name, one.channel, article.publisher) if name],
        "free_indirect": one.reported_speech,
        "group": group,
        "proposal": {
            "letter": grade.letter,
            "letter_reason": grade.letter_reason,
            "number": grade.number,
            "number_reason": grade.number_reason,
        },
        "method": METHOD,
    }


def selector(text: str, span: Span, *, offsets_only: bool) -> dict[str, Any]:
    """W3C text-position selector, with the text-quote selector beside it where rights allow."""
    start, end = span
    place: dict[str, Any] = {"start": start, "end": end}
    if not offsets_only:
        place["exact"] = text[start:end]
        place["prefix"] = text[max(0, start - CONTEXT) : start]
        place["suffix"] = text[end : end + CONTEXT]
    return place
