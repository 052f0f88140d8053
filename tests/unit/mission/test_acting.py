"""Which parameters act in a case is what the equations say: moving one that does not act moves no result."""

from pathlib import Path

import numpy as np
import pytest
from plain_force import plain_presence

from contingent.ensemble.design import Design
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs, headline_arrays
from contingent.mission.parameters import acting, estimates, priors
from contingent.mission.simulate import simulate_into
from contingent.scenario.paths import changed
from contingent.scenario.read import read

CASES = Path(__file__).parents[2] / "cases"
FEW = Design(7, 64)
SELDOM = {"training_ceiling", "rearming"}  # bound only where thousands are trained, or disarmed before a truce falls


def unlike(estimate):
    """Two other values within the parameter's range, far from the usual one."""
    unit = estimate.unit
    low, high = estimate.best / 30 - 0.01, 30 * estimate.best + 0.01
    return [f"{min(max(value, unit.at_least), unit.at_most):.6g}" for value in (low, high)]


@pytest.fixture(scope="module")
def cases():
    """Every case with the parameters that move one of its results, each moved by itself."""
    found = []
    small = [read(source) for source in (CASES / "police.yaml", CASES / "buffer_line.yaml", "unifil_2006")]
    gaza = read("isf_gaza")  # as it stands, by agreement, nobody comes to disarm; under the two others some do
    for scenario in (*small, gaza, gaza.under("un_mandate_full"), gaza.under("write_the_mandate")):
        beliefs, sent = estimates(scenario), plain_presence(scenario, FEW.runs)
        parts, given = scenario.parts, scenario.theatre.parameters

        def results(own, scenario=scenario, sent=sent, parts=parts, given=given):
            """What is told, as the kernel leaves it: labels and units cost more than the simulation."""
            inputs = prepare(changed(scenario, {"theatre.parameters": {**given, **own}}), sent, FEW, parts)
            simulate_into(inputs, outputs := Outputs.empty(inputs))
            told = (outputs.series, outputs.by_sector, outputs.by_contributor, headline_arrays(inputs, outputs))
            return np.concatenate([values.ravel() for each in told for values in each.values()])

        base = results({})
        moving = {name for name in priors() if name != "outside_rate"
                  and not all(np.array_equal(base, results({name: value}), equal_nan=True)
                              for value in unlike(beliefs[name]))}  # fmt: skip
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
