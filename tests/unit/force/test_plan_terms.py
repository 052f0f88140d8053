"""The terms on which a force comes: neighbours and support, as the terminal tells them and as values."""

from __future__ import annotations

import pytest
from small_case import case, need, pledge

from contingent.cli.force import plan_record, plan_text
from contingent.cli.force_reasons import sharing, sharing_in_words
from contingent.force import plan
from contingent.quantities import Estimate
from contingent.scenario.pledge import Caveat, Support


@pytest.fixture(scope="module")
def asked():
    """Two contributors, one of which does not serve beside the other; wells are wanted."""
    shy = {"shy": Caveat(label="Not beside BBB", excludes_contributors=("BBB",))}
    one = Estimate(1, 1, 1)
    return case(
        (pledge("alfa", strength=200, caveats=["shy"]), pledge("bravo", "BBB", strength=200)),
        need(300) + need(300, sector="south"),
        caveats=shy,
        support={"none": Support(label="Wells", unit="eng", covers=one, beyond=one)},
    )


def test_terminal_and_record_say_the_same(asked) -> None:
    found = plan(asked, gap=1e-3)
    text, record = plan_text(asked, found), plan_record(asked, found)
    assert record["shared"] == sharing(found)
    assert {item["choice"] for item in record["shared"]} == {"AAA", "BBB"}
    neighbours = sharing_in_words(asked, found)
    assert neighbours
    for _, sector, who in neighbours:
        assert f"{sector} {', '.join(who)}" in text
    beyond = record["unsupported"]["none"]["main"]["north"]
    assert beyond > 1
    assert f"North in Main {beyond:,.0f}" in text


def test_a_side_that_stays_is_told_once(asked) -> None:
    found = plan(asked, gap=1e-3)
    for item in sharing(found):
        assert item["end"] > item["start"]
        assert not any(
            other["start"] == item["end"] and (other["sector"], other["choice"]) == (item["sector"], item["choice"])
            for other in sharing(found)
        )
