"""Which way own losses go if one input changes, on the same draws, as a researcher of peace operations expects."""

import pytest
from plain_force import plain_presence

from contingent.ensemble.design import Design
from contingent.mission.simulate import simulate
from contingent.scenario.paths import changed

FEW = Design(20251028, 200)


@pytest.fixture(scope="module")
def killed(gaza):
    sent = plain_presence(gaza, FEW.runs)
    groups = {name: group.strength for name, group in gaza.theatre.armed_groups.items()}

    def deaths(parameters=None, armed=1.0):
        changes = {"theatre.parameters": {**gaza.theatre.parameters, **(parameters or {})}}
        changes |= {f"theatre.armed_groups.{n}.strength": armed * strength.best for n, strength in groups.items()}
        return float(simulate(changed(gaza, changes), sent, FEW).weekly["own_deaths"].sum("week").mean())

    return deaths


@pytest.mark.parametrize(
    ("more", "less", "least", "most"),
    [
        # the record's slope of .2 to .4 on log deaths: at most 2.5 times the losses for ten times the violence
        ({"parameters": {"event_rate": 5.0}}, {"parameters": {"event_rate": 0.5}}, 1.05, 2.5),
        ({"armed": 10.0}, {"armed": 1.0}, 1.05, 2.5),
        ({"armed": 1.0}, {"armed": 0.1}, 1.005, 2.5),
        # the dead cost support and consent, which costs lives on top of the slope: 4**.55 where that alone is 4**.3
        ({"parameters": {"outside_rate": 140.0}}, {"parameters": {"outside_rate": 35.0}}, 1.15, 2.15),
        ({"parameters": {"attack_risk": 4.0}}, {"parameters": {"attack_risk": 0.4}}, 5.0, 12.0),
    ],
    ids=["events", "armed", "few armed", "fire from outside", "risk"],
)
def test_more_danger_costs_more_of_the_force(killed, more, less, least, most):
    assert least < killed(**more) / killed(**less) < most


def test_where_nobody_fights_a_small_danger_is_left(killed):
    calm = killed({"event_rate": 0.0, "outside_rate": 0.0})
    assert 0 < calm < 0.6 * killed()  # .08 to .1 deaths per 1,000 person-years without violence, .34 on average
