"""What is a criterion worth in the unit of another: what to ask about it, and what has been said implies?"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from contingent.appraisal.weights import sample_weights
from contingent.scenario.option import Criterion, WeightStatement

TOLD = 4000  # weights drawn to say what statements imply


def asked(criteria: Mapping[str, Criterion]) -> list[dict[str, str]]:
    """For each criterion the question to ask about its weight, in the case's own units, and how to write the answer.

    Where something costs money, how much of it a swing from worst to best is worth; else its share of all weight.
    """
    unit, found = money(criteria), []
    for name, each in criteria.items():
        swing = f"{each.label} from {each.worst.best:g} to {each.best.best:g} {each.unit}".strip()
        if unit and name != unit:
            asks = f"How much, in {criteria[unit].unit}, would you give for {swing}?"
            write = f"{{criterion: {name}, than: {unit}, than_amount: AMOUNT, exactly: true}}"
        else:
            asks = f"Of all that matters here, which share is {swing}?"
            write = f"{{criterion: {name}, equals: SHARE}}"
        found.append({"criterion": name, "group": each.group, "asks": asks, "write": write})
    return found


def implied(criteria: Mapping[str, Criterion], statements: Sequence[WeightStatement]) -> dict[str, Any]:
    """The mean weights that statements leave, by criterion, and the `prices` that they imply.

    Prices are in the unit of the criterion `unit` (None where nothing is money).

    Raises:
        InputError: a statement names a criterion that does not exist, or no weights satisfy them all.
    """
    drawn = xr.DataArray(sample_weights(criteria, statements, count=TOLD, seed=0), dims=("weight", "criterion"))
    unit = money(criteria)
    return {
        "weights": dict(zip(criteria, drawn.mean("weight").to_numpy().tolist(), strict=True)),
        "unit": unit,
        "prices": prices(drawn, criteria, unit) if unit else {},
    }


def prices(weights: xr.DataArray, criteria: Mapping[str, Criterion], unit: str) -> dict[str, float]:
    """How much of one criterion, in its own unit, one unit of each other is worth at the mean weights.

    `weights` (weight, criterion). Not a number where `unit` has no weight.
    """
    mean = dict(zip(criteria, weights.mean("weight").to_numpy().tolist(), strict=True))
    swing = {name: abs(each.best.best - each.worst.best) for name, each in criteria.items()}
    of = mean[unit] / swing[unit]
    return {name: mean[name] / swing[name] / of if of > 0 else np.nan for name in criteria if name != unit}


def money(criteria: Mapping[str, Criterion]) -> str | None:
    """The criterion in whose unit prices are told: what it costs, else the first whose unit is USD; None if none is."""
    costs = [name for name, each in criteria.items() if each.measure == "force.contributor_cost"]
    return next(iter([*costs, *(name for name, each in criteria.items() if "USD" in each.unit)]), None)


def piece(criterion: Criterion) -> float:
    """How much of a criterion a price is told for: one of its unit, or a hundredth of a share."""
    return 0.01 if criterion.unit == "probability" or criterion.unit.startswith("share") else 1.0
