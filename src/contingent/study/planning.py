"""One force plan for every option in every world, each distinct problem solved once; and plans as plain values."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np
import xarray as xr

from contingent import force
from contingent.atomic import canonical_json
from contingent.force import Plan, Solver
from contingent.force.eligibility import is_valid
from contingent.labels import PLEDGE
from contingent.scenario.model import Scenario
from contingent.scenario.paths import of_event

PLAN_GAP = 1e-3  # relative; printed with the plan; `contingent force` closes it

MOST = 64  # plans kept: several studies' worth, some megabytes
KEPT: dict[bytes, Plan] = {}
"""Plans by the problem they solve, the newest last: a study made again, or beside another, asks for the same ones."""

PLANNED = {"mandate", "unit_types", "requirements", "caveats", "pledges", "composition", "lift", "routes", "horizon",
           "support", "reimbursement"}  # fmt: skip
"""Parts of a scenario that a plan is made of, beside contributors and the names of sectors."""
NO_FORCE = {"home_support", "casualty_sensitivity"}  # of a contributor: what the plan does not look at


Key = tuple[str, str]


def plan_all(
    in_worlds: Mapping[Key, Scenario], then: Mapping[Key, tuple[Scenario, Plan]] | None = None, *, solve: bool = True
) -> dict[Key, Plan]:
    """The plans by (option, world), one for all that ask the same of the pledges that hold: of what is asked as it was
    `then`, the plan made for it. Without `solve`, only what is known.
    """
    taken = {key: plan for key, (was, plan) in (then or {}).items()
             if key in in_worlds and asks(in_worlds[key]) == asks(was)}  # fmt: skip
    reduced = {key: effective(scenario) for key, scenario in in_worlds.items() if key not in taken}
    problems = {key: problem(scenario) for key, scenario in reduced.items()}
    distinct = {asked: reduced[key] for key, asked in reversed(problems.items()) if solve or asked in KEPT}
    solved = {asked: _kept(asked, scenario) for asked, scenario in distinct.items()}
    made = {key: widened(solved[asked], in_worlds[key]) for key, asked in problems.items() if asked in solved}
    return {key: (taken | made)[key] for key in in_worlds if key in taken or key in made}


def asks(scenario: Scenario) -> list[Any]:
    """All that a plan depends on: quickly told to be the same where a scenario is a copy with other parts."""
    named = {of_event(path).partition(".")[0] for caveat in scenario.caveats.values() for path in caveat.requires}
    parts = [getattr(scenario, name, None) for name in sorted({*PLANNED, "contributors", *named})]
    return [*parts, {name: sector.label for name, sector in scenario.theatre.sectors.items()}]


def remember(in_worlds: Mapping[tuple[str, str], Scenario], plans: Mapping[tuple[str, str], Plan]) -> None:
    """Keep the plans of a study that was read back, so that one made beside it solves only what it asks anew."""
    for key, scenario in in_worlds.items():
        reduced = effective(scenario)
        ids = [pledge.id for pledge in reduced.pledges]
        if (asked := problem(reduced)) not in KEPT and len(KEPT) < MOST:
            KEPT[asked] = replace(plans[key], **{
                name: array.sel({PLEDGE: ids}) for name, array in _by_pledge(plans[key]).items()
            })  # fmt: skip


def _by_pledge(plan: Plan) -> dict[str, xr.DataArray]:
    """A plan's arrays over pledges, by field."""
    found = {field.name: getattr(plan, field.name) for field in fields(plan)}
    return {name: each for name, each in found.items() if isinstance(each, xr.DataArray) and PLEDGE in each.dims}


def _kept(asked: bytes, scenario: Scenario) -> Plan:
    """The plan of a problem; one solved before in this process is not solved again."""
    if asked not in KEPT:
        while len(KEPT) >= MOST:
            del KEPT[next(iter(KEPT))]
        KEPT[asked] = force.plan(scenario, gap=PLAN_GAP)
    return KEPT[asked]


def effective(scenario: Scenario) -> Scenario:
    """The scenario with only the pledges that hold, under only the caveats that exclude something."""
    binding = {name for name, caveat in scenario.caveats.items() if any(
        getattr(caveat, field) for field in type(caveat).model_fields if field.startswith("excludes_"))}  # fmt: skip
    pledges = tuple(
        pledge.model_copy(update={"caveats": tuple(name for name in pledge.caveats if name in binding)})
        for pledge in scenario.pledges
        if is_valid(scenario, pledge)
    )
    return scenario.model_copy(update={"pledges": pledges})


def problem(scenario: Scenario) -> bytes:
    """Everything in a scenario that a force plan depends on, as bytes."""
    kept: dict[str, Any] = scenario.model_dump(mode="json", include=PLANNED)
    kept["sectors"] = {name: sector.label for name, sector in scenario.theatre.sectors.items()}
    kept["contributors"] = {
        code: contributor.model_dump(mode="json", exclude=NO_FORCE)
        for code, contributor in scenario.contributors.items()
    }
    return canonical_json(kept, keep_order=True)


def widened(plan: Plan, scenario: Scenario) -> Plan:
    """A plan made with fewer pledges, as a plan over all of a scenario's: those that do not hold serve nowhere."""
    ids = [pledge.id for pledge in scenario.pledges]
    arrays = {name: spread(each, ids) for name, each in _by_pledge(plan).items()}
    withheld = tuple(pledge.id for pledge in scenario.pledges if not is_valid(scenario, pledge))
    return replace(plan, **arrays, withheld=withheld)


def spread(array: xr.DataArray, ids: list[str]) -> xr.DataArray:
    """An array over some pledges as one over all of them, nought for others; `reindex` would import Dask first."""
    known = list(array[PLEDGE].to_numpy())
    if known == ids:
        return array
    first = array.transpose(PLEDGE, ...)
    whole = np.zeros((len(ids), *first.shape[1:]), dtype=array.dtype)
    whole[[ids.index(name) for name in known]] = first.to_numpy()
    coords = {name: coord for name, coord in first.coords.items() if name != PLEDGE} | {PLEDGE: ids}
    return xr.DataArray(whole, coords=coords, dims=first.dims, attrs=array.attrs).transpose(*array.dims)


def pack(plan: Plan) -> dict[str, Any]:
    """A plan as plain values; labelled arrays keep their labels and their type."""
    packed: dict[str, Any] = {}
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, xr.DataArray):
            packed[field.name] = pressed(value)
        elif isinstance(value, Solver):
            packed[field.name] = {key: each for key, each in asdict(value).items() if key != "seconds"}  # no clock
        else:
            packed[field.name] = value.tolist() if isinstance(value, np.ndarray) else value
    return packed


def unpack(packed: Mapping[str, Any]) -> Plan:
    """The plan that was packed."""
    values: dict[str, Any] = {}
    for field in fields(Plan):
        value, kind = packed[field.name], str(field.type)
        if "DataArray" in kind:
            values[field.name] = unpressed(value)
        elif "Solver" in kind:
            values[field.name] = Solver(**value)
        elif "ndarray" in kind:
            values[field.name] = np.array(value)
        else:
            values[field.name] = tuple(value) if isinstance(value, list) else value
    return Plan(**values)


def pressed(array: xr.DataArray) -> dict[str, Any]:
    """A labelled array as plain values: its labels readable, its numbers (mostly noughts) compressed."""
    numbers = np.ascontiguousarray(array.to_numpy())
    return {
        "dims": list(array.dims), "coords": {str(name): array[name].to_numpy().tolist() for name in array.coords},
        "attrs": dict(array.attrs), "shape": list(numbers.shape), "dtype": numbers.dtype.str,
        "zlib": base64.b64encode(zlib.compress(numbers.tobytes(), 1)).decode("ascii"),
    }  # fmt: skip


def unpressed(packed: Mapping[str, Any]) -> xr.DataArray:
    """The array that was pressed."""
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(packed["zlib"])), packed["dtype"])
    coords = {name: (name, labels) for name, labels in packed["coords"].items()}
    return xr.DataArray(numbers.reshape(packed["shape"]).copy(), coords, packed["dims"], attrs=packed["attrs"])
