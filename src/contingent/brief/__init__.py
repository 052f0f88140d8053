"""The answer: what a minister's adviser carries into the room, with every number open to question."""

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from contingent.brief.document import Brief, record
from contingent.brief.render import FORMATS

if TYPE_CHECKING:
    from contingent.brief.composition import compose, figure, figure_names

__all__ = ["FORMATS", "Brief", "compose", "figure", "figure_names", "record"]


def __getattr__(name: str) -> Any:
    """What composes is loaded when it is used: whoever reads a brief that is kept needs no engine."""
    if name not in __all__:
        raise AttributeError(f"module 'contingent.brief' has no attribute {name!r}")
    globals()[name] = found = resolve_name(f"contingent.brief.composition:{name}")
    return found
