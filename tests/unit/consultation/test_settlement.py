"""What bargainers settle on: elections among few alternatives, utilities and deals worked by hand."""

import numpy as np
import pytest
from scipy.special import logit

from contingent.consultation.consult import amendment_probability, feasible, settle
from contingent.consultation.stakes import Stakes, compromise, utility
from contingent.consultation.voting import EVEN, condorcet, support, victory, weighted_share
from contingent.ensemble.design import Design

ONE = Design(1, 1)


def test_utility_is_one_less_the_distance_in_ones_own_weights():
    # saliences .6 and .8 weigh .36 and .64; .5 away on the first issue alone: sqrt(.36 x .25 / 1) = .3
    who = Stakes(("ann",), ("x", "y"), np.array([[[0.2, 0.9]]]), np.array([[[0.6, 0.8]]]), np.ones((1, 1)))
    assert utility(who, np.array([[0.7, 0.9]]))[0, 0] == pytest.approx(0.7)
    # .25 away on the second: sqrt(.64 x .0625) = .2; both: sqrt(.09 + .04)
    assert utility(who, np.array([[0.2, 0.65]]))[0, 0] == pytest.approx(0.8)
    assert utility(who, np.array([[0.7, 0.65]]))[0, 0] == pytest.approx(1 - np.sqrt(0.13))


def test_saliences_are_relative_to_ones_own():
    half = Stakes(("ann",), ("x", "y"), np.array([[[0.2, 0.9]]]), np.array([[[0.3, 0.4]]]), np.ones((1, 1)))
    assert utility(half, np.array([[0.7, 0.9]]))[0, 0] == pytest.approx(0.7)


def test_an_issue_that_does_not_arise_costs_nobody_and_keeps_its_weight():
    who = Stakes(("ann",), ("x", "y"), np.array([[[0.2, 0.9]]]), np.array([[[0.6, 0.8]]]), np.ones((1, 1)))
    assert utility(who, np.array([[np.nan, 0.65]]))[0, 0] == pytest.approx(0.8)
    assert utility(who, np.array([[np.nan, np.nan]]))[0, 0] == 1


def test_one_who_cares_for_nothing_loses_nothing(stakes):
    assert utility(stakes(ann=(0.2, 0, 1)), np.array([[1.0]]))[0, 0] == 1


def test_the_compromise_is_weighed_by_capability_and_salience(stakes):
    who = stakes(ann=(0.2, 0.5, 4), ben=(0.8, 1, 1), cas=(1.0, 1, 100))
    # weights 4 x .5 = 2 and 1 x 1 = 1: (2 x .2 + .8) / 3 = .4; cas is not at the table
    assert compromise(who, [0, 1])[0, 0] == pytest.approx(0.4)
    idle = stakes(ann=(0.2, 0, 4), ben=(0.8, 0, 1))
    assert compromise(idle, [0, 1])[0, 0] == pytest.approx(0.5)


def test_votes_are_cast_by_what_is_at_stake():
    votes = support(np.array([[2.0, 1.0]]), np.array([[[0.9, 0.4], [0.1, 0.7]]]))
    # ann, weight 2, gains .5 by the first; ben, weight 1, gains .6 by the second
    assert votes[0, 0, 1] == pytest.approx(2 * 0.5 + EVEN)
    assert votes[0, 1, 0] == pytest.approx(1 * 0.6 + EVEN)
    assert victory(votes)[0, 0, 1] == pytest.approx(1.0 / 1.6)
    assert victory(votes)[0, 0, 0] == 0.5


def test_a_pair_nobody_cares_about_is_even():
    assert victory(support(np.zeros((1, 2)), np.ones((1, 2, 2))))[0] == pytest.approx(np.full((2, 2), 0.5))


@pytest.mark.parametrize(
    ("beats", "chance"),
    [
        ([[0.5, 0.8], [0.2, 0.5]], [0.8, 0.2]),
        # a beats b, b beats c, c beats a, all alike
        ([[0.5, 0.9, 0.1], [0.1, 0.5, 0.9], [0.9, 0.1, 0.5]], [1 / 3, 1 / 3, 1 / 3]),
        # the first beats two equals with .75; flow out p (.25 + .25) = flow in 2 q .75 and p + 2 q = 1: q = .2
        ([[0.5, 0.75, 0.75], [0.25, 0.5, 0.5], [0.25, 0.5, 0.5]], [0.6, 0.2, 0.2]),
        # worked in test_the_deal_of_two: 11, 31 and 37 parts of 79
        ([[1 / 2, 1 / 3, 1 / 6], [2 / 3, 1 / 2, 1 / 2], [5 / 6, 1 / 2, 1 / 2]], [11 / 79, 31 / 79, 37 / 79]),
    ],
)
def test_the_condorcet_election_is_the_limit_of_the_chain_of_challenges(beats, chance):
    assert condorcet(np.array([beats]))[0] == pytest.approx(chance)
    matrix = np.array(beats)
    step = (np.diag(matrix.sum(1)) + matrix) / len(matrix)
    assert step @ np.array(chance) == pytest.approx(chance)


def test_the_share_in_favour_weighs_what_each_would_gain_or_lose():
    # for: 2 x .3 = .6; against: 1 x .2 = .2
    assert weighted_share(np.array([[2.0, 1.0]]), np.array([[0.3, -0.2]]))[0] == pytest.approx(0.75, abs=1e-7)
    assert weighted_share(np.array([[2.0, 1.0]]), np.zeros((1, 2)))[0] == 0.5


@pytest.mark.parametrize(
    ("habit", "beaten", "other"),
    [
        (0.3, 0.5, 0.3),
        (0.3, 0.75, 9 / 16),  # odds 3/7 x 3 = 9/7
        (0.3, 0.25, 1 / 8),  # odds 3/7 / 3 = 1/7
        (0.5, 2 / 3, 2 / 3),
        (0.0, 0.9, 0.0),
        (1.0, 0.1, 1.0),
    ],
)
def test_the_more_the_compromise_beats_the_terms_the_likelier_they_are_amended(habit, beaten, other):
    assert amendment_probability(np.array([habit]), np.array([beaten]))[0] == pytest.approx(other)


def test_the_deal_of_two(decision, stakes):
    """Ann wants .2 and Ben .8, alike in weight; on the table are 0 (nothing), .8, and the middle .5.

    Utilities of nothing, .8 and .5: ann .8, .4, .7; ben .2, 1, .7. Votes: nothing against .8 is .4 to .8, so .8 wins
    with
    2/3; nothing against .5 is .1 to .5: 5/6; .8 against .5 is .3 to .3: 1/2. In the chain of challenges
    p0 (2/3 + 5/6) = p8 / 3 + p5 / 6 and p8 (1/3 + 1/2) = p0 2/3 + p5 / 2, so p0 : p8 : p5 = 11 : 31 : 37.
    """
    who = stakes(ann=(0.2, 1, 1), ben=(0.8, 1, 1))
    deal = settle(decision(), who, [0, 1], np.array([[0.0]]), np.array([[0.8]]), ONE)
    apart = 1 - np.exp(-9.0)  # terms .3 apart, three times what counts as the same
    assert deal.compromise[0, 0] == pytest.approx(0.5)
    assert deal.kept[0] == pytest.approx(68 / 79 * (1 - 0.3 * apart), abs=1e-6)
    assert deal.changed[0] == pytest.approx(68 / 79 * 0.3 * apart, abs=1e-6)
    assert deal.share[0] == pytest.approx(0.8 / 1.2, abs=1e-6)
    assert deal.gain[0] == pytest.approx([0.4 - 0.8, 1 - 0.2])
    assert deal.gain_changed[0] == pytest.approx([0.7 - 0.8, 0.7 - 0.2])


def test_terms_that_lose_against_the_compromise_are_amended_more_often(decision, stakes):
    # ann weighs 2: the compromise is .4; she gains .4 by it and ben loses .4: it beats the terms with 2/3;
    # the odds of other terms are 3/7 x 2 = 6/7, so 6/13, of what is not the same anyway, exp(-(.4/.1)^2)
    who = stakes(ann=(0.2, 1, 2), ben=(0.8, 1, 1))
    deal = settle(decision(), who, [0, 1], np.array([[0.0]]), np.array([[0.8]]), ONE)
    changed = deal.changed[0] / (deal.kept[0] + deal.changed[0])
    assert changed == pytest.approx(6 / 13 * (1 - np.exp(-16)), abs=1e-6)
    assert deal.share[0] == pytest.approx(0.8 / (2 * 0.4 + 0.8), abs=1e-6)


def test_terms_at_the_compromise_cannot_be_changed(decision, stakes):
    who = stakes(ann=(0.2, 1, 1), ben=(0.8, 1, 1))
    deal = settle(decision(), who, [0, 1], np.array([[0.0]]), np.array([[0.5]]), ONE)
    assert deal.changed[0] == pytest.approx(0)
    near = settle(decision(amendment=0.5), who, [0, 1], np.array([[0.0]]), np.array([[0.6]]), ONE)
    # one width away: other terms with probability 1 - 1/e
    assert near.changed[0] / (near.kept[0] + near.changed[0]) == pytest.approx(0.5 * (1 - np.exp(-1)), abs=1e-6)


def test_only_those_at_the_table_settle_but_everyone_gains_or_loses(decision, stakes):
    two = stakes(ann=(0.2, 1, 1), ben=(0.8, 1, 1))
    three = stakes(ann=(0.2, 1, 1), ben=(0.8, 1, 1), cas=(1.0, 1, 50))
    here = settle(decision(), two, [0, 1], np.array([[0.0]]), np.array([[0.8]]), ONE)
    there = settle(decision(), three, [0, 1], np.array([[0.0]]), np.array([[0.8]]), ONE)
    for name in ("kept", "changed", "share", "compromise"):
        assert getattr(there, name) == pytest.approx(getattr(here, name))
    assert there.gain[0] == pytest.approx([-0.4, 0.8, 0.8])


def test_the_widest_gap_on_any_issue_tells_terms_apart(decision):
    position = np.array([[[0.2, 0.5], [0.8, 0.5]]])
    who = Stakes(("ann", "ben"), ("x", "y"), position, np.full((1, 2, 2), 0.5), np.ones((1, 2)))
    scenario = decision(issues={"x": {}, "y": {}})
    deal = settle(scenario, who, [0, 1], np.array([[0.0, np.nan]]), np.array([[0.5, 0.6]]), ONE)
    alike = np.exp(-1.0)  # .1 apart on y, none on x
    beaten = 0.5 + 0.5  # both lose by y at .6: the compromise is better to everyone
    assert deal.changed[0] / (deal.kept[0] + deal.changed[0]) == pytest.approx((1 - alike) * beaten, abs=1e-4)


def test_an_issue_left_out_of_the_terms_is_left_out_of_the_compromise(decision):
    who = Stakes(
        ("ann", "ben"), ("x", "y"), np.array([[[0.2, 0.0], [0.8, 1.0]]]), np.full((1, 2, 2), 0.5), np.ones((1, 2))
    )
    scenario = decision(issues={"x": {}, "y": {"stepped": True, "anchors": {0: "no", 100: "yes"}}})
    deal = settle(scenario, who, [0, 1], np.array([[0.0, np.nan]]), np.array([[0.8, np.nan]]), ONE)
    assert deal.compromise[0, 0] == pytest.approx(0.5)
    assert np.isnan(deal.compromise[0, 1])


def test_a_stepped_issue_is_settled_at_its_nearest_anchor(decision):
    scenario = decision(issues={"x": {"stepped": True, "anchors": {100: "c", 0: "a", 40: "b"}}, "y": {}})
    found = feasible(scenario, np.array([[0.55, 0.55], [0.75, 0.75], [0.19, 0.19]]))
    assert found[:, 0] == pytest.approx([0.4, 1.0, 0.0])
    assert found[:, 1] == pytest.approx([0.55, 0.75, 0.19])


def test_how_often_proposals_are_amended_is_drawn(decision, stakes):
    design = Design(5, 40)
    scenario = decision(amendment={"best": 0.3, "low": 0.2, "high": 0.5})
    one = stakes(ann=(0.2, 1, 1), ben=(0.8, 1, 1))
    who = Stakes(
        one.stakeholders, one.issues, *(np.repeat(x, 40, 0) for x in (one.position, one.salience, one.capability))
    )
    deal = settle(scenario, who, [0, 1], np.zeros((40, 1)), np.full((40, 1), 0.8), design)
    habit = design.sample("process.amendment", scenario.process.amendment)
    assert deal.changed / (deal.kept + deal.changed) == pytest.approx(habit * (1 - np.exp(-9)), abs=1e-6)
    assert logit(habit).std() > 0.1
