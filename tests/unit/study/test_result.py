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
from contingent.study import insight, sampling
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

    def discover(inputs, best, *, chance):
        seen.append((best.tolist(), chance))
        return best.any() and "box"

    monkeypatch.setattr(insight, "discover", discover)
    result = SimpleNamespace(ranked=("a", "b", "c", "d"))
    score = np.array([[3.0, 1.0], [1.0, 2.0], [0.0, 0.0], [-1.0, -1.0]])
    assert insight.boxes(result, score, {}) == {"a": "box", "b": "box"}
    assert seen[:2] == [([True, False], 0.0025), ([False, True], 0.0025)], "one in a hundred over all options"


def score_of(result):
    return result.appraisal.score.transpose("option", "run").to_numpy()


def test_the_strongest_inputs_are_those_that_move_any_option_beside_the_others(result):
    score = score_of(result)
    paths = sampling.strongest(result.scenario, result.design, score)
    assert len(paths) == sampling.STRONGEST
    assert not any(path.startswith("options.") for path in paths)
    half = np.arange(score.shape[1]) % 2 == 0  # what is found is judged on the others
    beside = (score - score.mean(axis=0))[:, half]
    ranks = np.argsort(np.argsort(beside, axis=1), axis=1)
    found = sampling.draws(result.scenario, result.design, paths)
    tried = [values[half] for values in found.values()]
    strength = [max(abs(np.corrcoef(np.argsort(np.argsort(v)), row)[0, 1]) for row in ranks) for v in tried]
    assert strength[0] == max(strength)
    assert strength[0] > 2 * strength[-1]
    other = np.where(half, score, np.random.default_rng(1).random(score.shape))
    assert sampling.strongest(result.scenario, result.design, other) == paths
    path, values = next(iter(found.items()))
    said = dict(result.scenario.estimates())[path]
    assert np.quantile(values, [0.05, 0.95]) == pytest.approx([said.low, said.high], rel=0.05, abs=0.05)


def test_a_position_and_how_much_it_matters_are_found_together(result):
    stake = "stakeholders.egypt.stakes.participation"
    one, two = (
        sampling.streams(result.scenario)[f"{stake}.{part}"].level(result.design) for part in ("position", "salience")
    )
    rng = np.random.default_rng(1)
    score = np.array([0.5 + (one - 0.5) * (two - 0.5), np.full(one.size, 0.5)]) + rng.normal(0, 0.02, (2, one.size))
    groups = sampling.together(result.scenario, result.design, score)
    assert next(iter(groups)) == "stakeholders.egypt"
    assert set(groups["stakeholders.egypt"][:2]) == {f"{stake}.position", f"{stake}.salience"}
    assert len(groups) <= sampling.RECORDS
    assert all(len(paths) <= sampling.EACH for paths in groups.values())
    drawn = sampling.draws(result.scenario, result.design, [path for paths in groups.values() for path in paths])
    (name, gain), *_ = insight.information(score, drawn, groups).items()
    assert name == "stakeholders.egypt"
    assert abs(gain.value - 1 / 32) < 3 * gain.error + 0.004  # E max(uv, 0) of two even on -1/2 to 1/2


def tried(monkeypatch, *, real=0.1, pledges=10):
    """A lead that `x` takes away beyond .5, where trials say that the other option is then ahead by `real`."""
    rng = np.random.default_rng(3)
    x, idle, noise = rng.random(400), rng.random(400), rng.normal(0, 0.01, 400)
    asked = []

    def trial(result, path="", value=0.0):
        asked.append((path, value))
        lead = real * (value - 0.6) / 0.35 if path == "x" else -0.05
        return {"go": np.full(300, 0.5), "stay": 0.5 + lead + noise[:300]}

    monkeypatch.setattr(insight, "trial", trial)
    case = SimpleNamespace(pledges=range(pledges), requirements=range(10))
    plans = {("go", "dry"): None, ("stay", "dry"): None}
    result = SimpleNamespace(ranked=("go", "stay"), plans=plans, scenarios={"go": case, "stay": case})
    # idle seems to tip: it is what x is, shuffled within halves of its range
    score = np.array([np.where(x < 0.75, 0.55, 0.42) + noise, np.full(400, 0.5)])
    shadow = np.where(x < 0.75, 0.75 * idle, 0.75 + 0.25 * idle)
    return insight.tipping(result, {"x": x, "shadow": shadow}, score), asked


def test_a_tipping_point_is_tried_out_in_new_runs(monkeypatch):
    (point,), asked = tried(monkeypatch)
    assert point.name == "x", "what only went along with it moves nothing when it is set"
    assert point.above
    assert point.to == "stay"
    assert point.set_to == pytest.approx(0.95, abs=0.02)
    assert [path for path, _ in asked] in (["", "x", "shadow", "x"], ["", "shadow", "x", "x"])
    assert asked[-1][1] == pytest.approx(point.at), "beyond .6 the trials have it ahead, so .7 to .8 stands"
    assert 0.68 < point.at < 0.8


def test_a_tipping_point_moves_to_where_trials_have_it(monkeypatch):
    monkeypatch.setattr(insight, "crossings", lambda *_: [(0.01, insight.Tipping("x", 0.4, True, "stay", 0.6))])
    (point,), asked = tried(monkeypatch)
    assert asked[-1] == ("x", 0.4)
    assert point.at == pytest.approx(0.6, abs=0.01)
    assert point.share == pytest.approx(0.4, abs=0.06)


def test_what_trials_do_not_bear_out_is_no_tipping_point(monkeypatch):
    assert tried(monkeypatch, real=-0.1)[0] == ()
    assert tried(monkeypatch, real=0.0)[0] == ()


def test_where_plans_are_large_unseen_runs_are_looked_at(monkeypatch):
    found, asked = tried(monkeypatch, pledges=insight.CHEAP // 20 + 1)
    assert not asked
    assert {point.name for point in found} == {"x", "shadow"}
    assert all(point.set_to is None for point in found)


def test_a_trial_runs_the_study_again_with_one_number_set(result):
    path = "stakeholders.united_states.stakes.participation.position"
    value = dict(result.scenario.estimates())[path].best
    one, two = insight.trial(result, path, value), insight.trial(result)
    assert set(one) == set(result.options)
    runs = max(result.question.runs // 2, 300)
    assert {each.shape for each in one.values()} == {(runs,)}
    assert not np.array_equal(two["decline"][:300], score_of(result)[0][:300]), "on fresh draws"


def test_influence_is_the_larger_of_worth_and_passing_and_leaves_the_options_out(result):
    found = result.influence
    assert not [path for path in found if path.startswith("options.")]
    assert max(found.values()) > 0.02
    assert all(0 <= share <= 1 for share in found.values())
    assert any(path.startswith(("process.", "stakeholders.")) for path, share in found.items() if share)
