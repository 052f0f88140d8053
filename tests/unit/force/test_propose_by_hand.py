"""A first statement of requirements from people and tasks, worked by hand, and prices that keep their order."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
from small_case import case, need, pledge
from tiny_force import tiny

from contingent.force.highs import by_name
from contingent.force.model import build_model
from contingent.force.propose import UNITS, propose
from contingent.scenario.theatre import Phase, Task, TaskKind, UnitType

TYPES = {
    "infantry_battalion": 800, "formed_police_unit": 140, "explosive_ordnance_company": 120, "engineer_company": 175,
    "logistics_company": 150, "civil_military_team": 60, "level_two_hospital": 65,
}  # fmt: skip


def proposed(kind: str, people: float, phases: int = 3, units=TYPES, crossings=None):
    """Least and wanted persons in the north by unit and phase, if the force has one task of a kind."""
    base = case((pledge("alfa"),), need())
    some = base.theatre.sectors["north"]
    exact = pledge("any", strength=people).strength
    tasks = {"task": Task(label="Task", contributes_to=kind)}
    steps = {f"p{i}": Phase(label="", start=i * 26, end=(i + 1) * 26) for i in range(phases)}
    sectors = {"north": some.model_copy(update={"population": exact})}
    scenario = base.model_copy(update={
        "mandate": base.mandate.model_copy(update={"tasks": tasks, "phases": steps}),
        "theatre": base.theatre.model_copy(update={"sectors": sectors, "crossings": crossings or {}}),
        "unit_types": {n: UnitType(label=n, strength=TYPES[n], lift=1, source="judgement") for n in units},
    })  # fmt: skip
    found = propose(scenario)
    assert all(row.task == "task" and row.sector == "north" and row.assumption for row in found)
    assert {row.id for row in found} == {f"north_task_{row.unit}_{row.phase}" for row in found}
    return {(row.unit, row.phase): (row.minimum.best, row.wanted.best, row.weight.best) for row in found}


@pytest.mark.parametrize(
    ("phases", "battalions"),
    [  # a million people: 1.5 and 2.5 a thousand, 60 % first and 70 % last, in battalions of 800
        (3, [(1, 2), (2, 3), (1, 2)]),  # 900 and 1500, 1500 and 2500, 1050 and 1750 persons
        (2, [(1, 2), (2, 3)]),
        (1, [(2, 3)]),
    ],
)
def test_infantry_for_presence_by_people_and_phase(phases: int, battalions: list[tuple[int, int]]) -> None:
    found = proposed("presence", 1_000_000, phases)
    infantry = [found["infantry_battalion", f"p{i}"] for i in range(phases)]
    assert infantry == [(800 * least, 800 * wanted, 3) for least, wanted in battalions]


@pytest.mark.parametrize(
    ("kind", "people", "expected"),
    [
        ("presence", 1000, {"infantry_battalion": (800, 800, 3), "formed_police_unit": (140, 140, 3)}),
        ("presence", 400_000, {"infantry_battalion": (800, 800, 3), "formed_police_unit": (140, 140, 3)}),
        ("presence", 400_001, {"infantry_battalion": (800, 800, 3), "formed_police_unit": (140, 280, 3)}),
        ("disarmament", 1000, {"explosive_ordnance_company": (120, 120, 2), "infantry_battalion": (170, 510, 2)}),
        ("disarmament", 900_000, {"explosive_ordnance_company": (120, 120, 2), "infantry_battalion": (170, 510, 2)}),
        ("aid", 1000, {"engineer_company": (175, 175, 2), "logistics_company": (150, 150, 2),
                       "level_two_hospital": (65, 65, 3)}),
        ("aid", 500_000, {"engineer_company": (175, 350, 2), "logistics_company": (150, 300, 2),
                          "level_two_hospital": (65, 65, 3)}),
        ("governance", 900_000, {"civil_military_team": (60, 60, 1)}),
        ("crossings", 1000, {}),
        ("policing", 1000, {"formed_police_unit": (140, 140, 3)}),
        ("policing", 1_000_000, {"formed_police_unit": (280, 700, 3)}),  # 350 and 700 persons, in units of 140
        ("protection", 1000, {"infantry_battalion": (170, 340, 2)}),
        ("training", 1000, {"civil_military_team": (60, 60, 1)}),
        ("training", 400_001, {"civil_military_team": (60, 120, 1)}),
        ("monitoring", 1000, {"infantry_battalion": (510, 800, 3)}),
        ("deterrence", 1000, {"infantry_battalion": (510, 800, 3)}),
        ("clearance", 1000, {"explosive_ordnance_company": (120, 120, 2), "engineer_company": (175, 175, 2)}),
        ("policing", 0, {}),
        ("protection", 0, {"infantry_battalion": (170, 340, 2)}),
    ],
)  # fmt: skip
def test_units_by_task_and_people(kind: str, people: int, expected) -> None:
    found = proposed(kind, people, 1)
    assert {unit: row for (unit, _), row in found.items()} == expected


@pytest.mark.parametrize(("people", "least", "wanted"), [(True, 340, 800), (False, 170, 510)])
def test_a_crossing_for_people_wants_a_battalion_and_one_for_goods_three_companies(people, least, wanted) -> None:
    crossings = {"gate": SimpleNamespace(serves=("north",), people=people, goods=True)}
    assert proposed("crossings", 1000, 1, crossings=crossings) == {("infantry_battalion", "p0"): (least, wanted, 2)}
    elsewhere = {"gate": SimpleNamespace(serves=("south",), people=people, goods=True)}
    assert proposed("crossings", 1000, 1, crossings=elsewhere) == {}


def test_every_kind_of_task_has_units_and_a_weight() -> None:
    assert set(UNITS) == set(get_args(TaskKind))


@pytest.mark.parametrize("kind", ["presence", "monitoring", "deterrence"])
def test_a_line_where_nobody_lives_is_held_by_its_ground(kind: str) -> None:
    area = case((pledge("alfa"),), need()).theatre.sectors["north"].area.best
    (least, wanted, _) = proposed(kind, 0, 1)["infantry_battalion", "p0"]
    assert least == max(1, round(area / 800)) * 800
    assert wanted == max(1, round(2.5 * area / 800)) * 800


def test_only_types_that_the_case_knows_are_proposed() -> None:
    assert set(proposed("aid", 1000, 1, units=["engineer_company"])) == {("engineer_company", "p0")}
    assert proposed("governance", 1000, 1, units=["engineer_company"]) == {}


def price(changes) -> np.ndarray:
    """What a unit of each group costs in the first period."""
    base = tiny(groups=2, periods=1)
    groups = replace(base.groups, **{key: np.array(value) for key, value in changes.items()})
    model = build_model(replace(base, groups=groups))
    return model.matrices.cost[model.columns["there"][:, 0]]


@pytest.mark.parametrize(
    ("changes", "difference"),
    [  # of the second unit's price less the first's: 100 persons at .05, and by name a twentieth of it
        ({}, 0.25),
        ({"cost": [100_000.0, 200_000.0]}, 2.5 + 0.25),  # half as dear as the dearest
        ({"cost": [200_000.0, 100_000.0]}, -2.5 + 0.25),
        ({"reliability": [0.5, 0.9]}, -0.4 * 2.5 + 0.25),
        ({"reliability": [1.0, 0.0]}, 2.5 + 0.25),
    ],
)
def test_dearer_and_less_certain_units_are_taken_later(changes, difference: float) -> None:
    one, two = price(changes)
    (who, used), (other, its) = by_name(("G0", "G1"), 2)  # the last price: at most .3 a unit, .01 a period
    assert two - one == pytest.approx(difference + 0.3 * (other - who) + 0.01 * (its - used))


def test_the_price_of_one_unit_in_theatre_and_on_the_way() -> None:
    # 100 persons: .05 (1 + .5 x .5 + .1 x rank) and at most .31 by name; a thousandth a person on the way, at most .01
    one, two = price({})
    assert 6.25 <= one <= 6.25 + 0.31
    assert 6.5 <= two <= 6.5 + 0.31
    base = tiny(groups=2, periods=1)
    model = build_model(replace(base, groups=replace(base.groups, tour=np.array([13.0, 11.0]))))
    one, two = model.matrices.cost[model.columns["stay"]]
    assert 0.1 <= one <= 0.11
    assert 0.1 + 2 * 0.4 <= two <= 0.11 + 2 * 0.4  # 100 persons kept two weeks longer, .004 each a week


def test_a_lower_goal_never_outweighs_a_person_of_a_higher_one() -> None:
    model = build_model(tiny(groups=2, periods=1))
    cost = {name: model.matrices.cost[at.ravel()] for name, at in model.columns.items()}
    assert cost["critical"].tolist() == [100]
    assert 1 <= cost["short"][0] <= 1.001
    assert cost["there"].max() / 100 < cost["short"].min()  # a person in theatre costs less than a person short
    assert cost["force"].tolist() == [0]
