"""What the mandate of an option makes of the parameters: who commands, on what basis, with what right to use force.

Each multiplier is a row of data/priors.csv named after the mandate's own words
(`command_un`, `basis_unsc_resolution`, `force_enforcement` ...), so that none hides in the code.
"""

from __future__ import annotations

import numpy as np

from contingent.scenario.mandate import Mandate


def odds_scaled(share: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The share whose odds are `factor` times those of `share`."""
    odds = factor * share
    return odds / (1.0 - share + odds)


def authorized(drawn: np.ndarray, mandate: Mandate) -> np.ndarray:
    """The drawn parameters as they act under this mandate: the same fields plus `force_share` and `coercion`.

    Command and the use of force scale what the force does about violence (Bara & Hultman 2020,
    doi:10.1080/13533312.2020.1737023); the legal basis scales the odds of the armed groups' consent and
    of the people's support; the use of force scales the force's own risk.
    """
    command = drawn[f"command_{mandate.command}"]
    basis = drawn[f"basis_{mandate.legal_basis}"]
    force = mandate.use_of_force
    names = list(drawn.dtype.names or ())
    acting = np.empty(len(drawn), dtype=[(name, np.float64) for name in (*names, "force_share", "coercion")])
    for name in names:
        acting[name] = drawn[name]
    acting["force_share"] = command * drawn[f"force_{force}"]
    acting["coercion"] = drawn[f"coercion_{force}"]
    acting["consent_share"] = odds_scaled(drawn["consent_share"], basis)
    acting["support_at_start"] = odds_scaled(drawn["support_at_start"], basis)
    acting["attack_risk"] = drawn["attack_risk"] * drawn[f"exposure_{force}"]
    return acting
