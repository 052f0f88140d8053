"""How far a claim may be trusted: an Admiralty letter for its source and a number for what it says.

Source reliability and information credibility (STANAG 2511, 2003), proposed by rules that see different things, because
raters let one colour the other (Baker 1968: 87 % of grades on the diagonal): `letter` the source alone, `number` the
other claims alone. F and 6 mean that there is no information; they are not a middle value. A person decides.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from contingent.evidence.checks import Flag
from contingent.evidence.claim import LedgerClaim, Speaker
from contingent.evidence.grammar.lexicon import words
from contingent.evidence.pack import states
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
_IS_BODY = words("institutions") | {"ministers", "house", "secretariat", "mission", "force"} | {
    word for name in states() for word in name.lower().split()}  # fmt: skip
_FIRM = "on-the-record"
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
    if speaker.kind == "institution" and not _IS_BODY & set(speaker.name.lower().replace("’s", "").split()):
        return "F", "nothing shows that it is an institution that can speak: cannot be judged"
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
    against = [
        other for other in others if other.relation == "contradicts" and (other.on_record or one.record != _FIRM)
    ]
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


def relations(claims: Sequence[LedgerClaim], flags: Sequence[Flag], text: str = "") -> dict[str, list[Relation]]:
    """For each claim by its key, what the others and the flagged facts say of it; its own group says nothing.

    The claims of one article (with its text), or of a whole ledger. Claims are compared that share a factor, or the
    actor and the act, where they stand near each other in the list.
    """
    found: dict[str, list[Relation]] = {one.key: [] for one in claims}
    known = {name: one for one in claims for name in (one.key, one.id)}
    sides: dict[str, set[str]] = defaultdict(set)
    for flag in flags:
        for one in (known[name] for name in flag.claims if name in known):
            if flag.kind in _REFUTING:
                found[one.key].append(Relation("refuted", flag.kind, reason=flag.reason))
            if flag.kind.startswith("contradiction"):
                sides[one.key] |= {known[name].key for name in flag.claims if name in known} - {one.key}
    words = [
        stems(one.said(text) if text else " ".join(each.exact for each in one.passages) or one.quote) for one in claims
    ]
    matters = [{*one.factors, f"{one.actor_state}/{one.act}"} - {"/", f"{one.actor_state}/"} for one in claims]
    places: dict[str, list[int]] = defaultdict(list)
    for i, each in enumerate(matters):
        for matter in each:
            places[matter].append(i)
    numbers = {one.key: i for i, one in enumerate(claims)}
    for i, one in enumerate(claims):
        against = {j for j in map(numbers.__getitem__, sides[one.key]) if _sides(one) != _sides(claims[j])}
        for j in sorted(against.union(*(places[matter] for matter in matters[i]))):
            other, opposed = claims[j], j in against
            if one.group == other.group or not i - NEAR <= j < i + NEAR:
                continue
            share = len(words[i] & words[j]) / max(1, len(words[i] | words[j]))
            alike = share >= _AGREEMENT or (one.act and (one.act, one.actor_state) == (other.act, other.actor_state))
            kind = "near"
            if opposed or (share >= _AGREEMENT and one.negated != other.negated):
                kind = "contradicts"
            elif alike and one.negated == other.negated and one.polarity * other.polarity >= 0:
                kind = "supports"
            found[one.key].append(Relation(kind, other.id if text else other.key, other.group, other.record == _FIRM))
    return found


def _sides(one: LedgerClaim) -> tuple[bool, int]:
    return one.modality == "knowledge-denied", one.polarity


def graded(claims: Sequence[LedgerClaim], flags: Sequence[Flag], text: str = "") -> list[LedgerClaim]:
    """The claims of one article or of a ledger, each with its group already, with proposed grades and their reasons."""
    others = relations(claims, flags, text)
    return [_graded(one, others[one.key]) for one in claims]


def _graded(one: LedgerClaim, others: Sequence[Relation]) -> LedgerClaim:
    source, why = letter(REPORTER if one.record == "unattributed" else one.source)
    content, reason = number(one, others)
    return one.model_copy(update={"grade": f"{source}{content}", "letter_reason": why, "number_reason": reason})
