"""How is a chart drawn, one function a kind, as small as a still picture can be?"""

from contingent.brief.figures.fields import calibration, matrix
from contingent.brief.figures.panels import coverage, criteria, fan
from contingent.brief.figures.rows import bars, chance, difference, dumbbell, interval, ladder, process, tornado

KINDS = {
    "bars": bars,
    "calibration": calibration,
    "chance": chance,
    "coverage": coverage,
    "criteria": criteria,
    "difference": difference,
    "dumbbell": dumbbell,
    "fan": fan,
    "interval": interval,
    "ladder": ladder,
    "matrix": matrix,
    "process": process,
    "tornado": tornado,
}

__all__ = ["KINDS"]
