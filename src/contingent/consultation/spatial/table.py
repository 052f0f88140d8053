"""Who bargains, about what, how strong each is and what each wants: the input of the spatial model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Table:
    """Stakeholders and their stakes.

    `position` and `salience` (N, D) from 0 to 100, a stakeholder's saliences summing to at most 100;
    `capability` (N,) above 0; `accommodation` (N, N) says whose position draws whose ideal along, the
    identity where nobody's does. `ktab` reads and checks files; arrays built here are taken as they are.
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

    def __post_init__(self) -> None:
        if not self.accommodation.size:
            object.__setattr__(self, "accommodation", np.eye(len(self.names)))

    @property
    def canonical(self) -> NDArray[np.int64]:
        """An order of the stakeholders that does not depend on how they were listed."""
        keys = [
            (self.capability[i], *self.position[i], *self.salience[i], float(self.accommodation[i, i]), name)
            for i, name in enumerate(self.names)
        ]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
