"""Shapley shares, Sobol groups, and the links of a chain at numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from plain_force import plain_presence

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission import chain, explain
from contingent.mission.eq01_coverage import ALL, CHANNELS, DISARM, PATROL
from contingent.mission.explain import split, swapped_in
from contingent.mission.inputs import mean_attack_size, prepare
from contingent.mission.parameters import authorized, odds_scaled
from contingent.mission.presence import changes, sort_by_channel


@pytest.fixture(scope="module")
def pair(gaza):
    scenario = gaza.model_copy(update={"horizon": 12})
    other = scenario.model_copy(
        update={"mandate": scenario.mandate.model_copy(update={"use_of_force": "enforcement", "command": "un"})}
    )
    first, second = Design(2, 6), Design(3, 6)
    return (
        prepare(scenario, plain_presence(scenario, 6, scale=0.3), first),
        prepare(other, plain_presence(other, 6, scale=0.6), first),
        prepare(scenario, plain_presence(scenario, 6, scale=0.3, seed=4), second),
    )


def test_a_share_is_the_mean_added_effect_over_all_orders(pair, monkeypatch):
    # worth of each coalition; the order security, command, use of force and its five others by hand
    worth = {
        (): 0.0, ("security",): 6.0, ("command",): 3.0, ("use_of_force",): 0.0, ("security", "command"): 12.0,
        ("security", "use_of_force"): 6.0, ("command", "use_of_force"): 9.0,
        ("security", "command", "use_of_force"): 18.0,
    }  # fmt: skip
    by_set = {frozenset(changed): value for changed, value in worth.items()}
    monkeypatch.setattr(explain, "differs", lambda name, *_: name in ("security", "command", "use_of_force"))
    monkeypatch.setattr(explain, "outcome", lambda *a: {"events": np.full(6, by_set[a[-1]])})
    found = split(pair[0], pair[1])["events"].isel(run=0)
    # security: (2 x 6 + [12 - 3] + [6 - 0] + 2 x [18 - 9])/6 = 45/6
    assert float(found.sel(channel="security")) == pytest.approx(7.5)
    # command: (2 x 3 + [12 - 6] + [9 - 0] + 2 x [18 - 6])/6 = 45/6
    assert float(found.sel(channel="command")) == pytest.approx(7.5)
    # use of force: (0 + [6 - 6] + [9 - 3] + 2 x [18 - 12])/6 = 18/6
    assert float(found.sel(channel="use_of_force")) == pytest.approx(3.0)
    assert float(found.sum()) == 18
    assert float(found.sel(channel="theatre")) == 0


def test_a_group_brings_its_own_numbers_and_no_others(pair):
    first, _, second = pair
    found = swapped_in(first, second, "equation 4", [3])
    assert (found.theta[3] == second.theta[3]).all()
    assert (found.theta[4] == first.theta[4]).all()
    assert (found.theatre["attack_size"] == second.theatre["attack_size"]).all()
    assert (found.theatre["arrivals"] == first.theatre["arrivals"]).all()
    found = swapped_in(first, second, "theatre", [])
    assert (found.theatre["arrivals"] == second.theatre["arrivals"]).all()
    assert (found.theatre["attack_size"] == first.theatre["attack_size"]).all()
    assert (found.sectors == second.sectors).all()
    assert (found.crossings == second.crossings).all()
    assert (found.publics == first.publics).all()
    assert (found.theta == first.theta).all()
    found = swapped_in(first, second, "force", [])
    assert (found.publics == second.publics).all()
    assert (found.sectors == first.sectors).all()


def test_parameters_are_grouped_by_the_first_equation_they_stand_in(pair):
    groups = explain.groups(pair[0])
    names = {group: [pair[0].parameters[row] for row in rows] for group, rows in groups.items()}
    assert names["mandate"] == ["force_share", "coercion"]
    assert "coverage_scale" in names["equation 1"]
    assert "attack_tail" in names["equation 4"]
    assert sum(map(len, names.values())) == len(pair[0].parameters)


def test_sobol_pairs_runs_and_freezes_all_but_a_group(pair, monkeypatch):
    first, _, second = pair
    # an outcome that is arrivals alone: all of its variance is the theatre's, none the force's or the equations'
    monkeypatch.setattr(explain, "simulate_into", lambda *_: None)
    monkeypatch.setattr(explain, "headline_arrays", lambda inputs, _: {
        "events": inputs.theatre["arrivals"], "still": np.ones(6), "disarmed": inputs.layout.delay.sum(axis=1) * 1.0,
    })  # fmt: skip
    found = explain.sobol(first, second)
    assert "still" not in found
    a, b = first.theatre["arrivals"], second.theatre["arrivals"]
    variance = np.concatenate([a, b]).var()
    groups = list(found["events"])
    assert groups.index("equation 2") < groups.index("equation 11") < groups.index("force") < groups.index("theatre")
    alone, total = found["events"]["theatre"].values()
    assert alone == pytest.approx(1.0)
    assert total == pytest.approx(((a - b) ** 2).mean() / 2 / variance)
    assert found["events"]["force"]["total"] == 0
    assert found["events"]["equation 2"]["total"] == 0
    assert found["disarmed"]["force"]["total"] > 0  # how late they come is the force's
    assert found["disarmed"]["theatre"]["total"] == 0


def test_breaks_are_single_steps_and_troops_are_beside_their_most():
    series = {
        "ceasefire": np.array([1.0, 1, 0, 0, 1, 0]), "crossings_open": np.array([1.0, 0.76, 0.5, 0.25, 0.25, 0.25]),
        "troops": np.array([0.0, 1000, 960, 900, 900, 100]), "own_deaths": np.array([0.0, 2, 3, 0, 7, 2]),
    }  # fmt: skip
    assert chain.breaks(series, "ceasefire").tolist() == [2, 5]
    assert chain.breaks(series, "crossings_open").tolist() == [2, 3]  # -.24 is none; -.26 and -.25 are
    assert chain.breaks(series, "troops").tolist() == [3, 5]  # -4 % is none, -6 % is
    assert chain.breaks(series, "own_deaths").tolist() == [2, 4]  # three or more die in the week itself


def test_calm_weeks_lie_more_than_eight_weeks_from_any_break():
    # of 1 to 31 (40 weeks, eight to look ahead): more than 8 from week 20
    assert chain.calm(np.array([20]), 40).tolist() == [*range(1, 12), *range(29, 32)]


def test_the_furthest_rise_is_taken_from_the_week_before():
    values = np.array([5.0, 1, 2, 9, 3, 4, 4, 4, 4, 4, 30, 40])
    assert chain.furthest(values, 2) == 29  # weeks 2 to 10 beside week 1: 30 - 1
    assert chain.furthest(values, 1) == 4  # weeks 1 to 9: 9 - 5; week 10 is too late
    assert chain.furthest(values, 0) == 4


def test_a_link_needs_a_move_in_the_equations_direction():
    weeks = np.zeros(104)
    ramp = weeks.copy()
    ramp[50:] = 1.0
    quiet = chain.calm(np.array([50]), 104)
    series = dict.fromkeys(("need", "support", "legitimacy", "events", "own_deaths", "trucks_lost"), weeks)
    # a shut crossing raises need, need lowers support, and so on down the equations
    found = chain.follow(series | {"need": ramp, "support": -2 * ramp}, "crossings_open", 50, quiet)
    assert found == [("need", "6, 7", 1.0), ("support", "9", -2.0)]
    assert chain.follow(series | {"need": -ramp}, "crossings_open", 50, quiet) == []
    link = chain.Link(51, "crossings_open", tuple(found))
    assert str(link) == "week 51: crossing shut -> need +1 (eq. 6, 7) -> support -2 (eq. 9)"


def test_a_mandate_scales_force_odds_and_risk():
    drawn = {name: np.array([value]) for name, value in {
        "command_un": 0.8, "command_regional": 0.5, "force_self_defence": 0.6, "force_protection": 1.0,
        "force_enforcement": 1.2, "exposure_protection": 1.5, "coercion_protection": 0.25, "basis_agreement": 3.0,
        "consent_share": 0.25, "support_at_start": 0.5, "attack_risk": 2.0, "event_rate": 7.0,
    }.items()}  # fmt: skip
    from types import SimpleNamespace

    mandate = SimpleNamespace(legal_basis="agreement", use_of_force="protection", likes=("un",))
    found = {name: float(values[0]) for name, values in authorized(drawn, mandate).items()}
    # consent .25 is odds 1/3, three times that is 1: .5; support .5 is odds 1: .75
    assert found == pytest.approx({
        "force_share": 0.8, "coercion": 0.25, "consent_share": 0.5, "support_at_start": 0.75, "attack_risk": 3.0,
        "event_rate": 7.0,
    })  # fmt: skip
    assert odds_scaled(np.array([0.2]), np.array([4.0]))[0] == pytest.approx(0.5)


def test_the_mean_size_of_an_attack():
    # P(n or more) = n**-2 up to 3: 1 + 1/4 + 1/9
    assert mean_attack_size(np.array([2.0]), np.array([3.9]))[0] == pytest.approx(1 + 1 / 4 + 1 / 9)


def test_a_plan_is_read_as_its_changes():
    planned = np.zeros((2, len(CHANNELS), 5, 2))
    planned[0, ALL, 1:, 0] = 100
    planned[0, ALL, 3:, 0] = 40
    planned[1, PATROL, 4:, 1] = 7
    when, pledge, change = changes(planned)
    assert list(zip(when.tolist(), pledge.tolist(), strict=True)) == [(1, 0), (3, 0), (4, 1)]
    assert change[:, ALL, 0].tolist() == [100, -60, 0]
    assert change[2, PATROL, 1] == 7


def test_persons_count_for_everybody_and_for_their_task(gaza):
    scenario = gaza.model_copy(update={"horizon": 12})
    presence = plain_presence(scenario, 3)
    planned, owner, contributors = sort_by_channel(presence, scenario)
    assert planned.shape == (len(scenario.pledges), len(CHANNELS), 12, len(scenario.theatre.sectors))
    np.testing.assert_allclose(planned[:, ALL], planned[:, 1:].sum(axis=1))
    tasks = [name for name, task in scenario.mandate.tasks.items() if task.contributes_to == "disarmament"]
    wanted = presence.planned.sel(task=tasks).sum("task").to_numpy()[:, :12]
    np.testing.assert_allclose(planned[:, DISARM], wanted)
    assert [contributors[c] for c in owner] == [pledge.contributor for pledge in scenario.pledges]


def test_comparing_other_weeks_or_seeds_is_refused(pair):
    before, after, _ = pair
    for other in (replace(after, weeks=11), replace(after, seed_key=np.uint64(1))):
        with pytest.raises(InputError, match="same runs, weeks and seed"):
            split(before, other)
