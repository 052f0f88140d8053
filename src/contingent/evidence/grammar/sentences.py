"""Where the paragraphs, quotations, sentences and words of a text are.

Segmentation and tokenization. No text is refused: an unclosed quotation ends with its paragraph, a stray mark is a
mark. A direct quotation becomes one token, so that its full stops do not end the sentence that reports it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol, cast

from contingent.evidence.claim import Span
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.layout import trimmed
from contingent.evidence.grammar.lexicon import Word, look_up

_PARAGRAPH, _CERTAIN, _TOKEN, _MARKS = lx.patterns("sentences", "paragraph certain token marks")
LONGEST = 400  # tokens of a sentence; a longer one is a list or a text without stops and is cut
_OPEN, _CLOSE, _TOGGLE = ("“", "„", "«", "``"), ("”", "»"), ('"', "''")

Range = tuple[int, int]
"""A run of tokens in a sentence, end exclusive."""


class Sentence:
    """A run of tokens as parallel lists: offsets in the text, and what the lexicon says of each.

    A run of a text's own tokens knows the whole (`of`) and where in it it begins (`at`), and so is searched only once.
    """

    __slots__ = ("_found", "at", "bits", "end", "low", "of", "paragraph", "start", "words")

    def __init__(self, paragraph: int, start: list[int], end: list[int], words: list[Word]) -> None:
        self.paragraph = paragraph
        self.start = start
        self.end = end
        self.words = words
        self.low = [word[0] for word in words]
        self.bits = [word[1] for word in words]
        self.of: Sentence | None = None
        self.at = 0
        self._found: dict[Finds, list[tuple[int, int, Any]]] = {}

    def __len__(self) -> int:
        return len(self.words)

    def part(self, a: int, b: int, paragraph: int = 0) -> Sentence:
        """The tokens [a, b) as a run of their own."""
        run = object.__new__(Sentence)
        run.paragraph, run.of, run.at, run._found = paragraph, self.of or self, self.at + a, {}
        run.start, run.end, run.words = self.start[a:b], self.end[a:b], self.words[a:b]
        run.low, run.bits = self.low[a:b], self.bits[a:b]
        return run

    def first(self, i: int, bits: int, end: int | None = None) -> int:
        """The first token from `i` on that is of any of some classes, or `end`."""
        own, end = self.bits, len(self.bits) if end is None else end
        while i < end and not own[i] & bits:
            i += 1
        return i

    def back(self, i: int, bits: int, but: int = 0) -> int:
        """The last token up to `i` that is not of some classes; -1 if all are."""
        own = self.bits
        while i >= 0 and own[i] & bits and not own[i] & but:
            i -= 1
        return i

    def find(self, terms: Finds) -> list[tuple[int, int, Any]]:
        """What `terms` finds in the run, each as its first token, the one after its last, and what it stands for."""
        found = self._found.get(terms)
        if found is None and self.of is None:
            found = self._found[terms] = terms.find(self.low)
        elif found is None:
            there, at, end = cast("Sentence", self.of).find(terms), self.at, self.at + len(self.words)
            near = there[bisect_left(there, (at,)) : bisect_left(there, (end,))]
            found = self._found[terms] = [(a - at, b - at, label) for a, b, label in near if b <= end]
        return found


class Finds(Protocol):
    """What finds words and phrases in a run of tokens: in order, each by itself."""

    def find(self, low: Sequence[str]) -> list[tuple[int, int, Any]]:
        """Each occurrence as its first token, the one after its last, and what it stands for."""
        ...


_QUOTED = Word("“”", lx.QUOTE)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the lines that hold anything, trimmed of white space."""
    return (trimmed(text, *match.span()) for match in _PARAGRAPH.finditer(text))


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
    quoted = [span for span in quotations(text, start, end) if direct(text, start, end, span)]
    run = read(text, [(start, end)])
    if quoted:
        cells, at = list[tuple[int, int, Word]](), start
        for a, b in [*quoted, (end, end)]:
            before = read(text, [(at, a)])
            cells += [*zip(before.start, before.end, before.words, strict=True), *[(a, b, _QUOTED)] * (a < b)]
            at = b
        run = Sentence(number, *map(list, zip(*cells, strict=True)))
    edges = [0, *_edges(text, run.start, run.end, run.words), len(run)]
    if len(run) > LONGEST:
        edges = sorted({*edges, *(n for a, b in pairwise(edges) for n in range(a, b, LONGEST))})
    return [run.part(a, b, number) for a, b in pairwise(edges) if a < b]


@lru_cache(maxsize=64)
def _tokens(text: str) -> Sentence:
    """All tokens of a text, with those inside quotation marks; remembered while the text is being read."""
    return _cut_up(text, 0, len(text))


def _cut_up(text: str, start: int, end: int) -> Sentence:
    found = list(_TOKEN.finditer(text, start, end))
    words = list(map(look_up, [match[0] for match in found]))
    return Sentence(0, [match.start() for match in found], [match.end() for match in found], words)


def read(text: str, spans: Iterable[Span]) -> Sentence:
    """The words at some places as one run of tokens, those inside quotation marks with the others."""
    whole, runs = _tokens(text), list[Sentence]()
    for start, end in spans:
        a, b = bisect_left(whole.start, start), bisect_left(whole.start, end)
        split = (a and whole.end[a - 1] > start) or (b and whole.end[b - 1] > end)  # a place inside a word
        runs.append(_cut_up(text, start, end) if split else whole.part(a, b))
    if len(runs) == 1:
        return runs[0]
    starts, ends, words = ([one for run in runs for one in getattr(run, part)] for part in ("start", "end", "words"))
    return Sentence(0, starts, ends, words)


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
