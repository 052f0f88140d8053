"""How simulated histories leave for other programs: NetCDF, CSV or Parquet."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from contingent.atomic import atomic_write
from contingent.errors import ExtraError, InputError
from contingent.labels import CONTRIBUTOR, SECTOR
from contingent.mission.outputs import Mission

ENDINGS = (".nc", ".csv", ".parquet")


def check_export(path: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Raises:
        InputError: another ending, a file already there, or no such folder.
        ExtraError: Parquet without the library for it.
    """
    if path.suffix not in ENDINGS:
        raise InputError(f"--export {path}: end the name in one of {', '.join(ENDINGS)}")
    if path.exists():
        raise InputError(f"--export {path}: there is a file already; nothing was written over it")
    if not path.parent.is_dir():
        raise InputError(f"--export {path}: there is no folder {path.parent}")
    if path.suffix == ".parquet" and not (find_spec("pyarrow") or find_spec("fastparquet")):
        raise ExtraError(
            f"--export {path}: Parquet needs pyarrow, the extra `parquet`: pip install 'contingent[parquet]'; "
            "or write .csv or .nc"
        )


def write(mission: Mission, path: Path) -> None:
    """Write the histories: NetCDF holds all three tables; CSV and Parquet the weekly series, a row a run and week."""
    with atomic_write(path) as scratch:
        _fill(mission, scratch)


def _fill(mission: Mission, path: Path) -> None:
    if path.suffix == ".nc":
        tables = {
            "weekly": mission.weekly,
            "sector": mission.sectors.rename({str(name): f"sector_{name}" for name in mission.sectors}),
            "contributor": mission.contributors.rename({str(n): f"contributor_{n}" for n in mission.contributors}),
        }
        whole = tables["weekly"].merge(tables["sector"]).merge(tables["contributor"])
        for labels in (SECTOR, CONTRIBUTOR):
            whole[labels] = whole[labels].astype(str)
        whole.to_netcdf(path, engine="h5netcdf" if find_spec("h5netcdf") and find_spec("h5py") else "scipy")
        return
    frame = mission.weekly.to_dataframe().reset_index()
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, float_format="%.7g")
    else:
        frame.to_parquet(path, index=False)
