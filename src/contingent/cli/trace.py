"""`contingent trace`: from a number to its formula, to its inputs, to the claims they rest on, told as text or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from contingent.cli.flags import Ensemble, Flags, Place

if TYPE_CHECKING:
    from contingent.scenario.model import Scenario
    from contingent.study.result import Result
    from contingent.study.trace import Input, Traced

SHOWN = 12


def trace(
    asked: str,
    name: str = "",
    /,
    *,
    option: str | None = None,
    phase: str | None = None,
    sector: str | None = None,
    task: str | None = None,
    gate: str | None = None,
    criterion: str | None = None,
    week: str | None = None,
    world: str | None = None,
    rank: str | None = None,
    inputs: Annotated[int, Parameter(negative="")] = SHOWN,
    ensemble: Ensemble = Ensemble(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Show what is behind a number of a run, such as force.shortfall; without a name, which there are.

    Args:
        asked: a finished run, or a scenario.
        name: the result, as printed in a brief: consultation.passes, force.shortfall, mission.weapons_collected.
        option: of which option.
        phase: in which phase.
        sector: in which sector.
        task: on which task.
        gate: at which gate.
        criterion: on which criterion.
        week: in which week.
        world: in which world of events that no option decides.
        rank: at which rank.
        inputs: how many inputs to show.
        ensemble: which ensemble, where it is not run yet.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.cli import output
    from contingent.cli.load import load_or_run
    from contingent.study import trace as tracing
    from contingent.study.formulas import FORMULAS

    if not name:
        known = {name: formula.says for name, formula in FORMULAS.items()}
        output.answer(known, "\n".join(f"{name:30} {says}" for name, says in known.items()), flags)
        return 0
    result, _ = load_or_run(asked, ensemble, place, flags)
    given = {
        "option": option, "phase": phase, "sector": sector, "task": task, "gate": gate, "criterion": criterion,
        "week": week, "world": world, "rank": rank,
    }  # fmt: skip
    found = tracing.trace(result, name, **{key: value for key, value in given.items() if value is not None})
    output.answer(as_record(found, result, inputs), as_text(found, result, inputs), flags)
    return 0


def as_record(found: Traced, result: Result, shown: int) -> dict[str, Any]:
    """The trace as plain values; the `shown` inputs that move the number most, and every claim they rest on.

    Where none moves it beyond chance, the first that it is computed from.
    """
    import numpy as np

    low, high = np.nanquantile(found.values, [0.05, 0.95])
    inputs = leading(found)[:shown]
    return {
        "run": result.question.id, "name": found.name, "where": dict(found.where), "value": found.mean,
        "low": float(low), "high": float(high), "unit": found.unit, "formula": found.formula.says,
        "page": found.formula.page, "inputs": [_input(each) for each in inputs], "inputs_in_all": len(found.inputs),
        "claims": {name: _claim(result.scenario, name) for name in claims_of(inputs)},
    }  # fmt: skip


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
