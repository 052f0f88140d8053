"""`contingent new`: a scenario folder to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from contingent.cli.flags import Flags


def new(
    folder: Path,
    /,
    *,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    like: str = "isf_gaza",
    flags: Flags = Flags(),
) -> int:
    """Start a scenario in FOLDER, which must not exist yet or be empty.

    Args:
        folder: where the scenario's files go.
        source: an article (text or HTML); its claims are drafted, and every number rests on one or says it is assumed.
        like: the shipped scenario or folder to copy from.
        flags: how to report.
    """
    from contingent.cli import output
    from contingent.scenario.draft import start

    written = start(folder, like=like, article=source)
    if flags.json:
        output.emit_json({"files": [file.name for file in written]})
    else:
        output.log(f"{folder}: {len(written)} files; next: contingent check {folder}", flags)
    return 0
