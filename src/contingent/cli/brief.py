"""`contingent brief`, `open`, `trace`: a decision brief, the run behind it, and what is behind each of its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from contingent.cli.load import executor_of, load_or_run
from contingent.cli.output import Ensemble, Flags, Place, Switch, coloured
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.study.result import Result
    from contingent.study.trace import Input, Traced

SHOWN = 12  # inputs


def brief(
    asked: str,
    /,
    *,
    to: Annotated[str, Parameter(negative="")] = "html,terminal",
    since: str | None = None,
    lang: str = "en",
    annexes: Switch = False,
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
        place: where the brief's files land, the run folder beside them; if not given, in the run folder.
        ensemble: which ensemble is run.
        flags: how to report.
    """
    from contingent.brief import FORMATS, compose, record
    from contingent.brief.compose import FEWEST
    from contingent.study.result import headline
    from contingent.study.study import load

    wanted = [kind.strip() for kind in to.split(",") if kind.strip()]
    if unknown := [kind for kind in wanted if kind not in (*FORMATS, "terminal")]:
        raise InputError(f"--to {unknown[0]}: {', '.join(FORMATS)}, and terminal")
    if ensemble.runs < FEWEST:
        raise InputError(f"--runs {ensemble.runs}: a brief needs at least {FEWEST} runs; 2,000 are usual")
    result = load_or_run(asked, ensemble, place, flags)
    document = compose(result, since=load(since, place.store) if since else None, language=lang)
    store, run = place.store, result.question.id
    folder = place.out or (store.find(asked) if store.holds(asked) else store.path(run))
    folder.mkdir(parents=True, exist_ok=True)
    for kind in wanted:
        if kind != "terminal":
            flags.log(f"wrote {document.write(folder / f'brief.{kind}')}")
    if flags.json:
        flags.answer({**headline(result), **record(document)})
    elif "terminal" in wanted and not flags.quiet:
        flags.tell(document.terminal(colour=coloured(), annexes=annexes))
    return 0


def open_file(file: Path, /, *, workers: int = 1, flags: Flags = Flags(), place: Place = Place()) -> int:
    """Take the run out of FILE (a brief as .html, .pdf or .docx, or a .ctg file), run it again, compare every number.

    Args:
        file: the brief.
        workers: processes to use; the result is the same for any number.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.brief import compose
    from contingent.brief.embedded_run import printed, unpack
    from contingent.study.study import Study, describe_differences, run_or_load

    parcel = unpack(file)
    asked = parcel.question
    study, executor = Study(asked.scenario, asked.options, asked.seed), executor_of("processes", workers, None)
    with flags.progress("runs") as progress:
        result = run_or_load(study, asked.runs, place.store, executor=executor, progress=progress, tell=flags.log)
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
    flags.answer(found, f"run {run}: {scenario.title}, {asked.runs} runs, seed {asked.seed}\n{words}")
    return 0 if same else 1


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
        ensemble: which ensemble is run.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.study import trace as tracing
    from contingent.study.formulas import FORMULAS

    if not name:
        known = {name: formula.says for name, formula in FORMULAS.items()}
        flags.answer(known, "\n".join(f"{name:30} {says}" for name, says in known.items()))
        return 0
    result = load_or_run(asked, ensemble, place, flags)
    given = {
        "option": option, "phase": phase, "sector": sector, "task": task, "gate": gate, "criterion": criterion,
        "week": week, "world": world, "rank": rank,
    }  # fmt: skip
    found = tracing.trace(result, name, **{key: value for key, value in given.items() if value is not None})
    flags.answer(as_record(found, result, inputs), as_text(found, result, inputs))
    return 0


def as_record(found: Traced, result: Result, shown: int) -> dict[str, Any]:
    """The trace as plain values; the `shown` inputs that move the number most, and every claim they rest on.

    Where none moves it beyond chance, the first that it is computed from.
    """
    import numpy as np

    low, high = np.nanquantile(found.values, [0.05, 0.95])
    inputs, scenario = leading(found)[:shown], result.scenario
    claims = dict.fromkeys(claim for each in inputs for claim in each.estimate.claims)
    return {
        "run": result.question.id, "name": found.name, "where": dict(found.where), "value": found.mean,
        "low": float(low), "high": float(high), "unit": found.unit, "formula": found.formula.says,
        "page": found.formula.page,
        "inputs": [
            {"path": each.path, "best": e.best, "low": e.low, "high": e.high, "unit": e.unit.name, "share": each.share,
             "claims": list(e.claims), "assumption": e.assumption}
            for each, e in ((each, each.estimate) for each in inputs)
        ],
        "inputs_in_all": len(found.inputs),
        "claims": {
            name: {"says": c.says, "quote": c.quote, "speaker": c.speaker, "attribution": c.attribution,
                   "grade": c.grade, "document": scenario.documents[c.document].title}
            for name, c in ((name, scenario.claims[name]) for name in claims)
        },
    }  # fmt: skip


def as_text(found: Traced, result: Result, shown: int) -> str:
    """The trace as lines: number, formula, inputs with what they rest on, claims with their quotes."""
    record = as_record(found, result, shown)
    where = ", ".join(f"{key} {value}" for key, value in found.where.items())
    low, high, unit = record["low"], record["high"], "" if found.unit == "1" else f" {found.unit}"
    lines = [
        found.name + (f" [{where}]" if where else ""),
        f"  = {found.mean:,.4g}{unit}" + ("" if low == high else f", 90 % of runs {low:,.4g} to {high:,.4g}"),
        f"  formula: {found.formula.says}", f"           {found.formula.page}",
    ]  # fmt: skip
    inputs = leading(found)
    told = "that move it most" if inputs[:1] and inputs[0].share else "it is computed from"
    lines.append(f"  inputs {told}, of {len(found.inputs)}:")
    for each in inputs[:shown]:
        estimate, moved = each.estimate, f"{each.share:5.1%}" if each.share else "     "
        assumed = f"assumption: {estimate.assumption}" if estimate.assumption else "unsourced"
        lines.append(f"    {moved}  {each.path} = {estimate}   [{', '.join(estimate.claims) or assumed}]")
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
