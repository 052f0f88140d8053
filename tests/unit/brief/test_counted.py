"""The brief says what its chances, medians and drivers count, and what they leave out."""

import re
from dataclasses import replace

import numpy as np
import pytest

from contingent.brief.context import Context
from contingent.brief.document.blocks import words
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.number import confidence
from contingent.brief.sections import bottom_line, drivers, passing
from contingent.scenario.option import WeightStatement


@pytest.fixture(scope="module")
def context(result):
    return Context(result, Catalogue("en"))


def plain(text):
    return words(text).replace("\u00a0", " ")


def test_the_hardest_gate_is_none_of_those_who_accept(context, result):
    gates = result.scenario.process.gates
    hardest = plain(passing.gates(context).reading)
    assert not any(gate.label in hardest for gate in gates.values() if gate.stage == "acceptance")


def test_days_count_runs_by_their_chance_to_pass(context, result):
    table = result.tables["consultation"].sel(option=context.focus)
    days, weights = table["days"].to_numpy(), table["passes"].to_numpy()
    order = np.argsort(days)
    reached = np.cumsum(weights[order]) / weights.sum()
    middle = days[order][np.searchsorted(reached, 0.5)]
    assert passing._days(context, table)[0].value == pytest.approx(middle)
    never = table.assign(passes=table["passes"] * 0)
    assert passing._days(context, never)[0].value == pytest.approx(float(np.median(days)))


def test_only_what_moves_the_chance_beyond_chance_is_a_driver(context, monkeypatch):
    noise = np.random.default_rng(7).random(context.result.question.runs)
    values = context.passes(context.focus).copy(data=noise)
    monkeypatch.setattr(Context, "passes", lambda self, option: values)
    assert drivers.strongest(context) == []
    assert "No single assumption" in plain(next(iter(drivers.tornado(context).text)))
    some = next(
        path for path, e in context.result.scenario.estimates() if path.startswith("process.") and not e.certain
    )
    moved = context.result.design.uniform(some)
    values = values.copy(data=moved)
    assert [each.path for each in drivers.strongest(context)] == [some]


def test_losses_are_told_apart_where_nobody_may_be_sent(context, result):
    sent = context.sent(context.focus).to_numpy()
    assert 0 < sent.mean() < 1
    told = plain(bottom_line._keys(context).items[2].interval)
    name = next(n for n, each in result.scenario.criteria.items() if each.measure == "mission.own_deaths")
    lost = result.performance.sel(option=context.focus, criterion=name).to_numpy()[sent]
    found = re.search(r"where anybody is sent \((\d+) % of runs\), median ([\d ]+) \(", told)
    assert found
    assert int(found[1]) == pytest.approx(100 * sent.mean(), abs=0.51)
    assert float(found[2]) == pytest.approx(np.median(lost), abs=0.51)


def test_stated_weights_are_not_denied(result):
    scenario = result.scenario.model_copy(
        update={"weights": (WeightStatement(criterion=next(iter(result.scenario.criteria)), at_least=0.2),)}
    )
    stated = Context(replace(result, question=replace(result.question, scenario=scenario)), Catalogue("en"))
    said = plain(tuple(part for block in bottom_line._advice(stated).blocks for part in getattr(block, "text", ())))
    assert "Within the weights that were stated" in said
    assert "Nobody has said" not in said


def test_confidence_is_low_where_nothing_can_be_told_from_chance():
    assert confidence(unsourced=None, spread=0.1, tested=True) == ("low", "few")
