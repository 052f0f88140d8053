"""What one reported statement is: source, cue and content as places in the text."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]
Range = tuple[int, int]
"""A run of tokens in a sentence, end exclusive."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported statement; spans are character offsets in the text, end exclusive.

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
    passive: bool = False
    within: bool = False
    """Whether it is itself part of what somebody else is reported to say ("he said they hoped ...")."""
