"""Which way leaving goes if one input changes, and what the bank of contributors under losses holds."""

from math import log

import numpy as np
import pytest
from plain_force import plain_presence

from contingent.ensemble.design import Design
from contingent.mission.eq04_attacks import home_support, leaving_hazard
from contingent.mission.parameters import priors
from contingent.mission.simulate import simulate
from contingent.mission.tables import shipped
from contingent.scenario.paths import changed

FEW = Design(20251028, 200)
DEADLY = {"attack_risk": 60.0, "leaving_rate": 0.004, "leaving_slope": 4.0}


@pytest.fixture(scope="module")
def outcomes(gaza):
    sent = plain_presence(gaza, FEW.runs)
    whole = gaza.theatre.parameters

    def run(support=None, **parameters):
        changes = {"theatre.parameters": {**whole, **DEADLY, **parameters}}
        if support is not None:
            changes |= {f"contributors.{code}.home_support": support for code in gaza.contributors}
        return simulate(changed(gaza, changes), sent, FEW)

    return run


def gone(found):
    return float(found.contributors["withdrew"].mean())


def lost(found):
    return float(found.weekly["own_deaths"].sum("week").mean())


def test_more_own_dead_leave_more_or_as_often_where_losses_cost_support(outcomes):
    bloody, calm = (outcomes(home_sensitivity=0.25, attack_risk=risk) for risk in (60.0, 0.6))
    assert lost(bloody) > 20 * lost(calm)
    assert gone(bloody) > gone(calm) + 0.05


def test_losses_that_cost_no_support_change_nobodys_leaving(outcomes):
    assert gone(outcomes(home_sensitivity=0.0)) == pytest.approx(gone(outcomes(home_sensitivity=0.0, attack_risk=0.6)))


def test_a_public_that_rallies_holds_its_troops(outcomes):
    rallied, indifferent = outcomes(home_sensitivity=-0.2), outcomes(home_sensitivity=0.0)
    assert gone(rallied) < gone(indifferent)
    assert 0.5 < float(rallied.contributors["home_support"].max()) <= 1


def test_lower_home_support_leaves_more(outcomes):
    left = [gone(outcomes(support=share, home_sensitivity=0.0)) for share in (0.2, 0.5, 0.8)]
    assert left[0] > left[1] > left[2]


def test_recovery_holds_troops_that_losses_would_take_home(outcomes):
    kept = gone(outcomes(home_sensitivity=0.25, home_recovery=0.05))
    assert kept < gone(outcomes(home_sensitivity=0.25, home_recovery=0.0))


def test_support_goes_back_to_its_start_from_both_sides():
    # -.2 ln 2 = -.13863
    assert home_support(0.5, 0.5, -0.2 * log(2), 0.0) == pytest.approx(0.63863, abs=1e-5)
    assert home_support(0.63, 0.5, 0.0, 0.02) == pytest.approx(0.61)
    assert home_support(0.51, 0.5, 0.0, 0.02) == 0.5
    assert home_support(0.9, 0.5, -0.4, 0.0) == 1.0


def test_the_rate_is_that_of_the_record_at_the_polls_support():
    best = {name: prior.estimate.best for name, prior in priors().items()}
    polls = shipped("withdrawals")["support"].mean()
    here = leaving_hazard(best["leaving_rate"], best["leaving_slope"], best["leaving_reference"], polls)
    assert here == pytest.approx(best["leaving_rate"], rel=0.05)


def test_the_bank_is_sourced_and_in_order():
    bank = shipped("withdrawals")
    assert len(bank) >= 20
    assert not bank.duplicated(["contributor", "force"]).any()
    assert bank["source"].str.contains("http").all()
    assert bank.loc[bank["support"].notna(), "support_source"].str.startswith("http").all()
    assert bank["support"].dropna().between(0, 1).all()
    assert set(bank["left"]) == {"early", "part", "no"}
    assert ((bank["arrived"] <= bank["then"]) & (bank["then"] <= bank["last"])).all()
    assert ((bank["dead_then"] <= bank["dead"]) & (bank["dead_then"] >= 1)).all()
    assert bank["last"].max() < "2022"
    assert (np.minimum(bank["strength"], 1e6) >= 50).all()
