from itertools import product

import numpy as np
import pytest

from contingent.consultation.aggregators import ELECTIONS, aggregate, election, weighted_median
from contingent.consultation.spatial import report, simulation
from contingent.consultation.spatial.model import CHOICES, Model, Table, structures
from contingent.consultation.spatial.report import coalitions, levers, moves, tipping_position
from contingent.consultation.spatial.simulation import WIDTHS, draw_inputs, input_names, simulate, simulate_many, sobol
from contingent.ensemble.design import Design
from contingent.errors import InputError


def table(seed: int = 1, count: int = 6, issues: int = 2) -> Table:
    rng = np.random.Generator(np.random.Philox(seed))
    salience = rng.dirichlet(np.ones(issues + 1), count)[:, :issues] * 100
    return Table(
        "random", "", tuple(f"s{i:02d}" for i in range(count)), (), tuple(f"i{k}" for k in range(issues)),
        rng.uniform(1, 100, count), rng.uniform(0, 100, (count, issues)), salience,
    )  # fmt: skip


NARROW = dict.fromkeys(WIDTHS, 0.0)
SOME = [dict(zip(CHOICES, combo, strict=True)) for combo in list(product(*CHOICES.values()))[::1801]]


@pytest.mark.parametrize("options", SOME)
def test_the_compiled_model_equals_the_plain_reading(plain, options):
    options = {**options, "StateTransitions": "Deterministic"}
    if options["VotingRule"] == "ASymProsp":
        options["VotingRule"] = "Cubic"
    t = table(len(options["PCEModel"]) + len(options["InterVecBrgn"]))
    states = plain.simulate(options, t.capability, t.salience / 100, t.position / 100)
    found = simulate(t, Model(**options, compat="ktab"))
    assert found.position.shape == states.shape
    assert np.abs(found.position - 100 * states).max() <= 1e-9


def test_unknown_options_are_refused():
    with pytest.raises(InputError, match="PCEModel"):
        Model(PCEModel="Random")
    assert Model(BigRAdjust="No", VotingRule="Proportional") == Model(BigRAdjust="None")


def shuffled(t: Table, order) -> Table:
    return Table(
        t.title, "", tuple(t.names[i] for i in order), (), t.issues,
        t.capability[order], t.position[order], t.salience[order],
    )  # fmt: skip


@pytest.mark.parametrize("model", structures("PCEModel", "BargnModel"))
def test_the_order_of_stakeholders_changes_nothing(model):
    t, order = table(3, 7), np.array([4, 2, 6, 0, 1, 5, 3])
    here, there = simulate(t, model), simulate(shuffled(t, order), model)
    assert np.array_equal(here.position[:, order], there.position)
    assert np.array_equal(here.chance[:, order], there.chance)
    for name in ELECTIONS:
        assert np.array_equal(aggregate(t)[name], aggregate(shuffled(t, order))[name])


def test_threads_change_no_byte():
    draws = draw_inputs(table(5), Design(1, 300), models=structures("PCEModel"))
    one, two = simulate_many(draws, threads=1), simulate_many(draws, threads=3)
    for name in ("expected", "turns"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_a_batch_equals_single_histories(monkeypatch):
    t, models = table(6), structures("VotingRule")
    monkeypatch.setattr(simulation, "WIDTHS", NARROW)
    batch = simulate_many(draw_inputs(t, Design(1, 60), models))
    pick = np.minimum((Design(1, 60).uniform("model") * len(models)).astype(int), len(models) - 1)
    for run, model in enumerate(models[k] for k in pick):
        alone = simulate(t, model)
        assert batch.turns[run] == alone.turns
        assert np.allclose(batch.expected[run], alone.expected, atol=1e-9)


def test_stochastic_choices_depend_on_the_seed_alone():
    model = Model(StateTransitions="Stochastic")
    first, again, other = (simulate(table(2), model, seed=s) for s in (1, 1, 2))
    assert np.array_equal(first.position, again.position)
    assert first.position.shape != other.position.shape or not np.array_equal(first.position, other.position)


def test_one_shared_position_stays_where_it_is():
    t = table(1)
    same = Table("", "", t.names, (), t.issues, t.capability, np.full_like(t.position, 40.0), t.salience)
    for compat in ("ktab", "corrected"):
        found = simulate(same, Model(compat=compat))
        assert np.array_equal(found.position[-1], same.position)
        assert np.allclose(found.expected, 40)


def test_ideals_follow_only_those_who_draw_them():
    t = table(4, 4, 1)
    held = Table("", "", t.names, (), t.issues, t.capability, t.position, t.salience, np.zeros((4, 4)) + 1e-12)
    assert np.allclose(simulate(held).ideal, t.position, atol=1e-6)
    assert np.array_equal(simulate(t).ideal, simulate(t).position)


def test_coalitions_cover_everyone_once_and_pushes_add_up():
    found = simulate(table(8, 9))
    members = [name for group in coalitions(found) for name in group["members"]]
    assert sorted(members) == sorted(found.table.names)
    assert np.isclose(sum(group["probability"] for group in coalitions(found)), 1)
    walked = np.linalg.norm(np.diff(found.position, axis=0), axis=2).sum()
    assert np.isclose(sum(push["distance"] for push in moves(found)), walked)


def test_levers_flip_the_weighted_mean_exactly(monkeypatch):
    t = table(9, 5, 1)
    mean = aggregate(t)["weighted_mean"][0]
    monkeypatch.setattr(report, "HALF", mean + 3)
    lever = next(lever for lever in levers(t) if lever["flips_at"] is not None)
    position = t.position.copy()
    position[t.names.index(lever["who"]), 0] = lever["flips_at"]
    changed = Table("", "", t.names, (), t.issues, t.capability, position, t.salience)
    assert np.isclose(aggregate(changed)["weighted_mean"][0], mean + 3)


def test_a_flip_found_does_flip(monkeypatch):
    history = simulate(table(11, 5, 1))
    threshold = float(history.expected[0]) + 4
    who = levers(history.table)[0]["who"]
    monkeypatch.setattr(report, "HALF", threshold)
    at = tipping_position(history, who, "i0")
    assert at is not None
    position = history.table.position.copy()
    position[history.table.names.index(who), 0] = at
    t = history.table
    assert simulate(Table("", "", t.names, (), t.issues, t.capability, position, t.salience)).expected[0] >= threshold


def test_sobol_indices_find_the_only_input_that_moves(monkeypatch):
    t = table(12, 4, 1)
    monkeypatch.setattr(simulation, "WIDTHS", {**NARROW, "position": 10.0})
    found, runs = sobol(t, base=32)
    assert runs == 32 * (len(input_names(t)) + 2)
    still = [k for k, name in enumerate(input_names(t)) if ".position." not in name]
    assert np.abs(found.total[still]).max() < 1e-12
    assert found.total.max() > 0.05


def test_two_alternatives_get_their_weighted_shares():
    t = Table(
        "",
        "",
        ("a", "b", "c"),
        (),
        ("i",),
        np.array([2.0, 1.0, 1.0]),
        np.array([[100.0], [0.0], [0.0]]),
        np.full((3, 1), 50.0),
    )
    for variant in ("Conditional", "MarkovUniform"):
        assert np.allclose(election(t, variant), [0.5, 0.5, 0.5])


def test_a_median_between_two_positions_is_their_middle():
    assert weighted_median(np.array([0.0, 10.0]), np.array([1.0, 1.0])) == 5
    assert weighted_median(np.array([0.0, 10.0, 50.0]), np.array([1.0, 5.0, 1.0])) == 10
    assert aggregate(table(1))["nash_bargaining"].shape == (2,)
