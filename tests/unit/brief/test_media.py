"""The same numbers on every medium, each with a source: page, PDF, terminal, Markdown, Word and JSON."""

import html as markup
import re
import unicodedata
from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import pytest

from contingent.brief import record
from contingent.brief.document.blocks import Entries
from contingent.brief.render.terminal import ASCII

EDGE = r"(?<![\w.,<>+\-])"  # a number is not the end of another one


def spaced(text):
    """The text with every space alike, so that a line's end inside a page changes nothing."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).replace("\u2212", "-"))


@pytest.fixture
def text(request, brief):
    """All that a medium shows."""
    match request.param:
        case "page":
            bare = re.sub(r"<(style|script|svg).*?</\1>", "", request.getfixturevalue("html"), flags=re.S)
            return markup.unescape(re.sub(r"<[^>]+>", " ", bare))
        case "pdf":
            pypdf = pytest.importorskip("pypdf", reason="reads the text of a PDF")
            pages = pypdf.PdfReader(BytesIO(request.getfixturevalue("pdf"))).pages
            return " ".join(sheet.extract_text() for sheet in pages)
        case "word":
            with ZipFile(BytesIO(request.getfixturevalue("docx"))) as archive:
                document = archive.read("word/document.xml").decode()
            return markup.unescape(re.sub(r"<[^>]+>", "", document.replace("</w:p>", " ")))
        case "markdown":
            return brief.render("md").decode().replace("\\", "")
        case _:
            return brief.terminal(annexes=True)


@pytest.mark.parametrize("text", ["page", "pdf", "word", "markdown", "terminal"], indirect=True)
def test_every_medium_prints_every_number_as_often_as_the_blocks_hold_it(brief, text):
    text = spaced(text)
    wanted = Counter(spaced(number.text.translate(ASCII)) for number in brief.numbers())
    assert len(wanted) > 300
    assert sum(wanted.values()) > 1500
    for number, times in wanted.items():
        found = len(re.findall(EDGE + re.escape(number) + r"(?!\d)", text))
        assert found >= times, (number, found, times)


def test_json_holds_every_number_that_is_not_the_scenarios_own(brief):
    told = record(brief)["numbers"]
    texts = {(n["name"], n["text"]) for n in told}
    for number in brief.numbers():
        assert number.trace.kind == "parameter" or (number.trace.name, number.text) in texts
    assert all(n["kind"] in ("result", "run", "precedent", "claim") for n in told)


def test_every_number_leads_somewhere(brief):
    entries = {e.anchor for s in brief.annexes for b in s.blocks if isinstance(b, Entries) for e in b.items}
    for number in brief.numbers():
        assert brief.anchor(number.trace) in entries, number.trace


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_terminal_is_never_overrun(brief, width):
    for colour in (True, False):
        text = re.sub(r"\x1b\[[0-9;]*m", "", brief.terminal(colour=colour, annexes=width == 60, width=width))
        long = [line for line in text.splitlines() if len(line) > width and " " in line.strip()]
        assert not long, long[:3]
