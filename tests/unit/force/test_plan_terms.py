"""The terms on which a force comes: neighbours and support, as the terminal tells them and as values."""

from __future__ import annotations

import pytest

from contingent.cli.force import plan_record, plan_text
from contingent.force import plan
from contingent.force.plan import sharing, sharing_in_words
from contingent.quantities import Estimate
from contingent.scenario.pledge import Caveat, Support
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def asked():
    """Two contributors, one of which asks its capital before it serves beside the other; hospitals are wanted."""
    under = read("isf_gaza").under("un_mandate_full")
    one, caveat = Estimate(1, 1, 1), Caveat(label="Not beside Indonesia", excludes_contributors=("IDN",))
    kept = tuple(
        p.model_copy(update={"caveats": (*p.caveats, "not_beside") if p.contributor == "PAK" else p.caveats})
        for p in under.pledges
        if p.contributor in ("PAK", "IDN")
    )
    return under.model_copy(
        update={
            "pledges": kept,
            "composition": {},
            "caveats": under.caveats | {"not_beside": caveat},
            "support": {"none": Support(label="Hospitals", unit="level_two_hospital", covers=one, beyond=one)},
        }
    )


def test_terminal_and_record_say_the_same(asked) -> None:
    found = plan(asked, gap=1e-3)
    text, record = plan_text(asked, found), plan_record(asked, found)
    assert record["shared"] == sharing(found)
    assert {item["choice"] for item in record["shared"]} == {"PAK", "IDN"}
    neighbours = sharing_in_words(asked, found)
    assert neighbours
    for _, sector, who in neighbours:
        assert f"{sector} {', '.join(who)}" in text
    beyond = record["unsupported"]["none"]["main"]["rafah"]
    assert beyond > 1
    assert f"Rafah in Main {beyond:,.0f}" in text


def test_a_side_that_stays_is_told_once(asked) -> None:
    found = plan(asked, gap=1e-3)
    for item in sharing(found):
        assert item["end"] > item["start"]
        assert not any(
            other["start"] == item["end"] and (other["sector"], other["choice"]) == (item["sector"], item["choice"])
            for other in sharing(found)
        )
