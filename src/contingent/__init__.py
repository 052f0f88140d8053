"""Contingent: should we send troops, and on which terms? With whom, at what risk, how sure?"""

from contingent.errors import ContingentError, InputError, ScenarioError
from contingent.scenario.model import Scenario
from contingent.scenario.read import read

__version__ = "0.1.0"
__all__ = ["ContingentError", "InputError", "Scenario", "ScenarioError", "__version__", "read"]
