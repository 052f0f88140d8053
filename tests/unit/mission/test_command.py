"""The verb, end to end, on both shipped theatres."""

import json
import sys
from importlib.util import find_spec

import pandas as pd
import pytest
import xarray as xr

from contingent import force
from contingent.cli import main
from contingent.ensemble.design import Design
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs, contributor_rows, labelled
from contingent.mission.simulate import CHUNK, chunks, headlines, simulate_into


def say(capsys, *words):
    with pytest.raises(SystemExit) as done:
        main(["mission", *words])
    return done.value.code or 0, capsys.readouterr()


@pytest.mark.parametrize("scenario", ["isf_gaza", "unifil_2006"])
def test_the_same_question_prints_the_same_bytes_without_timings(capsys, scenario):
    code, first = say(capsys, scenario, "--runs", "60", "--json")
    assert code == 0
    assert first.out == say(capsys, scenario, "--runs", "60", "--json")[1].out
    found = json.loads(first.out)
    assert "seconds" not in first.out
    assert found["headline"]["events"]["q05"] <= found["headline"]["events"]["q50"]
    assert len(found["weekly"]["troops"]["q50"]) == 104


def test_the_second_theatre_has_its_own_sectors_and_tasks(capsys):
    found = json.loads(say(capsys, "unifil_2006", "--runs", "60", "--option", "infantry", "--json")[1].out)
    assert set(found["sectors"]) == {"sector_west", "sector_east"}
    assert "ITA" in found["contributors"]


def test_split_and_chain_are_said_when_asked(capsys):
    words = "unifil_2006 --runs 60 --option infantry --against decline --sobol --chain 3".split()
    found = json.loads(say(capsys, *words, "--json")[1].out)
    assert set(found["split"]["own_deaths"]) >= {"security", "legal_basis", "use_of_force"}
    assert {"first", "total"} == set(found["sobol"]["events"]["equation 2"])
    assert {"theatre", "force", "mandate"} <= set(found["sobol"]["events"])
    assert isinstance(found["chain"], list)
    text = say(capsys, *words)[1].out
    assert "what it comes through" in text
    assert "would remain if all but a group of numbers were known (total Sobol index)" in text


def test_deaths_of_the_force_and_the_contributors_own_are_told_apart(capsys):
    words = ("isf_gaza", "--runs", "200", "--option", "decline")
    rows = json.loads(say(capsys, *words, "--json")[1].out)["headline"]
    assert rows["own_deaths"]["mean"] > 0
    assert rows["contributor_own_deaths"]["mean"] == 0
    lines = say(capsys, *words)[1].out.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("deaths of the whole force "))
    assert lines[at + 1].startswith("of them PAK's own ")
    assert not any(line.startswith("own_deaths") for line in lines)


def test_the_contributors_deaths_are_those_of_its_row_and_of_the_streamed_runs(gaza):
    from plain_force import plain_presence

    design = Design(7, 50)
    presence = plain_presence(gaza, 50)
    inputs = prepare(gaza, presence, design)
    outputs = Outputs.empty(inputs)
    simulate_into(inputs, outputs)
    own = contributor_rows(inputs, outputs, gaza.contributor)["contributor_own_deaths"]
    row = labelled(inputs, outputs, list(gaza.theatre.sectors)).contributors["own_deaths"].sel(contributor="PAK")
    assert own.sum() > 0
    assert (own == row).all()
    streamed = headlines(gaza, lambda _: presence, seed=7, runs=50)
    assert (streamed["contributor_own_deaths"] == own).all()


def test_two_options_are_compared_in_one_world(capsys, monkeypatch):
    bases, plan = [], force.plan
    monkeypatch.setattr(
        force, "plan", lambda asked, **how: bases.append(asked.mandate.legal_basis) or plan(asked, **how | {"gap": 0.5})
    )
    words = ("isf_gaza", "--runs", "5", "--option", "decline", "--against", "decline")
    text = say(capsys, *words)[1].out
    assert "in the world unsc_resolution, both options alike" in text
    assert bases == ["unsc_resolution"] * 2


def test_a_world_that_is_not_there_is_named_with_those_that_are(capsys):
    code, said = say(capsys, "isf_gaza", "--world", "rain")
    assert code == 2
    assert "--world rain: there is no such world; known are no_unsc_resolution, unsc_resolution" in said.err
    code, said = say(capsys, "isf_gaza", "--world", "resolution")
    assert code == 2
    assert "--world resolution: there is no such world; did you mean `unsc_resolution`?" in said.err


def test_export_and_its_refusals(capsys, tmp_path):
    there = tmp_path / "runs.nc"
    assert say(capsys, "unifil_2006", "--runs", "20", "--export", str(there))[0] == 0
    with xr.open_dataset(there) as stored:
        assert stored.sizes["run"] == 20
        assert stored["sector_events"].dims == ("run", "sector")
    code, said = say(capsys, "unifil_2006", "--runs", "20", "--export", str(there))
    assert code == 2
    assert "nothing was written over it" in said.err
    assert "end the name in" in say(capsys, "unifil_2006", "--export", str(tmp_path / "runs.doc"))[1].err
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("contingent.mission.report.find_spec", lambda name: None)
        code, said = say(capsys, "unifil_2006", "--runs", "5", "--export", str(tmp_path / "runs.parquet"))
    assert code == 3
    assert "pip install" in said.err
    assert "contingent[parquet]" in said.err
    if find_spec("fastparquet"):
        assert say(capsys, "unifil_2006", "--runs", "5", "--export", str(tmp_path / "runs.parquet"))[0] == 0
        assert len(pd.read_parquet(tmp_path / "runs.parquet")) == 5 * 104
    table = tmp_path / "runs.csv"
    assert say(capsys, "unifil_2006", "--runs", "5", "--export", str(table))[0] == 0
    assert table.read_text().count("\n") == 5 * 104 + 1


def test_an_unknown_option_is_named(capsys):
    code, said = say(capsys, "isf_gaza", "--option", "declin")
    assert code == 2
    assert "did you mean `decline`" in said.err


def test_very_many_runs_come_in_batches_the_same_for_any_number_of_workers(gaza, monkeypatch):
    from plain_force import plain_presence

    designs = chunks(7, 2 * CHUNK + 5)
    assert [design.runs for design in designs] == [CHUNK, CHUNK, 5]
    assert designs[0].seed == 7
    assert len({design.seed for design in designs}) == 3
    monkeypatch.setattr(sys.modules["contingent.mission.simulate"], "CHUNK", 50)
    one, two = (
        headlines(gaza, lambda d: plain_presence(gaza, d.runs), seed=7, runs=170, workers=workers) for workers in (1, 2)
    )
    assert one.sizes["run"] == 170
    assert one.equals(two)


@pytest.mark.parametrize("option", ["decline", "support_only", "agreement_only_full"])
def test_very_many_runs_tell_the_same_results_of_every_option(capsys, monkeypatch, option):
    """An option that takes pledges away is streamed as any other."""
    told = json.loads(say(capsys, "isf_gaza", "--option", option, "--runs", "60", "--json")[1].out)["headline"]
    monkeypatch.setattr(sys.modules["contingent.mission.simulate"], "CHUNK", 20)
    code, streamed = say(capsys, "isf_gaza", "--option", option, "--runs", "60", "--json")
    assert code == 0
    assert set(json.loads(streamed.out)["headline"]) == set(told)
