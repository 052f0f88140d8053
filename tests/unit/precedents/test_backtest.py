"""What each split of the precedents' backtest trains on, on a table small enough to be checked."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from contingent.errors import DataError, InputError
from contingent.precedents import backtest
from contingent.precedents.cases import CODES, asked, read_cases, shipped_cases
from contingent.precedents.regression import fit_mixed
from contingent.scoring.tasks import run_task

HEAD = ["case_id", "country", "iso3", "operation", "op_key", "decision_date", "year", "outcome", *CODES]


def written(path, rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def row(k, outcome, operation):
    year = 1990 + k // 2
    codes = [float((k + j) % (j + 2) == 0) for j in range(len(CODES))]
    return [f"m{k}", "X", f"XX{'ABCDEF'[k % 6]}", "op", operation, f"{year}-01", year, outcome, *codes]


@pytest.fixture
def table(tmp_path):
    """Forty-eight decisions of six countries in eight operations, 1990 to 2013; the last two operations all joined."""
    joined = lambda k: k >= 36 or (k * 7) % 5 < 2  # noqa: E731
    return written(
        tmp_path / "made_up.csv",
        [row(k, "joined_limited" if joined(k) else "declined", f"op{k // 6}") for k in range(48)],
    )


@pytest.fixture
def spied(monkeypatch, table):
    """The record, the parts of its splits in turn, and the cases; nothing of the shipped table trains."""
    calls = []
    monkeypatch.setattr(backtest, "shipped_cases", tuple)

    def joining(tested, parts):
        calls.append(parts)
        return np.vstack([np.full(len(tested), 0.6), np.full(len(tested), 0.5)])

    monkeypatch.setattr(backtest, "joining", joining)
    cases = asked(read_cases(table))
    return backtest.precedents(table), calls, cases


def test_no_part_is_forecast_from_itself(spied):
    _, (countries, operations, *times, past), cases = spied
    assert len(countries) == 6
    assert len(operations) == 8
    for parts, key in ((countries, lambda c: c.query.iso3), (operations, lambda c: c.op_key)):
        assert sorted(np.concatenate([rows for rows, _ in parts])) == list(range(48))
        for rows, train in parts:
            mine = {key(cases[row]) for row in rows}
            assert len(mine) == 1
            assert [c.case_id for c in train] == [c.case_id for c in cases if key(c) not in mine]
    for cut, ((rows, train),) in zip((1995, 2003, 2010), times, strict=True):
        assert [cases[row].case_id for row in rows] == [c.case_id for c in cases if c.year >= cut]
        assert [c.case_id for c in train] == [c.case_id for c in cases if c.year < cut]
    assert past == []  # of 48 decisions none has fifty before it


def test_as_of_a_months_decisions_only_earlier_ones_are_known(table, monkeypatch):
    monkeypatch.setattr(backtest, "ENOUGH", 40)
    cases = asked(read_cases(table))
    parts = backtest.before_each(cases, cases)
    assert [rows.tolist() for rows, _ in parts] == [[40, 41], [42, 43], [44, 45], [46, 47]]
    assert [len(train) for _, train in parts] == [40, 42, 44, 46]
    assert all(c.month < cases[rows[0]].month for rows, train in parts for c in train)


def test_each_split_scores_its_own_cases(spied):
    record, _, cases = spied
    y, year = np.array([c.joined for c in cases]), np.array([c.year for c in cases])
    of = lambda rows, p=0.6: float(((p - y[rows]) ** 2).mean())  # noqa: E731
    contested = np.array([c.op_key not in ("op6", "op7") for c in cases])
    scores, base = record.scores, record.baselines["base_rate"]
    assert scores["brier"].value == scores["brier_operation"].value == pytest.approx(of(y >= 0))
    assert scores["brier_contested"].value == pytest.approx(of(contested))
    for cut in (1995, 2003, 2010):
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
    lost = {
        key for theirs in record.baselines.values() for key in theirs if record.scores[key].value >= theirs[key].value
    }
    assert {note.split(" is not")[0] for note in record.notes} == lost
    assert "brier_time_2010" not in lost  # everyone joined then: .6 is nearer than .5


def test_shipped_rows_train_unless_they_are_of_the_part_left_out(table, monkeypatch):
    seen = []
    real = backtest.leaving_out
    monkeypatch.setattr(backtest, "leaving_out", lambda *a: seen.append(a) or real(*a))
    backtest.precedents(table)
    tested, everything, _ = seen[0]
    assert (len(tested), len(everything)) == (48, 48 + 351)


def test_from_what_ships_alone_nothing_of_the_file_is_used(table):
    cases = asked(read_cases(table))
    y = np.array([c.joined for c in cases], dtype=float)
    ship = asked(shipped_cases())
    said = fit_mixed(ship).probability([c.query for c in cases])
    found = run_task("precedents", table, "shipped")
    assert found.scores["brier"].value == pytest.approx(((said - y) ** 2).mean())
    share = np.mean([c.joined for c in ship])
    assert found.baselines["base_rate"]["brier"].value == pytest.approx(((share - y) ** 2).mean())
    assert found.scores["brier_operation_not_on_record"].value == pytest.approx(found.scores["brier"].value)
    assert "shipped table alone" in found.cutoff


def test_a_decision_that_ships_is_forecast_without_itself():
    ship = asked(shipped_cases())
    one, renamed = ship[7], replace(ship[9], case_id="another name")
    ((rows, train),) = backtest.without_themselves([one], ship)
    assert rows.tolist() == [0]
    assert [c.case_id for c in train] == [c.case_id for c in ship if c is not ship[7]]
    ((_, train),) = backtest.without_themselves([renamed], ship)
    assert ship[9] not in train
    assert len(train) == len(ship) - 1


@pytest.mark.parametrize("fit", backtest.FITS)
@pytest.mark.parametrize("outcomes", [["declined"], ["joined_combat"], ["joined_limited"] * 3, ["declined"] * 3])
def test_one_decision_or_one_outcome_is_scored(tmp_path, fit, outcomes):
    path = written(tmp_path / "few.csv", [row(k, outcome, "op") for k, outcome in enumerate(outcomes)])
    found = backtest.precedents(path, fit)
    assert 0 <= found.scores["brier"].value <= 1
    assert np.isnan(found.scores["calibration_slope"].value)
    assert found.to_dict()["scores"]["calibration_slope"]["value"] is None
    assert found.n == len(outcomes)
    assert found.to_text()


def test_what_cannot_be_scored_is_said(tmp_path):
    path = written(tmp_path / "left.csv", [row(1, "withdrew", "op")])
    with pytest.raises(DataError, match="withdrawals"):
        backtest.precedents(path)
    with pytest.raises(InputError, match="did you mean `shipped`"):
        backtest.precedents(path, "shiped")
