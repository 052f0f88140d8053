"""How is a brief a Word document that an office can go on writing in?"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from contingent.brief.blocks import Block, Box, Bullets, Entries, Figure, Keys, Paragraph, Strong, Table, Text, words
from contingent.brief.brief import Brief
from contingent.brief.chart import png
from contingent.errors import ExtraError

STAMP = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same brief is the same bytes


def word(brief: Brief) -> bytes:
    """The document's bytes.

    Raises:
        ExtraError: python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError:
        raise ExtraError("a Word document needs the extra `word`: pip install 'contingent[word]'") from None
    document = Document()
    core, b = document.core_properties, brief
    core.title, core.author, core.language = b.title, "contingent", b.catalogue.language
    core.created = core.modified = datetime.fromisoformat(b.as_of)
    core.comments = b.parcel.question.id
    say = b.catalogue.word
    if b.marking:
        document.sections[0].header.paragraphs[0].text = b.marking
        document.sections[0].footer.paragraphs[0].text = b.marking
    document.add_heading(b.question, 0)
    document.add_paragraph(" · ".join((b.decider, say("page.as_of", date=b.as_of), say("page.run", run=b.run))))
    for section in b.sections:
        document.add_heading(section.heading, 1)
        for block in section.blocks:
            _block(document, block)
    if b.catalogue.direction == "rtl":
        _right_to_left(document)
    stream = io.BytesIO()
    document.save(stream)
    return _still(stream.getvalue())


def _block(document: Any, block: Block) -> None:
    match block:
        case Paragraph():
            _write(document.add_paragraph(), block.text)
        case Bullets():
            for item in block.items:
                _write(document.add_paragraph(style="List Bullet"), item)
        case Box():
            document.add_heading(block.title, 2)
            for inner in block.blocks:
                _block(document, inner)
        case Keys():
            for key in block.items:
                _write(document.add_paragraph(), (Strong((key.number,)), "  ", *key.label, "; ", *key.interval))
        case Table():
            _table(document, block)
        case Figure():
            document.add_heading(block.question, 2)
            _write(document.add_paragraph(), block.reading)
            from docx.shared import Cm

            shape = document.add_picture(io.BytesIO(png(block.spec)), width=Cm(15))
            shape._inline.docPr.set("descr", f"{block.question} {words(block.reading)}")
            _table(document, block.table)
            _write(document.add_paragraph(style="Caption"), block.source)
        case Entries():
            for entry in block.items:
                _write(document.add_paragraph(), (Strong((("▲ " if entry.flag else ""), *entry.title)),))
                for line in entry.lines:
                    _write(document.add_paragraph(), line)
                if entry.quote:
                    document.add_paragraph(f"“{entry.quote}”", style="Quote")


def _write(paragraph: Any, text: Text) -> None:
    for span in text:
        if isinstance(span, Strong):
            paragraph.add_run(words(span.spans)).bold = True
        else:
            paragraph.add_run(words((span,)))


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns), style="Light List")
    for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
        cell.text = column
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = words(text)


def _right_to_left(document: Any) -> None:
    from docx.oxml import OxmlElement

    for paragraph in document.paragraphs:
        paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))


def _still(content: bytes) -> bytes:
    """The same archive with no time of writing in it."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, STAMP), old.read(name), ZIP_DEFLATED)
    return target.getvalue()
