"""What happened is conditioned on: by hand, against draws that were left alone, and where it cannot have happened."""

from datetime import date, timedelta

import numpy as np
import pytest

from contingent.consultation.consult import deliberate
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.consultation.happened import design_of, effective, weighed
from contingent.consultation.known import reweighted
from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.scenario.check_options import happened_faults
from contingent.scenario.option import Happened

PLAIN = Design(7, 1500)
DAY = date(2024, 1, 1)
WHO = {name: {"capability": 1, "stakes": {"scope": {"position": 60, "salience": 50}}} for name in ("ann", "ben")}
ERROR = 4 * np.sqrt(0.25 / (1500 * INNER))


def after(days, what, **more):
    return Happened(on=DAY + timedelta(days), what=what, **more)


def given(scenario, *told):
    return scenario.model_copy(update={"happened": told})


def chance(scenario, stage="decided", plain=PLAIN):
    """Of the lowest rung by the day after the last deadline, over weighted runs."""
    design, weight, _ = weighed(scenario, plain) if scenario.happened else (plain, np.ones(plain.runs), 1.0)
    talks = deliberate(scenario, design)
    return float((talks.outlook.rung(1, np.full(len(talks.deadline), 1e9), stage) * weight).mean())


def test_a_step_of_the_likelihood_moves_a_threshold_as_bayes_does():
    edge, later = np.array([0.0]), np.array([0.6745])  # passed by a half, and by a quarter
    moved, mass = reweighted(later, edge, 1.0, 3.0)
    assert mass == pytest.approx(2.0)  # a half once and a half three times
    assert reweighted(moved, moved, 0.0, 1.0)[1] == pytest.approx(0.25 * 3 / 2, abs=1e-4)
    assert reweighted(np.array([-np.inf, np.inf]), edge, 0.0, 1.0)[0].tolist() == [-np.inf, np.inf]


@pytest.fixture
def two_bodies(decision, gate):
    slow = {"duration": 5}
    return decision(
        {"council": gate("veto", ["ann"], **slow), "house": gate("veto", ["ben"], **slow)}, decider="ann", shared=0.5,
        stakeholders=WHO, options={"go": {"scope": 100}}, deadline=1000, renewal=0, noise=1.0,
    )  # fmt: skip


def test_what_passed_one_body_is_likelier_to_pass_the_next_by_as_much_as_their_luck_is_shared(two_bodies, no_record):
    talks = deliberate(two_bodies, PLAIN)
    columns = talks.walks["go"].threshold.T
    first, both = ((1 - reweighted(edge, edge, 1.0, 0.0)[1]).mean() for edge in (columns[0], columns.max(0)))
    found = chance(given(two_bodies, after(1, "council", came=True)))
    assert found == pytest.approx(both / first, abs=ERROR)
    assert found > chance(two_bodies) + 0.1
    assert chance(given(two_bodies, after(1, "house", came=False))) == 0.0


def test_a_sign_moves_the_odds_by_its_factor_and_passing_time_alone_moves_nothing_here(two_bodies, no_record):
    before = chance(two_bodies)
    odds = before / (1 - before)
    found = chance(given(two_bodies, after(1, "decision", factor=2), after(2, "decision", factor=1.5)))
    assert found / (1 - found) == pytest.approx(3 * odds, rel=0.02)
    assert chance(given(two_bodies, after(50, "nothing"))) == pytest.approx(before, abs=1e-9)


def test_an_event_that_came_or_is_overdue_is_what_draws_left_alone_say_of_such_worlds(decision, no_record):
    said = {
        "truce": {"label": "t", "probability": "0.6 (0.2 to 0.9)", "delay": 20},
        "vote": {"label": "v", "probability": 0.3, "delay": 10, "after": ["truce"], "moved_by": {"rain": 1}},
        "rain": {"label": "r", "probability": "0.5 (0.2 to 0.8)", "delay": 90},
    }
    case = decision(events=said, stakeholders=WHO, options={"go": {"scope": 100}})
    plain = {name: np.isfinite(day) for name, day in happening(case, PLAIN).items()}
    known = given(case, after(5, "truce", came=True))
    came = happening(known, design_of(known, 7, 1500))
    assert {*came["truce"]} == {5.0}
    assert {*came["vote"]} == {15.0, np.inf}
    assert np.isfinite(came["vote"]).mean() == pytest.approx(plain["vote"][plain["truce"]].mean(), abs=0.03)
    late = given(case, after(40, "nothing"))
    never = happening(late, design_of(late, 7, 1500))
    assert not np.isfinite(never["truce"]).any()
    assert not np.isfinite(never["vote"]).any()
    both = given(case, after(50, "vote", came=True), after(50, "truce", came=True))
    rained = np.isfinite(happening(both, design_of(both, 7, 1500))["rain"]).mean()
    assert rained == pytest.approx(plain["rain"][plain["vote"]].mean(), abs=0.03)
    assert rained > plain["rain"].mean() + 0.05


def test_without_anything_that_happened_the_ensemble_is_the_same(two_bodies):
    assert design_of(two_bodies, 3, 40) == Design(3, 40)


def test_what_was_decided_stands_on_its_day_and_nothing_further_was(two_bodies, no_record):
    case = two_bodies
    found = given(case, after(30, "decision", came=True, option="go"))
    talks = deliberate(found, weighed(found, PLAIN)[0])
    assert {*talks.outlook.paths["go"].day} == {30.0}
    assert chance(found) == pytest.approx(1.0)
    arrived = given(case, after(60, "arrival", came=True, option="go"))
    assert chance(arrived, "delivered") == pytest.approx(1.0)
    before, since = (chance(each, "delivered") for each in (case, given(case, after(1, "arrival", factor=2))))
    assert since / (1 - since) == pytest.approx(2 * before / (1 - before), rel=0.03)


def test_what_cannot_have_happened_is_refused(decision, gate, no_record):
    case = decision({"court": gate("chance", probability=0.0)}, stakeholders=WHO, options={"go": {"scope": 100}})
    with pytest.raises(InputError, match="what happened is impossible"):
        design_of(given(case, after(1, "court", came=True)), 1, 200)
    rare = decision({"court": gate("chance", probability=0.002)}, stakeholders=WHO, options={"go": {"scope": 100}})
    with pytest.raises(InputError, match="all but impossible"):
        design_of(given(rare, after(1, "court", came=True)), 1, 200)


def test_the_effective_sample_is_what_equal_weights_would_be():
    assert effective(np.ones(40)) == pytest.approx(40)
    assert effective(np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(2)


def test_faults_of_what_happened_are_told(two_bodies):
    told = (after(0, "council", came=True), after(9999, "decision", factor=2), after(3, "coucil", came=True),
            after(3, "decision", factor=2, option="went"))  # fmt: skip
    found = [f"{path}: {what}" for path, what, _ in happened_faults(given(two_bodies, *told))]
    assert len(found) == 4
    wanted = ("not after the scenario's date", "after the last day", "no event or gate", "no option")
    assert all(words in part for part, words in zip(found, wanted, strict=True))
    with pytest.raises(ValueError, match="say one of"):
        after(3, "council")
    with pytest.raises(ValueError, match="say one of"):
        after(3, "nothing", came=True)


def test_a_copy_with_something_else_has_an_ensemble_of_its_own(two_bodies, no_record):
    first = given(two_bodies, after(1, "council", came=True))
    design = design_of(first, 1, 100)
    assert design_of(first, 1, 100) is design
    assert design_of(given(first, after(1, "council", came=True), after(1, "house", factor=9)), 1, 100) != design
    assert design_of(given(first), 1, 100) == Design(1, 100)
