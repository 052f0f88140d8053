"""What does a claim assert of joining a force, is it denied, who is to do it, and does it speak for or against?

Predicates and polarity. English: the words of `grammar/words/acts.txt` in a clause, the governing one first, as a chain
(a word before another governs it: "did not reject the offer"). `governed` reduces a chain and `sign` composes class of
act, negation, cue and mood into a side; in these two nothing belongs to any language.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.lexicon import Terms, phrases
from contingent.evidence.grammar.sentences import Range, Sentence

Sign = Literal[-1, 0, 1]
_SIDES: dict[str, tuple[Sign, Sign]] = {
    "for": (1, -1),  # send, join, support, be ready
    "against": (-1, 1),  # withdraw, stay out, delay, cost
    "refuse": (-1, 1),  # reject, oppose, decline: turns round what it governs
    "exclude": (-1, 0),  # rule out: not to do so leaves everything open
    "decide": (1, 0),  # agree, approve: not to have done so yet leaves everything open
    "open": (0, 0),  # consider, discuss, ask
    "topic": (0, 0),  # a request, an invitation: what is accepted or refused
    "plus": (1, -1),  # argues for: ready, honour, experience
    "minus": (-1, 1),  # argues against: cost, risk, concerns
    "combat": (-1, 1),  # raids, hunting somebody, taking sides
    "mull": (0, -1),  # is considering; not even that
    "object": (0, -1),  # only named: troops, the mission
}
"""For each class of act what it says where it is affirmed, and where it is denied."""
NEITHER = frozenset(["open-question", "non-commitment", "knowledge-denied", "meta-status"])
"""Moods in which nothing is said for or against."""
_WILL = {"intention", "conditional-prediction", "preference", "personal-opinion"}


def sign(act: str, *, negated: bool = False, cue: int = 1, modality: str = "fact-asserted") -> Sign:
    """The effect of a claim on joining: 1 for, -1 against, 0 neither.

    `act` is the class of what is asserted (`""` for none), `negated` whether it is denied in its own clause, `cue` the
    sign of the reporting word: 1 asserts, -1 denies ("denied that"), 0 withholds ("declined to say").
    """
    if not act or not cue or modality in NEITHER:
        return 0
    denied = negated != (cue < 0)
    if act == "decide" and modality == "obligation":
        return 0  # somebody has yet to approve
    if act == "decide" and denied and modality in _WILL:
        return -1  # will not approve
    return _SIDES[act][denied]


def governed(chain: Sequence[str]) -> tuple[str, bool]:
    """The act that a chain of words comes to, the governing word first, and whether it is negated.

    Words are classes of acts, `choose` (decided to), `not` and `cannot`: ("not", "refuse",
    "for") is "for", denied twice and so affirmed. An act is not changed by arguments that it governs; one that is only
    named ("object") is changed by whatever governs it.
    """
    if not chain:
        return "", False
    word = chain[0]
    act, negated = governed(chain[1:])
    acts = act in {"for", "against", "refuse", "exclude", "decide"}
    if word == "not" or (word == "cannot" and act != "minus"):
        return act, not negated
    if word == "cannot":
        return act, negated  # cannot carry the burden
    if word == "refuse" and act == "decide":
        return "refuse", negated  # refused to approve
    if word == "refuse" and (acts or (act == "minus" and chain[1] == "minus")):
        return act, not negated
    if word == "lift":
        return (act, not negated) if act in {"refuse", "minus"} else ("against", False)  # dropped its objections
    if act == "combat" and word in {"for", "against"}:
        return "minus", negated != (word == "against")  # to take part in raids, to stay away from them
    if word == "minus":
        return "minus", acts and negated  # a mistake not to send
    if word in {"object", "topic", "plus"} and act and act not in {"object", "topic"}:
        return act, negated
    if word in {"for", "decide"} and act in {"open", "against", "refuse", "exclude"}:
        return act, negated  # agreed to consider, plans to withdraw
    if word == "choose":
        return ("decide", False) if act == "for" and not negated else (act, negated) if acts else ("topic", False)
    if word == "decide" and negated and act:
        return act, negated  # agreed not to send
    return word, False


_NOUN = lx.DET | lx.POSS | lx.PREP
_OPENS = frozenset("subject because although though while whereas since despite unless if until provided so".split())
_CONDITION = frozenset("subject unless if until provided".split())
_EACH = frozenset("each both all".split())
_ONLY = frozenset("if under with after once when on as".split())
_BOTH = frozenset("without unless until".split())
_AFTER = {"no": 2, "nothing": 4, "nobody": 2, "little": 3, "none": 2}  # tokens after a verb at which they deny it
DECISIONS = frozenset(["for", "against", "refuse", "exclude", "decide"])


class Asserted(NamedTuple):
    """The action asserted and its class, whether it is negated, the tokens of its subject, and of the words read."""

    action: str = ""
    kind: str = ""
    negated: bool = False
    subject: Range = (0, 0)


def asserted(s: Sentence, terms: Terms) -> Asserted:
    """What the words assert of joining; a condition counts only where nothing else says anything."""
    hits = _longest(s.find(terms))
    hits += [(i, i + 1, ("not", "")) for i, word in enumerate(s.low) if word.endswith("n't") and word != "can't"]
    if all(kind == "tame" for _, _, (kind, _) in hits):
        return Asserted()
    hits.sort()
    found = [(_in_clause(s, hits, a, b), s.low[a] in _CONDITION) for a, b in _clauses(s)]
    found = [(one._replace(subject=(0, 0)) if condition else one, condition) for one, condition in found]
    told = [one for one, condition in found if one.kind and not condition] or [one for one, _ in found if one.kind]
    best = next((one for one in told if one.kind in DECISIONS), None) or next(iter(told), Asserted())
    if best.action == "fund" and {"instead", "rather"} & {*s.low}:
        best = best._replace(negated=not best.negated)  # pays and does not go
    no = best.kind == "refuse" if not best.negated else best.kind in {"for", "object"}
    denied = no and any(word in _BOTH for word in s.low)
    only = any(a == "only" and b in _ONLY for a, b in zip(s.low, s.low[1:], strict=False))
    return best._replace(kind="open") if denied or (only and best.kind == "for") else best


def _longest(hits: list[tuple[int, int, tuple[str, str]]]) -> list[tuple[int, int, tuple[str, str]]]:
    """The hits that no longer one covers."""
    kept: list[tuple[int, int, tuple[str, str]]] = []
    for hit in sorted(hits, key=lambda one: (one[0], -one[1])):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return [hit for hit in kept if hit[2][0] != "mute"]


def _clauses(s: Sentence) -> list[Range]:
    """The clauses of a claim, each from the word that opens it."""
    bits, low = s.bits, s.low
    cuts = [0]
    for i in range(1, len(s)):
        after = bits[i - 1] & (lx.COMMA | lx.DASH | lx.STOP)
        if low[i] in _OPENS or low[i] == "but" or (after and bits[i] & (lx.WHO | lx.SUB | lx.CONJ)) or low[i] == ";":
            cuts.append(i)
        elif bits[i] & lx.COMMA and cuts[-1] < i and low[cuts[-1]] in _OPENS:
            cuts.append(i + 1)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(s)], strict=True) if a < b]


def _in_clause(s: Sentence, hits: list[tuple[int, int, tuple[str, str]]], start: int, end: int) -> Asserted:
    mine = [(at, _used(s, at, kind, action), action) for at, _, (kind, action) in hits if start <= at < end]
    for n, (left, right) in enumerate(pairwise(mine)):
        if left[1] == "minus" and (right[1] == "tame" or right[1:] == ("plus", "fund")):
            mine[n : n + 2] = (left[0], "not", ""), left  # "the risk is small", "the cost is borne by the fund"
        elif right[1] == "not" and right[0] - left[0] < _AFTER.get(s.low[right[0]], 0) and left[1] != "not":
            mine[n : n + 2] = right, left  # "will send no troops", "lost no aircraft"
    mine = [one for one in mine if one[1] != "tame"]
    kind, negated = governed([kind for _, kind, _ in mine])
    if not kind:
        return Asserted()
    at, action = next(
        ((at, action) for at, word, action in mine if word == kind),
        next(((at, action) for at, word, action in mine if word != "not"), (mine[0][0], mine[0][2])),
    )
    if s.low[at] and any(one.endswith("%") or one == "percent" for one in s.low[start:at]) and _minority(s, start, at):
        negated = not negated
    if negated and kind == "object":
        kind = "for"  # no troops
    begin = at
    while begin > start and s.bits[begin - 1] & (lx.AUX | lx.ADV | lx.TO) and not s.bits[begin - 1] & lx.DET:
        begin -= 1
    start = next((n + 1 for n in range(begin - 1, start, -1) if s.bits[n] & lx.COMP), start)
    begin = start if s.bits[start] & lx.AUX else begin  # no subject of its own
    return Asserted(action, kind, negated, (start, begin))


def _used(s: Sentence, at: int, kind: str, action: str) -> str:
    """The class of a word as it is used here: an act that is only named ("sending", "the offer") is what is joined."""
    if kind not in {"for", "decide"}:
        return kind
    if s.low[at + 1 : at + 2] == ["by"]:
        return "plus" if action == "fund" else "topic"  # paid, or led, by others
    before = s.bits[at - 1] if at else lx.DET
    noun = (
        before & (lx.ED | lx.VERB)
        or (before & _NOUN and not before & lx.SUBJ and s.low[at] != "in" and s.low[at - 1] not in _EACH)
        or s.low[at - 1] == "'s"
    )
    named = (at > 0 and noun) or (s.low[at].endswith("ing") and not before & lx.BE)
    return {"for": "object", "decide": "plus"}[kind] if named else kind


def _minority(s: Sentence, start: int, end: int) -> bool:
    """Whether a share of less than half stands before a word."""
    numbers = [s.low[i].rstrip("%") for i in range(start, end) if s.bits[i] & lx.NUM]
    return any(number.replace(".", "", 1).isdigit() and float(number) < 50 for number in numbers)


_BODIES = Terms(phrases("bodies.txt"))
_OFFICES = tuple(dict.fromkeys(kind for kind, _ in phrases("bodies.txt")))


def has_verb(s: Sentence, terms: Terms) -> bool:
    """Whether the words hold a verb, so that they say something and are no heading."""
    return any(kind in DECISIONS for _, _, (kind, _) in s.find(terms)) or any(
        b & (lx.AUX | lx.VERB | lx.ED | lx.SUBJ | lx.TO)
        or any("s" in one.forms or "d" in one.forms for one in word.verbs)
        for b, word in zip(s.bits, s.words, strict=True)
    )


def office_of(s: Sentence, start: int = 0, end: int | None = None, *, last: bool = False) -> str:
    """The kind of office or body named in a run of tokens; of several, the most particular, or the last."""
    end = len(s) if end is None else end
    found = [kind for a, b, kind in s.find(_BODIES) if start <= a and b <= end]
    return found[-1] if last and found else next((kind for kind in _OFFICES if kind in found), "")
