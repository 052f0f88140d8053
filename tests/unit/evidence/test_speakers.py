"""Is a mention taken for the right person, office, group or body?"""

from __future__ import annotations

import pytest

from contingent.evidence.article import Article
from contingent.evidence.extract import extract
from contingent.evidence.pack import shipped_pack
from contingent.evidence.speakers import Cast

CASES = {
    "Foreign Minister Leena Aho": ("person", "Leena Aho"),
    "Leena Aho, the foreign minister": ("person", "Leena Aho"),
    "The president’s spokeswoman, Ana Ferreira": ("person", "Ana Ferreira"),
    "Opposition leader João Pires": ("person", "João Pires"),
    "Indonesian Foreign Minister Sugiono": ("person", "Sugiono"),
    "NBC News moderator Matt Lauer": ("person", "Matt Lauer"),
    "Mr. Okoye": ("person", "Okoye"),
    "a senior diplomat": ("official", "a senior diplomat"),
    "two cabinet ministers": ("official", "two cabinet ministers"),
    "Officials in Ankara": ("official", "Officials in Ankara"),
    "people familiar with the talks": ("familiar", "people familiar with the talks"),
    "sources": ("familiar", "sources"),
    "The foreign ministry": ("institution", "The foreign ministry"),
    "the Tax Foundation": ("institution", "the Tax Foundation"),
    "Many Pakistanis": ("public", "Many Pakistanis"),
    "Republicans": ("public", "Republicans"),
    "a poll by the institute": ("poll", "a poll by the institute"),
    "The statement": ("document", "The statement"),
    "we": ("reporter", ""),
}


@pytest.mark.parametrize("mention", CASES)
def test_mention(mention: str):
    found = Cast(shipped_pack()).resolve(mention)
    assert (found.kind, found.name) == CASES[mention]


def test_later_mentions_find_earlier_ones():
    cast = Cast(shipped_pack())
    cast.resolve("Foreign Minister Leena Aho")
    cast.resolve("Officials close to the cabinet")
    assert cast.resolve("she").name == "Leena Aho"
    assert cast.resolve("Aho").name == "Leena Aho"
    assert cast.resolve("the minister").name == "Leena Aho"
    assert cast.resolve("they").name == "Officials close to the cabinet"
    assert cast.resolve("Officials").name == "Officials close to the cabinet"
    assert cast.resolve("one of them").single
    assert cast.resolve("who", "It was Leena Aho, ").name == "Leena Aho"


def test_a_surname_finds_the_full_name_elsewhere_in_the_article():
    text = "Aho said the mandate was open. The speech by Leena Aho, the foreign minister, was short."
    assert extract(Article("a", text))[0].speaker == "Leena Aho"
