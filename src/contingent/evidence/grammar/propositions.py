"""Which claims are in a passage, one proposition each: where sentences, dashes and coordinated clauses part it.

Clause segmentation. Nothing is cut inside an open "if" or "whether".
"""

import re

from contingent.evidence.claim import Span
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import look_up

_SENTENCE, _AND, _OPENED, _DASH, _STILL_OPEN, _KEPT, _LEAD, _MODAL, _LISTED, _RELATIVE, _APPOSED = lx.patterns(
    "propositions", "sentence and opened dash still_open kept lead modal listed relative apposed"
)
_PASTS, _BARE = lx.words("pasts"), lx.words("bare")
_SUBJECTS = {"i", "we", "he", "she", "it", "they", "there", "this", "that"}
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
        lead = _MODAL.search(first)
        if not joiner:  # a comma alone: "it will inspect, it will rescue"
            splits = word in _SUBJECTS and after & lx.AUX and not _OPENED.match(text, at)
            splits = (
                splits or _RELATIVE.match(text, match.end()) or (_APPOSED.search(first) and look_up(word).bits & lx.AUX)
            )
        elif joiner in {"because", "so that"}:
            splits = comma or joiner == "so that"
        elif word == "that":
            splits = text.startswith("that ", at) or not after & (lx.AUX | lx.VERB)
        else:
            known = look_up(word)
            verb = known.bits & (lx.AUX | lx.VERB)
            splits = bool(lead and not comma and not _LISTED.search(first) and _base(word, match["after"])) or (
                word.isdigit() and match["after"].startswith("per")
            )
            splits = (
                splits
                or (verb and (word.endswith(("s", "ed")) or word in _PASTS or verb & lx.AUX))
                or word in _SUBJECTS
            )
            splits = splits or (comma and (_has_clause(match) or (word == "the" and after == 0)))
        if splits:
            spans.append((at, match.start() + (1 if text[match.start()] in ",;" else 0)))
            at = match.end()
    return [*spans, (at, end)]


def _base(word: str, after: str) -> bool:
    """Whether a verb without an ending and its object follow, which share the modal before: "and guard two dams"."""
    return word in _BARE and bool(look_up(after).bits & (lx.DET | lx.POSS | lx.NUM | lx.CAP | lx.PREP | lx.OBJ))


def _has_clause(match: re.Match[str]) -> bool:
    """Whether a noun phrase with its verb follows ("and so far 94 officers have ...")."""
    following = [look_up(word).bits for word in match["rest"].split()[:7]]
    verb = next((n for n, b in enumerate(following) if b & lx.AUX), None)
    return verb is not None and not any(b & (lx.WHO | lx.SUB | lx.COMP) for b in following[:verb])


def _trim(text: str, start: int, end: int) -> Span:
    start = end - len(text[start:end].lstrip())
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    return start, start + len(text[start:end].rstrip())
