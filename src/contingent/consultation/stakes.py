"""What does every stakeholder want in every run, how much does it weigh, and how does it like given terms?

Drawn stakes (one-factor normal copula within blocs), keyed by the scenario's dotted paths; spatial utility, 1 less the
salience-weighted Euclidean distance of KTAB's Spatial Model of Politics; and the weighted mean. Whoever asks what a
number moves must ask with the column it was drawn from (`quantile_level`): a position in a bloc is only half its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from contingent.ensemble.design import Design
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
    correlation = design.sample("process.bloc_correlation", scenario.process.bloc_correlation)
    for row, name in enumerate(names):
        holder = scenario.stakeholders[name]
        capability[:, row] = design.sample(f"stakeholders.{name}.capability", holder.capability)
        for column, issue in enumerate(issues):
            stake = holder.stakes.get(issue)
            if stake is None:
                continue
            path = f"stakeholders.{name}.stakes.{issue}"
            bloc = bloc_of(scenario, f"{path}.position")
            level = correlated_level(design, f"{path}.position", bloc, correlation)
            position[:, row, column] = stake.position.quantile(level) / 100
            salience[:, row, column] = design.sample(f"{path}.salience", stake.salience) / 100
    total = salience.sum(2, keepdims=True)
    return Stakes(names, issues, position, salience / np.maximum(total, 1.0), capability)


def correlated_level(design: Design, path: str, bloc: str, correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """The quantile level at which a number lies in every run, (run,); those of one `bloc` have this `correlation`."""
    if not bloc:
        return design.uniform(path)
    own, shared = ndtri(design.uniform(path)), ndtri(design.uniform(bloc))
    return ndtr(np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own)


def bloc_of(scenario: Scenario, path: str) -> str:
    """The name of the error that a number shares with its bloc; empty where it is drawn on its own."""
    match path.split("."):
        case ["stakeholders", name, "stakes", issue, "position"] if scenario.stakeholders[name].bloc:
            return f"stakeholders.bloc.{scenario.stakeholders[name].bloc}.{issue}"
    return ""


def quantile_level(scenario: Scenario, design: Design, path: str) -> NDArray[np.float64]:
    """The quantile level, 0 to 1, at which any number of a scenario lies in every run; shape (run,)."""
    correlation = design.sample("process.bloc_correlation", scenario.process.bloc_correlation)
    return correlated_level(design, path, bloc_of(scenario, path), correlation)


def utility(stakes: Stakes, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Utility 0 to 1 of `terms` (run, issue), on a 0 to 1 scale, to everyone; shape (run, stakeholder).

    An issue whose term is nan does not arise: nobody loses by it.
    """
    away = np.nan_to_num(stakes.position - terms[:, None, :], nan=0.0)
    weight = stakes.salience**2
    total = weight.sum(2)
    return 1 - np.sqrt((weight * away**2).sum(2) / np.where(total > 0, total, 1.0))


def compromise(stakes: Stakes, rows: list[int]) -> NDArray[np.float64]:
    """The capability x salience weighted mean of the positions of some stakeholders; shape (run, issue), 0 to 1.

    The compromise model of Achen 2006, doi:10.1017/CBO9780511492082.005: the best simple point
    forecast on decided EU issues. An issue nobody cares for gets the unweighted mean.
    """
    position = stakes.position[:, rows]
    weight = stakes.capability[:, rows, None] * stakes.salience[:, rows]
    total = weight.sum(1)
    return np.where(total > 0, (weight * position).sum(1) / np.where(total > 0, total, 1.0), position.mean(1))
