"""Is a text read the same however it is laid out, with every place that of the original?"""

from __future__ import annotations

import textwrap

import pytest

from contingent.evidence.article import Article
from contingent.evidence.extract import extract
from contingent.evidence.grammar.layout import blocks, flowed, joined

PARAGRAPHS = (
    "The foreign minister, Leena Aho, said that the country was ready to send two battalions to the multinational "
    "force under a resolution of the Security Council, and that nobody would be asked to disarm a militia.",
    "“We will not go without a mandate,” she told reporters in the capital, “and we will not stay longer than a year.”",
    "Officials in the US-backed ministry said that an announcement was expected within days.",
)
FLAT = "\n".join(PARAGRAPHS)


def wrapped(width: int, between: str = "\n\n", **how: str) -> str:
    return between.join(textwrap.fill(one, width, **how) for one in PARAGRAPHS)


def hyphened(paragraph: str, width: int) -> str:
    """Cut to a width, long words divided where they fill the line, as typesetters do."""
    lines, line = list[str](), ""
    for word in paragraph.split():
        room = width - len(line) - 2
        if room < len(word) - 1 and 3 <= room <= len(word) - 3 and word.isalpha():
            lines, line = [*lines, f"{line} {word[:room]}-"], word[room:]
        elif len(line) + 1 + len(word) > width:
            lines, line = [*lines, line], word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


HYPHENED = "\n\n".join(hyphened(one, 60) for one in PARAGRAPHS)


@pytest.mark.parametrize(
    "text",
    [
        wrapped(72),
        wrapped(50, "\n"),
        wrapped(64, "\n\n", initial_indent="   ", subsequent_indent="   "),
        wrapped(72).replace("\n", "\r\n"),
        HYPHENED,
        FLAT.replace("minister", "min\u00adister").replace("We", "\u200eWe"),
    ],
)
def test_the_same_claims_at_any_width_and_their_places_are_the_originals(text):
    flow = flowed(text)
    assert flow.text.split() == FLAT.split()
    there = extract(Article("a.txt", text))
    assert [one.said(text).translate({0xAD: None, 0x200E: None}) for one in there] == [
        one.said(FLAT) for one in extract(Article("a.txt", FLAT))
    ]
    assert [one.speaker for one in there] == [one.speaker for one in extract(Article("a.txt", FLAT))]


@pytest.mark.parametrize(
    "text",
    [
        FLAT,
        "He will not send troops.\nShe refused to send troops.\nThey decided against going.\nWe are ready to go now.",
        "Menu\nHome\nPolitics\nThe minister said that the troops would go abroad before the summer was over and out.",
        "",
        "one line",
    ],
)
def test_lines_that_no_width_broke_stay_apart(text):
    assert flowed(text).text == text


def test_a_compound_keeps_its_hyphen_and_a_broken_word_loses_it():
    assert joined("the US-\nbacked plan of sol-\r\ndiers\nand co") == "the US-backed plan of soldiers and co"
    assert joined("self-\ndefence, or self-defence") == "self-defence, or self-defence"


def kinds(text: str) -> list[tuple[str, str, str]]:
    return [(b.kind, text[slice(*b.speaker)] if b.speaker else "", text[b.start : b.end]) for b in blocks(text)]


def test_in_a_transcript_each_turn_has_its_speaker_and_questions_are_no_claims():
    text = (
        "MODERATOR: Good morning.\nMINISTER ANA VRAN: We have not said no.\n\nIt is up to parliament.\n"
        "Q: Will you go?\nVRAN: No.\n(The briefing ended.)"
    )
    said = [one for one in kinds(text) if one[0] == "turn"]
    assert said == [
        ("turn", "MINISTER ANA VRAN", "We have not said no."),
        ("turn", "MINISTER ANA VRAN", "It is up to parliament."),
        ("turn", "VRAN", "No."),
    ]
    assert {one.speaker for one in extract(Article("a.txt", text))} == {"ANA VRAN"}


def test_whoever_mostly_asks_is_an_interviewer_and_an_answer_is_the_last_ones():
    text = "Dawn: Will troops go?\nKhel: They may.\nDawn: When?\nKhel: Soon.\nDawn: Under whom?\nKhel: Under nobody."
    assert [one[1:] for one in kinds(text) if one[0] == "turn"] == [
        ("Khel", "They may."), ("Khel", "Soon."), ("Khel", "Under nobody."),
    ]  # fmt: skip


def test_a_report_of_parliament_has_its_speakers_on_lines_of_their_own():
    text = (
        "The Secretary for Defence (Mrs Honor Tallis)\nThe patrol will go in May.\n\nMr Fergus Oake (Inner Harbour)\n"
        "We oppose it.\n\nMrs Tallis\nThat is a pity.\n\nQuestion put and agreed to.\n\nThe House rose at ten."
    )
    found = kinds(text)
    assert [one[1] for one in found if one[0] == "turn"] == [
        "The Secretary for Defence (Mrs Honor Tallis)", "Mr Fergus Oake (Inner Harbour)", "Mrs Tallis",
    ]  # fmt: skip
    assert found[-2:] == [("skip", "", "Question put and agreed to."), ("text", "", "The House rose at ten.")]


def test_times_headers_quoted_mail_and_notices_hold_no_claims_and_a_prefix_is_none():
    text = (
        "From: desk <a@b.example>\nSubject: Talks\n\n18:42\nBREAKING: The cabinet met.\n> It will.\n[laughter]\n- 3 -"
    )
    assert [one for one in kinds(text) if one[0] == "text"] == [("text", "", "The cabinet met.")]


def test_a_statement_printed_in_full_is_said_by_those_who_make_it():
    text = (
        "Joint statement by the Ministers of Sorn and Halden on the Force\n\n1. We, the Ministers, met.\n\n"
        "2. We welcome the truce.\n\n3. Sorn will send 120 observers."
    )
    said = [one for one in kinds(text) if one[0] == "turn"]
    assert [one[1] for one in said] == ["the Ministers of Sorn and Halden"] * 3
    assert said[-1][2] == "Sorn will send 120 observers."
