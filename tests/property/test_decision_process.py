"""Random processes: chances are chances, and the order in which people are written down changes nothing."""

import numpy as np
import pytest

from contingent.consultation import consult as process
from contingent.consultation.consult import consult
from contingent.consultation.influence import option_contest
from contingent.consultation.opinion_pool import TrackRecord
from contingent.ensemble.design import Design
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.option import Option
from contingent.scenario.process import Issue, Process, Stakeholder

DESIGN = Design(11, 20)


@pytest.fixture(autouse=True)
def no_record(monkeypatch):
    record = lambda scenario, design: TrackRecord(  # noqa: E731
        design.uniform("record"), np.ones(len(design.index))
    )
    monkeypatch.setattr(process, "reference", record)


def between(rng, low, high):
    ends = np.sort(rng.uniform(low, high, 3))
    return {"low": ends[0], "best": ends[1], "high": ends[2]}


def random_decision(seed, order=None):
    """A decision with random stakeholders, gates and numbers; `order` writes its stakeholders and members otherwise."""
    rng = np.random.Generator(np.random.Philox(seed))
    names, issues = [f"s{k}" for k in range(5)], ["x", "y"]
    stakeholders = {
        name: {
            "label": name, "bloc": str(rng.choice(["", "left", "right"])), "capability": between(rng, 1, 9),
            "stakes": {
                issue: {"position": between(rng, 0, 100), "salience": between(rng, 5, 60)}
                for issue in issues if rng.random() < 0.8
            },
        }
        for name in names
    }  # fmt: skip
    gates = {}
    for number, kind in enumerate(rng.choice(["bargain", "vote", "veto", "advisory", "event"], 5)):
        gate = {"label": kind, "kind": str(kind), "duration": between(rng, 0, 60), "delay": between(rng, 0, 90)}
        if kind == "event":
            gate["event"] = "abroad"
        else:
            chosen = [name for name in names if rng.random() < 0.6] or names[:1]
            gate["members"] = {
                name: {"seats": float(rng.integers(1, 40)), "whip": between(rng, -1, 1), "cost": between(rng, 0, 0.3)}
                for name in chosen
            }
        if kind == "vote":
            gate["quota"] = float(rng.uniform(0.3, 0.8))
        gates[f"g{number}"] = gate
    if order is not None:
        stakeholders = {names[k]: stakeholders[names[k]] for k in order}
        for gate in gates.values():
            if "members" in gate:
                gate["members"] = {names[k]: gate["members"][names[k]] for k in order if names[k] in gate["members"]}
    read = Process.model_validate(
        {
            "decider": "s0", "status_quo": {"x": float(rng.uniform(0, 100))}, "deadline": between(rng, 30, 200),
            "noise": between(rng, 0.05, 0.4), "shared": between(rng, 0, 0.8), "bloc_correlation": between(rng, 0, 0.9),
            "amendment": between(rng, 0.05, 0.6), "pressure": between(rng, 0, 0.8), "gates": gates,
            "pool": {"share": 0.3, "process": 0.5, "reference": 0.2} if rng.random() < 0.5 else None,
            "events": {"abroad": {"label": "a", "probability": between(rng, 0.2, 0.9), "delay": between(rng, 0, 150)}},
        }
    )  # fmt: skip
    options = {
        name: Option.model_validate({"label": name, "summary": "", "terms": terms})
        for name, terms in {
            "stay": {},
            "go": {"x": float(rng.uniform(0, 100)), "y": float(rng.uniform(0, 100))},
        }.items()
    }
    return Scenario.model_construct(
        **dict.fromkeys(Scenario.model_fields)
        | {
            "issues": {i: Issue.model_validate({"label": i, "question": "?", "anchors": {}}) for i in issues},
            "stakeholders": {name: Stakeholder.model_validate(about) for name, about in stakeholders.items()},
            "process": read, "baseline": "stay", "options": options,
        }
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_every_chance_is_one_and_they_leave_room_for_a_no(seed):
    found = consult(random_decision(seed), "go", DESIGN).data
    for name in ("passes", "other_terms", "national", "kept", "accepted", "share", "process", "gate_passes"):
        assert ((found[name] >= 0) & (found[name] <= 1 + 1e-12)).all(), name
    assert (found.passes + found.other_terms <= found.national + 1e-12).all()
    assert (found.days >= 0).all()
    assert np.isfinite(found.days).all()
    assert ((found.gain >= -1 - 1e-12) & (found.gain <= 1 + 1e-12)).all()
    chance = option_contest(random_decision(seed), DESIGN)
    assert np.allclose(chance.sum("option"), 1)
    assert (chance >= 0).all()


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_stakeholders_and_members_changes_nothing(seed):
    here = consult(random_decision(seed), "go", DESIGN).data
    there = consult(random_decision(seed, order=[3, 0, 4, 1, 2]), "go", DESIGN).data
    for name in here.data_vars:
        same = there[name].sel(stakeholder=here["stakeholder"]) if "stakeholder" in here[name].dims else there[name]
        assert np.allclose(here[name], same, atol=1e-9, equal_nan=True), name


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_lost_by_a_surer_event_or_a_later_deadline(seed):
    scenario = random_decision(seed)
    now = consult(scenario, "go", DESIGN)
    sure, endless = Estimate(1, 1, 1), Estimate(9e9, 9e9, 9e9)
    events = {name: e.model_copy(update={"probability": sure}) for name, e in scenario.process.events.items()}
    surer = scenario.process.model_copy(update={"events": events})
    later = scenario.process.model_copy(update={"deadline": endless})
    for changed in (surer, later):
        found = consult(scenario.model_copy(update={"process": changed}), "go", DESIGN)
        assert (found.passes >= now.passes - 1e-12).all()
        assert (found.other_terms >= now.other_terms - 1e-12).all()
