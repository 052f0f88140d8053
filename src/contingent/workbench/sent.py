"""What may be sent to the workbench, from a script as JSON or from a form?"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from contingent.workbench.registry import LATEST


class Sent(BaseModel):
    """What every change carries: the last entry its sender has seen (whatever it is, if left out), and why."""

    seen: int = Field(default=LATEST, ge=LATEST, le=2**31 - 1)
    why: str = Field(default="", max_length=2000)


class Change(Sent):
    """Other values by dotted path, each as a scenario file would have it; or one `path` and its `value`."""

    changes: dict[str, Any] = {}
    path: str = Field(default="", max_length=300)
    value: Any = None
    low: str = ""
    high: str = ""
    preview: bool = False

    def wanted(self) -> dict[str, Any]:
        """The changes by path."""
        if not self.path:
            return self.changes
        ends = self.low.strip() or self.high.strip()
        return {**self.changes, self.path: f"{self.value} ({self.low} to {self.high})" if ends else self.value}


class Target(Sent):
    """One entry of the draft."""

    target: int = Field(default=0, ge=0, le=2**31 - 1)


class Named(BaseModel):
    """A case or a draft, and what the new draft is called."""

    case: str = Field(default="", max_length=1000)
    name: str = Field(default="", max_length=200)


class Asked(BaseModel):
    """A full run."""

    runs: int = Field(default=2000, ge=2, le=1_000_000)
    seed: int = Field(default=20251028, ge=0, le=2**63 - 1)


class Issue(BaseModel):
    """The brief of a run, to be issued."""

    run: str = Field(max_length=64)
    why: str = Field(default="", max_length=2000)
