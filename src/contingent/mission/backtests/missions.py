"""How well the model would have forecast past missions, each left out in turn, beside simple forecasts.

Each mission of the bank (data/retrodiction.csv) is a theatre of one sector with what was known at
deployment; the priors alone forecast its hostile deaths and the people registered for disarmament.
The other missions then shift and widen the forecast; the one left out never does. Scores are on the scale of
ln(1 + count), where a factor of two weighs the same for a small mission and a large one.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from contingent.ensemble.design import Design
from contingent.errors import DataError
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.mission.tables import table
from contingent.quantities import Estimate, Unit
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Contributor
from contingent.scenario.theatre import Mandate, Task, Theatre
from contingent.scoring import Scorecard, cluster_bootstrap, crps_sample, sha256_of

COLUMNS = (
    "mission", "weeks", "population", "armed", "troops", "command", "use_of_force", "consent", "disarms",
    "hostile_deaths", "registered",
)  # fmt: skip
OUTCOMES = {"hostile_deaths": "own_deaths", "registered": "registered"}
CONSENT = {"signed": (0.75, 0.45, 0.95), "partial": (0.4, 0.15, 0.7), "none": (0.1, 0.02, 0.3)}
"""Share of time armed groups consent, by what they had signed at deployment (judgement, set before scoring)."""
PARTS = {"presence": 0.8, "disarmament": 0.2}
"""How a mission that disarms splits its troops over tasks (judgement)."""
RUNS, SEED = 400, 1
SHRINK = 4.0  # the other missions' mean error counts n / (n + this) (judgement)
LEVELS = (np.arange(RUNS) + 0.5) / RUNS


def missions(data: Path) -> Scorecard:
    """The backtest task `missions`: the shipped bank, or a table of the same layout at `data`.

    Raises:
        DataError: a file that is not such a table.
    """
    if data.is_dir() and not list(data.glob("retrodiction*.csv")):
        data = Path(str(files("contingent.mission").joinpath("data")))
    path, bank = table(data, "retrodiction*.csv", COLUMNS)
    if len(bank) < 3:
        raise DataError(f"{data}: {len(bank)} missions; at least 3 are needed to leave one out")
    ours, simple, names, notes = [], [], [], []
    histories = [forecast(row) for row in bank.to_dict("records")]
    for outcome, series in OUTCOMES.items():
        known = [k for k in range(len(bank)) if np.isfinite(bank[outcome].iloc[k])]
        truth = np.log1p(bank[outcome].to_numpy(float))
        raw = np.stack([np.sort(np.log1p(history[series])) for history in histories])
        for k in known:
            others = [other for other in known if other != k]
            if len(others) < 2:
                continue
            mine = crps_sample(recalibrated(raw, truth, k, others)[None], truth[k : k + 1])[0]
            theirs = crps_sample(by_size(bank, outcome, k, others)[None], truth[k : k + 1])[0]
            ours.append(mine)
            simple.append(theirs)
            names.append(str(bank["mission"].iloc[k]))
            middle = np.expm1(np.median(raw[k]))
            notes.append(
                f"{names[-1]} {outcome}: happened {bank[outcome].iloc[k]:g}, priors' median {middle:.3g}; "
                f"{'won' if mine < theirs else 'lost'} {mine:.2f} to {theirs:.2f}"
            )
    mine, theirs = np.array(ours), np.array(simple)
    won = cluster_bootstrap(mine < theirs, names)
    skill = cluster_bootstrap(1 - mine / theirs.mean(), names)
    return Scorecard(
        "missions", sha256_of(path), "every mission is forecast from the priors and the other missions only", len(mine),
        {"crps_skill": skill, "wins": won, "crps": cluster_bootstrap(mine, names)},
        {"other_missions_by_size": {"crps": cluster_bootstrap(theirs, names)}},
        tuple(notes),
    )  # fmt: skip


def forecast(row: dict) -> dict[str, NDArray[np.float64]]:
    """The priors' forecast of one mission: counts by run."""
    scenario, presence = small_scenario(row)
    headline = simulate(scenario, presence, Design(SEED, RUNS)).headline
    return {name: headline[name].to_numpy() for name in OUTCOMES.values()}


def small_scenario(row: dict) -> tuple[Scenario, Presence]:
    """A theatre of one sector with what was known of a mission at deployment, and its force in place."""
    weeks = int(row["weeks"])
    spread = {"best": row["armed"], "low": row["armed"] / 1.6, "high": row["armed"] * 1.6}
    best, low, high = CONSENT[row["consent"]]
    theatre = Theatre.model_validate({
        "label": row["mission"],
        "sectors": {"area": {
            "label": "area of operations", "population": row["population"], "area": 1, "need": "0.2 to 0.5",
            "debris": 0, "homes_destroyed": 0,
        }},
        "crossings": {"roads": {
            "label": "roads", "goods": True, "people": True, "capacity": 130, "serves": ["area"], "across": "ZZZ",
        }},
        "armed_groups": {"armed": {
            "label": "armed groups", "strength": spread, "weapons_per_person": 1, "sectors": {"area": 1},
        }},
        "trucks_needed": 100,
        "ceasefires": [{"start": "2000-01-01"}],
        "parameters": {"consent_share": {"best": best, "low": low, "high": high}, "closing_rate": 0},
    })  # fmt: skip
    parts = PARTS if int(row["disarms"]) else {"presence": 1.0}
    tasks = {name: Task(label=name, contributes_to=name) for name in parts}  # pyright: ignore[reportArgumentType]
    mandate = Mandate.model_construct(
        legal_basis="unsc_resolution", command=row["command"], use_of_force=row["use_of_force"], tasks=tasks
    )
    share = Estimate(0.6, 0.6, 0.6, unit=Unit("1", 0, 1))
    contributor = Contributor.model_construct(
        home_support=share, casualty_sensitivity=Estimate(1.0, 1.0, 1.0, unit=Unit("1", 0))
    )
    scenario = Scenario.model_construct(
        theatre=theatre,
        mandate=mandate,
        contributors={"ALL": contributor},
        horizon=weeks,
        options={},
        as_of=theatre.ceasefires[0].start,
    )
    persons = np.broadcast_to(np.array(list(parts.values())) * row["troops"], (1, weeks, 1, len(parts)))
    here = {SECTOR: ["area"], TASK: list(parts)}
    return scenario, Presence(
        xr.DataArray(persons, dims=(PLEDGE, WEEK, SECTOR, TASK), coords=here),
        xr.DataArray(np.ones((RUNS, 1)), dims=(RUN, PLEDGE)),
        xr.DataArray(np.zeros((RUNS, 1)), dims=(RUN, PLEDGE)),
        xr.DataArray(["ALL"], dims=(PLEDGE,)),
    )


def recalibrated(raw: NDArray, truth: NDArray, k: int, others: list[int]) -> NDArray:
    """The priors' forecast of mission k, shifted and widened by how the other missions' forecasts did."""
    middle = np.median(raw, axis=1)
    error = truth[others] - middle[others]
    trust = len(others) / (len(others) + SHRINK)
    spread = np.sqrt((raw[others].var(axis=1)).mean())
    wider = 1 + trust * (np.sqrt(np.mean((error - error.mean()) ** 2)) / max(spread, 1e-9) - 1)
    return np.maximum(0, middle[k] + trust * error.mean() + wider * (raw[k] - middle[k]))


def by_size(bank: Any, outcome: str, k: int, others: list[int]) -> NDArray:
    """What the other missions' rates would make of this one: deaths by person-weeks, registered by armed people."""
    size = (bank["troops"] * bank["weeks"] if outcome == "hostile_deaths" else bank["armed"]).to_numpy(float)
    rates = bank[outcome].to_numpy(float)[others] / size[others]
    return np.log1p(np.quantile(rates, LEVELS) * size[k])
