"""A plan solved in the head: its tables, its money, what one change is worth, why somebody is missing, whom to keep."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from small_case import case, contributor, need, pledge, rule
from tiny_force import tiny

from contingent.cli.force import paid_in_words
from contingent.cli.force_reasons import sharing, sharing_in_words
from contingent.force import plan
from contingent.force.analysis import Analysis, Change, with_newcomer, without_caveat, without_rule
from contingent.force.blockers import blockers
from contingent.force.build_instance import build_instance
from contingent.force.instance import Instance
from contingent.force.plan import largest_phase, operating
from contingent.force.robust import robust
from contingent.force.two_stage import Adversary, two_stages
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.pledge import Caveat, Reimbursement, Support
from contingent.scenario.theatre import Phase

YEAR = 52 / WEEKS_A_MONTH  # months
LONG = {"entry": Phase(label="Entry", start=0, end=26), "main": Phase(label="Main", start=26, end=78)}


def by_phase(table, **place) -> list[float]:
    return table.sel(place).sum([d for d in table.dims if d not in ("phase", *place)]).values.tolist()


def test_what_is_wanted_sent_and_short_phase_by_phase() -> None:
    # one battalion from the start, one from week 52 on, which is half of the main phase; 250 wanted, 150 needed
    offers = pledge("alfa", rotations=2), pledge("bravo", "BBB", notice=364)
    found = plan(case(offers, need(250, 150), phases=LONG, horizon=104))
    assert found.solver.status == "optimal"
    assert by_phase(found.required, unit_type="inf", sector="north", task="patrol") == [250, 250]
    assert by_phase(found.required, sector="south") == [0, 0]
    assert by_phase(found.assigned, pledge="alfa") == [100, 100]
    assert by_phase(found.assigned, pledge="bravo") == [0, 50]
    assert by_phase(found.shortfall) == [150, 100]
    assert by_phase(found.critical) == [50, 25]
    assert found.serving.sel(pledge="bravo").sum(["sector", "task"]).values.tolist() == [0, 0, 100]
    assert found.stays.values.tolist() == [
        [0, 0, 52, 1, 1],
        [0, 52, 78, 1, 1],
        [1, 52, 78, 1, 1],
    ]  # relieved after a year
    weeks = found.weekly.sum(["pledge", "sector", "task"]).values
    assert weeks.tolist() == [100] * 52 + [200] * 26
    assert (found.start.tolist(), found.end.tolist(), found.withheld) == ([0, 26, 52], [26, 52, 78], ())
    assert largest_phase(found.assigned).values.tolist() == [100, 50]


def test_initial_and_full_operating_capability_have_their_weeks() -> None:
    offers = pledge("alfa", notice=21), pledge("bravo", "BBB", notice=70)
    for wanted, least, weeks in ((200, 100, (3, 10)), (300, 200, (10, None)), (300, 250, (None, None))):
        scenario = case(offers, need(wanted, least))
        found = operating(scenario, plan(scenario))
        assert (found["initial"], found["full"]) == weeks
    alone = case((), need(100, 0))
    assert operating(alone, plan(alone)) == {"initial": 0, "full": None}


def test_a_phase_is_averaged_by_weeks() -> None:
    # 39 weeks are cut into 20 and 19; the battalion is there from the end of its notice, for the last 15
    uneven = {"entry": Phase(label="Entry", start=0, end=26), "main": Phase(label="Main", start=26, end=65)}
    found = plan(case((pledge("alfa", notice=350),), need(), phases=uneven, horizon=104))
    assert (found.start.tolist(), found.end.tolist()) == ([0, 26, 46, 50], [26, 46, 50, 65])
    assert by_phase(found.assigned) == pytest.approx([0, 100 * 15 / 39])
    assert by_phase(found.critical) == pytest.approx([100, 100 * 24 / 39])


def test_the_plan_says_who_is_withheld_and_how_many_came() -> None:
    veto = {"no": rule("veto", contributor="BBB")}
    found = plan(case((pledge("bravo", "BBB"), pledge("alfa")), need(250, 150), composition=veto))
    assert found.withheld == ("bravo",)
    assert by_phase(found.assigned, pledge="bravo") == [0, 0]
    assert found.assigned["pledge"].values.tolist() == ["bravo", "alfa"]  # in the scenario's order
    assert repr(found) == "Plan (optimal, gap 0.0%); entry: 100 of 250 persons; main: 100 of 250 persons"


@pytest.mark.parametrize(
    ("cost", "reimbursed", "fund", "own"),
    [
        (2000, True, 1200, 800),  # 80 % of the rate of 1,500
        (1000, True, 800, 200),  # 80 % of what it costs: the fund never owes more
        (2000, False, 0, 2000),
    ],
)
def test_the_fund_pays_its_rate_and_the_contributor_the_rest(cost, reimbursed, fund, own) -> None:
    found = plan(case((pledge("alfa", cost=cost, reimbursed=reimbursed), pledge("idle", "BBB", "eng")), need())).cost
    assert found.sel(contributor="AAA", payer="fund").item() == pytest.approx(100 * YEAR * fund)
    assert found.sel(contributor="AAA", payer="contributor").item() == pytest.approx(100 * YEAR * own)
    assert found.sel(contributor="BBB").values.tolist() == [0, 0]  # who does not serve costs nothing
    assert found.attrs["units"] == "USD"


def test_a_lead_state_and_what_comes_in_kind_bear_a_part_and_the_fund_pays_of_the_rest() -> None:
    """Of 1,000 a month a lead state bears 300 and 100 come in kind; 250 + 50 are owed, of which 80 % are paid."""
    others = {"BBB": 0.3, "in_kind": 0.1}
    sent = pledge("alfa", reimbursed=True, rates=["catering"], borne_by=others)
    fund = Reimbursement(label="a voluntary fund", rate=250, paid=0.8, rates={"catering": {"rate": 50}})
    asked = case((sent,), need(), reimbursement=fund)
    found = plan(asked)
    paid = {str(who): found.cost.sel(contributor="AAA", payer=who).item() for who in found.cost["payer"].values}
    month = 100 * YEAR
    assert paid == pytest.approx(
        {"fund": 240 * month, "contributor": 360 * month, "BBB": 300 * month, "in_kind": 100 * month}
    )
    told = ", ".join(paid_in_words(asked, found))
    assert told == "a voluntary fund 0.3, who sends them 0.4, BBB 0.4, in kind 0.1"


def test_people_beyond_what_a_well_serves() -> None:
    # two battalions, the second with its own water: 100 - 20 in need, a platoon of 25 serves half of 80 (80 to 50 men)
    offers = (
        pledge("alfa"),
        pledge("bravo", "BBB", self_sustains=["well", "uncovered_well"]),
        pledge("charlie", "CCC", "eng", strength=25),
    )
    well = Support(label="Well", unit="eng", covers=80, beyond=20)
    named = {"well": well, "uncovered_well": well}  # as the programme's own columns begin
    found = plan(case(offers, need(200) + need(25, unit="eng"), support=named)).unsupported
    for name in named:
        assert by_phase(found, support=name, place="north") == pytest.approx([40, 40], abs=1e-2)
        assert by_phase(found, support=name, place="south") == [0, 0]


def test_a_feud_is_told_by_sector_and_stretch_of_weeks() -> None:
    feud = {"feud": rule("apart", contributors=["AAA", "BBB"])}
    offers = pledge("alfa", tour=6), pledge("bravo", "BBB", notice=182)  # the second stays a year
    found = plan(case(offers, need() + need(sector="south", weight=0.1), phases=LONG, horizon=104, composition=feud))
    served = [item for item in sharing(found) if item["sector"] == "north"]
    assert served == [
        {"rule": "composition.feud", "sector": "north", "choice": "AAA", "start": 0, "end": 26},
        {"rule": "composition.feud", "sector": "north", "choice": "BBB", "start": 26, "end": 78},
    ]
    told = sharing_in_words(case(offers, need(), composition=feud), found)
    assert told == [("apart", "North", ["AAA (weeks 0 to 26)", "BBB (weeks 26 to 78)"])]


def test_weeks_that_follow_each_other_are_one_stretch() -> None:
    feud = {"feud": rule("apart", contributors=["AAA", "BBB"])}
    found = plan(case((pledge("alfa"), pledge("bravo", "BBB", notice=3000)), need(), composition=feud))
    assert [(item["choice"], item["start"], item["end"]) for item in sharing(found)] == [("AAA", 0, 52)]


def told(found: list[Change]) -> dict[str, tuple[float, float]]:
    return {change.what: (round(change.critical, 2) + 0, round(change.short, 2) + 0) for change in found}


def test_one_more_unit_is_worth_the_persons_it_brings() -> None:
    found = Analysis(case((pledge("alfa"),), need(350, 150) + need(20, unit="eng", sector="south"))).one_more()
    assert told(found) == {"inf": (-50, -100), "eng": (-20, -20)}  # of 50 below the minimum, 250 below what is wanted
    assert [change.what for change in found] == ["inf", "eng"]  # the most helpful first
    assert all(change.felt for change in found)
    assert told(Analysis(case((pledge("alfa"),), need())).one_more()) == {"inf": (0, 0)}
    assert not Change("little", 0.05, -0.05).felt
    assert Change("little", 0.0, -0.06).felt


def test_one_more_unit_brings_its_types_numbers() -> None:
    scenario = case((pledge("alfa", cost=3000),), need())
    groups = build_instance(with_newcomer(scenario, build_instance(scenario))).groups
    assert (groups.name, groups.persons.tolist(), groups.count.tolist()) == (
        ("alfa", "zzz_inf"),  # nobody asks for engineers
        [100, 100],
        [1, 1],
    )
    assert (groups.cost.tolist(), groups.billed.tolist()) == ([300_000, 300_000], [0, 150_000])
    assert (groups.notice.tolist(), groups.tour[1], groups.lift.tolist()) == ([0, 0], 52, [1, 1])


def test_lifting_a_caveat_for_all_and_for_one_capital() -> None:
    shy = {
        "shy": Caveat(label="Shy", excludes_tasks=["patrol"]),
        "idle": Caveat(label="Idle", excludes_tasks=["build"]),
    }
    offers = pledge("alfa", caveats=["shy", "idle"]), pledge("bravo", "BBB", strength=40, caveats=["shy"])
    analysis = Analysis(case(offers, need(200), caveats=shy))
    assert analysis.now.critical == pytest.approx(200)
    assert told(analysis.caveats()) == {
        "shy": (-140, -140), "shy, AAA alone": (-100, -100), "shy, BBB alone": (-40, -40), "idle": (0, 0),
    }  # fmt: skip
    alone = without_caveat(analysis.scenario, "shy", "BBB").pledges
    assert [p.caveats for p in alone] == [("shy", "idle"), ()]


def test_a_tenth_more_of_each_limit_and_a_rule_given_up() -> None:
    offers = pledge("alfa", strength=200), pledge("bravo", "BBB"), pledge("charlie", "CCC")
    rules = {"no": rule("veto", contributor="CCC"), "less": rule("most_share", contributor="BBB", share=0.2)}
    who = {code: contributor(code, ceiling=most) for code, most in (("AAA", 80), ("BBB", 100), ("CCC", 100))}
    analysis = Analysis(case(offers, need(400), composition=rules, contributors=who))
    assert analysis.now.critical == pytest.approx(300)  # 80 and, of 100, a fifth
    assert told(analysis.rules()) == {
        "without no": (-100 - 25, -125),  # the third, and a fifth of 225 instead of 100
        "without less": (-80, -80), "ceiling of AAA + 10 %": (-8 - 2, -10), "ceiling of BBB + 10 %": (0, 0),
        "authorized strength + 10 %": (0, 0),
    }  # fmt: skip
    assert list(without_rule(analysis.scenario, "no").composition) == ["less"]


def test_a_tenth_more_strength_lift_and_money() -> None:
    stays = pledge("alfa", reimbursed=True, tour=6, rotations=2)
    fund = Reimbursement(rate=1500, paid=0.8, budget={"main": 50 * 1000 * YEAR / 2})  # 50 persons in main
    found = Analysis(case((stays,), need(), reimbursement=fund, strength=80)).rules()
    assert told(found) == {  # 80 and 50 are there
        "budget + 10 %": (-2.5, -2.5), "authorized strength + 10 %": (-4, -4), "ceiling of AAA + 10 %": (0, 0),
    }  # fmt: skip
    ships = {"entry": 0.5 / (26 / WEEKS_A_MONTH), "main": 0.0}  # half a battalion in all
    (lift,) = [c for c in Analysis(case((pledge("alfa"),), need(), lift=ships)).rules() if c.what == "lift + 10 %"]
    # a quarter of it comes on the first day, a quarter by week 26, as the second quarter's ships have sailed by then
    assert lift.critical == pytest.approx(-(2.5 + 5) / 2)


def test_whom_the_force_cannot_lose() -> None:
    offers = pledge("alfa", strength=200), pledge("bravo", "BBB"), pledge("charlie", "CCC", "eng", strength=50)
    found = Analysis(case(offers, need(250) + need(50, 10, unit="eng"))).withdrawals()
    assert [(c.what, round(c.critical), round(c.short)) for c in found] == [
        ("AAA", 150, 150),  # 300 for 250: the other two thirds are missing
        ("BBB", 50, 50), ("CCC", 10, 50),
    ]  # fmt: skip


def test_why_a_requirement_is_below_its_minimum() -> None:
    caveats = {
        "red": Caveat(label="", excludes_sectors=["south"]),
        "nato": Caveat(label="", requires={"mandate.command": "nato"}),
    }
    offers = (
        pledge("alfa"), pledge("barred", caveats=["red"], notice=3000), pledge("held", caveats=["nato"]),
        pledge("elsewhere", sectors=["north"], notice=3000), pledge("vetoed", "CCC"),
    )  # fmt: skip
    scenario = case(offers, need(weight=2) + need(60, sector="south") + need(30, unit="eng"), caveats=caveats,
                    composition={"no": rule("veto", contributor="CCC")})  # fmt: skip
    found = {b.requirement: b for b in blockers(scenario, plan(scenario), Analysis(scenario))}
    assert list(found) == ["south_inf_entry", "south_inf_main", "north_eng_entry", "north_eng_main"]
    south = found["south_inf_entry"]
    assert (south.short, round(south.alone, 3)) == (60, 0)
    assert [(name, round(more)) for name, more in south.instead] == [("north_inf_entry", 60)]
    assert dict(south.why) == {
        "serves where it counts more, or is held back by lift, the ceiling or a share of the force": ("alfa",),
        "barred by its caveats (red)": ("barred",), "is offered for other sectors": ("elsewhere",),
        "holds only under other terms (nato)": ("held",), "its contributor is refused (no)": ("vetoed",),
    }  # fmt: skip
    engineers = found["north_eng_main"]
    assert (engineers.short, engineers.alone, engineers.instead) == (30, pytest.approx(30), ())
    assert engineers.why == (("nobody offers a unit of type eng", ()),)


def three(counts=(3, 2, 1), wanted=600.0, periods=1) -> Instance:
    """Three contributors with so many battalions of 100, all of them needed in one sector."""
    every = np.full((1, periods), wanted)
    base = tiny(groups=3, periods=periods)
    return replace(base, groups=replace(base.groups, count=np.array(counts)),
                   demand=replace(base.demand, minimum=every, wanted=every))  # fmt: skip


def settled(instance: Instance) -> tuple[Adversary, np.ndarray]:
    """Everybody asked to come in every period."""
    parts = two_stages(instance)
    values, at = np.zeros(len(parts.posed.matrices.cost)), parts.posed.columns
    values[at["there"]] = instance.groups.count[:, None]
    against = Adversary(parts)
    against.settle(values)
    return against, values


@pytest.mark.parametrize(
    ("k", "loss", "short"), [(1, (0,), 300), (2, (0, 1), 500)]
)  # fmt: skip
def test_the_worst_loss_is_that_of_all_sets_tried(k: int, loss: tuple[int, ...], short: float) -> None:
    instance = three()
    against, _ = settled(instance)
    found = against.worst(k, 10)
    assert found.loss == loss
    assert against.short(loss) == (pytest.approx(short, abs=1e-3), pytest.approx(short, abs=1e-3))
    by_hand = {}
    for gone in combinations(range(3), k):
        stays = instance.groups.count.copy()
        stays[list(gone)] = 0
        by_hand[gone] = 600 - 100 * stays.sum()
        assert against.short(gone)[0] == pytest.approx(by_hand[gone], abs=1e-3)
    assert max(by_hand, key=by_hand.__getitem__) == loss
    assert found.cost == found.bound == pytest.approx(max(against.cost(gone) for gone in by_hand))


def test_of_equal_losses_the_first_by_name_is_told() -> None:
    base = three((2, 2, 2))
    against, _ = settled(
        replace(base, demand=replace(base.demand, weight=np.full((1, 1), 1000.0)))
    )  # a pledge's price: nought
    assert against.worst(1, 10).loss == (0,)
    assert against.worst(2, 10).loss == (0, 1)


def test_who_was_not_asked_in_the_first_half_year_comes_only_after_it() -> None:
    instance = three((2, 2, 0), wanted=200.0, periods=4)  # quarters: two of four are settled
    parts = two_stages(instance)
    against = Adversary(parts)
    values, at = np.zeros(len(parts.posed.matrices.cost)), parts.posed.columns
    values[at["there"][0]] = 2
    against.settle(values)  # only the first was asked
    assert against.short((0,))[0] == pytest.approx(200 * 2 / 4, abs=1e-3)
    assert against.short((1,))[0] == pytest.approx(0, abs=1e-3)
    assert parts.ties == 2 * 3  # two quarters, three groups


def test_a_robust_plan_spreads_what_it_asks_for() -> None:
    # 200 authorized, 200 wanted, 100 needed; each of three offers two
    instance = three((2, 2, 2), wanted=200.0)
    instance = replace(instance, limits=replace(instance.limits, strength=np.array([200.0])))
    found = robust(instance, 1)
    assert found.robust_worst.critical == pytest.approx(100, abs=1e-3)
    assert found.ordinary_worst.critical == pytest.approx(200, abs=1e-3)
    assert (found.withdrawals, len(found.robust_worst.withdrawn), found.robust.withdrawn) == (1, 1, ())
