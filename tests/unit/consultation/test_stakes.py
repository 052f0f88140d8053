"""How stakes are drawn: the exact quantile at which each number lies, and how far a bloc errs together."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from contingent.consultation.stakes import bloc_of, draw_stakes, quantile_level
from contingent.ensemble.design import Design

WIDE = {"best": 50, "low": 20, "high": 80}


def holder(position=50, salience=40, capability=1, **more):
    return {"capability": capability, "stakes": {"scope": {"position": position, "salience": salience}}, **more}


@pytest.fixture
def army(decision):
    """Two generals of one bloc and a minister of none."""
    who = {"gen_a": holder(WIDE, bloc="army"), "gen_b": holder(WIDE, bloc="army"), "minister": holder(WIDE)}
    return decision(stakeholders=who, bloc_correlation=0.36)


def test_certain_stakes_are_what_they_say(decision):
    scenario = decision(
        issues={"scope": {}, "pace": {}},
        stakeholders={
            "ann": {"capability": 3, "stakes": {"scope": {"position": 20, "salience": 60}}},
            "ben": {
                "capability": 5,
                "stakes": {"scope": {"position": 90, "salience": 90}, "pace": {"position": 10, "salience": 60}},
            },
        },
    )
    found = draw_stakes(scenario, Design(1, 2))
    assert (found.stakeholders, found.issues) == (("ann", "ben"), ("scope", "pace"))
    assert found.capability == pytest.approx(np.array([[3, 5], [3, 5]]))
    # no stake in the pace: nobody's position, no salience
    assert found.position[0] == pytest.approx(np.array([[0.2, 0.5], [0.9, 0.1]]))
    # 60 of 100 stays; 90 and 60 sum to 150 and are scaled to 100
    assert found.salience[1] == pytest.approx(np.array([[0.6, 0.0], [0.6, 0.4]]))
    assert found.rows(("ben", "ann")) == [1, 0]


def test_a_number_on_its_own_is_drawn_under_its_own_path(army):
    design = Design(7, 500)
    path = "stakeholders.minister.stakes.scope.position"
    position = army.stakeholders["minister"].stakes["scope"].position
    found = draw_stakes(army, design).position[:, 2, 0]
    assert found == pytest.approx(design.sample(path, position) / 100)
    assert quantile_level(army, design, path) == pytest.approx(design.uniform(path))
    assert quantile_level(army, design, "stakeholders.gen_a.capability") == pytest.approx(
        design.uniform("stakeholders.gen_a.capability")
    )


def test_a_bloc_shares_exactly_the_stated_part_of_its_variance(army):
    design = Design(7, 500)
    path = "stakeholders.gen_a.stakes.scope.position"
    shared, own = ndtri(design.uniform("stakeholders.bloc.army.scope")), ndtri(design.uniform(path))
    exact = ndtr(np.sqrt(0.36) * shared + np.sqrt(0.64) * own)
    assert quantile_level(army, design, path) == pytest.approx(exact)
    position = army.stakeholders["gen_a"].stakes["scope"].position
    assert draw_stakes(army, design).position[:, 0, 0] == pytest.approx(position.quantile(exact) / 100)


def test_positions_in_a_bloc_have_the_stated_correlation_and_their_own_spread(army):
    design = Design(7, 20_000)
    a, b, minister = (
        ndtri(quantile_level(army, design, f"stakeholders.{who}.stakes.scope.position"))
        for who in ("gen_a", "gen_b", "minister")
    )
    for normal in (a, b, minister):
        assert normal.std() == pytest.approx(1, abs=0.01)
        assert normal.mean() == pytest.approx(0, abs=0.01)
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(0.36, abs=0.02)
    assert np.corrcoef(a, minister)[0, 1] == pytest.approx(0, abs=0.02)


def test_the_interval_of_a_position_in_a_bloc_is_the_one_that_was_written(army):
    found = draw_stakes(army, Design(7, 20_000)).position
    for who in range(3):
        assert 100 * np.quantile(found[:, who, 0], [0.05, 0.5, 0.95]) == pytest.approx([20, 50, 80], abs=0.7)


@pytest.mark.parametrize(("correlation", "same"), [(0.0, 0.0), (1.0, 1.0)])
def test_blocs_may_err_alone_or_as_one(decision, correlation, same):
    who = {"gen_a": holder(WIDE, bloc="army"), "gen_b": holder(WIDE, bloc="army")}
    found = draw_stakes(decision(stakeholders=who, bloc_correlation=correlation), Design(7, 5000)).position[:, :, 0]
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(same, abs=0.03)


def test_only_positions_are_shared_by_a_bloc_and_each_issue_on_its_own(army):
    assert bloc_of(army, "stakeholders.gen_a.stakes.scope.position") == "stakeholders.bloc.army.scope"
    for path in ("stakeholders.gen_a.stakes.scope.salience", "stakeholders.gen_a.capability", "process.noise"):
        assert bloc_of(army, path) == ""
    assert bloc_of(army, "stakeholders.minister.stakes.scope.position") == ""


def test_saliences_and_capabilities_are_drawn_too(decision):
    scenario = decision(stakeholders={"ann": holder(salience=WIDE, capability={"best": 2, "low": 1, "high": 4})})
    design, ann = Design(1, 100), scenario.stakeholders["ann"]
    found = draw_stakes(scenario, design)
    salience = design.sample("stakeholders.ann.stakes.scope.salience", ann.stakes["scope"].salience)
    assert found.salience[:, 0, 0] == pytest.approx(salience / 100)
    assert found.capability[:, 0] == pytest.approx(design.sample("stakeholders.ann.capability", ann.capability))
