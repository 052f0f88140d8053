"""Who contributes to a force outside the UN: facts of states by hand, one coding for all, and one answer everywhere."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contingent.cli import run
from contingent.consultation.track_record import looked_up
from contingent.errors import DataError, InputError
from contingent.force.coalition import FLAGS, RANKED, coded, facts, force, shipped
from contingent.force.coalition_backtest import (
    FEATURES,
    Forces,
    agreement,
    by_force,
    coalitions,
    from_facts,
    heard_of,
    learn,
    left_out,
    predict,
    read_forces,
    scored,
)
from contingent.force.states import belongs, distances, memberships, state, states
from contingent.force.whom_to_ask import answer, question
from contingent.scenario.read import read

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "coalitions"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data are not beside this clone")
GAZA = force("PSE", "USA", None, date(2025, 10, 28))


def test_memberships_begin_and_end() -> None:
    assert [belongs("eu", "GBR", year) for year in (1972, 2019, 2020)] == [True, True, False]
    assert [belongs("nato", "FIN", year) for year in (2022, 2023)] == [False, True]
    assert not belongs("nato", "AUT", 2020)
    assert {code for held in memberships().values() for code in held} - set(states()) <= {
        "COK",
        "NIU",
        "ESH",
        "NCL",
        "PYF",
    }
    assert {"XKX", "TWN", "PSE"} <= set(states())
    assert state("yug", "--host").iso3 == "SRB"
    for name in ("Palestine", "Türkiye", "turkey", "COTE D'IVOIRE", "Kosovo", "the Gambia", "UK"):
        assert state(name, "--host").iso3 in {"PSE", "TUR", "CIV", "XKX", "GMB", "GBR"}
    with pytest.raises(InputError, match="--host Pakistn: is no state; did you mean `Pakistan`"):
        state("Pakistn", "--host")
    with pytest.raises(InputError, match="--host ABC: is no state; did you mean"):
        state("ABC", "--host")


def test_distance_is_along_the_great_circle() -> None:
    there = list(states())
    away = distances(state("FRA", "x"))
    assert away[there.index("FRA")] == pytest.approx(0, abs=1e-6)
    assert away[there.index("GBR")] == pytest.approx(344, abs=5)  # Paris to London
    assert distances(state("GBR", "x"))[there.index("FRA")] == pytest.approx(away[there.index("GBR")])


def test_every_fact_of_a_state() -> None:
    found = facts(force("MLI", "FRA", "ecowas", date(2013, 1, 11)))
    assert len(found) == len(states())
    assert found.loc["SEN", ["member", "outsider", "borders", "nato"]].tolist() == [1, 0, 1, 0]
    assert found.loc["GBR", ["member", "outsider", "ally", "nato", "oecd like lead"]].tolist() == [0, 1, 1, 1, 1]
    assert found.loc["SEN", "shared with host"] == 3  # African Union, ECOWAS, OIC
    alone = facts(force("MLI", None, None, date(2013, 1, 11)))
    assert (alone["member"].sum(), alone["outsider"].sum()) == (0, 0)
    assert alone["ally"].isna().all()  # nobody is known to lead
    assert np.isfinite(shipped().model.probability(alone)).all()


def test_nothing_later_than_the_year_before_is_known() -> None:
    early, late = (facts(force("PSE", "USA", None, date(year, 6, 1))) for year in (1990, 2020))
    assert early["past"].sum() < late["past"].sum()
    assert early.loc["POL", "nato"] < late.loc["POL", "nato"]


def test_what_is_not_known_counts_as_the_taught_mean() -> None:
    model = shipped().model
    row = pd.DataFrame([dict.fromkeys(model.features, np.nan)])
    mean = pd.DataFrame([dict(zip(model.features, model.mean, strict=True))])
    assert model.probability(row) == pytest.approx(model.probability(mean))


COLUMNS = (*FLAGS, *RANKED, "earlier_coalitions", "earlier_with_lead")


def table(**changes: list) -> pd.DataFrame:
    usual = {name: [0.0, 1.0, 2.0, 3.0] for name in COLUMNS}
    names = {"force": ["A"] * 4, "org": ["eu"] * 4, "in_org": [1, 0, np.nan, 1]}
    return pd.DataFrame(usual | names | changes)


def test_features_of_a_table_are_ranks_within_a_force() -> None:
    found = coded(table(milper_k=[5.0, np.nan, 900.0, 50.0], dist_km=[np.nan, 200.0, 400.0, 300.0]))
    assert found["member"].tolist() == [1, 0, 0, 1]
    assert found["outsider"].tolist() == [0, 1, 1, 0]
    assert found["rank of milper_k"].tolist() == pytest.approx([1 / 3 - 0.5, 0, 0.5, 2 / 3 - 0.5])
    assert np.exp(found["distance"]).tolist() == pytest.approx([300, 200, 400, 300])  # the median where it is not known
    assert found["earlier_coalitions"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert coded(table(org=[np.nan] * 4))[["member", "outsider"]].to_numpy()[:, 1].sum() == 0


def drawn() -> Forces:
    """Six forces of forty states: the nearer, the likelier in play; four in five of those come."""
    rng = np.random.default_rng(5)
    parts = []
    for i in range(6):
        near = rng.random(40)
        play = rng.random(40) < np.where(near < 0.3, 0.8, 0.02)
        came = play & (rng.random(40) < 0.8)
        parts.append(
            table(**{name: [0.0] * 40 for name in COLUMNS},
                  force=[f"F{i}"] * 40, org=[np.nan] * 40, in_org=[np.nan] * 40).assign(
                dist_km=1000 * near, iso3=list(states())[:40], start=f"20{10 + i}-05", is_lead=0, y=came.astype(float),
                people=np.where(came, 100.0, np.nan),
                status=np.where(came, "deployed", np.where(play, "asked_declined", "silent")))
        )  # fmt: skip
    about = pd.DataFrame({"command": "regional", "predecessor": "none"}, index=[f"F{i}" for i in range(6)])
    return Forces(pd.concat(parts, ignore_index=True), about, "")


def test_in_play_times_agrees_is_what_is_seen() -> None:
    forces = drawn()
    agrees = np.full(240, 0.8)
    ours, in_play, base = left_out(forces, lambda f: coded(f.rows), agrees)
    assert ours == pytest.approx(in_play * agrees)
    assert in_play.sum() == pytest.approx(heard_of(forces).sum(), rel=0.1)
    assert ours.sum() == pytest.approx(forces.column("y").sum(), rel=0.15)
    assert base[0] == pytest.approx(forces.column("y")[40:].mean())  # of the others alone
    spoilt = Forces(
        forces.rows.assign(status=np.where(forces.column("force") == "F0", "silent", forces.column("status"))),
        forces.about,
        "",
    )
    again = left_out(spoilt, lambda f: coded(f.rows), agrees)[1]
    assert np.array_equal(again[:40], in_play[:40])  # a force teaches nothing about itself
    later = left_out(forces, lambda f: coded(f.rows), agrees, group="later")[0]
    assert np.isnan(later[:160]).all()  # fewer than four had started
    assert np.isfinite(later[160:]).all()
    assert by_force(forces.column("force"), ours, base, forces.column("y").astype(int))[0].startswith("F0: ")


@pytest.fixture(scope="module")
def record():
    return coalitions(DATA)


@needs_data
def test_contributors_to_forces_left_out_whole(record) -> None:
    assert record.scores["auc"].value >= 0.92
    assert record.scores["log_score"].value <= 0.105
    assert record.scores["calibration_error"].value <= 0.02
    usual = record.baselines["base rate"]
    for kind in ("", "_lead_state", "_sender", "_later"):
        assert record.scores[f"log_score{kind}"].value < usual[f"log_score{kind}"].value
        assert record.scores[f"auc{kind}"].value >= 0.85
    facts_alone = record.baselines["shipped facts alone"]
    assert facts_alone["auc"].value >= 0.88  # without any data of the user's
    assert facts_alone["log_score"].value <= 0.115
    assert f"AUC {facts_alone['auc'].value:.2f}, log score {facts_alone['log_score'].value:.3f}" in shipped().said


@needs_data
def test_what_ships_is_what_the_table_teaches() -> None:
    forces = read_forces(DATA)
    forces = forces.keep(scored(forces))
    model, held = learn(from_facts(forces), forces), shipped().model
    assert held.features == model.features
    assert held.weight == pytest.approx(model.weight, abs=1e-4)
    assert held.intercept == pytest.approx(model.intercept, abs=1e-4)


@needs_data
def test_memberships_are_those_of_the_table() -> None:
    rows = read_forces(DATA).rows
    year = rows["start"].str[:4].astype(int) - 1
    for name, column in (("nato", "nato"), ("eu", "eu"), ("us_ally_outside_nato", "mnna")):
        typed = [float(belongs(name, code, y)) for code, y in zip(rows["iso3"], year, strict=True)]
        assert typed == rows[column].tolist()


@needs_data
def test_forces_without_answers_are_forecast_for_every_state() -> None:
    found = predict(DATA, DATA / "force_state_unlabelled.csv")
    asked = pd.read_csv(DATA / "force_state_unlabelled.csv")
    assert found[["force", "iso3"]].equals(asked[["force", "iso3"]])
    led = asked["is_lead"].to_numpy() == 1
    assert np.isnan(found.loc[led, "contributes"]).all()
    rest = found[~led]
    assert ((rest["contributes"] > 0) & (rest["contributes"] < 1)).all()
    assert rest["contributes"].to_numpy() == pytest.approx((rest["in_play"] * rest["agrees"]).to_numpy())
    assert {"XKX", "TWN"} <= set(rest["iso3"])


def written(folder: Path, rows: pd.DataFrame) -> Path:
    """A folder of the two tables."""
    folder.mkdir(exist_ok=True)
    rows.to_csv(folder / "force_state_task.csv", index=False)
    about = drawn().about.assign(start="2010-05", host="MLI", lead="FRA").rename_axis("force").reset_index()
    about.to_csv(folder / "forces.csv", index=False)
    return folder


def test_a_force_in_both_files_is_forecast_from_the_others(tmp_path: Path) -> None:
    rows = drawn().rows
    asked = tmp_path / "asked.csv"
    rows[rows["force"] == "F0"].drop(columns=["y", "status"]).to_csv(asked, index=False)
    data = written(tmp_path / "data", rows)
    spoilt = written(tmp_path / "spoilt", rows.assign(status=rows["status"].where(rows["force"] != "F0", "silent")))
    without = written(tmp_path / "without", rows[rows["force"] != "F0"])
    found, again, new = (predict(folder, asked)["contributes"].to_numpy() for folder in (data, spoilt, without))
    assert np.array_equal(found, again)
    assert found == pytest.approx(new)
    assert run(["backtest", "coalitions", str(data), "--predict", str(asked), "--out", str(tmp_path / "out.csv")]) == 0
    assert pd.read_csv(tmp_path / "out.csv")["contributes"].to_numpy() == pytest.approx(found)
    assert run(["backtest", "coalitions", str(data), "--predict", str(asked)]) == 2
    assert run(["backtest", "contributors", str(data), "--predict", str(asked), "--out", "x"]) == 2


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("dist_km", "far", r"force_state_task.csv:3  dist_km: `far` is not a number"),
        ("status", "came", r"force_state_task.csv:3  status: `came` is not one of deployed, token"),
        ("start", "May 2010", r"force_state_task.csv:3  start: `May 2010` is not a month such as 2006-08"),
        ("force", "Z", r"forces.csv: has no row for Z"),
    ],
)
def test_bad_cells_are_named(tmp_path: Path, column: str, cell: str, says: str) -> None:
    forces = drawn()
    rows = forces.rows.astype(object)
    rows.loc[1, column] = cell
    written(tmp_path, rows)
    with pytest.raises(DataError, match=says):
        coalitions(tmp_path)
    with pytest.raises(InputError, match="takes `folds`"):
        coalitions(tmp_path, fit="other")
    assert set(FEATURES) <= set(rows.columns)


def test_agreement_is_coded_alike_for_all() -> None:
    forces = drawn()
    near = Forces(forces.rows.assign(neighbour=np.where(forces.column("iso3") == "AGO", 1.0, np.nan)), forces.about, "")
    found = agreement(near, np.zeros(240, bool))
    here = forces.column("force") == "F0"
    assert len(set(found[here])) == 2  # a neighbour, and all others
    assert ((found > 0) & (found < 1)).all()


@pytest.mark.parametrize("option", [None, "un_mandate_full", "agreement_only_full", "support_only"])
def test_one_answer_for_ask_record_precedents_and_the_case(option: str | None) -> None:
    base = read("isf_gaza")
    chosen = base.under(option) if option else base
    found = answer(chosen, base, GAZA, None)
    i = found.codes.index("PAK")
    assert found.agrees[i] == looked_up(chosen).probability  # what the consultation takes as the record
    assert found.in_play[i] == 1  # the case is about it
    assert found.contributes == pytest.approx(found.in_play * found.agrees)
    assert ((found.low <= found.contributes) & (found.contributes <= found.high)).all()
    assert "PSE" not in found.codes
    assert {"XKX", "TWN"} <= set(found.codes)
    assert found.contributes[found.codes.index("TUR")] == 0  # refused by a party
    assert question(chosen, "PAK", GAZA.host) == question(chosen, "PAK", state("MLI", "x"))


def test_codes_of_other_states_follow_one_rule() -> None:
    base = read("isf_gaza")
    muslim, other, beside = (question(base, code, GAZA.host) for code in ("MYS", "FJI", "JOR"))
    assert (muslim.kin_or_religious_tie_with_host, muslim.coerce_kin, muslim.regional_neighbour) == (1, 1, 0)
    assert (other.kin_or_religious_tie_with_host, other.coerce_kin) == (0, 0)
    assert beside.regional_neighbour == 1
    assert {q.us_request_or_lead for q in (muslim, other, beside)} == {1}
    assert {q.material_benefit for q in (muslim, other, beside)} == {0}


def test_record_and_ask_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "isf_gaza", "--host", "PSE", "--party", "isr", "--option", "support_only", "--json"]) == 0
    listed = {row["code"]: row for row in json.loads(capsys.readouterr().out)["states"]}
    assert "ISR" not in listed
    for code in ("PAK", "IDN", "KEN"):
        words = ["record", code, "--scenario", "isf_gaza", "--option", "support_only", "--host", "PSE", "--json"]
        assert run(words) == 0
        told = json.loads(capsys.readouterr().out)["would_agree"]["isf_gaza, support_only"]
        assert listed[code]["agrees"] == pytest.approx(told["best"], abs=5e-5)


def test_a_record_of_any_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "KEN"]) == 0
    told = capsys.readouterr().out
    assert "262,203 person-months" in told
    assert "AMISOM: joined combat" in told
    assert "a UN mission: " in told
    assert run(["record", "XKX"]) == 0
    assert "none of its uniformed people are in the panel" in capsys.readouterr().out
    assert run(["record", "IDN", "--scenario", "isf_gaza"]) == 2
    assert "say where its force goes, such as --host HTI" in capsys.readouterr().err
