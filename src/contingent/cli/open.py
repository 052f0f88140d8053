"""`contingent open`: a brief back into the run it was written from."""

from __future__ import annotations

from pathlib import Path

from contingent.cli.flags import Flags, Place


def open_file(
    file: Path,
    /,
    *,
    workers: int = 1,
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Take the run out of FILE (a brief as .html, .pdf or .docx, or a .ctg file), run it again, compare every number.

    Args:
        file: the brief.
        workers: processes to use; the result is the same for any number.
        flags: how to report.
        place: where the run is kept.
    """
    from contingent.brief import compose
    from contingent.brief.embedded_run import printed, unpack
    from contingent.cli import output
    from contingent.cli.load import executor_of, store_of
    from contingent.study.study import Study, describe_differences, run_or_load

    parcel = unpack(file)
    asked, store = parcel.question, store_of(place)
    study = Study(asked.scenario, asked.options, asked.seed)
    executor = executor_of("processes", workers, None)
    with output.progress("runs", flags) as progress:
        result = run_or_load(study, asked.runs, store, executor=executor, progress=progress)
    apart = asked.unlike(result.question)
    same = printed(compose(result).numbers()) == parcel.numbers
    if flags.json:
        output.emit_json(
            {
                "run": result.question.id,
                "written_by": asked.version,
                "scenario": asked.scenario.name,
                "runs": asked.runs,
                "seed": asked.seed,
                "same_numbers": same,
                "differs": apart,
            }
        )
    else:
        output.print_result(f"run {result.question.id}: {asked.scenario.title}, {asked.runs} runs, seed {asked.seed}")
        if same:
            output.print_result("run again, it gives every number that the brief prints")
        else:
            why = "; ".join(describe_differences(apart)) or "it may be for readers of another language"
            output.print_result(
                f"run again, it does not give the numbers that the brief prints: {why}; do not mix the two"
            )
    return 0 if same else 1
