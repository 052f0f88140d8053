"""How does a run lie on disk, and how is it known that it still is what was written?

Storage format: one zip file for each part of the ensemble, with every table as a NetCDF file in it; the plans as one
JSON file, so that reading a run back solves nothing again. The manifest has a digest of each file: whatever does not
match is damaged and named, and only that is computed again.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any

from contingent.atomic import atomic_write
from contingent.errors import RunError
from contingent.labels import OPTION

if TYPE_CHECKING:  # engines and tables are loaded where they are read: whoever asks what a run answers needs neither
    import xarray as xr

    from contingent.force import Plan

PLANS, SUMMARY, TABLE = "plans.json", "summary.json", ".nc"
KNOWN = re.compile(r"tables/(\d{7})\.nc\.zip|[a-z]+\.json")


@dataclass(frozen=True)
class RunFiles:
    """The files of one run, each known by its digest; a part of the ensemble is named by its first run.

    Reading one that is missing, or not what was written, raises `RunError`.
    """

    folder: Path
    digests: dict[str, str]

    @classmethod
    def noted(cls, folder: Path) -> RunFiles:
        """The files that a folder's manifest knows, whatever else it says."""
        try:
            digests = dict(json.loads((folder / "manifest.json").read_bytes())["digests"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return cls(folder, {})
        return cls(folder, {name: digest for name, digest in digests.items() if KNOWN.fullmatch(name)})

    @classmethod
    def under_way(cls, folder: Path) -> RunFiles:
        """The files of a run that is not finished, or damaged: those that are whole; what else there is goes."""
        folder.mkdir(parents=True, exist_ok=True)
        found = cls.noted(folder)
        for name in [name for name in found.digests if name != PLANS and not found.sound(name)]:
            del found.digests[name]
        for path in folder.iterdir():
            if path.name.startswith("."):
                shutil.rmtree(path, ignore_errors=True)
        for path in (folder / "tables").glob("*"):
            if f"tables/{path.name}" not in found.digests:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return found

    def content(self, name: str) -> bytes:
        """What a file holds."""
        file = self.folder / name
        try:
            found = file.read_bytes()
        except OSError as error:
            raise RunError(f"{file}: cannot be read ({error.strerror}); {MEND}") from None
        if sha256(found).hexdigest() != self.digests.get(name):
            raise RunError(f"{file}: is damaged, it is not what was written (its digest differs); {MEND}")
        return found

    def sound(self, name: str) -> bool:
        """Whether a file is there and is what was written."""
        try:
            return bool(self.content(name))
        except RunError:
            return False

    def put(self, name: str, content: bytes) -> None:
        """Write a file; then, when it is on disk, note its digest."""
        self.written(name, stored(self.folder / name, content))

    def note(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, with the digest of every file so far."""
        with atomic_write(self.folder / "manifest.json") as scratch:
            scratch.write_bytes(spelt({**manifest, "digests": dict(sorted(self.digests.items()))}))

    @property
    def done(self) -> set[int]:
        """First runs of the parts that are stored."""
        return {int(found[1]) for name in self.digests if (found := KNOWN.fullmatch(name)) and found[1]}

    def written(self, name: str, digest: str) -> None:
        """Note the digest of a file that a worker has written."""
        self.digests[name] = digest
        self.note({})

    def parts(self, runs: int) -> Iterator[dict[str, xr.Dataset]]:
        """The tables of every part of the first runs, in the order of their runs."""
        return (unzipped(self.content(part(start))) for start in sorted(self.done) if start < runs)

    def columns(self, options: list[str]) -> xr.Dataset:
        """What is kept of every run, of some options: part after part is read, and the rest of it let go."""
        from contingent.study.coupling import COLUMNS
        from contingent.study.measures import join

        parts = (unzipped(self.content(part(start)), COLUMNS) for start in sorted(self.done))
        return join([{COLUMNS: each[COLUMNS].sel({OPTION: options})} for each in parts])[COLUMNS]

    def plans(self) -> dict[tuple[str, str], Plan]:
        """The stored plans, by option and world."""
        from contingent.study.planning import unpack

        rows = json.loads(self.content(PLANS))
        return {(row.pop("option"), row.pop("world")): unpack(row) for row in rows}

    def keep_plans(self, plans: Mapping[tuple[str, str], Plan]) -> None:
        """Store the plans; parts that were made with others go."""
        from contingent.study.planning import pack

        rows = [{"option": option, "world": world, **pack(plan)} for (option, world), plan in plans.items()]
        content = spelt(rows)
        if self.digests.get(PLANS) != sha256(content).hexdigest():
            for start in self.done:
                del self.digests[part(start)]
        (self.folder / "tables").mkdir(parents=True, exist_ok=True)
        self.put(PLANS, content)


def stored(file: Path, content: bytes) -> str:
    """Write a file of a run, in whichever process; returns its digest.

    Raises:
        RunError: its folder, which whoever began the run made, is not here.
    """
    if not file.parent.is_dir():
        raise RunError(f"{file.parent}: is not there on {gethostname()}; every worker must see the folder of --out")
    with atomic_write(file) as scratch:
        scratch.write_bytes(content)
    return sha256(content).hexdigest()


def part(start: int) -> str:
    """The file of the part of the ensemble that starts at a run."""
    return f"tables/{start:07}{TABLE}.zip"


MEND = "the same `contingent run` computes only what is damaged again"


def spelt(value: Mapping[str, Any] | list[Any]) -> bytes:
    """JSON as it stands in a run's folder."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def zipped(tables: Mapping[str, xr.Dataset]) -> bytes:
    """Tables as one zip file of NetCDF files (classic format); the same tables are the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in sorted(tables):
            file = zipfile.ZipInfo(f"{name}{TABLE}")  # of no date
            archive.writestr(file, tables[name].to_netcdf(engine="scipy"), zipfile.ZIP_DEFLATED, compresslevel=1)
    return written.getvalue()


def unzipped(content: bytes, only: str = "") -> dict[str, xr.Dataset]:
    """The tables of a part, or only one of them."""
    import xarray as xr

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name.removesuffix(TABLE) for name in archive.namelist()]
        return {
            name: xr.load_dataset(io.BytesIO(archive.read(f"{name}{TABLE}")), engine="scipy")
            for name in names if only in ("", name)
        }  # fmt: skip
