"""PDF, Word, and the way back from a file to its run."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from contingent.brief.embedded_run import unpack
from contingent.brief.number import printed
from contingent.brief.read_back import Looked, compared, lacking, looked_into
from contingent.errors import InputError, RunError

COLUMNS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}num"
pytest.importorskip("typst", reason="the extra `pdf` is not installed")


def test_pdf_is_archivable_tagged_and_the_same_twice(brief, pdf):
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf
    assert brief.render("pdf") == pdf


def test_every_file_gives_its_run_back(brief, pdf, docx, html, tmp_path):
    contents = {
        "brief.pdf": pdf, "brief.html": html.encode(), "brief.docx": docx, "run.ctg": brief.parcel.sealed().encode()
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        found = unpack(tmp_path / name)[2].parcel(name)
        assert found.question == brief.parcel.question
        assert found.numbers == printed(brief.numbers())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("<data value", "<data  value", 1), "changed after it was written"),
        (lambda text: text.replace("%;", "% ;", 1), "changed after it was written"),
        (lambda text: text[: len(text) // 2], "is truncated"),
        (lambda text: text.replace("contingent-sha256", "sha"), "no brief of this program"),
    ],
)
def test_a_page_that_is_not_as_written_is_refused(html, tmp_path, change, message):
    file = tmp_path / "brief.html"
    file.write_text(change(html), "utf-8")
    with pytest.raises(RunError, match=message):
        unpack(file)


def test_a_broken_or_foreign_pdf_is_refused(pdf, tmp_path):
    file = tmp_path / "brief.pdf"
    file.write_bytes(pdf[:5000])
    with pytest.raises(RunError, match="truncated"):
        unpack(file)
    file.write_bytes(b"%PDF-1.7\n%%EOF\n")
    with pytest.raises(RunError, match=r"damaged or truncated|holds no run"):
        unpack(file)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "note.txt").write_text("a note", "utf-8")
    with pytest.raises(InputError, match="neither a brief"):
        unpack(tmp_path / "note.txt")
    with pytest.raises(InputError, match="no such file"):
        unpack(tmp_path / "nothing.html")


def test_a_word_document_without_its_run_is_refused(docx, tmp_path):
    file = tmp_path / "brief.docx"
    file.write_bytes(docx[: len(docx) // 2])
    with pytest.raises(RunError, match="damaged or truncated"):
        unpack(file)
    with ZipFile(BytesIO(docx)) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b">", b"> ", 1) if b"urn:contingent:run" not in content else b"<run/>")
    with pytest.raises(RunError, match="holds no run"):
        unpack(file)
    with ZipFile(BytesIO(docx)) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            at = content.find(b":run") + 6
            new.writestr(
                name, content[:at] + b"0" * 8 + content[at + 8 :] if b"urn:contingent:run" in content else content
            )
    with pytest.raises(RunError, match=r"changed after it was written"):
        unpack(file)


def test_word_names_its_pictures_and_is_the_same_twice(brief, docx):
    document = pytest.importorskip("docx").Document(BytesIO(docx))
    assert len(document.inline_shapes) >= 15
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert document.sections[1]._sectPr.find(".//{*}cols").get(COLUMNS) == "2"


@pytest.fixture(scope="module")
def looked(html, pdf, docx):
    """What every kind of file shows, as it was written."""
    pytest.importorskip("pypdf", reason="the extra `files` is not installed")
    files = {"html": html.encode(), "pdf": pdf, "docx": docx}
    return {kind: looked_into(kind, content, kind) for kind, content in files.items()}


def other_word(content, change, name="word/document.xml"):
    """A Word document with one part changed."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return out.getvalue()


def test_a_number_changed_anywhere_is_told_with_what_it_should_be(brief, html, docx, looked):
    """As seen by a reader: one figure after another in a page and in a Word document, whatever digests say."""
    texts = [
        number.text
        for number in dict.fromkeys(brief.numbers())
        if number.text[0].isdigit() and number.text.endswith("\u00a0%")
    ][:3]
    for text in texts:
        for kind, content in (
            ("html", html.replace(f">{text}<", ">94.5\u00a0%<").encode()),
            ("docx", other_word(docx, lambda part, text=text: part.replace(text.encode(), "94.5\u00a0%".encode()))),
        ):
            found = compared(looked_into(kind, content, kind), looked[kind])
            assert any("94.5\u00a0%" in each["printed"] and text in each["should"] for each in found), (
                kind,
                text,
                found,
            )
    assert all(compared(each, each) == [] for each in looked.values())


def test_other_pages_pictures_and_notes_around_a_real_run_are_told(docx, pdf, looked):
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import FreeText

    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    writer.add_attachment("contingent-run.ctg", PdfReader(BytesIO(pdf)).attachments["contingent-run.ctg"][0])
    writer.write(blank := BytesIO())
    other = looked_into("pdf", blank.getvalue(), "blank.pdf")
    assert other.sealed == looked["pdf"].sealed
    assert compared(other, looked["pdf"])
    noted = PdfWriter(clone_from=BytesIO(pdf))
    noted.add_annotation(0, FreeText(text="94 %", rect=(50, 550, 200, 650)))
    noted.write(over := BytesIO())
    assert compared(looked_into("pdf", over.getvalue(), "note.pdf"), looked["pdf"])[0]["place"] == "pictures and notes"
    picture = next(name for name in ZipFile(BytesIO(docx)).namelist() if name.startswith("word/media/"))
    drawn = other_word(docx, lambda part: part[:-1] + b"0", picture)
    assert compared(looked_into("docx", drawn, "drawn.docx"), looked["docx"])[0]["place"] == "pictures and notes"


def test_a_list_of_numbers_that_a_file_lacks_is_told():
    there = Looked((), ("60\u00a0% of runs, and 12", "no more"))
    assert lacking(there, ["60\u00a0%", "12"]) == []
    assert lacking(there, ["60\u00a0%", "60\u00a0%"])[0]["should"] == "60, 2 times"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", b"%PDF-1.4\n" + b"/Type/EmbeddedFile " * 20_000 + b"\n%%EOF"),
        ("pdf", b"%PDF-1.4\n" + b"<</Type/EmbeddedFile>>stream\n" * 30_000 + b"\n%%EOF"),
        ("docx", b"PK\x03\x04" + b"x" * 1000),
    ],
)
def test_a_file_that_no_reader_gets_through_is_one_line(kind, content, tmp_path):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(RunError, match="is damaged or truncated") as told:
        unpack(tmp_path / "a")
    assert "\n" not in str(told.value)
