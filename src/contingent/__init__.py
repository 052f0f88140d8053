"""Contingent: should we send troops, and on which terms?

The public names; each is imported when it is first used, so that `--help` stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from contingent._version import __version__

if TYPE_CHECKING:
    from contingent.api import Result, Study, load
    from contingent.errors import ContingentError, InputError, RunError, ScenarioError
    from contingent.quantities import Estimate
    from contingent.scenario.model import Scenario
    from contingent.scenario.read import read

__all__ = [
    "ContingentError", "Estimate", "InputError", "Result", "RunError", "Scenario", "ScenarioError", "Study",
    "__version__", "load", "read",
]  # fmt: skip

HOMES = {
    "ContingentError": "contingent.errors", "InputError": "contingent.errors", "RunError": "contingent.errors",
    "ScenarioError": "contingent.errors", "Estimate": "contingent.quantities", "Scenario": "contingent.scenario.model",
    "read": "contingent.scenario.read", "Result": "contingent.api", "Study": "contingent.api", "load": "contingent.api",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """A public name, imported from its home on first use."""
    if name not in HOMES:
        raise AttributeError(f"module 'contingent' has no attribute {name!r}")
    found = getattr(import_module(HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, and no others."""
    return sorted(__all__)
