"""The case's own words in the reader's language: taken from the file beside the case, and named where they lack."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from contingent.brief import Brief, number
from contingent.brief.document import Reference, translated
from contingent.brief.document.blocks import Bullets, Figure, Foreign, Paragraph, Section, Strong, Table
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.figures import chart
from contingent.errors import InputError
from contingent.scenario.read import read
from contingent.scenario.source import words_of
from contingent.study.question import hash_of

SHARE = number.percent(0.35, number.result("a.b"))
WORDS = {"Shall we?": "کیا ہم؟", "Cabinet": "کابینہ", "Open": "کھلا", "Send support": "معاون دستے", "The army": "فوج"}


class Empty:
    question, texts = type("Question", (), {"id": "abc"}), ()

    def sealed(self):
        return ""


@pytest.fixture
def brief():
    rows = [{"row": "Send support", "value": 0.35, "label": "35 %"}]
    shown = Figure("f", "کتنا؟", ("پڑھیں",), ("ماخذ",), chart("bars", rows, x="share", share=True),
                   Table("کتنا؟", ("a", "b"), (((Foreign("Send support"),), (SHARE,)),), (1,)))  # fmt: skip
    said = (
        Strong((Foreign("Send support"),)),
        " کا امکان ",
        SHARE,
        "؛ ",
        Foreign("the army"),
        "، ",
        Foreign("Days: x"),
    )
    parts = (Section("s", "عنوان", (Paragraph(said), Bullets(((Foreign("The army"),),)), shown)),)
    return Brief("T", "Shall we?", "Cabinet", "2025-10-28", "Open", Catalogue("ur"), parts,
                 (Reference("n1", SHARE.trace),), Empty())  # fmt: skip


def test_what_is_translated_stands_in_the_language_and_what_is_not_is_named(brief):
    assert brief.untranslated == ("Shall we?", "Cabinet", "Open", "Send support", "the army", "Days: x", "The army")
    made = translated(brief, WORDS)
    assert made.untranslated == ("Days: x",)
    assert (made.question, made.decider, made.marking) == ("کیا ہم؟", "کابینہ", "کھلا")
    text = made.render("md").decode()
    assert "مسودہ" in text.split("معاون دستے")[0], "page one says first that it is a draft"
    assert text.count("فوج") == 2, "within a sentence too"
    page = made.render("html").decode()
    assert "<bdi lang=en>Days: x</bdi>" in page
    assert "lang=en dir=auto>" not in page
    assert "Send support" not in page, "nor in a chart"
    whole = translated(brief, {**WORDS, "Days: x": "دن"})
    assert whole.untranslated == ()
    assert "مسودہ" not in whole.render("md").decode()


def test_a_word_document_runs_from_right_to_left_with_its_numbers_whole(brief):
    pytest.importorskip("docx", reason="the extra `word` is not installed")
    body = ZipFile(BytesIO(translated(brief, WORDS).render("docx"))).read("word/document.xml").decode()
    for section in re.findall(r"<w:sectPr.*?</w:sectPr>", body, re.S):
        assert "<w:bidi/>" in section
    assert all("<w:bidi/>" in paragraph for paragraph in re.findall(r"<w:p>.*?</w:p>", body, re.S))
    assert body.count("<w:bidiVisual/>") == body.count("<w:tbl>") > 0
    for run in re.findall(r"<w:r>.*?</w:r>", body, re.S):
        said = "".join(re.findall(r"<w:t[^>]*>([^<]*)", run))
        assert ("<w:rtl/>" in run) == bool(re.search("[\u0600-\u06ff]", said))
        if re.search(r"\d", said) and "<w:rtl/>" not in run:
            assert said.startswith("\u2066"), "a number keeps its sign"
            assert said.endswith("\u2069")


def test_a_translation_changes_no_run_and_one_that_is_none_is_told(tmp_path):
    case = tmp_path / "mine"
    case.mkdir()
    from contingent.scenario.read import shipped

    for file in shipped()["unifil_2006"].glob("*.yaml"):
        (case / file.name).write_text(file.read_text("utf-8"), "utf-8")
    before = hash_of(read(case))
    (case / "words.ur.yaml").write_text("Decline: انکار\n", "utf-8")
    assert hash_of(read(case)) == before
    assert words_of(case, "ur") == {"Decline": "انکار"}
    assert words_of(case, "ar") == words_of(tmp_path / "nowhere", "ur") == {}
    (case / "words.ur.yaml").write_text("Decline: [1, 2]\n", "utf-8")
    with pytest.raises(InputError, match="Decline: write words"):
        words_of(case, "ur")


@pytest.mark.parametrize("language", ["ur", "ar"])
def test_the_shipped_words_are_the_cases_own(language):
    case, known = read("isf_gaza"), words_of("isf_gaza", language)
    text = case.model_dump_json()
    assert [key for key in known if key not in text] == []
    assert {option.label for option in case.options.values()} | {case.question, case.decider, case.marking} <= set(
        known
    )
