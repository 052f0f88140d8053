"""Who is reported to have said, thought or wanted what: every attribution in a text.

Attribution extraction. Reporting verbs are read in `reporting`; what is reported without one (according to, in
their view, his plan to, KHAN: ...) is read here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from contingent.evidence.grammar import complement, source
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.layout import blocks
from contingent.evidence.grammar.lexicon import words
from contingent.evidence.grammar.reporting import by_verb
from contingent.evidence.grammar.sentences import Range, Sentence, sentences
from contingent.evidence.grammar.statement import SAYS, Finder, Statement, inside
from contingent.evidence.grammar.verb_group import use_of

_DATELINE = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ .’'-]{2,40}(?:,\s[A-Z]\w+\.?(?:\s\d+)?)?\s*(?:\([^)\n]{2,40}\))?\s*(?::|[-–—]+)\s+(?=[A-Z“\"])"
)
_TURN = re.compile(r"[“\"]((?:[A-Z][A-Z.’'-]+ ?){1,4})(:)\s*")
_MAKE = frozenset(["make", "makes", "made", "making"])
_POLLS = words("polls")
_VIEWS = frozenset("view opinion eyes words telling estimation judgment".split())
_TRIGGERS = lx.CUE | lx.CUENOUN | lx.EVIDENT | lx.QUOTE
_NEAR = 64  # statements; content does not reach further in any text but a broken one
_BEFORE_NOUN = lx.POSS | lx.DET | lx.PREP | lx.COMMA | lx.STOP | lx.VERB | lx.AUX | lx.CUE | lx.TO | lx.SUBJ | lx.CONJ
_SETTINGS = {"nominal", "evaluative", "commissive"}


def attributions(text: str) -> list[Statement]:
    """Every attribution of a text in the order of its cues; pure, deterministic, refuses nothing.

    What is said inside a reported statement belongs to that statement and is left out; `parse` has it.
    """
    return [found for _, group in parse(text) for found in group if not found.within]


def parse(text: str) -> Iterator[tuple[list[Sentence], list[Statement]]]:
    """The sentences of each paragraph with the attributions found in it."""
    number = 0
    pending: Statement | None = None
    for index, (start, end, kind, speaker) in enumerate(blocks(text)):
        if kind != "text":
            said = Statement(speaker, (start, start), ((start, end),), ":", "turn", index, number)
            yield [], [said] if kind == "turn" else []
            continue
        dateline = _DATELINE.match(text, start, end)
        here = sentences(text, dateline.end() if dateline else start, end, index)
        found: list[Statement] = []
        if pending is not None and here and here[0].bits[0] & lx.QUOTE:
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


def _layered(found: list[Statement]) -> list[Statement]:
    """The same attributions, marked where the cue of one stands inside the content of another."""
    marked: list[Statement] = []
    for index, one in enumerate(found):
        start, end = one.cue
        outer = [
            other
            for other in found[max(0, index - _NEAR) : index + _NEAR]
            if other is not one and any(a <= start and end <= b for a, b in other.content) and not _weaker(other, one)
        ]
        marked.append(replace(one, within=True) if outer else one)
    return marked


def relayed(text: str, one: Statement, inner: list[Statement]) -> Statement | None:
    """The statement that "according to" a recording, or papers, somebody made; the quotation beside it counts most."""
    papers = one.source and not lx.words("documents").isdisjoint(text[slice(*one.source)].lower().split())
    for said in inner:
        quoted = said.kind == "neutral" and said.content[0][0] == one.content[0][0]
        if inside(said.cue, one.content) and (quoted or (papers and said.source and said.kind in SAYS)):
            return said
    return None


def _weaker(outer: Statement, inner: Statement) -> bool:
    """Whether the inner one is the statement and the outer only its setting ("refused to say that ...")."""
    if outer.kind not in SAYS and inner.kind in SAYS and inner.cue[0] > outer.cue[1]:
        return inside(outer.cue, inner.content)  # "expects to open it with or without them, he said"
    setting = outer.kind in _SETTINGS and outer.lemma not in {"dismiss", "reject"}
    return setting and inner.kind == "neutral" and inner.source is not None


def _quoting(text: str, found: list[Statement]) -> int:
    """Which statement a quotation that stands alone continues: the last quoted one of the sentence before."""
    for index in range(len(found) - 1, -1, -1):
        if found[index].sentence != found[-1].sentence:
            break
        if found[index].content and text[found[index].content[0][0]] in "“\"‘'«":
            return index
    return len(found) - 1


def _only_quotation(s: Sentence) -> bool:
    return bool(s.bits[0] & lx.QUOTE) and all(b & (lx.QUOTE | lx.STOP) for b in s.bits)


def in_sentence(text: str, s: Sentence, number: int) -> list[Statement]:
    """The attributions of one sentence, cue by cue from the left."""
    finder = Finder(text, s, number)
    bits = s.bits
    if colon(finder):
        return finder.found
    for k in [i for i, b in enumerate(bits) if b & _TRIGGERS]:
        b = bits[k]
        if b & lx.CUE:
            use = use_of(s, k)
            if use is not None:
                by_verb(finder, use)
                continue
        if b & lx.CUENOUN:
            by_noun(finder, k)
        elif b & lx.EVIDENT and k + 2 < len(s) and s.low[k + 1] == "to":
            according(finder, k)
        elif b & lx.QUOTE and k not in finder.quoted and _signed(s, k):
            finder.add((k + 2, complement.sentence_end(s)), (k + 1, k + 2), [(k, k + 1)], "—", "neutral")
    if s.low[0] in {"in", "from", "to"}:
        fronted(finder)
    for k in [i for i in range(2, len(s) - 1) if bits[i] & lx.COLON and bits[i + 1] & lx.QUOTE]:
        if k + 1 not in finder.quoted and not finder.found and (who := source.main(s, k)):
            finder.add(who, (k, k + 1), [(k + 1, k + 2)], ":", "neutral")  # "put it to me over dinner: ..."
    for k in range(2, len(s) - 4):
        view = s.low[k] == "in" and bits[k + 1] & lx.POSS and s.low[k + 2] in _VIEWS
        if view and bits[k - 1] & bits[k + 3] & lx.COMMA:
            content = [(0, k - 1), (k + 4, complement.sentence_end(s))]
            finder.add((k + 1, k + 2), (k, k + 3), content, "in view", "evidential")
    return finder.found


def _signed(s: Sentence, k: int) -> bool:
    """Whether a dash and a name follow a quotation."""
    return k + 2 < len(s) and bool(s.bits[k + 1] & lx.DASH and s.bits[k + 2] & lx.CAP)


def fronted(f: Finder) -> None:
    """Reads "In the latest survey, ...", "In their view, ..." and "From what they have seen, ..." as reports."""
    s = f.s
    comma = s.first(1, lx.COMMA | lx.STOP | lx.QUOTE, min(len(s) - 1, 16))
    if comma >= len(s) - 1 or not s.bits[comma] & lx.COMMA:
        return
    rest = [(comma + 1, complement.sentence_end(s))]
    if s.low[0] == "in" and any(s.low[i] in _POLLS for i in range(1, comma)):
        if not f.found:
            f.add((1, comma), (0, 1), rest, "in", "evidential")
    elif s.low[0] == "in" and s.low[comma - 1] in _VIEWS:
        who = (1, comma - 1) if comma > 2 else None
        if who and s.low[who[1] - 1] == "'s":
            who = (who[0], who[1] - 1)
        f.add(who, (0, comma), rest, "in view", "evidential")
    elif s.low[0] == "from" and s.low[1] == "what" and comma > 3 and s.bits[comma - 1] & (lx.CUE | lx.VERB | lx.ED):
        end = s.first(3, lx.AUX | lx.ADV, comma - 1)
        f.add((2, end), (0, comma), rest, "from what", "evidential")


def colon(f: Finder) -> bool:
    """Reads "KHAN: ..." in a transcript, or "Khan: '...'" in a headline; whether it was one."""
    s, bits = f.s, f.s.bits
    if bits[0] & lx.QUOTE and (turn := _TURN.match(f.text, s.start[0])):
        f.found.append(
            Statement(turn.span(1), turn.span(2), ((turn.end(), s.end[0]),), ":", "neutral", s.paragraph, f.number)
        )
        return turn.end() < s.end[0]
    comma = 0
    for k in range(1, min(9, len(s) - 1)):
        if bits[k] & lx.COLON:
            first = 1 if bits[0] & lx.MARK else 0
            name = f.words(first, k)
            if comma:
                if bits[k + 1] & lx.QUOTE and bits[first] & lx.CAP:
                    f.add((first, comma), (k, k + 1), [(k + 1, len(s))], ":", "neutral")  # "He, in a statement:"
                return bool(f.found)
            shouted = name.upper() == name and not name.isdigit() and f.text.count(f"{name}:") > 1  # else a dateline
            capitals = all(bits[i] & lx.CAP for i in range(first, k))
            headline = f.number == 0 and k < 4 and name.upper() != name and capitals
            plain = not any(bits[i] & (lx.CUE | lx.TIME) for i in range(k))
            quoting = bits[k + 1] & lx.QUOTE and bits[first] & lx.CAP and plain
            found = k > first and bool(headline or shouted or quoting)
            if found:
                f.add((first, k), (k, k + 1), [(k + 1, len(s))], ":", "neutral")
            return found
        if bits[k] & (lx.STOP | lx.QUOTE) or (bits[k] & lx.COMMA and s.low[k + 1] != "in"):
            return False
        comma = comma or (k if bits[k] & lx.COMMA else 0)
    return False


def according(f: Finder, k: int) -> None:
    """Reads "..., according to a statement", before or after what it reports."""
    s, bits, low = f.s, f.s.bits, f.s.low
    last = complement.sentence_end(s)
    stops = lx.COMMA | lx.STOP | lx.QUOTE | lx.DASH | (lx.SUBJ if k < 2 else 0)
    end = k + 3 if low[k + 2] == "whom" else s.first(k + 2, stops, last)
    who = (k + 2, k + 3 if bits[k + 2] & lx.POSS and low[end - 1] in _VIEWS else end)
    content: list[Range] = []
    if low[k + 2] == "whom":
        content.append((end, last))
    elif k > 1:
        first = next((i + 1 for i in range(k - 2, -1, -1) if bits[i] & lx.STOP), 0)
        stop = k - 1 if bits[k - 1] & (lx.COMMA | lx.DASH) else k
        content.append((first, stop))
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
        i = s.back(k - 1, lx.ADV)
        makes = i >= 0 and (low[i] in _MAKE or (i > 0 and low[i] == "it" and low[i - 1] in _MAKE))
        if i < 0 or not (bits[i] & lx.BE or (makes and low[k] == "clear")):
            return
        i -= makes and low[i] == "it"
        i = s.back(i - 1, lx.AUX | lx.ADV) + 1
        who: Range | None = f.main(i) if i and bits[i - 1] & lx.CONJ else source.before(s, i)
        cue = (i, k + 1)
        if who is None:
            return
    else:
        i = k - 1
        while i >= 0 and not bits[i] & _BEFORE_NOUN and low[i] != "'s":
            i -= 1
        who = None
        if i >= 0 and bits[i] & lx.POSS:
            who = (i, i + 1)
        elif i > 0 and low[i] == "'s":
            a = i - 1
            while a > 0 and bits[a - 1] & lx.CAP and bits[a] & lx.CAP:
                a -= 1
            while a > 0 and not bits[a] & lx.CAP and bits[a - 1] & (lx.DET | lx.POSS):
                a -= 1
            who = (a, i)
        elif low[j] == "by" and j + 1 < last:
            end = s.first(j + 2, lx.COMMA | lx.COMP | lx.TO | lx.STOP | lx.AUX | lx.VERB, last)
            who, j = (j + 1, end), end
        cue = (k, k + 1)
        if j >= last:
            return
    if (bits[j] & lx.COMP and "T" in frames and (j + 1 >= last or not bits[j + 1] & (lx.AUX | lx.VERB))) or (
        bits[j] & lx.TO and "i" in frames
    ):
        content = (j, complement.clause_end(s, j))
    elif low[j] in frames and bits[j] & (lx.PREP | lx.TO) and j + 1 < last:
        if "noun" in frames and who is None:
            return
        content = (j + 1, complement.phrase_end(s, j + 1))
    elif "adjective" in frames and "T" in frames and bits[j] & lx.SUBJ:
        content = (j, complement.clause_end(s, j))
    else:
        return
    if not any(b == s.end[content[1] - 1] and a >= s.end[k] for one in f.found for a, b in one.content):
        f.add(who, cue, [content], low[k], "nominal")  # else "said in a statement that ...", read already
