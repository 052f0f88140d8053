"""What of the site is written from the code: the reference of the public names and of every package, and the contents.

A build hook of MkDocs (`mkdocs.yml`, `hooks`). Pages made here are never files in the repository, so they cannot drift.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

DOCS = Path(__file__).parent
PACKAGE = DOCS.parent / "src" / "contingent"
CHAIN = ["evidence", "precedents", "consultation", "force", "mission", "appraisal", "brief"]
REST = ["scenario", "ensemble", "study", "scoring", "cli"]
"""Packages without a page on their method, after the chain."""


def public_names() -> list[str]:
    """The names that `contingent` exports, without importing it."""
    face = (PACKAGE / "__init__.py").read_text("utf-8")
    return re.findall(r'"(\w+)"', face[face.index("__all__ = [") : face.index("]", face.index("__all__ = ["))])


def packages() -> list[str]:
    """Every package, in the order of the story."""
    there = {init.parent.name for init in PACKAGE.glob("*/__init__.py")}
    return [*(name for name in [*CHAIN, *REST] if name in there), *sorted(there - {*CHAIN, *REST})]


def api_page() -> str:
    """The reference of the public names."""
    shown = "\n\n".join(f"::: contingent.{name}" for name in public_names() if not name.startswith("__"))
    return f"# Python interface\n\n    import contingent as ct\n\nEverything here is `ct.NAME`.\n\n{shown}\n"


def package_page(name: str) -> str:
    """The reference of one package, module by module."""
    folder = PACKAGE / name
    modules = [
        ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
        for file in sorted(folder.rglob("*.py"))
        if not file.name.startswith("__")
    ]
    return f"# contingent.{name}\n\n" + "\n\n".join(f"::: {module}" for module in modules) + "\n"


def pages() -> dict[str, str]:
    """Every page made here, by its path in the site."""
    return {"reference/api.md": api_page()} | {
        f"reference/packages/{name}.md": package_page(name) for name in packages()
    }


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The table of contents: the story first, each folder's pages after it."""

    def folder(name: str, first: tuple[str, ...] = ()) -> list[Any]:
        there = [page.relative_to(DOCS).as_posix() for page in sorted((DOCS / name).glob("*.md"))]
        ahead = [f"{name}/{page}.md" for page in first if f"{name}/{page}.md" in there]
        return [*ahead, *(page for page in there if page not in ahead)]

    config.nav = [
        {"Start": ["index.md", "tutorial.md"]},
        {"How to": folder("how-to", ("scenario", "backtest"))},
        {"Methods": folder("methods", tuple(CHAIN))},
        {"Reference": [
            "reference/api.md", *folder("reference"), "glossary.md",
            {"Packages": [f"reference/packages/{name}.md" for name in packages()]},
        ]},
        {"Decisions": folder("decisions")},
    ]  # fmt: skip
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages made here."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files
