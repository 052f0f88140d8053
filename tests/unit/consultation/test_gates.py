"""What a set of terms meets at the gates, each case worked by hand; Phi is the standard normal distribution.

All noise is shared here unless told otherwise: somebody with the wish w says yes from a mood of -w on.
"""

import numpy as np
import pytest
from scipy.special import ndtr

from contingent.consultation.ballots import Shocks
from contingent.consultation.dispositions import INNER, Dispositions
from contingent.consultation.events import happening
from contingent.consultation.gates import walk_gates
from contingent.ensemble.design import Design

ONE = Design(1, 1)
ALL, NONE = 9.0, -9.0


@pytest.fixture
def walk(decision, stakes):
    """The walk of terms that ann, ben and cas wish for, and lean to by their own interest; in one run."""

    def walked(gates, wish=(0.0, 0.0, 0.0), own=None, gain=None, shared=1.0, noises=(0, 0, 0), **process):
        scenario = decision(gates, **process)
        who = stakes(ann=(0.5, 1, 1), ben=(0.5, 1, 1), cas=(0.5, 1, 1))
        each = lambda values: np.tile(np.array(values, dtype=float), (INNER, 1))  # noqa: E731
        even = np.array([0.5])
        lean = Dispositions(each(own or wish), each(wish), np.array([gain or wish], dtype=float), even, even, even)
        return walk_gates(scenario, who, lean, Shocks(each(noises), np.full(INNER, shared)), ONE)

    return walked


def at(walk, gate):
    """The mood from which a gate lets it through."""
    return walk.threshold[0, list(walk.gates).index(gate)]


def day(walk, stage="decision", **came):
    return walk.day({name: np.full(INNER, float(on)) for name, on in came.items()}, stage)[0]


# A parliament of 10 seats that lean to yes by 1 and 30 that lean to no by 1:
# in favour (10 Phi(1) + 30 Phi(-1)) / 40 = (10 x .8413447 + 30 x .1586553) / 40 = .3293276, against .6706724.
PARLIAMENT = {"ann": {"seats": 10}, "ben": {"seats": 30}}
AGAINST = 0.6706724


def test_opposition_in_an_advisory_gate_pushes_later_gates_towards_no(walk, gate):
    gates = {"parliament": gate("advisory", PARLIAMENT), "cabinet": gate("vote", ["cas"], quota=0.5)}
    found = walk(gates, (1.0, -1.0, 0.0))
    assert at(found, "cabinet") == pytest.approx(0.5 * AGAINST, abs=1e-7)
    assert at(found, "parliament") == -np.inf


@pytest.mark.parametrize(("wish", "pressed"), [(ALL, 0.0), (0.0, 0.25), (NONE, 0.5)])
def test_what_advises_presses_downwards_only(walk, gate, wish, pressed):
    gates = {"parliament": gate("advisory", ["ann", "ben"]), "cabinet": gate("veto", ["cas"])}
    assert at(walk(gates, (wish, wish, 0.0)), "cabinet") == pytest.approx(pressed)


def test_pressure_adds_up_and_works_on_advisory_gates_too(walk, gate):
    gates = {
        "lower": gate("advisory", ["ann"]), "upper": gate("advisory", ["ben"]), "cabinet": gate("veto", ["cas"]),
    }  # fmt: skip
    # the lower house shifts by -.5; the upper is then against by 1 - Phi(-.5) = .6914625
    assert at(walk(gates, (NONE, 0.0, 0.0)), "cabinet") == pytest.approx(0.5 + 0.5 * 0.6914625, abs=1e-7)


def test_who_bargains_presses_by_weight_and_takes_time(walk, gate):
    # ann gains .2 and ben loses .6 at equal weight: three quarters against
    gates = {"talks": gate("bargain", ["ann", "ben"], duration=12), "cabinet": gate("veto", ["cas"])}
    found = walk(gates, gain=(0.2, -0.6, 0.0))
    assert at(found, "cabinet") == pytest.approx(0.5 * 0.75)
    assert day(found) == 12


def test_a_gate_presses_on_none_before_it(walk, gate):
    gates = {"cabinet": gate("veto", ["cas"]), "parliament": gate("advisory", ["ann"])}
    assert at(walk(gates, (NONE, 0, 0.3)), "cabinet") == -0.3


def test_opposition_delays_by_its_share(walk, gate):
    gates = {"parliament": gate("advisory", PARLIAMENT, duration=5, delay=40)}
    assert day(walk(gates, (1.0, -1.0, 0))) == pytest.approx(5 + 40 * AGAINST, abs=1e-5)
    assert [day(walk(gates, (end, end, 0))) for end in (ALL, NONE)] == pytest.approx([5, 45])


def test_an_advisory_body_that_stays_away_presses_on_nobody(walk, gate):
    away = gate("advisory", {"ann": {"seats": 9, "present": 0}}, delay=30)
    found = walk({"parliament": away, "cabinet": gate("veto", ["cas"])}, (NONE, 0, 0.1))
    assert (at(found, "cabinet"), day(found)) == (-0.1, 0)


def test_an_advisory_gate_without_members_takes_only_its_time(walk, gate):
    found = walk({"announcement": gate("advisory", duration=4)}, (0.2, 0, 0))
    assert (day(found), found.passes()[0]) == (4, -0.2)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (20, 3, 53),  # the vote is over on day 20, the event comes on day 50, then 3 more
        (80, 3, 83),  # the event has come by then: nothing is waited for
        (50, 0, 50),
    ],
)
def test_an_event_is_awaited_not_added(walk, gate, first, last, days):
    gates = {"cabinet": gate("veto", ["ann"], duration=first), "text": gate("event", event="abroad", duration=last)}
    found = walk(gates)
    assert day(found, abroad=50) == days
    assert day(found, abroad=np.inf) == np.inf
    assert found.day(None)[0] == first + last


def test_gates_are_met_in_the_order_they_are_written(walk, gate):
    cabinet, text = gate("veto", ["ann"], duration=20), gate("event", event="abroad", duration=3)
    after, before = walk({"cabinet": cabinet, "text": text}), walk({"text": text, "cabinet": cabinet})
    assert (day(after, abroad=50), day(before, abroad=50)) == (53, 73)
    assert tuple(before.gates) == ("text", "cabinet")


def test_what_a_no_costs_pushes_a_veto_holder_to_yes(walk, gate):
    # refusing costs .15: at noise .1 that is 1.5 units of it
    for noise, units in ((0.1, 1.5), (0.3, 0.5)):
        found = walk({"chief": gate("veto", {"ann": {"cost": 0.15}})}, (-1.0, 0, 0), noise=noise)
        assert at(found, "chief") == pytest.approx(1.0 - units)


@pytest.mark.parametrize("whip", [0.8, -0.8])
def test_a_whip_pulls_in_units_of_the_noise(walk, gate, whip):
    assert at(walk({"house": gate("vote", {"ann": {"whip": whip}}, quota=0.5)}, (0.2, 0, 0)), "house") == -0.2 - whip


def test_a_veto_needs_every_member_whatever_its_seats(walk, gate):
    assert (
        at(walk({"chiefs": gate("veto", {"ann": {"seats": 0}, "ben": {"seats": 100}})}, (-0.7, 1, 0)), "chiefs") == 0.7
    )


def test_a_vote_needs_more_than_its_quota_and_can_ask_for_at_least_a_share(walk, gate):
    for share, turns in (
        ({"quota": 0.5}, 0.0),
        ({"quota": 2 / 3}, 1.0),
        ({"at_least": "2/3"}, 0.0),  # two of three have it to the last vote, which no decimal says
        ({"quota": 0.3}, -2),
    ):
        assert at(walk({"house": gate("vote", ["ann", "ben", "cas"], **share)}, (2.0, 0.0, -1.0)), "house") == turns


def test_every_part_of_a_rule_reaches_the_count(walk, gate):
    members = {"ann": {"seats": 3, "present": 0.5}, "ben": {"seats": 2, "people": 9}, "cas": {"seats": 1, "people": 1}}
    turns = lambda **parts: at(walk({"h": gate("vote", members, quota=0.5, **parts)}, (2.0, 0.5, -1.0)), "h")  # noqa: E731
    # 1.5, 2 and 1 of 6 seats are there, 4.5 in all
    assert turns() == -0.5  # ann and ben: 3.5 of 6
    assert turns(quorum=0.76) == np.inf
    assert turns(of="present", casting_vote="ann") == -0.5
    assert turns(people_at_least=0.95) == 1.0  # of 1.5 + 9 + 1 people ann and ben have 10.5, .913
    assert turns(blocking_members=3) == -2.0  # two cannot block: ann's yes is enough
    assert turns(permanent=["cas"], abstention=0.3) == 0.7
    assert turns(of="votes", abstention=0.3) == pytest.approx(-0.8)  # ann's 1.5 beat cas's 1 once ben abstains


def test_divided_seats_are_counted_one_by_one(walk, gate):
    house = gate("vote", {"ann": {"seats": 300, "divided": True}}, quota=0.5)
    assert at(walk({"house": house}, (0.4, 0, 0), shared=0.25, noises=(5, 5, 5)), "house") == pytest.approx(
        -0.8, abs=1e-7
    )


def test_a_gate_that_does_not_apply_takes_no_time_and_presses_on_nobody(walk, gate):
    house = gate("advisory", ["ben"], duration=30, applies_if={"process.status_quo.scope": [50, 70]})
    found = walk({"house": house, "chief": gate("veto", ["cas"])}, (0, NONE, 0.0))
    assert (tuple(found.gates), at(found, "chief"), day(found)) == (("chief",), 0, 0)
    house["applies_if"] = {"process.status_quo.scope": [50, 0]}
    found = walk({"house": house, "chief": gate("veto", ["cas"])}, (0, NONE, 0.0))
    assert (at(found, "chief"), day(found)) == (0.5, 30)


@pytest.mark.parametrize(("baseline", "applies"), [("something", ()), ("nothing", ("chief",))])
def test_every_condition_of_a_gate_must_hold(walk, gate, baseline, applies):
    both = {"process.status_quo.scope": 0, "baseline": baseline}
    assert tuple(walk({"chief": gate("veto", ["ann"], applies_if=both)}).gates) == applies


def test_acceptance_by_others_is_apart_and_knows_nothing_of_the_record(walk, gate):
    gates = {
        "chief": gate("veto", ["ann"], duration=7),
        "parties": gate("veto", ["ben"], duration=60, stage="acceptance"),
    }
    found = walk(gates, (1.0, 0.6, 0.0), own=(0.2, -0.4, 0.0))
    assert (found.passes()[0], found.passes("acceptance")[0]) == (-1.0, 0.4)
    assert (day(found), day(found, "acceptance")) == (7, 60)


def test_a_body_of_ours_presses_on_no_other_state(walk, gate):
    gates = {
        "parliament": gate("advisory", ["ann"]),
        "cabinet": gate("veto", ["cas"]),
        "parties": gate("veto", ["ben"], stage="acceptance"),
    }
    found = walk(gates, (NONE, 0.6, 0.0))
    assert (at(found, "cabinet"), at(found, "parties")) == (0.5, -0.6)
    gates["forum"] = gate("advisory", ["ann"], stage="acceptance")
    gates["host"] = gate("veto", ["cas"], stage="acceptance")
    assert at(walk(gates, (NONE, 0.6, 0.0)), "host") == 0.5  # theirs presses on theirs, once


def test_a_chance_lets_its_share_of_the_draws_through(walk, gate):
    found = walk({"court": gate("chance", probability=0.75)})
    assert sorted(found.threshold[:, 0]) == [-np.inf] * 6 + [np.inf] * 2


def test_the_deciders_consent_is_needed_wherever_they_sit(walk, gate):
    house = {"house": gate("vote", ["ben", "cas"], quota=0.5)}
    assert walk(house, (-0.9, 2, 2)).passes()[0] == 0.9
    assert walk(house, (-0.9, 2, 1), decider=["ann", "cas"]).passes()[0] == 0.9
    assert walk({}, (-0.9, 0, 0)).passes()[0] == 0.9


def test_one_person_in_two_bodies_is_one_person(walk, gate):
    gates = {f"chief_{k}": gate("veto", ["ann", "ben"]) for k in range(5)}
    chance = lambda some: 1 - ndtr(some.passes())  # noqa: E731
    once = walk({"chief": gates["chief_0"]}, shared=0.3, noises=(0.4, -0.2, 0))
    assert chance(walk(gates, shared=0.3, noises=(0.4, -0.2, 0))) == pytest.approx(chance(once))


TWO_CHAMBERS = {"lower": ["ann"], "upper": ["ben"]}


@pytest.mark.parametrize(
    ("wish", "turns"),
    [
        ((2, -1, -0.5), 0.5),  # between -2 and 1 they disagree, and the joint sitting says yes from .5 on
        ((2, -1, -1.5), 1.0),  # from 1 on both pass it
        ((2, -1, 5), -2.0),  # both refuse below -2
    ],
)
def test_where_two_chambers_disagree_a_joint_sitting_decides(walk, gate, wish, turns):
    gates = {name: gate("vote", who, quota=0.5) for name, who in TWO_CHAMBERS.items()}
    joint = gate("vote", ["cas"], quota=0.5, settles=list(TWO_CHAMBERS))
    assert walk({**gates, "joint": joint}, wish).passes()[0] == turns


def test_a_joint_sitting_of_chambers_that_are_not_asked_is_not_convened(walk, gate):
    gates = {name: gate("vote", who, quota=0.5, applies_if={"baseline": "x"}) for name, who in TWO_CHAMBERS.items()}
    joint = gate("vote", ["cas"], quota=0.5, settles=list(TWO_CHAMBERS))
    assert walk({**gates, "joint": joint}, (0.3, 0, -5)).passes()[0] == -0.3


def test_a_gate_that_is_sure_takes_the_consent_of_all_who_sit_there_with_it(walk, gate):
    gates = {"chief": gate("veto", ["ann"], duration=9), "house": gate("vote", ["cas"], quota=0.5)}
    found = walk(gates, (-0.7, 0, -0.4))
    assert found.passes()[0] == 0.7
    assert found.given_passed("chief").passes()[0] == 0.4
    assert found.given_passed("house").passes()[0] == 0.7
    assert day(found.given_passed("chief")) == 9
    assert at(found, "chief") == 0.7  # the walk itself stays as it was


def test_what_is_sure_brings_their_consent_where_all_deciders_sit(walk, gate):
    gates = {
        "talks": gate("bargain", ["ann", "ben"]), "text": gate("event", event="abroad"),
        "court": gate("chance", probability=1), "chief": gate("veto", ["ann"]),
        "house": gate("vote", ["ben"], quota=0.5),
    }  # fmt: skip
    found = walk(gates)
    assert np.isfinite(found.own).all()
    consent = [name for name in gates if np.isneginf(found.given_passed(name).own).all()]
    assert consent == ["talks", "chief"]


def test_uncertain_numbers_are_drawn_each_under_its_own_path(decision, gate, stakes):
    design, spread = Design(3, 50), {"best": 40, "low": 20, "high": 60}
    ann = {"seats": spread, "whip": {"best": 0.5, "low": 0.1, "high": 0.9}}
    share = {"best": 0.5, "low": 0.4, "high": 0.6}
    gates = {
        "house": gate("vote", {"ann": ann, "ben": {"seats": 40}}, quota=share, duration=spread),
        "senate": gate("advisory", ["cas"], delay={"best": 10, "low": 5, "high": 30}),
    }
    scenario = decision(gates, events={}, pressure=0)
    wish = np.tile([0.0, -1.0, 0.0], (50 * INNER, 1))
    lean = Dispositions(wish, wish, np.zeros((50, 3)), np.zeros(50), np.zeros(50), np.zeros(50))
    mood = Shocks(np.zeros_like(wish), np.ones(len(wish)))
    found = walk_gates(scenario, stakes(ann=(0, 1, 1), ben=(0, 1, 1), cas=(0, 1, 1)), lean, mood, design)
    read, house = scenario.process.gates["house"], "process.gates.house"
    whip = design.sample(f"{house}.members.ann.whip", read.members["ann"].whip)
    seats = design.sample(f"{house}.members.ann.seats", read.members["ann"].seats)
    needed = design.sample(f"{house}.quota", read.quota) * (seats + 40)
    assert found.threshold[::INNER, 0] == pytest.approx(np.where(seats > needed, -whip, 1.0))  # ann alone, or ben too
    delay = design.sample("process.gates.senate.delay", scenario.process.gates["senate"].delay)
    duration = design.sample(f"{house}.duration", read.duration)
    assert found.day(happening(scenario, design))[::INNER] == pytest.approx(duration + 0.5 * delay)


def test_gates_of_another_state_share_no_mood_with_ours_and_none_with_a_third(walk, gate):
    gates = {
        "ours": gate("veto", ["ann"]), "theirs": gate("veto", ["ben"], stage="acceptance", whose="B"),
        "their_court": gate("chance", stage="acceptance", whose="B", probability=1),
        "third": gate("veto", ["cas"], stage="acceptance", whose="C"),
    }  # fmt: skip
    found = walk(gates, (0.5, 0.2, -0.3))
    # ours from a mood of -.5 on; they accept with Phi(.2) x Phi(-.3), each by a mood of its own
    assert found.passes()[0] == pytest.approx(-0.5)
    assert ndtr(-found.passes("acceptance")[0]) == pytest.approx(ndtr(0.2) * ndtr(-0.3))
    together = walk({name: {**each, "whose": ""} for name, each in gates.items()}, (0.5, 0.2, -0.3))
    assert together.passes("acceptance")[0] == pytest.approx(0.3), "of one name, the harder gate alone"
    before = walk({"theirs": gate("veto", ["ben"], whose="B"), "ours": gate("veto", ["ann"])}, (0.5, 0.2, 0.0))
    assert ndtr(-before.passes()[0]) == pytest.approx(ndtr(0.5) * ndtr(0.2)), "at our own stage it counts as well"


def test_another_state_leans_by_its_own_interest_and_is_pressed_by_its_own_bodies(walk, gate):
    press = gate("advisory", ["ann"])
    theirs = {"stage": "acceptance", "whose": "B"}
    gates = {"parliament": press, "cabinet": gate("veto", ["cas"], **theirs)}
    assert at(walk(gates, (NONE, 0.0, 0.4), own=(NONE, 0.0, 0.1)), "cabinet") == pytest.approx(-0.1)
    gates["parliament"] = {**press, **theirs}
    assert at(walk(gates, (NONE, 0.0, 0.4), own=(NONE, 0.0, 0.1)), "cabinet") == pytest.approx(0.5 - 0.1)
    gates["cabinet"] = gate("veto", ["cas"], stage="acceptance", whose="C")
    assert at(walk(gates, (NONE, 0.0, 0.4), own=(NONE, 0.0, 0.1)), "cabinet") == pytest.approx(-0.1)
    before = walk({"cabinet": gate("veto", ["cas"], whose="B")}, (0.0, 0.0, 0.4), own=(0.0, 0.0, 0.1))
    assert at(before, "cabinet") == pytest.approx(-0.1)


def test_others_accept_at_the_same_time_each_in_its_own_order(walk, gate):
    gates = {
        "one": gate("veto", ["ben"], stage="acceptance", whose="B", duration=20),
        "other": gate("veto", ["cas"], stage="acceptance", whose="C", duration=30),
        "two": gate("event", stage="acceptance", whose="B", duration=5, event="vote"),
    }  # fmt: skip
    events = {"vote": {"label": "vote", "probability": 1, "delay": 0}}
    assert day(walk(gates, events=events), "acceptance", vote=10) == 30
    assert day(walk(gates, events=events), "acceptance", vote=40) == 45
    assert day(walk({n: {**g, "whose": ""} for n, g in gates.items()}, events=events), "acceptance", vote=10) == 55
