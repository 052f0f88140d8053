"""Rules about the force that nobody could meet are complaints with a way out."""

from __future__ import annotations

import pytest

from contingent.errors import ScenarioError
from contingent.quantities import Estimate, Unit
from contingent.scenario.check import force_faults
from contingent.scenario.pledge import Composition
from contingent.scenario.read import read


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


def test_the_shipped_case_has_none(gaza) -> None:
    assert list(force_faults(gaza)) == []


def test_a_pledge_after_the_end(gaza) -> None:
    late = gaza.pledges[0].model_copy(update={"notice": Estimate(900, 800, 1000, unit=Unit("day", 0))})
    (fault,) = force_faults(gaza.model_copy(update={"pledges": (late, *gaza.pledges[1:])}))
    assert fault[0] == "pledges.pak_infantry.notice"
    assert "the operation ends in week 104" in fault[1]


def test_minima_above_the_ceiling(gaza) -> None:
    small = gaza.mandate.model_copy(update={"authorized_strength": Estimate(1000, 1000, 1000)})
    faults = list(force_faults(gaza.model_copy(update={"mandate": small})))
    assert any("minima in phase `main`" in what and "1,000 may be authorized" in what for _, what, _ in faults)


def test_a_share_nobody_can_give_and_a_veto_on_nobody(gaza) -> None:
    rules = dict(gaza.composition)
    rules["mainly_muslim"] = rules["mainly_muslim"].model_copy(update={"group": "contributor", "contributor": "TUR"})
    veto = rules["israel_refuses_turkish_troops"]
    rules["empty"] = veto.model_copy(update={"contributor": None})
    words = " ".join(what for _, what, _ in force_faults(gaza.model_copy(update={"composition": rules})))
    assert "none of them pledges anything that is accepted" in words
    assert "is a veto on nobody" in words


def test_a_ceiling_without_a_number_and_a_region_nobody_is_of(gaza) -> None:
    veto = gaza.composition["israel_refuses_turkish_troops"]
    rules = {
        "cap": veto.model_copy(update={"kind": "ceiling", "contributor": "IDN"}),
        "balance": veto.model_copy(
            update={"kind": "most_share", "group": "region", "region": "atlantis", "share": None}
        ),
        "all": veto.model_copy(
            update={"kind": "least_share", "group": "region", "contributor": None, "share": Estimate(0.2, 0.2, 0.2)}
        ),
    }
    found = {path: (what, fix) for path, what, fix in force_faults(gaza.model_copy(update={"composition": rules}))}
    assert found["composition.cap"] == ("is a ceiling without a number", "add `persons: 2000`")
    assert "regions are" in found["composition.balance.region"][1]
    assert found["composition.all"][1] == "name one `region`"


def test_rules_on_neighbours_that_say_nothing_or_keep_somebody_out(gaza) -> None:
    speaks = {
        code: who.model_copy(update={"languages": () if code in ("PAK", "QAT") else ("english",)})
        for code, who in gaza.contributors.items()
    }
    rules = {
        "alone": Composition(label="", kind="apart", contributors=("PAK", "PAK")),
        "mixed": Composition(label="", kind="one_language", contributors=("IDN",)),
    }
    selfish = {
        **gaza.caveats,
        "no_combat": gaza.caveats["no_combat"].model_copy(update={"excludes_contributors": ("AZE",)}),
    }
    changed = gaza.model_copy(update={"composition": rules, "contributors": speaks, "caveats": selfish})
    assert list(force_faults(changed)) == [
        (
            "composition.alone", "keeps nobody apart",
            "add `contributors: [PAK, IDN]`, those who will not share a sector",
        ),
        ("composition.mixed.contributors", "say nothing to a rule of kind one_language", "drop them, or `kind: apart`"),
        (
            "composition.mixed", "lets nobody serve who has no languages, and PAK, QAT have none",
            "add `languages: [...]` to contributors.PAK, or drop the rule",
        ),
        ("caveats.no_combat", "keeps AZE apart from itself (aze_infantry)", "name others only"),
    ]  # fmt: skip


def test_support_that_nothing_asks_for_is_refused_only_where_nobody_may_come_without_it(gaza) -> None:
    asked = {"unit_types.ward": {"label": "Ward", "strength": 60, "source": "judgement"}}
    ward = {"label": "Ward", "unit": "ward", "covers": 100, "assumption": "For a test."}
    assert gaza.with_({**asked, "support.ward": ward}).support["ward"].unit == ("ward",)
    with pytest.raises(ScenarioError, match=r"support\.ward\.unit: can be given by nobody, so nobody may come"):
        gaza.with_({**asked, "support.ward": {**ward, "required": True}})
