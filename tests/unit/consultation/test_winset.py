"""Which terms pass two who hold a veto, worked by hand on two issues.

Ann wants (100, 0) and cares 80 to 20; Ben wants (0, 100) and cares 20 to 80; nothing is in force, (0, 0). By (x, y), of
1 each, Ann gains .8 x - .2 y and Ben .8 y - .2 x. Of the grid 0, 50, 100 both gain by (50, 50), (50, 100), (100, 50)
and (100, 100); of these both would go on from (50, 50) to (100, 100), and from the rest one of them always loses.
"""

import numpy as np
import pytest
from scipy.special import ndtr

from contingent.consultation.winset import concessions, grid, terms_that_can_pass
from contingent.ensemble.design import Design

pytestmark = pytest.mark.usefixtures("no_record")
ISSUES = {"x": {}, "y": {}}


def holder(x, y):
    return {
        "capability": 1,
        "stakes": {"x": {"position": x[0], "salience": x[1]}, "y": {"position": y[0], "salience": y[1]}},
    }


@pytest.fixture
def case(decision, gate):
    def made(gates=None, issues=ISSUES, **process):
        who = {"ann": holder((100, 80), (0, 20)), "ben": holder((0, 20), (100, 80))}
        said = {"status_quo": {"x": 0, "y": 0}, "noise": 0.5, "shared": 1} | process
        vetoes = {"lower": gate("veto", ["ann"]), "upper": gate("veto", ["ben"])}
        return decision(gates or vetoes, issues=issues, stakeholders=who, **said)

    return made


def points(found, kind):
    return {tuple(one["terms"].values()) for one in found if one[kind]}


def test_the_winset_of_the_status_quo_and_the_core(case):
    found = terms_that_can_pass(case(), Design(1, 2))
    assert len(found) == 8
    assert points(found, "winset") == {(50, 50), (50, 100), (100, 50), (100, 100)}
    assert points(found, "core") == {(50, 100), (100, 50), (100, 100)}


def test_another_status_quo_has_another_winset(case):
    # from (50, 50) Ann gains .8 (x - .5) - .2 (y - .5): only (100, 100) is better for both
    found = terms_that_can_pass(case(status_quo={"x": 50, "y": 50}), Design(1, 2))
    assert points(found, "winset") == points(found, "core") == {(100, 100)}


def test_terms_pass_as_often_as_the_harder_to_win_says_yes_and_it_is_named(case):
    found = {tuple(one["terms"].values()): one for one in terms_that_can_pass(case(), Design(1, 2))}
    # by (50, 100) Ann gains .4 - .2 of the .4 + .2 at stake: a third, or .667 units; Ben .7 of .9
    assert found[50, 100]["passes"] == pytest.approx(ndtr(0.2 / 0.6 / 0.5))
    assert found[50, 100]["blockers"] == pytest.approx({"lower": 1})
    assert found[100, 0]["blockers"] == pytest.approx({"upper": 1})
    assert [one["passes"] for one in found.values()] == sorted((one["passes"] for one in found.values()), reverse=True)


def test_those_without_whom_nothing_is_decided_block_where_no_gate_is_theirs(case, gate):
    found = terms_that_can_pass(case({"upper": gate("veto", ["ben"])}), Design(1, 2))
    blocked = {tuple(one["terms"].values()): one["blockers"] for one in found}
    assert blocked[0, 100] == pytest.approx({"those without whom nothing is decided": 1})


def test_a_chamber_that_is_overruled_blocks_nothing(case, gate):
    chambers = {name: gate("vote", [who], quota=0.5) for name, who in (("lower", "ann"), ("upper", "ben"))}
    joint = gate("vote", ["ann"], quota=0.5, settles=list(chambers))
    blocked = {
        tuple(one["terms"].values()): one
        for one in terms_that_can_pass(case({**chambers, "joint": joint}), Design(1, 2))
    }
    assert blocked[100, 0]["passes"] == pytest.approx(ndtr(1 / 0.5))  # ben's no to it is settled by ann alone
    assert blocked[100, 0]["blockers"] == pytest.approx({"joint": 1})


def test_the_grid_is_that_of_the_anchors_without_the_status_quo(case):
    anchored = {"x": {"anchors": {0: "a", 40: "b"}}, "y": {"anchors": {0: "a", 100: "b"}}}
    assert np.array(grid(case(issues=anchored))).tolist() == [[0, 1], [0.4, 0], [0.4, 1]]
    # an issue that does not arise yet is no change by itself
    assert np.array(grid(case(issues=anchored, status_quo={"x": 0}))).tolist() == [[0.4, 0], [0.4, 1]]
    many = {
        "x": {"anchors": dict.fromkeys(range(0, 90, 10), "")},
        "y": {"anchors": dict.fromkeys(range(0, 90, 10), "")},
    }
    assert len(grid(case(issues=many))) == 3 * 3 - 1  # 0, 40, 80 each, but for (0, 0)


def test_a_concession_is_one_anchor_and_goes_to_whom_it_helps_most(case):
    # at (50, 100) Ann has .2 of .6 at stake; at (100, 100) .6 of 1, at (50, 50) .3 of .5, and Ben as much as she
    found = concessions(case(options={"deal": {"x": 50, "y": 100}}), Design(1, 2))
    told = {(step["issue"], step["moved"]): step for step in found}
    assert set(told) == {("x", (50, 100)), ("y", (100, 50))}  # x at 0 is what holds already
    for step, gain in ((told["x", (50, 100)], 0.4), (told["y", (100, 50)], 0.1)):
        assert (step["before"], step["after"]) == pytest.approx((ndtr(0.2 / 0.6 / 0.5), ndtr(0.6 / 0.5)))
        assert (step["to_whom"], step["gain"]) == ("ann", pytest.approx(gain))
