"""Which code a run was made with: the version, and a fingerprint of everything that sets a number.

Two runs under one version number can still differ while the package is being changed; their fingerprints then do too,
so a run stored by other code is never taken for this one's.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from contingent._version import __version__

SILENT = {"cli", "brief"}  # packages that print numbers and set none
KINDS = {".py", ".yaml", ".csv", ".json"}


@cache
def engines() -> str:
    """`version+fingerprint`, such as `0.1.0+5f3c9a1b`."""
    root = Path(str(files("contingent")))
    found = sha256()
    for file in sorted(path for path in root.rglob("*") if path.suffix in KINDS and "__pycache__" not in path.parts):
        name = file.relative_to(root)
        if name.parts[0] not in SILENT and "library" not in name.parts:  # a run carries its own scenario
            found.update(str(name.as_posix()).encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{__version__}+{found.hexdigest()[:8]}"
