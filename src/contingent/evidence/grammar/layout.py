"""How is a text laid out: which line breaks are only the width of a page, and whose words is each line?

Layout analysis. `flowed` gives the text as it is read, with a way back to the places of the original; `blocks` gives
its lines with what they are: text, a turn of a transcript, or what holds no claim.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from contingent.evidence.grammar import lexicon as lx

Span = tuple[int, int]
_LINE, _BREAK, _HYPHENED, _ITEM, _UNSEEN, _VOWELS, _HEADER = lx.patterns(
    "layout", "line break hyphened item unseen vowels header"
)
_FURNITURE, _VOTED, _PREFIX, _TURN, _ASKS, _ANSWERS, _TITLED, _POST = lx.patterns(
    "layout", "furniture voted prefix turn asks answers titled post"
)
_JOINT, _WE, _NUMBERED, _NOTES, _QUOTED, _DEAR, _YOURS, _INTERVIEWED = lx.patterns(
    "layout", "joint we numbered notes quoted dear yours interviewed"
)
_WIDEST = 110  # characters of a line that may have been broken for its width; what is longer is a paragraph
_NEARLY = 0.8  # of the width: letters differ in width, so lines of one column differ in number
_OVER = 1.25  # times the width; a text with many such lines was not cut to it
_MOSTLY = 0.6  # of the breaks stand where the width is nearly reached: then the text was wrapped
_SENTENCE_END = tuple('.!?…:;”"»۔؟')


class Flow(NamedTuple):
    """A text as it is read: `starts` are where its pieces begin, `places` where they do in the original."""

    text: str
    starts: tuple[int, ...] = (0,)
    places: tuple[int, ...] = (0,)
    original: str = ""

    def back(self, start: int, end: int) -> Span:
        """The place in the original of the characters from `start` to `end`."""
        first = self._place(start)
        if end <= start:
            return first, first
        after = _VOWELS.match(self.original, self._place(end - 1) + 1)
        return first, after.end() if after else self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        piece = bisect_right(self.starts, at) - 1
        return self.places[piece] + at - self.starts[piece]


def flowed(text: str) -> Flow:
    """The text without the line breaks that only the width of a page made, and without marks that are not seen."""
    cuts = [(match.start(), match.end(), "") for match in _UNSEEN.finditer(text)]
    cuts += _wrapped(text)
    if not cuts:
        return Flow(text)
    parts, starts, places = list[str](), list[int](), list[int]()
    at = size = 0
    for start, end, instead in [*sorted(cuts), (len(text), len(text), "")]:
        for piece, place in ((text[at:start], at), (instead, start)):
            if piece and place >= at:
                parts.append(piece)
                starts.append(size)
                places.append(place)
                size += len(piece)
        at = max(at, end)
    return Flow("".join(parts), tuple(starts or (0,)), tuple(places or (0,)), text)


def joined(words: str) -> str:
    """Words of a text in one line, a word that was broken at its end made whole."""
    if "\n" not in words:
        return words
    return re.sub(r"\s*\n\s*", " ", _HYPHENED.sub(lambda cut: "" if _whole(words, *cut.span()) else "-", words))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a hyphen before a line break only divides a word: not one that the text has elsewhere, nor a name's."""
    around = text[start - 1] + text[end]
    left, right = re.search(r"\w*$", text[max(0, start - 40) : start]), re.match(r"\w*", text[end : end + 40])
    return around.islower() and not (left and right and f"{left[0]}-{right[0]}" in text)


def _wrapped(text: str) -> list[tuple[int, int, str]]:
    """The breaks inside paragraphs of a text that was cut to a width, with what stands for each when it is read."""
    lines = [match.span() for match in _LINE.finditer(text)]
    breaks = [(one, two) for one, two in pairwise(lines) if _BREAK.fullmatch(text, one[1], two[0])]
    sizes = sorted(len(text[a:b].strip()) for (a, b), _ in breaks)
    width = sizes[len(sizes) * 9 // 10] if sizes else 0
    longer = sum(len(text[a:b].strip()) > _OVER * width for a, b in lines)
    if len(breaks) < 2 or not 20 <= width <= _WIDEST or longer > len(lines) / 10:
        return []
    cut = [_HYPHENED.match(text, text.rfind("-", a, b), d) for (a, b), (_, d) in breaks]
    full = [
        bool(hyphen) or len(text[a:b].strip()) + 1 + len(text[c:d].split()[0]) > _NEARLY * width
        for hyphen, ((a, b), (c, d)) in zip(cut, breaks, strict=True)
    ]
    ends = [text[a:b].rstrip().endswith(_SENTENCE_END) for (a, b), _ in breaks]
    if sum(full) < _MOSTLY * len(full) or sum(ends) > _MOSTLY * len(ends):
        return []
    cuts: list[tuple[int, int, str]] = []
    for ((a, b), (c, d)), hyphen, reaches, stops in zip(breaks, cut, full, ends, strict=True):
        line, after = text[a:b].strip(), text[c:d].lstrip()
        fits = len(line) + 1 + len(after.split()[0]) <= width
        if hyphen:
            cuts.append((hyphen.start(), hyphen.end(), "" if _whole(text, *hyphen.span()) else "-"))
        elif reaches and not (stops and fits) and not _ITEM.match(after) and not _HEADER.match(line):
            cuts.append((a + len(text[a:b].rstrip()), d - len(after), " "))
    return cuts


class Block(NamedTuple):
    """A line: its place, what it is (text, turn, skip), and in a turn the place of the speaker's name."""

    start: int
    end: int
    kind: str = "text"
    speaker: Span | None = None


def blocks(text: str) -> Iterator[Block]:
    """The lines of a text that hold anything, in order, with what each is."""
    lines = [trimmed(text, *match.span()) for match in _LINE.finditer(text)]
    heads = _heads(text, lines)
    asking = _asking(text, lines, heads)
    joint, opened, numbered = _joint(text, lines)
    guest, answers = (None, frozenset[int]()) if heads or joint else _interview(text, lines)
    speaker: Span | None = None
    talking = skipping = False
    for index, (start, end) in enumerate(lines):
        line = text[start:end]
        if index in heads:
            who, after = heads[index]
            talking, skipping = True, text[slice(*who)] in asking
            speaker = speaker if _ANSWERS.match(text[slice(*who)]) else who
            yield Block(start, after, "skip")
            start = after
            if start == end:
                continue
            line = text[start:end]
        elif _FURNITURE.match(line) or _VOTED.match(line) or (index < 12 and _HEADER.match(line)):
            talking = talking and not _VOTED.match(line)
            yield Block(start, end, "skip")
            continue
        if guest and index + 1 >= min(answers):
            yield Block(start, end, "turn" if index in answers else "skip", guest)
            continue
        joint = None if _NOTES.match(line) else joint
        item = _NUMBERED.match(line)
        if joint and (item or not numbered or index == opened):
            body = start + (item.end() if item else 0)
            yield Block(body, end, "turn" if index > opened and line[-1] in '.!?”"' else "skip", joint)
        else:
            prefix = _PREFIX.match(line)
            kind = "text" if not talking else "skip" if skipping else "turn"
            yield Block(start + prefix.end() if prefix else start, end, kind, speaker if talking else None)


def trimmed(text: str, start: int, end: int, signs: str | None = None) -> Span:
    """A place without the white space, or the signs, at its ends."""
    line = text[start:end]
    return start + len(line) - len(line.lstrip(signs)), start + len(line.rstrip(signs))


def _heads(text: str, lines: list[Span]) -> dict[int, tuple[Span, int]]:
    """The lines in which somebody begins to speak: the speaker's name, and where what is said begins."""
    found: dict[int, tuple[Span, int]] = {}
    for index, (start, end) in enumerate(lines):
        line = text[start:end]
        if (turn := _TURN.match(line)) and not _HEADER.match(line) and len(turn["who"].split()) <= 8:
            found[index] = ((start, start + turn.end("who")), start + turn.end())
    names = Counter(text[slice(*who)] for who, _ in found.values())
    shouted = [name for name in names if name.upper() == name and (name.lower() != name or _ASKS.match(name))]
    marked = {name for name in names if names[name] > 1 or _ASKS.fullmatch(name) or _ANSWERS.match(name)}
    script = len(shouted) > 1 and sum(names[name] for name in shouted) > 2
    known = {*shouted, *marked} if script else marked if sum(names[name] for name in marked) > 2 else set()
    found = {index: one for index, one in found.items() if text[slice(*one[0])] in known}
    if found:
        return found
    for pattern in (_TITLED, _POST):
        for index, ((start, end), (after, _)) in enumerate(pairwise(lines)):
            line, alone = text[start:end], text[end:after].count("\n") == 1
            if alone and len(line) <= 80 and line[-1] not in ".!?:;,”" and (match := pattern.match(line)):
                who = (start, start + match.end("who")) if pattern is _POST else (start, end)
                found[index] = (who, end)
        if len(found) > 1:
            return found
        found = {}
    return found


def _interview(text: str, lines: list[Span]) -> tuple[Span | None, frozenset[int]]:
    """Who is interviewed in a text that marks neither, and the lines that answer: a question and an answer in turn."""
    named = next((match.span("who") for one in lines[:4] if (match := _INTERVIEWED.search(text, *one))), None)
    asked = [n for n, one in enumerate(lines) if text[slice(*one)].endswith("?")]
    if named is None or len(asked) < 3:
        return None, frozenset()
    turns = {n for n in range(asked[0] + 1, len(lines)) if (n - asked[0]) % 2}
    return named, frozenset(turns - {*asked}) if not turns & {*asked} else frozenset(
        {*range(asked[0] + 1, len(lines))} - {*asked}
    )


def _asking(text: str, lines: list[Span], heads: dict[int, tuple[Span, int]]) -> set[str]:
    """The names under which questions are asked: by what they are called, or as most of their turns are questions."""
    turns, asked = Counter[str](), Counter[str]()
    for index, (who, _) in heads.items():
        name = text[slice(*who)]
        turns[name] += 1
        asked[name] += text[slice(*lines[index])].endswith(("?", "؟"))
    asking = {name for name in turns if _ASKS.fullmatch(name) or 2 * asked[name] + (" " not in name) > turns[name]}
    return asking if len(asking) < len(turns) else {name for name in asking if _ASKS.fullmatch(name)}


def _joint(text: str, lines: list[Span]) -> tuple[Span | None, int, bool]:
    """Those who speak in a statement printed in full, in which line they are named, and whether it is numbered.

    Numbered paragraphs of which one begins with We, or paragraphs of which most speak in the first person.
    """
    named = ((n, match.span("who")) for n, one in enumerate(lines[:8]) if (match := _JOINT.search(text, *one)))
    at, by = next(named, (0, None))
    opens = next((n for n, one in enumerate(lines[:8]) if _DEAR.fullmatch(text, *one)), 0)
    ends = next((n for n, one in enumerate(lines[:-1]) if _YOURS.fullmatch(text, *one)), 0)
    if letter := opens < ends:
        at, by = opens, lines[ends + 1]  # who signs it
    if by is None:
        return None, 0, False
    body = [_QUOTED.sub("", text[slice(*one)]) for one in lines[at + 1 :]]
    numbered = [line for line in body if _NUMBERED.match(line)]
    whole = [line for line in numbered or body if line[-1:] in {".", "!", "?"}]
    told = sum(bool(_WE.search(line)) for line in whole)
    if len(numbered) > 2 if numbered and told else len(whole) > 2 and told > (0 if letter else _MOSTLY * len(whole)):
        return by, at, bool(numbered)
    return None, 0, False
