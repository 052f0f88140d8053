"""Is every number of a belief the one worked out on paper: weights, ageing, floors, and the level of its interval?

The scale is 0 to 100. A named, confirmed, fresh statement of fact has a spread of 10, so a variance of 100. The
base belief has a 90 % interval of 80 % of the scale: 40 on either side, a standard deviation of
40 / 1.644854 = 24.31827, a variance of 591.3785 and a precision of .00169096.
"""

from __future__ import annotations

import datetime as dt
from math import inf, sqrt

import pytest
from scipy.stats import norm
from toy_claims import PACK, held

from contingent.evidence.credence import (
    Belief,
    Link,
    Observation,
    believe,
    branch_of,
    branches,
    links,
    moved,
    movers,
    observation,
    parameters,
    relation_of,
    spread,
)

Z = 1.6448536269514722
BASE = (40 / Z) ** 2
DAY = dt.date(2025, 10, 28)


def said(name: str = "c1", group: str = "g1", value: float = 90, grade: str = "A1", **changes: object) -> Observation:
    return Observation(name, group, value, grade[0], int(grade[1]), **changes)


@pytest.mark.parametrize(
    ("grade", "variance"),
    [
        ("A1", 100), ("B1", 150), ("C1", 250), ("D1", 500), ("F1", 500), ("E1", inf),
        ("A2", 150), ("A3", 300), ("A4", 600), ("A5", inf), ("A6", inf), ("C3", 750), ("F4", 3000),
    ],
)  # fmt: skip
def test_the_weight_of_a_grade(grade, variance):
    assert spread(said(grade=grade), 100, None) == pytest.approx(variance)


@pytest.mark.parametrize(
    ("modality", "variance"),
    [
        ("fact-asserted", 100), ("intention", 130), ("obligation", 130), ("preference", 200), ("assessment", 200),
        ("prediction", 200), ("conditional-evaluation", 250), ("conditional-prediction", 250), ("possibility", 400),
        ("open-question", 400), ("personal-assessment", 400), ("belief-ascribed", 400), ("personal-opinion", 600),
        ("meta-status", inf), ("non-commitment", inf), ("knowledge-denied", inf),
    ],
)  # fmt: skip
def test_the_weight_of_a_mood(modality, variance):
    assert spread(said(modality=modality), 100, None) == pytest.approx(variance)


@pytest.mark.parametrize(
    ("record", "variance"),
    [("on-the-record", 100), ("background", 200), ("unattributed", 250), ("off-the-record", 250)],
)
def test_the_weight_of_a_record(record, variance):
    assert spread(said(record=record), 100, None) == pytest.approx(variance)


@pytest.mark.parametrize(
    ("days", "variance"), [(0, 100), (90, 100 * sqrt(2)), (180, 200), (360, 400), (720, 1600), (-30, 100)]
)
def test_a_statement_loses_half_its_weight_in_180_days(days, variance):
    old = said(day=DAY - dt.timedelta(days=days))
    assert spread(old, 100, DAY) == pytest.approx(variance)
    assert spread(old, 100, None) == pytest.approx(100)  # no day to count to: no age
    assert spread(said(), 100, DAY) == pytest.approx(100)


def test_the_spread_is_a_tenth_of_any_scale():
    assert spread(said(), 1, None) == pytest.approx(0.01)
    assert spread(said(), 20, None) == pytest.approx(4)


def test_one_statement_against_the_base():
    belief = believe(40, [said(value=90)])
    # precision 1/591.3785 + 1/100 = .01169096; mean (40 * .00169096 + 90 * .01) / .01169096 = 82.7681
    assert belief.best == pytest.approx((40 / BASE + 90 / 100) / (1 / BASE + 1 / 100))
    assert belief.best == pytest.approx(82.7681, abs=1e-4)
    # half 1.644854 / sqrt(.01169096) = 15.2126
    assert belief.half == pytest.approx(15.2126, abs=1e-4)
    assert (belief.low, belief.high) == pytest.approx((67.5555, 97.9807), abs=1e-3)
    assert belief.claims == ("c1",)


def test_two_groups_are_weighed_by_their_precision():
    belief = believe(50, [said("c1", "g1", 75), said("c2", "g2", 25, "B2")])
    # variances 100 and 225: precision .00169096 + .01 + .00444444 = .0161354
    # mean (50 * .00169096 + 75 * .01 + 25 * .00444444) / .0161354 = 58.6077
    assert belief.best == pytest.approx(58.6077, abs=1e-3)
    assert belief.half == pytest.approx(Z / sqrt(1 / BASE + 1 / 100 + 1 / 225))
    assert belief.claims == ("c1", "c2")


def test_the_interval_holds_nine_tenths_of_the_belief():
    belief = believe(50, [said("c1", "g1", 75, "C2"), said("c2", "g2", 25, "B3")])
    deviation = 1 / sqrt(1 / BASE + 1 / 375 + 1 / 450)
    shape = norm(belief.best, deviation)
    assert shape.cdf(belief.low) == pytest.approx(0.05)
    assert shape.cdf(belief.high) == pytest.approx(0.95)
    assert norm(0, sqrt(BASE)).cdf(believe(0, []).high) == pytest.approx(0.95)


def test_of_a_group_the_surest_claim_alone_speaks():
    alone = believe(50, [said("c2", "g", 30, "A1")])
    both = believe(50, [said("c1", "g", 90, "B3"), said("c2", "g", 30, "A1")])
    assert (both.best, both.half, both.claims) == (alone.best, alone.half, ("c2",))
    apart = believe(50, [said("c1", "g1", 90, "B3"), said("c2", "g2", 30, "A1")])
    assert apart.half < both.half


@pytest.mark.parametrize(
    ("grade", "half"),
    [
        ("A1", 5), ("A2", 12.5), ("A3", 17.5), ("A4", 32.5),
        ("B1", 12.5), ("C1", 17.5), ("D1", 25), ("F1", 25),
        ("B2", 12.5), ("B3", 17.5), ("C2", 17.5), ("D4", 32.5), ("C4", 32.5),
    ],
)  # fmt: skip
def test_any_number_of_claims_gives_no_more_certainty_than_the_best_of_them_deserves(grade, half):
    # the floor is the worse of the two halves, as a share of the scale, halved: B2 is max(.25, .25) * 100 / 2
    many = [said(f"c{n}", f"g{n}", 60, grade) for n in range(100)]
    assert believe(50, many).half == pytest.approx(half)
    assert believe(0.5, [said(f"c{n}", f"g{n}", 0.6, grade) for n in range(100)], scale=1).half == pytest.approx(
        half / 100
    )


def test_the_best_graded_claim_sets_the_floor():
    many = [said(f"c{n}", f"g{n}", 60, "D1") for n in range(100)]
    assert believe(50, [*many, said("x", "gx", 60, "C1")]).half == pytest.approx(17.5)
    silent = said("x", "gx", 60, "A1", modality="meta-status")
    assert believe(50, [*many, silent]).half == pytest.approx(25)


def test_no_claim_widens_beyond_the_assumption():
    assert believe(50, [said(grade="F4", modality="personal-opinion", record="unattributed")]).half < 40
    assert believe(50, []) == Belief(50, pytest.approx(40), ())
    assert believe(50, [], scale=10).half == pytest.approx(4)


def test_as_of_a_day_later_and_undated_claims_are_unknown_and_older_ones_weigh_less():
    claims = [said("c1", "g1", 90, day=DAY), said("c2", "g2", 90, day=DAY + dt.timedelta(days=1)), said("c3", "g3", 90)]
    assert believe(50, claims, as_of=DAY).claims == ("c1",)
    assert believe(50, claims).claims == ("c1", "c2", "c3")
    half_a_year = [said("c1", "g1", 90, day=DAY - dt.timedelta(days=180))]
    aged = believe(40, half_a_year, as_of=DAY)
    # variance 200: mean (40 * .00169096 + 90 * .005) / .00669096 = 77.3638
    assert aged.best == pytest.approx(77.3638, abs=1e-3)
    assert aged.half == pytest.approx(Z / sqrt(1 / BASE + 1 / 200))


def test_a_condition_is_a_branch_to_which_unconditional_claims_speak_too():
    plain, bound = said("c1", "g1", 90), said("c2", "g2", 10, condition="un_mandate")
    found = branches(50, [plain, bound])
    assert set(found) == {"", "un_mandate"}
    assert found[""] == believe(50, [plain])
    assert found["un_mandate"] == believe(50, [plain, bound])
    assert branches(50, []) == {"": believe(50, [])}


NUMBER = {"value": 2000.0, "op": "=", "unit": "troops"}
BOUND = {"value": 2000.0, "op": ">=", "unit": "troops"}


@pytest.mark.parametrize(
    ("changes", "grade", "relation", "rule"),
    [
        ({"verdict": "reject"}, "A1", "context", "rejected by a reviewer"),
        ({"verdict": "reject", "quantities": [NUMBER]}, "B5", "context", "rejected by a reviewer"),
        ({}, "B5", "contradicts", "improbable (5): what it says is held to be wrong"),
        ({"modality": "meta-status"}, "B2", "context", "meta-status: moves nobody's position"),
        ({"modality": "personal-opinion"}, "B2", "context", "personal-opinion: moves nobody's position"),
        ({"modality": "non-commitment"}, "B2", "context", "non-commitment: moves nobody's position"),
        ({"modality": "knowledge-denied"}, "B2", "context", "knowledge-denied: moves nobody's position"),
        ({"modality": "open-question"}, "B2", "context", "open-question: moves nobody's position"),
        ({"modality": "fact-asserted", "quantities": [NUMBER]}, "B2", "sets", "a number asserted and corroborated"),
        ({"modality": "fact-asserted", "quantities": [NUMBER]}, "B3", "bounds",
         "a number with a bound, or not corroborated"),
        ({"modality": "fact-asserted", "quantities": [BOUND]}, "B1", "bounds",
         "a number with a bound, or not corroborated"),
        ({"modality": "prediction", "quantities": [NUMBER]}, "B1", "bounds",
         "a number with a bound, or not corroborated"),
        ({"polarity": 1}, "B4", "shifts", "argues for, as intention"),
        ({"polarity": -1, "modality": "preference"}, "F6", "shifts", "argues against, as preference"),
        ({"polarity": 1, "modality": "fact-asserted"}, "B4", "shifts", "argues for, as fact-asserted"),
        ({"polarity": 1, "modality": "personal-assessment"}, "B2", "context", "takes no side and gives no number"),
        ({"polarity": 0}, "B2", "context", "takes no side and gives no number"),
        ({"polarity": 1, "act": ""}, "B2", "context",
         "asserts nothing of joining: its side is that of what it stands with"),
        ({"polarity": 1, "act": "", "verdict": "accept"}, "B2", "shifts", "argues for, as intention"),
    ],
)  # fmt: skip
def test_how_a_claim_bears_on_a_number(changes, grade, relation, rule):
    assert relation_of(held(grade=grade, **changes)) == (relation, rule)


HOME = {
    "cabinet": ("Cabinet of Pakistan", True),
    "army": ("Army leadership", True),
    "diplomats": ("Foreign Office, Ishaq Dar", True),
    "patron": ("Government of the United States", False),
}
KNOWN = movers(HOME, "PAK")


@pytest.mark.parametrize(
    ("changes", "names", "why"),
    [
        ({"actor_state": "PAK"}, ["cabinet"], "about the government of Pakistan"),
        ({"actor_state": "PAK", "actor_office": "defence-ministry"}, ["cabinet"], "about the government of Pakistan"),
        ({"actor_state": "PAK", "actor_office": "armed-forces"}, ["army"], "about the armed-forces of Pakistan"),
        ({"actor_state": "PAK", "speaker": {"name": "Mohammad Ishaq Dar", "kind": "person", "office": ""}},
         ["diplomats"], "said by Mohammad Ishaq Dar"),
        ({"actor_state": "USA"}, ["patron"], "about the government of United States"),
        ({"actor_state": "TUR"}, [], ""),  # a Turkish minister moves no Pakistani cabinet
        ({"actor_state": "PAK", "actor_office": "opposition"}, [], ""),
        ({"actor_state": ""}, [], ""),
    ],
)  # fmt: skip
def test_a_claim_moves_whom_it_is_about_or_who_says_it_and_nobody_else(changes, names, why):
    found = moved(held(**changes), KNOWN)
    assert [path for path, _ in found] == [f"stakeholders.{name}.stakes.participation.position" for name in names]
    assert all(rule == why for _, rule in found)


def test_without_a_scenario_every_actor_has_its_own_number_and_a_link_says_by_which_rule():
    claim = held(condition="if parliament agrees")
    why = "argues for, as intention; about the government of NRD"
    assert links([claim]) == [Link("d/c01", "NRD: government", "shifts", why, "if parliament agrees")]
    assert links([held(actor_state="")]) == []


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"polarity": 1}, 75),
        ({"polarity": -1}, 25),
        ({"polarity": 0}, None),
        ({"polarity": 1, "modality": "meta-status"}, None),
        ({"polarity": 1, "verdict": "reject"}, None),
        ({"polarity": 0, "quantities": [BOUND]}, None),
        ({"polarity": -1, "quantities": [BOUND]}, 25),
    ],
)
def test_a_claim_for_is_read_as_75_and_one_against_as_25(changes, value):
    one = observation(held(**changes), PACK)
    assert (one.value if one else None) == value


def test_an_observation_carries_what_its_weight_depends_on():
    claim = held("d/c07", "C3", record="background", group="unnamed@d", condition="the Security Council agrees")
    assert observation(claim, PACK) == Observation(
        "d/c07", "unnamed@d", 75, "C", 3, "intention", "background", condition="un_mandate"
    )


def test_a_condition_without_a_name_keeps_its_words():
    assert branch_of("a UN mandate is given", PACK) == "un_mandate"
    assert branch_of("it rains", PACK) == "it rains"
    assert branch_of("", PACK) == ""


def test_from_claims_to_an_interval():
    claims = [held("d/c01", "B2"), held("e/c01", "B2", polarity=-1, group="jon_aas@e"), held("f/c01", actor_state="X")]
    found = parameters(claims, PACK)
    assert list(found) == ["NRD: government", "X: government"]
    # two intentions of B2, named: variance 100 * 1.5 * 1.5 * 1.3 = 292.5 each, 75 and 25 around 50
    belief = found["NRD: government"][""]
    assert belief.best == pytest.approx(50)
    assert belief.half == pytest.approx(Z / sqrt(1 / BASE + 2 / 292.5))
    assert belief.claims == ("d/c01", "e/c01")
