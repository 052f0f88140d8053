"""The flags that every verb understands."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

SEED = 20251028  # the shipped case's date; any other number is as good


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Flags:
    """How a verb reports."""

    json: Annotated[bool, Parameter(negative="")] = False
    """Print one JSON value on standard output."""
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="")] = False
    """Say nothing but the answer."""
    no_progress: Annotated[bool, Parameter(negative="")] = False
    """Show no progress bar."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Ensemble:
    """Which ensemble is run."""

    runs: int = 2000
    """Runs in the ensemble."""
    seed: int = SEED
    """Seed of every random number."""
    workers: int = 1
    """Processes to use; the result is the same for any number."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Sample:
    """A small ensemble, for questions asked of a scenario one after another; a finished run keeps its own."""

    runs: int = 500
    """Runs in the ensemble."""
    seed: int = SEED
    """Seed of every random number."""

    @property
    def ensemble(self) -> Ensemble:
        """The same as every verb has it."""
        return Ensemble(self.runs, self.seed)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Place:
    """Where files go."""

    out: Path | None = None
    """Folder for what is written; `runs` in the current folder if not given."""
