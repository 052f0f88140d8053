"""How force plans are kept beside a run, so that reading it back solves nothing again."""

from __future__ import annotations

import base64
import json
import zlib
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
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise RunError(f"{file}: the force plans are damaged ({error}); remove the run and run it again") from None


def pack(plan: Plan) -> dict[str, Any]:
    """A plan as plain values; labelled arrays keep their labels and their type."""
    packed: dict[str, Any] = {}
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, xr.DataArray):
            packed[field.name] = pressed(value)
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
        "dims": list(array.dims),
        "coords": {str(name): array[name].to_numpy().tolist() for name in array.coords},
        "attrs": dict(array.attrs),
        "shape": list(numbers.shape),
        "dtype": numbers.dtype.str,
        "zlib": base64.b64encode(zlib.compress(numbers.tobytes(), 1)).decode("ascii"),
    }


def unpressed(packed: Mapping[str, Any]) -> xr.DataArray:
    """The array that was pressed."""
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(packed["zlib"])), packed["dtype"])
    coords = {name: (name, labels) for name, labels in packed["coords"].items()}
    return xr.DataArray(numbers.reshape(packed["shape"]).copy(), coords, packed["dims"], attrs=packed["attrs"])
