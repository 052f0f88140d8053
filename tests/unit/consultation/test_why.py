from dataclasses import replace

import numpy as np
import pytest

import contingent as ct
import contingent.consultation.consult as consultation
from contingent.cli import run
from contingent.consultation.consult import consult, settle
from contingent.consultation.gates import walk_gates
from contingent.consultation.influence import (
    StakeholderSwing,
    gate_gains,
    influential_claims,
    influential_numbers,
    option_contest,
    stakeholder_swings,
)
from contingent.consultation.opinion_pool import looked_up, pooled, reference
from contingent.consultation.stakes import draw_stakes
from contingent.ensemble.design import Design
from contingent.ensemble.summary import influence

OPTION = "un_mandate_full"


@pytest.fixture(scope="module")
def scenario():
    return ct.read("isf_gaza").under(OPTION)


@pytest.fixture(scope="module")
def found(scenario):
    return consult(scenario, OPTION, Design(1, 200))


def test_the_three_outcomes_leave_nothing_over(found):
    data = found.data
    assert ((data.passes + data.other_terms) <= data.national + 1e-12).all()
    assert ((data.passes >= 0) & (data.kept <= 1)).all()


def test_parts_are_pooled_between_themselves(scenario, found):
    parts = np.stack([found.data[name].values for name in ("share", "process", "reference")])
    # weights are not tied to sum to one in every run; with certain ones that do, the pool lies between its parts
    weights = dict.fromkeys(("share", "process", "reference"), 1 / 3)
    sure = {name: getattr(scenario.process.pool, name) for name in weights}
    pool = scenario.process.pool.model_copy(
        update={name: replace(e, best=1 / 3, low=1 / 3, high=1 / 3) for name, e in sure.items()}
    )
    even = scenario.model_copy(update={"process": scenario.process.model_copy(update={"pool": pool})})
    mixed = pooled(even, Design(1, 200), *parts)
    clipped = np.clip(parts, 0.01, 0.99)
    assert (mixed >= clipped.min(0) - 1e-9).all()
    assert (mixed <= clipped.max(0) + 1e-9).all()


def test_the_record_knows_nothing_later_than_the_scenario(scenario):
    seen = looked_up(scenario)
    assert seen.as_of == scenario.as_of
    assert all(p.case.month < "2025-10" for p in seen.nearest)
    assert any(p.case.case_id == "PAK-UNIFIL06-200608" for p in seen.nearest)
    record = reference(scenario, Design(1, 100))
    assert ((record.yes > 0) & (record.yes < 1)).all()
    assert 0.7 < record.delivered.mean() < 1


def test_the_army_leadership_moves_the_probability(scenario):
    ranked, now = (
        stakeholder_swings(scenario, OPTION, Design(1, 40)),
        float(consult(scenario, OPTION, Design(1, 40)).passes.mean()),
    )
    assert {m.who for m in ranked} == set(scenario.stakeholders)
    army = next(m for m in ranked if m.who == "army_leadership")
    assert army.against < army.in_favour
    assert all(m.now == now and m.swing >= abs(m.in_favour - m.against) for m in ranked)
    assert ranked[0].swing == max(m.swing for m in ranked)


def test_a_stakeholder_whose_ends_are_on_one_side_of_what_holds_counts_from_there():
    assert StakeholderSwing("army", against=0.45, now=0.30, in_favour=0.65).swing == pytest.approx(0.35)
    assert StakeholderSwing("army", against=0.45, now=0.30, in_favour=0.45).swing == pytest.approx(0.15)


@pytest.mark.parametrize("option", ["un_mandate_full", "support_only"])
def test_what_a_gate_costs_is_what_is_gained_when_it_is_forced(option, monkeypatch):
    design, case = Design(1, 60), ct.read("isf_gaza").under(option)
    gains = {row.gate: row.gain_if_sure for row in gate_gains(case, option, design)}
    now = float(consult(case, option, design).passes.mean())
    assert "parties" not in gains

    def kept(*args):
        deal = settle(*args)
        return replace(deal, kept=np.ones_like(deal.kept), changed=np.zeros_like(deal.changed))

    def agreed(*args):
        walk = walk_gates(*args)
        walk.gate[:, walk.gates.index("security_leadership")] = 1
        return walk

    for gate, name, forced in (("consultations", "settle", kept), ("security_leadership", "walk_gates", agreed)):
        with monkeypatch.context() as changed:
            changed.setattr(consultation, name, forced)
            assert float(consult(case, option, design).passes.mean()) - now == pytest.approx(gains[gate], abs=1e-12)


def test_influences_are_shares_and_reach_the_claims(scenario, found):
    ranked = influential_numbers(scenario, found, Design(1, 200))
    assert all(0 <= item.share <= 1 for item in ranked)
    named = influential_claims(scenario, ranked)
    assert {item.name for item in named} <= set(scenario.claims)
    assert sum(item.share for item in named) <= sum(item.share for item in ranked) + 1e-9


def test_a_position_in_a_bloc_is_credited_with_what_its_draws_move():
    option, design = "agreement_only_full", Design(1, 400)
    case = ct.read("isf_gaza").under(option)
    seen = consult(case, option, design)
    shares = {item.name: item.share for item in influential_numbers(case, seen, design)}
    position = draw_stakes(case, design).position[:, list(case.stakeholders).index("army_leadership")]
    drawn = position[:, list(case.issues).index("participation")]
    share = influence({"drawn": drawn}, seen.passes.values)["drawn"]
    assert shares["stakeholders.army_leadership.stakes.participation.position"] == pytest.approx(share, abs=1e-9)


def test_all_options_at_once_share_one_probability():
    whole = ct.read("isf_gaza")
    chance = option_contest(whole, Design(1, 50))
    assert np.allclose(chance.sum("option"), 1)


def test_the_command_line_says_why(capsys):
    assert run(["consultation", "isf_gaza", "--runs", "40"]) == 0
    said = capsys.readouterr().out
    assert "moves it most: army_leadership (in 40 runs: wholly against " in said
    assert "nearest precedent" in said
    assert run(["consultation", "isf_gaza", "--runs", "20", "--json"]) == 0
    first = capsys.readouterr().out
    run(["consultation", "isf_gaza", "--runs", "20", "--json"])
    assert capsys.readouterr().out == first
