"""The posteriors that stand in the shipped case, done again from the data; the link measured again on the bank."""

from pathlib import Path

import numpy as np
import pytest

import contingent
from contingent.ensemble.design import Design
from contingent.mission.backtests.missions import killed_by_kind, small_scenario
from contingent.mission.calibration.earlier_missions import LINK, LINK_SPREAD
from contingent.mission.calibration.posterior import learn
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs
from contingent.mission.simulate import simulate_into
from contingent.mission.tables import shipped

DATA = Path(__file__).parents[2] / "../shared/data"


@pytest.mark.skipif(not DATA.exists(), reason="the reference data are not here (../shared/data)")
def test_the_shipped_case_holds_the_posteriors_of_the_data():
    scenario = contingent.read("isf_gaza")
    learned = learn(scenario, DATA)
    assert len(learned) == 10
    for name, told in learned.items():
        here = scenario.theatre.parameters[name]
        assert (here.low, here.best, here.high) == pytest.approx(
            (told.estimate.low, told.estimate.best, told.estimate.high), rel=0.03
        ), name
        assert here.claims, name
        assert "Posterior" in here.assumption, name


def test_what_is_counted_beside_the_risk_itself_is_as_the_bank_shows():
    logs, bank = [], shipped("retrodiction")
    levels = {kind: {"deaths": killed_by_kind(bank, kind)} for kind in set(bank["conflict"])}
    for row in bank.to_dict("records"):
        if row["troops"] < 1000 or not np.isfinite(row["hostile_deaths"]):
            continue
        inputs = prepare(*small_scenario(row, levels[row["conflict"]]), Design(1, 400))
        outputs = Outputs.empty(inputs)
        simulate_into(inputs, outputs)
        risk = inputs.parameter("attack_risk")
        dead, troops = (outputs.series[name].sum(axis=0) for name in ("own_deaths", "troops"))
        logs.append(np.log(dead.sum() / (risk * troops / 52_178.57).sum()))
    assert np.median(logs) == pytest.approx(LINK, abs=0.15)
    assert np.std(logs) == pytest.approx(LINK_SPREAD, abs=0.1)
