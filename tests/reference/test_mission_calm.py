"""The priors alone, on a calm theatre of a million people, beside what the literature reports. Nothing here is fitted.

As many are armed as kill 25 people a year by the priors' medians: where relapses are counted, a conflict has ended.

Sources: docs/methods/mission.md, "Calm prior check".
"""

import numpy as np
import pytest

from contingent.ensemble.design import Design
from contingent.mission.backtests import missions
from contingent.mission.simulate import simulate

RUNS = 3000


@pytest.fixture(scope="module")
def by_troops():
    patch = pytest.MonkeyPatch()
    patch.setattr(missions, "RUNS", RUNS)
    row = {"mission": "calm", "weeks": 104, "population": 1_000_000, "armed": 1600, "command": "un",
           "use_of_force": "protection", "consent": "partial", "on_disarmament": 0.2}  # fmt: skip
    found = {}
    for troops in (0, 5_000, 10_000):
        scenario, presence = missions.small_scenario({**row, "troops": troops}, arrived=((0,), (1.0,)))
        found[troops] = simulate(scenario, presence, Design(1, RUNS)).headline
    patch.undo()
    return found


def test_relapse_within_two_years(by_troops):
    # Kaplan-Meier, UCDP episodes ended since 1990: .21 without a UN mission in the country, .07 with one
    assert float(by_troops[0].ceasefire_fell.mean()) == pytest.approx(0.21, abs=0.05)
    assert float(by_troops[5_000].ceasefire_fell.mean()) == pytest.approx(0.07, abs=0.05)


def test_violence_falls_by_about_seventy_percent_at_ten_thousand_troops(by_troops):
    # Hultman, Kathman & Shannon 2014: battle deaths a month 22 -> 6
    fall = 1 - float(by_troops[10_000].events.mean() / by_troops[0].events.mean())
    assert fall == pytest.approx(0.70, abs=0.15)


def test_hostile_deaths_lie_inside_what_missions_have_seen(by_troops):
    # per 1,000 person-years: 0 to 3.2 over 40 UN missions 1990-2017; .08 to .10 in the 90 mission-years with at most 25
    # deaths in the host states, .16 in the 18 with 26 to 100
    for troops in (5_000, 10_000):
        rate = by_troops[troops].own_deaths.to_numpy() / (troops * 104 * 7 / 365.25 / 1000)
        assert 0.05 < rate.mean() < 0.4
        assert np.quantile(rate, 0.95) < 3.2
