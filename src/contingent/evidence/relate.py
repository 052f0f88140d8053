"""How the claims of one ledger stand to each other: which support, contradict or merely neighbour which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from contingent.evidence.checks import Flag
from contingent.evidence.finding import Finding
from contingent.evidence.grade import Proposal, Relation, letter, number
from contingent.evidence.speakers import REPORTER

_WORD = re.compile(r"[a-z]{4,}")
_REFUTING = {"date-error", "authorship"}
NEAR = 300  # claims compared on either side: all of an article, a stretch of a book
_AGREEMENT = 0.3  # shared words over all words, stems of five letters: a judgement


def stems(said: str) -> frozenset[str]:
    """The words of a claim cut to five letters, which is enough to match forms of a word."""
    return frozenset(word[:5] for word in _WORD.findall(said.lower()))


def relations(
    findings: Sequence[Finding], said: Mapping[str, str], group: Mapping[str, str], flags: Sequence[Flag]
) -> dict[str, list[Relation]]:
    """For each claim, what the others and the flagged facts say of it; claims of its own group say nothing."""
    found: dict[str, list[Relation]] = {one.id: [] for one in findings}
    for flag in flags:
        for name in flag.claims:
            if flag.kind in _REFUTING and name in found:
                found[name].append(Relation("refuted", flag.kind, reason=flag.reason))
    conflicts = {frozenset(flag.claims) for flag in flags if flag.kind == "contradiction-within"}
    words = {one.id: stems(said[one.id]) for one in findings}
    for index, one in enumerate(findings):
        for other in findings[max(0, index - NEAR) : index + NEAR]:
            if one is other or group[one.id] == group[other.id] or not set(one.factors) & set(other.factors):
                continue
            together = any(one.id in claims and other.id in claims for claims in conflicts)
            opposed = together and (one.modality == "knowledge-denied") != (other.modality == "knowledge-denied")
            alike = words[one.id] & words[other.id]
            share = len(alike) / max(1, len(words[one.id] | words[other.id]))
            kind = "near"
            if opposed and other.record == "on-the-record":
                kind = "contradicts"
            elif share >= _AGREEMENT and one.negated == other.negated and one.polarity * other.polarity >= 0:
                kind = "supports"
            elif share >= _AGREEMENT and one.negated != other.negated:
                kind = "contradicts"
            record = other.record == "on-the-record"
            found[one.id].append(Relation(kind, other.id, group[other.id], record))
    return found


def proposals(
    findings: Sequence[Finding], said: Mapping[str, str], group: Mapping[str, str], flags: Sequence[Flag]
) -> dict[str, Proposal]:
    """A proposed grade for each claim."""
    others = relations(findings, said, group, flags)
    return {
        one.id: Proposal(
            *letter(REPORTER if one.attribution == "institution-narrated" else one.speaker),
            *number(one, others[one.id]),
        )
        for one in findings
    }
