"""Where the force would work: sectors, crossings, people, armed groups, and what they need."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from contingent.notation import Persons, Positive, Real, Share, SquareKilometres, Tonnes, TrucksPerDay
from contingent.quantities import Estimate
from contingent.records import Iso3, Name, Names, SourcedRecord


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
