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


def write(folder: Path, plans: Plans) -> None:
    """Store the plans of every option in every world."""
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for number, ((option, world), plan) in enumerate(plans.items()):
        arrays, rest = pack(plan)
        arrays.to_zarr(folder / f"{number}.zarr", mode="w", zarr_format=2, consolidated=False)
        index.append({"option": option, "world": world, **rest})
    write_json(folder / "plans.json", index)


def read(folder: Path) -> dict[tuple[str, str], Plan]:
    """The stored plans, by option and world.

    Raises:
        RunError: they are missing or damaged.
    """
    try:
        index = json.loads((folder / "plans.json").read_text("utf-8"))
        found = {}
        for number, rest in enumerate(index):
            key = (rest.pop("option"), rest.pop("world"))
            arrays = xr.open_zarr(folder / f"{number}.zarr", consolidated=False, chunks=None).load()
            found[key] = unpack(arrays, rest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{folder}: the force plans are damaged ({error}); remove the run and run it again") from None
    return found


def pack(plan: Plan) -> tuple[xr.Dataset, dict[str, Any]]:
    """A plan's labelled arrays as one dataset, and everything else as plain values."""
    values = {field.name: getattr(plan, field.name) for field in fields(plan)}
    arrays = {name: value for name, value in values.items() if isinstance(value, xr.DataArray)}
    rest: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Solver):
            rest[name] = asdict(value)
        elif isinstance(value, np.ndarray):
            rest[name] = value.tolist()
        elif name not in arrays:
            rest[name] = list(value)
    return xr.Dataset(arrays), rest


def unpack(arrays: xr.Dataset, rest: dict[str, Any]) -> Plan:
    """The plan that was packed."""
    values: dict[str, Any] = {str(name): arrays[name].rename(None) for name in arrays.data_vars}
    for field in fields(Plan):
        if field.name in values:
            continue
        value = rest[field.name]
        if field.name == "solver":
            values[field.name] = Solver(**value)
        else:
            values[field.name] = np.array(value) if "ndarray" in str(field.type) else tuple(value)
    return Plan(**values)
