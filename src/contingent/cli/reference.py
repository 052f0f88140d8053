"""`contingent schema` and `explain`: what a file must look like, and what a key, a measure, a number or a word means.

The reference of the scenario format, made from the models, the formulas and the priors.
`tests/golden/refresh.py` writes it as a page of the docs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from statistics import median
from typing import TYPE_CHECKING, Any

from contingent.cli.output import Flags, Switch, emit_json
from contingent.errors import InputError, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from contingent.records import Record
    from contingent.scenario.keys import Key

MOVES = {
    "consultation": "whether and when it is decided", "force": "the force", "force.contributor_cost": "what it costs",
    "mission": "what happens on the ground", "appraisal": "how the options compare",
}  # fmt: skip
WHOLE_FORCE = ", ".join(MOVES[part] for part in ("force", "force.contributor_cost", "mission", "appraisal"))
ALSO = {
    "as_of": "all that is looked up or counted from a day", "baseline": "what the options are compared with",
    "horizon": f"{MOVES['mission']}, {MOVES['appraisal']}", "contributor": MOVES["consultation"],
    "issues": MOVES["consultation"], "unit_types": WHOLE_FORCE, "caveats": WHOLE_FORCE, "lift": WHOLE_FORCE,
    "routes": WHOLE_FORCE, "support": WHOLE_FORCE, "weights": MOVES["appraisal"], "adaptive": MOVES["appraisal"],
}  # fmt: skip
"""What is moved by parts that no formula names."""
UNKNOWABLE = {
    "Stakeholder.capability", "Stake.salience", "Process.noise", "Process.shared", "Process.bloc_correlation",
    "Process.pressure", "Pool.share", "Pool.process", "Pool.reference", "Member.whip", "Contributor.home_support",
    "Contributor.casualty_sensitivity", "Pledge.reliability", "Requirement.weight", "Reimbursement.paid",
}  # fmt: skip
"""What nobody can look up: of these the reference tells what the shipped cases have."""
NEARNESS = "consultation.nearness_STAKEHOLDER"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name means."""

    name: str
    what: str
    means: str
    write: str = ""
    default: str = ""
    example: str = ""
    moves: str = ""
    typical: str = ""
    keys: tuple[str, ...] = ()
    """Of a record: what stands below it."""

    def __str__(self) -> str:
        rows = [(label, getattr(self, label)) for label in ("means", "write", "default", "example", "moves", "typical")]
        rows += [("keys", ", ".join(self.keys))]
        return "\n".join([f"{self.name}   ({self.what})", *(f"  {label:8} {text}" for label, text in rows if text)])


def of_key(key: Key) -> Entry:
    """What a key of a scenario means."""
    record = below(key)
    own = tuple(record.model_fields) if record else ()
    typical = typical_of(key) if key.title in UNKNOWABLE else ""
    return Entry(key.path, "key of a scenario", key.means or record_says(record), key.words,
                 key.default or "must be given", example_of(key), moves(key), typical, own)  # fmt: skip


def below(key: Key | None) -> type[Record] | None:
    """The record that stands at a key, or in the entries there."""
    return key.shape.inner.record if key else None


def record_says(record: Any) -> str:
    """What a record is, in its docstring's first sentence."""
    return "" if record is None else " ".join((record.__doc__ or "").split("\n\n")[0].split())


def moves(key: Key) -> str:
    """What may come out otherwise if a key does."""
    from contingent.study.formulas import FORMULAS, reads

    if key.path.startswith(("documents", "claims")) or key.field in ("claims", "assumption"):
        return "no number: it says what numbers rest on"
    if key.printed:
        return "no number: it is printed"
    hit = [name for name, formula in FORMULAS.items() if reads(formula.inputs).match(key.path)]
    told = [says for name, says in MOVES.items() if any(one == name or one.startswith(f"{name}.") for one in hit)]
    return ", ".join(told) or ALSO.get(key.path.partition(".")[0], "no number: it is printed")


def example_of(key: Key) -> str:
    """What a shipped case has there; what may stand there, if none has it."""
    if key.shape.kind in ("record", "entries", "list", "any"):
        return ""
    for value in _values(key):
        if value not in ("", (), None):
            words = list(value) if isinstance(value, tuple) else value
            return (str(words).lower() if isinstance(value, bool) else str(words)).replace("'", "")
    return key.example


def typical_of(key: Key) -> str:
    """The range of what the shipped cases have, for what cannot be known."""
    values = [value.best for value in _values(key)]
    middle = f"{min(values):g} to {max(values):g}, half of them up to {median(values):g}" if values else ""
    return f"{middle} (judgements of the shipped cases)" if values else ""


def _values(key: Key) -> Iterator[Any]:
    """What the shipped cases have at a key."""
    from contingent.scenario.keys import ENTRY
    from contingent.scenario.paths import matching, value_at

    pattern = ".".join("*" if step in ENTRY.values() else step for step in key.path.split("."))
    found = (value_at(case, path) for case in _shipped() for path in matching(case, pattern))
    yield from (value for value in found if value is not None)


@lru_cache
def _shipped() -> tuple[Any, ...]:
    from contingent.scenario.read import read, shipped

    found = []
    for name in shipped():
        with suppress(ScenarioError):  # one that is still being filled in has no values to show
            found.append(read(name))
    return tuple(found)


@lru_cache
def others() -> dict[str, tuple[Entry, ...]]:
    """What every name means that is no key: measures, results, numbers of the mission model, codes, words."""
    found: dict[str, list[Entry]] = {}
    for entry in (*measures(), *parameters(), *codes(), *words_of_keys()):
        found.setdefault(entry.name, []).append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def measures() -> Iterator[Entry]:
    """What a criterion may measure, then the results that can be traced but are no measure."""
    from contingent.study.formulas import FORMULAS, formula_of

    how = "and under every option `judgements: {CRITERION: 60 (40 to 80)}`"
    own = "the user's own judgement of each option, 0 to 100"
    near = "100 less the distance of an option's terms from what a stakeholder wants, weighed by its salience"
    yield Entry("judged", "measure of a criterion", own, f"`measure: judged`, {how}")
    yield Entry(NEARNESS, "measure of a criterion", near, "`measure: consultation.nearness_united_states`")
    for name, formula in sorted(FORMULAS.items(), key=lambda each: not each[1].criterion):
        told = formula_of(name) + ("" if formula.unit == "1" else f"; in {formula.unit}")
        if formula.criterion:
            yield Entry(name, "measure of a criterion", told, f"`measure: {name}`")
        else:
            yield Entry(name, "result", told, f"`contingent trace SCENARIO {name}`")


def parameters() -> Iterator[Entry]:
    """The numbers of the mission model, with what is believed of them where a theatre says nothing."""
    from contingent.mission.parameters import priors

    for prior in priors().values():
        unit = "" if prior.estimate.unit.name == "1" else f" {prior.estimate.unit.name}"
        yield Entry(
            prior.name, "number of the mission model", prior.source,
            f"`theatre.parameters.{prior.name}: {prior.estimate}`; {prior.estimate.unit.range}",
            f"{prior.estimate}{unit} ({prior.basis})",
            moves=f"equation {prior.equation.replace(',', ' and ')} of the mission: symbol {prior.symbol}",
        )  # fmt: skip


def codes() -> Iterator[Entry]:
    """The codes of the record of past decisions."""
    text = files("contingent.precedents").joinpath("data/codebook.md").read_text("utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 2 and cells[0] != "column":
            for name in cells[0].split(", "):
                yield Entry(name, "code of the record of past decisions", cells[1])


def words_of_keys() -> Iterator[Entry]:
    """The words that keys may have."""
    from contingent.scenario.keys import keys, words

    where = {key.title: key.path for key in reversed(keys().values())}
    for title, table in words().items():
        for word, means in table.items():
            yield Entry(word, "word", means, f"`{where[title]}: {word}`")


def entries(name: str) -> list[Entry]:
    """What a name means: a path, the last step of paths, or any other name.

    Raises:
        InputError: nothing has that name; says which may have been meant.
    """
    from contingent.scenario.keys import found, keys

    known, bare = keys(), name.removeprefix("theatre.parameters.")
    key = None if bare != name else found(name) or titled(name)
    hits = [of_key(key)] if key else []
    if key and "." in name:
        return hits  # the engines are not loaded for it
    rest = others()
    hits += rest.get(bare, ())
    if not key:
        same = [one for one in known.values() if one.field == name]
        hits += [of_key(one) for one in same[:4]]
        if len(same) > 4:
            more = tuple(one.path for one in same)
            hits = [one for one in hits if one.what != "key of a scenario"]
            hits.append(Entry(name, "key of many records", "say which of these is meant", keys=more))
    if not hits and name.startswith("consultation.nearness_"):
        hits = list(rest[NEARNESS])
    if not hits and name.endswith("."):
        hits = [one for each in rest.values() for one in each if one.name.startswith(name)]
    if not hits:
        names = {*known, *(one.field for one in known.values()), *rest}
        raise InputError(f"{name}: nothing is called so; " + did_you_mean(name, names))
    return hits


def titled(name: str) -> Key | None:
    """The key that goes by its record's name: `gate` or `gate.kind`."""
    from contingent.scenario.keys import keys

    for key in keys().values():
        if name.lower() in (key.title.lower(), getattr(below(key), "__name__", "").lower()):
            return key
    return None


def explain(name: str, /, *, flags: Flags = Flags()) -> int:
    """Say what NAME means: unit, what may stand there, what is taken if nothing does, an example, what it moves.

    Args:
        name: a key (`theatre.observed.deaths`, `salience`), a measure (`mission.own_deaths`), a number of the mission
            model (`event_rate`), a code of past decisions (`coerce_kin`), a word (`vote`, `deterrence`), or an engine
            with a dot (`mission.`) for all its results.
        flags: how to report.
    """
    found = entries(name)
    rows = [{key: value for key, value in asdict(entry).items() if value} for entry in found]
    flags.answer(rows, "\n\n".join(map(str, found)))
    return 0


def schema(key: str = "", /, *, part: Switch = False, flags: Flags = Flags()) -> int:
    """Print the JSON Schema of a scenario, or of the record at KEY, for editors that check a file while it is written.

    Args:
        key: a record's path or name, such as `process.gates`; the whole scenario if not given.
        part: for one of several files of a scenario: no key at the top must be there.
        flags: how to report.
    """
    from contingent.scenario.keys import Scenario, found, keys
    from contingent.scenario.keys import schema as made

    record = below(found(key) or titled(key)) if key else Scenario
    if record is None:
        records = [path for path, one in keys().items() if below(one)]
        raise InputError(f"{key}: is no record; " + did_you_mean(key, records))
    emit_json(made(record, whole=not part))
    return 0
