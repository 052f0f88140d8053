"""How far must an input move until another option comes first, and what would knowing inputs be worth?

A tipping point is where the gap between two options' worth, averaged in bins of one number, crosses zero nearest to the
number's median. Expected value of perfect information by group: every option's worth is regressed on the group's inputs
(Strong, Oakley & Brennan 2014, doi:10.1177/0272989X13505910). What one half of the runs finds is told where the other
half bears it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray
from scipy.special import stdtr

from contingent.ensemble.summary import halves, told_apart

STEPS = 20  # of equal count, for the conditional means that a crossing is looked for in
FOLDS = 5
ALONE, TOGETHER = 5, 4  # degrees of polynomials: a bend either way, and the plainest ways of two numbers together
PENALTIES = 10.0 ** np.arange(-3, 2.5, 0.5)  # times the number of runs, on columns of unit spread
LEAST_FREE = 0.1  # share of the runs that a fit must leave free, else its own error cannot be judged
ASKED = 8  # groups that are valued; a reader takes in no more
CHANGED = 10  # unseen runs in which knowing must change the choice before its worth is told (a judgement)


@dataclass(frozen=True, slots=True)
class Tipping:
    """Beyond `at` (above it if `above`) option `to` takes over; `share` of the draws lie there already.

    `set_to` is the value at which the whole ensemble was run again, fresh, to see whether it does; None where unseen
    runs of the same ensemble were looked at instead.
    """

    name: str
    at: float
    above: bool
    to: str
    share: float
    set_to: float | None = None


def tipping_points(
    inputs: Mapping[str, NDArray[np.float64]], worth: NDArray[np.float64], options: tuple[str, ...]
) -> tuple[Tipping, ...]:
    """The tipping points that one half of the runs shows and the other bears out, most draws beyond first.

    Borne out: on the unseen runs beyond the point the other option is worth more, and more so than on this side of it
    (the larger of two p-values by Student's t), with `told_apart` over all points.

    Args:
        inputs: every input's draws, (run).
        worth: (option, run).
        options: the options' names.
    """
    first = halves(worth.shape[1])
    found = crossings({name: values[first] for name, values in inputs.items()}, worth[:, first], options)
    best = int(worth[:, first].mean(axis=1).argmax())
    chances = []
    for _, point in found:
        gain = (worth[options.index(point.to)] - worth[best])[~first]
        values = inputs[point.name][~first]
        beyond = values > point.at if point.above else values < point.at
        chances.append(max(exceeds(gain[beyond]), exceeds(gain[beyond], gain[~beyond])))
    told = [point for (_, point), apart in zip(found, told_apart(chances), strict=True) if apart]
    return tuple(sorted(told, key=lambda point: (-point.share, point.name)))


def exceeds(gain: NDArray[np.float64], other: NDArray[np.float64] | None = None) -> float:
    """The p-value of a mean above 0, or above another sample's mean (Welch's t); 1 where there are fewer than 4."""
    samples = [gain] if other is None else [gain, other]
    if min(len(each) for each in samples) < 4:
        return 1.0
    above = gain.mean() - (0.0 if other is None else other.mean())
    parts = [each.var(ddof=1) / len(each) for each in samples]
    if not sum(parts):
        return 0.0 if above > 0 else 1.0
    freedom = sum(parts) ** 2 / sum(part**2 / (len(each) - 1) for part, each in zip(parts, samples, strict=True))
    return float(stdtr(freedom, -above / np.sqrt(sum(parts))))


def crossings(
    inputs: Mapping[str, NDArray[np.float64]], worth: NDArray[np.float64], options: tuple[str, ...]
) -> list[tuple[float, Tipping]]:
    """Where each input seems to put another option first, behind the p-value (for that one place), clearest first."""
    first = int(worth.mean(axis=1).argmax())
    found = [each for name, values in inputs.items() if (each := _tipping(name, values, worth, first, options))]
    return sorted(found, key=lambda each: (each[0], each[1].name))


def _tipping(
    name: str, values: np.ndarray, worth: np.ndarray, first: int, options: tuple[str, ...]
) -> tuple[float, Tipping] | None:
    steps = min(STEPS, len(values) // 4)
    if np.ptp(values) == 0 or steps < 2:
        return None
    parts = np.array_split(np.argsort(values, kind="stable"), steps)
    centres = np.array([np.median(values[part]) for part in parts])
    middle = np.median(values)
    nearest: tuple[float, float, Tipping] | None = None
    for other, rival in enumerate(options):
        if other == first:
            continue
        gap = worth[first] - worth[other]
        means = smooth(np.array([gap[part].mean() for part in parts]))
        errors = np.array([gap[part].std(ddof=1) / np.sqrt(len(part)) for part in parts])
        for i in range(steps - 1):
            if (means[i] > 0) == (means[i + 1] > 0):
                continue
            above = means[i] > 0
            beyond = slice(i + 1, None) if above else slice(None, i + 1)
            if not (means[beyond] < -errors[beyond]).any():
                continue  # the line dips below zero by no more than chance
            at = centres[i] + (centres[i + 1] - centres[i]) * means[i] / (means[i] - means[i + 1])
            there = values > at if above else values < at
            distance = abs(at - middle)
            if nearest is None or distance < nearest[0]:
                chance = max(exceeds(-gap[there]), exceeds(-gap[there], -gap[~there]))
                nearest = (distance, chance, Tipping(name, float(at), bool(above), rival, float(there.mean())))
    return nearest[1:] if nearest else None


def smooth(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """A running mean of three bins; the ends are the means of two."""
    padded = np.concatenate([means[:1], means, means[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3


@dataclass(frozen=True, slots=True)
class Gain:
    """What knowing something before the choice is worth, in units of worth, and its Monte Carlo standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, gain: NDArray[np.float64]) -> Gain:
        """From the gain in every run."""
        return cls(float(gain.mean()), float(gain.std(ddof=1)) / np.sqrt(len(gain)) if len(gain) > 1 else 0.0)


def perfect_information(worth: NDArray[np.float64]) -> Gain:
    """What knowing every fact would be worth: E max - max E over options; `worth` (option, run)."""
    return Gain.of(worth.max(axis=0) - worth[worth.mean(axis=1).argmax()])


def known_weights(values: NDArray[np.float64], weights: NDArray[np.float64]) -> Gain:
    """What settling the weights would be worth while the facts stay as uncertain as they are.

    Each weight's choice is made on one half of the runs and valued on the other, each half in turn.

    Args:
        values: (option, run, criterion), worth 0 to 1.
        weights: (weight, criterion), all that may turn out to hold.
    """
    first, middle = halves(values.shape[1]), weights.mean(axis=0)
    gain = np.empty(values.shape[1])
    for seen in (first, ~first):
        means = values[:, seen].mean(axis=1)
        chosen = (weights @ means.T).argmax(axis=1)
        shares = np.array([weights[chosen == each].sum(axis=0) for each in range(len(values))]) / len(weights)
        now = values[(means @ middle).argmax(), ~seen] @ middle
        gain[~seen] = np.einsum("orc,oc->r", values[:, ~seen], shares) - now
    return Gain.of(gain)


def information(
    worth: NDArray[np.float64], inputs: Mapping[str, NDArray[np.float64]], groups: Mapping[str, Sequence[str]]
) -> dict[str, Gain]:
    """What knowing each group of inputs would be worth; only what is told apart from nothing, the most worth first.

    Args:
        worth: (option, run).
        inputs: every input's draws, (run).
        groups: names of the inputs that one inquiry would settle together.
    """
    found = valued(worth, inputs, groups)
    told = told_apart([p for _, p in found.values()])
    kept = {name: gain for (name, (gain, _)), apart in zip(found.items(), told, strict=True) if apart}
    return dict(sorted(kept.items(), key=lambda item: (-item[1].value, item[0])))


def valued(
    worth: NDArray[np.float64], inputs: Mapping[str, NDArray[np.float64]], groups: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Gain, float]]:
    """The `ASKED` groups that promise most on one half of the runs: their gain on the other, and its p-value.

    Which are asked, and what is then chosen, is settled on the first half: no run values a choice it had a part in.
    """
    first = halves(worth.shape[1])
    fold = np.arange(first.sum()) % FOLDS
    designs = {name: joint([inputs[member] for member in members]) for name, members in groups.items()}
    promise = {}
    for name, design in designs.items():
        x, y, gain = design[first], worth[:, first], np.zeros(len(fold))
        for part in range(FOLDS):
            gain[fold == part] = gained(x, y, fold == part)
        promise[name] = gain.mean()
    chosen = sorted((name for name in groups if promise[name] > 0), key=lambda name: (-promise[name], name))[:ASKED]
    found = {}
    for name in chosen:
        gain = gained(designs[name], worth, ~first)
        each, changed = Gain.of(gain), int((gain != 0).sum())
        p = float(stdtr(len(gain) - 1, -each.value / each.error)) if changed >= CHANGED else 1.0
        found[name] = (each, p)
    return found


def gained(design: NDArray[np.float64], worth: NDArray[np.float64], held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What choosing by the design gains over the option best on average, in the runs held back from both; (held run,).

    Args:
        design: (run, column).
        worth: (option, run).
        held: (run), the runs that are not fitted on.
    """
    seen = worth[:, ~held]
    now = int(seen.mean(axis=1).argmax())
    constant, slope = ridge(design[~held], (seen - seen[now]).T)
    choice = (constant + design[held] @ slope).argmax(axis=1)
    return worth[choice, held] - worth[now, held]


def ridge(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The constant (outcome) and slopes (column, outcome) of a ridge regression of y (run, outcome) on x (run, column).

    Each outcome's penalty is that of least generalized cross-validation (Golub, Heath & Wahba 1979,
    doi:10.1080/00401706.1979.10489751), among them none of the slopes at all.
    """
    runs = len(x)
    middle, mean = x.mean(axis=0), y.mean(axis=0)
    root, turned = np.linalg.eigh((x - middle).T @ (x - middle))
    along = turned.T @ ((x - middle).T @ (y - mean))
    spread = ((y - mean) ** 2).sum(axis=0)
    best, slope = spread / (1 - 1 / runs) ** 2, np.zeros((x.shape[1], y.shape[1]))
    for penalty in PENALTIES:
        shrunk = 1 / (np.maximum(root, 0.0) + penalty * runs)
        left = 1 - (1 + (root * shrunk).sum()) / runs
        if left < LEAST_FREE:
            continue
        rest = spread - (along**2 * (2 * shrunk - root * shrunk**2)[:, None]).sum(axis=0)
        better = rest / left**2 < best
        best = np.where(better, rest / left**2, best)
        slope = np.where(better, turned @ (along * shrunk[:, None]), slope)
    return mean - middle @ slope, slope


def joint(columns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Legendre polynomials of the inputs' ranks, alone and in products of two; (run, column), each of unit spread.

    Alone to degree `ALONE`; of every two inputs together to degree `TOGETHER`, so that a product is found of which
    neither input tells anything by itself.
    """
    moving = [values for values in columns if np.ptp(values) > 0]
    bases = []
    for values in moving:
        _, place, count = np.unique(values, return_inverse=True, return_counts=True)
        u = (np.cumsum(count) - count / 2)[place] / len(values)
        bases.append(legvander(2 * u - 1, ALONE)[:, 1:] * np.sqrt(2 * np.arange(1, ALONE + 1) + 1))
    pairs = [
        one[:, i] * two[:, j]
        for one, two in combinations(bases, 2)
        for i in range(TOGETHER - 1)
        for j in range(TOGETHER - 1 - i)
    ]
    return np.column_stack([*bases, *pairs]) if bases else np.zeros((len(columns[0]), 0))
