"""Who contributes, how fast a mission fills, how many pledges are kept, and a record beside a claim."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contingent.errors import DataError
from contingent.force import un_records, whom_to_ask
from contingent.force.backtest import MONTHS, contributors, fill_up, forecast, read_panel
from contingent.force.coalition import shipped
from contingent.force.propensity import FEW, LABELS, PREDECESSORS, fit, rolling, served_before
from contingent.scoring import auc, log_score

DATA = Path(__file__).parents[3].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data are not beside this clone")


@needs_data
def test_contributors_are_forecast_out_of_time_as_well_as_the_bar_asks() -> None:
    found = contributors(DATA)
    assert found.scores["auc"].value >= 0.88
    assert found.scores["log_score"].value <= 0.180
    assert found.scores["calibration_error"].value <= 0.02
    plain = found.baselines["without predecessor forces"]
    assert plain["auc"].value == pytest.approx(0.870, abs=0.001)  # the published baseline on this panel
    assert plain["log_score"].value == pytest.approx(0.186, abs=0.0005)


@needs_data
def test_what_ships_of_un_missions_is_what_the_panel_teaches() -> None:
    held = shipped("un_contributors")
    panel = read_panel(DATA)[1][[*LABELS, *held.model.features]]
    model = fit(panel[~panel["m"].isin(FEW)].drop(columns="m"))
    assert held.model.weight == pytest.approx(model.weight, abs=1e-4)
    found = rolling(panel, predecessors=False)
    came, said = found["y"].to_numpy(int), found["probability"].to_numpy(float)
    assert f"AUC {auc(said, came):.2f}, log score {log_score(said, came).mean():.3f}" in held.said


@needs_data
def test_fill_up_beats_the_pooled_record_by_a_tenth() -> None:
    found = fill_up(DATA / "tcc" / "derived_fillup_since_mandate.csv")
    assert found.scores["crps"].value <= 0.9 * found.baselines["pooled record"]["crps"].value
    assert 0.75 <= found.scores["coverage80"].value <= 0.85


@needs_data
def test_the_typed_record_is_what_the_panel_gives() -> None:
    panel = pd.read_csv(DATA / "tcc" / "ipi_contributor_month_1990_2014.csv.gz").dropna(subset=["contributor"])
    total = panel[["troops", "police", "experts"]].fillna(0).sum(axis=1)
    for name, code in (("Pakistan", "PAK"), ("Kenya", "KEN"), ("Bangladesh", "BGD")):
        mine = total[panel["contributor"] == name]
        assert mine.sum() == un_records.records()[code].person_months
        assert mine.groupby(panel["date"]).sum().max() == un_records.records()[code].peak


def drawn_panel() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    rows = []
    for i, mission in enumerate(("OLD_A", "OLD_B", "NEW")):
        for state in range(40):
            last = rng.random()
            rows.append((f"S{state}", mission, 23_900 + 60 * i, int(rng.random() < last), 100 * last, last, 1.0))
    return pd.DataFrame(rows, columns=["c", "m", "t0", "y", "size", "l_tot24", "constant"])


def test_a_state_with_more_behind_it_is_likelier_and_the_interval_holds_the_estimate() -> None:
    panel = drawn_panel()
    model = fit(panel)
    ordered = panel.sort_values("l_tot24")
    probability = model.probability(ordered)
    assert probability[-1] > probability[0]
    low, high = model.interval(ordered)
    assert ((low <= probability) & (probability <= high)).all()


def test_a_mission_is_forecast_from_closed_missions_only() -> None:
    panel = drawn_panel()
    spoilt = panel.assign(y=np.where(panel["m"] == "NEW", 1 - panel["y"], panel["y"]))
    a, b = rolling(panel), rolling(spoilt)
    assert set(a["m"]) == {"NEW"}  # the others began before 2000
    assert np.array_equal(a["probability"], b["probability"])


def test_data_of_another_layout_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no file contributors_task\.csv"):
        contributors(tmp_path)
    file = tmp_path / "contributors_task.csv"
    file.write_text("c,m\nA,B\n", "utf-8")
    with pytest.raises(DataError, match="no column t0"):
        contributors(tmp_path)
    (tmp_path / "derived_fillup_since_mandate.csv").write_text("mission\nX\n", "utf-8")
    with pytest.raises(DataError, match="no column mandate"):
        fill_up(tmp_path)


def test_likeness_moves_the_forecast_towards_like_missions() -> None:
    past = pd.DataFrame({"mission": ["MONUC", "A", "B"], "mandate": ["2000-02-24", "2001-01-01", "2002-01-01"]})
    for month in MONTHS:
        past[f"m{month}"] = [0.1, 0.9, 0.9]
    contested, calm = (forecast(past, 6, np.array(like)) for like in ([1.0, 0.0], [0.0, 0.0]))
    assert contested.weight[0] / contested.weight.sum() > calm.weight[0] / calm.weight.sum()
    assert calm.quantile(0.5) == 0.9


def test_pledges_are_kept_more_often_where_somebody_pays() -> None:
    assessed, voluntary = whom_to_ask.rate("assessed"), whom_to_ask.rate("voluntary")
    assert assessed.mean > voluntary.mean
    low, high = voluntary.interval()
    assert low < voluntary.mean < high


def test_the_claim_about_pakistan_is_plausible_in_people_and_not_confirmed_in_missions() -> None:
    verdicts = {finding.what: finding.verdict for finding in un_records.check("PAK", 200_000, 40)}
    assert verdicts["people"] == "plausible"
    assert verdicts["missions"] == "not confirmed"
    assert "contradicted" in verdicts.values()  # two official totals that cannot follow from one another
    assert un_records.check("PAK", 2_000_000, 40)[0].verdict == "contradicted"
    assert un_records.check("XXX", 1, 1) == ()


def test_every_predecessor_force_rests_on_a_dated_page() -> None:
    for row in PREDECESSORS:
        assert row["members"]
        for source in row["sources"]:
            assert re.search(r"(19|20)\d\d", source.split("http")[0]), source
            assert re.search(r"https?://\S+$", source), source
    assert served_before("MINUSMA", "Togo")
    assert not served_before("UNMIS", "Togo")


@needs_data
def test_predecessors_are_written_as_the_panel_writes_them() -> None:
    panel = pd.read_csv(DATA / "tcc" / "contributors_task.csv")
    assert {member for row in PREDECESSORS for member in row["members"]} <= set(panel["c"])
    mandate = dict(zip(panel["m"], panel["t0"] // 12, strict=True))
    for row in PREDECESSORS:  # nothing dated after the mandate's year says who was there
        dated = [max(map(int, re.findall(r"\b(?:19|20)\d\d\b", s.split("http")[0]))) for s in row["sources"]]
        assert max(dated) <= mandate[row["mission"]], row["mission"]
