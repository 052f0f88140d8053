"""What each of the mission's numbers rests on: its prior and its citation, its posterior or the word judgement."""

from __future__ import annotations

from typing import Any

from contingent.mission.calibration.learn import Learned
from contingent.mission.parameters import priors
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario

JUDGEMENT, DEFINITION = "judgement", "definition"


def rows(scenario: Scenario, learned: dict[str, Learned]) -> list[dict[str, Any]]:
    """One row a parameter, in the order of the table of priors, as plain values.

    `posterior` is None and `status` is `judgement` where no data inform the parameter, whatever its prior rests on.
    """
    found = []
    for name, prior in priors().items():
        told, here = learned.get(name), scenario.theatre.parameters.get(name)
        found.append({
            "parameter": name,
            "symbol": prior.symbol,
            "equation": prior.equation,
            "unit": prior.estimate.unit.name,
            "prior": plain(prior.estimate),
            "basis": prior.basis,
            "source": prior.source,
            "scenario": plain(here) if here else None,
            "posterior": plain(told.estimate) if told else None,
            "status": "posterior" if told else DEFINITION if prior.basis == DEFINITION else JUDGEMENT,
            "data": f"{told.data} ({told.count})" if told else None,
        })  # fmt: skip
    return found


def plain(estimate: Estimate) -> dict[str, float]:
    """Median and 90 % interval."""
    return {"best": estimate.best, "low": estimate.low, "high": estimate.high}


def to_text(table: list[dict[str, Any]]) -> str:
    """The table for people: posteriors first, then everything else with its citation."""

    def said(value: dict[str, float] | None) -> str:
        return "-" if value is None else str(Estimate(value["best"], value["low"], value["high"]))

    first = [row for row in table if row["posterior"]]
    lines = [f"{'parameter':24}{'eq.':>6}  {'prior':28}{'in the scenario':28}{'posterior':28}data"]
    lines += [
        f"{row['parameter']:24}{row['equation']:>6}  {said(row['prior']):28}{said(row['scenario']):28}"
        f"{said(row['posterior']):28}{row['data']}"
        for row in first
    ]
    lines += ["", f"{'parameter':24}{'eq.':>6}  {'prior':28}{'in the scenario':28}{'':12}source"]
    lines += [
        f"{row['parameter']:24}{row['equation']:>6}  {said(row['prior']):28}{said(row['scenario']):28}"
        f"{row['status']:12}{row['source']}"
        for row in table
        if not row["posterior"]
    ]
    return "\n".join(lines)
