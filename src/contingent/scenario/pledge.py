"""Who offers what, when, for how long, and under which national restrictions."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from contingent.notation import Days, Dollars, DollarsPerPersonMonth, Months, Persons, Positive, Share
from contingent.quantities import Estimate
from contingent.records import Code, Name, Names, OrOwn, SourcedRecord


class Contributor(SourcedRecord):
    """A troop or police contributing country or body, as far as this force is concerned."""

    label: str
    """Its name."""
    kind: Literal["state", "organization", "service"] = "state"
    """What it is. A state goes by its three-letter code; an organization, or a service such as a police force, by any
    name."""
    of: Code | None = None
    """Whose service it is. Where that one is a contributor too, it answers for the service: its public, losses and
    costs count, it backs out or leaves with all it has there, and its own limits hold for all together."""
    groups: Names = ()
    """Groups of yours that it belongs to, such as `nato` or `frontline`; read only by composition rules of that
    group."""
    region: str = ""
    """Its region, in a word of yours; read only by composition rules on regions."""
    ceiling: Persons
    """The most it can keep deployed at once."""
    home_support: Share | None = None
    """Share of the public at home behind the deployment at the start; of a service, that of whom it is `of` counts."""
    casualty_sensitivity: Positive = Estimate(1.0, 1.0, 1.0)
    """How fast support falls with own dead, beside the mission model's typical contributor (1)."""
    languages: Names = ()
    """Working languages its units and their headquarters can use."""
    commands: Names = ()
    """Headquarters of a sector it serves under."""


RESTRICTIONS = {
    "excludes_sectors": "sector", "excludes_tasks": "task", "excludes_units": "unit type",
    "excludes_contributors": "co-deployment", "mandate.use_of_force": "use of force", "mandate.command": "command",
    "mandate.legal_basis": "mandate",
}  # fmt: skip
"""What a caveat says, by the word for what it restricts.

The kinds reported of the force in Afghanistan (geographical, operational, consultation of the capital; Reuters, 26
November 2006) in the terms of a plan by sector and half-year; those on altitude, weather and flights stay outside it.
"""


class Caveat(SourcedRecord):
    """A national restriction on what a contingent may be used for."""

    label: str
    """The restriction, in a few words."""
    card: Literal["red", "yellow"] = "red"
    """Red: prohibited. Yellow: the capital must be asked first."""
    excludes_tasks: Names = ()
    """Tasks its people are not used for."""
    excludes_sectors: Names = ()
    """Sectors they do not go to."""
    excludes_units: Names = ()
    """Types of unit that are not sent at all."""
    excludes_contributors: Names = ()
    """Contributors it does not serve beside: not in one sector at the same time."""
    requires: dict[str, JsonValue] = Field(default_factory=dict)
    """Dotted path of the scenario to the values under which the pledge holds at all."""

    @property
    def restricts(self) -> tuple[str, ...]:
        """What it restricts, in the words of `RESTRICTIONS`; a yellow card adds `consultation`."""
        on = [word for field, word in RESTRICTIONS.items() if getattr(self, field, ()) or field in self.requires]
        on += ["other terms"] * bool(self.requires.keys() - RESTRICTIONS.keys())
        return (*on, *["consultation"] * (self.card == "yellow"))


class Pledge(SourcedRecord):
    """An offer of one type of unit by one contributor."""

    id: Name
    """Its name in the list, once."""
    contributor: Code
    """Who offers it."""
    unit: Name
    """The type of unit offered."""
    strength: Persons
    """People offered at once."""
    notice: Days
    """From the decision until the unit can arrive; what past forces took to build up runs at the same time."""
    tour: Months
    """How long one contingent stays, in months."""
    rotations: int = Field(ge=1, le=100)
    """Tours the contributor can sustain, the first included."""
    caveats: Names = ()
    """The restrictions that come with it."""
    sectors: Names = ()
    """Offered for these sectors alone; for all if none is named."""
    reliability: Share
    """Probability that the offer becomes troops in theatre."""
    cost: DollarsPerPersonMonth
    """What keeping a person in theatre costs."""
    reimbursed: bool = False
    """Whether the fund of `reimbursement` pays its rate for it."""
    rates: Names = ()
    """Rates of that fund owed for it beside the one for personnel, such as a wet lease or self-sustainment."""
    borne_by: dict[Code, Share] = Field(default_factory=dict)
    """Shares of its cost that others bear: contributors such as a lead state, or names of yours such as `in_kind`. The
    fund pays of what is left, and who sends it the rest."""
    status: Literal["offered", "confirmed", "withdrawn"] = "offered"
    """What has become of the offer. One that is withdrawn serves in no plan; that one is confirmed is told beside it,
    and moves no number: `reliability` says how sure it is."""
    readiness: Literal["registered", "assessed", "aligned", "rapid", "deployed"] | None = None
    """How far the United Nations' readiness system has taken it: level 1, 2 (assessed by a visit, and only from here on
    eligible for selection), 3 (matched to a unit requirement), rapid (there within 60 days of being asked).
    DPO, Force Generation Manual, 2021.05. `deployed`: in the theatre already, so that it waits for no build-up."""
    self_sustains: Names = ()
    """Kinds of support it brings for itself (self-sustainment in its memorandum of understanding)."""

    @property
    def left(self) -> float:
        """The share of its cost that nobody bears by `borne_by`."""
        return 1 - sum(share.best for share in self.borne_by.values())


class Composition(SourcedRecord):
    """A rule about the force as a whole."""

    label: str
    """The rule, in a few words."""
    kind: Literal["least_share", "most_share", "veto", "ceiling", "floor", "apart", "one_language", "one_command"]
    """`floor`: whom it is about serve, with so many people at least, whatever they cost. `apart`: no two of its
    contributors in one sector at the same time. `one_language`, `one_command`: all who serve in a sector have a working
    language, or a command they serve under, in common."""
    group: Annotated[Name, OrOwn(("contributor", "region"))] = "contributor"
    """Whom it is about: all of a group of yours together (`groups` of the contributors), one `contributor`, or one
    `region`; every single one of these if a `most_share` or `ceiling` names none."""
    contributor: Code | None = None
    """The contributor it is about."""
    contributors: Names = ()
    """Who is kept apart from whom."""
    region: str | None = None
    """The region it is about."""
    share: Share | None = None
    """Of deployed strength, for the two share rules."""
    persons: Persons | None = None
    """The most whom it is about may have deployed at once, for a ceiling; the least, for a floor."""
    build_up: int = Field(default=0, ge=0, le=1000)
    """Weeks from the day on which the force may begin in which it builds up and the rule need not hold yet; after them
    it holds in every week. For rules on shares, ceilings and floors."""


class Rate(SourcedRecord):
    """What a fund owes for more than a person: equipment under a wet or a dry lease, one kind of self-sustainment."""

    rate: DollarsPerPersonMonth
    """For every person of such a pledge in theatre and month; of a lease, the units' sum over their people."""
    since: date | None = None
    """The day from which it holds, as its publisher says; not after the scenario's date."""


class Reimbursement(SourcedRecord):
    """What a fund pays back to contributors whose pledge is reimbursed."""

    label: str = "the fund"
    """Who pays: an organization by assessment, or a voluntary fund, by its name."""
    rate: DollarsPerPersonMonth = Estimate(0.0, 0.0, 0.0)
    """What is owed for a person in theatre and month; nothing if left out."""
    rates: dict[Name, Rate] = Field(default_factory=dict)
    """What is owed beside, by a name of yours that pledges give in their `rates`."""
    paid: Share = Estimate(1.0, 1.0, 1.0)
    """Share of what is owed that is paid within the horizon; all of it if left out."""
    budget: dict[Name, Dollars] = Field(default_factory=dict)
    """The most the fund may come to owe in a phase; no limit in a phase it does not name."""

    def beside(self, pledge: Pledge) -> float:
        """What is owed for a person of a pledge and month beside the rate for personnel."""
        return sum(self.rates[name].rate.best for name in pledge.rates)


class Support(SourcedRecord):
    """What people need beside them: hospitals and transport in a sector, a contributor's national support element, a
    headquarters of the whole force, or one enabler that depends on another.
    """

    label: str
    """What it is called."""
    unit: Names
    """The type of unit that gives it, or several of which any does, such as hospitals of a higher level."""
    covers: Persons
    """People one unit is enough for."""
    beyond: Persons = Estimate(0.0, 0.0, 0.0)
    """People in one place who can do without any."""
    of: Names = ()
    """Types of unit whose people need it; all but those that give it if none is named."""
    within: Literal["sector", "contributor", "force"] = "sector"
    """Where units and people are counted together: in each sector, among each contributor's own (a national support
    element), or in the whole force (a headquarters, staff officers)."""
    required: bool = False
    """Whether nobody may be there whom no unit covers; if not, people without it have a price, and are told."""

    def asked_for(self, unit: str) -> bool:
        """Whether people in a type of unit need it."""
        return unit not in self.unit and unit in (self.of or (unit,))


class Route(SourcedRecord):
    """One way into the theatre, such as a port, an airfield or a road through a border point."""

    label: str
    """What it is called."""
    mode: Literal["air", "sea", "road", "rail"]
    """How people and equipment come by it; told beside the plan, and moves no number."""
    capacity: dict[Name, float] = Field(default_factory=dict)
    """What it lets in and out in a phase, in infantry-battalion equivalents a month; no limit in a phase it does not
    name, 0 while it is closed."""
    lead: Days = Estimate(0.0, 0.0, 0.0)
    """From being ready (`notice`) until arrival by it; 0 where the notices count the way in."""
    units: Names = ()
    """Types of unit that can take it; all if none is named."""
    contributors: Names = ()
    """Who may take it; all if none is named."""

    def carries(self, pledge: Pledge) -> bool:
        """Whether a pledge's units may take it."""
        return pledge.unit in (self.units or (pledge.unit,)) and (
            pledge.contributor in (self.contributors or (pledge.contributor,))
        )
