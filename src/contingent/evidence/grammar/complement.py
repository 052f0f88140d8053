"""How does a reporting verb take its content, and how far does that reach, from the word after the cue?

Complement frames of reporting verbs (clause, infinitive, person and clause, object, or passive), and boundaries.
"""

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import Verb
from contingent.evidence.grammar.sentences import Range, Sentence
from contingent.evidence.grammar.statement import Finder
from contingent.evidence.grammar.verb_group import Use, in_list, use_of

_DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "yes", "tod"}
_LATE = {"late", "early", "earlier"}
_NEXT = {"last", "next", "this", "ahead"}
_BODIES = lx.words("institutions")
CONTRAST = {"but", "while", "although", "though", "whereas", "yet"}
_MARKS = lx.COMMA | lx.STOP | lx.DASH | lx.COLON | lx.QUOTE
_NO_HEAD = _MARKS | lx.PREP | lx.CONJ | lx.SUB | lx.AUX | lx.TO | lx.COMP | lx.TIME  # cannot begin a noun phrase
_AFTER_ADJUNCT = lx.COMMA | lx.COMP | lx.SUBJ | lx.QUOTE | lx.STOP | lx.COLON | lx.DASH | lx.WH | lx.SUB
ADJUNCTS, MEANS = lx.words("adjuncts"), lx.words("means")


def sentence_end(s: Sentence) -> int:
    """The index after the last token that belongs to the words: a full stop stays only inside closing marks."""
    return s.back(len(s) - 1, lx.STOP) + 1


def _parts(s: Sentence, i: int) -> bool:
    """Whether a stop inside a sentence parts two statements, as a semicolon does."""
    return s.low[i] == ";" or (i + 1 < len(s) and not s.bits[i + 1] & (lx.MARK | lx.STOP | lx.DASH | lx.COMMA))


def clause_end(s: Sentence, j: int) -> int:
    """Where the clause that begins at `j` ends: at the sentence's end, or where another statement takes over."""
    bits, low = s.bits, s.low
    last = sentence_end(s)
    for i in range(j + 1, last):
        b = bits[i]
        if not b & (lx.COMMA | lx.CONJ | lx.STOP):
            continue
        if b & lx.STOP:
            if _parts(s, i):
                return i
            continue
        if i + 1 >= last:
            break
        n = i + 1
        if b & lx.COMMA:
            if low[n] in CONTRAST or low[n] == "according":
                return i
            if bits[n] & lx.CONJ:
                n += 1
        use = use_of(s, n) if n < last and bits[n] & lx.CUE else None
        if use and _takes_over(s, use.verb, n, comma=bool(b & lx.COMMA)):
            return i
        if n + 1 < last and bits[n] & lx.ADV and bits[n + 1] & lx.CUE and use_of(s, n + 1):
            return i
        if n + 1 < last and bits[n] & lx.AUX and bits[n - 1] & lx.CONJ and bits[n + 1] & lx.CUE and use_of(s, n + 1):
            return i
    return last


def _takes_over(s: Sentence, verb: Verb, n: int, *, comma: bool) -> bool:
    if "g" in verb.forms:
        return comma and not gerund_list(s, n)
    return bool(set(verb.forms) & {"s", "d"}) and (bool(s.bits[n - 1] & lx.CONJ) or (comma and "q" in verb.frames))


def gerund_list(s: Sentence, n: int) -> bool:
    """Whether the -ing form at `n` is a member of a list of them ("keeping peace, securing crossings, and ...")."""
    return n > 0 and bool(s.bits[n - 1] & lx.CONJ) and in_list(s, n - 1)


def phrase_end(s: Sentence, j: int) -> int:
    """Where the noun phrase that begins at `j` ends, its own relative clauses included."""
    bits, low = s.bits, s.low
    last = sentence_end(s)
    i = j + 1
    while i < last:
        b = bits[i]
        if (b & lx.STOP and _parts(s, i)) or b & lx.COLON or (b & lx.COMMA and not _listed(s, i, last)):
            return i
        if b & lx.SUB and low[i] not in {"so", "once", "than"} and not _predicative(s, i):
            return i
        if low[i] == "(":
            while i < last and low[i] != ")":
                i += 1
            i += 1
            continue
        if b & lx.DASH:
            return i
        if b & lx.CONJ and i + 1 < last:
            n = i + 2 if bits[i + 1] & lx.ADV else i + 1
            if n < last and (bits[n] & (lx.SUBJ | lx.AUX | lx.VERB) or (bits[n] & lx.CUE and use_of(s, n))):
                return i
        if b & lx.TIME and not bits[i - 1] & (lx.DET | lx.POSS) and low[i][:3] in _DAYS:
            return i - 1 if low[i - 1] == "on" else i
        if low[i] in {"during", "after", "before", "despite"} or (b & lx.ADV and i + 1 < last and low[i] == "when"):
            return i
        i += 1
    return min(i, last)


def _predicative(s: Sentence, i: int) -> bool:
    """Whether "as" introduces what something is called ("as a reason", "as “...”")."""
    if s.low[i] != "as" or i + 1 >= len(s):
        return False
    return s.bits[i + 1] == 0 or bool(s.bits[i + 1] & (lx.DET | lx.POSS | lx.MARK | lx.ING))


def _listed(s: Sentence, i: int, last: int) -> bool:
    """Whether the comma at `i` stands in a list that an `and` or `or` closes soon after."""
    if i + 1 >= last or s.bits[i + 1] & (lx.CUE | lx.ING | lx.WHO | lx.SUBJ | lx.SUB):
        return False
    if s.bits[i + 1] & lx.CONJ:
        return s.low[i + 1] in {"and", "or"} and not (
            i + 2 < last and s.bits[i + 2] & (lx.SUBJ | lx.CUE | lx.AUX | lx.VERB)
        )
    for n in range(i + 1, min(i + 8, last)):
        if s.low[n] in {"and", "or"}:
            return True
        if s.bits[n] & (lx.AUX | lx.SUBJ | lx.VERB | lx.QUOTE | lx.STOP | lx.DASH | lx.WHO):
            return False
    return False


def is_clause(s: Sentence, j: int) -> bool:
    """Whether a clause with its own verb, rather than a noun phrase, begins at `j`."""
    bits = s.bits
    if (bits[j] & lx.SUBJ and not bits[j] & lx.OBJ) or s.low[j] in {"there", "if"}:
        return True
    for i in range(j + 1, min(j + 14, len(s))):
        b = bits[i]
        ends = lx.COMMA | lx.STOP | lx.WHO | lx.COMP | lx.SUB | lx.QUOTE | lx.DASH | lx.TO
        if b & ends or (b & lx.CONJ and i > j + 4):
            return False
        if b & (lx.AUX | lx.VERB) and not bits[i - 1] & (lx.DET | lx.POSS | lx.PREP) and not b & lx.PREP:
            noun = i + 1 < len(s) and not bits[i + 1] & (lx.ING | lx.ED | lx.DET | lx.ADV | lx.PREP)
            return not (s.low[i] == "'s" and noun)
    return False


def skip_adjuncts(s: Sentence, j: int) -> int:
    """The index after adverbs, times, addressees and places that stand between a cue and its content."""
    bits, low = s.bits, s.low
    n = len(s)
    while j < n:
        b = bits[j]
        if (b & lx.ADV and not b & (lx.DET | lx.COMP)) or b & lx.TIME or (b & lx.NUM and j and bits[j - 1] & lx.TIME):
            j += 1
        elif b & lx.COMMA and j + 3 < n and bits[j + 1] & lx.ADV and bits[j + 2] & lx.COMMA and bits[j + 3] & lx.COMP:
            j += 3
        elif (
            j + 1 < n
            and not bits[j + 1] & lx.QUOTE
            and (low[j] in ADJUNCTS or (low[j] == "by" and low[j + 1] in MEANS))
        ):
            i = j + 1
            while i < n and (not bits[i] & _AFTER_ADJUNCT or (bits[i] & lx.SUBJ and low[i] == "you")):
                begins = bits[i] & lx.DET and i > j + 1 and not bits[i - 1] & (lx.PREP | lx.CONJ | lx.DET)
                if begins and ((i - j > 2 and low[i] == "the") or bits[i - 1] & lx.TIME):
                    break
                i += 1
            j = i
        else:
            break
    return j


def is_time(s: Sentence, j: int) -> bool:
    """Whether a time without a preposition begins at `j`: "late on Tuesday", "last month", "ahead of the vote"."""
    following = s.bits[j + 1] & (lx.TIME | lx.PREP) if j + 1 < len(s) else 0
    return s.low[j] in _LATE or (s.low[j] in _NEXT and bool(following)) or bool(s.bits[j] & lx.TIME and following)


def addressed(s: Sentence, j: int) -> bool:
    """Whether somebody who is told something can begin at `j`: "reporters", "him", "parliament", "a newspaper"."""
    return bool(s.bits[j] & (lx.OBJ | lx.CAP | lx.PERSON | lx.DET | lx.POSS)) or s.low[j] in _BODIES


def starts_phrase(s: Sentence, j: int) -> bool:
    """Whether a noun phrase can begin at `j`."""
    b = s.bits[j]
    if is_time(s, j):
        return False
    if b & (lx.DET | lx.POSS | lx.OBJ | lx.CAP | lx.NUM | lx.TITLE | lx.SUBJ):
        return True
    if s.low[j] in {"“", '"', "‘"}:
        return True
    return not b & _NO_HEAD and s.low[j][0].isalpha()


def complement_of(f: Finder, use: Use) -> list[Range]:
    """The content to the right of an active verb, by the frames it takes; empty when nothing fits."""
    s, bits, low = f.s, f.s.bits, f.s.low
    frames = use.verb.frames
    last = sentence_end(s)
    j = use.end
    while j < last and bits[j] & lx.ADV and not bits[j] & (lx.DET | lx.COMP | lx.PREP) and low[j] not in _LATE:
        j += 1
    if j >= last:
        return []
    person = (addressed(s, j) or bits[j] & lx.WHO) and not bits[j] & lx.COMP
    if frames & {"o", "x_of"} and person and (found := _after_person(f, use, j, last)):
        return found
    if (bits[j] & lx.TIME and not bits[j] & (lx.MODAL | lx.CAP)) or (bits[j] & lx.TIME and low[j].endswith("day")):
        while j < last and bits[j] & lx.TIME:
            j += 1
        if j >= last:
            return []
    if "i" in frames and bits[j] & lx.TO and j + 1 < last and not bits[j + 1] & (lx.NUM | lx.DET | lx.CAP | lx.POSS):
        return [(j, clause_end(s, j))]
    joins = bits[j] & (lx.PREP | lx.TO | lx.ADV | lx.CONJ)
    if low[j] in frames and joins and j + 1 < last and not bits[j + 1] & lx.TIME:
        return [(j + 1, phrase_end(s, j + 1))]
    if (frames & {"q", "t", "T", "w"} and not starts_phrase(s, j)) or ("t" in frames and "n" not in frames):
        j = skip_adjuncts(s, j)
        if j < last and bits[j] & lx.COLON:
            j += 1
        if j < last and bits[j] & lx.COMMA and j + 1 < last and (bits[j + 1] & lx.COMP or low[j + 1] == "“"):
            j += 1
    if j >= last:
        return []
    if (
        (bits[j] & lx.COMP and frames & {"t", "T", "q"})
        or (bits[j] & (lx.WH | lx.WHO) and "w" in frames)
        or (bits[j] & lx.TO and "i" in frames)
        or (bits[j] & lx.ING and "g" in frames)
    ):
        return [(j, clause_end(s, j))]
    if not starts_phrase(s, j):
        return []
    if "t" in frames and ("n" not in frames or is_clause(s, j)):
        return [] if bits[j] & lx.COMMA else [(j, clause_end(s, j))]
    if "T" in frames and bits[j] & lx.SUBJ:
        return [(j, clause_end(s, j))]
    if "as" in frames and "n" not in frames:
        for i in range(j + 1, min(j + 16, last)):
            if low[i] == "as":
                return [(j, clause_end(s, i))]
            if bits[i] & (lx.COMMA | lx.AUX | lx.SUBJ | lx.STOP):
                break
        return []
    only = frames >= {"o", "q"} and (bits[j] & (lx.OBJ | lx.PERSON) or _BODIES & {*low[j : j + 2]})  # "told reporters"
    return [(j, phrase_end(s, j))] if frames & {"n", "N"} and not only else []


def _after_person(f: Finder, use: Use, j: int, last: int) -> list[Range]:
    """What follows the person addressed: "told reporters that", "urged them to", "accused her of"."""
    s, bits, low = f.s, f.s.bits, f.s.low
    i = j + 1
    while i < min(last, j + 14) and not bits[i] & (lx.COMMA | lx.STOP | lx.QUOTE):
        if bits[i] & lx.COMP and "x_of" not in use.verb.frames:
            return [(i, clause_end(s, i))]
        if bits[i] & lx.TO and i + 1 < last and not bits[i + 1] & (lx.DET | lx.CAP | lx.POSS):
            return [(i if use.verb.lemma in {"ask", "tell"} else j, clause_end(s, i))]
        if "x_of" in use.verb.frames and low[i] == "of":
            return [(j, clause_end(s, j))]
        if low[i] in {"about", "against", "on"} and low[i] in use.verb.frames:
            return [(i + 1, phrase_end(s, i + 1))] if i + 1 < last else []
        if "w" in use.verb.frames and bits[i] & lx.WH:
            return [(i, clause_end(s, i))]
        told = bits[i - 1] & (lx.TIME | lx.OBJ | lx.PERSON | lx.CAP) or (
            i == j + 1 and not bits[j] & (lx.DET | lx.POSS)
        )
        if "t" in use.verb.frames and bits[i] & (lx.SUBJ | lx.DET | lx.POSS) and told:
            return [(i, clause_end(s, i))]
        i += 1
    return []


def passive(f: Finder, use: Use, subject: Range | None) -> None:
    """Reads "The force is expected to ..." (nobody says by whom) and "was criticized by ..." (by those named)."""
    s, bits, low = f.s, f.s.bits, f.s.low
    last = sentence_end(s)
    j = use.end
    while j < last and bits[j] & lx.ADV and not bits[j] & lx.DET:
        j += 1
    content = [subject] if subject else []
    if j < last and low[j] == "by":
        end = phrase_end(s, j + 1) if j + 1 < last else last
        if content:
            f.reported((j + 1, end), use, content)
        return
    frames = use.verb.frames
    if "o" in frames and "q" in frames and subject and j < last and bits[j] & (lx.COMP | lx.TO):
        f.reported(None, use, [(j, clause_end(s, j))])
        return
    known = use.verb.kind in {"cognitive", "evaluative"} or use.verb.lemma in {"say", "report", "claim", "know"}
    if known and subject and j < last and (bits[j] & lx.TO or low[j] in {"as", "of", "for"} or "N" in frames):
        content.append((j, clause_end(s, j)))
        f.reported(None, use, content)
    elif j < last and bits[j] & lx.COMP:
        f.reported(None, use, [(j, clause_end(s, j))])
