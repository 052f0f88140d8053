"""How is a brief one self-contained page that needs no network, no script and no colour?

The Content-Security-Policy allows nothing but this page's own style and script, by hash. The file carries
the SHA-256 of its own bytes (with the digest's place filled by zeros), so a change anywhere is found.
"""

import base64
import re
from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from html import unescape
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contingent._version import __version__
from contingent.brief.document import Document, blocks, foreign_script
from contingent.brief.document.blocks import Foreign, Number, Section, Span, Text, flat, words
from contingent.brief.embedded_run import BLANK, digest

PIECE = re.compile(r"(?s)<(style|script)\b.*?</\1>|<\w[^>]*>|&#3[49];")  # of a page: what is no plain text
STRONG = re.compile(r'(<strong>)(<bdi lang="en">)([^<]*)(</bdi>)(</strong>)')
BETWEEN = re.compile(r'</bdi>([^A-Za-z<>&\u0600-\u06ff]*)(<bdi lang="en">|$)')  # two pieces in English, or their end
SPACE = ' xmlns="http://www.w3.org/2000/svg"'  # which a picture within a page is in anyway
GAPS = re.compile(r">\s*\n\s*<")
QUOTED = re.compile(r"""="([^\s"'=<>`]+)"(?=[\s>])""")  # an attribute that needs no quotes


def page(brief: Document) -> str:
    """The whole page as text; the run behind it travels in it."""
    style, script = _asset("brief.css"), _asset("brief.js")
    policy = (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    known = _known(brief) | {"style": Markup(style), "script": Markup(script), "policy": policy}
    text = _environment().get_template("brief.html.j2").render(blank=BLANK, version=__version__, **known)
    text = GAPS.sub("><", PIECE.sub(_shorter, text))
    return text.replace(BLANK, digest(text), 1)


def fragment(document: Document, sections: Sequence[Section]) -> Markup:
    """Some sections of a document as they stand on its page, for another page to hold."""
    text = _environment().get_template("fragment.html.j2").render(sections=sections, **_known(document))
    return Markup(GAPS.sub("><", text))


def _shorter(found: re.Match[str]) -> str:
    """A piece of a page in fewer bytes: attributes without quotes that they do not need, a quote in words as it is."""
    piece = found[0]
    if piece.startswith("&"):
        return unescape(piece)
    return piece if piece.startswith(("<meta", "<style", "<script")) else QUOTED.sub(r"=\1", piece)


def _known(brief: Document) -> dict[str, Any]:
    """What the templates of a document use."""
    writer = Writer(brief)
    return {
        "brief": brief, "say": brief.catalogue.word, "text": writer.text, "entry": writer.entry,
        "origin": writer.origin, "entries": partial(_entries, brief.catalogue.language),
        "picture": lambda figure: Markup(figure.svg.replace(SPACE, "")),
        "foreign": partial(_language_of, brief.catalogue.language), "kind": lambda block: type(block).__name__,
    }  # fmt: skip


def _language_of(language: str, words: str, *, quote: bool = False) -> Markup:
    """What marks words of the case that stand in English in a brief in another language."""
    if language == "en" or foreign_script(words):
        return Markup("")
    return Markup(' lang="en"' if quote else ' lang="en" dir="auto"')


def _entries(language: str, body: Markup) -> Markup:
    """A list of entries; one that says nothing in the document's own language is marked as English once."""
    if language == "en" or foreign_script(body):
        return Markup('<dl class="entries">{}</dl>').format(body)
    plain = re.sub(r'</?bdi[^>]*>|(?<=<q) lang="en"', "", str(body))
    return Markup(f'<dl class="entries" lang="en" dir="ltr">{plain}</dl>')


class Writer:
    """Turns texts and figures of one document into markup."""

    def __init__(self, brief: Document):
        self.brief = brief

    def text(self, text: Text, *, link: bool = True) -> Markup:
        """A text; its numbers lead to where they come from, or name it without adding a stop for the keyboard."""
        return Markup("").join(self._span(span, link=link) for span in text)

    def entry(self, text: Text, anchor: str) -> Markup:
        """A text in an annex; a number that stands where it comes from, or beside a link to it, needs to name nothing.

        In another language, what follows each other in English is marked as one.
        """
        near = {anchor, *(span.section for span in text if isinstance(span, blocks.See))}
        there = (isinstance(span, Number) and self.brief.anchor(span.trace) in near for span in text)
        said = tuple(words((span,)) if bare else span for span, bare in zip(text, there, strict=True))
        whole = STRONG.sub(r"\2\1\3\5\4", str(self.text(said, link=False)))
        return Markup(BETWEEN.sub(lambda found: found[1] + "</bdi>" * (not found[2]), whole))

    def origin(self, row: Sequence[Text]) -> str:
        """Where all numbers of a row come from; nothing if they come from several places, or there are none."""
        found = {self.brief.anchor(span.trace) for cell in row for span in flat(cell) if isinstance(span, Number)}
        return found.pop() if len(found) == 1 else ""

    def _span(self, span: Span, *, link: bool) -> Markup:
        match span:
            case str():
                return escape(span)
            case blocks.Strong():
                return Markup("<strong>{}</strong>").format(self.text(span.spans, link=link))
            case Foreign():
                return Markup('<bdi lang="en">{}</bdi>').format(span.text)
            case blocks.Cite():
                return Markup('<a class="c" href="#{0}">{0}</a>').format(span.claim)
            case blocks.See():
                return Markup('<a class="s" href="#{}">{}</a>').format(span.section, span.words)
            case Number():
                return self._number(span, link=link)

    def _number(self, number: Number, *, link: bool) -> Markup:
        anchor = self.brief.anchor(number.trace)
        trace = number.trace
        parts = (trace.how, ", ".join(value for _, value in trace.where)) if link else ()
        where = "; ".join(filter(None, parts)).replace("_", " ")
        value, aside = f"{number.value:.4g}", Markup(' data-w="{}"').format(where) if where else ""
        if not link:
            return Markup('<data value="{}" data-t="{}">{}</data>').format(value, anchor, number.text)
        return Markup('<a href="#{}"{}><data value="{}">{}</data></a>').format(anchor, aside, value, number.text)


def _hash(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    text = files("contingent.brief.render").joinpath("page", name).read_text(encoding="utf-8").strip()
    return re.sub(r"\n\s+", "\n", re.sub(r"(?m)^// .*\n", "", text))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("contingent.brief.render", "page"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
