"""Commands that are joint, hybrid or of a name of the writer's: what they are like, and that nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest

from contingent.consultation.track_record import query_of
from contingent.ensemble.design import Design
from contingent.force.eligibility import is_valid
from contingent.mission.parameters import acting, authorized, draw
from contingent.scenario.check import faults
from contingent.scenario.check_process import notes
from contingent.scenario.model import Scenario
from contingent.scenario.paths import changed
from contingent.scenario.read import read

DESIGN = Design(1, 50)


@pytest.fixture(scope="module")
def case() -> Scenario:
    return read("tests/cases/police.yaml")


def share(case: Scenario, **mandate) -> np.ndarray:
    under = case.with_({f"mandate.{key}": value for key, value in mandate.items()})
    return authorized(draw(under, DESIGN), under.mandate)["force_share"]


def test_a_joint_command_lies_midway_between_what_it_is_like(case: Scenario) -> None:
    un, regional = share(case, command="un"), share(case, command="regional")
    assert share(case, command="joint") == pytest.approx((un + regional) / 2)
    assert share(case, command="joint", like="coalition") == pytest.approx(share(case, command="coalition"))
    assert share(case, command="eu_led", like=["regional"]).tolist() == regional.tolist()
    three = share(case, command="eu_led", like=["un", "regional", "lead_state"])
    assert three == pytest.approx((un + regional + share(case, command="lead_state")) / 3)
    assert share(case, command="un", like="coalition").tolist() == un.tolist()


def test_what_the_united_nations_command_with_others_is_theirs_in_the_record_and_in_selection(case: Scenario) -> None:
    held = case.model_dump(mode="json")
    held["reference_class"]["un_led"] = None
    case = Scenario.model_validate(held)
    registered = {"pledges.jam_police.readiness": "registered"}
    for command, like, led in (("joint", [], 1), ("hybrid", ["regional", "un"], 1), ("hybrid", ["regional"], 0)):
        under = case.with_({"mandate.command": command, "mandate.like": like, **registered})
        assert query_of(under).un_led == led
        assert is_valid(under, next(p for p in under.pledges if p.id == "jam_police")) == (led == 0)


def test_parameters_of_what_an_option_or_event_makes_the_command_like_act(case: Scenario) -> None:
    assert {name for name in acting(case) if name.startswith("command_")} == {"command_lead_state"}
    more = case.with_({"options.lead.overrides": {"mandate.command": "hybrid", "mandate.like": ["un", "coalition"]}})
    found = {name for name in acting(more) if name.startswith("command_")}
    assert found == {"command_lead_state", "command_un", "command_coalition"}


WRONG = [
    ({"mandate.command": "regionl"}, "mandate.command", "did you mean `regional`, or say what it is like"),
    ({"mandate.command": "osce"}, "mandate.command", "say what it is like: `like: [un, regional]`"),
    ({"options.lead.overrides": {"mandate.command": "osce"}}, "options.lead.mandate.command", "say what it is like"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "fix"), WRONG)
def test_a_command_of_which_nothing_is_known_is_refused(case: Scenario, changes, path, fix) -> None:
    found = [one for one in faults(changed(case, changes)) if one[0] == path]
    assert len(found) == 1
    assert fix in found[0][2]


def test_what_a_command_is_like_is_noted_where_no_command_asks_for_it(case: Scenario) -> None:
    said = case.with_({"mandate.like": "un"})
    assert "mandate.like" in {path for path, _, _ in notes(said)}
    assert "mandate.like" not in {path for path, _, _ in notes(said.with_({"mandate.command": "joint"}))}
