"""What could be decided, and by what the choice is judged."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, JsonValue, model_validator

from contingent.notation import Real, Scale
from contingent.records import Name, SourcedRecord


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
    unit: str = ""
    """The unit of the performance, as printed."""
    better: Literal["higher", "lower"] = "higher"
    """Whether more of it is better, or less."""
    worst: Real
    """The performance that is worth nothing."""
    best: Real
    """The performance that is worth everything."""
    floor: Real | None = None
    """A performance below which an option is ruled out, whatever its other merits."""
    points: tuple[tuple[float, float], ...] = ()
    """Corners of the value function between the anchors, as (performance, worth 0 to 1); none: a straight line."""


class WeightStatement(SourcedRecord):
    """Something said about the weight of a criterion; weights are swings from worst to best and sum to one.

    `{criterion: legal_standing, than: cost, times: 2}`: legal standing weighs at least twice what cost does.
    `{criterion: cost, at_most: 0.2}`: an interval.
    """

    criterion: Name
    """The criterion it is about."""
    than: Name | None = None
    """The criterion it is compared with."""
    times: float = Field(default=1.0, gt=0)
    """How many times the weight of `than` it is, at least."""
    at_least: float | None = Field(default=None, ge=0, le=1)
    """The least it weighs, 0 to 1."""
    at_most: float | None = Field(default=None, ge=0, le=1)
    """The most it weighs, 0 to 1."""

    def __str__(self) -> str:
        parts = []
        if self.than:
            parts.append(f"{self.criterion} weighs at least {self.times:g} x {self.than}")
        if self.at_least is not None:
            parts.append(f"{self.criterion} weighs at least {self.at_least:g}")
        if self.at_most is not None:
            parts.append(f"{self.criterion} weighs at most {self.at_most:g}")
        return " and ".join(parts) or f"nothing said about {self.criterion}"


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
