"""How is a brief a Word document that an office can go on writing in?

The brief proper fills two pages in two columns, as the PDF does; the run travels inside as a part of its own.
"""

import io
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from contingent.brief.document import Document, blocks, foreign_script
from contingent.brief.document.blocks import Block, Strong, Table, Text, words
from contingent.brief.document.catalogue import isolated
from contingent.brief.figures import png
from contingent.brief.read_back import NAMESPACE
from contingent.errors import ExtraError

STAMP = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same brief is the same bytes
PART = "/customXml/item9.xml"  # custom XML: word processors keep it as it is when they save
MILLIMETRE = 36_000  # in the units of Office Open XML
COLUMN, PAGE = 84, 150  # millimetres of a picture in a column, and in the annexes


def docx(brief: Document) -> bytes:
    """The document's bytes.

    Raises:
        ExtraError: python-docx, or what turns charts into pictures, is not installed.
    """
    try:
        import docx as library
    except ImportError:
        raise ExtraError("a Word document needs the extra `word`: pip install 'contingent[word]'") from None
    document = library.Document()
    core, b = document.core_properties, brief
    core.title, core.author, core.language = b.title, "contingent", b.catalogue.language
    core.created = core.modified = datetime.fromisoformat(b.as_of)
    core.comments = b.run
    _styles(document)
    if b.marking:
        document.sections[0].header.paragraphs[0].text = b.marking
        document.sections[0].footer.paragraphs[0].text = b.marking
    document.add_heading(b.question, 0)
    document.add_paragraph(" · ".join(filter(None, (*b.heading, b.inside))))
    for place, section in enumerate((*b.proper, *b.annexes)):
        if place == 1 and not section.annex:
            _columns(document, 2)
        if place == len(b.proper):
            _columns(document, 1, page=True)
        document.add_heading(section.heading, 1)
        for block in section.blocks:
            _block(document, block)
    if b.catalogue.direction == "rtl":
        _right_to_left(document, b.catalogue.language)
    if b.enclosed:
        _enclose(document, b.enclosed)
    stream = io.BytesIO()
    document.save(stream)
    return _still(stream.getvalue())


def _styles(document: Any) -> None:
    """Nine points, little air: what two pages hold."""
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(17)
    page.top_margin = page.bottom_margin = Mm(14)
    page.header_distance = page.footer_distance = Mm(6)
    sizes = {"Normal": 9, "List Bullet": 9, "Caption": 9, "Title": 14, "Heading 1": 11, "Heading 2": 9.5}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(4 if name.startswith("Heading") else 0)
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.line_spacing = 1.0


def _columns(document: Any, count: int, *, page: bool = False) -> None:
    """From here on, so many columns; on a new page if asked for."""
    from docx.enum.section import WD_SECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section = document.add_section(WD_SECTION.NEW_PAGE if page else WD_SECTION.CONTINUOUS)
    for old in section._sectPr.findall(qn("w:cols")):
        section._sectPr.remove(old)
    columns = OxmlElement("w:cols")
    columns.set(qn("w:num"), str(count))
    columns.set(qn("w:space"), "340")
    section._sectPr.append(columns)


def _block(document: Any, block: Block) -> None:
    match block:
        case blocks.Paragraph():
            _write(document.add_paragraph(), block.text)
        case blocks.Bullets():
            for item in block.items:
                _write(document.add_paragraph(style="List Bullet"), item)
        case blocks.Box():
            document.add_heading(block.title, 2)
            for inner in block.blocks:
                _block(document, inner)
        case blocks.Keys():
            for key in block.items:
                _write(document.add_paragraph(), (Strong((key.number,)), "  ", *key.label, "; ", *key.interval))
        case Table():
            if block.caption:
                document.add_heading(block.caption, 2)
            _table(document, block)
        case blocks.Figure():
            document.add_heading(block.question, 2)
            _write(document.add_paragraph(), block.reading)
            width = (COLUMN if block.annex else PAGE) * MILLIMETRE
            shape = document.add_picture(io.BytesIO(png(block.plot)), width=width)
            shape._inline.docPr.set("descr", f"{block.question} {words(block.reading)}")
            _write(document.add_paragraph(style="Caption"), block.source)
            if not block.annex:
                _table(document, block.table)
        case blocks.Entries():
            for entry in block.items:
                _write(document.add_paragraph(), (Strong((("▲ " if entry.flag else ""), *entry.title)),))
                for line in entry.lines:
                    _write(document.add_paragraph(), line)
                if entry.quote:
                    document.add_paragraph(f"“{entry.quote}”", style="Quote")


def _write(paragraph: Any, text: Text) -> None:
    for span in text:
        run = paragraph.add_run(" ".join(words((span,)).split("\n")))
        run.bold = True if isinstance(span, Strong) else None


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns), style="Light List")
    for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
        cell.text = column
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], text)


def _right_to_left(document: Any, language: str) -> None:
    """Sections, paragraphs, tables and runs from right to left; a number keeps its sign, Latin words their order."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    first = document.sections[0]
    for section in document.sections:
        section._sectPr.append(OxmlElement("w:bidi"))
    for part in (document.element, first.header._element, first.footer._element):
        for paragraph in part.iter(qn("w:p")):
            paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for table in part.iter(qn("w:tblPr")):
            table.append(OxmlElement("w:bidiVisual"))
        for run in part.iter(qn("w:r")):
            texts = [text for text in run.iter(qn("w:t")) if text.text]
            if any(foreign_script(text.text) for text in texts):
                looks, spoken = run.get_or_add_rPr(), OxmlElement("w:lang")
                looks.append(OxmlElement("w:rtl"))
                spoken.set(qn("w:bidi"), {"ur": "ur-PK", "ar": "ar-SA"}[language])
                looks.append(spoken)
            else:
                for text in texts:
                    text.text = isolated(text.text) if any(map(str.isalnum, text.text)) else text.text


def _enclose(document: Any, sealed: str) -> None:
    """Put the run inside as custom XML (ISO/IEC 29500-1, section 15.2.5)."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    content = f'<?xml version="1.0" encoding="UTF-8"?><run xmlns="{NAMESPACE}">{sealed}</run>'
    part = Part(PackURI(PART), "application/xml", content.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _still(content: bytes) -> bytes:
    """The same archive with no time of writing in it."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, STAMP), old.read(name), ZIP_DEFLATED)
    return target.getvalue()
