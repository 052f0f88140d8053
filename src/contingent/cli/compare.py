"""`contingent compare`, `what-if` and `sweep`: what sets two runs or options apart, and what a change does."""

import csv
from dataclasses import asdict
from math import nan
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from contingent.cli.flags import Flags, Place, Sample

SWEPT = {
    "consultation.passes": "decided on its own terms, were it put forward",
    "appraisal.first": "best, share of weights and runs",
}  # printed of every design
SLIGHT = 0.005  # of a result: smaller moves are named, not printed


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
    from contingent.study import attribution, comparison
    from contingent.study.comparison import changes
    from contingent.study.study import load

    store = store_of(place)
    known = store.ids()
    if all(any(each.startswith(name) for each in known) for name in (first, second)) and run is None:
        before, after = load(first, store), load(second, store)
        found = comparison.runs_apart(before, after)
        changed = changes(before.scenario, after.scenario)
        parts = attribution.attribute(before, after, runs=why_runs) if why and changed else ()
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
            "structure": list(comparison.structure(changed)),
            "changes": [{"path": c.path, "before": c.before, "after": c.after} for c in changed],
            "attribution": [{"group": p.group, "carried": p.carried} for p in parts],
        })  # fmt: skip
    else:
        _tell(names, found, changed, parts, paired)
    return 1 if exit_code and any(d.mean for d in found) else 0


def _tell(names, found, changed, parts, paired) -> None:
    from contingent.cli.output import print_result
    from contingent.study.comparison import structure

    for line in structure(changed):
        print_result(line)
    print_result(
        f"{names[1]} less {names[0]}, {'paired by run' if paired else 'not paired: other seed or number of runs'}"
    )
    _tell_differences(found, paired=paired)
    for change in changed[:40]:
        print_result(f"  {change}")
    if len(changed) > 40:
        print_result(f"  ... and {len(changed) - 40} more; --json lists all")
    if parts:
        print_result("\nwhat the changes carry of the difference in the chance of passing (points)")
        for part in parts:
            carried = ", ".join(f"{name} {100 * value:+.1f}" for name, value in part.carried.items())
            print_result(f"  {part.group}: {carried}")


def _tell_differences(found, *, paired: bool = True) -> None:
    """What differs, by result and option; what hardly does, or no more than chance would, and what does not."""
    from contingent.cli.output import print_result

    moved = [d for d in found if d.same != 1]
    large = [d for d in moved if abs(d.mean) > SLIGHT * max(abs(d.first), abs(d.second))]
    large = [d for d in large if not paired or d.interval[0] > 0 or d.interval[1] < 0]
    heads = f"{'90 % interval':>24}  {'higher in':>9}" if paired else ""
    print_result(f"\n{'':58}{'first':>10} {'second':>10} {'difference':>11}{heads}  in nine runs of ten" * bool(large))
    name = None
    for d in large:
        if d.measure != name:
            name = d.measure
            print_result(f"{name}{'' if d.unit == '1' else f', {d.unit}'}")
        ends = f"{d.first:10.4g} {d.second:10.4g} {d.mean:+11.3g}"
        sure = f"  {d.interval[0]:+10.3g} to {d.interval[1]:+8.3g}  {d.better:9.0%}" if paired else ""
        print_result(f"  {d.option[:55]:56}{ends}{sure}  {d.low:+.3g} to {d.high:+.3g}")
    told, still = {d.measure for d in large}, {d.measure for d in moved}
    for says, names in (
        ("hardly apart, or no more than chance would make it", sorted(still - told)),
        ("the same to the last bit", [n for n in dict.fromkeys(d.measure for d in found) if n not in still]),
    ):
        print_result(f"\n{says}: {', '.join(names)}" * bool(names))


def what_if(
    case: str,
    /,
    *change: str,
    option: str | None = None,
    sample: Sample = Sample(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Ask CASE (a scenario or a finished run) again with each CHANGE made, and show every result before and after.

    Args:
        case: a shipped name, a folder, or a finished run.
        change: PATH=VALUE, such as process.deadline=90 or stakeholders.*.capability=x2; VALUE is as in a scenario file,
            `none` takes an entry away, `x2` doubles a number with its interval, and * is any one step.
        option: only this option's results.
        sample: which ensemble, of a scenario.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.cli import output
    from contingent.cli.load import load_or_run
    from contingent.errors import InputError, did_you_mean
    from contingent.study.what_if import asked
    from contingent.study.what_if import what_if as tried

    before, _ = load_or_run(case, sample.ensemble, place, flags)
    if option is not None and option not in before.options:
        raise InputError(f"there is no option `{option}`; {did_you_mean(option, before.options)}")
    if not change:
        raise InputError("say what changes: PATH=VALUE, such as process.deadline=90")
    found = tried(before, asked(before.scenario, change))
    if flags.json:
        values = found.values
        if option:
            values = {side: {name: {option: row[option]} for name, row in rows.items() if option in row}
                      for side, rows in values.items()}  # fmt: skip
        question = {"scenario": before.scenario.name, "runs": before.question.runs, "seed": before.question.seed}
        output.emit_json({
            **question, "changes": {path: str(value) for path, value in found.changes.items()},
            "through": list(found.through), **values, "unchanged": list(found.unchanged),
        })  # fmt: skip
    else:
        _tell_change(found, option)
    return 0


def _tell_change(found, option: str | None) -> None:
    from contingent.cli.output import print_result
    from contingent.study.comparison import changes

    for change in changes(found.before.scenario, found.after.scenario):
        print_result(str(change))
    print_result(f"through {', '.join(found.through) or 'nothing: no result moves'}")
    _tell_differences([each for each in found.effects if option in (None, each.option)])


def sweep(
    case: str,
    /,
    *,
    over: Path,
    to: Annotated[Path | None, Parameter(name="--to")] = None,
    sample: Sample = Sample(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Ask CASE again under each design that a file lists, with the same draws.

    Args:
        case: a shipped name, a folder, or a finished run.
        over: the designs: a .csv with a path at the head of each column and a design in each row, or YAML with a list
            of changes, or with a list of values by path for every combination of them.
        to: a .csv file for every result of every design.
        sample: which ensemble, of a scenario.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.atomic import atomic_write
    from contingent.cli import output
    from contingent.cli.load import load_or_run
    from contingent.study.what_if import designs
    from contingent.study.what_if import what_if as tried

    before, _ = load_or_run(case, sample.ensemble, place, flags)
    asked = designs(before.scenario, over)
    rows, told = [], []
    with output.progress("designs", flags) as progress:
        for done, (name, changes) in enumerate(asked.items(), 1):
            found = tried(before, changes)
            rows += [
                {"design": name, "result": e.measure, "option": e.option, "unit": e.unit, "value": e.second,
                 "difference": e.mean, "low": e.interval[0], "high": e.interval[1]}
                for e in found.effects
            ]  # fmt: skip
            told.append({"design": name, "changes": {path: str(v) for path, v in changes.items()}, **found.values})
            progress(done, len(asked))
    if to is not None:
        with atomic_write(to) as scratch, scratch.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    lines = []
    for name, says in SWEPT.items():
        lines += [f"{says:50}" + "".join(f"{option[:20]:>22}" for option in before.options)]
        for each in told:
            values = each["after"][name]
            lines += [f"{each['design'][:48]:50}" + "".join(f"{values.get(o, nan):22.0%}" for o in before.options)]
        lines += [""]
    output.answer({"scenario": before.scenario.name, "designs": told}, "\n".join(lines), flags)
    return 0
