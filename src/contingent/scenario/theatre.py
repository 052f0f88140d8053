"""By which authority is the force there, to do what, with which units, and what is the place like?

Mandate, statement of unit requirements, and theatre of operations.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from contingent.notation import Months, Persons, Positive, Real, Share, SquareKilometres, Tonnes, TrucksPerDay, Weeks
from contingent.quantities import Estimate
from contingent.records import Name, Names, OneOrList, OrOwn, Record, SourcedRecord, as_list

LegalBasis = Literal["unsc_resolution", "unsc_endorsement", "agreement", "invitation", "none"]
UseOfForce = Literal["self_defence", "protection", "enforcement"]
COMMANDS = ("un", "regional", "lead_state", "coalition")
TaskKind = Literal[
    "presence", "policing", "protection", "disarmament", "crossings", "aid", "training", "governance", "monitoring",
    "clearance", "deterrence",
]  # fmt: skip
"""What people on a task act upon: security by troops or by police, single sites, arms, border points, convoys, local
forces, a governing body, a cease-fire, mines and unexploded ordnance, a party outside the theatre."""
ConflictKind = Literal["war", "insurgency", "gangs", "truce", "postwar"]


NONE = Estimate(0.0, 0.0, 0.0)


class Task(Record):
    """Something the force is asked to do."""

    label: str
    """What the task is called."""
    description: str = ""
    """What it means in more words."""
    contributes_to: TaskKind
    """Which process on the ground people on this task act upon."""
    coercive: bool = False
    """Whether the task may mean using force against an armed group."""
    claims: Names = ()
    """The claims that say that it is a task."""


class Phase(Record):
    """A stretch of the operation with requirements of its own, in weeks from the day on which the force may begin.

    That day comes once what the force waits for has come (events, acceptance by the host); the scenario's own weeks,
    up to `horizon`, are counted from its date `as_of`. The last phase is cut where the horizon ends.
    """

    label: str
    """What the phase is called."""
    start: int
    """Its first week, counted from the day on which the force may begin; 0 is that day."""
    end: int
    """The week in which it ends."""


class Mandate(SourcedRecord):
    """The authority under which the force acts."""

    label: str
    """What the force is called."""
    legal_basis: LegalBasis
    """On which legal ground it acts."""
    command: Annotated[Name, OrOwn((*COMMANDS, "joint"))]
    """Who commands it; of a name of yours, `like` says what that is like."""
    like: Annotated[
        tuple[Literal["un", "regional", "lead_state", "coalition"], ...], BeforeValidator(as_list), OneOrList()
    ] = ()
    """What a command that is joint, hybrid or of a name of yours is like, such as [un, regional]: of several its
    effects are the mean."""
    use_of_force: UseOfForce
    """For what it may use force."""
    governing_body: str = ""
    """The temporary body whose capacity and legitimacy are followed; none if it is not named."""
    tasks: dict[Name, Task]
    """What it is to do, by a name of yours."""
    phases: dict[Name, Phase]
    """The stretches of the operation, by a name of yours; they follow one another without a gap."""
    authorized_strength: Persons
    """The most people it may have at once."""
    duration: Months
    """How long the mandate runs, in months."""

    @property
    def likes(self) -> tuple[str, ...]:
        """The commands whose effects it has in the mean: its own, or those that it is like."""
        if self.command in COMMANDS:
            return (self.command,)
        return self.like or (("un", "regional") if self.command == "joint" else (self.command,))

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the mission model it brings: `governing` (a body is named), `disarmament` (a task of it)."""
        asked = {"disarmament"} & {task.contributes_to for task in self.tasks.values()}
        return frozenset(asked | ({"governing"} if self.governing_body else set()))


class UnitType(Record):
    """A standard unit of the force, such as an infantry battalion."""

    label: str
    """What it is called."""
    strength: int
    """Persons in one unit as it is normally offered."""
    divisible: bool = False
    """Whether its companies can be deployed without the others, and to different places; lift, tours and costs are then
    of the part that comes. If not, all of a unit comes or none, and all of it counts."""
    lift: float = 1.0
    """Strategic lift one unit takes, in infantry-battalion equivalents."""
    source: str = "judgement"
    """Where the standard comes from."""


class Requirement(SourcedRecord):
    """Persons of one unit type wanted in a sector, on a task, during a phase."""

    id: Name
    """Its name in the list, once."""
    unit: Name
    """The unit type that is wanted."""
    sector: Name
    """The sector it is wanted in."""
    task: Name
    """The task it is wanted for."""
    phase: Name
    """The phase it is wanted in."""
    minimum: Persons = Estimate(0.0, 0.0, 0.0)
    """Below this the task cannot be done."""
    wanted: Persons
    """People who would be enough."""
    weight: Positive = Estimate(1.0, 1.0, 1.0)
    """How much a person short matters beside other requirements."""


class Sector(SourcedRecord):
    """An area of responsibility; one without inhabitants is a line, a buffer or a stretch of sea."""

    label: str
    """What the area is called."""
    pcode: str = ""
    """Its place code in humanitarian data (OCHA), if it has one."""
    population: Persons
    """People who live there; 0 for a line, a buffer or the sea."""
    area: SquareKilometres
    """Its size in square kilometres."""
    neighbours: Names = ()
    """The sectors beside it, into which violence may spill."""
    contested: Share | None = None
    """Share of its people, or of its ground where nobody lives, over which control is in dispute: what must be covered.
    All of it, if nothing is said."""
    need: Share | None = None
    """Share of the people's basic needs that goes unmet at the start; none if aid is not studied."""
    debris: Tonnes | None = None
    """Debris to be cleared, in tonnes; left out where rebuilding is not studied."""
    homes_destroyed: Positive | None = None
    """Homes destroyed; left out where rebuilding is not studied."""


class Crossing(SourcedRecord):
    """A border point and what passes through it."""

    label: str
    """What the crossing is called."""
    goods: bool = True
    """Whether goods pass."""
    people: bool = True
    """Whether people pass."""
    capacity: TrucksPerDay
    """Trucks a day that can pass when it is open."""
    serves: Names
    """The sectors its goods reach."""
    across: str = ""
    """What lies on the other side: a state, or the sea."""
    open_at_start: Share = Estimate(1.0, 1.0, 1.0)
    """Probability that it is open on the first day."""


class ArmedGroup(SourcedRecord):
    """An organization under arms that the mandate concerns."""

    label: str
    """What it is called."""
    strength: Persons
    """People under arms."""
    weapons_per_person: Positive | None = None
    """Weapons for each of them; left out if weapons are not counted."""
    sectors: dict[Name, Share]
    """How its people are spread; the shares are scaled to sum to one."""


class Ceasefire(SourcedRecord):
    """A cease-fire of this theatre: one of the past, the one in force, or one that is hoped for.

    `{start: 2025-10-10}` is in force; with `fell` it is past. `{expected: 0.3 (0.1 to 0.5), by: 2026-03-01}` may come.
    `{on: accord}` comes on the day of that event of the process, or of that gate which waits for one.
    """

    start: date | None = None
    """Its first day."""
    fell: date | None = None
    """The day on which it fell; none while it holds."""
    expected: Share | None = None
    """The chance that it comes by the day of `by`, from the scenario's date on, no day likelier than another."""
    by: date | None = None
    """The day until which the chance of `expected` counts."""
    on: str = ""
    """The event of the process that brings it, or a gate that waits for one."""

    @model_validator(mode="after")
    def _in_order(self) -> Ceasefire:
        if sum((self.start is not None, self.expected is not None, bool(self.on))) != 1:
            raise ValueError(
                "say one of `start` (it began), `expected` with `by` (it may come), `on` (an event brings it)"
            )
        if (self.expected is None) != (self.by is None):
            raise ValueError("`expected` is a chance and `by` the day until which it counts: give both")
        if self.fell is not None and (self.start is None or self.fell <= self.start):
            raise ValueError(
                f"fell on {self.fell}, " + (f"before it began on {self.start}" if self.start else "never began")
            )
        return self

    @property
    def holds(self) -> bool:
        """Whether it began and has not fallen."""
        return self.start is not None and self.fell is None


class Observed(SourcedRecord):
    """People killed by violence inside the theatre in a period up to the scenario's date: what its rate must give."""

    deaths: Persons
    """People killed in the period: by violence inside the theatre, without fire from outside."""
    weeks: Weeks
    """How many weeks the period had, up to the scenario's date."""


class Theatre(SourcedRecord):
    """The place, as it is on the scenario's date."""

    label: str
    """What the place is called."""
    sectors: dict[Name, Sector]
    """Its areas of responsibility, by a name of yours."""
    crossings: dict[Name, Crossing] = Field(default_factory=dict)
    """Border points through which goods or people come; left out where aid is not studied."""
    armed_groups: dict[Name, ArmedGroup] = Field(default_factory=dict)
    """Who is under arms there beside the force, by a name of yours."""
    trucks_needed: TrucksPerDay | None = None
    """Goods that would meet all needs; none if aid is not studied."""
    conflict: ConflictKind | None = None
    """What kind of violence there is; where no rate is given or observed, that of such places is taken."""
    observed: Observed | None = None
    """People killed in a recent period, under the same conditions as on the scenario's date."""
    ceasefires: tuple[Ceasefire, ...] = ()
    """Its cease-fires: the past ones, from which `contingent calibrate` learns, and that in force or hoped for."""
    parameters: dict[Name, Real] = Field(default_factory=dict)
    """Numbers of the mission model that this theatre knows better than the model's own priors."""

    @property
    def ceasefire(self) -> Ceasefire | None:
        """The cease-fire that is in force or may come; none if there is none and none is hoped for."""
        return next((c for c in reversed(self.ceasefires) if c.holds or c.start is None), None)

    @property
    def carries_goods(self) -> bool:
        """Whether goods reach a sector through a crossing."""
        return any(crossing.goods and crossing.serves for crossing in self.crossings.values())

    @property
    def parts(self) -> frozenset[str]:
        """Which parts of the mission model this place has; what is not there is neither simulated nor told.

        `people`, `armed`, `weapons`, `ceasefire`, `outside` (a party that fires from outside), `aid`, `rebuilding`.
        """
        there, deadly = self.sectors.values(), self.parameters.get("outside_rate")
        found = {
            "people": any(sector.population.high > 0 for sector in there),
            "armed": any(group.strength.high > 0 for group in self.armed_groups.values()),
            "weapons": any((g.weapons_per_person or NONE).high > 0 for g in self.armed_groups.values()),
            "ceasefire": self.ceasefire is not None,
            "outside": deadly is not None and deadly.high > 0,
            "aid": self.carries_goods and self.trucks_needed is not None and self.trucks_needed.high > 0
            and any(sector.need is not None for sector in there),
            "rebuilding": any((s.debris and s.debris.high > 0) or (s.homes_destroyed and s.homes_destroyed.high > 0)
                              for s in there),
        }  # fmt: skip
        return frozenset(name for name, is_there in found.items() if is_there)
