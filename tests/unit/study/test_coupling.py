"""What comes of a plan, and what it costs its contributor, at numbers worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.ensemble.design import Design
from contingent.force.deploy import in_theatre
from contingent.labels import PHASE, PLEDGE, RUN, SECTOR, TASK, UNIT_TYPE, WEEK
from contingent.quantities import WEEKS_A_MONTH, Estimate, Unit
from contingent.scenario.pledge import Pledge, Reimbursement
from contingent.study.coupling import Failure, attempt, contributor_cost, coverage, join, presence, stack, supply

ONE = Design(seed=1, runs=4).choose(np.array([True, True, False, False]))  # two runs


def sure(value):
    return Estimate(value, value, value, unit=Unit("1"))


def pledge(name, contributor, unit, cost, **more):
    usual = {"strength": 100, "notice": 0, "tour": 12, "rotations": 1, "reliability": 1}
    return Pledge(id=name, contributor=contributor, unit=unit, cost=cost, **usual | more)


def scenario(**more):
    """PAK sends infantry for 2,000 USD a person-month, EGY engineers; the fund pays 80 % of 1,500 USD."""
    pledges = (
        pledge("p", "PAK", "infantry", 2000, reimbursed=True),
        pledge("q", "EGY", "engineers", 900),
        pledge("r", "PAK", "engineers", 1000),
    )
    money = Reimbursement(rate=1500, paid=0.8)
    return SimpleNamespace(**{"pledges": pledges, "contributor": "PAK", "reimbursement": money, **more})


def deployment(persons, delivered, delay):
    """`persons` (pledge, week) in one sector on one task; `delivered`, `delay` (run, pledge)."""
    ids = list("pqr")[: len(persons)]
    planned = xr.DataArray(np.array(persons, float)[:, :, None, None], dims=(PLEDGE, WEEK, SECTOR, TASK),
                           coords={PLEDGE: ids, SECTOR: ["s"], TASK: ["t"]})  # fmt: skip
    runs = {RUN: ONE.index[: len(delivered)], PLEDGE: ids}
    return SimpleNamespace(
        planned=planned,
        delivered=xr.DataArray(np.array(delivered, float), dims=(RUN, PLEDGE), coords=runs),
        delay=xr.DataArray(np.array(delay, float), dims=(RUN, PLEDGE), coords=runs),
        contributor=xr.DataArray(["PAK", "EGY", "PAK"][: len(ids)], dims=PLEDGE, coords={PLEDGE: ids}),
    )


def cost(persons, delivered, delay, **more):
    here = in_theatre(deployment(persons, delivered, delay)).to_numpy()
    asked = scenario(**more)
    return contributor_cost(here, SimpleNamespace(**vars(asked) | {"pledges": asked.pledges[: len(persons)]}), ONE)


def test_troops_cost_for_the_months_they_are_there_less_what_is_paid_back():
    # 100 persons for 8 weeks, 1 and .5 of them come: 800 and 400 person-weeks; 2000 - .8 x 1500 = 800 USD a month
    found = cost([[100] * 8], [[1.0], [0.5]], [[0], [0]])
    assert found == pytest.approx([800 / WEEKS_A_MONTH * 800, 400 / WEEKS_A_MONTH * 800])


def test_late_troops_cost_from_when_they_come():
    # two of eight weeks late: six eighths; ten weeks late: they never come, and are not paid back for
    found = cost([[100] * 8], [[1.0], [1.0]], [[2], [10]])
    assert found == pytest.approx([600 / WEEKS_A_MONTH * 800, 0.0])


def test_weeks_without_troops_cost_nothing_and_a_late_plan_is_cut_by_the_horizon_only():
    # there in four of eight weeks: two weeks late it fits in whole, three weeks late one of four is beyond the horizon
    found = cost([[0, 0, 100, 100, 100, 100, 0, 0]], [[1.0], [1.0]], [[2], [3]])
    assert found == pytest.approx([400 / WEEKS_A_MONTH * 800, 300 / WEEKS_A_MONTH * 800])


def test_only_its_own_count_and_only_the_reimbursed_are_paid_for():
    # p: 10 persons, 800 net; q is EGY's; r: 30 persons, 1000 in full
    persons = [[10] * 4, [1000] * 4, [30] * 4]
    found = cost(persons, [[1, 1, 1], [1, 1, 0]], np.zeros((2, 3)))
    month = 4 / WEEKS_A_MONTH
    assert found == pytest.approx([month * (10 * 800 + 30 * 1000), month * 10 * 800])


def test_nobody_gains_by_what_is_paid_back():
    money = Reimbursement(rate=5000, paid=0.8)  # 4000 paid for what costs 2000
    assert cost([[100] * 8], [[1.0], [1.0]], [[0], [0]], reimbursement=money) == pytest.approx([0.0, 0.0])


def test_a_lead_state_bears_a_part_of_its_own_and_of_others():
    # p: 2000 - .25 in kind - .8 x (500 + 300 of the lease) = 860; of EGY's 900 a fifth is PAK's: 180
    shared = (pledge("p", "PAK", "infantry", 2000, reimbursed=True, rates=["wet_lease"], borne_by={"in_kind": 0.25}),
              pledge("q", "EGY", "engineers", 900, borne_by={"PAK": 0.2}))  # fmt: skip
    money = Reimbursement(rate=500, paid=0.8, rates={"wet_lease": {"rate": 300, "since": "2017-07-01"}})
    found = cost([[100] * 8, [10] * 8], [[1, 1], [1, 0]], np.zeros((2, 2)), pledges=shared, reimbursement=money)
    month = 8 / WEEKS_A_MONTH
    assert found == pytest.approx([month * (100 * 860 + 10 * 180), month * 100 * 860])


def plan(required, assigned):
    """`required` (unit, sector), `assigned` (pledge, sector) persons, in one phase on one task."""
    units, ids, sectors = ["infantry", "engineers"], list("pqr"), ["a", "b"]
    wanted = np.array(required, float)[:, None, :, None]
    given = np.array(assigned, float)[:, None, :, None]
    return SimpleNamespace(
        required=xr.DataArray(wanted, dims=(UNIT_TYPE, PHASE, SECTOR, TASK),
                              coords={UNIT_TYPE: units, PHASE: ["x"], SECTOR: sectors, TASK: ["t"]}),
        assigned=xr.DataArray(given, dims=(PLEDGE, PHASE, SECTOR, TASK), coords={PLEDGE: ids, SECTOR: sectors}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("required", "assigned", "delivered", "share"),
    [
        ([[100, 100], [0, 0]], [[100, 50], [0, 0], [0, 0]], [1, 1, 1], 150 / 200),
        ([[100, 100], [0, 0]], [[200, 0], [0, 0], [0, 0]], [1, 1, 1], 100 / 200),  # surplus in a covers nothing in b
        ([[100, 100], [0, 0]], [[100, 100], [0, 0], [0, 0]], [0.5, 1, 1], 100 / 200),
        ([[100, 0], [100, 0]], [[200, 0], [0, 0], [0, 0]], [1, 1, 1], 100 / 200),  # infantry is no engineers
        ([[100, 0], [100, 0]], [[100, 0], [60, 0], [60, 0]], [1, 1, 1], 200 / 200),  # two pledges cover one need
        ([[100, 0], [100, 0]], [[100, 0], [60, 0], [60, 0]], [1, 0.5, 1], (100 + 90) / 200),
        ([[0, 0], [0, 0]], [[0, 0], [0, 0], [0, 0]], [1, 1, 1], 1.0),  # nothing wanted is wholly covered
    ],
)
def test_coverage_is_counted_place_by_place_and_unit_by_unit(required, assigned, delivered, share):
    found = coverage(plan(required, assigned), scenario(), np.array([delivered, delivered], float))
    assert found == pytest.approx([share, share])


def test_supply_counts_the_largest_week_and_the_contributors_own():
    persons = [[10, 40, 10], [100, 20, 0], [0, 5, 0]]  # weeks sum to 110, 65, 10
    given = deployment(persons, [[1, 1, 1], [1, 0, 1]], np.zeros((2, 3)))
    found = supply(plan([[10, 0], [0, 0]], [[10, 0], [0, 0], [0, 0]]), given, scenario(), ONE)
    assert found["troops"].to_numpy() == pytest.approx([110, 45])
    assert found["contributor_troops"].to_numpy() == pytest.approx([45, 45])  # week two: 40 + 5
    assert found["coverage"].to_numpy() == pytest.approx([1, 1])
    assert {name: found[name].attrs["units"] for name in found} == {
        "coverage": "1", "troops": "person", "contributor_troops": "person", "contributor_cost": "USD",
        "cost": "USD",
    }  # fmt: skip
    # p: 120 person-weeks at 2,000 USD a month, r: 5 at 1,000, q: 60 or none at 900
    months = np.array([60 * 2000 + 120 * 900 + 5 * 1000, 60 * 2000 + 5 * 1000]) / WEEKS_A_MONTH
    assert found["cost"].to_numpy() == pytest.approx(months)
    assert found["run"].to_numpy().tolist() == [0, 1]
    other = supply(plan([[10, 0], [0, 0]], [[10, 0], [0, 0], [0, 0]]), given, scenario(contributor="TUR"), ONE)
    assert other["contributor_troops"].to_numpy().tolist() == [0, 0]
    assert other["contributor_cost"].to_numpy().tolist() == [0, 0]


def test_pledges_that_serve_nowhere_are_not_there_at_all():
    given = deployment([[0, 0], [0, 5], [0, 0]], [[1, 0.5, 1]] * 2, [[0, 3, 0]] * 2)
    found = presence(given)
    assert found.planned[PLEDGE].to_numpy().tolist() == ["q"]
    assert found.contributor.to_numpy().tolist() == ["EGY"]
    assert found.delivered.to_numpy().tolist() == [[0.5], [0.5]]
    assert found.delay.to_numpy().tolist() == [[3], [3]]


def table(value, runs, who=("PAK",)):
    return xr.Dataset({"x": ((RUN, "contributor"), np.full((len(runs), len(who)), value))},
                      coords={RUN: list(runs), "contributor": list(who)})  # fmt: skip


def test_tables_are_stacked_and_joined_by_their_labels():
    whole = join([{"t": table(1.0, (0, 1))}, {"t": table(2.0, (2,), ("PAK", "EGY"))}])["t"]
    assert whole["run"].to_numpy().tolist() == [0, 1, 2]
    assert whole["x"].sel(contributor="PAK").to_numpy().tolist() == [1, 1, 2]
    assert np.isnan(whole["x"].sel(contributor="EGY").to_numpy()).tolist() == [True, True, False]
    both = stack([table(1.0, (0,)), table(2.0, (0,))], "option", ["a", "b"])
    assert both["x"].dims == ("option", "run", "contributor")
    assert both["x"].sel(option="b").item() == 2


def test_a_part_that_fails_says_which_runs_and_why():
    job = SimpleNamespace(base=None, design=Design(1, 10, 3, 7))
    found = attempt(job)
    assert isinstance(found, Failure)
    assert (found.first, found.last) == (3, 6)
    assert found.why.startswith("AttributeError: ")
