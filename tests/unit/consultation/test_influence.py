"""Why an option's probability is what it is: swings, gates, numbers, claims and dates on tiny decisions, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from scipy.special import ndtr

from contingent.consultation import consult as process
from contingent.consultation import influence
from contingent.consultation.consult import consult, option_terms, prospect, status_quo
from contingent.consultation.influence import (
    Influence,
    StakeholderSwing,
    gate_gains,
    influential_claims,
    option_contest,
    stakeholder_swings,
    with_positions,
)
from contingent.consultation.opinion_pool import TrackRecord
from contingent.consultation.option_report import days_report, options_text, terms_report
from contingent.consultation.result import VARIABLES, Consultation
from contingent.consultation.stakes import draw_stakes
from contingent.ensemble.design import Design
from contingent.quantities import Estimate
from contingent.scenario.option import Option

ONE = Design(1, 1)


@pytest.fixture(autouse=True)
def no_record(monkeypatch):
    """Past decisions say yes with .7 and deliver with .95."""
    record = lambda scenario, design: TrackRecord(  # noqa: E731
        np.full(len(design.index), 0.7), np.full(len(design.index), 0.95)
    )
    monkeypatch.setattr(process, "reference", record)


def holder(position, capability=1, salience=50):
    return {"capability": capability, "stakes": {"scope": {"position": position, "salience": salience}}}


@pytest.fixture
def case(decision, gate):
    """Ann wants 20 and Ben 80, nothing done is 0, the proposal is 80. Talks, then Ann's veto, a vote abroad, Cas."""

    def made(gates=None, **changes):
        scenario = decision(
            gates
            or {
                "talks": gate("bargain", ["ann", "ben"], duration=10),
                "chief": gate("veto", ["ann"], duration=5),
                "abroad": gate("event", event="vote"),
                "parties": gate("veto", ["cas"], stage="acceptance"),
            },
            events={"vote": {"label": "vote", "probability": 0.9, "delay": 30}},
            stakeholders={"ann": holder(20), "ben": holder(80), "cas": holder(50, 9)},
            **changes,
        )
        options = {
            name: Option.model_validate({"label": name, "summary": "", "terms": terms})
            for name, terms in {"nothing": {}, "go": {"scope": 80}, "half": {"scope": 50}}.items()
        }
        return scenario.model_copy(update={"options": options})

    return made


# As in test_settlement: of 79 parts nothing gets 11, 80 gets 31 and the middle 37; terms .3 apart are other terms.
AGREED, OTHER = 68 / 79, 0.3 * (1 - np.exp(-9))
ANN_OWN, ANN_OTHER = ndtr(-0.4 / 0.1), ndtr(-0.1 / 0.1)  # ann loses .4 by 80 and .1 by 50, against nothing


def test_a_consultation_puts_deal_gates_and_record_together(case):
    found = consult(case(), "go", ONE)
    own, changed = AGREED * (1 - OTHER) * ANN_OWN, AGREED * OTHER * ANN_OTHER
    assert found.passes.values == pytest.approx([own * 0.9], abs=1e-6)
    assert found.other_terms.values == pytest.approx([changed * 0.9], abs=1e-6)
    assert found.data.process.values == pytest.approx([own + changed], abs=1e-6)
    assert found.days.values == pytest.approx([30])  # 10 and 5 are over before the event comes
    assert found.gate_passes.values[0] == pytest.approx(
        [AGREED * (1 - OTHER), ANN_OWN, 0.9, ndtr((0.7 - 0.5) / 0.1)], abs=1e-6
    )
    assert found.accepted.values == pytest.approx([ndtr(2.0)])  # cas at 50: .7 by 80, .5 by nothing
    assert found.terms.values[0] == pytest.approx([80])
    assert found.data.compromise.values[0] == pytest.approx([50])
    assert found.data.gain.values[0] == pytest.approx([-0.4, 0.8, 0.2])
    assert found.data.share.values == pytest.approx([2 / 3], abs=1e-6)
    assert (found.data.delivered.values, found.data.reference.values) == (0.95, 0.7)


def test_without_a_bargain_terms_stand_as_they_are(case, gate):
    found = consult(case({"chief": gate("veto", ["ben"])}), "go", ONE)
    assert found.data.kept.values == pytest.approx([1.0])
    assert found.passes.values == pytest.approx([ndtr(8.0)])


def test_a_bargain_that_does_not_apply_is_none(case, gate):
    gates = {"talks": gate("bargain", ["ann"], applies_if={"baseline": "other"}), "chief": gate("veto", ["ben"])}
    assert prospect(case(gates), "go", ONE).bargain == ()


def test_only_the_members_of_bargains_sit_at_the_table(case, gate):
    alone = prospect(case({"talks": gate("bargain", ["ben"])}), "go", ONE)
    assert alone.deal.compromise[0, 0] == pytest.approx(0.8)
    everyone = prospect(case({"chief": gate("veto", ["ben"])}), "go", ONE)
    assert everyone.deal.compromise[0, 0] == pytest.approx((0.2 + 0.8 + 9 * 0.5) / 11)


def test_a_late_decision_is_none(case):
    assert consult(case(deadline=29), "go", ONE).passes.values == [0]
    assert consult(case(deadline=30), "go", ONE).passes.values[0] > 0


def test_nothing_done_needs_nobody(case):
    found = consult(case(), "nothing", ONE)
    assert (found.passes.values, found.days.values, found.other_terms.values) == (1, 0, 0)
    assert found.data.gain.values.tolist() == [[0, 0, 0]]


def test_terms_and_the_status_quo_are_shares_of_the_scale_and_nan_where_silent(case, decision):
    scenario = decision(issues={"scope": {}, "pace": {}}, status_quo={"pace": 30}, stakeholders={"ann": holder(20)})
    options = {"go": Option.model_validate({"label": "go", "summary": "", "terms": {"scope": 80}})}
    scenario = scenario.model_copy(update={"options": options})
    stakes = draw_stakes(scenario, Design(1, 2))
    assert status_quo(scenario, stakes)[1] == pytest.approx([np.nan, 0.3], nan_ok=True)
    assert option_terms(scenario, "go", stakes, Design(1, 2))[1] == pytest.approx([0.8, np.nan], nan_ok=True)


def test_a_swing_goes_from_the_status_quo_to_the_options_terms(case):
    scenario = case()
    found = {swing.who: swing for swing in stakeholder_swings(scenario, "go", ONE)}
    set_to = lambda who, at: with_positions(scenario, who, scenario.stakeholders[who], {"scope": at})  # noqa: E731
    for who in ("ann", "ben", "cas"):
        assert found[who].in_favour == pytest.approx(float(consult(set_to(who, 80.0), "go", ONE).passes.mean()))
        assert found[who].against == pytest.approx(float(consult(set_to(who, 0.0), "go", ONE).passes.mean()))
    assert found["cas"].swing == 0  # neither at the table nor at a gate of the decision
    assert found["ann"].in_favour > 0.5 > found["ann"].now
    swings = [swing.swing for swing in stakeholder_swings(scenario, "go", ONE)]
    assert swings == sorted(swings, reverse=True)


def test_the_swing_is_the_widest_gap_of_the_three():
    assert StakeholderSwing("a", against=0.45, now=0.30, in_favour=0.65).swing == pytest.approx(0.35)
    assert StakeholderSwing("a", against=0.45, now=0.50, in_favour=0.10).swing == pytest.approx(0.40)
    assert StakeholderSwing("a", against=0.2, now=0.30, in_favour=0.65).swing == pytest.approx(0.45)


def test_setting_positions_leaves_all_else(case):
    scenario = case()
    changed = with_positions(scenario, "ann", scenario.stakeholders["ann"], {"scope": 70.0})
    stake = changed.stakeholders["ann"].stakes["scope"]
    assert (stake.position.best, stake.position.low, stake.position.high) == (70, 70, 70)
    assert stake.salience == scenario.stakeholders["ann"].stakes["scope"].salience
    assert changed.stakeholders["ben"] == scenario.stakeholders["ben"]
    still = with_positions(scenario, "ann", scenario.stakeholders["ann"], {"other": 70.0})
    assert still.stakeholders["ann"].stakes["scope"].position.best == 20


def test_what_a_sure_gate_would_add(case):
    found = {row.gate: row for row in gate_gains(case(), "go", ONE)}
    own = AGREED * (1 - OTHER)
    assert set(found) == {"talks", "chief", "abroad"}  # the parties' acceptance is no gate of the decision
    assert found["talks"].passes == pytest.approx(own, abs=1e-6)
    assert found["talks"].gain_if_sure == pytest.approx((1 - own) * ANN_OWN * 0.9, abs=1e-6)
    assert found["chief"].passes == pytest.approx(ANN_OWN)
    assert found["chief"].gain_if_sure == pytest.approx(own * (1 - ANN_OWN) * 0.9, abs=1e-6)
    assert found["abroad"].gain_if_sure == pytest.approx(own * ANN_OWN * 0.1, abs=1e-6)
    assert [row.gate for row in gate_gains(case(), "go", ONE)] == ["chief", "talks", "abroad"]


def test_a_numbers_share_is_split_evenly_over_its_claims():
    estimate = lambda *claims: Estimate(1, 0, 2, claims)  # noqa: E731
    scenario = SimpleNamespace(
        estimates=lambda: [("a", estimate("C1", "C2")), ("b", estimate("C2")), ("c", estimate())]
    )
    found = influential_claims(scenario, (Influence("a", 0.4), Influence("b", 0.1), Influence("c", 0.3)))
    assert found == (Influence("C2", pytest.approx(0.3)), Influence("C1", pytest.approx(0.2)))


def test_only_uncertain_numbers_of_the_consultation_are_ranked(monkeypatch):
    wide, sure = Estimate(5, 1, 9), Estimate(5, 5, 5)
    names = {"stakeholders.a.capability": wide, "process.noise": wide, "process.shared": sure, "mandate.x": wide}
    scenario = SimpleNamespace(estimates=lambda: list(names.items()))
    design = Design(1, 200)
    monkeypatch.setattr(influence, "quantile_level", lambda scenario, design, path: design.uniform(path))
    outcome = design.uniform("stakeholders.a.capability") + 0.1 * design.uniform("process.noise")
    found = SimpleNamespace(passes=SimpleNamespace(values=outcome))
    ranked = influence.influential_numbers(scenario, found, design)
    assert ranked[0].name == "stakeholders.a.capability"
    assert ranked[0].share > 0.95
    assert {item.name for item in ranked} <= {"stakeholders.a.capability", "process.noise"}


def test_the_contest_of_all_options_by_hand(case):
    # nothing at 0, 80 and 50 among ann and ben: the same three as in the talks, 11, 31 and 37 of 79
    found = option_contest(case(), ONE)
    assert found.sel(option="nothing").values == pytest.approx([11 / 79], abs=1e-6)
    assert found.sel(option="go").values == pytest.approx([31 / 79], abs=1e-6)
    assert found.sel(option="half").values == pytest.approx([37 / 79], abs=1e-6)


def test_the_contest_is_everyones_where_nobody_bargains(case, gate):
    found = option_contest(case({"chief": gate("veto", ["ann"])}), ONE)
    assert found.sel(option="half").values[0] > 0.6  # cas, of weight 9, wants 50


def fake(passes, days):
    data = xr.Dataset({"passes": ("run", np.array(passes, float)), "days": ("run", np.array(days, float))})
    return Consultation("go", data)


def test_days_are_quantiles_of_what_passes():
    # day 10 counts .1, day 20 .6, day 30 .3; a run that never passes counts nothing
    found = days_report(fake([0.3, 0.1, 0.6, 0.0], [30, 10, 20, 1]))
    assert found == {"0.05": 10, "0.25": 20, "0.5": 20, "0.75": 30, "0.95": 30}


def test_what_has_passed_by_a_day():
    curve = fake([0.5, 1.0, 0.0, 0.1], [10, 20, 5, 30]).by_day(np.array([9.9, 10, 19, 20, 40]))
    assert curve.values == pytest.approx([0, 0.125, 0.125, 0.375, 0.4])
    assert curve.dims == ("day",)


def test_every_variable_says_what_it_is(case):
    found = consult(case(), "go", ONE).data
    assert set(found.data_vars) == set(VARIABLES)
    for name, (dims, units, meaning) in VARIABLES.items():
        assert found[name].dims == dims
        assert found[name].attrs == {"long_name": meaning, "units": units}
    assert (found.days.attrs["units"], found.terms.attrs["units"]) == ("day", "points of 100")


def test_terms_are_told_at_the_bargainers_medians(case):
    found = terms_report(case(issues={"scope": {"anchors": {0: "none", 100: "all"}}}), ONE)["scope"]
    alone = terms_report(case(issues={"scope": {}}), ONE)["scope"]
    assert found["median"] == alone["median"]
    low, high = found["interval80"]
    assert low <= found["median"] <= high
    assert set(found["near_anchor"]) == {"0", "100"}
    assert alone["near_anchor"] == {}


def test_an_issue_nobody_cares_for_has_no_terms(case):
    scenario = case()
    holders = {
        name: who.model_copy(
            update={"stakes": {k: s.model_copy(update={"salience": Estimate(0, 0, 0)}) for k, s in who.stakes.items()}}
        )
        for name, who in scenario.stakeholders.items()
    }
    assert terms_report(scenario.model_copy(update={"stakeholders": holders}), ONE) == {}


REPORT = {
    "scenario": "s", "as_of": "2026-01-01", "runs": 9, "seed": 2,
    "options": {
        "nothing": {
            "passes": 1.0, "other_terms": 0.0, "four_gates": {"accepted_by_the_parties": 1.0},
            "days": dict.fromkeys(("0.05", "0.5", "0.95"), 0.0),
        },
        "go": {
            "passes": 0.125, "other_terms": 0.25, "four_gates": {"accepted_by_the_parties": 0.5},
            "days": {"0.05": 10.0, "0.5": 20.0, "0.95": 40.0}, "parts": {"share": 0.6, "process": 0.3},
            "why": {
                "stakeholders_runs": 9, "claims": [],
                "stakeholders": [{"who": "ann", "wholly_against": 0.1, "now": 0.2, "wholly_in_favour": 0.9}],
                "gates": [{"gate": "chief", "passes": 0.3, "gain_if_sure": 0.4}],
            },
            "record": {"nearest": [{"case": "X-1", "outcome": "declined"}]},
        },
    },
}  # fmt: skip


def test_a_screen_of_the_report():
    lines = options_text(REPORT).splitlines()
    assert lines[0] == "s, as of 2026-01-01: 9 runs, seed 2"
    assert lines[2].split() == (
        "go passes 12.5%, on other terms 25.0%; parties accept 50.0%; day 20 (10 to 40) if it passes".split()
    )
    assert lines[3].strip() == "parts: share 60%, process 30%; nearest precedent X-1 (declined)"
    assert lines[4].strip() == (
        "moves it most: ann (in 9 runs: wholly against 10%, now 20%, wholly for 90%), gate chief (+40% if sure), "
        "claim none"
    )
    assert len(lines) == 5  # nothing done is not explained
