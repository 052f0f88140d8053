"""One small document on every medium: marks, tables, links and escapes as they must be."""

import re
from dataclasses import replace

import pytest

from contingent.brief import number
from contingent.brief.document import Document, Reference
from contingent.brief.document.blocks import (
    Box,
    Bullets,
    Cite,
    Entries,
    Entry,
    Figure,
    Foreign,
    Key,
    Keys,
    Paragraph,
    Section,
    See,
    Strong,
    Table,
    words,
)
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.figures import chart
from contingent.brief.render import FORMATS, html, markdown, pdf, terminal
from contingent.errors import InputError

SHARE = number.percent(0.34, number.result("a.b", "mean", option="x_y"))
COUNT = number.count(14800, number.result("a.b"))
TABLE = Table(
    "A *caption*", ("Row", "Share", "Count"), ((("one | two",), (SHARE,), (COUNT,)), (("b",), (SHARE,), ("",))), (1, 2)
)
FIGURE = Figure(
    "f", "How much?", ("It is ", SHARE, "."), ("Source: a.b",),
    chart("bars", [{"row": "one", "value": 0.34, "label": "34"}], x=None), TABLE,
)  # fmt: skip
BLOCKS = (
    Paragraph(("Say ", Strong(("so ", SHARE)), " <b> ", Cite("C1"), See("more", "A1"), Foreign("x")), "lead"),
    Bullets((("one",), ("two",))),
    Box("advice", "Advice", (Paragraph(("Do.",)),)),
    Keys((Key(("label",), COUNT, ("90 %",)),)),
    TABLE, FIGURE,
)  # fmt: skip
ANNEX = Section(
    "more",
    "Annex",
    (Entries((Entry("n1", ("a.b",), (("how",),), "said", "unsourced"), Entry("C1", ("c",), ()))),),
    True,
)


def document(language="en", marking=""):
    reference = Reference("n1", number.result("a.b"), "how")
    return Document("T", "Shall we?", "Cabinet", "2025-10-28", marking, Catalogue(language),
                    (Section("s", "Heading", BLOCKS), ANNEX), (reference,))  # fmt: skip


def test_a_document_knows_its_numbers_and_where_they_come_from():
    d = document()
    assert len(list(d.numbers())) == 9, (
        "one in a sentence, one a key, three in a table, those again and one more in its figure"
    )
    assert d.anchor(SHARE.trace) == "n1"
    assert [section.id for section in d.proper] == ["s"]
    assert [section.id for section in d.annexes] == ["more"]
    assert d.heading == ("Cabinet", "As of 2025-10-28"), "no run is behind it"


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_writes_a_document_that_no_run_is_behind(ending, tmp_path):
    file = document().write(tmp_path / f"plan.{ending}") if ending not in ("pdf", "docx") else None
    if file:
        assert b"Shall we?" in file.read_bytes()


def test_unknown_formats_are_answered_with_those_there_are(tmp_path):
    with pytest.raises(InputError, match=r"plan\.odt: a brief ends in \.html, \.pdf, \.txt, \.md, \.docx"):
        document().write(tmp_path / "plan.odt")
    with pytest.raises(InputError, match="'odt'; it can as: html, pdf, txt, md, docx"):
        document().render("odt")
    assert list(tmp_path.iterdir()) == []


def test_markdown():
    lines = markdown.markdown(document(marking="SECRET")).splitlines()
    assert lines[0] == lines[-1] == "*SECRET*"
    assert lines[2:5] == ["# Shall we?", "", "Cabinet · As of 2025-10-28"]
    assert "Say **so 34\u00a0%** \\<b> \\[C1\\](A1)x" in lines
    assert lines[lines.index("- one") + 1] == "- two"
    at = lines.index("> **Advice**")
    assert lines[at : at + 3] == ["> **Advice**", ">", "> Do."]
    assert "- **14\u202f800** label; 90 %" in lines
    at = lines.index("**A \\*caption\\***")
    assert lines[at + 2 : at + 6] == [
        "| Row | Share | Count |", "| --- | ---: | ---: |", "| one \\| two | 34\u00a0% | 14\u202f800 |",
        "| b | 34\u00a0% |  |",
    ]  # fmt: skip
    assert "### How much?" in lines
    assert "- ▲ **a.b**" in lines
    assert "- **c**" in lines


def test_terminal_draws_a_bar_for_the_first_share_of_a_row():
    assert terminal.bar((("a",), (COUNT,), (SHARE,))) == "█" * 7  # 20 * .34 = 6.8
    assert terminal.bar(((SHARE,), ("b",))) == "", "the row's own name is no share"
    assert terminal.bar((("a",), (COUNT,))) == ""


def test_terminal_tables_are_as_wide_as_they_need_be():
    lines = [terminal.ESCAPE.sub("", line) for line in terminal.table_lines(TABLE)]
    assert lines == [
        "Row        Share   Count", "─" * 24, "one | two   34\u00a0%  14\u202f800", "b           34\u00a0%"
    ]  # fmt: skip
    narrow = terminal.table_lines(Table("", ("a", "b"), ((("word " * 12,), ("x",)),)), 30)
    assert max(len(terminal.ESCAPE.sub("", line)) for line in narrow) <= 30


def test_terminal_lines_are_wrapped_without_counting_codes():
    assert terminal.wrapped("aa bb cc dd", 5) == ["aa bb", "cc dd"]
    assert terminal.wrapped(f"{terminal.BOLD}aa{terminal.RESET} bb", 5) == [f"{terminal.BOLD}aa{terminal.RESET} bb"]
    assert terminal.wrapped("aa bb", 4, "* ", "  ") == ["* aa", "  bb"]
    plain = terminal.plain(document(marking="SECRET"), annexes=True)
    assert plain.isascii()
    assert "ADVICE\n| Do." in plain
    assert "14 800  label; 90 %" in plain
    assert "! a.b" in plain
    assert "SECRET" in plain.splitlines()[0]


def test_the_page_links_numbers_in_sentences_and_names_their_source_in_tables():
    page = document().render("html").decode()
    assert '<a href=#n1 data-w="mean; x y"><data value=0.34>34\u00a0%</data></a>' in page
    annexed = replace(document(), sections=(replace(ANNEX, blocks=(*ANNEX.blocks, TABLE)),)).render("html").decode()
    assert "<a class=s href=#n1>a.b</a></caption>" in annexed
    assert "<tr data-t=n1><th scope=row>one | two<td>34\u00a0%<td>14\u202f800" in annexed
    assert "&lt;b&gt;" in page
    assert "<a class=c href=#C1>C1</a>" in page
    assert "<a class=s href=#more>A1</a>" in page
    assert "contingent-parcel" not in page
    assert page.index("As of 2025-10-28") < page.index("Shall we?</h1>")


def test_typst_source_escapes_and_links():
    writer = pdf.Writer(document())
    assert pdf.escaped("a #b [c] $1 *d*") == "a \\#b \\[c\\] \\$1 \\*d\\*"
    assert pdf.quoted('say "so"\\\n') == '"say \\"so\\"\\\\ "'
    assert writer.text((SHARE,)) == "#link(<n1>)[34\u00a0%]"
    assert writer.text((SHARE,), link=False) == "34\u00a0%"
    assert writer.text((Strong(("x",)), Cite("C1"), See("more", "A1"))) == (
        "#strong[x]#link(<C1>)[C1]#link(<more>)[#see[A1]]"
    )
    assert "columns: (auto,auto,auto,), right: (1,2,)" in writer.table(TABLE)
    assert "#link(<n1>)" in writer.table(TABLE), "on the two pages every number leads on itself"
    writer.annexed = True
    assert "#source[(#link(<n1>)[a\\.b])]" in writer.table(TABLE), "few results stand in the caption"
    assert pdf.Writer(document("ar")).text((SHARE,), link=False) == "\u206634\u00a0%\u2069"


@pytest.mark.parametrize(
    ("numeric", "tail"), [((1, 2), 2), ((2,), 3), ((0, 1, 2), 1), ((1,), 0), ((0, 2), 0), ((), 0)]
)  # fmt: skip
def test_numeric_columns_at_the_end_of_a_table(numeric, tail):
    assert Table("", ("a", "b", "c"), (), numeric).tail == tail


def test_words_are_the_same_whatever_holds_them():
    assert words(BLOCKS[0].text) == "Say so 34\u00a0% <b> [C1](A1)x"
    assert re.search("34", html.Writer(document()).text(BLOCKS[0].text))
