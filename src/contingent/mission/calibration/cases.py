"""What a handful of earlier cases says of a rate or a ratio: cases differ, and the next one differs alike.

log y_case ~ Normal(log m + link, tau**2 + e**2); the next case's own value is drawn from Normal(log m, tau**2).
The cases are data/cases.csv, each with its source; those after a date are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from contingent.quantities import Estimate, Unit

POSITIVE = Unit("1", 0)
READING = 0.2  # log error of a reported figure (judgement)
PACE_LINK = float(np.log(0.66))  # equation 5 at L = .4, q = .8, kappa = .3: (1 + L)/2 x 1.3 q/(q + .3)
BEFORE = {
    "pace_consented": (Estimate(0.04, 0.005, 0.3, unit=POSITIVE), PACE_LINK),
    "weapons_per_disarmed": (Estimate(0.4, 0.1, 1.6, unit=POSITIVE), 0.0),
    "register_inflation": (Estimate(1.2, 0.4, 3.6, unit=POSITIVE), 0.0),
}
"""What is believed of the middle case before the cases are seen (judgement), and the link to the parameter."""
SPREAD = Estimate(0.6, 0.3, 1.2, unit=POSITIVE)  # tau before the cases are seen (judgement)


@dataclass(frozen=True, slots=True)
class Cases:
    """The log of what each case showed of a parameter; shape (case)."""

    parameter: str
    logs: NDArray
    points: int = 30

    @property
    def priors(self) -> dict[str, Estimate]:
        """The middle case and the spread between cases."""
        return {"middle": BEFORE[self.parameter][0], "spread": SPREAD}

    def log_likelihood(self, values: NDArray) -> NDArray:
        """Normal on the log scale."""
        middle, spread = values[:, [0]], values[:, [1]]
        variance = spread**2 + READING**2
        apart = self.logs - np.log(middle) - BEFORE[self.parameter][1]
        return -0.5 * (apart**2 / variance + np.log(variance)).sum(axis=1)

    def told(self, values: NDArray, u: NDArray) -> dict[str, NDArray]:
        """The parameter in the next case."""
        return {self.parameter: values[:, 0] * np.exp(values[:, 1] * ndtri(u))}

    def replicate(self, values: NDArray, rng: np.random.Generator) -> tuple[Cases, dict[str, float]]:
        """Cases as many, drawn anew, and one more."""
        middle, spread = values
        noise = np.hypot(spread, READING) * rng.normal(size=len(self.logs))
        logs = np.log(middle) + BEFORE[self.parameter][1] + noise
        return replace(self, logs=logs), {self.parameter: middle * np.exp(spread * rng.normal())}


def known_cases(parameter: str, as_of: date) -> Cases:
    """The shipped cases that bear on a parameter and were over by a date.

    A share of people disarmed after some weeks becomes the weekly odds y of equation 5: y = s/(1 - s) with
    s = 1 - (1 - share)**(1/weeks).
    """
    table = cases()
    rows = table[(table["parameter"] == parameter) & (pd.to_datetime(table["until"]) <= pd.Timestamp(as_of))]
    value, weeks = rows["value"].to_numpy(float), rows["weeks"].to_numpy(float)
    if parameter == "pace_consented":
        share = 1 - (1 - value) ** (1 / weeks)
        value = share / (1 - share)
    return Cases(parameter, np.log(value))


@lru_cache(maxsize=1)
def cases() -> Any:
    """The cases that come with the program."""
    return pd.read_csv(StringIO(files("contingent.mission").joinpath("data/cases.csv").read_text(encoding="utf-8")))
