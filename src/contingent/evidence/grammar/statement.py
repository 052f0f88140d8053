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
        alone = [s.low[a] for a, b in content if len(content) == 1 and b - a == 1]
        if alone and alone[0] in {"it", "that", "this", "so", "me", "us"}:
            return
        if alone and kind not in {"evaluative", "cognitive"} and not any(s.bits[a] & lx.QUOTE for a, _ in content):
            return  # "insisted on anonymity"
        if lemma in {"describe", "recount", "relate"} and s.low[content[0][0]] in {"it", "them"} and "as" not in s.low:
            return  # "described it to the paper"
        whom = (b & (lx.CAP | lx.TITLE | lx.STOP) for a, end in content for b in s.bits[a:end])
        if lemma in {"reply", "respond", "answer"} and all(whom):
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


def characters(spans: Iterable[Span]) -> frozenset[int]:
    """The places of the characters that spans cover."""
    return frozenset(place for a, b in spans for place in range(a, b))


def jaccard(left: Iterable[Span], right: Iterable[Span]) -> float:
    """Shared characters over all characters; 0 where either is empty."""
    return _overlap(characters(left), characters(right))


def _overlap(left: frozenset[int], right: frozenset[int]) -> float:
    return len(left & right) / max(1, len(left | right))


def pair(found: Sequence[Sequence[Span]], gold: Sequence[Sequence[Span]], least: float = THRESHOLD) -> dict[int, int]:
    """Which found content is which annotated one, best overlaps first; each is used once."""
    ours, theirs = [characters(spans) for spans in found], [characters(spans) for spans in gold]
    scored = sorted(
        (-overlap, i, j)
        for i, left in enumerate(ours)
        for j, right in enumerate(theirs)
        if (overlap := _overlap(left, right)) >= least
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
    taken = [span for one in mine for span in (*one.content, one.cue, one.source) if span]
    gaps: list[Span] = []
    for start, end in outside((s.start[0], s.end[-1]), taken):
        tokens = [i for i in range(len(s)) if start <= s.start[i] and s.end[i] <= end]
        while tokens and s.bits[tokens[0]] & (_EDGE | lx.PREP | lx.TIME):
            tokens.pop(0)
        if len(tokens) > _CLAUSE and any(s.bits[i] & (lx.AUX | lx.VERB | lx.ED) for i in tokens[:-1]):
            gaps.append((s.start[tokens[0]], s.end[tokens[-1]]))
    return gaps


def outside(sentence: Span, content: Iterable[Span]) -> list[Span]:
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
