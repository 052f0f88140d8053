"""How is a file written so that it is whole, or as it was before, by one process at a time, and always spelt alike?

Atomic replacement of one file or of several (a journal that is rolled forward), an inter-process lock, canonical JSON.
"""

import json
import os
import shutil
import socket
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, SoftFileLock, Timeout

from contingent.errors import BusyError, InputError

PATIENCE = 600.0  # seconds that a second process waits before it says who holds what it wants
JOURNAL = ".changes"  # what several files of a folder become, complete on the disk before the first of them changes


@contextmanager
def atomic_write(file: Path) -> Iterator[Path]:
    """A new file of the same name to write to, in a hidden folder beside; it takes `file`'s place when all went well.

    Whatever goes wrong, `file` stays as it was and nothing is left beside it; what a killed process leaves, the next
    one that writes `file` takes away, and so does `sweep`. Permissions are those of the file replaced; a link stays a
    link; what is no file (`/dev/stdout`) is written to as it is.

    Raises:
        InputError: there is no such folder.
        BusyError: another process has been writing it for too long.
        OSError: the place cannot be written to.
    """
    target = file.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    if not target.parent.is_dir():
        raise InputError(f"{file}: there is no folder {target.parent}")
    with sole_writer(target), _fresh(target.with_name(f".{target.name}.new")) as folder:
        scratch = folder / target.name
        try:
            yield scratch
            on_disk(scratch)
        except OSError as error:
            error.filename = error.filename or str(file)  # a full disk does not say where
            raise
        if target.exists():
            shutil.copymode(target, scratch)
        scratch.replace(target)
        on_disk(target.parent)


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """An empty folder for as long as this holds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def replace_all(before: Mapping[Path, bytes], after: Mapping[Path, bytes]) -> None:
    """Write several files of one folder, all of them or none: what a killed process began, `roll_forward` finishes.

    Raises:
        BusyError: another process is writing to the folder, or a file is no longer what it was `before`.
        OSError: the place cannot be written to; nothing has changed.
    """
    if not after:
        return
    folder = next(iter(after)).parent
    with sole_writer(folder / JOURNAL), _fresh(folder / f"{JOURNAL}.new") as scratch:
        if changed := [file for file, content in before.items() if file.read_bytes() != content]:
            raise BusyError(f"{changed[0]}: was changed meanwhile; nothing is written, give the same command again")
        for file, content in after.items():
            (scratch / file.name).write_bytes(content)
            on_disk(scratch / file.name)
            if file.exists():
                shutil.copymode(file, scratch / file.name)
        on_disk(scratch)
        scratch.rename(folder / JOURNAL)
        on_disk(folder)
        roll_forward(folder)


def roll_forward(folder: Path) -> None:
    """Finish what `replace_all` began in a folder and was killed at; nothing if it was not."""
    journal = folder / JOURNAL
    if not journal.is_dir():
        return
    with sole_writer(journal), suppress(FileNotFoundError):  # somebody else has finished it meanwhile
        for file in sorted(journal.iterdir()):
            file.replace(folder / file.name)
        on_disk(folder)
        journal.rmdir()


def on_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlast a power cut (as far as the system can promise)."""
    # Windows opens no folder, and some shares make no such promise for one
    with suppress(OSError) if path.is_dir() else nullcontext():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def sole_writer(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """The right to write to `path`, held by one process at a time; the operating system frees it when that one ends.

    A process that holds it may ask for it again. The lock is a hidden file beside it that says who holds it, and goes
    when nobody does. On a network share it holds as far as the share passes locks on; where it knows none, the file
    itself is the lock.

    Raises:
        BusyError: another process holds it for longer than `patience` seconds; says which.
        OSError: the place cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = _lock_of(path)
    lock = FileLock(file, is_singleton=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the share knows no locks
            lock.acquire(timeout=patience)
    except Timeout:
        raise BusyError(f"{path}: {_holder(file)} is writing to it; wait until it is done, or stop it") from None
    native = not isinstance(lock, SoftFileLock)  # what a share without locks needs it keeps in that file itself
    try:
        if native:
            with suppress(OSError):
                file.write_text(f"process {os.getpid()} on {socket.gethostname()}", "utf-8")
        yield
    finally:
        if native and lock.lock_counter == 1:
            with suppress(OSError):  # while it is held: who waits for it notices, and makes a new one
                file.unlink()
        lock.release()


def free(path: Path) -> None:
    """Take away the lock beside `path` that a process left when it was killed; one that is held stays."""
    if _lock_of(path).exists():
        with suppress(BusyError, OSError), sole_writer(path, patience=0):
            pass


def _lock_of(path: Path) -> Path:
    return path.with_name(f".{path.name.lstrip('.')}.lock")


def _holder(file: Path) -> str:
    with suppress(OSError, ValueError):
        return file.read_text("utf-8").strip() or "another process"
    return "another process"


def sweep(folder: Path) -> int:
    """Remove what killed processes left half written in a folder and below; how many things. Nobody's work is touched.

    What was begun with `replace_all` is finished instead.
    """
    left = 0
    for path in [*folder.rglob(".*.new"), *folder.rglob(".*.lock"), *folder.rglob(JOURNAL)]:
        name = path.name.removesuffix(".new").removesuffix(".lock")
        with suppress(BusyError, FileNotFoundError), sole_writer(path.with_name(name), patience=0):
            if path.name == JOURNAL:
                roll_forward(path.parent)
            elif path.suffix == ".new":
                shutil.rmtree(path)
            left += path.suffix != ".lock"
    return left


def canonical_json(value: Any, *, keep_order: bool = False) -> bytes:
    """JSON in UTF-8 whose bytes depend on nothing but the value: no spaces, no escapes but what JSON needs.

    With `keep_order` the order of keys is part of the value, as the order of gates is part of a process;
    otherwise keys are sorted.

    Raises:
        ValueError: a number that JSON does not have (infinity, not-a-number).
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=not keep_order, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")
