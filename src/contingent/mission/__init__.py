"""What happens on the ground, week by week?"""

from contingent.mission.outputs import Mission
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate

__all__ = ["Mission", "Presence", "simulate"]
