"""`contingent brief`, `open`, `trace`: a decision brief, the run behind it, and what is behind each of its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from contingent.cli.load import Asked, ask, executor_of, known, read_back
from contingent.cli.output import Ensemble, Flags, Place, Switch, coloured, columns
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.brief.document import Brief
    from contingent.study.question import Question
    from contingent.study.result import Result

SHOWN = 12  # inputs
MOST = 50_000  # runs that a file from elsewhere may ask for
ORIGIN = "Who wrote the file is not proven by this: anybody can write a brief around a run."


def brief(
    asked: str,
    /,
    *,
    to: Annotated[tuple[str, ...], Parameter(negative="")] = ("html,terminal",),
    since: str | None = None,
    lang: str = "en",
    annexes: Switch = False,
    without_scenario: Switch = False,
    ensemble: Ensemble = Ensemble(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Write the brief of ASKED: a shipped scenario's name, a scenario's folder, or a finished run.

    Args:
        asked: a scenario or a run.
        to: terminal, and any of html, pdf, md, docx and txt, with commas between; or `--to` once for each.
        since: a finished run to compare with: what changed, and why.
        lang: the brief's language: en, ur, or ar.
        annexes: print the annexes on the terminal too.
        without_scenario: leave the scenario out of the files: who gets them can check the printed numbers against a
            list inside, and run nothing again.
        place: where the brief's files land, the run folder beside them; if not given, in the run folder.
        ensemble: which ensemble is run.
        flags: how to report.
    """
    from contingent.brief import FORMATS, record
    from contingent.brief.document import FEWEST
    from contingent.brief.document.catalogue import LANGUAGES
    from contingent.scenario.source import words_of

    wanted = list(dict.fromkeys(kind.strip() for each in to for kind in each.split(",") if kind.strip()))
    for kind in wanted:
        known("to", kind, (*FORMATS, "terminal"), "form of a brief")
    known("lang", lang, LANGUAGES, "language of a brief")
    if ensemble.runs < FEWEST:
        raise InputError(f"--runs {ensemble.runs}: a brief needs at least {FEWEST} runs; 2,000 are usual")
    found = ask(asked, ensemble, place, flags)
    words = words_of(asked, lang) or words_of(found.question.scenario.name, lang)
    document = composed(found, lang, read_back(place.store.find(since)) if since else None, words)
    document = document.bare() if without_scenario else document
    if left := document.untranslated:
        flags.log(f"{len(left)} expressions stand in English; put them into words.{lang}.yaml beside the case:")
        flags.log("\n".join(f"  {json.dumps(each, ensure_ascii=False)}: " for each in left))
    folder, name = place.out or found.folder, "brief" if lang == "en" else f"brief.{lang}"
    folder.mkdir(parents=True, exist_ok=True)
    for kind in wanted:
        if kind != "terminal":
            flags.log(f"wrote {put(folder / f'{name}.{kind}', document.render(kind), found, flags)}")
    if flags.json:
        flags.answer({**found.made("headline", _headline), **record(document)})
    elif "terminal" in wanted and not flags.quiet:
        flags.tell(document.terminal(colour=coloured(), annexes=annexes, width=columns()))
    return 0


def composed(found: Asked, language: str, since: Result | None = None, words: Mapping[str, str] | None = None) -> Brief:
    """The brief of what is asked, composed once in each language and kept with its run; not where it tells changes."""
    from contingent.brief.document import Brief, kinds, told
    from contingent.brief.embedded_run import Parcel
    from contingent.brief.number import printed

    def make(result: Result) -> Brief:
        from contingent.appraisal.discovery import Box, Limit
        from contingent.appraisal.sensitivity import Gain, Tipping
        from contingent.brief import compose
        from contingent.study.insight import Insight, insight

        # as a cached property: what would change the choice takes longest, and is the same in every language
        vars(result)["insight"] = found.made("insight", lambda _: insight(result), Insight, Gain, Tipping, Box, Limit)
        return compose(result, language=language, since=since, words=words)

    if since:
        return make(found.find())
    said = sha256(repr(words).encode()).hexdigest()[:8] if words else "en"
    parts = found.made(f"brief.{language}.{said}", lambda result: told(make(result)), *kinds())
    brief = Brief(**parts, parcel=Parcel(found.question))
    return replace(brief, parcel=Parcel(found.question, printed(brief.numbers()), language, words=words or None))


def put(file: Path, content: bytes, found: Asked, flags: Flags) -> Path:
    """Write a brief's file; one that stands there and is not as this run wrote it, is kept under another name."""
    from contingent.atomic import atomic_write

    noted = found.folder / "kept" / "written.json"
    try:
        ours = set(json.loads(noted.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        ours = set[str]()
    before = file.read_bytes() if file.is_file() else None
    if before is not None and before != content and sha256(before).hexdigest() not in ours:
        numbers = (file.with_name(f"{file.stem}.{number}{file.suffix}") for number in count(1))
        aside = next(name for name in numbers if not name.exists())
        file.rename(aside)
        flags.log(f"{file}: was edited, or written from another run; it is kept as {aside}")
    with atomic_write(file) as scratch:
        scratch.write_bytes(content)
    with suppress(OSError):  # a run that may only be read notes nothing
        noted.parent.mkdir(exist_ok=True)
        with atomic_write(noted) as scratch:
            scratch.write_text(json.dumps(sorted(ours | {sha256(content).hexdigest()})), "utf-8")
    return file


def _headline(result: Result) -> dict[str, Any]:
    from contingent.study.result import headline

    return headline(result)


def open_file(file: Path, /, *, workers: int = 1, flags: Flags = Flags(), place: Place = Place()) -> int:
    """Take the run out of FILE (.html, .pdf, .docx, or a .ctg file), run it again, compare what is printed.

    Text and pictures of the file are read back and compared with those of the brief made again; each difference is
    told, and gives exit code 1. Who wrote the file is not proven by this.

    Args:
        file: the brief.
        workers: processes to use; the result is the same for any number.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.brief import compose
    from contingent.brief.embedded_run import unpack
    from contingent.brief.number import printed
    from contingent.brief.read_back import differences, lacking, looked_into
    from contingent.study.study import Study, describe_differences, run_or_load

    kind, content, inside = unpack(file)
    parcel, where, executor = inside.parcel(str(file)), str(file), executor_of("processes", workers, None)

    def again(asked: Question) -> Result:
        if asked.runs > MOST and asked.id not in place.store.ids():
            raise InputError(f"{file}: asks for {asked.runs:,} runs, more than {MOST:,}, and they are not in the store")
        study = Study(asked.scenario, asked.options, asked.seed)
        with flags.progress("runs") as progress:
            return run_or_load(study, asked.runs, place.store, executor=executor, progress=progress, tell=flags.log)

    found = {"run": inside.id, "written_by": inside.version, "runs": inside.runs, "seed": inside.seed}
    if parcel is None and inside.id not in place.store.ids():
        apart = lacking(looked_into(kind, content, where), inside.texts) if kind != "ctg" else []
        same, head = not apart, f"run {inside.id}: {inside.runs} runs, seed {inside.seed}; the scenario was left out"
        told = (
            "its numbers were compared with the list inside, wherever they stand; no run says whether the list is right"
        )
        found |= {"same_numbers": same, "differs": {}}
    else:
        result = read_back(place.store.find(inside.id)) if parcel is None else again(parcel.question)
        before = again(parcel.since) if parcel and parcel.since else None
        made = compose(result, language=inside.language, since=before, words=inside.words)
        made = made if parcel else made.bare()
        unlike = parcel.question.unlike(result.question) if parcel else {}
        apart = differences(kind, content, made.render(kind), where) if kind != "ctg" else []
        same, scenario = printed(made.numbers()) == inside.numbers, result.scenario
        found |= {"scenario": scenario.name, "same_numbers": same, "differs": unlike}
        head = f"run {result.question.id}: {scenario.title}, {inside.runs} runs, seed {inside.seed}"
        told = "run again, it gives every number that the brief prints"
        if kind != "ctg":
            told += "; its text and pictures were read back and compared with the brief made again, line by line"
        if not same:
            why = "; ".join(describe_differences(unlike)) or "another version may have written it"
            told = f"run again, it does not give the numbers that the brief prints: {why}; do not mix the two"
    if apart:
        places = (f"  after “{one['place']}”: {one['printed'] or 'nothing'}; the run says {one['should'] or 'nothing'}"
                  for one in apart[:SHOWN])  # fmt: skip
        told = f"it differs from the brief made again, in places: {len(apart)}; do not rely on it"
        told = "\n".join([told, *places])
    flags.answer({**found, "places": apart, "proves_origin": False}, f"{head}\n{told}\n{ORIGIN}")
    return 0 if same and not apart else 1


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
    if not name:
        from contingent.study.formulas import FORMULAS

        known = {name: formula.says for name, formula in FORMULAS.items()}
        flags.answer(known, "\n".join(f"{name:30} {says}" for name, says in known.items()))
        return 0
    given = {
        "option": option, "phase": phase, "sector": sector, "task": task, "gate": gate, "criterion": criterion,
        "week": week, "world": world, "rank": rank,
    }  # fmt: skip
    given = {key: value for key, value in given.items() if value is not None}

    def make(result: Result) -> dict[str, Any]:
        from contingent.study import trace as tracing

        return tracing.as_record(tracing.trace(result, name, **given), result, inputs)

    found = ask(asked, ensemble, place, flags)
    record = found.made(
        ".".join(["trace", name, *(f"{key}={value}" for key, value in given.items()), str(inputs)]), make
    )
    flags.answer(record, as_text(record))
    return 0


RESTS = {
    "quoted": "quoted: {by}", "stated": "stated by {by}, in our words", "data": "data",
    "literature": "literature", "judged": "the author's judgement{beside}", "judgement": "the model makers' judgement",
    "inferred": "inferred from {claims}, where it does not stand", "unsourced": "unsourced",
    "definition": "a unit of comparison", "scenario": "the model makers' judgement",
}  # fmt: skip
"""What a number rests on in words, by class; the same classes as in Annexes A9 and A10."""


def as_text(record: dict[str, Any]) -> str:
    """The trace as lines: number, formula, inputs with what they rest on, claims with their quotes."""
    where = ", ".join(f"{key} {value}" for key, value in record["where"].items())
    low, high, unit = record["low"], record["high"], "" if record["unit"] == "1" else f" {record['unit']}"
    lines = [
        record["name"] + (f" [{where}]" if where else ""),
        f"  = {record['value']:,.4g}{unit}" + ("" if low == high else f", 90 % of runs {low:,.4g} to {high:,.4g}"),
        f"  formula: {record['formula']}", f"           {record['page']}",
    ]  # fmt: skip
    inputs = record["inputs"]
    told = "that move it most" if inputs[:1] and inputs[0]["share"] else "it is computed from"
    lines.append(f"  inputs {told}, of {record['inputs_in_all']}:")
    for each in inputs:
        claims, moved = ", ".join(each["claims"]), f"{each['share']:5.1%}" if each["share"] else "     "
        beside = f", informed by {claims}, where it does not stand" if claims else ""
        rests = RESTS[each["rests_on"]].format(by=", ".join(each["stated_by"]), claims=claims, beside=beside)
        lines.append(f"    {moved}  {each['path']} = {each['written']}")
        lines.append(f"           {rests}" + (f": {each['assumption']}" if each["assumption"] else ""))
    if record["claims"]:
        lines.append("  claims:")
    for name, claim in record["claims"].items():
        lines.append(f"    {name}  {claim['says']}")
        lines.append(f"        {claim['speaker'] or claim['document']}, {claim['attribution']}, grade {claim['grade']}")
        if claim["quote"]:
            lines.append(f"        \u201c{claim['quote']}\u201d")
    return "\n".join(lines)
