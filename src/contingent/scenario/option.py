"""What could be decided, and by what the choice is judged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, model_validator

from contingent.notation import Real, Scale, Share
from contingent.records import Name, Names, Record, SourcedRecord


def _coded(value: float) -> float:
    if value not in (0, 0.5, 1):
        raise ValueError(f"{value:g} is not one of 0 (no), 0.5 (contested or ambiguous), 1 (yes)")
    return value


Half = Annotated[float, AfterValidator(_coded)]


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


class ReferenceClass(Record):
    """How past decisions like this one are looked up; codes as in `precedents/data/codebook.md`."""

    country: str
    """Whose past decisions count as its own; the contributor whose decision it is, if left out."""
    un_led: Literal[0, 1]
    """1 if the United Nations command the force; follows from `mandate.command` if left out."""
    un_mandate: Half
    """1 with an authorization of the Security Council, 0.5 with an endorsement, 0 without; follows from
    `mandate.legal_basis` if left out."""
    us_request_or_lead: Literal[0, 1]
    """1 if the United States lead the force or asked for it."""
    coerce_kin: Literal[0, 1]
    """1 if people of one's own religion or kin may have to be fought or disarmed."""
    kin_or_religious_tie_with_host: Literal[0, 1]
    """1 if state and host share a majority religion or close kin."""
    host_consent: Half
    """1 if the recognised authority agrees, 0.5 if that is disputed, 0 if not; follows from `mandate.legal_basis` if
    left out."""
    combat_expected: Literal[0, 1, 2]
    """0 none, 1 possible, 2 war; follows from `mandate.use_of_force` if left out."""
    material_benefit: Literal[0, 1, 2]
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
