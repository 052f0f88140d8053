"""The page on which a person accepts, edits or rejects each claim, with the article beside it.

One self-contained file: its script and style are allowed by their hashes alone, nothing is loaded or sent. The
decisions leave it as a file that `contingent evidence --decisions FILE` writes into the ledger.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from itertools import pairwise
from typing import Any, get_args

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from contingent.evidence.claim import Attribution, Modality


def review_page(text: str, title: str, claims: Sequence[Mapping[str, Any]], flags: Sequence[Mapping[str, Any]]) -> str:
    """The page as HTML; claims as in the ledger after the decisions so far, with the article's text at hand."""
    folder = resources.files("contingent.evidence") / "page"
    style = (folder / "review.css").read_text(encoding="utf-8")
    script = (folder / "review.js").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string((folder / "review.html").read_text(encoding="utf-8"))
    rows = [
        {
            **one,
            "words": " … ".join(text[span["start"] : span["end"]] for span in one["spans"]),
            "flags": [flag for flag in flags if one["id"] in flag["claims"]],
        }
        for one in claims
    ]
    return template.render(
        title=title,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        pieces=pieces(text, claims),
        claims=rows,
        flags=flags,
        moods=get_args(Modality),
        classes=get_args(Attribution),
    )


def _hash(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")


def pieces(text: str, claims: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """The text cut where claims begin and end: kind (`text` or `break`), characters, ids of the claims there."""
    edges = {0, len(text)}
    for one in claims:
        for span in one["spans"]:
            edges |= {span["start"], span["end"]}
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(text))
    found: list[tuple[str, str, str]] = []
    for start, end in pairwise(cuts):
        ids = " ".join(
            one["id"] for one in claims if any(span["start"] <= start and end <= span["end"] for span in one["spans"])
        )
        lines = text[start:end].split("\n")
        for index, line in enumerate(lines):
            if index:
                found.append(("break", "", ""))
            if line:
                found.append(("text", line, ids))
    return found
