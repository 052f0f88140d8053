"""Why do two runs differ: which assumptions changed, and how much of the difference does each carry?

The difference is given to the changed assumptions by Shapley's value over the order in which they are
changed (Shapley 1953): exact up to `EXACT` groups, else the mean over permutations. Every step is run with
the same seed, so that only the change shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from contingent.scenario.model import Scenario
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
    """Every place at which two scenarios differ, in reading order; quotes and prose of claims included."""
    found: list[Change] = []
    _walk("", before.model_dump(mode="json"), after.model_dump(mode="json"), found)
    return tuple(found)


def _walk(path: str, one: Any, two: Any, found: list[Change]) -> None:
    if one == two:
        return
    one, two = _named(one), _named(two)
    if isinstance(one, dict) and isinstance(two, dict) and not ("best" in one or "best" in two):
        for key in dict.fromkeys((*one, *two)):
            _walk(f"{path}.{key}" if path else str(key), one.get(key), two.get(key), found)
        return
    found.append(Change(path, one, two))


def _named(value: Any) -> Any:
    """A list of records that have an `id` as a mapping by it."""
    if isinstance(value, list) and value and all(isinstance(item, dict) and "id" in item for item in value):
        return {item["id"]: item for item in value}
    return value


def grouped(found: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    """Changes of one record together: a stakeholder, a pledge, a gate."""
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(".".join(change.path.split(".")[:2]), []).append(change)
    return {name: tuple(members) for name, members in groups.items()}


def mixed(before: Scenario, after: Scenario, names: Sequence[str]) -> Scenario:
    """The earlier scenario with the named groups of changes taken over from the later one."""
    base, target = before.model_dump(mode="json"), after.model_dump(mode="json")
    for name in names:
        top, _, item = name.partition(".")
        if not item or isinstance(target[top], list) or isinstance(base[top], list):
            base[top] = _spliced(base[top], target[top], item) if item else target[top]
        elif isinstance(target[top], dict) and isinstance(base[top], dict):
            base[top] = dict(base[top])
            if item in target[top]:
                base[top][item] = target[top][item]
            else:
                base[top].pop(item, None)
        else:
            base[top] = target[top]
    return Scenario.model_validate(base)


def _spliced(base: list[Any], target: list[Any], item: str) -> list[Any]:
    """A list with its record of that id as in the target; a list without ids is taken over whole."""
    if not all(isinstance(each, dict) and "id" in each for each in (*base, *target)):
        return target
    wanted = {each["id"]: each for each in target}
    kept = [wanted.get(each["id"], each) if each["id"] == item else each for each in base]
    if item not in wanted:
        return [each for each in kept if each["id"] != item]
    return kept if any(each["id"] == item for each in base) else [*kept, wanted[item]]


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
