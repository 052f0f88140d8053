"""How does what a screen tells become a page? The brief's own blocks, figures and cards, in the workbench's frame.

The frame tells which draft, what stands, what can be undone, and how it is to be handled.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import bidirectional

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contingent._version import __version__
from contingent.brief.document import Document
from contingent.brief.document.blocks import Section
from contingent.brief.render.html import fragment
from contingent.errors import InputError
from contingent.workbench.access import Person
from contingent.workbench.draft import Standing
from contingent.workbench.drafts import Sight
from contingent.workbench.previews import PATIENT, SOON

KINDS = {"css": "text/css", "js": "text/javascript"}
STATIC = {"brief.css": "contingent.brief.render:page",
          "workbench.css": "contingent.workbench:static", "workbench.js": "contingent.workbench:static",
          "evidence.js": "contingent.workbench:static", "force.js": "contingent.workbench:static"}  # fmt: skip
MENU = {"assumptions": "Assumptions", "bottom-line": "Bottom line", "compare": "Compare", "terms": "Terms",
        "evidence": "Evidence", "force": "Force", "runs": "Runs and issue"}  # fmt: skip
TOKENS = re.compile(r"<[^>]*>|[^<\s]+|\s+")


def asset(name: str) -> tuple[str, str]:
    """A file of the page, and its kind.

    Raises:
        InputError: there is none of that name.
    """
    if name not in STATIC:
        raise InputError(f"{name}: there is no such file")
    package, _, folder = STATIC[name].partition(":")
    return _text(package, folder, name), f"{KINDS[name.rpartition('.')[2]]}; charset=utf-8"


@cache
def _text(package: str, folder: str, name: str) -> str:
    return files(package).joinpath(folder, name).read_text("utf-8")


def page(screen: str, person: Person | None, /, **values: Any) -> str:
    """A screen as HTML; `person` is who sees it."""
    return (
        _environment()
        .get_template(f"{screen}.html.j2")
        .render(person=person or Person("", "reader"), menu=MENU, screen=screen, version=__version__, **values)
    )


def sections_of(document: Document, sections: tuple[Section, ...], whole: str) -> str:
    """Some sections of a document, as the brief has them; what they refer to is found on the page of the `whole`."""
    return str(fragment(document, sections)).replace('href="#', f'href="{whole}#')


def marked(before: str, after: str) -> Markup:
    """Markup in which every word that does not stand in the earlier one is marked."""
    old, new = TOKENS.findall(before), TOKENS.findall(after)
    found = list[str]()
    for kind, _, _, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for token in new[start:end]:
            word = kind != "equal" and not token.startswith("<") and token.strip()
            found.append(f"<mark>{token}</mark>" if word else token)
    return Markup("").join(Markup(each) for each in found).replace(Markup("</mark> <mark>"), Markup(" "))


def signed(value: float, unit: str = "") -> str:
    """A difference with its sign, to three figures; a share in points."""
    if unit == "1":
        return f"{100 * value:+.1f} points"
    return f"{value:+,.3g}"


def amount(value: float, unit: str = "") -> str:
    """A number for people: a share in per cent, else to three figures."""
    if value != value:
        return "none"
    if unit == "1":
        return f"{value:.0%}" if 0.01 <= value <= 0.99 or value in (0.0, 1.0) else f"{value:.1%}"
    return f"{value:,.3g}" if abs(value) < 1e6 else f"{value:,.0f}"


def history(stands: Standing) -> list[dict[str, Any]]:
    """The changes of a draft, the latest first, for a list."""
    return [{"seq": each.seq, "told": str(each), "why": each.why, "who": each.who, "when": each.when}
            for each in reversed(stands.changes)]  # fmt: skip


def awaited(told: Future[Any], asked: Mapping[str, str]) -> Any:
    """What a process finds out; None if it is not ready and `wait` was not asked for."""
    with suppress(TimeoutError):
        return told.result(PATIENT if asked.get("wait", "0") != "0" else SOON)
    return None


def direction(text: str) -> str:
    """`rtl` where the first letter of a text is of a script that runs from right to left, else `ltr`."""
    return next(
        ("ltr" if each == "L" else "rtl" for each in map(bidirectional, text) if each in ("L", "R", "AL")), "ltr"
    )


def frame(sight: Sight) -> dict[str, Any]:
    """The head of a screen."""
    stands = sight.stands
    return {
        "draft": sight.id, "name": sight.told["name"], "question": sight.scenario.question, "seq": sight.seq,
        "marking": sight.scenario.marking, "as_of": sight.scenario.as_of.isoformat(), "history": history(stands),
        "dir": direction(sight.scenario.question), "undo": str(stands.undo or ""), "redo": str(stands.redo or ""),
        "what_if": bool(stands.changes) and not stands.fresh,
    }  # fmt: skip


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("contingent.workbench", "pages"),
                           PackageLoader("contingent.brief.render", "page")])  # fmt: skip
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"amount": amount, "signed": signed}
    return made
