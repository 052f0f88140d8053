"""What does every stakeholder want in every run, how much does it weigh, and how does it like given terms?

Drawn stakes (one-factor normal copula within blocs), keyed by the scenario's dotted paths, and what is gained over the
status quo. Whoever asks what a number moves must ask with the column it was drawn from (`quantile_level`): a position
in a bloc is only half its own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

EVEN = 1e-8  # KTAB's minimal support: a pair nobody cares about is even


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
    for row, (name, holder) in enumerate(scenario.stakeholders.items()):
        capability[:, row] = design.sample(f"stakeholders.{name}.capability", holder.capability)
        for issue, stake in ((issue, stake) for issue, stake in holder.stakes.items() if issue in issues):
            path, column = f"stakeholders.{name}.stakes.{issue}", issues.index(issue)
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


def gains(scenario: Scenario, stakes: Stakes, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """What everyone gains from `terms` (run, issue), 0 to 1, over the status quo, -1 to 1; (run, stakeholder).

    The salience-weighted sum of how much nearer the terms lie, issue by issue (city-block distance, the loss of the
    position exchange model: Stokman & Van Oosten 1994). So nobody who comes nearer to taking part gains less from it,
    whatever else is on the table; the Euclidean distance of KTAB's own model does not have that property. On an issue
    of which the terms say nothing, the status quo stays. An issue without one arises with the decision only: what it
    costs grows with the square of the distance there (a judgement: a small departure is no reason to stay away).
    """
    before = status_quo(scenario, stakes)
    after = np.where(np.isnan(terms), before, terms)
    was, now = (np.nan_to_num(np.abs(stakes.position - x[:, None, :]), nan=0.0) for x in (before, after))
    nearer = np.where(np.isnan(before)[:, None, :], -(now**2), was - now)
    return (stakes.salience * nearer).sum(2) / weighed(stakes)


def most_to_gain(scenario: Scenario, stakes: Stakes, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """What someone with everyone's saliences would gain who wants exactly these terms; (run, stakeholder)."""
    moved = np.nan_to_num(np.abs(terms - status_quo(scenario, stakes)), nan=0.0)
    return (stakes.salience * moved[:, None, :]).sum(2) / weighed(stakes)


def at_stake(scenario: Scenario, stakes: Stakes, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """The most that could be gained or lost by `terms` with everyone's saliences, wherever one stands; (run,
    stakeholder).

    To the most to gain comes, for an issue that arises only with the decision, what the far end of its scale would
    lose. 1 where nothing is at stake.
    """
    new = np.isnan(status_quo(scenario, stakes))
    farthest = np.where(new, np.nan_to_num(np.maximum(terms, 1 - terms), nan=0.0) ** 2, 0.0)
    lost = (stakes.salience * farthest[:, None, :]).sum(2) / weighed(stakes)
    whole = most_to_gain(scenario, stakes, terms) + lost
    return np.where(whole > 0, whole, 1.0)


def weighed(stakes: Stakes) -> NDArray[np.float64]:
    """Everyone's salience in all, 1 for who cares for nothing; (run, stakeholder)."""
    total = stakes.salience.sum(2)
    return np.where(total > 0, total, 1.0)


def weighted_share(weight: NDArray[np.float64], gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of capability x salience x |gain| on the side of yes; `weight`, `gain` (run, voter) -> (run,)."""
    yes = (weight * np.maximum(gain, 0.0)).sum(1) + EVEN
    no = (weight * np.maximum(-gain, 0.0)).sum(1) + EVEN
    return yes / (yes + no)


def status_quo(scenario: Scenario, stakes: Stakes) -> NDArray[np.float64]:
    """Where every issue stands if nothing is decided, 0 to 1, nan where it does not arise; (run, issue)."""
    row = [scenario.process.status_quo.get(issue, np.nan) for issue in stakes.issues]
    return np.tile(np.array(row, dtype=float) / 100, (len(stakes.capability), 1))


def option_terms(scenario: Scenario, option: str, stakes: Stakes, design: Design) -> NDArray[np.float64]:
    """Where an option stands on every issue, 0 to 1, nan where it says nothing; (run, issue)."""
    stated = scenario.options[option].terms
    blank = np.full(len(design.index), np.nan)
    drawn = {issue: design.sample(f"options.{option}.terms.{issue}", said) / 100 for issue, said in stated.items()}
    return np.stack([drawn.get(issue, blank) for issue in stakes.issues], 1)
