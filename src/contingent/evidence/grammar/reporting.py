"""Which statement a reporting verb reports: its quotation, clause, infinitive or object, and its speaker.

Direct and indirect speech.
"""

import re

from contingent.evidence.grammar import complement, source
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.sentences import Range, Sentence
from contingent.evidence.grammar.statement import Finder
from contingent.evidence.grammar.verb_group import Use

_NAMED = re.compile(r"\bto be (?:named|identified|quoted)", re.IGNORECASE)
_ANONYMITY = re.compile(
    r"(?:not to be|to remain|to stay|not be|for|that \w+ not be) (?:named|identified|quoted|anonym)", re.IGNORECASE
)


def by_verb(f: Finder, use: Use) -> None:
    """Adds what the reporting verb in use reports, if anything."""
    s, bits = f.s, f.s.bits
    frames = use.verb.frames
    if use.at == 0 and bits[0] & lx.ING and len(s) > 1 and bits[1] & lx.COMMA:
        return  # "Responding, the envoy said"
    last = complement.sentence_end(s)
    who = source.before(s, use.start) if use.subject == "left" else f.main(use.at) if use.subject == "main" else None
    if use.passive:
        complement.passive(f, use, who)
        return
    if "q" in frames and use.start == use.at and (who is None or who[1] == use.at or bits[use.at - 1] & lx.COMMA):
        inverted = _inverted(s, use, use.at)
        if inverted and not (bits[use.at - 1] | bits[use.at - 2]) & lx.QUOTE and _trailing(f, use, None):
            return
    if "q" in frames:
        content, speaker = _quotations(f, use, who)
        if content:
            if speaker:
                f.subjects.append((use.at, speaker))
            f.reported(speaker, use, content)
            return
    if who is None and use.subject != "main" and not ("q" in frames and use.end < last):
        _trailing(f, use, None)
        return
    if who and "q" in frames and not bits[who[0]] & lx.WHO and _trailing(f, use, who, closing=True):
        return
    if who:
        f.subjects.append((use.at, who))
    content = complement.complement_of(f, use)
    if content and (_asks_anonymity(f, use, content) or _shows_by_itself(s, use)):
        return
    if content:
        f.reported(who, use, content)
    elif "q" in frames or "t" in frames:
        _trailing(f, use, who)


def _asks_anonymity(f: Finder, use: Use, content: list[Range]) -> bool:
    """Whether the request is only not to be named: a fact about the source, not a statement."""
    if use.verb.lemma in {"ask", "decline", "refuse", "request"} and "to be " in f.words(use.end, content[0][1])[:8]:
        return bool(_NAMED.search(f.words(use.end, content[0][1])[:40]))
    return bool(_ANONYMITY.match(f.words(use.end, content[0][1])))


def _shows_by_itself(s: Sentence, use: Use) -> bool:
    """Whether something *would* show something: an argument of the writer, nobody's statement."""
    return use.verb.lemma in {"show", "demonstrate", "prove", "reflect", "suggest", "mean"} and any(
        s.bits[i] & lx.MODAL and s.low[i] in {"would", "could", "might", "may"} for i in range(use.start, use.at)
    )


def _inverted(s: Sentence, use: Use, lead: int) -> Range | None:
    """The subject after the verb, when a comma or a closing mark stands before it and the clause then ends."""
    before = use.at - 1
    closed = before >= 0 and s.bits[before] & (lx.COMMA | lx.QUOTE | lx.MARK | lx.STOP)
    if not closed or not set(use.verb.forms) & {"d", "s"}:
        return None
    found = source.after(s, use.end)
    if found is None or (s.bits[found[0]] & (lx.OBJ | lx.TIME) and not s.bits[found[0]] & lx.SUBJ):
        return None
    if complement.is_time(s, found[0]) or use.verb.lemma == "tell":
        return None
    if any(
        s.bits[i] & (lx.AUX | lx.VERB | lx.ED | lx.SUBJ) and s.low[i] != "'s"
        for i in range(found[0] + 1, _head_end(s, found))
    ):
        return None
    return found if found[1] >= len(s) or not s.bits[found[1]] & (lx.AUX | lx.COMP | lx.SUBJ) else None


def _head_end(s: Sentence, found: Range) -> int:
    """Where the noun phrase proper ends, before its apposition or relative clause."""
    return next((i for i in range(*found) if s.bits[i] & lx.COMMA or s.low[i] in {"who", "whose"}), found[1])


def _quotations(f: Finder, use: Use, who: Range | None) -> tuple[list[Range], Range | None]:
    """The direct quotations that a verb of saying introduces or follows, and its speaker by inversion if need be."""
    s, bits = f.s, f.s.bits
    n = len(s)
    content: list[Range] = []
    lead = who[0] if who and who[1] <= use.start and use.subject == "left" else use.start
    left = s.back(lead - 1, lx.ADV, lx.DET)
    if left >= 0 and bits[left] & lx.COMMA:
        left -= 1
    if left >= 0 and bits[left] & lx.QUOTE and left not in f.quoted:
        content.append((left, left + 1))
        back = left - 1
        while back >= 0 and bits[back] & lx.QUOTE:
            content.append((back, back + 1))
            back -= 1
    speaker = who
    j = use.end
    if content and (lead == use.start or who is None):
        inverted = source.after(s, j)
        if inverted:
            speaker, j = inverted, inverted[1]
    j = complement.skip_adjuncts(s, j)
    while j < n and (
        bits[j] & (lx.COMMA | lx.COLON) or (not bits[j] & (lx.QUOTE | lx.STOP) and not content and _person(s, j))
    ):
        j += 1
        if bits[j - 1] & (lx.COMMA | lx.COLON):
            break
    late = next((i for i in range(use.end, n - 1) if bits[i] & (lx.COLON | lx.CUE | lx.STOP)), n - 1)
    if not content and who and bits[late] & lx.COLON and bits[late + 1 if late + 1 < n else late] & lx.QUOTE:
        j = late + 1  # "confirms it on the steps of the ministry: ..."
    if j < n and bits[j] & lx.QUOTE and j not in f.quoted:
        while j < n and bits[j] & lx.QUOTE:
            content.append((j, j + 1))
            j += 1
    elif content:
        goes_on = f.words(content[0][0], content[0][1]).rstrip("”\"'’»").endswith(",")
        more = [i for i in range(j, n) if bits[i] & lx.QUOTE and i not in f.quoted]
        content.extend(
            (i, i + 1) for i in more if (goes_on and f.lower(i)) or not any(bits[m] & lx.CUE for m in range(j, i))
        )
    elif j >= n and n and bits[n - 1] & lx.COLON:
        f.reported(who, use, [])
    return content, speaker


def _person(s: Sentence, j: int) -> bool:
    return bool(s.bits[j] & (lx.OBJ | lx.CAP | lx.PERSON | lx.DET | lx.POSS)) and not s.bits[j] & lx.SUBJ


def _trailing(f: Finder, use: Use, who: Range | None, *, closing: bool = False) -> bool:
    """A clause reported by what comes after or inside it ("The plan, he said, would work"); or after it alone."""
    s, bits = f.s, f.s.bits
    if not use.verb.frames & {"q", "t"}:
        return False
    lead = who[0] if who else use.start
    edge = lead
    if edge and bits[edge - 1] & lx.MARK:
        edge -= 1
    if edge < 2 or not bits[edge - 1] & (lx.COMMA | lx.DASH):
        return False
    j = use.end
    if who is None:
        who = source.after(s, j)
        if who is None:
            return False
        j = who[1]
    if "o" in use.verb.frames and j < len(s) and complement.addressed(s, j):
        j = s.first(j + 1, lx.COMMA | lx.STOP | lx.QUOTE | lx.PREP | lx.COMP | lx.TO | lx.TIME)
    last = complement.sentence_end(s)
    first = next((i + 1 for i in range(edge - 2, -1, -1) if bits[i] & (lx.STOP | lx.QUOTE)), 0)
    if closing and ((j < last and bits[j] & lx.TO) or bits[first] & (lx.PREP | lx.SUB)):
        return False
    j = complement.skip_adjuncts(s, j)
    if j < last and (closing or not bits[j] & (lx.COMMA | lx.DASH)):
        return False
    content = [(first, edge - 1)]
    after = [i for i in range(j, len(s)) if bits[i] & lx.QUOTE and not any(bits[m] & lx.CUE for m in range(j, i))]
    content.extend((i, i + 1) for i in after)
    whole = any(bits[i] & (lx.AUX | lx.VERB | lx.ED | lx.CUE) for i in range(first, edge - 1))
    goes_on = j + 1 < last and not (whole and bits[j + 1] & lx.CUE) and s.low[j + 1] not in complement.CONTRAST
    if not after and goes_on and bits[j] & lx.COMMA:
        content.append((j + 1, complement.clause_end(s, j + 1)))
    f.subjects.append((use.at, who))
    f.reported(who, use, content)
    return True
