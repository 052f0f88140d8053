"""Who comes, from a panel of a few rows: the fit's own equations, what is taught by when, and whom to ask first."""

from __future__ import annotations

from math import exp, log, log1p

import numpy as np
import pandas as pd
import pytest
from small_case import case, contributor, need, pledge

from contingent.errors import DataError
from contingent.force.candidates import ALONE, SHARED, Records, features, hosts, scaled, service
from contingent.force.coalition import Force
from contingent.force.delivery import MONTHS, rate
from contingent.force.propensity import PENALTY, features_of, fit, rolling, rows, served_before, starts
from contingent.force.states import State
from contingent.force.whom_to_ask import whom_to_ask
from contingent.scoring import auc, calibration_error

NOW = 2006 * 12 + 7  # the small case is of August 2006


def logistic(score: float) -> float:
    return 1 / (1 + exp(-score))


def panel(*missions: tuple[str, int, list[int]], **columns: list[float]) -> pd.DataFrame:
    """Missions with their month and whether each of some states came; `columns` by state, alike in every mission."""
    found = []
    for mission, month, came in missions:
        for i, y in enumerate(came):
            row = {"c": f"S{i}", "m": mission, "t0": month, "y": y, "size": 100.0 * (i + 1) if y else np.nan}
            found.append(row | {name: values[i] for name, values in columns.items()})
    return pd.DataFrame(found)


def test_without_any_difference_everybody_comes_as_often_as_before() -> None:
    taught = panel(("A", 0, [1, 0, 0, 0]), same=[7.0] * 4)
    model = fit(taught)
    assert model.probability(taught) == pytest.approx([0.25] * 4)
    half = 1.6449 / (4 * 0.25 * 0.75) ** 0.5  # 90 % of a logit's normal
    low, high = model.interval(taught)
    assert low == pytest.approx([logistic(log(1 / 3) - half)] * 4)
    assert high == pytest.approx([logistic(log(1 / 3) + half)] * 4)
    assert model.sizes.tolist() == [100.0]  # of those who came
    assert (model.mean.tolist(), model.scale.tolist()) == ([7.0, 0.0], [1.0, 1.0])  # no predecessor force either


def test_the_ridge_is_where_its_slope_is_nought() -> None:
    taught = panel(("A", 0, [1, 1, 0, 0, 0, 1]), size_before=[5.0, 4, 1, 0, 3, 0], near=[1.0, 0, 0, 1, 0, 1])
    model = fit(taught.drop(columns="m"))
    x = (taught[["size_before", "near"]].to_numpy(float) - model.mean) / model.scale
    missed = taught["y"].to_numpy() - model.probability(taught.drop(columns="m"))
    assert x.mean(0) == pytest.approx(0, abs=1e-12)
    assert x.std(0) == pytest.approx(1)
    assert missed.sum() == pytest.approx(0, abs=1e-6)  # the intercept is free
    assert x.T @ missed == pytest.approx(model.weight / PENALTY, abs=1e-6)
    design = np.column_stack([np.ones(6), x])
    p = model.probability(taught.drop(columns="m"))
    curvature = design.T @ np.diag(p * (1 - p)) @ design + np.diag([0, 10, 10])
    assert model.covariance == pytest.approx(np.linalg.inv(curvature))


def test_what_is_known_leaves_out_what_happened() -> None:
    taught = panel(("MINUSMA", 0, [1, 0]), x=[1.0, 2.0]).assign(c=["Togo", "Nepal"])
    assert features_of(taught).columns.tolist() == ["x", "predecessor"]
    assert features_of(taught)["predecessor"].tolist() == [1.0, 0.0]
    assert features_of(taught.drop(columns="m")).columns.tolist() == ["x"]
    assert served_before("UNMIL", "Nigeria")
    assert not served_before("Nigeria", "UNMIL")
    for same in ([1, 1], [0, 0]):
        with pytest.raises(DataError, match="holds one value only"):
            fit(panel(("A", 0, same), x=[1.0, 2.0]))


def test_missions_begin_in_order_and_rows_are_kept_by_mask() -> None:
    taught = panel(("B", 30, [1, 0]), ("A", 30, [0, 1]), ("C", 10, [1, 0]))
    assert starts(taught) == [("C", 10), ("A", 30), ("B", 30)]
    assert rows(taught, np.array([False, True, True, False, False, False]))["m"].tolist() == ["B", "A"]


@pytest.mark.parametrize(("before", "bases"), [(24, {"NEW": 0.75}), (23, {}), (25, {"NEW": 0.75})])
def test_a_mission_teaches_24_months_later_and_missions_are_forecast_from_2000_on(before: int, bases) -> None:
    new = 2000 * 12 + 12
    taught = panel(("OLD", new - before, [1, 1, 1, 0]), ("NEW", new, [0, 0, 0, 1]), ("UNISFA", new - 99, [0, 0, 0, 0]),
                   x=[1.0, 2, 3, 4])  # fmt: skip
    if not bases:
        with pytest.raises(DataError, match="closed missions before it"):
            rolling(taught)
        return
    found = rolling(taught)
    assert {str(m): found[found["m"] == m]["base"].iloc[0] for m in set(found["m"])} == bases
    assert found["probability"].is_monotonic_decreasing  # of the old mission the last did not come


def test_a_mission_before_2000_is_not_forecast() -> None:
    taught = panel(("OLD", 23_900, [1, 0]), ("LAST", 23_999, [1, 0]), ("FIRST", 24_000, [1, 0]), x=[1.0, 2])
    assert set(rolling(taught)["m"]) == {"FIRST"}


@pytest.mark.parametrize(
    ("probability", "came", "ranked"),
    [([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.75), ([0.5, 0.5], [0, 1], 0.5), ([0.9, 0.1], [0, 1], 0.0)],
)
def test_the_chance_that_one_who_came_was_ranked_above(probability, came, ranked: float) -> None:
    assert auc(np.array(probability), np.array(came)) == ranked


def testcalibration_is_the_distance_of_ten_groups() -> None:
    # twenty forecasts in pairs: .1 and of ten pairs the last two came
    said, came = np.repeat(np.arange(10) / 10, 2), np.repeat([0.0, 1.0], [16, 4])
    assert calibration_error(said, came) == pytest.approx((sum(range(8)) + 2 + 1) / 100)


STATES = pd.DataFrame(
    [("Aland", "ALA", "West", "One", 10, 10), ("Borduria", "BBB", "West", "One", 20, 20),
     ("Cordia", "CCC", "East", "One", 50, 60), ("Delta", "DDD", "East", "Two", -30, 5)],
    columns=["country", "country_id", "un_region", "continent", "loc.y", "loc.x"],
).assign(**{group: ["True", "False", "True", "True"] for group in dict.fromkeys(SHARED + ALONE)})  # fmt: skip
STATES["nato"] = ["False", "False", "True", "True"]
MAPS = pd.DataFrame(
    [
        ("M1", 2004, 20.0, 20.0, "Aland (150), Delta (49)"), ("M1", 2004, 20.0, 20.0, "Aland (50)"),
        ("M2", 2005, -30.0, 5.0, "Aland (100), Cordia (unknown)"), ("M2", 2002, -30.0, 5.0, "Aland (90), Delta (300)"),
        ("M3", 2006, 50.0, 60.0, "Delta (5000)"),
    ],
    columns=["mission", "year", "latitude", "longitude", "year.overview"],
)  # fmt: skip
KNOWN = ["l_tot24", "l_trp24", "l_trpmax24", "trend", "ever_t", "nmis24", "same_reg_ever", "same_cont_rec",
         "same_host_rec", "host_self", "same_un_region", "same_continent", "both_au", "is_nato"]  # fmt: skip


def old_panel() -> pd.DataFrame:
    names = STATES["country"].tolist()
    return panel(("OLD", 24_050, [1, 0, 0, 0]), **{k: [0.0] * 4 for k in KNOWN}).assign(c=names)


def test_every_feature_of_a_state_at_the_end_of_a_year() -> None:
    found = features(old_panel(), MAPS, STATES, "CCC", 2005).set_index("c")
    assert hosts(MAPS, STATES.to_dict("records")) == {"M1": "Borduria", "M2": "Delta", "M3": "Cordia"}
    assert sum(row.persons for row in service(MAPS) if row.state == "Cordia") == 35
    # 2005: 100, 2004: 200; 2003: none, 2002: 90, 2001: none
    assert found.loc["Aland"].drop("iso3").to_dict() == pytest.approx({
        "l_tot24": log1p(150), "l_trp24": log1p(150), "l_trpmax24": log1p(200), "trend": log1p(150) - log1p(30),
        "ever_t": 1, "nmis24": 2, "same_reg_ever": 1, "same_cont_rec": 1, "same_host_rec": 0, "host_self": 0,
        "same_un_region": 0, "same_continent": 1, "both_au": 1, "is_nato": 0,
    })  # fmt: skip
    delta = found.loc["Delta"]
    assert (delta["ever_t"], delta["nmis24"], delta["same_host_rec"]) == (1, 0, 0)  # 49 are none; 2006 is not known
    assert delta["l_trpmax24"] == pytest.approx(log1p(49))
    assert (delta["same_reg_ever"], delta["same_un_region"], delta["same_continent"]) == (1, 1, 0)
    assert (found.loc["Cordia", "host_self"], found.loc["Borduria", "both_au"], found.loc["Borduria", "is_nato"]) == (
        1,
        0,
        0,
    )
    later = features(old_panel(), MAPS, STATES, "CCC", 2006).set_index("c")
    assert later.loc["Delta", "same_host_rec"] == 1


def test_scaling_is_by_the_median_of_those_both_show() -> None:
    names = ["A", "B", "C", "D", "E"]
    shown = pd.DataFrame(
        {"c": names, **{k: np.log1p([100.0, 200, 400, 10, 0]) for k in ("l_tot24", "l_trp24", "l_trpmax24")}}
    )
    known = shown.assign(
        t0=1, **{k: shown[k] + np.array([1.0, 2, 4, 9, 9]) for k in ("l_tot24", "l_trp24", "l_trpmax24")}
    )
    older = known.assign(t0=0, l_tot24=0.0)
    found = scaled(shown, shown, pd.concat([older, known]))
    assert found["l_tot24"].to_numpy() == pytest.approx(
        [*(np.log1p([100, 200, 400, 10]) + 2), 0]
    )  # 10 are too few to say
    none = scaled(shown, shown.assign(c="X"), known)
    assert none["l_tot24"].to_numpy() == pytest.approx(shown["l_tot24"].to_numpy())


def records(**changes) -> Records:
    """Two missions that teach and one too young to; Delta came most often, then Aland."""
    names = STATES["country"].tolist()
    near = {k: [0.0] * 4 for k in KNOWN} | {"both_au": [1.0, 0, 1, 1], "is_nato": [0.0, 0, 0, 1]}
    taught = panel(
        ("OLD", NOW - 60, [1, 0, 0, 1]), ("OTHER", NOW - 24, [0, 0, 0, 1]), ("YOUNG", NOW - 23, [0, 1, 0, 0]), **near
    )
    fills = pd.DataFrame({"mission": ["A", "B", "LATE"], "mandate": ["2001-01-01", "2004-08-01", "2004-09-01"]})
    for month in MONTHS:
        fills[f"m{month}"] = [min(1.0, month / 12), 0.6, 1.0]
    known = {"panel": taught.assign(c=names * 3), "maps": MAPS, "states": STATES, "fills": fills}
    return Records(**known | changes)


FORCE = Force(State("CCC", "Cordia", "One", 50, 60, frozenset()), None, None, 2005)


@pytest.fixture(scope="module")
def asked():
    whole = {code: contributor(code) for code in ("AAA", "ALA")}  # who is named is a state only by a code of states
    scenario = case((pledge("alfa", "ALA", claims=["C1"]),), need(250, 150), command="un", contributors=whole)
    return whom_to_ask(scenario, None, FORCE, records())


def test_states_are_asked_in_the_order_of_their_chance(asked) -> None:
    listed = {"ALA", "BBB", "CCC", "DDD"}  # and every state that the panel does not list
    assert [row["code"] for row in asked["states"] if row["code"] in listed] == ["ALA", "DDD", "BBB"]  # ALA was named
    chances = [row["contributes"] for row in asked["states"]]
    assert chances == sorted(chances, reverse=True)  # the host is not asked
    assert all(row["low"] <= row["contributes"] <= row["high"] for row in asked["states"])
    assert all(row["contributes"] == pytest.approx(row["in_play"] * row["agrees"], abs=1e-4) for row in asked["states"])
    standing = {row["code"]: row["standing"] for row in asked["states"] if row["code"] in listed}
    assert standing == {"ALA": "counted on for 100, named in C1", "BBB": "not asked", "DDD": "not asked"}


def test_what_is_missing_and_what_would_help(asked) -> None:
    assert asked["missing"] == 150  # of 250 in the worse phase
    assert asked["wanted_most"] == [{"unit": "inf", "critical": -50.0, "short": -100.0}]
    # sizes of those who came and were closed: 100, 400, 400; of use are 100, 150, 150
    assert asked["size_if_it_comes"] == [160, 400, 400]
    for row in asked["states"]:
        assert row["useful_persons"] == pytest.approx(row["contributes"] * 400 / 3, abs=0.6)
    assert asked["served_until"] == 2005


def test_how_much_is_kept_and_how_long_it_takes(asked) -> None:
    for payer in ("assessed", "voluntary", "own"):
        assert asked["kept"][payer] == [round(v, 2) for v in (rate(payer).mean, *rate(payer).interval())]
    # closed fills: A at half in month 6 and at 90 % in 10.8; B is at .6 in month 1, at .5 in 5/6, and never at 90 %
    assert asked["months_to"] == {"50%": [0.8, 0.8, 6.0], "90%": [10.8, 10.8, None]}


def test_nothing_is_taught_by_what_was_not_over() -> None:
    scenario = case((pledge("alfa"),), need(), command="un")
    young = records(panel=records().panel.assign(t0=NOW - 23))
    with pytest.raises(DataError, match="no mission of the record was closed by 2006-08"):
        whom_to_ask(scenario, None, FORCE, young)
