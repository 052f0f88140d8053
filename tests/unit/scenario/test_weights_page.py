"""Every statement that the page on weights shows can be written, and holds of the weights that are drawn."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from contingent.appraisal.weights import half_spaces, sample_weights
from contingent.scenario.option import Criterion, WeightSet, WeightStatement
from contingent.scenario.read import read

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "weights.md").read_text("utf-8")
SHOWN = re.findall(r"`(\{(?:criterion|order): [^`]+\})`", PAGE)
yaml = YAML(typ="safe")


def test_the_page_shows_every_kind_of_statement():
    said = [WeightStatement.model_validate(yaml.load(text)) for text in SHOWN]
    fields = {name for each in said for name in each.model_fields_set}
    assert fields == set(WeightStatement.model_fields) - {"claims", "assumption"}


@pytest.mark.parametrize("text", SHOWN)
def test_a_statement_on_the_page_holds_of_the_weights_drawn(text):
    criteria = dict(read("isf_gaza").criteria)
    refusal = {"label": "Refusal", "question": "?", "measure": "attempt.fails", "worst": 1, "best": 0}
    criteria["refusal"] = Criterion.model_validate(refusal)
    said = [WeightStatement.model_validate(yaml.load(text))]
    drawn = sample_weights(criteria, said, count=300, seed=1)
    matrix, bound = half_spaces(criteria, said)
    assert len(matrix)
    assert (drawn @ matrix.T <= bound + 1e-9).all()


def test_the_set_on_the_page_is_a_set():
    block = re.search(r"(?ms)^    weight_sets:\n.*?\n\n", PAGE)[0]
    found = yaml.load(block)["weight_sets"]["army"]
    made = WeightSet.model_validate(found)
    assert len(sample_weights(read("isf_gaza").criteria, made.statements, count=50, seed=1)) == 50
