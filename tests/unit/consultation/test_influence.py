"""What moves a rung and what would tip it: one decider by hand (as in test_outcome), and events of the shipped case."""

import numpy as np
import pytest
from scipy.special import ndtr

import contingent as ct
from contingent.consultation.consult import deliberate
from contingent.consultation.influence import (
    Swing,
    at_position,
    event_swings,
    gate_gains,
    influential_claims,
    influential_numbers,
    rungs_of,
    stakeholder_swings,
    tipping_position,
)
from contingent.ensemble.design import Design
from contingent.scenario.paths import changed

ONE = Design(1, 1)


def holder(position):
    return {"capability": 1, "stakes": {"scope": {"position": position, "salience": 50}}}


@pytest.fixture
def case(decision, gate, no_record):
    def made(ann=68, ben=0, gates=None):
        return decision(
            {"chief": gate("veto", ["ann"]), **(gates or {})},
            stakeholders={"ann": holder(ann), "ben": holder(ben)},
            options={"half": {"scope": 40}, "all": {"scope": 80}},
            shared=1,
            noise=0.5,
        )

    return made


def test_a_swing_is_what_one_alone_moves(case):
    ann, ben = stakeholder_swings(case(), ONE)
    # at 0 she would lose all that is at stake by any terms: -2
    assert (ann.who, ben.who) == ("ann", "ben")
    assert ann.against == pytest.approx([ndtr(-2), ndtr(-2)])
    assert ann.now == pytest.approx([ndtr(2), ndtr(0.8)])
    assert ann.in_favour == pytest.approx([ndtr(2), ndtr(2)])
    assert [ann.width(0), ben.width(1)] == pytest.approx([ndtr(2) - ndtr(-2), 0])


@pytest.mark.parametrize(("rung", "position"), [(0, 20), (1, 60)])
def test_a_rung_tips_where_its_terms_are_as_near_as_less(case, rung, position):
    # 40 is as near as 0 to one who wants 20, and 80 as near as 40 to one who wants 60; found within 80 / 2^5 points
    swing = stakeholder_swings(case(), ONE)[0]
    assert tipping_position(case(), swing, rung, ONE) == pytest.approx(position, abs=2.5)


def test_who_cannot_tip_a_rung_has_no_tipping_position(case):
    assert tipping_position(case(), stakeholder_swings(case(), ONE)[1], 0, ONE) is None


def test_a_position_on_no_issue_of_the_ladder_cannot_be_moved(case):
    silent = case()
    nobody = silent.stakeholders["ben"].model_copy(update={"stakes": {}})
    silent = silent.model_copy(update={"stakeholders": {**silent.stakeholders, "ben": nobody}})
    assert at_position(silent, "ben", 50) is silent


def test_a_gate_gains_what_it_holds_back_and_acceptance_is_another_matter(case, gate):
    more = {"house": gate("vote", ["ben"], quota=0.5), "parties": gate("veto", ["ben"], stage="acceptance")}
    gains = gate_gains(deliberate(case(gates=more), ONE))
    assert list(gains) == ["house", "chief"]
    assert gains["house"] == pytest.approx([ndtr(2) - ndtr(-2), ndtr(0.8) - ndtr(-2)])
    assert gains["chief"] == pytest.approx([0, 0])


def test_the_number_that_all_the_spread_comes_from_is_named(case):
    scenario, design = (
        case(ann={"best": 50, "low": 30, "high": 70}, ben={"best": 50, "low": 30, "high": 70}),
        Design(1, 200),
    )
    values = deliberate(scenario, design).table["reached"].sel(stage="decided", rung="all").values
    first, *rest = influential_numbers(scenario, values, design).items()
    assert first == ("stakeholders.ann.stakes.scope.position", pytest.approx(1, abs=0.02))
    assert sum(share for _, share in rest) < 0.03


def test_a_number_s_share_is_split_evenly_among_its_claims(case):
    scenario = case(ann={"best": 50, "claims": ["A1", "B2"]}, ben={"best": 9, "claims": ["A1"]})
    path = "stakeholders.{}.stakes.scope.position"
    found = influential_claims(scenario, {path.format("ann"): 0.6, path.format("ben"): 0.1})
    assert found == pytest.approx({"A1": 0.4, "B2": 0.3})
    assert list(found) == ["A1", "B2"]


def test_an_event_swings_between_never_and_surely():
    case, design = ct.read("isf_gaza"), Design(1, 60)
    (swing,) = event_swings(case, design)
    assert isinstance(swing, Swing)
    assert swing.who == "unsc_resolution"
    assert swing.now == pytest.approx(rungs_of(deliberate(case, design)))
    assert (swing.against <= swing.now).all()
    assert (swing.now <= swing.in_favour).all()
    never = deliberate(case.with_({"process.events.unsc_resolution.probability": 0}), design)
    assert swing.against == pytest.approx(rungs_of(never))
    assert np.isinf(never.outlook.paths["un_mandate_full"].day).all()


def test_an_event_that_is_sure_to_come_brings_what_it_comes_after():
    case, design = ct.read("isf_gaza"), Design(1, 60)
    mandate = case.process.events["unsc_resolution"].model_copy(update={"after": ("truce",)})
    truce, rain = ({"label": name, "probability": 0.2, "delay": 1} for name in "tr")
    case = changed(case, {"process.events": {"truce": truce, "rain": rain, "unsc_resolution": mandate}})
    first, second = event_swings(case, design)  # and not the rain, for which nobody waits
    assert (first.who, second.who) == ("unsc_resolution", "truce")
    assert (first.in_favour[1:] > second.in_favour[1:]).all()  # a truce alone is less than a mandate
    assert first.against == pytest.approx(second.against)  # without a truce there is no mandate
