"""The answer: what a minister's adviser carries into the room, with every number open to question."""

from contingent.brief.brief import FORMATS, Brief, record
from contingent.brief.compose import compose, figure, figure_names

__all__ = ["FORMATS", "Brief", "compose", "figure", "figure_names", "record"]
