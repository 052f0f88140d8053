"""How large, how long and how fast: two pages, 400 kB, a few times the bare words."""

import random
import re
from dataclasses import replace
from io import BytesIO

import pytest

from contingent.brief import compose
from contingent.brief.document.blocks import Figure
from contingent.brief.document.catalogue import LANGUAGES
from contingent.study.insight import insight

WORDS = "abcdefghijklmnopqrstuvwxyz"


def annex_page(pdf, heading):
    """The page, from 1, on which a heading stands, by the document's own bookmarks."""
    pypdf = pytest.importorskip("pypdf", reason="reads the bookmarks of a PDF")
    reader = pypdf.PdfReader(BytesIO(pdf))

    def flat(entries):
        for entry in entries:
            yield from flat(entry) if isinstance(entry, list) else [entry]

    found = [entry for entry in flat(reader.outline) if entry.title.strip() == heading]
    assert len(found) == 1, heading
    return reader.get_destination_page_number(found[0]) + 1


def test_the_brief_proper_is_two_pages(brief, pdf):
    assert annex_page(pdf, brief.annexes[0].heading) == 3


@pytest.mark.parametrize("language", ["ur", "ar"])
def test_the_brief_proper_is_two_pages_from_right_to_left(briefs, language):
    typst = pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    if not any("Arabic" in family for family in typst.Fonts().families()):
        pytest.skip("no Arabic-script font on this machine: apt-get install fonts-noto-core")
    made = briefs[language].render("pdf")
    assert annex_page(made, briefs[language].annexes[0].heading) == 3
    assert b"pdfuaid:part" in made
    assert re.search(rb"/BaseFont\s*/[A-Z]+\+Noto(Naskh|Sans)Arabic", made)


def test_the_brief_proper_is_short(brief):
    figures = [b for section in brief.proper for b in section.blocks if isinstance(b, Figure)]
    assert 1 <= len(figures) <= 3, "a figure is drawn only where it compares options or time"
    assert all(figure.annex for figure in figures)
    assert [section.annex for section in brief.sections] == [False] * 8 + [True] * 12
    assert len(brief.terminal().splitlines()) < 190


def made_up(claim, seed):
    """A claim of ordinary length in words that hardly compress."""
    draw = random.Random(seed)
    text = lambda n: " ".join("".join(draw.choices(WORDS, k=draw.randint(3, 9))) for _ in range(n))  # noqa: E731
    return claim.model_copy(update={"says": text(14), "quote": text(8), "reason": text(12), "speaker": text(2)})


def with_claims(result, count):
    """The same result, its scenario with so many claims."""
    scenario = result.scenario
    some = next(iter(scenario.claims.values()))
    more = {f"Z{k:03}": made_up(some, k) for k in range(count - len(scenario.claims))}
    larger = scenario.model_copy(update={"claims": {**scenario.claims, **more}})
    made = replace(result, question=replace(result.question, scenario=larger))
    vars(made)["insight"] = insight(result)  # a claim sets no number
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_small_in_every_language(briefs, language):
    assert len(briefs[language].render("html")) <= 400_000


def test_a_page_with_200_claims_is_small(result, html):
    made_with = with_claims(result, 200)
    made = compose(made_with)
    figures = [b for section in made.sections for b in section.blocks if isinstance(b, Figure)]
    assert len(figures) >= 15
    assert len(made.sections[-5].blocks[1].items) == 200
    page, own = len(made.render("html")), len(html.encode())
    assert page <= 420_000
    more = [each for name, each in made_with.scenario.claims.items() if name not in result.scenario.claims]
    said = sum(len(f"{each.says}{each.quote}{each.reason}{each.speaker}".encode()) for each in more)
    assert page - own <= 3 * said  # in the list, with its labels, and in what the page carries


def test_a_pdf_takes_a_few_times_what_typst_needs_for_its_words(brief, pdf, seconds):
    """Typst is loaded and has compiled once, as in any program that writes more than one."""
    took, plainly = seconds.pdf(brief)
    assert took < 4 * plainly


def test_a_sign_that_no_font_has_is_a_box_and_one_that_is_nowhere_is_an_error(brief, monkeypatch):
    typst = pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    pypdf = pytest.importorskip("pypdf", reason="reads a PDF")
    strange = replace(brief, question=brief.question + " \U0001fae8")
    first = pypdf.PdfReader(BytesIO(strange.render("pdf"))).pages[0].extract_text()
    assert "\u25a1" in first

    def lacks(*_, **__):
        raise typst.TypstError('the text `"Q\u0301Z"` could not be displayed with any font')

    monkeypatch.setattr(typst, "compile", lacks)
    with pytest.raises(typst.TypstError):
        brief.render("pdf")
