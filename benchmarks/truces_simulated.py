"""How does the forecast of fire from outside do on truces that are simulated, beside drawing truce weeks anew?

    uv run python benchmarks/truces_simulated.py 60

Each replicate draws two truces of one theatre, the first seen for eight weeks and a day, the second for eighteen days,
as the shipped case's on its date; both are forecast as they ship and as weeks drawn anew, for the 42 weeks ahead. Fire
falls with the truce's age as the prior says, does not, falls twice as fast as that, rises, or wanders.
"""

from __future__ import annotations

import sys

import numpy as np

from contingent.mission.backtests.truce import shipped_forecast
from contingent.mission.calibration.ceasefires import BETWEEN, Truce
from contingent.mission.calibration.posterior import beliefs
from contingent.mission.parameters import priors
from contingent.scoring import crps_sample

AGE, SHARE = np.array([*range(9), 0, 1, 2.0]), np.array([6 / 7, *[1.0] * 7, 1 / 7, 1, 1, 4 / 7])
NOW, AHEAD = 18 / 7, 42
WORLDS = ("as the prior", "level", "strong", "rising", "wandering")
RNG = np.random.Generator(np.random.Philox(5))


def truce(world: str, level: float, shape: float, decay: float, weeks: int) -> np.ndarray:
    """Deaths by week of one truce, its level drawn around the theatre's; (week)."""
    mean = level * np.exp(BETWEEN * RNG.normal()) * ((1 + np.arange(weeks)) / (1 + NOW)) ** -decay
    if world == "wandering":
        heat = np.zeros(weeks)
        for week in range(1, weeks):
            heat[week] = 0.95 * heat[week - 1] + 0.25 * RNG.normal()
        mean = mean * np.exp(heat)
    return RNG.poisson(RNG.gamma(shape, mean / shape)).astype(float)


def replicate(world: str) -> tuple[np.ndarray, np.ndarray, float]:
    """CRPS of ours and of weeks drawn anew by week ahead, and the share of weeks inside our 90 % intervals."""
    prior = priors()["outside_decay"].estimate
    decay = {"as the prior": float(prior.quantile(RNG.random())), "strong": 1.0, "rising": -0.3}.get(world, 0.0)
    level, shape = 20 * np.exp(0.8 * RNG.normal()), 1.5 * np.exp(0.5 * RNG.normal())
    first, second = (truce(world, level, shape, decay, weeks) for weeks in (9, 3 + AHEAD))
    seen = np.round(np.concatenate([first, second[:3]]) * SHARE)
    believed = beliefs(Truce(seen, SHARE, AGE, np.repeat([0.0, 2.0], [9, 3]), now=NOW, points=10))
    held = (seen / SHARE)[SHARE == 1]
    ours, theirs, inside = np.zeros(AHEAD), np.zeros(AHEAD), np.zeros(AHEAD)
    for week in range(AHEAD):
        happened, draws = second[3 + week : 4 + week], shipped_forecast(believed, NOW, week + 1)
        ours[week], theirs[week] = (float(crps_sample(x[None], happened)[0]) for x in (draws, held))
        low, high = np.quantile(draws, (0.05, 0.95))
        inside[week] = low <= happened[0] <= high
    return ours, theirs, float(inside.mean())


def main() -> None:
    """Print what each world gives."""
    for world in WORLDS:
        found = [replicate(world) for _ in range(int(sys.argv[1]))]
        ours, theirs = (np.array([one[k] for one in found]) for k in (0, 1))
        ratio = [ours[:, :h].mean() / theirs[:, :h].mean() for h in (12, 26, 42)]
        print(f"{world}: CRPS beside weeks drawn {ratio[0]:.2f}, {ratio[1]:.2f}, {ratio[2]:.2f} over 12, 26, 42 weeks; "
              f"{np.mean([one[2] for one in found]):.0%} inside 90 %")  # fmt: skip


if __name__ == "__main__":
    main()
