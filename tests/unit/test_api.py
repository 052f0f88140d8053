"""What a researcher types: the walk through the interface runs, and each of its parts says what it should."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest

import contingent as ct
from contingent import api
from contingent.brief import Brief
from contingent.brief.document.blocks import Figure
from contingent.labels import CRITERION, OPTION, RUN
from contingent.study.store import Store
from contingent.study.study import run_or_load
from contingent.study.trace import Traced

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "api.md"
RUNS = 60


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page leaves behind when its blocks are typed one after the other, on few runs."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) > 5
    names: dict[str, Any] = {"folder": tmp_path_factory.mktemp("walk")}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(names["folder"])
        for block in blocks:
            exec(block.replace("runs=2_000", f"runs={RUNS}"), names)
    return names


@pytest.fixture(scope="module")
def result(walk: dict[str, Any]) -> ct.Result:
    return walk["result"]


def test_the_walk_ends_in_a_brief_and_a_table_with_units(walk: dict[str, Any]) -> None:
    assert (walk["folder"] / "brief.html").stat().st_size > 100_000
    assert walk["table"].attrs["units"]["own_risk"] == "deaths in the horizon"


def test_the_public_names_are_what_tab_shows() -> None:
    assert dir(ct) == sorted(ct.__all__)
    assert {"Study", "Result", "read", "load"} <= set(dir(ct))
    assert all(getattr(ct, name) is not None for name in dir(ct))
    with pytest.raises(AttributeError, match="HOME"):
        _ = ct.HOME


def test_a_name_stands_for_a_scenario_and_for_a_list_of_one() -> None:
    short = ct.Study("isf_gaza", options="un_mandate_full", seed=3)
    long = ct.Study(ct.read("isf_gaza"), options=["un_mandate_full"], seed=3)
    assert short == long
    assert short.question(10).options == ("decline", "un_mandate_full")
    assert short.question(10).id == long.question(10).id
    assert ct.Study("isf_gaza").question(10).options == tuple(short.scenario.options)


def test_a_folder_is_read(tmp_path: Path) -> None:
    from contingent.scenario.read import shipped

    assert ct.Study(shipped()["isf_gaza"]).scenario == ct.read("isf_gaza")
    with pytest.raises(ct.InputError, match="no such folder"):
        ct.Study(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"scenario": 5}, "shipped name such as.*not a int"),
        ({"scenario": "isf_gaza", "options": 3}, "list of names"),
        ({"scenario": "isf_gaza", "options": ["decline", 3]}, "list of names"),
        ({"scenario": "isf_gaza", "options": "un_mandat"}, "did you mean `un_mandate_full`"),
        ({"scenario": "isf_gaza", "seed": "x"}, "seed: write a whole number"),
        ({"scenario": "isf_gaza", "seed": True}, "seed: write a whole number"),
        ({"scenario": "isf_gaz"}, "shipped are amm_aceh, isf_gaza"),
    ],
)
def test_what_cannot_be_meant_says_what_to_write(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ct.InputError, match=says):
        ct.Study(**given)


@pytest.mark.parametrize(("runs", "says"), [("many", "whole number"), (2.5, "whole number"), (1, "between 2")])
def test_a_number_of_runs_is_a_whole_number(runs: Any, says: str) -> None:
    with pytest.raises(ct.InputError, match=says):
        ct.Study("isf_gaza", options="decline").run(runs)


def test_everything_prints_as_one_short_screen(walk: dict[str, Any], result: ct.Result) -> None:
    shown = {
        "study": (walk["study"], 5), "result": (result, 25), "scenario": (walk["scenario"], 6),
        "plan": (next(iter(result.plans.values())), 2), "appraisal": (result.appraisal, 2),
        "question": (result.question, 2), "trace": (walk["traced"], 20), "brief": (walk["brief"], 2),
    }  # fmt: skip
    for name, (thing, lines) in shown.items():
        assert len(repr(thing).splitlines()) <= lines, name
        assert len(repr(thing)) < 4000, name


def test_a_result_on_one_screen_says_question_options_and_key_numbers(result: ct.Result) -> None:
    text = repr(result)
    table = result.summary()
    assert result.scenario.question in text
    assert result.question.id in text
    for name, row in table.iterrows():
        (line,) = [each for each in text.splitlines() if each.split()[:1] == [name]]
        assert f"{row['passes']:.1%}" in line
        assert f"{row['first']:.1%}" in line
        assert ("most often first" in line) == (name == table["first"].idxmax())
    assert all(name in text for name in result.scenario.criteria)


def test_a_result_in_a_notebook_is_a_small_table(result: ct.Result) -> None:
    page = result._repr_html_()
    assert len(page) < 20_000
    assert page.count("<tr>") == 1 + len(result.options)
    heads = 3 + len(result.scenario.criteria)
    assert page.count("<th>") + page.count("<th title") == heads + len(result.options)
    assert all(criterion.unit in page for criterion in result.scenario.criteria.values())


def test_more_options_than_fit_a_screen_are_said_to_be_left_out(
    result: ct.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SHOWN", 2)
    left = len(result.options) - 2
    assert f"... and {left} more options" in repr(result)
    assert f"... and {len(result.scenario.criteria) - 2} more criteria" in repr(result)
    assert f"... and {left} more options" in result._repr_html_()


def test_the_summary_is_the_arrays_own_numbers(result: ct.Result) -> None:
    table = result.summary()
    assert list(table.index) == list(result.options)
    assert table.index.name == OPTION
    assert list(table.columns[:5]) == ["passes", "first", "legal_standing", "legal_standing_low", "legal_standing_high"]
    cost = result.performance.sel(option="un_mandate_full", criterion="cost").to_numpy()
    row = table.loc["un_mandate_full"]
    found = [row[name] for name in ("cost_low", "cost", "cost_high")]
    assert found == pytest.approx(np.quantile(cost, [0.05, 0.5, 0.95]))
    assert row["passes"] == pytest.approx(result.tables["consultation"]["passes"].sel(option=row.name).mean())
    assert table["first"].sum() == pytest.approx(1)
    units = table.attrs["units"]
    assert set(units) == set(table.columns)
    assert units["passes"] == units["first"] == "1"
    assert units["cost"] == units["cost_low"] == units["cost_high"] == result.scenario.criteria["cost"].unit


def test_arrays_carry_their_own_names_and_units(result: ct.Result) -> None:
    units = [criterion.unit for criterion in result.scenario.criteria.values()]
    assert result.performance.name == "performance"
    assert result.performance.attrs == {"long_name": "performance on each criterion"}
    difference = result.compare("un_mandate_full", "decline")
    assert difference.name == "difference"
    assert difference.attrs["long_name"] == "performance of un_mandate_full less that of decline"
    for array in (result.performance, difference):
        assert array["units"].dims == (CRITERION,)
        assert list(array["units"].values) == units
    for table in (result.consultation, result.mission, result.force):
        for name, array in table.data_vars.items():
            assert array.name == name
            assert array.attrs["units"], name
    assert {array.attrs["units"] for array in result.force.data_vars.values()} == {"person"}
    assert result.consultation.days.attrs["units"] == "day"
    assert result.consultation.acceptance.attrs["units"] == "1"


def test_a_changed_copy_is_checked_and_asked_as_any_other(walk: dict[str, Any], result: ct.Result) -> None:
    path = "stakeholders.army_leadership.stakes.participation.position"
    before, after = walk["scenario"].value(path), walk["hopeful"].value(path)
    assert (before.best, after.best, after.low, after.high) == (before.best, 60, 40, 80)
    assert before.best != 60
    decided = {"option": "support_only"}
    moved = walk["changed"].consultation.acceptance.sel(decided) - result.consultation.acceptance.sel(decided)
    assert float(moved) > 0
    assert walk["changed"].question.id != result.question.id
    with pytest.raises(ct.ScenarioError, match="army_leadershi"):
        walk["scenario"].with_({"stakeholders.army_leadershi.stakes.participation.position": "60"})


def test_a_comparison_is_first_less_second_in_every_run(result: ct.Result) -> None:
    difference = result.compare("un_mandate_full", "decline")
    first, second = (result.performance.sel(option=name) for name in ("un_mandate_full", "decline"))
    assert difference.dims == (RUN, CRITERION)
    assert (difference.to_numpy() == first.to_numpy() - second.to_numpy()).all()
    with pytest.raises(ct.InputError, match="did you mean `decline`"):
        result.compare("un_mandate_full", "declin")


def test_a_figure_of_the_brief_is_had_by_its_name(walk: dict[str, Any], result: ct.Result) -> None:
    names = result.figure_names()
    assert len(set(names)) == len(names) > 3
    figure = walk["figure"]
    assert figure.id in names
    assert figure.svg.startswith("<svg")
    assert len(repr(figure)) < 4000
    with pytest.raises(ct.InputError, match="did you mean"):
        result.figure(f"{names[0]}x")


def test_what_a_user_gets_is_typed() -> None:
    hints = {name: get_type_hints(getattr(ct.Result, name), vars(api) | _late())["return"] for name in _typed()}
    assert hints["brief"] is Brief
    assert hints["trace"] is Traced
    assert hints["figure"] is Figure
    assert hints["summary"].__name__ == "DataFrame"
    assert get_type_hints(ct.Study.run)["return"] is ct.Result
    for name in _typed():
        for parameter in list(inspect.signature(getattr(ct.Result, name)).parameters.values())[1:]:
            assert parameter.annotation is not inspect.Parameter.empty, f"{name}({parameter.name})"


def _typed() -> tuple[str, ...]:
    return ("brief", "figure", "trace", "summary")


def _late() -> dict[str, object]:
    import pandas as pd

    return {"Brief": Brief, "Figure": Figure, "Traced": Traced, "pd": pd}


def test_a_kept_run_is_loaded_as_it_was(tmp_path: Path) -> None:
    kept = run_or_load(ct.Study("isf_gaza", options="decline"), 4, Store(tmp_path / "runs"))
    loaded = ct.load(kept.question.id[:6], tmp_path / "runs")
    assert isinstance(loaded, ct.Result)
    assert loaded.performance.identical(kept.performance)
    assert loaded.options == ("decline",)
    with pytest.raises(ct.RunError, match="no finished run"):
        ct.load("0000", tmp_path / "runs")


def test_naming_the_package_imports_no_engine() -> None:
    heavy = "('numpy', 'xarray', 'pydantic', 'contingent')"
    code = f"import contingent, sys; print(*sorted(m for m in sys.modules if m.split('.')[0] in {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["contingent", "contingent._version"]
