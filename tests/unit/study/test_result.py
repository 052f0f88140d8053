"""What a result says of its tables, and which ways of proceeding and inputs it tells of, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.quantities import Estimate, Unit
from contingent.study import insight
from contingent.study.result import Result, plan_table


def weekly():
    data = {"events": ([[[1.0, 2.0, 4.0]]], {"sums": True, "units": "1"}), "weapons": ([[[1.0, 5.0, 9.0]]], {}),
            "trucks": ([[[7.0, 7.0, 3.0]]], {"sums": False})}  # fmt: skip
    return xr.Dataset({name: (("option", "run", "week"), v, attrs) for name, (v, attrs) in data.items()})


def test_series_that_count_are_summed_and_states_are_taken_at_the_end():
    result = Result(None, {}, {}, {"weekly": weekly()}, None, None)  # pyright: ignore[reportArgumentType]
    found = result.mission
    assert found["events"].item() == 7
    assert found["trucks"].item() == 3
    assert found[next(name for name in found if str(name).startswith("weapons"))].item() == 9
    assert found["events"].attrs["units"] == "1"


def test_acceptance_is_the_share_of_runs_that_pass_and_worlds_come_once():
    passes = xr.DataArray([[0.0, 1.0], [0.25, 0.25]], dims=("option", "run"))
    plans = dict.fromkeys([("a", "wet"), ("a", "dry"), ("b", "wet"), ("b", "dry")])
    result = Result(None, {}, plans, {"consultation": xr.Dataset({"passes": passes})}, None, None)  # pyright: ignore
    assert result.consultation["acceptance"].to_numpy().tolist() == [0.5, 0.25]
    assert result.worlds == ("wet", "dry")


def test_a_plans_table_is_summed_over_unit_types():
    units = xr.DataArray([[1.0, 2.0], [10.0, 20.0]], dims=("unit_type", "sector"))
    plan = SimpleNamespace(assigned=units.rename(unit_type="pledge"), required=units, shortfall=2 * units,
                           critical=3 * units)  # fmt: skip
    found = plan_table(plan)
    assert found["assigned"].to_numpy().tolist() == [[1, 2], [10, 20]]
    assert found["required"].to_numpy().tolist() == [11, 22]
    assert found["shortfall"].to_numpy().tolist() == [22, 44]
    assert found["critical"].to_numpy().tolist() == [33, 66]


def test_the_gap_is_the_best_active_option_less_the_baseline():
    result = SimpleNamespace(options=("go", "stay", "help"), scenario=SimpleNamespace(baseline="stay"))
    score = np.array([[0.2, 0.4], [0.9, 0.9], [0.5, 0.3]])  # help is best on average of the two that act
    assert insight._gap(result, score).tolist() == pytest.approx([-0.4, -0.6])


def adaptive_result(*, before=None, trigger="event.vote"):
    way = SimpleNamespace(start="stay", then="go", trigger=trigger, before=before)
    vote = SimpleNamespace(delay=Estimate(70.0, 70.0, 70.0, unit=Unit("day", 0)))
    scenario = SimpleNamespace(
        adaptive={"wait": way, "other": SimpleNamespace(start="stay", then="not_run")}, horizon=100,
        process=SimpleNamespace(events={"vote": vote}), criteria={}, weights=(),
    )  # fmt: skip
    return SimpleNamespace(
        scenario=scenario, design=Design(1, 2), options=("stay", "go"), question=SimpleNamespace(seed=1),
        tables={"worlds": xr.Dataset({"world": ("run", ["vote", "no_vote"])})}, performance=None, leaves=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "comes"), [(None, [True, False]), (69.0, [False, False]), (70.0, [True, False]), (700.0, [True, False])]
)
def test_a_way_in_steps_goes_over_where_its_event_comes_in_time(monkeypatch, before, comes):
    asked = {}
    monkeypatch.setattr(insight, "adapt", lambda *args: asked.update(args=args))
    monkeypatch.setattr(insight, "with_adaptive", lambda performance, found: found)
    monkeypatch.setattr(insight, "appraise", lambda found, *_, **__: found)
    found = insight.adaptive(adaptive_result(before=before))
    assert [*found] == ["wait"]  # the other way's second option was not run
    _, start, then, which, share = asked["args"]
    assert (start, then) == ("stay", "go")
    assert which.tolist() == comes
    assert share.tolist() == pytest.approx([0.1, 0.1])  # 70 of 700 days


def test_a_trigger_that_is_no_event_is_named():
    with pytest.raises(InputError, match=r"adaptive.wait.trigger: there is no event `vot`; did you mean `vote`"):
        insight.adaptive(adaptive_result(trigger="event.vot"))
    none = adaptive_result()
    none.scenario.adaptive = {}
    assert insight.adaptive(none) is None


def test_a_box_is_cut_where_an_option_is_best(monkeypatch):
    seen = []
    monkeypatch.setattr(insight, "discover", lambda inputs, best: seen.append(best.tolist()) or (best.any() and "box"))
    result = SimpleNamespace(options=("a", "b", "c"))
    score = np.array([[3.0, 1.0], [1.0, 2.0], [0.0, 0.0]])
    assert insight.boxes(result, score, {}) == {"a": "box", "b": "box"}
    assert seen == [[True, False], [False, True], [False, False]]


def test_the_strongest_inputs_are_those_that_move_any_option_beside_the_others(result):
    score = result.appraisal.score.transpose("option", "run").to_numpy()
    found = insight.strongest(result, score)
    assert len(found) == insight.STRONGEST
    beside = score - score.mean(axis=0)
    ranks = np.argsort(np.argsort(beside, axis=1), axis=1)
    strength = [max(abs(np.corrcoef(np.argsort(np.argsort(v)), row)[0, 1]) for row in ranks) for v in found.values()]
    assert strength[0] == max(strength)
    assert strength[0] > 3 * strength[-1]
    path, values = next(iter(found.items()))
    said = dict(result.scenario.estimates())[path]
    assert np.quantile(values, [0.05, 0.95]) == pytest.approx([said.low, said.high], rel=0.05, abs=0.05)


def test_influence_is_the_larger_of_worth_and_passing_and_leaves_the_options_out(result):
    found = result.influence
    assert not [path for path in found if path.startswith("options.")]
    assert max(found.values()) > 0.02
    assert all(0 <= share <= 1 for share in found.values())
    assert any(path.startswith(("process.", "stakeholders.")) for path, share in found.items() if share)
