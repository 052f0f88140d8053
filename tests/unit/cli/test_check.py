"""An unsourced number is ranked by a run of this very scenario, or it is said why it is not."""

import json
import shutil
import subprocess
import sys

import pytest

from contingent.cli import run
from contingent.cli.scenario import ranked
from contingent.scenario.read import read, shipped
from contingent.study.question import Question
from contingent.study.run_files import RunFiles
from contingent.study.store import Store

PATH = "reference_class.recorded_refusals"


@pytest.fixture
def folder(tmp_path):
    """A folder of one finished run of the shipped case, of which only what `check` reads is there."""
    question = Question(read("isf_gaza"), ("decline",), 1, 40, "0")
    files = RunFiles.under_way(tmp_path / ".partial")
    files.put("influence.json", json.dumps({PATH: 0.25}).encode())
    Store(tmp_path).finish(question, files)
    return tmp_path


def test_influence_is_that_of_a_run_of_this_very_scenario(folder):
    case = read("isf_gaza")
    assert Store(folder).influence(case) == {PATH: 0.25}
    assert Store(folder).influence(case.model_copy(update={"horizon": case.horizon + 1})) == {}


@pytest.mark.parametrize(
    ("path", "drawn", "says"),
    [
        ("mandate.troop_ceiling", False, "not drawn"),
        (PATH, True, "25.0% of the spread"),
        ("options.decline.terms.participation", True, "drawn for its own option only"),
        ("process.noise", True, "influence unknown until the scenario is run as it is now"),
    ],
)
def test_it_is_said_how_much_a_number_matters_or_why_that_is_unknown(path, drawn, says):
    assert ranked(path, {PATH: 0.25}, drawn=drawn).startswith(says)


def test_a_scenario_without_unsourced_numbers_is_checked_without_the_engines():
    code = (
        "import sys; from contingent.cli.scenario import check; check('isf_gaza'); "
        "assert 'contingent.study.sampling' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)


@pytest.fixture
def case(tmp_path, capsys):
    """A copy of the shipped case with `changes` to a file's text, and what `contingent VERB` says of it."""

    def told(*changes, file="criteria.yaml", verb="check"):
        folder = tmp_path / "case"
        if not folder.exists():
            shutil.copytree(shipped()["isf_gaza"], folder)
        text = (folder / file).read_text("utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1)
        (folder / file).write_text(text, "utf-8")
        capsys.readouterr()
        code = run([verb, str(folder)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return told


def test_a_measure_that_does_not_exist_is_said_with_file_and_line(case):
    code, told = case(("measure: mission.own_deaths", "measure: mission.own_death"))
    assert code == 2
    assert "case/criteria.yaml:" in told
    assert "there is no `mission.own_death`; did you mean `mission.own_deaths`?" in told


def test_statements_on_weights_that_contradict_each_other_are_said_in_every_set(case):
    said = "      - {criterion: price, at_least: 0.3}\n"
    code, told = case((said, said + "      - {criterion: force, equals: 0.8}\n"))
    assert code == 2
    assert "weight_sets.finance.statements: no weights satisfy these statements together: price weighs at least" in told
    assert case(verb="weights")[0] == 2
    code, told = case(("{criterion: force, equals: 0.8}", "{criterion: force, equals: 0.1}"))
    assert code == 0, "an exact weight is none"
    code, told = case(("{criterion: force, equals: 0.1}", "{criterion: law, than: price, times: 2}"),
                      ("{order: [relations, force]}", "{order: [price, law]}"),
                      ("{criterion: price, at_least: 0.3}", "{order: [home, people]}"))  # fmt: skip
    assert code == 2
    assert "together leave no weight at all for" in told, "a ratio that only nothing at all can keep"
    assert "cost" in told


def test_names_in_statements_on_weights_are_criteria_or_groups(case):
    code, told = case(("order: [own_risk, exit]", "order: [own_risks, exit]"))
    assert code == 2
    assert "there is no criterion or group `own_risks`; did you mean `own_risk`?" in told
    code, told = case(("order: [own_risks, exit]", "criterion: force, amount: 3, than: cost"))
    assert "gives an amount of `force`, a group of criteria" in told


def test_a_judged_criterion_wants_a_judgement_in_every_option(case):
    options = (shipped()["isf_gaza"] / "options.yaml").read_text("utf-8")
    judged = next(line for line in options.splitlines(keepends=True) if "plan_consistency:" in line)  # of decline
    code, told = case((judged, ""), file="options.yaml")
    assert code == 2
    assert "options.decline.judgements: says nothing of the judged criterion `plan_consistency`" in told


def test_a_position_that_weighs_in_the_passage_is_noted_where_it_is_a_criterion_too(case):
    code, told = case(("measure: force.coverage", "measure: consultation.nearness_united_states"))
    assert code == 0
    assert "repeats the position of `united_states`, which already weighs in what passes" in told
    _, told = case(("measure: consultation.nearness_united_states", "measure: consultation.passes"))
    assert "is a chance and no value" in told


def test_weights_are_asked_in_the_cases_own_units_and_each_set_has_its_prices(case):
    code, told = case(verb="weights")
    assert code == 0
    assert "How much, in million USD of 2025, would you give for Risk to own personnel from 30 to 0 deaths" in told
    assert "{criterion: own_risk, than: cost, than_amount: AMOUNT, exactly: true}" in told


def test_an_exact_price_is_the_price_that_is_printed(case, tmp_path, capsys):
    said = "      - {criterion: price, at_least: 0.3}\n"
    case((said, "      - {criterion: own_risk, amount: 1, than: cost, than_amount: 10, exactly: true}\n"))
    assert run(["weights", str(tmp_path / "case"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    finance = found["sets"]["finance"]
    assert finance["prices"]["own_risk"] == pytest.approx(10, rel=1e-9)
    assert sum(finance["weights"].values()) == pytest.approx(1)
    assert [each["criterion"] for each in found["questions"]] == list(read("isf_gaza").criteria)
