"""With what was a run made: which code, and which libraries, set its numbers?

Build fingerprint. Two runs under one version number can still differ while the package is being changed, or where
another solver breaks ties; their fingerprints then do too, so a run stored by others is never taken for this one's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from contingent._version import __version__

SILENT = {"cli", "brief", "evidence", "scoring"}  # packages that print, read articles or score, and set no number
DATA = {".yaml", ".csv", ".json", ".toml"}
LIBRARIES = ("highspy", "numba", "numpy", "scikit-learn", "scipy")  # that set numbers

TOKEN = re.compile(
    r"""(?P<word>[^\s\#'"()\[\]{}\\]+)|(?P<line>\n)|(?P<skip>[ \t\r\f]+|\#[^\n]*|\\\n)
    |(?P<open>[(\[{])|(?P<close>[)\]}])
    |(?P<string>'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")""",
    re.VERBOSE | re.DOTALL,
)
PREFIXES = {"r", "R", "u", "U"}  # of a string that may be a docstring


@cache
def code_version() -> str:
    """`version+fingerprint` of the installed package, such as `0.1.0+5f3c9a1b`."""
    return f"{__version__}+{fingerprint(Path(str(files('contingent'))))}"


@cache
def library_versions() -> dict[str, str]:
    """The installed version of every library that sets numbers, by name."""
    return {name: version(name) for name in LIBRARIES}


def fingerprint(package: Path) -> str:
    """Eight hexadecimal digits that stand for everything in a package that sets a number.

    Of code, its statements: docstrings, comments and line breaks set none. Of data, its bytes.
    """
    found = sha256()
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package)
        if name.parts[0] in SILENT or {"library", "__pycache__"} & set(name.parts):  # a run carries its own scenario
            continue
        if file.suffix == ".py":
            content = "\n".join(statements(file.read_text("utf-8"))).encode()
        elif file.suffix in DATA:
            content = file.read_bytes()
        else:
            continue
        found.update(name.as_posix().encode() + b"\0" + content + b"\0")
    return found.hexdigest()[:8]


def statements(source: str) -> Iterator[str]:
    """The logical lines of Python source, each with its indent, without comments and without lone strings.

    By the source's own text, as the syntax tree of one Python release is not that of the next.
    """
    indent, parts, depth, lone = "", [], 0, True
    for token in TOKEN.finditer(source + "\n"):
        kind, text = token.lastgroup, token.group()
        if kind == "skip":
            if not parts and text.isspace():
                indent = text
        elif kind == "line":
            if depth:
                continue
            if not lone:
                yield indent + " ".join(parts)
            indent, parts, lone = "", [], True
        else:
            depth += (kind == "open") - (kind == "close")
            lone = lone and (kind == "string" or text in PREFIXES)
            parts.append(text)
