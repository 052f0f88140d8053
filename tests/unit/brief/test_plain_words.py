"""Pages one and two of every shipped case, in every language: plain words, short sentences, few numbers."""

import re
from io import BytesIO

import pytest

from contingent.brief.document.blocks import Box, Figure, Keys, Number, Table, flat, texts, words
from contingent.brief.document.catalogue import LANGUAGES
from contingent.scenario.source import shipped
from contingent.study.study import Study

METHOD = {
    "en": r"\b(runs?|draws?|drawn|weights?|gates?|seeds?|medians?|quantiles?|percentiles?|simulat\w*|intervals?|"
          r"Monte Carlo|standard error|Brier|scale from 0)\b",
    "ur": r"\b(رنز?|اوزان|وزن|وسطانیہ|بیج|کوانٹائل|قرعہ|وقفہ|مونٹی)\b",
    "ar": r"\b(ال)?(تشغيل|تشغيلات|أوزان|وزن|وسيط|بذرة|بوابة|بوابات|فاصل|مونت)\b",
}  # fmt: skip
"""Words of the method: they live in the annexes."""
LONGEST = 25  # words of a sentence
NEVER = {"0\u00a0%", "100\u00a0%"}  # of a chance: a model is never so sure
CHANCES = ("outlook.reached", "consultation.passes", "consultation.other_terms", "mission.withdrawal")


def proper(brief):
    """Everything printed on the two pages as (what it is, text): titles, sentences, and cells of tables."""

    def told(block):
        match block:
            case Box():
                yield "title", block.title
                for inner in block.blocks:
                    yield from told(inner)
            case Table():
                yield "title", block.caption
                yield from (("cell", column) for column in block.columns)
                yield from (("cell", words(cell)) for row in block.rows for cell in row)
            case Figure():
                yield "title", block.question
                yield from (("sentence", words(text)) for text in (block.reading, block.source))
                yield from (("cell", words(cell)) for row in block.table.rows for cell in row)
            case Keys():
                yield from (("cell", words(text)) for text in texts(block))
            case _:
                yield from (("sentence", words(text)) for text in texts(block))

    for section in brief.proper:
        yield "title", section.heading
        for block in section.blocks:
            yield from told(block)


@pytest.fixture(scope="module", params=[(case, language) for case in shipped() for language in LANGUAGES], ids="-".join)
def page(request, briefs_of):
    case, language = request.param
    brief = briefs_of(case)[language]
    return brief, language, [(kind, re.sub(r"\(\S\d+\)", "", text)) for kind, text in proper(brief)]


def test_no_word_of_the_method_stands_there(page):
    _, language, told = page
    assert [text for _, text in told if re.search(METHOD[language], text, re.IGNORECASE)] == []
    assert all(not re.search(METHOD["en"], text, re.IGNORECASE) for _, text in told), "nor in the case's own words"


def test_sentences_are_short(page):
    sentences = [part for kind, text in page[2] if kind == "sentence" for part in re.split(r"(?<=[.!?۔؟])\s+", text)]
    assert [each for each in sentences if len(each.split()) > LONGEST] == []


def test_one_word_in_fifteen_is_a_number(page):
    """Of sentences and titles; in all, tables and charts with them, one in ten."""
    for kinds, most in ((("title", "sentence"), 15), (("title", "sentence", "cell"), 10)):
        text = " ".join(text for kind, text in page[2] if kind in kinds).replace("\u00a0", "").replace("\u202f", "")
        found = text.split()
        assert most * sum(bool(re.search(r"\d", word)) for word in found) <= len(found)


def test_two_figures_and_no_certainty(page):
    brief = page[0]
    numbers = [
        span for section in brief.proper for block in section.blocks for text in texts(block)
        for span in flat(text) if isinstance(span, Number)
    ]  # fmt: skip
    for number in numbers:
        digits = re.sub(r"\D", "", number.text).strip("0")
        assert len(digits) <= 2 or re.fullmatch(r"(19|20)\d\d", number.text), number
        assert not (number.trace.name in CHANCES and number.text in NEVER), number


def test_what_is_more_is_never_likelier(page):
    """The ladder falls from rung to rung, and from agreed to accepted to there."""
    for section in page[0].proper:
        for block in section.blocks:
            if isinstance(block, Figure) and block.id == "chances":
                rows = [[cell[0].value for cell in row[1:]] for row in block.table.rows]
                assert all(row == sorted(row, reverse=True) for row in rows)
                assert all(list(column) == sorted(column, reverse=True) for column in zip(*rows, strict=True))


def test_forecast_and_advice_are_apart_and_there_is_a_conclusion_with_a_date(page):
    brief, language, _ = page
    boxes = {block.kind: block for block in brief.proper[0].blocks if isinstance(block, Box)}
    assert set(boxes) >= {"advice", "forecast"}
    assert "lead" in {getattr(block, "role", "") for block in boxes["advice"].blocks}
    year = str(int(brief.as_of[:4]))[:3]
    assert re.search(year + r"\d", " ".join(words(text) for text in texts(boxes["advice"])))
    confident = [block for block in boxes["forecast"].blocks if getattr(block, "role", "") == "confidence"]
    assert len(confident) == 1, language


def test_two_pages(page):
    brief, language, _ = page
    pypdf = pytest.importorskip("pypdf", reason="reads the bookmarks of a PDF")
    typst = pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    if language != "en" and not any("Arabic" in family for family in typst.Fonts().families()):
        pytest.skip("no Arabic-script font on this machine: apt-get install fonts-noto-core")
    reader = pypdf.PdfReader(BytesIO(brief.render("pdf")))
    entries = [e for each in reader.outline for e in (each if isinstance(each, list) else [each])]
    first = next(e for e in entries if getattr(e, "title", "").strip() == brief.annexes[0].heading)
    assert reader.get_destination_page_number(first) == 2


@pytest.mark.parametrize("case", ["isf_gaza", "mnf_ukraine"])
def test_twenty_questions_have_their_answers_word_for_word_on_the_pages(case, briefs_of, gaza_run, comprehension):
    brief = briefs_of(case)["en"]
    asked = brief.parcel.question
    result = gaza_run if case == "isf_gaza" else Study(asked.scenario, asked.options, asked.seed).run(asked.runs)
    found = comprehension.sheet(result)
    assert len(found) == 20
    printed = " ".join([brief.question, *brief.heading, *(text for _, text in proper(brief))])
    assert [question for question, answer in found if not comprehension.right(answer, printed)] == []
    assert not comprehension.right("5\u00a0%", "about 25 %"), "a number is no part of another"
