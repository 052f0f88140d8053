"""What will have happened by each day: small decisions of one decider with certain numbers, worked by hand.

Ann wants 68 where nothing is 0, at a noise of .5 that all share. Going half way (40) gives her all she could gain of
it, 1 / .5 = 2 units; going all the way (80) gives .56 of .8, 1.4 units, and beats half way by .16 of .4, .8 units. So
she puts forward all with Phi(.8), half or more with Phi(2).
"""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtr

from contingent.consultation import consult
from contingent.consultation.consult import deliberate
from contingent.consultation.dispositions import INNER
from contingent.consultation.outcome import either
from contingent.ensemble.design import Design
from contingent.precedents.waiting import build_up
from contingent.quantities import Estimate

ONE = Design(1, 1)
pytestmark = pytest.mark.usefixtures("no_record")
ALL, HALF = ndtr(0.8), ndtr(2.0) - ndtr(0.8)
REFUSED = 1 - ndtr(2.0)


def holder(**stakes):
    return {"capability": 1, "stakes": {name: {"position": p, "salience": 50} for name, p in stakes.items()}}


@pytest.fixture
def talk(decision, gate):
    """A deliberation with Ann's assent after ten days, and `more` gates; `waits` are options that await the event."""

    def talked(more=None, *, options=None, waits=(), who=None, event=1.0, design=ONE, **process):
        gates = {"chief": gate("veto", ["ann"], duration=10), **(more or {})}
        if waits:
            gates["text"] = gate("event", event="abroad", applies_if={"horizon": 103})
        scenario = decision(
            gates,
            issues=process.pop("issues", None),
            stakeholders={"ann": holder(scope=68), **(who or {})},
            options=options or {"all": {"scope": 80}, "half": {"scope": 40}},
            events={"abroad": {"label": "a", "probability": event, "delay": 50}},
            **{"shared": 1, "noise": 0.5, "renewal": 0, **process},
        )
        under = {
            name: scenario.model_copy(update={"horizon": 103}) if name in waits else scenario
            for name in scenario.options
            if name != "nothing"
        }
        return deliberate(scenario, design, under)

    return talked


def by(talks, day):
    """What has happened by a day: decided (all, half), and pending (considered, waiting, refused, lapsed)."""
    decided, pending = talks.outlook.states(np.full(len(talks.deadline), float(day)))
    return [*decided.mean(0), *pending.mean(0)]


def rung(talks, least, day, stage="decided"):
    return talks.outlook.rung(least, np.full(len(talks.deadline), float(day)), stage).mean()


def test_until_the_gates_are_behind_all_is_under_consideration_then_decided_or_refused(talk):
    talks = talk()
    assert by(talks, 9) == pytest.approx([0, 0, 1, 0, 0, 0])
    assert by(talks, 10) == pytest.approx([ALL, HALF, 0, 0, REFUSED, 0])
    assert by(talks, 101) == pytest.approx(by(talks, 10))  # what is refused does not lapse


def test_what_waits_for_an_event_that_never_comes_waits_and_then_lapses(talk):
    talks = talk(waits=("all", "half"), event=0.0)
    assert by(talks, 10) == pytest.approx([0, 0, 0, ALL + HALF, REFUSED, 0])
    assert by(talks, 100) == pytest.approx([0, 0, 0, ALL + HALF, REFUSED, 0])
    assert by(talks, 101) == pytest.approx([0, 0, 0, 0, REFUSED, ALL + HALF])


def test_lesser_terms_are_taken_while_bolder_ones_wait(talk):
    talks = talk(waits=("all",))
    assert by(talks, 49) == pytest.approx([0, ALL + HALF, 0, 0, REFUSED, 0])
    assert by(talks, 50) == pytest.approx([ALL, HALF, 0, 0, REFUSED, 0])
    assert [rung(talks, 2, day) for day in (49, 50)] == pytest.approx([0, ALL])


def test_a_deadline_is_renewed_as_often_as_it_says(talk):
    # half of the draws end at 100, a quarter at 200, an eighth at 300
    talks = talk(waits=("all", "half"), event=0.0, renewal=0.5)
    lapsed = [by(talks, day)[5] / (ALL + HALF) for day in (100, 101, 201, 301)]
    assert lapsed == pytest.approx([0, 1 / 2, 3 / 4, 7 / 8])
    assert by(talk(waits=("all", "half"), deadline=40, renewal=0), 60)[5] == pytest.approx(ALL + HALF)  # day 50 is late


def test_what_nobody_puts_forward_is_refused(talk):
    # ben wants nothing: he would lose all there is, -2, and puts half forward from a mood of 2 on
    talks = talk(who={"ben": holder(scope=0)}, proposers=["ben"])
    assert by(talks, 10)[4] == pytest.approx(ndtr(2.0))
    assert talks.outlook.paths["half"].gates[0] == -2
    assert rung(talks, 1, 10) == pytest.approx(REFUSED)


def test_one_of_several_who_can_propose_is_enough(talk):
    assert rung(talk(who={"ben": holder(scope=0)}, proposers=["ben", "ann"]), 1, 10) == pytest.approx(ALL + HALF)


def test_who_would_rather_have_less_does_not_put_more_forward(talk):
    # to one who wants 40, 80 is as good as nothing: 0 against it, and worse than half by all the step is worth
    found = talk(who={"ann": holder(scope=40)}).table["put_forward"].mean("run")
    assert found.sel(proposal="all") == pytest.approx(ndtr(-2))
    assert found.sel(proposal="half") == pytest.approx(ndtr(2) - ndtr(-2))


@pytest.fixture
def accepted(talk, gate):
    """Ben, who wants 60, must accept within 20 days: half with 2 units, all with (.6 - .2) / .8 / .5 = 1."""
    parties = gate("veto", ["ben"], stage="acceptance", duration=20)
    return lambda **more: talk({"parties": parties}, who={"ben": holder(scope=60)}, **more)


def test_a_rung_is_accepted_after_it_is_decided_by_whichever_terms_can_be(accepted):
    talks = accepted()
    assert [rung(talks, 2, day, "accepted") for day in (29, 30)] == pytest.approx([0, ALL * ndtr(1.0)])
    assert rung(talks, 1, 30, "accepted") == pytest.approx((ALL + HALF) * ndtr(2.0))
    assert rung(talks, 2, 30) == pytest.approx(ALL)


def test_people_come_after_acceptance_and_their_notice_in_the_record_s_share_of_cases(accepted, monkeypatch):
    assert rung(accepted(), 2, 30, "delivered") == pytest.approx(0.75 * ALL * ndtr(1.0))
    for days in ((12.0, 0.0), (12.0, 40.0), (3.0, 42.0)):  # the later of day 30 + notice, and of what it takes
        both = tuple(np.full(1, each) for each in days)
        monkeypatch.setattr(consult, "earliest", lambda scenario, design, both=both: both)
        assert [rung(accepted(), 2, day, "delivered") > 0 for day in (41, 42)] == [False, True]


def test_the_earliest_of_a_contributor_s_own_pledges_counts(decision):
    def offer(name, who, days, readiness=None):
        return SimpleNamespace(id=name, contributor=who, notice=Estimate(days, days, days), readiness=readiness)

    offers = (offer("a", "XXX", 90), offer("b", "XXX", 60), offer("c", "YYY", 5))
    notice, built = consult.earliest(decision().model_copy(update={"pledges": offers}), ONE)
    level = ONE.uniform("force.build_up"), ONE.uniform("force.delay.XXX")
    assert (notice.tolist(), built.tolist()) == ([60], (7 * build_up(*level)).tolist())
    there = decision().model_copy(update={"pledges": (offer("a", "XXX", 90, "deployed"), *offers[1:])})
    assert [days.tolist() for days in consult.earliest(there, ONE)] == [[60], [0]]


def test_nothing_is_decided_before_anybody_gets_to_it(talk, monkeypatch):
    monkeypatch.setattr(consult, "days_to_decide", lambda scenario, design: np.full(1, 40.0))
    talks = talk()
    assert by(talks, 39) == pytest.approx([0, 0, 1, 0, 0, 0])
    assert by(talks, 40) == pytest.approx([ALL, HALF, 0, 0, REFUSED, 0])


def test_of_one_rung_those_who_propose_take_what_they_like_best(talk):
    both = {"a": {"scope": 80, "law": 0}, "b": {"scope": 80, "law": 100}}
    for law, order in ((90, [0, 1]), (10, [1, 0])):
        talks = talk(options=both, issues={"scope": {}, "law": {}}, who={"ann": holder(scope=80, law=law)})
        decided = talks.outlook.states(talks.deadline)[0][0]
        assert decided[order[0]] == 0
        assert decided[order[1]] == pytest.approx(rung(talks, 1, 100))


def test_where_doing_nothing_is_the_only_option_nothing_is_decided(decision):
    table = deliberate(decision(stakeholders={"ann": holder(scope=80)}), ONE).table
    assert table["outcomes"].sel(outcome="refused") == 1
    assert table.sizes["rung"] == table.sizes["proposal"] == 0


def test_a_court_stops_what_it_stops_in_its_share_of_the_draws(talk, gate):
    assert rung(talk({"court": gate("chance", probability=0.25)}), 2, 10) == pytest.approx(ALL / 4)


def test_either_of_several_pairs_of_thresholds_is_passed():
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(20, 4)), rng.normal(size=(20, 4))
    first[0], second[1] = np.inf, np.inf
    z = np.linspace(-8, 8, 20_001)
    least = np.where(z[:, None, None] > first, second, np.inf).min(2)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    assert either(first, second) == pytest.approx(density @ ndtr(-least) * (z[1] - z[0]), abs=1e-3)
    assert either(first[:, :1], second[:, :1]) == pytest.approx(ndtr(-first[:, 0]) * ndtr(-second[:, 0]))


def test_of_one_option_is_told_how_it_fares_were_it_the_one_put_forward(talk):
    found = talk(waits=("all",), event=0.5).consultation("all")
    # all it needs is Ann's assent, Phi(1.4), and the event; half is decided from -2 on where all is not
    assert found.passes.values == pytest.approx([0.5 * ndtr(1.4)])
    assert found.other_terms.values == pytest.approx([ndtr(2.0) - 0.5 * ndtr(1.4)])
    assert found.waits.values == pytest.approx([0.5 * ndtr(1.4)])
    assert found.days.values == [50]
    assert found.wish.values == pytest.approx([ndtr(1.4)])
    assert found.gate_passes.values[0] == pytest.approx([ndtr(1.4), 0.5])
    assert (found.delivered.values, found.terms.values[0, 0]) == (0.75, 80)
    assert np.isnan(talk(waits=("all",)).consultation("half").gate_passes.values[0, 1])


def test_nothing_done_needs_nobody(talk):
    found = talk().consultation("nothing")
    assert (found.passes.values, found.days.values, found.other_terms.values) == (1, 0, 0)


def test_a_gate_made_sure_raises_what_it_held_back_and_no_more(talk, gate):
    talks = talk({"house": gate("vote", ["ben"], quota=0.5)}, who={"ben": holder(scope=0)})
    assert rung(talks, 1, 10) == pytest.approx(REFUSED)
    assert rung(talks.given_passed("house"), 1, 10) == pytest.approx(ALL + HALF)
    assert rung(talks.given_passed("chief"), 1, 10) == pytest.approx(REFUSED)


def test_the_table_tells_of_days_within_the_horizon_and_sums_to_one(talk):
    table = talk(design=Design(1, 5)).table
    assert table.sizes == {
        "run": 5,
        "day": 8,
        "outcome": 6,
        "stage": 3,
        "fate": 5,
        "rung": 2,
        "proposal": 2,
        "leaf": 3,
    }  # of 728 days
    assert table["outcomes_by_day"].values.sum(-1) == pytest.approx(np.ones((5, 8)))
    assert table["reached"].sel(stage="decided").values == pytest.approx(np.tile([ALL + HALF, ALL], (5, 1)))


assert INNER == 8  # the shares of draws above are eighths


def test_what_comes_of_an_option_is_itself_else_what_else_would_be_else_nothing(talk, gate):
    # put forward, all passes with Ann's 1.4 units; below that half is decided from -2 on; Ben accepts in half of cases
    parties = gate("veto", ["ben"], stage="acceptance")
    even = {"capability": 1, "stakes": {"scope": {"position": 20, "salience": 50}}}  # 20 is as near to 40 as to 0
    found = talk({"parties": parties}, who={"ben": even}).table["carried_out"].sel(proposal="all")[0]
    all_of, half = ndtr(1.4) * ndtr(-0.5 / 0.5), (ndtr(2.0) - ndtr(1.4)) * 0.5  # to all Ben is at -.4 of .8
    assert found.sel(leaf="half") == pytest.approx(half)
    assert found.sel(leaf="all") == pytest.approx(all_of)
    assert found.sel(leaf="nothing") == pytest.approx(1 - all_of - half)
    late = talk(waits=("all", "half"), event=0.0).table["carried_out"]
    assert late.sel(leaf="nothing").values == pytest.approx(1)
