"""How likely is a national yes by the record of past decisions, and by the share, the gates and the record together?

Logarithmic opinion pool, with the reference class as one of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit

from contingent.ensemble.design import Design
from contingent.precedents.cases import CODES, Query
from contingent.precedents.forecast import Forecast, forecast
from contingent.scenario.model import Scenario

LEAST = 0.01
"""No part of a forecast is taken to be surer than this when parts are pooled: one in a hundred (judgement)."""


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Per run, (run,): `yes` the probability of a national yes, `delivered` of people arriving after one."""

    yes: NDArray[np.float64]
    delivered: NDArray[np.float64]


def query_of(scenario: Scenario) -> Query:
    """The codes by which a scenario's decision is looked up."""
    coded = scenario.reference_class
    return Query(iso3=coded.country, **{code: float(getattr(coded, code)) for code in CODES})


def looked_up(scenario: Scenario) -> Forecast:
    """The forecast from past decisions as known on the scenario's date, refusals off the record aside."""
    return _asked_before(query_of(scenario), scenario.as_of)


@lru_cache(maxsize=64)
def _asked_before(query: Query, as_of: date) -> Forecast:
    """Every part of an ensemble and every option asks the same few questions of the record."""
    return forecast(query, as_of)


def reference(scenario: Scenario, design: Design) -> TrackRecord:
    """The record's forecast in every run: its bootstrap band, shifted by the refusals thought to be missing."""
    found = looked_up(scenario)
    levels = (np.arange(len(found.logits)) + 0.5) / len(found.logits)
    odds = np.interp(design.uniform("reference_class.band"), levels, found.logits)
    recorded = scenario.reference_class.recorded_refusals
    if recorded is not None:
        odds = odds + np.log(np.maximum(design.sample("reference_class.recorded_refusals", recorded), 1e-3))
    arrived, said_yes = found.delivered
    delivered = betaincinv(arrived + 0.5, said_yes - arrived + 0.5, design.uniform("reference_class.delivered"))
    return TrackRecord(expit(odds), delivered)


def pooled(
    scenario: Scenario,
    design: Design,
    in_favour: NDArray[np.float64],
    process: NDArray[np.float64],
    record: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Probability of a national yes from its three parts: a weighted sum of their log odds; all (run,)."""
    weights = scenario.process.pool
    if weights is None:
        return process
    parts = {"share": in_favour, "process": process, "reference": record}
    odds = np.zeros(len(process))
    for name, part in parts.items():
        weight = design.sample(f"process.pool.{name}", getattr(weights, name))
        odds += weight * logit(np.clip(part, LEAST, 1 - LEAST))
    return expit(odds)
