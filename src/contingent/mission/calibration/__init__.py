"""Which of the mission's numbers do data inform, and what do they say?"""

from contingent.mission.calibration.posterior import Learned, learn

__all__ = ["Learned", "learn"]
