"""Which statements are reported without a reporting verb: according to, in their view, his plan to, KHAN: ..."""

from __future__ import annotations

import re

from contingent.evidence import complement, source
from contingent.evidence.finder import Finder
from contingent.evidence.lexicon import (
    ADV,
    AUX,
    BE,
    CAP,
    COLON,
    COMMA,
    COMP,
    CONJ,
    CUE,
    DASH,
    DET,
    ED,
    MARK,
    POSS,
    PREP,
    QUOTE,
    STOP,
    SUBJ,
    TIME,
    TO,
    VERB,
    WHO,
    words,
)
from contingent.evidence.said import Attribution, Range

_TURN = re.compile(r"[“\"]((?:[A-Z][A-Z.’'-]+ ?){1,4})(:)\s*")


_MAKE = frozenset(["make", "makes", "made", "making"])
_POLLS = words("polls")


def fronted(f: Finder) -> None:
    """Reads "In the latest survey, ...", "In their view, ..." and "From what they have seen, ..." as reports."""
    s = f.s
    comma = 1
    while comma < min(len(s) - 1, 16) and not s.bits[comma] & (COMMA | STOP | QUOTE):
        comma += 1
    if comma >= len(s) - 1 or not s.bits[comma] & COMMA:
        return
    rest = [(comma + 1, complement.sentence_end(s))]
    if s.low[0] == "in" and any(s.low[i] in _POLLS for i in range(1, comma)):
        if not f.found:
            f.add((1, comma), (0, 1), rest, "in", "evidential")
    elif s.low[0] == "in" and s.low[comma - 1] in {
        "view",
        "opinion",
        "eyes",
        "words",
        "telling",
        "estimation",
        "judgment",
    }:
        who = (1, comma - 1) if comma > 2 else None
        if who and s.low[who[1] - 1] == "'s":
            who = (who[0], who[1] - 1)
        f.add(who, (0, comma), rest, "in view", "evidential")
    elif s.low[0] == "from" and s.low[1] == "what" and comma > 3 and s.bits[comma - 1] & (CUE | VERB | ED):
        end = 3
        while end < comma - 1 and not s.bits[end] & (AUX | ADV):
            end += 1
        f.add((2, end), (0, comma), rest, "from what", "evidential")


def colon(f: Finder) -> bool:
    """Reads "KHAN: ..." in a transcript, or "Khan: '...'" in a headline; whether it was one."""
    s, bits = f.s, f.s.bits
    if bits[0] & QUOTE and (turn := _TURN.match(f.text, s.start[0])):
        f.found.append(
            Attribution(turn.span(1), turn.span(2), ((turn.end(), s.end[0]),), ":", "neutral", s.paragraph, f.number)
        )
        return turn.end() < s.end[0]
    for k in range(1, min(9, len(s) - 1)):
        if bits[k] & COLON:
            first = 1 if bits[0] & MARK else 0
            name = f.words(first, k)
            shouted = name.upper() == name and not name.isdigit() and f.text.count(f"{name}:") > 1  # else a dateline
            headline = f.number == 0 and k < 4 and name.upper() != name and all(bits[i] & CAP for i in range(first, k))
            if k > first and (
                headline
                or shouted
                or (bits[k + 1] & QUOTE and bits[first] & CAP and not any(bits[i] & (CUE | TIME) for i in range(k)))
            ):
                f.add((first, k), (k, k + 1), [(k + 1, len(s))], ":", "neutral")
                return True
            return False
        if bits[k] & (COMMA | STOP | QUOTE):
            return False
    return False


def according(f: Finder, k: int) -> None:
    """Reads "..., according to a statement", before or after what it reports."""
    s, bits = f.s, f.s.bits
    last = complement.sentence_end(s)
    end = k + 2
    while end < last and not bits[end] & (COMMA | STOP | QUOTE | DASH) and not (k < 2 and bits[end] & SUBJ):
        end += 1
    who = (k + 2, end)
    content: list[Range] = []
    if k > 1:
        first = 0
        for i in range(k - 2, -1, -1):
            if bits[i] & STOP:
                first = i + 1
                break
        stop = k - 1 if bits[k - 1] & (COMMA | DASH) else k
        content.append((first, stop))
        if end + 1 < last and bits[end] & COMMA and not bits[end + 1] & (WHO | CONJ):
            pass
    elif end + 1 < last:
        content.append((end + 1, last))
    f.subjects.append((k, who))
    f.add(who, (k, k + 2), content, "according to", "evidential")


def by_noun(f: Finder, k: int) -> None:
    """Nouns and adjectives that report: "his plan to ...", "is confident that ...", "criticism of ..."."""
    s, bits, low = f.s, f.s.bits, f.s.low
    frames = s.words[k].noun
    last = complement.sentence_end(s)
    j = k + 1
    if j >= last:
        return
    if "adjective" in frames:
        i = k - 1
        while i >= 0 and bits[i] & ADV:
            i -= 1
        makes = i >= 0 and (low[i] in _MAKE or (i > 0 and low[i] == "it" and low[i - 1] in _MAKE))
        if i < 0 or not (bits[i] & BE or (makes and low[k] == "clear")):
            return
        i -= makes and low[i] == "it"
        while i > 0 and bits[i - 1] & (AUX | ADV):
            i -= 1
        who: Range | None = f.main(i) if i and bits[i - 1] & CONJ else source.before(s, i)
        cue = (i, k + 1)
        if who is None:
            return
    else:
        i = k - 1
        while (
            i >= 0
            and not bits[i] & (POSS | DET | PREP | COMMA | STOP | VERB | AUX | CUE | TO | SUBJ | CONJ)
            and low[i] != "'s"
        ):
            i -= 1
        who = None
        if i >= 0 and bits[i] & POSS:
            who = (i, i + 1)
        elif i > 0 and low[i] == "'s":
            a = i - 1
            while a > 0 and bits[a - 1] & CAP and bits[a] & CAP:
                a -= 1
            while a > 0 and not bits[a] & CAP and bits[a - 1] & (DET | POSS):
                a -= 1
            who = (a, i)
        elif low[j] == "by" and j + 1 < last:
            end = j + 2
            while end < last and not bits[end] & (COMMA | COMP | TO | STOP | AUX | VERB):
                end += 1
            who, j = (j + 1, end), end
        cue = (k, k + 1)
        if j >= last:
            return
    if (bits[j] & COMP and "T" in frames and (j + 1 >= last or not bits[j + 1] & (AUX | VERB))) or (
        bits[j] & TO and "i" in frames
    ):
        content = (j, complement.clause_end(s, j))
    elif low[j] in frames and bits[j] & (PREP | TO) and j + 1 < last:
        if "noun" in frames and who is None:
            return
        content = (j + 1, complement.phrase_end(s, j + 1))
    elif "adjective" in frames and "T" in frames and bits[j] & SUBJ:
        content = (j, complement.clause_end(s, j))
    else:
        return
    f.add(who, cue, [content], low[k], "nominal")
