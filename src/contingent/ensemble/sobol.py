"""Which share of an outcome's variance comes from each input, alone and with all others?

Pick-and-freeze estimator of first-order and total Sobol' indices (variance-based sensitivity).

First order: Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018, table 2 (b), or Jansen 1999,
doi:10.1016/S0010-4655(98)00154-4. Total: Jansen 1999 (table 2 (f) of the former).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """`first` and `total` (input, *outcome): shares of the variance; 0 where the outcome does not vary.

    `variance` (*outcome), in squared units of the outcome.
    """

    first: NDArray[np.float64]
    total: NDArray[np.float64]
    variance: NDArray[np.float64]


def pick_and_freeze(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points to evaluate, from two samples (run, input): a, b, then a with each input in turn from b.

    Returns an array (inputs + 2, run, input).
    """
    mixed = np.repeat(a[None], a.shape[1], axis=0)
    for k in range(a.shape[1]):
        mixed[k, :, k] = b[:, k]
    return np.concatenate([a[None], b[None], mixed])


def sobol_indices(
    base: NDArray[np.float64],
    other: NDArray[np.float64],
    mixed: NDArray[np.float64],
    *,
    first: Literal["saltelli", "jansen"] = "saltelli",
) -> SobolIndices:
    """The indices from outcomes at two independent samples and at the first with one input taken from the second.

    Args:
        base: outcomes at the first sample (run, *outcome).
        other: outcomes at the second (run, *outcome).
        mixed: outcomes at the first with input k, or a group of inputs, from the second (input, run, *outcome).
        first: which estimator of the first-order index; Jansen's errs less where an input matters much.
    """
    variance = np.concatenate([base, other]).var(axis=0)
    safe = np.where(variance > 0, variance, np.inf)
    total = ((base - mixed) ** 2).mean(axis=1) / (2 * safe)
    if first == "jansen":
        alone = np.where(variance > 0, 1 - ((other - mixed) ** 2).mean(axis=1) / (2 * safe), 0.0)
    else:  # a product, so centred: the estimate does not change with the outcome's zero, its error does
        centre = np.stack([base, other]).mean(axis=(0, 1))
        alone = ((other - centre) * (mixed - base)).mean(axis=1) / safe
    return SobolIndices(alone, total, variance)
