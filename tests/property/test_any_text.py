"""Is any text refused, or any place in it wrong? 500 random texts here, 100,000 with `pytest -m slow`."""

from __future__ import annotations

import random

import pytest

from contingent.evidence.article import Article
from contingent.evidence.checks import check
from contingent.evidence.extract import extract
from contingent.evidence.grammar.attribution import attributions
from contingent.evidence.ingest import records
from contingent.evidence.pack import shipped_pack

WORDS = (
    "the a minister official said says told added that whether if who which and but according to in view of mandate "
    "troops Khan Dr. U.S. Mr. Ankara ISF 200,000 2024 % is was n't don't he she they his 's expected accused plan "
    "plans as “ ” \" ' ‘ ’ ` `` '' « » ( ) [ ] — – -- - , . ; : ! ? … ... * _ / \\ & @ # ~ ^ | < > { }"
)
STRANGE = [
    *("\n", "\n\n", "\r\n", "\t", "\u2028", "\u00a0", "\u200f", "\u202e", "\x00", "\x0b", "\ufeff", "\ud800"),
    *(
        "القائد",
        "محمد",
        "שר",
        "外交部长",
        "министр",
        "é",
        "ﬁ",
        "😀",
        "e\u0301",
        "İ",
        "ß",
        "`quoted'",
        "O’Brien’s",
        "A.B.",
        "1.",
    ),
]
PIECES = [*WORDS.split(), *STRANGE]
PACK = shipped_pack()


def some_text(rng: random.Random) -> str:
    joins = (" ", " ", " ", "", ", ")
    return "".join(rng.choice(PIECES) + rng.choice(joins) for _ in range(rng.randrange(0, 60)))


def read_through(text: str) -> None:
    for one in attributions(text):
        for a, b in (one.cue, *one.content, *([one.source] if one.source else [])):
            assert 0 <= a < b <= len(text), text
    article = Article("any.txt", text)
    findings = extract(article, PACK)
    for one in findings:
        for a, b in one.spans:
            assert 0 <= a < b <= len(text), text
    check(article, findings, PACK)
    for kind, body in records(article, PACK):
        if kind == "claim":
            assert all(text[place["start"] : place["end"]] == place["exact"] for place in body["spans"]), text


def test_500_texts():
    rng = random.Random(20251028)
    for _ in range(500):
        read_through(some_text(rng))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_100_000_texts(part: int):
    rng = random.Random(part)
    for _ in range(10_000):
        read_through(some_text(rng))
