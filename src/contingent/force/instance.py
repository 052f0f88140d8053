"""What the optimiser is asked: units, demand, time and limits as plain arrays.

A *group* is a set of identical units one contributor pledges; a *row* is a demand for one type of
unit in one sector on one task; a *cell* is a row a group may serve. Periods are stretches of weeks.
Persons throughout; lift in infantry-battalion equivalents; money in US dollars.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from contingent.quantities import WEEKS_A_MONTH

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Within = Literal["sector", "contributor", "force"]
"""Where those who give support are counted with those who need it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods as half-open stretches of weeks from the day on which the force may begin; shape (period,)."""

    start: Ints
    end: Ints
    stretch: Ints | None = None
    """Which stretch of time a period belongs to: lift not used may be saved up within one. None: every one its own."""

    @property
    def weeks(self) -> Floats:
        """Length of every period in weeks."""
        return (self.end - self.start).astype(float)

    @property
    def months(self) -> Floats:
        """Length of every period in months of 30.4375 days."""
        return self.weeks / WEEKS_A_MONTH

    def within(self, start: int, end: int) -> NDArray[np.bool_]:
        """Which periods lie between two weeks."""
        return (self.start >= start) & (self.end <= end)

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Groups:
    """Pledged units, identical ones together; every array has shape (group,)."""

    name: tuple[str, ...]
    contributor: Ints
    unit: Ints
    count: Ints
    """Units on offer at once."""
    persons: Floats
    """In one unit."""
    divisible: NDArray[np.bool_]
    """Whether parts of a unit, such as companies, can be deployed without the others."""
    notice: Floats
    """Weeks from the day on which the force may begin until the first can arrive."""
    tour: Floats
    """Weeks a unit is pledged to stay before it is relieved."""
    tours: Ints
    """Tours all units together can serve."""
    lift: Floats
    cost: Floats
    """Of one unit in theatre, US dollars a month."""
    billed: Floats
    """What of it the fund owes, US dollars a month."""
    reliability: Floats
    """Probability that the pledge is kept; between equals the surer one is taken."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The statement of requirements; `minimum`, `wanted` and `weight` have shape (row, period), the rest (row,)."""

    unit: Ints
    sector: Ints
    task: Ints
    minimum: Floats
    wanted: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Cells:
    """Which group may serve which row; shape (cell,). `asked`: only with the capital's leave (a yellow card)."""

    group: Ints
    row: Ints
    asked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ShareRule:
    """`members` (contributor,) hold at least, or at most, `share` of the people in theatre, and `persons` beside, in
    every period from week `since` on. A floor asks for least `persons` outright.
    """

    name: str
    members: NDArray[np.bool_]
    share: float
    least: bool
    persons: float = 0.0
    since: int = 0


@dataclass(frozen=True, slots=True)
class SupportRule:
    """People in one place who need it, beyond `beyond` of them, are as many as units there are enough for."""

    name: str
    gives: Floats
    """People whom one unit of a group is enough for, 0 where it is none that gives it; (group,)."""
    needs: NDArray[np.bool_]
    """Whether a group needs it rather than giving it or bringing its own; (group,)."""
    beyond: float
    within: Within = "sector"
    required: bool = False
    """Whether nobody may be there whom no unit covers."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way into the theatre: what it lets through, who may take it, and what it takes beside a unit's notice."""

    name: str
    lift: Floats
    """Battalion equivalents that pass in a period, those who arrive as it ends among them; (period,)."""
    lead: float
    """Weeks from being ready until arrival."""
    carries: NDArray[np.bool_]
    """(group,)"""


@dataclass(frozen=True, slots=True)
class Compatibility:
    """In every sector and period one of several choices holds, and only groups that it suits serve there.

    A working language is a choice, so is a command, and so is a side where two will not serve together.
    """

    name: str
    """Where the scenario says so: `caveats.NAME` or `composition.NAME`."""
    choices: tuple[str, ...]
    suits: NDArray[np.bool_]
    """(choice, group)"""
    lasting: bool
    """Whether a sector keeps its choice for the whole operation."""
    by_leave: bool = False
    """Whether others may serve there too if their capital is asked (a yellow card)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the whole force may not exceed; infinite where there is no limit."""

    strength: Floats
    """Persons in theatre, by period."""
    lift: Floats
    """Battalion equivalents that can be moved in a period, those who arrive as it ends among them."""
    outbound: bool
    """Whether units going home take lift as well."""
    budget: Floats
    """US dollars the fund may come to owe in a stretch of time; shape (stretch,)."""
    stretch: Ints
    """Which stretch of time a period belongs to, -1 for none; shape (period,)."""
    contributor: Floats
    """Persons a contributor can keep in theatre; shape (contributor,)."""
    shares: tuple[ShareRule, ...] = ()
    compatible: tuple[Compatibility, ...] = ()
    supports: tuple[SupportRule, ...] = ()
    routes: tuple[Route, ...] = ()
    """Everybody comes and goes by one of them; however they like if there is none."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One planning question."""

    calendar: Calendar
    contributors: tuple[str, ...]
    units: tuple[str, ...]
    sectors: tuple[str, ...]
    tasks: tuple[str, ...]
    groups: Groups
    demand: Demand
    cells: Cells
    limits: Limits

    def covered(self, serving: Floats) -> Floats:
        """People at work by row and period, given units by cell and period."""
        found = np.zeros_like(self.demand.wanted)
        np.add.at(found, self.cells.row, serving * self.groups.persons[self.cells.group][:, None])
        return found

    def place(self, within: Within, group: Ints, row: Ints) -> Ints:
        """In which of the places where a support rule counts people a group at a row is."""
        places = {"sector": self.demand.sector[row], "contributor": self.groups.contributor[group]}
        return places.get(within, np.zeros_like(group))

    def load(self, rule: SupportRule) -> Floats:
        """People of one unit who need support, less those it gives it to; (group,)."""
        return self.groups.persons * rule.needs - rule.gives

    def places(self, within: Within) -> tuple[str, ...]:
        """What those places are called."""
        return {"sector": self.sectors, "contributor": self.contributors}.get(within, ("force",))

    @property
    def rows(self) -> tuple[str, ...]:
        """A name for every row of the demand: its type of unit, sector and task; (row,)."""
        places = zip(self.demand.unit.tolist(), self.demand.sector.tolist(), self.demand.task.tolist(), strict=True)
        return tuple(f"{self.units[unit]} {self.sectors[sector]} {self.tasks[task]}" for unit, sector, task in places)
