"""What a validation error means to the person who wrote the file, and how to mend it."""

from __future__ import annotations

from typing import Any

from pydantic_core import ErrorDetails

from contingent.countries import ALPHA3, FORMER, suggestions
from contingent.errors import did_you_mean
from contingent.records import Record

Explained = tuple[tuple[str | int, ...], str, str]


def explain(problem: ErrorDetails, data: Any) -> Explained:
    """Path in the file, what is wrong there, and how to mend it."""
    path = tuple(step for step in problem["loc"] if step != "[key]")
    context = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            siblings = _at(data, path[:-1])
            return path, "is not a key that is known here", did_you_mean(str(path[-1]), known_beside(siblings))
        case "missing":
            return path, "is missing", ""
        case "literal_error":
            allowed = str(context.get("expected", "")).replace("'", "")
            choices = allowed.replace(" or ", ", ").split(", ")
            return path, f"`{problem['input']}` is not one of {allowed}", did_you_mean(str(problem["input"]), choices)
        case "string_pattern_mismatch" if context.get("pattern") == "^[A-Z]{3}$":
            return path, *country(str(problem["input"]))
        case "string_pattern_mismatch" if "[key]" in problem["loc"]:
            return path, "is not a usable name", "letters, digits and _ only, a letter first"
        case "value_error":
            return path, str(context.get("error", problem["msg"])), ""
        case "quantity":
            return path, problem["msg"], ""
        case _:
            found = f" (found {problem['input']!r})" if isinstance(problem["input"], str | int | float | bool) else ""
            return path, problem["msg"][0].lower() + problem["msg"][1:] + found, ""


def country(code: str) -> tuple[str, str]:
    """The complaint about a text that is no country code."""
    meant = suggestions(code)
    fix = f"did you mean {' or '.join(meant)}?" if meant else "write for example PAK"
    return f"`{code}` is not an ISO 3166 alpha-3 country code", fix


def is_country(code: str) -> bool:
    """Whether a text is a country's three-letter code, of today or withdrawn."""
    return code in ALPHA3 or code in FORMER


def known_beside(siblings: Any) -> set[str]:
    """The keys of the record that the given siblings most look like."""
    if not isinstance(siblings, dict):
        return set()
    fields = [set(model.model_fields) for model in _models(Record)]
    return max(fields, key=lambda names: (len(names & set(siblings)), -len(names)), default=set()) - {"overrides"}


def _models(root: type[Record]) -> list[type[Record]]:
    return [model for child in root.__subclasses__() for model in (child, *_models(child))]


def _at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
