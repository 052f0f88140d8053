"""How a scenario becomes arrays, and what each pledge may be used for: every number worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from small_case import PHASES, case, contributor, need, pledge, rule

from contingent.force.build_instance import build_instance, first_period, owed, periods
from contingent.force.eligibility import contributor_status, is_valid, offer, permitted
from contingent.force.instance import Calendar
from contingent.quantities import WEEKS_A_MONTH
from contingent.scenario.pledge import Caveat, Reimbursement, Support
from contingent.scenario.theatre import Phase

INF, YEAR = float("inf"), Calendar(np.array([0, 26]), np.array([26, 52]))


def groups(*pledges, **changes):
    return build_instance(case(pledges, need(), **changes)).groups


@pytest.mark.parametrize(
    ("strength", "count", "persons"),
    [(100, 1, 100), (30, 1, 30), (140, 1, 140), (160, 2, 80), (260, 3, 260 / 3), (1000, 10, 100)],
)
def test_a_pledge_is_so_many_units_of_about_the_typical_strength(strength: int, count: int, persons: float) -> None:
    found = groups(pledge("alfa", strength=strength, rotations=3))
    assert (found.count.tolist(), found.tours.tolist()) == ([count], [3 * count])
    assert found.persons == pytest.approx([persons])
    assert found.lift == pytest.approx([persons / 100])  # lift 1 for 100 persons


@pytest.mark.parametrize(
    ("days", "weeks", "first"),
    [(0, 0, 0), (91, 13, 0), (92, 92 / 7, 1), (273, 39, 1), (274, 274 / 7, 2)],  # periods' middles: weeks 13 and 39
)
def test_notice_in_days_is_a_period_it_is_there_for_at_least_half_of(days: int, weeks: float, first: int) -> None:
    found = groups(pledge("alfa", notice=days))
    assert found.notice == pytest.approx([weeks])
    assert first_period(np.array([weeks]), YEAR).tolist() == [first]


def test_tours_in_months_are_weeks() -> None:
    assert groups(pledge("alfa", tour=12)).tour == pytest.approx([365.25 / 7])


def test_groups_stand_by_name_and_name_their_contributor_and_unit() -> None:
    found = groups(pledge("zulu", "AAA", reliability=0.4), pledge("alfa", "CCC", "eng", strength=50, reliability=0.9))
    assert found.name == ("alfa", "zulu")
    assert (found.contributor.tolist(), found.unit.tolist(), found.divisible.tolist()) == (
        [2, 0],
        [1, 0],
        [True, False],
    )
    assert (found.lift.tolist(), found.reliability.tolist()) == ([0.5, 1.0], [0.9, 0.4])


@pytest.mark.parametrize(
    ("cost", "reimbursed", "due"), [(1000, True, 1000), (1500, True, 1500), (2000, True, 1500), (2000, False, 0)]
)
def test_the_fund_owes_its_rate_and_never_more_than_the_cost(cost: int, reimbursed: bool, due: float) -> None:
    one = pledge("alfa", cost=cost, reimbursed=reimbursed)
    assert owed(case((one,), need()), one) == due
    found = groups(one)
    assert (found.cost.tolist(), found.billed.tolist()) == ([100 * cost], [100 * due])


@pytest.mark.parametrize(
    ("most", "starts", "ends"),
    [
        (26, [0, 26], [26, 52]),
        (52, [0, 26], [26, 52]),  # a phase's bound is always one
        (10, [0, 9, 17, 26, 35, 43], [9, 17, 26, 35, 43, 52]),  # 26 / 10: three pieces
        (13, [0, 13, 26, 39], [13, 26, 39, 52]),
    ],
)
def test_periods_are_cut_at_phases_and_then_alike(most: int, starts: list[int], ends: list[int]) -> None:
    found = periods(case((pledge("alfa"),), need()), most)
    assert (found.start.tolist(), found.end.tolist()) == (starts, ends)
    assert found.stretch.tolist() == list(range(len(starts)))


def test_a_period_also_ends_with_a_notice_and_half_way_where_people_wait_for_lift() -> None:
    offers = pledge("alfa", notice=30), pledge("bravo", "BBB", notice=182), pledge("charlie", "CCC", notice=3000)
    found = periods(case(offers, need()), 26)
    assert (found.start.tolist(), found.end.tolist()) == ([0, 5, 26], [5, 26, 52])
    assert found.stretch.tolist() == [0, 0, 1]  # lift is saved up within the half-year
    assert periods(case(offers, need(), lift={"main": 1.0}), 26).start.tolist() == [0, 5, 13, 26, 39]


def test_demand_by_row_and_period() -> None:
    wanted = (
        *need(150, 100, phase="entry", weight=2), *need(30, 10, phase="entry", weight=3), *need(80, 60, phase="main"),
        *need(40, 20, sector="south", unit="eng", task="build", weight=5, phase="main"),
    )  # fmt: skip
    found = build_instance(case((pledge("alfa"),), wanted)).demand
    place = found.unit.tolist(), found.sector.tolist(), found.task.tolist()
    assert place == ([1, 0], [1, 0], [1, 0])  # engineers, south, build; infantry, north, patrol
    assert found.wanted.tolist() == [[0, 40], [180, 80]]
    assert found.minimum.tolist() == [[0, 20], [110, 60]]
    assert found.weight.tolist() == [[1, 5], [(150 * 2 + 30 * 3) / 180, 1]]  # of two for one place, their mean


def limits(**changes):
    pledges = (pledge("alfa"), pledge("bravo", "BBB", self_sustains=["well"]))
    return build_instance(case(pledges, need(), **changes)).limits


def test_lift_is_by_month_of_a_phase_and_money_by_phase() -> None:
    found = limits(strength=700, lift={"main": 2.0},
                   reimbursement=Reimbursement(rate=1500, paid=0.8, budget={"main": 5e6, "entry": 3e6}))  # fmt: skip
    assert found.strength.tolist() == [700] * 4  # quarters, as there is lift to wait for
    assert found.lift == pytest.approx([INF, INF, *[2 * 13 / WEEKS_A_MONTH] * 2])
    assert (found.budget.tolist(), found.stretch.tolist(), found.outbound) == ([5e6, 3e6], [1, 1, 0, 0], True)
    free = limits()
    assert (free.lift.tolist(), free.budget.tolist(), free.stretch.tolist()) == ([INF, INF], [], [-1, -1])


def test_ceilings_are_each_contributors_own_and_those_of_rules_and_of_who_answers_for_services() -> None:
    own = {code: contributor(code, ceiling=most) for code, most in (("AAA", 500), ("BBB", 300), ("CCC", 900))}
    own["BBB"] = own["BBB"].model_copy(update={"kind": "service", "of": "AAA"})
    rules = {"a": rule("ceiling", contributor="AAA", persons=400), "each": rule("ceiling", persons=600)}
    found = limits(contributors=own, composition=rules)
    assert found.contributor.tolist() == [500, 300, 900]
    told = [(r.name, "".join("ABC"[i] for i in np.flatnonzero(r.members)), r.share, r.persons) for r in found.shares]
    assert told == [
        ("ceiling of AAA", "AB", 0, 500), ("a:AAA", "AB", 0, 400), ("each:AAA", "AB", 0, 600),
        ("each:CCC", "C", 0, 600),
    ]  # fmt: skip


def test_shares_of_one_of_each_of_a_region_and_of_a_group() -> None:
    who = {"AAA": contributor("AAA", groups=["faith", "near"], region="West"), "BBB": contributor("BBB", groups="near"),
           "CCC": contributor("CCC", groups="faith")}  # fmt: skip
    rules = {
        "each": rule("most_share", share=0.4), "faith": rule("least_share", group="faith", share=0.5),
        "one": rule("least_share", contributor="BBB", share=0.1), "east": rule("most_share", group="region",
                                                                              region="East", share=0.7),
        "regions": rule("most_share", group="region", share=0.9), "veto": rule("veto", contributor="CCC"),
    }  # fmt: skip
    found = [(r.name, "".join("ABC"[i] for i in np.flatnonzero(r.members)), r.share, r.least)
             for r in limits(contributors=who, composition=rules).shares]  # fmt: skip
    assert found == [
        ("each:AAA", "A", 0.4, False), ("each:BBB", "B", 0.4, False), ("each:CCC", "C", 0.4, False),
        ("east:East", "BC", 0.7, False), ("faith", "AC", 0.5, True), ("one:BBB", "B", 0.1, True),
        ("regions:East", "BC", 0.9, False), ("regions:West", "A", 0.9, False),
    ]  # fmt: skip


def test_support_is_needed_by_those_who_do_not_bring_it() -> None:
    (found,) = limits(support={"well": Support(label="Well", unit="eng", covers=80, beyond=20)}).supports
    assert (found.name, found.gives.tolist(), found.beyond, found.needs.tolist()) == (
        "well",
        [0, 0],
        20,
        [True, False],
    )
    own = Support(label="Own", unit=["eng"], covers=80, of="eng", within="contributor", required=True)
    (found,) = limits(support={"own": own}).supports
    assert (found.within, found.required, found.needs.tolist()) == ("contributor", True, [False, False])


def compatible(languages, composition=None, **changes):
    who = {code: contributor(code, languages=spoken, commands=spoken) for code, spoken in languages.items()}
    offers = (pledge("alfa", caveats=changes.pop("carried", [])), pledge("bravo", "BBB"), pledge("charlie", "CCC"))
    return build_instance(
        case(offers, need(), contributors=who, composition=composition or {}, **changes)
    ).limits.compatible


NOBODY = {"AAA": [], "BBB": [], "CCC": []}


@pytest.mark.parametrize("kind", ["one_language", "one_command"])
def test_a_language_that_suits_nobody_whom_another_does_not_suit_is_no_choice(kind: str) -> None:
    spoken = {"AAA": ["arabic", "english"], "BBB": ["english"], "CCC": ["french"]}
    (found,) = compatible(spoken, {"tongue": rule(kind)})
    assert (found.name, found.choices, found.lasting, found.by_leave) == (
        "composition.tongue", ("english", "french"), True, False,
    )  # fmt: skip
    assert found.suits.tolist() == [[True, True, False], [False, False, True]]
    assert compatible({code: ["english"] for code in NOBODY}, {"tongue": rule(kind)}) == ()  # one suits all


def test_who_is_kept_apart_may_each_serve_beside_the_rest() -> None:
    (found,) = compatible(NOBODY, {"feud": rule("apart", contributors=["BBB", "AAA"])})
    assert (found.choices, found.lasting) == (("AAA", "BBB"), False)
    assert found.suits.tolist() == [[True, False, True], [False, True, True]]
    assert compatible(NOBODY, {"feud": rule("apart", contributors=["AAA", "AAA"])}) == ()


@pytest.mark.parametrize(("card", "by_leave"), [("red", False), ("yellow", True)])
def test_a_caveat_on_company_has_two_sides(card: str, by_leave: bool) -> None:
    shy = {"shy": Caveat(label="Shy", card=card, excludes_contributors=["BBB", "CCC"])}
    (found,) = compatible(NOBODY, caveats=shy, carried=["shy"])
    assert (found.name, found.choices, found.by_leave, found.lasting) == (
        "caveats.shy",
        ("AAA", "BBB, CCC"),
        by_leave,
        False,
    )
    assert found.suits.tolist() == [[True, False, False], [False, True, True]]


CAVEATS = {
    "red_task": Caveat(label="", excludes_tasks=["build"]),
    "yellow_task": Caveat(label="", card="yellow", excludes_tasks=["build", "patrol"]),
    "red_sector": Caveat(label="", excludes_sectors=["south"]),
    "red_unit": Caveat(label="", excludes_units=["inf"]),
    "yellow_unit": Caveat(label="", card="yellow", excludes_units=["eng"]),
    "un_only": Caveat(label="", requires={"mandate.command": ["un", "coalition"]}),
    "nato_only": Caveat(label="", requires={"mandate.command": "nato"}),
}
PLACES = (("north", "patrol"), ("north", "build"), ("south", "patrol"), ("south", "build"))


@pytest.mark.parametrize(
    ("carried", "sectors", "answers"),
    [
        ([], [], "yes yes yes yes"),
        ([], ["south"], "no no yes yes"),
        (["red_task"], [], "yes no yes no"),
        (["yellow_task"], [], "ask ask ask ask"),
        (["yellow_task", "red_task"], [], "ask no ask no"),  # a red card counts after a yellow one, and before it
        (["red_task", "yellow_task"], [], "ask no ask no"),
        (["red_sector"], [], "yes yes no no"),
        (["red_unit"], [], "no no no no"),
        (["yellow_unit"], [], "yes yes yes yes"),  # of another unit
        (["yellow_task"], ["north"], "ask ask no no"),
    ],
)
def test_what_a_pledge_may_be_used_for(carried: list[str], sectors: list[str], answers: str) -> None:
    one = pledge("alfa", caveats=carried, sectors=sectors)
    scenario = case((one,), need() + need(sector="south", task="build"), caveats=CAVEATS)
    found = [permitted(scenario, one, sector, task) for sector, task in PLACES]
    assert found == answers.split()
    served = {0: found[0], 1: found[3]}  # the two rows of the demand: north on patrol, south to build
    cells = build_instance(scenario).cells
    assert cells.row.tolist() == [row for row, answer in served.items() if answer != "no"]
    assert cells.asked.tolist() == [answer == "ask" for answer in served.values() if answer != "no"]


def test_a_pledge_serves_rows_of_its_own_unit_alone() -> None:
    offers = (pledge("alfa"), pledge("bravo", unit="eng", strength=50))
    cells = build_instance(case(offers, need() + need(unit="eng", sector="south"))).cells
    assert (cells.group.tolist(), cells.row.tolist()) == ([0, 1], [1, 0])  # engineers' row comes first by name


@pytest.mark.parametrize(
    ("changes", "terms", "valid"),
    [
        ({}, {}, True),
        ({"caveats": ["un_only"]}, {}, True),
        ({"caveats": ["un_only", "nato_only"]}, {}, False),
        ({}, {"composition": {"no": rule("veto", contributor="AAA")}}, False),
        ({}, {"composition": {"no": rule("veto", contributor="BBB")}}, True),
        ({}, {"composition": {"no": rule("ceiling", contributor="AAA", persons=1)}}, True),
        ({"readiness": "registered"}, {}, True),
        ({"readiness": "registered"}, {"command": "un"}, False),
        ({"readiness": "assessed"}, {"command": "un"}, True),
    ],
)
def test_whether_a_pledge_holds(changes, terms, valid: bool) -> None:
    one = pledge("alfa", **changes)
    scenario = case((one,), need(), caveats=CAVEATS, **terms)
    assert is_valid(scenario, one) is valid
    assert build_instance(scenario).groups.name == (("alfa",) if valid else ())


def test_what_a_contributor_offers_and_what_of_it_counts() -> None:
    held = pledge("held", strength=2000, caveats=["nato_only"])
    spoken, assumed = pledge("spoken", strength=1100, claims=["C02", "C01"]), pledge("assumed", "BBB", strength=70)
    base = case(
        (held, spoken, assumed, pledge("waits", "CCC", strength=40, caveats=["nato_only"])), need(), caveats=CAVEATS
    )
    mine = offer(base, "AAA")
    assert ([p.id for p in mine.pledges], [p.id for p in mine.valid]) == (["held", "spoken"], ["spoken"])
    assert (mine.persons, mine.counted_on) == (3100, 1100)
    said = {code: contributor_status(base, code, base) for code in ("AAA", "BBB", "CCC", "DDD")}
    assert said == {
        "AAA": "counted on for 1,100, named in C01, C02; offers 2,000 more, held back",
        "BBB": "counted on for 70, by assumption only", "CCC": "offers 40, held back", "DDD": "not asked",
    }  # fmt: skip
    none = base.model_copy(update={"pledges": ()})
    assert contributor_status(none, "AAA", base) == "declines under this option"  # whose decision it is
    assert contributor_status(none, "BBB", base) == "left out under this option"
    vetoed = base.model_copy(update={"composition": {"no": rule("veto", contributor="BBB")}})
    assert contributor_status(vetoed, "BBB", base) == "refused: veto"


def test_a_phase_without_demand_wants_nobody() -> None:
    longer = {**PHASES, "after": Phase(label="After", start=52, end=78)}
    found = build_instance(case((pledge("alfa"),), need(), phases=longer)).demand
    assert found.wanted.tolist() == [[100, 100, 0]]
