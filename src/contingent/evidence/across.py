"""What several articles show together that none shows alone: recycled text, and quotations in different words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contingent.evidence.relate import stems

_WORD = re.compile(r"\w+")
SAME_MATTER = 0.3  # shared stems from which two quotations are one answer; a judgement
SAME_WORDS = 0.5  # share of the shorter one's three-word runs below which the words differ; a judgement


def recycled(
    documents: Sequence[Mapping[str, Any]], claims: Sequence[Mapping[str, Any]], origin: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """A flag for each text that copies or rewrites another: its claims confirm nothing."""
    names = {document["id"]: document["name"] for document in documents}
    for document in documents:
        first = origin.get(document["id"], document["id"])
        mine = [one["id"] for one in claims if one["document"] == document["id"]]
        if first != document["id"] and mine:
            reason = f"copies or rewrites {names.get(first, first)}: a repetition is not a confirmation"
            yield {"kind": "recycled-text", "claims": mine, "reason": reason}


def variants(claims: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A flag for each pair of quotations of one speaker that give one answer in different words."""
    quoted: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in claims:
        if one["form"] == "direct" and one["speaker"]["kind"] == "person" and "exact" in one["spans"][0]:
            quoted[one["speaker"]["name"]].append(one)
    for who, said in quoted.items():
        for index, one in enumerate(said):
            for other in said[index + 1 : index + 1 + _NEAR]:
                if one["document"] != other["document"] and _same_answer(_words(one), _words(other)):
                    reason = f"{who} is quoted with one answer in different words: marks do not mean verbatim"
                    yield {"kind": "quote-fidelity", "claims": [one["id"], other["id"]], "reason": reason}


_NEAR = 100  # quotations of a speaker compared with each


def _words(one: Mapping[str, Any]) -> str:
    return " ".join(span["exact"] for span in one["spans"])


def _same_answer(left: str, right: str) -> bool:
    a, b = stems(left), stems(right)
    if len(a & b) < 2 or len(a & b) / len(a | b) < SAME_MATTER:
        return False
    return containment(left, right) < SAME_WORDS


def containment(left: str, right: str) -> float:
    """The share of the shorter text's three-word runs that the longer one has."""
    runs = [_runs(left), _runs(right)]
    smaller, larger = sorted(runs, key=len)
    return len(smaller & larger) / max(1, len(smaller))


def _runs(text: str) -> set[tuple[str, ...]]:
    found = _WORD.findall(text.lower())
    return {tuple(found[i : i + 3]) for i in range(max(1, len(found) - 2))}
