"""Can a lost, downgraded or repeated claim ever make us surer, or move what it does not support?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contingent.evidence.claim import LedgerClaim
from contingent.evidence.credence import MODALITY, Observation, believe, branches, moved, parameters
from contingent.evidence.pack import shipped_pack

DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
observation = st.builds(
    Observation,
    claim=st.integers(0, 99).map(lambda n: f"c{n:02d}"),
    group=st.sampled_from("abcd"),
    value=st.integers(0, 100).map(float),
    letter=st.sampled_from("ABCDEF"),
    number=st.integers(1, 6),
    modality=st.sampled_from([*sorted(MODALITY), "meta-status"]),
    record=st.sampled_from(["on-the-record", "background", "unattributed"]),
    day=DAYS,
    condition=st.sampled_from(["", "UN mandate", "host consent"]),
)
ledgers = st.lists(observation, max_size=8, unique_by=lambda one: one.claim)
WORSE = {"A": "BCDEF", "B": "CDEF", "C": "DEF", "D": "EF", "E": "E", "F": "E"}


@settings(max_examples=400, deadline=None)
@given(ledgers, st.data())
def test_a_lost_or_worse_claim_never_narrows(claims, data):
    whole = believe(50, claims)
    for index, one in enumerate(claims):
        rest = [*claims[:index], *claims[index + 1 :]]
        assert believe(50, rest).half >= whole.half
        letter = data.draw(st.sampled_from(WORSE[one.letter]))
        number = data.draw(st.integers(one.number, 6))
        worse = replace(one, letter=letter, number=number)
        assert believe(50, [*rest, worse]).half >= whole.half


def test_losing_a_plain_doubtful_claim_does_not_uncover_a_better_graded_one_of_its_group():
    doubtful = Observation("c00", "a", 0.0, "A", 4)
    confirmed = Observation("c01", "a", 0.0, "A", 1, "belief-ascribed", "background")
    assert believe(50, [confirmed]).half >= believe(50, [doubtful, confirmed]).half


@settings(max_examples=100, deadline=None)
@given(ledgers, observation)
def test_a_thousand_copies_move_nothing(claims, one):
    once = believe(50, [*claims, one])
    copies = [replace(one, claim=f"{one.claim}-{n:04d}") for n in range(1000)]
    many = believe(50, [*claims, one, *copies])
    assert (many.best, many.low, many.high) == (once.best, once.low, once.high)


@settings(max_examples=200, deadline=None)
@given(ledgers, DAYS)
def test_later_claims_change_nothing_on_a_day(claims, day):
    known = [one for one in claims if one.day and one.day <= day]
    assert believe(50, claims, as_of=day) == believe(50, known, as_of=day)


@settings(max_examples=200, deadline=None)
@given(ledgers)
def test_a_condition_speaks_of_its_own_branch_only(claims):
    found = branches(50, claims)
    without = [one for one in claims if one.condition != "UN mandate"]
    again = branches(50, without)
    for name, belief in again.items():
        assert found[name] == belief


def test_no_claim_is_an_assumption_and_no_information_is_no_middle():
    bare = believe(40, [])
    assert (bare.best, bare.half, bare.claims) == (40, 40, ())
    silent = Observation("c1", "g", 90, "B", 6)
    assert believe(40, [silent]) == bare
    firm = believe(40, [Observation("c1", "g", 90, "A", 1)])
    assert firm.best > 80
    assert firm.half < bare.half


STATES, OFFICES = ["PAK", "TUR", "Velmora", ""], ["government", "armed-forces", "defence-ministry", ""]
claim = st.builds(
    LedgerClaim,
    group=st.sampled_from("abcd"),
    document=st.just("d"),
    attribution=st.just("institution-narrated"),
    actor_state=st.sampled_from(STATES),
    actor_office=st.sampled_from(OFFICES),
    act=st.sampled_from(["send", "refuse", ""]),
    polarity=st.sampled_from([-1, 0, 1]),
    modality=st.sampled_from([*sorted(MODALITY), "meta-status"]),
    record=st.sampled_from(["on-the-record", "background", "unattributed"]),
    condition=st.sampled_from(["", "a UN mandate is given", "it rains"]),
    grade=st.builds("{}{}".format, st.sampled_from("ABCDEF"), st.integers(1, 6)),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(claim, min_size=1, max_size=8), st.data())
def test_losing_a_claim_changes_only_what_depends_on_it_and_never_narrows(drawn, data):
    pack = shipped_pack()
    claims = [one.model_copy(update={"id": f"c{n:02d}"}) for n, one in enumerate(drawn)]
    lost = data.draw(st.sampled_from(claims))
    touched = {path for path, _ in moved(lost)}
    before = parameters(claims, pack)
    after = parameters([one for one in claims if one is not lost], pack)
    for path, found in before.items():
        if path not in touched:
            assert after[path] == found
        for branch, belief in after.get(path, {}).items():
            assert belief.half >= found[branch].half


def test_a_condition_is_a_branch_named_by_the_pack():
    one = LedgerClaim(
        id="c01", document="d", group="g", attribution="named-official", actor_state="PAK", act="send", polarity=1,
        modality="preference", record="on-the-record", condition="the UN gives a mandate", grade="B2",
    )  # fmt: skip
    found = parameters([one], shipped_pack())["Pakistan: government"]
    assert set(found) == {"", "un_mandate"}
    assert found[""].claims == ()
    assert found["un_mandate"].best > found[""].best
