"""What stands at a dotted path of a scenario, and what does the scenario become if something else stands there?

Dotted paths: `stakeholders.president.stakes.participation.position`. A step names a field of a record, a key of a
mapping, or an item of a list by its `id` (by its index where items have none).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contingent.quantities import Estimate
from contingent.records import Record


def children(node: Any) -> Iterator[tuple[str, Any]]:
    """What stands one step below a node, each with the step that leads there; nothing below a single value."""
    if isinstance(node, Record):
        yield from ((name, getattr(node, name)) for name in type(node).model_fields)
    elif isinstance(node, Mapping):
        yield from ((str(name), value) for name, value in node.items())
    elif isinstance(node, tuple):
        yield from ((getattr(item, "id", str(index)), item) for index, item in enumerate(node))


def child(node: Any, step: str) -> Any:
    """One step down a dotted path.

    Raises:
        KeyError: the step leads nowhere.

    """
    for name, value in children(node):
        if name == step:
            return value
    raise KeyError(step)


def value_at(node: Any, path: str) -> Any:
    """What stands at a dotted path below a node.

    Raises:
        KeyError: a step leads nowhere; the step.

    """
    for step in path.split("."):
        node = child(node, step)
    return node


def join(path: str, step: str) -> str:
    """A path one step longer."""
    return f"{path}.{step}" if path else step


def records(node: Any, path: str = "") -> Iterator[tuple[str, Record]]:
    """Every record at and below a node, with its path."""
    if isinstance(node, Record):
        yield path, node
    for step, below in children(node):
        yield from records(below, join(path, step))


def estimates(
    node: Any, path: str = "", claims: tuple[str, ...] = (), assumption: str = ""
) -> Iterator[tuple[str, Estimate]]:
    """Every number at and below a node, with its path and the sources it has or inherits from the records around it."""
    if isinstance(node, Estimate):
        if not (node.claims or node.assumption):
            node = Estimate(node.best, node.low, node.high, claims, assumption, node.unit)
        yield path, node
        return
    if isinstance(node, Record):
        cited, assumed = getattr(node, "claims", ()), getattr(node, "assumption", "")
        if isinstance(cited, tuple) and (cited or assumed):
            claims, assumption = cited, assumed
    for step, below in children(node):
        yield from estimates(below, join(path, step), claims, assumption)


def satisfies(scenario: Record, conditions: Mapping[str, Any]) -> bool:
    """Whether a scenario has, at every dotted path named, the value asked for or one of the values.

    Raises:
        KeyError: a path leads nowhere.

    """
    return all(
        value_at(scenario, path) in (wanted if isinstance(wanted, list | tuple) else (wanted,))
        for path, wanted in conditions.items()
    )
