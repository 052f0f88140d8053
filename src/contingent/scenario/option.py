"""What could be decided, and by what the choice is judged."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field, JsonValue, model_validator

from contingent.notation import Real, Scale
from contingent.records import Name, Names, SourcedRecord


class Option(SourcedRecord):
    """A decision under study: named overrides on the base scenario, and where it stands on each issue.

    In the file every key with a dot in it is an override, `mandate.legal_basis: unsc_resolution`;
    `pledges.PAK: none` takes a contributor's pledges away.
    """

    model_config = ConfigDict(json_schema_extra={"patternProperties": {r"\.": {}}})

    label: str
    """What it is called."""
    summary: str
    """What would be done, in one sentence."""
    terms: dict[Name, Scale]
    """Where this option stands on each issue, 0 to 100."""
    judgements: dict[Name, Scale] = Field(default_factory=dict)
    """How it does on criteria that are judged rather than computed, 0 to 100."""
    overrides: dict[str, JsonValue] = Field(default_factory=dict)
    """What is different under it, by dotted path; such keys may stand beside `label` directly."""

    @model_validator(mode="before")
    @classmethod
    def _gather_overrides(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        dotted = {key: value for key, value in data.items() if "." in str(key)}
        plain = {key: value for key, value in data.items() if "." not in str(key)}
        stated = plain.get("overrides", {})
        if not dotted or not isinstance(stated, dict):  # what is none is told where it stands
            return plain
        return {**plain, "overrides": {**stated, **dotted}}


class Criterion(SourcedRecord):
    """Something the options are judged by."""

    label: str
    """What it is called."""
    question: str
    """What it asks, as a question."""
    measure: str
    """`judged`, or the name of a result such as `mission.own_deaths`."""
    group: str = ""
    """What it is part of: weights are spread over groups first, then within them; alone if not given."""
    unit: str = ""
    """The unit of the performance, as printed."""
    better: Literal["higher", "lower"] = "higher"
    """Whether more of it is better, or less."""
    worst: Real
    """The performance that is worth nothing."""
    best: Real
    """The performance that is worth everything."""
    floor: Real | None = None
    """A performance below which an option is ruled out, whatever its other merits: a veto."""
    floor_risk: float = Field(default=0.1, ge=0, lt=1)
    """The chance of breaking it that is borne; an option that breaks it more often is excluded."""
    tail: float = Field(default=0.0, ge=0, le=1)
    """How much the worst twentieth of what may come counts beside what comes on average: 0 not at all, 1 alone."""
    points: tuple[tuple[float, float], ...] = ()
    """Corners of the value function between the anchors, as (performance, worth 0 to 1); none: a straight line."""


class WeightStatement(SourcedRecord):
    """Something said about the weight of a criterion or a group; weights are swings from worst to best, and sum to one.

    `{criterion: legal_standing, than: cost, times: 2}`: legal standing weighs at least twice what cost does, and with
    `exactly: true` twice. `{criterion: own_risk, amount: 30, than: cost, than_amount: 400, exactly: true}`: thirty of
    the one matter as much as four hundred of the other, each in its own unit. `{criterion: cost, at_most: 0.2}`: an
    interval; `{criterion: cost, equals: 0.1}`: a value; `{order: [a, b, c]}`: none weighs less than the next.
    """

    criterion: str = ""
    """The criterion or group it is about."""
    than: str = ""
    """The criterion or group it is compared with."""
    times: float = Field(default=1.0, gt=0)
    """How many times the weight of `than` it is, at least or `exactly`."""
    exactly: bool = False
    """Whether it is exactly `times`, and not at least."""
    amount: float | None = Field(default=None, gt=0)
    """How much of the criterion is compared, in its own unit; its whole swing if not given."""
    than_amount: float | None = Field(default=None, gt=0)
    """How much of `than`, in its own unit; its whole swing if not given."""
    at_least: float | None = Field(default=None, ge=0, le=1)
    """The least it weighs, 0 to 1."""
    at_most: float | None = Field(default=None, ge=0, le=1)
    """The most it weighs, 0 to 1."""
    equals: float | None = Field(default=None, ge=0, le=1)
    """What it weighs exactly, 0 to 1."""
    order: Names = ()
    """Criteria or groups, from the one that weighs most."""

    @model_validator(mode="after")
    def _says_something(self) -> WeightStatement:
        if bool(self.criterion) == bool(self.order):
            raise ValueError("say `criterion` with what holds of it, or `order: [most, ..., least]`")
        if self.order and (self.than or (self.at_least, self.at_most, self.equals) != (None,) * 3):
            raise ValueError("`order` stands alone: say the rest of a `criterion`, in a statement of its own")
        if self.criterion and not self.than and (self.at_least, self.at_most, self.equals) == (None,) * 3:
            raise ValueError(f"says nothing of {self.criterion}: add `than`, `at_least`, `at_most` or `equals`")
        return self

    def __str__(self) -> str:
        own = f"{self.amount:g} of {self.criterion}" if self.amount else self.criterion
        other = f"{self.than_amount:g} of {self.than}" if self.than_amount else self.than
        parts = [" >= ".join(self.order)] if self.order else []
        if self.than:
            parts.append(f"{own} weighs {'exactly' if self.exactly else 'at least'} {self.times:g} x {other}")
        said = ((self.equals, "weighs"), (self.at_least, "weighs at least"), (self.at_most, "weighs at most"))
        return " and ".join([*parts, *(f"{self.criterion} {how} {v:g}" for v, how in said if v is not None)])


class WeightSet(SourcedRecord):
    """What somebody's weights are taken to be: the army's, the finance ministry's, the public's."""

    label: str
    """Whose they are."""
    statements: tuple[WeightStatement, ...] = ()
    """What is said of them."""


class Adaptive(SourcedRecord):
    """A way of proceeding in steps: begin with one option and go over to another if something happens."""

    label: str
    """What it is called."""
    start: Name
    """The option it begins with."""
    trigger: str
    """A yes-or-no result of a run, such as `event.resolution`."""
    then: Name
    """The option it goes over to."""
    before: float | None = None
    """The latest day on which the trigger still counts; none: the scenario's horizon."""


class Remark(SourcedRecord):
    """Something a reader must know that no number carries: a risk left out of the model, or a dissenting view."""

    says: str
    """What the reader must know."""


class Signal(SourcedRecord):
    """An event that can be seen to happen or not, and which number of the scenario it would move which way."""

    says: str
    """What would be seen, as one sentence: `A draft resolution is put to a vote.`"""
    source: str
    """Where to look for it."""
    by: date | None = None
    """The day by which it should be seen, if anything says so."""
    moves: str
    """Dotted path of the number it would move: `process.events.unsc_resolution.probability`."""
    to: Literal["up", "down"]
    """Which way it would move that number."""


class Happened(SourcedRecord):
    """What came out after the scenario's date: an event came, a gate ended, or something spoke for one or against it.

    Draws are weighted by how likely each makes it; no number of the scenario is edited.
    """

    on: date
    """The day on which it was known."""
    what: Name
    """Which event or gate it is about; `decision` or `arrival` of people as a whole; `nothing` where only time passed.
    """
    came: bool | None = None
    """`true` if the event came, the gate let it through, it was decided, people arrived; `false` if that is now ruled
    out."""
    factor: float | None = Field(default=None, gt=0, le=100)
    """In place of `came`, of a mere sign: how much likelier it is to be seen if this comes than if it does not; 2
    doubles the odds, 0.5 halves them."""
    option: Name | None = None
    """The option whose terms were before a gate, or were decided; if absent, whichever asks least of it."""
    says: str = ""
    """What came out, as one sentence."""
    source: str = ""
    """Where that stands."""

    @model_validator(mode="after")
    def _says_something(self) -> Happened:
        if (self.what == "nothing") != ((self.came is None) and (self.factor is None)) or (
            self.came is not None and self.factor is not None
        ):
            raise ValueError("say one of `came: true`, `came: false` and `factor: 2` (none of `what: nothing`)")
        return self


class Dissent(Remark):
    """A view of a reader who disagrees and, where it comes to other numbers, the second judgement itself."""

    sets: dict[str, JsonValue] = Field(default_factory=dict)
    """What would stand in the scenario if this view were right, by dotted path; the brief says what that moves."""
    judged: str = ""
    """Who came to these numbers, when, and on what."""
