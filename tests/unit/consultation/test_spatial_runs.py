"""Inputs drawn around a table, what many runs say, and why a history ends where it does: numbers worked by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from contingent.consultation.aggregators import weighted_mean
from contingent.consultation.spatial import report, simulation
from contingent.consultation.spatial.ktab_backtest import json_beside, ktab, listed, load, scenario_of
from contingent.consultation.spatial.ktab_csv import Faults, parse_csv, write_csv
from contingent.consultation.spatial.ktab_xml import parse_markup, parse_xml, write_xml
from contingent.consultation.spatial.model import DEFAULT, Model, Table, structures
from contingent.consultation.spatial.report import coalitions, levers, model_levers, moves, table_report, table_text
from contingent.consultation.spatial.simulation import (
    DrawnInputs,
    History,
    Outcomes,
    draw_inputs,
    expected,
    from_uniform,
    input_names,
    simulate,
    simulate_many,
    sobol,
    triangle,
)
from contingent.ensemble.design import Design
from contingent.errors import DataError


def table(position, salience=None, capability=None, names="abcdefg"):
    position = np.array(position, float)
    count, issues = position.shape
    return Table(
        "t", "", tuple(names[:count]), (), tuple(f"i{k}" for k in range(issues)),
        np.ones(count) if capability is None else np.array(capability, float), position,
        np.full(position.shape, 100 / issues) if salience is None else np.array(salience, float),
    )  # fmt: skip


THREE = table([[0.0], [100.0], [50.0]], capability=[3, 1, 2])
UNEVEN = table([[0.0], [100.0], [50.0]], capability=[3, 1, 2.5])  # without a tie between those who end apart


@pytest.mark.parametrize(
    ("u", "value"),
    # the triangular distribution on -1 to 1: half of a quarter lies below -1 + sqrt(1/4)
    [(0.0, -1), (0.125, -0.5), (0.5, 0), (0.875, 0.5), (1.0, 1), (0.02, -0.8), (0.98, 0.8)],
)
def test_the_triangular_quantile(u, value):
    assert triangle(np.array([u]))[0] == pytest.approx(value)


def test_every_input_has_a_name():
    assert input_names(table([[0, 1], [2, 3]])) == (
        "a.capability", "b.capability", "a.position.i0", "a.salience.i0", "b.position.i0", "b.salience.i0",
        "a.position.i1", "a.salience.i1", "b.position.i1", "b.salience.i1",
    )  # fmt: skip


def test_inputs_spread_by_their_half_widths_and_stay_in_range(monkeypatch):
    t = table([[40, 95], [60, 50]], [[30, 60], [50, 50]], [2, 4])
    u = np.tile([[0.875], [0.125]], len(input_names(t)))  # half a width up, and down
    monkeypatch.setattr(simulation, "WIDTHS", {"position": 20, "salience": 0.4, "capability": 0.2})
    found = from_uniform(t, u, (DEFAULT,), np.zeros(2, np.int64))
    assert found.capability == pytest.approx(np.array([[2.2, 4.4], [1.8, 3.6]]))
    assert found.position[0] == pytest.approx(np.array([[50, 100], [70, 60]]))  # 105 is cut at the end of the scale
    assert found.position[1] == pytest.approx(np.array([[30, 85], [50, 40]]))
    # saliences by a fifth: 36 and 72, 60 and 60 are scaled down to 100 in all; 24 and 48 stay
    assert found.salience[0] == pytest.approx(np.array([[100 / 3, 200 / 3], [50, 50]]))
    assert found.salience[1] == pytest.approx(np.array([[24, 48], [40, 40]]))


def test_inputs_are_drawn_by_name():
    design = Design(3, 400)
    plain = draw_inputs(THREE, design)
    width = lambda name: 10 * triangle(design.uniform(name))  # noqa: E731
    assert plain.position[:, 2, 0] == pytest.approx(50 + width("c.position.i0"))
    assert plain.capability[:, 0] == pytest.approx(3 * (1 + 0.2 * triangle(design.uniform("a.capability"))))


def test_each_model_gets_an_equal_share_of_the_runs():
    found = draw_inputs(THREE, Design(1, 300), models=structures("PCEModel"))
    assert np.bincount(found.model).tolist() == [100, 100, 100]


def test_sobol_indices_of_a_sum_are_the_shares_of_its_parts(monkeypatch):
    """The outcome made the sum of a's position (half-width 20) and b's (10): variances 4 to 1, nothing together."""

    def summed(draws, **_):
        y = 2 * draws.position[:, :1, 0] + draws.position[:, 1:2, 0]
        return Outcomes(y, np.zeros(len(y), np.int64))

    monkeypatch.setattr(simulation, "simulate_many", summed)
    found, runs = sobol(two := table([[50.0], [50.0]]), base=1024, seed=5)
    place = {name: k for k, name in enumerate(input_names(two))}
    first, total = found.first[:, 0], found.total[:, 0]
    assert (first[place["a.position.i0"]], first[place["b.position.i0"]]) == pytest.approx((0.8, 0.2), abs=0.02)
    assert (total[place["a.position.i0"]], total[place["b.position.i0"]]) == pytest.approx((0.8, 0.2), abs=0.02)
    assert total[place["a.capability"]] == first[place["a.capability"]] == 0
    assert found.variance[0] == pytest.approx(20**2 / 6 + 10**2 / 6, rel=0.05)  # a triangle of half-width w has w^2 / 6
    assert runs == 1024 * 8


def test_those_who_share_a_position_count_once_in_the_expected_outcome():
    position, chance = np.array([[0.0], [100.0], [0.05]]), np.array([0.25, 0.75, 0.25])
    assert expected(position, chance)[0] == pytest.approx(75)
    assert expected(np.array([[0.0], [100.0], [0.15]]), chance)[0] == pytest.approx((75 + 0.25 * 0.15) / 1.25)


def ended(position, chance, log=None, start=None, t=THREE):
    """A history that ends at given positions; `log` (turn, stakeholder) of initiator and receiver."""
    states = np.array([t.position if start is None else start, position], float)
    rows = np.zeros((1, len(t.names), 6))
    rows[0, :, 3:5] = np.repeat(np.arange(len(t.names))[:, None], 2, 1) if log is None else log
    return History(t, DEFAULT, states, states, np.array([chance, chance], float), rows)


def test_a_history_in_three_points():
    found = ended([[10.0], [100.0], [10.0]], [0.6, 0.4, 0.6])
    assert found.turns == 1
    assert found.expected[0] == pytest.approx(46)
    assert found.mode[0] == 10


def test_coalitions_are_those_who_end_together_with_their_weight():
    found = coalitions(ended([[10.0], [100.0], [10.05]], [0.4, 0.6, 0.4]))
    assert [(c["members"], c["probability"]) for c in found] == [(["b"], 0.6), (["a", "c"], 0.4)]
    assert [c["weight"] for c in found] == pytest.approx([1 / 6, 5 / 6])
    assert found[1]["position"] == pytest.approx([10.05], abs=0.051)


def test_moves_name_the_other_side_of_the_bargain_kept():
    # a stays; b comes 30 down in a bargain that a began; c goes 10 up in one it began with b
    log = [[0, 0], [0, 1], [2, 1]]
    found = moves(ended([[0.0], [70.0], [60.0]], [0.3, 0.3, 0.4], log))
    assert [tuple(move.values()) for move in found] == [("b", "a", 30, 1), ("c", "b", 10, 1)]


def test_levers_of_the_weighted_mean(monkeypatch):
    # weights 3, 1, 2 of 6: the mean is (100 + 2 x 50) / 6 = 33.3; to carry it to 50, a goes to 33.3, c to 100, b beyond
    found = {lever["who"]: lever for lever in levers(THREE)}
    assert [lever["who"] for lever in levers(THREE)] == ["a", "c", "b"]
    assert [found[who]["slope"] for who in "abc"] == pytest.approx([1 / 2, 1 / 6, 1 / 3])
    assert found["a"]["flips_at"] == pytest.approx(100 / 3)
    assert found["c"]["flips_at"] == pytest.approx(100)
    assert found["b"]["flips_at"] is None
    monkeypatch.setattr(report, "HALF", 30.0)
    down = {lever["who"]: lever["flips_at"] for lever in levers(THREE)}
    assert down["b"] == pytest.approx(80)


def test_without_salience_all_levers_are_alike():
    found = levers(table([[0.0], [100.0]], [[0], [0]]))
    assert [lever["slope"] for lever in found] == [0.5, 0.5]


def test_runs_repeat_the_models_in_turn_and_ends_are_weighted():
    models, table = structures("PCEModel"), (UNEVEN.capability, UNEVEN.position, UNEVEN.salience)
    draws = DrawnInputs(UNEVEN, models, *(np.stack([each] * 6) for each in table), np.arange(6) % 3)
    found = simulate_many(draws)
    assert np.array_equal(found.expected[:3], found.expected[3:])
    for run, model in enumerate(models):
        alone = simulate(UNEVEN, model)
        assert found.expected[run] == pytest.approx(alone.expected)
        assert found.turns[run] == alone.turns


def test_the_report_gives_each_part_under_its_name():
    found = table_report(THREE, DEFAULT, Design(1, 40), seed=0, structures=(), indices=False, threads=1)
    history = simulate(THREE)
    assert found["turns"] == history.turns + 1
    assert found["outcome"]["expected"]["i0"] == pytest.approx(history.expected[0])
    assert found["outcome"]["mode"]["i0"] == pytest.approx(history.mode[0])
    ends = weighted_mean(history.position[-1], THREE.capability[:, None] * THREE.salience)
    assert found["outcome"]["mean"]["i0"] == pytest.approx(ends[0])
    assert found["aggregates"]["weighted_mean"]["i0"] == pytest.approx(100 / 3)
    assert found["aggregates"]["weighted_median"]["i0"] == pytest.approx(
        25
    )  # half of the weight at 0: between 0 and 50
    outcomes = simulate_many(draw_inputs(THREE, Design(1, 40)))
    assert found["draws"]["expected"]["i0"] == pytest.approx(
        np.quantile(outcomes.expected[:, 0], [0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
    )
    assert found["draws"]["mean_turns"] == pytest.approx(outcomes.turns.mean())
    assert [lever["who"] for lever in found["model_levers"]] == ["a", "c", "b"]
    assert len(found["win_prob"]) == 3
    assert len(found["win_prob"][0]) == found["turns"]
    lines = table_text(found).splitlines()
    assert lines[0] == f"t (corrected): 3 stakeholders, {history.turns} turns"
    assert lines[1].startswith(f"  i0: expected {history.expected[0]:.1f}, mode {history.mode[0]:.1f}, mean ")


def test_large_tables_are_not_asked_again():
    many = table(np.linspace(0, 100, 61)[:, None], names=[f"s{k}" for k in range(61)])
    assert model_levers(ended(many.position, np.full(61, 1 / 61), t=many)) == []


def stored(folder, title="case"):
    """A scenario, and KTAB's results for it in the layout of the shared data."""
    (folder / "inputs").mkdir()
    (folder / "reference").mkdir()
    t = replace(THREE, title=title)
    (folder / "inputs" / f"{title}.csv").write_text(write_csv(t), encoding="utf-8")
    return simulate(t, Model(compat="ktab")), folder / "reference" / f"{title}.json"


def test_the_backtest_is_the_largest_difference_over_every_turn(tmp_path):
    history, result = stored(tmp_path)
    theirs = history.position.copy()
    result.write_text(json.dumps({"positions": theirs.tolist()}), encoding="utf-8")
    same = ktab(tmp_path)
    assert same.n == 1
    assert same.scores["max_abs_difference"].value <= 1e-9
    assert same.scores["stopped_same_turn"].value == 1
    theirs[1, 2, 0] += 0.5
    theirs[1, 0, 0] -= 0.7
    longer = np.concatenate([theirs, theirs[-1:]])
    result.write_text(json.dumps({"positions": longer.tolist()}), encoding="utf-8")
    apart = ktab(tmp_path)
    assert apart.scores["max_abs_difference"].value == pytest.approx(0.7)
    assert apart.scores["stopped_same_turn"].value == 0


def test_what_ktab_does_not_reproduce_is_told_but_not_scored(tmp_path):
    history, result = stored(tmp_path)
    result.write_text(json.dumps({"positions": history.position.tolist()}), encoding="utf-8")
    loose = {"positions": history.position.tolist(), "params": {"VotingRule": "ASymProsp"}}
    for name, answer in (("loose", loose), ("broken", {"failed": True})):
        (tmp_path / "inputs" / f"{name}.csv").write_text(write_csv(THREE), encoding="utf-8")
        result.with_name(f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    found = ktab(tmp_path)
    assert found.n == 1
    assert found.notes[0].startswith("1 scenarios with ASymProsp")
    assert found.notes[1] == "1 scenarios that KTAB fails on: broken"
    result.unlink()
    with pytest.raises(DataError, match="no reproducible scenario"):
        ktab(tmp_path)


def log(history, decimals, head=""):
    """KTAB's `_posLog.csv`: a name, and issue after issue the positions by turn, rounded."""
    names, places = history.table.names, history.position
    rows = [
        ",".join([name, *(f"{x:5.{decimals}f}" for k in range(places.shape[2]) for x in places[:, i, k])])
        for i, name in enumerate(names)
    ]
    return head + "\n".join(rows) + "\n"


@pytest.mark.parametrize("decimals", [1, 2])
def test_ktabs_own_export_is_scored_up_to_its_rounding(tmp_path, decimals):
    t = table([[0.0, 13.37], [98.76, 100.0], [50.0, 41.0]], [[20, 50], [60, 33], [45, 45]], names=["a", "b, c", "d"])
    (tmp_path / "x.csv").write_text(write_csv(t), encoding="utf-8")
    history = simulate(t, Model(compat="ktab", BigRRange="Max"))
    head = "PRNG Seed:00000000000000000012;VictoryProbModel:Linear;VotingRule:Prop;BigRRange:Max\n"
    (tmp_path / "x.csv_posLog.csv").write_text(log(history, decimals, head), encoding="utf-8")
    found = ktab(tmp_path)
    assert (found.n, found.scores["log_scenarios"].value, found.scores["log_stopped_same_turn"].value) == (1, 1, 1)
    off = found.scores["log_max_abs_difference"].value
    assert 0 < off <= 0.5 * 10**-decimals + 1e-9
    assert off == pytest.approx(np.abs(history.position.round(decimals) - history.position).max(), abs=1e-9)
    assert "max_abs_difference" not in found.scores
    assert found.notes == ("1 logs (`log_`) as KTAB prints them, rounded: 1 equal up to that",)
    other = simulate(t, Model(compat="ktab"))  # without its first line the log is of the default options
    (tmp_path / "x.csv_posLog.csv").write_text(log(other, decimals), encoding="utf-8")
    assert ktab(tmp_path).scores["log_max_abs_difference"].value <= 0.5 * 10**-decimals + 1e-9


def test_a_full_result_goes_before_its_log(tmp_path):
    history, result = stored(tmp_path)
    result.write_text(json.dumps({"positions": history.position.tolist()}), encoding="utf-8")
    (tmp_path / "reference" / "case_posLog.csv").write_text("nonsense", encoding="utf-8")
    found = ktab(tmp_path)
    assert (found.n, found.notes) == (1, ())


def test_what_cannot_be_scored_is_listed_and_the_rest_scored(tmp_path):
    history, result = stored(tmp_path)
    result.write_text(json.dumps({"positions": history.position.tolist()}), encoding="utf-8")
    alone = result.with_name("alone.json")
    alone.write_text(json.dumps({"positions": history.position.tolist()}), encoding="utf-8")
    good = log(history, 2)
    broken = {
        "short": (good.split("\n", 1)[1], "2 stakeholders, the scenario has 3"),
        "other": (good.replace("b,", "z,"), "`z` stands where the scenario has `b`"),
        "words": (good.replace("100.00", "many", 1), "b: could not convert"),
        "uneven": (good.replace("100.00,", "", 1), "lines of unequal length"),
        "mood": ("PRNG Seed:1;VotingRule:Mood\n" + good, "VotingRule: `Mood` is none of"),
    }
    for name, (text, _) in broken.items():
        (tmp_path / "inputs" / f"{name}.csv").write_text(write_csv(THREE), encoding="utf-8")
        result.with_name(f"{name}_posLog.csv").write_text(text, encoding="utf-8")
    (tmp_path / "inputs" / "drawn.xml").write_text(write_xml(THREE, Model(StateTransitions="Stochastic")), "utf-8")
    result.with_name("drawn.json").write_text(result.read_text("utf-8"), encoding="utf-8")
    found = ktab(tmp_path)
    assert (found.n, found.scores["max_abs_difference"].value) == (1, pytest.approx(0, abs=1e-9))
    assert found.notes[0].startswith("1 scenarios with Stochastic transitions")
    told = "\n".join(found.notes)
    assert f"not scored: {alone}: no scenario of that name" in told
    for _, says in broken.values():
        assert says in told
    assert told.count("not scored: ") == 1 + len(broken)


def test_a_list_of_positions_is_read_by_turn_actor_and_dimension(tmp_path):
    path = tmp_path / "x_positions.csv"
    path.write_text("turn,actor,dim,position\n0,a,i,1\n0,b,i,2\n1,b,i,4\n1,a,i,3\n", encoding="utf-8")
    assert listed(path).tolist() == [[[1.0], [2.0]], [[3.0], [4.0]]]
    assert json_beside(path) == tmp_path / "x.json"
    assert json_beside(tmp_path / "y.json") == tmp_path / "y.json"
    path.write_text("turn,actor,dim,position\n0,a,i,1\n1,b,i,4\n", encoding="utf-8")
    with pytest.raises(DataError, match="not one position for each of 2 turns, 2 actors"):
        listed(path)
    with pytest.raises(DataError, match="no scenario of that name"):
        scenario_of(tmp_path / "x.json")


def test_a_scenario_is_run_as_ktab_runs_it(tmp_path):
    (tmp_path / "x.csv").write_text(write_csv(THREE), encoding="utf-8")
    read, model = load(tmp_path / "x.csv", {"BigRRange": "Min"})
    assert (model.compat, model.BigRRange, read.names) == ("ktab", "Min", ("a", "b", "c"))
    (tmp_path / "x.xml").write_text(write_xml(THREE, Model(BigRRange="Max")), encoding="utf-8")
    _, model = load(tmp_path / "x.xml", {})
    assert (model.compat, model.BigRRange) == ("ktab", "Max")


def test_accommodation_is_read_from_who_draws_whom():
    pull = np.array([[0.5, 0.25, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.75]])
    text = write_xml(replace(THREE, accommodation=pull), DEFAULT, 9)
    read, _, seed = parse_xml(text, "t.xml")
    assert np.array_equal(read.accommodation, pull)
    assert seed == 9
    assert np.array_equal(parse_csv(write_csv(THREE), "t.csv").accommodation, np.eye(3))


def test_elements_know_their_line_and_their_text():
    root = parse_markup("<a>\n <b> x </b>\n <c/><b>y</b>\n</a>", Faults("t.xml"))
    assert (root.tag, root.attrib) == ("a", {"line": "1"})
    found = [(item.tag, item.attrib["line"], item.text) for item in root]
    assert found == [("b", "2", " x "), ("c", "3", None), ("b", "3", "y")]
