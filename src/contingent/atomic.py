"""How is a file written so that it is whole, or as it was before, by one process at a time, and always spelt alike?

Atomic file replacement, an inter-process file lock, and canonical JSON.
"""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filelock import FileLock, Timeout

from contingent.errors import BusyError

PATIENCE = 600.0  # seconds that a second process waits before it says who holds what it wants


@contextmanager
def atomic_write(file: Path) -> Iterator[Path]:
    """A new file of the same name to write to, in a hidden folder beside; it takes `file`'s place when all went well.

    Whatever goes wrong, `file` stays as it was and nothing is left beside it; a killed process leaves the hidden
    folder, which nobody who lists files by their ending sees. Permissions are those of the file
    replaced; a link stays a link; what is no file (`/dev/stdout`) is written to as it is.

    Raises:
        OSError: the place cannot be written to.
    """
    target = file.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}.") as folder:
        scratch = Path(folder) / target.name
        yield scratch
        with scratch.open("rb") as written:
            os.fsync(written.fileno())
        if target.exists():
            shutil.copymode(target, scratch)
        scratch.replace(target)


@contextmanager
def sole_writer(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """The right to write to `path`, held by one process at a time; the operating system frees it when that one ends.

    A process that holds it may ask for it again. The lock is a hidden file beside it that says who holds it. On a
    network share it holds as far as the share passes locks on; where it knows none, the file itself is the lock.

    Raises:
        BusyError: another process holds it for longer than `patience` seconds; says which.
        OSError: the place cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.with_name(f".{path.name}.lock")
    try:
        with FileLock(file, timeout=patience, on_acquired=_sign, is_singleton=True):
            yield
    except Timeout:
        raise BusyError(f"{path}: {_holder(file)} is writing to it; wait until it is done, or stop it") from None


def _sign(descriptor: int) -> None:
    """Write into the lock who holds it."""
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)  # pwrite is not on every system
    os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode())


def _holder(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip() or "another process"
    except (OSError, ValueError):
        return "another process"


def canonical_json(value: Any, *, keep_order: bool = False) -> bytes:
    """JSON in UTF-8 whose bytes depend on nothing but the value: no spaces, no escapes but what JSON needs.

    With `keep_order` the order of keys is part of the value, as the order of gates is part of a process;
    otherwise keys are sorted.

    Raises:
        ValueError: a number that JSON does not have (infinity, not-a-number).
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=not keep_order, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")
