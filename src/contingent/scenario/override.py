"""What a scenario becomes when an option's named overrides are put in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from contingent.errors import Complaint, ScenarioError
from contingent.quantities import Estimate

if TYPE_CHECKING:
    from contingent.scenario.model import Scenario
    from contingent.scenario.option import Option


def applied(scenario: Scenario, option: Option) -> Scenario:
    """A scenario with an option's overrides in place; see `Scenario.under`."""
    if not option.overrides:
        return scenario
    data = scenario.model_dump()
    complaints: list[Complaint] = []
    for path, value in option.overrides.items():
        try:
            override(data, path, sourced(scenario, path, value, option))
        except KeyError as missing:
            complaints.append(Complaint("", 0, path, f"leads nowhere: there is no {missing}"))
    if complaints:
        raise ScenarioError(complaints)
    try:
        return type(scenario).model_validate(data)
    except ValidationError as error:
        raise ScenarioError(
            Complaint("", 0, next((p for p in option.overrides if p.endswith(str(e["loc"][-1]))), ""), e["msg"])
            for e in error.errors()
        ) from None


def sourced(scenario: Scenario, path: str, value: Any, option: Option) -> Any:
    """An override of a number rests on the option's sources, not on those of the number it replaces."""
    try:
        replaces = scenario.value(path)
    except KeyError:
        return value
    if isinstance(replaces, Estimate) and not isinstance(value, dict):
        return {"best": value, "claims": list(option.claims), "assumption": option.assumption}
    return value


def override(data: Any, path: str, value: Any) -> None:
    """Put a value at a dotted path of a dumped scenario, in place.

    A step into a list takes the items whose `id` or `contributor` it names, all of them;
    `none` in place of such items takes them away.

    Raises:
        KeyError: a step leads nowhere.

    """
    first, _, rest = path.partition(".")
    if isinstance(data, list | tuple):
        chosen = [item for item in data if first in (item.get("id"), item.get("contributor"))]
        if not chosen:
            raise KeyError(first)
        for item in chosen:
            override(item, rest, value)
        return
    if first not in data:
        raise KeyError(first)
    if not rest:
        data[first] = value
    elif isinstance(data[first], list | tuple) and "." not in rest and value in (None, "none"):
        left = [item for item in data[first] if rest not in (item.get("id"), item.get("contributor"))]
        if len(left) == len(data[first]):
            raise KeyError(rest)
        data[first] = left
    else:
        override(data[first], rest, value)
