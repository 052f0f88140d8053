"""Which claims are independent of each other: copies, one chain of unnamed people, one speaker at one occasion.

A claim repeated a thousand times is one claim. Groups are what counts: within a group only the best-graded
claim speaks (`contingent.evidence.links`).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from contingent.evidence.finding import Finding

SHINGLE = 5  # words; shorter runs recur by chance in articles on one subject
SKETCH = 256  # smallest hashes kept of a text (bottom-k sketch: Cohen & Kaplan 2007, doi:10.1145/1281100.1281133)
COPY = 0.25  # share of the smaller text's sketch found in the other: a judgement, between rewrite and coincidence
_WORD = re.compile(r"[a-z0-9]+")


def shingles(text: str) -> frozenset[int]:
    """Hashes of every run of five words, punctuation and case aside."""
    words = _WORD.findall(text.lower())
    runs = (" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return frozenset(zlib.crc32(run.encode()) for run in runs)


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text, by which it is compared without being kept."""
    return tuple(sorted(shingles(text))[:SKETCH])


def overlap(left: tuple[int, ...], right: tuple[int, ...]) -> float:
    """The share of the smaller sketch that the other has too, below the largest hash both could hold."""
    if not left or not right:
        return 0.0
    limit = min(left[-1] if len(left) == SKETCH else 2**32, right[-1] if len(right) == SKETCH else 2**32)
    a, b = {x for x in left if x <= limit}, {x for x in right if x <= limit}
    return len(a & b) / max(1, min(len(a), len(b)))


def origins(sketches: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """For each text the name of the first (by name) of the texts it copies or rewrites, itself if none.

    Chains count: a copy of a copy has the origin of both. Candidates come from an inverted index, so that
    thousands of unrelated texts cost one pass.
    """
    parent = {name: name for name in sketches}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    holders: dict[int, list[str]] = defaultdict(list)
    for name in sorted(sketches):
        shared = Counter(other for value in sketches[name] for other in holders[value])
        for other, _ in sorted(shared.items()):
            if root(other) != root(name) and overlap(sketches[name], sketches[other]) >= COPY:
                first, second = sorted((root(other), root(name)))
                parent[second] = first
        for value in sketches[name]:
            if len(holders[value]) < _CROWD:
                holders[value].append(name)
    return {name: root(name) for name in sketches}


_CROWD = 50  # texts listed under one hash: a run of words in more texts than that is boilerplate


def group_of(one: Finding, origin: str, published: str = "") -> str:
    """The independence group of a claim in a text of a given origin.

    Unnamed people of one article are one chain, however many descriptions they are given; a named speaker on
    one occasion (programme, or day) is one group in all articles; what the reporter tells is the article's.
    """
    if one.record == "on-the-record" and one.speaker.name:
        occasion = one.channel or published or origin
        return f"{slug(one.speaker.name)}@{slug(occasion)}"
    if one.record == "background":
        return f"unnamed@{origin}"
    return f"reporter@{origin}"


def slug(words: str) -> str:
    """Words as an identifier."""
    return "_".join(_WORD.findall(words.lower())) or "unknown"


def regrouped(claims: Sequence[Mapping[str, Any]], origin: Mapping[str, str]) -> list[dict[str, Any]]:
    """The claims with the groups of copied texts put together under the text they copy."""
    return [
        {**one, "group": one["group"].replace(one["document"], origin.get(one["document"], one["document"]))}
        for one in claims
    ]
