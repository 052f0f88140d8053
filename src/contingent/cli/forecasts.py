"""`contingent questions`, `forecast`: what a case can be scored on, forecasts sealed before, and scored after."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from contingent.cli.load import load_or_run
from contingent.cli.output import Ensemble, Flags, Place
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.evidence.ledger import Ledger
    from contingent.study.forecasts import Forecast

SEALED = Path("forecasts.jsonl")
COLUMNS = (
    "id", "type", "title", "resolution_criteria", "sources", "open_date", "close_date", "options", "unit", "forecast",
)  # fmt: skip
"""Of the file as a table: one question a row. No platform's importer was tried on it."""


def questions(
    case: str,
    /,
    *,
    file: Path | None = None,
    ensemble: Ensemble = Ensemble(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """List the questions that CASE (a scenario or a finished run) answers, each with its rule, and what it says.

    Args:
        case: a shipped name, a folder, or a finished run.
        file: also write them there: .json whole, .csv as a table of a question a row.
        ensemble: which ensemble.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.atomic import atomic_write
    from contingent.study.forecasts import forecasts

    if file is not None and file.suffix not in (".json", ".csv"):
        raise InputError(f"--file {file}: a name that ends in .json or .csv")
    found = [*forecasts(load_or_run(case, ensemble, place, flags))]
    rows = [one.to_dict() for one in found]
    if file is not None:
        with atomic_write(file) as scratch, scratch.open("w", encoding="utf-8", newline="") as stream:
            if file.suffix == ".json":
                json.dump(rows, stream, ensure_ascii=False, indent=1)
            else:
                table = csv.writer(stream)
                table.writerow(COLUMNS)
                table.writerows(map(platform_row, found))
        flags.log(f"wrote {file}")
    lines = [f"{one.question.id}  {in_words(one)}\n    {one.question.wording}" for one in found]
    flags.answer(rows, *lines)
    return 0


def history(case: str, /, *, since: str = "", ensemble: Ensemble = Ensemble(), flags: Flags = Flags()) -> int:
    """Show the forecast of CASE before and after every claim that moved a number and everything that `happened`.

    Args:
        case: a shipped name or a folder.
        since: leave out what is of an earlier day (2026-01-30).
        ensemble: which ensemble.
        flags: how to report.
    """
    from contingent.ensemble.design import Design
    from contingent.evidence.ingest import day_of
    from contingent.scenario.read import read
    from contingent.study.history import steps

    first, written = day_of(since, "--since"), read(case, as_written=True)
    found = [one for one in steps(written, Design(ensemble.seed, ensemble.runs)) if str(one.on) >= first]
    lines = []
    for one in found:
        moved = ", ".join(f"{stage} {one.before[stage]:.0%} to {now:.0%}" for stage, now in one.after.items())
        expected = "" if one.expected is None else f" ({one.expected:.0%} likely before)"
        lines.append(f"{one.on}  {one.what}{expected}: {moved}; {one.effective:.0f} of {ensemble.runs} runs count")
        lines += [f"    {one.says}  {one.source}".rstrip()] * bool(one.says or one.source)
    none = f"{case}: nothing has happened or was learnt{f' since {since}' if since else ''}; list it under `happened:`"
    rows = [{field: getattr(one, field) for field in one.__slots__} | {"on": str(one.on)} for one in found]
    flags.answer({"case": written.name, "as_of": str(written.as_of), "known_until": str(written.known_until),
                  "runs": ensemble.runs, "seed": ensemble.seed, "steps": rows}, *lines or [none])  # fmt: skip
    return 0


def platform_row(one: "Forecast") -> list[str]:
    """A question as one row of `COLUMNS`."""
    asked = one.question
    kind = "numeric" if not asked.answers else "binary" if asked.answers == ("yes", "no") else "multiple_choice"
    said = one.quantiles if one.chances is None else [round(each, 4) for each in one.chances.values()]
    options = "" if kind == "binary" else "; ".join(asked.answers)
    return [asked.id, kind, asked.wording, asked.rule, asked.source, asked.opens, asked.closes, options, asked.unit,
            "; ".join(f"{each:g}" for each in said or ())]  # fmt: skip


def in_words(one: "Forecast") -> str:
    """What a forecast says, in a few words."""
    if one.quantiles is not None:
        low, middle, high = (one.quantiles[place] for place in (1, 4, 7))
        return f"{middle:,.0f} ({low:,.0f} to {high:,.0f}) {one.question.unit}"
    chances = one.chances or {}
    return f"{chances['yes']:.0%}" if "yes" in chances else ", ".join(f"{n} {p:.0%}" for n, p in chances.items())


def forecast(
    action: Literal["seal", "resolve", "score", "verify", "history"],
    what: str = "",
    answer: str = "",
    /,
    *,
    ledger: Path = SEALED,
    source: str = "",
    on: str = "",
    published: str = "",
    crowd: float | None = None,
    ensemble: Ensemble = Ensemble(),
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Seal a run's forecasts before anybody knows; answer questions, score the answers, verify that none was changed.

    Args:
        action: seal RUN, resolve QUESTION ANSWER, score, verify, or history (of a case, or of one question).
        what: a scenario or run to seal, a question to resolve, or what the history is of.
        answer: yes, no, one of the question's answers, or a number.
        ledger: the file of forecasts; nothing in it is ever changed.
        source: where the answer stands; needed to resolve.
        on: the day on which it was settled (2026-01-30); today if not given.
        published: a seal that was given away before, to verify that it is still of this file.
        crowd: what others together gave a yes, 0 to 1, on the day on which it was sealed; scored beside ours.
        ensemble: which ensemble.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.evidence.ingest import day_of
    from contingent.evidence.ledger import Ledger
    from contingent.study import forecasts as f

    held, now = Ledger.open(ledger), dt.datetime.now(dt.UTC).replace(microsecond=0)
    if action == "seal":
        result = load_or_run(what, ensemble, place, flags)
        mine = [
            one for body in held.of("forecast") if body["case"] == result.scenario.name for one in body["questions"]
        ]
        day = str(max(result.scenario.as_of, dt.date.min))
        again = {one["id"]: f.asked_before(one) for one in mine if one["closes"] > day}
        made = [
            *f.forecasts(result, (*again.values(), *(q for q in f.questions(result.scenario) if q.id not in again)))
        ]
        written = f.seal(held, result, made, now)
        flags.answer({"sealed": len(made), "seal": written, "at": now.isoformat()},
                     f"{len(made)} forecasts sealed in {ledger}; give this away, so that nobody can say it was later:",
                     f"{written}  {now.isoformat()}")  # fmt: skip
        return 0
    if action == "resolve":
        day = dt.date.fromisoformat(day_of(on, "--on") or str(now.date()))
        body = f.resolve(held, what, answer, source, day, now, crowd)
        flags.answer(body, f"{what}: {body['answer']}, {source}")
        return 0
    wrong = f.faults(held, published)
    if action == "verify":
        counts = {kind: sum(1 for _ in held.of(kind)) for kind in ("forecast", "resolution")}
        said = f"{counts['forecast']} sealings, {counts['resolution']} answers, seal {held.seal}"
        flags.answer({**counts, "seal": held.seal, "faults": wrong}, *wrong, f"{ledger}: {said}; {len(wrong)} faults")
        return 1 if wrong else 0
    for each in wrong:
        flags.log(f"{ledger}: {each}")
    _score(held, flags) if action == "score" else _history(held, what, flags)
    return 1 if wrong else 0


def _score(held: "Ledger", flags: Flags) -> None:
    from contingent.scoring.scores import scored

    rows = [*scored(held.of("forecast"), held.of("resolution"))]
    asked = {one["id"] for body in held.of("forecast") for one in body["questions"]}
    pairs: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for one in (one for one in rows if not one.late):
        for name, theirs in one.beside.items():
            for rule, value in theirs.items():
                pairs.setdefault((rule, name), []).append((one.ours[rule], value))
    means = {key: (len(each), *(sum(side) / len(each) for side in zip(*each, strict=True)))
             for key, each in pairs.items()}  # fmt: skip
    lines = [
        f"{one.question}: {one.answer}; " + ", ".join(f"{key} {value:.3g}" for key, value in one.ours.items())
        + "".join(f"; {name} {', '.join(f'{k} {v:.3g}' for k, v in each.items())}" for name, each in one.beside.items())
        + "; sealed too late to count" * one.late
        for one in rows
    ]  # fmt: skip
    lines += [f"mean {rule} over {n} questions: {ours:.3g}; {name} {theirs:.3g}: {'won' if ours < theirs else 'LOST'}"
              for (rule, name), (n, ours, theirs) in means.items()]  # fmt: skip
    flags.answer(
        {"questions": [{field: getattr(one, field) for field in one.__slots__} for one in rows],
         "means": [{"rule": rule, "beside": name, "n": n, "ours": ours, "theirs": theirs}
                   for (rule, name), (n, ours, theirs) in means.items()],
         "unanswered": len(asked) - len(rows)},
        *lines, f"{len(asked) - len(rows)} of {len(asked)} questions have no answer yet",
    )  # fmt: skip


def _history(held: "Ledger", what: str, flags: Flags) -> None:
    rows: list[dict[str, Any]] = []
    for body in held.of("forecast"):
        for one in body["questions"]:
            if what in ("", body["case"], one["id"]):
                said = one.get("chances") or dict(zip(("low", "middle", "high"), one["quantiles"][1:8:3], strict=True))
                rows.append({"question": one["id"], "as_of": body["as_of"], "sealed_on": body["sealed_on"],
                             "run": body["run"], "says": said})  # fmt: skip
    if what and not rows:
        raise InputError(f"{what}: neither a case nor a question of this ledger")
    rows.sort(key=lambda row: (row["question"], row["as_of"], row["sealed_on"]))
    words = (", ".join(f"{name} {value:.3g}" for name, value in row["says"].items()) for row in rows)
    flags.answer(rows, *(f"{row['question']}  {row['as_of']}  {said}" for row, said in zip(rows, words, strict=True)))
