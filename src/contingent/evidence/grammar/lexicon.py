"""Which words report speech and thought, and which closed-class words hold a sentence together.

Lexicon. The lists in `words/` were written by hand; nothing in them was learned from a corpus. A word is looked up
once and remembered, so that reading a thousand articles costs one dictionary access a token.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

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


@cache
def _expressions() -> dict[str, dict[str, list[str]]]:
    file = resources.files("contingent.evidence.grammar") / "words" / "patterns.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def patterns(section: str, names: str) -> tuple[re.Pattern[str], ...]:
    """The compiled expressions of those names, parted by spaces, in a section of `words/patterns.toml`."""
    joined = {name: "".join(parts) for name, parts in _expressions()[section].items()}
    return tuple(re.compile(re.sub(r"%(\w+)%", lambda one: joined[one[1]], joined[name])) for name in names.split())


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
    if lemma in {"set", "cast", "forbid", "beg", "rap", "get", "put", "cut", "quit"}:
        stem = lemma + lemma[-1]
    forms: dict[str, str] = {}
    for letter, form in (("b", lemma), ("s", third), ("d", past), ("p", participle), ("g", stem + "ing")):
        forms[form] = forms.get(form, "") + letter
    return forms


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    return {p[0]: (p[1], p[2]) for p in (line.split() for line in _lines("irregular.txt")) if len(p) == 3}


NOUNLIKE = words("nounlike")
"""Lemmas whose base and -s forms are as often nouns: they count as verbs only with better evidence."""


@cache
def _tables() -> tuple[dict[str, int], dict[str, tuple[Verb, ...]], dict[str, frozenset[str]]]:
    closed: dict[str, int] = {}
    for line in _lines("closed.txt"):
        name, *words = line.split()
        for word in words:
            closed[word] = closed.get(word, 0) | _CLASSES[name]
    frames: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for line in _lines("cues.txt"):
        kind, codes, lemmas = (part.strip() for part in line.split("|"))
        for entry in lemmas.split():
            lemma, _, particle = entry.partition("_")
            frames.setdefault((lemma, particle), (kind, set()))[1].update(codes.split())
    verbs: dict[str, tuple[Verb, ...]] = {}
    for (lemma, particle), (kind, codes) in frames.items():
        for form, letters in _inflect(lemma, _irregular()).items():
            verbs[form] = (*verbs.get(form, ()), Verb(lemma, letters, kind, frozenset(codes), particle))
    nouns: dict[str, frozenset[str]] = {}
    for line in _lines("more.txt"):
        kind, codes, words = (part.strip() for part in line.split("|"))
        for word in words.split():
            plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
            for form in (word, plural) if kind == "noun" else (word,):
                nouns[form] = nouns.get(form, frozenset()) | {*codes.split(), kind}
    return closed, verbs, nouns


def verb_forms(lemma: str) -> tuple[str, ...]:
    """Every form of a verb."""
    return tuple(_inflect(lemma, _irregular()))


@cache
def acts() -> tuple[tuple[tuple[str, str], str], ...]:
    """The phrases of `words/acts.txt`, each with its class and action; verbs in all their forms."""
    found: list[tuple[tuple[str, str], str]] = []
    for line in _lines("acts.txt"):
        kind, action, form, phrases = (part.strip() for part in line.split("|"))
        for phrase in phrases.split():
            first, _, rest = phrase.partition("_")
            heads = verb_forms(first) if form == "v" else (first,)
            found += [((kind, action), f"{head} {rest.replace('_', ' ')}".strip()) for head in heads]
    return tuple(found)


def phrases(name: str) -> Iterator[tuple[str, str]]:
    """The phrases of a list in `words/`, each with the name it is listed under."""
    for line in _lines(name):
        label, listed = line.split(" | ")
        yield from ((label, phrase.replace("_", " ")) for phrase in listed.split())


Phrase = tuple[tuple[str, ...], Hashable]
"""The words after the first, and what the whole stands for."""
_SEEN_AT_MOST = 200_000  # forms remembered


class Terms:
    """Words and phrases with what each stands for; all that occur in a run of tokens are found in one pass.

    A star at a word's end stands for any ending. What is known of a form is remembered, so that a token costs one
    look into a dictionary.
    """

    def __init__(self, entries: Iterable[tuple[Hashable, str]]) -> None:
        self._first: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        self._seen = lru_cache(_SEEN_AT_MOST)(self._of)
        self._entries = tuple(entries)
        for label, phrase in self._entries:
            first, *rest = phrase.lower().replace("’", "'").split()
            table = self._stems if first.endswith("*") else self._first
            table.setdefault(first.rstrip("*"), []).append((tuple(rest), label))
        self._longest = max(map(len, self._stems), default=0)

    def __reduce__(self) -> tuple[type[Terms], tuple[Any]]:
        """Made anew from its entries by a worker: what was remembered stays behind."""
        return Terms, (self._entries,)

    def find(self, low: Sequence[str]) -> list[tuple[int, int, Any]]:
        """Each occurrence as its first token, the one after its last, and what it stands for; in order."""
        found: list[tuple[int, int, Any]] = []
        seen, count = self._seen, len(low)
        for at, known in [(at, known) for at, word in enumerate(low) if (known := seen(word))]:
            for rest, label in known:
                end = at + 1 + len(rest)
                if end <= count and all(map(_is, rest, low[at + 1 : end])):
                    found.append((at, end, label))
        return found

    def _of(self, word: str) -> tuple[Phrase, ...]:
        stems = (one for n in range(min(len(word), self._longest) + 1) for one in self._stems.get(word[:n], ()))
        return (*self._first.get(word, ()), *stems)


def _is(want: str, have: str) -> bool:
    return have == want or (want[-1] == "*" and have.startswith(want[:-1]))


@lru_cache(_SEEN_AT_MOST)
def look_up(raw: str) -> Word:
    """What is known of a word as written; always an answer, whatever the token."""
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
