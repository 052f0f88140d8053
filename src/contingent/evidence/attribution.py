"""Who is reported to have said, thought or wanted what: every attribution in a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contingent.evidence import complement
from contingent.evidence.evidential import according, by_noun, colon, fronted
from contingent.evidence.finder import Finder
from contingent.evidence.lexicon import (
    CAP,
    CUE,
    CUENOUN,
    DASH,
    EVIDENT,
    QUOTE,
    STOP,
)
from contingent.evidence.reporting import by_verb
from contingent.evidence.said import Attribution
from contingent.evidence.sentences import Sentence, paragraphs, sentences
from contingent.evidence.verbgroup import use_of


def attributions(text: str) -> list[Attribution]:
    """Every attribution of a text in the order of its cues; pure, deterministic, refuses nothing.

    What is said inside a reported statement belongs to that statement and is left out; `parse` has it.
    """
    return [found for _, group in parse(text) for found in group if not found.within]


def parse(text: str) -> Iterator[tuple[list[Sentence], list[Attribution]]]:
    """The sentences of each paragraph with the attributions found in it."""
    number = 0
    pending: Attribution | None = None
    for index, (start, end) in enumerate(paragraphs(text)):
        here = sentences(text, start, end, index)
        found: list[Attribution] = []
        if pending is not None and here and here[0].bits[0] & QUOTE:
            found.append(replace(pending, content=((here[0].start[0], here[0].end[0]),)))
        pending = None
        for s in here:
            mine = in_sentence(text, s, number)
            if mine or not found:
                found.extend(mine)
            elif _only_quotation(s):
                at = _quoting(text, found)
                found[at] = replace(found[at], content=(*found[at].content, (s.start[0], s.end[len(s) - 1])))
            number += 1
        if found and not found[-1].content:
            pending = found[-1]
        yield here, _layered([one for one in found if one.content])


def _layered(found: list[Attribution]) -> list[Attribution]:
    """The same attributions, marked where the cue of one stands inside the content of another."""
    marked: list[Attribution] = []
    for index, one in enumerate(found):
        start, end = one.cue
        outer = [
            other
            for other in found[max(0, index - _NEAR) : index + _NEAR]
            if other is not one and any(a <= start and end <= b for a, b in other.content) and not _weaker(other, one)
        ]
        marked.append(replace(one, within=True) if outer else one)
    return marked


def _weaker(outer: Attribution, inner: Attribution) -> bool:
    """Whether the inner one is the statement and the outer only its setting ("refused to say that ...")."""
    return outer.kind in _SETTINGS and inner.kind == "neutral" and inner.source is not None


_TRIGGERS = CUE | CUENOUN | EVIDENT | QUOTE
_NEAR = 64  # statements; content does not reach further in any text but a broken one
_SETTINGS = {"nominal", "evaluative", "commissive"}


def _quoting(text: str, found: list[Attribution]) -> int:
    """Which statement a quotation that stands alone continues: the last quoted one of the sentence before."""
    for index in range(len(found) - 1, -1, -1):
        if found[index].sentence != found[-1].sentence:
            break
        if found[index].content and text[found[index].content[0][0]] in "“\"‘'«":
            return index
    return len(found) - 1


def _only_quotation(s: Sentence) -> bool:
    return bool(s.bits[0] & QUOTE) and all(b & (QUOTE | STOP) for b in s.bits)


def in_sentence(text: str, s: Sentence, number: int) -> list[Attribution]:
    """The attributions of one sentence, cue by cue from the left."""
    finder = Finder(text, s, number)
    bits = s.bits
    if colon(finder):
        return finder.found
    for k in [i for i, b in enumerate(bits) if b & _TRIGGERS]:
        b = bits[k]
        if b & CUE:
            use = use_of(s, k)
            if use is not None:
                by_verb(finder, use)
                continue
        if b & CUENOUN:
            by_noun(finder, k)
        elif b & EVIDENT and k + 2 < len(s) and s.low[k + 1] == "to":
            according(finder, k)
        elif b & QUOTE and k + 2 < len(s) and bits[k + 1] & DASH and bits[k + 2] & CAP and k not in finder.quoted:
            finder.add((k + 2, complement.sentence_end(s)), (k + 1, k + 2), [(k, k + 1)], "—", "neutral")
    if s.low[0] in {"in", "from", "to"}:
        fronted(finder)
    return finder.found
