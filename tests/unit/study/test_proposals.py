"""Options made up from written ones: what goes with what, and which of all nobody's weights rule out."""

import json
from itertools import product

import pytest

from contingent.cli import run
from contingent.scenario.read import read
from contingent.study import proposals as made
from contingent.study.proposals import bound, generated, proposals
from contingent.study.study import Study


@pytest.fixture(scope="module")
def gaza():
    return read("isf_gaza")


@pytest.fixture(scope="module")
def lebanon():
    return Study(read("unifil_2006")).run(40)


def test_what_goes_with_a_level_is_what_all_at_it_do_and_no_other(gaza):
    active = {name: option for name, option in gaza.options.items() if name != "decline"}
    assert bound(active, "legal_basis", 100) == {
        ("mandate.legal_basis", ""): "unsc_resolution", ("reference_class.un_mandate", ""): 1,
        ("pledges.PAK.caveats", "un_mandate_only"): True,
    }  # fmt: skip
    assert ("pledges.pak_infantry", "") in bound(active, "participation", 40)
    assert ("pledges.PAK.caveats", "no_disarmament") in bound(active, "participation", 70)
    assert ("mandate.legal_basis", "") not in bound(active, "participation", 100)  # one of the two has it


def test_levels_that_no_option_joins_are_crossed_with_what_goes_with_them(gaza):
    found = [option for name, option in generated(gaza).items() if "_with_" in name]
    written = {tuple(each.best for each in o.terms.values()) for o in gaza.options.values()}
    crossed = {tuple(option["terms"].values()): option for option in found}
    assert set(crossed) == set(product((40, 70, 100), (50, 100), (0, 50, 100))) - written
    troops = crossed[70, 50, 50]["overrides"]
    assert troops["pledges.PAK.caveats"] == ["no_disarmament"]
    assert "mandate.legal_basis" not in troops
    assert "pledges.pak_infantry" not in troops
    assert crossed[40, 100, 50]["overrides"]["mandate.legal_basis"] == "unsc_resolution"


def test_what_may_go_with_either_of_two_levels_goes_with_none():
    haiti = read("mss_haiti")  # only those who train ask for money so, and they leave the police at home
    lead = next(o for o in generated(haiti).values() if o["terms"] == {"participation": 100, "money": 30})
    assert "pledges.ken_police" not in lead["overrides"]
    assert lead["overrides"]["mandate.legal_basis"] == "unsc_resolution"


def test_every_option_made_up_can_be_asked_says_so_and_stands_between_its_parents(gaza):
    for name, option in generated(gaza).items():
        scenario = gaza.with_({f"options.{name}": option})
        under = scenario.under(name)
        assert "to be judged" in option["assumption"]
        assert all("to be judged" in each["assumption"] for each in option["judgements"].values())
        for criterion, said in option["judgements"].items():
            held = [each.judgements[criterion] for each in gaza.options.values()]
            assert min(one.best for one in held) <= said["best"] <= max(one.best for one in held)
            assert said["low"] <= said["best"] <= said["high"]
        assert len(under.pledges) <= len(gaza.pledges)


def test_what_is_left_out_lowers_how_much_an_option_is(gaza):
    full = gaza.options["un_mandate_full"].terms["participation"].best
    part = generated(gaza)["un_mandate_full_without_pak_infantry"]
    assert part["overrides"]["pledges.pak_infantry"] == "none"
    assert 0 < part["terms"]["participation"] < full
    assert part["terms"]["legal_basis"] == gaza.options["un_mandate_full"].terms["legal_basis"].best
    assert not [name for name in generated(gaza) if "egypt" in name]  # a restriction of another state


def test_nothing_made_up_is_there_already(gaza):
    once = gaza.with_({f"options.{name}": option for name, option in generated(gaza).items()})
    assert not {name for name in generated(once) if name in once.options}


def test_the_few_shown_are_those_some_weights_put_first(lebanon):
    seen = []
    found = proposals(lebanon, lambda done, _: seen.append(done))
    assert seen == list(range(1, len(seen) + 1))
    assert all(any(share >= made.RULED_OUT for share in one.best.values()) for one in found)
    for held in found[0].best:
        assert sum(one.best[held] for one in found) == pytest.approx(1, abs=made.RULED_OUT * len(seen) + 1e-9)


def test_an_option_worse_on_everything_is_ruled_out(lebanon):
    worse = {
        "label": "Infantry at five times the price", "summary": "The same, dearer.",
        "terms": {"participation": 100, "rules": 90},
        "judgements": {"standing": 60}, "overrides": {"pledges.ITA.cost": 40000}, "assumption": "an example",
    }  # fmt: skip
    scenario = lebanon.scenario.with_({"options.dear": worse})
    found = proposals(Study(scenario).run(40))
    assert "dear" not in {one.name for one in found}
    assert {one.name for one in found} & {"infantry", "support_only", "decline"}


def test_the_verb_shows_them_and_prints_what_is_made_up_as_a_file_holds_it(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run(["options", "unifil_2006", "--runs", "40", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["weights"][0] == "any"
    assert {row["written"] for row in found["options"]} >= {True}
    assert all(set(row["best"]) == set(found["weights"]) for row in found["options"])
