"""What does a change do, told within the time in which somebody still looks at the number they changed?

A process that holds small ensembles warm, of one draft after another; what it tells is marked as a preview, with its
Monte Carlo error. Its draws are those of every other preview of the draft (common random numbers).
"""

from __future__ import annotations

import gc
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from contingent.atomic import canonical_json
from contingent.brief import compose
from contingent.consultation.outcome import ladder
from contingent.processes import workers
from contingent.scenario.read import read
from contingent.study.comparison import LADDER, Difference, runs_apart
from contingent.study.formulas import engine_faults
from contingent.study.planning import remember
from contingent.study.preview import Preview
from contingent.study.result import Result
from contingent.study.store import Store
from contingent.study.study import Study, branches, run_or_load
from contingent.study.what_if import WhatIf

RUNS = 400  # of a preview
SEED = 20251028  # as on the command line
SOON, PATIENT = 0.3, 300  # seconds: for a page that comes back for the rest, for whoever asks to wait
HELD = 4  # of what a process holds under a key: ensembles of drafts, results of changes, briefs
SHOWN = (LADDER, "consultation.passes", "consultation.other_terms", "appraisal.first", "force.coverage", "force.cost",
         "mission.own_deaths", "mission.force_deaths", "mission.civilian_deaths", "mission.need",
         "mission.ceasefire_falls", "mission.home_support")  # fmt: skip
"""Results of the panel, in its order."""


def kept(held: OrderedDict[Any, Any], key: Any, made: Any) -> Any:
    """Something made, held under a key beside the latest others."""
    held[key] = made
    while len(held) > HELD:
        held.popitem(last=False)
    return made


@dataclass
class Warm:
    """A draft's base, reckoned once, and the results of its latest changes."""

    base: Result
    results: OrderedDict[str, Result] = field(default_factory=OrderedDict)
    sections: OrderedDict[str, Any] = field(default_factory=OrderedDict)

    @cached_property
    def quick(self) -> Preview:
        """The base of what is told at once."""
        return Preview(self.base)

    def after(self, key: str, changes: Mapping[str, Any]) -> Result:
        """The result with changes made; steps whose inputs are those of the last one are taken over."""
        if not changes:
            return self.base
        if key not in self.results:
            last = next(reversed(self.results.values()), self.base)
            scenario = self.base.scenario.with_(changes)
            kept(self.results, key, Study(scenario, tuple(scenario.options), SEED).run(RUNS, since=last))
        return self.results[key]


_warm: OrderedDict[str, Warm] = OrderedDict()
"""Of this process, by the folder of the draft's case."""


def warm(folder: str, store: str) -> Warm:
    """The base of the draft whose case is in a folder; reckoned, or read from the store of previews."""
    if folder not in _warm:
        study = Study(read(folder, engine_faults), seed=SEED)
        kept(_warm, folder, Warm(run_or_load(study, RUNS, Store(Path(store)))))
        gc.freeze()  # or every eighteenth change would wait a quarter of a second for what stays to be looked through
    _warm.move_to_end(folder)
    return _warm[folder]


def visible(result: Result) -> list[str]:
    """The options that the panel shows: of those that change something, the one most often best; and declining."""
    base = result.scenario.baseline
    return [*sorted(set(result.options) - {base}, key=lambda name: (-result.first(name), name))[:1], base]


def headlines(folder: str, store: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What the panel tells at once: headlines before and after, with the paired difference and its error; what is put
    off, and why.
    """
    started, here = time.perf_counter(), warm(folder, store)
    wants = [name for name in SHOWN if name in here.quick.before]
    return _told(here.quick.change(changes, visible(here.base), wants, checked=True), started)


def settled(folder: str, store: str, key: str, changes: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The same with nothing put off; beside it the plans that it took, for who is to be quick with them."""
    started, here = time.perf_counter(), warm(folder, store)
    after = here.after(key, changes)
    whole = WhatIf(here.base, after, changes, runs_apart(here.base, after))
    shown = {*visible(here.base), *here.quick.rungs}
    return _told(replace(whole, effects=tuple(e for e in whole.effects if e.option in shown)), started), after.plans


def learn(folder: str, store: str, changes: Mapping[str, Any], plans: Any) -> None:
    """Keeps the plans of a draft's changes, so that the next change is told with them."""
    scenario = warm(folder, store).base.scenario.with_(changes)
    remember(branches(scenario, tuple(scenario.options))[1], plans)


def _told(found: WhatIf, started: float) -> dict[str, Any]:
    scenario = found.before.scenario
    labels = {f"{rung.name}, decided": rung.label for rung in ladder(scenario)}
    labels |= {name: option.label for name, option in scenario.options.items()}
    rows = [_row(each, labels[each.option]) for name in SHOWN for each in found.effects
            if each.measure == name and each.option in labels]  # fmt: skip
    put_off = {name: why for name in SHOWN if (why := found.why(name))}
    return {"runs": RUNS, "rows": rows, "seconds": time.perf_counter() - started, "preview": True,
            "unchanged": list(found.unchanged), "put_off": put_off}  # fmt: skip


def _row(each: Difference, label: str) -> dict[str, Any]:
    low, high = each.interval
    return {"result": each.measure, "option": each.option, "label": label, "unit": each.unit,
            "before": each.first, "after": each.second, "difference": each.mean, "low": low, "high": high,
            "moved": each.same < 1, "clear": low > 0 or high < 0}  # fmt: skip


def influence(folder: str, store: str) -> dict[str, float]:
    """How much of the headline's spread goes with each uncertain number of the base."""
    return warm(folder, store).base.influence


def page_one(folder: str, store: str, key: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The brief's first two pages of the base and of the draft, as blocks; what flips the choice beside them."""
    here = warm(folder, store)
    return {"before": _composed(here, "", here.base), "after": _composed(here, key, here.after(key, changes))}


def _composed(here: Warm, key: str, result: Result) -> Any:
    return here.sections.get(key) or kept(here.sections, key, compose(result))


@dataclass
class Previews:
    """Two warm processes, asked from many threads: one that answers at once, one for what takes longer."""

    store: Path
    _lock: Lock = field(default_factory=Lock)
    _pools: dict[str, Any] = field(default_factory=dict)
    _held: ExitStack = field(default_factory=ExitStack)  # or the pools would end with what began them

    def ask(self, work: Any, folder: Path, *given: Any, pool: str = "slow") -> Future[Any]:
        """What a process is to find out about the draft whose case is in a folder; one that died is replaced."""
        with self._lock:
            if pool not in self._pools or self._pools[pool]._broken:
                self._pools[pool] = self._held.enter_context(workers(1))
            return self._pools[pool].submit(work, str(folder), str(self.store), *given)

    def quick(self, folder: Path, changes: Mapping[str, Any]) -> Future[Any]:
        """What changes do, at once: see `headlines`."""
        return self.ask(headlines, folder, dict(changes), pool="quick")

    def close(self) -> None:
        """Ends the processes."""
        with self._lock:
            for pool in self._pools.values():
                processes = list((pool._processes or {}).values())
                pool.shutdown(wait=False, cancel_futures=True)
                for each in processes:
                    each.terminate()
            self._pools.clear()


def key_of(changes: Mapping[str, Any]) -> str:
    """What stands for a set of changes; nothing for none."""
    return sha256(canonical_json(dict(changes), keep_order=True)).hexdigest()[:16] if changes else ""
