"""On which record a statement stands, in which form, on which channel and day it was made.

Attribution status. The records are those of the Associated Press: on the record (by name), background (by
description), and a narrated sentence without any source is unattributed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from contingent.evidence.claim import Attribution, Form, OnRecord, Span, Speaker

ATTITUDES = frozenset(["cognitive", "evaluative"])
"""Classes of cue by which a reporter ascribes an attitude rather than reports a statement."""
_PROPER = r"[“\"‘]?[A-Z0-9][\w’'&.-]*(?:\s+(?:[A-Z0-9][\w’'&.-]*|of|the|and|on|ka|ke|kay|ki))*[”\"’]?"
_INTERVIEW = re.compile(
    rf"\b(?:in|during|in the course of)\s+(?:an?|the|his|her|their)\s+(?:\w+\s+){{0,2}}?interview\s+(?:on|with"
    rf"|to|by|for|aired on|broadcast on)\s+({_PROPER})"
)
_TOLD = re.compile(
    r"\b(?:told|tells|speaking (?:to|with|on)|speaks to|appearing on"
    r"|appeared on)\s+(?:the\s+)?((?:[A-Z][\w’'&.-]*)(?:\s+[A-Z][\w’'&.-]*)*)"
)
_EVENT = re.compile(
    r"\b(?:in|at|during|through|via|on|[Aa]ddressing|[Hh]olding)\s+(?:an?|the|his|her|their)\s+(?:\w+\s+){0,2}?"
    r"(press conference|news conference|press briefing|briefing|statement|speech|tweet|post|letter|op-ed|memo"
    r"|hearing|rally|talk show|debate)\b"
)
_PLATFORM = re.compile(r"\b(?:on|via)\s+(Twitter|X|Facebook|Instagram|Truth Social|Telegram|YouTube)\b")
_DATE = re.compile(
    r"\b(?:on|last|this|next|late|early|earlier|since|until|by)?\s*"
    r"((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?|yesterday|today"
    r"|last (?:week|month|year)"
    r"|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}(?:, \d{4})?)\b"
)
_LATER = re.compile(r"\s+(?:on|in|of)?\s*(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip


def record_status(speaker: Speaker, cue: str) -> tuple[Attribution, OnRecord]:
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


def channel_of(sentence: str) -> str:
    """The programme, outlet or occasion named in a sentence as the place of a statement; empty if none."""
    for pattern, label in ((_INTERVIEW, "interview, "), (_TOLD, ""), (_PLATFORM, ""), (_EVENT, "")):
        match = pattern.search(sentence)
        if match:
            return label + _LATER.split(match[1])[0].strip(" .,")
    return ""


def date_of(sentence: str) -> str:
    """The day named in a sentence, as written; empty if none."""
    match = _DATE.search(sentence)
    return match.group().strip() if match else ""


def resolved(expression: str, published: dt.date | None) -> dt.date | None:
    """The day an expression means in a text of a given day; None where it cannot be told.

    A weekday, or a day of the year without its year, is the last one up to the day of publication, which is how news
    writes it.
    """
    words = expression.lower().replace(",", "").split()
    if published is None or not words:
        return None
    if "yesterday" in words:
        return published - dt.timedelta(days=1)
    if "today" in words:
        return published
    for word in words:
        if word in _WEEKDAYS:
            return published - dt.timedelta(days=(published.weekday() - _WEEKDAYS.index(word)) % 7)
    month = next((_MONTHS.index(word) + 1 for word in words if word in _MONTHS), 0)
    numbers = [int(word) for word in words if word.isdigit()]
    day = next((number for number in numbers if number <= 31), 0)
    year = next((number for number in numbers if number > 31), None)
    try:
        found = dt.date(year or published.year, month, day)
        return found.replace(year=found.year - 1) if year is None and found > published else found
    except ValueError:
        return None
