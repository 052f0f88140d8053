"""What moves the odds that a state joins, once each state and each force has an inclination of its own?

Mixed logit: penalized slopes, crossed normal effects of the country and of the operation, at their posterior mode
(Laplace). Eight features: who commands, against whom force may be used, how dangerous it is, what it brings, and
whether the country is a neighbour (Bove & Elia 2011, doi:10.1177/0022343311411954). Columns that can only be set with
hindsight (`cases.HINDSIGHT`), opinion at home among them, are no features.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from contingent.precedents.cases import Case, Query

FEATURES = (
    "may coerce kin, no explicit UN mandate", "may coerce kin, explicit UN mandate", "led by the UN", "kin to protect",
    "no combat expected", "war expected", "material benefit", "neighbour",
)  # fmt: skip
PENALTY, COUNTRY_SD, OPERATION_SD = 3.0, 0.8, 0.9
"""Precision of a standardized slope, and spread of countries and of operations in logits: of 27 combinations the one
under which the shipped decisions are likeliest (Laplace's marginal likelihood, tests/unit/precedents/test_mixed.py)."""
LEVEL_SD = 3.0  # how far from even odds states may be in the mean, in logits: wide (judgement), for days with few cases
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def features(query: Query) -> list[float]:
    """A decision's features, in the order of `FEATURES`."""
    explicit = query.un_mandate >= 1
    return [
        float(query.coerce_kin and not explicit), float(query.coerce_kin and explicit), query.un_led,
        float(query.kin_or_religious_tie_with_host and not query.coerce_kin), float(query.combat_expected == 0),
        float(query.combat_expected >= 2), query.material_benefit, query.regional_neighbour,
    ]  # fmt: skip


def matrix(cases: Sequence[Case]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Features (case, feature) and outcomes (case,), 1 where the country joined."""
    return _table([case.query for case in cases]), np.array([case.joined for case in cases], dtype=float)


def _table(queries: Sequence[Query]) -> NDArray[np.float64]:
    return np.array([features(query) for query in queries], dtype=float).reshape(len(queries), len(FEATURES))


def standardized(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centre and scale (feature,) that make features alike; a feature without variation keeps its scale."""
    spread = x.std(0)
    return x.mean(0), np.where(spread > 0, spread, 1.0)


@dataclass(frozen=True, slots=True)
class Regression:
    """A regression without effects, on the raw scale of the features: `intercept` and `slope` (feature,), in logits."""

    intercept: float
    slope: NDArray[np.float64]

    def logit(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds for features (case, feature); shape (case,)."""
        return self.intercept + x @ self.slope

    def probability(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability; shape (case,)."""
        return expit(self.logit(x))


def fit(x: NDArray[np.float64], y: NDArray[np.float64], penalty: float) -> Regression:
    """Ridge-penalized maximum likelihood on standardized features (case, feature), outcomes (case,) of 0 and 1.

    A feature without variation gets no weight. Held by a test to scikit-learn's `LogisticRegression(C=1 / penalty)`.
    """
    centre, scale = standardized(x)
    found = fit_as_they_are((x - centre) / scale, y, penalty, level=1e-6)  # keeps one-sided samples finite
    slope = found.slope / scale
    return Regression(float(found.intercept - slope @ centre), slope)


def fit_as_they_are(
    x: NDArray[np.float64], y: NDArray[np.float64], penalty: float, *, level: float = 0.0
) -> Regression:
    """The same on features that are alike already; `level` is the intercept's penalty."""
    ridge = np.full(x.shape[1] + 1, penalty)
    ridge[0] = level
    at = Layout(np.column_stack([np.ones(len(x)), x]), np.empty((len(x), 0), dtype=int)).mode(y, ridge)
    return Regression(float(at[0]), at[1:])


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each decision's log odds come from: `fixed` (case, fixed), and the columns of its effects (case, effect).

    Products go over what is there, not over a table of mostly zeros. Column -1, the last, is no effect: it stays 0.
    """

    fixed: NDArray[np.float64]
    effects: NDArray[np.intp]

    def times(self, v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds (case,) for coefficients (column,)."""
        return self.fixed @ v[: self.fixed.shape[1]] + v[self.effects].sum(1)

    def back(self, r: NDArray[np.float64], size: int) -> NDArray[np.float64]:
        """Sums over cases (column,) of what is said of each (case,)."""
        found = np.zeros(size)
        for column in self.effects.T:
            found += np.bincount(column % size, r, size)
        if self.effects.shape[1]:
            found[-1] = 0.0
        found[: self.fixed.shape[1]] += self.fixed.T @ r
        return found

    def solve(
        self, weight: NDArray[np.float64], ridge: NDArray[np.float64], right: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What the curvature with case weights (case,) maps to `right`: conjugate gradients, scaled by the diagonal."""
        size, k = len(ridge), self.fixed.shape[1]
        diagonal = ridge + self.back(weight, size)
        diagonal[:k] = ridge[:k] + weight @ self.fixed**2
        found, rest = np.zeros(size), right.copy()
        scaled = way = rest / diagonal
        for _ in range(20 * size):
            if np.abs(rest).max() <= 1e-12 * max(1.0, np.abs(right).max()):
                break
            bent = self.back(weight * self.times(way), size) + ridge * way
            energy = rest @ scaled
            found = found + (step := energy / (way @ bent)) * way
            rest = rest - step * bent
            scaled = rest / diagonal
            way = scaled + (rest @ scaled) / energy * way
        return found

    def mode(self, y: NDArray[np.float64], ridge: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coefficients (column,) that maximize the likelihood of `y` less half of `ridge` times their squares.

        By Newton's method, from the intercept (column 0) that the share of successes has; a step is halved until it
        gains.
        """
        at = np.zeros(len(ridge))
        at[0] = np.log((y.sum() + 0.5) / ((1 - y).sum() + 0.5))
        z = self.times(at)
        for _ in range(50):
            p = expit(z)
            step = self.solve(p * (1 - p), ridge + 1e-9, self.back(p - y, len(at)) + ridge * at)
            lost = np.logaddexp(0, z).sum() - y @ z + ridge @ at**2 / 2
            while True:
                there = at - step
                z = self.times(there)
                gains = np.logaddexp(0, z).sum() - y @ z + ridge @ there**2 / 2 <= lost
                if gains or np.abs(step).max() < 1e-7:  # the next step would be about its square
                    break
                step = step / 2
            at = there
            if np.abs(step).max() < 1e-7:
                break
        return at


@dataclass(frozen=True, slots=True)
class Mixed:
    """A fitted mixed logit: coefficients `at` (column,) and their `ridge`, effects by name of their column."""

    cases: Sequence[Case]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    country: dict[str, int]
    operation: dict[str, int]
    ridge: NDArray[np.float64]
    at: NDArray[np.float64]

    def layout(self, queries: Sequence[Query]) -> Layout:
        """Where the log odds of decisions come from; an effect that is not on record is no column."""
        fixed = np.column_stack([np.ones(len(queries)), (_table(queries) - self.centre) / self.scale])
        effects = [(self.country.get(q.iso3, -1), self.operation.get(q.operation, -1)) for q in queries]
        return Layout(fixed, np.array(effects, dtype=int).reshape(-1, 2))

    def logit(self, queries: Sequence[Query]) -> NDArray[np.float64]:
        """Log odds (case,) by what is on record."""
        return self.layout(queries).times(self.at)

    def unknown(self, queries: Sequence[Query]) -> NDArray[np.float64]:
        """Spread in logits (case,) of the effects of countries and operations that are not on record."""
        new = [(q.iso3 not in self.country, q.operation not in self.operation) for q in queries]
        return np.sqrt(np.array(new).reshape(-1, 2) @ [COUNTRY_SD**2, OPERATION_SD**2])

    def probability(self, queries: Sequence[Query]) -> NDArray[np.float64]:
        """Probability of joining (case,): effects on record at their mode, the others integrated over their spread."""
        return averaged(self.logit(queries), self.unknown(queries))

    def error(self, query: Query) -> float:
        """Posterior standard deviation (Laplace) of a decision's log odds, by what is on record of it."""
        learnt = self.layout([case.query for case in self.cases])
        p = expit(learnt.times(self.at))
        row = self.layout([query]).back(np.ones(1), len(self.at))
        return float(np.sqrt(row @ learnt.solve(p * (1 - p), self.ridge, row)))

    @property
    def slope(self) -> NDArray[np.float64]:
        """Logits for one unit of each feature (feature,)."""
        return self.at[1 : len(FEATURES) + 1] / self.scale


def averaged(logit: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean probability (case,) over a normal effect on `logit` (case,) with standard deviation `spread` (case,)."""
    return expit(logit[:, None] + spread[:, None] * NODES) @ WEIGHTS


def fit_mixed(
    cases: Sequence[Case], penalty: float = PENALTY, country_sd: float = COUNTRY_SD, operation_sd: float = OPERATION_SD
) -> Mixed:
    """The mixed logit of decisions to join or not; with no case at all, even odds."""
    x, y = matrix(cases)
    centre, scale = standardized(x) if len(x) else (np.zeros(len(FEATURES)), np.ones(len(FEATURES)))
    first = 1 + len(FEATURES)
    country = {name: first + i for i, name in enumerate(sorted({case.query.iso3 for case in cases}))}
    first += len(country)
    operation = {name: first + i for i, name in enumerate(sorted({case.query.operation for case in cases} - {""}))}
    size = first + len(operation) + 1  # the last column is for effects that are not on record: it stays 0
    ridge = np.full(size, operation_sd**-2.0)
    ridge[:first] = country_sd**-2.0
    ridge[: 1 + len(FEATURES)] = penalty
    ridge[0] = LEVEL_SD**-2.0
    model = Mixed(cases, centre, scale, country, operation, ridge, np.zeros(size))
    return replace(model, at=model.layout([case.query for case in cases]).mode(y, ridge))
