"""What happens to the outcome if one thing changes, on the same draws, as a researcher of peace operations expects?

A bank of changes of one input each. The sign is what the field agrees on, and the size where the record gives one; each
has its reason.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import xarray as xr

from contingent.ensemble.design import Design
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.scenario.paths import changed

RUNS = 300
DESIGN = Design(20251028, RUNS)
UP, DOWN = 1, -1
TASKS = {
    kind: {"label": kind, "contributes_to": kind}
    for kind in (
        "presence", "policing", "protection", "disarmament", "crossings", "aid", "training", "governance",
        "monitoring", "clearance", "deterrence",
    )
}  # fmt: skip
USUAL = {"presence": 6000, "disarmament": 1500, "crossings": 400, "aid": 800, "governance": 300}


@dataclass(frozen=True)
class Place:
    """A theatre and a force: what is changed in the scenario, its mission parameters, how many times the armed people,
    what every sector has or has so many times of, people by task, weeks by which they are late, and which share comes.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    armed: float = 1.0
    sectors: dict[str, Any] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    force: dict[str, float] = field(default_factory=lambda: dict(USUAL))
    late: int = 0
    delivered: float = 1.0


def results(gaza, place):
    """The headline of a place and its weekly means, by run."""
    groups = {name: group.strength.best for name, group in gaza.theatre.armed_groups.items()}
    changes = {"mandate.tasks": TASKS, "requirements": [], "caveats": {}, "pledges": [], "options": {}, "horizon": 60}
    changes |= {"theatre.parameters": {**gaza.theatre.parameters, **place.parameters}}
    changes |= {f"theatre.armed_groups.{name}.strength": place.armed * strength for name, strength in groups.items()}
    for name, sector in gaza.theatre.sectors.items():
        changes |= {f"theatre.sectors.{name}.{key}": value for key, value in place.sectors.items()}
        changes |= {f"theatre.sectors.{name}.{k}": x * getattr(sector, k).best for k, x in place.times.items()}
    scenario = changed(changed(gaza, changes), place.changes)
    sectors, weeks = list(scenario.theatre.sectors), scenario.horizon
    each = np.array([place.force.get(kind, 0.0) for kind in TASKS]) / len(sectors)
    planned = np.broadcast_to(each, (1, weeks, len(sectors), len(TASKS)))
    here = {"pledge": ["all"], "week": np.arange(weeks), "sector": sectors, "task": list(TASKS)}
    presence = Presence(
        xr.DataArray(planned, dims=("pledge", "week", "sector", "task"), coords=here),
        xr.DataArray(np.full((RUNS, 1), place.delivered), dims=("run", "pledge")),
        xr.DataArray(np.full((RUNS, 1), float(place.late)), dims=("run", "pledge")),
        xr.DataArray(["IDN"], dims=("pledge",)),
    )
    found = simulate(scenario, presence, DESIGN)
    rows = {str(name): values.to_numpy() for name, values in found.headline.items()}
    return rows | {f"mean {name}": values.mean("week").to_numpy() for name, values in found.weekly.items()}


def events(times):
    """Internal events at so many times the model's usual rate."""
    return {"event_rate": f"{0.5 * times} ({0.22 * times} to {1.14 * times})"}


def outside(times):
    return {"outside_rate": f"{35 * times} ({16 * times} to {78 * times})"}


def line(area, **more):
    """A line of demarcation where nobody lives, with a cease-fire of some months."""
    here = {"label": "line", "population": 0, "area": area} | more
    sides = {"label": "both sides", "strength": "5000 to 9000", "sectors": {"line": 1}}
    truce = [{"start": "2025-01-01"}]
    return {
        "theatre": {"label": "line", "sectors": {"line": here}, "armed_groups": {"sides": sides}, "ceasefires": truce}
    }


def frail(times):
    """A cease-fire that falls so many times as often as that of the shipped case."""
    return {"collapse_rate": f"{0.016 * times} ({0.0043 * times} to {0.061 * times})"}


WIDE = {"kerem_shalom": 700, "kissufim": 300, "zikim": 240}
FRAIL = {"outside_rate": 0, "collapse_rate": 0.02}
HOPED = [{"expected": 0.9, "by": "2026-02-01"}]
POLICE = {"policing": 6000}
# name: (outcome, from, to, sign, least and most ratio of the means or None, reason)
BANK = {
    # how violent the place is
    "ten times the events: own deaths": (
        "own_deaths", Place(parameters=events(1)), Place(parameters=events(10)), UP, (1.1, 2.6),
        "UN missions: log deaths rise by .2 to .4 per log deaths around them, a factor of 1.6 to 2.5 at most"),
    "a hundred times the events: own deaths": (
        "own_deaths", Place(parameters=events(0.1)), Place(parameters=events(10)), UP, (1.2, 6.5),
        "the same slope twice"),
    "a tenth of the events: own deaths": (
        "own_deaths", Place(parameters=events(1)), Place(parameters=events(0.1)), DOWN, (0.5, 1), "the same"),
    "ten times the events: civilian deaths": (
        "civilian_deaths", Place(parameters=events(1)), Place(parameters=events(10)), UP, (4, 12),
        "deaths go with events"),
    "ten times the events: trucks delivered": (
        "trucks_delivered", Place(parameters=events(1)), Place(parameters=events(10)), DOWN, None,
        "roads are unsafe, and crossings shut, where people are killed"),
    "ten times the events: need": (
        "mean need", Place(parameters=events(1)), Place(parameters=events(10)), UP, None, "less aid arrives"),
    "ten times the events: support": (
        "mean support", Place(parameters=events(1)), Place(parameters=events(10)), DOWN, None,
        "a force that does not protect loses support"),
    "ten times the events: legitimacy": (
        "mean legitimacy", Place(parameters=events(1)), Place(parameters=events(10)), DOWN, None,
        "nor does a body rule"),
    "ten times the events: the cease-fire": (
        "ceasefire_fell", Place(parameters=events(1)), Place(parameters=events(10)), UP, None, "violence ends truces"),
    "ten times the events: crossings": (
        "crossings_open", Place(parameters=events(1)), Place(parameters=events(10)), DOWN, None, "they shut for it"),
    "ten times the events: disarmament": (
        "disarmed", Place(parameters=events(1)), Place(parameters=events(10)), DOWN, None,
        "groups keep their arms where people are killed"),
    "ten times the armed: events": (
        "events", Place(armed=1), Place(armed=10), UP, (5, 15), "twice the armed people, about twice the violence"),
    "ten times the armed: own deaths": (
        "own_deaths", Place(armed=1), Place(armed=10), UP, (1.1, 2.6), "as with events"),
    "a tenth of the armed: own deaths": (
        "own_deaths", Place(armed=1), Place(armed=0.1), DOWN, None, "as with events"),
    "hundred times the armed: disarmed, bounded by staff": (
        "disarmed", Place(armed=1), Place(armed=100), UP, (1.5, 60), "those who disarm take only so many a week"),
    "nobody armed, nobody fires: own deaths": (
        "own_deaths", Place(armed=1, parameters={"outside_rate": 0}), Place(armed=0, parameters={"outside_rate": 0}),
        DOWN, (0, 0), "nobody attacks"),
    "killed before: civilian deaths": (
        "civilian_deaths", Place({"theatre.observed": {"deaths": 100, "weeks": 20}}),
        Place({"theatre.observed": {"deaths": 1000, "weeks": 20}}), UP, (5, 13), "the place is as it was seen to be"),
    "killed over a longer time: civilian deaths": (
        "civilian_deaths", Place({"theatre.observed": {"deaths": 1000, "weeks": 20}}),
        Place({"theatre.observed": {"deaths": 1000, "weeks": 200}}), DOWN, (0.07, 0.2), "a tenth of the rate"),
    "killed before: own deaths": (
        "own_deaths", Place({"theatre.observed": {"deaths": 100, "weeks": 20}}),
        Place({"theatre.observed": {"deaths": 1000, "weeks": 20}}), UP, (1.05, 2.6), "as with events"),
    # fire from outside
    "four times the fire from outside: own deaths": (
        "own_deaths", Place(parameters=outside(1)), Place(parameters=outside(4)), UP, (1.15, 2.6), "the same slope"),
    "four times the fire from outside: the cease-fire": (
        "ceasefire_fell", Place(parameters=outside(1)), Place(parameters=outside(4)), UP, None,
        "violations end truces"),
    "four times the fire from outside: support": (
        "mean support", Place(parameters=outside(1)), Place(parameters=outside(4)), DOWN, None, "nobody is protected"),
    "four times the fire from outside: disarmament": (
        "disarmed", Place(parameters=outside(1)), Place(parameters=outside(4)), DOWN, None,
        "nobody disarms under fire"),
    "four times the fire from outside: need": (
        "mean need", Place(parameters=outside(1)), Place(parameters=outside(4)), UP, None,
        "crossings shut, convoys are lost"),
    "four times the fire from outside: deaths": (
        "outside_deaths", Place(parameters=outside(1)), Place(parameters=outside(4)), UP, (3, 8), "and truces fall"),
    "no fire from outside: own deaths": (
        "own_deaths", Place(parameters=outside(1)), Place(parameters={"outside_rate": 0}), DOWN, (0.1, 0.9),
        "as above"),
    "deterrence: fire from outside": (
        "outside_deaths", Place(), Place(force=USUAL | {"deterrence": 4000}), DOWN, None, "what such a task is for"),
    # war and peace
    "a cease-fire likelier to come: civilian deaths": (
        "civilian_deaths", Place({"theatre.ceasefires": [{"expected": 0.1, "by": "2026-02-01"}]}),
        Place({"theatre.ceasefires": HOPED}), DOWN, None, "fewer die in a truce"),
    "a cease-fire that comes later: civilian deaths": (
        "civilian_deaths", Place({"theatre.ceasefires": HOPED}),
        Place({"theatre.ceasefires": [{"expected": 0.9, "by": "2027-06-01"}]}), UP, None, "more weeks of fighting"),
    "a cease-fire that comes later: own deaths": (
        "own_deaths", Place({"theatre.ceasefires": HOPED}),
        Place({"theatre.ceasefires": [{"expected": 0.9, "by": "2027-06-01"}]}), UP, None, "more weeks of fighting"),
    "an older cease-fire: its fall": (
        "ceasefire_fell", Place({"theatre.ceasefires": [{"start": "2025-10-20"}]}, FRAIL),
        Place({"theatre.ceasefires": [{"start": "2015-10-20"}]}, FRAIL), DOWN, None,
        "the hazard of relapse falls with the age of peace (Fortna 2008)"),
    "a cease-fire that does not fall: fire from outside": (
        "outside_deaths", Place(), Place(parameters={"collapse_rate": 0}), DOWN, (0.02, 0.6),
        "war is many times truce"),
    "a cease-fire twice as frail: own deaths": (
        "own_deaths", Place(parameters=frail(1)), Place(parameters=frail(2)), UP, None, "more war"),
    "a cease-fire restored sooner: fire from outside": (
        "outside_deaths", Place(), Place(parameters={"repair_rate": "0.09 (0.03 to 0.27)"}), DOWN, None, "less war"),
    "monitors: the cease-fire": (
        "ceasefire_fell", Place(), Place(force=USUAL | {"monitoring": 1500}), DOWN, None, "Fortna 2008"),
    "police in place of soldiers: the cease-fire": (
        "ceasefire_fell", Place(parameters=FRAIL, force={"presence": 6000}),
        Place(parameters=FRAIL, force=POLICE), UP, None,
        "police keep order, they do not stand between two sides"),
    # the force
    "twice the patrols: events": (
        "events", Place(), Place(force=USUAL | {"presence": 12000}), DOWN, None, "Hultman, Kathman & Shannon 2014"),
    "twice the patrols: civilian deaths": (
        "civilian_deaths", Place(), Place(force=USUAL | {"presence": 12000}), DOWN, None, "the same"),
    "twice the patrols: the cease-fire": (
        "ceasefire_fell", Place(), Place(force=USUAL | {"presence": 12000}), DOWN, None, "Fortna 2008"),
    "twice the patrols: own deaths": (
        "own_deaths", Place(force={"presence": 3000}), Place(force={"presence": 6000}), UP, (1.3, 2.1),
        "exposure is about proportional: .91 (.19) on log person-years of UN missions"),
    "twice the patrols: trucks lost": (
        "trucks_lost", Place(), Place(force=USUAL | {"presence": 12000}), DOWN, None, "guarded roads"),
    "nobody sent: own deaths": ("own_deaths", Place(), Place(force={}), DOWN, (0, 0), "nobody is there"),
    "nobody sent: the cease-fire": ("ceasefire_fell", Place(), Place(force={}), UP, None, "Fortna 2008"),
    "half of them come: coverage": ("coverage", Place(), Place(delivered=0.5), DOWN, (0.4, 0.8), "fewer people"),
    "half a year later: own deaths": ("own_deaths", Place(), Place(late=26), DOWN, None, "fewer weeks at risk"),
    "half a year later: events": ("events", Place(), Place(late=26), UP, None, "fewer weeks covered"),
    "half a year later: disarmed": ("disarmed", Place(), Place(late=26), DOWN, None, "fewer weeks of disarmament"),
    "twice the people: coverage": (
        "coverage", Place(), Place(times={"population": 2}), DOWN, (0.4, 0.95), "the same force, more people"),
    "half of the place in dispute: coverage": (
        "coverage", Place(), Place(sectors={"contested": 0.5}), UP, (1.05, 2), "what is not in dispute needs no cover"),
    "half of the place in dispute: events": (
        "events", Place(), Place(sectors={"contested": 0.5}), DOWN, None, "the same people cover more of it"),
    "police: events": (
        "events", Place(force={}), Place(force=POLICE), DOWN, None, "police keep order"),
    "training: events": (
        "events", Place(force=USUAL), Place(force=USUAL | {"training": 800}), DOWN, None,
        "local forces patrol in time"),
    "protected sites: civilian deaths": (
        "civilian_deaths", Place(), Place(force=USUAL | {"protection": 1500}), DOWN, None, "people find shelter there"),
    "protected sites: own deaths": (
        "own_deaths", Place(), Place(force=USUAL | {"protection": 1500}), UP, None, "more people can be hit"),
    "clearance: debris": (
        "debris_removed", Place(), Place(force=USUAL | {"clearance": 1500}), UP, None,
        "ground is cleared of explosives first"),
    "aid escorts: trucks lost": (
        "trucks_lost", Place(force=USUAL | {"aid": 0}), Place(), DOWN, None, "guarded convoys"),
    "at the crossings: open": (
        "crossings_open", Place(force=USUAL | {"crossings": 0}), Place(), UP, None, "EUBAM Rafah 2005-06"),
    "governance: legitimacy": (
        "mean legitimacy", Place(force=USUAL | {"governance": 0}), Place(), UP, None, "a body that is helped governs"),
    "governance: capacity": (
        "mean capacity", Place(force=USUAL | {"governance": 0}), Place(), UP, None, "the same"),
    # disarmament
    "nobody disarms: disarmed": ("disarmed", Place(), Place(force={"presence": 6000}), DOWN, (0, 0),
        "no task, no arms"),
    "three times the staff: disarmed": (
        "disarmed", Place(force={"disarmament": 300}), Place(force={"disarmament": 900}), UP, (1.1, 3.2), "capacity"),
    "slower verification: disarmed": (
        "disarmed", Place(), Place(parameters={"throughput": 0.02}), DOWN, None, "staff times throughput bounds it"),
    "consent: disarmed": (
        "disarmed", Place(parameters={"consent_share": 0.1}), Place(parameters={"consent_share": 0.8}), UP, (1.5, 12),
        "Sierra Leone, Liberia, Nepal against Haiti 2004"),
    "consent: own deaths": (
        "own_deaths", Place(parameters={"consent_share": 0.1}), Place(parameters={"consent_share": 0.8}), DOWN, None,
        "those who consent attack less"),
    "disarmed people: armed people": (
        "armed", Place(force={"presence": 6000}), Place(), DOWN, None, "arms that are handed in are gone"),
    "recruits: armed people": (
        "armed", Place(), Place(parameters={"recruits_per_death": 0.6}), UP, None, "the dead are replaced"),
    # the mandate
    "enforcement: own deaths": (
        "own_deaths", Place({"mandate.use_of_force": "protection"}),
        Place({"mandate.use_of_force": "enforcement"}), UP, None,
        "UNOSOM II, MINUSMA"),
    "enforcement: disarmed": (
        "disarmed", Place({"mandate.use_of_force": "self_defence"}),
        Place({"mandate.use_of_force": "enforcement"}), UP, None,
        "arms are taken"),
    "enforcement: support": (
        "mean support", Place({"mandate.use_of_force": "self_defence"}),
        Place({"mandate.use_of_force": "enforcement"}), DOWN,
        None, "taking arms by force costs support"),
    "self-defence only: events": (
        "events", Place({"mandate.use_of_force": "protection"}, force={"presence": 6000}),
        Place({"mandate.use_of_force": "self_defence"}, force={"presence": 6000}), UP, None,
        "robust mandates protect more (Hegre, Hultman & Nygard 2019)"),
    "a coalition in place of the United Nations: events": (
        "events", Place({"mandate.command": "un"}), Place({"mandate.command": "coalition"}), UP, None,
        "Bara & Hultman 2020 on violence by non-state groups"),
    "no legal basis: disarmed": (
        "disarmed", Place({"mandate.legal_basis": "unsc_resolution"}),
        Place({"mandate.legal_basis": "none"}), DOWN, None,
        "less consent"),
    "no legal basis: support": (
        "mean support", Place({"mandate.legal_basis": "unsc_resolution"}),
        Place({"mandate.legal_basis": "none"}), DOWN, None,
        "less support"),
    # people, need and aid
    "little support: own deaths": (
        "own_deaths", Place(parameters={"support_at_start": 0.7}),
        Place(parameters={"support_at_start": 0.2}), UP, None,
        "people warn those they back"),
    "little support: events": (
        "events", Place(parameters={"support_at_start": 0.7}), Place(parameters={"support_at_start": 0.2}), UP, None,
        "people keep the peace they back"),
    "more hunger at the start: events": (
        "events", Place(sectors={"need": 0.2}), Place(sectors={"need": 0.8}), UP, None, "want feeds violence"),
    "more hunger at the start: support": (
        "mean support", Place(sectors={"need": 0.2}), Place(sectors={"need": 0.8}), DOWN, None, "and costs support"),
    "more hunger at the start: own deaths": (
        "own_deaths", Place(sectors={"need": 0.2}), Place(sectors={"need": 0.8}), UP, None, "both endanger the force"),
    "more hunger at the start: trucks lost": (
        "trucks_lost", Place(sectors={"need": 0.2}), Place(sectors={"need": 0.8}), UP, None,
        "hungry people take what comes"),
    "half as many trucks needed: need": (
        "mean need", Place({"theatre.trucks_needed": 600}), Place({"theatre.trucks_needed": 300}), DOWN, None,
        "the crossings suffice"),
    "crossings shut more often: need": (
        "mean need", Place(), Place(parameters={"closing_rate": 0.1}), UP, None, "less comes in"),
    "crossings that open sooner: need": (
        "mean need", Place(), Place(parameters={"opening_rate": 0.5}), DOWN, None, "more comes in"),
    "crossings of twice the size: need": (
        "mean need", Place(), Place({f"theatre.crossings.{name}.capacity": size for name, size in WIDE.items()}), DOWN,
        None, "more comes in"),
    "more rubble: homes": (
        "homes_rebuilt", Place(), Place(times={"debris": 3}), DOWN, None, "homes follow cleared ground"),
    "contributors whose publics bear less: who leaves": (
        "contributors_left", Place({"contributors.IDN.casualty_sensitivity": 0.5}),
        Place({"contributors.IDN.casualty_sensitivity": 5}), UP, None, "losses count more"),
    "contributors with less support at home: who leaves": (
        "contributors_left", Place({"contributors.IDN.home_support": 0.7}),
        Place({"contributors.IDN.home_support": 0.2}), UP,
        None, "a mission nobody backs ends"),
    # lines and buffers
    "a longer line: coverage": (
        "coverage", Place(line(200), force={"presence": 600}),
        Place(line(800), force={"presence": 600}), DOWN, (0.2, 0.9),
        "the same people, more ground"),
    "more people on the line: its cease-fire": (
        "ceasefire_fell", Place(line(346), force={"presence": 300}),
        Place(line(346), force={"presence": 3000}), DOWN, None,
        "Fortna 2008"),
    "half of the line in dispute: coverage": (
        "coverage", Place(line(346), force={"presence": 300}),
        Place(line(346, contested=0.5), force={"presence": 300}), UP, None,
        "what is not in dispute need not be covered"),
}  # fmt: skip


@pytest.fixture(scope="module")
def simulated(gaza):
    """The results of a place, simulated once."""
    kept = {}

    def of(place):
        if repr(place) not in kept:
            kept[repr(place)] = results(gaza, place)
        return kept[repr(place)]

    return of


def test_the_bank_is_as_large_as_it_says():
    assert len(BANK) >= 60
    assert len({(row[0], repr(row[1]), repr(row[2])) for row in BANK.values()}) == len(BANK)


@pytest.mark.parametrize("name", BANK)
def test_one_change_moves_an_outcome_as_expected(simulated, name):
    outcome, before, after, sign, size, reason = BANK[name]
    one, two = simulated(before)[outcome], simulated(after)[outcome]
    change = two - one
    error = change.std(ddof=1) / np.sqrt(RUNS)
    assert sign * change.mean() > 2 * error, reason
    if size is not None:
        least, most = size
        assert least * one.mean() <= two.mean() <= most * one.mean(), reason


def test_a_sector_cut_in_two_is_no_other_theatre(gaza):
    """Violence does not hang on how a map is cut: the same people, armed people and troops, one sector or two."""
    one = {"label": "whole", "population": 1_000_000, "area": 300, "need": 0.4}
    half = one | {"population": 500_000, "area": 150}
    for rate in (0.5, 20):
        totals = []
        for cut, shares in (({"a": one}, {"a": 1}), ({"a": half, "b": half}, {"a": 0.5, "b": 0.5})):
            armed = {"all": {"label": "all", "strength": 10_000, "sectors": shares}}
            place = Place({"theatre": {"label": "place", "sectors": cut, "armed_groups": armed,
                                       "parameters": {"event_rate": rate, "spill_over": 0}}})  # fmt: skip
            totals.append(results(gaza, place)["events"].mean())
        assert totals[1] == pytest.approx(totals[0], rel=0.08)
