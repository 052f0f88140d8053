"""Which numbers of a scenario a claim bears on, and how: sets, bounds, shifts, contradicts, or context only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from contingent.evidence.pack import Pack

Relation = Literal["sets", "bounds", "shifts", "contradicts", "context"]
_MOVES = {"intention", "preference", "obligation", "assessment", "prediction", "possibility", "belief-ascribed",
          "conditional-evaluation", "conditional-prediction"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A claim, a dotted path in the scenario, how the one bears on the other, and the rule that says so."""

    claim: str
    path: str
    relation: Relation
    rule: str
    branch: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def relation_of(claim: Mapping[str, Any]) -> tuple[Relation, str]:
    """How a claim bears on a number, with the rule."""
    number = claim["proposal"]["number"]
    if claim.get("verdict") == "reject":
        return "context", "rejected by a reviewer"
    if number == 5:
        return "contradicts", "improbable (5): what it says is held to be wrong"
    if claim["modality"] in {"personal-opinion", "meta-status", "non-commitment", "knowledge-denied", "open-question"}:
        return "context", f"{claim['modality']}: moves nobody's position"
    exact = [quantity for quantity in claim["quantities"] if quantity["op"] == "="]
    if exact and claim["modality"] == "fact-asserted" and number <= 2:
        return "sets", "a number asserted and corroborated"
    if claim["quantities"]:
        return "bounds", "a number with a bound, or not corroborated"
    if claim["polarity"] and claim["modality"] in _MOVES | {"fact-asserted"}:
        return "shifts", f"argues {'for' if claim['polarity'] > 0 else 'against'}, as {claim['modality']}"
    return "context", "takes no side and gives no number"


def links(claims: Iterable[Mapping[str, Any]], pack: Pack) -> list[Link]:
    """Every link from claims of the ledger to the numbers that the pack's factors bear on, in order."""
    found: list[Link] = []
    for claim in claims:
        paths = dict.fromkeys(path for factor in claim["factors"] for path in pack.parameters.get(factor, ()))
        relation, rule = relation_of(claim)
        found.extend(Link(claim["id"], path, relation, rule, claim["condition"]) for path in paths)
    return found
