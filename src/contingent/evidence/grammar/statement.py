"""What one reported statement is: who is said to have said what, as places, and what it does with its sentence.

Attribution relation (source, cue, content). Two sets of places are matched one to one, greedily, by the Jaccard overlap
of their characters, a match at 0.3 or more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contingent.evidence.claim import Span
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar import source
from contingent.evidence.grammar.sentences import Range, Sentence, read
from contingent.evidence.grammar.verb_group import Use

THRESHOLD = 0.3
SAYS = frozenset(["neutral", "factive", "assertive", "evidential", "turn"])
"""Classes of cue that report a statement rather than an act."""
_DASH, _DENIABLE, _FORMULAS = lx.patterns("statement", "dash deniable formulas")
_DENIALS = frozenset("deny dismiss refute rebut dispute contradict reject".split())
_EDGE = lx.COMMA | lx.STOP | lx.DASH | lx.CONJ | lx.SUB | lx.MARK | lx.COLON | lx.QUOTE
_CLAUSE = 5  # tokens; what is left of a sentence and shorter is an adjunct


@dataclass(frozen=True, slots=True)
class Statement:
    """One reported statement: source, cue and content; spans are character offsets in the text, end exclusive.

    `kind` is the class of the cue (neutral, factive, assertive, commissive, directive, cognitive, evaluative,
    decree, evidential, nominal); `sentence` numbers the sentence the cue stands in.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    lemma: str
    kind: str
    paragraph: int
    sentence: int
    within: bool = False
    """Whether it is itself part of what somebody else is reported to say ("he said they hoped ...")."""


class Finder:
    """The attributions of one sentence, found cue by cue from the left."""

    def __init__(self, text: str, s: Sentence, number: int) -> None:
        self.text = text
        self.s = s
        self.number = number
        self.found: list[Statement] = []
        self.subjects: list[tuple[int, Range]] = []
        self.quoted: set[int] = set()

    def words(self, a: int, b: int) -> str:
        """The text of the tokens [a, b)."""
        return self.text[self.s.start[a] : self.s.end[b - 1]]

    def lower(self, i: int) -> bool:
        """Whether the quotation at token `i` goes on in the middle of a sentence."""
        return self.words(i, i + 1).lstrip("“\"'‘«` ")[:1].islower()

    def reported(self, who: Range | None, use: Use, content: list[Range]) -> None:
        """One more statement, by a reporting verb in use."""
        self.add(who, (use.start, use.end), content, use.verb.lemma, use.verb.kind)

    def add(self, who: Range | None, cue: Range, content: list[Range], lemma: str, kind: str) -> None:
        """One more statement, token ranges turned into offsets; a lone pronoun as content says nothing."""
        s = self.s
        if (
            len(content) == 1
            and content[0][1] - content[0][0] == 1
            and s.low[content[0][0]] in {"it", "that", "this", "so", "me", "us"}
        ):
            return
        spans = tuple(sorted({(s.start[a], s.end[b - 1]) for a, b in content if b > a}))
        for a, b in content:
            self.quoted.update(i for i in range(a, b) if s.bits[i] & lx.QUOTE)
        self.found.append(Statement(
            (s.start[who[0]], s.end[who[1] - 1]) if who and who[1] > who[0] else None,
            (s.start[cue[0]], s.end[cue[1] - 1]), spans, lemma, kind, s.paragraph, self.number,
        ))  # fmt: skip

    def main(self, k: int) -> Range | None:
        """The subject that a participle or a second verb shares."""
        earlier = [who for at, who in self.subjects if at < k]
        return earlier[-1] if earlier else source.main(self.s, k)


def length(spans: Iterable[Span]) -> int:
    """Characters covered by spans that do not overlap each other."""
    return sum(b - a for a, b in spans)


def common(left: Iterable[Span], right: Sequence[Span]) -> int:
    """Characters that both sets of spans cover."""
    return sum(max(0, min(b, d) - max(a, c)) for a, b in left for c, d in right)


def jaccard(left: Sequence[Span], right: Sequence[Span]) -> float:
    """Shared characters over all characters; 0 where either is empty."""
    shared = common(left, right)
    return shared / (length(left) + length(right) - shared) if shared else 0.0


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters as spans that rise and do not overlap."""
    done: list[Span] = []
    for a, b in sorted(spans):
        if done and a <= done[-1][1]:
            done[-1] = (done[-1][0], max(b, done[-1][1]))
        else:
            done.append((a, b))
    return tuple(done)


def pair(found: Sequence[Sequence[Span]], gold: Sequence[Sequence[Span]], least: float = THRESHOLD) -> dict[int, int]:
    """Which found content is which annotated one, best overlaps first; each is used once."""
    ours, theirs = [merged(spans) for spans in found], [merged(spans) for spans in gold]
    scored = sorted(
        (-overlap, i, j)
        for i, left in enumerate(ours)
        for j, right in enumerate(theirs)
        if (overlap := jaccard(left, right)) >= least
    )
    used: set[int] = set()
    pairs: dict[int, int] = {}
    for _, i, j in scored:
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return pairs


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
