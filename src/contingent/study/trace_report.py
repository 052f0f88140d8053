"""How is a trace told: as plain values for programs, as text for people?"""

from __future__ import annotations

from typing import Any

import numpy as np

from contingent.scenario.model import Scenario
from contingent.study.result import Result
from contingent.study.trace import Input, Traced


def as_record(found: Traced, result: Result, shown: int) -> dict[str, Any]:
    """The trace as plain values; the `shown` inputs that move the number most, and every claim they rest on.

    Where none moves it beyond chance, the first that it is computed from.
    """
    low, high = np.nanquantile(found.values, [0.05, 0.95])
    inputs = leading(found)[:shown]
    return {
        "run": result.question.id,
        "name": found.name,
        "where": dict(found.where),
        "value": found.mean,
        "low": float(low),
        "high": float(high),
        "unit": found.unit,
        "formula": found.formula.says,
        "page": found.formula.page,
        "inputs": [_input(each) for each in inputs],
        "inputs_in_all": len(found.inputs),
        "claims": {name: _claim(result.scenario, name) for name in claims_of(inputs)},
    }


def as_text(found: Traced, result: Result, shown: int) -> str:
    """The trace as lines: number, formula, inputs with what they rest on, claims with their quotes."""
    record = as_record(found, result, shown)
    where = ", ".join(f"{key} {value}" for key, value in found.where.items())
    lines = [f"{found.name}" + (f" [{where}]" if where else "")]
    unit = "" if found.unit == "1" else f" {found.unit}"
    number = f"  = {found.mean:,.4g}{unit}"
    lines.append(
        number
        if record["low"] == record["high"]
        else f"{number}, 90 % of runs {record['low']:,.4g} to {record['high']:,.4g}"
    )
    lines += [f"  formula: {found.formula.says}", f"           {found.formula.page}"]
    inputs = leading(found)
    told = "that move it most" if inputs[:1] and inputs[0].share else "it is computed from"
    lines.append(f"  inputs {told}, of {len(found.inputs)}:")
    for each in inputs[:shown]:
        rests = ", ".join(each.estimate.claims) or (
            "assumption: " + each.estimate.assumption if each.estimate.assumption else "unsourced"
        )
        moved = f"{each.share:5.1%}" if each.share else "     "
        lines.append(f"    {moved}  {each.path} = {each.estimate}   [{rests}]")
    if record["claims"]:
        lines.append("  claims:")
    for name, claim in record["claims"].items():
        lines.append(f"    {name}  {claim['says']}")
        lines.append(f"        {claim['speaker'] or claim['document']}, {claim['attribution']}, grade {claim['grade']}")
        if claim["quote"]:
            lines.append(f"        \u201c{claim['quote']}\u201d")
    return "\n".join(lines)


def leading(found: Traced) -> tuple[Input, ...]:
    """The inputs that move a number beyond chance; where there are none, all it is computed from."""
    return tuple(each for each in found.inputs if each.share) or found.inputs


def claims_of(inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """The claims that these inputs rest on, in order of first mention."""
    return tuple(dict.fromkeys(claim for each in inputs for claim in each.estimate.claims))


def _input(each: Input) -> dict[str, Any]:
    e = each.estimate
    return {
        "path": each.path, "best": e.best, "low": e.low, "high": e.high, "unit": e.unit.name, "share": each.share,
        "claims": list(e.claims), "assumption": e.assumption,
    }  # fmt: skip


def _claim(scenario: Scenario, name: str) -> dict[str, Any]:
    claim = scenario.claims[name]
    return {
        "says": claim.says, "quote": claim.quote, "speaker": claim.speaker, "attribution": claim.attribution,
        "grade": claim.grade, "document": scenario.documents[claim.document].title,
    }  # fmt: skip
