"""What was asked, and with what is it answered: everything that a run's numbers depend on.

Content-addressed identity and build fingerprint: two builds under one version number, or with other libraries, are two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from contingent._version import __version__
from contingent.atomic import canonical_json
from contingent.ensemble.design import HYPERCUBE
from contingent.scenario.model import Scenario

SILENT = {"cli", "api.py", "workbench", "brief", "evidence", "scoring"}  # that print, read or score: they set no number
READERS = {"scoring/tables.py"}  # of theirs, but by it the records are read that set numbers
DATA = {".yaml", ".csv", ".json", ".toml"}
LIBRARIES = ("highspy", "numba", "numpy", "scipy")  # that set numbers

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
        silent = name.parts[0] in SILENT and name.as_posix() not in READERS
        if silent or {"library", "__pycache__"} & set(name.parts):  # a run carries its own scenario
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


FORMAT = 3  # of a question as it is stored; raised when an older one can no longer be read


@dataclass(frozen=True)
class Question:
    """Everything a run's numbers depend on."""

    scenario: Scenario
    options: tuple[str, ...]
    seed: int
    runs: int
    version: str = field(default_factory=code_version)
    """Of the code, with its fingerprint."""
    libraries: Mapping[str, str] = field(default_factory=library_versions)
    """Versions of the libraries that set numbers, by name."""

    def __repr__(self) -> str:
        return (
            f"Question {self.id}: {self.scenario.name} as of {self.scenario.as_of}, "
            f"options {', '.join(self.options)}, {self.runs:,} runs, seed {self.seed}"
        )

    @cached_property
    def content(self) -> dict[str, Any]:
        """The question as plain values: what is hashed, stored and sent, so that no part of it can be left out."""
        return {
            "version": self.version, "libraries": dict(self.libraries),
            "scenario": self.scenario.model_dump(mode="json"), "options": list(self.options), "seed": self.seed,
            "runs": self.runs,
        }  # fmt: skip

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Question:
        """The question that was stored or sent.

        Raises:
            ValidationError: the scenario no longer reads.
            KeyError: a part is missing.
        """
        scenario = Scenario.model_validate(content["scenario"])
        return cls(
            scenario, tuple(content["options"]), content["seed"], content["runs"], content["version"],
            dict(content["libraries"]),
        )  # fmt: skip

    @cached_property
    def scenario_hash(self) -> str:
        """SHA-256 of the scenario."""
        return hash_of(self.scenario)

    @cached_property
    def id(self) -> str:
        """Twelve hexadecimal digits that stand for this question; the order of everything in it is a part of it."""
        return sha256(canonical_json([FORMAT, self.content], keep_order=True)).hexdigest()[:12]

    def unlike(self, other: Question) -> dict[str, tuple[str, str]]:
        """What is not the same in another question, by name, here and there: scenario, options, seed, runs, code, or a
        library.
        """
        mine, others = self._told, other._told
        return {name: (mine.get(name, "none"), others.get(name, "none")) for name in {**mine, **others}
                if mine.get(name) != others.get(name)}  # fmt: skip

    @property
    def sample(self) -> int:
        """The first runs, of which every table is kept and looked at; of those beyond, only `coupling.COLUMNS`."""
        return min(self.runs, HYPERCUBE)

    @property
    def _told(self) -> dict[str, str]:
        asked = {"scenario": self.scenario_hash[:12], "options": ", ".join(self.options)}
        return {**asked, "seed": str(self.seed), "runs": str(self.runs), "code": self.version, **self.libraries}


def hash_of(scenario: Scenario) -> str:
    """SHA-256 of a scenario in its own order: two scenarios with the same are the same question."""
    return sha256(canonical_json(scenario.model_dump(mode="json"), keep_order=True)).hexdigest()
