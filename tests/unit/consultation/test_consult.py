from dataclasses import replace

import numpy as np
import pytest

import contingent as ct
from contingent.consultation.consult import amendment_probability, consult
from contingent.ensemble.design import Design


@pytest.fixture(scope="module")
def scenario():
    return ct.read("isf_gaza")


def test_every_option_has_probabilities_that_leave_room_for_refusal(scenario):
    design = Design(1, 200)
    for option in scenario.options:
        found = consult(scenario.under(option), option, design)
        total = found.passes + found.other_terms
        assert ((found.passes >= 0) & (total <= 1 + 1e-12)).all()
        assert found.gate_passes.dims == ("run", "gate")
        assert np.isfinite(found.days).all()


def test_the_baseline_needs_nobodys_consent(scenario):
    found = consult(scenario.under("decline"), "decline", Design(1, 10))
    assert (found.passes == 1).all()
    assert (found.days == 0).all()


def test_a_chunk_has_the_numbers_of_the_whole(scenario):
    under = scenario.under("un_mandate_full")
    whole = consult(under, "un_mandate_full", Design(3, 64))
    part = consult(under, "un_mandate_full", Design(3, 64).chunk(16, 40))
    assert part.data.equals(whole.data.isel(run=slice(16, 40)))


def test_only_options_that_need_a_resolution_wait_for_it(scenario):
    design = Design(1, 100)
    waits = consult(scenario.under("un_mandate_full"), "un_mandate_full", design)
    goes = consult(scenario.under("agreement_only_full"), "agreement_only_full", design)
    assert (goes.gate_passes.sel(gate="resolution") == 1).all()
    assert (waits.gate_passes.sel(gate="resolution") < 1).all()
    assert (waits.days >= goes.days).all()


def test_scaling_all_capabilities_changes_nothing(scenario):
    option = "support_only"
    under = scenario.under(option)
    doubled = under.model_copy(
        update={
            "stakeholders": {
                name: holder.model_copy(update={"capability": scaled(holder.capability, 2.0)})
                for name, holder in under.stakeholders.items()
            }
        }
    )
    design = Design(1, 50)
    assert np.allclose(consult(under, option, design).passes, consult(doubled, option, design).passes, atol=1e-7)


def scaled(estimate, factor):
    return replace(estimate, best=estimate.best * factor, low=estimate.low * factor, high=estimate.high * factor)


def test_a_habit_stands_where_the_terms_are_even():
    assert np.allclose(amendment_probability(np.array([0.37]), np.array([0.5])), 0.37)
    assert amendment_probability(np.array([0.37]), np.array([0.9]))[0] > 0.37


def test_by_day_never_falls(scenario):
    found = consult(scenario.under("support_only"), "support_only", Design(1, 100))
    curve = found.by_day(np.arange(0.0, 400.0, 10.0)).values
    assert (np.diff(curve) >= 0).all()
    assert np.isclose(curve[-1], found.passes.mean())
