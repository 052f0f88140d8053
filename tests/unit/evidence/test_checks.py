"""Does each check fire on what it names, and stay silent on what only looks like it?"""

from __future__ import annotations

import datetime as dt

import pytest
from toy_claims import PACK, found

from contingent.evidence.article import Article
from contingent.evidence.checks import RULES, Flag, check
from contingent.evidence.modality import Quantity

DAY = dt.date(2025, 10, 28)


def flagged(kind: str, parts: list[tuple[str, dict]], *, more: str = "", **article: object) -> list[Flag]:
    """The flags of a kind on claims whose words are the parts, c01, c02, ... in a text that holds them."""
    text, claims = "", []
    for number, (words, changes) in enumerate(parts, 1):
        claims.append(found(f"c{number:02d}", **{"spans": ((len(text), len(text) + len(words)),), **changes}))
        text += f"{words}\n"
    article = {"byline": "A. Writer", "published": DAY, **article}
    flags = check(Article("a.txt", text + more, **article), tuple(claims), PACK)
    return [flag for flag in flags if flag.kind == kind]


OFFICIALS = {"speaker": "officials", "kind": "official", "record": "background"}
AIDES = {"speaker": "aides", "kind": "official", "record": "background"}
REPORTER = {"speaker": "", "kind": "reporter", "record": "unattributed"}


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ("the peace plan was made in 2024", True),
        ("the peace plan of early 2025", True),  # 28 April 2025 is the latest it can mean
        ("the peace plan of mid-2025", True),  # 28 August
        ("the peace plan of late 2025", False),  # 28 December, after 23 September
        ("the peace plan of 2025", False),
        ("the peace plan of 2026", False),
        ("a plan made in 2024", False),  # not the one of the fact
        ("the peace plan was made long ago", False),
    ],
)
def test_date_error(said, fires):
    flags = flagged("date-error", [(said, {})])
    assert [flag.claims for flag in flags] == ([("c01",)] if fires else [])
    if fires:
        assert "is before 23 September 2025: the plan is of 23 September 2025 (UN)" in flags[0].reason


@pytest.mark.parametrize(
    ("said", "fires"),
    [
        ("Oslo proposed the peace plan", True),
        ("Washington proposed the peace plan", False),
        ("Oslo proposed to Washington the peace plan", True),  # named, but not before the verb
        ("Oslo welcomed the peace plan", False),
        ("Oslo proposed a truce", False),
    ],
)
def test_authorship(said, fires):
    flags = flagged("authorship", [(said, {})])
    assert [flag.reason for flag in flags] == (
        ["“proposed” stands against: the plan is of 23 September 2025 (UN)"] if fires else []
    )


@pytest.mark.parametrize(
    ("value", "words", "fires"),
    [
        (200_000, "soldiers have served", True),
        (180_000, "soldiers have served", True),  # a tenth below
        (219_000, "soldiers have served", True),
        (179_000, "soldiers have served", False),
        (221_000, "soldiers have served", False),
        (200_000, "people have fled", False),
    ],
)
def test_stale_figure(value, words, fires):
    part = (f"{value} {words}", {"quantities": (Quantity(float(value), "=", "soldiers"),)})
    flags = flagged("stale-figure", [part])
    assert [flag.claims for flag in flags] == ([("c01",)] if fires else [])
    if fires:
        assert flags[0].reason == f"{value:,} was printed by October 2018 already: 200,000 have served since 1960"


def test_facts_published_later_are_not_held_against_an_article():
    parts = [("Oslo proposed the peace plan in 2024", {})]
    before = dt.date(2025, 9, 22)
    assert not flagged("date-error", parts, published=before)
    assert not flagged("authorship", parts, published=before)
    assert flagged("date-error", parts, published=dt.date(2025, 9, 23))
    assert flagged("date-error", parts, published=None)


UNAWARE = ("she is not aware of any talks", {"modality": "knowledge-denied"})


@pytest.mark.parametrize(
    ("parts", "claims"),
    [
        ([("talks are at an advanced stage", OFFICIALS), UNAWARE], ("c01", "c02")),
        ([UNAWARE, ("a deal may come soon", {"modality": "possibility", "hedges": ("may", "soon")})], ("c01", "c02")),
        ([UNAWARE, ("it will come soon", {"modality": "prediction", "hedges": ("soon",)})], ("c01", "c02")),
        ([UNAWARE], None),
        ([("talks are at an advanced stage", OFFICIALS)], None),
        ([("not aware of an advanced stage", {"modality": "knowledge-denied"})], None),  # one claim is no contradiction
        ([UNAWARE, ("a deal may come", {"modality": "possibility", "hedges": ("may",)})], None),
        ([UNAWARE, ("it came soon", {"hedges": ("soon",)})], None),
    ],
)
def test_contradiction_within(parts, claims):
    flags = flagged("contradiction-within", parts)
    assert [flag.claims for flag in flags] == ([claims] if claims else [])
    if claims:
        assert flags[0].reason == "reported as far advanced, while Leena Aho says they do not know of it"


WILL_NOT_SAY = ("I do not want to say", {"modality": "non-commitment"})


@pytest.mark.parametrize(
    ("parts", "claims"),
    [
        ([WILL_NOT_SAY, ("we should go", {"modality": "preference", "polarity": 1})], ("c01", "c02")),
        ([("we will not go", {"modality": "intention", "polarity": -1}), WILL_NOT_SAY], ("c02", "c01")),
        ([WILL_NOT_SAY, ("we should go", {"modality": "preference", "polarity": 0})], None),
        ([WILL_NOT_SAY, ("they will go", {"modality": "prediction", "polarity": 1})], None),
        ([WILL_NOT_SAY, ("we should go", {"modality": "preference", "polarity": 1, "speaker": "Jon Aas"})], None),
        ([("x would not say it", {**REPORTER, "modality": "non-commitment"}),
          ("we should go", {**REPORTER, "modality": "preference", "polarity": 1})], None),
    ],
)  # fmt: skip
def test_tension_within_speaker(parts, claims):
    flags = flagged("tension-within-speaker", parts)
    assert [flag.claims for flag in flags] == ([claims] if claims else [])
    if claims:
        assert flags[0].reason == "Leena Aho will not say, and then takes a side"


COST = {"factors": ("cost",), "polarity": -1}


@pytest.mark.parametrize(
    ("parts", "claims"),
    [
        ([("the cost is high", {**OFFICIALS, **COST})], ("c01",)),
        ([("the cost is high", {**REPORTER, **COST})], ("c01",)),
        ([("the cost is high", {**OFFICIALS, **COST}), ("the cost is high", COST)], None),
        ([("high", {**OFFICIALS, **COST}), ("I prefer it cheap", {**COST, "modality": "preference"})], ("c01",)),
        ([("high", {**OFFICIALS, **COST}), ("it would be", {**COST, "modality": "conditional-evaluation"})], ("c01",)),
        ([("high", {**OFFICIALS, **COST}), ("in my view", {**COST, "modality": "personal-opinion"})], ("c01",)),
        ([("there is a cost", {**OFFICIALS, "factors": ("cost",)})], None),  # takes no side
        ([("an honour", {**OFFICIALS, "factors": ("honour",), "polarity": 1})], None),  # no key factor
    ],
)
def test_single_chain(parts, claims):
    flags = flagged("single-chain", parts)
    assert [flag.claims for flag in flags] == ([claims] if claims else [])


@pytest.mark.parametrize(
    ("parts", "claims"),
    [
        ([("they said", OFFICIALS), ("they added", AIDES), ("they know", OFFICIALS)], ("c01", "c02", "c03")),
        ([("they said", OFFICIALS), ("they added", OFFICIALS)], None),
        ([("they said", OFFICIALS), ("she said", {})], None),
    ],
)
def test_non_independence(parts, claims):
    flags = flagged("non-independence", parts)
    assert [flag.claims for flag in flags] == ([claims] if claims else [])
    if claims:
        assert flags[0].reason.startswith("2 descriptions")


@pytest.mark.parametrize(
    ("changes", "fires"),
    [
        ({"channel": "interview, Radio Syd", "form": "direct"}, True),
        ({"channel": "Radio Syd", "form": "mixed"}, True),
        ({"channel": "Radio Syd", "form": "indirect"}, False),
        ({"channel": "Radio Nord", "form": "direct"}, False),  # broadcasts in the article's language
        ({"channel": "", "form": "direct"}, False),
    ],
)
def test_quote_fidelity(changes, fires):
    assert bool(flagged("quote-fidelity", [("we will go", changes)])) is fires


def test_category_slip():
    both = [("peacekeepers, a stabilization force", {}), ("they would disarm the militias", {}), ("it rained", {})]
    (flag,) = flagged("category-slip", both)
    assert flag.claims == ("c01", "c02")
    assert flag.reason.startswith("called peacekeepers, stabilization force;")
    assert not flagged("category-slip", [both[0], both[2]])
    assert not flagged("category-slip", [("peacekeepers would disarm them", {})])


def test_omission():
    about = [("the mandate is open", {"factors": ("mandate/legal",)})]
    (flag,) = flagged("omission", about)
    assert flag.reason == "no mention of rules of engagement, parliament"
    (flag,) = flagged("omission", about, more="Parliament was silent.")
    assert flag.reason == "no mention of rules of engagement"
    assert not flagged("omission", about, more="Parliament was silent on rules of engagement.")
    assert not flagged("omission", [("it rained", {})])


ON_TUESDAY = ("we will decide", {"date_expression": "on Tuesday"})


@pytest.mark.parametrize(
    ("parts", "article", "reason", "claims"),
    [
        ([("a", {}), ON_TUESDAY], {"published": None}, "the text has no date: “on Tuesday” hangs in the air", ("c02",)),
        ([ON_TUESDAY], {"published": None, "byline": ""},
         "the text has no date and no byline: “on Tuesday” hangs in the air", ("c01",)),
        ([ON_TUESDAY], {"byline": ""}, "the text has no byline", ("c01",)),
        ([("a", {}), ("b", {"date_expression": "3 May 2025"})], {"published": None}, "the text has no date", ("c01",)),
        ([ON_TUESDAY], {}, None, None),
        ([], {"published": None}, None, None),
    ],
)  # fmt: skip
def test_undated(parts, article, reason, claims):
    flags = flagged("undated", parts, **article)
    assert [(flag.reason, flag.claims) for flag in flags] == ([(reason, claims)] if reason else [])


def test_status_procedure_and_free_indirect_speech():
    parts = [
        ("in my view yes", {"modality": "personal-opinion"}),
        ("this was personal", {"modality": "meta-status"}),
        ("parliament will be taken into confidence", {}),
        ("the cabinet will decide", {}),
        ("it would be dangerous", {**REPORTER, "free_indirect": True, "polarity": -1}),
        ("it would be long", {**REPORTER, "free_indirect": True, "polarity": 0}),
        ("it is dangerous", {**REPORTER, "polarity": -1}),
    ]
    assert [flag.claims for flag in flagged("status", parts)] == [("c01", "c02")]
    assert [flag.claims for flag in flagged("procedure", parts)] == [("c03", "c04")]
    assert [flag.claims for flag in flagged("free-indirect-speech", parts)] == [("c05",)]
    assert not flagged("status", parts[2:])
    assert not flagged("procedure", parts[3:])
    assert not flagged("free-indirect-speech", parts[5:])


def test_every_rule_has_its_test():
    assert [rule.__name__ for rule in RULES.values()] == [
        "date_error", "authorship", "contradiction", "tension", "single_chain", "non_independence", "quote_fidelity",
        "stale_figure", "category_slip", "omission", "undated", "status", "procedure", "free_indirect",
    ]  # fmt: skip
