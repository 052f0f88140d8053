"""One brief on every medium: the same numbers, each with a source."""

import base64
import html as markup
import re
from hashlib import sha256

import pytest

from contingent.brief import record
from contingent.brief.document.blocks import Entries, Figure, words
from contingent.brief.embedded_run import BLANK, digest
from contingent.brief.figures.canvas import DARK, HUES, LIGHT
from contingent.errors import InputError
from contingent.quantities import states
from contingent.scenario.model import ground


def figures(brief):
    return [block for section in brief.sections for block in section.blocks if isinstance(block, Figure)]


def test_every_number_resolves(brief, html):
    anchors = set(re.findall(r" id=([^ >]+)", html))
    loose = re.findall(r"<data value=\S+ data-t=([^ >]+)", html)
    linked = re.findall(r"<a href=#([^ >]+)[^>]*><data value=[^>]*>", html)
    assert len(loose) + len(linked) == len(re.findall("<data ", html)) > 200
    rows = re.findall(r"<tr data-t=([^ >]+)", html)
    assert len(rows) > 100, "a row whose numbers come from one place says so once"
    assert set(loose) | set(linked) | set(rows) <= anchors
    assert set(re.findall(r"href=#([^ >]+)", html)) <= anchors
    assert all(brief.anchor(number.trace) in anchors for number in brief.numbers())


def test_every_parameter_has_a_source_or_says_assumption_or_unsourced(brief):
    annex = next(section for section in brief.sections if section.id == "assumptions")
    for entry in annex.blocks[1].items:
        said = " ".join(str(span) for line in entry.lines for span in line)
        assert any(basis in said for basis in CLASSES), entry.anchor


CLASSES = (
    "Quoted:", "Stated by a source:", "The author's judgement", "Inferred from the words", "Data", "Literature:",
    "The model makers' judgement", "Unsourced:", "Unit of comparison", "Computed from the numbers of Annex A9",
)  # fmt: skip


def test_every_printed_number_leads_to_a_class_and_what_is_called_stated_is(brief, result):
    """Whoever follows a number finds what it rests on, in the same words in A9, A10 and on the card beside it."""
    entries = {
        entry.anchor: entry
        for section in brief.annexes
        for block in section.blocks
        if isinstance(block, Entries)
        for entry in block.items
    }
    for each in dict.fromkeys(brief.numbers()):
        entry = entries[brief.anchor(each.trace)]
        if each.trace.kind == "run":
            assert entry.anchor.startswith("card-")
            continue
        said = [words(line) for line in entry.lines]
        assert any(name in line for line in said for name in CLASSES), each.trace.label
        if each.trace.kind == "parameter" and not each.trace.name.startswith("theatre.parameters."):
            estimate = dict(result.scenario.estimates())[each.trace.name]
            kind, stating = ground(estimate, result.scenario.claims)
            assert estimate.assumption in "".join(said), "its author's own sentence is never dropped"
            for name in stating:
                claim = result.scenario.claims[name]
                assert states(claim.quote if kind == "quoted" else claim.says, estimate)
                assert any(line.startswith(("Quoted:", "Stated by")) and name in line for line in said)


def test_the_page_needs_nothing_from_outside(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert markup.unescape(policy).startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.S)[1]
        assert base64.b64encode(sha256(body.encode()).digest()).decode() in markup.unescape(policy)
    assert not re.search(r'(?:src|href)="(?!#|data:text/csv)', html)
    assert " style=" not in html
    assert " onclick" not in html
    assert "@import" not in html
    assert "url(" not in html


def test_the_page_carries_its_own_digest(html):
    found = re.search(r'contingent-sha256" content="([0-9a-f]{64})"', html)[1]
    assert digest(html.replace(found, BLANK, 1)) == found


def test_the_page_is_the_same_twice(brief, html):
    assert brief.render("html").decode() == html


def test_every_figure_is_complete(brief):
    assert len(figures(brief)) >= 12
    for figure in figures(brief):
        assert figure.question.endswith("?")
        assert figure.reading
        assert figure.source
        assert len(figure.table.rows) >= 2, figure.id


def test_confidence_stands_in_a_sentence_of_its_own(brief):
    said = record(brief)["sections"][0]["text"]
    sentences = [s for s in said if "Confidence" in s]
    assert len(sentences) == 1
    assert not re.search(r"likely|roughly even|almost", sentences[0])


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_figure_keeps_three_to_one_on_paper_and_dark(html):
    pictures = re.findall(r"<svg.*?</svg>", html, re.S)
    assert len(pictures) >= 12
    for picture in pictures:
        used = {c.upper() for c in re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6})"', picture)}
        assert used <= {hue.upper() for hue in HUES}, picture[:300]
        assert len(used) <= 4
        assert not set(re.findall(r'(?:fill|stroke)="(?!#|none|currentColor|transparent)([^"]+)"', picture))
    for hue in HUES:
        assert contrast(hue, LIGHT) >= 3
        assert contrast(hue, DARK) >= 3


def test_terminal_fits_a_hundred_columns_of_ascii(brief):
    plain = brief.terminal()
    assert plain.isascii()
    assert max(map(len, plain.splitlines())) <= 100
    coloured = brief.terminal(colour=True)
    assert "\x1b[1m" in coloured


def test_unknown_endings_and_forms_are_refused(brief, tmp_path):
    with pytest.raises(InputError, match=r"brief\.odt: a brief ends in \.html, \.pdf, \.txt, \.md, \.docx"):
        brief.write(tmp_path / "brief.odt")
    with pytest.raises(InputError, match="'odt'"):
        brief.render("odt")
    assert brief.write(tmp_path / "brief.html").stat().st_size > 100_000
