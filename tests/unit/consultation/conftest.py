"""Small decisions whose every number is certain, so that what comes of them can be worked out by hand."""

from datetime import date

import numpy as np
import pytest

from contingent.consultation import consult, dispositions
from contingent.consultation.stakes import Stakes
from contingent.scenario.model import Scenario
from contingent.scenario.option import Option
from contingent.scenario.process import Issue, Process, Stakeholder

PLAIN = {
    "decider": "ann", "status_quo": {"scope": 0}, "deadline": 100, "noise": 0.1, "shared": 0, "bloc_correlation": 0.5,
    "pressure": 0.5, "gates": {},
}  # fmt: skip


def _gate(kind, members=(), **more):
    """A gate whose members are given as names, or as name -> what it is (seats at least)."""
    parts = members if isinstance(members, dict) else {name: {} for name in members}
    return {"label": kind, "kind": kind, "duration": 0, **more} | (
        {"members": {name: {"seats": 1, **part} for name, part in parts.items()}} if parts else {}
    )


def _decision(gates=None, *, issues=None, stakeholders=None, options=None, **process):
    """A scenario of nothing but a decision process; `gates` and `process` as in a file, numbers certain.

    `options`: name -> terms; nothing done is the baseline.
    """
    read = Process.model_validate({**PLAIN, **process, "gates": gates or {}})
    parts = dict.fromkeys(Scenario.model_fields) | {
        "issues": {
            name: Issue.model_validate({"label": name, "question": "?", "anchors": {}, **about})
            for name, about in (issues or {"scope": {}}).items()
        },
        "stakeholders": {
            name: Stakeholder.model_validate({"label": name, **about}) for name, about in (stakeholders or {}).items()
        },
        "process": read,
        "options": {
            name: Option.model_validate({"label": name, "summary": "", "terms": terms})
            for name, terms in {"nothing": {}, **(options or {})}.items()
        },
        "baseline": "nothing",
        "horizon": 104,
        "pledges": (),
        "caveats": {},
        "contributor": "XXX",
        "contributors": {},
        "as_of": date(2024, 1, 1),
        "happened": (),
        "name": "small",
    }
    return Scenario.model_construct(**parts)


def _stakes(**who):
    """Certain stakes on one issue in one run: name -> (position 0 to 1, salience 0 to 1, capability)."""
    rows = np.array(list(who.values()), dtype=float)
    return Stakes(tuple(who), ("scope",), rows[None, :, :1], rows[None, :, 1:2], rows[None, :, 2])


@pytest.fixture
def gate():
    return _gate


@pytest.fixture
def decision():
    return _decision


@pytest.fixture
def stakes():
    return _stakes


@pytest.fixture
def no_record(monkeypatch):
    """Past decisions say yes with .7, deliver with .75 and take no time."""
    always = lambda value: lambda scenario, design: np.full(len(design.index), value)  # noqa: E731
    monkeypatch.setattr(dispositions, "record_of", always(0.7))
    monkeypatch.setattr(consult, "delivered", always(0.75))
    monkeypatch.setattr(consult, "days_to_decide", always(0.0))
