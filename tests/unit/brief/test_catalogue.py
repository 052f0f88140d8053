"""One catalogue a language: the same messages with the same parts, none unused, none missing."""

import html as markup
import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

import contingent.brief
from contingent.brief.document import catalogue
from contingent.brief.document.blocks import Foreign, Number, spans
from contingent.brief.document.catalogue import LANGUAGES, Catalogue, messages


def parts(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_parts(language):
    english, other = messages("en"), messages(language)
    assert set(english) == set(other)
    assert {key: parts(english[key]) for key in english} == {key: parts(other[key]) for key in other}
    assert all(other[key].count("**") % 2 == 0 for key in other)


@pytest.mark.parametrize("language", ["ur", "ar"])
def test_messages_are_in_their_own_script(language):
    latin = {"card.version_name", "watch.beyond", "words.odds"}  # a name; parts and nothing else
    for key, said in messages(language).items():
        assert key in latin or re.search(r"[\u0600-\u06ff]", said), key


def test_no_message_is_unused():
    root = Path(str(files(contingent.brief)))
    code = "\n".join(p.read_text("utf-8") for p in [*root.rglob("*.py"), *root.rglob("*.j2")])
    computed = set(re.findall(r'f"(\w+)\.(\w*)\{', code))  # looked up by a name that begins so
    for key in messages("en"):
        group, name = key.split(".")
        found = f'"{key}"' in code or f"'{key}'" in code or re.search(rf'"{re.escape(name)}"', code)
        begun = any(group == family and name.startswith(start) for family, start in computed)
        assert found or begun or name == "more", key


def test_what_a_language_lacks_is_said_in_english_and_marked(monkeypatch):
    full = messages("ar")
    lacking = {key: said for key, said in full.items() if not key.startswith("watch.")}
    monkeypatch.setattr(catalogue, "messages", lambda language: lacking if language == "ar" else messages(language))
    said = Catalogue("ar").say("watch.no_tipping")
    assert all(isinstance(span, Foreign) for span in said)
    assert Catalogue("ar").word("watch.signal") == "Signal"


@pytest.mark.parametrize("language", ["ur", "ar"])
def test_every_language_prints_the_same_numbers(briefs, brief, language):
    other = briefs[language]
    assert {(n.trace, n.text) for n in other.numbers()} == {(n.trace, n.text) for n in brief.numbers()}
    page = markup.unescape(other.render("html").decode())
    assert f"<html lang={language} dir=rtl>" in page
    assert "<bdi lang=en>" in page
    for section in other.sections:
        for block in section.blocks:
            assert all(not isinstance(s, Number) or s.text in page for s in spans(block))


def test_shares_and_dates_keep_their_order_from_right_to_left():
    assert "\u2066{date}\u2069" in messages("ur")["page.as_of"]
    assert "\u206690\u00a0%\u2069" in messages("ar")["words.interval"]
    assert "\u2066" not in "".join(messages("en").values())
