"""What a set of terms meets at the gates, each case worked by hand; Phi is the standard normal distribution."""

import numpy as np
import pytest
from scipy.special import ndtr

from contingent.consultation.gates import walk_gates
from contingent.ensemble.design import Design

ONE = Design(1, 1)


@pytest.fixture
def walk(decision, stakes):
    """The passage of terms through gates, in one run, with the utility gains of ann, ben and cas."""

    def walked(gates, gain=(0.0, 0.0, 0.0), **process):
        scenario = decision(gates, **process)
        who = stakes(ann=(0.5, 1, 1), ben=(0.5, 1, 1), cas=(0.5, 1, 1))
        return walk_gates(scenario, who, np.array([gain]), ONE), scenario

    return walked


# A parliament of 10 seats for and 30 against, each by .1 in utility at noise .1, so one unit of noise:
# in favour (10 Phi(1) + 30 Phi(-1)) / 40 = (10 x .8413447 + 30 x .1586553) / 40 = .3293276, against .6706724.
PARLIAMENT = {"ann": {"seats": 10}, "ben": {"seats": 30}}
FOR_AND_AGAINST = (0.1, -0.1, 0.0)
AGAINST = 0.6706724


def test_opposition_in_an_advisory_gate_pushes_later_gates_towards_no(walk, gate):
    gates = {"parliament": gate("advisory", PARLIAMENT), "cabinet": gate("vote", ["cas"], quota=0.5)}
    found, _ = walk(gates, FOR_AND_AGAINST)
    # pressure .5 x (2 x .6706724 - 1) = .1706724 units of noise towards no, on one who is indifferent
    assert found.gate[0] == pytest.approx([1, ndtr(-0.1706724)], abs=1e-7)
    assert found.gate[0, 1] == pytest.approx(0.432240, abs=1e-6)


def test_unanimous_support_in_an_advisory_gate_pushes_later_gates_towards_yes_by_the_whole_pressure(walk, gate):
    gates = {"parliament": gate("advisory", ["ann", "ben"]), "cabinet": gate("veto", ["cas"])}
    found, _ = walk(gates, (5.0, 5.0, 0.0))
    assert found.gate[0, 1] == pytest.approx(ndtr(0.5))
    found, _ = walk(gates, (-5.0, -5.0, 0.0))
    assert found.gate[0, 1] == pytest.approx(ndtr(-0.5))


def test_pressure_from_several_gates_adds_up_and_works_on_advisory_gates_too(walk, gate):
    gates = {
        "lower": gate("advisory", ["ann"]), "upper": gate("advisory", ["ben"]), "cabinet": gate("veto", ["cas"]),
    }  # fmt: skip
    found, _ = walk(gates, (-5.0, 0.0, 0.0))
    # the lower house shifts by -.5; the upper is then in favour by Phi(-.5) = .3085375, shifts by half of
    # 1 - 2 x .3085375 towards no
    upper = -0.5 * (1 - 2 * 0.3085375)
    assert found.gate[0, 2] == pytest.approx(ndtr(-0.5 + upper), abs=1e-7)


def test_a_gate_presses_on_none_before_it(walk, gate):
    gates = {"cabinet": gate("veto", ["cas"]), "parliament": gate("advisory", ["ann"])}
    found, _ = walk(gates, (-5.0, 0.0, 0.0))
    assert found.gate[0, 0] == pytest.approx(0.5)


def test_opposition_delays_and_support_does_not(walk, gate):
    gates = {"parliament": gate("advisory", PARLIAMENT, duration=5, delay=40)}
    found, _ = walk(gates, FOR_AND_AGAINST)
    assert found.days[0] == pytest.approx(5 + 40 * AGAINST, abs=1e-5)
    assert walk(gates, (9.0, 9.0, 0.0))[0].days[0] == pytest.approx(5)
    assert walk(gates, (-9.0, -9.0, 0.0))[0].days[0] == pytest.approx(45)


EVENT = {"vote_abroad": {"label": "a resolution", "probability": 0.7, "delay": 50}}


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (20, 3, 53),  # the vote is over on day 20, the event comes on day 50, then 3 more
        (80, 3, 83),  # the event has come by then: nothing is waited for
        (50, 0, 50),
    ],
)
def test_an_event_is_awaited_not_added(walk, gate, first, last, days):
    gates = {
        "cabinet": gate("veto", ["ann"], duration=first),
        "resolution": gate("event", event="vote_abroad", duration=last),
    }
    found, _ = walk(gates, events=EVENT)
    assert found.days[0] == pytest.approx(days)
    assert found.gate[0, 1] == pytest.approx(0.7)


def test_gates_are_met_in_the_order_they_are_written(walk, gate):
    cabinet, resolution = gate("veto", ["ann"], duration=20), gate("event", event="vote_abroad", duration=3)
    after, _ = walk({"cabinet": cabinet, "resolution": resolution}, events=EVENT)
    before, _ = walk({"resolution": resolution, "cabinet": cabinet}, events=EVENT)
    assert after.days[0] == pytest.approx(max(20, 50) + 3)
    assert before.days[0] == pytest.approx(50 + 3 + 20)
    assert before.gates == ("resolution", "cabinet")


def test_what_a_no_costs_pushes_a_veto_holder_to_yes(walk, gate):
    # refusing costs .15: at noise .1, one who loses .1 leans to yes by (-.1 + .15) / .1 = .5
    found, _ = walk({"chief": gate("veto", {"ann": {"cost": 0.15}})}, (-0.1, 0.0, 0.0))
    assert found.gate[0, 0] == pytest.approx(ndtr(0.5))
    found, _ = walk({"chief": gate("veto", ["ann"])}, (-0.1, 0.0, 0.0))
    assert found.gate[0, 0] == pytest.approx(ndtr(-1.0))


def test_a_whip_pulls_in_units_of_the_noise(walk, gate):
    found, _ = walk({"house": gate("vote", {"ann": {"whip": 0.8}}, quota=0.5)}, (0.02, 0.0, 0.0))
    assert found.gate[0, 0] == pytest.approx(ndtr(0.02 / 0.1 + 0.8))
    found, _ = walk({"house": gate("vote", {"ann": {"whip": -0.8}}, quota=0.5)}, (0.02, 0.0, 0.0))
    assert found.gate[0, 0] == pytest.approx(ndtr(0.2 - 0.8))


def test_a_veto_needs_every_member_whatever_its_seats(walk, gate):
    members = {"ann": {"seats": 0}, "ben": {"seats": 100}}
    found, _ = walk({"chiefs": gate("veto", members)}, (0.05, 0.1, 0.0))
    assert found.gate[0, 0] == pytest.approx(ndtr(0.5) * ndtr(1.0))


def test_a_vote_needs_more_than_its_quota_of_the_seats(walk, gate):
    # three voices of 1/2: more than half is two or three of three, 4 of 8 ways; more than two thirds is all, 1 of 8
    three = ["ann", "ben", "cas"]
    for quota, passes in ((0.5, 4 / 8), (2 / 3, 1 / 8), (0.3, 7 / 8)):
        found, _ = walk({"house": gate("vote", three, quota=quota)})
        assert found.gate[0, 0] == pytest.approx(passes)


def test_the_noise_is_shared_within_a_gate(walk, gate):
    # two who are indifferent, half of whose noise is shared, agree with probability 1/4 + asin(1/2) / (2 pi) = 1/3
    found, _ = walk({"chiefs": gate("veto", ["ann", "ben"])}, shared=0.5)
    assert found.gate[0, 0] == pytest.approx(1 / 3, abs=1e-6)


def test_a_gate_that_does_not_apply_takes_no_time_presses_on_nobody_and_passes(walk, gate):
    never = {"process.status_quo.scope": [50, 70]}
    gates = {
        "parliament": gate("advisory", ["ann"], duration=30, applies_if=never), "chief": gate("veto", ["cas"]),
    }  # fmt: skip
    found, _ = walk(gates, (-5.0, 0.0, 0.0))
    assert found.gate[0] == pytest.approx([1.0, 0.5])
    assert found.days[0] == 0
    gates["parliament"]["applies_if"] = {"process.status_quo.scope": [50, 0]}
    found, _ = walk(gates, (-5.0, 0.0, 0.0))
    assert found.gate[0, 1] == pytest.approx(ndtr(-0.5))
    assert found.days[0] == 30


def test_every_condition_of_a_gate_must_hold(walk, gate):
    both = {"process.status_quo.scope": 0, "baseline": "something"}
    found, _ = walk({"chief": gate("veto", ["ann"], applies_if=both)}, (-5.0, 0.0, 0.0))
    assert found.gate[0, 0] == 1
    found, _ = walk({"chief": gate("veto", ["ann"], applies_if={**both, "baseline": "nothing"})}, (-5.0, 0.0, 0.0))
    assert found.gate[0, 0] < 1e-9


def test_bargains_take_their_time_and_settle_elsewhere(walk, gate):
    found, _ = walk({"talks": gate("bargain", ["ann"], duration=12)}, (-5.0, 0.0, 0.0))
    assert found.gate[0, 0] == 1
    assert found.days[0] == 12


def test_acceptance_by_others_takes_no_time_of_the_decision(walk, gate):
    gates = {
        "chief": gate("veto", ["ann"], duration=7),
        "parties": gate("veto", ["ben"], duration=60, stage="acceptance"),
    }
    found, scenario = walk(gates, (0.1, -0.1, 0.0))
    assert found.days[0] == 7
    assert found.decision(scenario)[0] == pytest.approx(ndtr(1.0))
    assert found.decision(scenario, "acceptance")[0] == pytest.approx(ndtr(-1.0))


def test_votes_and_events_of_the_decision_are_told_apart(walk, gate):
    gates = {
        "chief": gate("veto", ["ann"]),
        "resolution": gate("event", event="vote_abroad"),
        "chamber": gate("vote", ["ben"], quota=0.5),
        "parties": gate("veto", ["cas"], stage="acceptance"),
    }
    found, scenario = walk(gates, (0.1, 0.05, -0.1), events=EVENT)
    assert found.votes(scenario)[0] == pytest.approx(ndtr(1.0) * ndtr(0.5))
    assert found.events(scenario)[0] == pytest.approx(0.7)
    assert found.decision(scenario)[0] == pytest.approx(ndtr(1.0) * ndtr(0.5) * 0.7)
    sure = found.given_passed("chief")
    assert sure.gate[0] == pytest.approx([1, 0.7, ndtr(0.5), ndtr(-1.0)])
    assert found.gate[0, 0] == pytest.approx(ndtr(1.0))  # the passage itself stays as it was


def test_a_higher_noise_makes_everyone_less_sure(walk, gate):
    for noise, leans in ((0.1, 1.0), (0.2, 0.5)):
        found, _ = walk({"chief": gate("veto", ["ann"])}, (0.1, 0.0, 0.0), noise=noise)
        assert found.gate[0, 0] == pytest.approx(ndtr(leans))
        cost = {"ann": {"cost": 0.1}}
        found, _ = walk({"chief": gate("veto", cost)}, (0.0, 0.0, 0.0), noise=noise)
        assert found.gate[0, 0] == pytest.approx(ndtr(leans))


def test_uncertain_numbers_are_drawn_each_under_its_own_path(walk, gate, decision, stakes):
    design = Design(3, 50)
    spread = {"best": 40, "low": 20, "high": 60}
    gates = {
        "house": gate(
            "vote",
            {"ann": {"seats": spread, "whip": {"best": 0.5, "low": 0.1, "high": 0.9}}, "ben": {"seats": 40}},
            quota={"best": 0.5, "low": 0.4, "high": 0.6}, duration=spread,
        ),
        "senate": gate("advisory", ["ann"], delay={"best": 10, "low": 5, "high": 30}),
    }  # fmt: skip
    scenario = decision(gates)
    found = walk_gates(scenario, stakes(ann=(0, 1, 1), ben=(0, 1, 1)), np.zeros((50, 2)), design)
    members = scenario.process.gates["house"].members
    house = "process.gates.house"
    whip = design.sample(f"{house}.members.ann.whip", members["ann"].whip)
    seats = np.rint(design.sample(f"{house}.members.ann.seats", members["ann"].seats))
    quota = design.sample(f"{house}.quota", scenario.process.gates["house"].quota)
    ann, ben = ndtr(whip), 0.5
    needed = np.floor(quota * (seats + 40) + 1e-9) + 1
    alone = np.where(seats >= needed, ann * (1 - ben), 0) + np.where(needed <= 40, ben * (1 - ann), 0)
    assert found.gate[:, 0] == pytest.approx(ann * ben + alone)
    delay = design.sample("process.gates.senate.delay", scenario.process.gates["senate"].delay)
    duration = design.sample(f"{house}.duration", scenario.process.gates["house"].duration)
    assert found.days == pytest.approx(duration + 0.5 * delay)
