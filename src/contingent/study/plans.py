"""How force plans are kept beside a run, so that reading it back solves nothing again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from contingent.errors import RunError
from contingent.force import Plan, Solver
from contingent.study.store import write_json

Plans = Mapping[tuple[str, str], Plan]


def write(file: Path, plans: Plans) -> None:
    """Store the plans of every option in every world as one JSON file."""
    write_json(file, [{"option": option, "world": world, **pack(plan)} for (option, world), plan in plans.items()])


def read(file: Path) -> dict[tuple[str, str], Plan]:
    """The stored plans, by option and world.

    Raises:
        RunError: they are missing or damaged.
    """
    try:
        rows = json.loads(file.read_text("utf-8"))
        return {(row.pop("option"), row.pop("world")): unpack(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{file}: the force plans are damaged ({error}); remove the run and run it again") from None


def pack(plan: Plan) -> dict[str, Any]:
    """A plan as plain values; labelled arrays keep their labels and their type."""
    packed: dict[str, Any] = {}
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, xr.DataArray):
            packed[field.name] = {**value.to_dict(), "dtype": str(value.dtype)}
        elif isinstance(value, Solver):
            packed[field.name] = asdict(value)
        else:
            packed[field.name] = value.tolist() if isinstance(value, np.ndarray) else value
    return packed


def unpack(packed: Mapping[str, Any]) -> Plan:
    """The plan that was packed."""
    values: dict[str, Any] = {}
    for field in fields(Plan):
        value, kind = packed[field.name], str(field.type)
        if "DataArray" in kind:
            values[field.name] = xr.DataArray.from_dict(value).astype(value["dtype"])
        elif "Solver" in kind:
            values[field.name] = Solver(**value)
        elif "ndarray" in kind:
            values[field.name] = np.array(value)
        else:
            values[field.name] = tuple(value) if isinstance(value, list) else value
    return Plan(**values)
