"""How many pledges are kept and how fast a mission fills, to the last digit; records and rates of the UN."""

from __future__ import annotations

from math import exp

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from contingent.errors import DataError
from contingent.force import un_records
from contingent.force.backtest import MONTHS, FillUp, forecast, pooled, traits
from contingent.force.whom_to_ask import CASES, Case, Rate, rate, together

MADE = (Case("A", "assessed", 10, 8, ""), Case("B", "own", 10, 2, ""))


def test_rates_begin_with_the_common_one_worth_four_cases() -> None:
    assert together(MADE) == Rate(11, 11)  # one kept and one not, and 10 of 20
    assert rate("assessed", MADE) == Rate(0.5 * 4 + 8, 0.5 * 4 + 2)
    assert rate("own", MADE) == Rate(2 + 2, 2 + 8)
    assert rate("voluntary", MADE) == Rate(2, 2)  # no case of its own
    assert rate("assessed", MADE).mean == pytest.approx(10 / 14)


def test_the_record_of_1999_to_2023() -> None:
    common = 43 / 59  # 1 + 6 + 11 + 2 + 1 + 22 of 2 + 9 + 11 + 5 + 10 + 22
    assert together().mean == pytest.approx(common)
    assert rate("voluntary") == Rate(pytest.approx(4 * common + 3), pytest.approx(4 * (1 - common) + 12))
    assert rate("own").mean == pytest.approx((4 * common + 22) / 26)
    assert sum(case.made for case in CASES) == 57


@pytest.mark.parametrize(
    ("belief", "low", "high"),
    [
        (Rate(1, 1), 0.05, 0.95),  # all shares alike
        (Rate(2, 1), 0.05**0.5, 0.95**0.5),  # below x: x squared
        (Rate(1, 3), 1 - 0.95 ** (1 / 3), 1 - 0.05 ** (1 / 3)),  # above x: (1 - x) cubed
    ],
)
def test_the_interval_is_of_90_per_cent(belief: Rate, low: float, high: float) -> None:
    assert belief.interval() == (pytest.approx(low), pytest.approx(high))


def surprise(belief: Rate, case: Case) -> float:
    """Minus the log of the probability of a case's pledges, kept and not, in one given order, in nats."""
    return float(betaln(belief.a, belief.b) - betaln(belief.a + case.kept, belief.b + case.made - case.kept))


def test_each_mission_is_better_forecast_by_its_payer_than_by_one_common_rate() -> None:
    """What docs/methods/force.md says: .438 nats a pledge, every mission left out in turn, beside .679."""
    others = {case: tuple(one for one in CASES if one is not case) for case in CASES}
    pledges = sum(case.made for case in CASES)
    own = sum(surprise(rate(case.payer, rest), case) for case, rest in others.items()) / pledges
    common = sum(surprise(together(rest), case) for case, rest in others.items()) / pledges
    assert (own, common) == (pytest.approx(0.438, abs=5e-4), pytest.approx(0.679, abs=5e-4))


@pytest.mark.parametrize(
    ("share", "fill"), [(0.1, 0.2), (0.25, 0.2), (0.26, 0.5), (0.5, 0.5), (0.75, 0.5), (0.76, 0.8), (1.0, 0.8)]
)
def test_a_quantile_is_the_least_fill_that_so_much_weight_lies_at_or_below(share: float, fill: float) -> None:
    assert FillUp(np.array([0.2, 0.8, 0.5]), np.array([1.0, 1.0, 2.0])).quantile(share) == fill


def past(*rows: tuple[str, str, dict[int, float]]) -> pd.DataFrame:
    """Missions with their mandate and what was there by month."""
    table = {"mission": [r[0] for r in rows], "mandate": [r[1] for r in rows]}
    return pd.DataFrame(table | {f"m{m}": [r[2].get(m, np.nan) for r in rows] for m in MONTHS})


RECORD = past(
    ("MONUC", "2000-02-24", {6: 0.1, 12: 1.3}),  # contested
    ("UNIFIL", "2006-08-11", {6: 0.7}),  # a force stood there
    ("OTHER", "2001-01-01", {6: 0.4, 12: 0.6}),  # neither
    ("UNMISS", "2013-12-24", {6: 0.2}),  # both
)
LIKE, ONE, TWO = 1.1, exp(-2) + 0.1, exp(-4) + 0.1  # weights by how many of two traits differ


def test_traits_are_contest_and_a_force_that_stood_there() -> None:
    assert traits(RECORD).tolist() == [[1, 0], [0, 1], [0, 0], [1, 1]]
    assert traits(past(("UNMISS", "2011-07-08", {}), ("MONUC", "2001-02-24", {}))).tolist() == [[0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("like", "weights"),
    [
        ([1.0, 0.0], [LIKE, TWO, ONE, ONE]),
        ([0.0, 1.0], [TWO, LIKE, ONE, ONE]),
        ([0.0, 0.0], [ONE, ONE, LIKE, TWO]),
        ([1.0, 1.0], [ONE, ONE, TWO, LIKE]),
    ],
)
def test_like_missions_weigh_most_in_fills(like: list[float], weights: list[float]) -> None:
    found = forecast(RECORD, 6, np.array(like))
    assert found.value.tolist() == [0.1, 0.7, 0.4, 0.2]
    assert found.weight == pytest.approx(weights)


def test_fills_above_one_count_as_one_and_missions_without_the_month_not_at_all() -> None:
    assert forecast(RECORD, 12, np.zeros(2)).value.tolist() == [1.0, 0.6]
    assert pooled(RECORD, 12).value.tolist() == [1.0, 0.6]
    assert pooled(RECORD, 6).weight.tolist() == [1, 1, 1, 1]
    with pytest.raises(DataError, match="m1 is empty"):
        forecast(RECORD, 1, np.zeros(2))


def test_people_sent_are_person_months_over_tours_of_a_year_and_later_years() -> None:
    assert un_records.people("BGD") == 1_514_190 / 12
    assert un_records.people("PAK") == pytest.approx(1_595_588 / 12 + 63_900)


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [  # Kazakhstan: 90 person-months, 7.5 people; 15 with tours of half a year; a claim may be 15 % too high
        (8.8, "plausible"), (8.9, "not confirmed"), (17.6, "not confirmed"), (17.7, "contradicted"),
    ],
)  # fmt: skip
def test_a_claim_is_beside_the_record(claimed: float, verdict: str) -> None:
    people, missions = un_records.check("KAZ", claimed, 3)
    assert (people.what, people.claimed, people.found, people.verdict) == ("people", claimed, 8, verdict)
    assert (missions.what, missions.found, missions.verdict) == ("missions", 3, "plausible")
    assert un_records.check("KAZ", claimed, 4)[1].verdict == "not confirmed"


def test_totals_that_cannot_follow_from_one_another() -> None:
    # more a year than the peak in the field, 11,135: 40,000 in three years and 30,000 in two; 17,548 in three are not
    _, missions, *series = un_records.check("PAK", 200_000, 24)
    assert (missions.found, missions.verdict) == (24, "plausible")
    assert [(one.what, one.claimed, one.found, one.verdict) for one in series] == [
        ("claims of 2015-10-24 to 2018-10", 13_333, 11_135, "contradicted"),
        ("claims of 2022-05-29 to 2024-05-29", 15_000, 11_135, "contradicted"),
    ]
