"""Who comes, how much of it, how late, and what that covers: one uniform at a time, worked by hand."""

from __future__ import annotations

from math import exp
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from small_case import case, contributor, need, pledge, rule

from contingent.force import plan
from contingent.force.deploy import Deployment, Realizations, Start, deploy, in_theatre, realizations, weekly
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK

Z95 = 1.6448536  # standard normal at .95


class Fixed:
    """A design whose uniforms are said by name; a name that was not said is none the engine may ask for."""

    def __init__(self, **uniforms):
        self.uniforms = {name.replace("__", "."): np.array(values, float) for name, values in uniforms.items()}
        self.index = np.arange(len(next(iter(self.uniforms.values()))))

    def uniform(self, name):
        return self.uniforms[name]

    def sample(self, name, estimate):
        return np.full(len(self.index), estimate.best) if estimate.certain else estimate.quantile(self.uniform(name))


def planned(persons, weeks=3):
    """A plan by weeks: persons by pledge, all of them in one place from week 0 on."""
    values = np.repeat(np.array(list(persons.values()), float)[:, None, None, None], weeks, 1)
    coords = {PLEDGE: list(persons), WEEK: np.arange(weeks), SECTOR: ["north"], TASK: ["patrol"]}
    return SimpleNamespace(weekly=xr.DataArray(values, coords=coords, dims=list(coords)))


@pytest.fixture(scope="module")
def drawn():
    offers = (
        pledge("sure", reliability=0.9), pledge("unsure", reliability=0.6), pledge("other", "BBB", reliability=0.3),
    )  # fmt: skip
    design = Fixed(
        force__backing__AAA=[0.5, 0.7, 0.95, 0.1], force__backing__BBB=[0.2, 0.4, 0.3, 0.1],
        force__complete__AAA=[0.5, 0.5, 0.5, 0.05], force__complete__BBB=[0.95, 0.5, 0.5, 0.5],
        force__delay__AAA=[0.5, 0.05, 0.95, 0.5], force__delay__BBB=[0.95, 0.5, 0.5, 0.05],
        force__build_up=[0.5, 0.5, 0.5, 0.95],
    )  # fmt: skip
    return deploy(planned({p.id: 100 for p in offers}), case(offers, need()), design)


def test_a_pledge_comes_where_its_capitals_uniform_lies_below_its_reliability(drawn) -> None:
    # .5, .7, .95, .1 against .9, and .93 of what comes in the median; .75 where COMPLETE's uniform is .05
    assert drawn.delivered.sel(pledge="sure").values == pytest.approx([0.93, 0.93, 0.0, 0.75])


def test_a_capital_backs_out_as_one_of_all_that_is_no_surer_than_its_uniform(drawn) -> None:
    # the same uniforms against .6: whoever brings the unsure one brings the sure one too
    assert drawn.delivered.sel(pledge="unsure").values == pytest.approx([0.93, 0.0, 0.0, 0.75])


def test_another_capital_has_a_uniform_of_its_own_and_one_at_the_reliability_does_not_come(drawn) -> None:
    # .2, .4, .3, .1 against .3; COMPLETE at its 95th percentile is 1
    assert drawn.delivered.sel(pledge="other").values == pytest.approx([1.0, 0.0, 0.0, 0.93])


EVEN = {"force__build_up": [0.5] * 3, "force__delay__AAA": [0.5] * 3, "force__delay__BBB": [0.5] * 3,
        **{f"force__backing__{who}": [0.0] * 3 for who in ("AAA", "BBB")},
        **{f"force__complete__{who}": [0.95] * 3 for who in ("AAA", "BBB")}}  # fmt: skip
"""All of it comes."""
UNSURE = {f"{name}": [0.5] * 3 for name in
          ("pledges__a__strength", "contributors__AAA__ceiling", "mandate__authorized_strength")}  # fmt: skip
LOW = [0.05, 0.5, 0.95]


@pytest.mark.parametrize(
    ("drawn", "shares"),
    [
        ({"pledges__a__strength": LOW}, [(0.5, 1), (1, 1), (1, 1)]),  # nobody sends more than planned
        ({"contributors__AAA__ceiling": LOW}, [(0.8, 1), (1, 1), (1, 1)]),
        ({"mandate__authorized_strength": LOW}, [(0.75, 0.75), (1, 1), (1, 1)]),
        # 50 of 100 come, below the ceiling of 80; with 100 of the other 150, as many as are then authorized
        (dict.fromkeys(UNSURE, LOW), [(0.5, 1), (1, 1), (1, 1)]),
    ],
)
def test_who_comes_is_cut_down_to_what_turns_out(drawn, shares) -> None:
    offers = (pledge("a", strength="100 (50 to 150)"), pledge("b", "BBB"))
    limits = {"AAA": contributor("AAA", ceiling="120 (80 to 200)"), "BBB": contributor("BBB")}
    whole = case(offers, need(), contributors=limits, strength="250 (150 to 300)")
    found = deploy(planned({"a": 100, "b": 100}), whole, Fixed(**{**EVEN, **UNSURE, **drawn})).delivered
    assert [tuple(row) for row in found.values.tolist()] == [pytest.approx(row) for row in shares]


def test_a_notice_that_turns_out_longer_makes_late_and_a_shorter_one_not_early() -> None:
    # they begin in week 10 and are planned from then on; 28, 56 or 126 days of notice are 4, 8 or 18 weeks
    offers = (pledge("a", notice="56 (28 to 126)", readiness="deployed"),)
    coords = {RUN: [0, 1, 2], PLEDGE: ["a"]}
    start = Start(*(xr.DataArray(np.full((3, 1), at), coords=coords) for at in (0.0, 10.0, 0.0)))
    late = deploy(planned({"a": 100}), case(offers, need()), Fixed(**EVEN, pledges__a__notice=LOW), start).delay
    assert late.values.ravel() == pytest.approx([14, 18, 28])
    # ... and where the plan has them come in week 8 only, a notice up to 8 weeks makes nobody late
    plan_ = planned({"a": 100}, weeks=12)
    plan_.weekly[:, :8] = 0
    late = deploy(plan_, case(offers, need()), Fixed(**EVEN, pledges__a__notice=LOW), start).delay
    assert late.values.ravel() == pytest.approx([10, 10, 20])


def test_a_contributors_people_are_late_together_and_with_the_mission(drawn) -> None:
    # 18.97 weeks exp(1.030 z + .785 z'): z = 0, 0, 0, 1.645 of the mission, z' of the contributor
    late = [18.97, 18.97 * exp(-0.785 * Z95), 18.97 * exp(0.785 * Z95), 18.97 * exp(1.030 * Z95)]
    for mine in ("sure", "unsure"):
        assert drawn.delay.sel(pledge=mine).values == pytest.approx(late)
    other = [late[2], 18.97, 18.97, 18.97 * exp((1.030 - 0.785) * Z95)]
    assert drawn.delay.sel(pledge="other").values == pytest.approx(other)
    assert (drawn.delivered.dims, drawn.delay.attrs["units"], drawn.delivered.attrs["units"]) == (
        (RUN, PLEDGE), "week", "1",
    )  # fmt: skip
    assert drawn.contributor.values.tolist() == ["AAA", "AAA", "BBB"]


def started(mandate, begins, ready, **more):
    """Weeks late of one pledge, planned from week 5 on, whose build-up takes 18.97 weeks."""
    offer = pledge("alfa", **more)
    coords = {PLEDGE: ["alfa"], WEEK: np.arange(30), SECTOR: ["north"], TASK: ["patrol"]}
    people = xr.DataArray(np.where(np.arange(30) < 5, 0.0, 100.0).reshape(1, 30, 1, 1), coords, list(coords))
    design = Fixed(
        force__backing__AAA=[0.5], force__complete__AAA=[0.5], force__delay__AAA=[0.5], force__build_up=[0.5]
    )
    runs = {RUN: [0], PLEDGE: ["alfa"]}
    clocks = (xr.DataArray([[float(at)]], runs, list(runs)) for at in (mandate, begins, ready))
    found = deploy(SimpleNamespace(weekly=people), case((offer,), need(), horizon=30), design, Start(*clocks))
    return found.delay.item()


@pytest.mark.parametrize(
    ("mandate", "begins", "ready", "late"),
    [
        (0, 0, 0, 18.97 - 5),  # as without a start: there in week 19, planned for week 5
        (10, 10, 0, 28.97 - 5),  # a mandate ten weeks later: ten weeks later
        (10, 12, 0, 28.97 - 5),  # the host accepts while the force is built up
        (0, 20, 0, 20),  # the plan's week 5 is counted from when it may begin: week 25
        (0, 0, 40, 40 - 5),  # its own decision and notice last longest
    ],
)
def test_people_come_with_the_last_of_three_clocks(mandate, begins, ready, late) -> None:
    assert started(mandate, begins, ready) == pytest.approx(late)


def test_who_is_there_already_waits_for_no_build_up() -> None:
    assert started(0, 0, 0, readiness="deployed") == 0
    assert started(3, 3, 0, readiness="deployed") == 3


def test_nobody_is_there_after_the_plan_ends() -> None:
    found = weekly(planned({"alfa": 80}, weeks=3), case((pledge("alfa"),), need(), horizon=5))
    assert found.sum([PLEDGE, SECTOR, TASK]).values.tolist() == [80, 80, 80, 0, 0]
    assert found.attrs["units"] == "person"


@pytest.mark.parametrize(
    ("delay", "there"),
    [
        (0.0, [20, 50, 100, 0]),
        (1.4, [0, 20, 50, 100]),  # whole weeks, to the nearest
        (1.6, [0, 0, 20, 50]),
        (9.0, [0, 0, 0, 0]),  # later than the plan is long
    ],
)
def test_late_weeks_shift_presence(delay: float, there: list[float]) -> None:
    coords = {PLEDGE: ["alfa"], WEEK: np.arange(4), SECTOR: ["north"], TASK: ["patrol"]}
    people = xr.DataArray(np.array([40.0, 100, 200, 0]).reshape(1, 4, 1, 1), coords=coords, dims=list(coords))
    runs = {RUN: [0], PLEDGE: ["alfa"]}
    found = in_theatre(
        Deployment(
            people, xr.DataArray([[0.5]], coords=runs, dims=list(runs)),
            xr.DataArray([[delay]], coords=runs, dims=list(runs)), xr.DataArray(["AAA"], dims=PLEDGE),
        )
    )  # fmt: skip
    assert found.dims == (RUN, WEEK, PLEDGE)
    assert found.values[0, :, 0].tolist() == there


def supply(found, share, weeks):
    """`share` and `weeks` late, (run, pledge)."""
    runs = {RUN: np.arange(len(share)), PLEDGE: found.weekly[PLEDGE].values}
    shares, late = (xr.DataArray(np.array(part, float), coords=runs, dims=list(runs)) for part in (share, weeks))
    return Deployment(found.weekly, shares, late, xr.DataArray(np.zeros(len(runs[PLEDGE])), dims=PLEDGE))


def test_realized_supplies_of_one_pledge() -> None:
    scenario = case((pledge("alfa"),), need())
    found = plan(scenario)
    # all; half of it: 50 missing; 13 weeks late: there from the middle of the first half-year on; 20: from the second
    drawn = realizations(scenario, found, supply(found, [[1], [0.5], [1], [1], [0]], [[0], [0], [13], [20], [0]]))
    assert drawn.tasks == ("patrol", "build")
    assert drawn.planned.tolist() == [[0, 0], [50, 0], [0, 0], [50, 0], [100, 0]]
    assert drawn.replanned == pytest.approx(drawn.planned, abs=1e-5)
    assert drawn.met(drawn.planned) == 2 / 5


def test_who_comes_stays_at_his_post_as_planned_and_serves_what_counts_more_when_re_planned() -> None:
    scenario = case((pledge("alfa"), pledge("bravo", "BBB")), need(weight=5) + need(sector="south", task="build"))
    found = plan(scenario)
    at = {name: str(found.assigned.sel(pledge=name).sum(["phase", "sector"]).idxmax("task").item()) for name in
          ("alfa", "bravo")}  # fmt: skip
    assert sorted(at.values()) == ["build", "patrol"]
    lost = [[float(at[name] != "patrol") for name in ("alfa", "bravo")]]  # whoever was to patrol stays at home
    drawn = realizations(scenario, found, supply(found, lost, [[0, 0]]))
    assert drawn.planned.tolist() == [[100, 0]]
    assert drawn.replanned == pytest.approx(np.array([[0, 100]]), abs=1e-5)


def test_a_share_of_the_force_is_broken_by_those_who_stay_at_home() -> None:
    half = {"half": rule("most_share", contributor="BBB", share=0.5)}
    scenario = case((pledge("alfa"), pledge("bravo", "BBB")), need(200), composition=half)
    found = plan(scenario)
    drawn = realizations(scenario, found, supply(found, [[1, 1], [0, 1], [1, 0], [0, 0]], np.zeros((4, 2))))
    assert drawn.broken.tolist() == [False, True, False, False]
    least = {"half": rule("least_share", contributor="BBB", share=0.5)}
    other = scenario.model_copy(update={"composition": least})
    drawn = realizations(other, found, supply(found, [[1, 1], [0, 1], [1, 0], [1, 0.9]], np.zeros((4, 2))))
    assert drawn.broken.tolist() == [False, False, True, True]  # 90 of 190 are five short of a half


def test_minima_are_met_where_less_than_half_a_person_is_missing_in_all() -> None:
    short = np.array([[0.0, 0.0], [0.2, 0.2], [0.3, 0.3], [0.5, 0.0]])
    assert Realizations(("a", "b"), short, short, np.zeros(4, bool)).met(short) == 0.5
