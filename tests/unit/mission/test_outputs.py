"""What a run gives back: sums, ends, means and quantiles of small histories, by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.ensemble.design import Design
from contingent.mission.explain import numbers, shares
from contingent.mission.outputs import (
    AT_THE_END,
    Mission,
    contributor_rows,
    dataset,
    dated,
    headline_arrays,
    headline_dataset,
    headline_rows,
    truce,
)
from contingent.mission.report import branches, by_branch, of_headline, of_mission, to_text
from contingent.mission.simulate import chunks
from contingent.streams import Streams

WEEKLY = {
    "events": [[1, 2, 3], [0, 0, 4]], "own_deaths": [[0, 1, 0], [2, 0, 5]], "need": [[0.5, 0.4, 0.3], [0.6, 0.7, 0.8]],
    "support": [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]], "legitimacy": [[0.5] * 3, [0.4] * 3],
    "capacity": [[0.2] * 3, [0.3] * 3], "armed": [[9, 8, 7], [5, 5, 6]], "crossings_open": [[1, 0.5, 0], [1, 1, 1]],
    "coverage": [[0, 0.3, 0.6], [0, 0, 0]], "ceasefire": [[1, 1, 1], [1, 0, 1]], "troops": [[10, 20, 20], [0, 0, 0]],
}  # fmt: skip
"""Two runs of three weeks, (run, week)."""


def rows():
    weekly = {name: np.array(values, np.float32).T for name, values in WEEKLY.items()}
    return headline_rows(weekly, np.array([[0, 1], [0, 1], [1, 0]], np.float32))


def test_counts_are_summed_states_are_those_of_the_last_week_and_two_are_averaged():
    found = {name: values.tolist() for name, values in rows().items()}
    assert found["events"] == [6.0, 4.0]
    assert found["own_deaths"] == [1.0, 7.0]
    assert found["need"] == pytest.approx([0.3, 0.8])
    assert found["support"] == pytest.approx([0.3, 0.1])
    assert found["armed"] == [7.0, 6.0]
    assert found["crossings_open"] == [0.5, 1.0]
    assert found["coverage"] == pytest.approx([0.3, 0.0])
    assert found["ceasefire_fell"] == [0.0, 1.0]
    assert found["ceasefire_holds"] == [1.0, 1.0]
    assert "ceasefire_came" not in found  # it was in force
    assert found["contributors_left"] == [1.0, 2.0]
    assert "troops" not in found  # a state that nobody asks about first
    assert set(AT_THE_END) <= set(found)


def mission():
    weekly = dataset({name: np.array(v, np.float32) for name, v in WEEKLY.items()}, {"run": [0, 1], "week": [1, 2, 3]})
    sectors = dataset({"events": np.array([[1.0, 5], [4, 0]])}, {"run": [0, 1], "sector": ["a", "b"]})
    contributors = dataset(
        {"withdrew": np.array([[0.0, 0, 1], [1, 1, 0]]), "own_deaths": np.array([[0.0, 1, 0], [2, 5, 0]]),
         "withdrawal_week": np.array([[np.nan, np.nan, 3], [1, 2, np.nan]])},
        {"run": [0, 1], "contributor": ["AAA", "BBB", "CCC"]},
    )  # fmt: skip
    return Mission(weekly, sectors, contributors)


def test_the_headline_of_labelled_histories_is_that_of_the_arrays():
    found = mission().headline
    for name, values in rows().items():
        np.testing.assert_allclose(found[name], values)
        assert found[name].dims == ("run",)
    assert found["events"].attrs["units"] == "event"
    assert found["contributors_left"].attrs["units"] == "1"


def test_units_and_whether_a_result_adds_up():
    told = {
        "events": ("event", 1), "need": ("1", 0), "registered": ("person", 1), "armed": ("person", 0),
        "debris_removed": ("tonne", 1), "withdrawal_week": ("week", 0),
    }  # fmt: skip
    found = dataset(dict.fromkeys(told, np.zeros((1, 1))), {"run": [0], "week": [1]})
    assert {str(name): (each.attrs["units"], each.attrs["sums"]) for name, each in found.items()} == told


def outputs():
    series = {name: np.array(values, np.float32).T for name, values in WEEKLY.items()}
    series["disarmed"] = np.array([[10, 0], [20, 4], [0, 0]], np.float32)
    ends = {"present": np.array([[1, 0], [1, 1.0]]), "own_deaths": np.array([[3, 4], [1, 0.0]])}
    return SimpleNamespace(series=series, by_contributor=ends, weekly=np.zeros((1, 3, 2)))


def inputs():
    return SimpleNamespace(
        contributors=("AAA", "BBB"), parameter=lambda name: {"register_inflation": np.array([2.0, 3])}[name],
    )  # fmt: skip


def test_who_registers_is_who_disarms_times_the_inflation_of_the_register():
    found = headline_arrays(inputs(), outputs())
    assert found["disarmed"].tolist() == [30.0, 4.0]
    assert found["registered"].tolist() == [60.0, 12.0]
    assert found["contributors_left"].tolist() == [0.0, 1.0]


def test_deaths_of_one_contributor_and_whether_it_leaves():
    def told(code):
        return {name: values.tolist() for name, values in contributor_rows(inputs(), outputs(), code).items()}

    assert told("AAA") == {"contributor_own_deaths": [3.0, 4.0], "contributor_withdrew": [0.0, 1.0]}
    assert told("BBB") == {"contributor_own_deaths": [1.0, 0.0], "contributor_withdrew": [0.0, 0.0]}
    assert told("CCC") == {"contributor_own_deaths": [0.0, 0.0]}


def test_what_becomes_of_a_cease_fire():
    """Columns: holds; falls in the first week; falls and is restored; comes and holds; never comes."""
    weeks = np.array([[1, 1, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 1, 1, 0]], np.float32)
    found = {name: each.tolist() for name, each in truce(weeks).items()}
    assert found["ceasefire_came"] == [True, True, True, True, False]
    assert found["ceasefire_fell"] == [False, True, True, False, False]
    assert found["ceasefire_holds"] == [True, False, True, True, False]


def test_branches_are_told_apart_where_each_is_often_enough():
    came, fell = np.array([1] * 90 + [0] * 10), np.array([1] * 30 + [0] * 70)
    assert {name: int(runs.sum()) for name, runs in branches(came, fell).items()} == {
        "holds": 60, "falls": 30, "never": 10,
    }  # fmt: skip
    assert set(branches(came, np.array([1] * 4 + [0] * 96))) == {"holds", "never"}
    assert branches(np.ones(100), np.array([1] * 4 + [0] * 96)) == {}


def test_people_killed_are_told_by_branch_and_what_nobody_dies_of_is_not():
    rows = {"ceasefire_fell": np.array([0, 0, 1.0, 1]), "own_deaths": np.array([1, 3, 10.0, 20]),
            "outside_deaths": np.zeros(4)}  # fmt: skip
    found = by_branch(headline_dataset(rows, np.arange(4)))
    assert set(found) == {"holds", "falls"}
    assert found["holds"]["chance"] == 0.5
    assert found["holds"]["own_deaths"]["q50"] == 2
    assert found["falls"]["own_deaths"]["mean"] == 15
    assert "outside_deaths" not in found["falls"]
    assert by_branch(headline_dataset({"events": np.arange(4.0)}, np.arange(4))) == {}


def test_what_happens_or_does_not_is_told_as_a_chance():
    rows = {"ceasefire_fell": np.array([0, 0, 1.0, 1]), "contributors_left": np.array([0, 0, 0, 2.0])}
    found = of_headline(headline_dataset(rows, np.arange(4)))
    assert found["ceasefire_fell"] == {"unit": "1", "chance": 0.5, "monte_carlo_error": pytest.approx(0.288675)}
    assert found["contributors_left"]["any"]["chance"] == 0.25
    asked = {"contributor": "KEN", "world": "", "label": "x", "runs": 4, "weeks": 1, "seed": 1}
    text = to_text({"headline": found, "from": "2025-10-28", "until": "2025-11-03", **asked})
    assert "the cease-fire falls at some time                       50.0  29" in text
    assert "any contributor takes its people home                   25.0  25" in text
    assert "ceasefire_fell" not in text


def test_the_summary_of_a_headline():
    found = of_headline(headline_dataset({"events": np.arange(21.0)}, np.arange(21)))["events"]
    assert found["unit"] == "event"
    assert found["mean"] == 10
    assert [found[q] for q in ("q05", "q25", "q50", "q75", "q95")] == [1, 5, 10, 15, 19]
    # variance of 0..20 is (21**2 - 1)/12 x 21/20 = 38.5; error sqrt(38.5/21)
    assert found["monte_carlo_error"] == pytest.approx(np.sqrt(38.5 / 21))
    assert of_headline(headline_dataset({"events": np.ones(1)}, np.arange(1)))["events"]["monte_carlo_error"] is None


def test_the_summary_of_a_mission():
    found = of_mission(mission())
    assert found["sectors"] == {"a": {"events": 2.5}, "b": {"events": 2.5}}
    assert found["contributors"]["AAA"] == {"withdrew": 0.5, "own_deaths": 1.0}
    assert found["contributors"]["BBB"] == {"withdrew": 0.5, "own_deaths": 3.0}
    assert found["weekly"]["events"]["unit"] == "event"
    assert found["weekly"]["events"]["q50"] == [0.5, 1.0, 3.5]
    assert found["weekly"]["ceasefire"] == {"unit": "1", "chance": [1.0, 0.5, 1.0]}
    assert found["headline"]["own_deaths"]["mean"] == 4.0
    need = found["weekly"]["need"]
    assert need["q05"] == pytest.approx([0.505, 0.415, 0.325])
    assert need["unit"] == "1"


def test_weeks_are_dates():
    weekly = dated(xr.Dataset({"need": ("week", [0.5, 0.4, 0.3])}, {"week": [1, 2, 3]}), date(2025, 10, 28))
    assert weekly["date"].dt.strftime("%Y-%m-%d").values.tolist() == ["2025-10-28", "2025-11-04", "2025-11-11"]


def test_the_text_says_whose_deaths_in_which_world_and_what_it_comes_through():
    row = {"q50": 3.0, "q05": 1.0, "q95": 9.0, "mean": 4.0, "monte_carlo_error": 0.5, "unit": "person"}
    found = {
        "headline": {
            "own_deaths": row, "events": row | {"unit": "event"}, "contributor_own_deaths": row | {"q50": 2.0},
        },
        "contributor": "PAK", "world": "", "label": "An option", "runs": 1200, "weeks": 26, "seed": 5,
        "from": "2025-10-28", "until": "2026-04-27",
        "against": "decline",
        "split": {"own_deaths": {"security": 1.5, "aid": -0.5}},
        "sobol": {"own_deaths": {"equation 4": {"first": 0.1, "total": 0.9}}},
    }  # fmt: skip
    lines = to_text(found).splitlines()
    assert lines[0] == "An option: 1,200 runs, seed 5; 26 weeks, 28 October 2025 to 27 April 2026"
    assert lines[1] == "in no world of the scenario's events, as the option is, both options alike"
    assert lines[3].split() == ["deaths", "of", "the", "whole", "force", "3", "1", "9", "4", "0.5", "person"]
    assert lines[4].split() == ["of", "them", "PAK's", "own", "2", "1", "9", "4", "0.5", "person"]
    assert lines[5].split()[:2] == ["events", "3"]
    assert "mean difference from decline, and what it comes through" in lines
    # 1.5 - .5 in all
    assert any(line.split()[-3:] == ["1", "1.5", "-0.5"] for line in lines)
    assert lines[-1].split()[-1] == "0.90"
    assert lines[-2].split() == ["eq.", "4"]
    plain = {key: value for key, value in found.items() if key not in ("split", "sobol")} | {"world": "peace"}
    assert to_text(plain).splitlines()[1] == "in the world peace"


def test_shares_are_means_over_the_runs():
    difference = xr.Dataset(
        {"events": (("channel", "run"), np.array([[1.0, 3.0], [-2.0, 0.0]]))}, coords={"channel": ["security", "aid"]}
    )
    assert shares(difference) == {"events": {"security": 2.0, "aid": -1.0}}


def test_which_parameters_go_with_the_mandate_and_which_with_the_theatre():
    some = SimpleNamespace(parameters=("coercion", "attack_risk", "event_rate", "force_share"))
    assert numbers("use_of_force", some) == [0, 1]
    assert numbers("command", some) == [3]
    both = SimpleNamespace(parameters=("consent_share", "support_at_start", "event_rate", "coercion"))
    assert numbers("legal_basis", both) == [0, 1]
    assert numbers("theatre", both) == [2]


def test_very_many_runs_are_cut_into_chunks_with_seeds_of_their_own():
    found = chunks(9, 25_000)
    assert [(d.seed, d.runs) for d in found[:1]] == [(9, 10_000)]
    assert [d.runs for d in found] == [10_000, 10_000, 5000]
    assert found[1] == Design(int(Streams(9).counter_key("mission.batch.1")), 10_000)
    assert found[2].seed == int(Streams(9).counter_key("mission.batch.2"))
    assert chunks(9, 10_000) == [Design(9, 10_000)]
