"""`contingent new`, `check`, `options`, `weights`, `sheet`: a scenario begun, checked, widened, weighed, as a sheet."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from contingent.cli.load import load_or_run
from contingent.cli.output import Flags, Place, Sample, Switch
from contingent.errors import ScenarioError, error_record


def new(
    folder: Path,
    /,
    *,
    kind: str = "",
    like: str = "",
    sources: Annotated[tuple[Path, ...], Parameter(name="--from", negative="", show_default=False)] = (),
    flags: Flags = Flags(),
) -> int:
    """Start a scenario in FOLDER, which must not exist yet or be empty.

    Args:
        folder: where the scenario's files go.
        kind: stabilization, policing, monitoring or reassurance: a short file to fill in.
        like: a shipped scenario or a folder to copy; every number is marked as carried over.
        sources: an article (text or HTML) or a folder of them; what they say is filled in, the rest blank.
        flags: how to report.
    """
    from contingent.scenario.start import start

    written = start(folder, kind=kind, like=like, articles=sources)
    next_ = f"{folder}: {len(written)} files; next: contingent check {folder}"
    flags.answer({"files": [file.name for file in written]}, beside=next_)
    return 0


def check(scenario: str, /, *, sources: Switch = False, flags: Flags = Flags(), place: Place = Place()) -> int:
    """List all complaints about SCENARIO (a shipped name or a folder), what its numbers rest on, and those on nothing.

    Keys of earlier versions are read, and named. Exit code 0 when it can be run, 2 when it cannot.

    Args:
        scenario: a shipped name or a folder.
        sources: list every document with its day, its kind, what rests on it and what is weak about it.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.mission.parameters import assumed_violence, rests
    from contingent.scenario.check_options import counted_twice
    from contingent.scenario.check_process import inert
    from contingent.scenario.check_process import notes as cut
    from contingent.scenario.check_sources import document_in_words, listed, source_notes
    from contingent.scenario.model import sourcing
    from contingent.scenario.read import read
    from contingent.study.formulas import engine_faults, idle_criteria

    old = older(scenario)
    told = [
        f"  older  {row['file']}:{row['line']}  {row['path']}: {row['why']}; contingent migrate {scenario}"
        for row in old
    ]
    try:
        question = read(scenario, engine_faults)
    except ScenarioError as error:
        found, lines = error.complaints, (*told, *map(str, error.complaints))
        flags.answer(
            {"scenario": scenario, **error_record(error), "older": old}, *lines, beside=f"{len(found)} to mend"
        )
        return error.exit_code
    grounds, model = sourcing(question), rests(question)
    notes = [
        *idle_criteria(question).values(), *inert(question), *cut(question), *counted_twice(question),
        *assumed_violence(question), *source_notes(question),
    ]  # fmt: skip
    drawn = frozenset[str]()
    if grounds.unsourced:  # the engines are loaded for it, so only where there is something to say of them
        from contingent.study.sampling import streams

        drawn = frozenset(streams(question))
    influence = place.store.influence(question)
    unsourced = sorted(grounds.unsourced.items(), key=lambda item: (-influence.get(item[0], 0.0), item[0]))
    carried = sum(estimate.assumption.startswith("Carried over") for estimate in grounds.assumed.values())
    copied = f" ({carried} of them carried over from another case)" if carried else ""
    counts, documents = grounds.counts, listed(question) if sources else []
    record = {
        "scenario": question.name, "complaints": [], "older": old,
        "notes": [{"path": path, "what": what, "fix": fix} for path, what, fix in notes],
        **({"documents": documents} if sources else {}), "numbers": counts, "mission_model": model,
        "unsourced": [
            {"path": path, "value": str(value), "influence": influence.get(path), "drawn": path in drawn}
            for path, value in unsourced
        ],
    }  # fmt: skip
    flags.answer(
        record,
        *told,
        *map(document_in_words, documents),
        *(f"  note  {path}  {what}{'; ' + fix if fix else ''}" for path, what, fix in notes),
        f"{question.name}: nothing to mend; of {sum(counts.values())} numbers {counts['quoted']} stand in a quotation, "
        f"{counts['stated']} in what a claim says in our words, {counts['data']} are learnt from data, "
        f"{counts['judged']} are judgements{copied}, {counts['inferred']} are inferred from claims that hold no such "
        f"number, {counts['unsourced']} are unsourced",
        f"of the mission model's {sum(model.values())} numbers, {model['data']} rest on data or literature, "
        f"{model['judgement']} are judgements, {model['scenario']} the scenario says itself (Annex A9 of a brief)",
        *(f"  unsourced  {path} = {value}  ({ranked(path, influence, drawn=path in drawn)})"
          for path, value in unsourced),
    )  # fmt: skip
    return 0


def ranked(path: str, influence: dict[str, float], *, drawn: bool) -> str:
    """What is known of how much an unsourced number matters; `influence` is that of a run of this very scenario."""
    if not drawn:
        return "not drawn"
    if path in influence:
        return f"{influence[path]:.1%} of the spread"
    if path.startswith("options."):
        return "drawn for its own option only, not ranked; `contingent trace` says what it moves"
    return "influence unknown until the scenario is run as it is now"


def older(scenario: str) -> list[dict[str, Any]]:
    """The keys of earlier versions in a scenario's files: file, line, path, and why it is written otherwise today."""
    from contingent.scenario.migrate import retired
    from contingent.scenario.read import gather

    source = gather(scenario)
    found = ((path, source.place(path), old) for path, old in retired(source.data))
    return [{"file": at[0], "line": at[1], "path": ".".join(path), "why": old.why} for path, at, old in found]


def migrate(case: str, /, *, write: Switch = False, flags: Flags = Flags()) -> int:
    """Show how the files of CASE (a folder or a file) are written today, as a difference; comments stay as they are.

    Args:
        case: a folder, a file, or a shipped name.
        write: replace the files; what they were is kept beside them (`.bak`).
        flags: how to report.
    """
    from contingent.scenario import migrate as migration
    from contingent.scenario.read import gather

    found = migration.migrations(gather(case))
    kept = migration.write(found) if write else []
    rows = [{"file": str(each.file), "diff": each.diff} for each in found]
    told = [each.diff for each in found] or [f"{case}: is written as today"]
    flags.answer({"older": older(case) if not write else [], "files": rows, "kept": list(map(str, kept))}, *told)
    for each, backup in zip(found, kept, strict=False):
        flags.log(f"wrote {each.file}; as it was: {backup}")
    if found and not write:
        flags.log("nothing is written yet; --write carries it out")
    return 0


def options(case: str, /, *, sample: Sample = Sample(), flags: Flags = Flags(), place: Place = Place()) -> int:
    """Make up options beside those that CASE states, and show the few of all that nobody's weights rule out.

    Levels on the issues are crossed, own pledges left out, restrictions added; what is made up is an assumption, to be
    judged and put into the scenario by you.

    Args:
        case: a shipped name, a folder, or a finished run.
        flags: how to report.
        place: where runs are kept.
        sample: which ensemble, of a scenario.
    """
    import io

    from ruamel.yaml import YAML

    from contingent.study.proposals import proposals, weights_of

    before = load_or_run(case, sample, place, flags)
    with flags.progress("options") as progress:
        found = proposals(before, progress)
    held = list(weights_of(before))
    rows = [
        {"name": one.name, "label": one.label, "written": one.made is None, "passes": one.passes, "best": one.best,
         "option": one.made}
        for one in found
    ]  # fmt: skip
    heads = "".join(f" {name[:18]:>18}" for name in held)
    lines = [f"{'best under these weights, share':76} {'passes':>7}{heads}"]
    for one in found:
        label = f"{'' if one.made is None else '+ '}{one.label}"[:76]
        shares = "".join(f" {(one.best or {})[name]:18.0%}" for name in held)
        lines.append(f"{label:76} {one.passes:7.0%}{shares}")
    ruled = [before.scenario.options[n].label for n in before.options if n not in {one.name for one in found}]
    if ruled:
        lines.append(f"no set of weights puts these first: {'; '.join(ruled)}")
    if made := {one.name: dict(one.made) for one in found if one.made is not None}:
        text, yaml = io.StringIO(), YAML()
        yaml.width = 200
        yaml.dump({"options": made}, text)
        lines.append(f"\n# + is made up: judge it, then put it into your scenario\n{text.getvalue()}")
    flags.answer({"scenario": before.scenario.name, "weights": held, "options": rows}, *lines)
    return 0


def weights(scenario: str, /, *, flags: Flags = Flags()) -> int:
    """Print what to ask whoever decides about weights, in SCENARIO's own units, and what its sets of weights imply.

    Exit code 2 where statements contradict each other.
    """
    import numpy as np

    from contingent.appraisal.value import asked, implied, piece
    from contingent.scenario.read import read
    from contingent.study.formulas import engine_faults

    question = read(scenario, engine_faults)
    criteria = question.criteria
    said = {"": ("nothing more said", question.weights)}
    said |= {name: (each.label, each.statements) for name, each in question.weight_sets.items()}
    sets = {name: {"label": label, **implied(criteria, told)} for name, (label, told) in said.items()}
    lines = [f"{each['asks']}\n    {each['write']}" for each in asked(criteria)]
    lines.append(f"\nmean weights, %\n{'':28}" + "".join(f"{(name or 'any'):>16}" for name in sets))
    lines += [
        f"{name:28}" + "".join(f"{100 * one['weights'][name]:16.0f}" for one in sets.values()) for name in criteria
    ]
    unit = sets[""]["unit"]
    lines.append(f"\nimplied prices, in {criteria[unit].unit or unit}" if unit else "")
    for name in sets[""]["prices"]:
        amount = piece(criteria[name])
        row = "".join(f"{one['prices'].get(name, np.nan) * amount:16.3g}" for one in sets.values())
        lines.append(f"{f'{amount:g} {name}':28}{row}")
    flags.answer({"scenario": question.name, "questions": asked(criteria), "sets": sets}, *lines)
    return 0
