"""By which authority is the force there, to do what, for how long, and which units does that take?

Mandate and statement of unit requirements.
"""

from __future__ import annotations

from typing import Literal

from contingent.notation import Months, Persons, Positive
from contingent.records import Name, Names, Record, SourcedRecord

LegalBasis = Literal["unsc_resolution", "unsc_endorsement", "agreement", "invitation", "none"]
UseOfForce = Literal["self_defence", "protection", "enforcement"]
Command = Literal["un", "regional", "lead_state", "coalition"]


class Task(Record):
    """Something the force is asked to do."""

    label: str
    description: str = ""
    contributes_to: Literal["presence", "disarmament", "crossings", "aid", "governance"]
    """Which process on the ground troops on this task act upon."""
    coercive: bool = False
    """Whether the task may mean using force against an armed group."""
    claims: Names = ()


class Phase(Record):
    """A stretch of the operation with requirements of its own, in weeks from the decision."""

    label: str
    start: int
    end: int


class Mandate(SourcedRecord):
    """The authority under which the force acts."""

    label: str
    legal_basis: LegalBasis
    command: Command
    use_of_force: UseOfForce
    governing_body: str
    tasks: dict[Name, Task]
    phases: dict[Name, Phase]
    authorized_strength: Persons
    duration: Months


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
