"""Which claims are in a passage, one proposition each: where sentences, dashes and coordinated clauses part it.

Clause segmentation. Nothing is cut inside an open "if" or "whether".
"""

import re

from contingent.evidence.claim import Span
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import look_up

_SENTENCE, _AND, _OPENED, _DASH, _STILL_OPEN, _KEPT, _LEAD, _MODAL, _LISTED, _RELATIVE, _APPOSED, _VERBAL = lx.patterns(
    "propositions", "sentence and opened dash still_open kept lead modal listed relative apposed verbal"
)
_PASTS, _BARE = lx.words("pasts"), lx.words("bare")
_SUBJECTS = {"i", "we", "he", "she", "it", "they", "there", "this", "that"}
_NAMES = {"the", "our", "their", "his", "her", "its"}
_OBJECT = (
    lx.DET | lx.POSS | lx.NUM | lx.CAP | lx.PREP | lx.OBJ
)  # what follows a verb without an ending, sharing the modal
_REACH = 300  # characters back in which an open "if" or "both" is looked for


def propositions(text: str, content: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    """The claims in a passage, each as its spans; a passage interrupted by its own attribution stays together."""
    pieces: list[tuple[Span, ...]] = []
    for index, (start, end) in enumerate(content):
        parts = _parts(text, start, end)
        before = content[index - 1][1] if index else start
        broken = before < start and text[start] not in '“"‘«' and not _closed(text, before)
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
        if _STILL_OPEN.search(text[max(at, match.start() - _REACH) : match.start()]) or match.start() - at < 12:
            continue
        joiner, word, after = match["joins"], match["next"].lower(), look_up(match["after"]).bits
        comma = match.group().lstrip()[:1] == ","
        first = text[at : match.start()]
        if not joiner:
            splits = any((
                word in _SUBJECTS and after & lx.AUX and not _OPENED.match(text, at),  # "it inspects, it rescues"
                _RELATIVE.match(text, match.end()),
                _APPOSED.search(first) and look_up(word).bits & lx.AUX,
            ))  # fmt: skip
        elif joiner in {"because", "so that"}:
            splits = comma or joiner == "so that"
        elif word == "that":
            splits = text.startswith("that ", at) or not after & (lx.AUX | lx.VERB)
        else:
            verb = look_up(word).bits & (lx.AUX | lx.VERB)
            splits = any((
                word in _SUBJECTS or (word.isdigit() and match["after"].startswith("per")),
                verb and (word.endswith(("s", "ed")) or word in _PASTS or verb & lx.AUX),
                comma and (_has_clause(match) or (word == "the" and after == 0)),
                word in _NAMES and _has_clause(match, 4) and _VERBAL.search(first),
                not comma and word in _BARE and after & _OBJECT and _MODAL.search(first) and not _LISTED.search(first),
            ))  # fmt: skip
        if splits:
            spans.append((at, match.start() + (1 if text[match.start()] in ",;" else 0)))
            at = match.end()
    return [*spans, (at, end)]


def _has_clause(match: re.Match[str], near: int = 7) -> bool:
    """Whether a noun phrase with its verb follows so near ("and so far 94 officers have ...")."""
    following = [look_up(word).bits for word in match["rest"].split()[:near]]
    verb = next((n for n, b in enumerate(following) if b & lx.AUX), None)
    return verb is not None and not any(b & (lx.WHO | lx.SUB | lx.COMP) for b in following[:verb])


def _trim(text: str, start: int, end: int) -> Span:
    start = end - len(text[start:end].lstrip())
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    return start, start + len(text[start:end].rstrip())
