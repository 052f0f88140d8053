"""How everyone leans: interest as a share of what is at stake, the record's shift, and everybody's pressure."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from contingent.consultation import dispositions as module
from contingent.consultation.dispositions import EAGER, INNER, SURE, dispositions, inner, shocks, together
from contingent.consultation.stakes import draw_stakes, option_terms
from contingent.ensemble.design import Design

ONE = Design(1, 1)
pytestmark = pytest.mark.usefixtures("no_record")
ONLY_RECORD = {"share": 1e-20, "process": 1e-9, "reference": 1}


def holder(position, salience=50, capability=1):
    return {"capability": capability, "stakes": {"scope": {"position": position, "salience": salience}}}


@pytest.fixture
def leans(decision):
    """How everyone leans to going as far as 80 where nothing is 0; ann decides."""

    def made(design=ONE, terms=80, who=None, **process):
        scenario = decision(stakeholders=who, options={"go": {"scope": terms}}, **process)
        stakes = draw_stakes(scenario, design)
        return dispositions(scenario, stakes, option_terms(scenario, "go", stakes, design), design)

    return made


def test_interest_is_the_share_of_what_is_at_stake_in_units_of_the_noise(leans):
    # 80 against 0: who wants 60 comes .6 - .2 = .4 nearer of at most .8; who wants 30, .3 - .5 = -.2
    found = leans(who={"ann": holder(60), "ben": holder(30)}, noise=0.25)
    assert found.gain[0] == pytest.approx([0.4, -0.2])
    assert found.own[0] == pytest.approx([0.5 / 0.25, -0.25 / 0.25])
    assert found.wish[0] == pytest.approx(found.own[0])  # without a pool nothing is added


@pytest.mark.parametrize(("terms", "position"), [(80, 60), (40, 30), (8, 6)])
def test_small_terms_and_small_saliences_leave_everybody_as_sure(leans, terms, position):
    for salience in (50, 5):
        assert leans(terms=terms, who={"ann": holder(position, salience)}).own[0] == pytest.approx([5.0])


def test_nobody_is_surer_than_sure(leans):
    found = leans(who={"ann": holder(80), "ben": holder(0)}, noise=0.01)
    assert found.own[0].tolist() == [SURE, -SURE]


def test_who_wants_nothing_is_even_and_a_decider_without_stakes_follows_the_record(leans):
    who = {"ann": {"capability": 1, "stakes": {}}, "ben": holder(80)}
    assert leans(who=who).own[0, 0] == 0
    assert ndtr(leans(who=who, pool=ONLY_RECORD).wish[0, 0]) == pytest.approx(0.7)


@pytest.mark.parametrize("noise", [0.1, 0.4])
def test_a_lukewarm_decider_says_yes_as_often_as_the_record(leans, noise):
    # half of the most it could gain: at 60 .4 of .8
    found = leans(who={"ann": holder(60), "ben": holder(60)}, noise=noise, pool=ONLY_RECORD)
    assert ndtr(found.wish[0, 0]) == pytest.approx(0.7)
    assert found.wish[0, 1] == pytest.approx(found.own[0, 1])  # ben does not decide


def test_the_record_counts_by_its_weight_beside_interest(leans):
    # reference 3 to process 1: three quarters of the way from lukewarm, 5, to the record's .5244; ann wants 50:
    # .5 - .3 = .2 of .8 is 2.5 units
    found = leans(who={"ann": holder(50)}, pool={"share": 1e-9, "process": 1, "reference": 3})
    assert found.wish[0, 0] == pytest.approx(2.5 + 0.75 * (ndtri(0.7) - 5))


def test_however_eager_a_decider_leans_a_step_further_than_the_record_at_most(leans):
    # all it could gain is 5 units at noise .2, lukewarm 2.5: without a limit 5 + .5244 - 2.5, or half of that shift
    found = leans(who={"ann": holder(80)}, noise=0.2, pool=ONLY_RECORD)
    assert found.wish[0, 0] == pytest.approx(ndtri(0.7) + EAGER)
    found = leans(who={"ann": holder(80)}, noise=0.2, pool={"share": 1e-9, "process": 1, "reference": 1})
    assert found.wish[0, 0] == pytest.approx(ndtri(0.7) + EAGER / 0.5)


def test_a_pool_of_no_weight_adds_nothing(leans):
    nothing = leans(who={"ann": holder(50), "foe": holder(0)}, pool={"share": 0, "process": 0, "reference": 0})
    assert nothing.wish[0] == pytest.approx(nothing.own[0])


def test_everybody_with_a_stake_presses_by_capability_and_salience(leans):
    # 3 to 1 of the weight gains .8 and the rest loses .8: three quarters in favour; share and process weigh alike
    who = {"ann": holder(60, capability=1e-9), "big": holder(80, capability=3), "small": holder(0, capability=1)}
    found = leans(who=who, noise=0.2, pool={"share": 1, "process": 1, "reference": 1e-9})
    assert found.share == pytest.approx([0.75], abs=1e-6)
    assert found.wish[0] - found.own[0] == pytest.approx([0.25] * 3, abs=1e-6)


@pytest.mark.parametrize(("position", "sign"), [(80, 1), (0, -1)])
def test_power_of_those_at_no_gate_moves_the_deciders_their_way(leans, position, sign):
    pool = {"share": 1, "process": 1, "reference": 1}
    others = {"ann": holder(50), "friend": holder(80), "foe": holder(0)}
    weak, strong = (
        leans(who={**others, "street": holder(position, capability=c)}, pool=pool).wish[0, 0] for c in (1, 5)
    )
    assert sign * (strong - weak) > 0.05


@pytest.mark.parametrize("people", [1, 2, 5])
def test_together_is_known_where_all_noise_is_shared_or_none(people):
    wanted = np.array([0.2, 0.7])
    assert together(wanted, np.zeros(2), people) == pytest.approx(ndtri(wanted ** (1 / people)), abs=1e-6)
    assert together(wanted, np.ones(2), people) == pytest.approx(ndtri(wanted), abs=1e-4)


@pytest.mark.parametrize("shared", [0.05, 0.35, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("people", [2, 4])
@pytest.mark.parametrize("wanted", [0.02, 0.6, 0.97])
def test_so_many_who_lean_alike_say_yes_together_as_often_as_wanted(shared, people, wanted):
    lean = together(np.array([wanted]), np.array([shared]), people)[0]
    common, own = np.sqrt(shared), np.sqrt(1 - shared)
    yes = quad(
        lambda z: norm.pdf(z) * ndtr((lean + common * z) / own) ** people, -9, 9, points=[-lean / common], limit=200
    )[0]
    assert yes == pytest.approx(wanted, abs=1e-4)


def test_the_draws_of_a_run_are_stratified_and_of_each_name_in_its_own_order():
    two = Design(3, 2)
    for name in ("ann", "ben"):
        level = inner(two, "luck", name).reshape(2, INNER)
        assert level[:, 0] == pytest.approx(two.uniform("luck"))
        assert np.sort(np.floor(INNER * level), 1).tolist() == [list(range(INNER))] * 2
    orders = {tuple(inner(Design(3, 1), "luck", name).argsort()) for name in ("ann", "ben", "cas", "dora", "eve")}
    assert len(orders) > 1


def test_everybody_has_one_shock_for_all_options(decision):
    who = {"ann": holder(60), "ben": holder(30)}
    design = Design(4, 500)
    one, two = (
        shocks(decision(stakeholders=dict(order), shared=0.3), design)
        for order in (who.items(), list(who.items())[::-1])
    )
    assert one.own[:, 0].tolist() == two.own[:, 1].tolist()
    assert one.own.std(0) == pytest.approx([1, 1], abs=0.01)
    assert np.corrcoef(one.own.T)[0, 1] == pytest.approx(0, abs=4 / np.sqrt(500 * INNER))
    assert one.shared.tolist() == [0.3] * 500 * INNER


def test_a_record_is_never_taken_for_certain(leans, monkeypatch):
    monkeypatch.setattr(module, "record_of", lambda scenario, design: np.ones(1))
    assert leans(who={"ann": holder(60)}, pool=ONLY_RECORD).wish[0, 0] == pytest.approx(ndtri(1 - module.LEAST))
