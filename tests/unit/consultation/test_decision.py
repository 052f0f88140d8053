"""How the deal, the gates and the record make one answer: worked by hand for one run."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import betainc, expit, logit

from contingent.consultation import opinion_pool
from contingent.consultation.consult import Deal, Prospect
from contingent.consultation.gates import Passage
from contingent.consultation.opinion_pool import TrackRecord, pooled, reference
from contingent.ensemble.design import Design
from contingent.quantities import Estimate

GATES = ("talks", "chief", "resolution", "parties")


@pytest.fixture
def prospect(decision, gate):
    """Talks keep the terms with .5, change them with .3; the chief and a resolution are ahead, the parties after."""

    def made(*, deadline=100.0, days=(50.0, 120.0), kept=0.5, changed=0.3, **process):
        scenario = decision(
            {
                "talks": gate("bargain", ["ann"]),
                "chief": gate("veto", ["ann"]),
                "resolution": gate("event", event="vote"),
                "parties": gate("veto", ["ben"], stage="acceptance"),
            },
            events={"vote": {"label": "vote", "probability": 0.9, "delay": 0}},
            **process,
        )
        one = np.ones(1)
        return Prospect(
            scenario=scenario,
            design=Design(1, 1),
            terms=np.array([[0.8]]),
            bargain=("talks",),
            deal=Deal(kept * one, changed * one, 0.6 * one, one[None], one[None], one[None]),
            on_these=Passage(GATES, np.array([[1.0, 0.8, 0.9, 0.1]]), np.array([days[0]])),
            on_others=Passage(GATES, np.array([[1.0, 0.6, 0.5, 0.2]]), np.array([days[1]])),
            record=TrackRecord(0.7 * one, 0.95 * one),
            deadline=deadline * one,
        )

    return made


def test_the_answer_without_a_pool_is_the_product_of_what_lies_ahead(prospect):
    # own terms: .5 x .8 = .40; others: .3 x .6 = .18; a yes .58, of which .40/.58 on its own terms
    answer = prospect(deadline=200).answer()
    assert answer.process[0] == pytest.approx(0.58)
    assert answer.national[0] == pytest.approx(0.58)
    assert answer.kept[0] == pytest.approx(40 / 58)
    assert answer.passes[0] == pytest.approx(0.40 * 0.9)
    assert answer.other_terms[0] == pytest.approx(0.18 * 0.5)


@pytest.mark.parametrize(
    ("days", "passes", "other"),
    [
        ((50, 120), 0.36, 0.0),  # other terms come too late
        ((120, 50), 0.0, 0.09),  # these come too late
        ((100, 100), 0.36, 0.09),  # on the last day is in time
        ((100.5, 100.5), 0.0, 0.0),
    ],
)
def test_these_terms_and_others_both_obey_the_deadline(prospect, days, passes, other):
    answer = prospect(days=days).answer()
    assert answer.passes[0] == pytest.approx(passes)
    assert answer.other_terms[0] == pytest.approx(other)


def test_nobody_who_refuses_keeps_any_terms(prospect):
    answer = prospect(kept=0.0, changed=0.0).answer()
    assert (answer.passes[0], answer.kept[0], answer.national[0]) == (0, 0, 0)


POOL = {"share": 0.5, "process": 0.3, "reference": 0.2}


def test_the_parts_are_pooled_in_log_odds(prospect, decision):
    answer = prospect(deadline=200, pool=POOL).answer()
    national = expit(0.5 * logit(0.6) + 0.3 * logit(0.58) + 0.2 * logit(0.7))
    assert answer.national[0] == pytest.approx(national)
    assert answer.passes[0] == pytest.approx(national * 40 / 58 * 0.9)
    assert answer.other_terms[0] == pytest.approx(national * 18 / 58 * 0.5)
    # shares .8, .6 and .9 have odds 4, 1.5 and 9: 4^.5 x 1.5^.3 x 9^.2 = 3.505145, so .77803
    mixed = pooled(decision(pool=POOL), Design(1, 1), *(np.array([p]) for p in (0.8, 0.6, 0.9)))
    assert mixed[0] == pytest.approx(3.505145 / 4.505145, abs=1e-6)


def test_no_part_of_the_pool_is_surer_than_one_in_a_hundred(decision):
    scenario = decision(pool={"share": 1, "process": 0, "reference": 0})
    for part, counted in ((0.0, 0.01), (0.001, 0.01), (0.02, 0.02), (0.999, 0.99), (1.0, 0.99)):
        half = np.array([0.5])
        assert pooled(scenario, Design(1, 1), np.array([part]), half, half)[0] == pytest.approx(counted)


def test_the_weights_of_the_pool_are_drawn(decision):
    scenario, design = decision(pool={**POOL, "process": {"best": 0.3, "low": 0.1, "high": 0.9}}), Design(2, 30)
    parts = [np.full(30, p) for p in (0.5, 0.8, 0.5)]  # even parts add nothing
    weight = design.sample("process.pool.process", scenario.process.pool.process)
    assert pooled(scenario, design, *parts) == pytest.approx(expit(weight * np.log(4)))


def test_a_sure_gate_counts_for_these_terms_and_for_others(prospect):
    ahead = prospect(deadline=200)
    answer = ahead.given_passed("chief").answer()
    assert answer.passes[0] == pytest.approx(0.5 * 0.9)
    assert answer.other_terms[0] == pytest.approx(0.3 * 0.5)
    answer = ahead.given_passed("resolution").answer()
    assert answer.passes[0] == pytest.approx(0.40)
    assert answer.other_terms[0] == pytest.approx(0.18)


def test_a_sure_bargain_ends_on_these_terms(prospect):
    answer = prospect(deadline=200).given_passed("talks").answer()
    assert answer.passes[0] == pytest.approx(0.8 * 0.9)
    assert answer.other_terms[0] == 0


@pytest.fixture
def on_record(monkeypatch):
    """A record whose resampled log odds are -1, 0 and 1, and by which 3 of 4 who said yes arrived."""
    found = SimpleNamespace(logits=np.array([-1.0, 0.0, 1.0]), delivered=(3, 4))
    monkeypatch.setattr(opinion_pool, "looked_up", lambda scenario: found)


def test_the_record_is_drawn_from_its_band(on_record):
    design = Design(4, 200)
    scenario = SimpleNamespace(reference_class=SimpleNamespace(recorded_refusals=None))
    found = reference(scenario, design)
    # three values stand for the quantiles 1/6, 1/2 and 5/6, straight lines between, the ends beyond
    at = np.clip((design.uniform("reference_class.band") - 1 / 6) * 3, 0, 2) - 1
    assert logit(found.yes) == pytest.approx(at)


def test_refusals_not_on_record_divide_the_odds(on_record):
    half = Estimate(0.5, 0.5, 0.5)
    design, plain = Design(4, 200), SimpleNamespace(reference_class=SimpleNamespace(recorded_refusals=None))
    quiet = SimpleNamespace(reference_class=SimpleNamespace(recorded_refusals=half))
    odds = lambda p: p / (1 - p)  # noqa: E731
    assert odds(reference(quiet, design).yes) == pytest.approx(odds(reference(plain, design).yes) / 2)


def test_delivery_is_drawn_from_what_the_record_says_of_arrivals(on_record):
    design = Design(4, 200)
    found = reference(SimpleNamespace(reference_class=SimpleNamespace(recorded_refusals=None)), design)
    # 3 of 4 with Jeffreys' half on either side: Beta(3.5, 1.5)
    assert betainc(3.5, 1.5, found.delivered) == pytest.approx(design.uniform("reference_class.delivered"))
    assert found.delivered.mean() == pytest.approx(0.7, abs=0.01)
