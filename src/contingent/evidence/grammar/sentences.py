"""Where the paragraphs, quotations, sentences, words and propositions of a text are.

Segmentation and tokenization. No text is refused: an unclosed quotation ends with its paragraph, a stray mark is a
mark. A direct quotation becomes one token, so that its full stops do not end the sentence that reports it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from contingent.evidence.claim import Span
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import KNOWN, Word, look_up

_PARAGRAPH = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]*\S[^\n\r\x0b\x0c\x85\u2028\u2029]*")
_FOUND = lx.patterns("sentences")
_TOKEN, _MARKS, _KEPT, _LEAD = (_FOUND[name] for name in ("token", "marks", "kept", "lead"))
LONGEST = 400  # tokens of a sentence; a longer one is a list or a text without stops and is cut
_CERTAIN = re.compile('[“”"„«»`‘]')
_OPEN, _CLOSE, _TOGGLE = ("“", "„", "«", "``"), ("”", "»"), ('"', "''")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\bhon\.)(?<!\bMrs\.)(?<!\b(?:No|Mr|Dr|Ms|St)\.)[”\"’']?\s+(?=[\"“‘A-Z])")
_AND = re.compile(
    r"(?:(?:,|;)?\s+(?P<joins>and|but|because|so that)|,)\s+"
    r"(?=(?P<next>[\w’']+)\s+(?P<after>[\w’']+)(?P<rest>(?:\s+[\w’'-]+){0,7}))"
)
_OPENED = re.compile(r"(?:if|when|unless|once|while|although|since|as)\b", re.IGNORECASE)
_PASTS = lx.words("pasts")
_SUBJECTS = {"i", "we", "he", "she", "it", "they", "there", "this", "that"}
_DASH = re.compile(r"\s+[—–]\s+|\s+--\s+|\s*—\s*")
_REACH = 300  # characters back in which an open "if" or "both" is looked for
_STILL_OPEN = re.compile(r"\b(?:if|whether|both|between|when|unless)\b[^,]*$", re.IGNORECASE)

Range = tuple[int, int]
"""A run of tokens in a sentence, end exclusive."""


class Sentence:
    """A sentence as parallel lists over its tokens: offsets in the text, and what the lexicon says of each."""

    __slots__ = ("bits", "end", "low", "paragraph", "start", "words")

    def __init__(self, paragraph: int, start: list[int], end: list[int], words: list[Word]) -> None:
        self.paragraph = paragraph
        self.start = start
        self.end = end
        self.words = words
        self.low = [word[0] for word in words]
        self.bits = [word[1] for word in words]

    def __len__(self) -> int:
        return len(self.words)


_QUOTED = Word("“”", lx.QUOTE)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the lines that hold anything, trimmed of white space."""
    for match in _PARAGRAPH.finditer(text):
        line = match.group()
        lead = len(line) - len(line.lstrip())
        yield match.start() + lead, match.start() + len(line.rstrip())


def quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans between paired quotation marks in a paragraph, marks included; an open one runs to the end.

    Marks inside other marks do not end them, unless there are too few closing ones; single marks count only
    where a closing one follows.
    """
    line = text[start:end]
    if not _CERTAIN.search(line) and "''" not in line and " '" not in line and line[0] != "'" and "('" not in line:
        return []
    marks = [(m.group(), m.start(), m.end()) for m in _MARKS.finditer(text, start, end)]
    nested = sum(m[0] in _OPEN for m in marks) == sum(m[0] in _CLOSE for m in marks)
    found: list[tuple[int, int]] = []
    opened, depth, single = -1, 0, False
    closing = max((m[1] for m in marks if m[0] in "’'" and not text[m[1] - 1].isspace()), default=-1)
    for mark, a, b in marks:
        if mark in "‘’'`":
            if opened < 0 and mark != "’" and (a == start or not text[a - 1].isalnum()):
                if closing > a:
                    opened, single = a, True
            elif opened >= 0 and single and mark != "‘" and not text[a - 1].isspace():
                found.append((opened, b))
                opened, single = -1, False
        elif single:
            continue
        elif opened < 0:
            if mark in _OPEN or mark in _TOGGLE or (mark == "”" and (a == start or text[a - 1].isspace())):
                opened, depth = a, 1
        elif mark in _OPEN:
            depth += nested
        else:
            depth -= 1
            if depth <= 0:
                found.append((opened, b))
                opened = -1
    if opened >= 0 and not single:
        found.append((opened, end))
    return found


def direct(text: str, start: int, end: int, span: tuple[int, int]) -> bool:
    """Whether a quotation stands by itself (a direct quotation) or is a few words inside somebody's sentence."""
    a, b = span
    inner = text[a:b].strip("“”\"„«»`' ")
    if not inner:
        return False
    words = inner.count(" ") + 1
    before = text[max(start, a - 3) : a].rstrip()
    if text[a] in "‘'" and text[a : a + 2] != "''" and words < 3:
        return False
    closes = inner[-1] in ".,!?…-—" or (text[b : b + 1] in {",", "."} and not before)
    if not before or before[-1] in ":,":
        return words > 1 and (inner[0].isupper() or closes or (words > 4 and before[-1:] == ":"))
    if before[-1] in '.!?”"':
        return True
    return words > 3 and inner[0].isupper() and inner[-1] in ".,!?…"


def sentences(text: str, start: int, end: int, number: int) -> list[Sentence]:
    """The sentences of one paragraph."""
    starts: list[int] = []
    ends: list[int] = []
    words: list[Word] = []
    known = KNOWN.get
    at = start
    for a, b in [*(span for span in quotations(text, start, end) if direct(text, start, end, span)), (end, end)]:
        found = list(_TOKEN.finditer(text, at, a))
        words += [known(raw) or look_up(raw) for raw in [match.group() for match in found]]
        starts += [match.start() for match in found]
        ends += [match.end() for match in found]
        if a < b:
            starts.append(a)
            ends.append(b)
            words.append(_QUOTED)
        at = b
    edges = [0, *_edges(text, starts, ends, words), len(words)]
    if len(words) > LONGEST:
        edges = sorted({*edges, *(n for a, b in pairwise(edges) for n in range(a, b, LONGEST))})
    return [Sentence(number, starts[a:b], ends[a:b], words[a:b]) for a, b in pairwise(edges) if a < b]


def read(text: str, spans: Iterable[Span]) -> Sentence:
    """The words at some places as one run of tokens, those inside quotation marks with the others."""
    found = [match for a, b in spans for match in _TOKEN.finditer(text, a, b)]
    known = KNOWN.get
    words = [known(raw) or look_up(raw) for raw in [match.group() for match in found]]
    return Sentence(0, [match.start() for match in found], [match.end() for match in found], words)


def _edges(text: str, starts: list[int], ends: list[int], words: list[Word]) -> Iterator[int]:
    """Where a new sentence begins: after a full stop and the marks that close on it, before a capital or a mark."""
    count = len(words)
    for i in [i for i, word in enumerate(words) if word[1] & (lx.STOP | lx.QUOTE)]:
        raw, bits = words[i][0], words[i][1]
        if bits & lx.QUOTE:
            closing = text[starts[i] : ends[i]].rstrip("”\"»'’")[-1:]
            if closing != ".":
                continue
        elif raw == ";" or (raw == "." and i and _abbreviation(words[i - 1])):
            continue
        j = i + 1
        while j < count and (words[j][1] & lx.STOP or (words[j][1] & lx.MARK and starts[j] == ends[j - 1])):
            j += 1
        if j < count and words[j][1] & (lx.CAP | lx.NUM | lx.MARK | lx.QUOTE):
            if words[j][1] & lx.QUOTE and bits & lx.QUOTE:
                continue
            yield j


def _abbreviation(word: Word) -> bool:
    low, bits = word[0], word[1]
    return bool(bits & lx.CAP) and (bool(bits & lx.ABBR) or len(low) == 1)


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
        if not joiner:  # a comma alone: "it will inspect, it will rescue"
            splits = word in _SUBJECTS and after & lx.AUX and not _OPENED.match(text, at)
        elif joiner in {"because", "so that"}:
            splits = comma or joiner == "so that"
        elif word == "that":
            splits = text.startswith("that ", at) or not after & (lx.AUX | lx.VERB)
        else:
            verb = look_up(word).bits & (lx.AUX | lx.VERB)
            splits = (verb and (word.endswith(("s", "ed")) or word in _PASTS or verb & lx.AUX)) or word in _SUBJECTS
            splits = splits or (comma and (_has_clause(match) or (word == "the" and after == 0)))
        if splits:
            spans.append((at, match.start() + (1 if text[match.start()] in ",;" else 0)))
            at = match.end()
    return [*spans, (at, end)]


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
