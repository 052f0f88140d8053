"""In what do two states of a draft, two runs or two options differ, by how much, and why?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from contingent.consultation.outcome import ladder
from contingent.errors import InputError, RunError, did_you_mean
from contingent.study.comparison import changes, options_apart, runs_apart, same_ensemble, shown, sorted_out, structure
from contingent.study.question import Question
from contingent.study.result import Result
from contingent.workbench.desk import Desk
from contingent.workbench.drafts import Sight
from contingent.workbench.page import awaited, frame
from contingent.workbench.previews import RUNS, SEED, kept, key_of, warm
from contingent.workbench.screens.bottom_line import TITLES

ENGINES = {"attempt": "The attempt", "appraisal": "The weighing", "consultation": "The decision",
           "outlook": "The decision", "force": "The force", "mission": "On the ground"}  # fmt: skip
SAYS = 40  # changed places that a page lists


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things compared: a draft (the folder of its case, and its changes), or a finished run of a store."""

    label: str
    folder: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""
    store: str = ""

    @property
    def key(self) -> str:
        """What stands for it."""
        return self.run or f"{self.folder} {key_of(self.changes)}"


_loaded: OrderedDict[str, Result] = OrderedDict()
_carried: OrderedDict[tuple[str, str], list[dict[str, Any]]] = OrderedDict()
"""Of this process: finished runs by id, and what was found to carry a difference, by the keys of its sides."""


def result_of(side: Side, store: str) -> Result:
    """The result of one side; a draft's is a preview.

    Raises:
        RunError: the run is missing or damaged.
    """
    if not side.run:
        return warm(side.folder, store).after(key_of(side.changes), side.changes)
    from contingent.study.store import Store
    from contingent.study.study import load

    return _loaded.get(side.run) or kept(_loaded, side.run, load(side.run, Store(Path(side.store))))


def question_of(side: Side) -> Question:
    """What one side answers, without answering it."""
    if side.run:
        from contingent.study.store import Store, question_of

        return question_of(Store(Path(side.store)).find(side.run))
    from contingent.scenario.read import read
    from contingent.study.study import Study

    base = read(Path(side.folder))
    return Study(base.with_(side.changes) if side.changes else base, seed=SEED).question(RUNS)


def set_apart(_: str, store: str, first: Side, second: Side, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """The assumptions and results in which two sides differ; or the results of two `options` of the first.

    Raises:
        InputError: the side has no such option.
    """
    before = result_of(first, store)
    if options:
        one, found, paired, moved = before, options_apart(before, *options), True, ()
    else:
        one = result_of(second, store)
        found, paired = runs_apart(before, one), same_ensemble(before, one)
        moved = changes(before.scenario, one.scenario)
    large, hardly, alike = sorted_out(found, paired=paired)
    labels = {name: option.label for name, option in one.scenario.options.items()}
    rungs = {rung.name: rung.label for rung in ladder(one.scenario)}
    return {
        "paired": paired, "runs": [before.question.runs, one.question.runs], "structure": list(structure(moved)),
        "changes": [{"path": c.path, "before": shown(c.before), "after": shown(c.after)} for c in moved],
        "rows": [{**asdict(d), "interval": d.interval, "ten": round(10 * d.better) if paired else None,
                  "label": "" if options else _label(labels, rungs, d.option)} for d in large],
        "hardly": hardly, "alike": alike, "labels": labels,
        "criteria": {f"performance.{name}": each.label for name, each in one.scenario.criteria.items()},
    }  # fmt: skip


def _label(labels: Mapping[str, str], rungs: Mapping[str, str], option: str) -> str:
    """An option as it is called, or a rung of the ladder with its stage."""
    rung, comma, stage = option.rpartition(", ")
    return f"{rungs.get(rung, rung)}{comma}{stage}" if comma else labels.get(option, option)


def carried(_: str, __: str, first: Side, second: Side) -> list[dict[str, Any]]:
    """Which changed assumptions carry the difference in each option's chance of passing: see `study.attribution`."""
    from contingent.study.attribution import attribute

    if (key := (first.key, second.key)) not in _carried:
        before, after = question_of(first), question_of(second)
        parts = attribute(before, after, runs=RUNS)
        kept(_carried, key, [{"group": part.group, "carried": part.carried} for part in parts])
    return _carried[key]


def compare(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """What sets `b` apart from `a`: each one of `sides`, or, with `of` one of these, two of its options.

    Not `ready` yet: ask again with `wait=1`; with `why=1` as well, `why` is waited for.

    Raises:
        InputError: there is no such side or option.
    """
    known = sides(desk, sight)
    of = asked.get("of", "")
    options = {name: each.label for name, each in sight.scenario.options.items()}
    first, second = _chosen(asked, options if of else known)
    one, two = known[_known(of, known)] if of else known[first], known[of or second]
    more: tuple[Any, ...] = ((first, second),) if of else ()
    told = {**frame(sight), "sides": {name: each.label for name, each in known.items()}, "a": first, "b": second,
            "of": of, "options": options, "says": SAYS, "why": None, "rows": [], "changes": []}  # fmt: skip
    found = awaited(desk.previews.ask(set_apart, desk.drafts.folder(sight.id), one, two, *more), asked)
    if found is None:
        return {**told, "ready": False}
    measures = [*found["hardly"], *found["alike"], *(row["measure"] for row in found["rows"])]
    names = {name: TITLES.get(name) or found["criteria"].get(name) or _called(name) for name in measures}
    why: Any = []
    if found["changes"] and not of:
        begun = desk.previews.ask(carried, desk.drafts.folder(sight.id), one, two)
        why = awaited(begun, asked if "why" in asked else {})
    return {**told, **found, "ready": True, "names": names, "titles": list(TITLES), "why": why}


def _called(measure: str) -> str:
    """A result that has no title of its own."""
    engine, _, what = measure.partition(".")
    return f"{ENGINES.get(engine, engine)}: {what.replace('_', ' ')}"


def _chosen(asked: Mapping[str, str], known: Mapping[str, Any]) -> list[str]:
    usual = list(known)[:2]
    return [_known(asked.get(side) or usual[at], known) for at, side in enumerate(("a", "b"))]


def _known(name: str, known: Mapping[str, Any]) -> str:
    if name not in known:
        raise InputError(f"{name}: there is no such side to compare; {did_you_mean(name, set(known))}")
    return name


def sides(desk: Desk, sight: Sight) -> dict[str, Side]:
    """All that can be compared: the case, the draft, others of the same case, and finished runs of the same question;
    the latest of each first.
    """
    folder = str(desk.drafts.folder(sight.id))
    found = {"case": Side("The case as written", folder), "draft": Side("This draft now", folder, sight.changes)}
    others = sorted(desk.registry.drafts().items(), key=lambda pair: pair[1]["when"], reverse=True)
    names = {name: told["name"] for name, told in others}
    for name, told in others:
        if told["case"] == sight.told["case"] and name != sight.id:
            other = desk.drafts.sight(name)
            found[f"draft:{name}"] = Side(f"Draft {told['name']}", str(desk.drafts.folder(name)), other.changes)
    whose = {job["run"]: f", {names[job['draft']]} after change {job['seq']}" for job in desk.jobs.all().values()
             if job.get("draft") in names}  # fmt: skip
    for each in desk.store.manifests():
        if not isinstance(each, RunError) and each.name == sight.scenario.name:
            label = f"Run {each.id}, {each.runs:,} runs{whose.get(each.id, '')}"
            found[f"run:{each.id}"] = Side(label, run=each.id, store=str(desk.store.folder))
    return found
