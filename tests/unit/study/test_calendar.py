"""What comes later in the scenario comes later on the ground, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from contingent import force
from contingent.cli import run
from contingent.consultation.consult import deliberate
from contingent.consultation.dispositions import INNER
from contingent.ensemble.design import Design
from contingent.force.deploy import Start, in_theatre
from contingent.labels import PLEDGE, RUN, WEEK
from contingent.scenario.paths import changed
from contingent.study.planning import plan_all
from contingent.study.study import Study
from contingent.study.worlds import days_in, event_days, happened, holds_from, start_of

RUNS, OPTION, EVENT = 150, "un_mandate_full", "process.events.unsc_resolution"
YES, NO = "unsc_resolution", "no_unsc_resolution"


def told(scenario):
    return Study(scenario, options=[OPTION, "support_only"], seed=7).run(RUNS)


@pytest.fixture(scope="module")
def early(gaza):
    return told(changed(gaza, {f"{EVENT}.delay": "60"}))


@pytest.fixture(scope="module")
def late(gaza):
    """The resolution comes 200 days later."""
    return told(changed(gaza, {f"{EVENT}.delay": "260"}))


@pytest.fixture(scope="module")
def slow(gaza):
    """Our own cabinet takes 200 days longer."""
    return told(changed(gaza, {f"{EVENT}.delay": "60", "process.gates.cabinet.duration": "205"}))


def means(result):
    """What comes of the option in the runs in which the resolution comes."""
    came = result.tables["worlds"]["world"].to_numpy() == YES
    weekly, contributors, deployment = (
        result.tables[name].sel(option=OPTION).isel(run=came) for name in ("weekly", "contributors", "deployment")
    )
    return {
        "own deaths": float(contributors["own_deaths"].sel(contributor="PAK").mean()),
        "deaths": float(weekly["own_deaths"].sum(WEEK).mean()),
        "cost": float(deployment["contributor_cost"].mean()),
        "coverage": float(weekly["coverage"].mean()),
        "need": float(weekly["need"].mean()),
    }


def arrivals(scenario, option, world=YES):
    """First week with people of every pledge in every run, the horizon where nobody comes; (run, pledge)."""
    design = Design(7, RUNS)
    _, in_worlds = Study(scenario, options=[option], seed=7).branches()
    branches = {where: s for (under, where), s in in_worlds.items() if under == option}
    plan = plan_all({(option, world): branches[world]})[option, world]
    decided = deliberate(scenario, design).carried_out_from(option)
    here = in_theatre(force.deploy(plan, branches[world], design, start_of(branches, world, design, decided))) > 0
    first = here.argmax(WEEK).where(here.any(WEEK), scenario.horizon)
    return first.sel({PLEDGE: here.any([RUN, WEEK])})


def test_a_later_resolution_brings_people_later_costs_fewer_of_them_and_leaves_more_need(early, late):
    before, after = means(early), means(late)
    for name in ("own deaths", "deaths", "cost", "coverage"):
        assert after[name] < 0.9 * before[name], name
    assert after["need"] > before["need"]
    assert (early.tables["worlds"]["world"] == late.tables["worlds"]["world"]).all()


def test_where_no_resolution_comes_its_day_moves_nothing_of_those_who_do_not_wait_for_it(early, late):
    no = early.tables["worlds"]["world"].to_numpy() == NO
    for option in ("decline", "support_only"):
        one, two = (
            result.tables["weekly"].sel(option=option)[["need", "own_deaths"]].isel(run=no) for result in (early, late)
        )
        xr.testing.assert_identical(one, two)


def test_who_rests_on_the_resolution_comes_later_and_nobody_else(gaza):
    """Our own pledges wait for it, as the option does, and so do those whose caveats ask for its legal basis."""
    one, two = (arrivals(changed(gaza, {f"{EVENT}.delay": days}), OPTION) for days in ("60", "260"))
    two = two.reindex({PLEDGE: one[PLEDGE]}, fill_value=gaza.horizon)  # who comes only later than the horizon
    rest = {
        pledge.id for pledge in gaza.pledges
        if pledge.contributor == gaza.contributor
        or any("mandate.legal_basis" in gaza.caveats[name].requires for name in pledge.caveats)
    }  # fmt: skip
    waits = np.isin(one[PLEDGE], list(rest))
    came = (one < gaza.horizon).to_numpy()
    assert came[:, waits].any(axis=0).all()
    assert came[:, ~waits].any(axis=0).sum() > 1
    assert (two >= one).all()
    assert (two > one).to_numpy()[came & waits].mean() > 0.9
    assert (two[:, ~waits] == one[:, ~waits]).all()


def test_our_own_law_makes_us_late_and_nobody_else(early, slow, gaza):
    assert means(slow)["own deaths"] < 0.9 * means(early)["own deaths"]
    assert means(slow)["cost"] < 0.9 * means(early)["cost"]
    for name in ("weekly", "sectors", "contributors", "deployment"):
        at = {"option": "decline"}
        xr.testing.assert_identical(early.tables[name].sel(at), slow.tables[name].sel(at))
    one, two = (
        arrivals(changed(gaza, {f"{EVENT}.delay": "60", "process.gates.cabinet.duration": days}), OPTION)
        for days in ("5", "205")
    )
    own = one[PLEDGE].str.startswith("pak").values
    assert (two[:, ~own] == one[:, ~own]).all()
    came = (one < gaza.horizon).to_numpy() & own
    assert (two >= one).all()
    assert (two.to_numpy() > one.to_numpy())[came].mean() > 0.8  # for the rest the build-up lasts longer still


def test_nobody_comes_before_our_decision_acceptance_and_notice(gaza):
    design = Design(7, RUNS)
    decided = deliberate(gaza, design).carried_out_from(OPTION)
    assert np.isfinite(decided).all()
    (infantry,) = (pledge for pledge in gaza.pledges if pledge.id == "pak_infantry")
    ready = decided + design.sample("pledges.pak_infantry.notice", infantry.notice)
    found = arrivals(gaza, OPTION)
    assert (found.sel(pledge="pak_infantry").to_numpy() >= np.minimum(np.rint(ready / 7), gaza.horizon) - 1).all()
    assert (deliberate(gaza, design).carried_out_from("decline") == 0).all()


def test_a_start_at_once_is_no_start(gaza):
    design = Design(7, 20)
    scenario = gaza.under("support_only")
    plan = plan_all({("support_only", ""): scenario})["support_only", ""]
    none = xr.DataArray(
        np.zeros((20, len(scenario.pledges))),
        {RUN: design.index, PLEDGE: [p.id for p in scenario.pledges]},
        [RUN, PLEDGE],
    )
    xr.testing.assert_identical(
        force.deploy(plan, scenario, design).delay, force.deploy(plan, scenario, design, Start(none, none, none)).delay
    )


@pytest.mark.parametrize("fields", [{}, {"readiness": "deployed"}])
def test_a_pledge_holds_from_the_first_day_on_which_it_goes_on_holding(gaza, fields):
    idn = next(pledge for pledge in gaza.pledges if pledge.id == "idn_infantry").model_copy(update=fields)
    egy = next(pledge for pledge in gaza.pledges if pledge.id == "egy_medical").model_copy(update=fields)
    event = gaza.process.events["unsc_resolution"]
    both = {"a": event, "b": event.model_copy(update={"sets": {}, "otherwise": {"mandate.legal_basis": "none"}})}

    def branch(name, basis):
        mandate = gaza.mandate.model_copy(update={"legal_basis": basis})
        return gaza.model_copy(
            update={
                "mandate": mandate,
                "pledges": (idn, egy),
                "process": gaza.process.model_copy(update={"events": both}),
            }
        )

    branches = {
        "a b": branch("a b", "unsc_resolution"), "no_a b": branch("no_a b", "agreement"),
        "a no_b": branch("a no_b", "unsc_resolution"), "no_a no_b": branch("no_a no_b", "none"),
    }  # fmt: skip
    days = {"a": np.array([30.0, 10.0]), "b": np.array([5.0, 40.0])}
    assert holds_from(idn, branches, "a b", days).tolist() == [30, 10]
    # the other needs some legal basis: whichever comes first; none at all if it is there already
    alone = [0, 0] if fields else [5, 10]
    assert holds_from(egy, branches, "a b", days).tolist() == alone
    assert holds_from(egy, branches, "no_a no_b", days).tolist() == [0.0]
    assert holds_from(idn, branches, "a no_b", days).tolist() == [30, 10]


def test_events_come_on_their_day_in_the_world_of_a_run(gaza):
    design = Design(7, 40)
    days = event_days(gaza, design)["unsc_resolution"]
    assert days == pytest.approx(design.sample(f"{EVENT}.delay", gaza.process.events["unsc_resolution"].delay))
    assert {YES, NO} == set(happened(gaza, design))


def test_the_mission_alone_has_the_same_calendar(tmp_path, gaza):
    """`contingent mission` in the world of the option: to the digit what the study has in the runs of that world."""
    study = Study(gaza, options=[OPTION], seed=7).run(40).tables
    file = tmp_path / "weeks.csv"
    assert run(["mission", "isf_gaza", "--option", OPTION, "--runs", "40", "--seed", "7", "--export", str(file)]) == 0
    alone = pd.read_csv(file).set_index(["run", "week"]).to_xarray()
    came = study["worlds"]["world"].to_numpy() == YES
    assert 5 < came.sum() < 40
    for name in ("troops", "need", "own_deaths"):
        there = study["weekly"][name].sel(option=OPTION).transpose(RUN, WEEK).to_numpy()
        assert alone[name].to_numpy()[came] == pytest.approx(there[came], rel=1e-5), name
    assert alone["date"].to_numpy()[0, [0, -1]].tolist() == ["2025-10-28", "2027-10-19"]


def test_the_outlook_and_the_mission_have_our_people_there_at_the_same_time(gaza):
    fixed = changed(gaza, {f"{EVENT}.delay": "60", f"{EVENT}.probability": 1})
    talks = deliberate(fixed, Design(7, RUNS))
    there = talks.outlook.paths[OPTION].there[::INNER] / 7  # in the draw of each run's world
    found = arrivals(fixed, OPTION)
    first = found.isel(pledge=found[PLEDGE].str.startswith("pak")).min(PLEDGE).to_numpy()
    both = np.isfinite(there) & (first < fixed.horizon)
    assert both.sum() > 30
    assert (there[both] <= first[both] + 0.5).all()  # the plan's own week may be later still
    assert np.median(first[both] - there[both]) < 4


def test_a_world_says_which_events_come_and_when(gaza):
    design = Design(5, RUNS)
    came, other = event_days(gaza, design), [name for name in gaza.process.events if name != YES]
    for world, day in ((YES, came[YES]), (NO, np.full(RUNS, np.inf))):
        days = days_in(world, gaza, design)
        np.testing.assert_array_equal(days[YES], day)
        assert set(days) == {YES, *other}
    drawn = days_in("", gaza, design)[YES]  # in no world: as it is drawn
    np.testing.assert_array_equal(np.isfinite(drawn), happened(gaza, design) == YES)
    np.testing.assert_array_equal(drawn[np.isfinite(drawn)], came[YES][np.isfinite(drawn)])
