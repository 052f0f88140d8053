"""Options and `with_` put values at dotted paths: the leaf is validated, sources follow, complaints name the path."""

import pytest

from contingent.atomic import canonical_json
from contingent.errors import ScenarioError
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.paths import changed
from contingent.scenario.read import read

POSITION = "stakeholders.army_leadership.stakes.participation.position"


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


@pytest.fixture(scope="module")
def pakistani(gaza):
    return [pledge.id for pledge in gaza.pledges if pledge.contributor == "PAK"]


def test_a_copy_has_the_new_number_and_the_original_the_old(gaza):
    before = gaza.value(POSITION)
    after = gaza.with_({POSITION: "8 (2 to 20)"})
    found = after.value(POSITION)
    assert (found.best, found.low, found.high, found.unit) == (8, 2, 20, before.unit)
    assert gaza.value(POSITION) is before
    assert dict(after.estimates())[POSITION].best == 8  # nothing is remembered of the original
    assert isinstance(after, Scenario)
    assert after.theatre is gaza.theatre  # what is not touched is shared


@pytest.mark.parametrize(
    ("value", "best", "low", "high"),
    [(9, 9, 9, 9), ("5 to 15", 10, 5, 15), ({"low": 2, "high": 6}, 4, 2, 6), (Estimate(3, 1, 7), 3, 1, 7)],
)
def test_a_number_is_written_in_any_notation(gaza, value, best, low, high):
    found = gaza.with_({"theatre.parameters.pace_consented": value}).theatre.parameters["pace_consented"]
    assert (found.best, found.low, found.high) == (best, low, high)


def test_all_that_is_wrong_is_told_at_once_with_what_was_meant(gaza):
    wrong = {
        POSITION: "150",
        "stakeholders.army_leadrship.capability": 3,
        "mandate.legal_basis": "unsc_resolutoin",
        "process.gates.none_such": "none",
        "pledges.pak_infantri.tour": 6,
        "theatre.label.of": "x",
    }
    with pytest.raises(ScenarioError) as caught:
        gaza.with_(wrong)
    told = {complaint.path: f"{complaint.what}; {complaint.fix}" for complaint in caught.value.complaints}
    assert set(told) == set(wrong)
    assert "0 to 100" in told[POSITION]
    assert told["stakeholders.army_leadrship.capability"] == (
        "leads nowhere: there is no `army_leadrship`; did you mean `army_leadership`?"
    )
    assert "did you mean `unsc_resolution`?" in told["mandate.legal_basis"]
    assert "did you mean `pak_infantry`?" in told["pledges.pak_infantri.tour"]
    assert "there is no `of`" in told["theatre.label.of"]


def test_names_that_lead_nowhere_after_a_change_are_told_too(gaza):
    with pytest.raises(ScenarioError, match="there is no caveat `no_such`"):
        gaza.with_({"pledges.PAK.caveats": ["no_such"]})


def test_rules_of_a_record_hold_for_its_copy_too(gaza):
    with pytest.raises(ScenarioError, match="before it began") as caught:
        gaza.with_({"theatre.ceasefires.0.fell": "1999-01-01"})
    assert caught.value.complaints[0].path == "theatre.ceasefires.0.fell"


def test_two_changes_of_one_record_are_judged_together(gaza):
    """Each alone would leave phases that overlap, or a gap between them."""
    name, phase = list(gaza.mandate.phases.items())[-1]
    before = list(gaza.mandate.phases)[-2]
    moved = gaza.with_({f"mandate.phases.{before}.end": phase.end - 1, f"mandate.phases.{name}.start": phase.end - 1})
    assert (moved.mandate.phases[name].start, moved.mandate.phases[name].end) == (phase.end - 1, phase.end)
    for path, week in ((f"{before}.end", phase.end - 1), (f"{name}.start", phase.end - 1)):
        with pytest.raises(ScenarioError, match="phase"):
            gaza.with_({f"mandate.phases.{path}": week})


def test_a_contributor_means_all_its_pledges_and_none_takes_them_away(gaza, pakistani):
    assert len(pakistani) > 1
    after = changed(gaza, {"pledges.PAK.rotations": 7})
    assert [p.id for p in after.pledges if p.rotations == 7 and p.contributor == "PAK"] == pakistani
    assert [p.id for p in after.pledges] == [p.id for p in gaza.pledges]
    assert all(p.rotations == q.rotations for p, q in zip(after.pledges, gaza.pledges, strict=True)
               if p.contributor != "PAK")  # fmt: skip
    for taken, left in (("PAK", set(pakistani)), (pakistani[0], {pakistani[0]})):
        gone = {p.id for p in gaza.pledges} - {p.id for p in changed(gaza, {f"pledges.{taken}": "none"}).pledges}
        assert gone == left
    with pytest.raises(ScenarioError, match="there is no `PAK`"):
        changed(gaza, {"pledges.PAK": "none", "pledges.PAK.rotations": 3})


def test_what_comes_later_stands(gaza):
    one = {"theatre.parameters": {"a_1": 2}, "theatre.parameters.a_1": 3}
    assert changed(gaza, one).theatre.parameters["a_1"].best == 3
    two = {"pledges.PAK.rotations": 3, "pledges.pak_infantry.rotations": 4}
    found = {p.id: p.rotations for p in changed(gaza, two).pledges if p.contributor == "PAK"}
    assert found.pop("pak_infantry") == 4
    assert set(found.values()) == {3}


def test_an_options_number_rests_on_the_options_sources(gaza):
    path = "contributors.PAK.home_support"
    option = gaza.options["un_mandate_full"]
    found = gaza.under("un_mandate_full").value(path)
    assert (found.best, found.low, found.high) == (0.35, 0.15, 0.6)
    assert (found.claims, found.assumption) == (option.claims, option.assumption)
    assert gaza.with_({path: "0.4"}).value(path).assumption == ""


@pytest.mark.parametrize("case", ["isf_gaza", "unifil_2006"])
def test_an_option_leaves_everything_else_as_it_was(case):
    """Compared with the whole scenario written as text, changed there, and read again."""
    scenario = read(case)
    for name, option in scenario.options.items():
        data = scenario.model_dump()
        for path, value in option.overrides.items():
            put(data, scenario, path, value, option)
        again = Scenario.model_validate(data)
        under = scenario.under(name)
        assert under == again
        dumps = [canonical_json(s.model_dump(mode="json"), keep_order=True) for s in (under, again)]
        assert dumps[0] == dumps[1]


def put(data, scenario, path, value, option):
    *steps, last = path.split(".")
    if steps[0] == "pledges":
        mine = [p for p in data["pledges"] if path.split(".")[1] in (p["id"], p["contributor"])]
        if value == "none":
            data["pledges"] = [p for p in data["pledges"] if p not in mine]
            return
        for pledge in mine:
            pledge[last] = value
        return
    replaced = scenario.value(path)
    for step in steps:
        data = data[step]
    data[last] = value
    if isinstance(replaced, Estimate):
        data[last] = {"best": value, "claims": list(option.claims), "assumption": option.assumption}


def test_no_number_goes_to_text_on_the_way(gaza, monkeypatch):
    monkeypatch.setattr("contingent.notation.NOTATION", None)  # what reads numbers from text
    unit = gaza.value(POSITION).unit
    assert changed(gaza, {"horizon": 52, POSITION: 7.5}).value(POSITION) == Estimate(7.5, 7.5, 7.5, unit=unit)
