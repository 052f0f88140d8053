"""`contingent compare`, `what-if` and `sweep`: what sets two runs or options apart, and what a change does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from contingent.cli.load import ask, executor_of, known, load_or_run
from contingent.cli.output import Flags, Place, Sample, Switch
from contingent.errors import InputError, RunError

if TYPE_CHECKING:
    from contingent.study.attribution import Part
    from contingent.study.comparison import Change, Difference

SWEPT = {
    "consultation.passes": "decided on its own terms, were it put forward",
    "appraisal.first": "best, share of weights and runs",
}  # printed of every design


def compare(
    first: str,
    second: str,
    /,
    *,
    run: str | None = None,
    why: Annotated[bool, Parameter(negative="--no-why")] = True,
    why_runs: int = 500,
    exit_code: Switch = False,
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
    from contingent.study import comparison
    from contingent.study.study import load

    store, parts = place.store, ()
    if run is None and store.holds(first) and store.holds(second):
        before, after = load(first, store), load(second, store)
        found = comparison.runs_apart(before, after)
        changed = comparison.changes(before.scenario, after.scenario)
        if why and changed:
            from contingent.study.attribution import attribute

            parts = attribute(before.question, after.question, runs=why_runs)
        names = (before.question.id, after.question.id)
        paired = comparison.same_ensemble(before, after)
    else:
        known = [each for each in store.manifests() if not isinstance(each, RunError)]
        holding = [run] if run else [each.id for each in known if {first, second} <= set(each.options)]
        if len(holding) != 1:
            what = "no finished run has" if not holding else f"{len(holding)} runs ({', '.join(holding[:4])}) have"
            raise InputError(f"{what} options {first} and {second}; name one with --run")
        found, changed = comparison.options_apart(load(holding[0], store), first, second), ()
        names, paired = (first, second), True
    record = {
        "first": names[0], "second": names[1], "paired": paired,
        "differences": [{key: None if value != value else value for key, value in asdict(d).items()} for d in found],
        "structure": list(comparison.structure(changed)),
        "changes": [{"path": c.path, "before": c.before, "after": c.after} for c in changed],
        "attribution": [{"group": p.group, "carried": p.carried} for p in parts],
    }  # fmt: skip
    flags.answer(record, *told(names, found, changed, parts, paired=paired))
    return 1 if exit_code and any(d.mean for d in found) else 0


def told(
    names: tuple[str, str], found: Sequence[Difference], changed: Sequence[Change], parts: Iterable[Part], *,
    paired: bool,
) -> Iterator[str]:  # fmt: skip
    """What sets two runs or options apart, for people: the results, the assumptions, what each of these carries."""
    from contingent.study.comparison import structure

    yield from structure(changed)
    yield f"{names[1]} less {names[0]}, {'paired by run' if paired else 'not paired: other seed or number of runs'}"
    yield from differences(found, paired=paired)
    yield from (f"  {change}" for change in changed[:40])
    if len(changed) > 40:
        yield f"  ... and {len(changed) - 40} more; --json lists all"
    if parts:
        yield "\nwhat the changes carry of the difference in the chance of passing (points)"
    for part in parts:
        yield f"  {part.group}: " + ", ".join(f"{name} {100 * value:+.1f}" for name, value in part.carried.items())


def differences(found: Sequence[Difference], *, paired: bool = True) -> Iterator[str]:
    """What differs, by result and option; what hardly does, or no more than chance would, and what does not."""
    from contingent.study.comparison import sorted_out

    large, hardly, alike = sorted_out(found, paired=paired)
    heads = f"{'90 % interval':>24}  {'higher in':>9}" if paired else ""
    yield f"\n{'':58}{'first':>10} {'second':>10} {'difference':>11}{heads}  in nine runs of ten" * bool(large)
    name = None
    for d in large:
        if d.measure != name:
            name = d.measure
            yield f"{name}{'' if d.unit == '1' else f', {d.unit}'}"
        ends = f"{d.first:10.4g} {d.second:10.4g} {d.mean:+11.3g}"
        sure = f"  {d.interval[0]:+10.3g} to {d.interval[1]:+8.3g}  {d.better:9.0%}" if paired else ""
        yield f"  {d.option[:55]:56}{ends}{sure}  {d.low:+.3g} to {d.high:+.3g}"
    for says, names in (("hardly apart, or no more than chance would make it", hardly),
                        ("the same to the last bit", alike)):  # fmt: skip
        yield f"\n{says}: {', '.join(names)}" * bool(names)


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
        flags: how to report.
        place: where runs are kept.
        sample: which ensemble, of a scenario.
    """
    from contingent.study.comparison import changes
    from contingent.study.what_if import asked, values_of
    from contingent.study.what_if import what_if as tried

    before = load_or_run(case, sample, place, flags)
    known("option", option, before.options)
    if not change:
        raise InputError("say what changes: PATH=VALUE, such as process.deadline=90")
    found = tried(before, asked(before.scenario, change))
    values = values_of(found.effects)
    if option:
        values = {side: {name: {option: row[option]} for name, row in rows.items() if option in row}
                  for side, rows in values.items()}  # fmt: skip
    record = {
        "scenario": before.scenario.name, "runs": before.question.sample, "seed": before.question.seed,
        "changes": {path: str(value) for path, value in found.changes.items()}, "through": list(found.through),
        **values, "unchanged": list(found.unchanged),
    }  # fmt: skip
    flags.answer(
        record, *map(str, changes(before.scenario, found.after.scenario)),
        f"through {', '.join(found.through) or 'nothing: no result moves'}",
        *differences([each for each in found.effects if option in (None, each.option)]),
    )  # fmt: skip
    return 0


def sweep(
    case: str,
    /,
    *,
    over: Path | None = None,
    sets: Annotated[tuple[str, ...], Parameter(name="--set", negative="")] = (),
    seeds: Annotated[tuple[int, ...], Parameter(consume_multiple=True, negative="")] = (),
    to: Annotated[Path | None, Parameter(name="--to")] = None,
    executor: str = "processes",
    workers: int = 1,
    scheduler: str | None = None,
    sample: Sample = Sample(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Ask CASE again under each design that a file lists, or under every combination of values, with the same draws.

    Each answer is kept with the run as it comes: a sweep that was stopped goes on where it was.

    Args:
        case: a shipped name, a folder, or a finished run.
        over: the designs: a .csv with a path at the head of each column and a design in each row, or YAML with a list
            of changes, or with a list of values by path for every combination of them.
        sets: PATH=VALUE,VALUE: each of these values, with every design of the file and of other --set.
        seeds: seeds under each of which every design is tried; the case's own if not given.
        to: a .csv file for every result of every design.
        executor: serial, processes or dask: a Dask cluster of --workers processes on this machine.
        workers: processes to use; the results are the same for any number.
        scheduler: address of the scheduler of another Dask cluster.
        flags: how to report.
        place: where runs are kept.
        sample: which ensemble, of a scenario.
    """
    import pandas as pd

    from contingent.atomic import atomic_write
    from contingent.study.what_if import designs, values_of
    from contingent.study.what_if import sweep as swept

    if over is None and not sets:
        raise InputError("say what to try: --over FILE, or --set PATH=VALUE,VALUE such as process.deadline=60,90")
    who = executor_of(executor, workers, scheduler)
    run = ask(case, sample, place, flags)
    asked = designs(run.question.scenario, over, sets)
    before = run.find()
    with flags.progress("designs") as progress:
        found = swept(before, asked, seeds, executor=who, progress=progress, folder=run.folder)
    rows = [
        {"design": each.design, "seed": each.seed, "run": each.run, "result": e.measure, "option": e.option,
         "unit": e.unit, "value": e.second, "difference": e.mean, "low": e.interval[0], "high": e.interval[1]}
        for each in found for e in each.effects
    ]  # fmt: skip
    each_told = [
        {"design": each.design, "seed": each.seed, "run": each.run,
         "changes": {path: str(v) for path, v in each.changes.items()}, **values_of(each.effects)}
        for each in found if not each.error
    ]  # fmt: skip
    failed = [f"design {each.design}, seed {each.seed}: {each.error}" for each in found if each.error]
    if not rows:
        raise InputError("\n".join(failed))
    if to is not None:
        with atomic_write(to) as scratch:
            pd.DataFrame(rows).to_csv(scratch, index=False, lineterminator="\n")
    lines = []
    for name, says in SWEPT.items():
        lines += [f"{says:50}" + "".join(f"{option[:20]:>22}" for option in before.options)]
        for each in each_told:
            values = each["after"][name]
            title = each["design"][:48] if len(seeds) < 2 else f"{each['design'][:34]}, seed {each['seed']}"
            lines += [f"{title:50}" + "".join(f"{values.get(o, nan):22.0%}" for o in before.options)]
        lines += [""]
    told = {"scenario": before.scenario.name, "designs": each_told, "failed": failed}
    flags.answer(told, "\n".join(lines), beside="\n".join(failed))
    return 2 if failed else 0
