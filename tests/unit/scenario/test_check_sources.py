"""Twenty planted faults of provenance, each found where it stands; what a careful case may say is left alone."""

from __future__ import annotations

import pytest

from contingent.scenario.check_sources import listed, source_faults, source_notes
from contingent.scenario.paths import changed
from contingent.scenario.read import read

SAYS = "claims.T_food.says"


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


REFUSED = [
    ({"documents.D_plan.published": "2025-10-29"}, "documents.D_plan.published", "after the scenario's date"),
    ({"documents.D_plan.published": None}, "documents.D_plan", "no date of publication"),
    ({"documents.T_doc_food.published": None}, "documents.T_doc_food", "nothing shows that it is not later"),
    ({"documents.D_plan.undated": "a law"}, "documents.D_plan.undated", "it has a date"),
    ({"documents.D_french.published": None, "documents.D_french.undated": "a page"},
     "process.events.unsc_resolution.probability", "whose document has no day"),
    ({"claims.F_saar.date": "2025-11-01"}, "claims.F_saar.date", "after the scenario's date"),
    ({SAYS: "From 10 to 28 October 2025 some 5 per cent was taken."}, SAYS, "cannot be known on it"),
    ({SAYS: "Between 1 January and October 28, 2025 aid fell by half."}, SAYS, "cannot be known on it"),
    ({SAYS: "Deaths from 2025-10-11 to 2025-10-28 came to 159."}, SAYS, "cannot be known on it"),
]  # fmt: skip
NOTED = [
    ({"documents.D_plan.url": "https://www.whitehouse.gov"}, "documents.D_plan", "home page"),
    ({"documents.D_plan.url": "https://www.whitehouse.gov/"}, "documents.D_plan", "home page"),
    ({"documents.D_plan.url": ""}, "documents.D_plan", "no address"),
    ({"documents.D_plan.kind": "mirror"}, "documents.D_plan", "a copy"),
    ({"documents.D_plan.publisher": "Reuters (as carried by a feed)", "documents.D_plan.kind": "press"},
     "documents.D_plan", "a copy"),
    ({"contributors.ITA.assumption": "No offer is on record."}, "contributors.ITA", "`No offer is on record`"),
    ({"stakeholders.egypt.assumption": "No statement of Cairo was found."}, "stakeholders.egypt", "there is none"),
    ({"theatre.sectors.rafah.population": {"best": "150000", "assumption": "Empty, and filling as the line moves."}},
     "theatre.sectors.rafah.population", "reads like a forecast (`filling`)"),
    ({"theatre.crossings.zikim.open_at_start": {"best": "0.9", "assumption": "Expected to open soon."}},
     "theatre.crossings.zikim.open_at_start", "reads like a forecast"),
    ({"process.gates.cabinet.claims": ["F_saar"], "claims.F_saar.says": "The federal cabinet approved the force."},
     "process.gates.cabinet", "says that this has happened"),
    ({"claims.T_oppose_disarmament.asked": ""}, "claims.T_oppose_disarmament.asked", "does not say who was asked"),
    ({"theatre.parameters.support_at_start": {"best": "0.5", "claims": ["T_support_force"]}},
     "theatre.parameters.support_at_start", "is of Gaza Strip; the poll asked: 304 adults in the West Bank"),
    ({"theatre.sectors.rafah.homes_destroyed": {"best": "30000", "claims": ["T_unosat"]},
      "theatre.sectors.gaza.homes_destroyed": {"best": "70000", "claims": ["T_unosat"]}},
     "theatre.sectors.gaza.homes_destroyed", "rest on claim T_unosat alone and differ"),
    ({f"contributors.{code}.assumption": "The ceiling is near the most it has kept at once." for code in
      ("AZE", "EGY", "TUR", "QAT", "ARE")}, "assumption", "contributors.AZE and 4 more"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "what"), REFUSED)
def test_what_cannot_be_of_the_day_is_refused(gaza, changes, where, what):
    assert not list(source_faults(gaza))
    found = list(source_faults(changed(gaza, changes)))
    assert [fix for path, told, fix in found if path == where and what in told], found


@pytest.mark.parametrize(("changes", "where", "what"), NOTED)
def test_what_a_reviewer_would_ask_is_noted(gaza, changes, where, what):
    before = set(source_notes(gaza))
    found = set(source_notes(changed(gaza, changes))) - before
    assert [fix for path, told, fix in found if path == where and what in told], found


@pytest.mark.parametrize(
    "changes",
    [
        {SAYS: "From 10 to 27 October 2025 some 5 per cent was taken."},
        {SAYS: "On 28 October 2025 strikes were ordered."},
        {"documents.D_plan.published": None, "documents.D_plan.undated": "a law"},
        {"contributors.ITA.assumption": "No offer was found in the papers of October that were looked through."},
        {"theatre.sectors.rafah.population": {"best": "25000", "assumption": "Empty behind the line."}},
        {"process.gates.cabinet.claims": ["F_yemen_2015"]},  # a decision of ten years before
        {"theatre.parameters.support_at_start": {"best": "0.5 (0.2 to 0.7)", "claims": ["T_support_force"],
                                                 "assumption": "Of the West Bank too; wider."}},
    ],
)  # fmt: skip
def test_what_a_careful_case_says_is_left_alone(gaza, changes):
    assert not list(source_faults(changed(gaza, changes)))
    assert set(source_notes(changed(gaza, changes))) <= set(source_notes(gaza))


def test_the_list_counts_what_rests_on_each_document(gaza):
    rows = {row["document"]: row for row in listed(gaza)}
    assert list(rows) == list(gaza.documents)
    assert rows["T_doc_unosat"]["numbers"] == 5  # homes destroyed in five sectors
    assert rows["T_doc_unosat"]["claims"] == 1
    assert rows["T_doc_unosat"]["weak"] == ["is a copy of somebody else's page"]
    assert all(row["published"] or row["undated"] for row in rows.values())
