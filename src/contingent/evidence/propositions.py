"""How a reported or narrated passage falls into propositions, one claim each."""

from __future__ import annotations

import re

from contingent.evidence.lexicon import AUX, VERB, look_up, words
from contingent.evidence.said import Span

_SENTENCE = re.compile(r"(?<=[.!?])[”\"’']?\s+(?=[\"“‘A-Z])")
_AND = re.compile(r"(?:,|;)?\s+(?:and|but)\s+(?=(?P<next>[\w’']+)\s+(?P<after>[\w’']+))")
_SUBJECTS = {"i", "we", "he", "she", "it", "they", "there", "this", "that"}
_DASH = re.compile(r"\s+[—–]\s+|\s+--\s+|\s*—\s*")
_KEPT = re.compile(
    r"(?:particularly|especially|including|notably|namely|such as|and|or|to|for|in|as|which|who)\b", re.IGNORECASE
)
_LEAD = re.compile(
    r"(?:it (?:may|must|should|is to) be (?:recalled|mentioned|noted|remembered)(?: here)? that|that|still|however"
    r"|meanwhile|moreover|furthermore|yet|but|and|also|in addition|nevertheless|besides),?\s+(?=\w)",
    re.IGNORECASE,
)
_REACH = 300  # characters back in which an open "if" or "both" is looked for
_OPEN = re.compile(r"\b(?:if|whether|both|between|when|unless)\b[^,]*$", re.IGNORECASE)


def propositions(text: str, content: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    """The claims in a passage, each as its spans; a passage interrupted by its own attribution stays together."""
    pieces: list[tuple[Span, ...]] = []
    for index, (start, end) in enumerate(content):
        parts = _parts(text, start, end)
        broken = (
            index > 0
            and text[start] not in '“"‘«'
            and content[index - 1][1] < start
            and not _closed(text, content[index - 1][1])
        )
        if broken and pieces and parts:
            pieces[-1] = (*pieces[-1], parts[0])
            parts = parts[1:]
        pieces.extend((part,) for part in parts)
    return pieces


def _closed(text: str, end: int) -> bool:
    """Whether what ends here was a quotation of its own or a full sentence."""
    return text[end - 1 : end] in {"”", '"', "’", "'", ".", "!", "?"}


def _parts(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for a, b in _cut(text, start, end, _SENTENCE):
        for c, d in _dashes(text, a, b):
            spans.extend(_clauses(text, c, d))
    trimmed = [_trim(text, a, b) for a, b in spans]
    return [(a, b) for a, b in trimmed if b - a > 1 and any(ch.isalpha() for ch in text[a:b])]


def _cut(text: str, start: int, end: int, where: re.Pattern[str]) -> list[Span]:
    spans: list[Span] = []
    at = start
    for match in where.finditer(text, start, end):
        stop = match.start() + len(match.group()) - len(match.group().lstrip("”\"’'"))
        if match.end() < end and stop > at:
            spans.append((at, stop))
            at = match.end()
    return [*spans, (at, end)]


def _dashes(text: str, start: int, end: int) -> list[Span]:
    """Parts between dashes that say something of their own; others stay with what precedes them."""
    spans: list[Span] = []
    for a, b in _cut(text, start, end, _DASH):
        if spans and (_KEPT.match(text, a) or b - a < 12):
            if text[a : a + 3] != "to ":
                spans[-1] = (spans[-1][0], b)
            continue
        spans.append((a, b))
    return spans


def _clauses(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    at = start
    for match in _AND.finditer(text, start, end):
        if _OPEN.search(text[max(at, match.start() - _REACH) : match.start()]) or match.start() - at < 12:
            continue
        word, after = match["next"].lower(), match["after"]
        finite = look_up(word).bits & (AUX | VERB) and (
            word.endswith(("s", "ed")) or word in words("pasts") or look_up(word).bits & AUX
        )
        clause = word in _SUBJECTS or (word == "the" and match.group().lstrip()[:1] == "," and look_up(after).bits == 0)
        if word == "that":
            clause = text.startswith("that ", at) or look_up(after).bits & (AUX | VERB) == 0
        if finite or clause:
            spans.append((at, match.start() + (1 if text[match.start()] in ",;" else 0)))
            at = match.end()
    return [*spans, (at, end)]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    lead = _LEAD.match(text, start, end)
    if lead:
        start = lead.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
