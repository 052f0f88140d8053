"""Who bargains over the decision, and through which gates must it pass?

Stakeholders and the decision process: who wants what, who sits at each gate, and how long each takes.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from contingent.notation import Days, Positive, Real, Scale, Share
from contingent.records import Name, Names, Record, SourcedRecord


class Issue(Record):
    """One question in dispute, as a scale from 0 to 100 whose anchors say what its points mean."""

    label: str
    question: str
    anchors: dict[int, str]
    stepped: bool = False
    """Whether an agreement can only be one of the anchors, with nothing in between."""


class Stake(SourcedRecord):
    """What one stakeholder wants on one issue (0 to 100) and how much attention it gives it (0 to 100)."""

    position: Scale
    salience: Scale


class Stakeholder(SourcedRecord):
    """Someone whose wishes weigh on the decision."""

    label: str
    kind: Literal["domestic", "outside"] = "domestic"
    bloc: str = ""
    """Stakeholders of one bloc err together: their positions are drawn correlated."""
    capability: Positive
    """Bargaining power over this decision, relative to the other stakeholders."""
    stakes: dict[Name, Stake]


class Event(SourcedRecord):
    """Something outside the process that a gate may have to wait for, such as a resolution."""

    label: str
    probability: Share
    """That it happens at all within the horizon."""
    delay: Days
    """From the scenario's date until it happens, if it does."""
    sets: dict[str, JsonValue] = Field(default_factory=dict)
    """Dotted path to the value it takes in a world where this happens, whatever is decided here."""
    otherwise: dict[str, JsonValue] = Field(default_factory=dict)
    """... and in a world where it does not happen."""


class Member(SourcedRecord):
    """A stakeholder's part in a gate."""

    seats: Positive
    whip: Real | None = None
    """Pull of party discipline towards yes, in units of the vote's noise; none if absent."""
    cost: Share | None = None
    """What saying no costs a member with a veto, as utility; it accepts what is worse than refusing by less."""


class Gate(SourcedRecord):
    """A step of the process that can say no.

    `bargain` settles the terms among the members; `vote` needs more than `quota` of the seats; `veto`
    needs every member to prefer the option to refusing; `advisory` can only delay, and its opposition
    presses on the gates after it; `event` waits for one.
    """

    label: str
    kind: Literal["bargain", "vote", "veto", "advisory", "event"]
    stage: Literal["decision", "acceptance"] = "decision"
    """`decision`: it belongs to the decider's own decision. `acceptance`: others must accept the outcome."""
    members: dict[Name, Member] = Field(default_factory=dict)
    quota: Share | None = None
    event: Name | None = None
    duration: Days
    delay: Days | None = None
    """What an advisory gate adds to its duration when all its members are against."""
    applies_if: dict[str, JsonValue] = Field(default_factory=dict)
    """Dotted path of the scenario to the values under which this gate is needed; empty means always."""


class Pool(SourcedRecord):
    """How much each part of the forecast of a national yes counts, as weights of their log odds.

    Weights that sum to one make a logarithmic opinion pool (Genest & Zidek 1986, doi:10.1214/ss/1177013825).
    """

    share: Positive
    """Of the capability x salience weighted share in favour."""
    process: Positive
    """Of the gates."""
    reference: Positive
    """Of past decisions alike."""


class Process(SourcedRecord):
    """The gates in the order in which they are met."""

    decider: Names
    """The stakeholders without whom nothing is decided."""
    status_quo: dict[Name, float]
    """Where each issue stands if nothing is decided (0 to 100); an issue left out does not arise then."""
    deadline: Days
    """After which a decision no longer counts as taken in time."""
    noise: Positive
    """Spread of a member's yes around what its interest says, in utility (0 to 1)."""
    shared: Share
    """Share of that noise which all members of a gate have in common."""
    bloc_correlation: Share
    """Correlation of the errors in the positions of one bloc."""
    amendment: Share
    """How often a proposal that is agreed to at all ends on other terms than it started with."""
    pressure: Share
    """How far unanimous opposition at an advisory gate shifts later gates towards no, in units of the noise."""
    pool: Pool | None = None
    """How the parts of the forecast are weighed; the gates alone if absent."""
    gates: dict[Name, Gate]
    events: dict[Name, Event] = Field(default_factory=dict)
