"""What is a brief, before it is printed on anything?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

from contingent.brief.blocks import Cite, Section, spans, texts, words
from contingent.brief.catalogue import Catalogue
from contingent.brief.number import Number, Trace
from contingent.brief.parcel import Parcel
from contingent.errors import InputError

FORMATS = ("html", "pdf", "terminal", "md", "docx")
SUFFIXES = {".html": "html", ".pdf": "pdf", ".md": "md", ".docx": "docx", ".txt": "terminal"}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a number's trace leads to: the formula, and the anchors of the parameters and claims it rests on."""

    anchor: str
    trace: Trace
    formula: str = ""
    parameters: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """The answer to a question: sections of blocks, annexes, and the run it travels with."""

    title: str
    question: str
    decider: str
    as_of: str
    marking: str
    catalogue: Catalogue
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    parcel: Parcel

    @property
    def run(self) -> str:
        """The id of the run behind it."""
        return self.parcel.question.id

    @property
    def proper(self) -> tuple[Section, ...]:
        """The brief proper, two pages; a reader can stop there."""
        return tuple(section for section in self.sections if not section.annex)

    @property
    def annexes(self) -> tuple[Section, ...]:
        """What stands behind it."""
        return tuple(section for section in self.sections if section.annex)

    def numbers(self) -> Iterator[Number]:
        """Every number of the brief, in reading order."""
        for section in self.sections:
            for block in section.blocks:
                yield from (span for span in spans(block) if isinstance(span, Number))

    def cited(self) -> tuple[str, ...]:
        """The claims cited, in the order of first mention."""
        found = (span.claim for s in self.sections for b in s.blocks for span in spans(b) if isinstance(span, Cite))
        return tuple(dict.fromkeys(found))

    def anchor(self, trace: Trace) -> str:
        """Where a number's trace is printed."""
        return self.anchors[bare(trace)]

    @cached_property
    def anchors(self) -> dict[Trace, str]:
        """Where every trace, without what narrows it down, is printed."""
        return {bare(reference.trace): reference.anchor for reference in self.references}

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

                return page(self).encode()
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
        file.write_bytes(self.render(SUFFIXES[file.suffix]))
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


def bare(trace: Trace) -> Trace:
    """A trace without what was done to it and where: all numbers of one result share one entry in the annex."""
    return Trace(trace.kind, trace.name)
