"""Each way in which the description of a decision can be wrong, or say what enters nothing: one at a time."""

import pytest

from contingent.scenario.check import faults
from contingent.scenario.check_process import inert
from contingent.scenario.paths import changed
from contingent.scenario.read import read

GATES, EVENTS = "process.gates", "process.events"
SURE = {"label": "e", "probability": 1, "delay": 1}
COUNCIL = {"proposed_by": "USA", "year": 2025, "tabled": 0.8}
OPTIONS = ["support_only", "un_mandate_no_disarmament", "write_the_mandate", "un_mandate_full", "agreement_only_full"]


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


def voted(**fields):
    return {f"{GATES}.cabinet.{name}": value for name, value in fields.items()}


def circle(**hangs):
    return {EVENTS: {"unsc_resolution": SURE} | {name: {**SURE, **on} for name, on in hangs.items()}}


def waits(conditions):
    return {"label": "Only then", "requires": conditions, "assumption": "an example"}


FAULTS = [
    ({"process.decider": []}, "process.decider", "names nobody"),
    ({"process.proposers": ["prime_ministr"]}, "process.proposers", "there is no stakeholder `prime_ministr`"),
    ({"process.asked": "2025-10-29"}, "process.asked", "2025-10-29 is after the scenario's date 2025-10-28"),
    ({"process.ladder": [*OPTIONS, "decline"]}, "process.ladder", "there is no option that does something `decline`"),
    ({"process.ladder": [*OPTIONS, OPTIONS[0]]}, "process.ladder", "`support_only` stands there 2 times"),
    ({"process.ladder": OPTIONS[1:]}, "process.ladder", "leaves out support_only"),
    (voted(at_least=0.5), f"{GATES}.cabinet", "has both `quota` (more than) and `at_least`"),
    (voted(quota=None), f"{GATES}.cabinet", "is a vote without a quota"),
    (voted(permanent=["army"]), f"{GATES}.cabinet.permanent", "there is no member of this gate `army`"),
    (voted(casting_vote="egypt"), f"{GATES}.cabinet.casting_vote", "there is no member of this gate `egypt`"),
    (voted(settles=["announcement", "parliament"]), f"{GATES}.cabinet.settles", "gate before this one `announcement`"),
    (voted(settles=["cabinet", "parliament"]), f"{GATES}.cabinet.settles", "no gate before this one `cabinet`"),
    (voted(settles=["parliament"]), f"{GATES}.cabinet.settles", "names one gate, which cannot disagree with itself"),
    (voted(blocking_members=3), f"{GATES}.cabinet.blocking_members", "is more than the 2 members there are"),
    (voted(event="unsc_resolution"), f"{GATES}.cabinet.event", "says nothing to a gate of kind vote"),
    (voted(kind="chance", members={}, quota=None), f"{GATES}.cabinet", "is a chance without a probability"),
    (voted(kind="advisory", delay=9, members={}, quota=None), f"{GATES}.cabinet", "has no members"),
    *[
        (voted(kind="veto", quota=None) | voted(**{field: value}), f"{GATES}.cabinet.{field}", "to a gate of kind veto")
        for field, value in {
            "quota": 0.5, "at_least": 0.5, "of": "votes", "abstention": 0.1, "quorum": 0.5, "people_at_least": 0.5,
            "casting_vote": "government", "blocking_members": 2, "permanent": ["government"],
        }.items()
    ],
    (voted(applies_if={"process.deadline": 180}), f"{GATES}.cabinet.applies_if", "is a number with an interval"),
    (voted(applies_if={"process.pool": 1}), f"{GATES}.cabinet.applies_if", "is a whole record"),
    (voted(applies_if={"process.pol": 1}), f"{GATES}.cabinet.applies_if", "leads nowhere: there is no 'pol'"),
    ({"caveats.late": waits({"event.resolutoin": True})}, "caveats.late.requires", "there is no event `resolutoin`"),
    ({"caveats.late": waits({"event.unsc_resolution": "yes"})}, "caveats.late.requires", "is true or false, never"),
    ({f"{EVENTS}.unsc_resolution.sets": {"mandate.comand": "un"}}, f"{EVENTS}.unsc_resolution.sets.mandate.comand",
     "leads nowhere: there is no `comand`"),
    ({f"{EVENTS}.unsc_resolution.council": COUNCIL}, f"{EVENTS}.unsc_resolution", "both a probability and a council"),
    ({f"{EVENTS}.unsc_resolution.probability": None}, f"{EVENTS}.unsc_resolution", "neither a probability"),
    ({f"{EVENTS}.unsc_resolution.after": ["truce"]}, f"{EVENTS}.unsc_resolution.after", "there is no event `truce`"),
    ({f"{EVENTS}.unsc_resolution.moved_by": {"x": 1}}, f"{EVENTS}.unsc_resolution.moved_by", "there is no event `x`"),
    (circle(a={"after": ["a"]}), f"{EVENTS}.a", "waits for itself"),
    (circle(a={"after": ["b"]}, b={"moved_by": {"c": 1}}, c={"after": ["a"]}), f"{EVENTS}.b", "waits for itself"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "what"), FAULTS, ids=[f"{f[1]}-{i}" for i, f in enumerate(FAULTS)])
def test_each_fault_is_found_at_its_place(gaza, changes, where, what):
    found = {(at, told) for at, told, _ in faults(changed(gaza, changes))}
    assert [told for at, told in found if at == where and what in told], sorted(found)[:5]


def test_what_only_hangs_on_a_circle_is_not_in_it(gaza):
    said = circle(a={"after": ["b"]}, b={"after": ["a"]}, outside={"after": ["a"]})
    at = {where for where, what, _ in faults(changed(gaza, said)) if "waits for itself" in what}
    assert at == {f"{EVENTS}.a", f"{EVENTS}.b"}


def test_a_council_in_place_of_a_probability_and_a_full_ladder_are_right(gaza):
    said = {f"{EVENTS}.unsc_resolution.council": COUNCIL, f"{EVENTS}.unsc_resolution.probability": None}
    assert [*faults(changed(gaza, said | {"process.ladder": OPTIONS}))] == []


ALONE = "sits at no gate and decides nothing: it enters nothing"
WEIGHED = "enters nothing: only who bargains is weighed"
NO_POOL = {"process.pool": None}
NOTES = [
    ({"stakeholders.egypt.stakes": {}}, "stakeholders.egypt", "has no stakes: it enters nothing"),
    (
        {"stakeholders.prime_minister.stakes": {}},
        "stakeholders.prime_minister",
        "taken as the record of past decisions",
    ),
    (NO_POOL, "stakeholders.hamas", ALONE),
    (NO_POOL, "stakeholders.public_opinion.capability", None),
    (NO_POOL, "stakeholders.israel.capability", WEIGHED),
    ({}, "stakeholders.israel.capability", None),
    ({"stakeholders.egypt.bloc": "nile"}, "stakeholders.egypt.bloc", "nobody else is of bloc `nile`"),
    (circle(rain={}), f"{EVENTS}.rain", "changes nothing, and nothing waits for it"),
    (circle(rain={}, flood={"after": ["rain"]}), f"{EVENTS}.rain", None),
    (circle() | {"caveats.late": waits({"event.unsc_resolution": True})}, f"{EVENTS}.unsc_resolution", None),
    (voted(applies_if={"mandate.legal_basis": "invited"}), f"{GATES}.cabinet.applies_if", "never holds: it is"),
    (voted(applies_if={"mandate.legal_basis": ["none", "unsc_resolution"]}), f"{GATES}.cabinet.applies_if", None),
    ({"caveats.late": waits({"mandate.command": "lead_state"})}, "caveats.late.requires", " holds: it is "),
    (circle(), f"{EVENTS}.unsc_resolution", "is waited for but changes nothing on the ground"),
    ({f"{GATES}.resolution.members": {"egypt": {"seats": 1}}}, f"{GATES}.resolution.members", "kind event has no vote"),
    (voted(delay=9), f"{GATES}.cabinet.delay", "only advice and bargains are delayed"),
    (voted(probability=1), f"{GATES}.cabinet.probability", "only a gate of kind chance has one"),
    ({f"{GATES}.parties.members.egypt.divided": True}, f"{GATES}.parties.members.egypt.divided", "counts no votes"),
]


@pytest.mark.parametrize(("changes", "where", "what"), NOTES, ids=[f"{n[1]}-{i}" for i, n in enumerate(NOTES)])
def test_what_enters_nothing_is_noted(gaza, changes, where, what):
    found = [told for at, told, _ in inert(changed(gaza, changes)) if at == where]
    assert (not found) if what is None else [told for told in found if what in told], found


def test_the_shipped_cases_say_nothing_of_their_gates_that_enters_nothing(gaza):
    assert [at for case in (gaza, read("unifil_2006")) for at, *_ in inert(case) if at.startswith("process")] == []
