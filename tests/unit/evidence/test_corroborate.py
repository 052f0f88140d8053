"""Does one chain of sources count once, however many descriptions, copies and rewrites it comes in?"""

from __future__ import annotations

import zlib

import pytest
from toy_claims import found, held

from contingent.evidence.checks import Flag
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.corroborate import (
    COPY,
    SKETCH,
    containment,
    group_of,
    origins,
    overlap,
    recycled,
    regrouped,
    rewrites,
    shingles,
    sketch,
    slug,
    variants,
)
from contingent.evidence.grade import stems

WORDS = [f"w{n}" for n in range(40)]


@pytest.mark.parametrize(
    ("claim", "group"),
    [
        # Named and on the record: one speaker on one day, whatever programme each outlet names.
        ({"channel": "Radio Nord"}, "leena_aho@2025_10_28"),
        ({}, "leena_aho@2025_10_28"),
        ({"speaker": "Nordic Council", "kind": "institution"}, "nordic_council@2025_10_28"),
        # Unnamed people of one article are one chain, whatever they are called and wherever they spoke.
        ({"speaker": "officials", "kind": "official", "record": "background"}, "unnamed@text"),
        ({"speaker": "people close", "kind": "familiar", "record": "background"}, "unnamed@text"),
        ({"speaker": "aides", "kind": "official", "record": "background", "channel": "Radio Nord"}, "unnamed@text"),
        # The rest is the reporter's.
        ({"speaker": "", "kind": "reporter", "record": "unattributed"}, "reporter@text"),
        ({"speaker": "", "kind": "document"}, "reporter@text"),
        ({"speaker": "the cabinet", "kind": "institution", "record": "unattributed"}, "reporter@text"),
    ],
)
def test_the_group_of_a_claim(claim, group):
    assert group_of(found(**claim), "text", "2025-10-28") == group


def test_without_day_or_programme_the_occasion_is_the_text():
    assert group_of(found(), "0a1b") == "leena_aho@0a1b"


def test_ten_descriptions_of_unnamed_people_are_one_source_and_two_texts_two():
    described = [found(speaker=f"official {n}", kind="official", record="background") for n in range(10)]
    assert {group_of(one, "a") for one in described} == {"unnamed@a"}
    assert {group_of(described[0], origin) for origin in "ab"} == {"unnamed@a", "unnamed@b"}


def test_words_as_an_identifier():
    assert slug("Radio Nord, 9 a.m.") == "radio_nord_9_a_m"
    assert slug("…") == "unknown"


def test_a_shingle_is_the_hash_of_five_words_in_a_row():
    # six words make two runs of five; case and punctuation are aside
    assert shingles("One two, three FOUR five. Six") == {
        zlib.crc32(b"one two three four five"),
        zlib.crc32(b"two three four five six"),
    }
    assert shingles("One two") == {zlib.crc32(b"one two")}
    assert len(shingles(" ".join(WORDS))) == 36  # 40 - 5 + 1


def test_a_sketch_is_the_smallest_hashes_in_order():
    text = " ".join(f"x{n}" for n in range(400))  # 396 runs
    assert sketch(text) == tuple(sorted(shingles(text))[:256])
    assert SKETCH == 256


@pytest.mark.parametrize(
    ("left", "right", "share"),
    [
        ((1, 2, 3, 4), (1, 2, 3, 4), 1.0),
        ((1, 2, 3, 4), (1, 9, 10, 11), 0.25),  # one of four
        ((1, 2), (1, 2, 3, 4, 5, 6), 1.0),  # of the smaller one
        ((1, 2, 3, 4, 5, 6), (1, 2), 1.0),
        ((1, 2, 3), (4, 5, 6), 0.0),
        ((), (1,), 0.0),
        ((1,), (), 0.0),
    ],
)
def test_overlap_is_a_share_of_the_smaller_sketch(left, right, share):
    assert overlap(left, right) == share


def test_a_full_sketch_is_compared_only_below_its_largest_hash():
    full = tuple(range(0, 512, 2))  # 256 even hashes, the largest 510
    other = (0, 2, 4, 601, 603, 605, 607)  # three below 510, all of them in the full one
    assert overlap(full, other) == 1.0
    assert overlap(other, full) == 1.0
    assert overlap(full[:-1], other) == pytest.approx(3 / 7)  # not full: nothing is known to be missing


def test_copies_of_copies_have_one_origin_the_first_by_name():
    a = tuple(range(20))
    b = tuple(range(14, 34))  # shares 6 of 20 with a: .3
    c = tuple(range(28, 48))  # shares 6 of 20 with b, none with a
    assert origins({"c": c, "b": b, "a": a}) == {"a": "a", "b": "a", "c": "a"}
    apart = tuple(range(16, 36))  # shares 4 of 20 with a: .2, below the quarter
    assert origins({"a": a, "b": apart}) == {"a": "a", "b": "b"}
    exactly = tuple(range(15, 35))  # 5 of 20: .25
    assert origins({"a": a, "b": exactly}) == {"a": "a", "b": "a"}
    assert COPY == 0.25


def test_a_run_of_words_in_more_than_fifty_texts_is_boilerplate():
    # x and y share five of ten hashes; each of the five stands in as many other texts as said, which share one of ten
    x, y = (1, 2, 3, 4, 5, *range(10, 15)), (1, 2, 3, 4, 5, *range(20, 25))

    def with_others(count: int) -> dict[str, tuple[int, ...]]:
        others = {
            f"a{k}{n:02d}": (k, *range(1000 * k + 10 * n, 1000 * k + 10 * n + 9))
            for k in range(1, 6)
            for n in range(count)
        }
        return {**others, "x": x, "y": y}

    assert origins(with_others(49))["y"] == "x"
    assert origins(with_others(50))["y"] == "y"


def test_claims_of_copies_move_to_the_group_of_their_origin():
    rows = [held("b/c01", group="unnamed@b"), held("b/c02", group="reporter@b"), held("z/c01", group="unnamed@z")]
    moved = regrouped(rows, {"b": "a"})
    assert [one.group for one in moved] == ["unnamed@a", "reporter@a", "unnamed@z"]
    assert rows[0].group == "unnamed@b"


def test_one_speaker_within_two_days_is_one_occasion_and_later_another():
    days = ["2025_10_28", "2025_10_29", "2025_10_31", "2025_11_03"]
    rows = [held(f"{n}/c01", group=f"leena_aho@{day}") for n, day in enumerate(days)]
    first, last = "leena_aho@2025_10_28", "leena_aho@2025_11_03"
    assert [one.group for one in regrouped(rows, {})] == [first, first, first, last]


def test_a_rewrite_claims_the_same_in_other_words():
    def text(name: str, *acts: str) -> list[LedgerClaim]:
        return [held(f"{name}/c{n:02d}", act=act) for n, act in enumerate(acts)]

    claims = [
        *text("a", "send", "join", "offer"),
        *text("b", "offer", "send", "join", "fund"),
        *text("c", "send", "fund"),
    ]
    assert rewrites(claims, {"a": "a", "b": "b", "c": "c"}) == {"a": "a", "b": "a", "c": "c"}
    other = [*claims[:3], *(one.model_copy(update={"actor_state": "X"}) for one in claims[3:])]
    assert rewrites(other, {"a": "a", "b": "b", "c": "c"}) == {"a": "a", "b": "b", "c": "c"}


def test_recycled_text_is_flagged_with_its_claims_and_only_it():
    documents = [{"id": "a", "name": "a.txt"}, {"id": "b", "name": "b.txt"}, {"id": "c", "name": "c.txt"}]
    claims = [held("a/c01"), held("b/c01"), held("b/c02")]
    flags = list(recycled(documents, claims, {"a": "a", "b": "a", "c": "a"}))
    reason = "copies or rewrites a.txt: a repetition is not a confirmation"
    assert flags == [Flag("recycled-text", ("b/c01", "b/c02"), reason)]


def quoted(name: str, words: str, **changes: object) -> LedgerClaim:
    return held(
        name,
        **{"form": "direct", **changes},
        spans=[{"start": 0, "end": 9, "exact": words, "prefix": "", "suffix": ""}],
    )


OTHER = {"name": "Jon Aas", "kind": "person", "office": ""}
UNNAMED = {"name": "officials", "kind": "official", "office": ""}
ANSWER = "we should really take this great opportunity"
MORE = "alfa bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november"
OTHER_WORDS = "this great opportunity we really should take"
# stems of four letters and more: shoul, reall, take, this, great, oppor: all six shared, no run of three the same


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        (quoted("a/c01", ANSWER), quoted("b/c01", OTHER_WORDS), 1),
        (quoted("a/c01", ANSWER), quoted("b/c01", ANSWER), 0),  # the same words
        # six stems shared, of six and of twenty: three tenths; of twenty-one: less
        (quoted("a/c01", ANSWER), quoted("b/c01", f"{OTHER_WORDS} {MORE}"), 1),
        (quoted("a/c01", ANSWER), quoted("b/c01", f"{OTHER_WORDS} {MORE} zulu"), 0),
        (quoted("a/c01", ANSWER), quoted("a/c02", OTHER_WORDS), 0),  # one article
        (quoted("a/c01", ANSWER), quoted("b/c01", "fish quotas were lowered again"), 0),  # another answer
        (quoted("a/c01", ANSWER), quoted("b/c01", OTHER_WORDS, form="indirect"), 0),
        (quoted("a/c01", ANSWER), quoted("b/c01", OTHER_WORDS, speaker=OTHER), 0),
        (quoted("a/c01", "take it", speaker=UNNAMED),
         quoted("b/c01", "it take", speaker=UNNAMED), 0),  # an unnamed group
    ],
)  # fmt: skip
def test_one_answer_in_different_words(left, right, count):
    flags = list(variants([left, right]))
    assert len(flags) == count
    for flag in flags:
        assert flag.kind == "quote-fidelity"
        assert flag.claims == (left.key, right.key)


def test_quotations_without_their_words_are_not_compared():
    assert list(variants([held("a/c01", form="direct"), held("b/c01", form="direct")])) == []


@pytest.mark.parametrize(
    ("left", "right", "share"),
    [
        ("one two three four", "one two three five", 1 / 2),  # runs 123, 234 against 123, 235
        ("one two three", "zero one two three four", 1.0),  # all runs of the shorter
        ("zero one two three four", "one two three", 1.0),
        ("one two", "three four", 0.0),
    ],
)
def test_containment(left, right, share):
    assert containment(left, right) == share


def test_stems_are_five_letters_of_words_of_four_and_more():
    assert stems("Troops will be deployed, the deployment said it") == {"troop", "will", "deplo", "said"}
