"""One table says what the mission's state is: a field forgotten somewhere is an error, never a number that stays."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plain_force import plain_presence
from scipy import stats

import contingent
from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission import draws, state
from contingent.mission.backtests.missions import small_scenario
from contingent.mission.inputs import prepare
from contingent.mission.outputs import SUMMED, UNITS, Outputs
from contingent.mission.presence import Presence
from contingent.mission.simulate import check_fields, simulate, simulate_into

ROW = {
    "record": "sector", "name": "unemployment", "unit": "1", "reset": "given", "times": "1", "group": "theatre",
    "path": "theatre.sectors.*.unemployment", "output": "", "sums": "0", "part": "", "meaning": "share without work",
}  # fmt: skip


def test_fields_lie_given_first_and_weekly_ones_side_by_side():
    for kind in state.TYPES.values():
        names = [field.name for field in kind.fields]
        assert names[: len(kind.given.names or ())] == list(kind.given.names or ())
        first, after = kind.weekly
        assert {field.name for field in kind.fields[first:after]} == {field.name for field in kind.of(state.WEEKLY)}
        assert kind.memory.names == tuple(names)
    assert state.SECTOR.given.names == (
        "population", "need_start", "debris_start", "homes", "armed_start", "weapons_start", "extent",
    )  # fmt: skip


def test_the_docs_hold_the_table():
    page = Path(contingent.__file__).parents[2] / "docs" / "methods" / "mission.md"
    lines = ["| record | field | unit | reset | drawn at | in the results | meaning |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {kind.name} | {f.name} | {f.unit} | {f.reset} | {f.path} | {f.output} | {f.meaning} |"
        for kind in state.TYPES.values()
        for f in kind.fields
        if f.reset != state.SCRATCH
    ]
    assert "\n".join(lines) in page.read_text("utf-8")


def test_units_and_sums_of_the_results():
    assert UNITS["weapons_collected"] == "weapon"
    assert UNITS["unmet_need_weeks"] == "week"
    assert UNITS["trucks_lost"] == "truck"
    assert UNITS["need"] == UNITS["withdrew"] == "1"
    assert {
        "events", "civilian_deaths", "outside_deaths", "own_deaths", "disarmed", "registered", "weapons_collected",
        "trucks_delivered", "trucks_lost", "trucks_turned_back", "debris_removed", "homes_rebuilt", "recruited",
        "unmet_need_weeks",
    } == SUMMED  # fmt: skip


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"reset": "often"}, "reset `often` is none of given, kept, weekly, scratch"),
        ({"group": ""}, "belongs to a group of Sobol indices"),
        ({"reset": "kept"}, "nothing else does"),
        ({"record": "theatre", "reset": "kept", "group": "", "output": "idle", "sums": "1"}, "set back every week"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        state.parse([ROW | change])


def test_a_field_twice_or_in_two_units_is_refused():
    with pytest.raises(ValueError, match="stands in the table twice"):
        state.parse([ROW, ROW])
    other = ROW | {"name": "idle", "unit": "person", "output": "jobless"}
    with pytest.raises(ValueError, match="jobless is in 1 elsewhere, here in person"):
        state.parse([ROW | {"output": "jobless"}, other])


def test_numbers_are_multiplied_and_divided_as_the_table_says():
    (kind,) = state.parse([ROW | {"times": "7"}, ROW | {"name": "other", "times": "1/1000"}]).values()
    assert [field.times for field in kind.fields] == [(7.0, 1.0), (1.0, 1000.0)]


def test_what_is_drawn_must_be_what_the_table_gives():
    (kind,) = state.parse([ROW]).values()
    with pytest.raises(ValueError, match=r"not worked out: \['unemployment'\]; not in data/state.csv: \['work'\]"):
        kind.record({"work": np.zeros((2, 3))})
    assert kind.record({"unemployment": np.ones((2, 3))})["unemployment"].sum() == 6


def test_the_groups_of_sobol_indices_are_read_off_the_table():
    groups = state.groups()
    assert groups["force"] == [("contributor", "home_start"), ("contributor", "sensitivity")]
    assert groups["equation 4"] == [("theatre", "attack_size")]
    assert ("sector", "need_start") in groups["theatre"]
    assert ("crossing", "opened") in groups["theatre"]


@pytest.fixture(scope="module")
def inputs(gaza):
    return prepare(gaza, plain_presence(gaza, 5), Design(3, 5))


def test_paths_of_the_table_are_drawn_in_the_units_of_the_table(gaza, inputs):
    design = Design(3, 5)
    sector, crossing = gaza.theatre.sectors["gaza"], gaza.theatre.crossings["kerem_shalom"]
    d = list(gaza.theatre.sectors).index("gaza")
    j = [name for name, c in gaza.theatre.crossings.items() if c.goods].index("kerem_shalom")
    people = design.sample("theatre.sectors.gaza.population", sector.population)
    np.testing.assert_allclose(inputs.sectors["population"][:, d], people / 1000)
    trucks = design.sample("theatre.crossings.kerem_shalom.capacity", crossing.capacity)
    np.testing.assert_allclose(inputs.crossings["capacity"][:, j], 7 * trucks)
    needed = design.sample("theatre.trucks_needed", gaza.theatre.trucks_needed)
    np.testing.assert_allclose(inputs.theatre["arrivals"], 7 * needed)
    whole = sum(
        design.sample(f"theatre.armed_groups.{g}.strength", a.strength) for g, a in gaza.theatre.armed_groups.items()
    )
    np.testing.assert_allclose(inputs.sectors["armed_start"].sum(axis=1), whole)


def test_a_field_that_no_equation_reads_is_refused(inputs, monkeypatch):
    monkeypatch.setattr(state, "TYPES", state.TYPES | state.parse([ROW | {"name": "joblessness"}]))
    with pytest.raises(ValueError, match=r"no equation reads sector.joblessness of data/state.csv"):
        check_fields(inputs.parameters)
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"no equation reads parameter joblessness_effect of data/priors.csv"):
        check_fields((*inputs.parameters, "joblessness_effect"))
    check_fields(inputs.parameters)


def test_arrays_that_do_not_fit_the_table_are_refused_by_name(inputs):
    outputs = Outputs.empty(inputs)
    seven = np.zeros(inputs.sectors.shape, [*inputs.sectors.dtype.descr, ("unemployment", "<f8")])
    late = inputs.layout._replace(delay=inputs.layout.delay[:, 1:])
    wrong = replace(inputs, sectors=seven, layout=late, theatre=inputs.theatre[1:])
    with pytest.raises(ValueError, match="sectors: has fields") as refusal:
        simulate_into(wrong, outputs)
    assert "delay: has shape" in str(refusal.value)
    assert "theatre: has shape (4,), needs (5,)" in str(refusal.value)
    with pytest.raises(ValueError, match="weekly: has shape"):
        simulate_into(inputs, replace(outputs, weekly=outputs.weekly[1:]))


ADDED = "sector,unemployment,1,given,theatre.sectors.*.unemployment,1,theatre,,0,,share without work\n"
PLACES = {
    "scenario": ("scenario/theatre.py", "    debris: Tonnes | None = None\n",
                 "    unemployment: Share = Estimate(0.5, 0.5, 0.5)\n    debris: Tonnes | None = None\n"),
    "table": ("mission/data/state.csv", "sector,homes,", ADDED + "sector,homes,"),
    "prior": ("mission/data/priors.csv", "need_effect,",
              "unemployment_effect,b_U,2,0.5,0.2,1.2,1,0,inf,judgement,log rise in events\nneed_effect,"),
    "term": ("mission/eq02_violence.py", "            + q.need_effect[i]",
             "            + q.unemployment_effect[i] * s.unemployment[i]\n            + q.need_effect[i]"),
}  # fmt: skip
RUN = """
import os, sys
import numba, numpy as np, pandas, pydantic, scipy.special, scipy.stats, xarray
np.seterr(all="ignore")
def events():
    from importlib import import_module
    from contingent.mission import kernel
    from contingent.mission.backtests import missions
    missions.RUNS = 2
    module, empty = import_module("contingent.mission.simulate"), kernel.Memory.empty
    def records(*shape):
        room = empty(*shape)
        return room._replace(records=kernel.Records(*(each.view(np.recarray) for each in room.records)))
    kernel.Memory.empty = records
    from contingent.ensemble.design import Design
    row = {"mission": "m", "weeks": 2, "population": 500_000, "armed": 9000, "troops": 4000, "command": "un",
           "use_of_force": "enforcement", "consent": "partial", "on_disarmament": 0.2}
    return float(module.simulate(*missions.small_scenario(row), Design(3, 2)).weekly["events"].sum())
for folder in sys.argv[1:]:
    if os.fork() == 0:
        sys.path.insert(0, folder)
        try:
            said = events()
        except Exception as reason:
            said = f"{type(reason).__name__}: {reason}"
        print(os.path.basename(folder), said, sep="\t", flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What copies of the program answer without the compiler: as it is, changed everywhere, or all but one place."""
    folders = {}
    for name, places in {
        "before": (), "after": tuple(PLACES), **{p: [q for q in PLACES if q != p] for p in PLACES},
    }.items():  # fmt: skip
        folders[name] = tmp_path_factory.mktemp("copies") / name
        source = Path(contingent.__file__).parent
        shutil.copytree(source, folders[name] / "contingent", ignore=shutil.ignore_patterns("*pycache*", "shipped"))
        for place in places:
            file, old, new = PLACES[place]
            path = folders[name] / "contingent" / file
            text = path.read_text("utf-8")
            assert text.count(old) == 1, place
            path.write_text(text.replace(old, new), "utf-8")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, folders.values())],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(line.split("\t") for line in done.stdout.splitlines())


def test_incidents_depend_on_unemployment_once_every_place_knows_of_it(said):
    assert float(said["after"]) > 1.05 * float(said["before"]) > 0  # exp(.5 x .5) is 1.28


@pytest.mark.parametrize(
    ("forgotten", "told"),
    [
        ("scenario", "field unemployment: a scenario has nothing at theatre.sectors.area.unemployment"),
        ("table", "has no attribute 'unemployment'"),
        ("prior", "has no attribute 'unemployment_effect'"),
        ("term", "no equation reads sector.unemployment of data/state.csv, parameter unemployment_effect"),
    ],
)
def test_whatever_place_is_forgotten_is_told(said, forgotten, told):
    assert told in said[forgotten]


def batch(values):
    return np.full(state.BATCH_WIDTH, float(values))


@pytest.mark.parametrize(("mean", "shape", "u"), [
    (3000.0, 3.0, 0.8), (3000.0, 3.0, 0.999), (4096.0, 2.0, 0.55), (9000.0, 1.5, 0.3), (30_000.0, 5.0, 0.9),
])  # fmt: skip
def test_negative_binomials_above_4096_are_exact(draw, mean, shape, u):
    found = draw.negative_binomial(u, mean, shape)
    assert found == stats.nbinom.ppf(u, shape, shape / (shape + mean))
    assert found > 1000


def test_4097_is_a_count_like_any_other(draw):
    p = 2.0 / (2.0 + 4096.0)
    for count in (4095, 4096, 4097, 4098, 4101):
        u = (stats.nbinom.cdf(count, 2.0, p) + stats.nbinom.cdf(count - 1, 2.0, p)) / 2
        assert draw.negative_binomial(u, 4096.0, 2.0) == count


@pytest.mark.parametrize(("mean", "shape"), [(2000.0, 500.0), (4000.0, 300.0), (50_000.0, 200.0)])
def test_negative_binomials_too_many_to_sum_are_the_quantile_to_a_thousandth(draw, mean, shape):
    for u in (0.001, 0.2, 0.5, 0.9, 0.999):
        wanted = stats.nbinom.ppf(u, shape, shape / (shape + mean))
        assert draw.negative_binomial(u, mean, shape) == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize("mean", [401.0, 900.0, 5000.0])
def test_many_attacks_are_counted_right(draw, mean):
    for u in (0.01, 0.5, 0.99):
        assert draw.poisson(u, mean) == pytest.approx(stats.poisson.ppf(u, mean), abs=1)


@pytest.fixture(scope="module")
def draw():
    """One count at a time, from the compiled functions."""
    from types import SimpleNamespace

    from numba import njit

    @njit
    def many(count, u, mean, shape):
        draws.negative_binomials(count, u, mean, shape, np.zeros(len(u)), np.zeros(len(u)))

    @njit
    def poissons(count, u, mean):
        draws.poissons(count, u, mean, np.zeros(len(u)), np.zeros(len(u)))

    def one(function, *numbers):
        count = batch(0)
        function(count, *map(batch, numbers))
        return count[0]

    return SimpleNamespace(
        negative_binomial=lambda u, mean, shape: one(many, u, mean, shape),
        poisson=lambda u, mean: one(poissons, u, mean),
    )


def test_no_two_weeks_and_sectors_share_their_numbers_beyond_256_sectors():
    places = {int(draws.place(np.int64(week), np.int64(sector))) for week in range(104) for sector in range(600)}
    assert len(places) == 104 * 600
    assert min(b - a for a, b in zip(sorted(places)[:-1], sorted(places)[1:], strict=True)) >= 256
    key = np.uint64(7)
    # what sector 256 met was what sector 0 meets a week later
    assert draws.uniform(key, 0, 256, 1) != draws.uniform(key, 1, 0, 1)


def test_a_theatre_of_257_sectors_runs_and_its_last_is_no_copy(monkeypatch):
    row = {"mission": "wide", "weeks": 4, "population": 500_000, "armed": 90_000, "troops": 400, "command": "un",
           "use_of_force": "protection", "consent": "partial", "on_disarmament": 0}  # fmt: skip
    monkeypatch.setattr("contingent.mission.backtests.missions.RUNS", 40)
    scenario, presence = small_scenario(row)
    area, group = scenario.theatre.sectors["area"], scenario.theatre.armed_groups["armed"]
    names = [f"s{d}" for d in range(257)]
    theatre = scenario.theatre.model_copy(update={
        "sectors": dict.fromkeys(names, area),
        "armed_groups": {"armed": group.model_copy(update={"sectors": dict.fromkeys(names, group.sectors["area"])})},
        "crossings": {n: c.model_copy(update={"serves": tuple(names)}) for n, c in scenario.theatre.crossings.items()},
    })  # fmt: skip
    planned = presence.planned.isel(sector=np.zeros(257, int)).assign_coords(sector=names)
    wide = Presence(planned, presence.delivered, presence.delay, presence.contributor)
    mission = simulate(scenario.model_copy(update={"theatre": theatre}), wide, Design(1, 40))
    events = mission.sectors["events"].to_numpy()
    assert events.shape == (40, 257)
    assert events[:, 256].sum() > 0
    assert not (events[:, 256] == events[:, 0]).all()
    np.testing.assert_allclose(events.sum(axis=1), mission.weekly["events"].sum("week"))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("event_ceiling", 2e6, r"event_ceiling: up to [\d,]{9,} a week; at most 1,000,000 are counted"),
        ("outside_rate", 5e5, "outside_rate and fallen_outside: up to"),
        ("attack_risk", 1e9, "attack_risk: up to"),
    ],
)
def test_counts_too_large_to_draw_are_refused(inputs, name, value, told):
    theta = inputs.theta.copy()
    theta[inputs.parameters.index(name)] = value
    with pytest.raises(InputError, match=told):
        simulate_into(replace(inputs, theta=theta), Outputs.empty(inputs))
