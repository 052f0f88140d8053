"""By which authority the force is there, to do what, for how long."""

from __future__ import annotations

from typing import Literal

from contingent.notation import Months, Persons
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
