"""What an installer, a type checker, a citing researcher and a lawyer read of this package is there and agrees."""

from __future__ import annotations

import re
import socket
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import constraints
import every_json
import pytest
import supply
from packaging.requirements import Requirement
from packaging.version import Version
from ruamel.yaml import YAML

import contingent

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "contingent"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
PINNED = {Requirement(line).name: line.split("==")[1] for line in PYPROJECT["tool"]["uv"]["constraint-dependencies"]}
GROUPS = [*PROJECT["optional-dependencies"].values(), *PYPROJECT["dependency-groups"].values()]
ASKED = [Requirement(line) for lines in [PROJECT["dependencies"], *GROUPS] for line in lines]


def test_pip_reads_the_versions_that_uv_reads() -> None:
    assert constraints.FILE.read_text("utf-8") == constraints.text(), "run python tests/packaging/constraints.py"


@pytest.mark.parametrize("asked", [r for r in ASKED if r.name != "contingent"], ids=lambda r: r.name)
def test_every_dependency_has_a_lower_bound_and_a_tested_version_within_its_bounds(asked: Requirement) -> None:
    assert any(bound.operator == ">=" for bound in asked.specifier)
    name = asked.name.lower().replace(".", "-")
    assert asked.specifier.contains(Version(PINNED[name]))


def test_the_release_of_the_solver_that_prints_on_standard_output_is_excluded_where_pip_reads_it() -> None:
    solver = next(r for r in ASKED if r.name == "highspy")
    assert not solver.specifier.contains("1.16.0")
    assert solver.specifier.contains("1.16.1")


def test_every_licence_is_allowed_and_stands_in_the_bill_of_materials() -> None:
    found = supply.installed(supply.EXTRAS)
    assert {"numpy", "llvmlite", "pydantic-core"} <= found.keys()
    assert supply.refused(found.values()) == []
    wrong = supply.Package("x", "1", "GPL-3.0-only AND MIT", 1, ())
    assert supply.refused([wrong]) == ["x 1: GPL-3.0-only AND MIT"]
    assert supply.refused([replace(wrong, licence="")])
    bill = supply.bill(found)
    refs = {part["bom-ref"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert len(refs) == len(found) + 1
    assert {row["ref"] for row in bill["dependencies"]} == refs
    assert {ref for row in bill["dependencies"] for ref in row["dependsOn"]} <= refs
    assert bill == supply.bill(found)


def test_every_dependency_has_its_reason() -> None:
    told = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text("utf-8")
    rows = [line for line in told.splitlines() if line.startswith("| ")]
    for name, lines in {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}.items():
        for each in map(Requirement, lines):
            way = f"(extra `{name}`)" if name else ""
            assert any(each.name in row.split("|")[1] and way in row.split("|")[1] for row in rows), (each.name, name)


def test_the_readers_python_versions_are_those_that_are_promised() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=")
    named = [c.rsplit(" ", 1)[1] for c in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", c)]
    assert named[0] == oldest == "3.11"
    assert {"3.12", "3.13"} <= set(named)


def test_type_checkers_are_told_that_the_package_has_types() -> None:
    assert files("contingent").joinpath("py.typed").is_file()


def test_the_citation_names_this_release_and_licence() -> None:
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["version"] == contingent.__version__
    assert cited["license"] == PROJECT["license"]
    assert {"authors", "title", "message"} <= set(cited)


def test_every_shipped_file_of_data_says_what_it_rests_on() -> None:
    told = (ROOT / "docs" / "reference" / "data.md").read_text("utf-8")
    kinds = {".csv", ".json", ".yaml", ".txt", ".toml"}
    for file in (f for f in PACKAGE.rglob("*") if f.suffix in kinds):
        name = file.relative_to(PACKAGE)
        ways = {str(name), str(name.parent), f"{name.parent}/*{name.suffix}"}
        assert any(f"`{way}`" in told for way in ways), f"docs/reference/data.md says nothing of {name}"


def test_what_the_page_on_data_names_is_shipped() -> None:
    told = (ROOT / "docs" / "reference" / "data.md").read_text("utf-8")
    for way in re.findall(r"^\| `([^`]+)`", told, re.MULTILINE):
        assert list(PACKAGE.glob(way)), way


def test_every_verb_that_answers_in_json_is_asked_by_the_check_of_the_wheel() -> None:
    assert set(every_json.verbs()) == set(every_json.ASKED)


def test_that_check_refuses_what_is_not_one_json_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "python"
    monkeypatch.setattr(every_json.sys, "executable", str(program))
    for says, wrong in (("echo '{}'", ""), ("echo 'Running HiGHS'; echo '{}'", "begins 'Running"),
                        ("echo '[NaN]'", "NaN is not JSON"), ("echo '{}'; exit 3", "ended with 3")):  # fmt: skip
        program.write_text(f"#!/bin/sh\n{says}\n", "utf-8")
        program.chmod(0o755)
        assert wrong in every_json.answer("record", tmp_path)
        assert bool(wrong) == bool(every_json.answer("record", tmp_path))


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as there, pytest.raises(RuntimeError, match="no other machine"):
        there.connect(("192.0.2.1", 80))
    with socket.socket() as here, pytest.raises(OSError, match="refused"):
        here.connect(("127.0.0.1", 9))
