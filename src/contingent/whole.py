"""How is a file written so that it is whole, or as it was before?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def in_one_step(file: Path) -> Iterator[Path]:
    """A new file beside `file` to write to, with its ending; it takes the place of `file` when all went well.

    Whatever goes wrong, `file` stays as it was and nothing is left beside it. Permissions are those of the file
    replaced; a link stays a link; what is no file (`/dev/stdout`) is written to as it is.

    Raises:
        OSError: the place cannot be written to.
    """
    target = file.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    scratch = target.with_name(f".{target.stem}.{token_hex(4)}{target.suffix}")
    try:
        yield scratch
        with scratch.open("rb") as written:
            os.fsync(written.fileno())
        if target.exists():
            shutil.copymode(target, scratch)
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)
