"""What may be left out of a scenario: is it then what the mandate, or nothing, says?"""

from __future__ import annotations

import copy

import pytest
from pydantic import ValidationError

from contingent.consultation.track_record import query_of
from contingent.errors import ScenarioError
from contingent.evidence.claim import Claim, LedgerClaim
from contingent.scenario.check_process import notes
from contingent.scenario.paths import changed
from contingent.scenario.read import gather, read, validated


@pytest.fixture
def lebanon():
    """The Lebanon case as its file has it, to be changed."""
    source = gather("unifil_2006")
    source.data = copy.deepcopy(source.data)
    return source


def test_codes_of_past_decisions_follow_from_the_mandate(lebanon):
    written = query_of(validated(lebanon))
    del lebanon.data["reference_class"]
    assert query_of(validated(lebanon)) == written


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"mandate.legal_basis": "none"}, {"un_mandate": 0, "host_consent": 0}),
        ({"mandate.legal_basis": "unsc_endorsement"}, {"un_mandate": 0.5, "host_consent": 1}),
        ({"mandate.command": "coalition"}, {"un_led": 0, "un_mandate": 1}),
        ({"mandate.use_of_force": "enforcement"}, {"combat_expected": 2}),
        ({"mandate.use_of_force": "self_defence"}, {"combat_expected": 0}),
        ({"reference_class.un_mandate": 0, "mandate.use_of_force": "enforcement"}, {"un_mandate": 0}),
    ],
)
def test_an_override_of_the_mandate_moves_the_codes_left_out_and_no_other(lebanon, changes, codes):
    del lebanon.data["reference_class"]
    alike = validated(lebanon).with_(changes).alike
    assert {code: getattr(alike, code) for code in codes} == codes
    assert read("unifil_2006").with_(dict.fromkeys(["mandate.command"], "coalition")).alike.un_led == 1


def test_a_fund_left_out_pays_nothing_and_pledges_that_count_on_it_are_told(lebanon):
    del lebanon.data["reimbursement"]
    with pytest.raises(ScenarioError) as told:
        validated(lebanon)
    assert {complaint.what for complaint in told.value.complaints} == {"is paid back, but nothing is owed"}
    assert len(told.value.complaints) == len(lebanon.data["pledges"])
    lebanon.complaints.clear()
    for pledge in lebanon.data["pledges"]:
        pledge["reimbursed"] = False
    scenario = validated(lebanon)
    assert scenario.reimbursement.rate.high == 0
    assert not [path for path, _ in scenario.estimates() if path.startswith("reimbursement")]


def test_prices_are_those_of_the_scenarios_year(lebanon):
    del lebanon.data["price_year"]
    assert validated(lebanon).price_year == 2006


def test_a_rule_on_every_region_asks_for_regions(lebanon):
    del lebanon.data["contributors"]["FRA"]["region"]
    assert validated(lebanon).contributors["FRA"].region == ""
    lebanon.data["composition"] = {"mixed": {"label": "x", "kind": "most_share", "group": "region", "share": 0.5}}
    with pytest.raises(ScenarioError, match="FRA have none"):
        validated(lebanon)


def test_a_contributor_needs_its_ceiling_and_its_public_alone(lebanon):
    kept = {key: lebanon.data["contributors"]["FRA"][key] for key in ("label", "ceiling", "home_support")}
    lebanon.data["contributors"]["FRA"] = kept
    found = validated(lebanon).contributors["FRA"]
    assert found.casualty_sensitivity.best == 1
    assert not found.groups


def test_a_claim_says_who_and_how_only_if_it_is_known_and_its_grade_is_then_no_information():
    claim = Claim.model_validate({"document": "D", "says": "It rains."})
    assert (claim.attribution, claim.record, claim.modality, claim.grade) == ("", "", "", "F6")
    with pytest.raises(ValidationError, match="attribution"):
        LedgerClaim.model_validate({"document": "D", "says": "It rains."})


def test_a_day_that_is_none_is_told_once(lebanon):
    del lebanon.data["price_year"]
    lebanon.data["as_of"] = "soon"
    with pytest.raises(ScenarioError) as told:
        validated(lebanon)
    assert [one.path for one in told.value.complaints] == ["as_of"]


@pytest.mark.parametrize(
    ("part", "key", "wrong", "told"),
    [
        (None, "as_of", "soon", "`soon` is not a day; write it as 2023-09-01"),
        ("mandate", "command", "zebra", "nothing says what it does; say what it is like: `like: [un, regional]`"),
        ("mandate", "command", "regionl", "what it does; did you mean `regional`, or say what it is like: `like: ["),
        ("process", "shared", "75 (60 to 80)", "it must be 0 to 1; did you mean 75 (60 to 80) %?"),
        ("process", "shared", 250, "250 is not allowed: it must be 0 to 1"),
        ("mandate", "phases", None, "each a record: {label: ..., start: ..., end: ...}"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_what_to_write(lebanon, part, key, wrong, told):
    whole = lebanon.data if part is None else lebanon.data[part]
    if wrong is None:
        del whole[key]
    else:
        whole[key] = wrong
    with pytest.raises(ScenarioError) as error:
        validated(lebanon)
    (said,) = map(str, error.value.complaints)
    assert told in said
    assert ("did you mean" in said) == ("did you mean" in told)


def test_a_file_that_is_no_yaml_is_told_with_its_column(tmp_path):
    (tmp_path / "scenario.yaml").write_text("criteria: {losses: {question: How many?, unit: deaths}}\n", "utf-8")
    with pytest.raises(ScenarioError, match="column 39; a comma between two entries; text with a comma"):
        read(tmp_path)


NOTED = [
    ({"claims.U_new": {"document": "U_doc", "says": "It rains.", "speaker": "an observer"}}, "claims", "U_new"),
    ({"contributors.FJI": {"label": "Fiji", "ceiling": 10, "home_support": 0.5}}, "contributors.FJI", "offers nothing"),
    ({"mandate.authorized_strength": 900}, "mandate.phases.", "people are wanted, and at most 900 are authorized"),
    ({"theatre.observed": {"deaths": 100, "weeks": 26}, "theatre.parameters.event_rate": 3},
     "theatre.parameters.event_rate", "enters nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "what"), NOTED, ids=[where for _, where, _ in NOTED])
def test_what_can_be_run_but_may_not_be_meant_is_noted(changes, where, what):
    case = read("unifil_2006")
    if "claims.U_new" in changes:
        changes = {"claims.U_new": {**changes["claims.U_new"], "document": next(iter(case.documents))}}
    told = [said for at, said, _ in notes(changed(case, changes)) if at.startswith(where)]
    assert [said for said in told if what in said], told
    assert what not in " ".join(said for at, said, _ in notes(case))
