"""How do a run's tables and force plans lie on disk?

Storage format: one Zarr group a table, chunked by runs and filled part by part; the plans as one JSON file, so that
reading a run back solves nothing again.
"""

import base64
import json
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr
from numcodecs import Blosc

from contingent.ensemble.execute import PART
from contingent.errors import RunError
from contingent.force import Plan, Solver
from contingent.labels import RUN
from contingent.study.store import write_json

COMPLETE = {"array.write_empty_chunks": True}  # so that a part which is not there was lost, not all zeros
QUICK = Blosc(cname="lz4", clevel=1, shuffle=Blosc.SHUFFLE)  # the tables are read once or twice, and written every time


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one run folder."""

    folder: Path

    @property
    def done(self) -> set[int]:
        """First runs of the parts that are stored."""
        try:
            return set(json.loads((self.folder / "parts.json").read_text("utf-8")))
        except (OSError, ValueError):
            return set()

    def write(self, tables: dict[str, xr.Dataset], start: int, runs: int) -> None:
        """Store one part that starts at run `start` of `runs`; then note that it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = self.done
        with zarr.config.set(COMPLETE):
            for name, table in tables.items():
                file = self.folder / f"{name}.zarr"
                group = zarr.open_group(file, mode="a", zarr_format=2) if done else allocate(file, table, runs)
                for variable, values in table.data_vars.items():
                    if RUN in values.dims:
                        rows = tuple(
                            slice(start, start + size) if dim == RUN else slice(None)
                            for dim, size in values.sizes.items()
                        )
                        array_of(group, str(variable))[rows] = values.to_numpy()
        write_json(self.folder / "parts.json", sorted(done | {start}))

    def read(self) -> dict[str, xr.Dataset]:
        """Every table, in memory.

        Raises:
            RunError: a table is missing or damaged.
        """
        found: dict[str, xr.Dataset] = {}
        for file in sorted(self.folder.glob("*.zarr")):
            try:
                whole(file)
                found[file.stem] = xr.open_zarr(file, consolidated=False, chunks=None).load()
            except (OSError, ValueError, KeyError) as error:
                raise RunError(f"{file}: is damaged ({error}); remove the run and run it again") from None
        if not found:
            raise RunError(f"{self.folder}: holds no tables; remove the run and run it again")
        return found


def whole(file: Path) -> None:
    """That every part of a table is on disk: what is missing would be read as zeros.

    Raises:
        RunError: names the variable and how many of its parts are missing.
    """
    for name, array in zarr.open_group(file, mode="r", zarr_format=2).arrays():
        there, wanted = array.nchunks_initialized, array.nchunks
        if there < wanted:
            raise RunError(
                f"{file}: {wanted - there} of {wanted} parts of `{name}` are missing; remove the run and run it again"
            )


def array_of(group: zarr.Group, name: str) -> zarr.Array[Any]:
    """An array of a group, which holds nothing else."""
    array = group[name]
    assert isinstance(array, zarr.Array)
    return array


def allocate(file: Path, part: xr.Dataset, runs: int) -> zarr.Group:
    """Lay out a table for all runs from its first part; what does not depend on the run is written at once."""
    shutil.rmtree(file, ignore_errors=True)
    group = zarr.open_group(file, mode="w", zarr_format=2, attributes=dict(part.attrs))
    labels = {str(name): coord for name, coord in part.coords.items() if name != RUN}
    labels[RUN] = xr.DataArray(np.arange(runs), dims=RUN)
    for name, values in {**labels, **{str(n): v for n, v in part.data_vars.items()}}.items():
        shape = tuple(runs if dim == RUN else size for dim, size in values.sizes.items())
        chunks = tuple(min(PART, runs) if dim == RUN else max(size, 1) for dim, size in values.sizes.items())
        array = group.create_array(
            name, shape=shape, chunks=chunks, dtype=values.dtype, fill_value=None, compressors=[QUICK],
            attributes={**values.attrs, "_ARRAY_DIMENSIONS": [str(dim) for dim in values.dims]},
        )  # fmt: skip
        if RUN not in values.dims or name == RUN:
            array[...] = values.to_numpy()
    group.attrs["coordinates"] = " ".join(name for name in labels if name not in part.dims)
    return group


Plans = Mapping[tuple[str, str], Plan]


def write_plans(file: Path, plans: Plans) -> None:
    """Store the plans of every option in every world as one JSON file."""
    write_json(file, [{"option": option, "world": world, **pack(plan)} for (option, world), plan in plans.items()])


def read_plans(file: Path) -> dict[tuple[str, str], Plan]:
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
        "dims": list(array.dims), "coords": {str(name): array[name].to_numpy().tolist() for name in array.coords},
        "attrs": dict(array.attrs), "shape": list(numbers.shape), "dtype": numbers.dtype.str,
        "zlib": base64.b64encode(zlib.compress(numbers.tobytes(), 1)).decode("ascii"),
    }  # fmt: skip


def unpressed(packed: Mapping[str, Any]) -> xr.DataArray:
    """The array that was pressed."""
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(packed["zlib"])), packed["dtype"])
    coords = {name: (name, labels) for name, labels in packed["coords"].items()}
    return xr.DataArray(numbers.reshape(packed["shape"]).copy(), coords, packed["dims"], attrs=packed["attrs"])
