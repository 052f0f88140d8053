"""How did the forecast move with everything that was learnt or happened, by how much, and why?

Sequential updating: one entry after the other, each beside the same day without it, so that time passing and what came
out are told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from contingent.consultation.consult import deliberate
from contingent.consultation.happened import agreement, effective, weighed
from contingent.consultation.outcome import STAGES, ladder
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario, learned
from contingent.scenario.option import Happened


@dataclass(frozen=True, slots=True)
class Step:
    """One dated entry: the chance of each of `STAGES` for the lowest rung by the end of the horizon, before and after.

    `expected` is the chance that the case gave to what came, on what was known before; `effective` the effective number
    of runs after it.
    """

    on: date
    what: str
    says: str
    source: str
    before: dict[str, float]
    after: dict[str, float]
    effective: float
    expected: float | None = None


def outlook(scenario: Scenario, plain: Design) -> tuple[dict[str, float], float]:
    """The chance of each stage by the end of the horizon, and the effective number of runs it rests on."""
    design, weight = weighed(scenario, plain) if scenario.happened else (plain, np.ones(len(plain.index)))
    talks = deliberate(scenario, design)
    by = np.full(len(talks.deadline), 7.0 * scenario.horizon)
    chances = {stage: float((talks.outlook.rung(1, by, stage) * weight).mean()) for stage in STAGES}
    return chances, effective(weight)


def steps(written: Scenario, plain: Design) -> Iterator[Step]:
    """Every claim that moves a number, then everything that happened, in the order of their days.

    Args:
        written: the scenario as it is written, its numbers not yet moved by claims.
        plain: the runs to weigh.

    Raises:
        InputError: what happened is impossible in the case as it is written.
    """
    if not ladder(written):
        return
    claims = [(_day(written, name), path, name) for path, names in written.learned.items() for name in names]
    told: dict[str, tuple[str, ...]] = {}
    base = written.model_copy(update={"learned": {}, "happened": ()})
    now, weighs = outlook(base, plain)
    for on, path, name in sorted(claims, key=lambda each: each[0]):
        told = {**told, path: (*told.get(path, ()), name)}
        base, before = learned(written.model_copy(update={"learned": told, "happened": ()})), now
        now, weighs = outlook(base, plain)
        claim = written.claims[name]
        yield Step(on, f"{path} by {name}", claim.says, claim.document, before, now, weighs)
    past: tuple[Happened, ...] = ()
    for one in sorted(written.happened, key=lambda each: each.on):
        quiet = base.model_copy(update={"happened": (*past, Happened(on=one.on, what="nothing"))})
        past = (*past, one)
        since, (before, _) = base.model_copy(update={"happened": past}), outlook(quiet, plain)
        now, weighs = outlook(since, plain)
        given = float(agreement(since, plain).mean() / agreement(quiet, plain).mean()) if one.came is not None else None
        came = f"times {one.factor:g}" if one.factor else {True: "came", False: "is ruled out"}.get(bool(one.came), "")
        what = one.what if one.what == "nothing" else f"{one.what} {came}"
        yield Step(one.on, what, one.says, one.source or ", ".join(one.claims), before, now, weighs, given)


def _day(written: Scenario, name: str) -> date:
    claim = written.claims[name]
    return claim.date or written.documents[claim.document].published or written.as_of
