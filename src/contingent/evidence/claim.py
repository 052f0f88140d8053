"""What one claim is: who said what, where exactly, on which record, and how far it is to be trusted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from contingent.records import Names, Record

Grade = Annotated[str, StringConstraints(pattern=r"^[A-F][1-6]$")]
"""Admiralty grade (STANAG 2511): source reliability A to F and information credibility 1 to 6, judged apart.

F and 6 mean *no information*, not a middle value.
"""

Attribution = Literal[
    "named-official",
    "anonymous-official",
    "people-familiar",
    "named-person",
    "institution",
    "institution-narrated",
    "reporter-narrative",
    "document",
    "poll",
]
OnRecord = Literal["on-the-record", "background", "deep-background", "off-the-record", "unattributed"]
Form = Literal["direct", "indirect", "mixed", "narrative"]
Modality = Literal[
    "assessment",
    "belief-ascribed",
    "conditional-evaluation",
    "conditional-prediction",
    "fact-asserted",
    "intention",
    "knowledge-denied",
    "meta-status",
    "non-commitment",
    "obligation",
    "open-question",
    "personal-assessment",
    "personal-opinion",
    "possibility",
    "prediction",
    "preference",
]


class Document(Record):
    """A text that claims were taken from. The text itself is its publisher's and is not kept: its hash is."""

    title: str
    publisher: str = ""
    url: str = ""
    published: dt.date | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of the text in UTF-8, so that a reader who has it can check every offset."""
    characters: int | None = Field(default=None, ge=0)
    extracted: str = ""
    """How its claims were found; names the language model if one was used (ICS 206-01 asks for that citation)."""


class Claim(Record):
    """A statement with its speaker and its place in a document; never "a fact"."""

    document: str
    says: str
    """The proposition, in neutral words of our own."""
    quote: str = ""
    """A short verbatim part of the passage."""
    spans: tuple[tuple[int, int], ...] = ()
    """Offsets in Unicode code points, start inclusive and end exclusive (W3C TextPositionSelector)."""
    speaker: str = ""
    attribution: Attribution
    record: OnRecord
    form: Form = "indirect"
    modality: Modality
    channel: str = ""
    date: dt.date | None = None
    factors: Names = ()
    polarity: Literal[-1, 0, 1] = 0
    condition: str = ""
    """What the statement depends on, in the speaker's sense; such a claim speaks of one branch only."""
    about: str = ""
    """The claim this one comments on, when it says how another is to be taken."""
    grade: Grade
    reason: str = ""
    """Why the grade is what it is."""
    group: str = ""
    """The independence group: claims of one group count once."""

    @model_validator(mode="after")
    def _spans_rise(self) -> Claim:
        if any(end <= start or start < 0 for start, end in self.spans):
            raise ValueError("a span must be [start, end] with 0 <= start < end")
        return self
