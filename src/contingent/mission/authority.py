"""What the mandate of an option makes of the parameters: who commands, on what basis, with what right to use force.

Each multiplier is a row of data/priors.csv named after the mandate's own words
(`command_un`, `basis_unsc_resolution`, `force_enforcement` ...), so that none hides in the code.
"""

from __future__ import annotations

import numpy as np

from contingent.scenario.mandate import Mandate

WORDS = ("command_", "basis_", "force_self", "force_protection", "force_enforcement", "exposure_", "coercion_")
"""How the parameters begin that stand for a word of the mandate and act only through it."""


def odds_scaled(share: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The share whose odds are `factor` times those of `share`."""
    odds = factor * share
    return odds / (1.0 - share + odds)


def authorized(drawn: dict[str, np.ndarray], mandate: Mandate) -> dict[str, np.ndarray]:
    """The drawn parameters as they act under this mandate, with `force_share` (nu f) and `coercion` (y) added.

    Command and the use of force scale what the force does about violence (Bara & Hultman 2020,
    doi:10.1080/13533312.2020.1737023); the legal basis scales the odds of the armed groups' consent and
    of the people's support; the use of force scales the force's own risk.
    """
    basis, force = drawn[f"basis_{mandate.legal_basis}"], mandate.use_of_force
    acting = {name: values for name, values in drawn.items() if not name.startswith(WORDS)}
    return acting | {
        "force_share": drawn[f"command_{mandate.command}"] * drawn[f"force_{force}"],
        "coercion": drawn[f"coercion_{force}"],
        "consent_share": odds_scaled(drawn["consent_share"], basis),
        "support_at_start": odds_scaled(drawn["support_at_start"], basis),
        "attack_risk": drawn["attack_risk"] * drawn[f"exposure_{force}"],
    }
