"""SMAA-2 against the published output of another implementation.

Heparin and enoxaparin against deep vein thrombosis (Lynd & O'Brien 2004, doi:10.1016/j.jclinepi.2003.12.012), as
shipped with the R package smaa 0.3 by van Valkenhoef; its documented output with 10,000 iterations is quoted below.
Distributions and scales: van Valkenhoef et al. 2012, doi:10.1016/j.jclinepi.2011.09.005, and mcda-web.
"""

import numpy as np
import pytest

from contingent.appraisal.smaa import accept
from contingent.appraisal.weights import simplex

# events and non-events: proximal thrombosis, distal thrombosis, major bleeding
HEPARIN = ((20, 116), (40, 96), (1, 135))
ENOXAPARIN = ((8, 121), (32, 97), (5, 124))
WORST, BEST = np.array([0.25, 0.40, 0.10]), np.array([0.0, 0.15, 0.0])


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(20120101)
    draws = np.array([[rng.beta(a, b, 4_000) for a, b in drug] for drug in (HEPARIN, ENOXAPARIN)])
    values = (WORST - draws.transpose(2, 0, 1)) / (WORST - BEST)
    return accept(values, simplex(rng, 4_000, 3))


def test_rank_acceptability(found):
    assert found.ranks[:, 0] == pytest.approx([0.3504, 0.6496], abs=0.015)


def test_central_weights(found):
    assert found.central[0] == pytest.approx([0.1865, 0.2772, 0.5363], abs=0.015)
    assert found.central[1] == pytest.approx([0.4073, 0.3641, 0.2285], abs=0.015)


def test_confidence_factors(found):
    assert found.confidence == pytest.approx([0.6682, 0.8956], abs=0.03)
