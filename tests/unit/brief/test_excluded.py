"""A floor that is a veto, a tail that counts and exact weights, from the study's tables to the brief."""

from dataclasses import replace

import numpy as np
import pytest

from contingent.brief import compose
from contingent.brief.context import Context
from contingent.brief.document.blocks import joined, texts, words
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.sections.weighing import left_out
from contingent.errors import InputError
from contingent.quantities import Estimate
from contingent.scenario.option import WeightStatement
from contingent.study import comparison
from contingent.study.result import Result, headline
from contingent.study.trace import trace

ALONE, BASE = "agreement_only_full", "decline"


def judged_anew(result, statements=(), **changes):
    """The same runs with criteria changed and weights stated."""
    criteria = {name: each.model_copy(update=changes.get(name, {})) for name, each in result.scenario.criteria.items()}
    scenario = result.scenario.model_copy(update={"criteria": criteria, "weights": tuple(statements)})
    return Result.of(replace(result.question, scenario=scenario), result.scenarios, result.plans, result.tables)


def told(brief, section):
    blocks = next(each for each in brief.sections if each.id == section).blocks
    return " ".join(words(text) for block in blocks for text in texts(block)).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def vetoed(result, gaza_insight):
    legal = result.performance.sel(criterion="legal_standing")
    limit = float(np.quantile(legal.sel(option=ALONE), 0.6))
    found = judged_anew(result, legal_standing={"floor": Estimate(limit, limit, limit), "floor_risk": 0.5})
    vars(found)["insight"] = gaza_insight  # what would change the choice is not what is told here
    return found


def test_an_excluded_option_is_a_state_everywhere(vetoed):
    assert vetoed.appraisal.excluded == (ALONE,)
    assert ALONE not in vetoed.ranked
    assert vetoed.first(ALONE) == 0
    assert sum(vetoed.first(name) for name in vetoed.options) == pytest.approx(1)
    assert headline(vetoed)["options"][ALONE]["first"] == 0
    assert comparison.told(vetoed)["appraisal.first"][0].sel(option=ALONE).max() == 0
    with pytest.raises(InputError, match=f"option `{ALONE}` breaks a floor too often: it is excluded and has no"):
        trace(vetoed, "appraisal.ranks", option=ALONE)
    assert trace(vetoed, "appraisal.score", option=ALONE).mean > 0
    assert ALONE not in vetoed.structures()["as_told"].option
    assert ALONE not in vetoed.views["army"].first.option


def test_the_brief_says_what_is_excluded_and_at_what_risk(vetoed):
    brief = compose(vetoed)
    label = vetoed.scenario.options[ALONE].label
    share = float(vetoed.appraisal.broken.sel(option=ALONE, criterion="legal_standing"))
    sentence = (
        f"“{label}” is ruled out. It breaks the limit set on “Legal standing” in {100 * share:.0f} % of futures; 50 %"
    )
    assert sentence in told(brief, "bottom-line")


def test_the_baseline_may_be_excluded_too(result):
    legal = result.performance.sel(criterion="legal_standing")
    limit = float(legal.sel(option=BASE).max()) + 1
    found = judged_anew(result, legal_standing={"floor": Estimate(limit, limit, limit), "floor_risk": 0.9})
    assert BASE in found.appraisal.excluded
    assert found.appraisal.best != BASE
    assert f"“{found.scenario.options[BASE].label}” is ruled out" in words(
        joined(left_out(Context(found, Catalogue())), " ")
    )


def test_the_table_of_what_decides_counts_tails_and_weights_as_the_headline_does(result):
    exact = [WeightStatement(criterion="own_risk", amount=1, than="cost", than_amount=10, exactly=True)]
    found = judged_anew(result, exact, own_risk={"tail": 0.8}, cost={"tail": 0.5})
    shares = found.structures(weights=10_000)["as_told"]["first"]
    assert {str(n): float(v) for n, v in zip(shares.option.values, shares.values, strict=True)} == {
        name: pytest.approx(share, abs=1e-9) for name, share in found.appraisal.shares.items()
    }
    plain = judged_anew(result, exact)
    assert found.first(BASE) > plain.first(BASE), "who minds the worst that may come stays at home more often"
