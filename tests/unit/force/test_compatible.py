"""Who can share a sector with whom: caveats and rules reach the programme, the weeks, the trials and the worst loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from force_synthetic import Size, draw
from force_verify import verify
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_force import rows, tiny

from contingent.cli.force import plan_record, plan_text
from contingent.force import plan
from contingent.force.analysis import Analysis, Move, Trials, without_caveat
from contingent.force.blockers import blockers
from contingent.force.build_instance import build_instance, compatibility_rules
from contingent.force.instance import Compatibility, Instance
from contingent.force.model import build_model
from contingent.force.robust import robust
from contingent.force.solve import solve
from contingent.force.symmetry import pooled
from contingent.scenario.pledge import Caveat, Composition
from contingent.scenario.read import read

APART = np.array([[True, False], [False, True]])
SMALL = Size(contributors=4, units=9, sectors=2, periods=3)


def kept_apart(instance: Instance, suits: np.ndarray, **how) -> Instance:
    """An instance with one more rule on who can share a sector."""
    rule = Compatibility("composition.rule", tuple(f"side {i}" for i in range(len(suits))), suits, **how)
    return replace(instance, limits=replace(instance.limits, compatible=(rule,)))


def crowded(**how) -> Instance:
    """Two contributors with one battalion of 100 each; two sectors want 150 and need 100, the first counts triple."""
    base = tiny(groups=2, sectors=2, periods=1)
    groups = replace(base.groups, count=np.array([1, 1]))
    demand = replace(base.demand, weight=np.array([[3.0], [1.0]]), minimum=np.array([[150.0], [100.0]]))
    return kept_apart(replace(base, groups=groups, demand=demand), APART, **{"lasting": False, **how})


def test_the_rows_to_the_last_coefficient() -> None:
    model = build_model(kept_apart(tiny(groups=2, periods=2), APART, lasting=True))
    assert rows(model, "one") == [f"+1 common[0,0,{t}] +1 common[1,0,{t}] = 1" for t in (0, 1)]
    assert rows(model, "lasting") == [f"-1 common[{k},0,0] +1 common[{k},0,1] = 0" for k in (0, 1)]
    assert rows(model, "compatible") == [
        f"+1 x[{g},{t}] -2 common[{g},0,{t}] -1 leave[{g},{t}] <= 0" for g in (0, 1) for t in (0, 1)
    ]
    assert model.matrices.high[model.columns["leave"]].tolist() == [[0, 0], [0, 0]]


def test_two_who_will_not_share_a_sector_serve_in_one_each() -> None:
    together, apart = solve(kept_apart(crowded(), APART | True, lasting=False)), solve(crowded())
    assert together.serving.reshape(2, 2).tolist() == [[1, 0], [1, 0]]  # both where it counts double
    assert sorted(apart.serving.reshape(2, 2).tolist()) == [[0, 1], [1, 0]]
    assert apart.common.any(axis=2).sum(axis=0).tolist() == [1, 1]


def test_a_yellow_card_lets_them_by_leave_at_a_price() -> None:
    asked, free = solve(crowded(by_leave=True)), solve(kept_apart(crowded(), APART | True, lasting=False))
    assert asked.serving.tolist() == free.serving.tolist()
    assert asked.solver.objective == pytest.approx(free.solver.objective + 0.2 * 100)


def test_a_lasting_choice_stays_and_a_passing_one_may_change() -> None:
    base = tiny(groups=2, sectors=1, periods=2)  # the first can only come early, the second only late
    groups = replace(base.groups, tours=np.array([1, 1]), count=np.array([1, 1]), notice=np.array([0.0, 13.0]))
    early = replace(base.demand, minimum=np.array([[100.0, 100.0]]), wanted=np.array([[100.0, 100.0]]))
    for lasting, short in ((False, 0), (True, 100)):
        found = solve(kept_apart(replace(base, groups=groups, demand=early), APART, lasting=lasting))
        assert found.critical.sum() == pytest.approx(short)


def test_pools_hold_only_units_that_the_same_choices_suit() -> None:
    assert pooled(tiny(groups=2, sectors=2)).of.tolist() == [0, 0]
    assert pooled(kept_apart(tiny(groups=2, sectors=2), APART, lasting=False)).of.tolist() == [0, 1]


@settings(max_examples=4, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.booleans())
def test_no_plan_and_no_week_breaks_a_rule_and_a_rule_never_lowers_the_optimum(seed: int, lasting: bool) -> None:
    base = draw(SMALL, seed)
    speaks = np.random.default_rng(seed).random((2, 4)) < 0.6
    speaks[0] |= ~speaks.any(axis=0)
    ruled = kept_apart(base, speaks[:, base.groups.contributor], lasting=lasting)
    free, found = solve(base, gap=1e-3), solve(ruled, gap=1e-3)
    assert list(verify(ruled, found)) == []
    assert found.solver.objective >= free.solver.bound * (1 - 1e-9)


def test_the_verifier_finds_those_who_should_not_meet() -> None:
    instance = crowded()
    mixed = solve(kept_apart(instance, APART | True, lasting=False))
    assert list(verify(instance, mixed)) == ["period 0, S0: C0, C1 serve in one sector against composition.rule"]


def test_a_trial_keeps_sides_whole_and_frees_them_when_the_rule_is_gone() -> None:
    base = tiny(
        groups=2, periods=1, limits={"contributor": np.array([100.0, 100.0])}
    )  # half of either's two battalions
    base = replace(base, demand=replace(base.demand, minimum=np.full((1, 1), 200.0), wanted=np.full((1, 1), 200.0)))
    instance, nothing = kept_apart(base, APART, lasting=False), np.zeros(0, int)
    trials = Trials(instance)
    assert trials.freed(instance) == ()
    bound, freed = (trials.outcome(Move(nothing, freed=trials.freed(one))) for one in (instance, base))
    assert (bound.critical, freed.critical) == (100, 0)


def test_the_worst_loss_is_met_by_those_who_may_be_there() -> None:
    base = tiny(groups=3, sectors=2, periods=4)
    suits = np.array([[True, False, True], [False, True, True]])
    ruled = kept_apart(replace(base, groups=replace(base.groups, count=np.array([1, 1, 1]))), suits, lasting=False)
    found = robust(ruled, 1)
    assert found.solution.solver.gap <= 0.01
    assert list(verify(ruled, found.solution)) == []
    assert found.robust_worst.short >= found.robust.short


@pytest.fixture(scope="module")
def scenario():
    return read("isf_gaza").under("un_mandate_full")


def changed(scenario, *, caveat: Caveat | None = None, rule: Composition | None = None):
    """The shipped case with a rule, or with a caveat on all that Pakistan pledges."""
    if rule is not None:
        return scenario.model_copy(update={"composition": {**scenario.composition, "rule": rule}})
    pledges = tuple(
        p.model_copy(update={"caveats": (*p.caveats, "not_beside")}) if p.contributor == "PAK" else p
        for p in scenario.pledges
    )
    return scenario.model_copy(update={"caveats": {**scenario.caveats, "not_beside": caveat}, "pledges": pledges})


def test_a_caveat_a_rule_a_language_and_a_command_become_choices(scenario) -> None:
    card = Caveat(label="Not beside Indonesia", card="yellow", excludes_contributors=("IDN",))
    assert card.restricts == ("co-deployment", "consultation")
    (found,) = build_instance(changed(scenario, caveat=card)).limits.compatible
    assert (found.name, found.choices, found.by_leave, found.lasting) == (
        "caveats.not_beside",
        ("PAK", "IDN"),
        True,
        False,
    )
    (apart,) = build_instance(
        changed(scenario, rule=Composition(label="", kind="apart", contributors=("IDN", "PAK")))
    ).limits.compatible
    assert apart.choices == ("IDN", "PAK")
    for kind, field in (("one_language", "languages"), ("one_command", "commands")):
        spoken = {
            code: ("a", "b") if code == "EGY" else ("a",) if code < "K" else ("b",) for code in scenario.contributors
        }
        who = {code: c.model_copy(update={field: spoken[code]}) for code, c in scenario.contributors.items()}
        asked = changed(scenario, rule=Composition(label="", kind=kind)).model_copy(update={"contributors": who})
        (one,) = compatibility_rules(asked, asked.pledges)
        assert (one.choices, one.lasting) == (("a", "b"), True)
        senders = [p.contributor for p in asked.pledges]
        assert one.suits.T.tolist() == [["a" in spoken[c], "b" in spoken[c]] for c in senders]


def test_a_choice_that_suits_nobody_more_is_left_out(scenario) -> None:
    who = {
        code: c.model_copy(update={"languages": ("b",) if code == "PAK" else ("a", "c")})
        for code, c in scenario.contributors.items()
    }
    asked = changed(scenario, rule=Composition(label="", kind="one_language")).model_copy(update={"contributors": who})
    assert compatibility_rules(asked, asked.pledges)[0].choices == ("a", "b")
    everybody = asked.model_copy(
        update={"contributors": {c: w.model_copy(update={"languages": ("a",)}) for c, w in who.items()}}
    )
    assert compatibility_rules(everybody, everybody.pledges) == ()


@pytest.fixture(scope="module")
def two(scenario):
    """Pakistan's infantry and Indonesia's other units alone, which do not serve beside each other."""
    sent = [
        p
        for p in scenario.pledges
        if (p.contributor, p.unit == "infantry_battalion") in (("PAK", True), ("IDN", False))
    ]
    kept = tuple(p.model_copy(update={"caveats": ()}) for p in sent)
    caveat = Caveat(label="Not beside Indonesia", excludes_contributors=("IDN",))
    return changed(scenario.model_copy(update={"pledges": kept, "composition": {}}), caveat=caveat)


def test_lifting_a_caveat_or_giving_up_a_rule_frees_the_sector(two) -> None:
    apart = Composition(label="", kind="apart", contributors=("IDN", "PAK"))
    by_caveat, by_rule = Analysis(two), Analysis(changed(without_caveat(two, "not_beside"), rule=apart))
    assert by_rule.now.critical == pytest.approx(by_caveat.now.critical, abs=0.1)
    together = Analysis(without_caveat(two, "not_beside")).now.critical - by_caveat.now.critical
    lifted = {c.what: c.critical for c in (*by_caveat.caveats(), *by_rule.rules())}
    assert lifted["not_beside"] == pytest.approx(together, abs=0.1)
    assert lifted["without rule"] == pytest.approx(together, abs=0.1)
    assert together < -1


def test_what_keeps_two_contributors_apart_is_told_and_named_as_a_reason(two) -> None:
    asked, found, analysis = two, plan(two, gap=1e-3), Analysis(two)
    reasons = [reason for blocker in blockers(asked, found, analysis) for reason, _ in blocker.why]
    assert "does not share the sector with those who serve there (not_beside)" in reasons
    assert "Not beside Indonesia: " in plan_text(asked, found)
    told = plan_record(asked, found)["shared"]
    assert {item["choice"] for item in told} == {"PAK", "IDN"}
    by_sector = {(item["sector"], week): item["choice"] for item in told for week in range(item["start"], item["end"])}
    assert len(by_sector) == sum(item["end"] - item["start"] for item in told)
    for sector, week in by_sector:
        sent = found.weekly.sel(sector=sector, week=week).sum("task")
        senders = {p.contributor for p in asked.pledges if float(sent.sel(pledge=p.id)) > 0}
        assert not {"PAK", "IDN"} <= senders
