"""An unsourced number is ranked by a run of this very scenario, or it is said why it is not."""

import json
import subprocess
import sys

import pytest

from contingent.cli.scenario import ranked
from contingent.scenario.read import read
from contingent.study.question import Question
from contingent.study.store import Store, manifest_of

PATH = "reference_class.recorded_refusals"


@pytest.fixture
def folder(tmp_path):
    """A folder of one finished run of the shipped case, of which only what `check` reads is there."""
    question = Question(read("isf_gaza"), ("decline",), 1, 40, "0")
    (tmp_path / question.id).mkdir()
    (tmp_path / question.id / "manifest.json").write_text(json.dumps(manifest_of(question)), "utf-8")
    (tmp_path / question.id / "influence.json").write_text(json.dumps({PATH: 0.25}), "utf-8")
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
