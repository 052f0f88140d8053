"""Why do two runs differ: which assumptions changed, and how much of the difference does each carry?

The difference is given to the changed assumptions by Shapley's value over the order in which they are
changed (Shapley 1953): exact up to `EXACT` groups, else the mean over permutations. Every step is run with
the same seed, so that only the change shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from pydantic_core import to_jsonable_python

from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.records import Record
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children, join
from contingent.streams import Streams

EXACT = 4  # groups of changes up to which every order is taken: sixteen scenarios
ORDERS = 6  # permutations beyond that


@dataclass(frozen=True, slots=True)
class Change:
    """One place at which two scenarios differ; None where one of them has nothing there."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.path}: {shown(self.before)} \u2192 {shown(self.after)}"


def shown(value: Any) -> str:
    """A value of a scenario on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, dict) and "best" in value:
        return str(value["best"])
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def changes(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Every place at which two scenarios differ, in reading order; quotes, prose and the order of things included."""
    return tuple(_apart("", before, after))


def _apart(path: str, one: Any, two: Any) -> Iterator[Change]:
    if one is two:
        return
    ones, twos = _named(one), _named(two)
    if ones is None or twos is None:
        if one != two:
            yield Change(path, _plain(one), _plain(two))
        return
    for step in dict.fromkeys((*ones, *twos)):
        yield from _apart(join(path, step), ones.get(step), twos.get(step))
    if [step for step in ones if step in twos] != [step for step in twos if step in ones]:
        yield Change(path, ", ".join(ones), ", ".join(twos))


def _named(node: Any) -> dict[str, Any] | None:
    """What stands below a node, by step; None for a single value and for a list whose items have no `id`."""
    if isinstance(node, tuple) and not (node and all(hasattr(item, "id") for item in node)):
        return None
    return dict(children(node)) if isinstance(node, Record | dict | tuple) else None


def _plain(value: Any) -> Any:
    """A part of a scenario as a file would hold it."""
    return write_estimate(value) if isinstance(value, Estimate) else to_jsonable_python(value)


def grouped(found: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    """Changes of one record together: a stakeholder, a pledge, a gate."""
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(".".join(change.path.split(".")[:2]), []).append(change)
    return {name: tuple(members) for name, members in groups.items()}


def mixed(before: Scenario, after: Scenario, names: Sequence[str]) -> Scenario:
    """The earlier scenario with the named groups of changes taken over from the later one."""
    values, target = dict(children(before)), dict(children(after))
    for name in names:
        top, _, item = name.partition(".")
        values[top] = _spliced(values[top], target[top], item) if item else target[top]
    return Scenario.model_validate(values)


def _spliced(base: Any, target: Any, item: str) -> Any:
    """A part of a scenario with one of its items as in the target, in its place; a list without ids is taken over."""
    ones, twos = _named(base), _named(target)
    if ones is None or twos is None:
        return target
    order = [step for step in ones if step != item or step in twos]
    if item in twos and item not in ones:
        before = [order.index(step) + 1 for step in list(twos)[: list(twos).index(item)] if step in ones]
        order.insert(max(before, default=0), item)
    found = {step: twos[step] if step == item else ones[step] for step in order}
    return (
        type(base).model_validate(found)
        if isinstance(base, Record)
        else (tuple(found.values()) if isinstance(base, tuple) else found)
    )


def shapley(names: Sequence[str], worth: Callable[[frozenset[str]], np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """What each group of changes carries of `worth(all) - worth(none)`; the parts add up to the whole.

    `worth` gives the outcome, any shape, once the named groups are changed; it is asked once for each set.
    """
    known: dict[frozenset[str], np.ndarray] = {}

    def at(subset: frozenset[str]) -> np.ndarray:
        if subset not in known:
            known[subset] = np.asarray(worth(subset), dtype=float)
        return known[subset]

    if len(names) <= EXACT:
        return {name: _exact(name, [n for n in names if n != name], at) for name in names}
    rng = Streams(seed)("study.attribution")
    total: dict[str, np.ndarray] = {name: np.zeros_like(at(frozenset())) for name in names}
    for _ in range(ORDERS):
        done: frozenset[str] = frozenset()
        for index in rng.permutation(len(names)).tolist():
            name: str = list(names)[index]
            following = done | {name}
            total[name] = total[name] + at(following) - at(done)
            done = following
    return {name: part / ORDERS for name, part in total.items()}


def _exact(name: str, others: Sequence[str], at: Callable[[frozenset[str]], np.ndarray]) -> np.ndarray:
    n = len(others) + 1
    total = np.zeros_like(at(frozenset()))
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for subset in combinations(others, size):
            total = total + weight * (at(frozenset((*subset, name))) - at(frozenset(subset)))
    return total
