"""Do letter and number see different things, and do the named checks find what they name?"""

from __future__ import annotations

import datetime as dt
from inspect import signature

import pytest

from contingent.evidence.article import Article
from contingent.evidence.checks import check
from contingent.evidence.extract import extract
from contingent.evidence.grade import Relation, diagonal_share, letter, number
from contingent.evidence.occasion import resolved
from contingent.evidence.pack import shipped_pack
from contingent.evidence.speakers import Speaker

PACK = shipped_pack("isf_gaza")
CLAIM = extract(Article("a", "Minister Leena Aho said the mandate was open."))[0]


def flags(text: str, **known: object) -> dict[str, str]:
    article = Article("a.txt", text, **known)
    return {flag.kind: flag.reason for flag in check(article, extract(article, PACK), PACK)}


def test_the_letter_sees_the_source_alone():
    assert set(signature(letter).parameters) == {"speaker"}
    assert letter(Speaker("Leena Aho", "person", "Foreign Minister"))[0] == "B"
    assert letter(Speaker("Leena Aho", "person", "adviser to the president"))[0] == "C"
    assert letter(Speaker("officials", "official"))[0] == "F"
    assert letter(Speaker("", "reporter"))[0] == "F"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], 6),
        ([Relation("near", "c2", "g2")], 3),
        ([Relation("supports", "c2", "g2")], 3),
        ([Relation("supports", "c2", "g2", on_record=True)], 2),
        ([Relation("supports", "c2", "g2", on_record=True), Relation("supports", "c3", "g2", on_record=True)], 2),
        ([Relation("supports", "c2", "g2", on_record=True), Relation("supports", "c3", "g3", on_record=True)], 1),
        ([Relation("contradicts", "c2", "g2", on_record=True), Relation("supports", "c3", "g3", on_record=True)], 4),
        ([Relation("refuted", "date-error", reason="a fact"), Relation("supports", "c3", "g3")], 5),
    ],
)
def test_the_number_sees_other_claims_alone(others, expected):
    found, reason = number(CLAIM, others)
    assert found == expected
    assert reason


def test_no_information_is_off_the_diagonal():
    assert diagonal_share(["A1", "B2", "C4", "F6", "F3"]) == pytest.approx(2 / 3)
    assert diagonal_share(["F6"]) == 0


def test_dates_authors_and_figures_are_held_against_dated_facts():
    text = "Oslo was among those that proposed the peace plan in early 2024. "
    text += "It has sent 195,000 soldiers to UN missions."
    found = flags(text)
    assert "is before 23 September 2025" in found["date-error"]
    assert "authorship" in found
    assert "printed by October 2018" in found["stale-figure"]
    before = flags(text, published=dt.date(2017, 1, 1))
    assert not {"date-error", "authorship", "stale-figure"} & set(before)
    assert "date-error" not in flags("The United States proposed the peace plan in September 2025.")


def test_speakers_are_held_against_themselves_and_each_other():
    text = (
        "Officials said the talks were at an advanced stage.\n"
        "“I do not want to say anything now. We should take this opportunity,” Minister Leena Aho told Radio Nord.\n"
        "Her adviser Jon Aas said it would be an honour to serve. He added that this was his personal opinion and "
        "that he was not aware of any official offer."
    )
    found = flags(text)
    assert "contradiction-within" in found
    assert "tension-within-speaker" in found
    assert "status" in found
    assert "quote-fidelity" not in found


def test_a_day_is_the_last_one_up_to_publication():
    tuesday = dt.date(2025, 10, 28)
    assert resolved("on Tuesday", tuesday) == tuesday
    assert resolved("Friday", tuesday) == dt.date(2025, 10, 24)
    assert resolved("yesterday", tuesday) == dt.date(2025, 10, 27)
    assert resolved("29 September", tuesday) == dt.date(2025, 9, 29)
    assert resolved("November 3", tuesday) == dt.date(2024, 11, 3)
    assert resolved("on Tuesday", None) is None
    assert resolved("last month", tuesday) is None
