"""Which of the mission's numbers do data inform, and what do they say?"""

from contingent.mission.calibration.learn import Learned, learn

__all__ = ["Learned", "learn"]
