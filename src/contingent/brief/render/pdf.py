"""How is a brief a PDF for the folder: tagged, archivable, the same bytes every time?

Typst compiles it to PDF/A-3a and PDF/UA-1 and refuses what breaks either (a picture without its words, a
heading that skips a level). The run travels inside as an attachment. For English only the fonts that
Typst carries are used, so that every machine writes the same bytes.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from contingent.brief.document import Document, blocks, foreign_script
from contingent.brief.document.blocks import (
    Block,
    Box,
    Entry,
    Figure,
    Number,
    Section,
    Span,
    Strong,
    Table,
    Text,
    words,
)
from contingent.brief.document.catalogue import isolated
from contingent.brief.embedded_run import MEMBER
from contingent.errors import ExtraError

STANDARDS = ["a-3a", "ua-1"]
DENSITIES = (0, 1, 2)  # how tightly the brief proper is set, tried in turn until it fits two pages
LONG = "longer than two pages"  # what the layout says of one that does not
UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')  # of a sign that no font has, such as a picture
BLANK = "\u25a1"  # a box, in its place
TALLEST = 215  # millimetres of a chart that leaves room for its question and its source on one page
POINT = 0.2646  # millimetres in a pixel of a chart: its letters of 12 pixels are then 9 pt


def pdf(brief: Document) -> bytes:
    """The PDF's bytes.

    Raises:
        ExtraError: typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise ExtraError("a PDF needs the extra `pdf`: pip install 'contingent[pdf]'") from None
    writer = Writer(brief)
    source = writer.source()
    parts = {"main": source.encode(), MEMBER: brief.enclosed.encode(), **writer.pictures}
    compile_: Any = typst.compile  # its types know neither files in memory nor lists of standards
    densities = iter(DENSITIES)
    density = next(densities)
    while True:
        try:
            made = compile_(
                parts, format="pdf", pdf_standards=STANDARDS, timestamp=0, sys_inputs={"density": str(density)},
                ignore_system_fonts=brief.catalogue.language == "en",
            )  # fmt: skip
            return bytes(made)
        except typst.TypstError as error:
            lacks = UNKNOWN.search(str(error))
            sign = lacks[1].encode() if lacks else b""
            shown = [name for name in parts.keys() - {MEMBER} if sign and sign in parts[name]]
            if shown and sign != BLANK.encode():  # else it would be asked for without end
                parts |= {name: parts[name].replace(sign, BLANK.encode()) for name in shown}
            elif LONG in str(error):
                density = next(densities)  # the last says nothing of its length
            else:
                raise


class Writer:
    """Writes one brief as Typst source; `pictures` are the charts it refers to, by file name."""

    def __init__(self, brief: Document):
        self.brief = brief
        self.pictures: dict[str, bytes] = {}
        self.annexed = False

    def source(self) -> str:
        """The whole document."""
        b = self.brief
        year, month, day = (int(part) for part in b.as_of.split("-"))
        attached = (
            f'#pdf.attach({quoted(MEMBER)}, relationship: "source", mime-type: "text/plain", '
            f"description: {quoted(b.catalogue.word('page.attached'))})\n"
        )
        head = (
            f"#show: brief.with(title: {quoted(b.title)}, language: {quoted(b.catalogue.language)}, "
            f"date: datetime(year: {year}, month: {month}, day: {day}), marking: {quoted(b.marking)}, "
            f"inside: {quoted(b.inside)})\n"
        )
        english = '#set text(lang: "en", dir: ltr, font: "Libertinus Serif")\n' * (not foreign_script(b.question))
        asked = f"#[\n{english}= {escaped(b.question)}\n]"
        lines = [preamble(), head + (attached if b.enclosed else ""), asked, f"#meta[{escaped(' · '.join(b.heading))}]"]
        first, *pairs, last = b.proper
        cells = "\n".join(f"[{self.section(part)}]," for part in pairs)
        lines += [self.wide(first), f"#pairs(\n{cells})", self.wide(last)]
        self.annexed = True
        lines += ["#pagebreak()", "#fits", "#show: annexes", *(self.section(part) for part in b.annexes)]
        return "\n\n".join(lines) + "\n"

    def section(self, section: Section) -> str:
        """A section with its heading, which annexes are referred to by."""
        heading = f"== {escaped(section.heading)} <{section.id}>"
        return "\n\n".join([heading, *(self.block(block, 3) for block in section.blocks)])

    def wide(self, section: Section) -> str:
        """The first and the last section of the brief proper: two boxes side by side over the whole width."""
        lines, beside = [f"== {escaped(section.heading)} <{section.id}>"], ""
        for block in section.blocks:
            made = self.block(block, 3)
            if isinstance(block, Box) and block.kind != "change":
                beside += f"[{made}],"
                continue
            if beside:
                lines.append(f"#beside({beside})")
                beside = ""
            lines.append(made)
        return "\n\n".join([*lines, f"#beside({beside})" if beside else ""])

    def block(self, block: Block, level: int) -> str:
        """One block as Typst source."""
        match block:
            case blocks.Paragraph():
                style = {"lead": "lead", "confidence": "quiet", "note": "quiet"}.get(block.role)
                text = self.text(block.text)
                return f"#{style}[{text}]" if style else text
            case blocks.Bullets():
                return "\n".join(f"- {self.text(item)}" for item in block.items)
            case Box():
                inner = "\n\n".join(self.block(part, level + 1) for part in block.blocks)
                return f"#box-of({quoted(block.kind)})[\n{'=' * level} {escaped(block.title)}\n\n{inner}\n]"
            case blocks.Keys():
                told = ((key.label, (key.number,), key.interval) for key in block.items)
                keys = ("key(" + ", ".join(f"[{self.text(part)}]" for part in parts) + ")" for parts in told)
                return f"#keys({', '.join(keys)})"
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block, level)
            case blocks.Entries():
                return "\n".join(self.entry(entry) for entry in block.items)

    def figure(self, figure: Figure, level: int) -> str:
        """A chart with its question, its reading and its source; its words are its alternative text."""
        name = f"{figure.id}.svg"
        picture = figure.svg.replace('font-family="sans-serif"', FACES[self.brief.catalogue.direction])
        if self.brief.catalogue.direction == "rtl":  # a ligature within is not found in the second face
            apart = '<tspan font-family="Libertinus Serif">\\g<0></tspan>'
            picture = MIXED.sub(lambda found: LATIN.sub(apart, found[0]), picture)
        self.pictures[name] = picture.encode()
        width, height = (float(picture.split(f' {side}="', 1)[1].split('"', 1)[0]) for side in ("width", "height"))
        width *= min(1.0, TALLEST / (height * POINT))
        numbers = escaped(self.brief.catalogue.word("figure.numbers"))
        numbers = f" #link(<t-{figure.id}>)[{numbers}]" if figure.annex else ""
        alt = quoted(f"{figure.question} {words(figure.reading)}")
        return (
            f"#block(breakable: false)[\n{'=' * level} {escaped(figure.question)}\n\n{self.text(figure.reading)}\n\n"
            f"#image({quoted(name)}, alt: {alt}, width: {'small * ' if figure.annex else ''}{width * POINT:.1f}mm)\n"
            f"#source[{self.text(figure.source)}{numbers}]\n]"
        ) + ("" if figure.annex else f"\n\n{self.table(figure.table)}")

    def table(self, table: Table) -> str:
        """A table whose header repeats on every page; of an annex, its caption names the results if they are few."""
        found = self.brief.origins(table) if self.annexed else {}
        origin = "; ".join(f"#link(<{anchor}>)[{escaped(name)}]" for name, anchor in found.items())
        head = "".join(f"[{escaped(column)}]," for column in table.columns)
        cells = "\n".join("".join(f"[{self.text(cell, link=not found)}]," for cell in row) for row in table.rows)
        right = "".join(f"{index}," for index in table.numeric)
        widths = "(" + "auto," * len(table.columns) + ")"
        caption = f"*{escaped(table.caption)}*" + (f" <{table.id}>" if table.id else "")
        caption += f" #source[({origin})]\n" if origin else "\n"
        return f"{caption}#data-table(columns: {widths}, right: ({right}), head: ({head}),\n{cells})"

    def entry(self, entry: Entry) -> str:
        """One entry of an annex, with its anchor."""
        flag = "▲ " if entry.flag else ""
        lines = [self.text(line, link=False) for line in entry.lines]
        quote = [f"#emph[“{escaped(entry.quote)}”]"] if entry.quote else []
        body = " \\\n".join([f"*{flag}{self.text(entry.title, link=False)}*", *lines, *quote])
        return f"#entry[{body}] <{entry.anchor}>"

    def text(self, text: Text, *, link: bool = True) -> str:
        """A text; its numbers and citations lead to their annex."""
        return "".join(self.span(span, link=link) for span in text)

    def span(self, span: Span, *, link: bool) -> str:
        """One span as Typst source."""
        match span:
            case str():
                return escaped(span)
            case Strong():
                return f"#strong[{self.text(span.spans, link=link)}]"
            case blocks.Foreign():
                return f'#text(lang: "en", dir: ltr)[{escaped(span.text)}]'
            case blocks.Cite():
                return f"#link(<{span.claim}>)[{escaped(span.claim)}]"
            case blocks.See():
                return f"#link(<{span.section}>)[#see[{escaped(span.words)}]]"
            case Number():
                shown = escaped(span.text)
                if self.brief.catalogue.direction == "rtl":
                    shown = isolated(shown)
                return f"#link(<{self.brief.anchor(span.trace)}>)[{shown}]" if link else shown


FACES = {"ltr": 'font-family="Libertinus Serif"', "rtl": 'font-family="Noto Naskh Arabic, Libertinus Serif"'}
MIXED = re.compile(r"(?<=>)[^<]*[\u0600-\u06ff][^<]*(?=<)")  # words of a chart in both scripts, or in Arabic script
LATIN = re.compile(r"[^\u0600-\u06ff]*[^\u0600-\u06ff\s][^\u0600-\u06ff]*")
SPECIAL = str.maketrans({**{sign: "\\" + sign for sign in "\\#$*_`<>@[]()=-+/~.;\"'"}, "\n": " ", "\r": " "})


def escaped(text: str) -> str:
    """Words that Typst must not read as markup."""
    return text.translate(SPECIAL)


def quoted(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


@cache
def preamble() -> str:
    """How the document looks."""
    return files("contingent.brief.render").joinpath("page", "brief.typ").read_text(encoding="utf-8")
