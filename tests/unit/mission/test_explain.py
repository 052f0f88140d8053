"""Shares add up to the difference, groups to the variance they must, and chains follow the equations."""

from dataclasses import replace

import numpy as np
import pytest
from plain_force import plain_presence

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission.chain import chain, replay
from contingent.mission.explain import sobol, split
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs, headline_arrays, labelled
from contingent.mission.simulate import simulate_into


@pytest.fixture(scope="module")
def pair(gaza):
    design = Design(11, 64)
    small = prepare(gaza, plain_presence(gaza, 64, scale=0.2), design)
    enforcing = gaza.model_copy(
        update={"mandate": gaza.mandate.model_copy(update={"use_of_force": "enforcement", "command": "un"})}
    )
    return small, prepare(enforcing, plain_presence(gaza, 64, scale=0.6), design)


def headline(inputs, gaza):
    outputs = Outputs.empty(inputs)
    simulate_into(inputs, outputs)
    return labelled(inputs, outputs, list(gaza.theatre.sectors)).headline


def test_the_headline_from_arrays_is_the_labelled_one(gaza, pair):
    outputs = Outputs.empty(pair[1])
    simulate_into(pair[1], outputs)
    labels = labelled(pair[1], outputs, list(gaza.theatre.sectors)).headline
    arrays = headline_arrays(pair[1], outputs)
    assert set(labels) == set(arrays)
    for name, values in arrays.items():
        np.testing.assert_allclose(values, labels[name], rtol=1e-5, atol=1e-6, err_msg=name)


def test_shares_add_up_to_the_difference_run_by_run(gaza, pair):
    parts = split(*pair)
    before, after = (headline(inputs, gaza) for inputs in pair)
    for name in after:
        np.testing.assert_allclose(
            parts[name].sum("channel"), after[name] - before[name], rtol=1e-4, atol=1e-2, err_msg=str(name)
        )
        assert parts[name].attrs["units"] == after[name].attrs["units"]


def test_an_option_beside_itself_has_nothing_to_split(gaza, pair):
    parts = split(pair[0], pair[0])
    assert all(float(np.abs(values).max()) == 0 for values in parts.values())


def test_only_the_mandate_matters_where_only_the_mandate_differs(gaza):
    design = Design(5, 64)
    presence = plain_presence(gaza, 64, scale=0.4)
    legal = gaza.model_copy(update={"mandate": gaza.mandate.model_copy(update={"legal_basis": "unsc_resolution"})})
    parts = split(prepare(gaza, presence, design), prepare(legal, presence, design))
    for name, values in parts.items():
        assert float(np.abs(values.drop_sel(channel="legal_basis")).max()) == 0, name
    assert float(np.abs(parts["support"].sel(channel="legal_basis")).max()) > 0


def test_options_of_other_runs_are_refused(gaza, pair):
    with pytest.raises(InputError, match="same runs"):
        split(pair[0], replace(pair[1], runs=pair[1].runs + 1))


def test_command_rules_and_theatre_have_shares_of_their_own(gaza):
    design = Design(5, 64)
    presence = plain_presence(gaza, 64, scale=0.4)
    words = {"command": "un", "use_of_force": "enforcement"}
    rates = gaza.theatre.parameters | {"outside_rate": replace(gaza.theatre.parameters["outside_rate"], best=36.0)}
    other = gaza.model_copy(
        update={
            "mandate": gaza.mandate.model_copy(update=words),
            "theatre": gaza.theatre.model_copy(update={"parameters": rates}),
        }
    )
    before, after = prepare(gaza, presence, design), prepare(other, presence, design)
    parts = split(before, after)
    assert float(np.abs(parts["outside_deaths"].sel(channel="theatre")).mean()) > 0
    assert float(np.abs(parts["events"].sel(channel="command")).mean()) > 0
    assert float(np.abs(parts["own_deaths"].sel(channel="use_of_force")).max()) > 0
    assert float(np.abs(parts["own_deaths"].sel(channel="legal_basis")).max()) == 0
    apart = headline(after, gaza)["outside_deaths"] - headline(before, gaza)["outside_deaths"]
    np.testing.assert_allclose(parts["outside_deaths"].sum("channel"), apart, rtol=1e-4, atol=1e-2)


def test_disarmed_people_hang_on_equation_5(gaza):
    first, second = (
        prepare(gaza, plain_presence(gaza, 500, scale=0.5, seed=seed), Design(seed, 500)) for seed in (1, 2)
    )
    found = sobol(first, second)["disarmed"]
    assert max(found, key=lambda group: found[group]["total"]) == "equation 5"
    assert found["equation 5"]["total"] > 0.3
    assert found["equation 11"]["total"] < 0.1


def test_a_replayed_run_is_the_run(gaza, pair):
    outputs = Outputs.empty(pair[1])
    simulate_into(pair[1], outputs)
    weekly = labelled(pair[1], outputs, list(gaza.theatre.sectors)).weekly
    for name, values in replay(pair[1], 37).items():
        np.testing.assert_array_equal(weekly[name].isel(run=37), values.astype(np.float32), err_msg=name)


def test_a_chain_names_weeks_equations_and_moves(pair):
    links = [link for run in range(20) for link in chain(pair[1], run)]
    assert any(link.what == "crossings_open" and link.followed and link.followed[0][0] == "need" for link in links)
    assert all(1 <= link.week <= 104 for link in links)
    assert "week" in str(links[0])
    with pytest.raises(InputError, match="there are 64 runs"):
        chain(pair[1], 64)
