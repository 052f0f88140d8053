"""Which claims are independent of each other: copies, one chain of unnamed people, one speaker at one occasion.

Source independence and near-duplicate detection. A claim repeated a thousand times is one claim. Groups are what
counts: within a group only the best-graded claim speaks (`contingent.evidence.credence`).
"""

import datetime as dt
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from contingent.evidence.checks import Flag
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.grade import stems

SHINGLE = 5  # words; shorter runs recur by chance in articles on one subject
SKETCH = 256  # smallest hashes kept of a text (bottom-k sketch: Cohen & Kaplan 2007, doi:10.1145/1281100.1281133)
COPY = 0.25  # share of the smaller text's sketch found in the other: a judgement, between rewrite and coincidence
_WORD = re.compile(r"[a-z0-9]+")
_CROWD = 50  # texts listed under one hash: a run of words in more texts than that is boilerplate
_ANY_WORD = re.compile(r"\w+")
SAME_MATTER = 0.3  # shared stems from which two quotations are one answer; a judgement
SAME_WORDS = 0.5  # share of the shorter one's three-word runs below which the words differ; a judgement
REWRITE, MOST = 3, 0.6  # claims that two texts share, and their part of the smaller one's: judgements
OCCASION = 2  # days within which a speaker's statements are one occasion, however many outlets carry it: a judgement
_DAY = re.compile(r"\d{4}_\d\d_\d\d")
_NEAR = 100  # quotations of a speaker compared with each


def shingles(text: str) -> frozenset[int]:
    """Hashes of every run of five words, punctuation and case aside."""
    words = _WORD.findall(text.lower())
    starts = [0, *accumulate(len(word) + 1 for word in words)]
    line = memoryview(" ".join([*words, ""]).encode())
    ends = starts[SHINGLE:] or starts[-1:]
    return frozenset(zlib.crc32(line[a : max(0, b - 1)]) for a, b in zip(starts, ends, strict=False))


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
    """For each text the first (by name) of the texts that it copies or rewrites, chains included; else itself."""
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


def group_of(one: LedgerClaim, origin: str, day: str = "") -> str:
    """The independence group of a claim in a text of a given origin, said on a day.

    Unnamed people of one article are one chain, however many descriptions they are given; a named speaker on one day is
    one group in all articles, whatever programme each names; what the reporter tells is the article's.
    """
    if one.record == "on-the-record" and one.speaker:
        return f"{slug(one.speaker)}@{slug(day or origin)}"
    if one.record == "background":
        return f"unnamed@{origin}"
    return f"reporter@{origin}"


def slug(words: str) -> str:
    """Words as an identifier."""
    return "_".join(_WORD.findall(words.lower())) or "unknown"


def rewrites(claims: Sequence[LedgerClaim], origin: Mapping[str, str]) -> dict[str, str]:
    """The origins with texts joined whose claims are the same: who, of which act of whose, for or against.

    A rewrite changes the words and keeps what is claimed. Two texts are one where they share three such claims and most
    of those of the smaller one.
    """
    told: dict[str, set[tuple[str, str, str, int]]] = defaultdict(set)
    for one in claims:
        who = slug(one.speaker).split("_")[-1] if one.record == "on-the-record" else one.record
        if one.act and one.record != "unattributed":
            told[origin.get(one.document, one.document)].add((who, one.actor_state, one.act, one.polarity))
    holders: dict[tuple[str, str, str, int], list[str]] = defaultdict(list)
    same: dict[str, str] = {}
    for name in sorted(told):
        shared = Counter(other for key in told[name] for other in holders[key])
        for other, count in sorted(shared.items()):
            if count >= REWRITE and count >= MOST * min(len(told[name]), len(told[other])):
                same[name] = same.get(other, other)
                break
        for key in told[name]:
            holders[key] = [*holders[key], name][-_CROWD:]
    return {name: same.get(first, first) for name, first in origin.items()}


def regrouped(claims: Sequence[LedgerClaim], origin: Mapping[str, str]) -> list[LedgerClaim]:
    """The claims with the groups of copied texts under the text they copy, and a speaker's close days made one."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    for who, _, day in (one.group.partition("@") for one in claims):
        if _DAY.fullmatch(day):
            days[who].append(dt.date(*map(int, day.split("_"))))
    first: dict[str, str] = {}
    for who, dates in days.items():
        began = last = min(dates)
        for date in sorted(set(dates)):
            began = date if (date - last).days > OCCASION else began
            last = date
            first[f"{who}@{slug(str(date))}"] = f"{who}@{slug(str(began))}"
    return [
        one.model_copy(update={"group": first.get(group, group)})
        for one in claims
        for group in [one.group.replace(one.document, origin.get(one.document, one.document))]
    ]


def recycled(
    documents: Sequence[Mapping[str, Any]], claims: Sequence[LedgerClaim], origin: Mapping[str, str]
) -> Iterator[Flag]:
    """A flag for each text that copies or rewrites another: its claims confirm nothing."""
    names = {document["id"]: document["name"] for document in documents}
    for document in documents:
        first = origin.get(document["id"], document["id"])
        mine = tuple(one.key for one in claims if one.document == document["id"])
        if first != document["id"] and mine:
            reason = f"copies or rewrites {names.get(first, first)}: a repetition is not a confirmation"
            yield Flag("recycled-text", mine, reason)


def variants(claims: Sequence[LedgerClaim]) -> Iterator[Flag]:
    """A flag for each pair of quotations of one speaker that give one answer in different words."""
    quoted: dict[str, list[LedgerClaim]] = defaultdict(list)
    for one in claims:
        if one.form == "direct" and one.kind == "person" and one.passages:
            quoted[one.speaker].append(one)
    for who, said in quoted.items():
        for index, one in enumerate(said):
            for other in said[index + 1 : index + 1 + _NEAR]:
                words = (" ".join(passage.exact for passage in each.passages) for each in (one, other))
                if one.document != other.document and _same_answer(*words):
                    reason = f"{who} is quoted with one answer in different words: marks do not mean verbatim"
                    yield Flag("quote-fidelity", (one.key, other.key), reason)


def _same_answer(left: str, right: str) -> bool:
    a, b = stems(left), stems(right)
    if len(a & b) < 2 or len(a & b) / len(a | b) < SAME_MATTER:
        return False
    return containment(left, right) < SAME_WORDS


def containment(left: str, right: str) -> float:
    """The share of the shorter text's three-word runs that the longer one has."""
    smaller, larger = sorted((_runs(left), _runs(right)), key=len)
    return len(smaller & larger) / max(1, len(smaller))


def _runs(text: str) -> set[tuple[str, ...]]:
    found = _ANY_WORD.findall(text.lower())
    return {tuple(found[i : i + 3]) for i in range(max(1, len(found) - 2))}
