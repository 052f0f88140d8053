"""PDF, Word, and the way back from a file to its run."""

import pytest

from contingent.brief.parcel import printed
from contingent.brief.unpack import unpack
from contingent.errors import InputError, RunError

pytestmark = pytest.mark.xdist_group("brief")
pytest.importorskip("typst", reason="the extra `pdf` is not installed")


@pytest.fixture(scope="module")
def pdf(brief):
    return brief.render("pdf")


def test_pdf_is_archivable_tagged_and_the_same_twice(brief, pdf):
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf
    assert brief.render("pdf") == pdf


def test_every_file_gives_its_run_back(brief, pdf, html, tmp_path):
    contents = {"brief.pdf": pdf, "brief.html": html.encode(), "run.ctg": brief.parcel.sealed().encode()}
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


def test_word_holds_the_numbers_and_names_its_pictures(brief, tmp_path):
    docx = pytest.importorskip("docx", reason="the extra `word` is not installed")
    document = docx.Document(str(brief.write(tmp_path / "brief.docx")))
    text = "\n".join(p.text for p in document.paragraphs)
    for number in [n for n in brief.numbers() if n.trace.name == "consultation.passes"][:20]:
        assert number.text in text or any(number.text in c.text for t in document.tables for c in t._cells)
    assert len(document.inline_shapes) >= 12
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
