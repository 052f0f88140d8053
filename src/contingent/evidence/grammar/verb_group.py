"""Whether a word is used as the verb that reports, and how far its verb group reaches.

Verb groups. There is no tagger: the words just before decide between verb, noun and adjective.
"""

from typing import NamedTuple

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import NOUNLIKE, Verb, words
from contingent.evidence.grammar.sentences import Sentence

_PRONOUNS = frozenset("this that these those some many most both all others another several few one her".split())
"""Determiners that stand alone as a subject."""
_PLURALS = frozenset("people police others some many most men women few both".split())
"""Plurals that do not end in s."""
_SPEAK = words("offices") | words("institutions") | words("anonymous")
"""Who speaks and is not spoken: "the ministry said on Tuesday" is no reduced passive."""
_MEANS = words("means")
CHAINED = words("chained")
"""Words after which `to` and a reporting verb make one verb group ("went on to say")."""


class Use(NamedTuple):
    """A reporting verb in use: tokens [start, end), its voice, and where to look for its subject."""

    verb: Verb
    at: int
    start: int
    end: int
    subject: str
    """`left` (the words before the group), `main` (the subject of the sentence) or `none`."""
    passive: bool = False


def use_of(s: Sentence, k: int) -> Use | None:
    """The use of the cue word at token `k` as a verb; None when it is a noun, an adjective or bare participle."""
    best: Use | None = None
    for verb in s.words[k].verbs:
        if verb.particle and not (k + 1 < len(s) and s.low[k + 1] == verb.particle):
            continue
        end = k + 2 if verb.particle else k + 1
        found = _as_verb(s, k, end, verb)
        if found and (best is None or verb.particle):
            best = found
    return best


def _as_verb(s: Sentence, k: int, end: int, verb: Verb) -> Use | None:
    bits, low = s.bits, s.low
    i = s.back(k - 1, lx.ADV, lx.DET | lx.CONJ)
    if i < 0:
        if "g" in verb.forms and bits[k] & lx.CAP:
            return Use(verb, k, k, end, "main")
        return Use(verb, k, k, end, "none") if k and set(verb.forms) & {"s", "d"} else None
    b, word = bits[i], low[i]
    if b & lx.AUX and not (word == "'s" and not set(verb.forms) & {"g", "p"}):
        return _after_auxiliary(s, k, i, end, verb)
    if b & lx.TO:
        return _infinitive(s, k, i, end, verb)
    if "g" in verb.forms:
        if b & lx.CONJ and in_list(s, i):
            return None
        if (
            b & (lx.COMMA | lx.DASH)
            or b & lx.CONJ
            or word in {"while", "when", "after", "before", "by", "as", "in", "for", "from"}
        ):
            return Use(verb, k, k, end, "main")
        if b & (lx.DET | lx.POSS | lx.PREP | lx.TO):
            return None
        return Use(verb, k, i + 1, end, "left") if b & (lx.CAP | lx.OBJ | lx.PERSON) else None
    finite = set(verb.forms) & {"s", "d"}
    if b & (lx.DET | lx.POSS) and not b & (lx.SUBJ | lx.WHO) and word not in _PRONOUNS:
        return None
    if (b & lx.PREP and not b & (lx.TIME | lx.CAP) and word not in {"before", "after", "since"}) or word == "'s":
        return None
    if b & (lx.SUBJ | lx.WHO) and not (b & lx.OBJ):
        return Use(verb, k, i + 1, end, "left")
    if not finite and not _plural(s, i):
        return None
    if "b" in verb.forms and not finite and (verb.lemma in NOUNLIKE or not _plural(s, i)):
        if not (_plural(s, i) and bits[i] & (lx.PERSON | lx.CAP) and _object_follows(s, end)):
            return None
        return Use(verb, k, i + 1, end, "left")
    if "s" in verb.forms and verb.lemma in NOUNLIKE and not _object_follows(s, end):
        wants = "i" in verb.frames and end < len(s) and bits[end] & lx.TO
        sure = i < k - 1 and "as" in verb.frames  # an adverb between subject and verb
        plain = bits[i] == 0 and i > 0 and bits[i - 1] & (lx.DET | lx.POSS)
        if not sure and not (
            (wants and (bits[i] & (lx.CAP | lx.PERSON) or plain)) or (end < len(s) and bits[end] & lx.COMP)
        ):
            return None
    if "p" in verb.forms and _reduced(s, i, end, verb):
        return None
    if b & lx.COMMA or b & lx.QUOTE:
        return Use(verb, k, k, end, "left")
    if b & lx.CONJ:
        return Use(verb, k, k, end, "main")
    return Use(verb, k, i + 1, end, "left")


def _after_auxiliary(s: Sentence, k: int, i: int, end: int, verb: Verb) -> Use | None:
    bits = s.bits
    start, passive = i, False
    b = bits[i]
    if b & lx.BE and "g" in verb.forms:
        pass
    elif b & lx.BE and "p" in verb.forms:
        passive = not (s.low[i] in {"'s", "'d"} and verb.forms == "dp" and _object_follows(s, end))
    elif (b & lx.HAVE and "p" in verb.forms) or (b & (lx.MODAL | lx.DO) and "b" in verb.forms):
        pass
    else:
        return None
    start = s.back(start - 1, lx.AUX | lx.ADV, lx.COMMA | lx.CONJ | lx.DET) + 1
    inverted = bool(start > 0 and bits[start - 1] & lx.WH)
    return Use(verb, k, start, end, "none" if inverted else "left", passive=passive)


def _infinitive(s: Sentence, k: int, i: int, end: int, verb: Verb) -> Use | None:
    low, j = s.low, s.back(i - 1, lx.ADV)
    if j < 0 or "b" not in verb.forms:
        return None
    if low[j] == "on" and j and low[j - 1].startswith(("go", "went")):
        j -= 1
    if low[j] not in CHAINED:
        return None
    return Use(verb, k, s.back(j - 1, lx.AUX | lx.ADV) + 1, end, "left")


def _plural(s: Sentence, i: int) -> bool:
    word = s.low[i]
    if s.bits[i] & (lx.SUBJ | lx.WHO):
        return True
    if (word.endswith("s") and not word.endswith("ss")) or word in _PLURALS:
        return True
    near = range(i - 1, max(-1, i - 7), -1)
    for j in near:
        if s.bits[j] & (lx.COMMA | lx.AUX | lx.QUOTE | lx.SUB):
            break
        if s.bits[j] & lx.PERSON and (s.low[j].endswith("s") or s.low[j] == "people"):
            return True
    return any(s.low[j] == "and" for j in range(max(0, i - 4), i))


def _reduced(s: Sentence, i: int, end: int, verb: Verb) -> bool:
    """Whether a form that could be past or participle stands as a reduced passive ("a poll published by ...")."""
    if end >= len(s):
        return False
    after = s.low[end]
    if after == "by":
        return s.low[end + 1 : end + 2] == [] or s.low[end + 1] not in _MEANS
    if "n" not in verb.frames and "q" in verb.frames:
        return False  # one says something, nothing is said
    return (
        not (s.low[i] in _SPEAK or _clause_so_far(s, i))
        and not s.bits[i] & (lx.CAP | lx.PERSON | lx.COMMA | lx.QUOTE | lx.CONJ | lx.TIME | lx.DASH | lx.STOP)
        and after in {"in", "at", "on", "as", "for", "from"}
        and after not in verb.frames
    )


def _clause_so_far(s: Sentence, i: int) -> bool:
    """Whether the words up to `i` are a subject that still has no verb, and none follows."""
    verbs, stops = lx.AUX | lx.VERB, lx.COMMA | lx.QUOTE | lx.STOP | lx.COMP
    end = i
    while i >= 0 and not s.bits[i] & stops:
        named = i == 0 or s.bits[i - 1] & (lx.DET | lx.POSS)  # "the armed forces", "the talks"
        if s.bits[i] & (verbs | lx.CUE | lx.ED) and s.low[i] != "'s" and not named:
            return False
        i -= 1
    end = s.first(end, stops | verbs)
    return end == len(s) or not s.bits[end] & verbs


def _object_follows(s: Sentence, end: int) -> bool:
    """Whether what follows can begin an object, a clause or a quotation."""
    while end < len(s) and s.bits[end] & lx.ADV and not s.bits[end] & lx.DET:
        end += 1
    if end >= len(s):
        return False
    opens = s.bits[end] & (lx.NUM | lx.DET | lx.POSS | lx.OBJ | lx.SUBJ | lx.QUOTE | lx.WH | lx.WHO | lx.CAP)
    return bool(opens) or s.low[end] in {":", "that", "there", "“"}


def in_list(s: Sentence, conj: int) -> bool:
    """Whether the conjunction closes a list of -ing forms, whose last member reports nothing by itself."""
    for i in range(conj - 1, 0, -1):
        if s.low[i].endswith("ing") and s.bits[i - 1] & (lx.COMMA | lx.COLON):
            return True
        if s.bits[i] & (lx.SUBJ | lx.AUX | lx.STOP):
            return False
    return False
