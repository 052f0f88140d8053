"""The mission's backtests on the reference data, and on tables that are not what they should be."""

from pathlib import Path

import numpy as np
import pytest

from contingent.errors import DataError
from contingent.mission.backtests.losses import losses
from contingent.mission.backtests.missions import missions
from contingent.mission.backtests.relapse import relapse
from contingent.mission.backtests.truce import by_week, pooled, truce
from contingent.mission.tables import shipped

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the reference data are not here (../shared/data)")


@needs_data
def test_truce_beats_its_three_baselines_at_every_horizon():
    record = truce(DATA / "gaza")
    for name in ("crps_1", "crps_4", "crps_12"):
        assert all(record.scores[name].value < scores[name].value for scores in record.baselines.values()), name


@needs_data
def test_relapse_beats_the_base_rate():
    record = relapse(DATA / "recurrence")
    assert record.scores["brier"].value < record.baselines["base_rate"]["brier"].value
    assert record.n > 300


@needs_data
def test_losses_beat_the_pooled_rate_and_last_year():
    record = losses(DATA / "peacekeeper_fatalities")
    for scores in record.baselines.values():
        assert record.scores["log_score"].value < scores["log_score"].value


def test_the_bank_holds_a_dozen_sourced_missions_and_says_wins_and_losses(tmp_path):
    bank = shipped("retrodiction")
    assert len(bank) >= 12
    assert bank["source"].str.len().min() > 10
    record = missions(tmp_path)
    assert record.n >= 20
    assert any("won" in note for note in record.notes)
    assert any("lost" in note for note in record.notes)
    assert -1 < record.scores["crps_skill"].value < 1


def test_a_forecast_sees_only_what_came_before():
    rng = np.random.default_rng(1)
    weekly = rng.poisson(50, 30).astype(float)
    changed = weekly.copy()
    changed[20:] = 10_000
    from contingent.mission.backtests.truce import SEEN, experts

    def opinions(series):
        return [np.stack(experts(series[:t])) if t >= SEEN else np.empty((0, 0)) for t in range(31)]

    for horizon in (1, 4, 12):
        np.testing.assert_array_equal(
            pooled(weekly, opinions(weekly), 20, horizon), pooled(changed, opinions(changed), 20, horizon)
        )


def test_bad_daily_files_are_named(tmp_path):
    path = tmp_path / "deaths_daily.csv"
    path.write_text("date,killed\n2025-01-01,3\n")
    with pytest.raises(DataError, match="no column report_date"):
        truce(path)
    path.write_text("report_date,killed\n2025-01-01,3\n2025-13-01,4\n")
    with pytest.raises(DataError, match=r":3: column report_date: not a date"):
        truce(path)
    path.write_text("report_date,killed\n2025-01-01,3\n2025-01-02,minus\n")
    with pytest.raises(DataError, match=r":3: column killed: `minus`"):
        truce(path)
    path.write_text("report_date,killed\n2025-01-01,3\n")
    with pytest.raises(DataError, match="whole weeks"):
        truce(path)
    with pytest.raises(DataError, match="no file"):
        truce(tmp_path / "..")


def test_weeks_are_whole_and_gaps_count_nothing(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"report_date": ["2025-01-01", "2025-01-09", "2025-01-15"], "killed": [3, 4, 100]})
    np.testing.assert_array_equal(by_week(tmp_path, frame), [3, 4])
