"""How a theatre stands on the first day: what was observed, since when a cease-fire holds, what is not there."""

from datetime import timedelta

import numpy as np
import pytest
import xarray as xr
from plain_force import plain_presence

import contingent
from contingent.ensemble.design import Design
from contingent.errors import InputError, ScenarioError
from contingent.mission.backtests import missions
from contingent.mission.inputs import prepare
from contingent.mission.opening import ceasefire_times
from contingent.mission.parameters import usual_rate
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.quantities import Estimate
from contingent.scenario.paths import changed
from contingent.scenario.theatre import Ceasefire, Observed

RUNS = 400
PLAIN = {"recruits_per_death": 0, "support_effect": 0, "event_ceiling": 2e4, "collapse_rate": 0, "closing_rate": 0,
         "civilian_deaths_per_event": 0.6, "intensity_memory": 0.33, "intensity_noise": 0.35,
         "event_dispersion": 2}  # fmt: skip
ROW = {"mission": "m", "weeks": 50, "population": 5_000_000, "armed": 9000, "troops": 0, "command": "un",
       "use_of_force": "protection", "consent": "partial", "on_disarmament": 0.0}  # fmt: skip


def of_theatre(scenario, **changes):
    return scenario.model_copy(update={"theatre": scenario.theatre.model_copy(update=changes)})


@pytest.fixture
def watched(monkeypatch):
    """A theatre without a force in which so many were killed in so many weeks, its other numbers plain ones."""
    monkeypatch.setattr(missions, "RUNS", RUNS)

    def make(deaths, weeks=50, parameters=PLAIN):
        scenario, presence = missions.small_scenario(ROW)
        fixed = {name: Estimate(float(value), float(value), float(value)) for name, value in parameters.items()}
        seen = Observed.model_validate({"deaths": deaths, "weeks": weeks})
        return of_theatre(scenario, observed=seen, parameters=fixed, trucks_needed=None), presence

    return make


def test_as_many_are_killed_as_were_observed(watched):
    scenario, presence = watched(5000)
    killed = simulate(scenario, presence, Design(3, RUNS)).headline["civilian_deaths"].to_numpy()
    # what chance left open of the rate is lognormal: shared heat and clustering in 50 weeks, some .016, so the mean is
    # exp(.008) beyond what was counted
    assert killed.mean() == pytest.approx(5000 * np.exp(0.009), abs=3 * killed.std() / np.sqrt(RUNS))
    assert killed.std() / np.sqrt(RUNS) < 80


def test_as_many_are_killed_where_sectors_infect_each_other_and_need_is_high(gaza):
    calm = {**gaza.theatre.parameters, "collapse_rate": Estimate(0, 0, 0)}  # what was counted was in the truce
    scenario = of_theatre(
        gaza.model_copy(update={"horizon": 13}), observed=Observed.model_validate({"deaths": 400, "weeks": 13}),
        parameters=calm,
    )  # fmt: skip
    nobody = plain_presence(scenario, RUNS, scale=0.0)
    killed = simulate(scenario, nobody, Design(3, RUNS)).headline["civilian_deaths"].to_numpy()
    assert np.median(killed) == pytest.approx(400, rel=0.15)


def rates(made, runs=RUNS):
    """Events expected in a week, run by run."""
    inputs = prepare(*made, Design(3, runs))
    return inputs.theatre["first_rate"] * inputs.sectors["armed_start"].sum(axis=1) / 1000


def test_intervals_and_chance_are_carried_into_the_rate(watched):
    def wide(*made):
        low, high = np.quantile(rates(watched(*made)), [0.05, 0.95])
        return high / low

    assert 3.8 < wide("1000 (500 to 2000)", 500) < 4.6  # the interval's own 4
    assert 1.1 < wide(1000, 500) < 1.5  # chance alone
    assert wide(2, 4) > 4  # two deaths say little
    assert np.isfinite(rates(watched(0, 4))).all()


def test_without_an_observation_the_rate_is_the_parameter(gaza, design):
    inputs = prepare(gaza, plain_presence(gaza, design.runs), design)
    np.testing.assert_array_equal(inputs.theatre["first_rate"], inputs.parameter("event_rate"))


def times(gaza, truce, days=None, runs=RUNS):
    changed = of_theatre(gaza, ceasefires=(Ceasefire.model_validate(truce),) if truce else ())
    return ceasefire_times(changed, Design(5, runs), days or {})


def test_a_ceasefire_in_force_is_as_old_as_it_is(gaza):
    found = times(gaza, {"start": "2025-10-10"})
    assert set(found["age_at_start"]) == {18 / 7}
    assert (found["truced"] == 1).all()
    assert (found["fights_at_start"] == 0).all()
    assert (found["begins"] == -1).all()


def test_an_agreed_ceasefire_begins_in_its_week(gaza):
    found = times(gaza, {"start": "2025-12-09"})  # six weeks on
    assert set(found["begins"]) == {6}
    assert set(found["age_at_start"]) == {0}
    assert (found["fights_at_start"] == 1).all()


def test_a_ceasefire_that_is_hoped_for_comes_with_its_chance_by_its_day(gaza):
    found = times(gaza, {"expected": 0.4, "by": "2026-01-06"})["begins"]  # ten weeks on
    assert np.mean(found > 0) == pytest.approx(0.4, abs=0.01)
    came = found[found > 0]
    assert (came.min(), came.max()) == (1, 10)
    assert came.mean() == pytest.approx(5.5, abs=0.3)  # no week likelier than another
    assert (times(gaza, {"expected": "0.4 (0.1 to 0.8)", "by": "2026-01-06"})["fights_at_start"] == 1).all()


def test_a_ceasefire_comes_with_an_event_or_with_the_gate_that_waits_for_it(gaza):
    event = next(iter(gaza.process.events))
    gate = next(name for name, one in gaza.process.gates.items() if one.event == event)
    days = {event: np.array([15.0, np.inf, 0.0, 14.0])}
    for word in (event, gate):
        assert times(gaza, {"on": word}, days, 4)["begins"].tolist() == [3, -1, 1, 2]
    with pytest.raises(InputError, match="whose day nobody here knows"):
        times(gaza, {"on": event})


def test_without_a_ceasefire_none_is_told(gaza, design):
    found = times(gaza, None)
    assert all((found[name] == 0).all() for name in ("truced", "fights_at_start", "age_at_start"))
    weekly = simulate(of_theatre(gaza, ceasefires=()), plain_presence(gaza, design.runs), design)
    assert "ceasefire" not in weekly.weekly
    assert "ceasefire_fell" not in weekly.headline


def test_what_is_hoped_for_holds_from_the_week_after_it_came_and_may_fall(gaza, design):
    truce = Ceasefire.model_validate({"expected": 0.6, "by": "2026-04-14"})
    risk = {**gaza.theatre.parameters, "collapse_rate": Estimate(0.2, 0.2, 0.2)}
    scenario = of_theatre(gaza, ceasefires=(truce,), parameters=risk)
    begins = ceasefire_times(scenario, design, {})["begins"].astype(int)
    mission = simulate(scenario, plain_presence(scenario, design.runs), design)
    holds = mission.weekly["ceasefire"].transpose("run", "week").to_numpy()
    for run, begin in enumerate(begins):
        if begin < 0:
            assert not holds[run].any()
        else:
            assert not holds[run, :begin].any()
            assert holds[run, begin] == 1
    fell = mission.headline["ceasefire_fell"].to_numpy()
    assert fell[begins < 0].sum() == 0
    assert fell[begins > 0].mean() > 0.5


def test_war_before_a_ceasefire_is_the_first_days_war(gaza, design):
    """Rates are those of the first day: the same deaths a week now, and far fewer once the cease-fire has come.

    In a cease-fire that does not fall: one part in 1 + c_Z (2b), and fewer with its age (3), run by run.
    """
    truce = Ceasefire.model_validate({"expected": 1.0, "by": "2025-11-04"})
    lasting = {**gaza.theatre.parameters, "collapse_rate": Estimate(0, 0, 0)}
    scenario = of_theatre(gaza.model_copy(update={"horizon": 4}), ceasefires=(truce,), parameters=lasting)
    weekly = simulate(scenario, plain_presence(gaza, design.runs, scale=0.0), design).weekly
    deaths = weekly["outside_deaths"].transpose("run", "week").to_numpy()
    inputs = prepare(scenario, plain_presence(gaza, design.runs), design)
    rate, rise, decay = (inputs.parameter(n) for n in ("outside_rate", "fallen_outside", "outside_decay"))
    assert deaths[:, 0].mean() == pytest.approx(rate.mean(), rel=0.1)
    in_truce = deaths[:, 1:].mean(axis=1)
    wanted = rate / (1 + rise) * np.mean([(1.0 + age) ** -decay for age in range(3)], axis=0)
    assert in_truce.mean() == pytest.approx(wanted.mean(), abs=3 * in_truce.std() / np.sqrt(design.runs))
    assert in_truce.mean() < 0.2 * rate.mean()


def test_a_cease_fire_that_an_event_sets_is_told_in_every_world_and_holds_in_none_without_it(gaza):
    """Where it never came nothing holds, though nothing fell either."""
    accord = {"label": "An accord", "probability": 0.5, "delay": 30,
              "sets": {"theatre.ceasefires": [{"start": "2025-10-28"}]}}  # fmt: skip
    hoped = changed(gaza, {"theatre.ceasefires": [], "process.events": {**gaza.process.events, "accord": accord}})
    assert "ceasefire" in hoped.parts - hoped.theatre.parts
    came = changed(hoped, accord["sets"])
    few = Design(1, 20)
    for scenario, holds in ((hoped, 0.0), (came, 1.0)):
        weekly = simulate(scenario, plain_presence(gaza, 20), few, hoped.parts).weekly["ceasefire"]
        assert (weekly[:, 0] == holds).all()
    assert float(simulate(hoped, plain_presence(gaza, 20), few, hoped.parts).weekly["ceasefire"].max()) == 0


def test_violence_is_that_of_war_until_a_cease_fire_begins(gaza):
    """A cease-fire that begins tomorrow is in force from tomorrow on."""
    said = [usual_rate(of_theatre(gaza, ceasefires=each)).assumption for each in (
        (), (Ceasefire(start=gaza.as_of),), (Ceasefire(start=gaza.as_of + timedelta(days=1)),))]  # fmt: skip
    assert ["`truce`" in each for each in said] == [False, True, False]


WITHOUT = {
    "crossings": (
        {"theatre.crossings": {}},
        {"need", "queue", "crossings_open", "trucks_delivered", "trucks_lost", "trucks_turned_back"},
    ),
    "goods": (
        {"theatre.trucks_needed": None},
        {"need", "queue", "crossings_open", "trucks_delivered", "trucks_lost", "trucks_turned_back"},
    ),
    "body": ({"mandate.governing_body": ""}, {"legitimacy", "capacity"}),
    "outside": ({"theatre.parameters": {}}, {"outside_deaths"}),
    "ceasefire": ({"theatre.ceasefires": []}, {"ceasefire"}),
    "groups": (
        {"theatre.armed_groups": {}},
        {"events", "civilian_deaths", "armed", "disarmed", "registered", "weapons_collected", "consent"},
    ),
}


@pytest.fixture(scope="module")
def with_everything(gaza):
    return set(simulate(gaza, plain_presence(gaza, 8), Design(1, 8)).weekly)


@pytest.mark.parametrize("lacking", WITHOUT)
def test_what_is_not_there_is_not_told_at_all(gaza, with_everything, lacking):
    changes, gone = WITHOUT[lacking]
    asked = gaza.model_copy(update={"options": {}})
    for path, value in changes.items():
        record, name = path.split(".")
        changed = getattr(asked, record).model_copy(update={name: value})
        asked = asked.model_copy(update={record: changed})
    mission = simulate(asked, plain_presence(asked, 8), Design(1, 8))
    assert set(mission.weekly) == with_everything - gone
    assert not gone & set(mission.headline)
    assert all(np.isfinite(values).all() for values in mission.weekly.values())


def test_no_disarmament_task_tells_no_disarmament_and_no_debris_no_rebuilding(gaza, with_everything):
    tasks = {name: task for name, task in gaza.mandate.tasks.items() if task.contributes_to != "disarmament"}
    bare = {"debris": None, "homes_destroyed": None}
    sectors = {name: sector.model_copy(update=bare) for name, sector in gaza.theatre.sectors.items()}
    asked = of_theatre(gaza, sectors=sectors).model_copy(
        update={"options": {}, "mandate": gaza.mandate.model_copy(update={"tasks": tasks})}
    )
    caveats = {n: c.model_copy(update={"excludes_tasks": ()}) for n, c in gaza.caveats.items()}
    asked = asked.model_copy(update={"caveats": caveats})
    mission = simulate(asked, plain_presence(asked, 8), Design(1, 8))
    gone = {"disarmed", "registered", "weapons_collected", "consent", "debris_removed", "homes_rebuilt"}
    assert set(mission.weekly) == with_everything - gone
    assert "recruited" in mission.sectors
    assert "disarmed" not in mission.sectors


def test_need_stays_where_goods_are_not_followed_or_nobody_lives(gaza):
    nobody = gaza.theatre.sectors["rafah"].model_copy(update={"population": Estimate(0.0, 0.0, 0.0), "need": None})
    line = of_theatre(gaza, sectors=gaza.theatre.sectors | {"rafah": nobody})
    mission = simulate(line, plain_presence(gaza, 8), Design(1, 8))
    np.testing.assert_allclose(mission.sectors["need"].sel(sector="rafah"), 0.4, rtol=1e-6)
    assert float(mission.sectors["civilian_deaths"].sel(sector="rafah").max()) == 0
    assert float(mission.sectors["events"].sel(sector="rafah").max()) > 0


def backwards(scenario):
    """The same case with every list the other way round."""

    def turned(mapping):
        return dict(reversed(mapping.items()))

    theatre = scenario.theatre
    theatre = theatre.model_copy(update={
        "sectors": turned({n: s.model_copy(update={"neighbours": s.neighbours[::-1]})
                           for n, s in theatre.sectors.items()}),
        "crossings": turned({n: c.model_copy(update={"serves": c.serves[::-1]}) for n, c in theatre.crossings.items()}),
        "armed_groups": turned({n: g.model_copy(update={"sectors": turned(g.sectors)})
                                for n, g in theatre.armed_groups.items()}),
    })  # fmt: skip
    mandate = scenario.mandate.model_copy(update={"tasks": turned(scenario.mandate.tasks)})
    return scenario.model_copy(
        update={"theatre": theatre, "mandate": mandate, "contributors": turned(scenario.contributors)}
    )


@pytest.mark.parametrize("case", ["isf_gaza", "unifil_2006"])
def test_the_order_of_lists_moves_no_bit(case, design):
    scenario = contingent.read(case)
    force = plain_presence(scenario, design.runs)
    turned = backwards(scenario)
    here = {"sector": list(turned.theatre.sectors), "task": list(turned.mandate.tasks)}
    other = Presence(force.planned.sel(here), force.delivered, force.delay, force.contributor)
    before, after = simulate(scenario, force, design), simulate(turned, other, design)
    assert list(after.sectors["sector"].values) == list(turned.theatre.sectors)
    assert list(after.sectors["sector"].values) != list(scenario.theatre.sectors)
    xr.testing.assert_identical(before.weekly, after.weekly)
    xr.testing.assert_identical(before.sectors, after.sectors.sel(sector=before.sectors["sector"]))
    xr.testing.assert_identical(before.contributors, after.contributors)


@pytest.mark.parametrize(
    ("changes", "path", "what"),
    [
        ({"ceasefires": [{"start": "2025-10-10"}, {"on": "accord"}]}, "ceasefires.1", "one at a time"),
        ({"ceasefires": [{"start": "2025-01-19"}, {"start": "2025-10-10"}]}, "ceasefires.1", "one at a time"),
        ({"ceasefires": [{"expected": 0.3, "by": "2025-10-01"}]}, "ceasefires.0.by", "not after the scenario's date"),
        ({"ceasefires": [{"start": "2025-01-19", "fell": "2025-11-18"}]}, "ceasefires.0.fell", "after the scenario's"),
        ({"ceasefires": [{"on": "thunder"}]}, "ceasefires.0.on", "no event `thunder`"),
        ({"ceasefires": [{"start": "2025-10-10", "on": "accord"}]}, "ceasefires", "say one of"),
        ({"ceasefires": [{"expected": 0.3}]}, "ceasefires", "give both"),
        ({"ceasefires": [{"start": "2025-03-18", "fell": "2025-01-19"}]}, "ceasefires", "before it began"),
        ({"observed": {"deaths": 10, "weeks": 0}}, "observed.weeks", "a period of 0 weeks"),
        ({"observed": {"deaths": 10}}, "observed", "is missing"),
        ({"observed": {"deaths": -3, "weeks": 4}}, "observed", "at least 0"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_at_their_path(gaza, changes, path, what):
    with pytest.raises(ScenarioError) as refusal:
        gaza.with_({f"theatre.{name}": value for name, value in changes.items()})
    told = {c.path: c.what for c in refusal.value.complaints}
    found = [said for at, said in told.items() if at.startswith(f"theatre.{path}")]
    assert found, told
    assert any(what in said for said in found), told


def test_deaths_observed_where_nobody_is_armed_are_refused(gaza):
    with pytest.raises(ScenarioError, match="nobody is armed"):
        gaza.with_({"theatre.observed": {"deaths": 10, "weeks": 4}, "theatre.armed_groups": {}})
