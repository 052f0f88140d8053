"""The shipped case's plan: what every option brings, and that it is proved, reproducible and within the rules."""

from __future__ import annotations

import numpy as np
import pytest
from force_verify import verify
from small_case import ALFA, BRAVO, DOCTORS, case, need, pledge

from contingent.cli.force import plan_record, plan_text
from contingent.ensemble.design import Design
from contingent.force import deploy, plan
from contingent.force.analysis import Analysis
from contingent.force.build_instance import build_instance
from contingent.force.propose import propose
from contingent.force.solve import solve
from contingent.quantities import Estimate
from contingent.scenario.pledge import Reimbursement
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def scenario():
    return read("isf_gaza")


def test_every_option_is_proved_optimal(gaza_plans) -> None:
    for name, found in gaza_plans.items():
        assert found.solver.status == "optimal", name
        assert found.solver.gap <= 1e-4


@pytest.mark.slow
def test_planning_takes_a_few_times_what_the_solver_alone_needs(scenario, seconds) -> None:
    took, plainly = seconds.plans(scenario)
    assert took < 5 * plainly


@pytest.mark.parametrize(
    "option",
    [
        "support_only",
        *(pytest.param(f"un_mandate_{name}", marks=pytest.mark.slow) for name in ("full", "no_disarmament")),
    ],
)
def test_the_verifier_agrees(scenario, option: str) -> None:
    instance = build_instance(scenario.under(option))
    assert list(verify(instance, solve(instance))) == []


def test_declining_sends_nobody_and_support_sends_no_infantry(gaza_plans) -> None:
    assert not any(str(name).startswith("pak_") for name in gaza_plans["decline"].assigned["pledge"].values)
    support = gaza_plans["support_only"].assigned
    assert "pak_infantry" not in support["pledge"].values
    mine = support.sel(pledge=[p for p in support["pledge"].values if p.startswith("pak_")])
    assert float(mine.sum()) > 0
    assert float(mine.sel(task="disarmament").sum()) == 0


def test_a_veto_and_a_missing_mandate_keep_pledges_out(gaza_plans) -> None:
    assert {"tur_infantry", "tur_engineers", "tur_ordnance"} <= set(gaza_plans["un_mandate_full"].withheld)
    assert "idn_infantry" in gaza_plans["agreement_only_full"].withheld
    assert "idn_infantry" not in gaza_plans["un_mandate_full"].withheld


def test_shortfall_is_what_is_wanted_less_what_serves(gaza_plans) -> None:
    found = gaza_plans["un_mandate_full"]
    assert (found.critical <= found.shortfall + 1e-6).all()
    sent = found.assigned.sum("pledge")
    covered = (found.required - found.shortfall).sum("unit_type").transpose(*sent.dims)
    assert (covered <= sent + 1e-6).all()


def test_more_comes_with_a_mandate(gaza_plans) -> None:
    goal = {
        name: found.solver.objective for name, found in gaza_plans.items()
    }  # what is missing, by weight, and the cost
    assert goal["un_mandate_full"] <= goal["un_mandate_no_disarmament"] <= goal["agreement_only_full"]
    assert goal["agreement_only_full"] <= goal["support_only"] <= goal["decline"]
    total = {name: float(found.critical.sum()) for name, found in gaza_plans.items()}
    assert total["un_mandate_full"] < total["agreement_only_full"] < total["support_only"] < total["decline"]
    # all who are authorized are there: disarming changes who serves, and how many are missing by less than one
    assert total["un_mandate_no_disarmament"] == pytest.approx(total["un_mandate_full"], abs=1)
    assert total["write_the_mandate"] == total["un_mandate_no_disarmament"]  # who comes is not how much force is used


def test_deployment_is_the_same_for_any_part_of_the_ensemble(scenario, gaza_plans) -> None:
    under, design = scenario.under("support_only"), Design(seed=1, runs=40)
    whole = deploy(gaza_plans["support_only"], under, design)
    part = deploy(gaza_plans["support_only"], under, design.chunk(10, 20))
    assert np.array_equal(whole.delivered.values[10:20], part.delivered.values)
    assert ((whole.delivered >= 0) & (whole.delivered <= 1)).all()
    assert (whole.delay >= 0).all()
    first = {p.id: p.notice.best / 7 for p in under.pledges}
    for name, weeks in first.items():
        assert float(whole.planned.sel(pledge=name)[: int(np.floor(weeks))].sum()) == 0


def test_requirements_are_proposed_from_people_and_tasks_with_their_rule(scenario) -> None:
    proposed = propose(scenario)
    gaza = [r for r in proposed if (r.sector, r.task, r.phase) == ("gaza", "internal_peace", "main")]
    infantry = next(r for r in gaza if r.unit == "infantry_battalion")
    per_thousand = infantry.wanted.best / scenario.theatre.sectors["gaza"].population.best * 1000
    assert 1.5 <= per_thousand <= 3.5
    assert infantry.wanted.best % scenario.unit_types["infantry_battalion"].strength == 0
    assert all(r.minimum.best <= r.wanted.best and r.assumption for r in proposed)
    assert len({r.id for r in proposed}) == len(proposed)


def test_a_ceiling_and_a_balance_of_regions_reach_the_programme(scenario) -> None:
    rule = scenario.composition["no_single_contributor_dominates"]
    rules = {
        "cap": rule.model_copy(
            update={"kind": "ceiling", "contributor": "PAK", "share": None, "persons": Estimate(900, 900, 900)}
        ),
        "balance": rule.model_copy(update={"group": "region", "share": Estimate(0.4, 0.4, 0.4)}),
        "gulf": rule.model_copy(update={"group": "region", "region": "Gulf", "share": Estimate(0.1, 0.1, 0.1)}),
    }
    instance = build_instance(scenario.model_copy(update={"composition": rules}))
    assert instance.limits.contributor.tolist() == [
        scenario.contributors[c].ceiling.best for c in instance.contributors
    ]
    shares = {r.name: r for r in instance.limits.shares}
    regions = {who.region for who in scenario.contributors.values()}
    assert shares["cap:PAK"].persons == 900
    assert set(shares) == {"cap:PAK", "gulf:Gulf", *(f"balance:{region}" for region in regions)}
    members = [code for code, is_in in zip(instance.contributors, shares["gulf:Gulf"].members, strict=True) if is_in]
    assert members == ["ARE", "QAT", "SAU"]
    assert not shares["balance:Gulf"].least
    assert shares["balance:Gulf"].share == 0.4


def exactly(value: float) -> Estimate:
    return Estimate(value, value, value)


def test_units_of_support_are_wanted_where_people_do_not_bring_their_own() -> None:
    """A well is enough for 80 beyond the first 20: of two battalions it leaves 100 without."""
    pledges = (ALFA, BRAVO, pledge("charlie", "CCC", "eng", strength=50))
    asked = case(pledges, need(200) + need(50, unit="eng"), support={"well": DOCTORS})
    found = plan(asked)
    assert found.unsupported.sel(support="well", place="north").values == pytest.approx([100, 100], abs=0.01)
    assert "North in Entry 100" in plan_text(asked, found)
    assert plan_record(asked, found)["unsupported"]["well"]["main"] == {
        "north": pytest.approx(100, abs=0.01),
        "south": 0,
    }
    own = tuple(p.model_copy(update={"self_sustains": ("well",)}) for p in asked.pledges)
    assert float(plan(asked.model_copy(update={"pledges": own})).unsupported.sum()) == 0


def test_what_a_fund_owes_in_a_phase_stays_within_its_budget() -> None:
    """A battalion is owed some 598,000 dollars for a half-year: of three, 1.2 million pays two in the first."""
    pledges = (pledge("alfa", strength=300, reimbursed=True), pledge("bravo", "BBB"))
    free = case(pledges, need(400), reimbursement=Reimbursement(rate=1500, paid=0.8))
    fund = free.reimbursement.model_copy(update={"budget": {"entry": exactly(1_200_000)}})
    asked = free.model_copy(update={"reimbursement": fund})
    assert plan(asked).assigned.sum(["sector", "task"]).values.tolist() == [[200, 300], [100, 100]]
    instance = build_instance(asked)
    assert list(verify(instance, solve(instance))) == []
    assert "US dollars owed of 1,200,000" in " ".join(verify(instance, solve(build_instance(free))))
    more = {change.what: change.short for change in Analysis(asked).rules()}
    assert more["budget + 10 %"] < -1


def test_a_fund_pays_its_rate_and_no_more(gaza_plans, scenario) -> None:
    found, under = gaza_plans["un_mandate_full"], scenario.under("un_mandate_full")
    months = np.diff([*found.start, found.end[-1]]) * 7 / 30.4375
    stay = dict(zip(found.serving["pledge"].values, found.serving.sum(["sector", "task"]).values @ months, strict=True))
    mine = [p for p in under.pledges if p.contributor == "PAK"]
    rate, paid = under.reimbursement.rate.best, under.reimbursement.paid.best
    assert all(rate < p.cost.best for p in mine)
    assert 0 < paid < 1
    fund = sum(float(stay[p.id]) * rate * paid for p in mine if p.reimbursed)
    assert float(found.cost.sel(contributor="PAK", payer="fund")) == pytest.approx(fund)
    whole = sum(float(stay[p.id]) * p.cost.best for p in mine)
    assert float(found.cost.sel(contributor="PAK").sum()) == pytest.approx(whole)


def test_the_united_nations_selects_no_unit_it_has_not_assessed(scenario) -> None:
    under = scenario.under("un_mandate_full")
    pledges = tuple(
        p.model_copy(update={"readiness": "registered" if p.id == "pak_infantry" else "assessed"})
        for p in under.pledges
    )
    asked = under.model_copy(update={"pledges": pledges})
    un = asked.model_copy(update={"mandate": asked.mandate.model_copy(update={"command": "un"})})
    assert "pak_infantry" in build_instance(asked).groups.name
    assert "pak_infantry" not in build_instance(un).groups.name
    assert "pak_engineers" in build_instance(un).groups.name
