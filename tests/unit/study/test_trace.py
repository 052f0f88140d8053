"""How a result's parts are taken together, and whose numbers it rests on, at numbers worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.cli.brief import as_text
from contingent.ensemble.design import Design
from contingent.ensemble.summary import centred_ranks
from contingent.errors import InputError
from contingent.quantities import Estimate, Unit
from contingent.study.formulas import FORMULAS, Formula, formula_of
from contingent.study.sampling import Stream
from contingent.study.trace import (
    Input,
    Traced,
    array_of,
    as_record,
    direct,
    focus,
    formula_for,
    leading,
    narrowed,
    ranks_drawn,
    usual_world,
)  # fmt: skip

WEEKLY = xr.DataArray(
    [[[3.0, 1.0, 2.0], [5.0, 5.0, 8.0]], [[0.0, 0.0, 0.0], [1.0, 0.0, 2.0]]],
    dims=("option", "run", "week"), coords={"option": ["a", "b"], "run": [0, 1], "week": [0, 1, 2]},
)  # fmt: skip
PLAN = xr.DataArray(
    [[[10.0, 20.0], [1.0, 2.0]], [[5.0, 5.0], [40.0, 0.0]]],
    dims=("phase", "sector", "task"), coords={"phase": ["x", "y"], "sector": ["n", "s"], "task": ["t", "u"]},
)  # fmt: skip


@pytest.mark.parametrize(
    ("over", "where", "found"),
    [
        ("mean", {"option": "a"}, [2, 6]),
        ("last", {"option": "a"}, [2, 8]),
        ("so_far", {"option": "a"}, [6, 18]),
        ("so_far", {"option": "a", "week": "1"}, [4, 10]),
        ("mean", {"option": "a", "week": "1"}, [1, 5]),
        ("last", {"option": "b", "week": "0"}, [0, 1]),
    ],
)
def test_weeks_are_averaged_summed_or_taken_at_the_end(over, where, found):
    assert narrowed("mission.x", WEEKLY, where, over).to_numpy() == pytest.approx(found)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, 50),  # x: 33 persons, y: 50
        ({"phase": "x"}, 33),
        ({"sector": "n"}, 30),  # x: 30, y: 10
        ({"phase": "y", "sector": "s", "task": "t"}, 40),
    ],
)
def test_persons_add_up_within_a_phase_and_the_largest_phase_counts(where, found):
    assert float(narrowed("force.x", PLAN, where, "phase")) == found


def test_a_label_that_is_not_there_is_named():
    with pytest.raises(InputError, match=r"`m` has no sector; it is over option, run, week"):
        narrowed("m", WEEKLY, {"sector": "n"}, "mean")
    with pytest.raises(InputError, match=r"`m` has no option `c`; known are a, b"):
        narrowed("m", WEEKLY, {"option": "c"}, "mean")


def ranked(**share):
    ranks = xr.DataArray([[s, 1 - s] for s in share.values()], dims=("option", "rank"),
                         coords={"option": list(share), "rank": [1, 2]})  # fmt: skip
    worlds = xr.Dataset({"world": ("run", ["dry", "wet", "wet"])})
    performance = xr.DataArray([[1.0, 2.0]], dims=("run", "criterion"), coords={"criterion": ["cost", "law"]})
    criteria = {"law": SimpleNamespace(measure="judged", question="Is it lawful?", unit=""),
                "cost": SimpleNamespace(measure="force.contributor_cost", question="What is it?", unit="M USD"),
                "near": SimpleNamespace(measure="consultation.nearness_usa", question="?", unit="points")}  # fmt: skip
    return SimpleNamespace(
        options=tuple(share), tables={"worlds": worlds, "t": {"v": WEEKLY}}, force={"assigned": PLAN},
        appraisal=SimpleNamespace(ranks=ranks), performance=performance, first=share.get,
        scenario=SimpleNamespace(baseline="stay", criteria=criteria),
    )  # fmt: skip


def test_the_focus_is_the_option_most_often_first_of_those_that_do_something():
    assert focus(ranked(stay=0.6, go=0.3, help=0.1)) == "go"
    assert focus(ranked(stay=0.1, go=0.3, help=0.6)) == "help"


def test_the_usual_world_is_the_likeliest_in_which_people_go():
    result = ranked(stay=1, go=0)
    nobody, some = (SimpleNamespace(assigned=PLAN * size) for size in (0, 1))
    result.plans = {("stay", "dry"): nobody, ("stay", "wet"): nobody, ("go", "dry"): some, ("go", "wet"): nobody}
    assert usual_world(result, "stay") == "wet"  # the likeliest, where nobody goes in any
    assert usual_world(result, "go") == "dry"


def test_a_formula_finds_its_array():
    result = ranked(stay=1)
    assert array_of(result, Formula("force.assigned", "", "", (), "")) is PLAN
    assert array_of(result, Formula("performance.law", "", "", (), "")).item() == 2
    assert array_of(result, Formula("appraisal.ranks", "", "", (), "")) is result.appraisal.ranks
    result.evidence = SimpleNamespace(tables={"t": {"v": WEEKLY}})
    assert array_of(result, Formula("t.v", "", "", (), "")) is WEEKLY


def test_a_criterions_formula_is_that_of_its_measure():
    result = ranked(stay=1)
    cost = formula_for(result, "performance.cost")
    assert (cost.array, cost.unit, cost.per, cost.over) == ("performance.cost", "M USD", 1, "mean")
    assert cost.inputs == FORMULAS["force.contributor_cost"].inputs
    assert cost.says == "What is it? Measured as force.contributor_cost."
    assert formula_for(result, "performance.law").inputs == ("options",)
    assert formula_for(result, "performance.law").unit == "1"
    assert formula_for(result, "performance.near").inputs == ("options", "stakeholders.usa")
    with pytest.raises(InputError, match=r"there is no result `performance.lawe`; did you mean `performance.law`"):
        formula_for(result, "performance.lawe")
    assert formula_of("force.coverage") == FORMULAS["force.coverage"].says
    assert formula_of("performance.anything").startswith("the option's performance")
    assert formula_of("nothing.of.it") == ""


@pytest.mark.parametrize(
    ("over", "where", "found"),
    [
        ("falls", {"option": "a"}, [0, 1]),
        ("falls", {"option": "a", "week": "0"}, [0, 0]),
        ("falls", {"option": "b"}, [0, 0]),
        ("comes", {"option": "b"}, [1, 0]),
        ("comes", {"option": "b", "week": "0"}, [0, 0]),
    ],
)
def test_a_ceasefire_that_comes_or_falls_is_followed_from_the_first_day(over, where, found):
    states = xr.DataArray(
        [[[1, 1, 1], [1, 0, 1]], [[0, 0, 1], [0, 0, 0]]], dims=("option", "run", "week"),
        coords={"option": ["a", "b"], "run": [0, 1], "week": [0, 1, 2]},
    )  # fmt: skip
    assert narrowed("mission.x", states, where, over).to_numpy().tolist() == found


def test_a_result_of_what_is_not_there_is_told_with_what_to_add():
    result = ranked(stay=1)
    result.scenario.parts = frozenset({"armed"})
    with pytest.raises(
        InputError, match=r"`mission.need` is not there: no goods are followed; add `theatre.crossings`"
    ):
        formula_for(result, "mission.need")
    assert formula_for(result, "mission.events").array == "weekly.events"


def test_draws_are_ranked_as_they_fall():
    design = Design(3, 40)
    drawn = ranks_drawn(design)(Stream("x"))
    assert drawn == pytest.approx(centred_ranks(design.uniform("x")))
    together = Stream("x", "bloc", Estimate(0.5, 0.5, 0.5))
    assert ranks_drawn(design)(together) == pytest.approx(centred_ranks(together.level(design)))
    assert np.linalg.norm(drawn) == pytest.approx(1)


def test_what_serves_at_a_place_is_what_a_plan_rests_on_first():
    assigned = xr.DataArray(
        [[[5.0, 0.0]], [[0.0, 0.0]], [[0.0, 7.0]]], dims=("pledge", "phase", "sector"),
        coords={"pledge": ["p", "q", "r"], "phase": ["x"], "sector": ["n", "s"]},
    )  # fmt: skip
    needs = [SimpleNamespace(id=i, phase="x", sector=s, task="t") for i, s in (("one", "n"), ("two", "s"))]
    result = SimpleNamespace(force={"assigned": assigned}, scenario=SimpleNamespace(requirements=needs))
    assert direct(result, {"sector": "n"}) == ("requirements.one.", "pledges.p.")
    assert direct(result, {"phase": "x"}) == ("requirements.one.", "requirements.two.", "pledges.p.", "pledges.r.")


def traced(*shares, values=(1.0, 3.0), unit="day"):
    inputs = tuple(
        Input(f"process.x{i}", Estimate(2, 1, 3, (f"C{i}",) if i % 2 else (), "" if i % 2 else "guess", Unit("day")), s)
        for i, s in enumerate(shares)
    )
    return Traced(
        "consultation.days", {"option": "go"}, np.array(values), unit, FORMULAS["consultation.days"], inputs, ()
    )


def test_a_trace_is_told_with_what_moves_the_number_and_what_that_rests_on(monkeypatch):
    monkeypatch.setattr("contingent.study.trace.unsaid", lambda scenario: {})
    claim = SimpleNamespace(
        says="It took long.", quote="long", speaker="", attribution="named", grade="B2", document="d"
    )
    scenario = SimpleNamespace(claims={"C1": claim}, documents={"d": SimpleNamespace(title="The paper")})
    result = SimpleNamespace(question=SimpleNamespace(id="abc"), scenario=scenario)
    found = traced(0.5, 0.25, 0.0, values=np.arange(101.0))
    record = as_record(found, result, 2)
    assert (record["value"], record["low"], record["high"]) == pytest.approx((50, 5, 95))
    assert [each["path"] for each in record["inputs"]] == ["process.x0", "process.x1"]
    assert record["inputs_in_all"] == 3
    assert [*record["claims"]] == ["C1"]
    assert record["claims"]["C1"]["document"] == "The paper"
    text = as_text(as_record(found, result, 1))
    assert "= 50 day, 90 % of runs 5 to 95" in text
    assert "inputs that move it most, of 3:" in text
    assert "50.0%  process.x0 = 2 (1 to 3)\n           the author's judgement: guess" in text
    assert "process.x1" not in text
    still = traced(0.0, 0.0, values=[4.0], unit="1")
    assert leading(still) == still.inputs
    assert leading(found) == found.inputs[:2]
    assert list(as_record(found, result, 9)["claims"]) == ["C1"]
    told = as_text(as_record(still, result, 2))
    assert "  = 4\n" in told
    assert "inputs it is computed from, of 2:" in told
    assert "It took long." in told
    assert "The paper, named, grade B2" in told
