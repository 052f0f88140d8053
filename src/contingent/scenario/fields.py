"""The parts that a scenario is made of: what is asked, who decides, where, with what, judged by what.

Field definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Self

from pydantic import Field

from contingent.evidence.claim import Claim, Document
from contingent.quantities import Estimate
from contingent.records import Iso3, Name, Record
from contingent.scenario.option import Adaptive, Criterion, Option, ReferenceClass, Remark, WeightStatement
from contingent.scenario.paths import estimates, value_at
from contingent.scenario.pledge import Caveat, Composition, Contributor, Pledge, Reimbursement, Support
from contingent.scenario.process import Issue, Process, Stakeholder
from contingent.scenario.theatre import Mandate, Requirement, Theatre, UnitType


class ScenarioFields(Record):
    """Every part of a scenario, typed; `Scenario` adds what can be done with them."""

    name: Name
    title: str
    question: str
    as_of: date
    """Nothing later than this day sets a number."""
    marking: str = ""
    """Printed at the top and bottom of every page."""
    decider: str
    """Whose decision it is, as printed."""
    contributor: Iso3
    """The contributor whose decision it is."""
    baseline: Name
    """The option that means doing nothing."""
    horizon: int = Field(default=104, ge=1, le=520)
    """Weeks simulated."""
    price_year: int

    documents: dict[Name, Document] = Field(default_factory=dict)
    claims: dict[Name, Claim] = Field(default_factory=dict)
    issues: dict[Name, Issue]
    stakeholders: dict[Name, Stakeholder]
    process: Process
    reference_class: ReferenceClass
    mandate: Mandate
    theatre: Theatre
    unit_types: dict[Name, UnitType]
    requirements: tuple[Requirement, ...]
    contributors: dict[Iso3, Contributor]
    caveats: dict[Name, Caveat] = Field(default_factory=dict)
    pledges: tuple[Pledge, ...]
    composition: dict[Name, Composition] = Field(default_factory=dict)
    support: dict[Name, Support] = Field(default_factory=dict)
    reimbursement: Reimbursement
    lift: dict[Name, float] = Field(default_factory=dict)
    """Strategic lift available in each phase, in infantry-battalion equivalents a month."""
    criteria: dict[Name, Criterion]
    options: dict[Name, Option]
    weights: tuple[WeightStatement, ...] = ()
    """What has been said about the weights of the criteria; nothing: all weights are equally possible."""
    adaptive: dict[Name, Adaptive] = Field(default_factory=dict)
    unmodelled: tuple[Remark, ...] = ()
    """What could matter more than anything in the model, the largest first."""
    dissent: tuple[Remark, ...] = ()
    """What a reader who disagrees would say."""

    def estimates(self) -> Iterator[tuple[str, Estimate]]:
        """Every uncertain or plain quantity with its dotted path, sources inherited from around it."""
        yield from self._all_estimates

    @cached_property
    def _all_estimates(self) -> tuple[tuple[str, Estimate], ...]:
        return tuple(estimates(self))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other parts, not validated; what was remembered of the original is not its own."""
        copy = super().model_copy(update=update, deep=deep)
        vars(copy).pop("_all_estimates", None)
        return copy

    def value(self, path: str) -> Any:
        """What stands at a dotted path; items of a list are addressed by their `id`.

        Raises:
            KeyError: nothing stands there.
        """
        return value_at(self, path)
