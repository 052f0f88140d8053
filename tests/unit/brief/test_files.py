"""PDF, Word, and the way back from a file to its run."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from contingent.brief.embedded_run import unpack
from contingent.brief.number import printed
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
        found = unpack(tmp_path / name)
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
    with pytest.raises(RunError, match="no attachment"):
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
