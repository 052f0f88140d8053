"""What the force needs: the statement of unit requirements, and the types of unit it is written in."""

from __future__ import annotations

from contingent.notation import Persons, Positive
from contingent.records import Name, Record, SourcedRecord


class UnitType(Record):
    """A standard unit of the force, such as an infantry battalion."""

    label: str
    strength: int
    """Persons in one unit as it is normally offered."""
    divisible: bool = False
    """Whether its companies can be employed in different places at once."""
    lift: float
    """Strategic lift one unit takes, in infantry-battalion equivalents."""
    source: str
    """Where the standard comes from, or `judgement`."""


class Requirement(SourcedRecord):
    """Persons of one unit type wanted in a sector, on a task, during a phase."""

    id: Name
    unit: Name
    sector: Name
    task: Name
    phase: Name
    minimum: Persons
    """Below this the task cannot be done."""
    wanted: Persons
    weight: Positive
    """How much a person short matters beside other requirements."""
