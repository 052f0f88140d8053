"""How does a scenario of one's own begin: from an article, or from another case?

A folder of files, written whole or not at all.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from contingent.errors import InputError
from contingent.scenario.draft import draft_from
from contingent.scenario.read import locate


def start(folder: Path, *, like: str = "isf_gaza", article: Path | None = None) -> list[Path]:
    """Write a scenario's files into a new folder, all or none; the files written.

    Raises:
        InputError: the folder already holds something, or the pattern or article cannot be read.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: exists and is not an empty folder; name another one, nothing is written over")
    pattern = locate(like)
    files = sorted(pattern.glob("*.y*ml")) if pattern.is_dir() else [pattern]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        draft = Path(scratch) / folder.name
        draft.mkdir()
        for file in files:
            shutil.copyfile(file, draft / file.name)
        if article is not None:
            draft_from(article, draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    return sorted(folder.iterdir())
