"""Who is reported to speak: the noun phrase before, after or above the cue.

Source spans.
"""

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import NOUNLIKE, words
from contingent.evidence.grammar.sentences import Range, Sentence

_ROLES = words("roles")  # nouns of office or kinship, after which a name may stand in apposition
_INNER = lx.DET | lx.POSS | lx.WHO | lx.ING | lx.PREP | lx.NUM | lx.TITLE  # what an apposition can begin with
_HEADS = lx.CAP | lx.SUBJ | lx.DET | lx.PERSON | lx.POSS | lx.TITLE  # what the phrase it belongs to can begin with
_HEAD_ENDS = lx.AUX | lx.VERB | lx.CUE | lx.QUOTE | lx.STOP | lx.COLON | lx.COMMA | lx.SUB | lx.ED
_APPOSED = lx.DET | lx.POSS | lx.WHO | lx.PERSON | lx.TITLE | lx.NUM  # what can begin an apposition


def before(s: Sentence, v: int) -> Range | None:
    """The subject that ends just before the verb group at `v`; apposition and relative clauses included."""
    bits, low = s.bits, s.low
    i = s.back(v - 1, lx.ADV, lx.DET | lx.CONJ | lx.PERSON)
    if i < 0:
        return None
    b = bits[i]
    if b & lx.QUOTE:
        return None
    if (b & (lx.SUBJ | lx.WHO) and not b & lx.CAP) or b & lx.SUBJ or (low[i] == "that" and b & lx.WHO):
        return (i, i + 1)
    if b & lx.COMMA and i > 2 and bits[i - 1] & lx.ADV and bits[i - 2] & lx.COMMA:
        return _segment(s, i - 2)  # "The minister, however, denied"
    if b & lx.COMMA:
        return _over_apposition(s, i)
    if low[i] in {")", "]"}:
        return _segment(s, i + 1)
    if b & lx.DASH and i > 1:
        for j in range(i - 1, 0, -1):
            if bits[j] & lx.DASH:
                found = _segment(s, j)
                return (found[0], i) if found else None
        return None
    return _segment(s, i + 1)


def _over_apposition(s: Sentence, comma: int) -> Range | None:
    """Steps back from the comma that closes an apposition to the head it belongs to."""
    bits, low = s.bits, s.low
    j = comma - 1
    while j >= 0:
        while j >= 0 and not bits[j] & (lx.COMMA | lx.QUOTE | lx.STOP | lx.DASH | lx.COLON):
            j -= 1
        if j < 0 or not bits[j] & lx.COMMA:
            break
        first = j + 1
        while first < comma and bits[first] & lx.ADV:
            first += 1
        if first >= comma:
            break
        inner = bits[first] & _INNER or not bits[first] & lx.CAP
        head = _segment(s, j)
        named = head and (bits[head[1] - 1] & (lx.PERSON | lx.TITLE) or low[head[1] - 1] in _ROLES)
        named = named or (head and _called(s, head[0], first, comma))
        if (inner or named) and head and (bits[head[0]] & _HEADS or bits[head[1] - 1] & lx.PERSON):
            deeper = _over_apposition(s, j) if _again(s, j) else None
            fronted = deeper and (bits[deeper[0]] | bits[deeper[0] - 1] * (deeper[0] > 0)) & (lx.PREP | lx.TO)
            return (deeper[0] if deeper and not fronted else head[0], comma)
        j -= 1
    found = _segment(s, comma)
    return found if found and found[0] == 0 else None


def _called(s: Sentence, head: int, first: int, comma: int) -> bool:
    """Whether what is apposed to "its treasurer" or "the bishop of Corrin" is the name of one person."""
    opens = s.bits[head] & (lx.DET | lx.POSS) or "'s" in s.low[head:first]
    return bool(opens) and comma - first > 1 and all(b & (lx.CAP | lx.STOP) for b in s.bits[first:comma])


def _again(s: Sentence, comma: int) -> bool:
    """Whether the segment before the comma is itself an apposition to something earlier."""
    i = comma - 1
    while i >= 0 and not s.bits[i] & (lx.COMMA | lx.QUOTE | lx.STOP | lx.DASH | lx.COLON):
        i -= 1
    if i < 0 or not s.bits[i] & lx.COMMA:
        return False
    first = s.bits[i + 1]
    return bool(first & (lx.DET | lx.POSS | lx.NUM)) or not first & (lx.CAP | lx.PREP | lx.ADV | lx.SUB | lx.CONJ)


def _segment(s: Sentence, stop: int) -> Range | None:
    """The noun phrase that ends before `stop`, back to the start of its clause."""
    bits, low = s.bits, s.low
    j = stop - 1
    start = stop
    while j >= 0:
        b = bits[j]
        if b & lx.MARK and j and bits[j - 1] & (lx.COMMA | lx.STOP):
            break  # the mark that closes a quotation, not one around a name
        if low[j] in {")", "]"}:
            inside = j - 1
            while inside > 0 and low[inside] not in {"(", "["}:
                inside -= 1
            if inside > 0:
                start = j = inside
                j -= 1
                continue
        if b & (lx.COMMA | lx.STOP | lx.COLON | lx.QUOTE | lx.DASH | lx.COMP | lx.WH) and not b & lx.WHO:
            break
        called = low[j] == "as" and not bits[j + 1] & (lx.CAP | lx.SUBJ | lx.DET | lx.POSS)
        if b & lx.SUB and low[j] != "than" and not called:
            break
        opens = low[j] == "that" and j < stop - 2 and bits[j + 1] & (lx.CAP | lx.DET | lx.POSS | lx.PERSON)
        if opens and not (j and bits[j - 1] & (lx.DET | lx.PREP)):
            break
        if b & lx.CONJ and (low[j] in {"but", "yet"} or _verb_before(s, j) or j == 0):
            break
        if b & lx.SUBJ and low[j] not in {"it", "you"}:
            break
        start = j
        j -= 1
    while start < stop and (bits[start] & lx.CONJ or (bits[start] & lx.ADV and _skipped(bits[start], stop - start))):
        start += 1
    if start < stop and bits[start] & (lx.PREP | lx.TIME) and not bits[start] & lx.DET:
        start = _after_adverbial(s, start, stop)
    if start >= stop or all(
        bits[n] & (lx.ADV | lx.TIME) and not bits[n] & (lx.DET | lx.PERSON) for n in range(start, stop)
    ):
        return None
    for n in range(start, stop - 1):
        verb = bits[n] & (lx.AUX | lx.VERB) or _reports(s, n)
        timed = all(
            bits[m] & (lx.TIME | lx.PREP | lx.DET | lx.ADV) for m in range(n + 1, stop)
        )  # "a poll released today"
        if verb and low[n] != "'s" and not timed and not any(bits[m] & lx.WHO for m in range(start, n)):
            return _last_phrase(s, n + 1, stop)
    return (start, stop)


def _skipped(adverb: int, left: int) -> bool:
    """Whether an adverb in front is no part of the noun phrase; a capitalized one only if something follows."""
    return left > 1 if adverb & lx.CAP else not adverb & (lx.DET | lx.PERSON | lx.NUM)


def _reports(s: Sentence, n: int) -> bool:
    """Whether the token is a finite reporting verb, so that what follows it is another clause."""
    if not s.bits[n] & lx.CUE or n == 0 or s.bits[n - 1] & (lx.DET | lx.POSS | lx.PREP):
        return False
    plain = (verb for verb in s.words[n].verbs if verb.lemma not in NOUNLIKE)
    return any("q" in verb.frames and set(verb.forms) & {"s", "d"} for verb in plain)


def _verb_before(s: Sentence, conj: int) -> bool:
    for j in range(conj - 1, max(-1, conj - 14), -1):
        b = s.bits[j]
        if b & (lx.COMMA | lx.STOP | lx.QUOTE | lx.COMP | lx.SUB):
            return False
        if b & (lx.AUX | lx.VERB | lx.ED) or (b & lx.CUE and not s.bits[j - 1] & (lx.DET | lx.POSS | lx.PREP)):
            return True
    return False


def _after_adverbial(s: Sentence, start: int, stop: int) -> int:
    """Skips "On Tuesday" or "In Cleveland" before the subject of a clause without a comma."""
    bits = s.bits
    for n in range(start + 1, stop):
        begins = bits[n] & (lx.DET | lx.CAP | lx.POSS | lx.PERSON) and not bits[n] & lx.TIME
        if begins and not bits[n - 1] & (lx.PREP | lx.DET | lx.CAP | lx.POSS):
            return n
        if begins and bits[n] & lx.CAP and bits[n - 1] & lx.TIME:
            return n
    return start


def _last_phrase(s: Sentence, start: int, stop: int) -> Range | None:
    """The last noun phrase before `stop` where a verb stands between: the object side of another clause."""
    bits = s.bits
    j = stop - 1
    while j > start and not bits[j] & (lx.PREP | lx.TO | lx.AUX | lx.VERB):
        if bits[j] & (lx.DET | lx.POSS) and not bits[j - 1] & lx.DET:
            return (j, stop)
        if bits[j] & lx.CAP and not bits[j - 1] & (lx.CAP | lx.DET | lx.POSS | lx.PERSON | lx.TITLE):
            return (j, stop)
        j -= 1
    return (start, stop) if start < stop else None


def after(s: Sentence, j: int) -> Range | None:
    """The subject that follows its verb ("said Ms Khan, a lawyer, in Lahore")."""
    bits, low = s.bits, s.low
    n = len(s)
    if j >= n or bits[j] & (lx.COMMA | lx.STOP | lx.QUOTE | lx.COLON | lx.COMP | lx.DASH):
        return None
    if bits[j] & (lx.PREP | lx.TIME | lx.TO | lx.OBJ | lx.ADV | lx.SUB | lx.WH | lx.AUX) and not bits[j] & (
        lx.DET | lx.SUBJ | lx.CAP
    ):
        return None
    if bits[j] & lx.SUBJ:
        return (j, j + 1)
    end = j
    while (
        end < n
        and not bits[end] & (lx.COMMA | lx.STOP | lx.QUOTE | lx.COLON | lx.SUB | lx.COMP)
        and not (bits[end] & lx.DASH and low[end] != "(")
    ):
        if low[end] == "(":
            while end < n and low[end] != ")":
                end += 1
            end = min(end + 1, n)
            continue
        if (end > j and bits[end] & (lx.AUX | lx.SUBJ)) or (bits[end] & lx.TIME and end > j and not bits[end] & lx.CAP):
            break
        if end > j and low[end] in {"in", "on", "at", "during", "after", "before"} and not bits[end - 1] & lx.ED:
            break
        end += 1
    if (
        end < n
        and bits[end] & lx.COMMA
        and end + 1 < n
        and (
            bits[end + 1] & _APPOSED
            or not bits[end + 1] & (lx.CAP | lx.PREP | lx.ADV | lx.CONJ | lx.SUB | lx.QUOTE | lx.ING | lx.SUBJ)
        )
    ):
        while end + 1 < n and not bits[end + 1] & (lx.STOP | lx.QUOTE | lx.COLON | lx.DASH):
            end += 1
            if bits[end] & lx.COMMA and end + 1 < n and not bits[end + 1] & _APPOSED:
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
        if bits[i] & (lx.STOP | lx.QUOTE):
            break
        if bits[i] & lx.WHO and s.low[i] == "who" and bits[k - 1] & lx.CONJ:
            return (i, i + 1)
    if not any(bits[i] & (lx.AUX | lx.SUBJ | lx.VERB | lx.CAP) for i in range(k)):
        found = _fronted(s, s.first(k, lx.COMMA) + 1)
        if found:
            return found
    start = 0
    while start < k:
        b = bits[start]
        if b & lx.SUBJ or (
            b & (lx.DET | lx.POSS | lx.CAP | lx.PERSON | lx.NUM)
            and not b & (lx.PREP | lx.SUB | lx.ADV | lx.ING | lx.TIME | lx.CONJ)
        ):
            break
        if b & (lx.PREP | lx.SUB | lx.ING) or (b & lx.CUE and b & lx.ING):
            comma = s.first(start, lx.COMMA, k)
            start = comma + 1 if comma < k else start + 1
        else:
            start += 1
    if start >= k:
        return None
    if bits[start] & lx.SUBJ:
        return (start, start + 1)
    return (start, s.first(start + 1, _HEAD_ENDS | lx.DASH | lx.WHO | lx.SUBJ, k))


def _fronted(s: Sentence, start: int) -> Range | None:
    """The subject of the clause that follows a participle in front ("Citing costs, the minister ...")."""
    if start >= len(s) or (
        s.bits[start] & (lx.CONJ | lx.ADV | lx.PREP | lx.QUOTE | lx.SUB) and not s.bits[start] & lx.DET
    ):
        return None
    end = s.first(start, _HEAD_ENDS | lx.ADV)
    return (start, end) if end > start else None
