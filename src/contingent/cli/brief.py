"""`contingent brief` and `contingent open`: a decision brief, and from a brief back to the run behind it."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from contingent.cli.flags import Ensemble, Flags, Place


def brief(
    asked: str,
    /,
    *,
    to: Annotated[str, Parameter(negative="")] = "html,terminal",
    since: str | None = None,
    lang: str = "en",
    annexes: Annotated[bool, Parameter(negative="")] = False,
    ensemble: Ensemble = Ensemble(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Write the brief of ASKED: a shipped scenario's name, a scenario's folder, or a finished run.

    Args:
        asked: a scenario or a run.
        to: terminal, and any of html, pdf, md, docx and txt, with commas between.
        since: a finished run to compare with: what changed, and why.
        lang: the brief's language: en, ur, or ar.
        annexes: print the annexes on the terminal too.
        ensemble: which ensemble, where it is not run yet.
        flags: how to report.
        place: where the brief's files land, the run folder beside them; if not given, in the run folder.
    """
    from contingent.brief import FORMATS, compose, record
    from contingent.brief.compose import FEWEST
    from contingent.cli import output
    from contingent.cli.load import load_or_run
    from contingent.errors import InputError
    from contingent.study.result import headline
    from contingent.study.study import load

    wanted = [kind.strip() for kind in to.split(",") if kind.strip()]
    if unknown := [kind for kind in wanted if kind not in (*FORMATS, "terminal")]:
        raise InputError(f"--to {unknown[0]}: {', '.join(FORMATS)}, and terminal")
    if ensemble.runs < FEWEST:
        raise InputError(f"--runs {ensemble.runs}: a brief needs at least {FEWEST} runs; 2,000 are usual")
    result, store = load_or_run(asked, ensemble, place, flags)
    document = compose(result, since=load(since, store) if since else None, language=lang)
    folder = place.out or store.path(result.question.id)
    for kind in wanted:
        if kind != "terminal":
            file = document.write(folder / f"brief.{kind}")
            output.log(f"wrote {file}", flags)
    if flags.json:
        output.emit_json({**headline(result), **record(document)})
    elif "terminal" in wanted and not flags.quiet:
        output.print_result(document.terminal(colour=output.coloured(), annexes=annexes))
    return 0


def open_file(file: Path, /, *, workers: int = 1, flags: Flags = Flags(), place: Place = Place()) -> int:
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
    why = "; ".join(describe_differences(apart)) or "it may be for readers of another language"
    words = (
        "run again, it gives every number that the brief prints"
        if same
        else f"run again, it does not give the numbers that the brief prints: {why}; do not mix the two"
    )
    run, scenario = result.question.id, asked.scenario
    found = {"run": run, "written_by": asked.version, "scenario": scenario.name, "runs": asked.runs, "seed": asked.seed}
    found |= {"same_numbers": same, "differs": apart}
    output.answer(found, f"run {run}: {scenario.title}, {asked.runs} runs, seed {asked.seed}\n{words}", flags)
    return 0 if same else 1
