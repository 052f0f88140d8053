"""What one claim found in an article is, before anybody has judged it."""

from __future__ import annotations

from dataclasses import dataclass

from contingent.evidence.claim import Attribution, Form, Modality, OnRecord
from contingent.evidence.modality import Quantity
from contingent.evidence.said import Span
from contingent.evidence.speakers import Speaker


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with its places in the text; spans are offsets, start inclusive and end exclusive."""

    id: str
    spans: tuple[Span, ...]
    speaker: Speaker
    speaker_span: Span | None
    cue: Span | None
    cue_kind: str
    attribution: Attribution
    record: OnRecord
    form: Form
    modality: Modality
    paragraph: int
    channel: str = ""
    date_expression: str = ""
    negated: bool = False
    condition: str = ""
    hedges: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    factors: tuple[str, ...] = ()
    polarity: int = 0
    about: str = ""
    relayed: str = ""
    """Whom the speaker in turn reports, for a statement within a statement."""
    reported_speech: bool = False
    """Narrated, but carrying the argument of those just quoted (free indirect speech)."""

    def said(self, text: str) -> str:
        """The claim's words in the article."""
        return " … ".join(text[a:b] for a, b in self.spans)
