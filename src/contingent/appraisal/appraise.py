"""Which option is best, under which weights and in which worlds?

Appraisal of the performance of every option on every criterion in every run; with paired comparison, stochastic and
Pareto dominance, and regret. The same draws meet all options, so what they share cancels.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.appraisal.smaa import accept, copies, ordering
from contingent.appraisal.value import at_leaves, breaches, with_tails, worth
from contingent.appraisal.weights import sample_weights
from contingent.errors import InputError
from contingent.labels import CRITERION, OPTION, OTHER, RANK, RUN
from contingent.scenario.option import Criterion, WeightStatement


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How the options stand under all weights and in all runs.

    Shapes: `performance`, `values` (option, run, criterion); `weights` (weight, criterion);
    `ranks` (option, rank) acceptability; `central` (option, criterion); `confidence`, `error` (option);
    `beats` (option, other) share of weights and runs; `first` (run, option) share of weights;
    `score` (option, run) worth at the mean weights; `regret` (run, option);
    `paired` differences of the score; `pareto` (option, other); `broken` (option, criterion) share of runs in which a
    floor is broken were the option carried out; `excluded` the options that break one more often than is borne: they
    are never ranked, and in no other array but `performance`, `values`, `score`, `paired` and `broken`. `copies`
    options that come to the same as an earlier one, which stands for them. `ordering` (criterion, other): how two
    criteria order the options alike.
    """

    performance: xr.DataArray
    values: xr.DataArray
    weights: xr.DataArray
    ranks: xr.DataArray
    central: xr.DataArray
    confidence: xr.DataArray
    error: xr.DataArray
    beats: xr.DataArray
    first: xr.DataArray
    score: xr.DataArray
    regret: xr.DataArray
    paired: xr.Dataset
    pareto: xr.DataArray
    broken: xr.DataArray
    excluded: tuple[str, ...]
    copies: Mapping[str, str]
    ordering: xr.DataArray

    def __repr__(self) -> str:
        first = ", ".join(f"{name} {share:.1%}" for name, share in self.ranks.isel({RANK: 0}).to_series().items())
        sizes = f"{self.performance.sizes[RUN]:,} runs, {self.weights.sizes['weight']:,} weights"
        return f"Appraisal over {sizes}; first: {first}"

    @property
    def shares(self) -> dict[str, float]:
        """How often each option is first, copies counted with the option they copy; in the options' order."""
        found: dict[str, float] = {}
        for name, share in zip(self.ranks[OPTION].values, self.ranks.isel({RANK: 0}).to_numpy(), strict=True):
            first = self.copies.get(str(name), str(name))
            found[first] = found.get(first, 0.0) + float(share)
        return found

    @property
    def best(self) -> str:
        """The option most often first, copies counted with it; of equals, the one named first."""
        shares = self.shares
        return max(shares, key=lambda name: shares[name])


def appraise(
    performance: xr.DataArray,
    criteria: Mapping[str, Criterion],
    *,
    seed: int,
    weights: int = 10_000,
    statements: Sequence[WeightStatement] = (),
    leaves: xr.DataArray | None = None,
) -> Appraisal:
    """The appraisal of a performance array (option, run, criterion), in each criterion's own unit.

    `leaves` (option, run, leaf) is what comes of putting an option forward: the chance that each option, or the
    baseline, is what is carried out. Worth is then taken there; without it every option is taken to be carried out.

    Raises:
        LabelError: dimensions or criteria do not match.
        InputError: a performance is not a number, an anchor is missing its meaning, the statements on weights
            contradict each other, or no option is left that breaks no floor.
    """
    names = list(criteria)
    plain = worth(performance, criteria)
    values = plain if leaves is None else at_leaves(plain, leaves, criteria)
    values = with_tails(values, plain, leaves, criteria)
    drawn = sample_weights(criteria, statements, count=weights, seed=seed)
    broken = breaches(performance, criteria).mean(RUN)
    borne = xr.DataArray([criteria[name].floor_risk for name in names], {CRITERION: names}, (CRITERION,))
    out = (broken > borne).any(CRITERION)
    excluded = tuple(str(name) for name in out[OPTION].values[out.to_numpy()])
    every, values = values, values.isel({OPTION: np.flatnonzero(~out.to_numpy())})
    if not values.sizes[OPTION]:
        raise InputError(f"every option breaks a floor more often than is borne: {', '.join(excluded)}")
    alike = copies(values)
    apart = values.sel({OPTION: [name for name in values[OPTION].values if name not in alike]})
    both = [each.transpose(RUN, OPTION, CRITERION).to_numpy() for each in ((values, apart) if alike else (values,))]
    with ThreadPoolExecutor(len(both)) as pool:  # how sure a choice is, is asked with every copy left out
        every_one = [*pool.map(lambda each: accept(each, drawn), both)]
    found, alone = every_one[0], every_one[-1]
    options, runs = values[OPTION].values, values[RUN].values
    labels = {OPTION: options, OTHER: options, RUN: runs, CRITERION: names, RANK: np.arange(1, len(options) + 1)}
    originals = [name for name in options if name not in alike]
    place = [originals.index(alike.get(name, name)) for name in options]

    def labelled(array: NDArray[np.float64], *dims: str) -> xr.DataArray:
        return xr.DataArray(array, dims=dims, coords={name: labels[name] for name in dims if name in labels})

    score = xr.DataArray(every.to_numpy() @ drawn.mean(axis=0), {OPTION: every[OPTION], RUN: runs}, (OPTION, RUN))
    regret = labelled(found.regret, RUN, OPTION)
    shares = {
        "values": every, "weights": labelled(drawn, "weight", CRITERION), "ranks": labelled(found.ranks, OPTION, RANK),
        "central": labelled(found.central, OPTION, CRITERION), "confidence": labelled(alone.confidence[place], OPTION),
        "error": labelled(alone.error[place], OPTION), "beats": labelled(found.pairwise, OPTION, OTHER),
        "first": labelled(found.first, RUN, OPTION), "score": score, "regret": regret, "pareto": pareto(values),
        "broken": broken,
        "ordering": ordering(every.sel({OPTION: [name for name in every[OPTION].values if name not in alike]})),
    }  # fmt: skip
    return Appraisal(
        performance=performance, paired=compare(score), excluded=excluded, copies=alike,
        **{name: array.rename(name).assign_attrs(units="1") for name, array in shares.items()},
    )  # fmt: skip


def compare(score: xr.DataArray) -> xr.Dataset:
    """The paired differences of a score (option, run) between every two options.

    Returns over (option, other): `above` share of runs in which the row is above the column, `same` in which they are
    equal, `better` the first with half of the second; `mean`, `low`, `high` of the difference row minus column (90 %
    interval over runs); `dominates`, the order of stochastic dominance of the row over the column: 1, 2, or 0 for none.
    """
    options = score[OPTION].values
    table = score.transpose(OPTION, RUN).to_numpy()
    difference = table[:, None, :] - table[None, :, :]
    low, high = np.quantile(difference, [0.05, 0.95], axis=-1)
    above, same = (difference > 0).mean(axis=-1), (difference == 0).mean(axis=-1)
    order = np.array([[dominance(a, b) for b in table] for a in table])
    dims = (OPTION, OTHER)
    return xr.Dataset(
        {
            "above": (dims, above), "same": (dims, same), "better": (dims, above + 0.5 * same),
            "mean": (dims, difference.mean(axis=-1)), "low": (dims, low), "high": (dims, high),
            "dominates": (dims, order),
        },
        coords={OPTION: options, OTHER: options},
    )  # fmt: skip


def dominance(one: NDArray[np.float64], two: NDArray[np.float64]) -> int:
    """The lowest order, 1 or 2, in which `one` stochastically dominates `two`; 0 if in neither.

    Both are samples (run,) of equal size and equal weight, so first order is sorted values against sorted values
    and second order their running sums (Hadar & Russell 1969; Levy 1992, doi:10.1287/mnsc.38.4.555).
    """
    a, b = np.sort(one), np.sort(two)
    if np.array_equal(a, b):
        return 0
    if (a >= b).all():
        return 1
    slack = 1e-12 * max(1.0, float(np.abs(a).sum()), float(np.abs(b).sum()))
    return 2 if (np.cumsum(a) >= np.cumsum(b) - slack).all() else 0


def pareto(values: xr.DataArray) -> xr.DataArray:
    """Share of runs in which the row is at least as good as the column on every criterion and better on one.

    `values` (option, run, criterion); returns (option, other). No weights enter.
    """
    v = values.to_numpy()
    shares = [[((a >= b).all(axis=1) & (a > b).any(axis=1)).mean() for b in v] for a in v]
    options = values[OPTION].values
    return xr.DataArray(np.array(shares), dims=(OPTION, OTHER), coords={OPTION: options, OTHER: options})


@dataclass(frozen=True, slots=True)
class Steps:
    """What a way of proceeding in steps is worth, beside all options.

    `first` share of weights and runs in which it is best, ties shared; `goes` share of weights under which going over
    is the better reply once the event has come; `beside` by option, the mean of what it is worth more, and the
    standard error of that mean.
    """

    first: float
    goes: float
    beside: Mapping[str, tuple[float, float]]


def in_steps(
    values: xr.DataArray, weights: NDArray[np.float64], start: str, went: NDArray[np.float64], comes: NDArray[np.bool_]
) -> Steps:
    """A decision in steps as a decision tree: begin with one option, and at a node go over to another or stay.

    The node is reached knowing whether the event has come, and nothing else; under each weight the reply is the one
    that is worth more on average over the runs that lead there, so that a choice is never worth less than staying.

    Args:
        values: worth over (option, run, criterion).
        weights: (weight, criterion).
        start: the option begun with.
        went: (run, criterion), worth where one goes over.
        comes: (run), whether the event comes in time.
    """
    v = values.transpose(OPTION, RUN, CRITERION).to_numpy()
    stay = v[list(values[OPTION].values).index(start)]
    replies = []
    for node in (comes, ~comes):
        gain = (went - stay)[node].mean(axis=0) if node.any() else np.zeros(v.shape[2])
        replies.append(weights @ gain > 0)
    total, kinds = np.zeros(len(v) + 1), np.stack(replies, 1)
    mean, error = np.zeros(len(v)), np.zeros((len(v), len(comes)))
    for reply in np.unique(kinds, axis=0):
        chosen = (kinds == reply).all(axis=1)
        goes = np.where(comes, *reply)
        row = np.where(goes[:, None], went, stay)
        found = accept(np.concatenate([v, row[None]]).transpose(1, 0, 2), weights[chosen])
        share = chosen.mean()
        total += share * found.ranks[:, 0]
        difference = (row[None] - v) @ weights[chosen].mean(axis=0)
        mean += share * difference.mean(axis=1)
        error += share * difference
    spread = error.std(axis=1, ddof=1) / np.sqrt(len(comes)) if len(comes) > 1 else np.zeros(len(v))
    beside = {str(n): (float(m), float(e)) for n, m, e in zip(values[OPTION].values, mean, spread, strict=True)}
    return Steps(float(total[-1]), float(kinds[:, 0].mean()), beside)
