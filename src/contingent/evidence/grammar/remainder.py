"""What does a statement do with its sentence: deny or withhold what it holds, leave words over, add to it?"""

import re

from contingent.evidence.claim import Span
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.sentences import Sentence, read
from contingent.evidence.grammar.statement import Statement

SAYS = frozenset(["neutral", "factive", "assertive", "evidential", "turn"])
"""Classes of cue that report a statement rather than an act."""
_DASH = re.compile(r"\s*[—–]\s*")
_DENIALS = frozenset("deny dismiss refute rebut dispute contradict reject".split())
_DENIABLE = re.compile(
    r"(?:that|as|any|the|all|such)?\s*(?:media )?"
    r"(?:that|report|allegation|claim|suggestion|accusation|notion|rumou?r|speculation|idea)",
    re.I,
)
_FORMULAS = re.compile(
    r"(?:good (?:morning|afternoon|evening)|thank(?:s| you)|let me (?:add|correct|be clear|say|begin|start)|if i may"
    r"|i beg to move|i want to be clear|ladies and gentlemen|welcome to|with respect)\b(?:\W+\w+){0,5}\W*$"
)
_EDGE = lx.COMMA | lx.STOP | lx.DASH | lx.CONJ | lx.SUB | lx.MARK | lx.COLON | lx.QUOTE
_CLAUSE = 5  # tokens; what is left of a sentence and shorter is an adjunct


def denies(text: str, one: Statement) -> bool:
    """Whether the cue says that the content is not so: "denied that", "rejected reports that"."""
    words = text[slice(*one.content[0])]
    return one.lemma in _DENIALS and (one.lemma == "deny" or bool(_DENIABLE.match(words)))


def withholds(text: str, one: Statement) -> bool:
    """Whether the reporting words say that it was not said: "did not say that", "no official said"."""
    cue = read(text, [one.cue])
    told = read(text, [one.source]).low[:1] if one.source else []
    return one.kind in SAYS and (
        told in (["no"], ["nobody"], ["neither"])
        or any(word in {"not", "never"} or word.endswith("n't") for word in cue.low)
    )


def refused(one: Statement, others: list[Statement]) -> bool:
    """Whether it was just this that somebody declined to comment on."""
    covers = (other for other in others if other is not one and other.lemma in {"decline", "refuse"})
    return any(other.cue[0] <= one.cue[0] and other.content[-1][1] >= one.content[-1][1] for other in covers)


def says(s: Sentence) -> bool:
    """Whether words of a turn say anything: no question, greeting or form of address."""
    return s.low[-1] != "?" and not _FORMULAS.match(" ".join(s.low)) and len(s) > 2


def left_over(s: Sentence, mine: list[Statement]) -> list[Span]:
    """The clauses of a sentence that no statement in it holds; the whole sentence where there is none."""
    if not mine:
        return [(s.start[0], s.end[-1])]
    taken = sorted((a, b) for one in mine for a, b in [*one.content, one.cue, *([one.source] if one.source else [])])
    gaps: list[Span] = []
    at = s.start[0]
    for a, b in [*taken, (s.end[-1], s.end[-1])]:
        tokens = [i for i in range(len(s)) if at <= s.start[i] and s.end[i] <= a]
        while tokens and s.bits[tokens[0]] & (_EDGE | lx.PREP | lx.TIME):
            tokens.pop(0)
        if len(tokens) > _CLAUSE and any(s.bits[i] & (lx.AUX | lx.VERB | lx.ED) for i in tokens[:-1]):
            gaps.append((s.start[tokens[0]], s.end[tokens[-1]]))
        at = max(at, b)
    return gaps


def outside(sentence: Span, content: tuple[Span, ...]) -> list[Span]:
    """The parts of a sentence that are not content: where channel and day of the statement stand."""
    kept: list[Span] = []
    at = sentence[0]
    for a, b in sorted(content):
        kept.append((at, max(at, a)))
        at = max(at, b)
    return [*kept, (at, max(at, sentence[1]))]


def inside(cue: Span, content: tuple[Span, ...]) -> bool:
    """Whether a cue stands in the content of another statement."""
    return any(a <= cue[0] and cue[1] <= b for a, b in content)


def added(text: str, one: Statement, end: int) -> tuple[Span, ...]:
    """What a dash adds to the content in the same sentence."""
    last = one.content[-1][1]
    match = _DASH.match(text, last, end)
    if match is None or match.end() == last or last <= one.cue[1]:
        return ()
    stop = end - (text[end - 1] in ".!?")
    return ((match.end(), stop),) if stop > match.end() else ()
