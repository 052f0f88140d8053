"""The splits of the precedents' backtest, on a table small enough to be checked."""

import csv
import io

import numpy as np
import pytest

from contingent.precedents import backtest
from contingent.precedents.cases import CODES, asked, parse_cases

HEAD = ["case_id", "country", "iso3", "operation", "op_key", "decision_date", "year", "outcome", *CODES]


@pytest.fixture
def table(tmp_path):
    """Forty-eight decisions of six countries in eight operations, 1990 to 2013; the last two operations all joined."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for k in range(48):
        year = 1990 + k // 2
        outcome = "joined_limited" if k >= 36 or (k * 7) % 5 < 2 else "declined"
        codes = [float((k + j) % (j + 2) == 0) for j in range(len(CODES))]
        writer.writerow(
            [f"m{k}", "X", f"XX{'ABCDEF'[k % 6]}", "op", f"op{k // 6}", f"{year}-01", year, outcome, *codes]
        )
    path = tmp_path / "made_up.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.fixture
def spied(monkeypatch, table):
    """The record, the calls of its splits, and the cases; nothing of the shipped table trains."""
    calls = {"left_out": [], "later": []}
    monkeypatch.setattr(backtest, "shipped_cases", tuple)

    def left_out(cases, group, scored, *, own_record):
        calls["left_out"].append((group, own_record))
        return np.full(len(cases), 0.6), np.full(len(cases), 0.5)

    def later(cases, early):
        calls["later"].append(early)
        return np.full(len(cases), 0.6), np.full(len(cases), 0.5)

    monkeypatch.setattr(backtest, "left_out", left_out)
    monkeypatch.setattr(backtest, "later", later)
    cases = asked(parse_cases(table.read_text(encoding="utf-8").splitlines(), "t"))
    return backtest.precedents(table), calls, cases


def test_countries_are_left_out_without_their_own_record_and_operations_with_it(spied):
    _, calls, cases = spied
    (country, own), (operation, with_own) = calls["left_out"]
    assert country.tolist() == [c.query.iso3 for c in cases]
    assert operation.tolist() == [c.op_key for c in cases]
    assert (own, with_own) == (False, True)


def test_each_split_scores_its_own_cases(spied):
    record, calls, cases = spied
    y, year = np.array([c.joined for c in cases]), np.array([c.year for c in cases])
    of = lambda rows, p=0.6: float(((p - y[rows]) ** 2).mean())  # noqa: E731
    contested = np.array([c.op_key not in ("op6", "op7") for c in cases])
    scores, base = record.scores, record.baselines["base_rate"]
    assert scores["brier"].value == scores["brier_operation"].value == pytest.approx(of(y >= 0))
    assert scores["brier_contested"].value == pytest.approx(of(contested))
    for cut, early in zip((1995, 2003, 2010), calls["later"], strict=True):
        assert early.tolist() == (year < cut).tolist()
        assert scores[f"brier_time_{cut}"].value == pytest.approx(of(year >= cut))
        assert base[f"brier_time_{cut}"].value == pytest.approx(0.25)
    assert scores["brier_time"] == scores["brier_time_2003"]
    assert base["log_score_time"] == base["log_score_time_2003"]
    surprise = -np.where(y, np.log(0.6), np.log(0.4)).mean()
    assert scores["log_score"].value == pytest.approx(surprise)
    assert base["log_score"].value == pytest.approx(np.log(2))
    assert record.n == 48


def test_a_loss_against_the_base_rate_is_noted(spied):
    record, _, _ = spied
    base = record.baselines["base_rate"]
    lost = {key for key in base if record.scores[key].value >= base[key].value}
    assert {note.split(" is not")[0] for note in record.notes} == lost
    assert "brier_time_2010" not in lost  # everyone joined then: .6 is nearer than .5


def test_shipped_rows_train_unless_they_are_of_the_part_left_out(table, monkeypatch):
    seen = {}
    real = backtest.left_out

    def spy(cases, group, scored, *, own_record):
        seen.setdefault("count", (len(cases), int(scored.sum())))
        return real(cases, group, scored, own_record=own_record)

    monkeypatch.setattr(backtest, "left_out", spy)
    backtest.precedents(table)
    assert seen["count"] == (48 + 351, 48)
