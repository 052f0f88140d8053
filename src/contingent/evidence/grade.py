"""How far a claim may be trusted: an Admiralty letter for its source and a number for what it says.

Source reliability and information credibility (STANAG 2511, 2003), proposed by rules that see different things, because
raters let one colour the other (Baker 1968: 87 % of grades on the diagonal): `letter` the source alone, `number` the
other claims alone. F and 6 mean that there is no information; they are not a middle value. A person decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contingent.evidence.checks import Flag
from contingent.evidence.claim import LedgerClaim, Speaker
from contingent.evidence.speakers import REPORTER

_DECIDES = frozenset(["minister", "president", "premier", "prime", "secretary", "general", "marshal", "chief", "king",
                      "chancellor", "spokesman", "spokeswoman", "spokesperson", "foreign", "governor"])  # fmt: skip
_BY_KIND = {
    "institution": ("B", "an institution that speaks in its own name"),
    "document": ("B", "a document that can be looked up"), "poll": ("C", "a poll; its method decides more"),
    "official": ("F", "unnamed officials: cannot be judged"),
    "familiar": ("F", "unnamed people at second hand: cannot be judged"),
    "public": ("F", "a public at large: cannot be judged"),
}  # fmt: skip
_WORD = re.compile(r"[a-z]{4,}")
_REFUTING = {"date-error", "authorship"}
NEAR = 300  # claims compared on either side: all of an article, a stretch of a book
_AGREEMENT = 0.3  # shared words over all words, stems of five letters: a judgement


@dataclass(frozen=True, slots=True)
class Relation:
    """How another claim, or a dated fact, stands to the one being graded."""

    relation: str
    """`supports`, `contradicts`, `refuted` (by a fact) or `near` (same matter, neither)."""
    claim: str
    group: str = ""
    on_record: bool = False
    reason: str = ""


def letter(speaker: Speaker) -> tuple[str, str]:
    """The reliability of a source from what is known of the source alone, with the reason."""
    if speaker.kind == "person" and speaker.office:
        office = set(speaker.office.lower().replace("’s", "").split())
        if office & _DECIDES and not office & {"adviser", "advisor", "aide", "former"}:
            return "B", f"named, and answerable as {speaker.office}"
        return "C", f"named, with some access as {speaker.office}, not the office in charge"
    if speaker.kind == "person":
        return "F", "named, but nothing is known of access or record"
    return _BY_KIND.get(speaker.kind, ("F", "no source is given: cannot be judged"))


def number(one: LedgerClaim, others: Sequence[Relation]) -> tuple[int, str]:
    """The credibility of what is claimed from the other claims and dated facts alone, with the reason.

    For opinions and intentions it says how sure it is that the speaker holds them.
    """
    against_facts = [other for other in others if other.relation == "refuted"]
    if against_facts:
        return 5, f"contradicted by a dated fact: {against_facts[0].reason}"
    against = [other for other in others if other.relation == "contradicts"]
    if against:
        return 4, f"stands against {', '.join(dict.fromkeys(other.claim for other in against))}"
    about_self = one.modality in {"non-commitment", "meta-status"}
    if about_self:
        return 1, "a statement of the speaker about the speaker, confirmed by its being made"
    agreeing = {other.group: other for other in others if other.relation == "supports"}
    firm = [other for other in agreeing.values() if other.on_record]
    names = ", ".join(sorted({other.claim for other in agreeing.values()}))
    if len(firm) >= 2:
        return 1, f"confirmed independently by {names}"
    if firm:
        return 2, f"agrees with {names}, named and of another origin"
    if agreeing:
        return 3, f"only {names}, also unnamed or of unknown origin, points the same way"
    if any(other.relation == "near" for other in others):
        return 3, "compared with other claims on the matter: neither confirmed nor contradicted"
    return 6, "nothing to compare it with"


def diagonal_share(grades: Sequence[str]) -> float:
    """The share of grades on A1, B2, C3, ...; much above a half means that one scale was read off the other."""
    judged = [grade for grade in grades if grade[0] != "F" and grade[1] != "6"]
    return sum(ord(grade[0]) - ord("A") + 1 == int(grade[1]) for grade in judged) / len(judged) if judged else 0.0


def stems(said: str) -> frozenset[str]:
    """The words of a claim cut to five letters, which is enough to match forms of a word."""
    return frozenset(word[:5] for word in _WORD.findall(said.lower()))


def relations(claims: Sequence[LedgerClaim], text: str, flags: Sequence[Flag]) -> dict[str, list[Relation]]:
    """For each claim, what the others and the flagged facts say of it; claims of its own group say nothing."""
    found: dict[str, list[Relation]] = {one.id: [] for one in claims}
    for flag in flags:
        for name in flag.claims:
            if flag.kind in _REFUTING and name in found:
                found[name].append(Relation("refuted", flag.kind, reason=flag.reason))
    conflicts = {frozenset(flag.claims) for flag in flags if flag.kind == "contradiction-within"}
    words = [stems(one.said(text)) for one in claims]
    factors = [frozenset(one.factors) for one in claims]
    for i, one in enumerate(claims):
        for j in range(max(0, i - NEAR), min(len(claims), i + NEAR)):
            other = claims[j]
            if i == j or not factors[i] & factors[j] or one.group == other.group:
                continue
            together = any(one.id in names and other.id in names for names in conflicts)
            opposed = together and (one.modality == "knowledge-denied") != (other.modality == "knowledge-denied")
            share = len(words[i] & words[j]) / max(1, len(words[i] | words[j]))
            named = other.record == "on-the-record"
            kind = "near"
            if opposed and named:
                kind = "contradicts"
            elif share >= _AGREEMENT and one.negated == other.negated and one.polarity * other.polarity >= 0:
                kind = "supports"
            elif share >= _AGREEMENT and one.negated != other.negated:
                kind = "contradicts"
            found[one.id].append(Relation(kind, other.id, other.group, named))
    return found


def graded(claims: Sequence[LedgerClaim], text: str, flags: Sequence[Flag]) -> list[LedgerClaim]:
    """The claims of one article, each with its group already, with proposed grades and the reason for each half."""
    others = relations(claims, text, flags)
    return [_graded(one, others[one.id]) for one in claims]


def _graded(one: LedgerClaim, others: Sequence[Relation]) -> LedgerClaim:
    source, why = letter(REPORTER if one.attribution == "institution-narrated" else one.source)
    content, reason = number(one, others)
    return one.model_copy(update={"grade": f"{source}{content}", "letter_reason": why, "number_reason": reason})
