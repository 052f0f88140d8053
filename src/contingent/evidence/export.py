"""The ledger's claims in other people's formats: CSV, W3C Web Annotation, W3C PROV-JSON, schema.org ClaimReview.

Serialization; and the decisions of reviewers as they come in.
"""

import csv
import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel

from contingent.errors import InputError
from contingent.evidence.claim import Attribution, Form, LedgerClaim, Modality, OnRecord
from contingent.evidence.grammar.layout import joined
from contingent.notation import cell_of, legible
from contingent.processes import content_of
from contingent.records import from_json

Documents = Sequence[Mapping[str, Any]]
Claims = Sequence[LedgerClaim]
COLUMNS = ("id", "document", "start", "end", "quote", "speaker", "office", "attribution", "record", "form", "modality",
           "channel", "date", "negated", "condition", "factors", "polarity", "grade", "letter_reason", "number_reason",
           "group", "verdict", "reviewer")  # fmt: skip


def kept(claims: Claims) -> list[LedgerClaim]:
    """The claims that nobody rejected: a rejected one is in the ledger, and goes nowhere else."""
    return [one for one in claims if one.verdict != "reject"]


def as_csv(documents: Documents, claims: Claims) -> str:
    """One row a claim; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in kept(claims):
        told = {"id": one.key, "start": one.spans[0][0], "end": one.spans[-1][1], "date": one.date_expression,
                "factors": "; ".join(one.factors), "reviewer": one.review.by if one.review else ""}  # fmt: skip
        row = (told[name] if name in told else getattr(one, name) for name in COLUMNS)
        writer.writerow([cell_of(legible(cell)) for cell in row])
    return out.getvalue()


def as_annotation(documents: Documents, claims: Claims) -> str:
    """An annotation page (W3C Recommendation of 23 February 2017).

    Each part of a claim is a target with both selectors. The bodies say what each word is by its purpose: the speaker
    identifies, mood and record classify, factors are tags, grade and sign assess; a reviewer's verdict moderates.
    """
    sources = {document["id"]: document["url"] or f"urn:sha256:{document['sha256']}" for document in documents}
    items = []
    for one in (shown := kept(claims)):
        side = {1: "for", 0: "neutral", -1: "against"}[one.polarity]
        told = [("identifying", one.speaker or "the reporter"), ("classifying", f"mood: {one.modality}"),
                ("classifying", f"record: {one.record}"), *(("tagging", factor) for factor in one.factors),
                ("assessing", f"Admiralty {one.grade}"), ("assessing", side)]  # fmt: skip
        told += [("moderating", f"{one.verdict} by {one.review.by}, {one.review.at}")] if one.review else []
        items.append({
            "id": f"urn:contingent:claim:{one.key}", "type": "Annotation", "motivation": "classifying",
            "body": [{"type": "TextualBody", "purpose": purpose, "value": value} for purpose, value in told],
            "target": [_target(sources.get(one.document, f"urn:contingent:document:{one.document}"), place)
                       for place in one.to_row()["spans"]],
        })  # fmt: skip
    whole = {"id": "urn:contingent:claims", "type": "AnnotationCollection", "total": len(shown)}
    page = {"@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:contingent:claims:1", "type": "AnnotationPage",
            "partOf": whole, "startIndex": 0, "items": items}  # fmt: skip
    return _json(page)


def _target(source: str, place: Mapping[str, Any]) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": place["start"], "end": place["end"]}]
    if "exact" in place:
        selectors.append({"type": "TextQuoteSelector", **{key: place[key] for key in ("exact", "prefix", "suffix")}})
    return {"type": "SpecificResource", "source": source, "selector": selectors}


def as_prov(documents: Documents, claims: Claims) -> str:
    """PROV-JSON (W3C member submission of 24 April 2013): claims quoted, attributed to speakers, reviewed.

    A quotation is a derivation of that type. A decision is an activity with its reviewer; a claim that it changed is a
    revision of the proposal.
    """
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for each in documents:
        found["entity"][f"ctg:doc-{each['id']}"] = {
            "prov:label": each["title"] or each["name"], "ctg:sha256": each["sha256"],
        }  # fmt: skip
    for number, one in enumerate(kept(claims)):
        name = f"ctg:claim-{one.key.replace('/', '-')}"
        told = {"prov:type": _named("ctg:Claim"), "ctg:modality": one.modality, "ctg:record": one.record}
        found["entity"][name] = {**told, **({"ctg:verdict": one.verdict} if one.verdict else {})}
        proposed = name
        if one.review:
            proposed = f"{name}-proposed" if one.verdict == "edit" else name
            act, who = f"ctg:review-{number}", f"ctg:reviewer-{_short(one.review.by)}"
            found["activity"][act] = {
                "prov:type": _named("ctg:Review"), "ctg:verdict": one.verdict, "ctg:reason": one.review.reason,
                "ctg:at": one.review.at,
            }  # fmt: skip
            found["agent"][who] = {"prov:type": _named("prov:Person"), "prov:label": one.review.by}
            found["used"][f"_:u{number}"] = {"prov:activity": act, "prov:entity": proposed}
            found["wasAssociatedWith"][f"_:w{number}"] = {"prov:activity": act, "prov:agent": who}
        if proposed != name:
            found["entity"][proposed] = {"prov:type": _named("ctg:Claim")}
            found["wasGeneratedBy"][f"_:r{number}"] = {"prov:entity": name, "prov:activity": f"ctg:review-{number}"}
            found["wasDerivedFrom"][f"_:d{number}"] = {
                "prov:generatedEntity": name, "prov:usedEntity": proposed, "prov:type": _named("prov:Revision"),
            }  # fmt: skip
        found["wasDerivedFrom"][f"_:q{number}"] = {
            "prov:generatedEntity": proposed, "prov:usedEntity": f"ctg:doc-{one.document}",
            "prov:type": _named("prov:Quotation"),
        }  # fmt: skip
        by = f"ctg:extraction-{_short(f'{one.method.name}-{one.method.version}')}"
        found["activity"][by] = {"ctg:name": one.method.name, "ctg:version": one.method.version}
        found["wasGeneratedBy"][f"_:g{number}"] = {"prov:entity": proposed, "prov:activity": by}
        if one.speaker:
            who = f"ctg:speaker-{_short(one.group or one.speaker)}"
            found["agent"].setdefault(who, {"prov:label": one.speaker, "ctg:kind": one.kind})
            found["wasAttributedTo"][f"_:a{number}"] = {"prov:entity": proposed, "prov:agent": who}
    return _json({"prefix": {"ctg": "urn:contingent:"}, **found})


def _named(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _short(words: str) -> str:
    """A name that may stand in an identifier, whatever script the words are in."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-").lower()
    return plain if plain == words.lower() else hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def as_claimreview(documents: Documents, claims: Claims) -> str:
    """schema.org ClaimReview, one for each claim that a person reviewed and whose credibility could be judged.

    A proposal is no review, and 6 means that nothing could be judged.
    """
    known = {document["id"]: document for document in documents}
    reviews = []
    for one in kept(claims):
        words = one.says or " … ".join(joined(passage.exact) for passage in one.passages) or one.quote
        if one.review is None or one.number == 6 or not words:
            continue
        document = known.get(one.document, {})
        appearance = {"@type": "NewsArticle", "headline": document.get("title", ""), "url": document.get("url", ""),
                      "identifier": f"urn:sha256:{document.get('sha256', '')}"}  # fmt: skip
        who = {"@type": "Person" if one.kind == "person" else "Organization", "name": one.speaker or "unattributed"}
        reviews.append({
            "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": words,
            "url": f"{document['url']}#{one.id}" if document.get("url") else f"urn:contingent:claim:{one.key}",
            "author": {"@type": "Person", "name": one.review.by}, "datePublished": one.review.at,
            "itemReviewed": {
                "@type": "Claim", "author": who,
                "appearance": {key: value for key, value in appearance.items() if value},
            },
            "reviewRating": {
                "@type": "Rating", "ratingValue": 6 - one.number, "bestRating": 5, "worstRating": 1,
                "alternateName": f"Admiralty {one.grade}", "ratingExplanation": one.number_reason,
            },
        })  # fmt: skip
    return _json(reviews)


def as_jsonl(documents: Documents, claims: Claims) -> str:
    """One JSON object a line, as the claims stand after all decisions."""
    return "".join(json.dumps(as_decided(one), ensure_ascii=False, sort_keys=True) + "\n" for one in kept(claims))


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


VERDICTS = ("accept", "edit", "reject")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
NEEDED = ("claim", "verdict", "reason", "by", "at")  # of a decision
EDITABLE: dict[str, Any] = {
    "attribution": Attribution, "record": OnRecord, "form": Form, "modality": Modality, "polarity": Literal[-1, 0, 1],
    "letter": Literal["A", "B", "C", "D", "E", "F"], "number": Literal[1, 2, 3, 4, 5, 6],
    **dict.fromkeys(("factors", "speaker", "says", "condition", "group"), str),
}  # fmt: skip
"""What an edit may change: never the places in the text, which are facts about it."""


class Saved(BaseModel):
    """A file of decisions."""

    format: str = ""
    decisions: list[Any]


def decisions_from(file: Path) -> list[dict[str, Any]]:
    """The decisions in a file: `{"decisions": [{"claim", "verdict", "reason", "by", "at", "changes"}, ...]}`.

    Raises:
        InputError: not such a file; every complaint at once.
    """
    hint = "not a file of decisions; write {'decisions': [{'claim', 'verdict', 'reason', 'by', 'at'}, ...]} as JSON"
    rows = from_json(content_of(file, hint=hint), Saved, file, hint).decisions
    complaints = [f"{file}: decision {i + 1}: {what}" for i, row in enumerate(rows) for what in faults_of(row)]
    if complaints:
        raise InputError("\n".join(complaints))
    return [{**{key: row[key] for key in NEEDED}, "changes": row.get("changes") or {}} for row in rows]


def faults_of(row: Any) -> list[str]:
    """What is wrong with a decision, before it is written for good."""
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
        elif words := get_args(EDITABLE[key]):
            if type(value) is not type(words[0]) or value not in words:
                found.append(f"{key} `{value}` is none of {', '.join(map(str, words))}")
        elif not all(
            isinstance(one, str) for one in (value if key == "factors" and isinstance(value, list) else [value])
        ):
            found.append(f"{key} `{value}` is no text" + " and no list of texts" * (key == "factors"))
    return found
