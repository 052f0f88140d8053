"""What a consultation tells of its options: dates of what passes, and whose stakeholders its terms rest on."""

import numpy as np
import pytest

import contingent as ct
from contingent.consultation.consult import consult
from contingent.consultation.option_report import days_report, option_reports, options_text
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

CHANGED = "un_mandate_full"


@pytest.fixture(scope="module")
def changed() -> Scenario:
    """The shipped case, one of whose options changes what a stakeholder wants, and can no longer pass."""
    raw = ct.read("isf_gaza").model_dump(mode="json")
    raw["options"] = {name: raw["options"][name] for name in ("decline", "agreement_only_full", CHANGED)}
    raw["adaptive"] = {}
    raw["options"][CHANGED]["overrides"] |= {
        "stakeholders.army_leadership.stakes.participation.position": 0,
        "process.deadline": 1,
    }
    return Scenario.model_validate(raw)


@pytest.fixture(scope="module")
def report(changed):
    return option_reports(changed, runs=40, seed=1)


def test_days_count_runs_by_their_chance_to_pass():
    case = ct.read("isf_gaza").under(CHANGED)
    found = consult(case, CHANGED, Design(1, 400))
    days, passes = found.days.values, found.passes.values
    for level, day in days_report(found).items():
        assert passes[days < day].sum() <= float(level) * passes.sum() + 1e-9 <= passes[days <= day].sum() + 2e-9
    assert days_report(found)["0.95"] < np.quantile(days, 0.95)


def test_an_option_that_never_passes_has_no_day(report):
    assert set(report["options"][CHANGED]["days"].values()) == {None}
    told = next(line for line in options_text(report).splitlines() if line.startswith(f"  {CHANGED}"))
    assert told.endswith("passes in no run")


def test_terms_are_told_of_the_option_s_own_stakeholders(report):
    own = report["options"][CHANGED]["terms"]["participation"]
    assert own["median"] != report["terms"]["participation"]["median"]
    assert "terms" not in report["options"]["agreement_only_full"]
    assert report["contest_and_terms_of"].startswith("the stakeholders of the base scenario")
