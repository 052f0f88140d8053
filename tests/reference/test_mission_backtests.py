"""The mission's backtests on the reference data, and on tables that are not what they should be."""

from pathlib import Path

import pytest

from contingent.errors import DataError
from contingent.mission.backtests.losses import losses
from contingent.mission.backtests.missions import killed_by_kind, missions
from contingent.mission.backtests.relapse import relapse
from contingent.mission.backtests.truce import truce
from contingent.mission.tables import shipped

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the reference data are not here (../shared/data)")


@needs_data
def test_truce_is_forecast_within_the_truces_known_and_beside_five_baselines():
    record = truce(DATA / "gaza")
    assert record.n >= 7  # the truces known to 28 October 2025 leave few weeks to score
    assert len(record.baselines) == 5
    # one week ahead at most the score of drawing truce weeks anew; the one case four weeks ahead tells nothing
    assert record.scores["crps_1"].value < record.baselines["resampled_truce_weeks"]["crps_1"].value
    assert record.scores["coverage_90_1"].value >= 0.8


@needs_data
def test_relapse_by_the_models_hazard_beats_the_base_rate_unseen_too():
    record = relapse(DATA / "recurrence")
    assert record.scores["brier"].value < record.baselines["base_rate"]["brier"].value
    assert record.scores["brier_before"].value < record.baselines["base_rate"]["brier"].value
    assert record.n > 300


@needs_data
def test_losses_by_the_models_equation_beat_rates_and_with_its_own_record_the_statistical_model():
    record = losses(DATA / "peacekeeper_fatalities")
    for name in ("pooled_rate", "last_year"):
        assert record.scores["log_score"].value < record.baselines[name]["log_score"].value
    assert record.scores["log_score_own"].value < record.baselines["own_record"]["log_score"].value
    # printed as losing: without the mission's own record the statistical model that has it is ahead
    assert record.scores["log_score"].value > record.baselines["own_record"]["log_score"].value


def test_the_bank_holds_missions_as_planned_and_says_wins_and_losses(tmp_path):
    bank = shipped("retrodiction")
    assert len(bank) >= 25
    assert bank["source"].str.len().min() > 3
    assert bank["basis"].str.contains("armed").all()
    assert bank["basis"].str.contains("troops").all()
    record = missions(tmp_path)
    assert record.n >= 70
    for outcome in ("hostile_deaths", "registered", "deaths"):
        assert any(f" {outcome}:" in note and "lost" in note for note in record.notes), outcome
        assert f"skill_{outcome}" in record.scores
    assert any("won" in note for note in record.notes)
    assert sum(note.startswith("target:") for note in record.notes) == 2
    # the first year's deaths: ahead of the country's last year, of it changed as the others did, and of three years
    ours = record.scores["crps_deaths"].value
    assert all(scores["crps_deaths"].value > ours for scores in record.baselines.values() if "crps_deaths" in scores)
    assert record.scores["skill_deaths"].low > 0
    assert 0.8 <= record.scores["coverage_90_deaths"].value <= 1


def test_the_shipped_rates_by_kind_are_what_the_bank_gives():
    bank, table = shipped("retrodiction"), shipped("violence_by_kind").set_index("kind")
    for kind, row in table.iterrows():
        found = killed_by_kind(bank, kind)
        assert (row["low"], row["best"], row["high"]) == pytest.approx((found.low, found.best, found.high), rel=0.05), (
            kind
        )
        known = (bank["conflict"] == kind) & bank["deaths"].notna()
        assert row["cases"] == known.sum() + (2 if kind == "gangs" else 0)


def test_bad_tables_are_named(tmp_path):
    path = tmp_path / "deaths_daily.csv"
    path.write_text("report_date,killed\n2025-01-01,3\n")
    with pytest.raises(DataError, match="no column killed_truce_new"):
        truce(path)
    path.write_text("report_date,killed_truce_new\n2025-01-01,3\n2025-13-01,4\n")
    with pytest.raises(DataError, match=r":3  report_date: `2025-13-01` is not a date"):
        truce(path)
    path.write_text("report_date,killed_truce_new\n2025-01-01,3\n2025-01-02,minus\n")
    with pytest.raises(DataError, match=r":3  killed_truce_new: `minus`"):
        truce(path)
    path.write_text("report_date,killed_truce_new\n1999-01-01,3\n")
    with pytest.raises(
        DataError, match=r"no truce is known between 1999-01-01 and 1999-01-01; put them in ceasefires.csv"
    ):
        truce(path)
    (empty := tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"there is no file deaths_daily\S* in this folder"):
        truce(empty)
    bank = tmp_path / "retrodiction.csv"
    bank.write_text("mission,weeks\nA,3\n")
    with pytest.raises(DataError, match="there is no column start, population"):
        missions(tmp_path)
    bank.write_text(
        ",".join(shipped("retrodiction").columns) + "\n" + "A,2000-01,52,1,1,1,un,protection,none,0,war,1,,,,,,,,,,\n"
    )
    with pytest.raises(DataError, match="1 missions; at least 3"):
        missions(tmp_path)
