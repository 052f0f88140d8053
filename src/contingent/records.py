"""What every record of a scenario is: frozen once read, refusing unknown keys, and able to say its sources.

And what a refusal means to the person who wrote the file, and how to mend it; JSON and YAML from elsewhere included.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from contingent.countries import country
from contingent.errors import InputError, did_you_mean


def as_list(value: Any) -> Any:
    """A lone name stands for a list of one, so that `claims: C07` reads as people write it."""
    return [value] if isinstance(value, str) else value


class OneOrList:
    """What a JSON Schema says of a list for which a lone name may stand."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Names = Annotated[tuple[str, ...], BeforeValidator(as_list), OneOrList()]
Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


@dataclass(frozen=True, slots=True)
class OrOwn:
    """Marks a key where a name of the writer's may stand beside words that mean something; without any, beside the
    codes of countries.
    """

    words: tuple[str, ...] = ()


Code = Annotated[Name, OrOwn()]


class Record(BaseModel):
    """A record that cannot change and takes no key it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False, validate_default=True
    )


class SourcedRecord(Record):
    """A record whose numbers rest on claims or on a stated assumption.

    A number without sources of its own inherits those of the nearest record around it.
    """

    claims: Names = Field(default=())
    """Identifiers of the claims in the ledger that this record's numbers rest on."""
    assumption: str = ""
    """Why the numbers are what they are where no claim supports them."""


def from_json(content: bytes | str, kind: Any, where: object, hint: str, error: type[Exception] = InputError) -> Any:
    """What JSON from elsewhere holds, as the type or model `kind` has it; nested 200 levels deep at most.

    Raises:
        InputError (or `error`): it is no JSON, or of another shape; one line, with `hint` behind it.
    """
    try:
        return TypeAdapter(kind).validate_json(content)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        at = ".".join(map(str, first["loc"]))
        raise error(f"{where}: {at + ': ' if at else ''}{first['msg'].lower()}; {hint}") from None


DEEPEST, VALUES = 24, 150_000  # levels, of which models have at most 8; keys and values: 1,000 pledges take a third


@lru_cache(maxsize=16)
def beyond(text: str) -> tuple[int, str]:
    """The line, from 1, past which YAML is nested so deep that to compose it would exhaust the stack, or holds more
    values than can be read in a moment, and which of the two; (0, "") where neither is so.

    Raises:
        YAMLError: it is none.
    """
    depth = 0
    for count, event in enumerate(YAML(typ="safe").parse(text)):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST or count > VALUES:
            what = f"is nested more than {DEEPEST} levels deep" if count <= VALUES else f"is past value {VALUES:,}"
            return event.start_mark.line + 1, what
    return 0, ""


def from_yaml(text: str, where: object) -> Any:
    """What YAML from elsewhere holds.

    Raises:
        InputError: it is none, or holds what nothing can hold; one line.
    """
    try:
        line, what = beyond(text)
        if line or ("*" in text and any(isinstance(event, AliasEvent) for event in YAML(typ="safe").parse(text))):
            raise InputError(f"{where}: line {line} {what}" if line else f"{where}: aliases (*name) are refused")
        return YAML(typ="safe").load(text)
    except (YAMLError, ValueError, RecursionError) as wrong:
        raise InputError(f"{where}: not valid YAML: {str(wrong).splitlines()[0]}") from None


Explained = tuple[tuple[str | int, ...], str, str]


PLAIN = {
    "string_type": "is no text", "bool_parsing": "is neither true nor false", "bool_type": "is neither true nor false",
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "is no whole number"),
    **dict.fromkeys(("float_parsing", "float_type"), "is no plain number, and no interval can stand here"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "is no mapping of keys to values"),
    **dict.fromkeys(("tuple_type", "list_type"), "is no list"),
}  # fmt: skip
"""What is wrong, in plain words, by the kind of problem that pydantic names."""

DAY_FORMS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d",
             "%d-%m-%Y", "%Y-%m-%d")  # fmt: skip


def explain(problem: ErrorDetails, data: Any) -> Explained:
    """Path in the file, what is wrong there, and how to mend it."""
    path = tuple(step for step in problem["loc"] if step != "[key]")
    context = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            siblings = standing_at(data, path[:-1])
            return path, "is not a key that is known here", did_you_mean(str(path[-1]), known_beside(siblings))
        case "missing":
            return path, "is missing", ""
        case "literal_error":
            allowed = str(context.get("expected", "")).replace("'", "")
            choices = allowed.replace(" or ", ", ").split(", ")
            meant = did_you_mean(str(problem["input"]), choices)
            return path, f"`{problem['input']}` is not one of {allowed}", meant if "did you mean" in meant else ""
        case "date_from_datetime_parsing" | "date_parsing" | "date_type" | "date_from_datetime_inexact":
            return path, f"`{problem['input']}` is not a day", f"write it as {day_meant(str(problem['input']))}"
        case "string_pattern_mismatch" if context.get("pattern") == "^[A-Z]{3}$":
            return path, *country(str(problem["input"]))
        case "string_pattern_mismatch" if context.get("pattern") == "^[A-Z]{3,3}$":
            return path, f"`{problem['input']}` is no currency of three letters (ISO 4217)", "such as USD, EUR or KES"
        case "string_pattern_mismatch":
            return path, f"`{problem['input']}` is not a usable name", "letters, digits and _ only, a letter first"
        case "value_error":
            return path, str(context.get("error", problem["msg"])), ""
        case "quantity":
            return path, problem["msg"], context.get("fix", "")
        case kind if kind in PLAIN:
            shown = isinstance(problem["input"], str | int | float)
            return path, f"`{problem['input']}` {PLAIN[kind]}" if shown else PLAIN[kind], ""
        case _:
            found = f" (found {problem['input']!r})" if isinstance(problem["input"], str | int | float | bool) else ""
            return path, problem["msg"][0].lower() + problem["msg"][1:] + found, ""


def day_meant(written: str) -> str:
    """A day in the order of other lands as it is written here; an example if it can be none, or several."""
    days = set[str]()
    for form in DAY_FORMS:
        with suppress(ValueError):
            days.add(datetime.strptime(written.strip(), form).date().isoformat())
    return days.pop() if len(days) == 1 else "2023-09-01"


def known_beside(siblings: Any) -> set[str]:
    """The keys of the record that the given siblings most look like."""
    if not isinstance(siblings, dict):
        return set()
    fields = [set(model.model_fields) for model in _models(Record)]
    return max(fields, key=lambda names: (len(names & set(siblings)), -len(names)), default=set()) - {"overrides"}


def _models(root: type[Record]) -> list[type[Record]]:
    return [model for child in root.__subclasses__() for model in (child, *_models(child))]


def standing_at(data: Any, path: Iterable[str | int]) -> Any:
    """What stands at a path of plain content; None if nothing does."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
