"""Where the paragraphs, quotations, sentences and words of a text are.

No text is refused: an unclosed quotation ends with its paragraph, a stray mark is a mark. A direct quotation
becomes one token, so that its full stops do not end the sentence that reports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contingent.evidence.lexicon import ABBR, CAP, KNOWN, MARK, NUM, QUOTE, STOP, Word, look_up

_PARAGRAPH = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]*\S[^\n\r\x0b\x0c\x85\u2028\u2029]*")
_TOKEN = re.compile(
    r"[a-z]{2,}(?![\w'’-])|[.,](?=\s)|(?:[A-Za-z]\.){2,}|[$£€]?\d+(?:[.,:]\d+)*(?:%|st|nd|rd|th|s)?"
    r"|(?:[DRI]-)?(?:Mrs?|Ms|Dr|Sens?|Reps?|Govs?|Gen|Col|Lt|Sgt|Capt|Revs?|Prof|St|Jr|Sr|Maj|Adm|Cmdr|Hon|Inc|Corp|vs|No|[A-Z]"
    r"|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Fla|Calif|Conn|Mass|Mich|Minn|Penn|Tenn|Wash|Wis|Ky|Va|Ill|Ind|Ariz|Ala"
    r"|Ark|Colo|Del|Ga|Kan|La|Md|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tex|Vt|Wyo|Miss|Utah|Idaho|Iowa|Ohio|Maine|Hawaii|Wa|N\.[A-Z]|S\.[A-Z]|W\.V[Aa])\."
    r"|\w+(?:(?:-|['’](?!(?:s|re|ve|ll|d|m|S)\b))\w+)*|['’](?:s|re|ve|ll|d|m|S)\b|\.{2,}|--+|``|''|\S"
)
_CERTAIN = re.compile('[“”"„«»`‘]')
_MARKS = re.compile(
    "[“”\"„«»]|``|''|(?:(?<=[\\s(—:])|^)[‘'](?=\\w)|(?<=[\\w.,!?…])[’'](?=[\\s,.;:!?)—]|$)", re.MULTILINE
)
_OPEN, _CLOSE, _TOGGLE = ("“", "„", "«", "``"), ("”", "»"), ('"', "''")
_ENDS = (".", "!", "?", "…")


class Sentence:
    """A sentence as parallel lists over its tokens: offsets in the text, and what the lexicon says of each."""

    __slots__ = ("bits", "end", "low", "paragraph", "start", "words")

    def __init__(self, paragraph: int) -> None:
        self.paragraph = paragraph
        self.start: list[int] = []
        self.end: list[int] = []
        self.low: list[str] = []
        self.bits: list[int] = []
        self.words: list[Word] = []

    def __len__(self) -> int:
        return len(self.low)

    def add(self, word: Word, start: int, end: int) -> None:
        """One more token."""
        self.start.append(start)
        self.end.append(end)
        self.low.append(word.low)
        self.bits.append(word.bits)
        self.words.append(word)


_QUOTED = Word("“”", QUOTE)


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
    for index, (mark, a, b) in enumerate(marks):
        if mark in "‘’'":
            if opened < 0 and mark != "’" and (a == start or not text[a - 1].isalnum()):
                if any(m[0] in "’'" and m[1] > a and not text[m[1] - 1].isspace() for m in marks[index + 1 :]):
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
    quotes = [span for span in quotations(text, start, end) if direct(text, start, end, span)]
    done: list[Sentence] = []
    here = Sentence(number)
    at = start
    for a, b in [*quotes, (end, end)]:
        here = _words(text, at, a, here, done)
        if a < b:
            if len(here) and here.bits[-1] & STOP and here.low[-1] != ";":
                done.append(here)
                here = Sentence(number)
            here.add(_QUOTED, a, b)
        at = b
    if len(here):
        done.append(here)
    return done


def _words(text: str, start: int, end: int, here: Sentence, done: list[Sentence]) -> Sentence:
    closing = text[here.start[-1] : here.end[-1]].rstrip("”\"»'’")[-1:] if len(here) and here.bits[-1] & QUOTE else ""
    stopped = closing == "."
    known = KNOWN.get
    for match in _TOKEN.finditer(text, start, end):
        raw = match.group()
        word = known(raw) or look_up(raw)
        bits = word[1]
        a, b = match.span()
        if stopped:
            if bits & MARK and a == here.end[-1]:
                pass  # the mark that closes a quotation belongs to the sentence that ends in it
            elif bits & (CAP | NUM | MARK):
                done.append(here)
                here = Sentence(here.paragraph)
                stopped = False
            elif not bits & STOP:
                stopped = False
        here.start.append(a)
        here.end.append(b)
        here.low.append(word[0])
        here.bits.append(bits)
        here.words.append(word)
        if bits & STOP and raw != ";":
            before = len(here) - 2
            stopped = raw != "." or not (before >= 0 and _abbreviation(here, before))
    return here


def _abbreviation(here: Sentence, at: int) -> bool:
    bits = here.bits[at]
    return bool(bits & ABBR) and bool(bits & CAP)
