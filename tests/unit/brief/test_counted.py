"""The brief says what its chances, losses and drivers count, and what they leave out."""

import numpy as np
import pytest

from contingent.brief.context import Context
from contingent.brief.document.blocks import words
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.sections import drivers, ground, passing


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
    assert passing.days(context)[0].value == pytest.approx(middle)


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


def test_losses_are_those_where_people_go(context, result):
    sent = context.sent(context.focus).to_numpy()
    assert 0 < sent.mean() < 1
    name = next(n for n, each in result.scenario.criteria.items() if each.measure == "mission.own_deaths")
    lost = result.performance.sel(option=context.focus, criterion=name).to_numpy()[sent]
    assert [each.value for each in ground.losses(context)] == pytest.approx(np.quantile(lost, [0.5, 0.95]))
