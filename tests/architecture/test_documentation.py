"""The documentation covers what can be typed and imported, and names only what is there."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import contingent
from contingent.cli import VERBS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WRITTEN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]
HOW_TO = sorted((DOCS / "how-to").glob("*.md"))
NAMED = re.compile(r"`((?:src|tests|docs|benchmarks)/[\w./-]+|\.ci/\w+)`")
PUBLIC = [name for name in contingent.__all__ if not name.startswith("__")]


@pytest.fixture(scope="module")
def site():
    spec = importlib.util.spec_from_file_location("site_pages", DOCS / "site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_holds_every_public_name(site) -> None:
    shown = re.findall(r"^::: contingent\.(\w+)$", site.api_page(), re.MULTILINE)
    assert sorted(shown) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_says_what_it_is(name: str) -> None:
    found = getattr(contingent, name)
    assert inspect.getdoc(found), name
    if inspect.isclass(found):
        bare = [
            member
            for member, value in vars(found).items()
            if not member.startswith(("_", "model_")) and (inspect.isfunction(value) or isinstance(value, property))
            if not inspect.getdoc(value)
        ]
        assert not bare, f"contingent.{name}: {bare}"


def test_the_reference_holds_every_package_and_every_module_in_one(site) -> None:
    package = ROOT / "src" / "contingent"
    there = {file for file in package.glob("*/**/*.py") if not file.name.startswith("__")}
    shown = {
        ROOT / "src" / (module.replace(".", "/") + ".py")
        for name in site.packages()
        for module in re.findall(r"^::: (\S+)$", site.package_page(name), re.MULTILINE)
    }
    assert shown == there


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_on_a_page_that_people_wrote(verb: str) -> None:
    pages = [page for page in WRITTEN if page.name != "cli.md"]
    assert any(re.search(rf"contingent {verb}\b", page.read_text("utf-8")) for page in pages)


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_and_every_named_file_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link]
    for link in links:
        assert (page.parent / link).exists(), link
    for name in NAMED.findall(re.sub(r"^`[^`]+`:$", "", text, flags=re.MULTILINE)):  # a file the reader is to write
        assert list(ROOT.glob(name)), f"{page.name} names {name}, which is not there"


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_every_dotted_name_of_a_how_to_page_can_be_imported(page: Path) -> None:
    for name in re.findall(r"`(contingent(?:\.\w+)+)`", page.read_text("utf-8")):
        module, _, last = name.rpartition(".")
        found = importlib.util.find_spec(name) if importlib.util.find_spec(module).submodule_search_locations else None
        assert found or hasattr(importlib.import_module(module), last), f"{page.name} names {name}"
