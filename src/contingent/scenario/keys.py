"""What does every key of a scenario mean, what may stand there, and what must a file look like?

Reference of the format, and its JSON Schema (draft 2020-12), both read from the models.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from contingent.notation import Quantity, examples
from contingent.quantities import Unit
from contingent.records import OneOrList, OrOwn, Record
from contingent.scenario.model import Scenario

ENTRY = {"name": "NAME", "country": "CODE", "dotted path": "PATH", "list": "ITEM"}
"""What stands in a key's path for a name that the writer chooses, by what kind of name it is."""
DRAFT = "https://json-schema.org/draft/2020-12/schema"
ANY_MONEY = "US dollars or the case's `currency`"
PLURAL = {
    "person": "people", "1": "", "day": "days", "week": "weeks", "month": "months", "tonne": "tonnes",
    "truck/day": "trucks a day", "km**2": "square kilometres", "USD": ANY_MONEY,
    "USD/person/month": f"{ANY_MONEY} a person and month",
}  # fmt: skip


PLAIN, COUNTRY = Unit("1"), r"^[A-Z]{3}$"
Kind = Literal[
    "number", "choice", "flag", "day", "whole", "text", "name", "country", "record", "entries", "list", "names", "any"
]


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at a key."""

    kind: Kind
    unit: Unit = PLAIN
    choices: tuple[Any, ...] = ()
    record: type[Record] | None = None
    of: Shape | None = None
    by: str = "name"
    limits: str = ""
    optional: bool = False
    own: bool = False

    @property
    def words(self) -> str:
        """What to write there, in words."""
        match self.kind:
            case "number":
                return f"a number{self._unit}, such as {examples(self.unit)[-1]}"
            case "choice":
                told = ", ".join(str(choice) for choice in self.choices if choice != "")
                return f"one of {told}" + ", or a name of yours" * self.own
            case "flag":
                return "true or false"
            case "day":
                return "a day, such as 2023-09-01"
            case "whole":
                return f"a plain number{self.limits}"
            case "names":
                return "a name, or a list of names: [one, other]"
            case "name":
                return "a name: letters, digits and _, a letter first"
            case "country":
                return "a name for who is no state, or " * self.own + "a country's three-letter code, such as KEN"
            case "record" if self.record is not None:
                return "a record: {" + ", ".join(asked(self.record)) + "}"
            case "entries" if self.of is not None:
                return f"entries by {self.by}, `{ENTRY[self.by]}: ...`, each {self.of.words}"
            case "list" if self.of is not None:
                return f"a list, each {self.of.words}"
        return "text" if self.kind == "text" else "anything"

    @property
    def inner(self) -> Shape:
        """What may stand in its entries, however deep they are; itself if it has none."""
        return self.of.inner if self.of else self

    @property
    def _unit(self) -> str:
        named = PLURAL.get(self.unit.name, self.unit.name)
        limits = self.unit.range.removeprefix("it must be ")
        return (f" of {named}" if named else "") + ("" if limits.startswith("any") else f", {limits}")


def asked(record: type[Record]) -> list[str]:
    """The keys that a record must have, and one word for those it may have beside them."""
    must = [name for name, field in record.model_fields.items() if field.is_required()]
    return [f"{name}: ..." for name in must] + (["..."] if len(must) < len(record.model_fields) else [])


def shape_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    """What may stand where a type is asked for."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(inner[0], (*inner[1:], *metadata))
    if origin in (Union, UnionType):
        kept = [one for one in inner if one is not type(None)]
        if all(get_origin(one) is Literal for one in kept):
            kept = [Literal[tuple(word for one in kept for word in get_args(one))]]
        return replace(shape_of(kept[0], metadata), optional=True)
    unit = next((extra.unit for extra in metadata if isinstance(extra, Quantity)), None)
    pattern = next((str(extra.pattern) for extra in metadata if isinstance(extra, StringConstraints)), None)
    limits = "".join(_limit(extra) for extra in metadata)
    if unit is not None:
        return Shape("number", unit)
    if origin is Literal:
        return Shape("choice", choices=inner)
    if origin is dict:
        by = {"country": "country", "text": "dotted path"}.get(shape_of(inner[0]).kind, "name")
        return Shape("entries", of=shape_of(inner[1]), by=by)
    if origin is tuple:
        alone = any(isinstance(extra, OneOrList) for extra in metadata)
        return Shape("names") if alone and inner[0] is str else Shape("list", of=shape_of(inner[0]))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return Shape("record", record=annotation)
    if any(getattr(getattr(extra, "func", None), "__name__", "") == "_coded" for extra in metadata):
        return Shape("choice", choices=(0, 0.5, 1))
    if marks := [extra for extra in metadata if isinstance(extra, OrOwn)]:
        return Shape("choice" if marks[0].words else "country", choices=marks[0].words, own=True)
    if annotation is str:
        return Shape("country" if pattern == COUNTRY else "name" if "*" in (pattern or "") else "text")
    known: dict[Any, str] = {bool: "flag", date: "day", int: "whole", float: "whole"}
    return Shape(known.get(annotation, "any"), limits=limits)  # pyright: ignore[reportArgumentType]


LIMITS = {Ge: ", at least {0.ge}", Gt: ", above {0.gt}", Le: ", at most {0.le}", Lt: ", below {0.lt}"}


def _limit(extra: Any) -> str:
    below = (_limit(one) for one in getattr(extra, "metadata", ()) if one is not extra)
    return LIMITS[type(extra)].format(extra) if type(extra) in LIMITS else "".join(below)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a scenario file: where it stands, what it means, and what may stand there."""

    path: str
    """Dotted, with NAME, CODE or ITEM where the writer chooses a name."""
    record: type[Record]
    field: str
    means: str
    shape: Shape
    default: str
    """What is taken where it is left out; empty if it must be given."""

    @property
    def title(self) -> str:
        """The record and the key: `Sector.population`."""
        return f"{self.record.__name__}.{self.field}"

    @property
    def printed(self) -> bool:
        """Whether it is only told to a reader and moves no number."""
        return self.shape.kind == "text" and self.title not in READ

    @property
    def words(self) -> str:
        """What to write there, with an example of its own size."""
        told, usual, _ = self.shape.words.partition(", such as ")
        return f"{told}{usual}{own}" if (own := words("examples").get(self.title)) else self.shape.words

    @property
    def example(self) -> str:
        """Something that may stand there; empty for records, whose keys have examples of their own."""
        if own := words("examples").get(self.title):
            return own
        match self.shape.kind:
            case "number":
                return str(examples(self.shape.unit)[-1])
            case "choice":
                return str(next((choice for choice in reversed(self.shape.choices) if choice != ""), ""))
            case "day" | "country":
                return self.shape.words.rpartition(" ")[2]
        return "true" if self.shape.kind == "flag" else ""


READ = {
    "Stakeholder.bloc", "Gate.whose", "Mandate.governing_body", "Contributor.region", "Composition.region",
    "Criterion.measure", "Adaptive.trigger", "Ceasefire.on", "ReferenceClass.operation", "ReferenceClass.country",
}  # fmt: skip
"""Keys whose text decides something; every other text is printed."""


@lru_cache
def keys() -> dict[str, Key]:
    """Every key of a scenario by its path, in the order of the models."""
    return {key.path: key for key in _keys(Scenario, "")}


def _keys(record: type[Record], path: str) -> Iterator[Key]:
    for name, field in record.model_fields.items():
        shape = shape_of(field.annotation, tuple(field.metadata))
        here = f"{path}.{name}" if path else name
        yield Key(here, record, name, " ".join((field.description or "").split()), shape, _default(field, shape))
        below = shape
        while below.of is not None:
            here += f".{ENTRY['list' if below.kind == 'list' else below.by]}"
            below = below.of
        if below.record is not None:
            yield from _keys(below.record, here)


def _default(field: FieldInfo, shape: Shape) -> str:
    if field.is_required():
        return ""
    value = field.default
    if field.default_factory is not None:
        return "as said" if shape.kind == "record" else "none"
    return "none" if value in (None, "", ()) else str(value).lower() if isinstance(value, bool) else str(value)


def found(path: str) -> Key | None:
    """The key at a path as a file has it (`stakeholders.army.capability`) or as the reference has it; None if none is.

    Names that the writer chooses may be `*`, or be left out: `stakeholders.capability`.
    """
    steps = path.split(".")
    fits = (key for key in keys().values() if _fits(steps, key.path.split(".")))
    best = min(fits, key=lambda key: len(key.path), default=None)
    if best is None and (whole := found(".".join(steps[:-1])) if len(steps) > 1 else None) and whole.shape.of:
        shape = whole.shape.of  # an entry that is no record: a share, a number of the mission model
        return None if shape.record else replace(whole, path=f"{whole.path}.{ENTRY.get(whole.shape.by)}", shape=shape)
    return best


def _fits(steps: list[str], wanted: list[str]) -> bool:
    if not steps or not wanted:
        return not steps and not [step for step in wanted if step not in ENTRY.values()]
    if wanted[0] in ENTRY.values():
        return _fits(steps, wanted[1:]) or _fits(steps[1:], wanted[1:])
    return steps[0] == wanted[0] and _fits(steps[1:], wanted[1:])


def to_write(path: tuple[str | int, ...]) -> str:
    """What to write at a path of a file; empty if no such key is known."""
    key = found(".".join(map(str, path)))
    if key is None and (whole := found(".".join(map(str, path[:-1])))) and whole.shape.of:
        return f"write {whole.shape.of.words}"
    return f"write {key.words}" + (f" ({key.means.rstrip('.')})" if key.means else "") if key else ""


@lru_cache
def words(name: str = "words") -> dict[str, Any]:
    """What each word means that a key may have, by record and key; or examples, by the same."""
    return tomllib.loads((files("contingent.scenario") / "data" / f"{name}.toml").read_text("utf-8"))


def schema(record: type[Record] = Scenario, *, whole: bool = True) -> dict[str, Any]:
    """The JSON Schema of a record; of one of several files that make it up together, if not `whole`."""
    made, shared = record.model_json_schema(), dict[str, Any]()
    _tidy(made, shared)
    made = {"$schema": DRAFT, **made, "$defs": {**made.get("$defs", {}), **shared}}
    if not whole:
        made.pop("required", None)
    return made


def _tidy(node: Any, shared: dict[str, Any]) -> None:
    """Say every kind of number once, and that a mapping's names are names."""
    for key, value in list(node.items()) if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            _tidy(value, shared)
        if isinstance(value, dict) and isinstance(value.get("x-unit"), str):
            name = "number, " + value["x-unit"]
            shared[name] = {part: value.pop(part) for part in ("anyOf", "examples", "x-unit")}
            value["$ref"] = f"#/$defs/{name.replace('/', '~1')}"
            node[key] = value
        if isinstance(value, dict) and "patternProperties" in value and "properties" not in value:
            value["additionalProperties"] = False
