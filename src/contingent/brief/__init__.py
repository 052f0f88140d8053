"""The answer: what a minister's adviser carries into the room, with every number open to question."""

from contingent.brief.compose import Brief, compose, figure, figure_names, record
from contingent.brief.render import FORMATS

__all__ = ["FORMATS", "Brief", "compose", "figure", "figure_names", "record"]
