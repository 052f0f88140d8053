"""Which way each rung of the shipped case moves if one input is changed, on paired draws: what a specialist expects.

Every row: what is changed, which way the rungs go (all of them, or those named), and why in a few words.
"""

from functools import lru_cache

import numpy as np
import pytest

from contingent.consultation.consult import deliberate
from contingent.consultation.outcome import ladder
from contingent.ensemble.design import Design
from contingent.quantities import Estimate
from contingent.scenario.paths import changed
from contingent.scenario.read import read

DESIGN = Design(1, 300)
WHO, GATES, EVENT = "stakeholders.{}.stakes.participation.position", "process.gates", "process.events.unsc_resolution"
LEADERS, ARMY = ("army_leadership", "prime_minister"), f"{GATES}.security_leadership.members.army_leadership"
ALL, UPPER, TOP = (0, 1, 2), (1, 2), (2,)
SIGNS = {
    "up": lambda change, after: (change > 0.003).all(),
    "down": lambda change, after: (change < -0.003).all(),
    "not up": lambda change, after: (change < 1e-9).all(),
    "not down": lambda change, after: (change > -1e-9).all(),
    "same": lambda change, after: (abs(change) < 1e-9).all(),
    "below 1 %": lambda change, after: (after < 0.01).all(),
    "below 3 %": lambda change, after: (after < 0.03).all(),
}


def at(position, *names):
    """Those named want this."""
    return lambda case: {WHO.format(name): position for name in names or case.stakeholders}


def plain(path, value):
    return lambda case: {path: value}


def gate(name, after="parliament", **about):
    """One more gate, or another one of that name."""

    def put(case):
        gates = list(case.process.gates.items())
        place = [known for known, _ in gates].index(after) + 1
        gates.insert(place, (name, {"label": name, "duration": 0, **about}))
        return {GATES: dict(gates)}

    return put


def copies(name, times):
    """The same gate so many times more in a row, and in no time."""

    def put(case):
        again = case.process.gates[name].model_copy(update={"duration": Estimate(0, 0, 0)})
        more = {known: [(known, gate)] for known, gate in case.process.gates.items()}
        more[name] += [(f"{name}_{k}", again) for k in range(times)]
        return {GATES: dict(row for rows in more.values() for row in rows)}

    return put


def without(name):
    return lambda case: {GATES: {n: g for n, g in case.process.gates.items() if n != name}}


def seats(name, **votes):
    return lambda case: {f"{GATES}.{name}.members.{who}.seats": n for who, n in votes.items()}


def binding(case):
    """Parliament votes, by more than half of its seats."""
    members = {"parliament_government": {"seats": 200}, "parliament_opposition": {"seats": 136}}
    house = {"label": "p", "kind": "vote", "quota": 0.5, "duration": 6, "members": members}
    return {f"{GATES}.parliament": house}


SENATE = {"kind": "vote", "members": {"parliament_government": {"seats": 40}, "parliament_opposition": {"seats": 60}}}
CHAMBERS = (binding, gate("senate", quota=0.5, **SENATE))
JOINT = {"kind": "vote", "members": {"parliament_government": {"seats": 1}}, "settles": ["parliament", "senate"]}
OPPOSITION = ("parliament_opposition", "religious_parties", "public_opinion")
PEOPLE = {"kind": "vote", "quota": 0.5, "members": {"public_opinion": {"seats": 1.2e8, "divided": True}}}


def without_quorum(case):
    present = {f"{GATES}.cabinet.members.{who}.present": 0.4 for who in case.process.gates["cabinet"].members}
    return {**present, f"{GATES}.cabinet.quorum": 0.5}


def after_a_truce(case):
    mandate = case.process.events["unsc_resolution"].model_copy(update={"after": ("truce",)})
    truce = {"label": "t", "probability": 0.1, "delay": 1}
    return {"process.events": {"truce": truce, "unsc_resolution": mandate}}


def on_long_notice(case):
    return {f"pledges.{p.id}.notice": 400 for p in case.pledges if p.contributor == case.contributor}


ROWS = [
    # who wants what
    ((), at(0, "army_leadership"), "below 1 %", ALL, "a decider against"),
    ((), at(8, "army_leadership"), "below 3 %", ALL, "a decider who wants next to nothing"),
    ((), at(0, "prime_minister"), "below 1 %", ALL, "the other decider against"),
    ((), at(3), "below 3 %", ALL, "nobody wants it"),
    ((), at(98), "up", ALL, "everybody wants all of it"),
    ((), at(96, "army_leadership"), "up", UPPER, "a decider for all of it"),
    ((), at(96, "army_leadership"), "not down", ALL, "... and of nothing less is it sooner refused"),
    ((), at(90, "public_opinion"), "not down", ALL, "the street in favour"),
    ((), at(0, *OPPOSITION), "down", (0, 1), "the whole opposition against"),
    ((), at(0, *OPPOSITION), "not up", TOP, "... and of what hardly passes, no more"),
    ((), at(0, "government"), "down", ALL, "the cabinet against"),
    ((), at(0, "united_states"), "not up", ALL, "the ally against"),
    # power
    ((), plain("stakeholders.united_states.capability", 450), "not down", ALL, "the ally ten times as powerful"),
    ((), plain("stakeholders.religious_parties.capability", 1000), "down", ALL, "the street far more powerful"),
    # rules
    ((), binding, "not up", TOP, "advice becomes a vote that can be lost"),
    ((binding,), seats("parliament", parliament_government=36, parliament_opposition=300), "down", ALL, "lost"),
    ((binding,), plain(f"{GATES}.parliament.quota", 2 / 3), "not up", ALL, "a higher hurdle"),
    ((binding,), gate("again", quota=0.5, **SENATE), "not up", ALL, "a second chamber"),
    ((binding,), copies("parliament", 3), "same", ALL, "the same people asked again"),
    ((binding,), seats("parliament", parliament_government=2e8, parliament_opposition=1.36e8), "same", ALL, "millions"),
    (CHAMBERS, gate("joint", after="senate", quota=0.5, **JOINT), "not down", ALL, "a joint sitting"),
    ((), copies("security_leadership", 5), "same", ALL, "the same two asked five times more"),
    ((), seats("cabinet", government=0.8, foreign_office=0.2), "same", ALL, "seats as shares"),
    ((), plain(f"{GATES}.cabinet.quota", 1.0), "not up", ALL, "unanimity"),
    ((), plain(f"{GATES}.cabinet.members.government.whip", 4), "not down", ALL, "a stricter whip to yes"),
    ((), plain(f"{GATES}.cabinet.members.government.whip", -9), "below 3 %", ALL, "a whip to no"),
    ((), without_quorum, "below 1 %", ALL, "no quorum"),
    ((), plain("process.pressure", 0), "not down", ALL, "nobody is pressed"),
    ((), plain("process.pressure", 1), "not up", ALL, "everybody is pressed harder"),
    ((), without("parliament"), "not down", ALL, "one gate fewer"),
    ((), without("resolution"), "not down", ALL, "nothing is waited for"),
    ((), gate("referendum", **PEOPLE), "down", UPPER, "a referendum that is likely lost"),
    ((), gate("court", kind="chance", probability=0.5), "down", ALL, "a court may stop it"),
    ((), gate("court", kind="chance", probability=1), "same", ALL, "a court that stops nothing"),
    ((), plain(f"{ARMY}.cost", 0.3), "not down", ALL, "a no that costs"),
    ((), plain("process.proposers", ["religious_parties"]), "down", ALL, "only its foes may put it forward"),
    ((), plain("process.decider", [*LEADERS, "religious_parties"]), "down", ALL, "a foe must agree"),
    # events and time
    ((), plain(f"{EVENT}.probability", 0.99), "up", (1,), "the mandate is all but sure"),
    ((), plain(f"{EVENT}.probability", 0.02), "down", (1,), "hardly a mandate"),
    ((), plain(f"{EVENT}.delay", 400), "down", (1,), "a mandate too late"),
    ((), after_a_truce, "down", (1,), "a mandate only after an unlikely truce"),
    ((), plain("process.deadline", 30), "down", ALL, "hardly any time"),
    ((), plain("process.deadline", 720), "not down", ALL, "more time"),
    ((), plain("process.attention", 400), "below 3 %", ALL, "nobody gets to it in time"),
    ((), plain(f"{GATES}.consultations.duration", 150), "down", ALL, "slow talks"),
    ((), plain("process.renewal", 0.95), "same", ALL, "what comes after the deadline is not in time"),
    # the record
    ((), plain("reference_class.recorded_refusals", 0.1), "down", ALL, "most refusals are not on record"),
    ((), plain("process.pool.reference", 1e-6), "not down", (0,), "interest alone, and it is for it"),
]  # fmt: skip

OTHERS = [
    (plain(f"{GATES}.parties.members.israel.whip", -9), "accepted", "below 1 %", "a party is against"),
    (plain(f"{GATES}.parties.duration", 600), "accepted", "below 1 %", "the parties take too long"),
    (on_long_notice, "delivered", "below 1 %", "people who cannot be there in time"),
]  # fmt: skip


@pytest.fixture(scope="module")
def rungs():
    gaza = read("isf_gaza")

    @lru_cache
    def found(changes, stage="decided"):
        case = gaza
        for change in changes:
            case = changed(case, change(case))
        talks = deliberate(case, DESIGN)
        return np.array([talks.outlook.rung(k + 1, talks.deadline, stage).mean() for k in range(len(ladder(case)))])

    return found


@pytest.mark.parametrize(("before", "change", "sign", "of", "why"), ROWS, ids=[f"{r[4]}: {r[2]}" for r in ROWS])
def test_a_change_of_the_decision_moves_the_rungs_as_expected(rungs, before, change, sign, of, why):
    was, now = rungs(before), rungs((*before, change))
    assert SIGNS[sign]((now - was)[list(of)], now[list(of)]), (why, was, now)


@pytest.mark.parametrize(("change", "stage", "sign", "why"), OTHERS, ids=[r[3] for r in OTHERS])
def test_what_comes_after_the_decision_leaves_it_as_it_is(rungs, change, stage, sign, why):
    assert rungs((change,)) == pytest.approx(rungs(()), abs=1e-9)
    was, now = rungs((), stage), rungs((change,), stage)
    assert SIGNS[sign](now - was, now), (why, was, now)
