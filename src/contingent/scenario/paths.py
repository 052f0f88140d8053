"""What stands at a dotted path of a scenario, and what does the scenario become if something else stands there?

Dotted paths: `stakeholders.president.stakes.participation.position`. A step names a field of a record, a key of a
mapping, or an item of a list by its `id` (by its index where items have none).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from contingent.errors import Complaint, ScenarioError, did_you_mean
from contingent.quantities import Estimate
from contingent.records import Record, SourcedRecord, explain

Node = TypeVar("Node", bound=Record)
PLAIN = (str, int, float, Estimate, type(None))  # nothing stands below: most of a scenario, told first


def children(node: Any) -> Iterator[tuple[str, Any]]:
    """What stands one step below a node, each with the step that leads there; nothing below a single value."""
    if isinstance(node, Record):
        yield from ((name, getattr(node, name)) for name in type(node).__pydantic_fields__)
    elif isinstance(node, Mapping):
        yield from ((str(name), value) for name, value in node.items())
    elif isinstance(node, tuple):
        yield from ((getattr(item, "id", str(index)), item) for index, item in enumerate(node))


def child(node: Any, step: str) -> Any:
    """One step down a dotted path.

    Raises:
        KeyError: the step leads nowhere.
    """
    if isinstance(node, Record) and step in type(node).model_fields:
        return getattr(node, step)
    for name, value in () if isinstance(node, Record) else children(node):
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


def matching(node: Any, pattern: str, path: str = "") -> Iterator[str]:
    """The paths below a node that a pattern stands for, in which a step `*` is any one step.

    What has no such steps below it is passed over.
    """
    if "*" not in pattern.split("."):
        try:
            value_at(node, pattern)
        except KeyError:
            return
        yield join(path, pattern)
        return
    step, _, rest = pattern.partition(".")
    below = [(name, each) for name, each in children(node) if step in ("*", name)]
    for name, each in below:
        yield from matching(each, rest, join(path, name)) if rest else [join(path, name)]


def join(path: str, step: str) -> str:
    """A path one step longer."""
    return f"{path}.{step}" if path else step


def records(node: Any, path: str = "") -> Iterator[tuple[str, Record]]:
    """Every record at and below a node, with its path."""
    if isinstance(node, Record):
        yield path, node
    for step, below in children(node):
        if not isinstance(below, PLAIN):
            yield from records(below, join(path, step))


def estimates(
    node: Any, path: str = "", claims: tuple[str, ...] = (), assumption: str = ""
) -> Iterator[tuple[str, Estimate]]:
    """Every number below a node, with its path and the sources it has or inherits from the records around it."""
    if isinstance(node, Record):
        cited, assumed = getattr(node, "claims", ()), getattr(node, "assumption", "")
        if isinstance(cited, tuple) and (cited or assumed):
            claims, assumption = cited, assumed
    for step, below in children(node):
        if not isinstance(below, PLAIN):
            yield from estimates(below, join(path, step), claims, assumption)
        elif isinstance(below, Estimate) and (claims or assumption or not left_unsaid(node, step, below)):
            if not (below.claims or below.assumption):
                below = Estimate(below.best, below.low, below.high, claims, assumption, below.unit)
            yield join(path, step), below


def left_unsaid(node: Any, step: str, value: Any) -> bool:
    """Whether a number is the format's own default, with nothing said of it: it is no number of the scenario."""
    usual = type(node).model_fields[step].default if isinstance(node, Record) else None
    return isinstance(usual, Estimate) and value == replace(usual, unit=value.unit)


def satisfies(scenario: Record, conditions: Mapping[str, Any]) -> bool:
    """Whether a scenario has, at every dotted path named, the value asked for or one of the values.

    `event.NAME` is whether that event has come in the scenario's world. What an option has taken away has no value.
    """
    return all(meets(scenario, path, wanted) for path, wanted in conditions.items())


def meets(scenario: Record, path: str, wanted: Any) -> bool:
    """Whether a scenario has a value at a dotted path, or one of several."""
    try:
        value = value_at(scenario, of_event(path))
    except KeyError:
        return False
    return value in (wanted if isinstance(wanted, list | tuple) else (wanted,))


def of_event(path: str) -> str:
    """The path of a condition; `event.NAME` stands for whether that event has come."""
    return f"process.events.{path.removeprefix('event.')}.comes" if path.startswith("event.") else path


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value to be put at the end of a path."""

    path: str
    value: Any


Steps = dict[str, "Steps | Leaf"]
"""Changes by the first step of their paths."""


def changed(node: Node, changes: Mapping[str, Any], sources: SourcedRecord | None = None) -> Node:
    """A record with other values at dotted paths below it; every record they touch is validated again, and no other.

    A step into a list takes the items whose `id` or `contributor` it names, all of them; `none` in place of such items,
    or of an entry by name, takes them away. A new entry is added where a whole record, or a number of the mission
    model, stands for a name that is not there. A number in place of another rests on `sources`, if any are given.

    Raises:
        ScenarioError: every path that leads nowhere and every value that does not fit; `path` is as in `changes`.
    """
    complaints: list[Complaint] = []
    for steps in _together(changes):
        node = _put(node, steps, sources, complaints)
    if complaints:
        raise ScenarioError(complaints)
    return node


def _together(changes: Mapping[str, Any]) -> Iterator[Steps]:
    """The changes in as few sweeps as keep their order where one path leads through another's end."""
    sweep: list[Leaf] = []
    for path, value in changes.items():
        if any(f"{path}.".startswith(f"{leaf.path}.") or leaf.path.startswith(f"{path}.") for leaf in sweep):
            yield _steps(sweep)
            sweep = []
        sweep.append(Leaf(path, value))
    yield _steps(sweep)


def _steps(leaves: list[Leaf]) -> Steps:
    root: Steps = {}
    for leaf in leaves:
        *steps, last = leaf.path.split(".")
        here = root
        for step in steps:
            here = here.setdefault(step, {})
            assert isinstance(here, dict)  # no path of a sweep leads through another's end
        here[last] = leaf
    return root


def _leaves(steps: Steps | Leaf) -> list[Leaf]:
    return [steps] if isinstance(steps, Leaf) else [leaf for below in steps.values() for leaf in _leaves(below)]


def _put(node: Any, steps: Steps, sources: SourcedRecord | None, complaints: list[Complaint]) -> Any:
    """A node with changes made below it; what cannot be made becomes a complaint, and is left as it was."""
    if not steps:
        return node
    if isinstance(node, tuple):
        return _put_items(node, steps, sources, complaints)
    values = dict(children(node))
    for step, below in steps.items():
        if step not in values and not _adds(node, below):
            _nowhere(step, below, values, complaints)
        elif isinstance(below, Leaf) and not isinstance(node, Record) and below.value in (None, "none"):
            del values[step]
        elif isinstance(below, Leaf):
            now = values.get(step)
            emptied = below.value == "none" and not isinstance(now, str)  # a word may be `none` itself
            nothing = {} if isinstance(now, Mapping) else () if isinstance(now, tuple) else None
            values[step] = nothing if emptied else _sourced(below.value, now, sources)
        else:
            values[step] = _put(values[step], below, sources, complaints)
    if not isinstance(node, Record):
        return values if isinstance(node, Mapping) else node
    if all(_sound(getattr(node, step, None), below) for step, below in steps.items()):
        return node.model_copy(update={step: values[step] for step in steps if step in values})
    try:
        return type(node).model_validate(values, context=steps.keys() & values.keys())
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            leaves = _leaves(steps.get(str(problem["loc"][0]), steps) if problem["loc"] else steps)
            _, what, fix = explain(problem, values)
            complaints.append(Complaint("", 0, _nearest(leaves, problem["loc"]), what, fix))
        return node


def _sound(now: Any, below: Steps | Leaf) -> bool:
    """Whether what changes below a part is validated by records within it, so that what holds it need not be."""
    if isinstance(below, Leaf) or isinstance(now, Record):
        return not isinstance(below, Leaf)
    items = [(name, getattr(item, "contributor", None), item) for name, item in children(now)]
    return all(any(_sound(item, each) for *names, item in items if step in names) for step, each in below.items())


def _adds(node: Any, below: Steps | Leaf) -> bool:
    """Whether a change may add an entry to a mapping: a whole record, or a number where names hold numbers."""
    if isinstance(node, Record) or not isinstance(below, Leaf) or below.value in (None, "none"):
        return False
    return isinstance(below.value, dict) or below.path.startswith(
        ("theatre.parameters.", "lift.", "reimbursement.budget.")
    )


def _put_items(node: tuple[Any, ...], steps: Steps, sources: Any, complaints: list[Complaint]) -> tuple[Any, ...]:
    items = list(children(node))
    for step, below in steps.items():
        chosen = [step in (name, getattr(item, "contributor", None)) for name, item in items]
        if not any(chosen) and isinstance(below, Leaf) and isinstance(below.value, dict):
            items.append((step, {"id": step, **below.value}))
        elif not any(chosen):
            _nowhere(step, below, [name for name, _ in items], complaints)
        elif isinstance(below, Leaf) and below.value in (None, "none"):
            items = [item for item, taken in zip(items, chosen, strict=True) if not taken]
        else:
            items = [
                (name, item if not taken else below.value if isinstance(below, Leaf)
                 else _put(item, below, sources, complaints))
                for (name, item), taken in zip(items, chosen, strict=True)
            ]  # fmt: skip
    return tuple(item for _, item in items)


def _nowhere(step: str, below: Steps | Leaf, known: Iterable[str], complaints: list[Complaint]) -> None:
    fix = did_you_mean(step, known)
    complaints += [Complaint("", 0, leaf.path, f"leads nowhere: there is no `{step}`", fix) for leaf in _leaves(below)]


def _nearest(leaves: list[Leaf], loc: tuple[str | int, ...]) -> str:
    """The path, of those changed, that a complaint about a place is about."""
    steps = set(map(str, loc))
    return max(leaves, key=lambda leaf: len(steps & set(leaf.path.split(".")))).path


def _sourced(value: Any, replaced: Any, sources: SourcedRecord | None) -> Any:
    """A number rests on the sources of the change, not on those of the number it replaces."""
    if sources is None or not isinstance(replaced, Estimate) or isinstance(value, dict | Estimate):
        return value
    return {"best": value, "claims": list(sources.claims), "assumption": sources.assumption}
