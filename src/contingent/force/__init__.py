"""Who brings what, and what is still missing?"""

from contingent.force.deploy import Deployment, deploy
from contingent.force.plan import Plan, plan
from contingent.force.solve import Solver

__all__ = ["Deployment", "Plan", "Solver", "deploy", "plan"]
