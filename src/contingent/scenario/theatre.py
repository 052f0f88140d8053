"""By which authority is the force there, to do what, with which units, and what is the place like?

Mandate, statement of unit requirements, and theatre of operations.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from contingent.notation import Months, Persons, Positive, Real, Share, SquareKilometres, Tonnes, TrucksPerDay
from contingent.quantities import Estimate
from contingent.records import Iso3, Name, Names, Record, SourcedRecord

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
    """A stretch of the operation with requirements of its own, in weeks from the day on which the force may begin.

    That day comes once what the force waits for has come (events, acceptance by the host); the scenario's own weeks,
    up to `horizon`, are counted from its date `as_of`. The last phase is cut where the horizon ends.
    """

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


class Sector(SourcedRecord):
    """An area of responsibility."""

    label: str
    pcode: str = ""
    population: Persons
    area: SquareKilometres
    neighbours: Names = ()
    need: Share
    """Share of the people's basic needs that goes unmet at the start."""
    debris: Tonnes
    homes_destroyed: Positive


class Crossing(SourcedRecord):
    """A border point and what passes through it."""

    label: str
    goods: bool
    people: bool
    capacity: TrucksPerDay
    serves: Names
    """The sectors its goods reach."""
    across: Iso3
    """The state on the other side."""
    open_at_start: Share = Estimate(1.0, 1.0, 1.0)
    """Probability that it is open on the first day."""


class ArmedGroup(SourcedRecord):
    """An organization under arms that the mandate concerns."""

    label: str
    strength: Persons
    weapons_per_person: Positive
    sectors: dict[Name, Share]
    """How its people are spread; the shares are scaled to sum to one."""


class Ceasefire(SourcedRecord):
    """A cease-fire of this theatre's past, or the one in force; what the data are cut by."""

    start: date
    """Its first day."""
    fell: date | None = None
    """The day on which it fell; none while it holds."""

    @model_validator(mode="after")
    def _in_order(self) -> Ceasefire:
        if self.fell is not None and self.fell <= self.start:
            raise ValueError(f"fell on {self.fell}, before it began on {self.start}")
        return self


class Theatre(SourcedRecord):
    """The place, as it is on the scenario's date."""

    label: str
    sectors: dict[Name, Sector]
    crossings: dict[Name, Crossing]
    armed_groups: dict[Name, ArmedGroup]
    trucks_needed: TrucksPerDay
    """Goods that would meet all needs."""
    ceasefires: tuple[Ceasefire, ...] = ()
    """Its cease-fires up to the scenario's date, from which `contingent calibrate` learns."""
    parameters: dict[Name, Real] = Field(default_factory=dict)
    """Numbers of the mission model that this theatre knows better than the model's own priors."""
