"""Which parameters act in a case is what the equations say: moving one that does not act moves no result."""

from pathlib import Path

import pytest
import xarray as xr

from contingent import force
from contingent.ensemble.design import Design
from contingent.mission.parameters import acting, estimates, priors
from contingent.mission.simulate import simulate
from contingent.scenario.paths import changed
from contingent.scenario.read import read
from contingent.study.coupling import presence

CASES = Path(__file__).parents[2] / "cases"
FEW = Design(7, 64)
SELDOM = {"training_ceiling", "rearming"}  # bound only where thousands are trained, or disarmed before a truce falls


def unlike(estimate):
    """Two other values within the parameter's range, far from the usual one."""
    unit = estimate.unit
    low, high = estimate.best / 5 - 0.01, 5 * estimate.best + 0.01
    return [f"{min(max(value, unit.at_least), unit.at_most):.6g}" for value in (low, high)]


@pytest.fixture(scope="module")
def cases():
    """Every case with the parameters that move one of its results, each moved by itself."""
    found = []
    small = [read(source) for source in (CASES / "police.yaml", CASES / "buffer_line.yaml", "unifil_2006")]
    gaza = read("isf_gaza")  # as it stands, by agreement, nobody comes to disarm; under the two others some do
    for scenario in (*small, gaza, gaza.under("un_mandate_full"), gaza.under("write_the_mandate")):
        beliefs, sent = estimates(scenario), presence(force.deploy(force.plan(scenario, gap=0.02), scenario, FEW))

        def results(given, scenario=scenario, sent=sent):
            other = changed(scenario, {"theatre.parameters": {**scenario.theatre.parameters, **given}})
            told = simulate(other, sent, FEW, scenario.parts)
            return xr.merge([told.weekly, told.sectors.rename({n: f"s_{n}" for n in told.sectors}),
                             told.contributors.rename({n: f"c_{n}" for n in told.contributors})])  # fmt: skip

        base = results({})
        moving = {name for name in priors() if name != "outside_rate"
                  and not all(base.equals(results({name: value})) for value in unlike(beliefs[name]))}  # fmt: skip
        found.append((scenario, moving))
    return found


def test_what_does_not_act_moves_nothing(cases):
    for scenario, moving in cases:
        assert moving - set(acting(scenario)) == set(), scenario.name


def test_what_acts_moves_something(cases):
    """By chance a parameter may move nothing in one case, but not in all in which it acts."""
    acts = {name for scenario, _ in cases for name in acting(scenario)} - {"outside_rate"}
    assert acts - set().union(*(moving for _, moving in cases)) <= SELDOM


def test_every_parameter_is_told_in_words_and_once():
    labels = [prior.label for prior in priors().values()]
    assert all(labels)
    assert len(set(labels)) == len(labels)
