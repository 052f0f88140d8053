"""Who is reported to speak: the noun phrase before, after or above the cue."""

from __future__ import annotations

from contingent.evidence.lexicon import (
    ADV,
    AUX,
    CAP,
    COLON,
    COMMA,
    COMP,
    CONJ,
    CUE,
    DASH,
    DET,
    ED,
    ING,
    MARK,
    NOUNLIKE,
    NUM,
    OBJ,
    PERSON,
    POSS,
    PREP,
    QUOTE,
    STOP,
    SUB,
    SUBJ,
    TIME,
    TITLE,
    TO,
    VERB,
    WH,
    WHO,
    words,
)
from contingent.evidence.sentences import Sentence

Range = tuple[int, int]
_ROLES = words("roles")
"""Nouns of office or kinship, after which a name may stand in apposition."""


def before(s: Sentence, v: int) -> Range | None:
    """The subject that ends just before the verb group at `v`; apposition and relative clauses included."""
    bits, low = s.bits, s.low
    i = v - 1
    while i >= 0 and bits[i] & ADV and not bits[i] & (DET | CONJ | PERSON):
        i -= 1
    if i < 0:
        return None
    b = bits[i]
    if b & QUOTE:
        return None
    if (b & (SUBJ | WHO) and not b & CAP) or b & SUBJ or (low[i] == "that" and b & WHO):
        return (i, i + 1)
    if b & COMMA:
        return _over_apposition(s, i)
    if low[i] in {")", "]"}:
        return _segment(s, i + 1)
    if b & DASH and i > 1:
        for j in range(i - 1, 0, -1):
            if bits[j] & DASH:
                found = _segment(s, j)
                return (found[0], i) if found else None
        return None
    return _segment(s, i + 1)


def _over_apposition(s: Sentence, comma: int) -> Range | None:
    """Steps back from the comma that closes an apposition to the head it belongs to."""
    bits, low = s.bits, s.low
    j = comma - 1
    while j >= 0:
        while j >= 0 and not bits[j] & (COMMA | QUOTE | STOP | DASH | COLON):
            j -= 1
        if j < 0 or not bits[j] & COMMA:
            break
        first = j + 1
        while first < comma and bits[first] & ADV:
            first += 1
        if first >= comma:
            break
        inner = bits[first] & (DET | POSS | WHO | ING | PREP | NUM) or not bits[first] & CAP or bits[first] & TITLE
        head = _segment(s, j)
        named = head and (bits[head[1] - 1] & (PERSON | TITLE) or low[head[1] - 1] in _ROLES)
        if (
            (inner or named)
            and head
            and (bits[head[0]] & (CAP | SUBJ | DET | PERSON | POSS | TITLE) or bits[head[1] - 1] & PERSON)
        ):
            deeper = _over_apposition(s, j) if _again(s, j) else None
            return (deeper[0] if deeper else head[0], comma)
        j -= 1
    found = _segment(s, comma)
    return found if found and found[0] == 0 else None


def _again(s: Sentence, comma: int) -> bool:
    """Whether the segment before the comma is itself an apposition to something earlier."""
    i = comma - 1
    while i >= 0 and not s.bits[i] & (COMMA | QUOTE | STOP | DASH | COLON):
        i -= 1
    if i < 0 or not s.bits[i] & COMMA:
        return False
    first = s.bits[i + 1]
    return bool(first & (DET | POSS | NUM)) or not first & (CAP | PREP | ADV | SUB | CONJ)


def _segment(s: Sentence, stop: int) -> Range | None:
    """The noun phrase that ends before `stop`, back to the start of its clause."""
    bits, low = s.bits, s.low
    j = stop - 1
    start = stop
    while j >= 0:
        b = bits[j]
        if b & MARK and j and bits[j - 1] & (COMMA | STOP):
            break  # the mark that closes a quotation, not one around a name
        if low[j] in {")", "]"}:
            inside = j - 1
            while inside > 0 and low[inside] not in {"(", "["}:
                inside -= 1
            if inside > 0:
                start = j = inside
                j -= 1
                continue
        if b & (COMMA | STOP | COLON | QUOTE | DASH | COMP | WH) and not b & WHO:
            break
        if b & SUB and low[j] != "than" and not (low[j] == "as" and not bits[j + 1] & (CAP | SUBJ | DET | POSS)):
            break
        if (
            low[j] == "that"
            and not (j and bits[j - 1] & (DET | PREP))
            and j < stop - 2
            and bits[j + 1] & (CAP | DET | POSS | PERSON)
        ):
            break
        if b & CONJ and (low[j] in {"but", "yet"} or _verb_before(s, j) or j == 0):
            break
        if b & SUBJ and low[j] not in {"it", "you"}:
            break
        start = j
        j -= 1
    while (
        (start < stop and bits[start] & (ADV | CONJ) and not bits[start] & (DET | PERSON | CAP | NUM))
        or (start < stop and bits[start] & CONJ)
        or (start < stop and bits[start] & ADV and bits[start] & CAP and start + 1 < stop)
    ):
        start += 1
    if start < stop and bits[start] & (PREP | TIME) and not bits[start] & DET:
        start = _after_adverbial(s, start, stop)
    if start >= stop or all(bits[n] & (ADV | TIME) and not bits[n] & (DET | PERSON) for n in range(start, stop)):
        return None
    for n in range(start, stop - 1):
        if (
            (bits[n] & (AUX | VERB) or _reports(s, n))
            and low[n] != "'s"
            and not any(bits[m] & WHO for m in range(start, n))
        ):
            return _last_phrase(s, n + 1, stop)
    return (start, stop)


def _reports(s: Sentence, n: int) -> bool:
    """Whether the token is a finite reporting verb, so that what follows it is another clause."""
    return (
        bool(s.bits[n] & CUE)
        and n > 0
        and not s.bits[n - 1] & (DET | POSS | PREP)
        and any(
            "q" in verb.frames and set(verb.forms) & {"s", "d"} and verb.lemma not in NOUNLIKE
            for verb in s.words[n].verbs
        )
    )


def _verb_before(s: Sentence, conj: int) -> bool:
    for j in range(conj - 1, max(-1, conj - 14), -1):
        b = s.bits[j]
        if b & (COMMA | STOP | QUOTE | COMP | SUB):
            return False
        if b & (AUX | VERB | ED) or (b & CUE and not s.bits[j - 1] & (DET | POSS | PREP)):
            return True
    return False


def _after_adverbial(s: Sentence, start: int, stop: int) -> int:
    """Skips "On Tuesday" or "In Cleveland" before the subject of a clause without a comma."""
    bits = s.bits
    for n in range(start + 1, stop):
        if bits[n] & (DET | CAP | POSS | PERSON) and not bits[n - 1] & (PREP | DET | CAP | POSS) and not bits[n] & TIME:
            return n
        if bits[n] & CAP and bits[n - 1] & TIME and not bits[n] & TIME:
            return n
    return start


def _last_phrase(s: Sentence, start: int, stop: int) -> Range | None:
    """The last noun phrase before `stop` where a verb stands between: the object side of another clause."""
    bits = s.bits
    j = stop - 1
    while j > start and not bits[j] & (PREP | TO | AUX | VERB):
        if bits[j] & (DET | POSS) and not bits[j - 1] & DET:
            return (j, stop)
        if bits[j] & CAP and not bits[j - 1] & (CAP | DET | POSS | PERSON | TITLE):
            return (j, stop)
        j -= 1
    return (start, stop) if start < stop else None


def after(s: Sentence, j: int) -> Range | None:
    """The subject that follows its verb ("said Ms Khan, a lawyer, in Lahore")."""
    bits, low = s.bits, s.low
    n = len(s)
    if j >= n or bits[j] & (COMMA | STOP | QUOTE | COLON | COMP | DASH):
        return None
    if bits[j] & (PREP | TIME | TO | OBJ | ADV | SUB | WH | AUX) and not bits[j] & (DET | SUBJ | CAP):
        return None
    if bits[j] & SUBJ:
        return (j, j + 1)
    end = j
    while (
        end < n
        and not bits[end] & (COMMA | STOP | QUOTE | COLON | SUB | COMP)
        and not (bits[end] & DASH and low[end] != "(")
    ):
        if low[end] == "(":
            while end < n and low[end] != ")":
                end += 1
            end = min(end + 1, n)
            continue
        if (end > j and bits[end] & (AUX | SUBJ)) or (bits[end] & TIME and end > j and not bits[end] & CAP):
            break
        if end > j and low[end] in {"in", "on", "at", "during", "after", "before"} and not bits[end - 1] & ED:
            break
        end += 1
    if (
        end < n
        and bits[end] & COMMA
        and end + 1 < n
        and bits[end + 1] & (DET | POSS | WHO | PERSON | TITLE | NUM)
        | (not bits[end + 1] & (CAP | PREP | ADV | CONJ | SUB | QUOTE | ING | SUBJ))
    ):
        while end + 1 < n and not bits[end + 1] & (STOP | QUOTE | COLON | DASH):
            end += 1
            if bits[end] & COMMA and end + 1 < n and not bits[end + 1] & (DET | POSS | WHO | PERSON | TITLE | NUM):
                break
        else:
            end += 1
    return (j, end) if end > j else None


def main(s: Sentence, k: int) -> Range | None:
    """The subject of the clause around token `k`: the first noun phrase of the sentence, before its verb.

    A relative clause that is still open keeps its own subject; a participle in front takes the one that follows.
    """
    bits = s.bits
    for i in range(k - 1, max(-1, k - 25), -1):
        if bits[i] & (STOP | QUOTE):
            break
        if bits[i] & WHO and s.low[i] == "who" and bits[k - 1] & CONJ:
            return (i, i + 1)
    if not any(bits[i] & (AUX | SUBJ | VERB | CAP) for i in range(k)):
        comma = k
        while comma < len(s) and not bits[comma] & COMMA:
            comma += 1
        found = _fronted(s, comma + 1)
        if found:
            return found
    start = 0
    while start < k:
        b = bits[start]
        if b & SUBJ or (b & (DET | POSS | CAP | PERSON | NUM) and not b & (PREP | SUB | ADV | ING | TIME | CONJ)):
            break
        if b & (PREP | SUB | ING) or (b & CUE and b & ING):
            comma = start
            while comma < k and not bits[comma] & COMMA:
                comma += 1
            start = comma + 1 if comma < k else start + 1
        else:
            start += 1
    if start >= k:
        return None
    if bits[start] & SUBJ:
        return (start, start + 1)
    end = start + 1
    while end < k and not bits[end] & (AUX | VERB | CUE | QUOTE | STOP | COLON | DASH | COMMA | SUB | WHO | ED):
        end += 1
    return (start, end)


def _fronted(s: Sentence, start: int) -> Range | None:
    """The subject of the clause that follows a participle in front ("Citing costs, the minister ...")."""
    if start >= len(s) or (s.bits[start] & (CONJ | ADV | PREP | QUOTE | SUB) and not s.bits[start] & DET):
        return None
    end = start
    while end < len(s) and not s.bits[end] & (AUX | VERB | CUE | QUOTE | STOP | COLON | COMMA | SUB | ED | ADV):
        end += 1
    return (start, end) if end > start else None
