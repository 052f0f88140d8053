"""What a language model may add: propositions for words that stand in the text, never grades or places.

Every suggestion quotes the text; where the quotation does not occur exactly, the suggestion is dropped and
counted. What a model says about a claim the grammar found too is kept beside it, and where the two disagree a
person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, get_args

from contingent.evidence.claim import Modality
from contingent.evidence.overlap import jaccard
from contingent.evidence.pack import Pack
from contingent.evidence.said import Span

SAME = 0.5  # overlap of characters from which two claims are one: a judgement, above the 0.3 of loose matching


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One statement a model sees: the exact words, and what it makes of them."""

    exact: str
    says: str = ""
    modality: str = ""
    factors: tuple[str, ...] = ()


class Extractor(Protocol):
    """Anything that reads a text and suggests claims in it."""

    @property
    def name(self) -> str:
        """The model as it is to be named in the brief."""
        ...

    @property
    def prompt_sha256(self) -> str:
        """The hash of the instructions it was given."""
        ...

    def suggest(self, text: str) -> Sequence[Suggestion]:
        """The claims it sees in a text."""
        ...


@dataclass(frozen=True, slots=True)
class Grounded:
    """Suggestions with their places in the text, and how many had none."""

    kept: tuple[tuple[Span, Suggestion], ...]
    dropped: int


def ground(text: str, suggestions: Sequence[Suggestion]) -> Grounded:
    """Finds each suggestion's exact words; repeated words take the next place not yet taken."""
    kept: list[tuple[Span, Suggestion]] = []
    taken: set[int] = set()
    dropped = 0
    for one in suggestions:
        at = text.find(one.exact) if one.exact.strip() else -1
        while at >= 0 and at in taken:
            at = text.find(one.exact, at + 1)
        if at < 0:
            dropped += 1
            continue
        taken.add(at)
        kept.append(((at, at + len(one.exact)), one))
    return Grounded(tuple(kept), dropped)


def assisted(
    text: str, rows: Sequence[Mapping[str, Any]], extractor: Extractor, pack: Pack
) -> list[tuple[str, dict[str, Any]]]:
    """The ledger records that an extractor adds to an article's claims: suggestions, and one line on its use.

    A suggestion names the claim it is about, or none where the grammar found nothing there; `disagrees` lists
    what it reads differently.
    """
    found = ground(text, extractor.suggest(text))
    method = {"name": extractor.name, "prompt_sha256": extractor.prompt_sha256}
    records: list[tuple[str, dict[str, Any]]] = []
    document = rows[0]["document"] if rows else ""
    for span, one in found.kept:
        about = _nearest(span, rows)
        modality = one.modality if one.modality in get_args(Modality) else ""
        factors = [factor for factor in one.factors if factor in pack.factors]
        body = {
            "document": document,
            "claim": about["id"] if about else "",
            "start": span[0],
            "end": span[1],
            "says": one.says,
            "modality": modality,
            "factors": factors,
            "disagrees": _differences(about, modality, factors) if about else ["found"],
            "method": method,
        }
        records.append(("suggestion", body))
    use = {"document": document, "method": method, "kept": len(found.kept), "dropped": found.dropped}
    return [*records, ("assistance", use)]


def _nearest(span: Span, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    scored = [
        (jaccard([span], [(part["start"], part["end"]) for part in row["spans"]]), row["id"], row) for row in rows
    ]
    best = max(scored, key=lambda item: (item[0], item[1]), default=None)
    return best[2] if best and best[0] >= SAME else None


def _differences(row: Mapping[str, Any], modality: str, factors: Sequence[str]) -> list[str]:
    differs = ["modality"] if modality and modality != row["modality"] else []
    return [*differs, "factors"] if factors and not set(factors) & set(row["factors"]) else differs
