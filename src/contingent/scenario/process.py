"""Who bargains over the decision, through which gates must it pass, and which past decisions is it like?

Stakeholders and the decision process: who wants what, who sits at each gate, and how long each takes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from contingent.notation import Days, Positive, Real, Scale, Share
from contingent.records import Iso3, Name, Names, Record, SourcedRecord


def _coded(value: float) -> float:
    if value not in (0, 0.5, 1):
        raise ValueError(f"{value:g} is not one of 0 (no), 0.5 (contested or ambiguous), 1 (yes)")
    return value


Half = Annotated[float, AfterValidator(_coded)]


class Issue(Record):
    """One question in dispute, as a scale from 0 to 100 whose anchors say what its points mean."""

    label: str
    """What it is called."""
    question: str
    """What is in dispute, as a question."""
    anchors: dict[int, str]
    """What some points of the scale mean, in words: `{0: sends nobody, 100: all tasks}`."""
    stepped: bool = False
    """Whether an agreement can only be one of the anchors, with nothing in between."""


class Stake(SourcedRecord):
    """What one stakeholder wants on one issue (0 to 100) and how much attention it gives it (0 to 100)."""

    position: Scale
    """What it wants, on the issue's scale of 0 to 100."""
    salience: Scale
    """How much attention it gives the issue, 0 (none) to 100 (all it has)."""


class Stakeholder(SourcedRecord):
    """Someone whose wishes weigh on the decision."""

    label: str
    """Who it is."""
    kind: Literal["domestic", "outside"] = "domestic"
    """Whether it belongs to the deciding state or stands outside it."""
    bloc: str = ""
    """Stakeholders of one bloc err together: their positions are drawn correlated."""
    capability: Positive
    """Bargaining power over this decision, relative to the other stakeholders."""
    stakes: dict[Name, Stake]
    """What it wants, issue by issue; an issue left out is none of its concern."""


class Council(SourcedRecord):
    """A draft resolution before the United Nations Security Council, whose adoption is derived rather than typed.

    Adopted with nine of fifteen in favour and no permanent member against (Charter, Article 27(3)).
    """

    proposed_by: Iso3
    """Whose text it is: the nearer a member is to it in the General Assembly's votes, the likelier its yes."""
    year: int
    """Which year's members vote."""
    tabled: Share
    """That the text is put to a vote at all within the horizon."""
    chapter_vii: bool = False
    """Whether it allows force."""
    positions: dict[Iso3, Real] = Field(default_factory=dict)
    """What is known of a member beyond its votes, in units of the noise: about 3 carries most to a yes, -10 is a sure
    veto."""


class Event(SourcedRecord):
    """Something outside the process that a gate may have to wait for, such as a resolution."""

    label: str
    """What would happen."""
    probability: Share | None = None
    """That it happens at all within the horizon, once what it comes `after` has happened."""
    council: Council | None = None
    """Where it is a resolution of the Security Council: its vote gives the probability."""
    delay: Days
    """From the scenario's date, or from the last event it comes `after`, until it happens, if it does."""
    after: Names = ()
    """Events without which it cannot happen."""
    moved_by: dict[Name, Real] = Field(default_factory=dict)
    """Events that make it likelier (above 0) or less likely (below 0) if they happen, in logits: 0.7 doubles the
    odds."""
    sets: dict[str, JsonValue] = Field(default_factory=dict)
    """Dotted path to the value it takes in a world where this happens, whatever is decided here."""
    otherwise: dict[str, JsonValue] = Field(default_factory=dict)
    """... and in a world where it does not happen."""
    comes: bool = False
    """Whether it has come in the world a run is in; left out of files. Conditions ask for it: `event.NAME: true`."""

    @property
    def expected(self) -> float:
        """The best value of its probability; of a resolution's, that it is put to a vote."""
        stated = self.council.tabled if self.council is not None else self.probability
        return 0.0 if stated is None else stated.best


class Member(SourcedRecord):
    """A stakeholder's part in a gate."""

    seats: Positive
    """Votes of any size: persons, shares of 1, or millions; only their proportions matter."""
    people: Positive | None = None
    """Inhabitants, where a second majority counts them."""
    present: Share | None = None
    """Share of the seats that take part; all if absent."""
    divided: bool = False
    """Whether its votes are cast one by one (an electorate, a free vote) rather than all one way."""
    whip: Real | None = None
    """Pull of party discipline towards yes, in units of the vote's noise; none if absent."""
    cost: Share | None = None
    """What saying no costs a member with a veto, as utility; it accepts what is worse than refusing by less."""


class Gate(SourcedRecord):
    """A step of the process that can say no.

    `vote` needs enough of the seats; `veto` needs every member to prefer the option to refusing; `chance` passes with a
    stated probability, such as a court; `event` waits for one. `advisory` and `bargain` stop nothing: both take time
    and their opposition presses on the gates after them, by seats in an advisory body and by capability x salience
    among those who bargain.
    """

    label: str
    """What the step is called."""
    kind: Literal["bargain", "vote", "veto", "advisory", "event", "chance"]
    """How it decides: by `vote`, `veto` of any member, `chance`, or by waiting for an `event`; `advisory` and `bargain`
    only weigh and take time."""
    stage: Literal["decision", "acceptance"] = "decision"
    """`decision`: it belongs to the decider's own decision. `acceptance`: others must accept the outcome."""
    whose: str = ""
    """Whose decision it is, as printed, where it is not the decider's own: another state's, an organization's. Those of
    one name err together and press on one another; each of several others decides apart, after the decider."""
    members: dict[Name, Member] = Field(default_factory=dict)
    """The stakeholders who sit there."""
    quota: Share | None = None
    """The share of the votes that must be exceeded; 1 asks for all of them."""
    at_least: Share | None = None
    """The share of the votes that must be reached, in place of `quota`: two thirds of 300 are 200."""
    of: Literal["seats", "present", "votes"] = "seats"
    """What it is a share of: all seats (an absolute majority), the seats present, or the votes for and against."""
    abstention: Real | None = None
    """Members whose wish lies this close to indifference, in units of the noise, abstain; nobody does if absent."""
    quorum: Share | None = None
    """The share of the seats that must be present."""
    casting_vote: Name | None = None
    """The member that decides a tie."""
    people_at_least: Share | None = None
    """The share of the `people` that must be behind the members in favour as well: a double majority."""
    blocking_members: int | None = Field(default=None, ge=1)
    """How many members it takes to block: with fewer not in favour it passes all the same."""
    permanent: Names = ()
    """Members whose no, though not their abstention, stops it."""
    settles: Names = ()
    """Gates before it that it decides in place of, should one of them say yes and another no: a joint sitting."""
    event: Name | None = None
    """For a gate of kind `event`: the event it waits for."""
    probability: Share | None = None
    """Of a gate of kind `chance`: that it lets the option through."""
    duration: Days
    """How long it takes once it is reached, in days."""
    delay: Days | None = None
    """What an advisory gate adds to its duration when all its members are against."""
    applies_if: dict[str, JsonValue] = Field(default_factory=dict)
    """Dotted path of the scenario to the values under which this gate is needed; empty means always."""

    @property
    def told(self) -> str:
        """Its label, and whose decision it is where that is another's."""
        return f"{self.label} ({self.whose})" if self.whose else self.label


class Pool(SourcedRecord):
    """How much past decisions and the weighted share inform the wish of those who decide, beside their own interest.

    Each counts in proportion to `process`, the weight of the interest itself. Neither enters what the law asks for.
    """

    share: Positive
    """Of the capability x salience weighted share of all stakeholders in favour."""
    process: Positive
    """Of the deciders' own interest."""
    reference: Positive
    """Of past decisions alike."""


class Process(SourcedRecord):
    """The gates in the order in which they are met."""

    decider: Names
    """The stakeholders without whom nothing is decided."""
    proposers: Names = ()
    """Who can put an option forward; the deciders if absent."""
    ladder: Names = ()
    """The options from what commits least to what commits most; by their terms on the first issue that has a status
    quo if absent."""
    status_quo: dict[Name, float]
    """Where each issue stands if nothing is decided (0 to 100); an issue left out does not arise then."""
    asked: date | None = None
    """When the question was first put; the scenario's date if absent."""
    attention: Days | None = None
    """Days from now until governments get to a decision at all; past decisions say if absent."""
    deadline: Days
    """After which a decision no longer counts as taken in time."""
    counted_from: date | None = None
    """The day from which the deadline and the delays of events are counted; the scenario's date if absent. With it they
    stay on their calendar days when `as_of` is moved; what would then be behind comes at once."""
    renewal: Share | None = None
    """That a deadline which passes without a decision is renewed, by as long again; one half if absent (a
    judgement)."""
    noise: Positive
    """Spread of a member's yes around what its interest says, as a share of the most it could gain or lose."""
    shared: Share
    """Share of that noise which everybody who decides has in common."""
    bloc_correlation: Share
    """Correlation of the errors in the positions of one bloc."""
    pressure: Share
    """How far unanimous opposition at an advisory gate shifts later gates towards no, in units of the noise."""
    pool: Pool | None = None
    """How past decisions and the weighted share inform the deciders' wish; they do not if absent."""
    gates: dict[Name, Gate]
    """The steps at which it can be stopped, by a name of yours, in the order in which they are met."""
    events: dict[Name, Event] = Field(default_factory=dict)
    """What happens or not, whatever is decided here, by a name of yours."""


class ReferenceClass(Record):
    """How past decisions like this one are looked up; codes as in `precedents/data/codebook.md`."""

    country: str = ""
    """Whose past decisions count as its own; the contributor whose decision it is, if left out."""
    un_led: Literal[0, 1] | None = None
    """1 if the United Nations command the force, alone or with others; follows from `mandate.command` if left out."""
    un_mandate: Half | None = None
    """1 with an authorization of the Security Council, 0.5 with an endorsement, 0 without; follows from
    `mandate.legal_basis` if left out."""
    us_request_or_lead: Literal[0, 1] = 0
    """1 if the United States lead the force or asked for it."""
    coerce_kin: Literal[0, 1] = 0
    """1 if people of one's own religion or kin may have to be fought or disarmed."""
    kin_or_religious_tie_with_host: Literal[0, 1] = 0
    """1 if state and host share a majority religion or close kin."""
    host_consent: Half | None = None
    """1 if the recognised authority agrees, 0.5 if that is disputed, 0 if not; follows from `mandate.legal_basis` if
    left out."""
    combat_expected: Literal[0, 1, 2] | None = None
    """0 none, 1 possible, 2 war; follows from `mandate.use_of_force` if left out."""
    material_benefit: Literal[0, 1, 2] = 0
    """What the contributor gains: 0 nothing known, 1 something such as reimbursement that matters, 2 much such as debt
    relief."""
    regional_neighbour: Literal[0, 1] = 0
    """1 if it is a neighbour, or of the same subregion."""
    operation: str = ""
    """The force, as the table of past decisions calls it, if others were asked for the same one; empty if not there."""
    force_type: Literal["", "land", "air", "naval", "police", "observers"] = ""
    """What kind of contribution is asked for; empty if it is not said."""
    recorded_refusals: Share | None = None
    """Share of refusals thought to be on record: quiet ones are not, and the odds are shifted by it. 1 if absent."""
    claims: Names = ()
    """The claims that the codes rest on."""
    assumption: str = ""
    """Why the codes are what they are where no claim says so."""

    def completed(self, country: str, legal_basis: str, likes: tuple[str, ...], use_of_force: str) -> ReferenceClass:
        """The codes with what was left out taken from the mandate, as the codebook codes most forces of its kind."""
        follows = {
            "country": country,
            "un_led": int("un" in likes),
            "un_mandate": {"unsc_resolution": 1, "unsc_endorsement": 0.5}.get(legal_basis, 0),
            "host_consent": int(legal_basis != "none"),
            "combat_expected": {"self_defence": 0, "protection": 1}.get(use_of_force, 2),
        }
        return self.model_copy(update={k: v for k, v in follows.items() if getattr(self, k) in (None, "")})
