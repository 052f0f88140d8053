"""What is known while one sentence is read from the left: the statements found and the subjects met."""

from __future__ import annotations

from contingent.evidence import source
from contingent.evidence.lexicon import (
    QUOTE,
)
from contingent.evidence.said import Attribution, Range
from contingent.evidence.sentences import Sentence


class Finder:
    """The attributions of one sentence, found cue by cue from the left."""

    def __init__(self, text: str, s: Sentence, number: int) -> None:
        self.text = text
        self.s = s
        self.number = number
        self.found: list[Attribution] = []
        self.subjects: list[tuple[int, Range]] = []
        self.quoted: set[int] = set()

    def words(self, a: int, b: int) -> str:
        """The text of the tokens [a, b)."""
        return self.text[self.s.start[a] : self.s.end[b - 1]]

    def lower(self, i: int) -> bool:
        """Whether the quotation at token `i` goes on in the middle of a sentence."""
        return self.words(i, i + 1).lstrip("“\"'‘«` ")[:1].islower()

    def add(
        self, who: Range | None, cue: Range, content: list[Range], lemma: str, kind: str, *, passive: bool = False
    ) -> None:
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
            self.quoted.update(i for i in range(a, b) if s.bits[i] & QUOTE)
        self.found.append(
            Attribution(
                (s.start[who[0]], s.end[who[1] - 1]) if who and who[1] > who[0] else None,
                (s.start[cue[0]], s.end[cue[1] - 1]),
                spans,
                lemma,
                kind,
                s.paragraph,
                self.number,
                passive,
            )
        )

    def main(self, k: int) -> Range | None:
        """The subject that a participle or a second verb shares."""
        earlier = [who for at, who in self.subjects if at < k]
        return earlier[-1] if earlier else source.main(self.s, k)
