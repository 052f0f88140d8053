"""Who bargains, about what, how strong each is and what each wants; and by which of the model's options?

Input and options of KTAB's Spatial Model of Politics. Names and values of the nine options are KTAB's own
(smpSchema.xsd and the files KTAB really reads, which differ: `Prop`/`Proportional`, `None`/`No`). `codes` turns them
into the integers the compiled kernels take.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from contingent.errors import InputError

CHOICES: dict[str, tuple[str, ...]] = {
    "VictoryProbModel": ("Linear", "Square", "Quartic", "Octic", "Binary"),
    "PCEModel": ("Conditional", "MarkovIncentive", "MarkovUniform"),
    "StateTransitions": ("Deterministic", "Stochastic"),
    "VotingRule": ("Prop", "Binary", "PropBin", "PropCbc", "Cubic", "ASymProsp"),
    "BigRAdjust": ("OneThird", "None", "Half", "TwoThirds", "Full"), "BigRRange": ("Mid", "Min", "Max"),
    "ThirdPartyCommit": ("SemiCommit", "NoCommit", "FullCommit"), "InterVecBrgn": ("S2P2", "S1P1", "S2PMax"),
    "BargnModel": ("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"),
}  # fmt: skip
SPELLINGS = {("VotingRule", "Proportional"): "Prop", ("BigRAdjust", "No"): "None"}
Compat = Literal["ktab", "corrected"]


@dataclass(frozen=True, slots=True)
class Model:
    """The nine options by KTAB's names; the first value of each in `CHOICES` is KTAB's default.

    `compat="ktab"` keeps KTAB's quirks; `"corrected"` takes probabilities where KTAB takes gains, weighs
    bargains by capability x salience as contests are, evaluates every vote from both sides, solves the
    Markov elections exactly, and is free of the order of stakeholders. docs/methods/consultation.md.
    """

    VictoryProbModel: str = "Linear"
    PCEModel: str = "Conditional"
    StateTransitions: str = "Deterministic"
    VotingRule: str = "Prop"
    BigRAdjust: str = "OneThird"
    BigRRange: str = "Mid"
    ThirdPartyCommit: str = "SemiCommit"
    InterVecBrgn: str = "S2P2"
    BargnModel: str = "InitOnlyInterp"
    compat: Compat = "corrected"

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            meant = SPELLINGS.get((name, value), value)
            if meant not in allowed:
                raise InputError(f"{name}: `{value}` is none of {', '.join(allowed)}")
            object.__setattr__(self, name, meant)

    @property
    def options(self) -> dict[str, str]:
        """The nine options as KTAB writes them."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name in CHOICES}

    @property
    def codes(self) -> NDArray[np.int64]:
        """What the kernels take: the nine options as positions in `CHOICES`, and 1 for corrected; (10,)."""
        chosen = [CHOICES[name].index(value) for name, value in self.options.items()]
        return np.array([*chosen, int(self.compat == "corrected")], dtype=np.int64)


DEFAULT = Model()


def structures(*names: str, compat: Compat = "corrected") -> tuple[Model, ...]:
    """Every combination of the values of some options, the others at their defaults: the structural uncertainty."""
    unknown = [name for name in names if name not in CHOICES]
    if unknown:
        raise InputError(f"no option `{unknown[0]}`; there are {', '.join(CHOICES)}")
    every = product(*(CHOICES[name] for name in names))
    return tuple(Model(**dict(zip(names, values, strict=True)), compat=compat) for values in every)


@dataclass(frozen=True, slots=True)
class Table:
    """Stakeholders and their stakes.

    `position` and `salience` (N, D) from 0 to 100, a stakeholder's saliences summing to at most 100;
    `capability` (N,) from 0; `accommodation` (N, N) says whose position draws whose ideal along, the
    identity where nobody's does; `notes` say what a reader did to the file. Arrays built here are taken as they are.
    """

    title: str
    description: str
    names: tuple[str, ...]
    descriptions: tuple[str, ...]
    issues: tuple[str, ...]
    capability: NDArray[np.float64]
    position: NDArray[np.float64]
    salience: NDArray[np.float64]
    accommodation: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.accommodation.size:
            object.__setattr__(self, "accommodation", np.eye(len(self.names)))

    def noting(self, *notes: str) -> Table:
        """The same table with more to be said of how it was read."""
        return replace(self, notes=(*self.notes, *notes)) if notes else self

    @property
    def canonical(self) -> NDArray[np.int64]:
        """An order of the stakeholders that does not depend on how they were listed."""
        numbers = np.column_stack([self.capability, self.position, self.salience, np.diag(self.accommodation)]).tolist()
        keys = [(*row, name) for row, name in zip(numbers, self.names, strict=True)]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
