"""How often did governments in cases alike say yes, how often did anybody arrive, and how long did they take?

Reference class forecasting: the record of past decisions as of the scenario's date, in every run.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit

from contingent.ensemble.design import Design
from contingent.precedents.cases import CODES, Query
from contingent.precedents.forecast import Forecast, forecast
from contingent.precedents.waiting import build_up, waiting
from contingent.scenario.model import Scenario


def query_of(scenario: Scenario) -> Query:
    """The codes by which a scenario's decision is looked up."""
    coded = scenario.alike
    codes: dict[str, Any] = {code: float(getattr(coded, code)) for code in CODES}
    return Query(iso3=coded.country, operation=coded.operation, force_type=coded.force_type, **codes)


def looked_up(scenario: Scenario) -> Forecast:
    """The forecast from past decisions as known on the scenario's date, refusals off the record aside."""
    query = query_of(scenario)
    kin = query.kin_or_religious_tie_with_host and any(task.coercive for task in scenario.mandate.tasks.values())
    asked = replace(query, coerce_kin=max(query.coerce_kin, float(bool(kin))))
    return _remembered(query, scenario.as_of, asked=asked)


_remembered = lru_cache(maxsize=64)(forecast)  # every part of an ensemble and every option asks the same few questions


def record_of(scenario: Scenario, design: Design) -> NDArray[np.float64]:
    """The record's probability of a yes in every run: its bootstrap band, shifted by the refusals thought missing."""
    found = looked_up(scenario)
    levels = (np.arange(len(found.logits)) + 0.5) / len(found.logits)
    odds = np.interp(design.uniform("reference_class.band"), levels, found.logits)
    recorded = scenario.reference_class.recorded_refusals
    if recorded is not None:
        odds = odds + np.log(np.maximum(design.sample("reference_class.recorded_refusals", recorded), 1e-3))
    return expit(odds)


def delivered(scenario: Scenario, design: Design) -> NDArray[np.float64]:
    """The probability that people arrive after a yes, in every run: a Beta draw of the narrowest class's record."""
    arrived, said_yes = looked_up(scenario).delivered
    return betaincinv(arrived + 0.5, said_yes - arrived + 0.5, design.uniform("reference_class.delivered"))


def days_to_decide(scenario: Scenario, design: Design) -> NDArray[np.float64]:
    """Days from the scenario's date until governments get to a decision at all, in every run."""
    attention = scenario.process.attention
    if attention is not None:
        return design.sample("process.attention", attention)
    asked = scenario.process.asked or scenario.as_of
    passed = max((scenario.as_of - asked).days, 0)
    return waiting(query_of(scenario), scenario.as_of).days(
        design.uniform("reference_class.attention"), elapsed=float(passed)
    )


def earliest(scenario: Scenario, design: Design) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days until the first of the contributor's pledges can be there: from acceptance, by the notice it gives, and from
    the mandate, by what past missions took to build up; (run,) each, 0 if it pledges nothing.
    """
    own = scenario.own
    none = np.zeros(len(design.index))
    drawn = [design.sample(f"pledges.{pledge.id}.notice", pledge.notice) for pledge in own]
    if not own or any(pledge.readiness == "deployed" for pledge in own):
        return (np.min(drawn, axis=0) if drawn else none), none
    level = design.uniform(f"force.delay.{scenario.contributor}")
    return np.min(drawn, axis=0), 7 * build_up(design.uniform("force.build_up"), level)
