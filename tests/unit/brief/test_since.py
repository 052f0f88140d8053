"""What changed since the last issue, and traces from a number to its claims."""

import re
from dataclasses import replace

import pytest
from test_bars import annex_page

import contingent as ct
from contingent.brief import compose, record
from contingent.brief.context import Context
from contingent.brief.document.blocks import texts, words
from contingent.brief.number import printed
from contingent.brief.sections.bottom_line import _carried, since
from contingent.cli.brief import as_text
from contingent.consultation.consult import deliberate
from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.study import comparison
from contingent.study.attribution import attribute
from contingent.study.study import Study
from contingent.study.trace import as_record, trace


@pytest.fixture(scope="module")
def earlier(result):
    raw = ct.read("isf_gaza").model_dump(mode="json")
    raw["stakeholders"]["army_leadership"]["stakes"]["participation"]["position"] = 20
    raw["process"]["deadline"] = 60
    return Study(type(result.scenario).model_validate(raw)).run(result.question.runs)


def test_the_brief_says_what_changed_and_why(result, earlier, brief):
    made = compose(result, since=earlier)
    said = " ".join(record(made)["sections"][0]["text"])
    assert earlier.question.id in said
    assert "position on “Taking part in the force”: 20 \u2192" in said
    assert "carries" in said
    assert printed(made.numbers()) == printed(brief.numbers())
    assert annex_page(made.render("pdf"), made.annexes[0].heading) == 3, "set more tightly, it still fits two pages"


def test_differences_of_runs_are_paired(result, earlier):
    found = {(d.option, d.measure): d for d in comparison.runs_apart(earlier, result)}
    moved = found["support_only", "consultation.passes"]
    assert moved.mean == pytest.approx(moved.second - moved.first)
    assert moved.low <= moved.mean <= moved.high or moved.low == moved.high
    assert comparison.same_ensemble(earlier, result)


def test_the_attribution_adds_up(result, earlier):
    parts = attribute(earlier.question, result.question, runs=40)
    assert {part.group for part in parts} == {"stakeholders.army_leadership", "process.deadline"}
    design = Design(result.question.seed, 40)
    for option in ("support_only", "un_mandate_full"):
        both = [float(deliberate(r.scenario, design).consultation(option).passes.mean()) for r in (earlier, result)]
        assert sum(part.carried[option] for part in parts) == pytest.approx(both[1] - both[0], abs=1e-12)


def test_options_apart(result):
    found = {d.measure: d for d in comparison.options_apart(result, "decline", "support_only")}
    assert found["consultation.passes"].second < found["consultation.passes"].first == 1.0
    with pytest.raises(InputError, match="did you mean"):
        comparison.options_apart(result, "decline", "support_onyl")


def test_a_trace_leads_to_quotes(result):
    found = trace(result, "consultation.passes", option="support_only")
    assert found.mean == pytest.approx(float(result.tables["consultation"]["passes"].sel(option="support_only").mean()))
    shares = [each.share for each in found.inputs]
    assert shares == sorted(shares, reverse=True)
    told = as_record(found, result, 30)
    assert told["claims"]
    assert any(claim["quote"] for claim in told["claims"].values())
    assert "formula:" in as_text(as_record(found, result, 5))


def test_a_trace_into_the_plan(result):
    found = trace(result, "force.shortfall", phase="entry", sector="rafah")
    plan = result.force["shortfall"].sel(option=found.where["option"], world=found.where["world"])
    assert found.mean == pytest.approx(float(plan.sel(phase="entry", sector="rafah").sum()))
    assert found.inputs[0].path.split(".")[0] in ("requirements", "pledges")


@pytest.mark.parametrize(
    ("name", "where", "message"),
    [
        ("force.shortfal", {}, "did you mean `?force.shortfall"),
        ("force.shortfall", {"sector": "rafa"}, "did you mean `?rafah"),
        ("consultation.passes", {"sector": "rafah"}, "has no sector"),
        ("performance.price", {}, "no result"),
    ],
)
def test_a_trace_into_nothing_says_what_there_is(result, name, where, message):
    with pytest.raises(InputError, match=message):
        trace(result, name, **where)


def test_every_printed_result_can_be_traced(result, brief):
    names = {n.trace.name for n in brief.numbers() if n.trace.kind == "result"}
    from contingent.study.formulas import formula_of

    for name in names:
        assert formula_of(name), name


def test_a_number_that_stands_by_itself_is_named_with_what_it_is(result, earlier, brief):
    said = words(_carried(Context(result, brief.catalogue), earlier))
    assert re.search(r"The decision process: deadline [+\u2212]?\d", said)
    assert re.search(r"Leadership of the Pakistan Army [+\u2212]?\d", said)


def test_nothing_is_carried_where_the_earlier_run_lacks_the_option(result, earlier, brief):
    c = Context(result, brief.catalogue)
    lacking = tuple(option for option in earlier.options if option != c.focus)
    before = replace(earlier, question=replace(earlier.question, options=lacking))
    said = [words(text) for block in since(c, before).blocks for text in texts(block)]
    assert any("Assumptions that changed" in text for text in said)
    assert not any("carries" in text for text in said)
