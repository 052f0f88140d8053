"""What was asked, and with what is it answered: everything that a run's numbers depend on.

Content-addressed identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from contingent.canonical import canonical_json
from contingent.scenario.model import Scenario
from contingent.study.fingerprint import code_version, library_versions

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

    @cached_property
    def content(self) -> dict[str, Any]:
        """The question as plain values: what is hashed, stored and sent, so that no part of it can be left out."""
        return {
            "version": self.version,
            "libraries": dict(self.libraries),
            "scenario": self.scenario.model_dump(mode="json"),
            "options": list(self.options),
            "seed": self.seed,
            "runs": self.runs,
        }

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
    def _told(self) -> dict[str, str]:
        asked = {"scenario": self.scenario_hash[:12], "options": ", ".join(self.options)}
        return {**asked, "seed": str(self.seed), "runs": str(self.runs), "code": self.version, **self.libraries}


def hash_of(scenario: Scenario) -> str:
    """SHA-256 of a scenario in its own order: two scenarios with the same are the same question."""
    return sha256(canonical_json(scenario.model_dump(mode="json"), keep_order=True)).hexdigest()
