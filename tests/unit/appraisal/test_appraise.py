"""From performances to an appraisal: value functions, floors, regret, pairs, dominance."""

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal import appraise
from contingent.appraisal.appraise import compare, dominance, pareto
from contingent.appraisal.value import value_of
from contingent.errors import InputError, LabelError
from contingent.scenario.option import Criterion


def criterion(**change):
    return Criterion(**{"label": "x", "question": "?", "measure": "judged", "worst": 0, "best": 100, **change})


CRITERIA = {"legal": criterion(label="Legal"), "cost": criterion(label="Cost", better="lower", worst=50, best=0)}


def performance(table):
    return xr.DataArray(
        np.asarray(table, dtype=float),
        dims=("option", "run", "criterion"),
        coords={"option": ["go", "stay"], "run": [0, 1], "criterion": ["legal", "cost"]},
    )


TABLE = performance([[[80, 40], [90, 30]], [[20, 0], [20, 0]]])


def test_value_functions():
    assert value_of(np.array([-5, 0, 25, 100, 120]), CRITERIA["legal"]) == pytest.approx([-0.05, 0, 0.25, 1, 1.2])
    assert value_of(np.array([60, 50, 10, 0]), CRITERIA["cost"]) == pytest.approx([-0.2, 0, 0.8, 1])
    bent = criterion(points=((20, 0.6), (50, 0.9)))
    assert value_of(np.array([-10, 10, 20, 35, 75, 150]), bent) == pytest.approx([-0.3, 0.3, 0.6, 0.75, 0.95, 1.1])
    falling = criterion(worst=50, best=0, points=((10, 0.5),))
    assert value_of(np.array([50, 30, 10, 5, 0]), falling) == pytest.approx([0, 0.25, 0.5, 0.75, 1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"worst": 3, "best": 3}, "both 3"),
        ({"points": ((120, 0.5),)}, "must lie between"),
        ({"points": ((20, 0.9), (60, 0.4))}, "never fall"),
    ],
)
def test_bad_value_functions_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        value_of(np.array([1.0]), criterion(**change))


def test_appraisal_has_every_part():
    found = appraise(TABLE, CRITERIA, seed=1, weights=2_000)
    assert found.values.sel(option="go", criterion="legal").values.tolist() == [0.8, 0.9]
    assert found.ranks.sum("option").values == pytest.approx([1, 1])
    assert found.ranks.sum("rank").values == pytest.approx([1, 1])
    assert found.beats.sel(option="go", other="stay").item() == pytest.approx(
        found.ranks.sel(option="go", rank=1).item()
    )
    assert found.paired.better.sel(option="go", other="go").item() == 0.5
    assert found.best in {"go", "stay"}
    again = appraise(TABLE, CRITERIA, seed=1, weights=2_000)
    assert again.ranks.equals(found.ranks)


def test_an_option_that_breaks_a_floor_too_often_is_excluded_and_the_others_are_as_if_it_were_absent():
    floored = {**CRITERIA, "legal": criterion(label="Legal", floor=50)}
    found = appraise(TABLE, floored, seed=1, weights=500)
    assert found.excluded == ("stay",)
    assert found.broken.sel(criterion="legal").values.tolist() == [0, 1]
    alone = appraise(TABLE.sel(option=["go"]), floored, seed=1, weights=500)
    assert found.ranks.equals(alone.ranks)
    assert found.shares == alone.shares == {"go": 1.0}
    capped = criterion(better="lower", worst=50, best=0, floor=35)
    half = appraise(TABLE, {**CRITERIA, "cost": capped}, seed=1, weights=500)
    assert half.broken.sel(criterion="cost").values.tolist() == [0.5, 0]
    assert half.excluded == ("go",)
    borne = capped.model_copy(update={"floor_risk": 0.5})  # at the edge, it is borne
    assert appraise(TABLE, {**CRITERIA, "cost": borne}, seed=1, weights=500).excluded == ()
    with pytest.raises(InputError, match="every option breaks a floor more often than is borne: go, stay"):
        appraise(TABLE, {**floored, "cost": capped}, seed=1, weights=500)


def test_wrong_labels_and_numbers_are_named():
    with pytest.raises(LabelError, match="duty"):
        appraise(TABLE, {**CRITERIA, "duty": criterion()}, seed=1)
    with pytest.raises(LabelError, match="option, run, criterion"):
        appraise(TABLE.transpose("run", "option", "criterion"), CRITERIA, seed=1)
    broken = TABLE.copy()
    broken[0, 1, 1] = np.nan
    with pytest.raises(InputError, match="go on criterion cost is not a number in run 1"):
        appraise(broken, CRITERIA, seed=1)


def test_dominance_orders():
    better, worse = np.array([3.0, 1, 2]), np.array([0.0, 2, 1])
    assert dominance(better, worse) == 1
    assert dominance(worse, better) == 0
    assert dominance(np.array([2.0, 2]), np.array([1.0, 3])) == 2  # same mean, less spread
    assert dominance(better, better.copy()) == 0


def test_a_tie_is_told_apart_from_being_above():
    score = xr.DataArray(
        [[0.5, 0.7, 0.4, 0.4], [0.4, 0.7, 0.4, 0.6]], dims=("option", "run"), coords={"option": ["a", "b"]}
    )
    pair = compare(score).sel(option="a", other="b")
    assert (pair.above.item(), pair.same.item(), pair.better.item()) == (0.25, 0.5, 0.5)


def test_pairs_are_paired():
    score = xr.DataArray(
        [[0.5, 0.7, 0.9, 0.3], [0.4, 0.6, 0.8, 0.4]], dims=("option", "run"), coords={"option": ["a", "b"]}
    )
    found = compare(score)
    assert found.better.sel(option="a", other="b").item() == 0.75
    assert found["mean"].sel(option="a", other="b").item() == pytest.approx(0.05)
    assert found["mean"].sel(option="b", other="a").item() == pytest.approx(-0.05)


def test_pareto_needs_no_weights():
    values = xr.DataArray(
        [[[0.5, 0.5], [0.9, 0.1]], [[0.5, 0.4], [0.5, 0.5]]],
        dims=("option", "run", "criterion"),
        coords={"option": ["a", "b"]},
    )
    assert pareto(values).values.tolist() == [[0, 0.5], [0, 0]]


def test_worth_is_taken_at_what_happens():
    leaves = xr.DataArray(
        np.zeros((2, 2, 2)), dims=("option", "run", "leaf"),
        coords={"option": TABLE["option"], "run": TABLE["run"], "leaf": TABLE["option"].values},
    )  # fmt: skip
    one, two = TABLE["option"].values
    leaves.loc[{"option": one, "leaf": one}] = 1.0  # the first is what it is; of the second, a quarter comes
    leaves.loc[{"option": two, "leaf": two}] = 0.25
    leaves.loc[{"option": two, "leaf": one}] = 0.75
    plain, found = (appraise(TABLE, CRITERIA, seed=1, weights=500, leaves=each).values for each in (None, leaves))
    assert found.sel(option=one).values == pytest.approx(plain.sel(option=one).values)
    mixed = 0.25 * plain.sel(option=two) + 0.75 * plain.sel(option=one)
    assert found.sel(option=two).values == pytest.approx(mixed.values)


def test_a_chance_to_pass_is_no_value_and_nothing_that_cannot_happen_is_better():
    asked = {name: each.model_copy(update={"measure": "consultation.passes"}) for name, each in CRITERIA.items()}
    none = xr.DataArray(
        np.zeros((2, 2, 2)), dims=("option", "run", "leaf"),
        coords={"option": TABLE["option"], "run": TABLE["run"], "leaf": TABLE["option"].values},
    )  # fmt: skip
    none.loc[{"leaf": TABLE["option"].values[0]}] = 1.0
    assert (appraise(TABLE, asked, seed=1, weights=100, leaves=none).values == 1).all()
    alike = appraise(TABLE, CRITERIA, seed=1, weights=100, leaves=none)
    assert alike.ranks.isel(rank=0).values == pytest.approx([0.5, 0.5])
    assert alike.best == TABLE["option"].values[0]
