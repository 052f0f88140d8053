"""On which record a statement stands, and whether it is quoted, reported or told.

The records are those of the Associated Press: on the record (by name), background (by description), and a
narrated sentence without any source is unattributed.
"""

from __future__ import annotations

from collections.abc import Sequence

from contingent.evidence.claim import Attribution, Form, OnRecord
from contingent.evidence.said import Span
from contingent.evidence.speakers import Speaker

ATTITUDES = frozenset(["cognitive", "evaluative"])
"""Classes of cue by which a reporter ascribes an attitude rather than reports a statement."""


def standing(speaker: Speaker, cue: str) -> tuple[Attribution, OnRecord]:
    """Attribution class and record of what a speaker says with a cue of a class."""
    if speaker.kind == "person":
        return ("named-official" if speaker.office else "named-person"), "on-the-record"
    if speaker.kind == "official":
        return "anonymous-official", "background"
    if speaker.kind == "familiar":
        return "people-familiar", "background"
    if speaker.kind == "institution":
        return ("institution-narrated", "unattributed") if cue in ATTITUDES else ("institution", "on-the-record")
    if speaker.kind == "document":
        return "document", "on-the-record"
    if speaker.kind == "poll":
        return "poll", "on-the-record"
    return "reporter-narrative", "unattributed"


def form_of(spans: Sequence[Span], marks: Sequence[Span]) -> Form:
    """Direct when nearly all the words stand between quotation marks, mixed when some do, indirect when none."""
    size = sum(b - a for a, b in spans)
    inside = sum(max(0, min(b, d) - max(a, c)) for a, b in spans for c, d in marks)
    if inside >= size - 2:
        return "direct"
    return "mixed" if inside > 2 else "indirect"
