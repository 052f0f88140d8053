"""Who will contribute to a new mission, and with how many people.

Ridge-penalized logistic regression, and the forces that missions took over from.

A ridge-penalized logistic regression on what was known at the mandate: what each state had in UN missions lately,
where it is, which memberships it shares with the host, and whether it was in the force the mission takes over
(`propensity`). Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634. Sizes come in whole units and do not follow
from these features (rank correlation .24), so a size is a draw from the sizes past contributors sent.

Who was already in the field under another flag when a UN mission took over.

UN experience alone ranks coalition contributors badly: most of a regional or coalition force is re-hatted when its
UN successor starts. One rule for every row: a mission of the panel that took over from a force which stood in the
field under another flag at the mandate; its members are the states that a page kept in a public archive, and dated
before the mandate, names as having formed troops there, or as sending them by then. Observers and staff officers do
not count. Names are those of the IPI Peacekeeping Database.

What the rule left out: Ghana in Darfur (observers only); "Zambia" in one list of troops
in Darfur (most likely the Gambia); Romania in Chad (withdrew its offer). UNMIH has no row: the multinational force had
only begun to land at the date the panel gives it.
"""

import tomllib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from contingent.errors import DataError
from contingent.force.states import DATA
from contingent.precedents.regression import fit_as_they_are

PREDECESSORS = tomllib.loads((DATA / "predecessors.toml").read_text("utf-8"))["predecessor"]
"""Forces that UN missions took over from: mission, force, members, and sources (publisher, date, address)."""
_SERVED = frozenset((row["mission"], member) for row in PREDECESSORS for member in row["members"])


def served_before(mission: str, country: str) -> bool:
    """Whether a country was in the force that a UN mission took over from."""
    return (mission, country) in _SERVED


LABELS = ("c", "m", "t0", "y", "size")
PENALTY = 0.1  # inverse strength of the ridge, that of the published baseline on this panel; not tuned
CLOSED = 24  # months a contribution may take: a mission teaches only once its window is over
FIRST_TEST = 2000 * 12  # month from which missions are forecast
FEW = ("UNMEE", "UNISFA")  # hardly any labelled contributor (0 and 1): the maps these labels come from miss them


@dataclass(frozen=True, slots=True)
class Propensity:
    """A fitted model: coefficients on standardized features."""

    features: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    intercept: float
    covariance: np.ndarray
    """Of (intercept, weight), from the penalized likelihood's curvature."""
    sizes: np.ndarray
    """Persons past contributors sent."""

    def probability(self, panel: pd.DataFrame) -> np.ndarray:
        """That each state in a panel contributes; shape (row,)."""
        return _logistic(self.logit(panel)[0])

    def interval(self, panel: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The 90 % interval of that probability, from the uncertainty of the coefficients."""
        score, spread = self.logit(panel)
        return _logistic(score - 1.6449 * spread), _logistic(score + 1.6449 * spread)

    def logit(self, panel: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Log odds and their standard deviation from the coefficients; each (row,).

        A feature that is not known counts as the taught mean.
        """
        known = features_of(panel)[list(self.features)].to_numpy(float)
        x = np.nan_to_num((known - self.mean) / self.scale)
        design = np.column_stack([np.ones(len(x)), x])
        spread = np.sqrt(np.einsum("ij,jk,ik->i", design, self.covariance, design))
        return x @ self.weight + self.intercept, spread


def _logistic(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-score))


def features_of(panel: pd.DataFrame) -> pd.DataFrame:
    """What is known of each state at the mandate: the panel's own columns, and service in the predecessor force."""
    known = panel.drop(columns=[name for name in LABELS if name in panel])
    if "m" not in panel:
        return known
    before = [float(served_before(m, c)) for m, c in zip(panel["m"], panel["c"], strict=True)]
    return known.assign(predecessor=before)


def fit(panel: pd.DataFrame) -> Propensity:
    """The model on past missions: one row a state and mission, `y` whether it contributed.

    Raises:
        DataError: nobody, or everybody, contributed.
    """
    known, happened = features_of(panel), panel["y"].to_numpy(int)
    if happened.min() == happened.max():
        raise DataError(
            "contributors: column `y` holds one value only; a model needs some who came and some who did not"
        )
    mean, scale = known.mean().to_numpy(float), known.std(ddof=0).to_numpy(float)
    scale = np.where(scale == 0, 1.0, scale)
    x = np.nan_to_num((known.to_numpy(float) - mean) / scale)
    model = fit_as_they_are(x, happened, 1 / PENALTY)
    probability = model.probability(x)
    design = np.column_stack([np.ones(len(x)), x])
    ridge = np.diag([0.0, *np.full(x.shape[1], 1 / PENALTY)])
    curvature = (design * (probability * (1 - probability))[:, None]).T @ design + ridge
    return Propensity(
        tuple(known.columns), mean, scale, model.slope, model.intercept, np.linalg.inv(curvature),
        panel.loc[panel["y"] == 1, "size"].dropna().to_numpy(float),
    )  # fmt: skip


def rolling(panel: pd.DataFrame, *, predecessors: bool = True) -> pd.DataFrame:
    """The panel's rows of missions since 2000, each with the probability a model fitted only on closed missions gives.

    A mission teaches once its 24 months were over at the mandate of the one forecast. Without `predecessors` only the
    panel's own columns are used.
    """
    hide = [] if predecessors else ["m"]
    usable = rows(panel, ~panel["m"].isin(FEW).to_numpy())
    parts = []
    for mission, start in starts(usable):
        past = rows(usable, usable["t0"].to_numpy() <= start - CLOSED)
        if start < FIRST_TEST or not len(past):
            continue
        now = rows(usable, usable["m"].to_numpy() == mission)
        model = fit(past.drop(columns=hide))
        parts.append(now.assign(probability=model.probability(now.drop(columns=hide)), base=past["y"].mean()))
    if not parts:
        raise DataError("contributors: no mission since 2000 with closed missions before it")
    return pd.concat(parts)


def rows(table: pd.DataFrame, keep: np.ndarray) -> pd.DataFrame:
    """The rows of a table where `keep` (row,) is true."""
    return table.iloc[np.flatnonzero(keep)]


def starts(panel: pd.DataFrame) -> list[tuple[str, float]]:
    """Every mission with the month of its mandate, the earliest first."""
    first = dict(zip(reversed(panel["m"].tolist()), reversed(panel["t0"].tolist()), strict=True))
    return sorted(first.items(), key=lambda item: (item[1], item[0]))
