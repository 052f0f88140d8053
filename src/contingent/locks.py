"""Who may write to a file that several processes share?

Inter-process file lock.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from contingent.errors import BusyError

PATIENCE = 600.0  # seconds that a second process waits before it says who holds what it wants


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
