"""`contingent serve` without a port: the workbench answers one address and ends; what cannot be is one line."""

import json

import pytest

from contingent.cli import run


def test_a_folder_alone_is_its_workbench_and_a_draft_is_begun_once(tmp_path, capfd):
    case = tmp_path / "my_case"
    assert run(["new", str(case), "--like", "amm_aceh", "-q"]) == 0
    capfd.readouterr()
    for asked in ([str(case)], ["serve", str(case)]):
        assert run([*asked, "--get", "/index.json", "--json", "--out", str(tmp_path / "runs")]) == 0
        drafts = json.loads(capfd.readouterr().out)["drafts"]
        assert [each["name"] for each in drafts] == ["my_case"]
    address = f"/d/{drafts[0]['draft']}/assumptions.json?q=deadline"
    assert run(["serve", "--get", address, "--out", str(tmp_path / "runs")]) == 0
    assert json.loads(capfd.readouterr().out)["rows"][0]["path"] == "process.deadline"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--bind", "0.0.0.0"], "--user-header"),
        (["--roles", "amna=king"], "analyst"),
        (["--port", "99999999"], "leave it out for a free one"),
        (["--database", "nonsense"], "sqlite:///FILE"),
        (["no_such_case"], "no_such_case"),
    ],
)
def test_what_cannot_be_is_one_line(given, says, tmp_path, capfd):
    assert run(["serve", *given, "--no-open", "--out", str(tmp_path)]) == 2
    said = capfd.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_an_address_that_is_none_ends_with_one(tmp_path, capfd):
    assert run(["serve", "--get", "/d/none/runs.json", "--out", str(tmp_path)]) == 1
    assert "no such draft" in capfd.readouterr().out
