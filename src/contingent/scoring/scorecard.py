"""What a backtest reports, in the one format every task shares."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from contingent.scoring.scores import Score


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The result of one backtest task.

    `scores` are ours, `baselines` the same scores of simpler forecasts on the same cases;
    `cutoff` says in words which cases could not be seen while fitting.
    """

    task: str
    data_sha256: str
    cutoff: str
    n: int
    scores: Mapping[str, Score] = field(default_factory=dict)
    baselines: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as plain values; a number that does not exist is null, never NaN."""
        return {
            "task": self.task,
            "data_sha256": self.data_sha256,
            "cutoff": self.cutoff,
            "n": self.n,
            "scores": {name: _plain(score) for name, score in self.scores.items()},
            "baselines": {
                name: {key: _plain(score) for key, score in scores.items()} for name, scores in self.baselines.items()
            },
            **({"notes": list(self.notes)} if self.notes else {}),
        }

    def to_text(self) -> str:
        """The record as a table for people: every score beside its baselines, a loss printed as a loss."""
        lines = [f"{self.task}: {self.n} cases; {self.cutoff}"]
        for name, score in self.scores.items():
            lines.append(f"  {name:<28} {_shown(score)}")
            for baseline, scores in self.baselines.items():
                if name in scores:
                    lines.append(f"    {baseline:<26} {_shown(scores[name])}")
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])


def _shown(score: Score) -> str:
    if not isfinite(score.value):
        return "-"
    interval = f"  ({score.low:.4g} to {score.high:.4g})" if isfinite(score.low) and score.low != score.high else ""
    return f"{score.value:.4g}{interval}"


def _plain(score: Score) -> dict[str, float | None]:
    parts = {"value": score.value, "low": score.low, "high": score.high}
    return {name: value if isfinite(value) else None for name, value in parts.items()}


def sha256_of(*paths: Path) -> str:
    """One hash of files, or of every file in folders, with their names relative to the folder; order-free."""
    digest = hashlib.sha256()
    files: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_dir():
            files += [(str(item.relative_to(path)), item) for item in path.rglob("*") if item.is_file()]
        else:
            files.append((path.name, path))
    for name, item in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(item.read_bytes()).digest())
    return digest.hexdigest()
