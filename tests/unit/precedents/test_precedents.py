import csv
from dataclasses import fields, replace
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from contingent.errors import DataError
from contingent.precedents import waiting
from contingent.precedents.backtest import precedents
from contingent.precedents.cases import (
    HINDSIGHT,
    Query,
    asked,
    known,
    nearest,
    rates,
    read_cases,
    shipped_cases,
)
from contingent.precedents.forecast import forecast
from contingent.precedents.regression import FEATURES, fit, fit_mixed, matrix

TABLE = files("contingent.precedents") / "data" / "precedents.csv"


@pytest.fixture(scope="module")
def cases():
    return shipped_cases()


def test_every_row_says_where_it_comes_from(cases):
    assert len(cases) == 401
    assert all(case.source_kind for case in cases)
    assert max(case.month for case in cases) <= "2025-10"


def test_what_can_only_be_set_with_hindsight_moves_no_forecast(cases, tmp_path):
    assert not set(HINDSIGHT) & {field.name for field in fields(Query)}
    assert not any("support" in name or "opinion" in name for name in FEATURES)
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    assert set(HINDSIGHT) <= set(rows[0])
    learnt_from = {"outcome", "deployed"}
    for k, row in enumerate(rows):
        row |= {column: str(k % 3) for column in HINDSIGHT if column not in learnt_from}
    with (tmp_path / "other.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    other = read_cases(tmp_path / "other.csv")
    assert [case.query for case in other] == [case.query for case in cases]
    queries = [case.query for case in asked(cases)]
    ours, theirs = (fit_mixed(asked(table)).probability(queries) for table in (cases, other))
    assert ours.tolist() == theirs.tolist()
    assert waiting.fit(waiting.timed(cases)).tolist() == waiting.fit(waiting.timed(other)).tolist()


@pytest.mark.parametrize(("rows", "penalty"), [(slice(None), 10.0), (slice(0, 120), 10.0), (slice(None), 1.0)])
def test_the_fit_has_scikit_learns_coefficients(cases, rows, penalty):
    x, y = (part[rows] for part in matrix(asked(cases)))
    scaler = StandardScaler().fit(x)
    other = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-10).fit(scaler.transform(x), y)
    found = fit(x, y, penalty)
    assert found.slope == pytest.approx(other.coef_[0] / scaler.scale_, abs=1e-6)
    assert found.probability(x) == pytest.approx(other.predict_proba(scaler.transform(x))[:, 1], abs=1e-7)


def test_a_forecast_uses_nothing_later_than_its_day(cases):
    early = known(cases, date(2006, 8, 15))
    assert max(case.month for case in early) < "2006-08"
    query = next(case.query for case in cases if case.case_id == "PAK-UNIFIL06-200608")
    then = forecast(query, date(2006, 8, 15))
    assert then.n < len(asked(cases))
    assert all(p.case.month < "2006-08" for p in then.nearest)


def test_class_rates_are_pulled_towards_the_wider_class(cases):
    query = next(case.query for case in cases if case.query.coerce_kin and not case.query.un_led)
    for wide, narrow in zip(found := rates(query, asked(cases)), found[1:], strict=False):
        raw = narrow.joined / narrow.n
        assert min(raw, wide.shrunk) - 1e-12 <= narrow.shrunk <= max(raw, wide.shrunk) + 1e-12
        assert narrow.n <= wide.n


def test_the_nearest_precedent_of_a_case_is_itself(cases):
    case = next(case for case in cases if case.case_id == "PAK-UNIFIL06-200608")
    first = nearest(case.query, cases, case.year)[0]
    assert first.distance == 0
    assert not first.unlike
    further = nearest(replace(case.query, iso3="XXX"), cases, case.year)[0]
    assert further.distance > 0


def test_bad_cells_are_named_all_at_once(tmp_path):
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    broken = [lines[0], lines[1].replace("joined_limited", "perhaps"), lines[2].replace(",1.0,0,USA,", ",x,0,USA,")]
    mine = tmp_path / "mine.csv"

    def refused(*lines):
        mine.write_text("\n".join(lines), encoding="utf-8")
        with pytest.raises(DataError) as caught:
            read_cases(mine)
        return str(caught.value)

    said = refused(*broken)
    assert "mine.csv:2  outcome: `perhaps` is not one of joined_combat" in said
    assert "mine.csv:3  un_mandate: `x` is not a number from 0 to 1" in said
    head, row = lines[0], lines[2]
    for old, new, said in (
        (",THA,", ",Thailand,", "iso3: `Thailand` is not a three-letter code such as PAK"),
        (",1950-07,", ",July 1950,", "decision_date: `July 1950` is not a month such as 2006-08"),
        (",1950,", ",nan,", "year: `nan` is not a year"),
        (",1.0,0,USA,", ",7,0,USA,", "un_mandate: `7` is not a number from 0 to 1"),
        (",1200,1,", ",1200,soon,", "months_ask_to_decision: `soon` is not a number"),
        (",1200,1,", ",1200,-2,", "months_ask_to_decision: `-2` is not a number from 0"),
    ):
        assert old in row
        assert f"mine.csv:2  {said}" in refused(head, row.replace(old, new, 1))
    assert "there is no column operation, op_key" in refused("case_id,country", "a,b")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError):
        read_cases(tmp_path / "binary.csv")


def test_the_record_beats_the_base_rate_out_of_sample(tmp_path):
    path = tmp_path / "precedents.csv"
    path.write_text(TABLE.read_text(encoding="utf-8"), encoding="utf-8")
    record = precedents(path)
    base = record.baselines["base_rate"]
    assert record.n == 351
    assert record.scores["brier"].value <= 0.138
    for key in ("brier", "brier_operation", "brier_contested", "brier_time"):
        assert record.scores[key].value < base[key].value
        assert record.scores[key].low < record.scores[key].value < record.scores[key].high
    assert not record.notes


def test_shuffled_outcomes_show_no_skill(tmp_path):
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines[1:] if ",withdrew," not in line]
    rng = np.random.Generator(np.random.Philox(5))
    names = ("joined_combat", "joined_limited", "declined")
    fake = []
    for row in rows:
        name = next(o for o in names if f",{o}," in row)
        new = "declined" if rng.random() < 0.21 else "joined_limited"
        fake.append(row.replace(f",{name},", f",{new},", 1))
    path = tmp_path / "fake.csv"
    path.write_text("\n".join([lines[0], *fake]) + "\n", encoding="utf-8")
    record = precedents(path)
    assert record.scores["brier"].value > record.baselines["base_rate"]["brier"].value - 0.005
