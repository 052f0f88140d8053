"""Whatever stands in a text of a scenario or an article, it is words in every format, or refused with its line."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contingent.brief.document import Document
from contingent.brief.document.blocks import Entries, Entry, Paragraph, Section, Strong, Table
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.render.html import page
from contingent.brief.render.markdown import markdown
from contingent.brief.render.pdf import escaped as typst_words
from contingent.cli import run
from contingent.errors import ScenarioError
from contingent.notation import HIDDEN, cell_of, legible
from contingent.scenario.read import locate, read

HOSTILE = [
    "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![](http://evil.example/a.png)", "a\n# Heading\n- b",
    "=HYPERLINK(1)", "@SUM(1)", "+1+1", "| a | b |", "`code`", "#raw(read(\"/etc/passwd\"))", "$ x $", "*_bold_*",
    "<!-- -->", "&lt;b&gt;", "[a]: http://evil.example", "1. one", "- one", "> quoted", "```\ncode\n```", "\\",
    "</script>",
]  # fmt: skip
words = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def document(text: str) -> Document:
    table = Table(text, (text, "n"), (((text,), (Strong((text,)),)),))
    blocks = (Paragraph((text, Strong((text,)))), table, Entries((Entry("a", (text,), ((text,),), text),)))
    return Document(text, text, text, "2025-10-28", text, Catalogue(), (Section("s", text, blocks),), ())


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen |= {tag, *(name for name, _ in attrs if name.startswith("on")), *(v for k, v in attrs if k == "href")}


PLAIN = Tags()
PLAIN.feed(page(document("plain")))


@settings(max_examples=40, deadline=None)
@given(words)
@example("\n".join(HOSTILE))
def test_a_page_has_the_tags_and_links_it_has_with_plain_words(text: str) -> None:
    reader = Tags()
    reader.feed(page(document(text)))
    assert reader.seen <= PLAIN.seen


@settings(max_examples=40, deadline=None)
@given(words)
@example("\n".join(HOSTILE))
def test_markdown_has_the_blocks_it_has_with_plain_words(text: str) -> None:
    made, plain = markdown(document(text)), markdown(document("plain"))
    bare = re.sub(r"\\[\\`*_|\[\]<#]", "", made)
    assert not re.search(r"[\[\]<`]", bare), "a link, a picture, a tag or code"
    assert [line.split(" ")[0] for line in made.splitlines() if re.match(r"#+ ", line)] == [
        line.split(" ")[0] for line in plain.splitlines() if re.match(r"#+ ", line)
    ]


@given(words)
@example("= heading\n== heading #panic()")
def test_typst_reads_no_markup_in_words(text: str) -> None:
    made = typst_words(text)
    assert "\n" not in made
    assert not re.search(r"(?<!\\)(?:\\\\)*[#$*_`<>@\[\]=]", re.sub(r"\\.", "", made))


@given(words | st.from_regex(r"[-+=@\t][ -~]{0,9}", fullmatch=True))
def test_no_cell_of_delimited_text_is_a_formula(text: str) -> None:
    cell = str(cell_of(text))
    assert not re.match(r"\s*[-=+@]", cell)
    assert cell.removeprefix("'") == legible(text) or cell == text
    assert cell_of("-2+cmd") == "'-2+cmd"
    assert cell_of(3) == 3


@given(st.text())
def test_hidden_characters_are_shown_and_nothing_else_moves(text: str) -> None:
    shown = legible(text)
    assert len(shown) == len(text)
    assert not HIDDEN.search(shown)
    assert all(a == b or b == "\ufffd" for a, b in zip(text, shown, strict=True))


@pytest.mark.parametrize("code", ["\\x01", "\\u202e", "\\u2066", "\\x7f", "\\x85", "\\u2028"])
def test_a_hidden_character_is_refused_with_its_line_however_it_is_written(code, tmp_path, capsys) -> None:
    text = (locate("mss_haiti") / "scenario.yaml").read_text("utf-8")
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith("title:"))
    (tmp_path / "scenario.yaml").write_text(
        re.sub(r"(?m)^title:.*$", f'title: "a {code}b"'.replace("\\", "\\\\"), text)
    )
    assert run(["check", str(tmp_path)]) == 2
    assert re.search(rf"scenario.yaml:{line}  title: holds the character U\+", capsys.readouterr().out)
    with pytest.raises(ScenarioError, match="nobody sees"):
        read("mss_haiti").with_({"title": "a" + code.encode().decode("unicode_escape")})
