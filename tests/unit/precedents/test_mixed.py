"""The mixed logit: the optimum it claims, why its spreads are what they are, and whether its bands hold."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from contingent.precedents.cases import asked, shipped_cases
from contingent.precedents.forecast import Trained, fit_extent, forecast
from contingent.precedents.regression import (
    COUNTRY_SD,
    FEATURES,
    LEVEL_SD,
    OPERATION_SD,
    PENALTY,
    averaged,
    fit_mixed,
    matrix,
)


def test_the_mode_is_the_one_a_general_optimizer_finds():
    cases = asked(shipped_cases())[:150]
    model = fit_mixed(cases)
    x, y = matrix(cases)
    country, where = np.unique([c.query.iso3 for c in cases], return_inverse=True)
    force, which = np.unique([c.op_key for c in cases], return_inverse=True)
    k = len(FEATURES)
    z = (x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1)

    def parts(at):
        slopes, own, its = np.split(at[1:], [k, k + len(country)])
        return slopes, own, its, at[0] + z @ slopes + own[where] + its[which]

    def loss(at):
        slopes, own, its, odds = parts(at)
        prior = PENALTY * (slopes**2).sum() + (own / COUNTRY_SD) @ (own / COUNTRY_SD)
        prior += (its / OPERATION_SD) @ (its / OPERATION_SD) + (at[0] / LEVEL_SD) ** 2
        return -log_expit(np.where(y, odds, -odds)).sum() + prior / 2

    found = minimize(loss, np.zeros(1 + k + len(country) + len(force)), method="L-BFGS-B", tol=1e-13)
    slopes, own, its, odds = parts(found.x)
    assert loss(model.at) <= found.fun + 1e-6
    assert model.at[1 : k + 1] == pytest.approx(slopes, abs=2e-3)
    assert [model.at[model.country[name]] for name in country] == pytest.approx(own, abs=2e-3)
    assert [model.at[model.operation[name]] for name in force] == pytest.approx(its, abs=2e-3)
    assert model.probability([c.query for c in cases]) == pytest.approx(expit(odds), abs=1e-3)


def evidence(cases, *spreads):
    """Log of the outcomes' probability, coefficients integrated out (Laplace), by a full table of columns."""
    model = fit_mixed(cases, *spreads)
    layout = model.layout([c.query for c in cases])
    rows = np.arange(len(cases))
    z = np.zeros((len(cases), len(model.at)))
    z[:, : len(FEATURES) + 1] = layout.fixed
    for column in layout.effects.T:
        z[rows, column] = 1
    z, at, ridge = z[:, :-1], model.at[:-1], model.ridge[:-1]
    p = expit(z @ at)
    curvature = (z * (p * (1 - p))[:, None]).T @ z + np.diag(ridge)
    odds = np.where([c.joined for c in cases], z @ at, -(z @ at))
    row = z[0] @ np.linalg.inv(curvature) @ z[0]
    assert model.error(cases[0].query) == pytest.approx(np.sqrt(row), rel=1e-6)
    volume = np.log(ridge).sum() - np.linalg.slogdet(curvature)[1]
    return log_expit(odds).sum() - (ridge * at**2).sum() / 2 + volume / 2


def test_penalty_and_spreads_are_those_under_which_the_shipped_decisions_are_likeliest():
    cases = asked(shipped_cases())
    near = product((1.0, 3.0, 6.0), (0.6, 0.8, 1.2), (0.6, 0.9, 1.2))
    assert max(near, key=lambda at: evidence(cases, *at)) == (PENALTY, COUNTRY_SD, OPERATION_SD)


def test_the_evidence_is_the_probability_of_what_happened(case):
    cases = [case(outcome="declined", op_key="a"), case(op_key="b")]
    level, own, first, second = np.random.Generator(np.random.Philox(6)).standard_normal((4, 400_000))
    odds = LEVEL_SD * level + COUNTRY_SD * own
    exact = (expit(-odds - OPERATION_SD * first) * expit(odds + OPERATION_SD * second)).mean()
    assert evidence(cases) == pytest.approx(np.log(exact), abs=0.25)  # Laplace's approximation of it


def test_another_countrys_decisions_about_a_force_tell_of_it(case, query):
    noise = [
        case(f"n{k}", iso3=f"N{k:02}", op_key=f"n{k}", outcome=("declined", "joined_combat")[k % 2]) for k in range(20)
    ]
    declined = [case(f"d{k}", iso3=f"D{k:02}", op_key="shunned", outcome="declined") for k in range(6)]
    model = fit_mixed([*noise, *declined])
    shunned, new = (model.probability([query("ZZZ", operation=name)])[0] for name in ("shunned", "new"))
    assert shunned < new - 0.1
    assert model.probability([query("ZZZ")])[0] == new  # no force named is one that is not on record


def test_effects_that_are_not_on_record_are_averaged_not_zero(case, query):
    cases = [case(f"c{k}", iso3=f"C{k:02}", op_key=f"o{k}", outcome="joined_combat") for k in range(30)]
    model = fit_mixed(cases)
    new, known = query("ZZZ"), query("C01", operation="o1")
    assert model.unknown([new, known, query("C01")]) == pytest.approx(
        [np.hypot(COUNTRY_SD, OPERATION_SD), 0, OPERATION_SD]
    )
    draws = np.random.Generator(np.random.Philox(3)).standard_normal(400_000)
    for logit, spread in ((2.0, 1.2), (-0.7, 2.0)):
        assert averaged(np.array([logit]), np.array([spread]))[0] == pytest.approx(
            expit(logit + spread * draws).mean(), abs=0.002
        )
    assert averaged(np.array([1.3]), np.zeros(1)) == pytest.approx(expit(1.3))


def test_nine_bands_in_ten_hold_the_truth_where_forces_and_countries_differ():
    """Outcomes are drawn anew for the shipped rows, with effects of countries and forces: do the bands cover?"""
    cases = asked(shipped_cases())
    rng = np.random.Generator(np.random.Philox(8))
    real = fit_mixed(cases)
    layout = real.layout([c.query for c in cases])
    inside = []
    for _ in range(30):
        at = real.at.copy()
        at[list(real.country.values())] = COUNTRY_SD * rng.standard_normal(len(real.country))
        at[list(real.operation.values())] = OPERATION_SD * rng.standard_normal(len(real.operation))
        joined = rng.random(len(cases)) < expit(layout.times(at))
        drawn = [
            replace(c, outcome="joined_combat" if yes else "declined") for c, yes in zip(cases, joined, strict=True)
        ]
        trained = Trained(tuple(drawn), fit_mixed(drawn), fit_extent(drawn))
        for k in rng.choice(len(cases), 6, replace=False):
            found = forecast(cases[k].query, date(2025, 10, 28), trained=trained)
            inside.append(found.low <= expit(layout.times(at))[k] <= found.high)
    assert 0.83 <= np.mean(inside) <= 0.97
