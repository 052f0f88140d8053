"""What a folder of texts annotated in brat's format says: the layout in which PolNeAR is published.

`text/NAME.txt` beside `attributions/NAME_xxxx.ann`; where several people annotated a text, the first file counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from contingent.errors import DataError
from contingent.evidence.said import Span

_ANNOTATOR = re.compile(r"_[0-9A-Za-z]{4}$")


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution; spans are offsets in the text, empty where the annotators marked none."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


def read_folder(folder: Path) -> dict[str, tuple[str, list[Gold]]]:
    """Each text of a folder by name, with its annotated attributions.

    Raises:
        DataError: the folder has another layout; names the file and line.

    """
    texts = sorted((folder / "text").glob("*.txt"))
    files = sorted((folder / "attributions").glob("*.ann"))
    if not texts or not files:
        raise DataError(f"{folder}: expected text/*.txt and attributions/*.ann, as PolNeAR is laid out")
    notes: dict[str, Path] = {}
    for file in files:
        notes.setdefault(_ANNOTATOR.sub("", file.stem), file)
    read: dict[str, tuple[str, list[Gold]]] = {}
    for text in texts:
        file = notes.get(text.stem)
        if file is None:
            raise DataError(f"{text}: no file of that name, with or without _xxxx, in {folder}/attributions")
        read[text.stem] = (text.read_bytes().decode("utf-8"), read_annotations(file))
    return read


def read_annotations(file: Path) -> list[Gold]:
    """The attributions in one annotation file.

    Raises:
        DataError: a line that is not brat's; names file and line.

    """
    spans: dict[str, list[Span]] = {}
    events: list[str] = []
    for number, line in enumerate(file.read_bytes().decode("utf-8").split("\n"), 1):
        columns = line.rstrip("\r").split("\t")
        try:
            if columns[0].startswith("T"):
                places = columns[1].split(" ", 1)[1]
                spans[columns[0]] = [(int(a), int(b)) for a, b in (part.split() for part in places.split(";"))]
            elif columns[0].startswith("E"):
                events.append(columns[1])
        except (IndexError, ValueError):
            raise DataError(f"{file}:{number}: not a line of a brat annotation: {line[:60]!r}") from None
    found: list[Gold] = []
    for event in events:
        roles: dict[str, list[Span]] = defaultdict(list)
        for part in event.split():
            role, _, name = part.partition(":")
            roles[role.rstrip("0123456789")] += spans.get(name, [])
        found.append(Gold(*(tuple(sorted(roles[role])) for role in ("Source", "Cue", "Content"))))
    return found
