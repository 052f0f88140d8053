"""The engine as a whole: labels, splits of the runs, bad input."""

import numpy as np
import pytest
import xarray as xr
from plain_force import plain_presence

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.quantities import Estimate

NONE = Estimate(0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def presence(gaza, design):
    return plain_presence(gaza, design.runs)


@pytest.fixture(scope="module")
def mission(gaza, presence, design):
    return simulate(gaza, presence, design)


def test_results_are_labelled_and_carry_units(gaza, mission):
    assert mission.weekly["events"].dims == ("run", "week")
    assert mission.weekly["events"].dtype == np.float32
    assert list(mission.sectors["sector"].values) == list(gaza.theatre.sectors)
    assert mission.contributors["own_deaths"].dims == ("run", "contributor")
    for table in (mission.weekly, mission.sectors, mission.contributors):
        assert all(variable.attrs["units"] for variable in table.values())


def test_sector_totals_are_the_weekly_series_summed(mission):
    for name in ("events", "civilian_deaths", "disarmed", "weapons_collected", "trucks_delivered", "trucks_lost"):
        by_week = mission.weekly[name].sum("week", dtype=float)
        by_sector = mission.sectors[name].sum("sector", dtype=float)
        np.testing.assert_allclose(by_week, by_sector, rtol=1e-4, atol=0.5)
    np.testing.assert_array_equal(
        mission.weekly["own_deaths"].sum("week"), mission.contributors["own_deaths"].sum("contributor")
    )


def test_any_split_of_the_runs_gives_the_same_bytes(gaza, presence, mission, design):
    parts = [simulate(gaza, presence.part(a, b), design.chunk(a, b)) for a, b in ((0, 1), (1, 137), (137, design.runs))]
    for table in ("weekly", "sectors", "contributors"):
        joined = xr.concat([getattr(part, table) for part in parts], "run")
        assert joined.equals(getattr(mission, table))


def test_another_seed_gives_other_histories(gaza, presence, mission, design):
    other = simulate(gaza, presence, Design(design.seed + 1, design.runs))
    assert not other.weekly["events"].equals(mission.weekly["events"])


def replace(presence, **parts):
    return Presence(**{name: parts.get(name, getattr(presence, name)) for name in Presence.__slots__})


def test_a_force_plan_that_does_not_fit_is_refused_with_every_fault(gaza, presence, design):
    short = replace(
        presence,
        planned=presence.planned.isel(week=slice(0, 50)).assign_coords(
            sector=["nowhere", *presence.planned.sector.values[1:]]
        ),
        delay=-presence.delay - 1,
    )
    with pytest.raises(InputError) as refusal:
        simulate(gaza, short, design)
    message = str(refusal.value)
    assert "ends after week 50, before the horizon of 104 weeks" in message
    assert "no sector `nowhere`" in message
    assert "delay: holds negative" in message


def test_runs_that_do_not_match_the_design_are_refused(gaza, presence, design):
    with pytest.raises(InputError, match="has 400 runs where the design has 7"):
        simulate(gaza, presence, Design(design.seed, 7))


def test_what_is_nowhere_is_named_and_refused(gaza, presence, design):
    empty = gaza.theatre.sectors["rafah"].model_copy(update={"population": NONE, "area": NONE})
    theatre = gaza.theatre.model_copy(update={"sectors": {**gaza.theatre.sectors, "rafah": empty}})
    with pytest.raises(InputError, match=r"sectors\.rafah: has neither people nor ground"):
        simulate(gaza.model_copy(update={"theatre": theatre}), presence, design)
    groups = {name: group.model_copy(update={"sectors": {}}) for name, group in gaza.theatre.armed_groups.items()}
    nowhere = gaza.theatre.model_copy(update={"armed_groups": groups})
    with pytest.raises(InputError, match=rf"armed_groups\.{next(iter(groups))}: is in no sector"):
        simulate(gaza.model_copy(update={"theatre": nowhere}), presence, design)


def test_an_unknown_parameter_is_named_and_refused(gaza, presence, design):
    strange = gaza.theatre.model_copy(update={"parameters": {"attack_rsk": gaza.theatre.trucks_needed}})
    with pytest.raises(InputError, match="attack_rsk: the mission model has no such parameter"):
        simulate(gaza.model_copy(update={"theatre": strange}), presence, design)
