"""Which option is best, under which weights and in which worlds?

Appraisal of the performance of every option on every criterion in every run; with paired comparison, stochastic and
Pareto dominance, and regret. The same draws meet all options, so what they share cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.appraisal.smaa import accept
from contingent.appraisal.value import breaches, outside, worth
from contingent.appraisal.weights import sample_weights
from contingent.labels import CRITERION, OPTION, RANK, RUN
from contingent.scenario.option import Criterion, WeightStatement

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How the options stand under all weights and in all runs.

    Shapes: `performance`, `values` (option, run, criterion); `weights` (weight, criterion);
    `ranks` (option, rank) acceptability; `central` (option, criterion); `confidence`, `error` (option);
    `beats` (option, other) share of weights and runs; `first` (run, option) share of weights;
    `score` (option, run) worth at the mean weights; `regret` (run, option); `losses` expected and 90 % regret;
    `paired` differences of the score; `pareto` (option, other); `barred` (option, run, criterion) floors broken;
    `correlation` (criterion, other) over runs and options; `outside` (criterion) share beyond the anchors.
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
    losses: xr.Dataset
    paired: xr.Dataset
    pareto: xr.DataArray
    barred: xr.DataArray
    correlation: xr.DataArray
    outside: xr.DataArray

    def __repr__(self) -> str:
        first = ", ".join(f"{name} {share:.1%}" for name, share in self.ranks.isel({RANK: 0}).to_series().items())
        sizes = f"{self.performance.sizes[RUN]:,} runs, {self.weights.sizes['weight']:,} weights"
        return f"Appraisal over {sizes}; first: {first}"

    @property
    def best(self) -> str:
        """The option most often first; of equals, the one named first."""
        return str(self.ranks[OPTION].values[int(self.ranks.isel({RANK: 0}).to_numpy().argmax())])

    @property
    def floor_risk(self) -> xr.DataArray:
        """Share of runs in which each option breaks any floor; (option)."""
        return self.barred.any(CRITERION).mean(RUN)


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
        InputError: a performance is not a number, an anchor is missing its meaning, or the statements on weights
            contradict each other.
    """
    names = list(criteria)
    values = worth(performance, criteria)
    if leaves is not None:
        values = at_leaves(values, leaves, [name for name, each in criteria.items() if each.measure == CHANCE])
    drawn = sample_weights(names, statements, count=weights, seed=seed)
    broken = breaches(performance, criteria)
    barred = broken.any(CRITERION)
    found = accept(values.transpose(RUN, OPTION, CRITERION).to_numpy(), drawn, barred.transpose(RUN, OPTION).to_numpy())
    options, runs = performance[OPTION].values, performance[RUN].values
    labels = {OPTION: options, OTHER: options, RUN: runs, CRITERION: names, RANK: np.arange(1, len(options) + 1)}

    def labelled(array: NDArray[np.float64], *dims: str) -> xr.DataArray:
        return xr.DataArray(array, dims=dims, coords={name: labels[name] for name in dims if name in labels})

    score = labelled(np.where(barred, 0.0, values.to_numpy() @ drawn.mean(axis=0)), OPTION, RUN)
    regret = labelled(found.regret, RUN, OPTION)
    shares = {
        "values": values,
        "weights": labelled(drawn, "weight", CRITERION),
        "ranks": labelled(found.ranks, OPTION, RANK),
        "central": labelled(found.central, OPTION, CRITERION),
        "confidence": labelled(found.confidence, OPTION),
        "error": labelled(found.error, OPTION),
        "beats": labelled(found.pairwise, OPTION, OTHER),
        "first": labelled(found.first, RUN, OPTION),
        "score": score,
        "regret": regret,
        "pareto": pareto(values),
        "barred": broken,
        "correlation": correlation(values),
        "outside": outside(performance, criteria),
    }
    return Appraisal(
        performance=performance,
        losses=regret_summary(regret),
        paired=compare(score),
        **{name: array.rename(name).assign_attrs(units="1") for name, array in shares.items()},
    )


CHANCE = "consultation.passes"
"""The chance to pass is a forecast and no value: it counts by what happens."""


def at_leaves(values: xr.DataArray, leaves: xr.DataArray, chances: Sequence[str]) -> xr.DataArray:
    """Worth (option, run, criterion) at what happens: of every leaf, by its chance (a roll-back of the outcome tree).

    Of a criterion that is itself a chance to pass, the same for all options.
    """
    reached = xr.dot(leaves, values.rename({OPTION: "leaf"}).sel(leaf=leaves["leaf"]), dim="leaf")
    found = reached.transpose(*values.dims).sel({OPTION: values[OPTION]})
    return found.where(~found[CRITERION].isin(list(chances)), 1.0)


def correlation(values: xr.DataArray) -> xr.DataArray:
    """How the criteria move together over runs, within options: what is counted twice; (criterion, other).

    The mean over options of each option's correlation matrix; a criterion that never varies has none (NaN).
    """
    names = values[CRITERION].values
    centred = values - values.mean(RUN)
    flat = centred.to_numpy().reshape(-1, len(names))
    spread = np.sqrt((flat**2).mean(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        table = (flat.T @ flat) / len(flat) / np.outer(spread, spread)
    table = np.where(np.outer(spread, spread) > 0, np.clip(table, -1, 1), np.nan)
    return xr.DataArray(table, dims=(CRITERION, OTHER), coords={CRITERION: names, OTHER: names})


def adapt(
    performance: xr.DataArray, start: str, then: str, comes: NDArray[np.bool_], before: NDArray[np.float64]
) -> xr.DataArray:
    """The performance of going over from one option to another, over (run, criterion): a tree of one branch.

    Where the event comes, the first option's until that day and the second's from then on, each in proportion to its
    share of the horizon (a judgement: what a force does adds up evenly over time).

    Args:
        performance: (option, run, criterion).
        start: the option begun with.
        then: the option gone over to.
        comes: (run) whether the event comes in time.
        before: (run) share of the horizon that has passed by then, 0 to 1.
    """
    one, two = performance.sel({OPTION: start}, drop=True), performance.sel({OPTION: then}, drop=True)
    share = np.where(comes, np.clip(before, 0.0, 1.0), 1.0)
    kept = xr.DataArray(share, dims=(RUN,), coords={RUN: performance[RUN]})
    return two + (one - two) * kept


def with_adaptive(performance: xr.DataArray, found: dict[str, xr.DataArray]) -> xr.DataArray:
    """The performance with each way of proceeding added as one more option; anchors stay, so ranks cannot reverse."""
    rows = [performance, *(each.expand_dims({OPTION: [name]}) for name, each in found.items())]
    return xr.concat(rows, OPTION, join="exact", coords="minimal", compat="override").transpose(*performance.dims)


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
            "above": (dims, above),
            "same": (dims, same),
            "better": (dims, above + 0.5 * same),
            "mean": (dims, difference.mean(axis=-1)),
            "low": (dims, low),
            "high": (dims, high),
            "dominates": (dims, order),
        },
        coords={OPTION: options, OTHER: options},
    )


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


def regret_summary(regret: xr.DataArray) -> xr.Dataset:
    """Expected and 90 % regret of every option.

    Regret in a run is the worth of the best admissible option minus this one's, mean over the weights
    (Savage 1951, doi:10.1080/01621459.1951.10500768); `regret` (run, option), 0 to 1. Returns over option:
    `expected` mean over runs, `high` the regret exceeded in one run of ten, `error` standard error of the mean.
    """
    runs = regret.sizes[RUN]
    spread = regret.std(RUN, ddof=1) / np.sqrt(runs) if runs > 1 else xr.zeros_like(regret.mean(RUN))
    return xr.Dataset(
        {"expected": regret.mean(RUN), "high": regret.quantile(0.9, RUN).drop_vars("quantile"), "error": spread}
    )
