"""Which words report speech and thought, and which closed-class words hold a sentence together.

Lexicon. The lists in `words/` were written by hand; nothing in them was learned from a corpus. A word is looked up
once and remembered, so that reading a thousand articles costs one dictionary access a token.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

DET, POSS, PREP, SUBJ, WHO, OBJ, COMP, WH, CONJ, SUB = (1 << n for n in range(10))
BE, HAVE, DO, MODAL, TO, ADV, TIME, TITLE, PERSON, VERB = (1 << n for n in range(10, 20))
CAP, NUM, COMMA, STOP, DASH, COLON, QUOTE, CUE, CUENOUN, ING, ED, ABBR, MARK, EVIDENT = (1 << n for n in range(20, 34))
AUX = BE | HAVE | DO | MODAL
_CLASSES = {
    "det": DET, "poss": POSS, "prep": PREP, "subj": SUBJ, "who": WHO, "obj": OBJ, "comp": COMP, "wh": WH,
    "conj": CONJ, "sub": SUB, "be": BE, "have": HAVE, "do": DO, "modal": MODAL, "to": TO, "adv": ADV,
    "time": TIME, "title": TITLE, "person": PERSON, "verb": VERB, "abbr": ABBR, "evident": EVIDENT,
}  # fmt: skip
_SIGNS = {",": COMMA, ".": STOP, "!": STOP, "?": STOP, "…": STOP, "...": STOP, ";": STOP, ":": COLON,
          "—": DASH, "–": DASH, "―": DASH, "--": DASH, "-": DASH, "“": MARK, "”": MARK, '"': MARK,
          "(": DASH, ")": DASH, "[": DASH, "]": DASH}  # fmt: skip


class Verb(NamedTuple):
    """One way of using a word form to report: `form` is any of b(ase), s, d (past), p(articiple), g (-ing)."""

    lemma: str
    forms: str
    kind: str
    frames: frozenset[str]
    particle: str


class Word(NamedTuple):
    """What the lexicon knows of one word form as written."""

    low: str
    bits: int
    verbs: tuple[Verb, ...] = ()
    noun: frozenset[str] = frozenset()


def _lines(name: str) -> Iterator[str]:
    text = (resources.files("contingent.evidence.grammar") / "words" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """A named list of words from `words/lists.txt`."""
    return frozenset(next(line for line in _lines("lists.txt") if line.startswith(name + " ")).split()[1:])


def patterns(section: str, flags: int = 0) -> dict[str, re.Pattern[str]]:
    """The compiled expressions of a section of `words/patterns.toml`, by name."""
    file = resources.files("contingent.evidence.grammar") / "words" / "patterns.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8"))[section]
    return {name: re.compile("".join(parts), flags) for name, parts in found.items()}


def _inflect(lemma: str, irregular: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Every form of a verb with the letters of the forms it can be."""
    ending = lemma[-1]
    third = (
        lemma[:-1] + "ies"
        if ending == "y" and lemma[-2] not in "aeiou"
        else lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "go", "do", "to")) else "s")
    )
    if lemma in irregular:
        past, participle = irregular[lemma]
    elif ending == "e":
        past = participle = lemma + "d"
    elif ending == "y" and lemma[-2] not in "aeiou":
        past = participle = lemma[:-1] + "ied"
    else:
        past = participle = lemma + "ed"
    doubled = past[:-2] if past.endswith("ed") and past[:-3] == lemma and past[-3] == lemma[-1] else lemma
    stem = lemma[:-1] if ending == "e" and not lemma.endswith("ee") else doubled
    if lemma in {"set", "cast", "forbid", "beg", "rap", "get"}:
        stem = lemma + lemma[-1]
    forms: dict[str, str] = {}
    for letter, form in (("b", lemma), ("s", third), ("d", past), ("p", participle), ("g", stem + "ing")):
        forms[form] = forms.get(form, "") + letter
    return forms


NOUNLIKE = words("nounlike")
"""Lemmas whose base and -s forms are as often nouns: they count as verbs only with better evidence."""


@cache
def _tables() -> tuple[dict[str, int], dict[str, tuple[Verb, ...]], dict[str, frozenset[str]]]:
    closed: dict[str, int] = {}
    for line in _lines("closed.txt"):
        name, *words = line.split()
        for word in words:
            closed[word] = closed.get(word, 0) | _CLASSES[name]
    irregular = {p[0]: (p[1], p[2]) for p in (line.split() for line in _lines("irregular.txt")) if len(p) == 3}
    frames: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for line in _lines("cues.txt"):
        kind, codes, lemmas = (part.strip() for part in line.split("|"))
        for entry in lemmas.split():
            lemma, _, particle = entry.partition("_")
            frames.setdefault((lemma, particle), (kind, set()))[1].update(codes.split())
    verbs: dict[str, tuple[Verb, ...]] = {}
    for (lemma, particle), (kind, codes) in frames.items():
        for form, letters in _inflect(lemma, irregular).items():
            verbs[form] = (*verbs.get(form, ()), Verb(lemma, letters, kind, frozenset(codes), particle))
    nouns: dict[str, frozenset[str]] = {}
    for line in _lines("more.txt"):
        kind, codes, words = (part.strip() for part in line.split("|"))
        for word in words.split():
            plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
            for form in (word, plural) if kind == "noun" else (word,):
                nouns[form] = nouns.get(form, frozenset()) | {*codes.split(), kind}
    return closed, verbs, nouns


KNOWN: dict[str, Word] = {}
"""Every form met so far; only `look_up` writes it."""
_SEEN_AT_MOST = 200_000  # forms remembered; beyond this the memory is emptied, results do not depend on it


def look_up(raw: str) -> Word:
    """What is known of a word as written; always an answer, whatever the token."""
    word = KNOWN.get(raw)
    if word is None:
        if len(KNOWN) > _SEEN_AT_MOST:
            KNOWN.clear()
        word = KNOWN[raw] = _make(raw)
    return word


def _make(raw: str) -> Word:
    if raw in _SIGNS:
        return Word(raw, _SIGNS[raw])
    closed, verbs, nouns = _tables()
    low = raw.lower().replace("’", "'")
    bits = closed.get(low.rstrip(".") if low not in closed else low, 0)
    first = raw[0]
    if first.isupper():
        bits |= CAP
    elif first.isdigit() or first in "$£€":
        bits |= NUM
    if low not in closed:
        if low.endswith("ly") and len(low) > 4:
            bits |= ADV
        elif low.endswith("ed") and len(low) > 3:
            bits |= ED
        elif low.endswith("ing") and len(low) > 4:
            bits |= ING
    found, noun = verbs.get(low, ()), nouns.get(low, frozenset())
    bits |= (CUE if found else 0) | (CUENOUN if noun else 0)
    return Word(low, bits, found, noun)
