"""No file needs itself by a detour, and none is reached by a name in a text.

Circles count wherever the import stands: at the top, inside a function, or for types only.
"""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "contingent"
BY_STRING = {
    "__init__.py": "the public names are imported when they are first used",
    "cli/__init__.py": "a verb is loaded when it is asked for",
}
"""Where an import by string may stand, and why; entry points are declared in pyproject.toml."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imported(file: Path) -> set[str]:
    """The modules of the package that a file imports, anywhere in it."""
    known, found = modules(), set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= whole & set(known) or {node.module}
            if any(name not in known for name in whole):
                found.add(node.module)
    return found & set(known)


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The first circle found, as a path that ends where it began; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


def test_no_circle_of_files() -> None:
    graph = {name: imported(file) - {name} for name, file in modules().items()}
    assert not circle(graph), " <- ".join(circle(graph))


@pytest.mark.parametrize("word", ["import_module", "__import__", "exec_module"])
def test_nothing_is_imported_by_string_outside_one_list(word: str) -> None:
    allowed = {PACKAGE / name for name in BY_STRING}
    found = [
        str(file.relative_to(PACKAGE))
        for file in modules().values()
        if file not in allowed and word in file.read_text("utf-8")
    ]
    assert not found, f"{word} in {found}"
