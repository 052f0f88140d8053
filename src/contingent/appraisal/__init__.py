"""Which option, how robustly, and what would change that?"""

from contingent.appraisal.appraise import Appraisal, appraise

__all__ = ["Appraisal", "appraise"]
