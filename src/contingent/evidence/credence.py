"""How sure graded claims let us be of a scenario's numbers: intervals that a worse or a lost claim can only widen.

Credence by precision-weighted normals: the best-graded claim of each independence group is one observation, its
variance that of a named, confirmed statement times factors for letter, number, mood, record and age. The factors, and
where on the scale a claim for or against is read, are judgements (design of October 2025), not fitted; floors keep any
number of claims from giving more certainty than the best of them deserves. Number 5 or 6 and letter E carry no weight:
no information is not a middle. Conditions become branches named by the domain pack, never one number.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, inf, sqrt
from typing import Literal, NamedTuple

from contingent.countries import plain
from contingent.evidence.acts import office_of
from contingent.evidence.binding import States, whose
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.sentences import read
from contingent.evidence.pack import Pack, label, pattern
from contingent.quantities import Z90

LETTER = {"A": 1.0, "B": 1.5, "C": 2.5, "D": 5.0, "E": inf, "F": 5.0}
NUMBER = {1: 1.0, 2: 1.5, 3: 3.0, 4: 6.0, 5: inf, 6: inf}
RECORD = {"on-the-record": 1.0, "background": 2.0}
UNRECORDED = 2.5
MODALITY = {"intention": 1.3, "preference": 2.0, "conditional-evaluation": 2.5, "conditional-prediction": 2.5,
            "possibility": 4.0, "open-question": 4.0, "personal-opinion": 6.0, "personal-assessment": 4.0,
            "belief-ascribed": 4.0, "assessment": 2.0, "prediction": 2.0, "fact-asserted": 1.0,
            "obligation": 1.3}  # fmt: skip
SILENT = {"meta-status", "non-commitment", "knowledge-denied"}
"""Moods in which nothing is said about the number."""
FLOOR_LETTER = {"A": 0.10, "B": 0.25, "C": 0.35, "D": 0.50, "E": 0.80, "F": 0.50}
FLOOR_NUMBER = {1: 0.10, 2: 0.25, 3: 0.35, 4: 0.65, 5: 0.80, 6: 0.80}
ASSUMED = 0.80  # width of a 90 % interval without any claim, as a share of the scale
HALF_LIFE = 180  # days in which a statement loses half its weight
BEST_SHARE = 0.10  # spread (one standard deviation) of a named, confirmed, fresh statement, as a share of the scale
FOR, AGAINST = 75.0, 25.0
MIDDLE = 50.0  # base belief where none is given
Relation = Literal["sets", "bounds", "shifts", "contradicts", "context"]
_MOVES = {"intention", "preference", "obligation", "assessment", "prediction", "possibility", "belief-ascribed",
          "conditional-evaluation", "conditional-prediction"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observation:
    """What one claim says of a number on a scale: `value`, and what its weight depends on."""

    claim: str
    group: str
    value: float
    letter: str
    number: int
    modality: str = "fact-asserted"
    record: str = "on-the-record"
    day: dt.date | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Belief:
    """A normal belief about a number with its 90 % interval (unclipped), and the claims it rests on."""

    best: float
    half: float
    """Half the width of the interval."""
    claims: tuple[str, ...]

    @property
    def low(self) -> float:
        """The 5 % quantile."""
        return self.best - self.half

    @property
    def high(self) -> float:
        """The 95 % quantile."""
        return self.best + self.half


def spread(one: Observation, scale: float, as_of: dt.date | None) -> float:
    """The variance of an observation on a scale of a given length; infinite where it says nothing."""
    if one.modality in SILENT:
        return inf
    age = max(0, (as_of - one.day).days) if as_of and one.day else 0
    factors = LETTER[one.letter] * NUMBER[one.number] * RECORD.get(one.record, UNRECORDED)
    return (BEST_SHARE * scale) ** 2 * factors * MODALITY.get(one.modality, 4.0) * 2 ** (age / HALF_LIFE)


def believe(
    base: float,
    observations: Iterable[Observation],
    *,
    scale: float = 100.0,
    as_of: dt.date | None = None,
    half: float | None = None,
) -> Belief:
    """The belief from a base value and the claims known on a day; with no claim that of the base alone.

    `half` is half the width of the base's own 90 % interval, the assumption's if none is given. With `as_of`, later
    claims and claims of no known day are left out.
    """
    half = ASSUMED * scale / 2 if half is None else half
    known = [one for one in observations if as_of is None or (one.day is not None and one.day <= as_of)]
    best: dict[str, tuple[float, float, str]] = {}
    for one in known:
        variance = spread(one, scale, as_of)
        if variance < inf:
            best[one.group] = min(best.get(one.group, (inf, 0.0, "")), (variance, one.value, one.claim))
    used = sorted(best.values())
    prior = (half / Z90) ** 2
    precision = fsum([1 / prior, *(1 / variance for variance, _, _ in used)])
    mean = fsum([base / prior, *(value / variance for variance, value, _ in used)]) / precision
    counted = {name for _, _, name in used}
    # Of every claim that says something, not only of those that count: else losing a claim that counts for its mood
    # could uncover one of its group with a better grade, and narrow.
    speaking = [one for one in known if spread(one, scale, as_of) < inf]
    floors = [narrowest(one.letter, one.number) * scale / 2 for one in speaking]
    half = max(Z90 * sqrt(1 / precision), min([half, *floors]))
    return Belief(mean, half, tuple(sorted(counted)))


def narrowest(letter: str, number: int) -> float:
    """The width of a 90 % interval below which no number of claims takes it whose best has this grade; of the scale."""
    return max(FLOOR_LETTER[letter], FLOOR_NUMBER[number])


def branches(base: float, observations: Sequence[Observation]) -> dict[str, Belief]:
    """One belief for each condition that a claim names, and one (under "") for none of them.

    A conditional claim speaks of its own branch only; an unconditional one of all.
    """
    named = sorted({one.condition for one in observations if one.condition})
    return {
        branch: believe(base, [one for one in observations if one.condition in {"", branch}]) for branch in ["", *named]
    }


@dataclass(frozen=True, slots=True)
class Link:
    """A claim, a dotted path in the scenario, how the one bears on the other, and the rule that says so."""

    claim: str
    path: str
    relation: Relation
    rule: str
    branch: str = ""


def relation_of(claim: LedgerClaim) -> tuple[Relation, str]:
    """How a claim bears on a number, with the rule."""
    if claim.verdict == "reject":
        return "context", "rejected by a reviewer"
    if claim.number == 5:
        return "contradicts", "improbable (5): what it says is held to be wrong"
    if claim.modality in {"personal-opinion", "meta-status", "non-commitment", "knowledge-denied", "open-question"}:
        return "context", f"{claim.modality}: moves nobody's position"
    if claim.polarity < 0 and "tasks" in claim.factors and claim.act != "withdraw":
        return "context", "refuses a task, and not to take part"
    if claim.polarity and not claim.act and not claim.verdict:
        return "context", "asserts nothing of joining: its side is that of what it stands with"
    exact = [quantity for quantity in claim.quantities if quantity.op == "="]
    if exact and claim.modality == "fact-asserted" and claim.number <= 2:
        return "sets", "a number asserted and corroborated"
    if claim.quantities:
        return "bounds", "a number with a bound, or not corroborated"
    if claim.polarity and claim.modality in _MOVES | {"fact-asserted"}:
        return "shifts", f"argues {'for' if claim.polarity > 0 else 'against'}, as {claim.modality}"
    return "context", "takes no side and gives no number"


class Mover(NamedTuple):
    """Whose number claims may move: its path in the scenario, state, kind of office, and names in its label."""

    path: str
    state: str
    office: str
    names: frozenset[str] = frozenset()
    called: str = ""
    """Its label, by which one is known who is no state and holds no office."""


def movers(stakeholders: Mapping[str, tuple[str, bool]], home: str) -> tuple[Mover, ...]:
    """A scenario's stakeholders as claims know them: by their label, and whether they are of the deciding state.

    An office that several of them hold, as two parties in one parliament do, is nobody's, and a party goes by its name.
    """
    found: list[Mover] = []
    for name, (label_, domestic) in stakeholders.items():
        told = re.sub(r"\(.*?\)", "", label_)
        s = read(told, [(0, len(told))])
        named = {code for _, code in States("").within(s)}
        state = home if domestic else "".join(named) if len(named) == 1 else ""
        office = office_of(s) or ("" if domestic or not named else "government")
        countries = {i for a, b, _ in States("").find(s.low) for i in range(a, b)}
        names = frozenset(word for i, (word, b) in enumerate(zip(s.low, s.bits, strict=True))
                          if b & lx.CAP and len(word) > 2 and i not in countries)  # fmt: skip
        path = f"stakeholders.{name}.stakes.participation.position"
        found.append(Mover(path, state, "" if office == "ruling-party" else office, names, plain(told)))
    held = Counter((one.state, one.office) for one in found)
    return tuple(one if held[one.state, one.office] == 1 else one._replace(office="") for one in found)


def moved(claim: LedgerClaim, known: Sequence[Mover] = ()) -> list[tuple[str, str]]:
    """The numbers that a claim moves and why: those of the one who speaks of itself or whose act it is, of nobody else.

    Without a scenario the actor stands for its own number.
    """
    state, office = whose(claim)
    named = {*claim.speaker.lower().split(), *re.split(r"[\s,]+", claim.office.lower())}
    speaker = plain(claim.speaker) or "nobody"
    own = [
        (one.path, f"said by {claim.speaker}")
        for one in known
        if one.called == speaker or (one.state == state and len(named & one.names) > 1)
    ]
    if own or not state:
        return own
    if not known:
        return [(f"{label(state)}: {office}", f"about the {office} of {label(state)}")]
    held = [one for one in known if one.state == state and one.office]
    exact = [one for one in held if one.office == claim.actor_office] or [one for one in held if one.office == office]
    if not exact and office == "government":  # whose head stands for it
        heads = ("head-of-government", "head-of-state")
        exact = next(filter(None, ([one for one in held if one.office == head] for head in heads)), [])
    return [(one.path, f"about the {one.office} of {label(state)}") for one in exact]


def links(claims: Iterable[LedgerClaim], known: Sequence[Mover] = ()) -> list[Link]:
    """Every link from claims of the ledger to the numbers that they move, in order."""
    found: list[Link] = []
    for claim in claims:
        relation, rule = relation_of(claim)
        found.extend(
            Link(claim.key, path, relation, f"{rule}; {why}", claim.condition) for path, why in moved(claim, known)
        )
    return found


def observation(claim: LedgerClaim, pack: Pack) -> Observation | None:
    """What a claim says of the numbers it moves; None where it takes no side or was rejected."""
    relation, _ = relation_of(claim)
    if relation not in {"shifts", "bounds", "sets"} or not claim.polarity:
        return None
    value = FOR if claim.polarity > 0 else AGAINST
    return Observation(
        claim.key, claim.group, value, claim.letter, claim.number, claim.modality, claim.record,
        condition=branch_of(claim.condition, pack),
    )  # fmt: skip


def branch_of(condition: str, pack: Pack) -> str:
    """The pack's name for a condition, the condition's own words where it has none."""
    for name, found in ((name, pattern(words)) for name, words in pack.branches.items()):
        if found and found.search(condition):
            return name
    return condition


def parameters(claims: Iterable[LedgerClaim], pack: Pack, known: Sequence[Mover] = ()) -> dict[str, dict[str, Belief]]:
    """For each path that claims bear on, a belief for each branch."""
    seen: dict[str, list[Observation]] = defaultdict(list)
    for claim in claims:
        one = observation(claim, pack)
        if one:
            for path, _ in moved(claim, known):
                seen[path].append(one)
    return {path: branches(MIDDLE, observations) for path, observations in sorted(seen.items())}
