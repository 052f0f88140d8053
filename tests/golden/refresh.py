"""Write the golden files anew: `uv run python tests/golden/refresh.py`. Say why in the commit.

docs/reference/cli.md       what every verb says of itself
tests/golden/headline.json  the shipped case's headline numbers, 200 runs, seed 20251028
tests/unit/force/lp/*.lp    the rows of every constraint family of the force programme

Words after the command (`cli`, `headline`, `lp`) write those alone.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).parents[2]
CLI = ROOT / "docs" / "reference" / "cli.md"
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
    from contingent.cli import overview
    from contingent.cli.verbs import VERBS

    parts = [
        "# Command line\n\nWritten by `tests/golden/refresh.py` from the program itself.\n",
        f"```\n{overview()}\n```\n",
    ]
    parts += [f"\n## {verb}\n```\n{help_of(verb)}\n```\n" for verb in VERBS]
    return "".join(parts)


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
    wanted = set(sys.argv[1:]) or {"cli", "headline", "lp"}
    if "cli" in wanted:
        CLI.write_text(cli_page(), "utf-8")
    if "headline" in wanted:
        HEADLINE.write_text(json.dumps(headline(), indent=1) + "\n", "utf-8")
    if "lp" in wanted:
        for file, text in programmes().items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
