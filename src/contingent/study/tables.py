"""How a run's tables lie on disk: one Zarr group a table, chunked by runs, filled part by part."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from contingent.ensemble.execute import PART
from contingent.errors import RunError
from contingent.labels import RUN
from contingent.study.store import write_json


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
        """Store one part of `runs` runs that starts at run `start`; then note that it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = self.done
        for name, table in tables.items():
            file = self.folder / f"{name}.zarr"
            if not done:
                allocate(file, table, runs)
            rows = slice(start, start + table.sizes[RUN])
            by_run = table.drop_vars([v for v in table.variables if RUN not in table[v].dims] + [RUN])
            by_run.to_zarr(file, region={RUN: rows}, zarr_format=2, consolidated=False)
        write_json(self.folder / "parts.json", sorted(done | {start}))

    def read(self) -> dict[str, xr.Dataset]:
        """Every table, in memory.

        Raises:
            RunError: a table is missing or damaged.
        """
        found: dict[str, xr.Dataset] = {}
        for file in sorted(self.folder.glob("*.zarr")):
            try:
                found[file.stem] = xr.open_zarr(file, consolidated=False, chunks=None).load()
            except (OSError, ValueError, KeyError) as error:
                raise RunError(f"{file}: is damaged ({error}); remove the run and run it again") from None
        if not found:
            raise RunError(f"{self.folder}: holds no tables; remove the run and run it again")
        return found


def allocate(file: Path, part: xr.Dataset, runs: int) -> None:
    """Lay out a table for all runs from its first part; what does not depend on the run is written at once."""
    import dask.array as da

    def whole(variable: xr.DataArray) -> tuple[tuple[str, ...], object, dict[str, object]]:
        shape = tuple(runs if dim == RUN else size for dim, size in variable.sizes.items())
        chunks = tuple(min(PART, runs) if dim == RUN else size for dim, size in zip(variable.dims, shape, strict=True))
        return tuple(map(str, variable.dims)), da.zeros(shape, chunks=chunks, dtype=variable.dtype), variable.attrs

    fixed = {str(name): v for name, v in part.data_vars.items() if RUN not in v.dims}
    varying = {str(name): whole(v) for name, v in part.data_vars.items() if RUN in v.dims}
    coords = {str(name): c for name, c in part.coords.items() if name != RUN} | {RUN: np.arange(runs)}
    template = xr.Dataset(varying, coords, part.attrs).assign(fixed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Zarr warns of chunk layouts that region writes here never meet
        template.to_zarr(file, mode="w", compute=False, zarr_format=2, consolidated=False)
