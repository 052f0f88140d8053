"""How is a brief one self-contained page that needs no network, no script and no colour?

The Content-Security-Policy allows nothing but this page's own style and script, by hash. The file carries
the SHA-256 of its own bytes (with the digest's place filled by zeros), so a change anywhere is found.
"""

import base64
import csv
import io
import re
from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contingent._version import __version__
from contingent.brief.document import Document, foreign_script
from contingent.brief.document.blocks import Cite, Figure, Foreign, Number, Section, See, Span, Strong, Text, words
from contingent.brief.embedded_run import BLANK, digest
from contingent.notation import cell_of

BARE = {0xA0: "", 0x202F: "", 0x2212: "-"}  # numbers as spreadsheets read them: 34%, 14800, -2
PLAIN = re.compile(r"[-+]?[\d.,]+(?:e[-+]?\d+)?%?")  # a number, which is no formula whatever its sign
ADDRESS, SAFE = "data:text/csv;charset=utf-8,", " ,()-./:;"


def page(brief: Document) -> str:
    """The whole page as text; the run behind it travels in it."""
    style, script = _asset("brief.css"), _asset("brief.js")
    policy = (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    text = (
        _environment()
        .get_template("brief.html.j2")
        .render(
            style=Markup(style), script=Markup(script), policy=policy, blank=BLANK, version=__version__, **_known(brief)
        )
    )
    text = re.sub(r">\s*\n\s*<", "><", text)
    return text.replace(BLANK, digest(text), 1)


def fragment(document: Document, sections: Sequence[Section]) -> Markup:
    """Some sections of a document as they stand on its page, for another page to hold."""
    text = _environment().get_template("fragment.html.j2").render(sections=sections, **_known(document))
    return Markup(re.sub(r">\s*\n\s*<", "><", text))


def _known(brief: Document) -> dict[str, Any]:
    """What the templates of a document use."""
    writer = Writer(brief)
    return {
        "brief": brief, "say": brief.catalogue.word, "text": writer.text, "cell": partial(writer.text, link=False),
        "entry": writer.entry, "picture": lambda figure: Markup(figure.svg), "download": writer.download,
        "foreign": partial(_language_of, brief.catalogue.language), "kind": lambda block: type(block).__name__,
    }  # fmt: skip


def _language_of(language: str, words: str, *, quote: bool = False) -> Markup:
    """What marks words of the case that stand in English in a brief in another language."""
    if language == "en" or foreign_script(words):
        return Markup("")
    return Markup(' lang="en"' if quote else ' lang="en" dir="auto"')


class Writer:
    """Turns texts and figures of one document into markup."""

    def __init__(self, brief: Document):
        self.brief = brief

    def text(self, text: Text, *, link: bool = True) -> Markup:
        """A text; its numbers lead to where they come from, or name it without adding a stop for the keyboard."""
        return Markup("").join(self._span(span, link=link) for span in text)

    def entry(self, text: Text, anchor: str) -> Markup:
        """A text in an annex; a number that stands where it comes from needs to name nothing."""
        return Markup("").join(
            escape(span.text)
            if isinstance(span, Number) and self.brief.anchor(span.trace) == anchor
            else self._span(span, link=False)
            for span in text
        )

    def _span(self, span: Span, *, link: bool) -> Markup:
        match span:
            case str():
                return escape(span)
            case Strong():
                return Markup("<strong>{}</strong>").format(self.text(span.spans, link=link))
            case Foreign():
                return Markup('<bdi lang="en">{}</bdi>').format(span.text)
            case Cite():
                return Markup('<a class="c" href="#{0}">{0}</a>').format(span.claim)
            case See():
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

    def download(self, figure: Figure) -> str:
        """The chart's data as an address that needs no network."""
        stream, table = io.StringIO(), figure.table
        plain = [table.columns, *([words(cell).translate(BARE) for cell in row] for row in table.rows)]
        csv.writer(stream, lineterminator="\n").writerows(
            [cell if PLAIN.fullmatch(cell) else cell_of(cell) for cell in row]
            for row in (wide(figure.plot.rows) if figure.series else plain)
        )
        return ADDRESS + quote(stream.getvalue(), safe=SAFE)


def wide(rows: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Rows of a fan chart with one line for each measure and week, and every option's interval in columns."""
    parts = ("low", "median", "high")
    options = list(dict.fromkeys(str(row["option"]) for row in rows))
    found: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        line = found.setdefault((row["measure"], row["week"]), [])
        line += [f"{row[part]:.6g}" for part in parts]
    head = ["measure", "week", *(f"{option}: {part}" for option in options for part in parts)]
    return [head, *([measure, str(week), *line] for (measure, week), line in found.items())]


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
