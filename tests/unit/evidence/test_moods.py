"""Are mood, hedges, quantities, record, channel and day those that the words show, each beside a near miss?"""

from __future__ import annotations

import datetime as dt

import pytest
from toy_claims import PACK

from contingent.evidence.acts import asserted, sign
from contingent.evidence.claim import Quantity, Speaker
from contingent.evidence.grammar.propositions import propositions
from contingent.evidence.grammar.sentences import read
from contingent.evidence.modality import (
    condition,
    form_of,
    hedges,
    modality_of,
    moods_in,
    quantities,
    record_status,
)
from contingent.evidence.occasion import channel_of, date_of, resolved
from contingent.evidence.speakers import Cast


def words(said: str):
    return read(said, [(0, len(said))])


def mood_of(said: str, **how: object) -> str:
    s = words(said)
    known = {"kind": "", "quoted": False, "single": False, **how}
    return modality_of(s, moods_in(s), asserted(s, PACK.acts), **known)  # pyright: ignore[reportArgumentType]


MOODS = [
    ("this was his personal opinion", "meta-status"),
    ("he was not aware of any offer", "knowledge-denied"),
    ("he had no information", "knowledge-denied"),
    ("I do not want to say anything", "non-commitment"),
    ("he declined to comment", "non-commitment"),
    ("it is too early to tell", "non-commitment"),
    ("it is unclear who pays", "open-question"),
    ("we would like to go", "preference"),
    ("we should take this chance", "preference"),
    ("it would be an honour", "conditional-evaluation"),
    ("they would prosper if asked", "conditional-prediction"),
    ("if asked we will go", "conditional-prediction"),
    ("parliament must agree", "obligation"),
    ("troops are expected to leave", "prediction"),
    ("they will leave soon", "prediction"),
    ("it will rain", "prediction"),
    ("we will leave", "intention"),
    ("they may leave", "possibility"),
    ("the cabinet intends peace", "intention"),
    ("the cabinet seems calm", "assessment"),
    ("the base is in the north", "fact-asserted"),
]


@pytest.mark.parametrize(("said", "mood"), MOODS)
def test_the_mood_of_indirect_words(said, mood):
    assert mood_of(said) == mood


@pytest.mark.parametrize(
    ("said", "how", "mood"),
    [
        ("we will leave", {"kind": "reporter"}, "prediction"),
        ("we will leave", {"kind": "cognitive"}, "prediction"),
        ("we hope they go if asked", {}, "preference"),
        ("the base", {"kind": "commissive"}, "intention"),
        ("the plan is dangerous", {"quoted": True, "single": True}, "personal-assessment"),
        ("the plan is dangerous", {"quoted": True}, "assessment"),
        ("the plan is dangerous", {"single": True}, "assessment"),
        ("the plan is dangerous", {"kind": "reporter"}, "fact-asserted"),
    ],
)
def test_the_mood_depends_on_cue_and_speaker(said, how, mood):
    assert mood_of(said, **how) == mood


def test_hedges_and_conditions():
    def told(said: str) -> tuple[tuple[str, ...], str]:
        s = words(said)
        return hedges(s, moods_in(s)), condition(said, s, moods_in(s))

    assert told("It may soon be about ready, Perhaps") == (("may", "soon", "about", "perhaps"), "")
    assert told("It is mayor") == ((), "")
    assert told("they go if the UN gives a mandate, she said")[1] == "the UN gives a mandate"
    assert told("nobody goes until parliament agrees")[1] == "parliament agrees"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2,500 troops", (2500, "=", "troops")),
        ("over 20 bases", (20, ">", "bases")),
        ("more than 20 bases", (20, ">", "bases")),
        ("at least 20 bases", (20, ">=", "bases")),
        ("up to 20 bases", (20, "<=", "bases")),
        ("fewer than 20 bases", (20, "<", "bases")),
        ("less than 20 bases", (20, "<", "bases")),
        ("nearly 20 bases", (20, "~", "bases")),
        ("1.5 million people", (1_500_000, "=", "people")),
        ("3 thousand", (3000, "=", "")),
        ("2 billion dollars", (2e9, "=", "dollars")),
        ("62 percent agree", (62, "=", "%")),
        ("62 % agree", (62, "=", "%")),
        ("about 2000 men", (2000, "~", "men")),  # with an operator it is no year
        ("2,000 men", (2000, "=", "men")),
        ("1899 men", (1899, "=", "men")),
        ("2101 men", (2101, "=", "men")),
        ("in 2025 alone", None),
        ("9" * 5000 + " men", None),  # nobody counts so many
        ("in 1900", None),
        ("in 2100", None),
    ],
)
def test_quantities(said, expected):
    assert quantities(words(said)) == ((Quantity(*expected),) if expected else ())


@pytest.mark.parametrize(
    ("speaker", "cue", "status"),
    [
        (Speaker("Aho", "person", "minister"), "neutral", ("named-official", "on-the-record")),
        (Speaker("Aho", "person"), "neutral", ("named-official", "on-the-record")),
        (Speaker("officials", "official"), "neutral", ("anonymous-official", "background")),
        (Speaker("people close", "familiar"), "neutral", ("people-familiar", "background")),
        (Speaker("the ministry", "institution"), "neutral", ("institution-narrated", "on-the-record")),
        (Speaker("the ministry", "institution"), "cognitive", ("institution-narrated", "unattributed")),
        (Speaker("the ministry", "institution"), "evaluative", ("institution-narrated", "unattributed")),
        (Speaker("the ministry", "institution"), "commissive", ("institution-narrated", "on-the-record")),
        (Speaker("a report", "document"), "neutral", ("institution-narrated", "on-the-record")),
        (Speaker("a poll", "poll"), "neutral", ("institution-narrated", "on-the-record")),
        (Speaker("citizens", "public"), "neutral", ("reporter-narrative", "unattributed")),
        (Speaker("", "reporter"), "neutral", ("reporter-narrative", "unattributed")),
    ],
)
def test_class_and_record(speaker, cue, status):
    assert record_status(speaker, cue) == status


@pytest.mark.parametrize(
    ("marks", "form"),
    [
        ([(0, 20)], "direct"),
        ([(1, 19)], "direct"),  # the marks themselves, two characters, may be outside
        ([(1, 18)], "mixed"),
        ([(0, 3)], "mixed"),
        ([(0, 2)], "indirect"),
        ([(30, 40)], "indirect"),
        ([], "indirect"),
        ([(0, 5), (5, 20)], "direct"),
    ],
)
def test_form(marks, form):
    assert form_of([(0, 12), (12, 20)], marks) == form


@pytest.mark.parametrize(
    ("sentence", "channel"),
    [
        ("during an interview with Radio Nord on Monday", "interview with Radio Nord"),
        ("in his exclusive interview on “The Hour”", "exclusive interview on “The Hour”"),
        ("she told Radio Nord", "Radio Nord"),
        ("told a private TV channel on Tuesday", "private TV channel"),
        ("he said via Telegram", "Telegram"),
        ("at a press conference", "press conference"),
        ("in a written statement", "written statement"),
        ("at a rally in the port of Hamra on Monday", "rally in the port of Hamra"),
        ("she told reporters outside the ministry late on Tuesday", "remarks to reporters outside the ministry"),
        ("he walked in", ""),
        ("she told him in May", ""),
    ],
)
def test_channel(sentence, channel):
    assert channel_of(sentence, words(sentence)) == channel


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("he said on Tuesday that", "on Tuesday"),
        ("he said late on Friday evening", "late on Friday evening"),
        ("on 12 May 2025 they met", "on 12 May 2025"),
        ("by September 29, 2025", "by September 29, 2025"),
        ("yesterday they met", "yesterday"),
        ("they met last month", "last month"),
        ("they met in May", ""),
    ],
)
def test_date(sentence, date):
    assert date_of(sentence, words(sentence)) == date


@pytest.mark.parametrize(
    ("words", "day"),
    [
        # published on Tuesday 28 October 2025
        ("today", "2025-10-28"), ("yesterday", "2025-10-27"), ("on Tuesday", "2025-10-28"), ("Monday", "2025-10-27"),
        ("on Wednesday", "2025-10-22"), ("late Sunday", "2025-10-26"), ("27 October", "2025-10-27"),
        ("28 November", "2024-11-28"), ("31 October", "2024-10-31"),  # not yet this year
        ("28 December 2025", "2025-12-28"),  # said with its year
        ("October 28", "2025-10-28"), ("30 December 2025", "2025-12-30"), ("May 3, 2019", "2019-05-03"),
        ("31 April", None), ("May", None), ("", None),
    ],
)  # fmt: skip
def test_the_day_that_is_meant(words, day):
    found = resolved(words, dt.date(2025, 10, 28))
    assert (str(found) if found else None) == day


SIGNS = [
    ("Pakistan will not send troops", -1), ("decided against joining", -1), ("has not ruled out sending troops", 0),
    ("has ruled out sending troops", -1), ("There are no plans to send anyone", -1), ("the army opposes it", -1),
    ("We have no plans to withdraw our offer", 1), ("It did not reject the deployment", 1), ("It will stay out", -1),
    ("We shall not oppose the motion", 1), ("The cabinet has not approved the force", 0), ("It may not join", -1),
    ("parliament will not approve it", -1), ("no decision has been taken", 0), ("agreed to consider a request", 0),
    ("We send them only under a UN mandate", 0), ("refused to rule out sending troops", 0), ("is ready to join", 1),
    ("whether it will send its troops is being discussed", 0), ("It would be a mistake to send soldiers", -1),
    ("sending troops would be a mistake", -1), ("a decision on 600 marines was put off", -1), ("no mandate", -1),
    ("31 percent in favour of boarding", -1), ("58 percent in favour of boarding", 1), ("withdrew its offer", -1),
    ("it is affordable", 1), ("not too expensive", 1), ("rejected the complaint", 1), ("the road is closed", 0),
]  # fmt: skip
"""What plain sentences assert of joining; the last ones argue, two of them in the pack's own words."""


@pytest.mark.parametrize(("said", "effect"), SIGNS)
def test_the_sign_of_plain_sentences(said, effect):
    s = words(said)
    act = asserted(s, PACK.acts)
    assert sign(act.kind, negated=act.negated, modality=mood_of(said)) == effect


def test_the_reporting_word_turns_round_or_withholds_what_is_asserted():
    assert [sign("for", cue=cue) for cue in (1, -1, 0)] == [1, -1, 0]
    assert sign("for", negated=True, cue=-1) == 1  # denied that it would not send
    assert sign("decide", cue=-1) == 0  # denied that it had been decided
    assert sign("for", modality="non-commitment") == 0
    assert sign("decide", modality="obligation") == 0  # parliament has yet to vote


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The base is open. The road is closed.", ["The base is open.", "The road is closed."]),
        ("the base is open, and they went home", ["the base is open,", "they went home"]),
        ("the base is open and was repaired", ["the base is open", "was repaired"]),
        ("the base and road are open", ["the base and road are open"]),
        ("if the base is open and they go home", ["if the base is open and they go home"]),
        ("the base is open — nobody has seen it there", ["the base is open", "nobody has seen it there"]),
        ("the base is open — including the road to it", ["the base is open — including the road to it"]),
        ("However, the base is open", ["the base is open"]),
        ("  the base is open  ", ["the base is open"]),
        ("…", []),
    ],
)
def test_propositions(text, parts):
    found = propositions(text, ((0, len(text)),))
    assert [[text[a:b] for a, b in spans] for spans in found] == [[part] for part in parts]


def test_a_passage_interrupted_by_its_attribution_stays_together():
    text = "The plan, he said, would cost little. It is small."
    assert propositions(text, ((0, 8), (19, 50))) == [((0, 8), (19, 37)), ((38, 50),)]
    closed = "“The plan is good,” he said. “It is small.”"
    assert len(propositions(closed, ((0, 19), (29, 43)))) == 2


def test_a_known_person_has_the_packs_name_and_office_and_a_listed_body_is_one():
    cast = Cast(PACK)
    assert cast.resolve("Aho") == Speaker("Leena Aho", "person", "foreign minister", single=True, state="NRD")
    assert cast.resolve("the Nordic Council").kind == "institution"
    assert cast.resolve("It").name == "the Nordic Council"
    cast.resolve("Jon Aas, the mayor")
    assert cast.resolve("he").name == "Jon Aas"
    assert cast.resolve("nobody") == Speaker("nobody", "public")
