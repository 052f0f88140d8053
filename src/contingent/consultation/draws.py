"""What every stakeholder wants, how much it cares and weighs, in every run.

Positions of one bloc are drawn with a common error (one-factor normal copula); everything else is
drawn on its own. All numbers come from the design, keyed by the scenario's dotted paths. Whoever asks what a
number moves must ask with the column it was drawn from (`level`): a position in a bloc is only half its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from contingent.ensemble.design import Design
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Stakes:
    """Drawn stakes: `position`, `salience` (run, stakeholder, issue) from 0 to 1, `capability` (run, stakeholder).

    A stakeholder without a stake on an issue has salience 0 there.
    """

    stakeholders: tuple[str, ...]
    issues: tuple[str, ...]
    position: NDArray[np.float64]
    salience: NDArray[np.float64]
    capability: NDArray[np.float64]

    def rows(self, names: tuple[str, ...]) -> list[int]:
        """Where the named stakeholders stand on the stakeholder axis."""
        return [self.stakeholders.index(name) for name in names]


def draw_stakes(scenario: Scenario, design: Design) -> Stakes:
    """The stakes of every stakeholder of a scenario in every run of a design."""
    runs = len(design.index)
    names, issues = tuple(scenario.stakeholders), tuple(scenario.issues)
    position = np.full((runs, len(names), len(issues)), 0.5)
    salience = np.zeros((runs, len(names), len(issues)))
    capability = np.empty((runs, len(names)))
    together = design.sample("process.bloc_correlation", scenario.process.bloc_correlation)
    for row, name in enumerate(names):
        holder = scenario.stakeholders[name]
        capability[:, row] = design.sample(f"stakeholders.{name}.capability", holder.capability)
        for column, issue in enumerate(issues):
            stake = holder.stakes.get(issue)
            if stake is None:
                continue
            path = f"stakeholders.{name}.stakes.{issue}"
            bloc = bloc_of(scenario, f"{path}.position")
            position[:, row, column] = correlated(design, f"{path}.position", stake.position, bloc, together) / 100
            salience[:, row, column] = design.sample(f"{path}.salience", stake.salience) / 100
    total = salience.sum(2, keepdims=True)
    return Stakes(names, issues, position, salience / np.maximum(total, 1.0), capability)


def correlated(
    design: Design, path: str, estimate: Estimate, bloc: str, together: NDArray[np.float64]
) -> NDArray[np.float64]:
    """An estimate in every run, sharing the part `together` of its variance with its bloc; shape (run,)."""
    return estimate.quantile(design.uniform(path) if estimate.certain else mixed(design, path, bloc, together))


def mixed(design: Design, path: str, bloc: str, together: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of its distribution below which a number of a bloc lies in every run; shape (run,)."""
    if not bloc:
        return design.uniform(path)
    own, shared = ndtri(design.uniform(path)), ndtri(design.uniform(bloc))
    return ndtr(np.sqrt(together) * shared + np.sqrt(1 - together) * own)


def bloc_of(scenario: Scenario, path: str) -> str:
    """The name of the error that a number shares with its bloc; empty where it is drawn on its own."""
    match path.split("."):
        case ["stakeholders", name, "stakes", issue, "position"] if scenario.stakeholders[name].bloc:
            return f"stakeholders.bloc.{scenario.stakeholders[name].bloc}.{issue}"
    return ""


def level(scenario: Scenario, design: Design, path: str) -> NDArray[np.float64]:
    """The share of its distribution below which any number of a scenario lies in every run; shape (run,)."""
    together = design.sample("process.bloc_correlation", scenario.process.bloc_correlation)
    return mixed(design, path, bloc_of(scenario, path), together)
