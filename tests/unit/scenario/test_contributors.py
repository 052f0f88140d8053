"""Contributors that are no states, services of one state, and groups that the writer names."""

from __future__ import annotations

import json

import numpy as np
import pytest

from contingent.cli import run
from contingent.consultation.track_record import query_of
from contingent.ensemble.design import Design
from contingent.force.build_instance import build_instance
from contingent.force.deploy import deploy
from contingent.force.eligibility import contributor_status, refused
from contingent.force.plan import plan
from contingent.scenario.check import faults
from contingent.scenario.check_process import notes
from contingent.scenario.model import Scenario
from contingent.scenario.read import read

POLICE = {"label": "Kenya Police", "kind": "service", "of": "KEN", "ceiling": 700}
ARMY = {"label": "Kenya Army", "kind": "service", "of": "KEN", "ceiling": 900}
UNION = {"label": "African Union", "kind": "organization", "ceiling": 300, "home_support": 0.6}


@pytest.fixture(scope="module")
def case() -> Scenario:
    return read("tests/cases/police.yaml")


@pytest.fixture(scope="module")
def split(case: Scenario) -> Scenario:
    """Kenya's pledges as those of its police and its army, and the African Union's own."""
    return case.with_({
        "contributors.kenya_police": POLICE, "contributors.kenya_army": ARMY, "contributors.AU": UNION,
        "contributors.KEN.groups": ["guarantors"], "contributors.AU.groups": ["guarantors"],
        "pledges.ken_police.contributor": "kenya_police", "pledges.ken_trainers.contributor": "kenya_army",
        "pledges.jam_police.contributor": "AU", "pledges.ken_police.reliability": 0.7,
        "pledges.ken_trainers.reliability": 0.7, "pledges.jam_police.reliability": 0.7,
        "options.decline.overrides": {"pledges.kenya_police": "none", "pledges.kenya_army": "none"},
    })  # fmt: skip


def told(scenario: Scenario, changes: dict) -> list[tuple[str, str, str]]:
    from contingent.scenario.paths import changed

    return list(faults(changed(scenario, changes)))


WRONG = [
    ({"contributors.EU": UNION | {"kind": "state"}}, "contributors.EU", "not an ISO 3166", "kind: organization"),
    ({"contributors.EU": UNION | {"of": "KEN"}}, "contributors.EU.of", "says nothing", "kind: service"),
    ({"contributors.guard": POLICE | {"of": "KENN"}}, "contributors.guard.of", "no contributor `KENN`", "`KEN`"),
    ({"contributors.guard": POLICE | {"of": "kenya_police"}}, "contributors.guard.of", "itself a service", "of: KEN"),
    ({"contributors.KEN.home_support": None}, "contributors.KEN.home_support", "is missing", "0.5"),
    ({"contributor": "kenya_police"}, "contributor", "is a service of KEN", "contributor: KEN"),
    ({"contributor": "AUU"}, "contributor", "there is no contributor `AUU`", "`AU`"),
    ({"contributors.ken_police": POLICE}, "contributors.ken_police", "named like a pledge", "another"),
    ({"contributors.KEN.groups": ["AU"]}, "contributors.KEN.groups", "`AU` is a contributor", "another name"),
    ({"contributors.KEN.groups": ["region"]}, "contributors.KEN.groups", "word of composition rules", "another name"),
    ({"contributors.KEN.groups": ["Caribbean"]}, "contributors.KEN.groups", "`Caribbean` is a region", "another"),
    ({"composition.r": {"label": "", "kind": "most_share", "share": 0.5, "group": "guarantor"}},
     "composition.r.group", "there is no group `guarantor`", "did you mean `guarantors`"),
    ({"composition.r": {"label": "", "kind": "ceiling", "persons": 5, "group": "guarantors", "contributor": "KEN"}},
     "composition.r.contributor", "says nothing beside", "group: contributor"),
    ({"composition.r": {"label": "", "kind": "veto"}}, "composition.r", "veto on nobody", "contributor: JAM"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "path", "what", "fix"), WRONG, ids=[f"{n} {row[1]}" for n, row in enumerate(WRONG)]
)
def test_what_is_wrong_is_told_with_what_to_write(split, changes, path, what, fix) -> None:
    found = told(split, changes)
    assert [one for one in found if one[0] == path and what in one[1] and fix in one[2]], found


def test_a_state_answers_for_its_services(split: Scenario) -> None:
    assert [pledge.id for pledge in split.own] == ["ken_police", "ken_trainers"]
    under = split.under("lead")
    made = plan(under)
    deployment = deploy(made, under, Design(1, 200))
    assert deployment.contributor.values.tolist() == ["KEN", "KEN", "AU"]
    came = deployment.delivered.values > 0
    assert (came[:, 0] == came[:, 1]).all(), "a capital that backs out backs out of all it offered"
    assert (came[:, 0] != came[:, 2]).any()
    serving = made.serving.sum([d for d in made.serving.dims if d not in ("pledge", "period")])
    assert (serving.sel(pledge=["ken_police", "ken_trainers"]).sum("pledge") <= 1400).all()
    poorer = under.with_({"contributors.KEN.ceiling": 500})
    less = plan(poorer).serving.sum([d for d in made.serving.dims if d not in ("pledge", "period")])
    assert float(less.sel(pledge=["ken_police", "ken_trainers"]).sum("pledge").max()) <= 500 + 1e-6
    assert contributor_status(under, "KEN", split).startswith("counted on for 1,060")
    assert contributor_status(under, "kenya_police", split).startswith("counted on for 980")


def test_a_rule_on_a_state_holds_for_its_services_and_a_rule_on_a_group_for_its_members(split: Scenario) -> None:
    def shares(**rule) -> dict[str, list[str]]:
        instance = build_instance(split.with_({"composition.r": {"label": "r", "assumption": "A test's.", **rule}}))
        named = instance.contributors
        return {
            r.name: [named[i] for i in np.flatnonzero(r.members)] for r in instance.limits.shares if r.name[0] == "r"
        }

    family = ["KEN", "kenya_army", "kenya_police"]
    assert shares(kind="most_share", share=0.5, contributor="KEN") == {"r:KEN": family}
    assert shares(kind="most_share", share=0.5, group="guarantors") == {"r": ["AU", "KEN"]}
    assert shares(kind="most_share", share=0.5) == {"r:AU": ["AU"], "r:JAM": ["JAM"], "r:KEN": family}
    vetoed = split.with_({"composition.r": {"label": "r", "kind": "veto", "contributor": "KEN", "assumption": "."}})
    assert refused(vetoed) == {*family}
    together = split.with_({"composition.r": {"label": "r", "kind": "veto", "group": "guarantors", "assumption": "."}})
    assert refused(together) == {"AU", "KEN"}


def test_a_group_limits_the_force_the_more_the_smaller_its_share_or_ceiling(split: Scenario) -> None:
    split = split.with_(
        {"contributors.kenya_police.groups": ["guarantors"], "contributors.kenya_army.groups": "guarantors"}
    )

    def people(**rule) -> float:
        more = split.with_({"composition.r": {"label": "r", "group": "guarantors", "assumption": ".", **rule}})
        return float(plan(more.under("lead")).assigned.sum(["pledge", "sector", "task"]).max())

    free, few, fewer = (people(kind="ceiling", persons=most) for most in (5000, 600, 300))
    assert free > few > fewer
    assert fewer <= 300 + 1e-6


def test_an_organization_has_no_record_of_its_own_and_a_service_its_states(split: Scenario) -> None:
    assert query_of(split).iso3 == "KEN"
    held = split.model_dump(mode="json")
    held["reference_class"]["country"] = ""
    alone = Scenario.model_validate(held | {"contributor": "AU"})
    assert query_of(alone).iso3 == ""
    assert [what for path, what, _ in notes(alone) if path == "contributor"] == [
        "is no state: the record of past decisions holds none of its own, and those of all states count"
    ]
    del held["contributors"]["KEN"]
    police = Scenario.model_validate(held | {"contributor": "kenya_police"})
    assert query_of(police).iso3 == "KEN"


def test_rules_that_meet_nobody_and_numbers_nobody_reads_are_noted(split: Scenario) -> None:
    held = split.with_({
        "contributors.kenya_police.home_support": 0.5, "contributors.JAM.groups": ["losses"],
        "composition.r": {"label": "r", "kind": "most_share", "share": 0.1, "group": "losses", "assumption": "."},
    })  # fmt: skip
    found = {path: what for path, what, _ in notes(held)}
    assert found["contributors.kenya_police.home_support"] == "enters nothing: KEN answers for it"
    assert "also what criteria are called" in found["contributors.JAM.groups"]
    assert found["composition.r"] == "enters nothing: none of whom it is about offers anything"


def test_what_records_do_not_hold_is_said(tmp_path, split: Scenario, capsys) -> None:
    (tmp_path / "case.yaml").write_text(json.dumps(split.model_dump(mode="json")), "utf-8")
    assert run(["record", "AU", "--scenario", str(tmp_path / "case.yaml"), "--host", "HTI"]) == 2
    assert "CONTRIBUTOR AU: is an organization" in capsys.readouterr().err
    assert run(["ask", str(tmp_path / "case.yaml"), "--host", "HTI", "--top", "3"]) == 0
    assert "no states and records hold states: African Union" in capsys.readouterr().out
