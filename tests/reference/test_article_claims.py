"""Does the shipped ledger of the article agree with the article itself, where a reader has it?"""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from contingent.evidence.claim import Claim, Document

ARTICLE = Path(__file__).parents[2] / "../shared/data/article"
LONGEST_QUOTE = 10  # words: a short quote, never a sentence of the publisher's


@pytest.fixture(scope="module")
def shipped() -> tuple[dict[str, Document], dict[str, Claim]]:
    file = resources.files("contingent.scenario") / "library/isf_gaza/claims.yaml"
    data = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return (
        TypeAdapter(dict[str, Document]).validate_python(data["documents"]),
        TypeAdapter(dict[str, Claim]).validate_python(data["claims"]),
    )


def test_the_38_claims_are_there_and_quote_little(shipped):
    _, claims = shipped
    numbers = [f"C{n:02d}" for n in range(1, 38) if n != 14]
    assert sorted(claims) == sorted([*numbers, "C14a", "C14b"])
    for name, claim in claims.items():
        assert 0 < len(claim.quote.split()) <= LONGEST_QUOTE, name
        assert claim.reason, name
        assert claim.group, name
        assert claim.about in {"", *claims}, name


def test_every_offset_and_quote_agrees_with_the_article(shipped):
    if not ARTICLE.is_dir():
        pytest.skip("the article is its publisher's and is not in this clone (../shared/data/article)")
    documents, claims = shipped
    raw = (ARTICLE / "article.txt").read_bytes()
    text = raw.decode("utf-8")
    assert documents["article"].sha256 == hashlib.sha256(raw).hexdigest()
    assert documents["article"].characters == len(text)
    gold = {c["id"]: c for c in json.loads((ARTICLE / "gold.json").read_text("utf-8"))["claims"]}
    for name, claim in claims.items():
        assert [list(span) for span in claim.spans] == gold[name]["content_spans"], name
        assert any(claim.quote in text[start:end] for start, end in claim.spans), name
        assert claim.grade == gold[name]["admiralty"]["code"], name
        assert list(claim.factors) == gold[name]["factors"], name
