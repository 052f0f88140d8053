"""What does a change do, told within the time in which somebody still looks at the number they changed?

A process that holds small ensembles warm, of one draft after another; what it tells is marked as a preview, with its
Monte Carlo error. Its draws are those of every other preview of the draft (common random numbers).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from contingent.consultation.outcome import ladder
from contingent.processes import workers
from contingent.study.comparison import LADDER, Difference, runs_apart
from contingent.study.result import Result

RUNS = 400  # of a preview
SEED = 20251028  # as on the command line
WARM = 3  # drafts whose ensembles are held
SHOWN = ("consultation.passes", "consultation.other_terms", "appraisal.first", "force.coverage", "force.cost",
         "mission.own_deaths", "mission.force_deaths", "mission.civilian_deaths", "mission.need",
         "mission.ceasefire_falls", "mission.home_support")  # fmt: skip
"""Results of the panel, in its order; the ladder of the decision stands above them."""


@dataclass
class Warm:
    """A draft's base, reckoned once, and the results of its latest changes."""

    base: Result
    results: OrderedDict[str, Result] = field(default_factory=OrderedDict)
    sections: OrderedDict[str, Any] = field(default_factory=OrderedDict)


_warm: OrderedDict[str, Warm] = OrderedDict()
"""Of this process, by the folder of the draft's case."""


def warm(folder: str, store: str) -> Warm:
    """The base of the draft whose case is in a folder; reckoned, or read from the store of previews."""
    if folder in _warm:
        _warm.move_to_end(folder)
        return _warm[folder]
    from contingent.scenario.read import read
    from contingent.study.formulas import engine_faults
    from contingent.study.store import Store
    from contingent.study.study import Study, run_or_load

    study = Study(read(folder, engine_faults), seed=SEED)
    _warm[folder] = Warm(run_or_load(study, RUNS, Store(Path(store))))
    while len(_warm) > WARM:
        _warm.popitem(last=False)
    return _warm[folder]


def after(here: Warm, key: str, changes: Mapping[str, Any]) -> Result:
    """The result of the base with changes made; the steps whose inputs are those of the last one are taken over."""
    if not changes:
        return here.base
    if key not in here.results:
        from contingent.study.study import Study

        scenario = here.base.scenario.with_(changes)
        last = next(reversed(here.results.values()), here.base)
        here.results[key] = Study(scenario, tuple(scenario.options), SEED).run(RUNS, since=last)
        while len(here.results) > WARM:
            here.results.popitem(last=False)
    return here.results[key]


def visible(result: Result) -> list[str]:
    """The options that the panel shows: the best one, the next that sends people, and declining."""
    best, base = result.appraisal.best, result.scenario.baseline
    order = sorted(result.options, key=lambda name: -result.first(name))
    return list(dict.fromkeys([best, *[name for name in order if name != base][:2], base]))[:3]


def headlines(folder: str, store: str, key: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What the panel tells: every headline before and after, with the paired difference and its error."""
    started = time.perf_counter()
    here = warm(folder, store)
    result = after(here, key, changes)
    shown = visible(here.base)
    found = runs_apart(here.base, result) if changes else runs_apart(here.base, here.base)
    labels = {f"{rung.name}, decided": rung.label for rung in ladder(result.scenario)}
    rows = [_row(each, labels[each.option], "The decision") for each in found
            if each.measure == LADDER and each.option in labels]  # fmt: skip
    for name in SHOWN:
        rows += [_row(each, result.scenario.options[each.option].label, name)
                 for each in found if each.measure == name and each.option in shown]  # fmt: skip
    moved = {each.measure for each in found if each.same < 1}
    return {"runs": RUNS, "rows": rows, "seconds": time.perf_counter() - started, "preview": True,
            "unchanged": sorted({each.measure for each in found} - moved)}  # fmt: skip


def _row(each: Difference, label: str, name: str) -> dict[str, Any]:
    low, high = each.interval
    return {"result": each.measure, "name": name, "option": each.option, "label": label, "unit": each.unit,
            "before": each.first, "after": each.second, "difference": each.mean, "low": low, "high": high,
            "moved": each.same < 1, "clear": low > 0 or high < 0}  # fmt: skip


def influence(folder: str, store: str) -> dict[str, float]:
    """How much of the headline's spread goes with each uncertain number of the base."""
    return warm(folder, store).base.influence


def page_one(folder: str, store: str, key: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The brief's first two pages of the base and of the draft, as blocks; what flips the choice beside them."""
    here = warm(folder, store)
    return {"before": _composed(here, "", here.base), "after": _composed(here, key, after(here, key, changes))}


def _composed(here: Warm, key: str, result: Result) -> Any:
    from contingent.brief import compose

    if key not in here.sections:
        here.sections[key] = compose(result)
        while len(here.sections) > WARM + 1:
            here.sections.pop(next(name for name in here.sections if name))
    return here.sections[key]


@dataclass
class Previews:
    """The warm process, asked from many threads; one that died is replaced."""

    store: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _lock: Lock = field(default_factory=Lock)
    _pool: Any = None

    def ask(self, work: Any, folder: Path, *given: Any) -> Future[Any]:
        """What the process is to find out about the draft whose case is in a folder."""
        with self._lock:
            if self._pool is None or self._pool._broken:
                self._stack = ExitStack()
                self._pool = self._stack.enter_context(workers(1))
            return self._pool.submit(work, str(folder), str(self.store), *given)

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            if self._pool is not None:
                processes = list((self._pool._processes or {}).values())
                self._pool.shutdown(wait=False, cancel_futures=True)
                for each in processes:
                    each.terminate()
                self._pool = None


def key_of(changes: Mapping[str, Any]) -> str:
    """What stands for a set of changes; nothing for none."""
    from hashlib import sha256

    from contingent.atomic import canonical_json

    return sha256(canonical_json(dict(changes), keep_order=True)).hexdigest()[:16] if changes else ""
