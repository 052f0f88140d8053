"""Who comes, from a panel of a few rows: the fit's own equations, what is taught by when, and whom to ask first."""

from __future__ import annotations

from datetime import date
from math import exp, log, log1p
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_case import case, contributor, need, pledge

from contingent.errors import DataError, InputError
from contingent.force.coalition import Force, shipped, un_facts
from contingent.force.propensity import PENALTY, features_of, fit, rolling, rows, served_before, starts
from contingent.force.service import Served, Service, read_service
from contingent.force.states import states
from contingent.force.whom_to_ask import rate, whom_to_ask
from contingent.scenario.read import read
from contingent.scoring import auc, calibration_error


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


FORCE = Force(states()["MLI"], None, None, 2019)
SERVES = Service(
    (Served("SEN", "2018-06", "M", 500), Served("TGO", "2019-12", "M", 900), Served("NPL", "2020-08", "M", 5000)),
    "a file", "",
)  # fmt: skip


def test_service_is_of_the_two_years_before_a_month() -> None:
    before = SERVES.before("2020-08")
    assert before.lately() == {"SEN": 250, "TGO": 450}  # of two months that it has
    assert SERVES.lately() == {"SEN": 0, "TGO": 450, "NPL": 2500}  # June 2018 is more than two years before
    with pytest.raises(DataError, match="holds nothing from before 2018-06"):
        SERVES.before("2018-06")
    assert before.of("TGO") == {
        "source": "a file", "from": "2018-06", "until": "2019-12", "lacks": "", "peak": 900, "peak_when": "2019-12",
        "person_months": 900, "missions": ["M"],
    }  # fmt: skip


def test_facts_of_states_that_a_un_mission_might_ask() -> None:
    found = un_facts(states()["HTI"], 2019, {"NPL": 99.0})
    assert found.loc["NPL", "l_tot24"] == pytest.approx(log1p(99))
    here = found["same_continent"]
    assert (here["BRA"], here["GTM"], here["USA"], here["NPL"]) == (1, 1, 0, 0)
    assert found.loc["BRA", "both_oas"] == found.loc["FRA", "is_nato"] == 1
    assert np.isfinite(shipped("un_contributors").model.probability(found)).all()


@pytest.fixture(scope="module")
def asked():
    whole = {code: contributor(code) for code in ("AAA", "SEN")}  # who is named is a state only by a code of states
    scenario = case((pledge("alfa", "SEN", claims=["C1"]),), need(250, 150), command="un", contributors=whole)
    return whom_to_ask(scenario.model_copy(update={"as_of": date(2020, 8, 1)}), None, FORCE, SERVES)


def test_states_are_asked_in_the_order_of_their_chance(asked) -> None:
    chances = [row["contributes"] for row in asked["states"]]
    assert chances == sorted(chances, reverse=True)
    assert all(row["low"] <= row["contributes"] <= row["high"] for row in asked["states"])
    assert all(row["contributes"] == pytest.approx(row["in_play"] * row["agrees"], abs=1e-4) for row in asked["states"])
    found = {row["code"]: row for row in asked["states"]}
    assert "MLI" not in found  # the host is not asked
    assert found["TGO"]["contributes"] > found["NPL"]["contributes"]  # whose service is not from before the case
    assert [found[code]["standing"] for code in ("SEN", "TGO")] == ["counted on for 100, named in C1", "not asked"]
    assert (found["SEN"]["in_play"], asked["service"]) == (1, "a file")


def test_what_is_missing_and_what_would_help(asked) -> None:
    assert asked["missing"] == 150  # of 250 in the worse phase
    assert asked["wanted_most"] == [{"unit": "inf", "critical": -50.0, "short": -100.0}]
    useful = np.minimum(shipped("un_contributors").model.sizes, 150).mean()
    for row in asked["states"]:
        assert row["useful_persons"] == pytest.approx(row["contributes"] * useful, abs=0.6)
    for payer in ("assessed", "voluntary", "own"):
        assert asked["kept"][payer] == [round(v, 2) for v in (rate(payer).mean, *rate(payer).interval())]


def test_service_in_un_missions_is_for_a_un_mission_younger_than_what_teaches() -> None:
    past = case((pledge("alfa"),), need(), command="un")
    with pytest.raises(InputError, match=r"known in 2016-04, and the case is of 2006-08"):
        whom_to_ask(past, None, FORCE, SERVES)
    with pytest.raises(InputError, match="this force is none: leave it out"):
        whom_to_ask(read("isf_gaza"), None, FORCE, SERVES)


HEADS = "ISOCode3,M49_Code,Contributing_Country,Personnel_Contribution_Rank,Female_Personnel,Male_Personnel,"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([HEADS + "Total_Uniformed_Personnel,Last_Reporting_Date", "BGD,50,Bangladesh,1,317,6394,6711,31-Jan-21"],
         ("BGD", 6711, "2021-01", None, None)),
        (["mission,year,location,latitude,longitude,No.TCC,year.overview",
          'M1,2023,A,1,1,2,"Nepal (150), Ghana (size unknown)"',
          "M1,2023,B,1,1,1,Nepal (50)", "M2,2021,B,1,1,1,Nepal (90)"], ("NPL", 200, "2023", None, ["M1", "M2"])),
        (["Mission,year,month,location,country,No.troops,No.TCC,name.of.TCC1,No.troops.per.TCC1,name.of.TCC2,"
          "No.troops.per.TCC2",
          "M1,2023,3,A,Mali,300,1,Nepal,300,NA,NA", "M1,2023,9,A,Mali,250,2,Nepal,200,Ghana,50"],
         ("NPL", 300, "2023", None, ["M1"])),  # two maps of a year are not added up
        (["Date,Troops,Police,Experts", "1998-04-30,233,NA,NA", "1998-05-31,232,5,NA"],
         ("GHA", 237, "1998-05", 470, None)),
    ],
)  # fmt: skip
def test_publishers_files_say_who_serves(lines: list[str], expected, tmp_path: Path) -> None:
    file = tmp_path / "Ghana.csv"
    file.write_text("\n".join(lines), "utf-8")
    found = read_service(file).of(expected[0])
    assert (expected[0], *(found[key] for key in ("peak", "peak_when", "person_months", "missions"))) == expected


def test_a_file_that_says_nothing_of_states_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "months.csv"
    file.write_text(
        "Date,Number of Contributors,Troop Contributions,Police Contributions\n2020-01-31,120,4,5\n", "utf-8"
    )
    with pytest.raises(DataError, match="says nothing of states' people in missions"):
        read_service(file)
