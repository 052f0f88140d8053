"""How changes from a workbook get into the scenario's own files, comments and all, and never by halves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.errors import InputError
from contingent.scenario.workbook_read import Reading


def amend(folder: Path, reading: Reading) -> list[Path]:
    """Write what differs into the YAML files of a scenario's folder; the files that changed.

    Each file is replaced in one step. Files are read and written with their comments and order.

    Raises:
        InputError: the folder has no file that holds a part which changed.

    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    wanted = sorted({difference.part for difference in reading.differences})
    written = []
    for file in sorted(folder.glob("*.y*ml")):
        document = yaml.load(file.read_text("utf-8"))
        mine = [part for part in wanted if isinstance(document, dict) and part in document]
        for part in mine:
            _amend_part(document[part], part, reading)
        wanted = [part for part in wanted if part not in mine]
        if mine:
            with atomic_write(file) as scratch, scratch.open("w", encoding="utf-8") as out:
                yaml.dump(document, out)
            written.append(file)
    if wanted:
        raise InputError(f"{folder}: no file holds `{wanted[0]}`")
    return written


def _amend_part(node: Any, part: str, reading: Reading) -> None:
    changed = [d for d in reading.differences if d.part == part]
    values = reading.values[part]
    keyed = node if isinstance(node, dict) else {item["id"]: item for item in node}
    for difference in changed:
        fields = {k: v for k, v in values.get(difference.id, {}).items() if v not in (None, "", [], {})}
        if difference.field:
            keyed[difference.id].pop(difference.field, None)
            if difference.field in fields:
                keyed[difference.id][difference.field] = fields[difference.field]
        elif not difference.after:
            if isinstance(node, dict):
                del node[difference.id]
            else:
                node.remove(keyed[difference.id])
        elif isinstance(node, dict):
            node[difference.id] = fields
        else:
            node.append({"id": difference.id, **fields})
