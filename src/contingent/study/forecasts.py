"""Which questions does a run answer that the world will answer too, and how is it kept what was said before?

Forecast questions with a rule by which they are resolved; forecasts sealed in a hash chain before, answers after.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from contingent.consultation.consult import Deliberation, deliberate
from contingent.consultation.events import happening
from contingent.consultation.happened import design_of
from contingent.consultation.outcome import STAGES, ladder
from contingent.errors import InputError, did_you_mean
from contingent.evidence.ledger import Ledger
from contingent.labels import OPTION, RUN, WEEK
from contingent.scenario.model import Scenario
from contingent.scoring.scores import LEVELS
from contingent.study.result import Result

SAID = tomllib.loads((files("contingent.study") / "questions.toml").read_text("utf-8"))
DAYS = (90, 180, 365, 730)
"""After the scenario's date: when questions close, as far as its horizon goes."""
NUMBERS = ("own_deaths", "force_deaths", "civilian_deaths", "trucks")
NOTHING = "nothing of these"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with exact words: `answers` are yes and no, several that exclude each other, or none for a number."""

    id: str
    about: tuple[str, ...]
    """What of a run answers it: kind, then what of that kind."""
    opens: str
    closes: str
    wording: str
    rule: str
    source: str
    answers: tuple[str, ...] = ("yes", "no")
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A question with what a run says: the chance of each answer, or of a number its quantiles at `LEVELS`.

    `record` is what past decisions alone say of a decision, where they say anything.
    """

    question: Question
    chances: Mapping[str, float] | None = None
    quantiles: tuple[float, ...] | None = None
    record: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, the question's own beside it."""
        said = {"chances": dict(self.chances or {})} if self.chances else {"quantiles": list(self.quantiles or ())}
        return {**asdict(self.question), "about": list(self.question.about), "answers": list(self.question.answers),
                **said, **({} if self.record is None else {"record": self.record})}  # fmt: skip


def questions(scenario: Scenario) -> tuple[Question, ...]:
    """The questions that a case can be scored on."""
    opens = scenario.as_of
    last = 7 * scenario.horizon
    closing = [opens + dt.timedelta(days=day) for day in DAYS if day <= last] or [opens + dt.timedelta(days=last)]
    end, rungs = opens + dt.timedelta(days=last), ladder(scenario)
    found: list[Question] = []

    def ask(kind: str, *what: str, by: dt.date, told: str = "", answers: tuple[str, ...] = ("yes", "no"), **more: str):
        said = SAID[kind] if "wording" in SAID[kind] else SAID[kind][what[0]]
        words = dict(
            closes=by, opens=opens, decider=scenario.decider, theatre=scenario.theatre.label, what=told, **more
        )
        wording, rule, source = (said[key].format(**words) for key in ("wording", "rule", "source"))
        id_ = "/".join((scenario.name, kind, *what, str(by)))
        found.append(Question(id_, (kind, *what), str(opens), str(by), wording, rule, source, answers,
                              said.get("unit", "")))  # fmt: skip

    for by in closing:
        for rung in rungs:
            people = min(sum(pledge.strength.best for pledge in scenario.under(name).own) for name in rung.options) / 2
            least = f"at least {people:,.0f} of their people" if people >= 1 else "people of theirs"
            for stage in STAGES:
                ask("reached", stage, rung.name, by=by, told=rung.label,
                    persons=f", with {least}" if people >= 1 else "", persons_there=f" {least}")  # fmt: skip
        ask("decided_on", by=by, answers=(NOTHING, *(rung.name for rung in rungs)))
        for name, event in scenario.process.events.items():
            ask("event", name, by=by, told=event.label)
    if "ceasefire" in scenario.parts:
        ask("ceasefire", by=end)
    for kind in NUMBERS:
        ask(kind, by=end, answers=())
    return tuple(found)


def forecasts(result: Result, asked: Sequence[Question] = ()) -> Iterator[Forecast]:
    """What a run says of questions; of its own scenario's if none are given. Those it has no table for are left out.

    What happens on the ground is told over what is decided: every option, in each run, by its chance to be what is
    carried out, and nobody sent where nothing is.
    """
    scenario = result.scenario
    design = design_of(scenario, result.question.seed, result.question.runs)
    talks = deliberate(scenario, design)
    days = happening(scenario, design)
    weights, rungs = _weights(result), ladder(scenario)
    for question in asked or questions(scenario):
        kind, *what = question.about
        day = (dt.date.fromisoformat(question.closes) - scenario.as_of).days
        if kind == "reached" and (chance := _reached(talks, what[0], what[1], day)) is not None:
            asked_of = [
                name for rung in rungs if rung.name == what[1] for name in rung.options if name in result.options
            ]
            alike = result.tables["consultation"]["reference"].sel({OPTION: asked_of}).to_numpy()
            yield _yes(question, chance, float(alike.mean()) if what[0] == "decided" and asked_of else None)
        elif kind == "decided_on":
            names = question.answers[1:]
            least = [_reached(talks, "decided", name, day) or 0.0 for name in names]
            shares = -np.diff([1.0, *least, 0.0])
            yield Forecast(question, dict(zip(question.answers, map(float, shares), strict=True)))
        elif kind == "event" and what[0] in days:
            yield _yes(question, float((days[what[0]] <= day).mean()))
        elif kind == "ceasefire" and "ceasefire" in result.tables.get("weekly", {}):
            holds = result.tables["weekly"]["ceasefire"].isel({WEEK: -1})
            yield _yes(question, float((holds * weights).sum(OPTION).mean()))
        elif kind in NUMBERS and (values := _numbers(result, kind)) is not None:
            at = values.transpose(RUN, OPTION).to_numpy(), weights.transpose(RUN, OPTION).to_numpy()
            quantiles = np.quantile(at[0].ravel(), LEVELS, weights=at[1].ravel(), method="inverted_cdf")
            yield Forecast(question, quantiles=tuple(map(float, quantiles)))


def asked_before(row: Mapping[str, Any]) -> Question:
    """A question as it was sealed, in its own words."""
    told = {name: row[name] for name in Question.__dataclass_fields__}
    return Question(**{**told, "about": tuple(row["about"]), "answers": tuple(row["answers"])})


def _yes(question: Question, chance: float, record: float | None = None) -> Forecast:
    return Forecast(question, {"yes": chance, "no": 1.0 - chance}, record=record)


def _reached(talks: Deliberation, stage: str, rung: str, day: int) -> float | None:
    names = [each.name for each in ladder(talks.base)]
    if rung not in names or day < 0:
        return None
    return float(talks.outlook.rung(names.index(rung) + 1, np.full(len(talks.deadline), float(day)), stage).mean())


def _weights(result: Result):
    """How likely each option is what is decided, in each run; the rest is the baseline's; (option, run)."""
    options = list(result.options)
    table = result.tables["outlook"]["outcomes"].rename({"outcome": OPTION})
    kept = [name for name in options if name in table[OPTION].values]
    found = table.sel({OPTION: kept}).reindex({OPTION: options}).fillna(0.0)
    return found + (1 - found.sum(OPTION)) * (found[OPTION] == result.scenario.baseline)


def _numbers(result: Result, kind: str):
    """A number over (option, run), up to the end of the horizon."""
    weekly = result.tables.get("weekly", {})
    if kind == "own_deaths" and "contributors" in result.tables:
        return result.evidence.of_contributor("own_deaths").fillna(0)
    name = "own_deaths" if kind == "force_deaths" else kind
    if kind == "own_deaths" or name not in weekly:
        return None
    return weekly[name].isel({WEEK: -1}) if kind == "trucks" else weekly[name].sum(WEEK)


def seal(ledger: Ledger, result: Result, made: Sequence[Forecast], now: dt.datetime) -> str:
    """Write forecasts for good: with the run, its code and evidence, and when; the seal over all that was written.

    Raises:
        InputError: a question without a rule or a source, or that closed before this day.
        LedgerError: the ledger cannot be added to.
    """
    today = now.date().isoformat()
    for one in made:
        if not (one.question.rule and one.question.source):
            raise InputError(f"{one.question.id}: has no rule by which it is resolved, or no source; nothing is sealed")
    last = max((body["sealed_at"] for body in ledger.of("forecast")), default="")
    if last > now.isoformat():
        raise InputError(f"{ledger.path}: holds forecasts sealed at {last}, after this machine's clock; set the clock")
    run = result.question
    ledger.append([("forecast", {
        "case": result.scenario.name, "title": result.scenario.title, "as_of": str(result.scenario.as_of),
        "run": run.id, "runs": run.runs, "seed": run.seed, "version": run.version, "sealed_at": now.isoformat(),
        "sealed_on": today, "questions": [one.to_dict() for one in made],
    })])  # fmt: skip
    return ledger.seal


def resolve(
    ledger: Ledger, name: str, answer: str, source: str, on: dt.date, now: dt.datetime, crowd: float | None = None
) -> dict[str, Any]:
    """Write how a question came out, and what others together gave a yes; a later answer counts, the earlier one stays.

    Raises:
        InputError: no such question, an answer that it does not have, no source, or a day that does not fit.
    """
    known = {one["id"]: one for body in ledger.of("forecast") for one in body["questions"]}
    if name not in known:
        raise InputError(f"{name}: no such question was sealed; {did_you_mean(name, known)}")
    question = known[name]
    value: float | str = answer
    if not question["answers"]:
        try:
            value = float(answer)
        except ValueError:
            raise InputError(f"{name}: `{answer}` is no number of {question['unit']}") from None
    elif answer not in question["answers"]:
        raise InputError(f"{name}: `{answer}` is none of {', '.join(question['answers'])}")
    if not source.strip():
        raise InputError(f"{name}: say with --source where that stands")
    early = str(on) < question["closes"] and answer != "yes" and question["answers"]
    if str(on) < question["opens"] or on > now.date() or early:
        why = "lies ahead" if on > now.date() else f"lies before the question opens ({question['opens']})"
        if early and on <= now.date():
            why = f"is before the question closes ({question['closes']}), and only a yes can come early"
        raise InputError(f"{name}: {on} {why}")
    if crowd is not None and (question["answers"] != ["yes", "no"] or not 0 <= crowd <= 1):
        raise InputError(f"{name}: --crowd is a chance of yes from 0 to 1, of a question that is answered yes or no")
    body = {"question": name, "answer": value, "source": source, "on": str(on), "written_at": now.isoformat()}
    body |= {} if crowd is None else {"crowd": crowd}
    ledger.append([("resolution", body)])
    return body


def faults(ledger: Ledger, published: str = "") -> list[str]:
    """What is wrong with a ledger of forecasts: lines changed, moved or taken out, clocks set back, answers to nothing.

    `published` is a seal that was given away before: what was cut off at the end shows by it alone.
    """
    found = [f"line {line}: {why}" for line, why in ledger.faults.items()]
    seals, sealed_at, known = [entry.seal for entry in ledger.entries], "", set[str]()
    for number, entry in enumerate(ledger.entries, 1):
        at = str(entry.body.get("sealed_at", entry.body.get("written_at", "")))
        if at < sealed_at:
            found.append(f"line {number}: says it was written at {at}, before the line above it ({sealed_at})")
        sealed_at = max(sealed_at, at)
        if entry.kind == "forecast":
            known |= {one["id"] for one in entry.body["questions"]}
        elif entry.kind == "resolution" and entry.body["question"] not in known:
            found.append(f"line {number}: answers {entry.body['question']}, which was not asked before")
    if published and published not in seals:
        found.append(f"the seal {published} is of no line: lines were changed, or cut off at the end")
    return found
