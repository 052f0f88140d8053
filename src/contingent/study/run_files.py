"""How does a run lie on disk, and how is it known that it still is what was written?

Storage format: one zip file for each part of the ensemble, with every table as a Zarr group in it; the plans as one
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

PLANS, SUMMARY = "plans.json", "summary.json"
KNOWN = re.compile(r"tables/(\d{7})\.zip|[a-z]+\.json")


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
    return f"tables/{start:07}.zip"


MEND = "the same `contingent run` computes only what is damaged again"


def spelt(value: Mapping[str, Any] | list[Any]) -> bytes:
    """JSON as it stands in a run's folder."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def zipped(tables: Mapping[str, xr.Dataset]) -> bytes:
    """Tables as one zip file of Zarr groups; the same tables are the same bytes."""
    from numcodecs import Blosc
    from zarr.storage import MemoryStore

    quick = Blosc(cname="lz4", clevel=1, shuffle=Blosc.SHUFFLE)  # tables are read once or twice, and written every time
    files: dict[str, Any] = {}
    for name, table in tables.items():
        encoding = {
            str(variable): {"compressors": [quick], "chunks": values.shape}
            for variable, values in table.variables.items() if values.size and values.ndim
        }  # fmt: skip
        table.to_zarr(MemoryStore(files), group=name, mode="w", zarr_format=2, consolidated=False, encoding=encoding)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name].to_bytes())  # of no date
    return written.getvalue()


def unzipped(content: bytes, only: str = "") -> dict[str, xr.Dataset]:
    """The tables of a part, or only one of them."""
    import xarray as xr
    from zarr.core.buffer import cpu
    from zarr.storage import MemoryStore

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wanted = [name for name in archive.namelist() if name.startswith(only)]
        files: dict[str, Any] = {name: cpu.Buffer.from_bytes(archive.read(name)) for name in wanted}
    names = sorted({name.partition("/")[0] for name in files if "/" in name})
    found = {}
    for name in names:
        with xr.open_zarr(MemoryStore(files), group=name, consolidated=False, chunks=None) as table:
            found[name] = table.load()  # closed, or it would hold on to the bytes it was read from
    return found
