"""What a result says of its tables, and which ways of proceeding and inputs it tells of, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal import appraise
from contingent.consultation.dispositions import INNER
from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.scenario.option import Criterion
from contingent.study import insight
from contingent.study.result import Result, leaves_of, plan_table


def criterion():
    return Criterion(label="x", question="?", measure="judged", worst=0, best=100)


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
    scenario = SimpleNamespace(
        adaptive={"wait": way, "other": SimpleNamespace(start="stay", then="not_run")}, horizon=100, baseline="stay",
        process=SimpleNamespace(events={"vote": None}), criteria={"x": criterion()}, weights=(),
    )  # fmt: skip
    table = xr.DataArray([[[20.0], [20.0]], [[80.0], [80.0]]], dims=("option", "run", "criterion"),
                         coords={"option": ["stay", "go"], "run": [0, 1], "criterion": ["x"]})  # fmt: skip
    late = xr.DataArray([[[0.1, 0.9]], [[1.0, 0.0]]], dims=("run", "proposal", "leaf"),
                        coords={"run": [0, 1], "proposal": ["go"], "leaf": ["stay", "go"]})  # fmt: skip
    walked = xr.DataArray([[35.0], [0.0]], dims=("run", "proposal"), coords={"run": [0, 1], "proposal": ["go"]})
    troops = xr.DataArray([[0.0, 0.0], [9.0, 9.0]], dims=("option", "run"), coords={"option": ["stay", "go"]})
    return SimpleNamespace(
        scenario=scenario, design=Design(1, 2), options=("stay", "go"), ranked=("stay", "go"), performance=table,
        appraisal=appraise(table, scenario.criteria, seed=1, weights=10),
        tables={"outlook": xr.Dataset({"carried_out_late": late, "walked": walked}),
                "deployment": xr.Dataset({"contributor_troops": troops})},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "comes"), [(None, [True, False]), (69.0, [False, False]), (70.0, [True, False]), (700.0, [True, False])]
)
def test_a_way_in_steps_goes_over_where_its_event_comes_in_time(monkeypatch, before, comes):
    days = np.tile(np.array([[70.0], [np.inf]]), (1, INNER)).ravel()
    monkeypatch.setattr(insight, "happening", lambda scenario, design: {"vote": days})
    asked = {}
    monkeypatch.setattr(insight, "in_steps", lambda *args: asked.update(args=args))
    assert [*insight.adaptive(adaptive_result(before=before))] == ["wait"]  # the other's second option was not run
    _, weights, start, went, came = asked["args"]
    assert weights.shape == (10, 1)
    assert start == "stay"
    assert came.tolist() == comes
    limit = 700.0 if before is None else before  # without the event, going over is put to the gates on the last day
    share = [((70.0 if comes[0] else limit) + 35.0) / 700, limit / 700]
    reached = [0.9 * 0.8 + 0.1 * 0.2, 0.2]  # once over: what comes of it with time enough; nothing where it never does
    expected = [min(s, 1) * 0.2 + (1 - min(s, 1)) * r for s, r in zip(share, reached, strict=True)]
    assert went.ravel() == pytest.approx(expected)


def test_a_trigger_that_is_no_event_is_named():
    with pytest.raises(InputError, match=r"adaptive.wait.trigger: there is no event `vot`; did you mean `vote`"):
        insight.adaptive(adaptive_result(trigger="event.vot"))
    none = adaptive_result()
    none.scenario.adaptive = {}
    assert insight.adaptive(none) == {}


def test_where_nobody_comes_the_baseline_holds_and_what_was_not_run_is_the_baseline():
    known = xr.DataArray([[[0.1, 0.6, 0.3]], [[0.1, 0.6, 0.3]]], dims=("run", "proposal", "leaf"),
                         coords={"run": [0, 1], "proposal": ["go"], "leaf": ["stay", "go", "help"]})  # fmt: skip
    troops = xr.DataArray([[0.0, 0.0], [9.0, 0.0]], dims=("option", "run"), coords={"option": ["stay", "go"]})
    tables = {"outlook": xr.Dataset({"carried_out": known}),
              "deployment": xr.Dataset({"contributor_troops": troops})}  # fmt: skip
    found = leaves_of(tables, ["stay", "go"], "stay")
    assert found.sel(option="stay").values.tolist() == [[1, 0], [1, 0]]
    assert found.sel(option="go").values == pytest.approx(np.array([[0.4, 0.6], [1, 0]]))


def test_a_box_is_cut_where_an_option_is_best(monkeypatch):
    seen = []
    monkeypatch.setattr(insight, "discover", lambda inputs, best: seen.append(best.tolist()) or (best.any() and "box"))
    result = SimpleNamespace(ranked=("a", "b", "c"))
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
