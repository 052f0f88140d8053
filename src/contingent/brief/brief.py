"""What is a brief, before it is printed on anything?"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.brief.blocks import texts, words
from contingent.brief.document import Document
from contingent.brief.parcel import Parcel
from contingent.errors import InputError

FORMATS = ("html", "pdf", "terminal", "md", "docx")
SUFFIXES = {".html": "html", ".pdf": "pdf", ".md": "md", ".docx": "docx", ".txt": "terminal"}


@dataclass(frozen=True)
class Brief(Document):
    """The answer to a question: sections of blocks, annexes, and the run it travels with."""

    parcel: Parcel

    @property
    def run(self) -> str:
        """The id of the run behind it."""
        return self.parcel.question.id

    def terminal(self, *, colour: bool = False, annexes: bool = False) -> str:
        """The brief for a terminal: with emphasis, or as plain ASCII."""
        from contingent.brief.terminal import plain, screen

        return screen(self, annexes=annexes) if colour else plain(self, annexes=annexes)

    def render(self, kind: str) -> bytes:
        """The brief as `html`, `pdf`, `terminal`, `md` or `docx`.

        Raises:
            InputError: there is no such form.
        """
        match kind:
            case "html":
                from contingent.brief.html import page

                return page(self, self.parcel).encode()
            case "pdf":
                from contingent.brief.pdf import document

                return document(self)
            case "docx":
                from contingent.brief.word import word

                return word(self)
            case "md":
                from contingent.brief.markdown import markdown

                return markdown(self).encode()
            case "terminal":
                from contingent.brief.terminal import plain

                return plain(self).encode()
        raise InputError(f"a brief cannot be written as {kind!r}; it can as: {', '.join(sorted(SUFFIXES.values()))}")

    def write(self, path: str | Path) -> Path:
        """Write the brief in the form that the file's ending asks for.

        Raises:
            InputError: the ending stands for no form.
        """
        file = Path(path)
        if file.suffix not in SUFFIXES:
            raise InputError(f"{file}: a brief ends in {', '.join(SUFFIXES)}")
        content = self.render(SUFFIXES[file.suffix])
        with atomic_write(file) as scratch:
            scratch.write_bytes(content)
        return file


def record(brief: Brief) -> dict[str, Any]:
    """The brief as plain values: every section's words, and every number with its text, value and trace."""
    return {
        "run": brief.run,
        "question": brief.question,
        "as_of": brief.as_of,
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "text": [words(text) for block in section.blocks for text in texts(block) if text],
            }
            for section in brief.sections
            if not section.annex
        ],
        "numbers": [
            {
                "text": each.text,
                "value": each.value if isfinite(each.value) else None,
                "kind": each.trace.kind,
                "name": each.trace.name,
                "where": dict(each.trace.where),
                "how": each.trace.how,
            }
            for each in dict.fromkeys(brief.numbers())
            if each.trace.kind != "parameter"
        ],
    }
