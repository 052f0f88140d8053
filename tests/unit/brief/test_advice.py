"""The forecast, the advice, the terms and the choice, on results small enough to reckon by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal.appraise import Steps
from contingent.brief.context import Context
from contingent.brief.document.blocks import Box, Figure, Paragraph, texts, words
from contingent.brief.number import Number
from contingent.brief.sections import bottom_line, choice, passing, weighing
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


def test_advice_names_the_criteria_that_speak_for_an_option(tiny, appraisal):
    box = bottom_line._advice(tiny.context(appraisal=appraisal))
    assert box.kind == "advice"
    # the mean weight of both is .5: what puts `decline` first weighs cost .9, what puts `mandate` first duty .7
    assert said(box.blocks[1]) == [
        "Go with a mandate: 70 %, mostly where more weight lies on Duty.",
        "Say no: 29 %, mostly where more weight lies on Cost.",
    ]
    assert plain(box.blocks[2].text).endswith("whatever weighs most: Send support.")


def test_advice_gives_no_reason_that_is_within_a_hundredth_of_the_mean(tiny, appraisal):
    appraisal["ranks"] = tiny.array([[0.2, 0, 0], [0.6, 0, 0], [0.2, 0, 0]], ("option", "rank"), rank=[1, 2, 3])
    told = said(bottom_line._advice(tiny.context(appraisal=appraisal)).blocks[1])
    assert told[0].startswith("Go with a mandate: 60 %")
    assert "Send support: 20 %." in told, "its weights are .505 and .495"
    assert len(told) == 3


def test_the_forecast_leads_with_anything_at_all_and_climbs(tiny, outlook, monkeypatch):
    monkeypatch.setattr(bottom_line, "confidence", lambda context: ("sure",))
    c = tiny.context(tables={"outlook": outlook}, scenario={"process": SimpleNamespace(gates={})})
    lead, more, there, _ = bottom_line._forecast(c)
    assert "decided by the deadline: Support, is likely (60 %; 90 % interval 52 % to 68 %)" in plain(lead.text)
    assert said(more) == ["At least Troops is unlikely (30 %; 90 % interval 22 % to 38 %)."]
    assert "by the deadline: 15 %" in plain(there.text)
    monkeypatch.setattr(Context, "rungs", ())
    assert "No option goes further" in plain(bottom_line._forecast(c)[0].text)


@pytest.mark.parametrize(
    ("influence", "expected"),
    [
        ({"a": 0.3, "b": 0.1}, "low** 75"), ({"a": 0.1, "b": 0.3}, "moderate 25 %"),
        ({"a": 0.0, "b": 0.3}, "moderate how the gates of this decision work together was not"), ({}, "low no number"),
    ],
)  # fmt: skip
def test_confidence_is_by_the_share_of_influence_without_a_claim(tiny, outlook, monkeypatch, influence, expected):
    monkeypatch.setattr(bottom_line, "track_record", lambda day: SimpleNamespace(brier=0.2, base_brier=0.25))
    monkeypatch.setattr(bottom_line, "unsaid", lambda scenario: {})
    estimates = (("a", SimpleNamespace(claims=())), ("b", SimpleNamespace(claims=("C1",))))
    c = tiny.context(
        tables={"outlook": outlook}, influence=influence,
        scenario={"estimates": lambda: estimates, "as_of": None},
    )  # fmt: skip
    told = plain(bottom_line.confidence(c))
    for part in expected.replace("**", "").split(" ", 1):
        assert part.replace("75", "75 %") in told


def test_a_judgement_of_the_mission_model_counts_as_an_assumption_and_its_data_do_not(tiny, outlook, monkeypatch):
    monkeypatch.setattr(bottom_line, "track_record", lambda day: SimpleNamespace(brier=0.2, base_brier=0.25))
    judged, known = "theatre.parameters.event_ceiling", "theatre.parameters.attack_risk"
    monkeypatch.setattr(bottom_line, "unsaid", lambda scenario: dict.fromkeys((judged, known)))
    c = tiny.context(
        tables={"outlook": outlook}, influence={judged: 0.3, known: 0.1},
        scenario={"estimates": lambda: (), "as_of": None},
    )  # fmt: skip
    assert "75 % of what moves it rests on assumptions" in plain(bottom_line.confidence(c))


def test_an_engine_that_does_no_better_than_the_base_rate_is_untested(tiny, outlook, monkeypatch):
    monkeypatch.setattr(bottom_line, "track_record", lambda day: SimpleNamespace(brier=0.25, base_brier=0.25))
    monkeypatch.setattr(bottom_line, "unsaid", lambda scenario: {})
    estimates = (("b", SimpleNamespace(claims=("C1",))),)
    c = tiny.context(
        tables={"outlook": outlook}, influence={"b": 0.3},
        scenario={"estimates": lambda: estimates, "as_of": None},
    )  # fmt: skip
    assert "moderate: the record of past decisions behind it does no better" in plain(bottom_line.confidence(c))


def test_the_numbers_at_the_top(tiny, outlook, appraisal):
    appraisal["score"] = tiny.array([[0.4] * 4, [0.5, 0.5, 0.6, 0.8], [0] * 4])
    c = tiny.context(tables={"outlook": outlook}, appraisal=appraisal)
    first, second, third = bottom_line._keys(c).items
    assert (first.number.text, plain(first.interval)) == ("60\u00a0%", "90 % interval 52 % to 68 %")
    assert (second.number.text, "Go with a mandate" in plain(second.label)) == ("70\u00a0%", True)
    assert (third.number.text, plain(third.interval)) == ("0.15", "90 % interval 0.10 to 0.37")  # .2 + .85 * .2


def test_dots_of_twenty(tiny, outlook):
    made = passing.chances(tiny.context(tables={"outlook": outlook}))
    rows = [row for row in made.plot.rows if row["row"] == "Troops"]
    outcomes = [row["outcome"] for row in rows]
    assert [row["dot"] for row in rows] == list(range(1, 21))
    these, others, nothing = (
        "decided, and accepted by the parties", "decided, but not accepted by then", "not decided by the deadline",
    )  # fmt: skip
    assert outcomes == [these] * 2 + [others] * 4 + [nothing] * 14  # a tenth of twenty, and thirty in a hundred
    assert plain(made.reading) == "At least “Support” is decided by the deadline in 12 of twenty runs."
    assert cells(made.table) == [
        ["Support", "60 %", "52 % to 68 %", "40 %", "15 %"], ["Troops", "30 %", "22 % to 38 %", "10 %", "5 %"],
    ]  # fmt: skip


def test_every_option_were_it_put_forward(tiny, consultation):
    table = consultation.assign(waits=tiny.array([[0] * 4, [0.2] * 4, [0] * 4]))
    made = passing.put_forward(tiny.context(tables={"consultation": table}))
    assert cells(made) == [
        ["Go with a mandate", "30 %", "22 % to 38 %", "25 %", "20 %"], ["Send support", "60 %", "52 % to 68 %", "10 %",
        "0 %"],
    ]  # fmt: skip


def test_days_count_by_the_chance_to_pass(tiny, consultation):
    c = tiny.context(tables={"consultation": consultation})
    table = consultation.sel(option="mandate")  # days 10 to 40 weigh .2, .3, .3, .4 of 1.2: reached .17, .42, .67, 1
    assert [each.value for each in passing._days(c, table)] == [30, 10, 40]
    never = table.assign(passes=0 * table["passes"])
    assert [each.value for each in passing._days(c, never)] == pytest.approx([25, 11.5, 38.5])


def test_acceptance_and_arrival_are_told_beside_the_chance(tiny, outlook):
    gates = {"talks": gate("acceptance", "They agree")}
    process = SimpleNamespace(gates=gates)
    c = tiny.context(tables={"outlook": outlook}, scenario={"process": process, "decider": "Freedonia"})
    told = plain(passing.accepted(c))
    assert "“They agree”" in told
    assert "Decided and accepted by the deadline 40 %; people there by then 15 %" in told
    assert "what these decide after it" not in told
    gates["talks"] = gate("acceptance", "They agree", whose="Ruritania")
    told = plain(passing.accepted(c))
    assert "“They agree (Ruritania)”" in told
    assert "Decided is what Freedonia decides, accepted what these decide after it: Ruritania." in told
    none = tiny.context(tables={"outlook": outlook}, scenario={"process": SimpleNamespace(gates={})})
    assert plain(passing.accepted(none)) == "That people are there by the deadline: 15 %."


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
        == "“Go with a mandate” is excluded: it breaks the floor on “Cost” in 25 % of runs, and 10 % are borne."
    )


def test_a_copy_is_said_and_counted_with_what_it_copies(tiny):
    (told,) = weighing.left_out(tiny.context(appraisal={"copies": {"support": "mandate"}}))
    assert plain(told) == (
        "“Send support” comes to the same as “Go with a mandate” by what would happen if it were put forward, and is "
        "counted with it."
    )


def test_criteria_that_order_the_options_alike_are_told(tiny):
    names = {"criterion": ["a", "b", "c"], "other": ["a", "b", "c"]}
    table = xr.DataArray(
        [[1, -0.9, 0.95], [-0.9, 1, np.nan], [0.95, np.nan, 1]], dims=("criterion", "other"), coords=names
    )
    labels = {name: SimpleNamespace(label=name.upper()) for name in "abc"}
    (told,) = weighing.twice(tiny.context(appraisal={"ordering": table}, scenario={"criteria": labels}))
    assert plain(told).endswith("between the 3 options, which is soon high between so few: A and C (+0.95).")
    assert weighing.twice(tiny.context(appraisal={"ordering": table * 0.9}, scenario={"criteria": labels})) == []


def view(tiny, shares, weights=((0.25, 0.75),)):
    drawn = xr.DataArray(list(weights), dims=("weight", "criterion"), coords={"criterion": ["cost", "duty"]})
    return View(drawn, tiny.array(shares, ("option",)))


def test_where_the_sets_of_weights_agree_is_said_first(tiny, appraisal):
    sets = {"army": SimpleNamespace(label="The army"), "public": SimpleNamespace(label="The public")}
    alike = {"army": view(tiny, [0.2, 0.5, 0.3]), "public": view(tiny, [0.1, 0.6, 0.3])}
    c = tiny.context(appraisal=appraisal, views=alike, scenario={"weight_sets": sets})
    (told,) = weighing.agreement(c)
    assert plain(told) == (
        "Whichever of the stated weights count (the army, the public), Go with a mandate is first most often; with "
        "nothing said about weights, it is first in 70 % of weights and runs."
    )
    assert plain(bottom_line._advice(c).blocks[0].text) == plain(told)
    apart = {**alike, "public": view(tiny, [0.1, 0.3, 0.6])}
    (told,) = weighing.agreement(tiny.context(appraisal=appraisal, views=apart, scenario={"weight_sets": sets}))
    assert plain(told).endswith(
        "the army: Go with a mandate (50 %); the public: Send support (60 %); with nothing said about weights: "
        "Go with a mandate (70 %)."
    )
    assert weighing.agreement(tiny.context(appraisal=appraisal)) == []


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
    [said] = weighing.holds(c)
    told = plain(said)
    assert "Go with a mandate" in told
    assert "best in 60 % of those in which that holds, 1.5 times its share of all (40 %)" in told
    assert "On 2 runs kept apart from the search" in told
    assert "they are 80 % of all the runs in which it is best" in told
    numbers = [span for span in said if isinstance(span, Number)]
    assert {(n.trace.name, n.trace.how): n.value for n in numbers if n.trace.name.startswith("insight")} == {
        ("insight.coverage", ""): 0.8, ("insight.density", ""): 0.6, ("insight.density", "in all runs"): 0.4,
        ("insight.density", "over that in all runs"): 1.5,
    }  # fmt: skip
    c.__dict__["insight"] = SimpleNamespace(boxes={})
    assert isinstance(weighing.conditions(c)[0], Paragraph)
    assert weighing.holds(c) == []


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


def test_boxes_of_forecast_and_advice_are_apart(tiny, appraisal):
    assert isinstance(bottom_line._advice(tiny.context(appraisal=appraisal)), Box)
    appraisal["score"] = tiny.array([[0.4] * 4] * 3)
    assert isinstance(choice.ranks(tiny.context(appraisal=appraisal)), Figure)


def test_advice_names_the_two_criteria_that_gain_most(tiny):
    names = ["a", "b", "c", "d"]
    criteria = {name: SimpleNamespace(label=name.upper(), measure="", unit="", floor=None) for name in names}
    central = [[0.25] * 4, [0.1, 0.3, 0.5, 0.1], [0.25] * 4]  # beside a mean of .25: b gains .05, c .25
    found = {
        "best": "mandate",
        "ranks": tiny.array([[0.01, 0, 0], [0.98, 0, 0], [0.01, 0, 0]], ("option", "rank"), rank=[1, 2, 3]),
        "central": tiny.array(central, ("option", "criterion"), criterion=names),
        "weights": xr.DataArray([[0.25] * 4] * 2, dims=("weight", "criterion"), coords={"criterion": names}),
    }
    told = said(bottom_line._advice(tiny.context(appraisal=found, scenario={"criteria": criteria})).blocks[1])
    assert told == ["Go with a mandate: 98 %, mostly where more weight lies on C and B."]
