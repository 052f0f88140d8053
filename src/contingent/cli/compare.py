"""`contingent compare` and `weights`: what sets two runs or two options apart, and what may weigh how much."""

from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter

from contingent.cli.flags import Flags, Place


def compare(
    first: str,
    second: str,
    /,
    *,
    run: str | None = None,
    why: Annotated[bool, Parameter(negative="--no-why")] = True,
    why_runs: int = 500,
    exit_code: Annotated[bool, Parameter(negative="")] = False,
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Compare FIRST and SECOND: two finished runs, or two options of the run given by --run.

    Args:
        first: a finished run, or an option.
        second: another.
        run: the run whose options are compared; the only run that has both if not given.
        why: attribute the difference of two runs to the assumptions that changed.
        why_runs: runs of each step of that attribution.
        exit_code: end with 1 if they differ.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.cli import output
    from contingent.cli.load import store_of
    from contingent.errors import InputError
    from contingent.study import comparison
    from contingent.study.comparison import changes
    from contingent.study.study import load

    store = store_of(place)
    known = store.ids()
    if all(any(each.startswith(name) for each in known) for name in (first, second)) and run is None:
        before, after = load(first, store), load(second, store)
        found = comparison.runs_apart(before, after)
        changed = changes(before.scenario, after.scenario)
        parts = comparison.attribute(before, after, runs=why_runs) if why and changed else ()
        names = (before.question.id, after.question.id)
        paired = comparison.same_ensemble(before, after)
    else:
        holding = [run] if run else [
            each for each in known if {first, second} <= set(store.manifest(each).options)
        ]  # fmt: skip
        if len(holding) != 1:
            what = "no finished run has" if not holding else f"{len(holding)} runs ({', '.join(holding[:4])}) have"
            raise InputError(f"{what} options {first} and {second}; name one with --run")
        result = load(holding[0], store)
        found, changed, parts, paired = comparison.options_apart(result, first, second), (), (), True
        names = (first, second)
    if flags.json:
        output.emit_json({
            "first": names[0], "second": names[1], "paired": paired,
            "differences": [
                {key: None if value != value else value for key, value in asdict(d).items()} for d in found
            ],
            "changes": [{"path": c.path, "before": c.before, "after": c.after} for c in changed],
            "attribution": [{"group": p.group, "carried": p.carried} for p in parts],
        })  # fmt: skip
    else:
        _tell(names, found, changed, parts, paired)
    return 1 if exit_code and any(d.mean for d in found) else 0


def _tell(names, found, changed, parts, paired) -> None:
    from contingent.cli import output

    output.print_result(
        f"{names[1]} less {names[0]}, {'paired by run' if paired else 'not paired: other seed or number of runs'}"
    )
    ties = any(d.same > 0 for d in found)
    shares = ("  higher in" + ("  same in" if ties else "")) if paired else ""
    option = None
    for d in found:
        if d.option != option:
            option = d.option
            output.print_result(
                f"\n{option}\n{'':28} {'first':>10} {'second':>10} {'difference':>11}  {'90 % of runs':>23}{shares}"
            )
        share = f"  {d.better:9.0%}" + (f"  {d.same:7.0%}" if d.same else "") if paired else ""
        output.print_result(
            f"{d.measure:28} {d.first:10.4g} {d.second:10.4g} {d.mean:+11.4g}  {d.low:+10.4g} to {d.high:+9.4g}{share}"
        )
    if changed:
        output.print_result("\nassumptions that changed")
        for change in changed[:40]:
            output.print_result(f"  {change}")
        if len(changed) > 40:
            output.print_result(f"  ... and {len(changed) - 40} more; --json lists all")
    if parts:
        output.print_result("\nwhat they carry of the difference in the chance of passing (points)")
        for part in parts:
            carried = ", ".join(f"{name} {100 * value:+.1f}" for name, value in part.carried.items())
            output.print_result(f"  {part.group}: {carried}")


def weights(scenario: str, /, *, flags: Flags = Flags()) -> int:
    """Print what to ask whoever decides about weights, in SCENARIO's own units, and what its sets of weights imply.

    Exit code 2 where statements contradict each other.
    """
    import numpy as np

    from contingent.appraisal.prices import asked, implied, piece
    from contingent.cli import output
    from contingent.scenario.read import read
    from contingent.study.formulas import engine_faults

    question = read(scenario, engine_faults)
    criteria = question.criteria
    said = {"": ("nothing more said", question.weights)}
    said |= {name: (each.label, each.statements) for name, each in question.weight_sets.items()}
    sets = {name: {"label": label, **implied(criteria, told)} for name, (label, told) in said.items()}
    if flags.json:
        output.emit_json({"scenario": question.name, "questions": asked(criteria), "sets": sets})
        return 0
    for each in asked(criteria):
        output.print_result(f"{each['asks']}\n    {each['write']}")
    heads = "".join(f"{(name or 'any'):>16}" for name in sets)
    output.print_result(f"\nmean weights, %\n{'':28}{heads}")
    for name in criteria:
        shares = "".join(f"{100 * one['weights'][name]:16.0f}" for one in sets.values())
        output.print_result(f"{name:28}{shares}")
    unit = sets[""]["unit"]
    output.print_result(f"\nimplied prices, in {criteria[unit].unit or unit}" if unit else "")
    for name in sets[""]["prices"]:
        each = criteria[name]
        row = "".join(f"{one['prices'].get(name, np.nan) * piece(each):16.3g}" for one in sets.values())
        output.print_result(f"{f'{piece(each):g} {name}':28}{row}")
    return 0
