"""What does a forecast score on each case, and how sure is a mean score?

Proper scoring rules (Brier, logarithmic, CRPS) and the cluster bootstrap.

Lower is better, and only honesty minimizes the expectation (Gneiting & Raftery 2007, doi:10.1198/016214506000001437).
Every score is one number a case, so that cases can be paired, clustered and resampled.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLOOR = 1e-6  # probabilities are kept this far from 0 and 1, so that one surprise costs at most 13.8 nats (judgement)
DRAWS, FEWER_DRAWS = 2_000, 300  # resamples of a mean, and of a score that is reckoned anew from the cases of each


def brier(probability: ArrayLike, happened: ArrayLike) -> NDArray[np.float64]:
    """Squared error of a probability; shapes (case,) -> (case,). Brier 1950, Mon. Wea. Rev. 78:1."""
    return (np.asarray(probability, dtype=float) - np.asarray(happened, dtype=float)) ** 2


def log_score(probability: ArrayLike, happened: ArrayLike) -> NDArray[np.float64]:
    """Minus the log of the probability given to what happened, in nats; shapes (case,) -> (case,)."""
    p = np.clip(np.asarray(probability, dtype=float), FLOOR, 1 - FLOOR)
    y = np.asarray(happened, dtype=float)
    return -(y * np.log(p) + (1 - y) * np.log1p(-p))


def crps_sample(draws: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """CRPS of equally likely draws, (case, draw) against (case,): E|X-y| - E|X-X'|/2, in the unit of y."""
    x = np.sort(np.asarray(draws, dtype=float), axis=-1)
    y = np.asarray(observed, dtype=float)
    n = x.shape[-1]
    rank = 2 * np.arange(1, n + 1) - n - 1
    return np.abs(x - y[..., None]).mean(-1) - (x * rank).sum(-1) / n**2


def crps_weighted(values: ArrayLike, weights: ArrayLike, observed: float) -> float:
    """CRPS of one discrete distribution: `values` and non-negative `weights` of shape (k,)."""
    order = np.argsort(values, kind="stable")
    return float(crps_grid(np.asarray(values)[order], np.asarray(weights)[order], observed))


def crps_grid(grid: ArrayLike, mass: ArrayLike, observed: ArrayLike) -> NDArray[np.float64]:
    """CRPS of many distributions on one grid: `grid` (k,) rising, `mass` (case, k), `observed` (case,)."""
    x, w = np.asarray(grid, dtype=float), np.asarray(mass, dtype=float)
    y = np.asarray(observed, dtype=float)
    w = w / w.sum(-1, keepdims=True)
    below = np.cumsum(w, axis=-1)[..., :-1]
    # E|X-X'| = 2 * integral of F(1-F), a sum over the gaps between neighbouring values
    return (w * np.abs(x - y[..., None])).sum(-1) - (np.diff(x) * below * (1 - below)).sum(-1)


CHANCES = {"brier": brier, "log_score": log_score}
"""The rules by which a probability is scored, by name."""


def auc(probability: NDArray, happened: NDArray) -> float:
    """Chance that a case that happened was ranked above one that did not (doi:10.1148/radiology.143.1.7063747)."""
    from scipy.stats import rankdata

    came = happened == 1
    n, m = came.sum(), (~came).sum()
    return float((rankdata(probability)[came].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def calibration_error(probability: NDArray, happened: NDArray) -> float:
    """Mean distance between what was said and what happened, over ten groups of equal size."""
    groups = np.array_split(np.argsort(probability, kind="stable"), 10)
    apart = (abs(probability[g].mean() - happened[g].mean()) * len(g) for g in groups if len(g))
    return float(sum(apart) / len(happened))


@dataclass(frozen=True, slots=True)
class Score:
    """A score of many cases with its 90 % cluster-bootstrap interval, in the score's own unit."""

    value: float
    low: float
    high: float
    drawn: tuple[NDArray, NDArray] | None = field(default=None, repr=False, compare=False)
    """The score of every resample, (draw,), and the clusters resampled, (case,): by these it is paired with others."""

    @classmethod
    def exactly(cls, value: float) -> Score:
        """A number without an interval: a count, or what follows from no sample."""
        return cls(value, value, value)

    def less(self, other: Score) -> Score | None:
        """The difference from another score of the same cases, in every resample of them; None if of other cases.

        A number without an interval is the same in every resample.
        """
        if self.drawn is None or (other.drawn is None and other.low != other.high):
            return None
        (mine, clusters), (theirs, others) = self.drawn, other.drawn or (other.value, self.drawn[1])
        if np.shape(theirs) not in ((), mine.shape) or not np.array_equal(clusters, others):
            return None
        return _interval(self.value - other.value, mine - theirs, clusters)


def _interval(value: float, drawn: NDArray, clusters: NDArray) -> Score:
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return Score(float(value), float(low), float(high), (drawn, clusters))


Scores = dict[str, Score]


def cluster_bootstrap(scores: ArrayLike, clusters: Sequence[object] | NDArray, *, seed: int = 1) -> Score:
    """The mean of `scores` (case,) and its 90 % interval, resampling whole `clusters` (case,).

    Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x. With no case at all, all three are nan.
    """
    values = np.asarray(scores, dtype=float)
    if not len(values):
        return Score.exactly(float("nan"))
    _, member = np.unique(np.asarray(clusters).astype(str), return_inverse=True)
    total = np.bincount(member, weights=values)
    count = np.bincount(member)
    rng = np.random.Generator(np.random.Philox(seed))
    picks = rng.multinomial(len(total), np.full(len(total), 1 / len(total)), size=DRAWS)
    return _interval(values.mean(), (picks @ total) / np.maximum(picks @ count, 1), np.asarray(clusters))


def means(losses: Mapping[str, ArrayLike], clusters: NDArray, keep: Any = slice(None), name: str = "{}") -> Scores:
    """The `cluster_bootstrap` of several losses (case,) by name, over the cases that `keep` (case,) says."""
    return {name.format(key): cluster_bootstrap(np.asarray(loss)[keep], clusters[keep]) for key, loss in losses.items()}


def of_chances(
    said: NDArray, happened: NDArray, clusters: NDArray, keep: Any = slice(None), name: str = "{}"
) -> Scores:
    """What probabilities score by every rule of `CHANCES`, over the cases that `keep` says."""
    return means({key: rule(said, happened) for key, rule in CHANCES.items()}, clusters, keep, name)


def resampled(score: Callable[[NDArray[np.intp]], Any], clusters: NDArray) -> tuple[Score, ...]:
    """Scores of some rows that are no means of cases, with their 90 % intervals, resampling whole `clusters` (case,).

    A resample in which a score does not exist is left out; where none has it, or the cases as they are have not, there
    is no number.
    """
    rng = np.random.Generator(np.random.Philox(1))
    members = [np.flatnonzero(clusters == name) for name in np.unique(clusters)]
    whole = np.atleast_1d(score(np.arange(len(clusters))))
    if not np.isfinite(whole).all():
        return (Score.exactly(float("nan")),) * len(whole)
    picks = (rng.integers(len(members), size=len(members)) for _ in range(FEWER_DRAWS))
    drawn = np.array([np.atleast_1d(score(np.concatenate([members[i] for i in pick]))) for pick in picks])
    return tuple(_interval(x, each, clusters) for x, each in zip(whole, drawn.T, strict=True))


def sha256_of(*paths: Path) -> str:
    """One hash of files, or of every file in folders, with their names relative to the folder; order-free."""
    digest = hashlib.sha256()
    inside = [(path, item) for path in paths if path.is_dir() for item in path.rglob("*") if item.is_file()]
    files = [(path.name, path) for path in paths if not path.is_dir()]
    for name, item in sorted(files + [(str(item.relative_to(path)), item) for path, item in inside]):
        digest.update(name.encode() + b"\0" + hashlib.sha256(item.read_bytes()).digest())
    return digest.hexdigest()


LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""The quantiles by which a number is forecast."""


@dataclass(frozen=True, slots=True)
class Scored:
    """How a question came out: proper scores of ours, mean over the days it was open, and of simpler forecasts."""

    question: str
    answer: float | str
    ours: dict[str, float]
    beside: dict[str, dict[str, float]]
    late: bool
    """Sealed on or after the day of the answer: it tells nothing of foresight, and is in no mean."""
    inside: bool | None = None
    """Of a number: whether it lies in the 90 % interval."""


def scored(sealed: Iterable[Mapping[str, Any]], resolved: Iterable[Mapping[str, Any]]) -> Iterator[Scored]:
    """Every question that was answered, by its last answer, from what was sealed and resolved, in order.

    A forecast holds from the day of its scenario, or that on which it was sealed where that is later, until the next
    one of the same question; a question's score is the mean over the days on which it was open.
    """
    answers = {body["question"]: body for body in resolved}
    told = defaultdict[str, list[tuple[date, dict[str, Any]]]](list)
    for body in sealed:
        for one in body["questions"]:
            told[one["id"]].append((date.fromisoformat(max(body["as_of"], body["sealed_on"])), one))
    for name, body in answers.items():
        end, answer = date.fromisoformat(body["on"]), body["answer"]
        held = [(since, one) for since, one in told[name] if since < end]
        late = not held
        held = held or told[name][-1:]
        until = [since for since, _ in held[1:]] + [end]
        days = np.array([max((to - since).days, 1) for (since, _), to in zip(held, until, strict=True)], float)
        rows = [_score(one, answer) for _, one in held]
        ours = {key: float(np.average([row[key] for row in rows], weights=days)) for key in rows[0]}
        inside = None
        if quantiles := held[-1][1].get("quantiles"):
            inside = quantiles[LEVELS.index(0.05)] <= answer <= quantiles[LEVELS.index(0.95)]
        beside = dict(_beside(held[0][1] | ({"crowd": body["crowd"]} if "crowd" in body else {}), answer))
        yield Scored(name, answer, ours, beside, late, inside)


def _score(one: Mapping[str, Any], answer: float | str) -> dict[str, float]:
    """Brier score over all answers (Brier 1950: the sum over both of a yes or no halved), log score, or CRPS."""
    if quantiles := one.get("quantiles"):
        edges = np.array([0.0, *(np.array(LEVELS[:-1]) + np.array(LEVELS[1:])) / 2, 1.0])
        return {"crps": crps_weighted(quantiles, np.diff(edges), float(answer))}
    chances = np.array([one["chances"][name] for name in one["answers"]])
    came = np.array([name == answer for name in one["answers"]], float)
    return {"brier": float(brier(chances, came).sum()) / 2, "log_score": float(log_score(chances @ came, 1.0))}


def _beside(one: Mapping[str, Any], answer: float | str) -> Iterator[tuple[str, dict[str, float]]]:
    """What simpler forecasts of the same question score."""
    if answers := one["answers"]:
        yield "even", _score({"answers": answers, "chances": dict.fromkeys(answers, 1 / len(answers))}, answer)
        for name in ("record", "crowd"):
            if name in one:
                yield name, _score({"answers": answers, "chances": {"yes": one[name], "no": 1 - one[name]}}, answer)
