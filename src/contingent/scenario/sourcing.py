"""Which numbers of a scenario rest on claims, which on a stated assumption, and which on nothing."""

from __future__ import annotations

from dataclasses import dataclass

from contingent.quantities import Estimate
from contingent.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Sourcing:
    """The numbers of a scenario by dotted path, sorted by what they rest on."""

    claimed: dict[str, Estimate]
    assumed: dict[str, Estimate]
    unsourced: dict[str, Estimate]

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers of each kind there are."""
        return {"claimed": len(self.claimed), "assumed": len(self.assumed), "unsourced": len(self.unsourced)}


def sourcing(scenario: Scenario) -> Sourcing:
    """Every number of a scenario under what it rests on; a claim counts before an assumption."""
    found = Sourcing({}, {}, {})
    for path, estimate in scenario.estimates():
        kind = found.claimed if estimate.claims else found.assumed if estimate.assumption else found.unsourced
        kind[path] = estimate
    return found
