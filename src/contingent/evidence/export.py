"""The ledger's claims in other people's formats: CSV, W3C Web Annotation, W3C PROV-JSON, schema.org ClaimReview."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]
COLUMNS = ("id", "document", "start", "end", "quote", "speaker", "office", "attribution", "record", "form", "modality",
           "channel", "date", "negated", "condition", "factors", "polarity", "grade", "letter_reason", "number_reason",
           "group", "verdict")  # fmt: skip
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(documents: Rows, claims: Rows) -> str:
    """One row a claim; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in claims:
        grade = one["proposal"]
        row = [
            one["id"], one["document"], one["spans"][0]["start"], one["spans"][-1]["end"], one["quote"],
            one["speaker"]["name"], one["speaker"]["office"], one["attribution"], one["record"], one["form"],
            one["modality"], one["channel"], one["date"], one["negated"], one["condition"], "; ".join(one["factors"]),
            one["polarity"], f"{grade['letter']}{grade['number']}", grade["letter_reason"], grade["number_reason"],
            one["group"], one.get("verdict", ""),
        ]  # fmt: skip
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def as_annotation(documents: Rows, claims: Rows) -> str:
    """An annotation page (W3C Recommendation of 23 February 2017): each claim a target with both selectors."""
    sources = {document["id"]: document["url"] or f"urn:sha256:{document['sha256']}" for document in documents}
    items = []
    for one in claims:
        selectors: list[dict[str, Any]] = []
        for span in one["spans"]:
            selectors.append({"type": "TextPositionSelector", "start": span["start"], "end": span["end"]})
            if "exact" in span:
                quote = {key: span[key] for key in ("exact", "prefix", "suffix")}
                selectors.append({"type": "TextQuoteSelector", **quote})
        tags = [*one["factors"], one["modality"], one["record"]]
        items.append(
            {
                "id": f"urn:contingent:claim:{one['id']}",
                "type": "Annotation",
                "motivation": "classifying",
                "body": [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags],
                "target": {"source": sources.get(one["document"], one["document"]), "selector": selectors},
            }
        )
    page = {"@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:contingent:claims", "type": "AnnotationPage",
            "items": items}  # fmt: skip
    return _json(page)


def as_prov(documents: Rows, claims: Rows) -> str:
    """PROV-JSON (W3C member submission of 24 April 2013): claims quoted from documents, attributed to speakers."""
    entity: dict[str, Any] = {}
    agent: dict[str, Any] = {}
    quoted: dict[str, Any] = {}
    attributed: dict[str, Any] = {}
    generated: dict[str, Any] = {}
    for document in documents:
        entity[f"ctg:doc-{document['id']}"] = {"prov:label": document["title"] or document["name"],
                                              "ctg:sha256": document["sha256"]}  # fmt: skip
    for number, one in enumerate(claims):
        name = f"ctg:claim-{one['id'].replace('/', '-')}"
        entity[name] = {"prov:type": "ctg:Claim", "ctg:modality": one["modality"], "ctg:record": one["record"]}
        quoted[f"_:q{number}"] = {"prov:generatedEntity": name, "prov:usedEntity": f"ctg:doc-{one['document']}"}
        generated[f"_:g{number}"] = {"prov:entity": name, "prov:activity": "ctg:extraction"}
        if one["speaker"]["name"]:
            who = f"ctg:speaker-{one['group']}"
            agent.setdefault(who, {"prov:label": one["speaker"]["name"], "ctg:kind": one["speaker"]["kind"]})
            attributed[f"_:a{number}"] = {"prov:entity": name, "prov:agent": who}
    method = claims[0]["method"] if claims else {}
    return _json(
        {
            "prefix": {"ctg": "urn:contingent:", "prov": "http://www.w3.org/ns/prov#"},
            "entity": entity,
            "activity": {"ctg:extraction": {f"ctg:{key}": value for key, value in method.items()}},
            "agent": agent,
            "wasQuotedFrom": quoted,
            "wasAttributedTo": attributed,
            "wasGeneratedBy": generated,
        }
    )


def as_claimreview(documents: Rows, claims: Rows) -> str:
    """schema.org ClaimReview, one for each claim whose credibility could be judged (6 means it could not)."""
    known = {document["id"]: document for document in documents}
    reviews = []
    for one in claims:
        number = one["proposal"]["number"]
        if number == 6:
            continue
        document = known.get(one["document"], {})
        appearance = {"@type": "NewsArticle", "headline": document.get("title", ""), "url": document.get("url", ""),
                      "identifier": f"urn:sha256:{document.get('sha256', '')}"}  # fmt: skip
        who = {"@type": "Person" if one["speaker"]["kind"] == "person" else "Organization",
               "name": one["speaker"]["name"] or "unattributed"}  # fmt: skip
        reviews.append(
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "claimReviewed": one.get("says") or one["quote"],
                "itemReviewed": {"@type": "Claim", "appearance": appearance, "author": who},
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": 6 - number,
                    "bestRating": 5,
                    "worstRating": 1,
                    "alternateName": f"Admiralty {one['proposal']['letter']}{number}",
                    "ratingExplanation": one["proposal"]["number_reason"],
                },
            }
        )
    return _json(reviews)


def as_jsonl(documents: Rows, claims: Rows) -> str:
    """One JSON object a line, as the claims stand after all decisions."""
    return "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in claims)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Rows, Rows], str]]] = {
    "jsonl": ("claims.jsonl", as_jsonl),
    "csv": ("claims.csv", as_csv),
    "annotation": ("claims.annotation.json", as_annotation),
    "prov": ("claims.prov.json", as_prov),
    "claimreview": ("claims.claimreview.json", as_claimreview),
}
