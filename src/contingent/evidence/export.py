"""The ledger's claims in other people's formats: CSV, W3C Web Annotation, W3C PROV-JSON, schema.org ClaimReview.

Serialization; and the self-contained page on which a person accepts, edits or rejects each claim beside the article:
script and style are allowed by their hashes alone, nothing is loaded or sent.
"""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from itertools import pairwise
from typing import Any, get_args

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from contingent.evidence.checks import Flag
from contingent.evidence.claim import Attribution, LedgerClaim, Modality

Documents = Sequence[Mapping[str, Any]]
Claims = Sequence[LedgerClaim]
COLUMNS = ("id", "document", "start", "end", "quote", "speaker", "office", "attribution", "record", "form", "modality",
           "channel", "date", "negated", "condition", "factors", "polarity", "grade", "letter_reason", "number_reason",
           "group", "verdict")  # fmt: skip
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(documents: Documents, claims: Claims) -> str:
    """One row a claim; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in claims:
        told = {"id": one.key, "start": one.spans[0][0], "end": one.spans[-1][1], "date": one.date_expression,
                "factors": "; ".join(one.factors)}  # fmt: skip
        writer.writerow([_safe(told[name] if name in told else getattr(one, name)) for name in COLUMNS])
    return out.getvalue()


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def as_annotation(documents: Documents, claims: Claims) -> str:
    """An annotation page (W3C Recommendation of 23 February 2017): each claim a target with both selectors."""
    sources = {document["id"]: document["url"] or f"urn:sha256:{document['sha256']}" for document in documents}
    items = []
    for one in claims:
        selectors: list[dict[str, Any]] = []
        for place in one.to_row()["spans"]:
            selectors.append({"type": "TextPositionSelector", "start": place["start"], "end": place["end"]})
            if "exact" in place:
                quote = {key: place[key] for key in ("exact", "prefix", "suffix")}
                selectors.append({"type": "TextQuoteSelector", **quote})
        tags = [*one.factors, one.modality, one.record]
        items.append({
            "id": f"urn:contingent:claim:{one.key}", "type": "Annotation", "motivation": "classifying",
            "body": [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags],
            "target": {"source": sources.get(one.document, one.document), "selector": selectors},
        })  # fmt: skip
    page = {"@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:contingent:claims", "type": "AnnotationPage",
            "items": items}  # fmt: skip
    return _json(page)


def as_prov(documents: Documents, claims: Claims) -> str:
    """PROV-JSON (W3C member submission of 24 April 2013): claims quoted from documents, attributed to speakers."""
    entity: dict[str, Any] = {
        f"ctg:doc-{each['id']}": {"prov:label": each["title"] or each["name"], "ctg:sha256": each["sha256"]}
        for each in documents
    }
    agent, quoted, attributed, generated = ({}, {}, {}, {})
    for number, one in enumerate(claims):
        name = f"ctg:claim-{one.key.replace('/', '-')}"
        entity[name] = {"prov:type": "ctg:Claim", "ctg:modality": one.modality, "ctg:record": one.record}
        quoted[f"_:q{number}"] = {"prov:generatedEntity": name, "prov:usedEntity": f"ctg:doc-{one.document}"}
        generated[f"_:g{number}"] = {"prov:entity": name, "prov:activity": "ctg:extraction"}
        if one.speaker:
            who = f"ctg:speaker-{one.group}"
            agent.setdefault(who, {"prov:label": one.speaker, "ctg:kind": one.kind})
            attributed[f"_:a{number}"] = {"prov:entity": name, "prov:agent": who}
    method = claims[0].to_row()["method"] if claims else {}
    return _json({
        "prefix": {"ctg": "urn:contingent:", "prov": "http://www.w3.org/ns/prov#"}, "entity": entity,
        "activity": {"ctg:extraction": {f"ctg:{key}": value for key, value in method.items()}}, "agent": agent,
        "wasQuotedFrom": quoted, "wasAttributedTo": attributed, "wasGeneratedBy": generated,
    })  # fmt: skip


def as_claimreview(documents: Documents, claims: Claims) -> str:
    """schema.org ClaimReview, one for each claim whose credibility could be judged (6 means it could not)."""
    known = {document["id"]: document for document in documents}
    reviews = []
    for one in claims:
        if one.number == 6:
            continue
        document = known.get(one.document, {})
        appearance = {"@type": "NewsArticle", "headline": document.get("title", ""), "url": document.get("url", ""),
                      "identifier": f"urn:sha256:{document.get('sha256', '')}"}  # fmt: skip
        who = {"@type": "Person" if one.kind == "person" else "Organization", "name": one.speaker or "unattributed"}
        reviews.append({
            "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": one.says or one.quote,
            "itemReviewed": {"@type": "Claim", "appearance": appearance, "author": who},
            "reviewRating": {
                "@type": "Rating", "ratingValue": 6 - one.number, "bestRating": 5, "worstRating": 1,
                "alternateName": f"Admiralty {one.grade}", "ratingExplanation": one.number_reason,
            },
        })  # fmt: skip
    return _json(reviews)


def as_jsonl(documents: Documents, claims: Claims) -> str:
    """One JSON object a line, as the claims stand after all decisions."""
    return "".join(json.dumps(as_decided(one), ensure_ascii=False, sort_keys=True) + "\n" for one in claims)


def as_decided(claim: LedgerClaim) -> dict[str, Any]:
    """A claim's row with what a reviewer decided on it, nothing where nobody did."""
    return {**claim.to_row(), "verdict": claim.verdict}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Documents, Claims], str]]] = {
    "jsonl": ("claims.jsonl", as_jsonl), "csv": ("claims.csv", as_csv),
    "annotation": ("claims.annotation.json", as_annotation), "prov": ("claims.prov.json", as_prov),
    "claimreview": ("claims.claimreview.json", as_claimreview),
}  # fmt: skip


def review_page(text: str, title: str, claims: Claims, flags: Sequence[Flag]) -> str:
    """The page as HTML; claims as in the ledger after the decisions so far, with the article's text at hand."""
    folder = resources.files("contingent.evidence") / "page"
    style = (folder / "review.css").read_text(encoding="utf-8")
    script = (folder / "review.js").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string((folder / "review.html").read_text(encoding="utf-8"))
    rows = [
        {**as_decided(one), "words": one.said(text), "flags": [flag for flag in flags if one.key in flag.claims]}
        for one in claims
    ]
    return template.render(
        title=title, style=Markup(style), script=Markup(script), style_hash=_hash(style), script_hash=_hash(script),
        pieces=pieces(text, claims), claims=rows, flags=flags, moods=get_args(Modality), classes=get_args(Attribution),
    )  # fmt: skip


def _hash(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")


def pieces(text: str, claims: Claims) -> list[tuple[str, str, str]]:
    """The text cut where claims begin and end: kind (`text` or `break`), characters, ids of the claims there."""
    edges = {0, len(text)}
    for one in claims:
        for span in one.spans:
            edges |= set(span)
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(text))
    found: list[tuple[str, str, str]] = []
    for start, end in pairwise(cuts):
        ids = " ".join(one.key for one in claims if any(first <= start and end <= last for first, last in one.spans))
        lines = text[start:end].split("\n")
        for index, line in enumerate(lines):
            if index:
                found.append(("break", "", ""))
            if line:
                found.append(("text", line, ids))
    return found
