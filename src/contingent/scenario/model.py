"""The whole question, typed: a base description of it, with its options as named overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationInfo, model_validator

from contingent.errors import Complaint, ScenarioError
from contingent.evidence.claim import Claim
from contingent.notation import HIDDEN, legible
from contingent.quantities import Estimate, states
from contingent.scenario.check import faults
from contingent.scenario.fields import ScenarioFields
from contingent.scenario.migrate import modern
from contingent.scenario.paths import changed, value_at

if TYPE_CHECKING:
    from contingent.evidence.credence import Mover


class Scenario(ScenarioFields):
    """A base description of the question, with its options as named overrides."""

    @model_validator(mode="before")
    @classmethod
    def _modern(cls, data: Any, info: ValidationInfo) -> Any:
        said = {key: data[key] for key in info.context} if info.context else data  # `changed` names what it touched
        if hidden := next(_hidden(said), ""):
            raise ValueError(f"`{legible(hidden)[:40]}` holds a character that nobody sees; take it out")
        return {**data, **modern(said)} if isinstance(data, Mapping) else data

    def __repr__(self) -> str:
        counts = {
            "options": self.options, "criteria": self.criteria, "stakeholders": self.stakeholders,
            "contributors": self.contributors, "sectors": self.theatre.sectors,
        }  # fmt: skip
        counted = ", ".join(f"{len(part)} {name}" for name, part in counts.items())
        return (
            f"Scenario {self.name}: {self.title}, as of {self.as_of}\n{self.question}\n{counted}, "
            f"{len(self.pledges)} pledges, {len(self.requirements)} requirements, {len(self.claims)} claims\n"
            f"options: {', '.join(self.options)} (baseline {self.baseline})"
        )

    @property
    def money(self) -> str:
        """What an amount of money is told in."""
        return "US dollars" if self.currency == "USD" else self.currency

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the mission model that the question has under any option, or once any event has come or failed
        to (`Theatre.parts`).
        """
        return self.remembered("parts", ("mandate", "theatre", "options", "process"), self._parts)

    def _parts(self) -> frozenset[str]:
        said = self.said.values()
        ground = [{path: each[path] for path in each if path.startswith(("mandate.", "theatre."))} for each in said]
        shown = [self, *(changed(self, own) for own in ground if own)]
        found = frozenset[str]().union(*(one.theatre.parts | one.mandate.parts for one in shown))
        return found if "armed" in found else found - {"disarmament", "weapons"}

    @property
    def movers(self) -> tuple[Mover, ...]:
        """Those whose numbers claims may move."""
        from contingent.evidence.credence import movers

        people = {name: (one.label, one.kind == "domestic") for name, one in self.stakeholders.items()
                  if "participation" in one.stakes}  # fmt: skip
        return movers(people, self.contributor)

    def under(self, option: str) -> Scenario:
        """This scenario as it stands if an option is taken: its overrides in place, and validated.

        Raises:
            ScenarioError: an override leads nowhere or does not fit; `path` is the override's.
        """
        return changed(self, self.options[option].overrides, self.options[option])

    def with_(self, changes: Mapping[str, Any]) -> Scenario:
        """A copy with other values at dotted paths, each as a scenario file would have it, validated and checked.

        `scenario.with_({"stakeholders.army_leadership.stakes.participation.position": "8 (2 to 20)"})`; items of a list
        are addressed by their `id` or `contributor`, and `none` takes them away.

        Raises:
            ScenarioError: everything wrong with the changes, or with how the parts fit together after them.
        """
        after = changed(self, changes)
        if found := [Complaint("", 0, path, what, fix) for path, what, fix in faults(after)]:
            raise ScenarioError(found)
        return after


def _hidden(data: Any) -> Iterator[str]:
    """Texts in plain content with characters that are not seen, or that reorder others."""
    if isinstance(data, str):
        yield from (data,) if HIDDEN.search(data) else ()
    elif isinstance(data, Mapping | list | tuple):
        for each in (*data, *data.values()) if isinstance(data, Mapping) else data:
            yield from _hidden(each)


Ground = Literal["quoted", "stated", "data", "judged", "inferred", "unsourced"]
GROUNDS: tuple[Ground, ...] = ("quoted", "stated", "data", "judged", "inferred", "unsourced")
"""What a number rests on: a claim's quotation has it; a claim says it, in our words; it was learnt from data; its
author's judgement, whatever claims stand beside it; the words of claims that hold no such number; nothing."""
LEARNT = "Posterior"  # begins what is said of a number that was learnt from data


@dataclass(frozen=True, slots=True)
class Sourcing:
    """The numbers of a scenario by dotted path, sorted by what they rest on."""

    claimed: dict[str, Estimate]
    assumed: dict[str, Estimate]
    unsourced: dict[str, Estimate]
    grounds: dict[str, Ground]

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers rest on what (`check_sources.ground`)."""
        return {kind: [*self.grounds.values()].count(kind) for kind in GROUNDS}


def sourcing(scenario: Scenario) -> Sourcing:
    """Every number of a scenario under what it rests on; what cites a claim counts as claimed, stated there or not."""
    found = Sourcing({}, {}, {}, {})
    for path, estimate in scenario.estimates():
        kind = found.claimed if estimate.claims else found.assumed if estimate.assumption else found.unsourced
        kind[path] = estimate
        found.grounds[path], _ = ground(estimate, scenario.claims)
    return found


def learned(scenario: Scenario) -> Scenario:
    """The scenario with every number of `learned` as its claims leave it (`credence.believe`), and none to be moved.

    What was written is the base; a claim for is read at 75 of 100 of the number's scale, one against at 25, or where
    the base already is beyond that.
    """
    if not scenario.learned:
        return scenario
    changes = {path: _moved(scenario, path, names) for path, names in scenario.learned.items()}
    return changed(scenario, {**changes, "learned": {}})


def _moved(scenario: Scenario, path: str, names: tuple[str, ...]) -> dict[str, Any]:
    from contingent.evidence.credence import (
        AGAINST,
        FOR,
        Observation,
        believe,
    )  # read only where a claim moves a number

    written: Estimate = dict(scenario.estimates()).get(path) or value_at(scenario, path)
    scale, half = written.unit.at_most - written.unit.at_least, (written.high - written.low) / 2
    said: list[Observation] = []
    for name in names:
        claim = scenario.claims[name]
        side = written.unit.at_least + scale * (FOR if claim.polarity > 0 else AGAINST) / 100
        value = max(side, written.best) if claim.polarity > 0 else min(side, written.best)
        day = claim.date or scenario.documents[claim.document].published
        mood = claim.modality or "possibility"  # a mood that nobody wrote down weighs little: a judgement
        said.append(Observation(name, claim.group or name, value, claim.grade[0], int(claim.grade[1]),
                                mood, claim.record, day))  # fmt: skip
    belief = believe(written.best, said, scale=scale, as_of=scenario.as_of, half=half)
    ends = (
        belief.best + (end - written.best) * belief.half / half for end in (written.low, written.best, written.high)
    )
    low, best, high = (float(f"{min(max(end, written.unit.at_least), written.unit.at_most):.3g}") for end in ends)
    told = ", ".join(f"{name} ({scenario.claims[name].grade})" for name in belief.claims) or "no claim that counts"
    sentence = f"As written {written}; moved by {told}."
    cited = list(dict.fromkeys([*written.claims, *belief.claims]))
    return {"best": best, "low": low, "high": high, "claims": cited,
            "assumption": f"{written.assumption} {sentence}".strip()}  # fmt: skip


def ground(estimate: Estimate, claims: Mapping[str, Claim]) -> tuple[Ground, tuple[str, ...]]:
    """What a number rests on, and which of the claims it cites state it."""
    cited = {name: claims[name] for name in estimate.claims if name in claims}
    if found := tuple(name for name, claim in cited.items() if states(claim.quote, estimate)):
        return "quoted", found
    if found := tuple(name for name, claim in cited.items() if states(claim.says, estimate)):
        return "stated", found
    if estimate.assumption.startswith(LEARNT):
        return "data", ()
    return ("judged" if estimate.assumption else "inferred" if estimate.claims else "unsourced"), ()
