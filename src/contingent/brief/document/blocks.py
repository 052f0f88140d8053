"""Of which pieces is a brief made, whatever it is printed on?

One list of blocks feeds HTML, PDF, terminal, Markdown and Word, so that nothing is written twice and
all of them print the same numbers. Blocks hold no markup and no layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from contingent.brief.figures import Chart, chart, svg
from contingent.brief.number import Number


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasized words."""

    spans: Text


@dataclass(frozen=True, slots=True)
class Cite:
    """A reference to a claim in the evidence annex."""

    claim: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Words in the scenario's own language inside a brief in another one."""

    text: str


@dataclass(frozen=True, slots=True)
class See:
    """Where more is said: a section, and its name in words (`Annex 3`)."""

    section: str
    words: str


Span = str | Number | Strong | Cite | Foreign | See
Text = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `role` says what kind of statement it is."""

    text: Text
    role: Literal["plain", "lead", "confidence", "note", "reading", "source"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Statements set apart: a forecast never stands in one box with advice."""

    kind: Literal["forecast", "advice", "dissent", "change", "warning"]
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One of the few numbers at the top: what it is, the number, and its interval in words."""

    label: Text
    number: Number
    interval: Text


@dataclass(frozen=True, slots=True)
class Keys:
    """The few numbers at the top."""

    items: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column heads its row. `numeric` columns are set flush to their end."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numeric: tuple[int, ...] = ()
    id: str = ""
    """Where the table of a figure of the brief proper stands in its annex; media without pictures print it there."""

    @property
    def tail(self) -> int:
        """The first of the numeric columns, counted from 1, if they are all the columns from there on; else 0."""
        whole = self.numeric == tuple(range(len(self.columns) - len(self.numeric), len(self.columns)))
        return self.numeric[0] + 1 if self.numeric and whole else 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: its question, what it shows in one line, where its numbers come from, and the numbers.

    `table` holds the same data as the plot, for those who cannot see it.
    """

    id: str
    question: str
    reading: Text
    source: Text
    plot: Chart = field(repr=False)
    table: Table = field(repr=False)
    annex: See | None = None
    """The annex that holds its table; if none, the table stands below the chart."""

    @property
    def svg(self) -> str:
        """The picture as SVG text, named by its question; the same figure always gives the same bytes."""
        return svg(self.plot, label=self.question)

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self.svg


def tabled(caption: str, columns: tuple[str, ...], rows: Iterable[tuple[Text, ...]], id: str = "") -> Table:  # noqa: A002
    """A table in which all columns but the first are numeric."""
    return Table(caption, columns, tuple(rows), tuple(range(1, len(columns))), id)


def pictured(
    name: str, question: str, reading: Text, source: Text, plot: Chart, columns: tuple[str, ...],
    rows: Iterable[tuple[Text, ...]], *, numeric: tuple[int, ...] | None = None, annex: See | None = None,
) -> Figure:  # fmt: skip
    """A figure with its table under the same question; all columns but the first are numeric if none are named."""
    table = tabled(question, columns, rows) if numeric is None else Table(question, columns, tuple(rows), numeric)
    return Figure(name, question, reading, source, plot, table, annex)


def matrix(
    name: str, question: str, reading: Text, source: Text, heads: tuple[str, ...],
    told: Sequence[tuple[Text, Sequence[Number]]], *, x: str | None = None, columns: Sequence[str] = (),
) -> Figure:  # fmt: skip
    """A figure of shares in rows and columns: a text and the numbers of its row, and the `heads` of the table.

    `columns` heads the chart's columns where its title `x` allows shorter words.
    """
    rows = [
        {"row": words(who), "column": column, "value": share.value, "label": share.text}
        for who, shares in told for column, share in zip(columns or heads[1:], shares, strict=True)
    ]  # fmt: skip
    cells = ((who, *((share,) for share in shares)) for who, shares in told)
    return pictured(name, question, reading, source, chart("matrix", rows, x=x), heads, cells)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an annex, with an anchor that numbers and citations point to."""

    anchor: str
    title: Text
    lines: tuple[Text, ...]
    quote: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of annex entries."""

    items: tuple[Entry, ...]


Block = Paragraph | Bullets | Box | Keys | Table | Figure | Entries


@dataclass(frozen=True, slots=True)
class Section:
    """A question and its answer, of the brief proper; or an annex."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's few sentences and one small figure for the brief proper, and what its annex shows."""

    blocks: tuple[Block, ...]
    more: tuple[Block, ...] = ()


def spans(block: Block) -> Iterator[Span]:
    """Every span of a block, those inside boxes, tables and emphasis included."""
    for text in texts(block):
        yield from flat(text)


def flat(text: Text) -> Iterator[Span]:
    """The spans of a text, emphasis opened."""
    for span in text:
        if isinstance(span, Strong):
            yield from flat(span.spans)
        else:
            yield span


def texts(block: Block) -> Iterator[Text]:
    """Every text of a block in reading order."""
    match block:
        case Paragraph():
            yield block.text
        case Bullets():
            yield from block.items
        case Box():
            for inner in block.blocks:
                yield from texts(inner)
        case Keys():
            for key in block.items:
                yield from (key.label, (key.number,), key.interval)
        case Table():
            for row in block.rows:
                yield from row
        case Figure():
            yield from (block.reading, block.source)
            if not block.annex:
                yield from texts(block.table)
        case Entries():
            for entry in block.items:
                yield entry.title
                yield from entry.lines


def joined(parts: Iterable[Text], sign: str) -> Text:
    """Texts in a row, with a sign between them."""
    return tuple(span for each in parts for span in (*each, sign))[:-1]


def words(text: Text) -> str:
    """A text as a plain string."""
    return "".join(piece(span) for span in text)


def piece(span: Span) -> str:
    """A span as a plain string."""
    match span:
        case Strong():
            return words(span.spans)
        case Cite():
            return f"[{span.claim}]"
        case See():
            return f"({span.words})"
        case Foreign() | Number():
            return span.text
        case str():
            return span
