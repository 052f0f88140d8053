"""Every measure's sign and number, from tables of two runs worked out by hand."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.ensemble.design import Design
from contingent.errors import ScenarioError
from contingent.quantities import Estimate, Unit
from contingent.scenario.read import read
from contingent.study.formulas import ABSENT, FORMULAS, engine_faults, idle_criteria
from contingent.study.measures import Evidence, performance, result
from contingent.study.study import Study

CASES = Path(__file__).parents[2] / "cases"

TWO = Design(1, 2)


def sure(value, most=np.inf):
    return Estimate(value, value, value, unit=Unit("1", 0, most))


def over(values, *dims, **coords):
    return xr.DataArray(np.array(values, float), dims=("option", "run", *dims),
                        coords={"option": ["stay", "go"], "run": [0, 1], **coords})  # fmt: skip


def evidence(*, who=("PAK", "EGY")):
    """`stay` is the baseline; PAK decides. Two sectors of 2 and 1 million people."""
    sectors = {name: SimpleNamespace(population=sure(n)) for name, n in (("a", 2e6), ("b", 1e6))}
    stakes = {
        "size": SimpleNamespace(position=sure(40.0), salience=sure(30.0)),
        "law": SimpleNamespace(position=sure(100.0), salience=sure(10.0)),
        "else": SimpleNamespace(position=sure(0.0), salience=sure(99.0)),
    }
    options = {
        "stay": SimpleNamespace(judgements={"law": sure(20.0)}, terms={"size": sure(0.0)}),
        "go": SimpleNamespace(judgements={"law": sure(80.0)}, terms={"size": sure(100.0), "law": sure(50.0)}),
    }
    base = SimpleNamespace(
        baseline="stay", contributor="PAK", options=options, theatre=SimpleNamespace(sectors=sectors),
        stakeholders={"usa": SimpleNamespace(stakes=stakes, bloc="")}, criteria={},
        contributors={"PAK": SimpleNamespace(home_support=sure(0.3))},
        process=SimpleNamespace(bloc_correlation=sure(0.5)),
    )  # fmt: skip
    base.value = {"contributors.PAK.home_support": base.contributors["PAK"].home_support}.__getitem__
    tables = {
        "consultation": xr.Dataset({"passes": over([[1, 1], [0.25, 0.75]])}),
        "deployment": xr.Dataset(
            {
                "contributor_troops": over([[0, 0], [500, 0]]),
                "coverage": over([[0.1, 0.2], [0.6, 0.7]]),
                "contributor_cost": over([[0, 0], [3e6, 5e5]]),
            }
        ),
        "weekly": xr.Dataset(
            {
                "ceasefire": over([[[1, 1, 0], [1, 1, 1]], [[1, 0, 0], [1, 0, 1]]], "week"),
                "civilian_deaths": over([[[1, 2, 3], [0, 0, 9]], [[1, 0, 0], [0, 0, 4]]], "week"),
                "outside_deaths": over([[[0, 2, 0], [0, 0, 1]], [[0, 0, 0], [7, 0, 0]]], "week"),
            }
        ),
        "sectors": xr.Dataset(
            {"unmet_need_weeks": over([[[10, 20], [10, 20]], [[4, 20], [10, 25]]], "sector", sector=["a", "b"])}
        ),
        "contributors": xr.Dataset(
            {
                name: over([[[np.nan, 9]] * 2, [[x, 9], [y, 9]]], "contributor", contributor=list(who))
                for name, x, y in (("home_support", 0.45, 0.6), ("own_deaths", 3, 0), ("withdrew", 1, 0))
            }
        ),
    }
    return Evidence(base, dict.fromkeys(options, base), TWO, tables)


def measured(measure, **more):
    """(stay, go) x two runs."""
    found = evidence(**more)
    criterion = SimpleNamespace(measure=measure, unit="u")
    found.base.criteria["law"] = criterion
    array = performance(found)
    assert array.dims == ("option", "run", "criterion")
    return array.sel(criterion="law").to_numpy().tolist()


@pytest.mark.parametrize(
    ("measure", "stay", "go"),
    [
        ("consultation.passes", [1, 1], [0.25, 0.75]),
        # unmet, million person-weeks: stay 10 x 2 + 20 x 1 = 40; go 4 x 2 + 20 = 28 and 10 x 2 + 25 = 45
        ("mission.need_averted", [0, 0], [12, -5]),
        # sends in the first run: its own support; else the 70 % who were not behind a deployment
        ("mission.home_support", [0.7, 0.7], [0.45, 0.7]),
        ("mission.own_deaths", [0, 0], [3, 0]),
        ("mission.withdrawal", [0, 0], [1, 0]),
        ("mission.civilian_deaths", [6, 9], [1, 4]),
        ("mission.outside_deaths", [2, 1], [0, 7]),
        ("mission.ceasefire_holds", [0, 1], [0, 1]),  # in the last week
        ("force.coverage", [0.1, 0.2], [0.6, 0.7]),
        ("force.contributor_cost", [0, 0], [3, 0.5]),  # millions
        ("judged", [20, 20], [80, 80]),
        # stay: |0 - 40|; go: (30 x |100 - 40| + 10 x |50 - 100|) / 40 = 57.5; issues on one side alone do not count
        ("consultation.nearness_usa", [60, 60], [42.5, 42.5]),
    ],
)
def test_each_measure_by_hand(measure, stay, go):
    found = measured(measure)
    assert found[0] == pytest.approx(stay)
    assert found[1] == pytest.approx(go)


def test_a_contributor_that_serves_nowhere_has_no_dead_and_does_not_leave():
    assert measured("mission.own_deaths", who=("IDN", "EGY")) == [[0, 0], [0, 0]]
    assert measured("mission.withdrawal", who=("IDN", "EGY")) == [[0, 0], [0, 0]]
    assert measured("mission.home_support", who=("IDN", "EGY")) == [[0.7, 0.7], [0.7, 0.7]]


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ("mission.own_death", "there is no `mission.own_death`; did you mean `mission.own_deaths`?"),
        ("mission.trops", "there is no `mission.trops`; did you mean `mission.troops`"),
        (
            "consultation.nearness_presiden",
            "there is no stakeholder `presiden` to be near to; did you mean `president`?",
        ),
    ],
)
def test_a_criterion_that_asks_for_what_is_not_there_is_refused_before_a_run(measure, says):
    case = read(CASES / "police.yaml").with_({"criteria.losses.measure": measure})
    assert [path for path, _, _ in engine_faults(case)] == ["criteria.losses.measure"]
    with pytest.raises(ScenarioError, match=re.escape(says)):
        Study(case)


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (
            "mission.need_averted",
            "`mission.need_averted` is not there: no goods are followed; the criterion is left out",
        ),
        ("mission.ceasefire_holds", "there is no cease-fire, and none is hoped for; the criterion is left out"),
    ],
)
def test_a_criterion_of_a_part_that_is_not_there_is_left_out_and_said_to_be(measure, says):
    case = read(CASES / "police.yaml").with_({"criteria.losses.measure": measure})
    assert not list(engine_faults(case))
    assert says in idle_criteria(case)["losses"][1]
    kept = Study(case).scenario.criteria
    assert "losses" not in kept
    assert len(kept) == len(case.criteria) - 1
    of_losses = [{"criterion": "losses", "than": "cost"}, {"order": ["losses", "cost"]}]
    kept = Study(case.with_({"weights": [*of_losses, {"order": ["cost", "losses", "standing"]}]})).scenario
    assert [str(said) for said in kept.weights] == ["cost >= standing"]
    assert 0 < float(Study(kept).run(4).appraisal.ranks[0, 0]) <= 1
    exact = {"weights": [{"criterion": "standing", "equals": 0.3}, {"criterion": "cost", "equals": 0.3}]}
    assert [path for path, _, _ in engine_faults(case.with_(exact))] == ["weights"]  # nothing is left for the rest
    empty = {f"options.{option}.judgements": {} for option in case.options}
    alone = case.with_({"criteria": {"losses": case.criteria["losses"]}, "weights": []} | empty)
    with pytest.raises(ScenarioError, match="is not there"):
        Study(alone)


def test_an_option_without_a_judgement_is_named():
    case = read(CASES / "police.yaml").with_({"options.lead.judgements": {}})
    with pytest.raises(
        ScenarioError, match=r"options.lead.judgements: says nothing of the judged criterion `standing`"
    ):
        Study(case)


@pytest.mark.parametrize(
    "case", ["isf_gaza", "unifil_2006", CASES / "police.yaml", CASES / "buffer_line.yaml"], ids=str
)
def test_every_result_that_a_criterion_may_ask_for_is_there_for_every_option_in_every_run(case):
    found = Study(read(case)).run(20)
    told = [
        name for name, formula in FORMULAS.items() if formula.criterion and set(formula.needs) <= found.scenario.parts
    ]
    assert {"mission.force_deaths", "consultation.days", "attempt.fails"} <= set(told)
    for name in told:
        values = result(name, found.evidence)
        assert values.dims == ("option", "run"), name
        assert values.shape == (len(found.options), 20), name
        assert np.isfinite(values).all(), name


def test_what_a_result_needs_is_a_part_that_can_be_said_to_be_absent():
    assert {part for formula in FORMULAS.values() for part in formula.needs} <= set(ABSENT)
