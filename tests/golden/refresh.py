"""Write the golden files anew: `uv run python tests/golden/refresh.py`. Say why in the commit.

docs/reference/cli.md       what every verb says of itself
docs/reference/scenario-keys.md  every key of a scenario, measure, parameter and code
tests/golden/headline.json  the shipped case's headline numbers, 200 runs, seed 20251028
tests/unit/force/lp/*.lp    the rows of every constraint family of the force programme

Words after the command (`cli`, `keys`, `headline`, `lp`) write those alone.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).parents[2]
CLI = ROOT / "docs" / "reference" / "cli.md"
KEYS = ROOT / "docs" / "reference" / "scenario-keys.md"
HEADLINE = ROOT / "tests" / "golden" / "headline.json"
FORCE = ROOT / "tests" / "unit" / "force"


def help_of(*words: str) -> str:
    """What a verb says of itself, at 100 columns, without colour."""
    from contingent.cli import app

    said = io.StringIO()
    app()([*words, "--help"], console=Console(file=said, width=100, color_system=None), exit_on_error=False)
    return "\n".join(line.rstrip() for line in said.getvalue().splitlines()).strip()


def cli_page() -> str:
    """The reference page of the command line."""
    from contingent.cli import VERBS, overview

    parts = [
        "# Command line\n\nWritten by `tests/golden/refresh.py` from the program itself.\n",
        f"```\n{overview()}\n```\n",
    ]
    parts += [f"\n## {verb}\n```\n{help_of(verb)}\n```\n" for verb in VERBS]
    return "".join(parts)


HEAD = """\
# Every key of a scenario

Written by `tests/golden/refresh.py` from the program itself; `contingent explain NAME` prints one of them, and
`contingent schema` the JSON Schema for editors. NAME, CODE, PATH and ITEM stand for names that you choose. A number is
written as `3000`, `2000 to 6000` (a 90 % interval), `3000 (2000 to 6000)`, or with what it rests on:
`{best: 3000 (2000 to 6000), claims: [C07], assumption: why}`. Most records may have `claims` and `assumption` of their
own, for all numbers in them. What is printed only moves no number.
"""


def keys_page() -> str:
    """The reference page of every key of a scenario, and of every measure, parameter, code and word."""
    from contingent.cli.reference import UNKNOWABLE, codes, measures, moves, parameters, record_says, typical_of
    from contingent.scenario.keys import keys, words

    parts, tables = [HEAD], {}
    for key in keys().values():
        if not (key.field in ("claims", "assumption") and "." in key.path):
            tables.setdefault(key.path.rpartition(".")[0], []).append(key)
    for path, rows in tables.items():
        moved = {moves(key) for key in rows if not key.printed}
        told = f" Moves {moved.pop()}." if len(moved) == 1 else ""
        parts.append(f"\n## {path or 'At the top'}\n{record_says(rows[0].record)}{told}\n\n")
        cells = [(f"`{k.field}`", k.means, short(k), k.default or "**must be given**", moves(k)) for k in rows]
        columns = slice(4 if told or not moved else 5)
        parts.append(table(("key", "means", "write", "if left out", "moves")[columns], [row[columns] for row in cells]))
    where = {key.title: key.path for key in reversed(keys().values())}
    parts.append("\n## Words\n")
    for title, meanings in words().items():
        parts.append(f"\n`{where[title]}`\n\n" + table(("word", "means"), [(f"`{w}`", m) for w, m in meanings.items()]))
    parts.append("\n## What cannot be looked up\nThe shipped cases' own values; all are judgements.\n\n")
    judged = {key.title: key for key in reversed(keys().values()) if key.title in UNKNOWABLE}
    parts.append(table(("key", "best values"), [(f"`{k.path}`", typical_of(k)) for k in reversed(judged.values())]))
    others = {
        "Measures and results": measures(), "Numbers of the mission model": parameters(),
        "Codes of past decisions": codes(),
    }  # fmt: skip
    for title, found in others.items():
        rows = list(found)
        shown = [label for label in ("means", "write", "default", "moves") if any(getattr(row, label) for row in rows)]
        cells = [(f"`{row.name}`", *(getattr(row, label) for label in shown)) for row in rows]
        parts.append(f"\n## {title}\n\n" + table(("name", *shown), cells))
    return "".join(parts)


def short(key) -> str:
    """What to write at a key; of records, that they stand below."""
    below = key.shape.of or key.shape
    named = {"entries": "entries by name, see below", "list": "a list, see below"}
    return named.get(key.shape.kind, "see below") if below.record else key.words


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table in Markdown."""

    def line(row: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in row) + " |\n"

    return line(head) + "|" + "---|" * len(head) + "\n" + "".join(map(line, rows))


def headline() -> dict[str, object]:
    """The shipped case's headline numbers, rounded to what a change of platform leaves alone."""
    from contingent.scenario.read import read
    from contingent.study.result import headline as found
    from contingent.study.study import Study

    options = found(Study(read("isf_gaza")).run(200))["options"]
    return {
        name: {
            "passes": round(row["passes"]["mean"], 4),
            "first": round(row["first"], 3),
            **{key: round(value["median"], 3) for key, value in row["criteria"].items()},
        }
        for name, row in options.items()
    }


def programmes() -> dict[Path, str]:
    """The force programme, a small linear programme a constraint family."""
    sys.path.insert(0, str(FORCE))
    from small_case import families, linear_programme

    return {FORCE / "lp" / f"{family.replace(' ', '_')}.lp": linear_programme(family) for family in families()}


if __name__ == "__main__":
    wanted = set(sys.argv[1:]) or {"cli", "keys", "headline", "lp"}
    if "cli" in wanted:
        CLI.write_text(cli_page(), "utf-8")
    if "keys" in wanted:
        KEYS.write_text(keys_page(), "utf-8")
    if "headline" in wanted:
        HEADLINE.write_text(json.dumps(headline(), indent=1) + "\n", "utf-8")
    if "lp" in wanted:
        for file, text in programmes().items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
