"""Do agreement, disagreement and anonymity give the grades that the rules promise?"""

from __future__ import annotations

import pytest
from toy_claims import found

from contingent.evidence.checks import Flag
from contingent.evidence.claim import LedgerClaim, Speaker
from contingent.evidence.grade import Relation, diagonal_share, graded, letter, number, relations


@pytest.mark.parametrize(
    ("speaker", "grade", "reason"),
    [
        (("Aho", "person", "Foreign Minister"), "B", "named, and answerable as Foreign Minister"),
        (("Aho", "person", "the king’s chancellor"), "B", "named, and answerable as the king’s chancellor"),
        (("Aho", "person", "former prime minister"), "C",
         "named, with some access as former prime minister, not the office in charge"),
        (("Aho", "person", "aide to the president"), "C",
         "named, with some access as aide to the president, not the office in charge"),
        (("Aho", "person", "professor"), "C", "named, with some access as professor, not the office in charge"),
        (("Aho", "person", ""), "F", "named, but nothing is known of access or record"),
        (("the ministry", "institution", ""), "B", "an institution that speaks in its own name"),
        (("the report", "document", ""), "B", "a document that can be looked up"),
        (("a survey", "poll", ""), "C", "a poll; its method decides more"),
        (("officials", "official", ""), "F", "unnamed officials: cannot be judged"),
        (("people close", "familiar", ""), "F", "unnamed people at second hand: cannot be judged"),
        (("citizens", "public", ""), "F", "a public at large: cannot be judged"),
        (("", "reporter", ""), "F", "no source is given: cannot be judged"),
    ],
)  # fmt: skip
def test_the_letter_of_a_source(speaker, grade, reason):
    assert letter(Speaker(*speaker)) == (grade, reason)


def of(relation: str, claim: str = "c02", group: str = "g2", **known: object) -> Relation:
    return Relation(relation, claim, group, **known)


@pytest.mark.parametrize(
    ("others", "grade", "reason"),
    [
        ([], 6, "nothing to compare it with"),
        ([of("near")], 3, "compared with other claims on the matter: neither confirmed nor contradicted"),
        ([of("supports")], 3, "only c02, also unnamed or of unknown origin, points the same way"),
        ([of("supports"), of("supports", "c03", "g3")], 3,
         "only c02, c03, also unnamed or of unknown origin, points the same way"),
        ([of("supports", on_record=True)], 2, "agrees with c02, named and of another origin"),
        ([of("supports", on_record=True), of("supports", "c03", "g3", on_record=True)], 1,
         "confirmed independently by c02, c03"),
        ([of("supports", on_record=True), of("supports", "c03", "g2", on_record=True)], 2,
         "agrees with c03, named and of another origin"),
        ([of("supports", on_record=True), of("supports", "c03", "g3")], 2,
         "agrees with c02, c03, named and of another origin"),
        ([of("contradicts", on_record=True), of("contradicts", "c04", on_record=True)], 4, "stands against c02, c04"),
        ([of("supports", on_record=True), of("contradicts", "c04", "g4", on_record=True)], 4, "stands against c04"),
        ([of("contradicts")], 6, "nothing to compare it with"),  # nobody's name stands against a name
        ([of("refuted", "date-error", reason="too early"), of("contradicts")], 5,
         "contradicted by a dated fact: too early"),
    ],
)  # fmt: skip
def test_the_number_of_what_is_claimed(others, grade, reason):
    assert number(found(), others) == (grade, reason)


@pytest.mark.parametrize("modality", ["non-commitment", "meta-status"])
def test_what_a_speaker_says_of_the_speaker_is_confirmed_by_being_said(modality):
    one = found(modality=modality)
    assert number(one, [])[0] == 1
    assert number(one, [of("contradicts", on_record=True)])[0] == 4
    assert number(found(modality="personal-opinion"), [])[0] == 6


def test_the_share_on_the_diagonal():
    assert diagonal_share(["A1", "B2", "C3", "D4", "E5"]) == 1
    assert diagonal_share(["A2", "B1"]) == 0
    assert diagonal_share(["A1", "B3", "F3", "C6"]) == 0.5  # F and 6 are no judgement


SAME = "the budget allows two thousand soldiers"
NEARLY = "the budget allows three thousand soldiers"
# stems: budge allow thous soldi, with three in the second: 4 of 5 alike


def related(words: tuple[str, str], left: dict, right: dict, flags: list[Flag] | None = None, group=("g1", "g2")):
    """What the second of two claims is said to be to the first."""
    text = " ".join(words)
    spans = ((0, len(words[0])),), ((len(words[0]) + 1, len(text)),)
    first = found("c01", **{"factors": ("cost",), "spans": spans[0], "group": group[0], **left})
    second = found("c02", **{"factors": ("cost",), "spans": spans[1], "group": group[1], **right})
    return relations([first, second], flags or [], text)["/c01"]


@pytest.mark.parametrize(
    ("words", "left", "right", "relation"),
    [
        ((SAME, SAME), {}, {}, "supports"),
        ((SAME, NEARLY), {}, {}, "supports"),
        ((SAME, SAME), {"polarity": 1}, {"polarity": 1}, "supports"),
        ((SAME, SAME), {"polarity": 1}, {"polarity": 0}, "supports"),
        ((SAME, SAME), {"polarity": 1}, {"polarity": -1}, "near"),
        ((SAME, SAME), {"negated": True}, {}, "contradicts"),
        ((SAME, SAME), {"negated": True}, {"negated": True}, "supports"),
        ((SAME, "the budget is closed for another year"), {}, {}, "near"),  # 1 of 6 stems
        ((SAME, "the budget is closed for another year"), {"negated": True}, {}, "near"),
    ],
)
def test_two_claims_on_one_matter(words, left, right, relation):
    assert [one.relation for one in related(words, left, right)] == [relation]


def test_agreement_begins_at_three_tenths_of_the_stems():
    # alpha bravo charl against alpha and 0, 1 or 2 others beside: shares of 1/3, 1/4
    assert related(("alpha bravo charlie", "alpha"), {}, {})[0].relation == "supports"
    assert related(("alpha bravo charlie", "alpha delta"), {}, {})[0].relation == "near"


def test_claims_of_one_group_or_on_other_matters_say_nothing_of_each_other():
    assert related((SAME, SAME), {}, {}, group=("g", "g")) == []
    assert related((SAME, SAME), {}, {"factors": ("honour",)}) == []
    assert related((SAME, SAME), {"factors": ()}, {"factors": ()}) == []


def test_a_flagged_contradiction_counts_against_the_one_who_knows_less_only_when_told_on_the_record():
    flag = [Flag("contradiction-within", ("c01", "c02"), "")]
    unaware = {"modality": "knowledge-denied"}
    words = (SAME, "nobody told her anything")
    assert related(words, {}, unaware, flag)[0].relation == "contradicts"
    assert related(words, unaware, {}, flag)[0].relation == "contradicts"
    unnamed = related(words, {}, {**unaware, "record": "background"}, flag)
    assert unnamed == [Relation("contradicts", "c02", "g2", on_record=False)]  # which no name need mind
    assert related(words, {}, {}, flag)[0].relation == "near"
    assert related(words, unaware, unaware, flag)[0].relation == "near"
    assert related(words, {}, unaware, [Flag("tension-within-speaker", ("c01", "c02"), "")])[0].relation == "near"


def test_a_relation_says_of_whom_and_on_which_record():
    assert related((SAME, SAME), {}, {}) == [Relation("supports", "c02", "g2", on_record=True)]
    assert related((SAME, SAME), {}, {"record": "background"}) == [Relation("supports", "c02", "g2", on_record=False)]


@pytest.mark.parametrize(
    ("kind", "grade"), [("date-error", 5), ("authorship", 5), ("stale-figure", 6), ("omission", 6)]
)
def test_a_dated_fact_refutes_and_other_flags_do_not(kind, grade):
    flags = [Flag(kind, ("c01",), "a fact")]
    assert graded([found()], flags, SAME)[0].number == grade


def test_two_named_sources_of_different_origin_confirm_a_third():
    def grades(*groups: str) -> list[LedgerClaim]:
        claims = [
            found(f"c{n:02d}", factors=("cost",), office="minister", spans=((0, len(SAME)),), group=group)
            for n, group in enumerate(groups, 1)
        ]
        return graded(claims, [], SAME)

    first = grades("g1", "g2", "g3")[0]
    assert (first.letter, first.letter_reason) == ("B", "named, and answerable as minister")
    assert (first.number, first.number_reason) == (1, "confirmed independently by c02, c03")
    assert first.grade == "B1"
    assert grades("g1", "g2", "g2")[0].grade == "B2"


def test_what_an_institution_is_told_to_think_is_graded_as_the_reporters():
    narrated = found(
        kind="institution", attribution="institution-narrated", speaker="the cabinet", record="unattributed"
    )
    assert graded([narrated], [], SAME)[0].grade == "F6"
    assert (
        graded([found(kind="institution", attribution="institution-narrated", speaker="the cabinet")], [], SAME)[
            0
        ].letter
        == "B"
    )
