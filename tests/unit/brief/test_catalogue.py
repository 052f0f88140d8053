"""One catalogue a language: the same messages with the same parts, none unused, none missing."""

import html as markup
import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

import contingent.brief
from contingent.brief import compose
from contingent.brief.blocks import Foreign, Number, spans
from contingent.brief.catalogue.message import Catalogue, messages

pytestmark = pytest.mark.xdist_group("brief")


def parts(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_urdu_has_every_message_with_the_same_parts():
    english, urdu = messages("en"), messages("ur")
    assert set(english) == set(urdu)
    assert {key: parts(english[key]) for key in english} == {key: parts(urdu[key]) for key in urdu}


def test_arabic_messages_have_the_same_parts():
    english, arabic = messages("en"), messages("ar")
    assert set(arabic) <= set(english)
    assert {key: parts(english[key]) for key in arabic} == {key: parts(arabic[key]) for key in arabic}


def test_no_message_is_unused():
    root = Path(str(files(contingent.brief)))
    code = "\n".join(p.read_text("utf-8") for p in [*root.rglob("*.py"), *root.rglob("*.j2")])
    families = {"likelihood", "confidence", "ground", "card", "annex"}  # looked up by a computed name
    for key in messages("en"):
        group, name = key.split(".")
        found = f'"{key}"' in code or f"'{key}'" in code or re.search(rf'"{re.escape(name)}"', code)
        assert found or group in families, key


def test_what_a_language_lacks_is_said_in_english_and_marked():
    said = Catalogue("ar").say("watch.answer")
    assert all(isinstance(span, Foreign) for span in said)
    assert Catalogue("ar").word("watch.signal") == "Signal"


@pytest.mark.parametrize("language", ["ur", "ar"])
def test_every_language_prints_the_same_numbers(result, brief, language):
    other = compose(result, language=language)
    assert {(n.trace, n.text) for n in other.numbers()} == {(n.trace, n.text) for n in brief.numbers()}
    page = markup.unescape(other.render("html").decode())
    assert f'<html lang="{language}" dir="rtl">' in page
    assert '<bdi lang="en">' in page
    for section in other.sections:
        for block in section.blocks:
            assert all(not isinstance(s, Number) or s.text in page for s in spans(block))


def test_urdu_pdf(result):
    typst = pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    if not any("Arabic" in family for family in typst.Fonts().families()):
        pytest.skip("no Arabic-script font on this machine: apt-get install fonts-noto-core")
    made = compose(result, language="ur").render("pdf")
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in made
    assert re.search(rb"/BaseFont\s*/[A-Z]+\+Noto(Naskh|Sans)Arabic", made)
