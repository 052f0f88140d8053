"""How is a file written so that it is whole, or as it was before?

Atomic file replacement.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


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
