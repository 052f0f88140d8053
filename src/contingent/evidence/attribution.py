"""Who is reported to have said, thought or wanted what: source, cue and content of every attribution in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from contingent.evidence import complement, source
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
    CUENOUN,
    DASH,
    DET,
    ED,
    ING,
    MARK,
    MODAL,
    OBJ,
    PERSON,
    POSS,
    PREP,
    QUOTE,
    STOP,
    SUBJ,
    TIME,
    TO,
    VERB,
    WH,
    WHO,
)
from contingent.evidence.sentences import Sentence, paragraphs, sentences
from contingent.evidence.verbgroup import Use, use_of

_TURN = re.compile(r"[“\"]((?:[A-Z][A-Z.’'-]+ ?){1,4})(:)\s*")
_ANONYMITY = re.compile(
    r"(?:not to be|to remain|to stay|not be|for|that \w+ not be) (?:named|identified|quoted|anonym)", re.I
)
_POLLS = frozenset("poll polls survey surveys study analysis report estimate estimates average".split())
Span = tuple[int, int]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported statement; spans are character offsets in the text, end exclusive.

    `kind` is the class of the cue (neutral, factive, assertive, commissive, directive, cognitive, evaluative,
    decree, evidential, nominal); `sentence` numbers the sentence the cue stands in.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    lemma: str
    kind: str
    paragraph: int
    sentence: int
    passive: bool = False
    within: bool = False
    """Whether it is itself part of what somebody else is reported to say ("he said they hoped ...")."""


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
            mine = _in_sentence(text, s, number)
            if mine or not found:
                found.extend(mine)
            elif _only_quotation(s):
                found[-1] = replace(found[-1], content=(*found[-1].content, (s.start[0], s.end[len(s) - 1])))
            number += 1
        if found and not found[-1].content:
            pending = found[-1]
        yield here, _layered([one for one in found if one.content])


def _layered(found: list[Attribution]) -> list[Attribution]:
    """The same attributions, marked where the cue of one stands inside the content of another."""
    marked: list[Attribution] = []
    for one in found:
        start, end = one.cue
        outer = [
            other
            for other in found
            if other is not one and any(a <= start and end <= b for a, b in other.content) and not _weaker(other, one)
        ]
        marked.append(replace(one, within=True) if outer else one)
    return marked


def _weaker(outer: Attribution, inner: Attribution) -> bool:
    """Whether the inner one is the statement and the outer only its setting ("refused to say that ...")."""
    return outer.kind in _SETTINGS and inner.kind == "neutral" and inner.source is not None


_SETTINGS = {"nominal", "evaluative", "commissive"}


def _only_quotation(s: Sentence) -> bool:
    return bool(s.bits[0] & QUOTE) and all(b & (QUOTE | STOP) for b in s.bits)


class _Finder:
    """The attributions of one sentence, found cue by cue from the left."""

    def __init__(self, text: str, s: Sentence, number: int) -> None:
        self.text = text
        self.s = s
        self.number = number
        self.found: list[Attribution] = []
        self.subjects: list[tuple[int, Range]] = []
        self.quoted: set[int] = set()

    def words(self, a: int, b: int) -> str:
        """The text of the tokens [a, b)."""
        return self.text[self.s.start[a] : self.s.end[b - 1]]

    def lower(self, i: int) -> bool:
        """Whether the quotation at token `i` goes on in the middle of a sentence."""
        return self.words(i, i + 1).lstrip("“\"'‘«` ")[:1].islower()

    def add(
        self, who: Range | None, cue: Range, content: list[Range], lemma: str, kind: str, *, passive: bool = False
    ) -> None:
        s = self.s
        if (
            len(content) == 1
            and content[0][1] - content[0][0] == 1
            and s.low[content[0][0]] in {"it", "that", "this", "so", "me", "us"}
        ):
            return
        spans = tuple(sorted({(s.start[a], s.end[b - 1]) for a, b in content if b > a}))
        for a, b in content:
            self.quoted.update(i for i in range(a, b) if s.bits[i] & QUOTE)
        self.found.append(
            Attribution(
                (s.start[who[0]], s.end[who[1] - 1]) if who and who[1] > who[0] else None,
                (s.start[cue[0]], s.end[cue[1] - 1]),
                spans,
                lemma,
                kind,
                s.paragraph,
                self.number,
                passive,
            )
        )

    def main(self, k: int) -> Range | None:
        """The subject that a participle or a second verb shares."""
        earlier = [who for at, who in self.subjects if at < k]
        return earlier[-1] if earlier else source.main(self.s, k)


def _in_sentence(text: str, s: Sentence, number: int) -> list[Attribution]:
    finder = _Finder(text, s, number)
    bits = s.bits
    if _colon(finder):
        return finder.found
    for k in range(len(s)):
        b = bits[k]
        if b & CUE:
            use = use_of(s, k)
            if use is not None:
                _verb(finder, use)
                continue
        if b & CUENOUN:
            _nominal(finder, k)
        elif s.low[k] == "according" and k + 2 < len(s) and s.low[k + 1] == "to":
            _according(finder, k)
        elif b & QUOTE and k + 2 < len(s) and bits[k + 1] & DASH and bits[k + 2] & CAP and k not in finder.quoted:
            finder.add((k + 2, complement.sentence_end(s)), (k + 1, k + 2), [(k, k + 1)], "—", "neutral")
    if s.low[0] in {"in", "from", "to"}:
        _fronted(finder)
    return finder.found


def _fronted(f: _Finder) -> None:
    """ "In the latest survey, ...", "In their view, ...", "From what they have seen, ..." report what follows."""
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


def _colon(f: _Finder) -> bool:
    """ "KHAN: ..." in a transcript, or "Khan: '...'" in a headline."""
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
            shouted = len(name) > 2 and name.upper() == name and not name.isdigit()
            headline = f.number == 0 and k < 4 and all(bits[i] & CAP for i in range(first, k))
            if k > first and (
                headline
                or shouted
                or bits[k + 1] & QUOTE
                and bits[first] & CAP
                and not any(bits[i] & (CUE | TIME) for i in range(k))
            ):
                f.add((first, k), (k, k + 1), [(k + 1, len(s))], ":", "neutral")
                return True
            return False
        if bits[k] & (COMMA | STOP | QUOTE):
            return False
    return False


def _verb(f: _Finder, use: Use) -> None:
    s, bits = f.s, f.s.bits
    frames = use.verb.frames
    last = complement.sentence_end(s)
    who = source.before(s, use.start) if use.subject == "left" else f.main(use.at) if use.subject == "main" else None
    if use.passive:
        _passive(f, use, who)
        return
    if "q" in frames and use.start == use.at and (who is None or who[1] == use.at or bits[use.at - 1] & COMMA):
        inverted = _inverted(s, use, use.at)
        if inverted and not bits[use.at - 1] & QUOTE and _trailing(f, use, None):
            return
    if "q" in frames:
        content, speaker = _quotations(f, use, who)
        if content:
            if speaker:
                f.subjects.append((use.at, speaker))
            f.add(speaker, (use.start, use.end), content, use.verb.lemma, use.verb.kind)
            return
    if who is None and use.subject != "main" and not ("q" in frames and use.end < last):
        if not _trailing(f, use, None):
            return
        return
    if who:
        f.subjects.append((use.at, who))
    content = _complement(f, use)
    if content and (_asks_anonymity(f, content) or _shows_by_itself(s, use)):
        return
    if content:
        f.add(who, (use.start, use.end), content, use.verb.lemma, use.verb.kind)
    elif "q" in frames or "t" in frames:
        _trailing(f, use, who)


def _inverted(s: Sentence, use: Use, lead: int) -> Range | None:
    """The subject after the verb, when a comma or a closing mark stands before it and the clause then ends."""
    before = use.at - 1
    if before < 0 or not s.bits[before] & (COMMA | QUOTE | MARK | STOP) or not set(use.verb.forms) & {"d", "s"}:
        return None
    found = source.after(s, use.end)
    if found is None or s.bits[found[0]] & (OBJ | TIME) and not s.bits[found[0]] & SUBJ:
        return None
    if any(s.bits[i] & (AUX | VERB | ED | SUBJ) and s.low[i] != "'s" for i in range(found[0] + 1, _head_end(s, found))):
        return None
    return found if found[1] >= len(s) or not s.bits[found[1]] & (AUX | COMP | SUBJ) else None


def _head_end(s: Sentence, found: Range) -> int:
    """Where the noun phrase proper ends, before its apposition."""
    for i in range(*found):
        if s.bits[i] & COMMA:
            return i
    return found[1]


def _asks_anonymity(f: _Finder, content: list[Range]) -> bool:
    """Whether the request is only not to be named: a fact about the source, not a statement."""
    return bool(_ANONYMITY.match(f.words(*content[0])))


def _shows_by_itself(s: Sentence, use: Use) -> bool:
    """Whether something *would* show something: an argument of the writer, nobody's statement."""
    return use.verb.lemma in {"show", "demonstrate", "prove", "reflect", "suggest", "mean"} and any(
        s.bits[i] & MODAL and s.low[i] in {"would", "could", "might", "may"} for i in range(use.start, use.at)
    )


def _quotations(f: _Finder, use: Use, who: Range | None) -> tuple[list[Range], Range | None]:
    """The direct quotations that a verb of saying introduces or follows, and its speaker by inversion if need be."""
    s, bits = f.s, f.s.bits
    n = len(s)
    content: list[Range] = []
    lead = who[0] if who and who[1] <= use.start and use.subject == "left" else use.start
    left = lead - 1
    while left >= 0 and bits[left] & ADV and not bits[left] & DET:
        left -= 1
    if left >= 0 and bits[left] & COMMA:
        left -= 1
    if left >= 0 and bits[left] & QUOTE and left not in f.quoted:
        content.append((left, left + 1))
        back = left - 1
        while back >= 0 and bits[back] & QUOTE:
            content.append((back, back + 1))
            back -= 1
    speaker = who
    j = use.end
    if content and (lead == use.start or who is None):
        inverted = source.after(s, j)
        if inverted:
            speaker, j = inverted, inverted[1]
    j = complement.skip_adjuncts(s, j)
    while j < n and (bits[j] & (COMMA | COLON) or not bits[j] & (QUOTE | STOP) and not content and _person(s, j)):
        j += 1
        if bits[j - 1] & (COMMA | COLON):
            break
    if j < n and bits[j] & QUOTE and j not in f.quoted:
        while j < n and bits[j] & QUOTE:
            content.append((j, j + 1))
            j += 1
    elif content:
        goes_on = f.words(content[0][0], content[0][1]).rstrip("”\"'’»").endswith(",")
        for i in range(j, n):
            if (
                bits[i] & QUOTE
                and i not in f.quoted
                and (goes_on and f.lower(i) or not any(bits[m] & CUE for m in range(j, i)))
            ):
                content.append((i, i + 1))
    elif j >= n and n and bits[n - 1] & COLON:
        f.add(who, (use.start, use.end), [], use.verb.lemma, use.verb.kind)
    return content, speaker


def _person(s: Sentence, j: int) -> bool:
    return bool(s.bits[j] & (OBJ | CAP | PERSON | DET | POSS)) and not s.bits[j] & SUBJ


def _complement(f: _Finder, use: Use) -> list[Range]:
    """The content to the right of an active verb, by the frames it takes; empty when nothing fits."""
    s, bits, low = f.s, f.s.bits, f.s.low
    frames = use.verb.frames
    last = complement.sentence_end(s)
    j = use.end
    while j < last and bits[j] & ADV and not bits[j] & (DET | COMP | PREP):
        j += 1
    if j >= last:
        return []
    if frames & {"o", "x_of"} and (bits[j] & (OBJ | CAP | PERSON | DET | POSS | WHO)) and not bits[j] & COMP:
        found = _after_person(f, use, j, last)
        if found:
            return found
    if bits[j] & TIME and not bits[j] & (MODAL | CAP) or bits[j] & TIME and low[j].endswith("day"):
        while j < last and bits[j] & TIME:
            j += 1
        if j >= last:
            return []
    if "i" in frames and bits[j] & TO and j + 1 < last:
        return [(j, complement.clause_end(s, j))]
    if low[j] in frames and bits[j] & (PREP | TO | ADV | CONJ) and j + 1 < last:
        return [(j + 1, complement.phrase_end(s, j + 1))]
    if frames & {"q", "t", "T", "w"} and not complement.starts_phrase(s, j) or "t" in frames and "n" not in frames:
        j = complement.skip_adjuncts(s, j)
        if j < last and bits[j] & COLON:
            j += 1
        if j < last and bits[j] & COMMA and j + 1 < last and (bits[j + 1] & COMP or low[j + 1] == "“"):
            j += 1
    if j >= last:
        return []
    if bits[j] & COMP and frames & {"t", "T", "q"}:
        return [(j, complement.clause_end(s, j))]
    if bits[j] & (WH | WHO) and "w" in frames:
        return [(j, complement.clause_end(s, j))]
    if "i" in frames and bits[j] & TO:
        return [(j, complement.clause_end(s, j))]
    if "g" in frames and bits[j] & ING:
        return [(j, complement.clause_end(s, j))]
    if not complement.starts_phrase(s, j):
        return []
    if "t" in frames and ("n" not in frames or complement.is_clause(s, j)):
        return [] if bits[j] & COMMA else [(j, complement.clause_end(s, j))]
    if "T" in frames and bits[j] & SUBJ:
        return [(j, complement.clause_end(s, j))]
    if "as" in frames and "n" not in frames:
        for i in range(j + 1, min(j + 16, last)):
            if low[i] == "as":
                return [(j, complement.clause_end(s, i))]
            if bits[i] & (COMMA | AUX | SUBJ | STOP):
                break
        return []
    if "n" in frames or "N" in frames:
        end = complement.phrase_end(s, j)
        return [(j, end)]
    return []


def _after_person(f: _Finder, use: Use, j: int, last: int) -> list[Range]:
    """What follows the person addressed: "told reporters that", "urged them to", "accused her of"."""
    s, bits, low = f.s, f.s.bits, f.s.low
    i = j + 1
    while i < min(last, j + 14) and not bits[i] & (COMMA | STOP | QUOTE):
        if bits[i] & COMP and "x_of" not in use.verb.frames:
            return [(i, complement.clause_end(s, i))]
        if bits[i] & TO and i + 1 < last and not bits[i + 1] & (DET | CAP | POSS):
            return [(i if use.verb.lemma in {"ask", "tell"} else j, complement.clause_end(s, i))]
        if "x_of" in use.verb.frames and low[i] == "of":
            return [(j, complement.clause_end(s, j))]
        if low[i] in {"about", "against", "on"} and low[i] in use.verb.frames:
            return [(i + 1, complement.phrase_end(s, i + 1))] if i + 1 < last else []
        if "w" in use.verb.frames and bits[i] & WH:
            return [(i, complement.clause_end(s, i))]
        if (
            "t" in use.verb.frames
            and bits[i] & (SUBJ | DET | POSS)
            and (bits[i - 1] & (TIME | OBJ | PERSON | CAP) or i == j + 1 and not bits[j] & (DET | POSS))
        ):
            return [(i, complement.clause_end(s, i))]
        i += 1
    return []


def _trailing(f: _Finder, use: Use, who: Range | None) -> bool:
    """A clause reported by what comes after or inside it: "The plan, he said, would work"."""
    s, bits = f.s, f.s.bits
    if not use.verb.frames & {"q", "t"}:
        return False
    lead = who[0] if who else use.start
    edge = lead
    if edge and bits[edge - 1] & MARK:
        edge -= 1
    if edge < 2 or not bits[edge - 1] & (COMMA | DASH):
        return False
    j = use.end
    if who is None:
        who = source.after(s, j)
        if who is None:
            return False
        j = who[1]
    if "o" in use.verb.frames and j < len(s) and bits[j] & (OBJ | CAP | PERSON | DET | POSS):
        j += 1
        while j < len(s) and not bits[j] & (COMMA | STOP | QUOTE | PREP | COMP | TO | TIME):
            j += 1
    j = complement.skip_adjuncts(s, j)
    last = complement.sentence_end(s)
    if j < last and not bits[j] & (COMMA | DASH):
        return False
    first = 0
    for i in range(edge - 2, -1, -1):
        if bits[i] & (STOP | QUOTE):
            first = i + 1
            break
    content = [(first, edge - 1)]
    after = [i for i in range(j, len(s)) if bits[i] & QUOTE and not any(bits[m] & CUE for m in range(j, i))]
    content.extend((i, i + 1) for i in after)
    if (
        not after
        and j + 1 < last
        and bits[j] & COMMA
        and not bits[j + 1] & CUE
        and not complement.low_contrast(s, j + 1)
    ):
        content.append((j + 1, complement.clause_end(s, j + 1)))
    f.subjects.append((use.at, who))
    f.add(who, (use.start, use.end), content, use.verb.lemma, use.verb.kind)
    return True


def _passive(f: _Finder, use: Use, subject: Range | None) -> None:
    """ "The force is expected to ..." (nobody says by whom), "was criticized by ..." (by those named)."""
    s, bits, low = f.s, f.s.bits, f.s.low
    last = complement.sentence_end(s)
    j = use.end
    while j < last and bits[j] & ADV and not bits[j] & DET:
        j += 1
    content = [subject] if subject else []
    if j < last and low[j] == "by":
        end = complement.phrase_end(s, j + 1) if j + 1 < last else last
        if content:
            f.add((j + 1, end), (use.start, use.end), content, use.verb.lemma, use.verb.kind, passive=True)
        return
    frames = use.verb.frames
    if "o" in frames and "q" in frames and subject and j < last and bits[j] & (COMP | TO):
        f.add(
            None, (use.start, use.end), [(j, complement.clause_end(s, j))], use.verb.lemma, use.verb.kind, passive=True
        )
        return
    known = use.verb.kind in {"cognitive", "evaluative"} or use.verb.lemma in {"say", "report", "claim", "know"}
    if known and subject and j < last and (bits[j] & TO or low[j] in {"as", "of", "for"} or "N" in frames):
        content.append((j, complement.clause_end(s, j)))
        f.add(None, (use.start, use.end), content, use.verb.lemma, use.verb.kind, passive=True)
    elif j < last and bits[j] & COMP:
        f.add(
            None, (use.start, use.end), [(j, complement.clause_end(s, j))], use.verb.lemma, use.verb.kind, passive=True
        )


def _according(f: _Finder, k: int) -> None:
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


def _nominal(f: _Finder, k: int) -> None:
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
        if i < 0 or not bits[i] & BE:
            return
        while i > 0 and bits[i - 1] & (AUX | ADV):
            i -= 1
        who: Range | None = source.before(s, i)
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
    if bits[j] & COMP and "T" in frames and (j + 1 >= last or not bits[j + 1] & (AUX | VERB)):
        content = (j, complement.clause_end(s, j))
    elif bits[j] & TO and "i" in frames:
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
