"""What a stakeholder wants is the same in the consultation and in the criterion of being near to it."""

import numpy as np
import pytest

from contingent.consultation.stakes import draw_stakes
from contingent.study.measures import nearness


def test_nearness_is_measured_from_the_positions_that_the_consultation_draws(result):
    option = "un_mandate_full"
    scenario = result.scenarios[option]
    stakes = draw_stakes(scenario, result.design)
    row = list(stakes.stakeholders).index("united_states")
    terms = scenario.options[option].terms
    distance = weight = np.zeros(result.design.runs)
    for column, issue in enumerate(stakes.issues):
        if issue in terms:
            salience = stakes.salience[:, row, column]
            distance = distance + salience * np.abs(terms[issue].best - 100 * stakes.position[:, row, column])
            weight = weight + salience
    found = nearness("united_states", result.evidence).sel(option=option).to_numpy()
    assert scenario.stakeholders["united_states"].bloc
    assert found == pytest.approx(100 - distance / weight, rel=1e-9)
