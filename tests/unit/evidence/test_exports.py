"""Is each export the record that its standard describes, number for number, and does a view say what is there?"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import jsonschema
import pytest
from prov.model import ProvActivity, ProvAgent, ProvAttribution, ProvDerivation, ProvDocument
from toy_claims import PACK, held

from contingent.evidence.checks import Flag
from contingent.evidence.export import (
    FORMATS,
    as_annotation,
    as_claimreview,
    as_csv,
    as_jsonl,
    as_prov,
    pieces,
)
from contingent.evidence.ledger_view import LedgerView, chosen_formats

DOCUMENT = {
    "id": "d", "name": "d.txt", "title": "Talks", "sha256": "ab", "url": "", "published": "2025-10-28",
    "warnings": ["read as UTF-16"], "sketch": [1],
}  # fmt: skip
SPANS = [
    {"start": 3, "end": 7, "exact": "they", "prefix": "so ", "suffix": " will"},
    {"start": 12, "end": 16, "exact": "will", "prefix": "they ", "suffix": "."},
]
FIRST = held("d/c01", "B2", spans=SPANS, factors=["cost", "honour"], polarity=-1, channel="Radio Nord", date="Monday")
SECOND = held("d/c02", "F6", speaker={"name": "", "kind": "reporter", "office": ""}, group="reporter@d", quote="-1")


def test_csv_has_a_row_a_claim():
    rows = list(csv.DictReader(io.StringIO(as_csv([DOCUMENT], [FIRST, SECOND]))))
    assert rows[0] == {
        "id": "d/c01", "document": "d", "start": "3", "end": "16", "quote": "they will", "speaker": "Leena Aho",
        "office": "minister", "attribution": "named-official", "record": "on-the-record", "form": "indirect",
        "modality": "intention", "channel": "Radio Nord", "date": "Monday", "negated": "False", "condition": "",
        "factors": "cost; honour", "polarity": "-1", "grade": "B2", "letter_reason": "minister",
        "number_reason": "firm", "group": "leena_aho@nord", "verdict": "", "reviewer": "",
    }  # fmt: skip
    assert rows[1]["quote"] == "'-1"
    assert rows[1]["polarity"] == "1"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_a_formula(start):
    assert f",'{start}1," in as_csv([], [held(quote=f"{start}1")])


REVIEW = {"by": "میر حمزہ", "at": "2025-11-02", "reason": "heard it"}
ACCEPTED = held("d/c01", "B2", spans=SPANS, verdict="accept", review=REVIEW)
EDITED = held("d/c02", "C3", spans=SPANS[:1], verdict="edit", review=REVIEW, says="They will.")
REJECTED = held("d/c03", "B2", spans=SPANS, verdict="reject", review=REVIEW)


def test_an_annotation_has_a_target_for_each_part_by_place_and_by_words():
    page = json.loads(as_annotation([DOCUMENT], [FIRST, SECOND]))
    first, second = page["items"]
    assert first["id"] == "urn:contingent:claim:d/c01"
    assert [(body["purpose"], body["value"]) for body in first["body"]] == [
        ("identifying", "Leena Aho"), ("classifying", "mood: intention"), ("classifying", "record: on-the-record"),
        ("tagging", "cost"), ("tagging", "honour"), ("assessing", "Admiralty B2"), ("assessing", "against"),
    ]  # fmt: skip
    assert first["target"] == [
        {"type": "SpecificResource", "source": "urn:sha256:ab", "selector": [
            {"type": "TextPositionSelector", "start": span["start"], "end": span["end"]},
            {"type": "TextQuoteSelector", **{key: span[key] for key in ("exact", "prefix", "suffix")}},
        ]} for span in SPANS
    ]  # fmt: skip
    (target,) = second["target"]
    assert target["selector"] == [{"type": "TextPositionSelector", "start": 0, "end": 9}]
    (item,) = json.loads(as_annotation([{**DOCUMENT, "url": "http://x"}], [FIRST]))["items"]
    assert {target["source"] for target in item["target"]} == {"http://x"}


# What a page of annotations must hold (Web Annotation Data Model, sections 3 to 5.2), as a schema.
_IRI = {"type": "string", "pattern": r"^[a-z]+:\S+$"}
PAGE = {
    "type": "object", "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"}, "id": _IRI, "type": {"const": "AnnotationPage"},
        "startIndex": {"type": "integer", "minimum": 0},
        "partOf": {"properties": {"id": _IRI, "type": {"const": "AnnotationCollection"}}, "required": ["id"]},
        "items": {"type": "array", "items": {
            "type": "object", "required": ["id", "type", "target"],
            "properties": {
                "id": _IRI, "type": {"const": "Annotation"},
                "body": {"items": {
                    "required": ["type", "value"], "properties": {
                        "type": {"const": "TextualBody"},
                        "purpose": {"enum": ["assessing", "classifying", "identifying", "moderating", "tagging"]},
                    },
                }},
                "target": {"minItems": 1, "items": {
                    "required": ["source", "selector"],
                    "properties": {"source": _IRI, "selector": {"items": {"oneOf": [
                        {"required": ["start", "end"], "properties": {"type": {"const": "TextPositionSelector"}}},
                        {"required": ["exact"], "properties": {"type": {"const": "TextQuoteSelector"}}},
                    ]}}},
                }},
            },
        }},
    },
}  # fmt: skip


def test_every_export_is_valid_says_what_was_reviewed_and_leaves_out_what_was_rejected():
    claims = [FIRST, SECOND, ACCEPTED, EDITED, REJECTED]
    for name, (_, render) in FORMATS.items():
        text = render([DOCUMENT], claims)
        assert "d/c03" not in text, name
        assert "d-c03" not in text, name
    annotations = json.loads(as_annotation([DOCUMENT], claims))
    jsonschema.Draft202012Validator(PAGE).validate(annotations)
    assert {"purpose": "moderating", "type": "TextualBody", "value": "accept by میر حمزہ, 2025-11-02"} in (
        annotations["items"][2]["body"]
    )
    for review in json.loads(as_claimreview([DOCUMENT], claims)):
        # the fields that schema.org's users require or recommend
        assert {"url", "author", "datePublished", "claimReviewed", "itemReviewed", "reviewRating"} <= review.keys()
        assert dt.date.fromisoformat(review["datePublished"])


def test_provenance_is_read_by_the_standards_own_library_with_quotations_speakers_and_reviews():
    found = ProvDocument.deserialize(content=as_prov([DOCUMENT], [FIRST, SECOND, ACCEPTED, EDITED]), format="json")
    derived = found.get_records(ProvDerivation)
    kinds = sorted(str(kind) for record in derived for kind in record.get_attribute("prov:type"))
    assert kinds == ["prov:Quotation"] * 4 + ["prov:Revision"]
    activities = {str(record.identifier): record for record in found.get_records(ProvActivity)}
    reviews = [record for name, record in activities.items() if name.startswith("ctg:review-")]
    assert {value for one in reviews for value in one.get_attribute("ctg:verdict")} == {"accept", "edit"}
    labels = {str(agent.label) for agent in found.get_records(ProvAgent)}
    assert {"Leena Aho", "میر حمزہ"} <= labels
    assert len(list(found.get_records(ProvAttribution))) == 3  # the reporter is nobody
    assert as_prov([], []) == as_prov([], [REJECTED])


@pytest.mark.parametrize(("grade", "rating"), [("B1", 5), ("B2", 4), ("C3", 3), ("F4", 2), ("D5", 1)])
def test_a_review_rates_one_to_five_with_five_the_best(grade, rating):
    (review,) = json.loads(
        as_claimreview([DOCUMENT], [held("d/c01", grade, spans=SPANS, verdict="accept", review=REVIEW)])
    )
    assert review["reviewRating"] == {
        "@type": "Rating", "ratingValue": rating, "bestRating": 5, "worstRating": 1,
        "alternateName": f"Admiralty {grade}", "ratingExplanation": "firm",
    }  # fmt: skip
    assert review["claimReviewed"] == "they … will"
    assert (review["author"]["name"], review["datePublished"]) == ("میر حمزہ", "2025-11-02")
    assert review["itemReviewed"]["author"] == {"@type": "Person", "name": "Leena Aho"}
    assert review["itemReviewed"]["appearance"]["headline"] == "Talks"
    assert review["itemReviewed"]["appearance"]["identifier"] == "urn:sha256:ab"


def test_a_proposal_and_what_could_not_be_judged_are_no_reviews_and_a_reporter_is_no_person():
    assert json.loads(as_claimreview([DOCUMENT], [FIRST, held("d/c01", "F6", verdict="accept", review=REVIEW)])) == []
    nobody = held(
        speaker={"name": "", "kind": "reporter", "office": ""}, says="It said so.", verdict="edit", review=REVIEW
    )
    (review,) = json.loads(as_claimreview([], [nobody]))
    assert review["itemReviewed"]["author"] == {"@type": "Organization", "name": "unattributed"}
    assert review["claimReviewed"] == "It said so."
    assert review["url"] == "urn:contingent:claim:d/c01"


def test_json_lines_are_the_claims_as_they_stand():
    lines = as_jsonl([DOCUMENT], [FIRST, SECOND]).splitlines()
    assert [json.loads(line) for line in lines] == [{**one.to_row(), "verdict": ""} for one in (FIRST, SECOND)]
    assert all(line == json.dumps(json.loads(line), sort_keys=True) for line in lines)


def test_formats_are_asked_for_by_name():
    assert chosen_formats(" csv, prov ,,") == ["csv", "prov"]
    assert chosen_formats("") == []
    assert list(FORMATS) == ["jsonl", "csv", "annotation", "prov", "claimreview"]


def view(files: int = 1, **changes: object) -> LedgerView:
    known = {"documents": (DOCUMENT,), "claims": (FIRST, SECOND), "flags": (Flag("status", ("d/c01",), "own view"),),
             "skipped": ({"reason": "e.txt: empty"},)}  # fmt: skip
    return LedgerView(tuple(range(files)), **{**known, **changes})


def test_a_view_of_one_article_counts_and_lists():
    shown = view().to_dict("seal", PACK)
    assert shown["counts"] == {
        "documents": 1, "claims": 2, "groups": 2, "flags": 1, "skipped": 1, "diagonal_share": 1.0,
    }  # fmt: skip
    assert shown["seal"] == "seal"
    assert shown["warnings"] == ["d.txt: read as UTF-16", "e.txt: empty"]
    assert "sketch" not in shown["documents"][0]
    assert [one["id"] for one in shown["claims"]] == ["d/c01", "d/c02"]
    assert [link["path"] for link in shown["links"]] == ["NRD: government", "NRD: government"]
    assert shown["groups"] == {"leena_aho@nord": ["d/c01"], "reporter@d": ["d/c02"]}
    belief = shown["parameters"]["NRD: government"][""]
    assert belief["claims"] == ["d/c01"]
    assert belief["best"] < 50
    assert belief["high"] - belief["best"] == pytest.approx(belief["best"] - belief["low"])


MOVES = "moves  NRD: government: 33 (10 to 56) of 100 for joining, from d/c01 (argues against, as intention; about "


def test_a_view_of_many_articles_shows_groups_flags_and_what_moves():
    assert "claims" not in view(2).to_dict("seal", PACK)
    assert view(2).to_text().splitlines() == [
        "1 documents, 2 claims, 2 groups, 1 flags, 1 skipped, 1.0 diagonal share",
        "group  leena_aho@nord: 1 claims in 1 article, counted once",
        "group  reporter@d: 1 claims in 1 article, counted once",
        "flag  status: own view (d/c01)",
        f"{MOVES}the government of NRD)",
    ]


def test_a_view_as_text():
    assert view().to_text().splitlines() == [
        "c01  B2  Leena Aho (on-the-record): they will ...",
        "      intention; cost, honour; against, of NRD, government; characters 3-16",
        "c02  F6  the reporter (on-the-record): -1 ...",
        "      intention; cost; for, of NRD, government; characters 0-9",
        "flag  status: own view (d/c01)",
        f"{MOVES}the government of NRD)",
    ]
    assert view(claims=(), flags=()).to_text() == "no claim found"
    neutral = view(claims=(held(factors=[], polarity=0),), flags=()).to_text()
    assert "intention; no factor; neutral, of NRD, government; characters 0-9" in neutral


def test_the_text_is_cut_where_claims_begin_and_end():
    claims = [held("d/c01", spans=[{"start": 2, "end": 6}]), held("d/c02", spans=[{"start": 4, "end": 9}])]
    assert pieces("ab cd\nefghij", claims) == [
        ("text", "ab", ""), ("text", " c", "d/c01"), ("text", "d", "d/c01 d/c02"), ("break", "", ""),
        ("text", "efg", "d/c02"), ("text", "hij", ""),
    ]  # fmt: skip
