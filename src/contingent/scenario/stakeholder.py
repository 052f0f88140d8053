"""Who bargains over the decision, what they want, how much they care, and how much they weigh."""

from __future__ import annotations

from typing import Literal

from contingent.notation import Positive, Scale
from contingent.records import Name, Record, SourcedRecord


class Issue(Record):
    """One question in dispute, as a scale from 0 to 100 whose anchors say what its points mean."""

    label: str
    question: str
    anchors: dict[int, str]
    stepped: bool = False
    """Whether an agreement can only be one of the anchors, with nothing in between."""


class Stake(SourcedRecord):
    """What one stakeholder wants on one issue (0 to 100) and how much attention it gives it (0 to 100)."""

    position: Scale
    salience: Scale


class Stakeholder(SourcedRecord):
    """Someone whose wishes weigh on the decision."""

    label: str
    kind: Literal["domestic", "outside"] = "domestic"
    bloc: str = ""
    """Stakeholders of one bloc err together: their positions are drawn correlated."""
    capability: Positive
    """Bargaining power over this decision, relative to the other stakeholders."""
    stakes: dict[Name, Stake]
