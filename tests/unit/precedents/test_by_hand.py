"""Reference classes, nearest cases and the regression at numbers worked by hand."""

from datetime import date

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import beta

from contingent.errors import DataError
from contingent.precedents.backtest import calibration, joining, leaving_out, table_at
from contingent.precedents.cases import OUTCOMES, asked, compared, known, lineage, nearest, rates, read_cases
from contingent.precedents.forecast import forecast, train
from contingent.precedents.regression import FEATURES, features, fit, fit_mixed, matrix


def test_a_class_is_pulled_to_its_parent_by_six_cases_worth(case, query):
    """Ten asks, 4 joined; of these 4 led by the UN, 3 joined; of these 2 could coerce kin, none joined."""
    cases = [
        *(case(f"a{k}", outcome=o) for k, o in enumerate(["joined_limited", *["declined"] * 5])),
        *(case(f"b{k}", un_led=1.0, outcome="joined_combat") for k in range(2)),
        case("c0", un_led=1.0, coerce_kin=1.0, outcome="declined"),
        case("c1", un_led=1.0, coerce_kin=1.0, outcome="joined_combat"),
    ]
    everything, led, kin = rates(query(un_led=1.0, coerce_kin=1.0), cases)
    assert (everything.joined, everything.n) == (4, 10)
    assert everything.shrunk == pytest.approx((4 + 0.5) / (10 + 1))  # one case's worth of one half
    assert (led.joined, led.n) == (3, 4)
    assert led.shrunk == pytest.approx((3 + 6 * 4.5 / 11) / (4 + 6))
    assert (kin.joined, kin.n) == (1, 2)
    assert kin.shrunk == pytest.approx((1 + 6 * led.shrunk) / (2 + 6))
    assert kin.label == "led by the UN, the task may coerce kin"


def test_an_empty_class_has_its_parents_rate(case, query):
    *_, parent, empty = rates(query(coerce_kin=1.0, us_request_or_lead=1.0), [case(coerce_kin=1.0)])
    assert empty.n == 0
    assert empty.shrunk == pytest.approx(parent.shrunk)


def test_a_rate_has_the_ninety_per_cent_jeffreys_interval(case, query):
    cases = [case(outcome=o) for o in ["declined"] * 3 + ["joined_combat"]]
    found = rates(query(), cases)[0]
    assert (found.low, found.high) == pytest.approx(tuple(beta(1.5, 3.5).ppf([0.05, 0.95])))


def test_the_classes_a_decision_belongs_to(query):
    assert lineage(query(un_led=1.0, kin_or_religious_tie_with_host=1.0)) == (
        "all asks", "led by the UN", "led by the UN, kin to protect",
    )  # fmt: skip
    assert lineage(query(un_mandate=1.0, us_request_or_lead=1.0))[2:] == (
        "not led by the UN, no kin concerned",
        "not led by the UN, no kin concerned, explicit UN mandate",
        "not led by the UN, no kin concerned, explicit UN mandate, US-led or asked by the US",
    )
    assert lineage(query(un_mandate=0.5))[-1].endswith("no or ambiguous UN mandate, without the US")
    assert "the task may coerce kin" in lineage(query(coerce_kin=1.0, kin_or_religious_tie_with_host=1.0))[2]


@pytest.mark.parametrize(
    ("codes", "distance"),
    [
        ({}, 0.0),
        ({"coerce_kin": 1.0}, 3.0),
        ({"un_led": 1.0}, 2.0),
        ({"un_mandate": 0.5}, 0.75),
        ({"un_mandate": 1.0}, 1.5),
        ({"combat_expected": 1.0}, 0.5),  # half of its span of two steps
        ({"combat_expected": 2.0}, 1.0),
        ({"material_benefit": 2.0}, 0.5),
        ({"material_benefit": 1.0}, 0.25),
        ({"host_consent": 0.5}, 0.5),
        ({"us_request_or_lead": 1.0}, 1.0),
        ({"regional_neighbour": 1.0}, 0.5),
        ({"kin_or_religious_tie_with_host": 1.0}, 1.5),
        ({"iso3": "BBB"}, 2.5),
        ({"iso3": "BBB", "un_led": 1.0, "combat_expected": 1.0}, 2.5 + 2.0 + 0.5),
    ],
)
def test_how_far_a_past_decision_is(case, query, codes, distance):
    year = case().year
    assert compared(query(), case(**codes), year).distance == pytest.approx(distance)
    assert compared(query(), case(**codes), year + 20).distance == pytest.approx(distance + 0.5)  # 20 x .025
    there = {code: value for code, value in codes.items() if code != "iso3"}
    assert compared(query(codes.get("iso3", "AAA"), **there), case(), year).distance == pytest.approx(distance)


def test_alike_and_unlike_are_said_of_the_case(case, query):
    found = compared(query(combat_expected=2.0), case(un_led=1.0), 2010)
    assert found.alike[0] == "the same country"
    assert "the task cannot coerce kin" in found.alike
    assert found.unlike == ("led by the UN (here: not led by the UN)", "no combat expected (here: war expected)")
    other = compared(query("BBB"), case(), 2010)
    assert "the same country" not in other.alike


def test_the_nearest_come_first_and_among_equals_the_latest(case, query):
    cases = [
        case("far", coerce_kin=1.0), case("old", year=1990), case("b", year=2010), case("a", year=2010),
        case("abroad", iso3="BBB", year=2020), case("half", combat_expected=1.0),
    ]  # fmt: skip
    # 0, 0, then combat or 20 years x .025, another country and ten years, kin
    assert [p.case.case_id for p in nearest(query(), cases, 2010)][:2] == ["a", "b"]
    assert [p.case.case_id for p in nearest(query(), cases, 2010)][-2:] == ["abroad", "far"]
    assert [p.case.case_id for p in nearest(query(), cases, 2010, count=2)] == ["a", "b"]
    assert len(nearest(query(), [case(str(k)) for k in range(20)], 2010)) == 8


@pytest.mark.parametrize(
    ("codes", "on"),
    [
        ({}, {"no combat expected"}),
        ({"combat_expected": 1.0}, set()),
        ({"combat_expected": 2.0}, {"war expected"}),
        ({"combat_expected": 1.0, "coerce_kin": 1.0}, {"may coerce kin, no explicit UN mandate"}),
        ({"combat_expected": 1.0, "coerce_kin": 1.0, "un_mandate": 0.5}, {"may coerce kin, no explicit UN mandate"}),
        ({"combat_expected": 1.0, "coerce_kin": 1.0, "un_mandate": 1.0}, {"may coerce kin, explicit UN mandate"}),
        ({"combat_expected": 1.0, "kin_or_religious_tie_with_host": 1.0}, {"kin to protect"}),
        (
            {"combat_expected": 1.0, "kin_or_religious_tie_with_host": 1.0, "coerce_kin": 1.0},
            {"may coerce kin, no explicit UN mandate"},
        ),
        ({"combat_expected": 1.0, "un_led": 1.0, "un_mandate": 1.0}, {"led by the UN"}),
        ({"combat_expected": 1.0, "regional_neighbour": 1.0}, {"neighbour"}),
    ],
)
def test_which_features_a_decision_has(query, codes, on):
    found = dict(zip(FEATURES, features(query(**codes)), strict=True))
    assert {name for name, value in found.items() if value} == on
    assert dict(zip(FEATURES, features(query(material_benefit=2.0)), strict=True))["material benefit"] == 2


def test_the_fit_is_the_ridge_optimum_with_a_free_intercept():
    # one feature, z = -1 or 1 once standardized, twenty of each; 5 and 15 of 20 joined: by symmetry no intercept, and
    # sum of (p - y) z + 10 b = 0: 2 x 20 (expit(b) - .75) + 10 b = 0
    x = np.repeat([[3.0], [7.0]], 20, axis=0)
    y = np.array([1.0] * 5 + [0.0] * 15 + [1.0] * 15 + [0.0] * 5)
    found = fit(x, y, penalty=10.0)
    b = found.slope[0] * 2  # the spread of 3 and 7 is 2
    assert 40 * (expit(b) - 0.75) + 10 * b == pytest.approx(0, abs=1e-5)
    assert found.intercept == pytest.approx(-5 * found.slope[0], abs=1e-6)
    assert found.probability(np.array([[5.0]]))[0] == pytest.approx(0.5, abs=1e-6)
    assert found.logit(np.array([[7.0]]))[0] == pytest.approx(b, abs=1e-6)


def test_an_unpenalized_fit_meets_the_shares():
    x = np.repeat([[0.0], [1.0]], 20, axis=0)
    y = np.array([1.0] * 5 + [0.0] * 15 + [1.0] * 15 + [0.0] * 5)
    assert fit(x, y, penalty=1e-6).probability(np.array([[0.0], [1.0]])) == pytest.approx([0.25, 0.75], abs=1e-4)


def test_a_feature_without_variation_weighs_nothing():
    x = np.column_stack([np.ones(20), np.repeat([0.0, 1.0], 10)])
    y = np.array([0.0] * 8 + [1.0] * 2 + [1.0] * 8 + [0.0] * 2)
    found = fit(x, y, penalty=10.0)
    assert found.slope[0] == 0
    assert found.slope[1] > 0


def test_decisions_that_all_went_one_way_are_finite(case):
    yes = fit(*matrix([case(un_led=float(k % 2)) for k in range(6)]), penalty=10.0)
    assert np.isfinite(yes.intercept)
    assert yes.probability(np.zeros((1, len(FEATURES))))[0] > 0.9


def test_what_was_decided_in_a_days_month_or_later_is_not_known_on_that_day(case):
    cases = [
        case("a", month="2006-07"),
        case("b", month="2006-08"),
        case("c", month="2006-09"),
        case("d", month="2005-12-30"),
    ]
    assert [c.case_id for c in known(cases, date(2006, 8, 15))] == ["a", "d"]


def test_withdrawals_are_no_answers_to_an_ask(case):
    cases = [case(o, outcome=o) for o in OUTCOMES]
    assert [c.case_id for c in asked(cases)] == ["joined_combat", "joined_limited", "declined"]
    assert [c.joined for c in cases] == [True, True, False, False]


HEAD = (
    "case_id,country,iso3,operation,op_key,decision_date,year,outcome,un_led,un_mandate,us_request_or_lead,coerce_kin,"
    "kin_or_religious_tie_with_host,host_consent,combat_expected,material_benefit,regional_neighbour,deployed,"
    "months_ask_to_decision"
)


def test_a_row_is_read_column_by_column(tmp_path):
    row = "X1,Xland,XXX,Operation,op1,2001-02,2001,joined_combat,1,0.5,0,1,0,0.5,2,1,0,0,3.5"
    (tmp_path / "t.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    (found,) = read_cases(tmp_path / "t.csv")
    assert (found.case_id, found.country, found.op_key, found.month, found.year) == (
        "X1",
        "Xland",
        "op1",
        "2001-02",
        2001,
    )
    assert (found.joined, found.deployed, found.months, found.query.iso3) == (True, False, 3.5, "XXX")
    query = found.query
    assert (query.un_led, query.un_mandate, query.us_request_or_lead, query.coerce_kin) == (1, 0.5, 0, 1)
    assert (query.host_consent, query.combat_expected, query.material_benefit, query.regional_neighbour) == (
        0.5,
        2,
        1,
        0,
    )
    (tmp_path / "none.csv").write_text(HEAD, encoding="utf-8")
    with pytest.raises(DataError, match="no rows"):
        read_cases(tmp_path / "none.csv")


@pytest.fixture
def record(case):
    """Forty decisions of four countries in four operations; BBB always joins, the others half of the time."""
    return [
        case(
            f"k{k}", iso3=("AAA", "BBB", "CCC", "DDD")[k % 4], op_key=f"op{k // 10}", year=1990 + k // 2,
            outcome="joined_limited" if k % 4 == 1 or (k // 4) % 2 else "declined", un_led=float(k % 3 == 0),
            deployed=k % 8 != 1, coerce_kin=float(k >= 32),
        )
        for k in range(40)
    ]  # fmt: skip


def test_a_forecast_is_the_regression_with_what_is_the_countrys_and_the_forces_own(record, query):
    trained = train(record)
    found = forecast(query("BBB", un_led=1.0, operation="op2"), date(2020, 1, 1), trained=trained)
    model = trained.model
    force = model.at[model.operation["op2"]]
    level = model.at[0] - model.slope @ model.centre
    middle = level + sum(found.contributions.values()) + found.country + force
    assert found.probability == pytest.approx(expit(middle))
    assert found.country == model.at[model.country["BBB"]] > 0
    assert force != 0
    assert found.n == 40
    assert set(found.contributions) == {"led by the UN"}  # nobody expected combat: that weighs nothing here


def test_the_band_is_the_posterior_of_what_is_on_record_and_averages_what_is_not(record, query):
    trained = train(record)
    known = query("BBB", un_led=1.0, operation="op2")
    middle, error = trained.model.logit([known])[0], trained.model.error(known)
    found = forecast(known, date(2020, 1, 1), trained=trained)
    assert logit([found.low, found.probability, found.high]) == pytest.approx(
        middle + error * np.array([-1.645, 0, 1.645]), abs=0.02
    )
    assert (np.diff(found.logits) > 0).all()
    new = forecast(query("BBB", un_led=1.0, operation="never"), date(2020, 1, 1), trained=trained)
    alone = middle - trained.model.at[trained.model.operation["op2"]]
    rng = np.random.Generator(np.random.Philox(2))
    drawn = expit(alone + 0.9 * rng.standard_normal(200_000)).mean()
    assert new.probability == pytest.approx(drawn, abs=0.002)
    assert abs(new.probability - 0.5) < abs(expit(alone) - 0.5)


def test_delivery_counts_those_who_joined_in_the_same_kind_of_task(record, query):
    found = forecast(query("ZZZ", coerce_kin=1.0), date(2020, 1, 1), trained=train(record))
    same = [c for c in record if c.joined and c.query.coerce_kin == 1]
    # runs 32 to 39: 33 and 37 by country; 36, 38, 39 in the odd fours; of these 33 stayed at home
    assert [c.case_id for c in same] == ["k33", "k36", "k37", "k38", "k39"]
    assert found.delivered == (4, 5)


def test_each_group_is_forecast_from_the_others_alone(record):
    country = np.array([c.query.iso3 for c in record])
    ours, theirs = joining(record, leaving_out(record, record, lambda case: case.query.iso3))
    _, y = matrix(record)
    for name in ("AAA", "BBB", "CCC", "DDD"):
        out = country == name
        others = [c for c in record if c.query.iso3 != name]
        assert theirs[out] == pytest.approx(y[~out].mean())
        assert ours[out] == pytest.approx(fit_mixed(others).probability([c.query for c in record if c not in others]))
    # of the others: 10 x 1 + 2 x 5 of 30 joined without a third, 3 x 5 of 30 without the one that always does
    assert theirs[country == "AAA"][0] == pytest.approx(20 / 30)
    assert theirs[country == "BBB"][0] == pytest.approx(15 / 30)


def test_without_a_past_the_forecast_is_even(record):
    ours, theirs = joining(record, [(np.arange(30), [])])
    assert ours[:30] == pytest.approx(0.5)
    assert theirs[:30].tolist() == [0.5] * 30
    assert np.isnan(ours[30:]).all()


def test_honest_forecasts_are_calibrated_and_halved_ones_are_not():
    p = np.repeat([0.2, 0.8], 50)
    y = np.array(([1.0] * 10 + [0.0] * 40) + ([1.0] * 40 + [0.0] * 10))
    slope, intercept = calibration(p, y, np.arange(100))
    assert slope.value == pytest.approx(1, abs=1e-3)
    assert intercept.value == pytest.approx(0, abs=1e-3)
    assert slope.low < 1 < slope.high
    assert intercept.low < 0 < intercept.high
    timid = expit(logit(p) / 2)
    assert calibration(timid, y, np.arange(100))[0].value == pytest.approx(2, abs=1e-3)
    shifted = calibration(expit(logit(p) + 1), y, np.arange(100))
    assert shifted[1].value == pytest.approx(-1, abs=1e-3)


def test_the_only_table_of_a_folder_is_meant(tmp_path):
    with pytest.raises(DataError, match="found 0"):
        table_at(tmp_path)
    (tmp_path / "a.csv").touch()
    assert table_at(tmp_path) == table_at(tmp_path / "a.csv") == tmp_path / "a.csv"
    (tmp_path / "b.csv").touch()
    with pytest.raises(DataError, match="found 2"):
        table_at(tmp_path)
