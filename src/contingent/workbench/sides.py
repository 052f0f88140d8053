"""Which two things are compared, what sets them apart, and which changed assumptions carry it? Asked in a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from contingent.consultation.outcome import ladder
from contingent.study.comparison import changes, options_apart, runs_apart, same_ensemble, shown, sorted_out, structure
from contingent.study.question import Question
from contingent.study.result import Result
from contingent.workbench.previews import RUNS, SEED, after, key_of, warm

LOADED = 4  # finished runs that are held
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


def kept(held: OrderedDict[Any, Any], key: Any, made: Any, most: int = LOADED) -> Any:
    """Something made, held under a key beside the latest others."""
    held[key] = made
    while len(held) > most:
        held.popitem(last=False)
    return made


def result_of(side: Side, store: str) -> Result:
    """The result of one side; a draft's is a preview.

    Raises:
        RunError: the run is missing or damaged.
    """
    if not side.run:
        return after(warm(side.folder, store), key_of(side.changes), side.changes)
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
