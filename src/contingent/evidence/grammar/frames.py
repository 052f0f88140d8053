"""How a reporting verb takes its content: clause, infinitive, person and clause, object, or a passive.

Complement frames of reporting verbs.
"""

from contingent.evidence.grammar import complement
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.sentences import Range
from contingent.evidence.grammar.statement import Finder
from contingent.evidence.grammar.verb_group import Use


def complement_of(f: Finder, use: Use) -> list[Range]:
    """The content to the right of an active verb, by the frames it takes; empty when nothing fits."""
    s, bits, low = f.s, f.s.bits, f.s.low
    frames = use.verb.frames
    last = complement.sentence_end(s)
    j = use.end
    while j < last and bits[j] & lx.ADV and not bits[j] & (lx.DET | lx.COMP | lx.PREP):
        j += 1
    if j >= last:
        return []
    person = bits[j] & (lx.OBJ | lx.CAP | lx.PERSON | lx.DET | lx.POSS | lx.WHO) and not bits[j] & lx.COMP
    if frames & {"o", "x_of"} and person and (found := _after_person(f, use, j, last)):
        return found
    if (bits[j] & lx.TIME and not bits[j] & (lx.MODAL | lx.CAP)) or (bits[j] & lx.TIME and low[j].endswith("day")):
        while j < last and bits[j] & lx.TIME:
            j += 1
        if j >= last:
            return []
    if "i" in frames and bits[j] & lx.TO and j + 1 < last:
        return [(j, complement.clause_end(s, j))]
    joins = bits[j] & (lx.PREP | lx.TO | lx.ADV | lx.CONJ)
    if low[j] in frames and joins and j + 1 < last and not bits[j + 1] & lx.TIME:
        return [(j + 1, complement.phrase_end(s, j + 1))]
    if (frames & {"q", "t", "T", "w"} and not complement.starts_phrase(s, j)) or ("t" in frames and "n" not in frames):
        j = complement.skip_adjuncts(s, j)
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
        return [(j, complement.clause_end(s, j))]
    if not complement.starts_phrase(s, j):
        return []
    if "t" in frames and ("n" not in frames or complement.is_clause(s, j)):
        return [] if bits[j] & lx.COMMA else [(j, complement.clause_end(s, j))]
    if "T" in frames and bits[j] & lx.SUBJ:
        return [(j, complement.clause_end(s, j))]
    if "as" in frames and "n" not in frames:
        for i in range(j + 1, min(j + 16, last)):
            if low[i] == "as":
                return [(j, complement.clause_end(s, i))]
            if bits[i] & (lx.COMMA | lx.AUX | lx.SUBJ | lx.STOP):
                break
        return []
    return [(j, complement.phrase_end(s, j))] if frames & {"n", "N"} else []


def _after_person(f: Finder, use: Use, j: int, last: int) -> list[Range]:
    """What follows the person addressed: "told reporters that", "urged them to", "accused her of"."""
    s, bits, low = f.s, f.s.bits, f.s.low
    i = j + 1
    while i < min(last, j + 14) and not bits[i] & (lx.COMMA | lx.STOP | lx.QUOTE):
        if bits[i] & lx.COMP and "x_of" not in use.verb.frames:
            return [(i, complement.clause_end(s, i))]
        if bits[i] & lx.TO and i + 1 < last and not bits[i + 1] & (lx.DET | lx.CAP | lx.POSS):
            return [(i if use.verb.lemma in {"ask", "tell"} else j, complement.clause_end(s, i))]
        if "x_of" in use.verb.frames and low[i] == "of":
            return [(j, complement.clause_end(s, j))]
        if low[i] in {"about", "against", "on"} and low[i] in use.verb.frames:
            return [(i + 1, complement.phrase_end(s, i + 1))] if i + 1 < last else []
        if "w" in use.verb.frames and bits[i] & lx.WH:
            return [(i, complement.clause_end(s, i))]
        told = bits[i - 1] & (lx.TIME | lx.OBJ | lx.PERSON | lx.CAP) or (
            i == j + 1 and not bits[j] & (lx.DET | lx.POSS)
        )
        if "t" in use.verb.frames and bits[i] & (lx.SUBJ | lx.DET | lx.POSS) and told:
            return [(i, complement.clause_end(s, i))]
        i += 1
    return []


def passive(f: Finder, use: Use, subject: Range | None) -> None:
    """Reads "The force is expected to ..." (nobody says by whom) and "was criticized by ..." (by those named)."""
    s, bits, low = f.s, f.s.bits, f.s.low
    last = complement.sentence_end(s)
    j = use.end
    while j < last and bits[j] & lx.ADV and not bits[j] & lx.DET:
        j += 1
    content = [subject] if subject else []
    if j < last and low[j] == "by":
        end = complement.phrase_end(s, j + 1) if j + 1 < last else last
        if content:
            f.reported((j + 1, end), use, content)
        return
    frames = use.verb.frames
    if "o" in frames and "q" in frames and subject and j < last and bits[j] & (lx.COMP | lx.TO):
        f.reported(None, use, [(j, complement.clause_end(s, j))])
        return
    known = use.verb.kind in {"cognitive", "evaluative"} or use.verb.lemma in {"say", "report", "claim", "know"}
    if known and subject and j < last and (bits[j] & lx.TO or low[j] in {"as", "of", "for"} or "N" in frames):
        content.append((j, complement.clause_end(s, j)))
        f.reported(None, use, content)
    elif j < last and bits[j] & lx.COMP:
        f.reported(None, use, [(j, complement.clause_end(s, j))])
