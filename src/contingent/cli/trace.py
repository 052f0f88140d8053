"""`contingent trace`: from a number to its formula, to its inputs, to the claims they rest on."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from contingent.cli.flags import Ensemble, Flags, Place

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
    from contingent.study.trace_report import as_record, as_text

    if not name:
        if flags.json:
            output.emit_json({known: formula.says for known, formula in FORMULAS.items()})
        else:
            output.print_result("\n".join(f"{known:30} {formula.says}" for known, formula in FORMULAS.items()))
        return 0
    result, _ = load_or_run(asked, ensemble, place, flags)
    given = {
        "option": option, "phase": phase, "sector": sector, "task": task, "gate": gate, "criterion": criterion,
        "week": week, "world": world, "rank": rank,
    }  # fmt: skip
    found = tracing.trace(result, name, **{key: value for key, value in given.items() if value is not None})
    if flags.json:
        output.emit_json(as_record(found, result, inputs))
    else:
        output.print_result(as_text(found, result, inputs))
    return 0
