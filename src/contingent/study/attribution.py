"""Which changed assumptions carry the difference between two runs?

Shapley attribution: the difference is given to the changed assumptions by Shapley's value over the order in which they
are changed (Shapley 1953), exact up to `EXACT` groups, else the mean over permutations. Every step is run with the same
seed, so that only the change shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from pydantic import ValidationError

from contingent.consultation.consult import deliberate
from contingent.consultation.happened import design_of
from contingent.ensemble.summary import shapley
from contingent.errors import ScenarioError
from contingent.records import Record
from contingent.scenario.check import faults
from contingent.scenario.model import Scenario
from contingent.scenario.paths import children
from contingent.streams import Streams
from contingent.study.comparison import Change, changes, named
from contingent.study.question import Question

EXACT = 4  # groups of changes up to which every order is taken: sixteen scenarios
ORDERS = 6  # permutations beyond that
ATTRIBUTION_RUNS = 500  # of each of up to sixteen steps: which change carries what, to a point or two
PROSE = ("claims", "documents", "signals", "unmodelled", "dissent", "title", "question", "marking", "markings", "name")
"""Parts of a scenario that set no number by themselves."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one group of changed assumptions carries of the difference in the chance of passing, by option."""

    group: str
    changes: tuple[Change, ...]
    carried: dict[str, float]


def attribute(before: Question, after: Question, *, runs: int = ATTRIBUTION_RUNS) -> tuple[Part, ...]:
    """Which changed assumptions carry the difference in each option's chance of passing, largest first.

    Both scenarios, and the steps between them, are consulted again with the later run's seed and `runs` runs, so
    the parts add up to the difference at that number of runs. Passing depends on the consultation alone.
    """
    found = grouped(changes(before.scenario, after.scenario))
    moving = {name: members for name, members in found.items() if not name.startswith(PROSE)}
    common = [option for option in after.options if option in before.options]
    if not moving or not common:
        return ()

    design = design_of(after.scenario, after.seed, runs)
    apart = blocks(before.scenario, after.scenario, list(moving))

    def worth(names: frozenset[str]) -> np.ndarray:
        groups = sorted(group for name in names for group in apart[name])
        talks = deliberate(mixed(before.scenario, after.scenario, groups), design)
        return np.array([float(talks.consultation(name).passes.mean()) for name in common])

    carried = in_any_order(list(apart), worth, after.seed)
    parts = [
        Part(name, tuple(change for group in groups for change in moving[group]),
             dict(zip(common, map(float, carried[name]), strict=True)))
        for name, groups in apart.items()
    ]  # fmt: skip
    return tuple(sorted(parts, key=lambda part: -max(abs(value) for value in part.carried.values())))


def grouped(found: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    """Changes of one record together: a stakeholder, a pledge, a gate."""
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(".".join(change.path.split(".")[:2]), []).append(change)
    return {name: tuple(members) for name, members in groups.items()}


def blocks(before: Scenario, after: Scenario, groups: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The groups of changes by what can be made apart: those that hold only together, as a gate that became an event
    does with it, are one.
    """

    def holds(names: Sequence[str]) -> bool:
        try:
            return not [*faults(mixed(before, after, names))]
        except (ValidationError, ScenarioError, KeyError):
            return False

    bound = [name for name in groups if not holds([name]) or not holds([each for each in groups if each != name])]
    free = [name for name in groups if name not in bound]
    if bound and not all(holds([*bound, *some]) and holds(some) for some in ((), *([name] for name in free), free)):
        bound, free = list(groups), []
    return {" + ".join(bound): tuple(bound)} | {name: (name,) for name in free} if bound else {n: (n,) for n in free}


def mixed(before: Scenario, after: Scenario, names: Sequence[str]) -> Scenario:
    """The earlier scenario with the named groups of changes taken over from the later one."""
    values, target = dict(children(before)), dict(children(after))
    for name in names:
        top, _, item = name.partition(".")
        values[top] = _spliced(values[top], target[top], item) if item else target[top]
    return Scenario.model_validate(values)


def _spliced(base: Any, target: Any, item: str) -> Any:
    """A part of a scenario with one of its items as in the target, in its place; a list without ids is taken over."""
    ones, twos = named(base), named(target)
    if ones is None or twos is None:
        return target
    order = [step for step in ones if step != item or step in twos]
    if item in twos and item not in ones:
        before = [order.index(step) + 1 for step in list(twos)[: list(twos).index(item)] if step in ones]
        order.insert(max(before, default=0), item)
    found = {step: twos[step] if step == item else ones[step] for step in order}
    if isinstance(base, Record):
        return type(base).model_validate(found)
    return tuple(found.values()) if isinstance(base, tuple) else found


def in_any_order(
    names: Sequence[str], asked: Callable[[frozenset[str]], np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Shapley's values: exact for few groups, else the mean over `ORDERS` permutations; they add up to the whole.

    `asked` gives the outcome, any shape, once the named groups are changed; it is asked once for each set.
    """
    worth = cache(asked)
    if len(names) <= EXACT:
        return shapley(names, worth)
    rng, total = Streams(seed)("study.attribution"), {name: np.zeros_like(worth(frozenset())) for name in names}
    for _ in range(ORDERS):
        done: frozenset[str] = frozenset()
        for name in (names[index] for index in map(int, rng.permutation(len(names)))):
            total[name] = total[name] + worth(done | {name}) - worth(done)
            done |= {name}
    return {name: part / ORDERS for name, part in total.items()}
