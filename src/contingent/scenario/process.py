"""Through which gates the decision must pass, who sits at each, and how long each takes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from contingent.frozen import Name, Names, Sourced
from contingent.notation import Days, Positive, Real, Share


class Event(Sourced):
    """Something outside the process that a gate may have to wait for, such as a resolution."""

    label: str
    probability: Share
    """That it happens at all within the horizon."""
    delay: Days
    """From the scenario's date until it happens, if it does."""


class Member(Sourced):
    """A stakeholder's part in a gate."""

    seats: Positive
    whip: Real | None = None
    """Pull of party discipline towards yes, in units of the vote's noise; none if absent."""


class Gate(Sourced):
    """A step of the process that can say no.

    `bargain` settles the terms among the members; `vote` needs `quota` of the seats; `veto` needs
    every member to prefer the option to refusing; `advisory` can only delay; `event` waits for one.
    """

    label: str
    kind: Literal["bargain", "vote", "veto", "advisory", "event"]
    members: dict[Name, Member] = Field(default_factory=dict)
    quota: Share | None = None
    event: Name | None = None
    duration: Days
    applies_if: dict[str, Any] = Field(default_factory=dict)
    """Dotted path of the scenario to the values under which this gate is needed; empty means always."""


class Process(Sourced):
    """The gates in the order in which they are met."""

    decider: Names
    """The stakeholders without whom nothing is decided."""
    status_quo: dict[Name, float]
    """Where each issue stands if nothing is decided (0 to 100)."""
    deadline: Days
    """After which a decision no longer counts as taken in time."""
    gates: dict[Name, Gate]
    events: dict[Name, Event] = Field(default_factory=dict)
