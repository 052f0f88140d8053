"""What is a document of blocks whose every number leads to where it comes from?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from math import isfinite
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Self

from contingent.atomic import atomic_write
from contingent.brief.document import blocks
from contingent.brief.document.blocks import Section, Text, spans, texts, words
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.embedded_run import Parcel
from contingent.brief.figures import Chart
from contingent.brief.number import Number, Trace
from contingent.brief.render import FORMATS
from contingent.errors import InputError

FEW = 4  # results that a table's caption can name
FEWEST = 40  # runs; below it the conditions and tipping points of a brief have nothing to be found in


@dataclass(frozen=True, slots=True)
class Reference:
    """What a number's trace leads to: where it is printed, its formula, and what it rests on, by class."""

    anchor: str
    trace: Trace
    formula: str = ""
    rests: tuple[Text, ...] = ()


@dataclass(frozen=True, repr=False)
class Document:
    """Sections of blocks and annexes in one language, and what their numbers rest on."""

    title: str
    question: str
    decider: str
    as_of: str
    marking: str
    catalogue: Catalogue
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.question} ({self.as_of}; {', '.join(each.id for each in self.sections)})"

    @property
    def run(self) -> str:
        """The id of the run behind it; none if no run is."""
        return ""

    @cached_property
    def enclosed(self) -> str:
        """The run that travels inside it, as one line of text; none if no run is behind it."""
        return ""

    @property
    def inside(self) -> str:
        """In words, what travels inside a file of it."""
        return ""

    @property
    def heading(self) -> tuple[str, ...]:
        """What stands beside its question: who decides, as of when, and which run is behind it."""
        say = self.catalogue.word
        run = (say("page.run", run=self.run),) if self.run else ()
        return (self.decider, say("page.as_of", date=self.as_of), *run)

    def render(self, ending: str) -> bytes:
        """The document as a file of an ending of `contingent.brief.render.FORMATS`: `html`, `pdf`, `md` ...

        Raises:
            InputError: no format has that ending.
            ExtraError: what writes the format is not installed.
        """
        if ending not in FORMATS:
            raise InputError(f"a brief cannot be written as {ending!r}; it can as: {', '.join(FORMATS)}")
        made = resolve_name(FORMATS[ending])(self)
        return made.encode() if isinstance(made, str) else made

    def write(self, path: str | Path) -> Path:
        """Write the document in the format that the file's ending asks for.

        Raises:
            InputError: no format has that ending.
            ExtraError: what writes the format is not installed.
        """
        file = Path(path)
        if file.suffix.removeprefix(".") not in FORMATS:
            raise InputError(f"{file}: a brief ends in {', '.join('.' + ending for ending in FORMATS)}")
        content = self.render(file.suffix.removeprefix("."))
        with atomic_write(file) as scratch:
            scratch.write_bytes(content)
        return file

    @property
    def proper(self) -> tuple[Section, ...]:
        """What stands first; a reader can stop there."""
        return tuple(section for section in self.sections if not section.annex)

    @property
    def annexes(self) -> tuple[Section, ...]:
        """What stands behind it."""
        return tuple(section for section in self.sections if section.annex)

    def numbers(self) -> Iterator[Number]:
        """Every number, in reading order."""
        return numbers(self.sections)

    def anchor(self, trace: Trace) -> str:
        """Where a number's trace is printed."""
        return self.anchors[bare(trace)]

    def origins(self, table: blocks.Table) -> dict[str, str]:
        """The results that a table's numbers are, and where each is printed; none if a caption cannot name them."""
        traces = [span.trace for span in spans(table) if isinstance(span, Number)]
        found = {trace.name: self.anchor(trace) for trace in traces}
        named = len(set(found.values())) <= FEW and all(trace.kind != "parameter" for trace in traces)
        return found if named else {}

    @cached_property
    def anchors(self) -> dict[Trace, str]:
        """Where every trace, without what narrows it down, is printed."""
        return {bare(reference.trace): reference.anchor for reference in self.references}


@dataclass(frozen=True, repr=False)
class Brief(Document):
    """The answer to a question: sections of blocks, annexes, and the run it travels with."""

    parcel: Parcel

    @property
    def untranslated(self) -> tuple[str, ...]:
        """The case's own words in the brief proper that stand in English, though it is in another language."""
        if self.catalogue.language == "en":
            return ()
        own = (each for each in (self.question, self.decider, self.marking) if each and not foreign_script(each))
        marked = (span.text for part in self.proper for block in part.blocks for span in spans(block)
                  if isinstance(span, blocks.Foreign) and any(map(str.isalpha, span.text)))  # fmt: skip
        return tuple(dict.fromkeys((*own, *marked)))

    @property
    def run(self) -> str:
        """The id of the run behind it."""
        return self.parcel.question.id

    @cached_property
    def enclosed(self) -> str:
        """The run that travels inside it, as one line of text."""
        return self.parcel.sealed()

    def bare(self) -> Self:
        """The same with a list of its numbers in its files, and no scenario."""
        return replace(self, parcel=replace(self.parcel, texts=tuple(number.text for number in self.numbers())))

    @property
    def inside(self) -> str:
        """In words, what travels inside a file of it."""
        return self.catalogue.word("page.inside_bare" if self.parcel.texts else "page.inside")

    def terminal(self, *, colour: bool = False, annexes: bool = False, width: int = 100) -> str:
        """The brief for a terminal of so many columns: with emphasis, or as plain ASCII."""
        shown = resolve_name("contingent.brief.render.terminal:" + ("screen" if colour else "plain"))
        return shown(self, annexes=annexes, width=width)


def foreign_script(text: str) -> bool:
    """Whether words are written in the script of Arabic, as Urdu is."""
    return any("\u0600" <= sign <= "\u06ff" for sign in text)


def numbers(sections: Iterable[Section]) -> Iterator[Number]:
    """Every number of some sections, in reading order."""
    for section in sections:
        for block in section.blocks:
            yield from (span for span in spans(block) if isinstance(span, Number))


def bare(trace: Trace) -> Trace:
    """A trace without what was done to it and where: all numbers of one result share one entry in the annex."""
    return Trace(trace.kind, trace.name)


def translated(brief: Brief, words: Mapping[str, str]) -> Brief:
    """A brief with the case's own words in its language as far as they are known; where not, page one says so.

    `Brief.untranslated` are those of the brief proper that stand in English.
    """
    known = {**{key[:1].lower() + key[1:]: value for key, value in words.items()}, **words}
    own = {name: known.get(getattr(brief, name), getattr(brief, name)) for name in ("question", "decider", "marking")}
    made = replace(brief, **own, sections=_in(known, brief.sections))
    if left := made.untranslated:
        note = blocks.Paragraph(brief.catalogue.say("page.untranslated", n=str(len(left))), "note")
        first = made.sections[0]
        made = replace(made, sections=(replace(first, blocks=(note, *first.blocks)), *made.sections[1:]))
    return made


def _in(known: Mapping[str, str], value: Any) -> Any:
    """A piece of a document with the words that are known: marked ones, and those in charts."""
    match value:
        case blocks.Foreign():
            bare_words = value.text.strip()
            return value.text.replace(bare_words, known[bare_words]) if bare_words in known else value
        case Chart():
            return replace(value, rows=_named(known, value.rows), words=_named(known, value.words))
        case tuple():
            return tuple(_in(known, each) for each in value)
        case Section() | blocks.Paragraph() | blocks.Bullets() | blocks.Box() | blocks.Keys() | blocks.Key():
            pass
        case blocks.Table() | blocks.Figure() | blocks.Entries() | blocks.Entry() | blocks.Strong():
            pass
        case _:
            return value
    return replace(value, **{field.name: _in(known, getattr(value, field.name)) for field in fields(value)})


def _named(known: Mapping[str, str], value: Any) -> Any:
    """Rows and words of a chart, in which what is a name of the case stands for itself."""
    if isinstance(value, Mapping):
        return {key: _named(known, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_named(known, each) for each in value)
    return known.get(value, value) if isinstance(value, str) else value


def told(brief: Brief) -> dict[str, Any]:
    """Everything of a brief but the run that travels in it, by the names of its fields; of it `kinds` are made."""
    return {field.name: getattr(brief, field.name) for field in fields(Document)}


def kinds() -> list[type]:
    """Every kind of thing that a document holds."""
    found = (*vars(blocks).values(), Trace, Chart, Catalogue, Reference)
    return [each for each in found if isinstance(each, type) and is_dataclass(each)]


def record(brief: Brief) -> dict[str, Any]:
    """The brief as plain values: every section's words, and every number with its text, value and trace."""
    return {
        "run": brief.run,
        "question": brief.question,
        "as_of": brief.as_of,
        "sections": [
            {"id": section.id, "heading": section.heading,
             "text": [words(text) for block in section.blocks for text in texts(block) if text]}
            for section in brief.sections if not section.annex
        ],
        "numbers": [
            {"text": each.text, "value": each.value if isfinite(each.value) else None, "kind": each.trace.kind,
             "name": each.trace.name, "where": dict(each.trace.where), "how": each.trace.how}
            for each in dict.fromkeys(brief.numbers())
            if each.trace.kind != "parameter"
        ],
    }  # fmt: skip
