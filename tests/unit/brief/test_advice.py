"""The forecast, the advice, the terms and the choice, on results small enough to reckon by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal.appraise import Steps
from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Paragraph, texts, words
from contingent.brief.sections import annexes, bottom_line, choice, passing, weighing
from contingent.consultation.outcome import Rung
from contingent.scenario.option import Criterion
from contingent.scenario.process import Gate
from contingent.study.insight import turns
from contingent.study.result import View

RANKS = [[0.29, 0.3, 0.41], [0.7, 0.2, 0.1], [0.01, 0.5, 0.49]]
PASSES = [[1, 1, 1, 1], [0.2, 0.3, 0.3, 0.4], [0.5, 0.6, 0.6, 0.7]]


def gate(stage, label, **more):
    return Gate.model_validate({"stage": stage, "label": label, "kind": "chance", "duration": 1} | more)


def plain(text):
    return words(text).replace("\u00a0", " ")


def said(block):
    return [plain(text) for text in texts(block)]


def cells(table):
    return [[plain(cell) for cell in row] for row in table.rows]


@pytest.fixture
def appraisal(tiny):
    return {
        "best": "mandate",
        "ranks": tiny.array(RANKS, ("option", "rank"), rank=[1, 2, 3]),
        "central": tiny.array(
            [[0.9, 0.1], [0.3, 0.7], [0.505, 0.495]], ("option", "criterion"), criterion=["cost", "duty"]
        ),
        "weights": xr.DataArray(
            [[0.4, 0.6], [0.6, 0.4]], dims=("weight", "criterion"), coords={"criterion": ["cost", "duty"]}
        ),
    }


@pytest.fixture
def consultation(tiny):
    return xr.Dataset({
        "passes": tiny.array(PASSES),
        "other_terms": tiny.array([[0, 0, 0, 0], [0.25] * 4, [0.1] * 4]),
        "accepted": tiny.array([[1] * 4, [1.0] * 4, [0.5] * 4]),
        "days": tiny.array([[0] * 4, [10, 20, 30, 40], [5] * 4]),
    })  # fmt: skip


@pytest.fixture
def outlook(monkeypatch):
    """Two rungs over four runs: decided, accepted and delivered."""
    steps = (Rung("support", ("support",), "Support"), Rung("mandate", ("mandate",), "Troops"))
    monkeypatch.setattr(Context, "rungs", steps)
    reached = [[PASSES[2], PASSES[1]], [[0.4] * 4, [0.1] * 4], [[0.15] * 4, [0.05] * 4]]
    names = {"stage": ["decided", "accepted", "delivered"], "rung": ["support", "mandate"]}
    return xr.Dataset({"reached": xr.DataArray(reached, dims=("stage", "rung", "run"), coords=names)})


def view(tiny, shares, weights=((0.25, 0.75),)):
    drawn = xr.DataArray(list(weights), dims=("weight", "criterion"), coords={"criterion": ["cost", "duty"]})
    return View(drawn, tiny.array(shares, ("option",)))


FOLLOWS = "This brief follows Go with a mandate: of the ways to take part, it comes first most often."
SETS = {"army": SimpleNamespace(label="The army"), "public": SimpleNamespace(label="The public")}
GO, STAY, HELP = [0.2, 0.5, 0.3], [0.6, 0.2, 0.2], [0.1, 0.3, 0.6]


@pytest.mark.parametrize(
    ("views", "ranks", "lines"),
    [
        ((GO, GO), RANKS, ["Go with a mandate holds up best.",
                           "It comes first whichever of the stated priorities count: the army; the public."]),
        ((GO, STAY), RANKS, ["Which option is best depends on whose priorities count.",
                             "Go with a mandate comes first for: the army.", "Say no comes first for: the public.",
                             FOLLOWS]),
        ((HELP, HELP), RANKS, ["Send support holds up best.",
                               "It comes first whichever of the stated priorities count: the army; the public.",
                               FOLLOWS]),
        ((), [[0.4, 0, 0], [0.44, 0, 0], [0.16, 0, 0]], [
            "The study cannot tell Go with a mandate from Say no: which is better is a question of priorities.",
            FOLLOWS]),
        ((), RANKS, ["Go with a mandate holds up best over all the priorities one may have.",
                     FOLLOWS]),
    ],
)  # fmt: skip
def test_the_verdict_is_by_whose_priorities_count_then_by_the_lead(tiny, appraisal, views, ranks, lines):
    appraisal["ranks"] = tiny.array(ranks, ("option", "rank"), rank=[1, 2, 3])
    found = dict(zip(SETS, (view(tiny, shares) for shares in views), strict=False))
    c = tiny.context(appraisal=appraisal, views=found, scenario={"weight_sets": SETS})
    assert [line for block in weighing.verdict(c) for line in said(block)] == lines


@pytest.mark.parametrize(
    ("ours", "word"),
    [([0.9, 0.9, 0.9, 0.4], "it beats “Say no” in 75 % of futures and loses in 25 %"),
     ([0.4] * 4, "it loses to “Say no” in >99 % of futures and wins in <1 %"),
     ([0.9, 0.9, 0.4, 0.4], "it is hardly better or worse than “Say no”")],
)  # fmt: skip
def test_beside_declining_it_is_better_worse_or_neither(tiny, ours, word):
    score = tiny.array([[0.5] * 4, ours, [0] * 4])
    assert word in plain(weighing.beside_declining(tiny.context(appraisal={"score": score})))


def test_the_fall_back_is_what_is_decided_instead_most_often(tiny, consultation):
    decided = np.zeros((3, 4, 3))
    decided[1] = [0.5, 0.2, 0.3]  # over the leaves: nobody, the proposal itself, support
    leaves = tiny.array(decided, ("proposal", "run", "leaf"), proposal=list(tiny.options), leaf=list(tiny.options))
    c = tiny.context(tables={"consultation": consultation, "outlook": xr.Dataset({"decided_on": leaves})})
    assert [plain(each) for each in bottom_line._fall_back(c)] == [
        "Fall-back: Send support. The chance that other terms are agreed instead is 25 %."
    ]
    c.result.tables["consultation"] = consultation.assign(other_terms=0.01 * consultation["passes"])
    assert [plain(each) for each in bottom_line._fall_back(c)] == [
        "Fall-back: none. If this fails, expect no agreement on other terms."
    ]


@pytest.mark.parametrize(
    ("stages", "goes", "expected"),
    [
        ((0.4, 0.3, 0.2), True, "work on “House”"), ((0.9, 0.3, 0.2), True, "who must accept it: “Talks”"),
        ((0.9, 0.8, 0.1), True, "prepare people"), ((0.9, 0.85, 0.1), False, "work on “House”"),
    ],
)  # fmt: skip
def test_the_next_step_is_where_most_is_lost(tiny, monkeypatch, outlook, stages, goes, expected):
    for stage, chance in zip(("decided", "accepted", "delivered"), stages, strict=True):
        outlook["reached"].loc[{"stage": stage, "rung": "mandate"}] = chance
    process = SimpleNamespace(gates={"talks": gate("acceptance", "Talks")})
    monkeypatch.setattr(bottom_line, "hardest", lambda c: ("House", None))
    c = tiny.context(tables={"outlook": outlook}, scenario={"process": process})
    c.__dict__["goes"] = goes
    assert expected in plain(bottom_line._next(c)[0])


def test_the_forecast_leads_with_anything_at_all_and_climbs(tiny, outlook, monkeypatch):
    monkeypatch.setattr(bottom_line, "confidence", lambda context: ("sure",))
    c = tiny.context(tables={"outlook": outlook}, scenario={"process": SimpleNamespace(gates={})})
    c.__dict__["goes"] = True
    lead, more, there, _ = bottom_line._forecast(c)
    assert plain(lead.text).startswith("Some participation at all, at least “Support”: likely (60 %).")
    assert said(more) == ["At least “Troops”: unlikely (30 %)."]
    assert "people there by the last day in time: 5 %" in plain(there.text)
    monkeypatch.setattr(Context, "rungs", ())
    assert "No option goes further" in plain(bottom_line._forecast(c)[0].text)


@pytest.mark.parametrize(
    ("influence", "expected"),
    [
        ({"judged": 0.3, "two": 0.1}, "low: 75 % of what moves it is judgement"),
        ({"inferred": 0.3, "two": 0.1}, "low: 75 % of what moves it is judgement"),
        ({"judged": 0.1, "two": 0.3}, "moderate: 25 % of what moves it is judgement"),
        ({"one": 0.3, "two": 0.1}, "low: 75 % of what moves it rests on a single document"),
        ({"judged": 0.0, "two": 0.3}, "moderate: its parts were tried on past decisions"),
        ({}, "low: too few futures were tried"),
    ],
)
def test_confidence_is_by_what_the_forecast_rests_on(tiny, outlook, monkeypatch, influence, expected):
    """One with a single document behind it is no better for two claims from it."""
    monkeypatch.setattr(annexes, "track_record", lambda day: SimpleNamespace(brier=0.2, base_brier=0.25))
    monkeypatch.setattr(annexes, "unsaid", lambda scenario: {})
    monkeypatch.setattr(annexes, "phrased", lambda scenario, path: path)
    monkeypatch.setattr(annexes, "ground", lambda each, claims: (each.kind, ()))
    claims = {name: SimpleNamespace(document=name[0]) for name in ("A1", "A2", "B1")}
    cited = {"judged": ("judged", ()), "inferred": ("inferred", ("A1", "B1")), "one": ("quoted", ("A1", "A2")),
             "two": ("quoted", ("A1", "B1"))}  # fmt: skip
    numbers = {name: SimpleNamespace(kind=kind, claims=names) for name, (kind, names) in cited.items()}
    c = tiny.context(
        tables={"outlook": outlook}, influence=influence,
        scenario={"estimates": lambda: numbers.items(), "as_of": None, "claims": claims},
    )  # fmt: skip
    told = plain(annexes.confidence(c))
    assert expected in told
    assert ("The largest part is this" in told) == ("judgement" in expected)


def test_a_judgement_of_the_mission_model_counts_as_one_and_its_data_do_not(tiny, outlook, monkeypatch):
    judged, known = "theatre.parameters.event_ceiling", "theatre.parameters.attack_risk"
    monkeypatch.setattr(annexes, "unsaid", lambda scenario: dict.fromkeys((judged, known)))
    monkeypatch.setattr(annexes, "track_record", lambda day: SimpleNamespace(brier=0.25, base_brier=0.25))
    parts = {"estimates": lambda: (), "as_of": None, "claims": {}}
    c = tiny.context(tables={"outlook": outlook}, influence={judged: 0.3, known: 0.1}, scenario=parts)
    assert "75 % of what moves it is judgement" in plain(annexes.confidence(c))
    c = tiny.context(tables={"outlook": outlook}, influence={judged: 0.0, known: 0.1}, scenario=parts)
    assert "no better than their average" in plain(annexes.confidence(c))


def test_the_numbers_at_the_top(tiny, outlook, monkeypatch):
    lost = number.rough(0, "a.b"), number.rough(7, "a.b")
    monkeypatch.setattr(bottom_line, "losses", lambda c: lost)
    c = tiny.context(tables={"outlook": outlook})
    (keys,) = bottom_line._keys(c)
    assert [(key.number.text, plain(key.interval)) for key in keys.items] == [
        ("60\u00a0%", "likely"), ("10\u00a0%", "very unlikely"), ("7", "most likely none")
    ]  # fmt: skip
    monkeypatch.setattr(bottom_line, "losses", lambda c: lost[:1] * 2)
    assert len(bottom_line._keys(c)[0].items) == 2, "one chance in twenty of more than none is no chance to print"


def test_dots_of_twenty(tiny, outlook):
    made = passing.chances(tiny.context(tables={"outlook": outlook}))
    rows = [row for row in made.plot.rows if row["row"] == "Troops"]
    outcomes = [row["outcome"] for row in rows]
    assert [row["dot"] for row in rows] == list(range(1, 21))
    these, others, nothing = "agreed, and accepted by the others", "agreed, not accepted in time", "not agreed in time"
    assert outcomes == [these] * 2 + [others] * 4 + [nothing] * 14  # a tenth of twenty, and thirty in a hundred
    assert plain(made.reading) == "At least “Support” is agreed in time in 12 of twenty."
    assert cells(made.table) == [["Support", "60 %", "40 %", "15 %"], ["Troops", "30 %", "10 %", "5 %"]]


def test_every_option_were_it_put_forward(tiny, consultation):
    table = consultation.assign(waits=tiny.array([[0] * 4, [0.2] * 4, [0] * 4]))
    made = passing.put_forward(tiny.context(tables={"consultation": table}))
    assert cells(made) == [
        ["Go with a mandate", "30 %", "22 % to 38 %", "25 %", "20 %"], ["Send support", "60 %", "52 % to 68 %", "10 %",
        "<1 %"],
    ]  # fmt: skip


def test_days_count_by_the_chance_to_pass(tiny, consultation):
    c = tiny.context(
        tables={"consultation": consultation}
    )  # days 10 to 40 weigh .2, .3, .3, .4: reached .17, .42, .67, 1
    assert [each.value for each in passing.days(c)] == [30, 10, 40]
    c.result.tables["consultation"] = consultation.assign(passes=0 * consultation["passes"])
    assert [each.value for each in passing.days(c)] == pytest.approx([25, 11.5, 38.5])


def test_acceptance_and_arrival_are_told_beside_the_chance(tiny, outlook):
    gates = {"talks": gate("acceptance", "They agree", whose="Ruritania")}
    c = tiny.context(tables={"outlook": outlook}, scenario={"process": SimpleNamespace(gates=gates)})
    told = plain(passing.accepted(c))
    assert "“They agree”" in told
    assert "Go with a mandate, agreed and accepted in time: 10 %. People there by the last day in time: 5 %." in told
    none = tiny.context(tables={"outlook": outlook}, scenario={"process": SimpleNamespace(gates={})})
    assert (
        plain(passing.accepted(none))
        == "Go with a mandate, agreed in time and people there by the last day in time: 5 %."
    )


def test_the_hardest_gate_is_the_lowest_chance_of_those_that_decide(tiny):
    chances = tiny.array(
        [np.ones((3, 2)), [[0.9, 0.7], [0.5, np.nan], [0.1, 0.1]], np.ones((3, 2))], ("option", "gate", "run"),
        gate=["cabinet", "house", "talks"],
    )  # fmt: skip
    gates = {
        "cabinet": gate("decision", "Cabinet"),
        "house": gate("decision", "House"),
        "talks": gate("acceptance", "Talks"),
    }
    c = tiny.context(
        tables={"consultation": xr.Dataset({"gate_passes": chances})},
        scenario={"process": SimpleNamespace(gates=gates)},
    )
    made = passing.gates(c)
    assert "The hardest gate is “House”: once reached, it is passed in 50 %" in plain(made.reading)
    assert [(row["row"], row["label"]) for row in made.plot.rows] == [
        ("Cabinet", "80\u00a0%"), ("House", "50\u00a0%"), ("Talks", "10\u00a0%")
    ]  # fmt: skip


def performance(tiny):
    """Cost by hand: nothing, mostly nothing, some; duty: the same in every run."""
    cost = [[0, 0, 0, 0], [0, 0, 0, 8], [2, 4, 4, 6]]
    duty = [[0.1] * 4, [0.9] * 4, [0.5] * 4]
    values = np.stack([cost, duty], axis=-1)
    return tiny.array(values, ("option", "run", "criterion"), criterion=["cost", "duty"])


def test_every_option_on_every_criterion(tiny):
    made = choice.criteria(tiny.context(performance=performance(tiny)))
    assert cells(made.table) == [
        ["Cost (USD)", "0 (0 to 0)", "0 (0 to 6.8)", "4 (2.3 to 5.7)"],
        ["Duty (share of duty)", "10 % (10 % to 10 %)", "90 % (90 % to 90 %)", "50 % (50 % to 50 %)"],
    ]
    assert [row["share"] for row in made.plot.rows] == [False] * 3 + [True] * 3


def test_a_median_of_nought_says_in_what_share_of_runs_there_is_more(tiny):
    (note,) = choice.zeros(tiny.context(performance=performance(tiny)))
    assert "Cost: Go with a mandate 25 %" in plain(note.text)
    assert "Say no" not in plain(note.text)
    assert "Duty" not in plain(note.text)


def test_only_options_that_may_send_nobody_are_told(tiny):
    troops = tiny.array([[0, 0, 0, 0], [0, 5, 5, 9], [1, 1, 1, 1]])
    (note,) = choice.unsent(tiny.context(tables={"deployment": xr.Dataset({"contributor_troops": troops})}))
    assert "Go with a mandate 75 %" in plain(note.text)
    assert "Send support" not in plain(note.text)


def test_ranks_name_the_most_often_first_and_last(tiny, appraisal):
    appraisal["score"] = tiny.array([[0.4] * 4, [0.3] * 4, [0.5] * 4])
    made = choice.ranks(tiny.context(appraisal=appraisal))
    assert cells(made.table)[1] == ["Go with a mandate", "70 %", "20 %", "10 %"]
    told = plain(made.reading)
    assert told.index("Go with a mandate") < told.index("70 %")
    assert "Send support is last most often" in told, "in 49 %, more often than 41 % and 10 %"
    assert told.endswith("highest mean worth, here Send support.")


def test_weights_that_put_an_option_first(tiny, appraisal):
    appraisal["central"] = tiny.array(
        [[0.9, 0.1], [0.3, 0.7], [np.nan, np.nan]], ("option", "criterion"), criterion=["cost", "duty"]
    )
    made = choice.weights(tiny.context(appraisal=appraisal))
    assert made.table.columns[1:] == ("Say no", "Go with a mandate"), "what is never first has no weights"
    assert cells(made.table) == [["Cost", "90 %", "30 %"], ["Duty", "10 %", "70 %"]]


def test_the_difference_from_doing_nothing(tiny):
    parts = {"mean": [0, 0.2, -0.1], "low": [0, 0.1, -0.3], "high": [0, 0.4, 0.2], "above": [0, 0.9, 0.4]}
    columns = {name: np.array(values)[:, None] for name, values in parts.items()}
    paired = xr.Dataset(
        {name: tiny.array(column, ("option", "other"), other=["decline"]) for name, column in columns.items()}
    )
    score = tiny.array([[0.5, 0.5, 0.5, 0.5], [0.9, 0.9, 0.9, 0.4], [0.5, 0.5, 0.4, 0.4]], ("option", "run"))
    made = choice.difference(tiny.context(appraisal={"paired": paired, "score": score}))
    assert cells(made.table) == [
        ["Go with a mandate", "+0.20", "+0.10 to +0.40", "90 %"], ["Send support", "−0.10", "−0.30 to +0.20", "40 %"]
    ]  # fmt: skip
    assert "in 90 % of runs, and worse in 25 %" in plain(made.reading).replace("\u00a0", " ")
    assert [row["value"] for row in made.plot.rows] == [0.2, -0.1]


def test_floors_are_told_where_one_is_stated(tiny, appraisal):
    assert isinstance(choice._floors(tiny.context()), Paragraph)
    criteria = {"cost": SimpleNamespace(label="Cost", floor=5, unit="USD", measure="", floor_risk=0.1)}
    broken = tiny.array([[0.0], [0.25], [0.001]], ("option", "criterion"), criterion=["cost"])
    c = tiny.context(appraisal={"broken": broken, "excluded": ("mandate",)}, scenario={"criteria": criteria})
    table = choice._floors(c)
    assert [row[1:] for row in cells(table)] == [
        ["0 %", "not excluded"],
        ["25 %", "excluded"],
        ["<1 %", "not excluded"],
    ]
    (told,) = weighing.left_out(c)
    assert (
        plain(told)
        == "“Go with a mandate” is ruled out. It breaks the limit set on “Cost” in 25 % of futures; 10 % are borne."
    )


def test_a_copy_is_said_and_counted_with_what_it_copies(tiny):
    (told,) = weighing.left_out(tiny.context(appraisal={"copies": {"support": "mandate"}}))
    assert plain(told) == "“Send support” would come to the same as “Go with a mandate”. It is counted with it."


def test_criteria_that_order_the_options_alike_are_told(tiny):
    names = {"criterion": ["a", "b", "c"], "other": ["a", "b", "c"]}
    table = xr.DataArray(
        [[1, -0.9, 0.95], [-0.9, 1, np.nan], [0.95, np.nan, 1]], dims=("criterion", "other"), coords=names
    )
    labels = {name: SimpleNamespace(label=name.upper()) for name in "abc"}
    (told,) = weighing.twice(tiny.context(appraisal={"ordering": table}, scenario={"criteria": labels}))
    assert plain(told).endswith("between the 3 options, which is soon high between so few: A and C (+0.95).")
    assert weighing.twice(tiny.context(appraisal={"ordering": table * 0.9}, scenario={"criteria": labels})) == []


def test_where_the_sets_of_weights_agree_is_said_first(tiny, appraisal):
    alike = {"army": view(tiny, [0.2, 0.5, 0.3]), "public": view(tiny, [0.1, 0.6, 0.3])}
    c = tiny.context(appraisal=appraisal, views=alike, scenario={"weight_sets": SETS})
    told = weighing.agreement(c)
    assert plain(told) == (
        "Whichever of the stated weights count (the army, the public), Go with a mandate is first most often; with "
        "nothing said about weights, it is first in 70 % of weights and runs."
    )
    apart = {**alike, "public": view(tiny, [0.1, 0.3, 0.6])}
    told = weighing.agreement(tiny.context(appraisal=appraisal, views=apart, scenario={"weight_sets": SETS}))
    assert plain(told).endswith(
        "the army: Go with a mandate (50 %); the public: Send support (60 %); with nothing said about weights: "
        "Go with a mandate (70 %)."
    )


def test_every_set_of_weights_prints_its_prices(tiny, appraisal):
    said = {"label": "Deaths", "question": "?", "measure": "judged"}
    criteria = {
        "cost": Criterion(**said | {"label": "Cost"}, unit="million USD", worst=400, best=0),
        "duty": Criterion(**said, unit="deaths", worst=30, best=0),
    }
    sets = {"army": SimpleNamespace(label="The army")}
    c = tiny.context(
        appraisal=appraisal, views={"army": view(tiny, [0, 1, 0])}, scenario={"weight_sets": sets, "criteria": criteria}
    )
    *_, table = weighing.views(c)
    # alike, a death is 400 / 30 million; to the army, three times that
    assert cells(table) == [["Deaths: 1 (deaths)", "13", "40"]]
    assert table.columns == ("Worth in million USD", "with nothing said about weights", "The army")


def reckoned(tiny, row, spread=0.0):
    """Shares that put each option first, over 40 runs and 30 weights that spread about them."""
    by = {
        part: tiny.array(np.array(row) + spread * np.linspace(-1, 1, size)[:, None] * [1, -1, 0], (over, "option"))
        for part, over, size in (("by_run", "run", 40), ("by_weight", "weight", 30))
    }
    return xr.Dataset({"first": tiny.array(row, ("option",)), **by})


@pytest.mark.parametrize(("spread", "said"), [(0.0, "hangs on"), (0.2, "hangs on"), (1.0, "by more than chance may")])
def test_a_choice_of_reckoning_decides_only_where_its_lead_exceeds_its_error(tiny, spread, said):
    found = {"as_told": reckoned(tiny, [0.3, 0.5, 0.2]), "accepted": reckoned(tiny, [0.6, 0.2, 0.2], spread)}
    told, table = weighing.hangs(tiny.context(structures=lambda: found))
    assert said in plain(told)
    assert cells(table)[1][1:] == ["60 %", "20 %", "20 %"], "the table has the shares whatever their error"


def test_a_lead_must_exceed_its_own_error_however_much_it_grew(tiny):
    found = {"as_told": reckoned(tiny, [0.1, 0.8, 0.1], 0.5), "accepted": reckoned(tiny, [0.5, 0.4, 0.1], 0.5)}
    assert turns(found) == {}
    found["accepted"] = reckoned(tiny, [0.9, 0.0, 0.1], 0.5)
    assert turns(found) == {"accepted": "decline"}
    # nor is a lead one that the choice brings where it grew by no more than chance
    found = {"as_told": reckoned(tiny, [0.45, 0.46, 0.09], 0.9), "accepted": reckoned(tiny, [0.5, 0.4, 0.1], 0.0)}
    assert turns(found) == {}


def test_which_choice_of_reckoning_decides_is_one_sentence(tiny):
    found = {"as_told": [0.2, 0.5, 0.3], "accepted": [0.1, 0.4, 0.5], "only_own": [0.1, 0.6, 0.3],
             "carried_out": [0.2, 0.5, 0.3], "refusal_2": [0.6, 0.2, 0.2]}  # fmt: skip
    shares = {name: reckoned(tiny, row) for name, row in found.items()}
    told, table = weighing.hangs(tiny.context(structures=lambda: shares))
    assert plain(told) == (
        "That Go with a mandate is first hangs on how what happens is reckoned. Another is first if the other parties "
        "accept all that is decided: Send support; if an attempt that comes to nothing costs 0.02 on the scale "
        "from 0 to 1: Say no."
    )
    assert cells(table)[0] == ["as told here", "20 %", "50 %", "30 %"]
    # neighbouring costs that put the same first are one range; one that leaves the answer as it was parts two ranges
    for costs, said in (
        ({"refusal_2": "no", "refusal_5": "no"}, "costs 0.02 to 0.05 on the scale from 0 to 1: Say no."),
        ({"refusal_1": "no", "refusal_2": "go", "refusal_5": "no"}, "costs 0.01 on"),
        ({"refusal_1": "support", "refusal_2": "no", "refusal_5": "no"}, "costs 0.02 to 0.05"),
    ):
        rows = {"no": [0.6, 0.2, 0.2], "go": [0.2, 0.5, 0.3], "support": [0.2, 0.3, 0.5]}
        more = {**shares, **{name: reckoned(tiny, rows[to]) for name, to in costs.items()}}
        told = plain(weighing.hangs(tiny.context(structures=lambda more=more: dict(sorted(more.items()))))[0])
        assert said in told
        assert ("0.01 to" in told) is False
    one = dict.fromkeys(shares, shares["as_told"])
    assert "changes that Go with a mandate is first" in plain(weighing.hangs(tiny.context(structures=lambda: one))[0])


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(-np.inf, 3, "x at most 3"), (2, np.inf, "x at least 2"), (2, 3, "x between 2 and 3")],
)
def test_a_condition_is_said_by_the_ends_it_has(tiny, monkeypatch, low, high, text):
    c = tiny.context()
    monkeypatch.setattr(type(c), "signal", lambda self, path: (path,))
    told = plain(weighing._condition(c, SimpleNamespace(name="x", low=low, high=high)))
    for part in text.split(" "):
        assert part in told.replace("from", "between").replace("to", "and"), told


def test_where_the_best_option_is_best(tiny, monkeypatch):
    box = SimpleNamespace(limits=(SimpleNamespace(name="x", low=2, high=np.inf),), coverage=0.8, density=0.6,
                          base=0.4, lift=1.5)  # fmt: skip
    c = tiny.context(appraisal={"best": "mandate"})
    monkeypatch.setattr(type(c), "signal", lambda self, path: (path,))
    c.__dict__["insight"] = SimpleNamespace(boxes={"mandate": box, "support": box})
    table = next(block for block in weighing.conditions(c) if not isinstance(block, Paragraph))
    assert [row[2:] for row in cells(table)] == [["80 %", "60 %", "40 %"]] * 2
    c.__dict__["insight"] = SimpleNamespace(boxes={})
    assert isinstance(weighing.conditions(c)[0], Paragraph)


def test_steps_beside_their_parts(tiny, monkeypatch):
    plan = SimpleNamespace(label="Wait and see", start="decline", then="mandate")
    found = Steps(0.2, 0.3, {"decline": (0.0123, 0.002), "support": (0.1, 0.01)})
    monkeypatch.setattr(weighing, "adaptive", lambda result: {"step": found})
    monkeypatch.setattr(weighing, "ways", lambda result: {"step": plan, "none": plan})
    (told,) = weighing.steps(tiny.context())
    said = plain(told)
    assert "worth +0.012 (± 0.002) more than “Say no” and (not ranked) more than “Go with a mandate”" in said
    assert "the better reply under 30 % of weights" in said
    assert said.endswith("first in 20 % of weights and runs.")
