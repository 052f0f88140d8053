"""How well found statements match annotated ones: by the overlap of their content, and of their sources too.

The measure is the one of the project's study: greedy one-to-one matching by the Jaccard overlap of content
characters, a match at 0.3 or more; joint when the sources overlap as well (or both have none).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contingent.evidence.said import Span

THRESHOLD = 0.3


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
